"""Cue words of a sentence: what happens to a figure, with the tense of the verb that says so.

The words stand in ``catalogue/cues.toml``; the grammar of English tenses is here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from extractors.catalogue import load
from extractors.lexicon import Index
from extractors.numerals import vocabulary
from extractors.tokens import Tokens
from extractors.words import is_plural

_FUTURE = frozenset(
    ("will", "would", "to", "can", "could", "may", "might", "must", "shall", "should", "'ll", "we'll",
     "they'll", "it'll", "he'll", "she'll", "i'll", "they'd", "we'd")
)  # fmt: skip
_PERFECT = frozenset(("has", "have", "had", "having", "we've", "they've", "i've", "you've", "'ve"))
_BE = frozenset(
    ("is", "are", "am", "was", "were", "we're", "they're", "i'm", "being", "be", "been")
)
_NOT = frozenset(("not", "never", "n't", "no", "neither", "nor", "without"))
_ADVERBS = frozenset(
    ("also", "already", "now", "so", "far", "since", "just", "recently", "previously", "immediately", "soon",
     "therefore", "thereby", "collectively", "together", "jointly", "both", "even", "only", "still", "officially",
     "initially", "originally", "generously", "successfully", "reportedly", "allegedly", "all", "finally",
     "once", "again", "further", "later", "then", "eventually", "formally", "publicly")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a cue word says: ``kind`` is ``transfer`` or ``event``; ``of`` limits an event's things.

    ``ambiguous``: the word has a meaning of either kind ("launch" a programme, "launch" missiles).
    """

    kind: str
    name: str
    form: str
    of: str = "any"
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue at tokens ``first`` to ``last`` (exclusive).

    ``tense`` of a verb: ``future``, ``present``, ``progressive``, ``past``, ``perfect``,
    ``participle`` (a past form right behind a noun), ``gerund``; of a noun: ``noun``.
    """

    first: int
    last: int
    meaning: Meaning
    tense: str
    negated: bool = False

    @property
    def happened(self) -> bool:
        """Whether the verb tells of something that has happened."""
        return self.tense in ("past", "perfect", "participle")


def _forms(verb: str, irregular: dict[str, str]) -> dict[str, str]:
    """The forms of a verb, each with ``base``, ``s``, ``ing`` or ``past``; particles are kept."""
    base, _, particle = verb.partition(" ")
    tail = f" {particle}" if particle else ""
    forms = {base + tail: "base"}
    stem = base[:-1] if base.endswith("e") and not base.endswith("ee") else base
    soft_y = base.endswith("y") and base[-2] not in "aeiou"
    third = (
        base[:-1] + "ies"
        if soft_y
        else base + ("es" if base.endswith(("s", "x", "ch", "sh", "z")) else "s")
    )
    forms[third + tail] = "s"
    forms[(base[:-2] + "y" if base.endswith("ie") else stem) + "ing" + tail] = "ing"
    special = irregular.get(base, "").split()
    for word in special:
        forms[word + tail] = (
            "ing" if word.endswith("ing") else "s" if word.endswith("ies") else "past"
        )
    if not any(f == "past" for f in forms.values()):
        forms[(base[:-1] + "ied" if soft_y else stem + "ed") + tail] = "past"
    return forms


def _noun_forms(noun: str) -> list[str]:
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return [noun, noun[:-1] + "ies"]
    return [noun, noun + "s"]


@cache
def cue_index() -> Index[Meaning]:
    """All cue words; where one surface has two meanings, events come before transfers."""
    data = load("cues")
    rows: dict[str, Meaning] = {}
    for kind, section in (("transfer", data["transfers"]), ("event", data["events"])):
        for name, entry in section.items():
            of = entry.get("of", "any")
            for verb in entry["verbs"]:
                for surface, form in _forms(verb, data["irregular"]).items():
                    rows.setdefault(surface, Meaning(kind, name, form, of))
            for noun in entry["nouns"]:
                for surface in _noun_forms(noun):
                    rows.setdefault(surface, Meaning(kind, name, "noun", of))
            for surface in entry["words"]:
                rows.setdefault(surface, Meaning(kind, name, "words", of))
    # a word with both: "launch" a programme, "launch" missiles; the figure's kind decides later
    index: Index[Meaning] = Index()
    for surface, meaning in rows.items():
        index.add(surface, meaning)
    index.sort()
    return index


@cache
def second_meanings() -> dict[str, Meaning]:
    """Event meanings of surfaces that are cues of giving as well ("launch", "drop", "mobilize")."""
    data = load("cues")
    out: dict[str, Meaning] = {}
    irregular = data["irregular"]
    giving = {
        s
        for e in data["transfers"].values()
        for v in e["verbs"]
        for s in _forms(v, data["irregular"])
    }
    for name, entry in data["events"].items():
        for verb in entry["verbs"]:
            for surface, form in _forms(verb, irregular).items():
                if surface in giving:
                    out[surface] = Meaning("event", name, form, entry["of"])
        for verb in entry.get("people_verbs", []):
            for surface, form in _forms(verb, irregular).items():
                out[surface] = Meaning("event", name, form, "people")
    return out


def find_cues(tokens: Tokens) -> list[Cue]:
    """All cues of a sentence, from left to right; a word with two meanings gives two cues."""
    out = []
    second = second_meanings()
    for mention in cue_index().find(tokens):
        meaning, first = mention.entry, mention.first
        if _names_something(tokens, first, meaning):
            continue
        tense, negated = _tense(tokens, first, meaning.form)
        other = second.get(tokens.low[first]) if mention.last == first + 1 else None
        if other is not None and meaning.kind == "transfer":
            out.append(Cue(first, mention.last, other, tense, negated))
            meaning = replace(meaning, ambiguous=other.of != "people")
        out.append(Cue(first, mention.last, meaning, tense, negated))
    return out


@cache
def _lookalikes() -> frozenset[str]:
    return frozenset(load("cues")["lookalikes"]["words"])


def _names_something(tokens: Tokens, i: int, meaning: Meaning) -> bool:
    """Whether a cue's word is no verb here: part of a compound ("gas-fired"), or a noun ("needs")."""
    if meaning.form in ("noun", "words"):
        return False
    if i and tokens.low[i - 1] == "-" and tokens.glued(i):
        return True
    if i + 1 < len(tokens) and tokens.low[i + 1] == "-" and tokens.glued(i + 1):
        return True
    if tokens.low[i] not in _lookalikes():
        return False
    before = tokens.low[i - 1] if i else ""
    after = tokens.low[i + 1] if i + 1 < len(tokens) else ""
    if meaning.kind == "event" and (
        after[:1].isdigit() or after in vocabulary().words or after in ("at", "more", "some")
    ):
        return False
    if before in _FUTURE or before in _PERFECT or before in _SUBJECTS or before in _ADVERBS:
        return False
    return not (i and (tokens.raw[i - 1][0].isupper() or is_plural(before)))


_SUBJECTS = frozenset(
    (
        "it",
        "he",
        "she",
        "they",
        "we",
        "i",
        "you",
        "who",
        "which",
        "that",
        "not",
        "people",
        "military",
    )
)


def _tense(tokens: Tokens, i: int, form: str) -> tuple[str, bool]:
    """The tense of the verb at token i, from its form and the auxiliaries before it."""
    if form in ("noun", "words"):
        negated = any(w in _NOT for w in tokens.low[max(0, i - 2) : i])
        return ("past" if form == "words" else "noun"), negated
    auxiliaries: list[str] = []
    k = i - 1
    while k >= 0 and i - k <= 7:
        word = tokens.low[k]
        if (
            word in _FUTURE
            or word in _PERFECT
            or word in _BE
            or word in _NOT
            or word.endswith("n't")
        ) or word in (
            "do",
            "does",
            "did",
            "going",
            "planning",
            "intends",
            "plans",
            "set",
            "due",
            "ready",
        ):
            auxiliaries.append(word)
        elif (
            word not in _ADVERBS
            and not word.endswith("ly")
            and word not in (",", "about", "expected")
        ):
            break
        k -= 1
    negated = any(w in _NOT or w.endswith("n't") for w in auxiliaries)
    if any(w in _FUTURE for w in auxiliaries):
        if form == "past" and any(w in _PERFECT for w in auxiliaries) and "will" not in auxiliaries:
            return "perfect", negated  # "may have been mobilised", "to have lost"
        return "future", negated
    if form == "ing":
        begun = i > 0 and tokens.low[i - 1].startswith(
            ("begin", "began", "begun", "start", "continu")
        )
        return ("progressive" if begun or any(w in _BE for w in auxiliaries) else "gerund"), negated
    if any(w in _PERFECT for w in auxiliaries):
        return "perfect", negated
    if (
        form == "base"
        and i
        and tokens.low[i - 1] == "and"
        and _FUTURE & set(tokens.low[max(0, i - 7) : i])
    ):
        return "future", negated  # "will purchase and donate"
    if form == "past":
        if "being" in auxiliaries:
            return "progressive", negated
        if any(w in ("is", "are", "be", "we're", "they're") for w in auxiliaries):
            return "present", negated
        if any(w in ("was", "were", "been") for w in auxiliaries):
            return "past", negated
        return "past", negated
    return "present", negated

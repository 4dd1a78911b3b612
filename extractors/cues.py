"""Cue words of a sentence: what happens to a figure, with the tense of the verb that says so.

The words stand in ``catalogue/cues.toml``; the grammar of English tenses is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from extractors.catalogue import load
from extractors.lexicon import Index, index_of
from extractors.numeral import vocabulary
from extractors.tokens import Tokens
from extractors.words import is_plural, word_set

_FUTURE = word_set("tense", "future")
_PERFECT = word_set("tense", "perfect")
_BE = word_set("tense", "be")
_BE_NOW = word_set("tense", "be_now")
_NOT = word_set("tense", "negations")
_AUXILIARIES = _FUTURE | _PERFECT | _BE | _NOT | word_set("tense", "other_auxiliaries")
_ADVERBS = word_set("tense", "adverbs")
_BEGINS = tuple(word_set("tense", "begins"))
_BEFORE_NUMBERS = word_set("tense", "before_numbers")
_BEFORE_VERBS = _FUTURE | _PERFECT | _ADVERBS | word_set("tense", "subjects")
_REACH = 7  # the farthest auxiliary of a verb


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

    ``tense`` of a verb: ``future``, ``present``, ``progressive``, ``past``, ``perfect`` or
    ``gerund``; of a noun: ``noun``.
    """

    first: int
    last: int
    meaning: Meaning
    tense: str
    negated: bool = False

    @property
    def happened(self) -> bool:
        """Whether the verb tells of something that has happened."""
        return self.tense in ("past", "perfect")


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


def _noun_forms(noun: str) -> tuple[str, str]:
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun, noun[:-1] + "ies"
    return noun, noun + "s"


def _inflected(verbs: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The forms of verbs, each with what it is (:func:`_forms`)."""
    irregular = load("cues")["irregular"]
    return (pair for verb in verbs for pair in _forms(verb, irregular).items())


@cache
def cue_index() -> Index[Meaning]:
    """All cue words; where one surface has two meanings, that of giving comes first."""
    rows: dict[str, Meaning] = {}
    for kind, section in (("transfer", "transfers"), ("event", "events")):
        for name, entry in load("cues")[section].items():
            of = entry.get("of", "any")
            for surface, form in _inflected(entry["verbs"]):
                rows.setdefault(surface, Meaning(kind, name, form, of))
            for noun in entry["nouns"]:
                for surface in _noun_forms(noun):
                    rows.setdefault(surface, Meaning(kind, name, "noun", of))
            for surface in entry["words"]:
                rows.setdefault(surface, Meaning(kind, name, "words", of))
    return index_of(rows.items())


@cache
def second_meanings() -> dict[str, Meaning]:
    """Event meanings of surfaces that are cues besides ("launch", "drop", "mobilize", "lose")."""
    data = load("cues")
    giving = {s for entry in data["transfers"].values() for s, _ in _inflected(entry["verbs"])}
    out: dict[str, Meaning] = {}
    for name, entry in data["events"].items():
        for surface, form in _inflected(entry["verbs"]):
            if surface in giving:
                out[surface] = Meaning("event", name, form, entry["of"])
        for surface, form in _inflected(entry.get("people_verbs", ())):
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
        if other is not None:
            out.append(Cue(first, mention.last, other, tense, negated))
            if meaning.kind == "transfer":
                meaning = replace(meaning, ambiguous=other.of != "people")
        out.append(Cue(first, mention.last, meaning, tense, negated))
    return out


@cache
def _lookalikes() -> frozenset[str]:
    return frozenset(load("cues")["lookalikes"]["words"])


def _names_something(tokens: Tokens, i: int, meaning: Meaning) -> bool:
    """Whether a cue's word is no verb: part of a compound ("gas-fired"), a noun ("their needs")."""
    if meaning.form in ("noun", "words"):
        return False
    before, after = tokens.at(i - 1), tokens.at(i + 1)
    if (before == "-" and tokens.glued(i)) or (after == "-" and tokens.glued(i + 1)):
        return True
    if tokens.low[i] not in _lookalikes():
        return False
    counts = after[:1].isdigit() or after in vocabulary().words or after in _BEFORE_NUMBERS
    if before in _BEFORE_VERBS or (counts and meaning.kind == "event"):
        return False
    return not (i and (tokens.raw[i - 1][0].isupper() or is_plural(before)))


def _tense(tokens: Tokens, i: int, form: str) -> tuple[str, bool]:
    """The tense of the verb at token i, and whether it is denied."""
    if form in ("noun", "words"):
        negated = not _NOT.isdisjoint(tokens.low[max(0, i - 2) : i])
        return ("past" if form == "words" else "noun"), negated
    auxiliaries = _auxiliaries(tokens, i)
    negated = any(w in _NOT or w.endswith("n't") for w in auxiliaries)
    return _tense_of(tokens, i, form, auxiliaries), negated


def _auxiliaries(tokens: Tokens, i: int) -> list[str]:
    """The auxiliaries before a verb, the nearest first; adverbs may stand among them."""
    found: list[str] = []
    for word in reversed(tokens.low[max(0, i - _REACH) : i]):
        if word in _AUXILIARIES or word.endswith("n't"):
            found.append(word)
        elif word not in _ADVERBS and word != "," and not word.endswith("ly"):
            break
    return found


def _tense_of(tokens: Tokens, i: int, form: str, auxiliaries: list[str]) -> str:
    """The tense that the form of a verb and its auxiliaries make."""
    perfect = not _PERFECT.isdisjoint(auxiliaries)
    if not _FUTURE.isdisjoint(auxiliaries):
        # "may have been mobilised", "to have lost"
        return "perfect" if form == "past" and perfect and "will" not in auxiliaries else "future"
    if form == "ing":
        begun = tokens.at(i - 1).startswith(_BEGINS)
        return "progressive" if begun or not _BE.isdisjoint(auxiliaries) else "gerund"
    if perfect:
        return "perfect"
    if form == "past":
        if "being" in auxiliaries:
            return "progressive"
        return "past" if _BE_NOW.isdisjoint(auxiliaries) else "present"
    joined = form == "base" and tokens.at(i - 1) == "and"
    if joined and not _FUTURE.isdisjoint(tokens.low[max(0, i - _REACH) : i]):
        return "future"  # "will purchase and donate"
    return "present"

"""Cue words of a sentence: what happens to a figure, with the tense of the verb that says so.

The words stand in ``catalogue/cues.toml``; the grammar of English tenses is here. A verb of
approving authorizes behind a parliament ("the *Senate* passed $2 billion") or where a sale is
approved ("Washington cleared the *sale* of 40 jets"); a government that approves a package only
commits it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from extractors.catalogue import load
from extractors.mentions.calendar_words import is_month
from extractors.mentions.cue_words import Meaning, cue_index
from extractors.text.number_words import vocabulary
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural, word_set

_FUTURE = word_set("tense", "future")
_PERFECT = word_set("tense", "perfect")
_BE = word_set("tense", "be")
_BE_NOW = word_set("tense", "be_now")
_NOT = word_set("tense", "negations")
_AUXILIARIES = _FUTURE | _PERFECT | _BE | _NOT | word_set("tense", "other_auxiliaries")
_ADVERBS = word_set("tense", "adverbs")
_BEGINS = tuple(word_set("tense", "begins"))
_BEFORE_NUMBERS = word_set("tense", "before_numbers")
_DETERMINERS = word_set("giving", "determiners")
_BEFORE_VERBS = _FUTURE | _PERFECT | _ADVERBS | word_set("tense", "subjects")
_LIFTED = word_set("verbs", "lifted")
_STOPS = ("request", "cancel")  # classes of words that stop a gift
_LIFTED_BEFORE = 5  # words from "lifted" to the stop that it ends
_ASK = word_set("verbs", "ask")
_ASKED_ABOUT = word_set("verbs", "asked_about")
_REACH = 7  # the farthest auxiliary of a verb
_ASK_REACH = 6  # words from a verb of asking to what the question is about
_PARLIAMENTS = word_set("approval", "parliaments")
_NOT_PARLIAMENT = word_set("approval", "not_parliament")
_WISHES = word_set("approval", "wishes")
_VOTES = word_set("approval", "votes")
_SALES = word_set("approval", "sales")
_SUBJECT = 7  # words from a parliament to its verb
_VOTE = 9  # words from a vote to what it approves: "*voted* 311 to 112 on Saturday to approve"
_OBJECT = 8  # words from the verb to the sale


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


def find_cues(tokens: Tokens) -> list[Cue]:
    """All cues of a sentence, from left to right; a word with two meanings gives two cues."""
    out = []
    for mention in cue_index().find(tokens):
        first, last = mention.first, mention.last
        told: set[tuple[str, str]] = set()  # what is read as a verb is no noun besides
        for meaning in _in_context(tokens, first, last, mention.entry):
            if meaning.form == "noun" and (meaning.kind, meaning.name) in told:
                continue
            if _is_lifted(tokens, first, meaning):
                continue
            if not (_names_something(tokens, first, meaning) or _only_asks(tokens, first, meaning)):
                tense, negated = _tense(tokens, first, meaning.form)
                out.append(Cue(first, last, meaning, tense, negated))
                told.add((meaning.kind, meaning.name))
    return out


def _in_context(
    tokens: Tokens, first: int, last: int, meanings: tuple[Meaning, ...]
) -> tuple[Meaning, ...]:
    """The meanings that a word has here: what a parliament approves is authorized, not pledged."""
    if all(m.of != "approved" for m in meanings):
        return meanings
    lawful = _authorizes(tokens, first, last)
    return tuple(m for m in meanings if m.kind == "event" or (m.of == "approved") == lawful)


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
    named = tokens.raw[max(0, i - 1)][0].isupper() and before not in _DETERMINERS
    return not (i and (named or is_plural(before)))


def _is_lifted(tokens: Tokens, i: int, meaning: Meaning) -> bool:
    """Whether a veto or a stop is one that ended: "*overcame* Hungary's veto on $2 million"."""
    if meaning.form not in ("noun", "base") or meaning.name not in _STOPS:
        return False
    return not _LIFTED.isdisjoint(tokens.low[max(0, i - _LIFTED_BEFORE) : i])


def _only_asks(tokens: Tokens, i: int, meaning: Meaning) -> bool:
    """Whether a verb of asking only puts a question: "*asked* the ministry about 900 permits"."""
    if tokens.low[i] not in _ASK or meaning.form == "noun":
        return False
    return not _ASKED_ABOUT.isdisjoint(tokens.low[i + 1 : i + 1 + _ASK_REACH])


def _tense(tokens: Tokens, i: int, form: str) -> tuple[str, bool]:
    """The tense of the verb at token i, and whether it is denied."""
    if form in ("noun", "words"):
        negated = not _NOT.isdisjoint(tokens.low[max(0, i - 2) : i])
        if form == "noun":
            return "noun", negated
        summed = not _PERFECT.isdisjoint(tokens.low[max(0, i - 2) : i])
        return "perfect" if summed else "past", negated
    auxiliaries = _auxiliaries(tokens, i)
    negated = any(w in _NOT or w.endswith("n't") for w in auxiliaries)
    return _tense_of(tokens, i, form, auxiliaries), negated


def _auxiliaries(tokens: Tokens, i: int) -> list[str]:
    """The auxiliaries before a verb, the nearest first; adverbs may stand among them."""
    found: list[str] = []
    for k in range(i - 1, max(0, i - _REACH) - 1, -1):
        word = tokens.low[k]
        if is_month(tokens, k):  # "in *May* sent"
            break
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


def _authorizes(tokens: Tokens, first: int, last: int) -> bool:
    """Whether a verb of approving (tokens ``first`` to ``last``) is a parliament's or a sale's."""
    low = tokens.low
    if not _WISHES.isdisjoint(low[max(0, first - 2) : first]):
        return False
    if not _SALES.isdisjoint((*low[max(0, first - 4) : first], *low[last : last + _OBJECT])):
        return True
    if not _VOTES.isdisjoint(low[max(0, first - _VOTE) : first]):
        return True
    if tokens.at(last) == "by" and _parliament(tokens, last + 1, last + 6):
        return True
    return _parliament(tokens, first - _SUBJECT, first)


def _parliament(tokens: Tokens, start: int, end: int) -> bool:
    """Whether some tokens name a parliament ("the *House*", but not "the White House")."""
    return any(
        tokens.low[k] in _PARLIAMENTS and tokens.at(k - 1) not in _NOT_PARLIAMENT
        for k in range(max(0, start), min(end, len(tokens)))
    )

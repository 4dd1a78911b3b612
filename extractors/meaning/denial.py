"""What a text says did not happen, will not, or was taken back (``catalogue/speech.toml``).

These are read alike whatever a reader of meaning thinks: what is denied, refused or ruled out has
no status, and a promise taken back adds nothing (codebook).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from extractors.catalogue import load
from extractors.meaning.speech import phrases
from extractors.mentions.cue_words import STATUS_OF_TRANSFER
from extractors.mentions.cues import Cue
from extractors.numbers.quantity import Quantity
from extractors.passage.sentence import Sentence
from extractors.text.in_order import Mentions
from extractors.text.lexicon import Mention
from extractors.text.once import once
from extractors.text.words import word_set

_REFUSED = 6  # words from "ruled out" to the verb that it denies
_OBJECT = 10  # words from a denied verb to what it is of
_SUBJECT = 5  # words from a figure to the verb that denies it: "40 tanks *were never sent*"
_CLAUSE = 7  # words from a figure to the verb of a relative clause: "14 tanks *that it promised*"
_NEXT = 1  # words between a verb and "none of"
_CUT_REACH = 9  # words from "withdrew" to the amount
_BACK_REACH = 9  # words from an amount to "suspended"
_NOT = word_set("tense", "negations")
_BE = word_set("tense", "be") | word_set("tense", "perfect")
_BEEN = _BE | word_set("tense", "adverbs")  # between "would have" and its verb
_ENDS = frozenset(load("speech")["denial"]["ends"])
_PROMISES = frozenset(load("speech")["cuts"]["promises"])
_NOT_OF = frozenset(load("speech")["cuts"]["not_of"])
_NO_VERBS = ("noun", "words")
_NOT_DONE = ("request", "cancel")  # what is not asked for, or not stopped, is no gift denied
_JOINED = frozenset(load("speech")["denial"]["joined"])
_RELATIVES = frozenset(load("speech")["denial"]["relatives"])
_CONTRASTS = frozenset(load("speech")["denial"]["contrasts"])


def denial_of(sentence: Sentence, quantity: Quantity) -> str | None:
    """The words by which what a figure counts did not happen or will not; None where none do, or
    where the figure is of a promise (:func:`promise_of`)."""
    return None if _promised(sentence, quantity) else _denial(sentence, quantity)


def promise_of(sentence: Sentence, quantity: Quantity) -> str | None:
    """The status of what was promised or asked for and did not follow, which it keeps: "has sent
    none of the 14 tanks *that it promised*"; None where nothing is denied or was promised."""
    return _promised(sentence, quantity) if _denial(sentence, quantity) is not None else None


def cut_of(sentence: Sentence, quantity: Quantity) -> str | None:
    """The words by which a promise of what a figure counts is taken back; None where none do."""
    tokens = sentence.tokens
    if tokens.at(quantity.first - 1) in _NOT_OF:
        return None
    named = sentence.named
    for mention in _cuts(sentence).back_from(quantity.first):
        between = range(mention.last, quantity.first)
        if len(between) > _CUT_REACH:
            return None
        if all(tokens.low[k] in _PROMISES or k in named for k in between):
            return tokens.words(mention.first, mention.last)
    return None


def _denial(sentence: Sentence, quantity: Quantity) -> str | None:
    """The denied verb that a figure is the object or the subject of."""
    for verb in _denied(sentence):
        if _is_object(sentence, verb, quantity) or _is_subject(sentence, verb, quantity):
            return sentence.tokens.words(verb.first, verb.last)
    return None


def _promised(sentence: Sentence, quantity: Quantity) -> str | None:
    """The status that the relative clause behind a figure gives it: "tanks *that it promised*"."""
    verb = sentence.cues.first_behind(quantity.last)
    if verb is None or verb.negated or verb.first > quantity.last + _CLAUSE:
        return None
    relative = not _RELATIVES.isdisjoint(sentence.tokens.low[quantity.last : verb.first])
    stage = STATUS_OF_TRANSFER.get(verb.meaning.name) if relative else None
    return None if stage == "cancelled" else stage


def taken_back(sentence: Sentence, quantity: Quantity) -> str | None:
    """The words behind a figure by which it is taken back: "$4 million *was suspended*"; None
    where none do."""
    first = quantity.last
    for mention in _withdrawals(sentence).within(first, first + _BACK_REACH):
        between = sentence.tokens.low[first : mention.first]
        done = any(map(_is_done, sentence.cues.within(first, mention.first)))
        if not _BE.isdisjoint(between[-2:]) and not done and (_ENDS - _BE).isdisjoint(between):
            return sentence.tokens.words(mention.first, mention.last)
    return None


@once
def _withdrawals(sentence: Sentence) -> Mentions[Mention[str]]:
    return Mentions(phrases("cuts", "done").find(sentence.tokens))


@once
def _cuts(sentence: Sentence) -> Mentions[Mention[str]]:
    return Mentions(phrases("cuts", "verbs").find(sentence.tokens))


@once
def _denied(sentence: Sentence) -> tuple[Cue, ...]:
    """The verbs of giving and of events that a sentence denies, in order."""
    verbs = Mentions(c for c in sentence.cues if _is_done(c))
    not_so = _no_denials(sentence)
    found = (c for c in verbs if c.negated and not not_so.within(c.first - 3, c.first))
    others = (_refused(sentence, verbs), _unreal(sentence, verbs), _of_none(sentence, verbs))
    return tuple(sorted(chain(found, *others), key=lambda verb: verb.first))


def _refused(sentence: Sentence, verbs: Mentions[Cue]) -> Iterator[Cue]:
    """The verbs behind a word of refusal: "ruled out *sending*"."""
    for m in phrases("denial", "refusals").find(sentence.tokens):
        verb = verbs.first_behind(m.last)
        twice = not _NOT.isdisjoint(sentence.tokens.low[max(0, m.first - 2) : m.first])
        if verb is None or twice or verb.first > m.last + _REFUSED:
            continue
        if not _ended(sentence, m.last, verb.first, _JOINED):
            yield verb


def _unreal(sentence: Sentence, verbs: Mentions[Cue]) -> Iterator[Cue]:
    """The verbs of what would have happened: "would have *sent*"."""
    for m in phrases("denial", "unreal").find(sentence.tokens):
        verb = verbs.first_behind(m.last)
        if verb is not None and _BEEN.issuperset(sentence.tokens.low[m.last : verb.first]):
            yield verb


def _of_none(sentence: Sentence, verbs: Mentions[Cue]) -> Iterator[Cue]:
    """The verbs right before words that leave nothing: "*sent* none of the 14 tanks"."""
    for m in phrases("denial", "none_of").find(sentence.tokens):
        verb = verbs.last_before(m.first)
        if verb is not None and verb.last + _NEXT >= m.first:
            yield verb


def _is_done(cue: Cue) -> bool:
    return cue.meaning.form not in _NO_VERBS and cue.meaning.name not in _NOT_DONE


@once
def _no_denials(sentence: Sentence) -> Mentions[Mention[str]]:
    return Mentions(phrases("denial", "not_denials").find(sentence.tokens))


def _is_object(sentence: Sentence, verb: Cue, quantity: Quantity) -> bool:
    """Whether a figure is what a denied verb is of, and no other verb stands between."""
    if not verb.last <= quantity.first <= verb.last + _OBJECT:
        return False
    others = sentence.cues.within(verb.last, quantity.first)
    if any(map(_is_done, others)) or _ended(sentence, verb.last, quantity.first):
        return False
    behind = sentence.cues.first_behind(quantity.last)  # "could not be moved and 30 *were lost*"
    return behind is None or not _is_subject(sentence, behind, quantity)


def _is_subject(sentence: Sentence, verb: Cue, quantity: Quantity) -> bool:
    """Whether a figure is the subject of a verb behind it, and of no other before that."""
    if not quantity.last <= verb.first <= quantity.last + _SUBJECT:
        return False
    between = sentence.tokens.low[quantity.last : verb.first]
    others = sentence.cues.within(quantity.last, verb.first)
    if any(map(_is_done, others)) or not _CONTRASTS.isdisjoint(between):
        return False
    return not _BE.isdisjoint(between)


def _ended(sentence: Sentence, first: int, last: int, others: frozenset[str] = frozenset()) -> bool:
    """Whether a word between two tokens begins something else."""
    return not (_ENDS | others).isdisjoint(sentence.tokens.low[first:last])

"""Phrases near a figure that say how it adds up: "so far", "a total of", "an additional".

Also sums of a tracker's record, "we *subtract* the 40 million euros pledged before and *reach* 60
million": the first counts what was given up to then, the second is the amount of the entry itself.
"""

from __future__ import annotations

from functools import cache

from extractors.catalogue import load
from extractors.numbers.quantity import Quantity
from extractors.passage.distance import near, noun_end, weigh
from extractors.passage.sentence import Sentence
from extractors.text.in_order import Mentions
from extractors.text.lexicon import Index, Mention, index_of
from extractors.text.once import once
from extractors.text.tokens import Tokens
from extractors.text.words import word_set

_LEADING = tuple(word_set("amount", "leading"))
_TRAILING = tuple(word_set("amount", "trailing"))
_FRESH = word_set("amount", "fresh")
_SUBTRACTS = word_set("remainder", "subtracts")
_LEAVES = word_set("remainder", "leaves")
_BEFORE_WHOLE = word_set("part_of", "before_whole")
_OPENS_WHOLE = word_set("part_of", "opens")
_OF_WHOLE = 5  # words between a portion and the number that it is of
_OFF = 8  # words from a verb of subtraction to what is taken off
_LEFT = 5  # words from a word for what is left to its amount


@cache
def _index(name: str) -> Index[str]:
    """The phrases for one basis, of ``catalogue/cues.toml``."""
    return index_of((phrase, name) for phrase in load("cues")["basis"][name])


@once
def _mentions(sentence: Sentence, name: str) -> Mentions[Mention[str]]:
    """The phrases of a list in a sentence."""
    return Mentions(_index(name).find(sentence.tokens))


def basis_cue(sentence: Sentence, quantity: Quantity, name: str, reach: int) -> str | None:
    """The nearest phrase of a list of ``[basis]`` within reach of a figure, None if none stands."""
    mentions = _mentions(sentence, name)
    if not mentions:
        return None
    tokens, end = sentence.tokens, noun_end(quantity)
    best: tuple[int, str] | None = None
    for mention in near(tokens, quantity, mentions, end, reach):
        words = tokens.words(mention.first, mention.last)
        if words.startswith(_TRAILING if mention.last <= quantity.first else _LEADING):
            continue
        cost = weigh(tokens, quantity, mention.first, mention.last, end)
        if cost <= reach and (best is None or cost < best[0]):
            best = (cost, words)
    return best[1] if best else None


def fresh(tokens: Tokens, quantity: Quantity) -> str | None:
    """A word that makes an amount one more event: "an *additional* $800 million", "two *more*"."""
    before = tokens.low[max(0, quantity.first - 4) : quantity.first]
    after = tokens.low[quantity.last : quantity.last + 3]
    word = next((w for w in (*before, *after) if w in _FRESH), None)
    if word is not None or "more" not in after[:2]:
        return word
    return "more" if after[after.index("more") + 1 :][:1] != ("than",) else None


def whole_of(sentence: Sentence, quantity: Quantity) -> Quantity | None:
    """The number of which one is a portion: "17 *of the 22* drones", "two trucks *of some 40*".

    The next number of the sentence, with nothing but "of" and words that hedge a number between.
    """
    low, end = sentence.tokens.low, noun_end(quantity)
    if "of" not in low[quantity.last : end + 1]:
        return None
    whole = sentence.quantities.first_behind(quantity.last)
    if whole is None or whole.dimension == "time":
        return None
    if quantity.noun is not None and quantity.noun[1] > whole.first:
        end = quantity.last  # the noun stands behind the whole
    between = low[end : whole.first]
    told = between[:1] == ("of",) and len(between) <= _OF_WHOLE
    return whole if told and _BEFORE_WHOLE.issuperset(between[1:]) else None


def is_whole(sentence: Sentence, quantity: Quantity) -> bool:
    """Whether a sentence tells of a portion of a number: "31 of the *38* drones", "Of *38*, 31"."""
    low, k = sentence.tokens.low, quantity.first - 1
    while k > 0 and low[k] in _BEFORE_WHOLE:
        k -= 1
    if k == 0 and low[k] in _OPENS_WHOLE:
        return True
    return quantity.first in _wholes(sentence)


@once
def _wholes(sentence: Sentence) -> frozenset[int]:
    """Where the numbers begin of which the sentence tells a portion."""
    wholes = (whole_of(sentence, quantity) for quantity in sentence.quantities)
    return frozenset(whole.first for whole in wholes if whole is not None)


def taken_off(tokens: Tokens, quantity: Quantity) -> str | None:
    """The verb by which an amount is taken off a total, None where it is not."""
    if left_over(tokens, quantity) is not None:
        return None
    before = tokens.low[max(0, quantity.first - _OFF) : quantity.first]
    return next((word for word in reversed(before) if word in _SUBTRACTS), None)


def left_over(tokens: Tokens, quantity: Quantity) -> str | None:
    """The word by which an amount is what is left of a total, None where it is not."""
    before = tokens.low[max(0, quantity.first - _LEFT) : quantity.first]
    return next((word for word in reversed(before) if word in _LEAVES), None)

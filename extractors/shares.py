"""Shares that are no percentages: ``two-thirds``, ``a quarter``, ``half``, ``one in five``."""

from __future__ import annotations

from decimal import Decimal

from extractors.numeral import ARTICLES, Numeral, past_hyphen, vocabulary
from extractors.tokens import Tokens

_CENT = Decimal("0.01")
_LARGEST_BASE = 10  # "14 out of 36 aircraft" are two counts
_NOT_BEHIND_BASE = frozenset(("-", "%", ":", "million", "billion", "thousand"))


def share(tokens: Tokens, i: int) -> Numeral | None:
    """The share that begins at token i, in percent."""
    v = vocabulary()
    word = tokens.low[i]
    if word == "half":
        fifty = v.fractions[word]
        return Numeral(i, i + 1, fifty, fifty, "share", spelled=True, rule="half")
    count = 1 if word in ARTICLES else v.words.get(word, 0)
    if word.isdecimal() and len(word) <= 3:
        count = int(word)
    if not 0 < count < 1000:
        return None
    return _named(tokens, i, count) or _n_in_m(tokens, i, count)


def _named(tokens: Tokens, i: int, count: int) -> Numeral | None:
    """``two-thirds``, ``a quarter``, ``three fifths``."""
    word = tokens.low[i]
    k = past_hyphen(tokens, i + 1)
    name = tokens.at(k)
    part = vocabulary().fractions.get(name)
    if part is None or word.isdecimal() or (word in ARTICLES and k > i + 1):
        return None
    one_half = name == "half" and count == 1 and k > i + 1
    if (
        (name.endswith("s") or name == "half") != (count > 1)
        and word not in ARTICLES
        and not one_half
    ):
        return None
    whole = (100 / part).to_integral_value()  # a third is 33.33, two of them are 66.67
    return _percent(i, k + 1, Decimal(100 * count) / whole, "<fraction>")


def _n_in_m(tokens: Tokens, i: int, count: int) -> Numeral | None:
    """``one in five``, ``nine out of ten``."""
    word = tokens.low[i]
    if word in ARTICLES:
        return None
    out_of = tokens.follows(i + 1, ("out", "of"))
    if not out_of and tokens.at(i + 1) != "in":
        return None
    k = i + 3 if out_of else i + 2
    every = tokens.at(k) == "every"
    k += every
    base = _base(tokens, k)
    if count >= base or (base > _LARGEST_BASE and not every):
        return None
    return _percent(i, k + 1, Decimal(100 * count) / base, "<n> in <n>")


def share_of(tokens: Tokens, numeral: Numeral | None) -> Numeral | None:
    """A fraction of a whole that is named, as a share: ``⅔ of the tanks``, ``1/3 of it``."""
    if (
        numeral is None
        or numeral.scaled
        or not 0 < numeral.low < 1
        or tokens.at(numeral.last) != "of"
    ):
        return numeral
    if tokens.raw[numeral.first][0] in "0." or tokens.at(numeral.last + 1) in ARTICLES:
        return numeral
    return _percent(numeral.first, numeral.last, 100 * numeral.low, "<fraction>")


def _base(tokens: Tokens, k: int) -> int:
    """The number of which a share is taken, 0 where token k is none."""
    word = tokens.at(k)
    if tokens.at(k + 1) in _NOT_BEHIND_BASE:
        return 0
    if word.isdecimal() and len(word) <= 4:
        return int(word)
    return vocabulary().words.get(word, 0)


def _percent(first: int, last: int, percent: Decimal, rule: str) -> Numeral:
    number = percent.quantize(_CENT).normalize()
    return Numeral(first, last, number, number, "share", spelled=True, rule=rule)

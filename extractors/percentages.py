"""Shares: ``20 percent``, ``30%``, ``3 percentage points``, ``half of the recruits``."""

from __future__ import annotations

from extractors.numeral import ARTICLES, DASHES, Numeral
from extractors.quantity import Quantity, scaled_by
from extractors.tokens import Tokens
from extractors.words import is_plural, word_set


def percentage(tokens: Tokens, numeral: Numeral) -> Quantity | None:
    """The share that a numeral states, None where it states none."""
    if numeral.kind == "share":
        return _fraction(tokens, numeral)
    j = numeral.last
    if tokens.at(j) in DASHES and tokens.glued(j):
        j += 1
    if tokens.at(j) in word_set("share", "signs"):
        points = tokens.at(j + 1) in ("point", "points")
        return percent(numeral, j + 1 + points, "<n> percent")
    if tokens.follows(j, ("per", "cent")):
        return percent(numeral, j + 2, "<n> percent")
    if tokens.at(j) == "pc" and tokens.glued(j):
        return percent(numeral, j + 1, "<n> percent")
    return None


def percent(numeral: Numeral, last: int, rule: str) -> Quantity:
    """The numeral as a share, tokens up to ``last``."""
    low, high = scaled_by(numeral.low, 1), scaled_by(numeral.high, 1)
    rule = rule.replace("<n>", numeral.rule)
    return Quantity(numeral, numeral.opens, last, low, high, "percent", "percent", last, rule)


def _fraction(tokens: Tokens, numeral: Numeral) -> Quantity | None:
    """A fraction counts where it is one of something, and not a half of a match or half an hour."""
    stated = (
        _half if numeral.rule == "half" else _named if numeral.rule == "<fraction>" else _n_in_m
    )
    return percent(numeral, numeral.last, numeral.rule) if stated(tokens, numeral) else None


def _half(tokens: Tokens, numeral: Numeral) -> bool:
    j = numeral.last
    before, after, later = tokens.at(numeral.first - 1), tokens.at(j), tokens.at(j + 1)
    if before in word_set("share", "not_before_half") or before == "-" or after == "-":
        return False
    if after in ARTICLES or after in word_set("share", "of"):
        return later not in word_set("share", "spans")
    return after in word_set("share", "be") or (after.isalpha() and is_plural(after))


def _named(tokens: Tokens, numeral: Numeral) -> bool:
    after = tokens.at(numeral.last)
    if after == "of":
        return tokens.at(numeral.last + 1) not in ARTICLES or numeral.low >= 50
    if tokens.low[numeral.first] not in ARTICLES:
        return True
    if tokens.at(numeral.first - 1) == "and":
        return False  # "a year and a half"
    return after in word_set("share", "be") or (not after[:1].isalpha() and after != "-")


def _n_in_m(tokens: Tokens, numeral: Numeral) -> bool:
    return tokens.at(numeral.last) not in ("-", ":")

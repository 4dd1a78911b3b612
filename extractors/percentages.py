"""Shares: ``20 percent``, ``30%``, ``3 percentage points``, ``half of the recruits``."""

from __future__ import annotations

from extractors.numerals import Numeral
from extractors.quantity import Quantity, scaled_by
from extractors.tokens import Tokens
from extractors.words import is_plural

_SIGNS = frozenset(("%", "percent", "pct", "percentage"))
_GAPS = frozenset(("-", "\u2013"))
_ARTICLES = frozenset(("a", "an"))
_OF = frozenset(("of", "the", "its", "their", "his", "her", "our", "my", "your", "that", "those", "these", "all"))
_BE = frozenset(("are", "were", "is", "was", "have", "had", "has", "said", "would", "will", "went"))
_NOT_BEFORE_HALF = frozenset(
    ("first", "second", "last", "other", "latter", "this", "next", "better", "third", "and", "one",
     "two", "three", "the", "past", "previous", "early", "late", "top", "bottom", "in", "by", "time")
)  # fmt: skip
_TIMES = frozenset(("hour", "year", "day", "century", "decade", "month", "minute", "time", "dozen", "way"))


def percentage(tokens: Tokens, numeral: Numeral) -> Quantity | None:
    """The share that a numeral states, None where it states none."""
    j, n = numeral.last, len(tokens)
    if numeral.kind == "share":
        return _fraction(tokens, numeral)
    if j < n and tokens.low[j] in _GAPS and tokens.glued(j):
        j += 1
    if j < n and tokens.low[j] in _SIGNS:
        last = j + 1
        if last < n and tokens.low[last] in ("point", "points"):
            last += 1
        return _percent(numeral, last, "<n> percent")
    if tokens.low[j : j + 2] == ("per", "cent"):
        return _percent(numeral, j + 2, "<n> per cent")
    return None


def _percent(numeral: Numeral, last: int, rule: str) -> Quantity:
    low, high = scaled_by(numeral.low, 1), scaled_by(numeral.high, 1)
    return Quantity(numeral, numeral.first, last, low, high, "percent", "percent", last, rule)


def _fraction(tokens: Tokens, numeral: Numeral) -> Quantity | None:
    """A fraction counts where it is one of something, and not a half of a match or half an hour."""
    j, n = numeral.last, len(tokens)
    first = numeral.first
    after = tokens.low[j] if j < n else ""
    before = tokens.low[first - 1] if first else ""
    if numeral.rule == "half":
        if before in _NOT_BEFORE_HALF or (after == "-" and tokens.glued(j)):
            return None
        if before == "-" and tokens.glued(first):
            return None
        if after in _ARTICLES:
            if j + 1 < n and (tokens.low[j + 1] in _TIMES):
                return None
            return _percent(numeral, j, "half a <noun>")
        if after in _OF:
            later = tokens.low[j + 1] if j + 1 < n else ""
            return None if later in _TIMES else _percent(numeral, j, "half of <noun>")
        if after in _BE or (after and is_plural(after)):
            return _percent(numeral, j, "half")
        return None
    if numeral.rule == "<fraction>":
        if after == "of" or after in _BE or (not after or not after[0].isalpha() and after != "-"):
            return _percent(numeral, j, numeral.rule)
        return None if tokens.low[first] in _ARTICLES else _percent(numeral, j, numeral.rule)
    if after in ("-", ":"):
        return None
    return _percent(numeral, j, numeral.rule)

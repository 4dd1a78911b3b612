"""Denominators: ``a day``, ``per month``, ``each``, ``a barrel``, ``-a-month``, ``per capita``."""

from __future__ import annotations

from extractors.quantity import Quantity
from extractors.tokens import Tokens
from extractors.units import unit_table
from extractors.words import singular

_EACH = frozenset(("each", "apiece"))
_ARTICLES = frozenset(("a", "an"))
_TIMES = frozenset(("second", "minute", "hour", "day", "week", "month", "year", "night", "quarter"))
_ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month", "annually": "year", "yearly": "year",
            "hourly": "hour"}  # fmt: skip
_PIECES = frozenset(
    ("share", "person", "head", "unit", "piece", "household", "vehicle", "family", "barrel", "bushel",
     "shot", "round", "missile", "child", "student", "soldier", "inhabitant", "ticket", "pop")
)  # fmt: skip


def with_rate(tokens: Tokens, quantity: Quantity) -> Quantity:
    """The quantity with the denominator that follows it, itself where none does."""
    if quantity.dimension in ("percent", "time"):
        return quantity
    found = rate_at(tokens, quantity.after, hyphens=True)
    if found is None:
        return quantity
    per, last = found
    return quantity.but(per=per, after=last)


def rate_at(tokens: Tokens, j: int, *, hyphens: bool = False) -> tuple[str, int] | None:
    """The denominator that begins at token j, and the first token behind it."""
    n = len(tokens)
    if j >= n:
        return None
    if hyphens and tokens.low[j] == "-" and tokens.glued(j) and j + 1 < n:
        inner = rate_at(tokens, j + 1)
        return inner if tokens.low[j + 1] in (*_ARTICLES, "per") else None
    word = tokens.low[j]
    if word in _EACH:
        return "each", j + 1
    if word in _ADVERBS:
        return _ADVERBS[word], j + 1
    if word == "/" and tokens.glued(j) and j + 1 < n:
        noun = singular(tokens.low[j + 1])
        return (noun, j + 2) if noun in _TIMES or noun in unit_table().surfaces else None
    if word == "every" and j + 1 < n and singular(tokens.low[j + 1]) in _TIMES:
        return singular(tokens.low[j + 1]), j + 2
    if word in ("per", *_ARTICLES) and j + 1 < n:
        k = j + 1
        if tokens.low[k] == "-" and tokens.glued(k):
            k += 1
        if k >= n or not tokens.raw[k][0].isalpha():
            return None
        noun = tokens.low[k]
        if noun == "piece" and word != "per":
            return "each", k + 1
        unit = unit_table().surfaces.get(noun) or unit_table().symbols.get(tokens.raw[k])
        if word == "per":
            return (unit.name if unit else singular(noun)), k + 1
        if noun in _TIMES or noun in _PIECES:
            return noun, k + 1
        if unit is not None and unit.dimension != "time" and not noun.endswith("s"):
            return unit.name, k + 1
    return None

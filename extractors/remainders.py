"""Sums of a tracker's record: what is taken off a total, and what is left over for the entry.

"We *subtract* the 40 million euros pledged before and *reach* 60 million": the first counts what
was given up to then, the second is the amount of the entry itself.
"""

from __future__ import annotations

from extractors.quantity import Quantity
from extractors.tokens import Tokens
from extractors.words import word_set

_SUBTRACTS = word_set("remainder", "subtracts")
_LEAVES = word_set("remainder", "leaves")
_OFF = 8  # words from a verb of subtraction to what is taken off
_LEFT = 5  # words from a word for what is left to its amount


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

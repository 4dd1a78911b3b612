"""Numbers cut to so many decimals, everywhere alike: halves go up, as they do in a spreadsheet."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from math import isfinite

_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)  # digits, more than the largest float has


def half_up(number: float, decimals: int) -> str:
    """The number with so many decimals, its digits in groups; what lies in the middle, as it is
    written in decimals, goes away from zero.

    >>> half_up(5.595, 2), half_up(0.625, 2), half_up(-1_234.5, 0)
    ('5.60', '0.63', '-1,235')
    """
    if not isfinite(number):
        return str(number)
    written = Decimal(repr(float(number)))  # Python's own formats round what a float holds: 5.59
    return f"{_EXACT.quantize(written, Decimal(1).scaleb(-decimals)):,f}"

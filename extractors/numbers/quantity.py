"""What the grammar cuts out of a sentence before its meaning is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from extractors.numbers.numeral import Numeral


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit: tokens ``first`` to ``last`` (exclusive) of a sentence.

    ``low`` and ``high`` are the bounds that the numeral states (equal when it states one number):
    the lesser is low, whichever is given first (``$-5-16``). The qualifier is read later. ``noun``
    holds the tokens of the noun phrase that a count counts as (first, last); None where there is
    none. ``per`` is the denominator of a rate. ``after`` is the first token behind number, unit and
    rate.
    """

    numeral: Numeral
    first: int
    last: int
    low: Decimal
    high: Decimal
    dimension: str
    unit: str
    after: int
    rule: str
    per: str | None = None
    noun: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if self.low > self.high:
            low, high = self.high, self.low
            object.__setattr__(self, "low", low)
            object.__setattr__(self, "high", high)

    @property
    def kind(self) -> str:
        """``exact``, ``range``, ``vague`` or ``share``, as the numeral states it."""
        return self.numeral.kind

    def but(self, **changes: Any) -> Quantity:
        """The same quantity with some fields changed."""
        return replace(self, **changes)


def scaled_by(number: Decimal, factor: int | Decimal) -> Decimal:
    """A product without trailing zeros of the fraction (0.5 * 1000 is 500, not 500.0)."""
    product = number * factor
    return Decimal(int(product)) if product == int(product) else product.normalize()

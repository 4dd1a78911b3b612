"""The dates that a chart shows: all of them, unless a few far away would flatten the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FAR = 0.02  # the share of facts at either end that a chart may leave outside
WORTH = 0.5  # ... if what is left takes less than this part of the time


@dataclass(frozen=True)
class Window:
    """The first and last date shown, and how many facts lie outside."""

    first: np.datetime64
    last: np.datetime64
    outside: int = 0

    def holds(self, dates: NDArray[np.datetime64]) -> NDArray[np.bool_]:
        """Which of the dates are shown: where no fact lies outside, all."""
        if not self.outside:
            return ~np.isnat(dates)
        return np.asarray((dates >= self.first) & (dates <= self.last))

    @property
    def note(self) -> str | None:
        """In words, what is not shown."""
        if not self.outside:
            return None
        days = (np.datetime_as_string(day, "D") for day in (self.first, self.last))
        facts = f"{self.outside} fact" + ("" if self.outside == 1 else "s")
        return f"Not drawn: {facts} before {next(days)} or after {next(days)}."


def window(dates: NDArray[np.datetime64], facts: NDArray[np.int64]) -> Window | None:
    """The dates to show, of so many facts each; None where there are none.

    A pledge for 2050 or a memory of 1945 would press two years of war into a stroke. So the
    outermost fiftieth of the facts on either side stays outside where that halves the time shown or
    better; of fewer than fifty facts all are shown.
    """
    if not len(dates):
        return None
    order = np.argsort(dates, kind="stable")
    dates, facts = dates[order], facts[order]
    passed = np.cumsum(facts)
    spare = passed[-1] * FAR
    first = dates[np.searchsorted(passed, spare, side="right")]
    last = dates[np.searchsorted(passed, passed[-1] - spare, side="left")]
    whole = Window(dates[0], dates[-1])
    if (last - first) > (whole.last - whole.first) * WORTH:
        return whole
    outside = (dates < first) | (dates > last)
    return Window(first, last, int(facts[outside].sum()))

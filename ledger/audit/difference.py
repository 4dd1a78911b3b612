"""Totals from a draw: the ledger's total, and what the drawn figures show that it is wrong by.

The difference estimator (Särndal, Swensson and Wretman, Model Assisted Survey Sampling, 1992,
section 6.3): ``ledger + sum((true - ledger of a drawn unit) / its chance)``. Its variance is
estimated as by Hájek (Brewer and Donadio, Survey Methodology 29, 2003, 189-196), which needs the
chances of single units alone. ``docs/audit.md`` writes both out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Units of one kind that were drawn: how wrong the ledger is in each (true less ledger), and
    each one's chance of being drawn."""

    wrong_by: Floats
    chance: Floats


@dataclass(frozen=True, slots=True)
class Correction:
    """What a total is wrong by, the variance of that, and the units it rests on."""

    amount: float
    variance: float
    freedom: float


def correction(drawn: Drawn) -> Correction:
    """What the drawn units say that the whole is wrong by."""
    weighed = drawn.wrong_by / drawn.chance
    by_chance = drawn.chance < 1
    e, left = weighed[by_chance], 1 - drawn.chance[by_chance]
    count = len(e)
    if count < 2:
        return Correction(float(weighed.sum()), 0.0, float(count))
    centre = float((left * e).sum() / left.sum())
    squares = left * (e - centre) ** 2
    variance = count / (count - 1) * float(squares.sum())
    return Correction(float(weighed.sum()), variance, float(count))

"""Draws without replacement, of a fixed size, by chances of being drawn that are known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


def chances(sizes: Floats, number: int) -> Floats:
    """For each unit its chance of being drawn among ``number``: in proportion to its size, and 1
    for units so large that the proportion would be more.

    The chances add up to ``number``, or to the number of units with a size where those are fewer.
    Raises ValueError for a size that is negative or no number, and for a negative number.
    """
    if number < 0 or not np.all(np.isfinite(sizes) & (sizes >= 0)):
        raise ValueError("sizes and numbers to draw are 0 or more")
    drawn = np.zeros(len(sizes))
    sizes = sizes / max(float(sizes.max(initial=0.0)), 1e-300)
    open_ = sizes > 0
    left = float(min(number, int(open_.sum())))
    while open_.any() and left > 0:
        scaled = np.zeros(len(sizes))
        scaled[open_] = left * sizes[open_] / sizes[open_].sum()
        certain = open_ & (scaled >= 1)
        if not certain.any():
            drawn[open_] = scaled[open_]
            break
        drawn[certain] = 1.0
        left -= int(certain.sum())
        open_ &= ~certain
    return drawn


def draw(chance: Floats, random: np.random.Generator) -> Places:
    """The places of the drawn units, in an order of their own: systematic with unequal chances, in
    random order (Hartley and Rao, 1962), so that each is drawn exactly with its chance.

    As many are drawn as the chances add up to, a broken number rounded up or down at random.
    """
    order = random.permutation(len(chance))
    reached = np.cumsum(chance[order]) + random.random()
    # What rounding leaves of a whole number is not a unit more or less.
    steps = np.floor(np.round(reached, 9))
    before = np.concatenate([[0.0], steps[:-1]])
    found: Places = order[steps > before]
    return random.permutation(found)

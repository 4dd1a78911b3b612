"""Amounts that would move from one total to another if a figure is wrong, and what that is worth.

A total changes by the logarithm of its ratio: by the same where 2 become 1 as where two billion
become one. What a decision is worth is the chance of each move times the change of both its totals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
NOWHERE = -1  # in place of a total: what is not counted


class Move(NamedTuple):
    """Of which ``item``, with which ``chance``, how much falls in the total ``old`` and rises in
    the ``new`` one."""

    item: int
    chance: float
    old: int
    fallen: float
    new: int
    risen: float


_OF_MOVE = Move._fields


class Grown:
    """Columns of numbers that grow at their end; each is read and written as an array."""

    def __init__(self, **dtypes: str) -> None:
        self._held = {name: np.empty(64, dtype=dtype) for name, dtype in dtypes.items()}
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._held[name][: self._length]

    def add(self, **columns: Any) -> None:
        """Adds rows: a sequence, or one value for all, for every column."""
        count = max(np.size(values) for values in columns.values())
        if any(np.size(values) == 0 for values in columns.values()):
            return
        end = self._length + count
        for name, held in self._held.items():
            if end > len(held):
                self._held[name] = np.concatenate([held, np.empty(end, dtype=held.dtype)])
            self._held[name][self._length : end] = columns[name]
        self._length = end


class Moves:
    """The moves of all items of a queue, and the totals between which they go."""

    def __init__(self, items: int) -> None:
        self.rows = Grown(item="int64", chance="float64", old="int64", fallen="float64",
                          new="int64", risen="float64", value="float64")  # fmt: skip
        self._totals, self._open = np.zeros(64), 0
        self.worth: Floats = np.zeros(items)

    def add(self, moves: Sequence[Move]) -> None:
        """Adds moves; they are worth nothing until they are weighed."""
        columns = dict(zip(_OF_MOVE, zip(*moves, strict=True), strict=False))
        if columns:
            self.rows.add(**columns, value=0.0)

    def open(self, count: int) -> None:
        """Makes room for so many totals."""
        if count > len(self._totals):
            self._totals = np.concatenate([self._totals, np.zeros(count)])
        self._open = count

    @property
    def totals(self) -> Floats:
        """All totals as they are now."""
        return self._totals[: self._open]

    def forget(self, items: Whole) -> None:
        """Takes the moves of these items away: they have no chance any more."""
        gone = self._of(items)
        self.rows["chance"][gone] = 0.0
        self.rows["item"][gone] = NOWHERE

    def book(self, totals: Whole, amounts: Floats) -> None:
        """Adds amounts to totals."""
        np.add.at(self.totals, totals, amounts)

    def weigh(self, items: Whole, totals: Whole | None = None) -> None:
        """Works the worth out anew: of these items, and of all that these totals touch; of all
        items where no totals are given."""
        held = self.rows
        touched = np.ones(len(held), dtype=bool)
        if totals is not None:
            changed = np.zeros(self._open + 1, dtype=bool)
            changed[totals] = True
            changed[NOWHERE] = False
            touched = changed[held["old"]] | changed[held["new"]] | self._of(items)
        at = np.flatnonzero(touched)
        held["value"][at] = held["chance"][at] * self._changes(at)
        again = np.zeros(len(self.worth) + 1, dtype=bool)
        again[held["item"][at]] = True
        again[items] = True
        again[NOWHERE] = False
        of = np.flatnonzero(again[held["item"]])
        sums = np.bincount(held["item"][of], held["value"][of], minlength=len(self.worth))
        known = again[:-1]
        self.worth[known] = sums[known]

    def chief(self, item: int) -> int | None:
        """The move of an item that is worth most, None where it has none."""
        at = np.flatnonzero(self.rows["item"] == item)
        return int(at[self.rows["value"][at].argmax()]) if len(at) else None

    def chiefs(self) -> dict[int, int]:
        """By item the move that is worth most."""
        order = np.lexsort((-np.arange(len(self.rows)), self.rows["value"]))
        return dict(zip(self.rows["item"][order].tolist(), order.tolist(), strict=True))

    def _of(self, items: Whole) -> NDArray[np.bool_]:
        asked = np.zeros(len(self.worth) + 1, dtype=bool)
        asked[items] = True
        asked[NOWHERE] = False
        found: NDArray[np.bool_] = asked[self.rows["item"]]
        return found

    def _changes(self, at: Whole) -> Floats:
        held = {name: self.rows[name][at] for name in ("old", "fallen", "new", "risen")}
        totals = np.append(self.totals, 0.0)  # what stands NOWHERE
        before, after = totals[held["old"]], totals[held["new"]]
        same = held["old"] == held["new"]
        fallen = np.where(same, held["fallen"] - held["risen"], held["fallen"])
        left = _ratio(before, before - fallen)
        came = _ratio(after, after + held["risen"])
        left = np.where(held["old"] == NOWHERE, 0.0, left)
        return left + np.where(same | (held["new"] == NOWHERE), 0.0, came)


def _ratio(one: Floats, other: Floats) -> Floats:
    logs = [np.log1p(np.maximum(total, 0.0)) for total in (one, other)]
    changed: Floats = np.abs(logs[0] - logs[1])
    return changed

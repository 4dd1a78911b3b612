"""Which figures a decision can bring together or take apart: those that the rule of
:mod:`ledger.dedupe` could merge with a figure, found without looking at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ledger import bounds
from ledger.dedupe import MERGE_SHARE
from ledger.series import ACTORS, purpose
from ledger.table import plain
from ledger.tree import Parents, path_of

DAYS = 8  # between figures that may be one with a third between them
_EPOCH = pd.Timestamp("1970-01-01")
_NEVER = -(10**9)
Key = tuple[Any, ...]


class Neighbours:
    """The figures by what facts agree in, with their amounts and days."""

    def __init__(self, figures: pd.DataFrame, parents: Parents) -> None:
        self._parents = parents
        count = len(figures)
        self._key: list[Key] = [()] * count
        self._centre, self._reach = np.zeros(count), np.zeros(count)
        self._day = np.full(count, _NEVER, dtype="int64")
        self._rows: dict[Key, list[int]] = {}
        self.put(range(count), figures)

    def put(self, rows: Sequence[int], figures: pd.DataFrame) -> None:
        """Takes these figures as they are now."""
        at = np.asarray(rows, dtype="int64")
        term = bounds.terms(figures)
        width = ((figures["high"] - figures["low"]) / 2).where(term["midpoint"], 0.0)
        centre = term["best"].fillna(np.nan).to_numpy(dtype="float64")
        self._centre[at] = centre
        self._reach[at] = np.maximum(width.fillna(0.0), MERGE_SHARE * np.abs(centre))
        days = (figures["date_end"] - _EPOCH).dt.days.fillna(_NEVER)
        self._day[at] = days.to_numpy(dtype="int64")
        for row, key in zip(rows, self._keys(figures), strict=True):
            if self._key[row] and row in (held := self._rows.get(self._key[row], [])):
                held.remove(row)
            self._key[row] = key
            self._rows.setdefault(key, []).append(row)

    def near(self, rows: Iterable[int]) -> set[int]:
        """The rows that may be one fact with one of these, these among them."""
        found: set[int] = set()
        for row in rows:
            others = np.array(self._rows[self._key[row]], dtype="int64")
            apart = np.abs(self._centre[others] - self._centre[row])
            close = apart <= 2 * np.maximum(self._reach[others], self._reach[row])
            close &= np.abs(self._day[others] - self._day[row]) <= DAYS
            found.update(others[close].tolist())
            found.add(row)
        return found

    def _keys(self, figures: pd.DataFrame) -> Iterator[Key]:
        names = ("dimension", "unit", "per", *ACTORS, "status", "basis")
        roots = {None: None} | {
            item: path_of(item, self._parents)[0] for item in purpose(figures).dropna().unique()
        }
        items = [roots[item] for item in plain(purpose(figures))]
        return zip(*(plain(figures[name]) for name in names), items, strict=True)

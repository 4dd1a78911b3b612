"""Which figures a decision can bring together or take apart: those that the rule of
:mod:`ledger.dedupe` could merge with a figure, found without looking at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np

from ledger import bounds
from ledger.dedupe import MERGE_SHARE
from ledger.review.question import Columns
from ledger.series import ACTORS
from ledger.tree import Parents, path_of

DAYS = 8  # between figures that may be one with a third between them
_AGREE = ("dimension", "unit", "per", *ACTORS, "status", "basis")
NEEDS = (*_AGREE, "value", "low", "high", "item", "aid_type", "date_end")
_NEVER = -(10**9)
Key = tuple[Any, ...]


class Neighbours:
    """The figures by what facts agree in, with their amounts and days.

    ``figures`` are columns of ``NEEDS`` as Python objects, days as ISO text.
    """

    def __init__(self, figures: Columns, parents: Parents) -> None:
        self._parents, self._roots = parents, dict[str | None, str | None]({None: None})
        count = len(figures["unit"])
        self._key: list[Key] = [()] * count
        self._centre, self._reach = np.zeros(count), np.zeros(count)
        self._day = np.full(count, _NEVER, dtype="int64")
        self._rows: dict[Key, list[int]] = {}
        self.put(range(count), figures)

    def put(self, rows: Iterable[int], figures: Columns) -> None:
        """Takes these figures as they are now."""
        amounts = zip(*(figures[name] for name in ("value", "low", "high")), strict=True)
        names = zip(*(figures[name] for name in _AGREE), strict=True)
        kinds = zip(*(figures[name] for name in ("dimension", "item", "aid_type")), strict=True)
        days = figures["date_end"]
        for row, (value, low, high), agree, kind, day in zip(
            rows, amounts, names, kinds, days, strict=True
        ):
            best = bounds.best(value, low, high)
            wide = value is None and low is not None and high is not None
            self._centre[row] = np.nan if best is None else best
            self._reach[row] = max(
                (high - low) / 2 if wide else 0.0, MERGE_SHARE * abs(best or 0.0)
            )
            self._day[row] = _NEVER if day is None else date.fromisoformat(day).toordinal()
            key = (*agree, self._root(*kind))
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

    def _root(self, dimension: str, item: str | None, aid_type: str | None) -> str | None:
        """What facts of this kind agree in: the root of the item; for money its kind of aid."""
        name = (aid_type or item) if dimension == "money" else item
        if name not in self._roots:
            self._roots[name] = path_of(str(name), self._parents)[0]
        return self._roots[name]

"""Which figures a decision can bring together or take apart: those that the rule of
:mod:`ledger.dedupe` could merge with a figure, found without looking at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ledger import bounds
from ledger.dedupe import AGREE, MERGE_SHARE
from ledger.facts.matching import DAYS_APART, RECALLED
from ledger.figure import CORRECTS, RECALL
from ledger.review.question import Columns
from ledger.tree import Parents, path_of

# What figures of one fact agree in: of a sum, too, a text may point back to an event.
_AGREE = tuple(name for name in AGREE if name != "basis")
NEEDS = (*_AGREE, "value", "low", "high", "item", "aid_type", "date_start", "date_end", "cues")
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
        self._first = np.full(count, _NEVER, dtype="int64")
        self._last = np.full(count, _NEVER, dtype="int64")
        self._back = np.zeros(count, dtype="int64")  # days in which a text that points back looks
        self._corrects = np.zeros(count, dtype=bool)  # whose number may differ from the older one
        self._rows: dict[Key, list[int]] = {}
        self.put(range(count), figures)

    def put(self, rows: Iterable[int], figures: Columns) -> None:
        """Takes these figures as they are now."""
        amounts = zip(*(figures[name] for name in ("value", "low", "high")), strict=True)
        names = zip(*(figures[name] for name in _AGREE), strict=True)
        kinds = zip(*(figures[name] for name in ("dimension", "item", "aid_type")), strict=True)
        told = zip(*(figures[name] for name in ("date_start", "date_end", "cues")), strict=True)
        for row, (value, low, high), agree, kind, (first, last, cues) in zip(
            rows, amounts, names, kinds, told, strict=True
        ):
            best = bounds.best(value, low, high)
            wide = value is None and low is not None and high is not None
            self._centre[row] = np.nan if best is None else best
            self._reach[row] = max(
                (high - low) / 2 if wide else 0.0, MERGE_SHARE * abs(best or 0.0)
            )
            self._first[row], self._last[row] = _day(first), _day(last)
            self._corrects[row] = f'"{CORRECTS}": ' in cues
            pointing = self._corrects[row] or f'"{RECALL}": ' in cues
            self._back[row] = RECALLED if pointing else 0
            key = (*agree, self._root(*kind))
            if self._key[row] and row in (held := self._rows.get(self._key[row], [])):
                held.remove(row)
            self._key[row] = key
            self._rows.setdefault(key, []).append(row)

    @property
    def amounts(self) -> NDArray[np.float64]:
        """Of each figure its best amount, NaN where it has none."""
        return self._centre

    def near(self, rows: Iterable[int]) -> set[int]:
        """The rows that may be one fact with one of these, these among them."""
        return {other for row in rows for other in (row, *self._close(row))}

    def correcting(self, rows: Iterable[int]) -> bool:
        """Whether one of these corrects a number, which hangs on all that it could correct."""
        return bool(self._corrects[list(rows)].any())

    def _close(self, row: int) -> list[int]:
        """The rows that may be one fact with this one."""
        others = np.array(self._rows[self._key[row]], dtype="int64")
        apart = np.abs(self._centre[others] - self._centre[row])
        close = apart <= np.maximum(self._reach[others], self._reach[row])
        close |= self._corrects[others] | self._corrects[row]
        between = np.maximum(
            self._first[others] - self._last[row], self._first[row] - self._last[others]
        )
        far = np.maximum(self._back[others], self._back[row])
        close &= (between <= np.maximum(far, DAYS_APART)) & (self._last[others] != _NEVER)
        near: list[int] = others[close].tolist()
        return near

    def _root(self, dimension: str, item: str | None, aid_type: str | None) -> str | None:
        """What facts of this kind agree in: the root of the item; for money its kind of aid."""
        name = (aid_type or item) if dimension == "money" else item
        if name not in self._roots:
            self._roots[name] = path_of(str(name), self._parents)[0]
        return self._roots[name]


def _day(written: str | None) -> int:
    return _NEVER if written is None else date.fromisoformat(written).toordinal()

"""The totals that are shown: which facts they add up, in which cells, and what they depend on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ledger import bounds
from ledger.errors import LedgerError
from ledger.fact import FACT_COLUMNS, FACT_DTYPES, STATED
from ledger.figure import STATUSES
from ledger.queries.asked import Filter
from ledger.queries.near import unknown
from ledger.queries.where import may_match
from ledger.series import ACTORS
from ledger.table import column, plain
from ledger.totals import FREQUENCIES, NOT_ADDED, period_name
from ledger.tree import Parents, path_of

Predicate = Callable[[pd.DataFrame], "pd.Series[bool]"]
Cell = tuple[str | None, ...]  # the values of ``by``, then item, status, unit and period
TAIL = ("item", "status", "unit", "period")  # what ends every cell
Columns = Mapping[str, Sequence[Any]]
_LINKS = ("same_as", "part_of")
_BOOKED = ("dimension", "basis", "status", "value", "low", "high", "unit", "date_end", "item")
_LETTERS = {"D": 10, "M": 7, "Y": 4}  # of an ISO day that name its period


@dataclass(frozen=True)
class Question:
    """Totals of deltas as :func:`ledger.totals.totals` adds them up.

    ``where`` narrows the facts: a filter, a predicate over a frame of facts, or a frame of them.
    ``by`` names columns, and levels of the item tree (``item:0``); ``freq``
    is a period, None for all time. Raises LedgerError for an unknown column, status or period.
    """

    where: Filter | Predicate | pd.DataFrame | None = None
    by: tuple[str, ...] = tuple(ACTORS)
    status: str | Collection[str] | None = None
    freq: str | None = "month"
    parents: Parents = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.by:
            base, _, level = name.partition(":")
            if base not in FACT_DTYPES:
                raise LedgerError(f"no column {base!r}; choose from {', '.join(FACT_COLUMNS)}")
            if level and (base != "item" or not level.isdigit()):
                raise LedgerError(f"no column {name!r}; a level of the item tree is item:0, item:1")
        wrong = (self._statuses() or set()) - set(STATUSES)
        if wrong:
            raise LedgerError(unknown("status", min(wrong), STATUSES))
        if self.freq is not None:
            period_name(self.freq)  # one that is none is told

    def uses(self, *, money: bool) -> tuple[str, ...]:
        """The fields that the question depends on, the links among them, for money and for what is
        counted."""
        named = [name.partition(":")[0] for name in self.by]
        asked = (
            [one.column for one in self.where.conditions] if isinstance(self.where, Filter) else []
        )
        item = [] if money else ["item"]
        dates = ["date"] if self.freq or {"date_start", "date_end"} & set(asked) else []
        return tuple(dict.fromkeys(("status", "basis", *named, *asked, *item, *dates, *_LINKS)))

    def may_hold(self, figures: pd.DataFrame) -> NDArray[np.bool_]:
        """Which figures only fields that a reader chooses can keep out of the totals: no dimension
        that is never added, no unit that is not asked for."""
        kept = ~figures["dimension"].isin(NOT_ADDED)
        if isinstance(self.where, Filter):
            kept &= may_match(figures, self.where.conditions, self.parents)
        return kept.to_numpy(dtype="bool")

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns of facts by which they are booked; all of them where ``where`` may ask."""
        if self.where is not None and not isinstance(self.where, Filter):
            return ("fact_id", *STATED)
        bases = (name.partition(":")[0] for name in self.by)
        asked = () if self.where is None else sorted(self.where.needs & {*STATED})
        return tuple(dict.fromkeys((*_BOOKED, *bases, *asked)))

    def booked(self, facts: Columns) -> tuple[list[Cell | None], list[float]]:
        """Of each fact the cell that it adds to and how much; None and 0 where it adds nothing.

        ``facts`` are columns of ``needs`` as Python objects, dates as ISO text. Parts are booked
        like others: who belongs to whom is not asked here. Raises LedgerError for an unknown
        column of ``where``.
        """
        statuses = self._statuses()
        books_back = statuses is None or "committed" in statuses
        chosen = self._chosen(facts)
        groups = list(zip(*(self._values(facts, name) for name in self.by), strict=True))
        raised = next((self._values(facts, name) for name in self.by if ":" in name), facts["item"])
        cells: list[Cell | None] = []
        amounts: list[float] = []
        columns = (facts[name] for name in _BOOKED if name != "item")
        for place, row in enumerate(zip(*columns, raised, strict=True)):
            dimension, basis, status, value, low, high, unit, date_end, item = row
            best = bounds.best(value, low, high)
            if (
                basis != "delta"
                or dimension in NOT_ADDED
                or best is None
                or not chosen[place]
                or (statuses is not None and status not in statuses)
            ):
                cells.append(None)
                amounts.append(0.0)
                continue
            if status == "cancelled" and books_back:
                status, best = "committed", -best
            tail = (None if dimension == "money" else item, status, unit, self._period(date_end))
            cells.append(((*groups[place], *tail)) if groups else tail)
            amounts.append(best)
        return cells, amounts

    def _statuses(self) -> set[str] | None:
        if self.status is None:
            return None
        asked = {self.status} if isinstance(self.status, str) else set(self.status)
        return asked | ({"cancelled"} if "committed" in asked else set())

    def _chosen(self, facts: Columns) -> Sequence[bool]:
        if self.where is None:
            return [True] * len(facts["basis"])
        frame = pd.DataFrame({name: column(facts[name], FACT_DTYPES[name]) for name in self.needs})
        if isinstance(self.where, pd.DataFrame):
            return plain(frame["fact_id"].isin(self.where["fact_id"]))
        if isinstance(self.where, Filter):
            return plain(self.where.holds(frame, self.parents))
        return plain(self.where(frame))

    def _values(self, facts: Columns, name: str) -> Sequence[str | None]:
        base, _, level = name.partition(":")
        if not level:
            return facts[base]
        paths = {item: path_of(item, self.parents) for item in set(facts[base]) if item is not None}
        raised = {item: path[min(int(level), len(path) - 1)] for item, path in paths.items()}
        return list(map(raised.get, facts[base]))

    def _period(self, day: str | None) -> str | None:
        """The name of a day's period: ``2022``, ``2022Q4``, ``2022-10``, the Monday of a week."""
        if day is None or self.freq is None:
            return None
        code = FREQUENCIES[period_name(self.freq)]
        if code == "Q":
            return f"{day[:4]}Q{(int(day[5:7]) + 2) // 3}"
        if code == "W":
            found = date.fromisoformat(day)
            return (found - timedelta(days=found.weekday())).isoformat()
        return day[: _LETTERS[code]]


def columns_of(frame: pd.DataFrame, names: Iterable[str]) -> dict[str, Sequence[Any]]:
    """Columns of a frame as Python objects with None for what is missing, days as ISO text."""
    return {name: plain(_written(frame[name])) for name in names}


def _written(values: pd.Series[Any]) -> pd.Series[Any]:
    if not str(values.dtype).startswith("datetime"):
        return values
    numbers, days = values.factorize(use_na_sentinel=True)
    names: list[str | None] = [*pd.DatetimeIndex(days).strftime("%Y-%m-%d"), None]
    return pd.Series([names[number] for number in numbers], dtype="object")

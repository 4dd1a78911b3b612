"""The totals that are shown: which facts they add up, in which cells, and what they depend on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ledger import bounds
from ledger.errors import LedgerError
from ledger.fact import FACT_COLUMNS, FACT_DTYPES, STATED
from ledger.figure import LINKS
from ledger.queries.asked import Filter
from ledger.queries.where import may_match
from ledger.series import ACTORS
from ledger.table import column, empty, plain
from ledger.totals import (
    FREQUENCIES,
    NOT_ADDED,
    as_asked,
    book_cancelled,
    period_name,
    select,
    sum_of,
    with_levels,
)
from ledger.tree import Parents

Predicate = Callable[[pd.DataFrame], "pd.Series[bool]"]
Cell = tuple[str | None, ...]  # the values of ``by``, then item, status, unit and period
TAIL = ("item", "status", "unit", "period")  # what ends every cell
Columns = Mapping[str, Sequence[Any]]


class Booked(NamedTuple):
    """What a fact adds to which ``cell``, ``added_to`` whose sum it is: a part is none beside a
    whole in the same (:func:`ledger.totals.sum_of`)."""

    cell: Cell | None
    amount: float
    added_to: Cell


NOT_BOOKED = Booked(None, 0.0, ())
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
        select(empty(FACT_DTYPES), status=self.status)  # one that is none is told
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
        return tuple(dict.fromkeys(("status", "basis", *named, *asked, *item, *dates, *LINKS)))

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

    def booked(self, facts: Columns) -> list[Booked]:
        """Of each fact what it adds, and to which cell; ``NOT_BOOKED`` where it adds nothing.

        ``facts`` are columns of ``needs`` as Python objects, dates as ISO text. Parts are booked
        like others: who belongs to whom is not asked here. Raises LedgerError for an unknown
        column of ``where``.
        """
        frame = pd.DataFrame({name: column(facts[name], FACT_DTYPES[name]) for name in self.needs})
        columns, days = list(self.by), facts["date_end"]
        chosen = select(frame[self._holds(frame)], status=self.status, basis="delta")
        chosen = with_levels(chosen, columns, self.parents)
        if "item" not in columns and isinstance(self.where, Filter):
            chosen = as_asked(chosen, self.where.conditions, self.parents)
        sums = sum_of(chosen, by_item="item" in columns)
        entered = book_cancelled(chosen, self.status)
        rows = zip(
            entered.index.tolist(),
            _rows(entered, columns),
            _rows(entered, ("dimension", "item", "status", "unit")),
            plain(bounds.terms(entered)["best"]),
            _rows(sums, list(sums.columns)),
            strict=True,
        )
        out = [NOT_BOOKED] * len(frame)
        for place, group, (dimension, item, status, unit), amount, added_to in rows:
            tail = (None if dimension == "money" else item, status, unit)
            out[place] = Booked((*group, *tail, self._period(days[place])), amount, added_to)
        return out

    def _holds(self, facts: pd.DataFrame) -> pd.Series[bool]:
        """Which facts ``where`` chooses."""
        if self.where is None:
            return pd.Series(True, index=facts.index)
        if isinstance(self.where, pd.DataFrame):
            return facts["fact_id"].isin(self.where["fact_id"])
        if isinstance(self.where, Filter):
            return self.where.holds(facts, self.parents)
        return self.where(facts)

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


def _rows(frame: pd.DataFrame, names: Sequence[str]) -> list[Cell]:
    """The rows as tuples of these columns, with None for what is missing."""
    held = [plain(frame[name]) for name in names]
    return list(zip(*held, strict=True)) if held else [()] * len(frame)


def _written(values: pd.Series[Any]) -> pd.Series[Any]:
    if not str(values.dtype).startswith("datetime"):
        return values
    numbers, days = values.factorize(use_na_sentinel=True)
    names: list[str | None] = [*pd.DatetimeIndex(days).strftime("%Y-%m-%d"), None]
    return pd.Series([names[number] for number in numbers], dtype="object")

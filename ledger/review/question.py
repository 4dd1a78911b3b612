"""The totals that are shown: which facts they add up, in which cells, and what they depend on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ledger import bounds
from ledger.series import ACTORS
from ledger.table import plain
from ledger.totals import FREQUENCIES, NOT_ADDED, Where, matches
from ledger.tree import Parents, at_level

Predicate = Callable[[pd.DataFrame], "pd.Series[bool]"]
Cell = tuple[str | None, ...]  # the values of ``by``, then item, status, unit and period
TAIL = ("item", "status", "unit", "period")  # what ends every cell
_LINKS = ("same_as", "part_of")


@dataclass(frozen=True)
class Question:
    """Totals of deltas as :func:`ledger.totals.totals` adds them up.

    ``where`` narrows the facts: values by column, a predicate over a frame of facts, or a frame of
    the facts themselves. ``by`` names columns, and levels of the item tree (``item:0``); ``freq``
    is a period, None for all time.
    """

    where: Where | Predicate | pd.DataFrame | None = None
    by: tuple[str, ...] = tuple(ACTORS)
    status: str | Collection[str] | None = None
    freq: str | None = "month"
    parents: Parents = field(default_factory=dict)

    def uses(self, *, money: bool) -> tuple[str, ...]:
        """The fields that the question depends on, the links among them, for money and for what is
        counted."""
        named = [name.partition(":")[0] for name in self.by]
        asked = list(self.where) if isinstance(self.where, Mapping) else []
        item = [] if money else ["item"]
        dates = ["date"] if self.freq or {"date_start", "date_end"} & set(asked) else []
        return tuple(dict.fromkeys(("status", "basis", *named, *asked, *item, *dates, *_LINKS)))

    def booked(self, facts: pd.DataFrame) -> tuple[list[Cell | None], np.ndarray]:
        """Of each fact the cell that it adds to and how much; None and 0 where it adds nothing.

        Parts are booked like others: who belongs to whom is not asked here. Raises LedgerError for
        an unknown column.
        """
        statuses = self._statuses()
        kept = ~facts["dimension"].isin(NOT_ADDED) & facts["basis"].eq("delta")
        if statuses is not None:
            kept &= facts["status"].isin(statuses)
        kept &= self._chosen(facts)
        best = bounds.terms(facts)["best"]
        back = facts["status"].eq("cancelled") & (statuses is None or "committed" in statuses)
        amount = best.where(~back, -best).where(kept, 0.0).fillna(0.0).to_numpy(dtype="float64")
        status = facts["status"].mask(back, "committed")
        item = facts["item"].where(facts["dimension"].ne("money"))
        columns = [*map(facts.pipe, map(self._column, self.by)), item, status, facts["unit"]]
        rows = zip(*map(plain, columns), self._periods(facts["date_end"]), strict=True)
        kept &= best.notna()
        return [row if one else None for row, one in zip(rows, kept, strict=True)], amount

    def _statuses(self) -> set[str] | None:
        if self.status is None:
            return None
        asked = {self.status} if isinstance(self.status, str) else set(self.status)
        return asked | ({"cancelled"} if "committed" in asked else set())

    def _chosen(self, facts: pd.DataFrame) -> pd.Series[bool]:
        if isinstance(self.where, pd.DataFrame):
            return facts["fact_id"].isin(self.where["fact_id"])
        if callable(self.where):
            return self.where(facts)
        return matches(facts, self.where, self.parents)

    def _column(self, name: str) -> Callable[[pd.DataFrame], pd.Series[str]]:
        base, _, level = name.partition(":")

        def values(facts: pd.DataFrame) -> pd.Series[str]:
            if not level:
                return facts[base]
            return at_level(facts[base], int(level), self.parents)

        return values

    def _periods(self, dates: pd.Series[pd.Timestamp]) -> list[str | None]:
        if self.freq is None:
            return [None] * len(dates)
        code = FREQUENCIES.get(self.freq, self.freq)
        numbers, days = dates.factorize(use_na_sentinel=True)
        names: list[str | None] = list(pd.DatetimeIndex(days).to_period(code).astype(str))
        return [names[number] if number >= 0 else None for number in numbers]

"""The question that every verb and function takes alike: values, days, and the view."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypedDict

import pandas as pd

from ledger.queries.time_window import OPEN, Day, Window, window_of
from ledger.queries.view import NEEDS, OF_STATUS, SHOWN, View, view_of, views_of
from ledger.queries.where import IS, Condition, Where, conditions_of, matches
from ledger.tree import Parents


class Asked(TypedDict, total=False):
    """Which figures and facts are asked for; what is left out asks for all.

    ``where`` are conditions (:mod:`ledger.queries.where`): a line, several, or a mapping from a
    column to the value or values it must have. ``since`` and ``until`` are dates, both included,
    between which the end of a row's date must lie; ``as_of`` is the day by which it was known
    (:mod:`ledger.queries.time_window`). ``view`` is aid, losses, people, context, several of them,
    or all (:mod:`ledger.queries.view`).
    """

    where: Where | None
    since: Day | None
    until: Day | None
    as_of: Day | None
    view: View | None


@dataclass(frozen=True, slots=True)
class Filter:
    """A question, ready to be asked of frames of figures and of facts. ``views`` None is all."""

    conditions: tuple[Condition, ...] = ()
    window: Window = OPEN
    views: tuple[str, ...] | None = None

    @classmethod
    def of(cls, asked: Asked) -> Filter:
        """The filter of a question. Raises ValueError for a condition, date or view that is
        none."""
        window = window_of(asked.get("since"), asked.get("until"), asked.get("as_of"))
        return cls(conditions_of(asked.get("where")), window, views_of(asked.get("view")))

    @property
    def needs(self) -> set[str]:
        """The columns by which rows are chosen, as far as figures or facts have them."""
        named = {name for one in self.conditions for name in one.needs}
        return named | {*self.window.needs} | ({*NEEDS} if self.views else set())

    @property
    def shows_less(self) -> bool:
        """Whether its views lack one that is shown to everybody."""
        return self.views is not None and not {*SHOWN} <= {*self.views}

    @property
    def narrows(self) -> bool:
        """Whether it asks for less than what is shown to everybody."""
        return bool(self.conditions) or self.window != OPEN or self.shows_less

    @property
    def named(self) -> dict[str, tuple[str, ...]]:
        """The columns that must have a value, or one of several, with these."""
        named: dict[str, tuple[str, ...]] = {}
        for one in self.conditions:
            if one.operator in IS:
                values = (*named.get(one.column, ()), *one.values)
                named[one.column] = tuple(dict.fromkeys(values))
        return named

    def holds(self, frame: pd.DataFrame, parents: Parents | None = None) -> pd.Series[bool]:
        """Which rows of figures or facts are asked for; an item stands for all below it in the tree
        ``parents``. Raises LedgerError for a column that there is not, and for a value that it
        cannot have."""
        kept = matches(frame, self.conditions, parents or {}) & self.window.holds(frame)
        return kept if self.views is None else kept & view_of(frame).isin(self.views)

    def among(self, frame: pd.DataFrame, parents: Parents | None = None) -> pd.DataFrame:
        """The rows that :meth:`holds`."""
        return frame[self.holds(frame, parents)]


def of_units(asked: Asked, unit: str | Collection[str] | None) -> Asked:
    """The question, of these units alone; of all where none is named."""
    return also(asked, "unit", (unit,) if isinstance(unit, str) else unit)


def also(asked: Asked, column: str, values: Collection[str] | None) -> Asked:
    """What is asked, and besides that a column has one of these values, where there are any."""
    if not values:
        return asked
    further = Condition(column, "in", tuple(values), further=True)
    return {**asked, "where": (*conditions_of(asked.get("where")), further)}


def among(frame: pd.DataFrame, asked: Asked, parents: Parents | None = None) -> pd.DataFrame:
    """The rows of figures or facts that are asked for; see :class:`Filter`."""
    return Filter.of(asked).among(frame, parents)


def shown(asked: Asked, status: Collection[str] = ()) -> Asked:
    """The question as totals, reports, charts and pages take it: aid and losses, unless it asks for
    a view; and people too where it asks for a status of theirs."""
    conditions = conditions_of(asked.get("where"))
    if asked.get("view") or any(one.column == "view" for one in conditions):
        return asked
    told = [one.values for one in conditions if one.column == "status" and one.operator != "!="]
    named = {*status, *(value for values in told for value in values)}
    also = {OF_STATUS[name] for name in named & OF_STATUS.keys()} - {*SHOWN}
    return {**asked, "view": (*SHOWN, *sorted(also))}

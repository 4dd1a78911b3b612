"""From a frame of totals to the lines of a chart: one series for each group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from reports.charts.window import Window, window
from reports.filters import NOT_STATED, value_name
from reports.titles import Topic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    # of a series, by its name: the dates and amounts of the totals that texts state
    StatedTotals: TypeAlias = dict[str, tuple[NDArray[np.datetime64], NDArray[np.float64]]]

NAMED = 7  # series in colours of their own: as many as the palette has
BOUNDS = ("low", "best", "high")
INCREMENT = "increment"  # stands in frames of stated totals alone
MEASURES = (
    *BOUNDS, *(f"cumulative_{name}" for name in BOUNDS), "facts", "open_terms", "midpoints",
    "sure", "cumulative_sure", "unconverted", INCREMENT,
)  # fmt: skip


@dataclass(frozen=True)
class Series:
    """One group of a totals frame: its name and, at each date, a number with its bounds.

    Missing upper bounds are NaN. ``last`` is the best number at the latest date; ``carried`` says
    that the first was reached before the dates shown, ``unknown`` that nothing names the group.
    ``sure`` is the chance, weighed by amount, that its facts are read rightly; NaN where no reader
    says it.
    """

    name: str
    dates: NDArray[np.datetime64]
    low: NDArray[np.float64]
    best: NDArray[np.float64]
    high: NDArray[np.float64]
    carried: bool = False
    unknown: bool = False
    sure: float = float("nan")

    @property
    def last(self) -> float:
        return float(self.best[-1])

    @property
    def is_open(self) -> bool:
        """Whether the latest number has no upper bound: a source said "at least"."""
        return bool(pd.isna(self.high[-1]))

    def within(self, seen: Window, *, carried: bool) -> Series | None:
        """What lies in the window, None if nothing does; ``carried`` brings what was reached before
        to its first date."""
        inside = seen.holds(self.dates)
        before = np.flatnonzero(self.dates < seen.first)
        dates, kept = self.dates[inside], inside.nonzero()[0]
        carried = carried and len(before) > 0
        if carried:
            dates = np.concatenate([[seen.first], dates])
            kept = np.concatenate([before[-1:], kept])
        if not len(dates):
            return None
        low, best, high = (values[kept] for values in (self.low, self.best, self.high))
        return replace(self, dates=dates, low=low, best=best, high=high, carried=carried)


@dataclass(frozen=True)
class Chosen:
    """The series of one chart, largest first and the unknown last of those that are named; what
    they are of, the dates shown, how many facts have no date, and whether the numbers are totals as
    texts state them."""

    topic: Topic
    series: tuple[Series, ...]
    window: Window | None
    undated: int
    stated: bool = False


def group_columns(totals: pd.DataFrame) -> list[str]:
    """The columns that name a total's group: all but its period, unit and measures."""
    return [str(c) for c in totals.columns if c not in ("period", "unit", *MEASURES)]


def leading_unit(totals: pd.DataFrame) -> str | None:
    """The unit of the most facts; None in an empty frame."""
    if totals.empty:
        return None
    by_unit = totals.groupby("unit", sort=True)["facts"].sum()
    return str(by_unit.idxmax())


def choose(totals: pd.DataFrame, *, cumulative: bool) -> Chosen:
    """The series of a totals frame (``Ledger.totals(by=..., freq=...)``).

    Totals that texts state are the cumulative numbers; what is new in a period is their increment,
    of which the first of a series has none.

    Undated rows have no place on an axis, and dates far from all others none on this one: they are
    left out and counted. A frame of one bound alone is drawn by that. Raises ValueError, in one
    line, where the frame holds several units, which one axis cannot show, or is no totals over
    time.
    """
    totals = _over_time(totals)
    unit = one_unit(totals)
    stated = INCREMENT in totals
    dated = totals[totals["period"].notna()]
    if stated and not cumulative:
        dated = dated[dated[INCREMENT].notna()]
        dated = dated.assign(**dict.fromkeys(BOUNDS, dated[INCREMENT]))
    undated = int(totals.loc[totals["period"].isna(), "facts"].sum())
    seen = window(dated["period"].to_numpy("datetime64[us]"), dated["facts"].to_numpy("int64"))
    varied, common = split(dated, group_columns(totals))
    prefix = "cumulative_" if cumulative else ""
    made = [_series(name, rows, prefix, varied) for name, rows in _groups(dated, varied)]
    if seen is not None:
        made = [shown for one in made if (shown := one.within(seen, carried=cumulative))]
    if stated:  # what the first total holds came before it
        made = [replace(one, carried=True) for one in made]
    size = {one.name: -one.last if cumulative else -float(one.best.sum()) for one in made}
    made.sort(key=lambda one: (size[one.name], one.name))
    known = [one for one in made if not one.unknown]
    made = [*known[: NAMED - 1], *(one for one in made if one.unknown), *known[NAMED - 1 :]]
    return Chosen(Topic(unit, common, varied), tuple(made), seen, undated, stated)


def _over_time(totals: pd.DataFrame) -> pd.DataFrame:
    """The frame with all bounds. Raises ValueError saying what it lacks."""
    bound = next((name for name in ("best", "low", "high") if name in totals.columns), None)
    if bound is None or "unit" not in totals.columns or "figure_id" in totals.columns:
        raise ValueError("no totals: draw what Ledger.totals(freq=...) or totals(facts) gives")
    if "period" not in totals.columns:
        raise ValueError("totals without periods: ask for them with freq, as in freq='month'")
    lacking = {
        f"{start}{name}": totals[f"{start}{bound}"]
        for start in ("", "cumulative_")
        for name in BOUNDS
        if f"{start}{name}" not in totals.columns
    }
    counts = {} if "facts" in totals.columns else {"facts": 1}
    return totals.assign(**lacking, **counts)


def one_unit(totals: pd.DataFrame) -> str:
    """The unit of a frame, "" where it is empty. Raises ValueError where there are several."""
    units = sorted(totals["unit"].dropna().unique())
    if len(units) > 1:
        raise ValueError(f"totals in {len(units)} units ({', '.join(units[:6])}): choose one")
    return str(units[0]) if units else ""


def split(rows: pd.DataFrame, keys: list[str]) -> tuple[list[str], dict[str, str]]:
    """Of the key columns, those in which the rows differ, and what they have in the others."""
    varied = [key for key in keys if rows[key].nunique(dropna=False) > 1]
    same = [key for key in keys if key not in varied and len(rows)]
    return varied, {key: str(rows[key].iloc[0]) for key in same if pd.notna(rows[key].iloc[0])}


def stated_totals(balances: pd.DataFrame | None, chosen: Chosen) -> StatedTotals:
    """The totals that texts assert for the series of a chart: by its name, dates and amounts.

    ``balances`` is what :func:`ledger.reconcile.reconcile` gives.
    """
    if balances is None or chosen.window is None:
        return {}
    keys = [key for key in chosen.topic.varied if key in balances.columns]
    wanted = balances["entry"].eq("total") & balances["unit"].eq(chosen.topic.unit)
    wanted &= chosen.window.holds(balances["date"].to_numpy("datetime64[us]"))
    wanted &= balances["amount"].notna()
    for key, value in chosen.topic.common.items():
        if key in balances.columns:
            wanted &= balances[key].eq(value)
    return {
        name: (rows["date"].to_numpy("datetime64[us]"), rows["amount"].to_numpy("float64"))
        for name, rows in _groups(balances[wanted], keys)
    }


def name_of(keys: Iterable[str], values: Iterable[Any], *, unknown: bool = True) -> str:
    """A group's name on a chart: its values side by side, the ``unknown`` in words or not at
    all."""
    return ", ".join(
        NOT_STATED if pd.isna(value) else value_name(key, str(value))
        for key, value in zip(keys, values, strict=True)
        if unknown or pd.notna(value)
    )


def _groups(totals: pd.DataFrame, keys: list[str]) -> list[tuple[str, pd.DataFrame]]:
    if not keys:
        return [("", totals)] if len(totals) else []
    return [
        (name_of(keys, values), rows)
        for values, rows in totals.groupby(keys, dropna=False, sort=True)
    ]


def _series(name: str, rows: pd.DataFrame, prefix: str, varied: list[str]) -> Series:
    rows = rows.sort_values("period", kind="stable")
    low, best, high = (rows[prefix + bound].to_numpy("float64") for bound in BOUNDS)
    unknown = bool(varied) and bool(rows[varied].isna().all(axis=None))
    dates = rows["period"].to_numpy("datetime64[us]")
    return Series(name, dates, low, best, high, unknown=unknown, sure=_sure(rows))


def _sure(rows: pd.DataFrame) -> float:
    """How sure the latest number of a group's rows is, in their order."""
    name = "sure" if INCREMENT in rows else "cumulative_sure"
    return float(rows[name].iloc[-1]) if name in rows else float("nan")

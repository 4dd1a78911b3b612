"""From a frame of totals to the lines of a chart: one series for each group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BOUNDS = ("low", "best", "high")
MEASURES = (
    *BOUNDS, *(f"cumulative_{name}" for name in BOUNDS), "facts", "open_terms", "midpoints",
)  # fmt: skip


@dataclass(frozen=True)
class Series:
    """One group of a totals frame: its name and, at each date, a number with its bounds.

    Missing upper bounds are NaN. ``last`` is the best number at the latest date.
    """

    name: str
    dates: NDArray[np.datetime64]
    low: NDArray[np.float64]
    best: NDArray[np.float64]
    high: NDArray[np.float64]

    @property
    def last(self) -> float:
        return float(self.best[-1])

    @property
    def is_open(self) -> bool:
        """Whether the latest number has no upper bound: a source said "at least"."""
        return bool(pd.isna(self.high[-1]))


@dataclass(frozen=True)
class Chosen:
    """The series of one chart, largest first, what they have in common, and their unit."""

    unit: str
    common: tuple[str, ...]
    series: tuple[Series, ...]
    undated: int


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

    Undated rows have no place on an axis: they are left out and counted. Raises ValueError where
    the frame holds several units, which one axis cannot show.
    """
    units = sorted(totals["unit"].dropna().unique())
    if len(units) > 1:
        raise ValueError(f"totals in {len(units)} units ({', '.join(units[:6])}): choose one")
    dated = totals[totals["period"].notna()]
    undated = int(totals.loc[totals["period"].isna(), "facts"].sum())
    keys = group_columns(totals)
    varied = [key for key in keys if dated[key].nunique(dropna=False) > 1]
    common = tuple(
        str(dated[key].iloc[0])
        for key in keys
        if key not in varied and len(dated) and pd.notna(dated[key].iloc[0])
    )
    prefix = "cumulative_" if cumulative else ""
    made = [_series(name, rows, prefix) for name, rows in _groups(dated, varied)]
    made.sort(key=lambda series: (-series.last if cumulative else -series.best.sum(), series.name))
    return Chosen(units[0] if units else "", common, tuple(made), undated)


def name_of(values: Any) -> str:
    """A group's name on a chart: its values side by side, the unknown in words."""
    return ", ".join("not stated" if pd.isna(value) else str(value) for value in values)


def _groups(totals: pd.DataFrame, keys: list[str]) -> list[tuple[str, pd.DataFrame]]:
    if not keys:
        return [("", totals)] if len(totals) else []
    return [
        (name_of(values), rows) for values, rows in totals.groupby(keys, dropna=False, sort=True)
    ]


def _series(name: str, rows: pd.DataFrame, prefix: str) -> Series:
    rows = rows.sort_values("period", kind="stable")
    low, best, high = (rows[prefix + bound].to_numpy("float64") for bound in BOUNDS)
    return Series(name, rows["period"].to_numpy("datetime64[us]"), low, best, high)

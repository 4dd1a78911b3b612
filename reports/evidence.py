"""What stands behind the sums: totals stated in texts against them, and figures in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ledger.series import SERIES
from reports.canvas import (
    INK,
    date_axis,
    days,
    furnish,
    new_axes,
    number_axis,
    palette,
    say_empty,
    scale_of,
    styled,
)
from reports.labels import Label, label_free
from reports.series import name_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GAPS = 12  # gaps that are named, the largest first
LANES = 40
_LANE, _AROUND = 0.26, 1.9  # inches: a lane, and what stands around the lanes
_ALARM = "#D55E00"


@styled
def plot_reconciliation(
    balances: pd.DataFrame,
    ax: Axes | None = None,
    *,
    title: str = "Stated totals against the sum of events",
    subtitle: str | None = None,
    source: str | None = None,
    note: str | None = None,
    size: str = "screen",
) -> Axes:
    """The events of one series added up, the totals that texts state, and the gaps between.

    ``balances`` is what ``Ledger.reconcile()`` gives, of one series (ValueError for several). The
    line starts again from every stated total; where the total is not what the line had reached, the
    gap is drawn and named.
    """
    series = balances[list(SERIES)].drop_duplicates()
    if len(series) > 1:
        raise ValueError(f"balances of {len(series)} series: choose one")
    rows = balances[balances["date"].notna() & balances["amount"].notna()]
    ax = ax or new_axes(size)
    totals = rows[rows["entry"].eq("total")]
    largest = float(rows[["amount", "expected"]].abs().max().max()) if len(rows) else 0.0
    scale = scale_of(largest, str(series["unit"].iloc[0]) if len(series) else "")
    if rows.empty:
        say_empty(ax)
    else:
        _account(ax, rows)
        gaps = totals[totals["verdict"].ne("agrees") & totals["gap"].ne(0)]
        at = days(gaps["date"])
        ax.vlines(
            at, gaps["expected"], gaps["amount"], color=_ALARM, alpha=0.3, linewidth=8, zorder=1
        )
        ax.plot(days(totals["date"]), totals["amount"], "D", color=INK, markerfacecolor="white",
                markersize=5)  # fmt: skip
        number_axis(ax, scale)
        date_axis(ax)
        _room(ax, days(rows["date"]))
        order = np.argsort(-gaps["gap"].abs().to_numpy(), kind="stable")[:GAPS]
        middle = ((gaps["expected"] + gaps["amount"]) / 2).to_numpy()
        words = [("+" if gap > 0 else "−") + scale.text(abs(gap)) for gap in gaps["gap"]]
        labels = [Label(at[i], middle[i], words[i], _ALARM) for i in order]
        label_free(ax, labels)
    named = [name for name in SERIES if name != "unit"]
    what = subtitle or (name_of(series.iloc[0][named].dropna()) if len(series) else "")
    measure = ", ".join(filter(None, (what, scale.measure)))
    furnish(ax, title, measure, source=source, note=_joined(
        "Line: events added up, started again from each stated total." if len(rows) else None,
        "Diamonds: stated totals." if len(totals) else None,
        "Bars: gaps that no event in the ledger explains." if len(rows) else None,
        note,
    ))  # fmt: skip
    return ax


def _account(ax: Axes, rows: pd.DataFrame) -> None:
    """The running account: an event adds to it, a stated total sets it."""
    dates, heights, height = [], [], 0.0
    for entry, date, amount in zip(rows["entry"], rows["date"], rows["amount"], strict=True):
        if entry == "delta":
            dates.append(date)
            heights.append(height + amount)
        elif entry == "total":
            dates.append(date)
            heights.append(amount)
        height = heights[-1] if heights else 0.0
    at = days(pd.Series(dates))
    ax.step([at[0], *at], [0.0, *heights], where="post", color=palette()[0])


@styled
def plot_timeline(
    figures: pd.DataFrame,
    ax: Axes | None = None,
    *,
    lanes: str = "status",
    title: str = "Figures in time",
    subtitle: str | None = None,
    source: str | None = None,
    note: str | None = None,
    size: str = "screen",
) -> Axes:
    """Every dated figure as a dot on the last day of its date, in lanes by one column.

    ``figures`` is ``Ledger.figures()`` or ``Ledger.facts()``; ``lanes`` a column of it. A dot is
    darker where several coincide; the number of figures stands behind a lane's name.
    """
    dated = figures[figures["date_end"].notna()]
    names = dated[lanes].astype("object").where(dated[lanes].notna(), "not stated")
    counts = names.value_counts()
    shown = counts.head(LANES)
    ax = ax or new_axes(size, _AROUND + _LANE * max(len(shown), 5))
    if shown.empty:
        say_empty(ax)
    else:
        place = {name: number for number, name in enumerate(shown.index)}
        on = names.isin(shown.index)
        at = days(dated["date_end"][on])
        ax.plot(at, names[on].map(place), "o", color=palette()[0], alpha=0.45, markersize=5,
                markeredgewidth=0)  # fmt: skip
        ax.set_yticks(range(len(shown)), [f"{name}  {n:,}" for name, n in shown.items()])
        ax.set_ylim(len(shown) - 0.4, -0.6)
        ax.tick_params(axis="y", length=0)
        date_axis(ax)
        _room(ax, at)
    undated = len(figures) - len(dated)
    furnish(ax, title, ", ".join(filter(None, (subtitle, f"figures by {lanes}"))), source=source,
            note=_joined(
        f"Not shown: {len(counts) - LANES} smaller groups." if len(counts) > LANES else None,
        f"Without a date, not drawn: {undated:,}." if undated else None,
        note,
    ))  # fmt: skip
    return ax


def _room(ax: Axes, at: np.ndarray) -> None:
    """A little room on either side of the dates."""
    margin = (at.max() - at.min()) * 0.02 or 20
    ax.set_xlim(at.min() - margin, at.max() + margin)


def _joined(*notes: str | None) -> str:
    return " ".join(filter(None, notes))

"""What stands behind the sums: totals stated in texts against them, and figures in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import numpy as np
import pandas as pd

from ledger.series import SERIES
from reports.charts.canvas import (
    INK,
    Around,
    Frame,
    date_axis,
    days,
    furnished,
    number_axis,
    palette,
    say_empty,
)
from reports.charts.chosen import split
from reports.charts.labels import Label, label_free
from reports.charts.window import Window, window
from reports.filters import NOT_STATED, value_name
from reports.titles import Scale, Topic, scale_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

GAPS = 12  # gaps that are named, the largest first
FEW, MANY = (
    8,
    60,
)  # stated totals: so many carry their numbers, and of more there is no room for marks
SEEN = 0.03  # ... that are higher than this part of the chart
LANES = 40
_LANE, _AROUND = 0.26, 1.9  # inches: a lane, and what stands around the lanes
_ALARM = "#D55E00"


@furnished
def plot_reconciliation(
    balances: pd.DataFrame,
    ax: Axes | None = None,
    **around: Unpack[Around],
) -> Axes:
    """The events of one series added up, the totals that texts state, and the gaps between.

    ``balances`` is what ``Ledger.reconcile()`` gives, of one series (ValueError for several). The
    line starts again from every stated total; where the total is not what the line had reached, the
    gap is drawn and, of the largest, named. Title and ``where`` are as for
    :func:`reports.charts.charts.plot_totals`.
    """
    series = balances[list(SERIES)].drop_duplicates()
    if len(series) > 1:
        raise ValueError(f"balances of {len(series)} series: choose one")
    unit = str(series["unit"].iloc[0]) if len(series) else ""
    _, common = split(series, [name for name in SERIES if name != "unit"])
    rows = balances[balances["date"].notna() & balances["amount"].notna()]
    seen = window(rows["date"].to_numpy("datetime64[us]"), np.ones(len(rows), dtype="int64"))
    frame = Frame(ax, around)
    ax = frame.axes()
    totals = rows[rows["entry"].eq("total")]
    largest = float(rows[["amount", "expected"]].abs().max().max()) if len(rows) else 0.0
    scale = scale_of(largest, unit)
    if seen is None:
        say_empty(ax)
    else:
        _account(ax, rows, seen)
        told = totals[seen.holds(_dates(totals["date"]))]
        many = len(told) > MANY
        gaps = told[told["verdict"].ne("agrees") & told["gap"].ne(0)]
        if not many:
            ax.plot(days(told["date"]), told["amount"], "D", color=INK, markerfacecolor="white",
                    markersize=5, clip_on=False, zorder=3)  # fmt: skip
        ax.update_datalim([(days(seen.first), one) for one in gaps["expected"].dropna()])
        _room(ax, seen)
        ax.set_ylim(min(ax.dataLim.y0, 0), max(ax.dataLim.y1, 0) or 1)
        number_axis(ax, scale)
        date_axis(ax)
        gaps = _visible(gaps, ax) if many else gaps
        ax.vlines(days(gaps["date"]), gaps["expected"], gaps["amount"], color=_ALARM,
                  alpha=1 if many else 0.3, linewidth=2 if many else 8,
                  zorder=3 if many else 1)  # fmt: skip
        label_free(ax, [*_amounts(told, scale), *_gaps(gaps, ax, scale)])
    notes = [
        "Line: events added up, started again from each stated total." if seen else None,
        _marks_note(len(totals)),
        seen.note if seen else None,
    ]
    measure = [scale.measure] if seen else []
    about = ": stated and added up"
    frame.furnish(ax, Topic(unit, common), *measure, about=about, notes=notes)
    return ax


def _marks_note(totals: int) -> str | None:
    """What stands for the stated totals and the gaps."""
    if totals > MANY:
        return (
            f"Each of {totals:,} stated totals is a step of the line; "
            "in orange, the largest gaps that no event explains."
        )
    return "Diamonds: stated totals. Bars: gaps that no event explains." if totals else None


def _amounts(totals: pd.DataFrame, scale: Scale) -> list[Label]:
    """The stated totals with their numbers, where these are few."""
    if len(totals) > FEW:
        return []
    at = days(totals["date"])
    return [
        Label(float(x), float(amount), scale.words(amount), INK)
        for x, amount in zip(at, totals["amount"], strict=True)
    ]


def _gaps(gaps: pd.DataFrame, ax: Axes, scale: Scale) -> list[Label]:
    """The largest gaps with their numbers, those that can be seen."""
    seen = _visible(gaps, ax)
    at = days(seen["date"])
    order = np.argsort(-seen["gap"].abs().to_numpy(), kind="stable")[:GAPS]
    middle = ((seen["expected"] + seen["amount"]) / 2).to_numpy()
    words = [("+" if gap > 0 else "−") + scale.words(abs(gap)) for gap in seen["gap"]]
    return [Label(float(at[i]), float(middle[i]), words[i], _ALARM) for i in order]


def _visible(gaps: pd.DataFrame, ax: Axes) -> pd.DataFrame:
    bottom, top = ax.get_ylim()
    return gaps[gaps["gap"].abs().ge((top - bottom) * SEEN)]


def _account(ax: Axes, rows: pd.DataFrame, seen: Window) -> None:
    """The running account in the window: an event adds to it, a stated total sets it."""
    entered = rows[rows["entry"].isin(["delta", "total"])]
    heights, height = [], 0.0
    for entry, amount in zip(entered["entry"], entered["amount"], strict=True):
        height = amount if entry == "total" else height + amount
        heights.append(height)
    inside = seen.holds(_dates(entered["date"]))
    before = (_dates(entered["date"]) < seen.first).nonzero()[0]
    at, reached = days(entered["date"][inside]), np.array(heights)[inside]
    risen_from = heights[before[-1]] if len(before) else 0.0
    ax.step([*at[:1], *at], [risen_from, *reached][: len(at) + 1], where="post", color=palette()[0])


@furnished
def plot_timeline(
    figures: pd.DataFrame,
    ax: Axes | None = None,
    *,
    lanes: str = "status",
    **around: Unpack[Around],
) -> Axes:
    """Every dated figure as a dot on the last day of its date, in lanes by one column.

    ``figures`` is ``Ledger.figures()`` or ``Ledger.facts()``; ``lanes`` a column of it. A dot is
    darker where several coincide; the number of figures stands behind a lane's name. Title and
    ``where`` are as for :func:`reports.charts.charts.plot_totals`.
    """
    every = figures[figures["date_end"].notna()]
    seen = window(_dates(every["date_end"]), np.ones(len(every), dtype="int64"))
    dated = every[seen.holds(_dates(every["date_end"]))] if seen else every
    codes = dated[lanes].astype("object").where(dated[lanes].notna(), NOT_STATED)
    names = codes.map(lambda code: value_name(lanes, str(code)))
    counts = names.value_counts()
    shown = counts.head(LANES)
    frame = Frame(ax, around)
    ax = frame.axes(_AROUND + _LANE * max(len(shown), 5))
    if seen is None:
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
        _room(ax, seen)
    undated = len(figures) - len(every)
    kind = "facts" if "fact_id" in figures else "figures"
    _, common = split(figures, [name for name in SERIES if name != lanes])
    notes = [
        f"Not shown: {len(counts) - LANES} smaller groups." if len(counts) > LANES else None,
        seen.note if seen else None,
        f"Without a date, not drawn: {undated:,}." if undated else None,
    ]
    measure = f"a dot for the date of each, and how many {kind}"
    frame.furnish(ax, Topic(common.pop("unit", kind), common, [lanes]), measure, notes=notes)
    return ax


def _room(ax: Axes, seen: Window) -> None:
    """A little room on either side of the dates shown."""
    first, last = days(seen.first), days(seen.last)
    margin = (last - first) * 0.02 or 20
    ax.set_xlim(float(first - margin), float(last + margin))


def _dates(column: pd.Series[pd.Timestamp]) -> NDArray[np.datetime64]:
    return column.to_numpy("datetime64[us]")

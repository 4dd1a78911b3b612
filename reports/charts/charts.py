"""Totals over time: cumulative steps with their bounds, and columns by period.

Every function takes a frame of totals and returns the axes it drew on: those given as ``ax``, or
new ones outside pyplot's global state. :func:`reports.charts.canvas.save_chart` writes them to a
file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from ledger.totals import period_name
from reports.charts.canvas import (
    FAINT,
    INK,
    Around,
    Frame,
    date_axis,
    days,
    furnished,
    key,
    log_axis,
    new_panels,
    number_axis,
    palette,
    say_empty,
)
from reports.charts.chosen import NAMED, Chosen, Series, choose, stated_totals
from reports.charts.labels import SIZE, Label, label_free, label_right, room_for
from reports.filters import listed
from reports.titles import Scale, Topic, scale_of, shortly

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from reports.charts.chosen import StatedTotals

FLAT = 15  # where the largest is so many times the next, all others lie flat on a common axis
FEW = 14  # columns that carry their numbers
MANY = 40  # columns past which an edge around each would be most of it
PANELS = 6
_NO_DOUBT = 0.995
UNNAMED = "#9AA5AE"
_PANEL, _AROUND = 1.05, 1.7  # inches: one panel, and what stands around them


@furnished
def plot_totals(
    totals: pd.DataFrame,
    ax: Axes | None = None,
    *,
    balances: pd.DataFrame | None = None,
    **around: Unpack[Around],
) -> Axes:
    """Cumulative totals as steps, one for each group, with the band from low to high.

    ``totals`` is what ``Ledger.totals(by=..., freq="day")`` gives, in one unit; a ValueError says
    in one line what else lacks (:func:`reports.charts.chosen.leading_unit` names the commonest
    unit); with ``basis="total"``, the totals that texts state, drawn as they stand. Where one
    series would lay all others flat, the axis is logarithmic. The title is made of
    what the numbers have in common and of ``where``, the filter that chose them, unless one is
    given; measure and unit are added to ``subtitle``. The seven largest series are coloured and
    named at their ends, others are grey. An open upper bound is written "or more". ``balances``
    (``Ledger.reconcile()``, chosen like ``totals``) adds the totals that texts state, as diamonds.
    """
    chosen = choose(totals, cumulative=True)
    frame = Frame(ax, around)
    ax = frame.axes()
    named = chosen.series[:NAMED]
    largest = max((_largest(series) for series in chosen.series), default=0.0)
    scale = scale_of(largest, chosen.topic.unit)
    stated = stated_totals(balances, chosen)
    notes = [
        _band_note(named),
        _stated_note(named, stated, scale),
        _grey_note(len(chosen.series)),
        chosen.window.note if chosen.window else None,
        _undated_note(chosen),
        _sure_note(named),
    ]
    what = "totals as stated" if chosen.stated else "cumulative"
    flat = most_lie_flat([series.last for series in named], all(map(_positive, named)))
    measure = [what, scale.measure]
    if flat:
        measure = [what, scale_of(0, chosen.topic.unit).measure, "logarithmic axis"]
    frame.furnish(ax, chosen.topic, *(measure if chosen.series else ()), notes=notes)
    if not chosen.series:
        say_empty(ax)
        return ax
    ends = [series.dates[-1] for series in chosen.series]
    starts = [series.dates[0] for series in chosen.series]
    told = [date for dates, _ in stated.values() for date in dates]
    first, last = min([*starts, *told]), max([*ends, *told])
    for series in chosen.series[NAMED:]:
        _steps(ax, series, last, FAINT, band=False)
    colors = _colors(named)
    for series, color in reversed(list(zip(named, colors, strict=True))):
        _steps(ax, series, last, color, band=True)
        dates, amounts = stated.get(series.name, ((), ()))
        ax.plot(dates, amounts, "D", color=color, markerfacecolor="white", markersize=5, zorder=4)
    _limits(ax, first, last, chosen)
    if flat:
        smallest = min(series.last for series in named)
        log_axis(ax, chosen.topic.unit, smallest, max(largest, ax.dataLim.y1))
    else:
        number_axis(ax, scale)
    date_axis(ax)
    words = [_end_words(one, None if flat else scale, one.name in stated) for one in named]
    labels = [
        Label(float(days(last)), series.last, told, color)
        for series, told, color in zip(named, words, colors, strict=True)
    ]
    # the names take room beside the axes: make it before heights are measured
    label_right(ax, labels[: room_for(ax)])
    return ax


@furnished
def plot_columns(
    totals: pd.DataFrame,
    ax: Axes | None = None,
    *,
    freq: str = "month",
    **around: Unpack[Around],
) -> Axes:
    """What each period added, as columns stacked by group (donor); different things and stages
    have a panel each, for nobody adds tanks and shells, or promises and deliveries.

    ``totals`` is what ``Ledger.totals(by=..., freq=...)`` gives, in one unit; of totals that texts
    state (``basis="total"``) the increments are drawn. Groups past the
    seventh share one grey segment. A single group carries whiskers from low to high. Title and
    ``where`` are as for :func:`plot_totals`.
    """
    chosen = choose(totals, cumulative=False)
    frame = Frame(ax, around)
    periods = np.unique(np.concatenate([s.dates for s in chosen.series] or [np.array([])]))
    stacks = _stacks(chosen.series, periods)
    notes = [
        "Differences between stated totals." if chosen.stated and chosen.series else None,
        _whisker_note(chosen),
        chosen.window.note if chosen.window else None,
        _undated_note(chosen),
    ]
    new = f"new in each {period_name(freq)}"
    whole = [float(series.best.sum()) for series in chosen.series[:NAMED]]
    flat = lies_flat(whole, bool((stacks >= 0).all()))
    if ax is None and (flat or (are_unlike(chosen.topic) and len(chosen.series) > 1)):
        return _draw_panels(frame, chosen, periods, stacks, new, notes)
    ax = frame.axes()
    tallest = float(np.abs(stacks).sum(axis=0).max(initial=0))
    scale = scale_of(tallest, chosen.topic.unit)
    if chosen.series:
        tops = _draw_stacks(ax, chosen, periods, stacks)
        ax.axhline(0, color=INK, linewidth=0.8)
        _name_columns(ax, days(periods), tops, stacks.sum(axis=0), scale)
    else:
        say_empty(ax)
    measure = (new, scale.measure) if chosen.series else ()
    frame.furnish(ax, chosen.topic, *measure, notes=notes, lift=key(ax))
    return ax


def _draw_panels(
    frame: Frame,
    chosen: Chosen,
    periods: NDArray[Any],
    stacks: NDArray[np.float64],
    new: str,
    notes: list[str | None],
) -> Axes:
    """A panel with an axis of its own for each group, the largest at the top; returns that."""
    shown = chosen.series[:PANELS]
    panels = new_panels(len(shown), frame.size, _AROUND + _PANEL * len(shown))
    at = days(periods)
    for panel, series, heights, color in zip(panels, shown, stacks, _colors(shown), strict=False):
        scale = scale_of(float(heights.max()), chosen.topic.unit)
        panel.bar(at, heights, _column_width(at), color=color)
        panel.axhline(0, color=INK, linewidth=0.8)
        _room_beside(panel, at)
        panel.annotate(f"{series.name}: {scale.measure}", (0, 1), (0, 3), xycoords="axes fraction",
                       textcoords="offset points", size=SIZE, color=color, weight="bold",
                       gid="panel")  # fmt: skip
        _name_columns(panel, at, heights, heights, scale, bins=3, room=1.4)
    left = len(chosen.series) - len(shown)
    smaller = f"{left} smaller group" + ("" if left == 1 else "s")
    notes = [*notes, f"Not drawn: {smaller}." if left else None]
    measure = (new, "each on its own axis")
    frame.furnish(panels[0], chosen.topic, *measure, notes=notes, lift=16, below=panels[-1])
    return panels[0]


def _name_columns(
    ax: Axes,
    at: NDArray[np.float64],
    tops: NDArray[np.float64],
    sums: NDArray[np.float64],
    scale: Scale,
    bins: int = 6,
    room: float = 1.08,
) -> None:
    """The axes of columns, and where these are few, the number above each, the largest first, with
    the axis so many times as high as the highest."""
    few = len(at) <= FEW
    bottom, top = ax.get_ylim()
    ax.set_ylim(min(float(bottom), 0.0), float(tops.max()) * (room if few else 1) or top)
    number_axis(ax, scale, bins)
    date_axis(ax)
    if few:
        order = np.argsort(-sums, kind="stable")
        labels = [
            Label(float(at[i]), max(float(tops[i]), 0.0), scale.text(float(sums[i])), INK)
            for i in order
        ]
        label_free(ax, [label for label in labels if label.words != "0"], ["above"])


def lies_flat(heights: Sequence[float], possible: bool = True) -> bool:
    """Whether the largest of several would lay all others flat on an axis that they share."""
    ranked = sorted(heights, reverse=True)
    return possible and len(ranked) > 1 and 0 < ranked[1] * FLAT <= ranked[0]


def most_lie_flat(heights: Sequence[float], possible: bool = True) -> bool:
    """Whether the largest of several would lay most of the others flat, or the next one."""
    ranked = sorted(heights, reverse=True)
    middle = float(np.median(ranked[1:])) if len(ranked) > 1 else 0.0
    return lies_flat(heights, possible) or lies_flat([*ranked[:1], middle], possible)


def are_unlike(topic: Topic) -> bool:
    """Whether the series are what nobody adds: tanks and shells, promises and deliveries."""
    return "status" in topic.varied or (topic.unit == "count" and "item" in topic.varied)


def _colors(series: Sequence[Series]) -> list[str]:
    """A colour for each, grey for what nothing names."""
    known = iter(palette())
    return [UNNAMED if one.unknown else next(known) for one in series]


def _positive(series: Series) -> bool:
    return bool((series.best >= 0).all()) and series.last > 0


def _steps(ax: Axes, series: Series, last: np.datetime64, color: str, *, band: bool) -> None:
    """One line from its first date to the chart's last, risen from zero (unless it came from
    before), ended by a dot."""
    rise = [] if series.carried else [0.0]  # on a logarithmic axis, from below it
    dates = np.concatenate([series.dates[: len(rise)], series.dates, [last]])
    best, low, high = (
        np.concatenate([rise, values, values[-1:]])
        for values in (series.best, series.low, np.fmax(series.high, series.best))
    )
    if band and not np.array_equal(low, high):
        shade: dict[str, Any] = {"step": "post", "color": color, "alpha": 0.16, "linewidth": 0}
        high = np.where(np.isnan(high), best, high)
        ax.fill_between(dates, low, high, **shade)
    ax.step(dates, best, where="post", color=color, linewidth=1.8 if band else 0.9)
    if band:
        ax.plot([last], [series.last], "o", color=color, clip_on=False)


def _limits(ax: Axes, first: np.datetime64, last: np.datetime64, chosen: Chosen) -> None:
    """Zero in view, and a little room on either side of the lines."""
    start, end = float(days(first)), float(days(last))
    margin = (end - start) * 0.015 or 20  # days on either side of a single date
    ax.set_xlim(start - margin, end + margin)
    bottom, top = ax.dataLim.y0, ax.dataLim.y1
    ax.set_ylim(min(bottom, 0) if _has_negative(chosen) else 0, max(top, 0) or 1)


def _has_negative(chosen: Chosen) -> bool:
    return any(float(np.nanmin(series.low)) < 0 for series in chosen.series)


def _largest(series: Series) -> float:
    return float(np.nanmax(np.abs(np.concatenate([series.best, series.high]))))


def _end_words(series: Series, scale: Scale | None, stated: bool) -> str:
    """A line's name and last number, without a scale on one of its own; that it is added up, where
    texts state totals beside it."""
    number = scale.words(series.last) if scale else shortly(series.last, "")
    number += " or more" if series.is_open else ""
    number += " added up" if stated else ""
    return f"{series.name}  {number}" if series.name else number


def _stated_note(named: Sequence[Series], stated: StatedTotals, scale: Scale) -> str | None:
    """What the diamonds are, and the latest of each line that has any."""
    if not stated:
        return None
    latest = []
    for series in named:
        if series.name in stated:
            dates, amounts = stated[series.name]
            last = int(np.argmax(dates))
            told = (
                f"{scale.words(float(amounts[last]))} ({np.datetime_as_string(dates[last], 'D')})"
            )
            latest.append(f"{series.name} {told}".lstrip())
    told = f"; the latest: {listed(latest)}" if latest else ""
    return f"Diamonds: totals that texts state{told}."


def _band_note(series: tuple[Series, ...]) -> str | None:
    bounded = any(not np.array_equal(s.low, s.high) for s in series)
    if len({date for s in series for date in s.dates[[0, -1]]}) < 2:
        return None  # a single date: a band without width
    return "Shaded: from the low to the high bound of the sources." if bounded else None


def _whisker_note(chosen: Chosen) -> str | None:
    if len(chosen.series) != 1 or np.array_equal(chosen.series[0].low, chosen.series[0].high):
        return None
    return "Lines: from the low to the high bound of the sources."


def _grey_note(number: int) -> str | None:
    return f"Grey: {number - NAMED} smaller series." if number > NAMED else None


def _undated_note(chosen: Chosen) -> str | None:
    return f"Without a date, not drawn: {_facts(chosen.undated)}." if chosen.undated else None


def _sure_note(named: Sequence[Series]) -> str | None:
    """How sure the reader is of what the named lines add up; nothing of what nobody doubts."""
    told = [one for one in named if one.sure < _NO_DOUBT]
    if not told:
        return None
    said = [f"{one.name} {one.sure:.0%}".lstrip() for one in told]
    return f"Chance that it is read rightly, weighed by amount: {listed(said)}."


def _facts(number: int) -> str:
    return f"{number} fact" if number == 1 else f"{number} facts"


def _stacks(series: tuple[Series, ...], periods: NDArray[Any]) -> NDArray[np.float64]:
    """Best numbers as an array of (shown groups, periods); groups past the seventh are one."""
    heights = np.zeros((min(len(series), NAMED + 1), len(periods)))
    for index, one in enumerate(series):
        heights[min(index, NAMED), np.searchsorted(periods, one.dates)] += one.best
    return heights


def _draw_stacks(
    ax: Axes, chosen: Chosen, periods: NDArray[Any], heights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The columns; returns how high each reaches, with its whisker."""
    at = days(periods)
    width = _column_width(at)
    above, below = np.zeros(len(periods)), np.zeros(len(periods))
    colors = [*_colors(chosen.series[:NAMED]), FAINT]
    for index, (row, color) in enumerate(zip(heights, colors, strict=False)):
        rest = len(chosen.series) - NAMED
        name = chosen.series[index].name if index < NAMED else f"{rest} others"
        base = np.where(row >= 0, above, below)
        ax.bar(at, row, width, base, color=color, label=name, edgecolor="white",
               linewidth=0.4 if len(periods) <= MANY else 0)  # fmt: skip
        above += np.clip(row, 0, None)
        below += np.clip(row, None, 0)
    if len(chosen.series) == 1:
        one = chosen.series[0]
        high = np.where(np.isnan(one.high), one.best, one.high)
        wide = high > one.low
        ax.vlines(at[wide], one.low[wide], high[wide], color=INK, linewidth=1)
        above = np.maximum(above, high)
    _room_beside(ax, at)
    return above


def _column_width(at: NDArray[np.float64]) -> float:
    return float(np.diff(at).min(initial=31)) * 0.82


def _room_beside(ax: Axes, at: NDArray[np.float64]) -> None:
    width = _column_width(at)
    room = max(width, (4 - len(at)) * width)
    ax.set_xlim(at[0] - room, at[-1] + room)

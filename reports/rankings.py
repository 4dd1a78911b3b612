"""Groups side by side: ranked donors, and what was promised beside what was delivered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reports.canvas import (
    FAINT,
    INK,
    furnish,
    key,
    new_axes,
    palette,
    say_empty,
    scale_of,
    styled,
)
from reports.labels import SIZE
from reports.series import group_columns, name_of, one_unit, split

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST, FEWEST = 40, 3  # bars on one chart, and for how many it has room at least
_BAR, _AROUND = 0.24, 1.7  # inches: a bar with its gap, and what stands around the bars


@styled
def plot_ranked(
    totals: pd.DataFrame,
    ax: Axes | None = None,
    *,
    share_of: Mapping[str, float] | None = None,
    share_name: str = "GDP",
    title: str = "Who gave most",
    subtitle: str | None = None,
    source: str | None = None,
    note: str | None = None,
    size: str = "screen",
) -> Axes:
    """Groups as bars, the largest at the top, with a line from the low to the high bound.

    ``totals`` is what ``Ledger.totals(by="donor")`` gives, in one unit (ValueError for several).
    ``share_of`` maps a group's name to the number, in that unit, of which its total is shown as a
    share in percent (a donor's GDP); groups that it lacks are left out and counted.
    """
    unit, common, rows = _ranked(totals)
    missing = 0
    if share_of is not None:
        known = rows["name"].isin(list(share_of))
        missing, rows = int((~known).sum()), rows[known]
        whole = rows["name"].map(share_of) / 100
        rows = rows.assign(**{name: rows[name] / whole for name in ("low", "best", "high")})
        rows, unit = rows.sort_values("best", ascending=False), "percent"
    shown = rows.head(MOST)
    ax = ax or new_axes(size, _AROUND + _BAR * max(len(shown), 5))
    scale = scale_of(float(shown["best"].abs().max() if len(shown) else 0), unit)
    measured = f"percent of {share_name}" if share_of is not None else scale.measure
    notes = [
        "Lines: from the low to the high bound of the sources." if _bounded(shown) else None,
        f"Not shown: {len(rows) - MOST} smaller." if len(rows) > MOST else None,
        f"Without a {share_name} given: {missing}." if missing else None,
        note,
    ]
    if shown.empty:
        say_empty(ax)
    else:
        places = np.arange(len(shown))
        ax.barh(places, shown["best"], 0.68, color=palette()[0])
        wide = shown["high"].fillna(shown["best"]).gt(shown["low"]).to_numpy()
        ax.hlines(places[wide], shown["low"][wide], shown["high"].fillna(shown["best"])[wide],
                  color=INK, linewidth=1)  # fmt: skip
        ends = shown[["best", "high"]].max(axis=1)
        open_high = shown["high"].isna()
        words = [
            scale.text(best) + (" or more" if is_open else "")
            for best, is_open in zip(shown["best"], open_high, strict=True)
        ]
        _name_bars(ax, shown["name"], ends, words)
    furnish(ax, title, _words(subtitle, common, measured), source=source, note=_joined(notes))
    return ax


@styled
def plot_commitments(
    totals: pd.DataFrame,
    ax: Axes | None = None,
    *,
    title: str = "Promised and delivered",
    subtitle: str | None = None,
    source: str | None = None,
    note: str | None = None,
    size: str = "screen",
) -> Axes:
    """What was committed (wide, pale) and delivered (narrow, dark) of each group.

    ``totals`` is what ``Ledger.totals(by="donor", status=["committed", "delivered"])`` gives, in
    one unit (ValueError for several). A delivery need not have been promised in the same texts.
    """
    unit = one_unit(totals)
    keys = [name for name in group_columns(totals) if name != "status"]
    varied, common = split(totals, keys)
    names = [name_of(values) for values in totals[varied].itertuples(index=False)]
    both = (
        totals.assign(name=names)
        .pivot_table(index="name", columns="status", values="best", aggfunc="sum")
        .reindex(columns=["committed", "delivered"])
    )
    both = both.assign(largest=both.max(axis=1)).sort_values("largest", ascending=False)
    shown = both.head(MOST)
    ax = ax or new_axes(size, _AROUND + 0.25 + _BAR * max(len(shown), 5))
    scale = scale_of(float(shown["largest"].max() if len(shown) else 0), unit)
    if shown.empty:
        say_empty(ax)
    else:
        places = np.arange(len(shown))
        ax.barh(places, shown["committed"].fillna(0), 0.74, color=FAINT, label="committed")
        ax.barh(places, shown["delivered"].fillna(0), 0.36, color=palette()[0], label="delivered")
        pairs = zip(shown["committed"], shown["delivered"], strict=True)
        words = [_pair(committed, delivered, scale.text) for committed, delivered in pairs]
        _name_bars(ax, shown.index.to_series(), shown["largest"], words)
    notes = [f"Not shown: {len(both) - MOST} smaller." if len(both) > MOST else None, note]
    furnish(ax, title, _words(subtitle, common, scale.measure), source=source,
            note=_joined(notes), lift=key(ax))  # fmt: skip
    return ax


def _ranked(totals: pd.DataFrame) -> tuple[str, dict[str, str], pd.DataFrame]:
    """The unit, what the groups have in common, and the groups by name, largest first."""
    unit = one_unit(totals)
    varied, common = split(totals, group_columns(totals))
    names = [name_of(values) for values in totals[varied].itertuples(index=False)]
    rows = totals[["low", "best", "high"]].assign(name=names)
    return unit, common, rows.sort_values(["best", "name"], ascending=[False, True])


def _name_bars(ax: Axes, names: pd.Series[str], ends: pd.Series[float], words: list[str]) -> None:
    """Names on the left, numbers at the ends of the bars, the first bar at the top."""
    ax.set_yticks(range(len(names)), [name or "all" for name in names])
    ax.tick_params(axis="y", length=0)
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    ax.set_xticks([])
    ax.set_ylim(max(len(names), FEWEST) - 0.4, -0.6)
    ax.axvline(0, color=INK, linewidth=0.8)
    for place, (end, word) in enumerate(zip(ends, words, strict=True)):
        ax.annotate(word, (max(end, 0), place), (4, 0), textcoords="offset points", va="center",
                    size=SIZE, annotation_clip=False, gid="label")  # fmt: skip


def _pair(committed: float, delivered: float, text: Callable[[float], str]) -> str:
    """``7.5 of 10.7`` delivered; where more came than these texts promise, that is said."""
    if pd.isna(delivered):
        return f"0 of {text(committed)}"
    if pd.isna(committed):
        return text(delivered)
    if delivered > committed:
        return f"{text(delivered)} (promised: {text(committed)})"
    return f"{text(delivered)} of {text(committed)}"


def _bounded(rows: pd.DataFrame) -> bool:
    return bool(rows["high"].gt(rows["low"]).any() or rows["high"].isna().any())


def _words(subtitle: str | None, common: Mapping[str, str], measure: str) -> str:
    return ", ".join(filter(None, (subtitle or ", ".join(common.values()), measure)))


def _joined(notes: list[str | None]) -> str:
    return " ".join(filter(None, notes))

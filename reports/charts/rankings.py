"""Groups side by side: ranked donors, and what was promised beside what was delivered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Unpack

import numpy as np
import pandas as pd

from ledger.series import ACTORS
from reports.charts.canvas import FAINT, INK, Around, Frame, furnished, key, palette, say_empty
from reports.charts.chosen import group_columns, name_of, one_unit, split
from reports.charts.labels import SIZE
from reports.titles import Scale, Topic, scale_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST, FEWEST = 40, 3  # bars on one chart, and for how many it has room at least
_BAR, _AROUND = 0.24, 1.7  # inches: a bar with its gap, and what stands around the bars


@furnished
def plot_ranked(
    totals: pd.DataFrame,
    ax: Axes | None = None,
    *,
    share_of: Mapping[str, float] | None = None,
    share_name: str = "GDP",
    **around: Unpack[Around],
) -> Axes:
    """Groups as bars, the largest at the top, with a line from the low to the high bound.

    ``totals`` is what ``Ledger.totals(by="donor")`` gives, in one unit (ValueError for several).
    ``share_of`` maps a group's code to the number, in that unit, of which its total is shown as a
    share in percent (a donor's GDP); groups that it lacks are left out and counted. What names no
    group is one grey bar below the others. Title and ``where`` are as for
    :func:`reports.charts.charts.plot_totals`.
    """
    topic, rows = _ranked(totals)
    unit, missing = topic.unit, 0
    if share_of is not None:
        known = rows["code"].isin(list(share_of))
        missing, rows = int((~known).sum()), rows[known]
        whole = rows["code"].map(share_of).astype("float64") / 100
        rows = rows.assign(**{name: rows[name] / whole for name in ("low", "best", "high")})
        rows, unit = rows.sort_values("best", ascending=False), "percent"
    shown = rows.head(MOST)
    frame = Frame(ax, around)
    ax = frame.axes(_AROUND + _BAR * max(len(shown), 5))
    scale = scale_of(float(shown["best"].abs().max() if len(shown) else 0), unit)
    measured = f"percent of {share_name}" if share_of is not None else scale.measure
    notes = [
        "Lines: from the low to the high bound of the sources." if _bounded(shown) else None,
        f"Not shown: {len(rows) - MOST} smaller." if len(rows) > MOST else None,
        f"Without a {share_name} given: {missing}." if missing else None,
    ]
    if shown.empty:
        say_empty(ax)
    else:
        places = np.arange(len(shown))
        colors = [FAINT if unknown else palette()[0] for unknown in shown["unknown"]]
        ax.barh(places, shown["best"], 0.68, color=colors)
        wide = shown["high"].fillna(shown["best"]).gt(shown["low"]).to_numpy()
        ax.hlines(places[wide], shown["low"][wide], shown["high"].fillna(shown["best"])[wide],
                  color=INK, linewidth=1)  # fmt: skip
        ends = shown[["best", "high"]].max(axis=1)
        open_high = shown["high"].isna()
        words = [
            scale.words(best) + (" or more" if is_open else "")
            for best, is_open in zip(shown["best"], open_high, strict=True)
        ]
        _name_bars(ax, shown["name"], ends, words)
    frame.furnish(ax, topic, *([measured] if len(shown) else []), notes=notes)
    return ax


@furnished
def plot_commitments(
    totals: pd.DataFrame,
    ax: Axes | None = None,
    **around: Unpack[Around],
) -> Axes:
    """What was committed (wide, pale) and delivered (narrow, dark) of each group.

    ``totals`` is what ``Ledger.totals(by="donor", status=["committed", "delivered"])`` gives, in
    one unit (ValueError for several). A delivery need not have been promised in the same texts.
    """
    unit = one_unit(totals)
    keys = [name for name in group_columns(totals) if name != "status"]
    varied, common = _grouped(totals, keys)
    topic = Topic(unit, {**common, "status": "promised and delivered"}, varied)
    names = [name_of(varied, values) for values in totals[varied].itertuples(index=False)]
    both = (
        totals.assign(name=names)
        .pivot_table(index="name", columns="status", values="best", aggfunc="sum")
        .reindex(columns=["committed", "delivered"])
    )
    both = both.assign(largest=both.max(axis=1)).sort_values("largest", ascending=False)
    shown = both.head(MOST)
    frame = Frame(ax, around)
    ax = frame.axes(_AROUND + 0.25 + _BAR * max(len(shown), 5))
    scale = scale_of(float(shown["largest"].max() if len(shown) else 0), unit)
    if shown.empty:
        say_empty(ax)
    else:
        places = np.arange(len(shown))
        ax.barh(places, shown["committed"].fillna(0), 0.74, color=FAINT, label="committed")
        ax.barh(places, shown["delivered"].fillna(0), 0.36, color=palette()[0], label="delivered")
        pairs = zip(shown["committed"], shown["delivered"], strict=True)
        words = [_pair(committed, delivered, scale) for committed, delivered in pairs]
        _name_bars(ax, shown.index.to_series(), shown["largest"], words)
    notes = [f"Not shown: {len(both) - MOST} smaller." if len(both) > MOST else None]
    measure = [scale.measure] if len(shown) else []
    frame.furnish(ax, topic, *measure, notes=notes, lift=key(ax))
    return ax


def _ranked(totals: pd.DataFrame) -> tuple[Topic, pd.DataFrame]:
    """What the groups have in common, and the groups, largest first and the unknown last."""
    varied, common = _grouped(totals, group_columns(totals))
    groups = list(totals[varied].itertuples(index=False, name=None))
    rows = totals[["low", "best", "high"]].assign(
        code=[", ".join(map(str, group)) for group in groups],
        name=[name_of(varied, group) for group in groups],
        unknown=totals[varied].isna().all(axis=1) if varied else False,
    )
    rows = rows.sort_values(["unknown", "best", "name"], ascending=[True, False, True])
    return Topic(one_unit(totals), common, varied), rows


def _grouped(totals: pd.DataFrame, keys: list[str]) -> tuple[list[str], dict[str, str]]:
    """The columns that name the bars, and what these have in common; a single actor is a bar."""
    varied, common = split(totals, keys)
    varied = varied or [name for name in ACTORS if name in common][:1]
    return varied, {name: value for name, value in common.items() if name not in varied}


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


def _pair(committed: float, delivered: float, scale: Scale) -> str:
    """``7.5 of 10.7`` delivered; where more came than these texts promise, that is said."""
    if pd.isna(committed):
        return scale.words(delivered)
    came = 0.0 if pd.isna(delivered) else delivered
    own = scale.fit(max(came, committed))
    apart = scale.apart(own)
    if came > committed:
        return f"{own.text(came)}{apart} (promised: {own.text(committed)}{apart})"
    return f"{own.text(came)} of {own.text(committed)}{apart}"


def _bounded(rows: pd.DataFrame) -> bool:
    return bool(rows["high"].gt(rows["low"]).any() or rows["high"].isna().any())

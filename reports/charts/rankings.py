"""Groups side by side: ranked donors, and what was promised beside what was delivered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias, Unpack

import numpy as np
import pandas as pd

from ledger.series import ACTORS
from reports.charts.canvas import FAINT, INK, Around, Frame, furnished, key, palette, say_empty
from reports.charts.chosen import group_columns, name_of, one_unit, split
from reports.charts.labels import SIZE
from reports.titles import Scale, Topic, is_currency, scale_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# A number for each group's code; a Series has a name for it too.
Shares: TypeAlias = "Mapping[str, float] | pd.Series[float]"
MOST, FEWEST = 40, 3  # bars on one chart, and for how many it has room at least
_BAR, _AROUND = 0.24, 1.7  # inches: a bar with its gap, and what stands around the bars


@furnished
def plot_ranked(
    totals: pd.DataFrame,
    ax: Axes | None = None,
    *,
    share_of: Shares | None = None,
    per_head: Shares | None = None,
    share_name: str | None = None,
    **around: Unpack[Around],
) -> Axes:
    """Groups as bars, the largest at the top, with a line from the low to the high bound.

    ``totals`` is what ``Ledger.totals(by="donor")`` gives, in one unit (ValueError for several).
    ``share_of`` maps a group's code to the number, in that unit, of which its total is shown as a
    share in percent (a donor's GDP), ``per_head`` to the number of people among whom it is divided;
    groups that it lacks are left out and counted. Either is called ``share_name``, else as its
    Series is (``frame["GDP 2021"]``). What names no group is one grey bar below the others. Title
    and ``where`` are as for :func:`reports.charts.charts.plot_totals`. Raises ValueError for both
    ``share_of`` and ``per_head``.
    """
    if share_of is not None and per_head is not None:
        raise ValueError("share_of or per_head: not both")
    divisor = share_of if share_of is not None else per_head
    topic, rows = _ranked(totals)
    unit, missing = topic.unit, 0
    if divisor is not None:
        known = rows["code"].isin([code for code, number in divisor.items() if number > 0])
        missing, rows = int((~known).sum()), rows[known]
        whole = rows["code"].map(dict(divisor.items())).astype("float64")
        whole = whole / 100 if per_head is None else whole
        rows = rows.assign(**{name: rows[name] / whole for name in ("low", "best", "high")})
        rows = rows.sort_values("best", ascending=False)
        unit = "percent" if per_head is None else unit
    shown = rows.head(MOST)
    frame = Frame(ax, around)
    ax = frame.axes(_AROUND + _BAR * max(len(shown), 5))
    scale = scale_of(float(shown["best"].abs().max() if len(shown) else 0), unit)
    called = share_name or str(getattr(divisor, "name", None) or "what is given")
    measured = f"percent of {called}" if share_of is not None else scale.measure
    measured += " per head" if per_head is not None else ""
    notes = [
        "Lines: from the low to the high bound of the sources." if _bounded(shown) else None,
        f"Not shown: {len(rows) - MOST} smaller." if len(rows) > MOST else None,
        f"Without {called}, left out: {missing}." if missing else None,
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
    one unit (ValueError for several). A delivery need not have been promised in the same texts;
    where no text says what was delivered, nothing is drawn and nothing claimed.
    """
    unit = one_unit(totals)
    totals = totals[totals["status"].isin(["committed", "delivered"])]
    keys = [name for name in group_columns(totals) if name != "status"]
    varied, common = _grouped(totals, keys)
    topic = Topic(unit, {**common, "status": "promised and delivered"}, varied)
    names = [name_of(varied, values) for values in totals[varied].itertuples(index=False)]
    known = totals.assign(name=names).groupby(["name", "status"])["best"].sum(min_count=1)
    both = known.unstack("status").reindex(columns=["committed", "delivered"])
    both = both.assign(largest=both.max(axis=1)).sort_values("largest", ascending=False)
    shown = both.head(MOST)
    frame = Frame(ax, around)
    ax = frame.axes(_AROUND + 0.25 + _BAR * max(len(shown), 5))
    scale = scale_of(float(shown["largest"].max() if len(shown) else 0), unit)
    if shown.empty:
        say_empty(ax)
    else:
        places = np.arange(len(shown))
        for name, width, color in (("committed", 0.74, FAINT), ("delivered", 0.36, palette()[0])):
            if shown[name].notna().any():
                ax.barh(places, shown[name].fillna(0), width, color=color, label=name)
        pairs = zip(shown["committed"], shown["delivered"], strict=True)
        words = [_pair(committed, delivered, scale) for committed, delivered in pairs]
        if shown[["committed", "delivered"]].isna().all().any():  # one side: it need not be named
            words = [scale.words(largest) for largest in shown["largest"]]
        _name_bars(ax, shown.index.to_series(), shown["largest"], words)
    left = len(both) - MOST
    notes = [_unknown_note(shown, unit), f"Not shown: {left} smaller." if left > 0 else None]
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
    """``7.5 of 10.7``: delivered of committed; what no text states is left unsaid. Where more came
    than these texts promise, that is said."""
    if pd.isna(committed) or pd.isna(delivered):
        known, word = (delivered, "delivered") if pd.isna(committed) else (committed, "committed")
        return f"{scale.words(known)} {word}"
    own = scale.fit(max(delivered, committed))
    apart = scale.apart(own)
    if delivered > committed:
        return f"{own.text(delivered)}{apart} (promised: {own.text(committed)}{apart})"
    return f"{own.text(delivered)} of {own.text(committed)}{apart}"


def _unknown_note(rows: pd.DataFrame, unit: str) -> str | None:
    """What a bar that stands alone means; of other units nothing is said."""
    known = rows[["committed", "delivered"]].notna()
    if known.to_numpy().all():
        return None
    if not known["delivered"].any():
        of = f"in {unit}" if is_currency(unit) else "of these"
        return f"Only what was committed: no deliveries {of} are stated."
    return "A bar alone: the other number is not stated, which does not mean zero."


def _bounded(rows: pd.DataFrame) -> bool:
    return bool(rows["high"].gt(rows["low"]).any() or rows["high"].isna().any())

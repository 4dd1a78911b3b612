"""Parts against their whole: destroyed, damaged, abandoned and captured add up to all lost."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd

from ledger import bounds
from ledger.dedupe import MERGE_SHARE
from ledger.queries.asked import Asked, Filter
from ledger.series import SERIES, purpose
from ledger.table import empty, typed
from ledger.tree import Parents, path_of

PARTS_DTYPES: dict[str, str] = {
    **dict.fromkeys(SERIES, "str"),
    "date": "datetime64[us]",
    **dict.fromkeys(("whole", "parts", "gap"), "float64"),
    "count": "int64",
    **dict.fromkeys(("verdict", "fact_id", "source_id", "rule", "figure_ids"), "str"),
}


def check_parts(
    facts: pd.DataFrame, parents: Parents | None = None, **asked: Unpack[Asked]
) -> pd.DataFrame:
    """One row for every whole ``asked`` for that has comparable parts, in the order of the facts:
    ``PARTS_DTYPES``.

    Parts are comparable when their unit is the whole's and, for anything but money, their item is
    the whole's or below it in the tree. ``gap`` is the whole less its ``parts`` (their best sum);
    the verdict is ``agrees`` within bounds and written precision, ``repeats`` where each part, of
    the same item and status, is the whole again, ``short`` where the parts do not reach the whole
    (in prose often right: a package names some of its contents), ``over`` where they exceed it,
    and ``cannot say`` where the numbers are too round or too open to tell: more than a twentieth
    of the whole apart, and yet within what they may be off.
    """
    term = bounds.terms(facts)
    slack = bounds.slack(facts)
    held = facts.assign(
        item=purpose(facts),
        best=term["best"],
        least=term["low"] - slack,
        most=(term["high"] + slack).fillna(np.inf),
    )
    parts = held[held["part_of"].notna() & held["best"].notna()]
    pairs = parts.merge(
        held[["fact_id", "item", "unit", "dimension", "status"]],
        left_on="part_of",
        right_on="fact_id",
        suffixes=("", "_whole"),
    )
    pairs = pairs[pairs["unit"].eq(pairs["unit_whole"]) & _below(pairs, parents or {})]
    sums = pairs.groupby("part_of")[["best", "least", "most"]].sum()
    chosen = Filter.of(asked).holds(facts, parents)
    wholes = held[held["fact_id"].isin(sums.index) & held["best"].notna() & chosen]
    if wholes.empty:
        return empty(PARTS_DTYPES)
    of_parts = sums.loc[wholes["fact_id"]].set_index(wholes.index)
    alike = _alike(pairs).groupby(pairs["part_of"]).all()
    smallest = pairs.groupby("part_of")["best"].min().where(alike)
    verdict = _verdicts(wholes, of_parts, wholes["fact_id"].map(smallest))
    checked = wholes.assign(
        date=wholes["date_end"],
        whole=wholes["best"],
        parts=of_parts["best"],
        gap=wholes["best"] - of_parts["best"],
        count=wholes["fact_id"].map(pairs.groupby("part_of").size()),
        verdict=verdict,
    )
    return typed(checked[list(PARTS_DTYPES)], PARTS_DTYPES)


def _verdicts(wholes: pd.DataFrame, parts: pd.DataFrame, smallest: pd.Series[float]) -> np.ndarray:
    """What each whole and the sum of its parts say of one another.

    ``smallest``: the least part, none where a part is of another kind than its whole.
    """
    near = wholes["best"].abs() * MERGE_SHARE
    repeated = (wholes["best"] - smallest).abs() <= np.minimum(
        near, wholes["best"] - wholes["least"]
    )
    short, over = wholes["least"] > parts["most"], wholes["most"] < parts["least"]
    close = (wholes["best"] - parts["best"]).abs() <= near
    return np.select(
        [repeated, short, over, close], ["repeats", "short", "over", "agrees"], "cannot say"
    )


def _alike(pairs: pd.DataFrame) -> pd.Series[bool]:
    """Whether a part says what its whole says: 5 captured of 5 lost are all of them, no repeat."""
    told = pairs[["item", "status"]].fillna("")
    of_whole = pairs[["item_whole", "status_whole"]].fillna("").set_axis(told.columns, axis=1)
    return told.eq(of_whole).all(axis="columns")


def _below(pairs: pd.DataFrame, parents: Parents) -> pd.Series[bool]:
    """Whether a part's item is the whole's or lies below it; always so for money."""
    kinds = pairs[["item", "item_whole"]].drop_duplicates().dropna()
    below = {
        (part, whole)
        for part, whole in kinds.itertuples(index=False, name=None)
        if whole in path_of(part, parents)
    }
    same = pd.Series(
        [pair in below for pair in zip(pairs["item"], pairs["item_whole"], strict=True)],
        index=pairs.index,
        dtype="bool",
    )
    return same | pairs["dimension"].eq("money")

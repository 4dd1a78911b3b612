"""Facts that may be one: matches too loose to merge, laid before a reader.

A pair is suggested when exactly one thing keeps the rule of :mod:`ledger.dedupe` from merging it:
the dates, the item, an actor, or the precision of the value. Who agrees says so by correcting one
figure's ``same_as``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ledger import bounds
from ledger.dedupe import ACTORS, DAYS_APART, MERGE_SHARE
from ledger.series import purpose
from ledger.table import empty, typed
from ledger.tree import Parents, related

DAYS_LOOSE = 14
NEIGHBOURS = 5
SUGGESTION_DTYPES: dict[str, str] = {
    **dict.fromkeys(("fact_id", "other_id", "differs", "unit", "item", "other_item"), "str"),
    **dict.fromkeys(("value", "other_value"), "float64"),
    **dict.fromkeys(("date", "other_date", "sentence", "other_sentence"), "str"),
}
_SAME = ("unit", "per", "status", "basis")


def suggest(facts: pd.DataFrame, parents: Parents | None = None) -> pd.DataFrame:
    """The pairs, largest values first: ``SUGGESTION_DTYPES``.

    ``differs`` is date (up to two weeks apart, one inside the other, or not stated), item (one not
    stated, or one above the other in the tree), actor (one not stated) or value (equal only as
    roughly as the rougher one is written). Each fact is held against its nearest
    neighbours by value and by date.
    """
    rows = _prepared(facts)
    pairs = [
        pair
        for order in (["same", "centre", "last"], ["same", "actors", "last", "centre"])
        for pair in _neighbours(rows.sort_values(order, kind="stable"), parents or {})
    ]
    if not pairs:
        return empty(SUGGESTION_DTYPES)
    found = pd.concat(pairs).drop_duplicates(["fact_id", "other_id"])
    size = found[["value", "other_value"]].abs().max(axis=1)
    order = found.assign(size=size).sort_values(["size", "fact_id"], ascending=[False, True])
    return typed(order[list(SUGGESTION_DTYPES)], SUGGESTION_DTYPES)


def _prepared(facts: pd.DataFrame) -> pd.DataFrame:
    term = bounds.terms(facts)
    width = ((facts["high"] - facts["low"]) / 2).where(term["midpoint"], 0.0)
    rows = facts.assign(
        purpose=purpose(facts).fillna(""),
        centre=term["best"],
        rough=np.maximum(facts["tolerance"], width),
        last=facts["date_end"],
        same=facts.groupby(list(_SAME), dropna=False).ngroup(),
        actors=facts.groupby(ACTORS, dropna=False).ngroup(),
    )
    rows[ACTORS] = rows[ACTORS].fillna("")
    return rows[rows["centre"].notna() & rows["dimension"].ne("time")]


def _neighbours(rows: pd.DataFrame, parents: Parents) -> Iterator[pd.DataFrame]:
    """The suggested pairs among rows that stand at most ``NEIGHBOURS`` apart."""
    for distance in range(1, NEIGHBOURS + 1):
        one, other = rows.iloc[:-distance], rows.iloc[distance:]
        near = one["same"].to_numpy() == other["same"].to_numpy()
        one, other = one[near].reset_index(drop=True), other[near].reset_index(drop=True)
        differs = _difference(one, other, parents)
        kept = differs.ne("")
        if kept.any():
            yield _pairs(one[kept], other[kept], differs[kept])


def _difference(one: pd.DataFrame, other: pd.DataFrame, parents: Parents) -> pd.Series[str]:
    """The one thing in which each pair differs loosely; "" for all other pairs."""
    strict, loose = {}, {}
    for name, (agree, close) in {
        "date": _dates(one, other),
        "item": _items(one, other, parents),
        "actor": _actors(one, other),
        "value": _values(one, other),
    }.items():
        strict[name], loose[name] = agree, close & ~agree
    lax = pd.DataFrame(loose)
    fits = (pd.DataFrame(strict) | lax).all(axis=1) & (lax.sum(axis=1) == 1)
    linked = one["part_of"].eq(other["fact_id"]) | other["part_of"].eq(one["fact_id"])
    of_table = one["source_id"].eq(other["source_id"]) & one["rule"].str.startswith("row ")
    return lax.idxmax(axis=1).where(fits & ~linked & ~of_table, "").astype("str")


def _dates(one: pd.DataFrame, other: pd.DataFrame) -> tuple[pd.Series[bool], pd.Series[bool]]:
    apart = {name: (one[name] - other[name]).abs().dt.days for name in ("date_start", "date_end")}
    agree = (apart["date_start"] <= DAYS_APART) & (apart["date_end"] <= DAYS_APART)
    within = (one["date_start"] <= other["date_end"]) & (other["date_start"] <= one["date_end"])
    missing = apart["date_end"].isna()
    return agree, within | missing | (apart["date_end"] <= DAYS_LOOSE)


def _items(
    one: pd.DataFrame, other: pd.DataFrame, parents: Parents
) -> tuple[pd.Series[bool], pd.Series[bool]]:
    mine, theirs = one["purpose"], other["purpose"]
    kinds = set(zip(mine, theirs, strict=True))
    near = {pair for pair in kinds if "" in pair or related(*pair, parents)}
    close = [pair in near for pair in zip(mine, theirs, strict=True)]
    money = one["dimension"].eq("money")
    return mine.eq(theirs) & (mine.ne("") | money), pd.Series(close, index=one.index, dtype="bool")


def _actors(one: pd.DataFrame, other: pd.DataFrame) -> tuple[pd.Series[bool], pd.Series[bool]]:
    agree = (one[ACTORS] == other[ACTORS]).all(axis=1)
    blank = (one[ACTORS] == "") | (other[ACTORS] == "")
    return agree, ((one[ACTORS] == other[ACTORS]) | blank).all(axis=1)


def _values(one: pd.DataFrame, other: pd.DataFrame) -> tuple[pd.Series[bool], pd.Series[bool]]:
    apart = (one["centre"] - other["centre"]).abs()
    rough = np.maximum(one["rough"], other["rough"])
    limit = MERGE_SHARE * np.maximum(one["centre"].abs(), other["centre"].abs())
    return apart <= np.minimum(rough, limit), apart <= rough


def _pairs(one: pd.DataFrame, other: pd.DataFrame, differs: pd.Series[str]) -> pd.DataFrame:
    """The pairs in the columns of the answer, the earlier stated fact first."""
    return pd.DataFrame(
        {
            "fact_id": one["fact_id"],
            "other_id": other["fact_id"],
            "differs": differs,
            "unit": one["unit"],
            "item": one["item"],
            "other_item": other["item"],
            "value": one["centre"],
            "other_value": other["centre"],
            "date": one["date"],
            "other_date": other["date"],
            "sentence": one["sentence"],
            "other_sentence": other["sentence"],
        }
    )

"""Facts that may be one: matches too loose to merge, laid before a reader.

A pair is suggested when at most one thing keeps the rule of :mod:`ledger.dedupe` from merging it:
the date, the item, an actor, or the precision of the value; or none does, and only that one
document tells of both without saying that they are one. Who agrees says so by correcting one
figure's ``same_as``.
"""

from __future__ import annotations

from typing import Any, Unpack

import numpy as np
import pandas as pd

from ledger import bounds
from ledger.dedupe import MERGE_SHARE
from ledger.facts.matching import DAYS_APART
from ledger.queries.asked import Asked, among
from ledger.series import ACTORS, KINDS_OF_AID, purpose
from ledger.table import TABLE_EXTRACTOR, empty, typed
from ledger.tree import Parents, path_of

DAYS_LOOSE = 14
DAYS_ODD = 60  # an amount of three digits is hardly told twice by chance
_ODD = 100  # the least of them, without the zeros behind them
NOTHING = "nothing"
NEIGHBOURS = 5
SHOWN = ("fact_id", "item", "value", "date", "sentence")
SUGGESTION_DTYPES: dict[str, str] = {
    "differs": "str",
    "unit": "str",
    **{
        f"{side}{name}": "float64" if name == "value" else "str"
        for name in SHOWN
        for side in ("", "other_")
    },
}
_SAME = ["dimension", "unit", "per", "status", "basis"]
_EPOCH = pd.Timestamp("1970-01-01")  # in microseconds, in which every ISO date has room
_UNKNOWN = -1
_MANY = 2**31


def suggest(
    facts: pd.DataFrame, parents: Parents | None = None, **asked: Unpack[Asked]
) -> pd.DataFrame:
    """The pairs among the facts ``asked`` for, those first in which nothing differs, then largest
    values: ``SUGGESTION_DTYPES``.

    ``differs`` is nothing, date (up to two weeks apart, or two months for amounts of money of three
    digits such as 13.6 billion, which then may differ in item too; one inside the other, or not
    stated), item (one not stated, or one above the other in the tree), actor (one not stated) or
    value (equal only as roughly as the rougher one is written). Each fact is held against its
    nearest neighbours by value and by date.
    """
    facts = among(facts, asked, parents).reset_index(drop=True)
    if facts.empty:
        return empty(SUGGESTION_DTYPES)
    rows = _prepared(facts)
    kin = _kin(facts, KINDS_OF_AID | dict(parents or {}))
    found = [
        _suggested(ordered.iloc[:-distance], ordered.iloc[distance:], kin)
        for order in (["same", "centre", "last"], ["same", *ACTORS, "last", "centre"])
        for ordered in (rows.sort_values(order, kind="stable"),)
        for distance in range(1, NEIGHBOURS + 1)
    ]
    pairs = pd.concat(found).drop_duplicates(["one", "other"])
    pairs["loose"] = pairs["differs"].ne(NOTHING)
    order = ["loose", "size", "one", "other"]
    pairs = pairs.sort_values(order, ascending=[True, False, True, True])
    return _laid_out(facts, pairs)


def _prepared(facts: pd.DataFrame) -> pd.DataFrame:
    """What pairs are judged by, as numbers: codes for words (-1 if unknown), days, amounts."""
    term = bounds.terms(facts)
    width = ((facts["high"] - facts["low"]) / 2).where(term["midpoint"], 0.0)
    number_of = pd.Series(np.arange(len(facts)), index=facts["fact_id"].to_numpy())
    from_table = facts["extractor"].str.startswith(TABLE_EXTRACTOR)
    rows = pd.DataFrame(
        {
            "fact": np.arange(len(facts)),
            "whole": facts["part_of"].map(number_of).fillna(_UNKNOWN).astype("int64"),
            "same": facts.groupby(_SAME, dropna=False).ngroup(),
            "purpose": purpose(facts).factorize()[0],
            "money": facts["dimension"].eq("money"),
            "table": facts["source_id"].where(from_table).factorize()[0],
            "place": facts["place"].factorize()[0],
            "stated": facts["date_stated"].fillna(False).to_numpy(dtype="bool"),
            "centre": term["best"],
            "odd": facts["dimension"].eq("money") & (_without_zeros(term["best"]) >= _ODD),
            "rough": np.maximum(facts["tolerance"], width),
            "first": (facts["date_start"] - _EPOCH).dt.days,
            "last": (facts["date_end"] - _EPOCH).dt.days,
        }
        | {name: facts[name].factorize()[0] for name in ACTORS}
    )
    return rows[rows["centre"].notna() & facts["dimension"].ne("time")]


def _without_zeros(amounts: pd.Series[float]) -> np.ndarray:
    """The digits of whole amounts without the zeros behind them: 136 of 13.6 billion."""
    digits = amounts.abs().fillna(0.0).round().to_numpy()
    while (ending := (digits > 0) & (digits % 10 == 0)).any():
        digits = np.where(ending, digits / 10, digits)
    return digits


def _kin(facts: pd.DataFrame, parents: Parents) -> np.ndarray:
    """The pairs of items of which one lies above the other in the tree, each as one number."""
    items = purpose(facts).factorize()[1]
    number_of = {item: number for number, item in enumerate(items)}
    return np.array(
        [
            _pair(number, number_of[above])
            for item, number in number_of.items()
            for above in path_of(item, parents)[:-1]
            if above in number_of
        ],
        dtype="int64",
    )


def _pair(one: Any, other: Any) -> Any:
    """One number for two item codes, whichever comes first."""
    return np.minimum(one, other) * _MANY + np.maximum(one, other)


def _suggested(one: pd.DataFrame, other: pd.DataFrame, kin: np.ndarray) -> pd.DataFrame:
    """The pairs, row by row, that agree in all things but one at most, and what that is."""
    near = one["same"].to_numpy() == other["same"].to_numpy()
    a, b = one[near].reset_index(drop=True), other[near].reset_index(drop=True)
    checks = {
        "date": _dates(a, b),
        "item": _items(a, b, kin),
        "actor": _actors(a, b),
        "value": _values(a, b),
    }
    lax = pd.DataFrame({name: close & ~agree for name, (agree, close) in checks.items()})
    finely = lax["date"] & lax["item"] & a["odd"] & b["odd"]  # one text says more finely what for
    fits = (
        (lax.sum(axis=1) <= np.where(finely, 2, 1))
        & ~a["whole"].eq(b["fact"])
        & ~b["whole"].eq(a["fact"])
    )
    fits &= a["table"].ne(b["table"]) | a["table"].eq(_UNKNOWN)
    elsewhere = a["place"].ne(b["place"]) & a["place"].ne(_UNKNOWN) & b["place"].ne(_UNKNOWN)
    fits &= ~elsewhere
    for agree, close in checks.values():
        fits &= agree | close
    return pd.DataFrame(
        {
            "one": np.minimum(a["fact"], b["fact"])[fits],
            "other": np.maximum(a["fact"], b["fact"])[fits],
            "differs": lax[fits].idxmax(axis=1).where(lax[fits].any(axis=1), NOTHING),
            "size": np.maximum(a["centre"].abs(), b["centre"].abs())[fits],
        }
    )


Check = tuple["pd.Series[bool]", "pd.Series[bool]"]


def _dates(a: pd.DataFrame, b: pd.DataFrame) -> Check:
    last = (a["last"] - b["last"]).abs()
    after, before = b["first"] - a["last"], a["first"] - b["last"]
    apart = after.where(after.ge(before), before)
    inside = (a["first"] <= b["first"]) & (b["last"] <= a["last"])
    inside |= (b["first"] <= a["first"]) & (a["last"] <= b["last"])
    agree = inside.where(a["stated"] & b["stated"], apart.le(DAYS_APART))
    loose = np.where(a["odd"] & b["odd"], DAYS_ODD, DAYS_LOOSE)
    return agree, apart.le(0) | last.isna() | last.le(loose)


def _items(a: pd.DataFrame, b: pd.DataFrame, kin: np.ndarray) -> Check:
    unknown = a["purpose"].eq(_UNKNOWN) | b["purpose"].eq(_UNKNOWN)
    related = pd.Series(np.isin(_pair(a["purpose"], b["purpose"]), kin), index=a.index)
    return a["purpose"].eq(b["purpose"]) & (~unknown | a["money"]), unknown | related


def _actors(a: pd.DataFrame, b: pd.DataFrame) -> Check:
    equal = a[ACTORS] == b[ACTORS]
    unknown = (a[ACTORS] == _UNKNOWN) | (b[ACTORS] == _UNKNOWN)
    return equal.all(axis=1) & ~unknown.all(axis=1), (equal | unknown).all(axis=1)


def _values(a: pd.DataFrame, b: pd.DataFrame) -> Check:
    apart = (a["centre"] - b["centre"]).abs()
    rough = np.maximum(a["rough"], b["rough"])
    limit = MERGE_SHARE * np.maximum(a["centre"].abs(), b["centre"].abs())
    return apart <= np.minimum(rough, limit), apart <= rough


def _laid_out(facts: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """The pairs in the columns of the answer, the fact stated first before the other."""
    one = facts.iloc[pairs["one"].to_numpy()].reset_index(drop=True)
    other = facts.iloc[pairs["other"].to_numpy()].reset_index(drop=True)
    shown = {"differs": pairs["differs"].reset_index(drop=True), "unit": one["unit"]}
    for name in SHOWN:
        shown |= {name: one[name], f"other_{name}": other[name]}
    return typed(pd.DataFrame(shown), SUGGESTION_DTYPES)

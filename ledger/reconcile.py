"""Totals that texts assert against the deltas the ledger knows, as in plain-text accounting.

A total is a balance assertion, never an entry. The first of a series is compared with all deltas
before it: what it has more is an opening balance that nothing explains, shown and not booked. Every
later one is compared with the total before it and the deltas in between. Totals that count from
different days (``since``) are chains of their own.
"""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd

from ledger import bounds
from ledger.errors import LedgerError
from ledger.queries.asked import Asked
from ledger.queries.near import unknown
from ledger.queries.where import NULL, Condition, conditions_of, matches
from ledger.series import SERIES, purpose
from ledger.table import empty, typed
from ledger.totals import events, select
from ledger.tree import Parents, at_level

BALANCE_DTYPES: dict[str, str] = {
    **dict.fromkeys((*SERIES, "since", "entry"), "str"),
    "date": "datetime64[us]",
    **dict.fromkeys(("amount", "low", "best", "high", "expected", "gap", "change"), "float64"),
    **dict.fromkeys(("verdict", "fact_id", "figure_ids"), "str"),
}
OWN = ("entry", "amount", "best", "expected", "gap", "change", "verdict")
VERDICTS = ("agrees", "short", "over", "conflict", "cannot compare", "unexplained")
_SUMS = ("low", "best", "high", "slack_sum", "vague_sum")


def reconcile(
    facts: pd.DataFrame,
    *,
    level: int | None = None,
    parents: Parents | None = None,
    **asked: Unpack[Asked],
) -> pd.DataFrame:
    """The balance rows of every series with a total among the facts ``asked`` for, by series and
    date: ``BALANCE_DTYPES``.

    ``entry`` is ``delta``, ``total`` or ``opening``, ``amount`` its number. ``low``, ``best`` and
    ``high`` are the running sum of the deltas, ``expected`` is what a total should be, ``gap`` what
    it has more, ``change`` what it has more than the total before. The verdict on a total:
    ``agrees`` within the bounds and the written precision of all numbers in it (rounded ones whose
    bounds only touch, "$1 billion" and "$2 billion", do not agree), ``short`` (the
    deltas do not reach it), ``over`` (they exceed it), ``conflict`` (it falls below an earlier one,
    or two of one day differ), ``cannot compare`` (no deltas, no date, or numbers so vague that
    anything would agree: "billions", or a written precision coarser than the total); an opening
    balance is ``unexplained``. ``level`` asks at a level of the item tree (0 is the root): deltas
    of all items below count, and totals of that item alone. Conditions of ``where`` may also be on
    the columns that balances alone have (``OWN``): they choose among the rows. Raises LedgerError
    for a verdict that is none.
    """
    asked, of_rows = own_conditions(asked)
    deltas, totals = _chosen(facts, asked, level, parents or {})
    if totals.empty:
        return empty(BALANCE_DTYPES)
    series = totals.groupby(list(SERIES), dropna=False).ngroup()
    totals = totals.assign(series=series, entry="total")
    deltas = pd.concat([_of_series(deltas, totals), _included(facts, totals)])
    deltas = deltas.drop_duplicates(["series", "fact_id"]).assign(entry="delta")
    rows = _laid_out(_compared(_running(pd.concat([deltas, totals])), deltas))
    return rows[matches(rows, of_rows, {})].reset_index(drop=True)


def own_conditions(asked: Asked) -> tuple[Asked, tuple[Condition, ...]]:
    """A question without its conditions on columns that balances alone have, and these
    (``verdict = short``, ``gap > 1000000``). Raises LedgerError for a verdict that is none."""
    conditions = conditions_of(asked.get("where"))
    own = tuple(one for one in conditions if one.column in OWN)
    for one in own:
        wrong = {*one.values} - {*VERDICTS, NULL} if one.column == "verdict" else ()
        for value in sorted(wrong):
            raise LedgerError(unknown("verdict", value, VERDICTS))
    return {**asked, "where": tuple(one for one in conditions if one not in own)}, own


def _chosen(
    facts: pd.DataFrame, asked: Asked, level: int | None, parents: Parents
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The deltas and the totals of the question, ``item`` as the series has it."""
    deltas = events(facts, parents=parents, **asked)
    totals = select(facts, basis="total", parents=parents, **asked)
    deltas, totals = deltas.assign(item=purpose(deltas)), totals.assign(item=purpose(totals))
    if level is not None:
        totals = totals[totals["item"].eq(at_level(totals["item"], level, parents))]
        deltas = deltas.assign(item=at_level(deltas["item"], level, parents))
    return deltas, totals


def _of_series(deltas: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """The deltas whose series has a total."""
    keys = totals.drop_duplicates("series")[[*SERIES, "series"]]
    return deltas.merge(keys, on=list(SERIES), how="inner")


def _included(facts: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """The facts that totals say they include, in the totals' series whatever their own status."""
    taking = totals[totals["includes"].ne("[]")].sort_values("date_end")
    pairs = taking[["series", "date_end"]].rename(columns={"date_end": "until"})
    pairs["fact_id"] = taking["includes"].str.findall(r'"([^"]+)"')
    pairs = pairs.explode("fact_id").dropna(subset=["fact_id"])
    rows = facts.merge(pairs, on="fact_id")
    # What a total includes has happened by its date.
    rows["date_end"] = rows["date_end"].fillna(rows["until"])
    rows["date_end"] = rows["date_end"].where(~(rows["date_end"] > rows["until"]), rows["until"])
    return rows.drop(columns="until")


def _running(rows: pd.DataFrame) -> pd.DataFrame:
    """Deltas and totals by series and date, a day's deltas first, with the running sums.

    ``slack`` is the written precision of a number where that is coarser than its unit; what is
    ``vague`` ("billions") is as good as any number.
    """
    dated = rows["date_end"].notna() | rows["entry"].eq("total")
    rows = rows[dated].sort_values(["series", "date_end", "entry"], kind="stable")
    rows = rows.reset_index(drop=True)
    term = bounds.terms(rows)
    rows["amount"] = term["best"]
    rows["slack"] = bounds.slack(rows)
    rows["vague"] = rows["qualifier"].eq("vague").astype("float64")
    rows["from"], rows["to"] = term["low"] - rows["slack"], term["high"] + rows["slack"]
    is_delta = rows["entry"].eq("delta")
    terms = {
        "low": term["low"],
        "best": term["best"],
        "high": term["high"].fillna(np.inf),
        "slack_sum": rows["slack"],
        "vague_sum": rows["vague"],
    }
    for name, values in terms.items():
        rows[name] = values.where(is_delta, 0.0).groupby(rows["series"]).cumsum()
    return rows


def _compared(rows: pd.DataFrame, deltas: pd.DataFrame) -> pd.DataFrame:
    """The rows with ``expected``, ``gap``, ``change``, ``first`` and ``verdict`` on every total."""
    totals = rows[rows["entry"].eq("total")]
    chains = totals.groupby(["series", "since"], dropna=False, sort=False)
    before = chains[["amount", "from", "to", "date_end", "slack", "vague", *_SUMS]].shift()
    first = chains.cumcount().eq(0)
    expected = _expected(totals, before, _sums_before_since(rows, totals).where(first, before))
    compared = pd.DataFrame(
        {
            "expected": expected["best"],
            "gap": totals["amount"] - expected["best"],
            "change": totals["amount"] - before["amount"],
            "first": first,
            "verdict": _verdicts(totals, before, expected, first, deltas),
        }
    )
    return rows.join(compared)


def _expected(totals: pd.DataFrame, before: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """What each total should be: ``best``, its limits ``least`` and ``most``, how far the written
    numbers in it may be off (``slack``), and how many of them are ``vague``.

    That is the total before it (0 for the first of a chain) and the deltas since the sums of
    ``base``.
    """
    since = totals[list(_SUMS)] - base[list(_SUMS)]
    first = before["date_end"].isna() & before["amount"].isna()
    return pd.DataFrame(
        {
            "best": before["amount"].fillna(0.0) + since["best"],
            "least": before["from"].fillna(0.0) + since["low"] - since["slack_sum"],
            "most": before["to"].fillna(np.inf).mask(first, 0.0)
            + since["high"].fillna(np.inf)
            + since["slack_sum"],
            "slack": before["slack"].fillna(0.0) + since["slack_sum"],
            "vague": before["vague"].fillna(0.0) + since["vague_sum"],
        }
    )


def _verdicts(
    totals: pd.DataFrame,
    before: pd.DataFrame,
    expected: pd.DataFrame,
    first: pd.Series[bool],
    deltas: pd.DataFrame,
) -> pd.Series[str]:
    most = totals["to"].fillna(np.inf)
    rounded = totals["slack"].gt(0)
    as_before, as_expected = rounded & before["slack"].gt(0), rounded & expected["slack"].gt(0)
    falls = _less(most, before["from"], as_before)
    differs = totals["date_end"].eq(before["date_end"])
    differs &= _less(before["to"], totals["from"], as_before)
    above = _less(expected["most"], totals["from"], as_expected)
    below = _less(most, expected["least"], as_expected)
    shapeless = totals["vague"].gt(0) | totals["slack"].gt(totals["amount"].abs())
    rough = totals["slack"] + expected["slack"] > totals["amount"].abs()
    rough |= totals["vague"].add(expected["vague"]).gt(0)
    without_deltas = ~totals["series"].isin(deltas.loc[deltas["date_end"].notna(), "series"])
    verdicts = np.select(
        [
            totals["date_end"].isna() | shapeless,
            falls | differs,
            ~above & ~below & rough,
            ~above & ~below & ~(first & without_deltas),
            without_deltas,
            above,
        ],
        ["cannot compare", "conflict", "cannot compare", "agrees", "cannot compare", "short"],
        "over",
    )
    return pd.Series(verdicts, index=totals.index, dtype="str")


def _less(
    one: pd.Series[float], other: pd.Series[float], both_rounded: pd.Series[bool]
) -> pd.Series[bool]:
    """Where the one ends before the other begins: what is rounded ends before its edge."""
    return one.lt(other) | (both_rounded & one.eq(other))


def _sums_before_since(rows: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """The running sums of a total's series on the eve of its ``since``; 0 where it states none."""
    names = list(_SUMS)
    asked = pd.DataFrame(
        {
            "series": totals["series"],
            "eve": pd.to_datetime(totals["since"], format="ISO8601") - pd.Timedelta(days=1),
            "row": totals.index,
        }
    ).dropna()
    sums = pd.DataFrame(0.0, index=totals.index, columns=names)
    states = rows[["series", "date_end", *names]].dropna(subset=["date_end"])
    found = pd.merge_asof(
        asked.astype({"eve": "datetime64[us]"}).sort_values("eve"),
        states.sort_values("date_end", kind="stable"),
        left_on="eve",
        right_on="date_end",
        by="series",
    ).set_index("row")
    sums.loc[found.index, names] = found[names].fillna(0.0)
    return sums


def _laid_out(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows in their final columns, an opening balance before the series it opens."""
    opened = rows[rows["first"].eq(True) & rows["gap"].gt(0) & rows["verdict"].ne("agrees")]
    undated = pd.Series(pd.NaT, index=opened.index, dtype=BALANCE_DTYPES["date"])
    openings = opened.assign(
        entry="opening", amount=opened["gap"], date_end=undated, verdict="unexplained",
        fact_id=np.nan, figure_ids="[]", low=0.0, best=0.0, high=0.0,
        expected=np.nan, gap=np.nan, change=np.nan,
    )  # fmt: skip
    rows = pd.concat([openings, rows])
    rows["high"] = rows["high"].replace(np.inf, np.nan)
    names = rows.loc[rows["entry"].eq("total")].drop_duplicates("series").set_index("series")
    for name in SERIES:
        rows[name] = rows["series"].map(names[name])
    rows["dated"] = rows["entry"].ne("opening")
    rows = rows.sort_values([*SERIES, "dated", "date_end", "entry"], kind="stable")
    rows["date"] = rows["date_end"]
    return typed(rows[list(BALANCE_DTYPES)], BALANCE_DTYPES)

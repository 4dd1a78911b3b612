"""Accounts: of every series and status its events, its latest stated total, and both together.

A stated total holds what lies before it. What it takes in by its own words (``includes``) it holds
whatever the date; what its text tells of the same day without taking it in comes on top, unless the
total says from when it counts, and so takes in all that lies between.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import pandas as pd

from ledger import bounds
from ledger.table import plain

SUMS = ("low", "best", "high", "open", "number")
_EARLIEST, _LATEST = pd.Timestamp("1000-01-01"), pd.Timestamp("2999-12-31")


@dataclass(frozen=True, slots=True)
class Accounts:
    """``table`` has a row for each account, numbered by its index; ``fact_ids`` are the ids of the
    facts that each answer is made of, as JSON lists.

    Columns of ``table``: ``sum`` (best; NaN without events) and ``events`` (how many), ``total``,
    ``total_date``, ``total_source``, ``since`` of the stated total, ``unexplained`` (what that has
    more than the events it holds), ``later`` and ``on_top`` (events added to it), and the answer,
    ``so_far_low``, ``so_far``, ``so_far_high``.
    """

    table: pd.DataFrame
    fact_ids: pd.Series[str]


def with_terms(facts: pd.DataFrame) -> pd.DataFrame:
    """The facts with what each adds to a sum (:data:`SUMS`) and the day it is booked on (``when``):
    the last of its date, of a fact without one the day when it was first published."""
    term = bounds.terms(facts)
    return facts.assign(
        low=term["low"].fillna(0.0),
        best=term["best"],
        high=term["high"].fillna(0.0),
        open=term["high"].isna().astype("int64"),
        number=1,
        when=booked(facts),
    )


def booked(facts: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The day on which each fact counts; NaT where neither it nor its sources have a date."""
    return facts["date_end"].fillna(facts["first_seen"])


def accounts_of(events: pd.DataFrame, totals: pd.DataFrame, facts: pd.DataFrame) -> Accounts:
    """The accounts of events and totals, which say whose they are in a column ``account``.

    All three have the columns of :func:`with_terms`; ``facts`` are all that totals may take in.
    """
    events = events.assign(when=events["when"].fillna(_EARLIEST))
    events = events.sort_values(["account", "when", "fact_id"]).reset_index(drop=True)
    chains = _latest_of_chains(totals)
    taken, on_top = _taken_in(chains, events, facts), _on_top(chains, events)
    on_top = on_top[~_pairs(on_top).isin(_pairs(taken))]
    chosen = _furthest(_answered(chains, events, taken, on_top))
    sums = events.groupby("account")[list(SUMS)].sum()
    return Accounts(_table(sums, chosen), _fact_ids(events, chosen, taken, on_top))


def _latest_of_chains(totals: pd.DataFrame) -> pd.DataFrame:
    """Of every account and ``since`` the latest total; one without a date only where none has.

    Of several of one day it is that of most sources, then the largest. ``until`` is the day up to
    which it holds, ``chain`` its number.
    """
    dated = totals.assign(dated=totals["when"].notna())
    order = dated.sort_values(["account", "dated", "when", "sources", "best", "fact_id"])
    latest = order.groupby(["account", "since"], dropna=False, sort=False).tail(1)
    latest = latest.reset_index(drop=True)
    start = pd.to_datetime(latest["since"], format="ISO8601").astype("datetime64[us]")
    return latest.assign(
        chain=latest.index, until=latest["when"].fillna(_LATEST), start=start.fillna(_EARLIEST)
    )


def _taken_in(chains: pd.DataFrame, events: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """The facts that totals say they take in, whatever their status: a row for each, with its
    ``chain``, whether it is an event of the account (``own``) and lies before or after the total.
    """
    naming = chains[chains["includes"].ne("[]")]
    pairs = naming[["chain", "account", "start", "until"]].assign(
        fact_id=naming["includes"].map(json.loads)
    )
    pairs = pairs.explode("fact_id").astype({"fact_id": "str"}).drop_duplicates()
    account_of = events.set_index("fact_id")["account"]
    pairs = pairs.merge(facts[["fact_id", "when", *SUMS]], on="fact_id")
    own = pairs["fact_id"].map(account_of).eq(pairs["account"])
    before = ~pairs["when"].gt(pairs["until"])
    within = before & ~pairs["when"].lt(pairs["start"])
    return pairs.assign(extra=~(own & within), ahead=own & ~before)


def _on_top(chains: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Events that the text of a total tells of its day beside it: "in addition to the 2,600"."""
    told = ["account", "when", "source_id"]
    open_start = chains[chains["since"].isna()]
    held = open_start[["chain", "fact_id", *told]].rename(columns={"fact_id": "total_id"})
    beside = held.merge(events, on=told)
    return beside[beside["part_of"].ne(beside["total_id"])]


def _answered(
    chains: pd.DataFrame, events: pd.DataFrame, taken: pd.DataFrame, on_top: pd.DataFrame
) -> pd.DataFrame:
    """The chains with what explains their total, what comes after it, and the answer."""
    names = list(SUMS)
    every = events.groupby("account")[names].sum().reindex(chains["account"]).fillna(0.0)
    until = _sums_until(events, chains["account"], chains["until"])
    before = _sums_until(events, chains["account"], chains["start"] - pd.Timedelta(days=1))
    extra = _by_chain(taken[taken["extra"]], chains)
    ahead = _by_chain(taken[taken["ahead"]], chains)
    beside = _by_chain(on_top, chains)
    explained = until - before + extra - beside
    later = every.set_axis(chains.index) - until - ahead
    later = later.where(later["number"].gt(0), 0.0)
    is_open = chains["open"].add(later["open"]).add(beside["open"]).gt(0)
    high = chains["high"] + later["high"] + beside["high"]
    return chains.assign(
        unexplained=chains["best"] - explained["best"],
        later=later["number"].astype("int64"),
        on_top=beside["number"].astype("int64"),
        so_far_low=chains["low"] + later["low"] + beside["low"].clip(upper=0.0),
        so_far=chains["best"] + later["best"] + beside["best"],
        so_far_high=high.mask(is_open),
    )


def _sums_until(
    events: pd.DataFrame, account: pd.Series[int], day: pd.Series[pd.Timestamp]
) -> pd.DataFrame:
    """The sums of an account's events up to a day, that day included."""
    names = list(SUMS)
    running = events[["account", "when"]].join(events.groupby("account")[names].cumsum())
    asked = pd.DataFrame({"account": account, "day": day.astype("datetime64[us]")})
    asked = asked.sort_values("day", kind="stable").reset_index(names="row")
    found = pd.merge_asof(
        asked,
        running.sort_values("when", kind="stable"),
        left_on="day",
        right_on="when",
        by="account",
    )
    return found.set_index("row")[names].fillna(0.0).reindex(account.index)


def _by_chain(rows: pd.DataFrame, chains: pd.DataFrame) -> pd.DataFrame:
    sums = rows.groupby("chain")[list(SUMS)].sum()
    return sums.reindex(chains["chain"]).fillna(0.0).set_axis(chains.index)


def _furthest(chains: pd.DataFrame) -> pd.DataFrame:
    """Of every account the chain that comes to most: a total of this year alone says less than one
    of all years."""
    order = chains.sort_values(["account", "so_far", "until", "fact_id"])
    return order.groupby("account").tail(1).set_index("account")


def _table(sums: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame(index=sums.index.union(chosen.index))
    table["sum"], table["events"] = sums["best"], sums["number"]
    table["total"], table["total_date"] = chosen["best"], chosen["date_end"]
    table["total_source"], table["since"] = chosen["source_id"], chosen["since"]
    for name in ("unexplained", "later", "on_top"):
        table[name] = chosen[name]
    by_events = {
        "so_far_low": sums["low"],
        "so_far": sums["best"],
        "so_far_high": sums["high"].mask(sums["open"].gt(0)),
    }
    stated = table.index.isin(chosen.index)
    for name, added in by_events.items():
        table[name] = chosen[name].reindex(table.index).where(stated, added.reindex(table.index))
    counts = ["events", "later", "on_top"]
    return table.fillna(dict.fromkeys(counts, 0)).astype(dict.fromkeys(counts, "int64"))


def _fact_ids(
    events: pd.DataFrame, chosen: pd.DataFrame, taken: pd.DataFrame, on_top: pd.DataFrame
) -> pd.Series[str]:
    """Of every account the ids of the total and the events that its answer is made of."""
    rows = events.join(chosen[["chain", "until"]], on="account")
    pairs = _pairs(rows)
    used = rows["chain"].isna() | pairs.isin(_pairs(on_top))
    used |= rows["when"].gt(rows["until"]) & ~pairs.isin(_pairs(taken))
    totals = chosen.reset_index()[["account", "fact_id"]]
    held = pd.concat([totals, rows.loc[used, ["account", "fact_id"]]])
    held = held.sort_values("account", kind="stable")
    lists = {
        account: [fact for _, fact in some]
        for account, some in groupby(
            zip(plain(held["account"]), plain(held["fact_id"]), strict=True), itemgetter(0)
        )
    }
    return pd.Series(lists, dtype="object")


def _pairs(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays([rows["chain"].astype("float64"), rows["fact_id"]])

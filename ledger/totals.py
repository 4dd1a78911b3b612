"""Totals over time: deltas added up once, with the bounds the sources leave.

Only deltas are summed; parts are not added to their whole, commitments not to deliveries, one
currency not to another, one item not to another. A cancelled pledge is a negative commitment.
Durations and shares are never added. Two sets of totals are laid side by side by ``compare``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Unpack

import pandas as pd

from ledger import bounds, dedupe
from ledger.convert import Rates, convert
from ledger.errors import LedgerError
from ledger.figure import STATUSES
from ledger.prices import Prices, constant_prices
from ledger.queries.asked import Asked, among, shown
from ledger.queries.near import near, unknown
from ledger.queries.view import view_of
from ledger.queries.where import IS, Condition, conditions_of
from ledger.series import ACTORS
from ledger.tree import Parents, at_level, path_of

FREQUENCIES = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}
_ALIAS = re.compile(r"([DW]|[MQY](?P<edge>[SE]?))")  # pandas': MS is a month's start, ME its end
BOUNDS = ("low", "best", "high")
NOT_ADDED = ("time", "percent")
_LONGEST_CHAIN = 32
TELLERS = ("attribution", "source_id")  # of a fact, what stated totals need beside what sums do

NUMBERS = ("ours", "theirs", "difference")
_AMOUNTS = ("best", "facts")


def totals(
    frame: pd.DataFrame,
    by: str | Sequence[str] = (),
    freq: str | None = None,
    status: str | Collection[str] | None = None,
    basis: str = "delta",
    bound: str | None = None,
    parents: Parents | None = None,
    currency: str | None = None,
    rates: Rates | None = None,
    prices: Prices | None = None,
    *,
    undated: bool = False,
    **asked: Unpack[Asked],
) -> pd.DataFrame:
    """Sums of the deltas in a frame of facts (or of figures, which are merged into facts first).

    A part is left out where its whole is added to the same sum: for things too, as long as sums are
    not asked for by item ("50 vehicles: 30 lorries and 20 jeeps" are 50).

    ``by`` names columns of the facts, and ``item:0`` the root of the item tree, ``item:1`` the
    level below it; without any of them things are added up as the items that ``where`` asks for, so
    that ``item = howitzer`` is one sum. ``freq`` is day, week, month, quarter or year, or pandas'
    alias of one (``MS``, ``QS``, ``YE``): the frame then opens with ``period``, its first day (with
    ``ME``, ``QE`` and ``YE`` its last, as pandas has it). Facts without a date are in no period:
    ``undated`` asks for them as a last row with NaT. What is ``asked`` is that of
    :class:`ledger.queries.asked.Asked`, with ``parents`` (item to parent) as the item tree; unless
    a view is asked for, only aid and losses are added up. With ``currency`` the chosen money is
    converted at ``rates`` (the ECB's if none are given; see :func:`ledger.convert.convert`), with
    ``prices`` brought to the prices of one year (:mod:`ledger.prices`).

    Columns: [``period``,] the ``by`` columns, ``item`` (for what is counted or measured),
    ``status``, ``unit``, ``low``, ``best``, ``high``, ``cumulative_low``, ``cumulative_best``,
    ``cumulative_high``, ``facts``, ``open_terms`` (facts without an upper bound: where there are
    any, the sum has none either), ``midpoints`` (facts whose best is the middle of a range) and
    ``sure`` (the chance, weighed by amount, that they are read rightly: 1 for those that somebody
    has decided on, NaN where no reader says it; with ``freq`` also ``cumulative_sure``, of all up
    to there);
    with ``currency`` also ``unconverted``, the facts that are in no sum, for want of a date or a
    rate.
    ``bound`` keeps one of low, best, high. With ``basis`` total, level or rate nothing is added:
    each row is the latest statement of its donor, recipient and party. Totals are cumulative as
    they stand; they are apart by ``since``, the day from which they count, and by ``source`` (who
    says so, else the document) where the statements of several sources cannot all be right, and
    ``increment`` is what each has more than the one before it.

    Raises LedgerError for an unknown column, value, frequency or bound, for groups by a bound, and
    for a currency without any rate; ValueError for a condition, date or view that is none.
    """
    chosen, keys = entries(
        frame, by, status, basis, parents, currency=currency, rates=rates, prices=prices, **asked
    )
    if freq is not None:
        chosen = chosen.assign(period=_periods(chosen["date_end"], freq))
        chosen = chosen if undated else chosen[chosen["period"].notna()]
    added = _summed if basis == "delta" else _latest
    sums = added(chosen, keys, freq is not None)
    sums = sums.drop(columns=[] if currency else ["unconverted"])
    return _kept(_differenced(sums, keys) if basis == "total" else sums, bound)


def entries(
    frame: pd.DataFrame,
    by: str | Sequence[str] = (),
    status: str | Collection[str] | None = None,
    basis: str = "delta",
    parents: Parents | None = None,
    *,
    currency: str | None = None,
    rates: Rates | None = None,
    prices: Prices | None = None,
    **asked: Unpack[Asked],
) -> tuple[pd.DataFrame, list[str]]:
    """The facts that :func:`totals` adds up, as they enter, and the columns by which it does."""
    facts = frame if "fact_id" in frame.columns else dedupe.merge(frame, parents)
    columns = [by] if isinstance(by, str) else list(by)
    asked = shown(asked, _values(status or ()))
    chosen = select(facts, status=status, basis=basis, parents=parents, **asked)
    if currency is not None:
        chosen = convert(chosen, currency, rates or Rates())
    if prices is not None:
        chosen = constant_prices(chosen, prices)
    chosen = with_levels(chosen, columns, parents or {})
    if basis != "delta":
        columns += [name for name in (*ACTORS, "per") if name not in columns]
        if basis == "total":
            columns += [name for name in ("since", "source") if name not in columns]
            chosen = chosen.assign(source=_sources_apart(chosen))
    else:
        if "item" not in columns:
            chosen = as_asked(chosen, conditions_of(asked.get("where")), parents or {})
        chosen = without_parts(chosen, facts, by_item="item" in columns)
        chosen = book_cancelled(chosen, status)
    keys = list(dict.fromkeys((*columns, "item", "status", "unit")))
    if "item" not in columns:
        chosen = chosen.assign(item=chosen["item"].where(chosen["dimension"] != "money"))
    return chosen, keys


def events(
    facts: pd.DataFrame,
    status: str | Collection[str] | None = None,
    parents: Parents | None = None,
    **asked: Unpack[Asked],
) -> pd.DataFrame:
    """The deltas ``asked`` for as they count, item by item: no part beside its whole, cancelled
    pledges as negative commitments."""
    chosen = select(facts, status=status, basis="delta", parents=parents, **asked)
    return book_cancelled(without_parts(chosen, facts), status)


def select(
    facts: pd.DataFrame,
    *,
    status: str | Collection[str] | None = None,
    basis: str | None = None,
    parents: Parents | None = None,
    **asked: Unpack[Asked],
) -> pd.DataFrame:
    """The rows that have a number and the status and basis, and are ``asked`` for
    (:class:`ledger.queries.asked.Asked`). LedgerError for an unknown column or value."""
    kept = ~facts["dimension"].isin(NOT_ADDED if basis == "delta" else ("time",))
    kept &= facts[["value", "low", "high"]].notna().any(axis=1)
    if basis is not None:
        kept &= facts["basis"].eq(basis)
    if status is not None:
        wanted = list(_values(status))
        wrong = sorted(set(wanted) - set(STATUSES))
        if wrong:
            raise LedgerError(unknown("status", wrong[0], STATUSES))
        if basis == "delta" and "committed" in wanted:
            wanted.append("cancelled")
        kept &= facts["status"].isin(wanted)
    return among(facts[kept], asked, parents)


def book_cancelled(
    facts: pd.DataFrame, status: str | Collection[str] | None = None
) -> pd.DataFrame:
    """Cancelled pledges as negative commitments, unless the status ``cancelled`` is asked for."""
    if status is not None and "cancelled" in _values(status):
        return facts
    cancelled = facts["status"].eq("cancelled")
    if not cancelled.any():
        return facts
    term = bounds.terms(facts[cancelled])
    negative = facts[cancelled].assign(
        status="committed", value=-term["best"], low=-term["high"], high=-term["low"]
    )
    return pd.concat([facts[~cancelled], negative]).sort_index()


def without_parts(
    chosen: pd.DataFrame, facts: pd.DataFrame, *, by_item: bool = True
) -> pd.DataFrame:
    """The chosen facts but those whose whole, at any remove, is chosen and added to the same sum
    (:func:`sum_of`); what of a promise is taken back is none of it, and is booked afterwards."""
    if chosen["part_of"].isna().all():
        return chosen
    added_to = sum_of(chosen, by_item=by_item)
    sums = added_to.groupby(list(added_to.columns), dropna=False).ngroup()
    held_in = pd.Series(sums.to_numpy(), index=chosen["fact_id"].to_numpy())
    whole_of = pd.Series(facts["part_of"].to_numpy(), index=facts["fact_id"].to_numpy()).dropna()
    whole = chosen["part_of"]
    is_part = pd.Series(False, index=chosen.index)
    for _ in range(_LONGEST_CHAIN):
        if whole.isna().all():
            break
        is_part |= whole.map(held_in).eq(sums) & whole.ne(chosen["fact_id"])
        whole = whole.map(whole_of)
    return chosen[~is_part]


def as_asked(
    facts: pd.DataFrame, conditions: Iterable[Condition], parents: Parents
) -> pd.DataFrame:
    """The facts with ``item`` raised to the one that a question asks for, where one is: whoever
    asks for howitzers adds up howitzers, of whatever kind."""
    asked = [one for one in conditions if one.column == "item" and one.operator in IS]
    wanted = {value for one in asked for value in one.values}
    if not wanted:
        return facts
    above = {
        item: next((one for one in path_of(item, parents) if one in wanted), item)
        for item in facts["item"].dropna().unique()
    }
    item = facts["item"].map(above)
    if any(one.operator == "under" for one in asked):  # which asks for a category, too
        item = item.where(item.isin(wanted) | ~facts["category"].isin(wanted), facts["category"])
    return facts.assign(item=item)


def sum_of(facts: pd.DataFrame, *, by_item: bool) -> pd.DataFrame:
    """What says to which sum each fact is added, whoever gives or suffers: ``status``, ``unit`` and
    ``item``, which is empty for money and where sums are not asked for ``by_item``."""
    item = facts["item"].where(facts["dimension"].ne("money") & by_item)
    return facts[["status", "unit"]].assign(item=item)


def _values(wanted: str | Collection[str]) -> Collection[str]:
    return [wanted] if isinstance(wanted, str) else wanted


def _column(facts: pd.DataFrame, name: str) -> pd.Series[str]:
    if name in FREQUENCIES:
        raise LedgerError(f"no column {name!r}: periods are asked for by freq (--freq {name})")
    if name not in facts.columns:
        if near(name, facts.columns):
            raise LedgerError(unknown("column", name, facts.columns))
        raise LedgerError(f"no column {name!r}; choose from {', '.join(facts.columns)}")
    return facts[name]


def with_levels(facts: pd.DataFrame, columns: list[str], parents: Parents) -> pd.DataFrame:
    """The facts with ``item`` (and ``columns``) raised to the level that ``item:N`` asks for.

    Raises LedgerError for an unknown column, and for one that is added up.
    """
    if "view" in columns and "view" not in facts:
        facts = facts.assign(view=view_of(facts))
    for place, name in enumerate(columns):
        base, _, level = name.partition(":")
        if level:
            if base != "item" or not level.isdigit():
                raise LedgerError(f"no column {name!r}; a level of the item tree is item:0, item:1")
            facts = facts.assign(item=at_level(facts["item"], int(level), parents))
            columns[place] = "item"
        if columns[place] in BOUNDS:
            raise LedgerError(f"no groups by {name!r}: it is what is added up")
        _column(facts, columns[place])
    return facts


def period_name(freq: str) -> str:
    """A frequency in words: ``month`` for month, ``M``, ``MS`` and ``ME``. Raises LedgerError."""
    code = _alias(freq)[1][0]
    return next(name for name, held in FREQUENCIES.items() if held == code)


def _alias(freq: str) -> re.Match[str]:
    found = _ALIAS.fullmatch(FREQUENCIES.get(freq, freq))
    if found is None:
        raise LedgerError(
            f"no frequency {freq!r}; choose from {', '.join(FREQUENCIES)}, or pandas' MS, QE, ..."
        )
    return found


def _periods(dates: pd.Series[pd.Timestamp], freq: str) -> pd.Series[pd.Timestamp]:
    alias = _alias(freq)
    periods = dates.dt.to_period(alias[1][0]).dt
    edge = periods.end_time.dt.normalize() if alias["edge"] == "E" else periods.start_time
    return edge.astype("datetime64[us]")


def _summed(facts: pd.DataFrame, keys: list[str], periods: bool) -> pd.DataFrame:
    term = bounds.terms(facts)
    known = term["best"].notna()  # what could not be converted is counted and in no sum
    parts = facts[[*(["period"] if periods else []), *keys]].assign(
        low=term["low"].fillna(0.0),
        best=term["best"].fillna(0.0),
        high=term["high"].fillna(0.0),
        facts=known.astype("int64"),
        open_terms=(known & term["high"].isna()).astype("int64"),
        midpoints=term["midpoint"].astype("int64"),
        unconverted=(~known).astype("int64"),
        **bounds.likely(facts, term["best"]),
    )
    order = [*keys, "period"] if periods else keys
    sums = parts.groupby(order, dropna=False, sort=True).sum().reset_index()
    sums["sure"] = bounds.sure(sums)
    running = sums.groupby(keys, dropna=False, sort=False)
    for name in BOUNDS:
        sums[f"cumulative_{name}"] = running[name].cumsum()
    sums["cumulative_high"] = sums["cumulative_high"].where(running["open_terms"].cumsum() == 0)
    sums["cumulative_sure"] = bounds.sure(running[["likely", "weighed"]].cumsum())
    sums["high"] = sums["high"].where(sums["open_terms"] == 0)
    for name in BOUNDS:
        sums[name] = sums[name].where(sums["facts"] > 0)
    return sums[_order(keys, periods)]


def _latest(facts: pd.DataFrame, keys: list[str], periods: bool) -> pd.DataFrame:
    order = [*keys, "period"] if periods else keys
    term = bounds.terms(facts)
    stated = facts[order].assign(
        low=term["low"],
        best=term["best"],
        high=term["high"],
        open_terms=term["high"].isna().astype("int64"),
        midpoints=term["midpoint"].astype("int64"),
        unconverted=term["best"].isna().astype("int64"),
        sure=bounds.sure(bounds.likely(facts, term["best"])),
        date_end=facts["date_end"],
    )
    groups = stated.sort_values(["date_end", "best"], na_position="first", kind="stable").groupby(
        order, dropna=False, sort=True
    )
    latest = groups.tail(1).set_index(order).sort_index()
    latest["facts"] = groups.size()
    latest = latest.reset_index()
    for name in BOUNDS:
        latest[f"cumulative_{name}"] = float("nan")
    latest["cumulative_sure"] = float("nan")
    return latest[_order(keys, periods)]


def _sources_apart(totals: pd.DataFrame) -> pd.Series[str]:
    """Who states each total, where the sources of its series differ; else NaN.

    They differ where one states less than another did before it, or both another number of one
    day, each beyond its bounds and written precision.
    """
    term, slack = bounds.terms(totals), bounds.slack(totals)
    series = ["dimension", "unit", "per", *ACTORS, "item", "status", "since"]
    rows = pd.DataFrame(
        {
            "series": totals.groupby(series, dropna=False).ngroup(),
            "date": totals["date_end"],
            "least": term["low"] - slack,
            "most": (term["high"] + slack).fillna(float("inf")),
            "name": totals["attribution"].fillna(totals["source_id"]),
        }
    ).sort_values(["series", "date", "least", "name"])
    before = rows.groupby("series")[["date", "least", "most", "name"]].shift()
    falls = rows["most"].lt(before["least"])
    apart = falls | (rows["date"].eq(before["date"]) & rows["least"].gt(before["most"]))
    apart &= rows["name"].ne(before["name"])
    differ = apart.groupby(rows["series"]).transform("any")
    return rows["name"].where(differ).reindex(totals.index)


def _differenced(stated: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Stated totals as the cumulative numbers that they are, with their increments; one without a
    date follows none."""
    alike = {f"cumulative_{name}": stated[name] for name in BOUNDS}
    before = stated.groupby(keys, dropna=False, sort=False)["best"].shift()
    increment = stated["best"] - before
    if "period" in stated:
        increment = increment.where(stated["period"].notna())
    return stated.assign(**alike, increment=increment)


def _order(keys: list[str], periods: bool) -> list[str]:
    return [
        *(["period"] if periods else []),
        *keys,
        *BOUNDS,
        *(f"cumulative_{name}" for name in BOUNDS),
        "facts",
        "open_terms",
        "midpoints",
        "sure",
        *(["cumulative_sure"] if periods else []),
        "unconverted",
    ]


def _kept(sums: pd.DataFrame, bound: str | None) -> pd.DataFrame:
    if bound is None:
        return sums
    if bound not in BOUNDS:
        raise LedgerError(f"no bound {bound!r}; choose from {', '.join(BOUNDS)}")
    others = [name for name in BOUNDS if name != bound]
    return sums.drop(columns=[*others, *(f"cumulative_{name}" for name in others)])


def compare(ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Two frames of :func:`ledger.totals.totals`, made with the same question, joined on its
    groups.

    Columns: the groups, ``ours`` and ``theirs`` (the best sums), ``difference`` (ours less theirs,
    a side without the group counting 0), ``our_facts``, ``their_facts``, and ``only``: ours or
    theirs where the other side has no such group.
    """
    keys = [name for name in ours.columns if name in theirs.columns and _is_group(ours, name)]
    joined = _side(ours, keys, "ours", "our_facts").merge(
        _side(theirs, keys, "theirs", "their_facts"), on=keys, how="outer", indicator="only"
    )
    joined["difference"] = joined["ours"].fillna(0.0) - joined["theirs"].fillna(0.0)
    sides = {"left_only": "ours", "right_only": "theirs"}
    joined["only"] = joined["only"].astype("str").map(sides).astype("str")
    for name in ("our_facts", "their_facts"):
        joined[name] = joined[name].fillna(0).astype("int64")
    return joined[[*keys, *NUMBERS, "our_facts", "their_facts", "only"]]


def _is_group(sums: pd.DataFrame, name: str) -> bool:
    first_sum = min(sums.columns.get_indexer(pd.Index(["low", "best", "high"])))
    return bool(sums.columns.get_indexer(pd.Index([name]))[0] < first_sum)


def _side(sums: pd.DataFrame, keys: Sequence[str], amount: str, count: str) -> pd.DataFrame:
    renamed = dict(zip(_AMOUNTS, (amount, count), strict=True))
    return sums[[*keys, *_AMOUNTS]].rename(columns=renamed)

"""Totals over time: deltas added up once, with the bounds the sources leave.

Only deltas are summed; parts are not added to their whole, commitments not to deliveries, one
currency not to another, one item not to another. A cancelled pledge is a negative commitment.
Durations and shares are never added. Two sets of totals are laid side by side by ``compare``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from ledger import bounds, dedupe
from ledger.convert import Rates, convert
from ledger.errors import LedgerError
from ledger.figure import STATUSES
from ledger.prices import Prices, constant_prices
from ledger.series import ACTORS
from ledger.tree import Parents, at_level, with_descendants

FREQUENCIES = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}
BOUNDS = ("low", "best", "high")
NOT_ADDED = ("time", "percent")
_LONGEST_CHAIN = 32

Where = Mapping[str, str | Collection[str]]
NUMBERS = ("ours", "theirs", "difference")
_AMOUNTS = ("best", "facts")


def totals(
    frame: pd.DataFrame,
    by: str | Sequence[str] = (),
    freq: str | None = None,
    status: str | Collection[str] | None = None,
    basis: str = "delta",
    bound: str | None = None,
    where: Where | None = None,
    parents: Parents | None = None,
    currency: str | None = None,
    rates: Rates | None = None,
    prices: Prices | None = None,
) -> pd.DataFrame:
    """Sums of the deltas in a frame of facts (or of figures, which are merged into facts first).

    ``by`` names columns of the facts, and ``item:0`` the root of the item tree, ``item:1`` the
    level below it. ``freq`` is day, week, month, quarter or year: the frame then opens with
    ``period``, its first day, and facts without a date form a last row with NaT. ``where`` maps a
    column to the value or values it must have; an item stands for everything below it in the tree
    (``parents``: item to parent). With ``currency`` the chosen money is converted at ``rates`` (the
    ECB's if none are given; see :func:`ledger.convert.convert`), with ``prices`` brought to the
    prices of one year (:mod:`ledger.prices`).

    Columns: [``period``,] the ``by`` columns, ``item`` (for what is counted or measured),
    ``status``, ``unit``, ``low``, ``best``, ``high``, ``cumulative_low``, ``cumulative_best``,
    ``cumulative_high``, ``facts``, ``open_terms`` (facts without an upper bound: where there are
    any, the sum has none either) and ``midpoints`` (facts whose best is the middle of a range).
    ``bound`` keeps one of low, best, high. With ``basis`` total, level or rate nothing is added:
    each row is the latest statement of its donor, recipient and party.

    Raises LedgerError for an unknown column, frequency or bound, for groups by a bound, and for a
    rate that is lacking.
    """
    chosen, keys = entries(
        frame, by, status, basis, where, parents, currency=currency, rates=rates, prices=prices
    )
    if freq is not None:
        chosen = chosen.assign(period=_periods(chosen["date_end"], freq))
    added = _summed if basis == "delta" else _latest
    return _kept(added(chosen, keys, freq is not None), bound)


def entries(
    frame: pd.DataFrame,
    by: str | Sequence[str] = (),
    status: str | Collection[str] | None = None,
    basis: str = "delta",
    where: Where | None = None,
    parents: Parents | None = None,
    *,
    currency: str | None = None,
    rates: Rates | None = None,
    prices: Prices | None = None,
) -> tuple[pd.DataFrame, list[str]]:
    """The facts that :func:`totals` adds up, as they enter, and the columns by which it does."""
    facts = frame if "fact_id" in frame.columns else dedupe.merge(frame)
    columns = [by] if isinstance(by, str) else list(by)
    chosen = select(facts, status=status, basis=basis, where=where, parents=parents)
    if currency is not None:
        chosen = convert(chosen, currency, rates or Rates())
    if prices is not None:
        chosen = constant_prices(chosen, prices)
    chosen = _with_levels(chosen, columns, parents or {})
    if basis != "delta":
        columns += [name for name in (*ACTORS, "per") if name not in columns]
    else:
        chosen = without_parts(book_cancelled(chosen, status), facts)
    keys = list(dict.fromkeys((*columns, "item", "status", "unit")))
    if "item" not in columns:
        chosen = chosen.assign(item=chosen["item"].where(chosen["dimension"] != "money"))
    return chosen, keys


def select(
    facts: pd.DataFrame,
    *,
    status: str | Collection[str] | None = None,
    basis: str | None = None,
    where: Where | None = None,
    parents: Parents | None = None,
) -> pd.DataFrame:
    """The rows that have the asked status, basis and values. LedgerError for an unknown column."""
    kept = ~facts["dimension"].isin(NOT_ADDED if basis == "delta" else ("time",))
    kept &= facts[["value", "low", "high"]].notna().any(axis=1)
    if basis is not None:
        kept &= facts["basis"].eq(basis)
    if status is not None:
        asked = list(_values(status))
        unknown = set(asked) - set(STATUSES)
        if unknown:
            raise LedgerError(f"no status {min(unknown)!r}; choose from {', '.join(STATUSES)}")
        if basis == "delta" and "committed" in asked:
            asked.append("cancelled")
        kept &= facts["status"].isin(asked)
    return matching(facts[kept], where, parents)


def matching(
    frame: pd.DataFrame, where: Where | None, parents: Parents | None = None
) -> pd.DataFrame:
    """The rows of figures or facts that have the asked values; an item stands for everything below
    it in the tree. Raises LedgerError for an unknown column."""
    return frame[matches(frame, where, parents)]


def matches(
    frame: pd.DataFrame, where: Where | None, parents: Parents | None = None
) -> pd.Series[bool]:
    """Which rows have the asked values; see :func:`matching`."""
    kept = pd.Series(True, index=frame.index)
    for name, wanted in (where or {}).items():
        values = _values(wanted)
        if name == "item":
            values = with_descendants(values, frame["item"].dropna().unique(), parents or {})
        kept &= _column(frame, name).isin(list(values))
    return kept


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


def without_parts(chosen: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """The chosen facts but those whose whole, at any remove, is chosen and added to the same sum.

    Two facts add to the same sum when status and unit agree and, for anything but money, the item.
    """
    if chosen["part_of"].isna().all():
        return chosen
    item = chosen["item"].where(chosen["dimension"] != "money", "")
    sums = chosen.assign(item=item).groupby(["status", "unit", "item"], dropna=False).ngroup()
    sum_of = pd.Series(sums.to_numpy(), index=chosen["fact_id"].to_numpy())
    whole_of = pd.Series(facts["part_of"].to_numpy(), index=facts["fact_id"].to_numpy()).dropna()
    whole = chosen["part_of"]
    is_part = pd.Series(False, index=chosen.index)
    for _ in range(_LONGEST_CHAIN):
        if whole.isna().all():
            break
        is_part |= whole.map(sum_of).eq(sums) & whole.ne(chosen["fact_id"])
        whole = whole.map(whole_of)
    return chosen[~is_part]


def _values(wanted: str | Collection[str]) -> Collection[str]:
    return [wanted] if isinstance(wanted, str) else wanted


def _column(facts: pd.DataFrame, name: str) -> pd.Series[str]:
    if name not in facts.columns:
        raise LedgerError(f"no column {name!r}; choose from {', '.join(facts.columns)}")
    return facts[name]


def _with_levels(facts: pd.DataFrame, columns: list[str], parents: Parents) -> pd.DataFrame:
    """The facts with ``item`` (and ``columns``) raised to the level that ``item:N`` asks for."""
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


def _periods(dates: pd.Series[pd.Timestamp], freq: str) -> pd.Series[pd.Timestamp]:
    code = FREQUENCIES.get(freq, freq)
    if code not in FREQUENCIES.values():
        raise LedgerError(f"no frequency {freq!r}; choose from {', '.join(FREQUENCIES)}")
    return dates.dt.to_period(code).dt.start_time.astype("datetime64[us]")


def _summed(facts: pd.DataFrame, keys: list[str], periods: bool) -> pd.DataFrame:
    term = bounds.terms(facts)
    parts = facts[[*(["period"] if periods else []), *keys]].assign(
        low=term["low"].fillna(0.0),
        best=term["best"].fillna(0.0),
        high=term["high"].fillna(0.0),
        facts=1,
        open_terms=term["high"].isna().astype("int64"),
        midpoints=term["midpoint"].astype("int64"),
    )
    order = [*keys, "period"] if periods else keys
    sums = parts.groupby(order, dropna=False, sort=True).sum().reset_index()
    running = sums.groupby(keys, dropna=False, sort=False)
    for name in BOUNDS:
        sums[f"cumulative_{name}"] = running[name].cumsum()
    sums["cumulative_high"] = sums["cumulative_high"].where(running["open_terms"].cumsum() == 0)
    sums["high"] = sums["high"].where(sums["open_terms"] == 0)
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
        date_end=facts["date_end"],
    )
    groups = stated.sort_values("date_end", na_position="first", kind="stable").groupby(
        order, dropna=False, sort=True
    )
    latest = groups.tail(1).set_index(order).sort_index()
    latest["facts"] = groups.size()
    latest = latest.reset_index()
    for name in BOUNDS:
        latest[f"cumulative_{name}"] = float("nan")
    return latest[_order(keys, periods)]


def _order(keys: list[str], periods: bool) -> list[str]:
    return [
        *(["period"] if periods else []),
        *keys,
        *BOUNDS,
        *(f"cumulative_{name}" for name in BOUNDS),
        "facts",
        "open_terms",
        "midpoints",
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

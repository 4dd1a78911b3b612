"""Findings: facts and totals of a ledger that a reader should look at, with reasons in words.

Nothing is changed or left out for them; each says how much hangs on it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Unpack

import numpy as np
import pandas as pd

from ledger import bounds
from ledger.positions.accounts import booked
from ledger.queries.asked import Asked
from ledger.reconcile import reconcile
from ledger.series import SERIES, purpose
from ledger.table import plain, typed
from ledger.totals import events, select
from ledger.tree import Parents

NEEDS = ("mentions", "last_seen")  # of a fact, beside what sums are made of
OTHERS = 3  # a fact outweighs so many others at least
THOUSAND = 3  # in powers of ten
DIGITS = 4  # to which numbers a thousand times each other are alike
LIKE = 3  # so many facts are alike whenever they are told, fewer only ...
DAYS_NEAR = 31  # ... so near in time
LEAST = 100  # a count of less is like another by chance
GIVEN = ("committed", "delivered")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a reader should look at: its kind, the series and date that it concerns, the reason, the
    facts and figures to look at, and ``effect``, how much of a sum or total hangs on it."""

    kind: str
    donor: str | None
    recipient: str | None
    party: str | None
    item: str | None
    unit: str
    status: str
    date: str | None
    effect: float
    reason: str
    fact_ids: tuple[str, ...]
    figure_ids: tuple[str, ...]


FINDING_DTYPES: dict[str, str] = {field.name: "str" for field in fields(Finding)} | {
    "date": "datetime64[us]",
    "effect": "float64",
}


def check(
    facts: pd.DataFrame, parents: Parents | None = None, **asked: Unpack[Asked]
) -> pd.DataFrame:
    """The findings (:func:`findings`) as a frame of ``FINDING_DTYPES``; ids are JSON lists."""
    found = findings(facts, parents, **asked)
    columns = {name: [getattr(one, name) for one in found] for name in FINDING_DTYPES}
    for name in ("fact_ids", "figure_ids"):
        columns[name] = [json.dumps(ids) for ids in columns[name]]
    return typed(pd.DataFrame(columns, dtype="object"), FINDING_DTYPES)


def findings(
    facts: pd.DataFrame, parents: Parents | None = None, **asked: Unpack[Asked]
) -> list[Finding]:
    """What a reader should look at, by kind, unit and effect, the largest first.

    Kinds: ``outweighs`` (an event of more than the rest of its series together, of three at least),
    ``thousandfold`` (a thousand times or a thousandth of one that the series states elsewhere,
    where that has more mentions, or is the smaller; money, or counts from a hundred),
    ``exceeds authority`` (given beyond all that the donor's authorities for it come to),
    ``outside the years`` (dated in a year before or after those of the documents),
    ``total falls`` (below an earlier one that counts from the same day) and ``sum passes total``
    (the events up to a stated total come to more than it). Only the facts
    ``asked`` for (:class:`ledger.queries.asked.Asked`). Raises LedgerError for an unknown column or
    value.
    """
    held = _Held(facts.sort_values("fact_id", ignore_index=True), asked, parents or {})
    found: list[Finding] = []
    for kind, find in KINDS.items():
        rows = find(held)
        rows = rows.sort_values(["unit", "effect", "fact_id"], ascending=[True, False, True])
        found.extend(_findings(kind, rows))
    return found


def _findings(kind: str, rows: pd.DataFrame) -> Iterator[Finding]:
    days = rows["date"].dt.strftime("%Y-%m-%d")
    names = (*SERIES, "effect", "reason")
    columns = zip(*(plain(rows[name]) for name in names), strict=True)
    ids = (plain(rows[name]) for name in ("fact_id", "other", "figure_ids", "others"))
    for held, day, fact, other, figures, others in zip(columns, plain(days), *ids, strict=True):
        facts = (fact,) if other is None else (fact, other)
        told = tuple(json.loads(figures) + json.loads(others or "[]"))
        known = dict(zip(names, held, strict=True))
        yield Finding(kind, date=day, fact_ids=facts, figure_ids=told, **known)


@dataclass(frozen=True)
class _Held:
    """The facts in the order of their ids, and what of them is looked at."""

    facts: pd.DataFrame
    asked: Asked
    parents: Parents

    @cached_property
    def told(self) -> pd.DataFrame:
        """The facts with a number and a status, their series and what they come to."""
        chosen = select(self.facts, parents=self.parents, **self.asked)
        return self._weighed(chosen[chosen["status"].notna()])

    @cached_property
    def events(self) -> pd.DataFrame:
        """What is added up: deltas without parts, cancelled pledges as negative commitments."""
        counting = events(self.facts, parents=self.parents, **self.asked)
        return self._weighed(counting[counting["status"].notna()])

    @cached_property
    def balances(self) -> pd.DataFrame:
        """Stated totals beside what was known by then, each with the one before it."""
        rows = reconcile(self.facts, parents=self.parents, **self.asked)
        rows = rows[rows["entry"].eq("total") & rows["status"].notna()]
        chains = rows.groupby([*SERIES, "since"], dropna=False)
        before = chains[["date", "amount", "fact_id", "figure_ids"]].shift()
        return rows.join(before.add_suffix("_before"))

    def _weighed(self, chosen: pd.DataFrame) -> pd.DataFrame:
        term, slack = bounds.terms(chosen), bounds.slack(chosen)
        weighed = chosen.assign(
            item=purpose(chosen),
            date=booked(chosen),
            best=term["best"],
            least=term["low"] - slack,
            most=(term["high"] + slack).fillna(np.inf),
        )
        weighed["series"] = weighed.groupby(list(SERIES), dropna=False).ngroup()
        return weighed


def _outweighing(held: _Held) -> pd.DataFrame:
    events = held.events
    series = events["best"].clip(lower=0.0).groupby(events["series"])
    rest, others = series.transform("sum") - events["best"], series.transform("size") - 1
    rows = events.assign(rest=rest, number=others)[events["best"].gt(rest) & others.ge(OTHERS)]
    words = [
        f"{_number(best, unit)} is more than the other {number:,} of its series together "
        f"({_number(rest, unit)})"
        for best, unit, number, rest in _cells(rows, "best", "unit", "number", "rest")
    ]
    return _found(rows, rows["best"], words)


def _thousandfold(held: _Held) -> pd.DataFrame:
    told = held.told[held.told["best"].gt(0)]
    power = np.floor(np.log10(told["best"].to_numpy()))
    digits = np.rint(told["best"].to_numpy() / 10.0 ** (power - DIGITS + 1)).astype("int64")
    over = digits >= 10**DIGITS  # 9.9996 is ten
    told = told.assign(
        power=(power + over).astype("int64"), digits=np.where(over, 10 ** (DIGITS - 1), digits)
    )
    keys = ["series", "basis", "digits"]
    groups = told.groupby([*keys, "power"], dropna=False, as_index=False).agg(
        number=("fact_id", "size"), mentions=("mentions", "sum"), first=("date", "min"),
        last=("date", "max"), best=("best", "first"), dimension=("dimension", "first"),
        fact_id=("fact_id", "first"), figure_ids=("figure_ids", "first"),
    )  # fmt: skip
    below = groups.assign(power=groups["power"] + THOUSAND)
    pairs = groups.merge(below, on=[*keys, "power"], suffixes=("_large", "_small"))
    pairs = pairs[pairs["dimension_small"].eq("money") | pairs["best_small"].ge(LEAST)]
    doubted = np.where(pairs["mentions_small"] < pairs["mentions_large"], "small", "large")
    both = []
    for side, other in (("large", "small"), ("small", "large")):
        part = pairs[doubted == side]
        near = pd.Timedelta(days=DAYS_NEAR)
        gap = part[f"first_{side}"] - part[f"last_{other}"]
        back = part[f"first_{other}"] - part[f"last_{side}"]
        part = part[part[f"number_{other}"].ge(LIKE) | (gap.le(near) & back.le(near))]
        like = part[[*keys]].assign(
            power=part["power"] - (THOUSAND if side == "small" else 0),
            like=part[f"best_{other}"],
            number=part[f"number_{other}"],
            other=part[f"fact_id_{other}"],
            others=part[f"figure_ids_{other}"],
            times="a thousand times" if side == "large" else "a thousandth of",
        )
        both.append(told.merge(like, on=[*keys, "power"]))
    rows = pd.concat(both)
    words = [
        f"{_number(best, unit)} is {times} {_number(like, unit)}, which {_facts(number)} of its "
        "series state" + ("s" if number == 1 else "")
        for best, unit, times, like, number in _cells(
            rows, "best", "unit", "times", "like", "number"
        )
    ]
    return _found(rows, (rows["best"] - rows["like"]).abs(), words)


def _exceeding(held: _Held) -> pd.DataFrame:
    whose = ["donor", "recipient", "item", "unit"]
    told = held.told[held.told["donor"].notna()]
    added = held.events[held.events["status"].eq("authorized")].groupby(whose, dropna=False)
    stated = told[told["status"].eq("authorized") & told["basis"].ne("delta")]
    ceilings = pd.concat(
        [added["most"].sum(), stated.groupby(whose, dropna=False)["most"].max()]
    )  # what is stated in one number holds the single ones
    authority = ceilings.groupby(level=whose, dropna=False).max().rename("authority")
    given = held.events[held.events["status"].isin(GIVEN) & held.events["donor"].notna()]
    rows = given.merge(authority.reset_index(), on=whose)
    rows = rows[rows["least"].gt(rows["authority"])]
    words = [
        f"{_number(best, unit)} {status} is more than the {_number(authority, unit)} that the "
        "donor's authorities come to"
        for best, unit, status, authority in _cells(rows, "best", "unit", "status", "authority")
    ]
    return _found(rows, rows["best"] - rows["authority"], words)


def _outside(held: _Held) -> pd.DataFrame:
    first, last = held.facts["first_seen"].min(), held.facts["last_seen"].max()
    told = held.told[held.told["basis"].isin(["delta", "total"]) & held.told["date_end"].notna()]
    years = told["date_end"].dt.year
    rows = told[years.lt(first.year) | years.gt(last.year)]
    span = f"{first.year}" if first.year == last.year else f"{first.year} to {last.year}"
    words = [
        f"{_number(best, unit)} is dated {day.date()}, and the documents are of {span}"
        for best, unit, day in _cells(rows, "best", "unit", "date")
    ]
    return _found(rows, rows["best"].abs(), words)


def _falling(held: _Held) -> pd.DataFrame:
    rows = held.balances
    rows = rows[
        rows["verdict"].eq("conflict")
        & rows["date"].gt(rows["date_before"])
        & rows["amount"].lt(rows["amount_before"])
    ]
    rows = rows.assign(other=rows["fact_id_before"], others=rows["figure_ids_before"])
    words = [
        f"a total of {_number(amount, unit)} after {_number(before, unit)} on {day.date()}"
        for amount, unit, before, day in _cells(
            rows, "amount", "unit", "amount_before", "date_before"
        )
    ]
    return _found(rows, rows["amount_before"] - rows["amount"], words)


def _passing(held: _Held) -> pd.DataFrame:
    rows = held.balances[held.balances["verdict"].eq("over")]
    words = [
        f"the total stated is {_number(amount, unit)}, and what was told up to then comes to "
        f"{_number(expected, unit)}"
        for amount, unit, expected in _cells(rows, "amount", "unit", "expected")
    ]
    return _found(rows, rows["expected"] - rows["amount"], words)


OF_TOTALS = ("total falls", "sum passes total")  # what is found of stated totals, not of facts
KINDS: dict[str, Callable[[_Held], pd.DataFrame]] = {
    "outweighs": _outweighing,
    "thousandfold": _thousandfold,
    "exceeds authority": _exceeding,
    "outside the years": _outside,
    "total falls": _falling,
    "sum passes total": _passing,
}


def _found(rows: pd.DataFrame, effect: pd.Series[float], words: list[str]) -> pd.DataFrame:
    """The rows as findings: ``other`` and ``others`` are a second fact and its figures, if any."""
    pair = {name: rows.get(name) for name in ("other", "others")}
    made = rows[[*SERIES, "date", "fact_id", "figure_ids"]]
    return made.assign(effect=effect, reason=pd.Series(words, rows.index, dtype="str"), **pair)


def _cells(rows: pd.DataFrame, *names: str) -> Iterator[tuple]:  # type: ignore[type-arg]
    return zip(*(rows[name] for name in names), strict=True)


def _number(number: float, unit: str) -> str:
    return f"{number:,.15g}" + ("" if unit == "count" else f" {unit}")


def _facts(number: int) -> str:
    return "one fact" if number == 1 else f"{number:,} facts"

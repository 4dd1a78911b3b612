"""Which figures of different documents are one fact, once each is a row of numbers.

The rule is stated in :mod:`ledger.dedupe`. Rows that can be one stand in runs of like values and
near dates; a run in which each agrees with each other is one fact at once, the others are gone
through, each row against the few that its days can have to do with.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

from ledger.tree import Parents, path_of

DAYS_APART = 3
RECALLED = 60  # days back in which a text that points back is believed to look
_COMPARED = 64  # facts of a day that a row is held against
_UNKNOWN = -1


def matched(candidates: pd.DataFrame, groups: np.ndarray, parents: Parents) -> np.ndarray:
    """A number for every row, which those of one fact share.

    ``groups``: a number that rows share which a text says are one. ``candidates``: ``row``, whether
    the rule can merge it (``able``); numbers for what rows agree in that it merges (``key``), that
    a document tells again (``story``), and that a text points back to (``whole``); whether it is an
    event or a sum (``adds``) and ``recalls``; ``item``, ``source``, ``place`` (-1: none), whether
    its date is ``stated``; ``centre`` and ``tolerance`` of the value; ``first`` and ``last`` day
    and that of publication; and ``order``: how well it states its fact.
    """
    rows = _speaking(candidates, groups)
    clusters = _clusters(rows, len(candidates), parents)
    facts = _united(clusters, groups, candidates["source"].to_numpy())
    return _recalled(rows, facts, parents)


def _speaking(candidates: pd.DataFrame, groups: np.ndarray) -> pd.DataFrame:
    """The rows that speak for what a document says once or more often: of each key the best, where
    it tells the story of the best of all."""
    rows = candidates.assign(group=groups)
    rows = rows[rows["able"]]
    if not rows["group"].is_unique:
        rows = rows.sort_values("order", kind="stable")
        best = rows.groupby("group")["story"].transform("first")
        rows = rows[rows["story"].eq(best)].drop_duplicates(["group", "key"]).sort_index()
    return rows


def _clusters(rows: pd.DataFrame, size: int, parents: Parents) -> np.ndarray:
    """A cluster number for every row: rows that the rule merges share one."""
    clusters = np.arange(size)
    alike = rows.duplicated("key", keep=False)
    if not alike.any():
        return clusters
    runs = _runs(rows[alike])
    plain = _all_agree(runs)
    clusters[runs["row"][plain]] = runs.groupby("run")["row"].transform("first")[plain]
    kin = Kin(parents)
    run, found = 0, _Run(kin)
    for row in runs[~plain].itertuples(index=False):
        if row.run != run:
            run, found = int(row.run), _Run(kin)  # type: ignore[arg-type]
        clusters[row.row] = found.joined(row)  # type: ignore[index]
    return clusters


def _runs(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows in runs that hold everything that may belong together, singles left out; in each the
    most telling come first: of the narrowest dates, stated ones before others, the most exact."""
    rows = rows.assign(
        least=rows["centre"] - rows["tolerance"],
        most=rows["centre"] + rows["tolerance"],
        until=rows["last"] + DAYS_APART,
        span=rows["last"] - rows["first"],
        unstated=~rows["stated"],
    )
    rows = _touching(rows.assign(run=rows["key"]), "least", "most")
    rows = _touching(rows, "first", "until")
    return rows.sort_values(["run", "span", "unstated", "last", "tolerance", "centre", "row"])


def _touching(rows: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """The rows in the runs into which a stretch that none covers parts theirs, singles left out."""
    rows = rows.sort_values(["run", start], kind="stable")
    before = rows.groupby("run", sort=False)[end].cummax().groupby(rows["run"], sort=False).shift()
    rows = rows.assign(run=(before.isna() | rows[start].gt(before)).cumsum())
    return rows[rows.duplicated("run", keep=False)]


def _all_agree(rows: pd.DataFrame) -> pd.Series[bool]:
    """Which rows stand in a run in which each agrees with each other one."""
    runs = rows.groupby("run")
    spread = {
        name: runs[name].transform("max") - runs[name].transform("min")
        for name in ("centre", "first", "last")
    }
    stated = rows[rows["stated"]]
    of_stated = stated.groupby("run")["last"]
    dates = (of_stated.max() - of_stated.min()).reindex(rows["run"]).fillna(0).to_numpy()
    alone = ~rows.duplicated(["run", "source"], keep=False)
    agree: pd.Series[bool] = (
        (spread["centre"] <= runs["tolerance"].transform("min"))
        & (spread["first"] <= DAYS_APART)
        & (spread["last"] <= DAYS_APART)
        & (runs["span"].transform("max") == 0)
        & (dates == 0)
        & alone.groupby(rows["run"]).transform("all")
        & (runs["item"].transform("nunique") <= 1)
        & (runs["place"].transform("max") == runs["place"].transform("min"))
    )
    return agree


class Kin:
    """Which items lie on one line of the tree."""

    def __init__(self, parents: Parents) -> None:
        self._parents = parents
        self._lines: dict[str, tuple[str, ...]] = {}

    def agree(self, one: Any, other: Any) -> bool:
        if one == other or not (isinstance(one, str) and isinstance(other, str)):
            return bool(one == other or (one != one and other != other))  # both unknown
        return one in self._line(other) or other in self._line(one)

    def _line(self, item: str) -> tuple[str, ...]:
        if item not in self._lines:
            self._lines[item] = path_of(item, self._parents)
        return self._lines[item]


@dataclass(slots=True)
class _Cluster:
    """What the rows of one fact say, each thing once."""

    fact: int
    day: int
    sources: set[int] = field(default_factory=set)
    dates: set[tuple[int, int, bool]] = field(default_factory=set)
    values: set[tuple[float, float]] = field(default_factory=set)
    items: set[Any] = field(default_factory=set)
    place: int = _UNKNOWN

    def takes(self, row: Any, kin: Kin) -> bool:
        return (
            row.source not in self.sources
            and (_UNKNOWN in (row.place, self.place) or row.place == self.place)
            and all(dates_agree((row.first, row.last, row.stated), date) for date in self.dates)
            and all(abs(row.centre - c) <= max(row.tolerance, t) for c, t in self.values)
            and all(kin.agree(row.item, item) for item in self.items)
        )

    def add(self, row: Any) -> None:
        self.sources.add(row.source)
        self.dates.add((row.first, row.last, row.stated))
        self.values.add((row.centre, row.tolerance))
        self.items.add(row.item)
        self.place = max(self.place, row.place)


def dates_agree(one: tuple[int, int, bool], other: tuple[int, int, bool]) -> bool:
    """Whether two dates (first day, last day, whether a text states it) can be one."""
    (a, b, stated), (c, d, also) = one, other
    if stated and also:
        return (a <= c and d <= b) or (c <= a and b <= d)
    return max(c - b, a - d) <= DAYS_APART


class _Run:
    """The facts found in a run so far, by day."""

    def __init__(self, kin: Kin) -> None:
        self._kin = kin
        self._on: dict[int, list[_Cluster]] = {}

    def joined(self, row: Any) -> int:
        """The number of the fact that takes a row, the nearest by date; a new one if none does."""
        found = [one for one in self._near(row) if one.takes(row, self._kin)]
        if found:
            home = min(found, key=lambda one: (abs(one.day - row.last), one.day, one.fact))
        else:
            home = _Cluster(int(row.row), int(row.last))
            self._on.setdefault(home.day, []).append(home)
        home.add(row)
        return home.fact

    def _near(self, row: Any) -> Iterator[_Cluster]:
        days = range(int(row.first) - DAYS_APART, int(row.last) + DAYS_APART + 1)
        for day in days if len(days) < len(self._on) else sorted(self._on):
            yield from islice(self._on.get(day, ()), _COMPARED)


def _united(clusters: np.ndarray, groups: np.ndarray, sources: np.ndarray) -> np.ndarray:
    """The clusters joined by what a document tells again, as long as none comes to hold two things
    that one document tells apart."""
    frame = pd.DataFrame({"cluster": clusters, "group": groups, "source": sources})
    spread = frame.drop_duplicates(["cluster", "group"]).duplicated("group", keep=False)
    if not spread.any():
        return clusters
    open_groups = frame.loc[spread[spread].index, "group"].unique()
    concerned = frame[frame["cluster"].isin(frame.loc[frame["group"].isin(open_groups), "cluster"])]
    facts = clusters.copy()
    told: dict[int, set[tuple[int, int]]] = defaultdict(set)  # of a cluster: (source, group)
    for cluster, group, source in concerned.itertuples(index=False, name=None):
        told[cluster].add((source, group))
    home: dict[int, int] = {}

    def root(cluster: int) -> int:
        while cluster in home:
            cluster = home[cluster]
        return cluster

    loose: list[int] = []
    for _, rows in frame[frame["group"].isin(open_groups)].groupby("group", sort=True):
        first = root(int(rows["cluster"].iloc[0]))
        for row, cluster, group, source in rows.itertuples(name=None):
            other = root(int(cluster))
            if other == first:
                continue
            low, high = sorted((first, other))
            if _can_be_one(told[low], told[high]):
                home[high] = low
                told[low] |= told.pop(high)
                first = low
            else:  # the text says that it is what its own other statement is
                loose.append(row)
                told[first].add((source, group))
    facts = np.array([root(cluster) for cluster in facts.tolist()])
    for row in loose:
        first_of_group = int(frame.index[frame["group"].eq(groups[row])][0])
        facts[row] = facts[first_of_group]
    return facts


def _can_be_one(one: set[tuple[int, int]], other: set[tuple[int, int]]) -> bool:
    """Whether no document tells apart what two clusters hold."""
    groups: dict[int, set[int]] = defaultdict(set)
    for source, group in one | other:
        groups[source].add(group)
    return all(len(told) == 1 for told in groups.values())


def _recalled(rows: pd.DataFrame, facts: np.ndarray, parents: Parents) -> np.ndarray:
    """The facts of which texts only tell again that point back, joined with the older ones."""
    rows = rows.assign(fact=facts[rows["row"]])
    again = rows.groupby("fact")["recalls"].transform("all") & rows["adds"]
    if not again.any():
        return facts
    recalls = rows[again].sort_values(["last", "row"]).drop_duplicates("fact")
    known = rows[~again & rows["adds"] & rows["whole"].isin(recalls["whole"])]
    named = rows[rows["fact"].isin({*recalls["fact"], *known["fact"]})]
    sources: defaultdict[int, set[int]] = defaultdict(set)
    for fact, source in named[["fact", "source"]].itertuples(index=False, name=None):
        sources[fact].add(source)
    older: defaultdict[int, list[Any]] = defaultdict(list)
    told: Any
    for told in known.sort_values(["last", "order"]).itertuples(index=False):
        older[told.whole].append(told)
    days = {whole: [one.last for one in held] for whole, held in older.items()}
    kin, home = Kin(parents), dict[int, int]()
    for told in recalls.itertuples(index=False):
        stop = bisect_right(days.get(told.whole, []), told.last)
        fit = [
            one
            for one in older[told.whole][max(0, stop - _COMPARED) : stop]
            if told.last - one.last <= RECALLED
            and one.last < told.published
            and sources[one.fact].isdisjoint(sources[told.fact])
            and abs(one.centre - told.centre) <= max(one.tolerance, told.tolerance)
            and kin.agree(one.item, told.item)
        ]
        if fit:
            found = max(fit, key=lambda one: (one.last, -one.order)).fact
            home[told.fact] = found
            sources[found] |= sources[told.fact]
    if not home:
        return facts
    return np.array([home.get(fact, fact) for fact in facts.tolist()])

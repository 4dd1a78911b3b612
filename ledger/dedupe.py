"""Figures into facts: what is reported ten times is counted once.

Two figures are one fact when a text says so (``same_as``), or when donor, recipient, party, item,
unit, status and basis agree, their values agree within bounds and written precision, and their
dates lie within three days. For money the item is its kind of aid. Figures without a date, without
any actor, or of the same table never merge by the rule. Anything looser is for review: see
``ledger.suggest``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from ledger import bounds
from ledger.fact import FACT_COLUMNS, FACT_DTYPES, STATED
from ledger.series import ACTORS, purpose
from ledger.table import TABLE_EXTRACTOR, empty, plain, typed

DAYS_APART = 3
# However roughly a number is written, values further apart than this share are not merged.
MERGE_SHARE = 0.05
AGREE = ("dimension", "unit", "per", *ACTORS, "status", "basis")
# The columns of figures that facts are gathered from.
NEEDS = (
    "figure_id", *STATED, "same_as", "part_of", "includes", "published", "review",
)  # fmt: skip
_EXACTNESS = {"exact": 0, "about": 1, "range": 2, "vague": 4}
_BOUND = 3
_EPOCH = pd.Timestamp("1970-01-01")  # in microseconds, in which every ISO date has room


def merge(figures: pd.DataFrame) -> pd.DataFrame:
    """The facts behind a frame of figures, in the order in which they are first stated.

    Takes the columns of ``ledger.table``; ``published`` (ISO text) and ``review`` (accepted,
    rejected, corrected) are used where the frame has them. A rejected figure supports no fact.
    Columns: ``FACT_COLUMNS``.
    """
    if figures.empty:
        return empty(FACT_DTYPES)
    frame = _prepared(figures)
    frame["fact"] = _united(frame, _matched(frame))
    rejected = frame["review"].eq("rejected")
    if rejected.any():
        frame = frame[~rejected]
    return empty(FACT_DTYPES) if frame.empty else _gathered(frame)


def _prepared(figures: pd.DataFrame) -> pd.DataFrame:
    frame = figures.reset_index(drop=True).copy()
    for name in ("published", "review"):
        if name not in frame:
            frame[name] = pd.Series(np.nan, index=frame.index, dtype="str")
    days = frame["published"].str.slice(0, len("2022-10-04"))
    frame["published"] = pd.to_datetime(days, format="ISO8601", errors="coerce")
    frame["tolerance"] = bounds.written_tolerance(frame)
    return frame


def _matched(frame: pd.DataFrame) -> np.ndarray:
    """A cluster number for every row: rows that the rule merges share one."""
    clusters = np.arange(len(frame))
    rows = _runs(_candidates(frame))
    plain = _all_agree(rows)
    clusters[rows["row"][plain]] = rows.groupby("run")["row"].transform("first")[plain]
    run, open_clusters = 0, list[_Cluster]()
    for row in rows[~plain].itertuples(index=False):
        if row.run != run:
            run, open_clusters = int(row.run), []  # type: ignore[arg-type]
        clusters[row.row] = _join(open_clusters, row)  # type: ignore[index]
    return clusters


def _candidates(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that the rule can merge, with days as numbers; ``table`` is "" for prose."""
    item = purpose(frame)
    term = bounds.terms(frame)
    width = ((frame["high"] - frame["low"]) / 2).where(term["midpoint"])
    written = frame["tolerance"].clip(upper=MERGE_SHARE * term["best"].abs())
    from_table = frame["extractor"].str.startswith(TABLE_EXTRACTOR)
    able = frame[ACTORS].notna().any(axis=1) & frame["date_end"].notna() & term["best"].notna()
    able &= item.notna() | frame["dimension"].eq("money")
    rows = pd.DataFrame(
        {
            "row": np.arange(len(frame)),
            "key": frame.assign(item=item).groupby([*AGREE, "item"], dropna=False).ngroup(),
            "centre": term["best"],
            "tolerance": width.fillna(written),
            "first": (frame["date_start"] - _EPOCH).dt.days,
            "last": (frame["date_end"] - _EPOCH).dt.days,
            "table": frame["source_id"].where(from_table, ""),
            "figure_id": frame["figure_id"],
        }
    )[able]
    return rows[rows.duplicated("key", keep=False)]


def _runs(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows in runs that hold everything that may belong together, singles left out."""
    rows = rows.assign(reach=rows.groupby("key")["tolerance"].transform("max"))
    rows = rows.sort_values(["key", "centre"], kind="stable")
    apart = rows["key"].diff().ne(0) | rows["centre"].diff().gt(rows["reach"])
    rows = rows.assign(run=apart.cumsum())
    rows = rows.sort_values(["run", "last", "tolerance", "centre", "figure_id"])
    late = rows["run"].diff().ne(0) | rows["last"].diff().gt(DAYS_APART)
    rows = rows.assign(run=late.cumsum())
    return rows[rows.duplicated("run", keep=False)]


def _all_agree(rows: pd.DataFrame) -> pd.Series[bool]:
    """Which rows stand in a run in which each agrees with each other one."""
    runs = rows.groupby("run")
    spread = {
        name: runs[name].transform("max") - runs[name].transform("min")
        for name in ("centre", "first", "last")
    }
    return (
        (spread["centre"] <= runs["tolerance"].transform("min"))
        & (spread["first"] <= DAYS_APART)
        & (spread["last"] <= DAYS_APART)
        & ~rows["table"].ne("").groupby(rows["run"]).transform("any")
    )


@dataclass(slots=True)
class _Cluster:
    """The row that opened a cluster, and the tables that have a row in it."""

    opened_by: Any
    tables: set[str]

    def takes(self, row: Any) -> bool:
        first = self.opened_by
        return bool(
            abs(row.centre - first.centre) <= max(row.tolerance, first.tolerance)
            and abs(row.first - first.first) <= DAYS_APART
            and row.table not in self.tables
        )


def _join(clusters: list[_Cluster], row: Any) -> int:
    """The row that opened the cluster which takes ``row``; a new cluster if none does."""
    clusters[:] = [one for one in clusters if row.last - one.opened_by.last <= DAYS_APART]
    home = next((one for one in clusters if one.takes(row)), None)
    if home is None:
        home = _Cluster(row, set())
        clusters.append(home)
    home.tables |= {row.table} - {""}
    return int(home.opened_by.row)


def _united(frame: pd.DataFrame, clusters: np.ndarray) -> np.ndarray:
    """The clusters joined along every ``same_as``."""
    linked = frame["same_as"].notna().to_numpy()
    if not linked.any():
        return clusters
    row_of = pd.Series(np.arange(len(frame)), index=frame["figure_id"].to_numpy())
    targets = frame.loc[linked, "same_as"].map(row_of)
    parent: dict[int, int] = {}

    def root(cluster: int) -> int:
        while cluster in parent:
            cluster = parent[cluster]
        return cluster

    for one, other in zip(targets.index, targets, strict=True):
        if pd.notna(other):
            low, high = sorted((root(clusters[one]), root(clusters[int(other)])))
            if low != high:
                parent[high] = low
    return np.array([root(cluster) for cluster in clusters]) if parent else clusters


def _gathered(frame: pd.DataFrame) -> pd.DataFrame:
    groups = frame.groupby("fact", sort=False)
    ids: pd.Series[str] = groups["figure_id"].first()
    fact_of = pd.Series(frame["fact"].map(ids).to_numpy(), index=frame["figure_id"].to_numpy())
    best = frame.loc[_best(frame)[ids.index], ["review", *STATED, "tolerance"]].set_axis(ids.index)
    facts = best[[*STATED, "tolerance"]].assign(
        fact_id=ids,
        mentions=groups.size(),
        sources=groups["source_id"].nunique(),
        first_seen=groups["published"].min(),
        last_seen=groups["published"].max(),
        review=best["review"].fillna(groups["review"].first()),
        figure_ids=_lists(frame["fact"], frame["figure_id"]),
    )
    whole = frame["part_of"].map(fact_of)
    whole = whole.where(whole.ne(frame["fact"].map(ids)))
    facts["part_of"] = whole.groupby(frame["fact"], sort=False).first()
    facts["includes"] = _included(frame, fact_of).reindex(facts.index).fillna("[]")
    return typed(facts[list(FACT_COLUMNS)], FACT_DTYPES)


def _best(frame: pd.DataFrame) -> pd.Series[int]:
    """Of every fact the row that states it best: reviewed, not a repetition, most exact."""
    order = pd.DataFrame(
        {
            "fact": frame["fact"],
            "unreviewed": frame["review"].isna(),
            "repeats": frame["same_as"].notna(),
            "loose": frame["qualifier"].map(_EXACTNESS).fillna(_BOUND),
            "tolerance": frame["tolerance"],
        }
    ).sort_values(["fact", "unreviewed", "repeats", "loose", "tolerance"], kind="stable")
    first = order["fact"].drop_duplicates()
    return pd.Series(first.index, index=first.to_numpy())


def _included(frame: pd.DataFrame, fact_of: pd.Series[str]) -> pd.Series[str]:
    """For facts that include others: the JSON list of those facts' ids."""
    including = frame[frame["includes"].ne("[]") & frame["includes"].notna()]
    pairs = pd.DataFrame(
        {"fact": including["fact"], "included": including["includes"].map(json.loads)}
    ).explode("included")
    pairs["included"] = pairs["included"].map(fact_of)
    pairs = pairs.dropna().drop_duplicates()
    return _lists(pairs["fact"], pairs["included"])


def _lists(facts: pd.Series[int], ids: pd.Series[str]) -> pd.Series[str]:
    """The ids of every fact as a JSON list, in the order in which they stand."""
    order = np.argsort(facts.to_numpy(), kind="stable")
    pairs = zip(facts.iloc[order], plain(ids.iloc[order]), strict=True)
    lists = {
        fact: json.dumps([one for _, one in some]) for fact, some in groupby(pairs, itemgetter(0))
    }
    return pd.Series(lists, dtype="str")

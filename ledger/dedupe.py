"""Figures into facts: what is reported ten times is counted once.

Within a document two figures are one fact only where one is ``same_as`` the other. Across documents
they are one when donor, recipient, party, unit, status and basis agree, their items are one or one
lies under the other in the tree (for money: its kind of aid), no place differs, their values agree
within bounds and written precision, and their dates agree: two that the texts state only where one
contains the other, others within three days. Figures without a date or without any actor never
merge by the rule. A text that points back ("last week I signed $800 million") tells of the older
fact, and one that corrects a number of its publisher replaces it, as a new version of its document
would. Anything looser is for review: see ``ledger.suggest``.

What comes out depends on the documents and not on the order in which they were added.
"""

from __future__ import annotations

import json
from itertools import groupby
from operator import itemgetter

import numpy as np
import pandas as pd

from ledger import bounds
from ledger.fact import FACT_COLUMNS, FACT_DTYPES, STATED
from ledger.facts.corrections import corrected
from ledger.facts.matching import matched
from ledger.facts.stages import at_stages, earlier_stage
from ledger.figure import CORRECTS, RECALL
from ledger.series import ACTORS, KINDS_OF_AID, purpose
from ledger.table import empty, plain, typed
from ledger.tree import Parents, path_of

# However roughly a number is written, values further apart than this share are not merged.
MERGE_SHARE = 0.05
AGREE = ("dimension", "unit", "per", *ACTORS, "status", "basis")
# The columns of figures that facts are gathered from.
NEEDS = (
    "figure_id", "start", *STATED, "same_as", "part_of", "includes", "cues", "published",
    "publisher", "review",
)  # fmt: skip
_EXACTNESS = {"exact": 0, "about": 1, "range": 2, "vague": 4}
_BOUND = 3
_EPOCH = pd.Timestamp("1970-01-01")  # in microseconds, in which every ISO date has room
_DATE = ("date", "date_stated", "date_start", "date_end")
_UNKNOWN = -1


def merge(figures: pd.DataFrame, parents: Parents | None = None) -> pd.DataFrame:
    """The facts behind a frame of figures, in the order in which they were first published.

    Takes the columns of ``ledger.table``; ``published`` (ISO text) and ``review`` (accepted,
    rejected, corrected) are used where the frame has them. A rejected figure supports no fact.
    ``parents``: the item tree. Columns: ``FACT_COLUMNS``.
    """
    if figures.empty:
        return empty(FACT_DTYPES)
    frame = _prepared(figures)
    tree = KINDS_OF_AID | dict(parents or {})
    candidates = _candidates(frame, tree)
    facts = matched(candidates, _told_again(frame), tree)
    frame["fact"], frame["replaced"] = corrected(candidates, facts, tree)
    frame["order"] += len(frame) * frame["replaced"]
    rejected = frame["review"].eq("rejected")
    if rejected.any():
        frame = frame[~rejected]
    return empty(FACT_DTYPES) if frame.empty else _gathered(frame)


def _prepared(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures in an order that does not depend on when they were added: by day of publication,
    document and place."""
    frame = figures.reset_index(drop=True).copy()
    for name in ("published", "publisher", "review"):
        if name not in frame:
            frame[name] = pd.Series(np.nan, index=frame.index, dtype="str")
    days = frame["published"].str.slice(0, len("2022-10-04"))
    frame["published"] = pd.to_datetime(days, format="ISO8601", errors="coerce")
    documents = frame[["published", "source_id"]].drop_duplicates()
    documents = documents.sort_values(["published", "source_id"]).drop_duplicates("source_id")
    rank = pd.Series(np.arange(len(documents)), index=documents["source_id"].to_numpy())
    order = np.lexsort((frame["start"], frame["source_id"].map(rank)))
    frame = frame.iloc[order].reset_index(drop=True)
    frame["tolerance"] = bounds.written_tolerance(frame)
    for name, cue in (("recalls", RECALL), ("corrects", CORRECTS)):
        frame[name] = frame["cues"].str.contains(f'"{cue}": ', regex=False).fillna(False)
    frame["order"] = _order(frame)
    return frame


def _order(frame: pd.DataFrame) -> np.ndarray:
    """How well each figure states its fact, 0 the best: reviewed, no repetition of one told before,
    most exact."""
    keys = (
        frame["tolerance"],
        frame["qualifier"].map(_EXACTNESS).fillna(_BOUND),
        frame["recalls"],
        frame["same_as"].notna(),
        frame["review"].isna(),
    )
    rank = np.empty(len(frame), dtype="int64")
    rank[np.lexsort(tuple(key.to_numpy(dtype="float64") for key in keys))] = np.arange(len(frame))
    return rank


def _told_again(frame: pd.DataFrame) -> np.ndarray:
    """A number for every row that it shares with those that say the same again (``same_as``), at
    the same stage of a package."""
    groups = np.arange(len(frame))
    if frame["same_as"].isna().all():
        return groups
    targets = _targets(frame)
    targets = targets[~at_stages(frame["status"][targets.index], _of(frame["status"], targets))]
    parent: dict[int, int] = {}

    def root(row: int) -> int:
        while row in parent:
            row = parent[row]
        return row

    for one, other in zip(targets.index, targets, strict=True):
        low, high = sorted((root(one), root(other)))
        if low != high:
            parent[high] = low
    for row in parent:
        groups[row] = root(row)
    return groups


def _targets(frame: pd.DataFrame) -> pd.Series[int]:
    """Of the rows that say a figure again the row of that."""
    row_of = pd.Series(np.arange(len(frame)), index=frame["figure_id"].to_numpy())
    return frame["same_as"].dropna().map(row_of).dropna().astype("int64")


def _of(column: pd.Series[str], targets: pd.Series[int]) -> pd.Series[str]:
    """What these rows hold in a column, by those that point at them."""
    return pd.Series(column.to_numpy()[targets], index=targets.index)


def _candidates(frame: pd.DataFrame, parents: Parents) -> pd.DataFrame:
    """What rows are matched by, as numbers: see :func:`ledger.facts.matching.matched`."""
    item = purpose(frame)
    roots = {name: path_of(name, parents)[0] for name in item.dropna().unique()}
    term = bounds.terms(frame)
    width = ((frame["high"] - frame["low"]) / 2).where(term["midpoint"])
    written = frame["tolerance"].clip(upper=MERGE_SHARE * term["best"].abs())
    able = frame[ACTORS].notna().any(axis=1) & frame["date_end"].notna() & term["best"].notna()
    able &= item.notna() | frame["dimension"].eq("money")
    kinds = frame.assign(item=item.map(roots))
    published = (frame["published"] - _EPOCH).dt.days
    last = (frame["date_end"] - _EPOCH).dt.days
    return pd.DataFrame(
        {
            "row": np.arange(len(frame)),
            "able": able,
            "key": kinds.groupby([*AGREE, "item"], dropna=False, sort=False).ngroup(),
            # what two statements of one fact in one document may still differ in: the unit
            "story": frame.groupby([*ACTORS, "status", "basis"], dropna=False, sort=False).ngroup(),
            # what a fact that is told of again agrees in, whether as an event or as a sum of some
            "whole": kinds.groupby(
                [*(name for name in AGREE if name != "basis"), "item"], dropna=False, sort=False
            ).ngroup(),
            "adds": frame["basis"].isin(("delta", "total")),
            "recalls": frame["recalls"].to_numpy(dtype="bool"),
            "corrects": frame["corrects"].to_numpy(dtype="bool"),
            "review": frame["review"],
            "item": item,
            "source": frame["source_id"].factorize()[0],
            "publisher": frame["publisher"].factorize()[0],
            "place": frame["place"].factorize()[0] if "place" in frame else _UNKNOWN,
            "stated": frame["date_stated"].fillna(False).to_numpy(dtype="bool"),
            "centre": term["best"],
            "tolerance": width.fillna(written),
            "first": (frame["date_start"] - _EPOCH).dt.days,
            "last": last,
            "published": published.fillna(last + 1),
            "order": frame["order"],
        }
    )


def _gathered(frame: pd.DataFrame) -> pd.DataFrame:
    groups = frame.groupby("fact", sort=False)
    ids: pd.Series[str] = groups["figure_id"].first()
    fact_of = pd.Series(frame["fact"].map(ids).to_numpy(), index=frame["figure_id"].to_numpy())
    best = frame.loc[groups["order"].idxmin(), ["review", *STATED, "tolerance"]]
    best = best.set_axis(ids.index)
    facts = best[[*STATED, "tolerance"]].assign(
        fact_id=ids,
        mentions=groups.size(),
        sources=groups["source_id"].nunique(),
        first_seen=groups["published"].min(),
        last_seen=groups["published"].max(),
        review=best["review"].fillna(groups["review"].first()),
        figure_ids=_lists(frame["fact"], frame["figure_id"]),
    )
    facts["place"] = facts["place"].fillna(groups["place"].first())
    if frame["replaced"].any():
        _date_as_before(facts, frame[frame["replaced"]])
    whole = frame["part_of"].map(fact_of)
    whole = whole.where(whole.ne(frame["fact"].map(ids)))
    facts["part_of"] = whole.groupby(frame["fact"], sort=False).first()
    facts["stage_of"] = earlier_stage(facts, _told_at_stages(frame, fact_of))
    facts["includes"] = "[]"
    if frame["includes"].fillna("[]").ne("[]").any():
        facts["includes"] = _included(frame, fact_of).reindex(facts.index).fillna("[]")
    return typed(facts[list(FACT_COLUMNS)], FACT_DTYPES)


def _told_at_stages(frame: pd.DataFrame, fact_of: pd.Series[str]) -> pd.DataFrame:
    """The facts, ``one`` and ``other``, of which a text says that they are one."""
    again = frame.loc[frame["same_as"].notna(), ["figure_id", "same_as"]]
    pairs = pd.DataFrame(
        {"one": again["figure_id"].map(fact_of), "other": again["same_as"].map(fact_of)}
    ).dropna()
    return pairs[pairs["one"].ne(pairs["other"])]


def _date_as_before(facts: pd.DataFrame, replaced: pd.DataFrame) -> None:
    """Gives facts whose number is corrected their old date, where the correction tells none."""
    older = replaced.groupby("fact")[list(_DATE)].first()
    older = older[~facts["date_stated"].reindex(older.index).fillna(False).astype("bool")]
    facts.loc[older.index, list(_DATE)] = older


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

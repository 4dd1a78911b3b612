"""Numbers that their publisher corrects in another document: the older one is a version of them.

A text that corrects ("Correction: ... 10, not 12") is held against what the same publisher told
before, in a document of another id: what agrees in all but the number is replaced by it, as long as
a single older fact is meant. Of several corrections the latest published holds, and takes the place
of the others too. A number that a person has decided on is left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ledger.facts.matching import RECALLED, Kin, dates_agree
from ledger.tree import Parents

_UNKNOWN = -1


def corrected(
    candidates: pd.DataFrame, facts: np.ndarray, parents: Parents
) -> tuple[np.ndarray, np.ndarray]:
    """The facts with those that are corrected joined to what corrects them, and which rows only
    tell a number that is corrected.

    ``candidates``: the columns of :func:`ledger.facts.matching.matched`, and ``publisher`` (-1:
    unknown), whether the row's text ``corrects``, and the ``review`` of each.
    """
    nothing = np.zeros(len(facts), dtype=bool)
    able = candidates["able"] & candidates["publisher"].ne(_UNKNOWN)
    rows = candidates[able & candidates["review"].ne("rejected")]
    correcting = rows[rows["corrects"]]
    if correcting.empty:
        return facts, nothing
    home = _homes(rows.assign(fact=facts[rows["row"]]), correcting.index, Kin(parents))
    if not home:
        return facts, nothing
    return (
        np.array([home.get(fact, fact) for fact in facts.tolist()]),
        np.isin(facts, list(home)),
    )


def _homes(rows: pd.DataFrame, correcting: pd.Index, kin: Kin) -> dict[int, int]:
    """Of every fact that is corrected the one that takes its place."""
    told: defaultdict[tuple[int, int], list[Any]] = defaultdict(list)
    whose = rows.loc[correcting, ["publisher", "key"]].drop_duplicates()
    older = rows.drop(correcting).merge(whose, on=["publisher", "key"])
    for row in older.sort_values("row").itertuples(index=False):
        told[row.publisher, row.key].append(row)  # type: ignore[index]
    stale: dict[int, int] = {}  # what a correcting text says is wrong, with the fact that said so
    news: defaultdict[int, list[Any]] = defaultdict(list)  # of an older fact what is told instead
    for _, some in rows.loc[correcting].sort_values("row").groupby("source", sort=True):
        fits = [(new, list(_meant(new, told[new.publisher, new.key], kin))) for new in _each(some)]
        wrong = {one.fact: new for new, found in fits for one in found if _as_much(one, new)}
        stale |= {new.fact: fact for fact, new in wrong.items()}
        for new, found in fits:
            if any(_as_much(one, new) for one in found):
                continue
            meant = {one.fact for one in found}
            meant = meant & wrong.keys() or meant
            if len(meant) == 1:
                news[meant.pop()].append(new)
    home: dict[int, int] = {}
    for fact, found in news.items():
        right = _latest(found)
        if right is not None:
            home |= {old: right for old in (fact, *(new.fact for new in found)) if old != right}
    again = {fact: home[said] for fact, said in stale.items() if said in home and fact != said}
    decided = set(rows.loc[rows["review"].isin(["accepted", "corrected"]), "fact"])
    return {
        fact: new
        for fact, new in (home | again).items()
        if fact not in decided and new not in home and fact != new
    }


def _latest(news: Sequence[Any]) -> int | None:
    """Of what corrects one fact the fact that holds: the one that the latest text tells, beside the
    numbers that it takes back of those before it. None where it tells several."""
    last = max(new.published for new in news)
    before = [new for new in news if new.published < last]
    late = [new for new in news if new.published == last]
    fresh = [new for new in late if not any(_as_much(old, new) for old in before)]
    facts = {new.fact for new in fresh or late}
    return facts.pop() if len(facts) == 1 else None


def _each(rows: pd.DataFrame) -> Iterable[Any]:
    return rows.itertuples(index=False)


def _meant(new: Any, older: Iterable[Any], kin: Kin) -> Iterator[Any]:
    """The older statements of which a correcting one can be the right number."""
    for one in older:
        places = {one.place, new.place} - {_UNKNOWN}
        if (
            one.source != new.source
            and one.published <= new.published
            and len(places) < 2
            and _can_be_of(one, new)
            and kin.agree(one.item, new.item)
        ):
            yield one


def _can_be_of(one: Any, new: Any) -> bool:
    """Whether the dates can be one: that of a correction may be the day on which it is made."""
    if dates_agree((one.first, one.last, one.stated), (new.first, new.last, new.stated)):
        return True
    return not new.stated and 0 <= new.last - one.last <= RECALLED


def _as_much(one: Any, new: Any) -> bool:
    return bool(abs(one.centre - new.centre) <= min(one.tolerance, new.tolerance))

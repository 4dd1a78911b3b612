"""Positions: of every series what was promised, what came, and how many so far, on what grounds.

A series is one donor, recipient or party, item and unit. Its stages stand side by side, none
counted in another; what happened otherwise (killed, destroyed, deployed) is a row for each status.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Unpack

import pandas as pd

from ledger import bounds
from ledger.errors import LedgerError
from ledger.fact import FACT_DTYPES
from ledger.positions.accounts import accounts_of, with_terms
from ledger.queries.asked import Asked, shown
from ledger.series import ACTORS, purpose
from ledger.table import empty, typed
from ledger.totals import NOT_ADDED, book_cancelled, select, with_levels, without_parts
from ledger.tree import Parents, at_level, path_of

BY = (*ACTORS, "item", "unit")
NEEDS = ("source_id", "sources")  # of a fact, beside what sums are made of
SUM_ONLY, ANSWERING, OTHER = ("requested", "authorized"), ("delivered", "committed"), "happened"
STAGES = (*SUM_ONLY, *reversed(ANSWERING))
# A stage's columns: what follows its name, the account's column, and its dtype.
_OF_STAGE = (
    ("", "sum", "float64"),
    ("_total", "total", "float64"),
    ("_total_date", "total_date", "datetime64[us]"),
    ("_total_source", "total_source", "str"),
    ("_unexplained", "unexplained", "float64"),
    ("_so_far", "so_far", "float64"),
)
_ANSWER = ("so_far_low", "so_far", "so_far_high", "since")
_ADDED = ("sum", "unexplained", "so_far_low", "so_far", "so_far_high", "events", "later", "on_top")
_ALONE = ("total", "total_date", "total_source", "since")  # what is not added


def _columns_of(stage: str) -> dict[str, tuple[str, str]]:
    """The columns of a stage: their names, where they come from, and their dtypes."""
    shown = _OF_STAGE[:1] if stage in SUM_ONLY else _OF_STAGE
    return {stage + ending: (name, dtype) for ending, name, dtype in shown}


_OF_ROW: dict[str, str] = {
    "status": "str",
    **dict.fromkeys(("so_far_low", "so_far", "so_far_high"), "float64"),
    **dict.fromkeys(("since", "grounds"), "str"),
    "sure": "float64",
    **{
        name: dtype for stage in (*STAGES, OTHER) for name, (_, dtype) in _columns_of(stage).items()
    },
    "fact_ids": "str",
}


def position(
    facts: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    parents: Parents | None = None,
    **asked: Unpack[Asked],
) -> pd.DataFrame:
    """A row for each series: its sums, the latest totals that texts state, and the best answer to
    "how many so far".

    ``by`` names the columns that rows are for (by default donor, recipient, party, item and unit;
    ``item:0`` and so on for levels of the item tree; unit, and item for what is not money, always
    are). Of the facts ``asked`` for (:class:`ledger.queries.asked.Asked`) those of aid and of
    losses, unless a view is asked for; ``as_of`` gives the position of that day.

    Columns: the groups; of the answer ``status``, ``so_far_low``, ``so_far``, ``so_far_high``,
    ``since`` (from when it counts, if that is stated), ``grounds`` and ``sure`` (the chance,
    weighed by amount, that its facts are read rightly: 1 for one that somebody has accepted or
    corrected, NaN where no reader says it); the sums ``requested`` and ``authorized``; then of each
    of ``committed``, ``delivered`` and ``happened`` (any other status) the sum of its events, with
    ``_total``, ``_total_date`` and ``_total_source`` the latest stated total, ``_unexplained`` what
    that has more than the events up to it, and ``_so_far`` the total with the events after it, or
    the sum where no total is stated. Last ``fact_ids``, the facts of the answer (JSON). The answer
    is that of deliveries where any are told, else of commitments, or
    of what happened. What no source tells is NaN, never 0.

    Of totals that count from different days, that is shown which comes to most with its later
    events. A row of several series adds up theirs and shows no total. At a level of the item tree
    a stated total of an item holds the events of those below it.

    Raises LedgerError for an unknown column or value; ValueError for a condition, date or view that
    is none.
    """
    columns = list(BY) if by is None else [by] if isinstance(by, str) else list(by)
    if "status" in columns:
        raise LedgerError("no positions by 'status': the stages stand side by side in a row")
    tree = parents or {}
    of_item = any(name.partition(":")[0] == "item" for name in columns)
    levels = [int(name[5:]) for name in columns if name[:5] == "item:" and name[5:].isdigit()]
    with_levels(facts.head(0), columns, tree)  # a wrong column is told
    keys = list(dict.fromkeys((*columns, "item", "unit")))
    asked = shown(asked)
    events, totals = (
        _chosen(facts, basis, asked, tree, levels[0] if levels else None, of_item)
        for basis in ("delta", "total")
    )
    if levels:
        events, totals = _below_totals(events, totals, levels[0], tree)
    both = pd.concat([events, totals])
    dtypes = {**{name: FACT_DTYPES[name] for name in keys}, **_OF_ROW}
    if both.empty:
        return empty(dtypes)
    names = list(dict.fromkeys((*ACTORS, "held", "unit", "status", *keys)))
    both["account"] = both.groupby(names, dropna=False).ngroup()
    events, totals = both.iloc[: len(events)], both.iloc[len(events) :]
    made = accounts_of(with_terms(events), with_terms(totals), with_terms(facts))
    whose = both.drop_duplicates("account").set_index("account")[[*keys, "status"]]
    table = made.table.join(whose).assign(fact_ids=made.fact_ids)
    rows = _rows(table, keys)
    rows["sure"] = _sure(rows["fact_ids"], both.set_index("fact_id"))
    return typed(rows.assign(fact_ids=rows["fact_ids"].map(json.dumps)), dtypes)


def _chosen(
    facts: pd.DataFrame,
    basis: str,
    asked: Asked,
    parents: Parents,
    level: int | None,
    of_item: bool,
) -> pd.DataFrame:
    """The facts of a basis that count, without parts: ``held`` is the item of their account,
    ``item`` that of their row."""
    chosen = select(facts, basis=basis, parents=parents, **asked)
    chosen = chosen[chosen["status"].notna() & ~chosen["dimension"].isin(NOT_ADDED)]
    held = purpose(chosen)
    item = held if level is None else at_level(held, level, parents)
    item = item if of_item else item.mask(chosen["dimension"].eq("money"))
    counting = without_parts(chosen.assign(held=held, item=item), facts)
    return book_cancelled(counting) if basis == "delta" else counting


def _below_totals(
    events: pd.DataFrame, totals: pd.DataFrame, level: int, parents: Parents
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every event in the account of the topmost item, from the level down to its own, of which a
    total is stated; and the totals that lie in no other's account."""
    whose = [*ACTORS, "unit", "status"]
    stated = totals[[*whose, "held"]].drop_duplicates()
    moved = []
    for frame in (events, totals):
        paths = {item: path_of(item, parents) for item in frame["held"].dropna().unique()}
        deepest = max(map(len, paths.values()), default=0)
        home = frame["held"]
        for depth in reversed(range(level, deepest)):
            above = frame["held"].map({i: p[depth] for i, p in paths.items() if len(p) > depth})
            asked = frame[whose].assign(held=above)
            known = asked.merge(stated, on=[*whose, "held"], how="left", indicator="is_stated")
            is_stated = known["is_stated"].eq("both").to_numpy() & above.notna().to_numpy()
            home = above.where(is_stated, home)
        moved.append(home)
    return events.assign(held=moved[0]), totals[totals["held"].eq(moved[1])]


def _rows(accounts: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The accounts as rows of positions, stages side by side, in the order of their groups."""
    staged = accounts["status"].isin(STAGES)
    accounts = accounts.assign(
        stage=accounts["status"].where(staged, OTHER), deed=accounts["status"].mask(staged)
    )
    accounts["row"] = accounts.groupby([*keys, "deed"], dropna=False).ngroup()
    rows = accounts.drop_duplicates("row").set_index("row")[[*keys, "deed"]].sort_index()
    added = _added(accounts)
    wide = added.unstack("stage")
    for stage in (*STAGES, OTHER):
        for column, (name, _) in _columns_of(stage).items():
            rows[column] = wide.get((name, stage))
    answer = _answers(added).reindex(rows.index)
    rows[list(_ANSWER)] = answer[list(_ANSWER)]
    rows["status"] = answer["stage"].where(rows["deed"].isna(), rows["deed"])
    rows["grounds"] = [_grounds(told) for told in answer.to_dict("records")]
    answering = accounts[accounts["row"].map(answer["stage"]).eq(accounts["stage"])]
    ids: dict[Any, list[str]] = {row: [] for row in rows.index}
    for row, some in zip(answering["row"], answering["fact_ids"], strict=True):
        ids[row].extend(some)
    rows["fact_ids"] = pd.Series(ids, dtype="object")
    return rows


def _sure(fact_ids: pd.Series[Any], facts: pd.DataFrame) -> pd.Series[float]:
    """Of the facts of each answer the mean chance that they are read rightly, by their amounts."""
    held = fact_ids.explode().dropna()
    once = facts[~facts.index.duplicated()]
    known = bounds.likely(once, bounds.terms(once)["best"])
    of_each = known.reindex(held).set_index(held.index)
    return bounds.sure(of_each.groupby(level=0).sum()).reindex(fact_ids.index)


def _added(accounts: pd.DataFrame) -> pd.DataFrame:
    """The accounts added up by row and stage. A sum of which one upper bound is open has none, and
    no totals of several are shown."""
    groups = accounts.groupby(["row", "stage"])
    added = groups[list(_ADDED)].sum(min_count=1)
    added["series"], added["told"] = groups.size(), groups["total"].count()
    bounded = groups["so_far_high"].count().eq(added["series"])
    added["so_far_high"] = added["so_far_high"].where(bounded)
    for name in _ALONE:
        added[name] = groups[name].first().where(added["series"].eq(1))
    return added


def _answers(added: pd.DataFrame) -> pd.DataFrame:
    """Of every row the stage that answers: deliveries where any are told, else commitments."""
    order = {stage: place for place, stage in enumerate((*ANSWERING, OTHER))}
    able = added.reset_index()
    able = able[able["stage"].isin(list(order))]
    able = able.assign(order=able["stage"].map(order)).sort_values(["row", "order"])
    return able.drop_duplicates("row").set_index("row")


def _grounds(answer: dict[Any, Any]) -> str:
    """In words, what an answer rests on."""
    if pd.isna(answer["so_far"]):
        return "nothing committed or delivered in the sources"
    series, told = int(answer["series"]), int(answer["told"])
    if series > 1:
        by_totals = f", {told} of them by stated totals" if told else ""
        return f"{series} series added up{by_totals}"
    if not told:
        return _counted(answer["events"], "event") + " added up"
    day = answer["total_date"]
    words = f"total stated {'without a date' if pd.isna(day) else f'for {day.date()}'}"
    if answer["later"]:
        words += f", and {_counted(answer['later'], 'later event')}"
    if answer["on_top"]:
        words += f", and {_counted(answer['on_top'], 'event')} that its text tells beside it"
    return words


def _counted(number: float, noun: str) -> str:
    return f"{int(number)} {noun}" + ("" if number == 1 else "s")

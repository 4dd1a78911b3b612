"""The history: what each decision made of its figure, and what that did to the totals.

The decisions that are asked for are made once more, in their order, on the figures as those before
left them: what moves in the totals with each is what that one did.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from ledger.figure import LINKS
from ledger.review.filled import Made, applied, counting
from ledger.review.question import Question
from ledger.review.queue import NEEDS, Queue, made_by_figure
from ledger.review.review import CORRECTABLE, NOTES, UNDO, apply, written
from ledger.table import plain, typed

HISTORY_DTYPES: dict[str, str] = dict.fromkeys(
    ("at", "who", "action", "why", "before", "after", "effect", "figure_id", "text", "source_id"),
    "str",
)
READ = tuple(
    name for name in dict.fromkeys((*NEEDS, *CORRECTABLE, "text", "source_id")) if name != "review"
)  # of figures as they were read
UNDECIDED = "undecided"
_TOTALS = 3  # totals that are named, of those that a decision moves


def history_of(
    figures: pd.DataFrame,
    decisions: pd.DataFrame,
    question: Question,
    figure_id: str | None = None,
    latest: int | None = None,
) -> pd.DataFrame:
    """Every decision, oldest first, or those on one figure, or the ``latest`` so many of them:
    ``HISTORY_DTYPES``.

    ``figures`` as they were read, with the columns ``READ``; ``decisions`` are all of them. What
    was ``before`` and ``after`` are the state of the figure and the fields that changed, as
    ``value=2,500, status=null``; ``effect`` says which totals of the question moved, and is NaN
    where none did. A decision on a figure that the ledger has no more has neither.
    """
    mine = [figure_id is None or figure_id in ids for ids in zip(
        plain(decisions["figure_id"]), plain(decisions["made_on"]), strict=True
    )]  # fmt: skip
    wanted = decisions[mine]
    wanted = wanted if latest is None else wanted.tail(latest)
    if wanted.empty:
        return _frame([])
    held = _touching(figures, decisions if figure_id is None else wanted)
    numbers = plain(decisions["decision"])
    first, after = (numbers.index(plain(wanted["decision"])[end]) for end in (0, -1))
    queue = Queue(apply(held, decisions.iloc[:first])[list(NEEDS)], decisions.iloc[:0], question)
    records = _records(held, {*plain(decisions["figure_id"])})
    made: dict[str, list[Made]] = {}
    rows: list[tuple[Any, ...]] = []
    asked = set(plain(wanted["decision"]))
    steps = {one.number: (key, one) for key, on in made_by_figure(decisions).items() for one in on}
    on_figures = dict(zip(numbers, plain(decisions["made_on"]), strict=True))
    behind: set[str] = set()  # figures on which decisions were made that the queue has not seen
    for place, number in enumerate(numbers[: after + 1]):
        key, one = steps[number]
        told: tuple[str | None, ...] = (None, None, None)
        record = records.get(key)
        if number not in asked:
            if record is not None:
                made.setdefault(key, []).append(one)
                behind |= {key} if place >= first else set()
            continue
        if record is not None:
            if behind:
                queue.decided([applied(records[i], counting(made[i])) for i in sorted(behind)],
                              {i: made[i] for i in sorted(behind)})  # fmt: skip
                behind.clear()
            told = _step(queue, record, made.setdefault(key, []), one)
        source = [None, None] if record is None else [record["text"], record["source_id"]]
        named = key or on_figures[number]
        rows.append((one.at, one.who, one.action, one.why, *told, named, *source))
    return _frame(rows)


def _frame(rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    return typed(pd.DataFrame(rows, columns=list(HISTORY_DTYPES), dtype="object"), HISTORY_DTYPES)


def _step(
    queue: Queue, record: Mapping[str, Any], made: list[Made], one: Made
) -> tuple[str | None, ...]:
    """What was before and after a decision, and what it moved; it is added to those ``made``."""
    old = applied(record, counting(made))
    made.append(one)
    new = applied(record, counting(made))
    if one.action in NOTES and one.action != UNDO:
        return (None, None, None)
    totals = queue.stand()
    queue.decided([new], {record["figure_id"]: made})
    moved = queue.changes(totals)
    more = f"; {len(moved) - _TOTALS} more" if len(moved) > _TOTALS else ""
    names = [name for name in CORRECTABLE if old[name] != new[name]]
    if "value" in names and all(_exact(side) for side in (old, new)):
        names = [name for name in names if name not in ("low", "high")]
    again = old["review"] == new["review"]
    before, after = (_words(side, names, told=not again) for side in (old, new))
    return before, after, ("; ".join(moved[:_TOTALS]) + more) or None


def _exact(record: Mapping[str, Any]) -> bool:
    return bool(record["low"] == record["value"] == record["high"])


def _words(record: Mapping[str, Any], names: Sequence[str], *, told: bool) -> str:
    state = [record["review"] or UNDECIDED] if told else []
    return ", ".join((*state, *(f"{name}={_value(record[name])}" for name in names)))


def _value(value: Any) -> str:
    return f"{value:,.15g}" if isinstance(value, float) else written(value)


def _records(figures: pd.DataFrame, ids: Collection[str | None]) -> dict[str, dict[str, Any]]:
    """These figures as Python objects, days as ISO text."""
    held = figures[figures["figure_id"].isin({one for one in ids if one is not None})]
    days = {name: held[name].dt.strftime("%Y-%m-%d") for name in ("date_start", "date_end")}
    columns = {str(name): plain(values) for name, values in held.assign(**days).items()}
    rows = (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
    return {row["figure_id"]: row for row in rows}


def _touching(figures: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """The figures that can be added up with those that were decided on: those of their units, then
    what these are linked to, at any remove."""
    on = figures["figure_id"].isin(decisions["figure_id"].dropna())
    made = [json.loads(changes) for changes in decisions["changes"]]
    links = {one.get(name) for one in made for name in LINKS}
    on |= figures["figure_id"].isin({one for one in links if one})
    units = set(figures.loc[on, "unit"]) | {one["unit"] for one in made if "unit" in one}
    kept = figures["unit"].isin(units)
    for _ in range(len(figures)):
        ids = set(figures.loc[kept, "figure_id"])
        targets = {one for name in LINKS for one in figures.loc[kept, name].dropna()}
        more = kept | figures["figure_id"].isin(targets)
        for name in LINKS:
            more |= figures[name].isin(ids)
        if more.equals(kept):
            break
        kept = more
    return figures[kept].reset_index(drop=True)


def with_readings(
    history: pd.DataFrame, readings: Iterable[tuple[str, str]], figure_id: str
) -> pd.DataFrame:
    """The history of one figure with when, and by what, it was read: ``(at, extractor)``."""
    blank: dict[str, Any] = dict.fromkeys(HISTORY_DTYPES)
    rows = [
        blank | {"at": at, "who": who, "action": "read", "figure_id": figure_id}
        for at, who in readings
    ]
    read = typed(pd.DataFrame(rows, columns=list(HISTORY_DTYPES), dtype="object"), HISTORY_DTYPES)
    return pd.concat([read, history], ignore_index=True)

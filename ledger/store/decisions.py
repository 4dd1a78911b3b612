"""Review decisions in the store: appended, and attached to the figures they speak about.

A decision is kept with the place, text and sentence it was made on. After a new reading of its
source it is attached to the figure with the same text that overlaps that place; in a changed text,
to the one with the same text in the same sentence before that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select
from sqlalchemy.engine import Row

from ledger.errors import LedgerError
from ledger.figure import LINKS
from ledger.review import review
from ledger.review.filled import DecidedSinceError, Made, Standing, counting, repeated
from ledger.review.review import Decision
from ledger.rows import PORTION
from ledger.store import cell_checks, frames, schema

_MADE_ON = (
    select(schema.decision)
    .where(schema.decision.c.source_id == bindparam("of_source"))
    .order_by(schema.decision.c.id)
)


def append(
    connection: Connection,
    decisions: Iterable[Decision],
    who: str,
    seen: Mapping[str, int] | None = None,
) -> list[int]:
    """Stores the decisions, all or none, and returns their numbers.

    ``seen`` says which decision was the last one on a figure (0 for none) when its reader saw it:
    where another has been made since, nothing is stored and DecidedSinceError is raised.

    The connection holds the lock of decisions, so that their numbers are in the order in which
    others come to see them. Raises LedgerError for an unknown figure and for changes that the
    record cannot hold.
    """
    if not who.strip():
        raise LedgerError("a decision needs the name of who decides")
    at = datetime.now(UTC).isoformat(timespec="seconds")
    numbers: list[int] = []
    for figure_id, last_seen in (seen or {}).items():
        _refuse_decided(connection, figure_id, last_seen)
    for decision in decisions:
        figure = _current(connection, decision.figure_id)
        if decision.action in review.NOTES:
            changes = review.noted(decision)
            _check_undoes(connection, decision)
        else:
            changes = review.checked(decision, figure.qualifier)
            _check_links(connection, changes)
        anchor = {
            name: getattr(figure, name)
            for name in ("source_id", "figure_id", "text", "sentence", "dimension", "sha256")
        } | {"start": figure.start, "end": figure.end}
        made = {"at": at, "who": who, "why": decision.why, "action": decision.action}
        result = connection.execute(
            insert(schema.decision).values(**made, **anchor, changes=json.dumps(changes))
        )
        key = result.inserted_primary_key
        assert key is not None
        connection.execute(
            insert(schema.attachment).values(decision=key[0], figure_id=decision.figure_id)
        )
        numbers.append(int(key[0]))
    return numbers


def attach_again(connection: Connection, source_id: str) -> None:
    """Finds the figures that the decisions on a source speak about after it was read anew."""
    made = _rows(connection, _MADE_ON, of_source=source_id)
    if not made:
        return
    on_source = select(schema.decision.c.id).where(schema.decision.c.source_id == source_id)
    connection.execute(delete(schema.attachment).where(schema.attachment.c.decision.in_(on_source)))
    alike: dict[str, list[Row[Any]]] = {row.text: [] for row in made}
    query = _figures().where(schema.document.c.source_id == source_id)
    held = connection.execute(query.execution_options(yield_per=PORTION))
    for figure in cell_checks.checked(query, held):
        if figure.text in alike:
            alike[figure.text].append(figure)
    found = [(row.id, match(row, alike[row.text])) for row in made]
    attached = [{"decision": key, "figure_id": to} for key, to in found if to is not None]
    if attached:
        connection.execute(insert(schema.attachment), attached)


def read(connection: Connection) -> pd.DataFrame:
    """All decisions, oldest first: ``DECISION_DTYPES``. ``figure_id`` is the figure a decision
    speaks about now (NaN if it has none any more), ``made_on`` the one it was made on."""
    made, at = schema.decision.c, schema.attachment.c
    query = (
        select(
            made.id, made.at, made.who, made.action, made.why, made.changes,
            at.figure_id, made.figure_id.label("made_on"),
        )
        .outerjoin_from(schema.decision, schema.attachment, at.decision == made.id)
        .order_by(made.id)
    )  # fmt: skip
    return frames.read(connection, query, review.DECISION_DTYPES)


def decided_after(connection: Connection, number: int) -> set[str]:
    """The figures on which decisions were made after the one of this number."""
    at = schema.attachment.c
    return set(connection.execute(select(at.figure_id).where(at.decision > number)).scalars())


def standing(connection: Connection, figure_ids: Iterable[str]) -> dict[str, Standing]:
    """Those of the figures that are current, each with the decisions on it."""
    figures: dict[str, Standing] = {}
    for ids in frames.at_once(figure_ids):
        made = made_on(connection, ids)
        found = {key: counting(on_figure) for key, on_figure in made.items()}
        dismissed = {key: frozenset(_dismissed(on_figure)) for key, on_figure in made.items()}
        current = _figures().where(schema.figure.c.figure_id.in_(ids))
        for row in connection.execute(current):
            figures[row.figure_id] = Standing(
                row.qualifier,
                found.get(row.figure_id, ()),
                row.same_as,
                dismissed.get(row.figure_id, frozenset()),
            )
    return figures


def standing_with(connection: Connection, figure_ids: Iterable[str]) -> dict[str, Standing]:
    """The same, with the figures that they repeat, at any remove."""
    figures: dict[str, Standing] = {}
    asked: set[str] = set()
    more = set(figure_ids)
    while more:
        asked |= more
        figures |= standing(connection, more)
        more = repeated(figures) - asked
    return figures


def made_on(connection: Connection, ids: Iterable[str]) -> dict[str, list[Made]]:
    """All decisions on these figures, oldest first."""
    made, at = schema.decision.c, schema.attachment.c
    query = (
        select(at.figure_id, made.id, made.at, made.who, made.action, made.why, made.changes)
        .join_from(schema.decision, schema.attachment, at.decision == made.id)
        .order_by(made.id)
    )
    found: dict[str, list[Made]] = {}
    for some in frames.at_once(ids):
        of_some = query.where(at.figure_id.in_(some))
        for row in cell_checks.checked(of_some, connection.execute(of_some)):
            decision = Made(row.id, row.at, row.who, row.action, row.why, json.loads(row.changes))
            found.setdefault(row.figure_id, []).append(decision)
    return found


def _dismissed(made: Sequence[Made]) -> Iterator[str]:
    """What was found about a figure and dismissed."""
    undone = {one.changes["undoes"] for one in made if one.action == review.UNDO}
    return (
        one.changes["finding"]
        for one in made
        if one.action == review.DISMISS and one.number not in undone
    )


def _refuse_decided(connection: Connection, figure_id: str, seen: int) -> None:
    """Raises DecidedSinceError where a decision on the figure is younger than the one last seen."""
    since = [made for made in made_on(connection, [figure_id]).get(figure_id, ())
             if made.number > seen and made.action != review.SKIP]  # fmt: skip
    if since:
        raise DecidedSinceError(figure_id, since[-1])


def _check_undoes(connection: Connection, decision: Decision) -> None:
    """Raises LedgerError where an undoing speaks of no decision on its figure that counts."""
    if decision.action != review.UNDO:
        return
    made = made_on(connection, [decision.figure_id]).get(decision.figure_id, [])
    undone = {one.changes["undoes"] for one in made if one.action == review.UNDO}
    numbers = {one.number for one in made if one.action != review.UNDO} - undone
    if decision.changes["undoes"] not in numbers:
        raise LedgerError(
            f"figure {decision.figure_id} has no decision {decision.changes['undoes']} to undo"
        )


def readings(connection: Connection, figure_id: str) -> list[tuple[str, str]]:
    """When a figure was read, and by what, oldest first."""
    of, held = schema.document.c, schema.figure.c
    found = _rows(
        connection,
        select(of.source_id, of.added_at, held.extractor)
        .join_from(schema.figure, schema.document)
        .where(held.figure_id == figure_id)
        .order_by(of.id),
    )
    return [(row.added_at, row.extractor) for row in found]


def last(connection: Connection) -> int:
    """The number of the latest decision, 0 where there is none."""
    return int(connection.execute(select(func.max(schema.decision.c.id))).scalar() or 0)


def _figures() -> Select[Any]:
    held, of = schema.figure.c, schema.document.c
    return (
        select(held.figure_id, held.source_id, held.start, held.end, held.text, held.sentence,
               held.dimension, held.qualifier, held.same_as, of.sha256)
        .join_from(schema.figure, schema.document)
        .where(of.current == 1)
    )  # fmt: skip


def _rows(connection: Connection, query: Select[Any], **values: str) -> list[Row[Any]]:
    """What a query finds. Raises CellError for a bad cell."""
    return list(cell_checks.checked(query, connection.execute(query, values)))


def _current(connection: Connection, figure_id: str) -> Row[Any]:
    rows = _rows(connection, _figures().where(schema.figure.c.figure_id == figure_id))
    if not rows:
        raise LedgerError(f"no figure {figure_id!r}")
    return rows[0]


def _check_links(connection: Connection, changes: dict[str, Any]) -> None:
    for name in LINKS:
        if changes.get(name) is not None:
            _current(connection, changes[name])


def match(decision: Row[Any], alike: Sequence[Row[Any]]) -> str | None:
    """The id of the figure that the decision speaks about, of those with its text; None if there
    is none."""
    overlapping = [f for f in alike if f.start < decision.end and decision.start < f.end]
    if not overlapping or overlapping[0].sha256 != decision.sha256:
        in_sentence = [f for f in alike if f.sentence == decision.sentence]
        overlapping = in_sentence or overlapping
    nearest = min(overlapping, key=lambda f: abs(f.start - decision.start), default=None)
    return None if nearest is None else str(nearest.figure_id)

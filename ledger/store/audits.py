"""Audits in the store: what was drawn, by which chances, and who looked at which passage."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from ledger.audit.audit import Audit, DrawnFigure, Passage, Total
from ledger.audit.shares import Question
from ledger.errors import LedgerError
from ledger.store import cell_checks, schema

_audit, _figure, _passage = schema.audit, schema.audit_figure, schema.audit_passage


def keep(connection: Connection, audit: Audit, who: str) -> int:
    """Stores a draw and returns its number. Raises LedgerError without a name of who draws."""
    _named(who)
    result = connection.execute(
        insert(_audit).values(
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            who=who,
            seed=audit.seed,
            population=audit.population,
            question=str(audit.question),
            key_columns=json.dumps(audit.keys),
            totals=json.dumps([[one.name, one.amount, one.unseen] for one in audit.totals]),
        )
    )
    key = result.inserted_primary_key
    assert key is not None
    number = int(key[0])
    figures = [
        {"audit": number, "position": position, "figure_id": one.figure_id, "chance": one.chance,
         "added": json.dumps(dict(one.added))}
        for position, one in enumerate(audit.figures)
    ]  # fmt: skip
    passages = [
        {"audit": number, "position": one.number, "source_id": one.source_id, "start": one.start,
         "end": one.end, "chance": one.chance}
        for one in audit.passages
    ]  # fmt: skip
    for table, rows in ((_figure, figures), (_passage, passages)):
        if rows:
            connection.execute(insert(table), rows)
    return number


def latest(connection: Connection) -> int | None:
    """The number of the latest draw, None where there is none."""
    number: int | None = connection.execute(select(func.max(_audit.c.id))).scalar()
    return number


def read(connection: Connection, number: int | None = None) -> tuple[int, Audit]:
    """A draw by its number, else the latest, with its number.

    Raises LedgerError where there is none, CellError for a bad cell.
    """
    if number is None:
        number = latest(connection)
    query = select(_audit).where(_audit.c.id == number)
    row = next(cell_checks.checked(query, connection.execute(query)), None)
    if row is None:
        raise LedgerError("no audit was drawn" if number is None else f"no audit {number}")
    figures = select(_figure).where(_figure.c.audit == number).order_by(_figure.c.position)
    passages = select(_passage).where(_passage.c.audit == number).order_by(_passage.c.position)
    return row.id, Audit(
        Question.read(row.question),
        tuple(json.loads(row.key_columns)),
        row.seed,
        row.population,
        tuple(Total(*held) for held in json.loads(row.totals)),
        tuple(
            DrawnFigure(one.figure_id, one.chance, json.loads(one.added))
            for one in cell_checks.checked(figures, connection.execute(figures))
        ),
        tuple(
            Passage(
                one.position, one.source_id, one.start, one.end, one.chance,
                None if one.missed is None else tuple(json.loads(one.missed)),
            )
            for one in cell_checks.checked(passages, connection.execute(passages))
        ),
    )  # fmt: skip


def looked_at(
    connection: Connection,
    number: int,
    passage: int,
    missed: Sequence[Mapping[str, Any]],
    who: str,
) -> None:
    """Keeps what was missed in a passage of a draw, in place of what was said before.

    Raises LedgerError for a passage that was not drawn, and without a name of who looked.
    """
    _named(who)
    result = connection.execute(
        update(_passage)
        .where(_passage.c.audit == number, _passage.c.position == passage)
        .values(
            missed=json.dumps(list(missed)),
            who=who,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
    )
    if not result.rowcount:
        raise LedgerError(f"audit {number} has no passage {passage}")


def _named(who: str) -> None:
    if not who.strip():
        raise LedgerError("an audit needs the name of who looks")

"""Who has read the stored documents: how many each reader of meaning, and which are another's.

A document is read whole by one reader, so its first figure says by which; one without figures says
it not. Only current versions count.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, func, select

from ledger.figure import Source
from ledger.store import cell_checks, schema
from ledger.table import TABLE_READER

_TOGETHER = 16  # documents with their texts that are read at once

_FIRST = schema.figure.alias("first_of")
_of, _held = schema.document.c, schema.figure.c
# Found by the primary key: of a document's figures no other is looked at.
_by_first_figure = (_held.document == _of.id) & (
    _held.figure_id
    == select(func.min(_FIRST.c.figure_id)).where(_FIRST.c.document == _of.id).scalar_subquery()
)
_READERS = (
    select(_held.reader, func.count())
    .join_from(schema.document, schema.figure, _by_first_figure)
    .where(_of.current == 1)
    .group_by(_held.reader)
    .order_by(func.count().desc(), _held.reader)
)
_BY_OTHERS = (
    select(_of.id, *(_of[name] for name in Source.__dataclass_fields__))
    .join_from(schema.document, schema.figure, _by_first_figure)
    .where(
        _of.current == 1,
        _of.id > bindparam("after"),
        _held.reader != bindparam("reader"),
        _held.reader != TABLE_READER,
    )
    .order_by(_of.id)
    .limit(_TOGETHER)
)


def readers(connection: Connection) -> dict[str, int]:
    """How many documents each reader of meaning has read, that of most first."""
    found = cell_checks.checked(_READERS, connection.execute(_READERS))
    return dict(map(tuple, found))


def read_by_others(connection: Connection, reader: str, after: int) -> Sequence[tuple[int, Source]]:
    """Some of the documents that another than this reader has read, tables aside: those that stand
    next behind the number ``after``, each with its own number; none where there are no more."""
    found = connection.execute(_BY_OTHERS, {"after": after, "reader": reader})
    return [(number, Source(*held)) for number, *held in cell_checks.checked(_BY_OTHERS, found)]

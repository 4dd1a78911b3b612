"""Frames out of the store: figures and sources as they stand, in the order they were added."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, func, select

from ledger.errors import LedgerError
from ledger.figure import Source
from ledger.rows import PORTION, joined
from ledger.store import cell_checks, schema
from ledger.table import DTYPES, column, empty

_AT_ONCE = 1000  # figures asked for in one statement
_TEXTS = 4  # documents with their texts that are read at once
OF_DOCUMENT = ("published", "publisher")  # what a ledger's figures also say of their document
FIGURE_DTYPES: dict[str, str] = DTYPES | dict.fromkeys(OF_DOCUMENT, "str")
SOURCE_DTYPES: dict[str, str] = {
    name: "int64" if name in ("version", "figures") else "str"
    for name in (
        *("source_id", "title", "publisher", "url", "published", "accessed", "sha256"),
        *("version", "superseded", "figures", "added_at"),
    )
} | {"superseded": "bool"}


def portions(
    connection: Connection, query: Select[Any], dtypes: Mapping[str, str]
) -> Iterator[pd.DataFrame]:
    """The rows of a query as frames with the given columns, in their order, and dtypes.

    So many at a time: as Python objects, rows take ten times the memory that they do in a frame.
    Raises CellError for a bad cell.
    """
    result = connection.execute(query.execution_options(yield_per=PORTION))
    try:
        for rows in result.partitions():
            cell_checks.check(query, rows)
            columns = zip(dtypes, zip(*rows, strict=True), strict=True)
            yield pd.DataFrame({name: column(held, dtypes[name]) for name, held in columns})
    finally:
        if not connection.closed:  # else it is closed with the connection
            result.close()


def read(connection: Connection, query: Select[Any], dtypes: Mapping[str, str]) -> pd.DataFrame:
    """The rows of a query as a frame with the given columns, in their order, and dtypes."""
    return joined(portions(connection, query, dtypes), empty(dtypes))


def figures(connection: Connection, names: Collection[str]) -> Iterator[pd.DataFrame]:
    """The figures of every source's current version, as they were read; these columns of
    ``FIGURE_DTYPES``."""
    query, known = _figures(names)
    return portions(connection, query, {name: FIGURE_DTYPES[name] for name in known})


def figures_of(connection: Connection, ids: Collection[str]) -> pd.DataFrame:
    """Some figures as they were read, in no order: ``FIGURE_DTYPES``."""
    held = (
        read(connection, _figures(FIGURE_DTYPES, some)[0], FIGURE_DTYPES) for some in at_once(ids)
    )
    return joined(held, empty(FIGURE_DTYPES))


def at_once(ids: Iterable[str]) -> Iterator[Sequence[str]]:
    """The ids, so many together as one statement can ask for."""
    ordered = sorted(ids)
    return (ordered[at : at + _AT_ONCE] for at in range(0, len(ordered), _AT_ONCE))


def _figures(
    names: Collection[str], ids: Collection[str] | None = None
) -> tuple[Select[Any], list[str]]:
    """A query for figures of current versions in the order in which they were added, all or these,
    and the columns that it gives."""
    held, of = schema.figure.c, schema.document.c
    known = [name for name in FIGURE_DTYPES if name in names]
    query = (
        select(*(of[name] if name in OF_DOCUMENT else held[name] for name in known))
        .join_from(schema.figure, schema.document)
        .where(of.current == 1)
        .order_by(held.document, held.position)
    )
    return (query if ids is None else query.where(held.figure_id.in_(sorted(ids)))), known


def records(
    connection: Connection, names: Collection[str], ids: Collection[str]
) -> list[dict[str, Any]]:
    """Some figures as they were read, as Python objects with None for what is missing and dates as
    ISO text, in no order: a few of them take a tenth of the time that they do in a frame."""
    held: list[dict[str, Any]] = []
    for some in at_once(ids):
        query, known = _figures(names, some)
        rows = cell_checks.checked(query, connection.execute(query))
        held += [dict(zip(known, row, strict=True)) for row in rows]
    return held


def ids_beginning(connection: Connection, start: str) -> list[str]:
    """The first two ids of figures, of any version of their document, that begin so."""
    named = schema.figure.c.figure_id
    query = select(named).distinct().where(named.startswith(start, autoescape=True))
    return list(connection.execute(query.order_by(named).limit(2)).scalars())


def ids_in(connection: Connection, source_id: str) -> list[str]:
    """The figures of a source's current version, in the order of the text."""
    held, of = schema.figure.c, schema.document.c
    query = (
        select(held.figure_id)
        .join_from(schema.figure, schema.document)
        .where(of.current == 1, of.source_id == source_id)
        .order_by(held.position)
    )
    return list(connection.execute(query).scalars())


def count_figures(connection: Connection) -> int:
    """How many figures the current versions hold."""
    held = select(func.count()).join_from(schema.figure, schema.document)
    return int(connection.execute(held.where(schema.document.c.current == 1)).scalar_one())


def check_figures(connection: Connection) -> None:
    """Raises CellError where the current versions hold a figure twice."""
    named = schema.figure.c.figure_id
    held = select(named).join_from(schema.figure, schema.document)
    again = held.where(schema.document.c.current == 1).group_by(named).having(func.count() > 1)
    twice = connection.execute(again.limit(1)).scalar()
    if twice is not None:
        raise cell_checks.CellError(
            f"table figure: figure_id {twice!r} stands in two current documents"
        )


def sources(connection: Connection) -> pd.DataFrame:
    """Every version of every source, without its text; the last version is not ``superseded``."""
    of = schema.document.c
    counts = (
        select(schema.figure.c.document, func.count().label("figures"))
        .group_by(schema.figure.c.document)
        .subquery()
    )
    query = (
        select(
            *(of[name] for name in list(SOURCE_DTYPES)[:8]),
            (of.current == 0).label("superseded"),
            func.coalesce(counts.c.figures, 0),
            of.added_at,
        )
        .outerjoin_from(schema.document, counts, counts.c.document == of.id)
        .order_by(of.id)
    )
    return read(connection, query, SOURCE_DTYPES)


def texts(connection: Connection) -> Iterator[Source]:
    """Every source's current version with its text, one after the other."""
    query = _texts().order_by(schema.document.c.id)
    held = connection.execute(query.execution_options(yield_per=_TEXTS))
    for row in cell_checks.checked(query, held):
        yield Source(*row)


def text(connection: Connection, source_id: str) -> Source:
    """A source's current version with its text. Raises LedgerError for an unknown one."""
    query = _texts().where(schema.document.c.source_id == source_id)
    row = next(cell_checks.checked(query, connection.execute(query)), None)
    if row is None:
        raise LedgerError(f"no source {source_id!r}")
    return Source(*row)


def _texts() -> Select[Any]:
    names = Source.__dataclass_fields__
    query = select(*(schema.document.c[name] for name in names))
    return query.where(schema.document.c.current == 1)

"""Frames out of the store: figures and sources as they stand, in the order they were added."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, func, select

from ledger import schema
from ledger.figure import Source
from ledger.table import COLUMNS, DTYPES, typed

_PORTION = 10_000
# A ledger's figures also say when their document was published.
FIGURE_DTYPES: dict[str, str] = DTYPES | {"published": "str"}
SOURCE_DTYPES: dict[str, str] = {
    name: "int64" if name in ("version", "figures") else "str"
    for name in (
        *("source_id", "title", "publisher", "url", "published", "accessed", "sha256"),
        *("version", "superseded", "figures", "added_at"),
    )
} | {"superseded": "bool"}


def read(connection: Connection, query: Select[Any], dtypes: dict[str, str]) -> pd.DataFrame:
    """The rows of a query as a frame with the given columns, in their order, and dtypes."""
    columns: list[list[Any]] = [[] for _ in dtypes]
    # In portions: a million row objects at once would keep the garbage collector busy.
    result = connection.execute(query.execution_options(yield_per=_PORTION))
    for rows in result.partitions():
        for column, values in zip(columns, zip(*rows, strict=True), strict=True):
            column.extend(values)
    data = dict(zip(dtypes, columns, strict=True))
    return typed(pd.DataFrame(data, dtype="object"), dtypes)


def figures(connection: Connection) -> pd.DataFrame:
    """The figures of every source's current version, as they were read."""
    held, of = schema.figure.c, schema.document.c
    query = (
        select(*(held[name] for name in COLUMNS), of.published)
        .join_from(schema.figure, schema.document)
        .where(of.current == 1)
        .order_by(held.document, held.position)
    )
    return read(connection, query, FIGURE_DTYPES)


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
    of = schema.document.c
    names = list(Source.__dataclass_fields__)
    query = select(*(of[name] for name in names)).where(of.current == 1).order_by(of.id)
    for row in connection.execute(query.execution_options(yield_per=100)):
        yield Source(*row)

"""From an empty database or an older ledger to this version's: a backup, then one transaction."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    case,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)

from ledger.errors import LedgerError
from ledger.store import schema, views
from ledger.store.kept_readings import KNOWN_SINCE
from ledger.table import TABLE_EXTRACTOR, TABLE_READER

_DAY = len("2022-10-04")
# What older figures hold in the columns that they lack; tables have a reader of their own.
_HELD = {"cues": "{}", "reader": "rules", "choices": "{}", "other": "{}"}

_KEEPS_READINGS = 5  # the version from which a reading that is replaced is kept


def back_up(engine: Engine, path: Path | None, version: int) -> None:
    """Copies an older ledger beside itself before it is changed.

    An SQLite file becomes ``NAME.v1.bak``, PostgreSQL's tables go to the schema
    ``aidledger_backup_v1``. An existing backup of that version is kept. The caller holds the lock
    that keeps other processes from doing the same.
    Raises LedgerError where the copy cannot be written.
    """
    if path is not None:
        _copy_file(path, path.with_name(f"{path.name}.v{version}.bak"))
        return
    backup = f"aidledger_backup_v{version}"
    with engine.begin() as connection:
        if backup in inspect(connection).get_schema_names():
            return
        connection.execute(text(f"CREATE SCHEMA {backup}"))
        for table in inspect(connection).get_table_names():
            connection.execute(text(f'CREATE TABLE {backup}."{table}" AS TABLE "{table}"'))


def _copy_file(path: Path, backup: Path) -> None:
    if backup.exists():
        return
    unfinished = backup.with_name(backup.name + ".part")
    try:
        unfinished.unlink(missing_ok=True)  # of a run that was killed
        source, target = sqlite3.connect(path), sqlite3.connect(unfinished)
        try:
            source.backup(target)
        finally:
            source.close()
            target.close()
        unfinished.replace(backup)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise LedgerError(f"{path}: no backup could be written to {backup}: {error}") from error


def bring_up(connection: Connection, version: int | None) -> None:
    """Makes the tables and views of this version; ``version`` is what the database holds now.

    Version 1 had documents and figures; version 2 adds decisions, facts, rates and the views;
    version 3 who read each figure's meaning, and by which words. Until then that were the rules,
    and for tables their mappings; the words are known when a text is read again. Version 4 adds how
    sure a reader was, which none said before; version 5 where a thing happened, which is known when
    a text is read again, whether the text tells its date, what a second reader says beside it,
    decisions that take another back, which the views know, audits, and readings that others
    replace. Facts are gathered anew when they are first asked for.
    """
    if version == schema.SCHEMA_VERSION:
        return
    if version is not None:
        views.drop(connection)
        schema.fact.drop(connection, checkfirst=True)
        _complete(connection)
    schema.metadata.create_all(connection)
    views.create(connection)
    held = {"schema_version": str(schema.SCHEMA_VERSION)} | _kept_since(connection, version)
    connection.execute(delete(schema.meta))  # also of which state the facts were that went
    rows = [{"key": key, "value": value} for key, value in held.items()]
    connection.execute(insert(schema.meta), rows)


def _kept_since(connection: Connection, version: int | None) -> dict[str, str]:
    """From when on the ledger keeps readings that others replace, where it has not always."""
    query = select(schema.meta.c.value).where(schema.meta.c.key == KNOWN_SINCE)
    known = connection.execute(query).scalar()
    if known is None and version is not None and version < _KEEPS_READINGS:
        known = datetime.now(UTC).isoformat(timespec="seconds")
    return {} if known is None else {KNOWN_SINCE: known}


def _stated_before() -> ColumnElement[int | None]:
    """Of a figure of an older ledger, whether its text tells its date: nobody knows of one that is
    the day of publication, which is taken for it."""
    figure, document = schema.figure.c, schema.document.c
    published = (
        select(func.substr(document.published, 1, _DAY))
        .where(document.id == figure.document)
        .scalar_subquery()
    )
    return case((figure.date.is_(None), None), (figure.date == published, 0), else_=1)


def _complete(connection: Connection) -> None:
    """Gives the figures the columns that they lack."""
    present = {column["name"] for column in inspect(connection).get_columns("figure")}
    for column in schema.figure.c:
        if column.name not in present:
            kind = column.type.compile(connection.dialect)
            connection.execute(text(f"ALTER TABLE figure ADD COLUMN {column.name} {kind}"))
    held = {name: value for name, value in _HELD.items() if name not in present}
    if "date_stated" not in present:
        connection.execute(update(schema.figure).values(date_stated=_stated_before()))
    if held:
        connection.execute(update(schema.figure).values(held))
    if "reader" in held:
        of_table = schema.figure.c.extractor.startswith(TABLE_EXTRACTOR)
        connection.execute(update(schema.figure).where(of_table).values(reader=TABLE_READER))

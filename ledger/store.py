"""Opening a ledger: one SQLite file, or a PostgreSQL database by url; transactions and errors.

Whatever the database says is told to the user as a :class:`LedgerError`, one line.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from ledger import schema, upgrade
from ledger.errors import LedgerError

# What a transaction keeps of an SQLite file in memory: one that writes comes back to the pages of
# its indexes, one that reads goes through once, and what it has to sort takes as much again.
_WRITING_KIB, _READING_KIB = 65_536, 8_192
_SQLITE_LINES = {
    "SQLITE_NOTADB": "is not a ledger (not an SQLite database)",
    "SQLITE_CORRUPT": "is damaged: the database disk image is malformed",
    "SQLITE_READONLY": "is read-only",
    "SQLITE_BUSY": "is locked by another process",
    "SQLITE_LOCKED": "is locked by another process",
    "SQLITE_FULL": "cannot grow: the disk is full",
    "SQLITE_CANTOPEN": "cannot be opened",
    "SQLITE_IOERR": "cannot be read or written (input/output error)",
}


class Store:
    """A database that holds a ledger. ``name`` is how messages call it."""

    def __init__(self, where: str | os.PathLike[str], *, create: bool, wait: float) -> None:
        url = _url_of(where)
        self.sqlite = url.get_backend_name() == "sqlite"
        path = Path(str(url.database))
        self.name = str(where) if self.sqlite else url.render_as_string(hide_password=True)
        if self.sqlite:
            _check_path(path, create)
        self.read_only = self.sqlite and not _writable(path)
        with self._told():
            self._engine = _engine(url, wait)
        try:
            self._prepare(create)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Gives the connections back; SQLite then folds its write-ahead log into the file."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the ledger and writes nothing."""
        with self._told(), self._engine.connect() as connection:
            if not self.sqlite:  # which by itself shows each statement what is there by then
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is stored whole or, if anything is raised in it, not at all."""
        with self._told(), self._engine.connect() as connection:
            connection = connection.execution_options(aidledger_write=True)
            with connection.begin():
                yield connection

    def lock(self, connection: Connection, key: str) -> None:
        """Holds off other writers of ``key`` until the transaction ends (SQLite: all writers)."""
        if not self.sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": key})

    def _prepare(self, create: bool) -> None:
        with self.reading() as connection:
            version = _version(connection)
        if version is None or version < schema.SCHEMA_VERSION:
            if version is None and not create:
                raise LedgerError(f"{self.name} holds no ledger")
            if version is not None:
                upgrade.back_up(self._engine, Path(self.name) if self.sqlite else None, version)
            with self.writing() as connection:
                self.lock(connection, "schema")
                upgrade.bring_up(connection, _version(connection))
        elif version > schema.SCHEMA_VERSION:
            raise LedgerError(
                f"{self.name} was written by a newer aidledger (schema {version}, this one knows "
                f"{schema.SCHEMA_VERSION}): update aidledger"
            )

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise LedgerError(f"{self.name} {_line(error.orig)}") from error
        except sqlite3.Error as error:
            raise LedgerError(f"{self.name} {_line(error)}") from error
        except UnicodeEncodeError as error:
            raise LedgerError(f"{self.name} cannot hold this text: {error.reason}") from error
        except SQLAlchemyError as error:
            raise LedgerError(f"{self.name}: {str(error).splitlines()[0]}") from error


def _url_of(where: str | os.PathLike[str]) -> URL:
    if isinstance(where, str) and "://" in where:
        return make_url(where)
    return URL.create("sqlite", database=os.path.abspath(where))


def _check_path(path: Path, create: bool) -> None:
    if not path.parent.is_dir():
        raise LedgerError(f"{path}: there is no folder {path.parent}")
    if path.is_dir():
        raise LedgerError(f"{path} is a folder, not a ledger")
    if not create and not path.exists():
        raise LedgerError(f"{path}: there is no such ledger")


def _engine(url: URL, wait: float) -> Engine:
    if url.get_backend_name() != "sqlite":
        try:
            return create_engine(url)
        except (NoSuchModuleError, ModuleNotFoundError) as error:
            raise LedgerError(f"{url.render_as_string(hide_password=True)}: {error}") from error
    path = Path(str(url.database))
    engine = create_engine("sqlite://", creator=lambda: _connect(path, wait), poolclass=QueuePool)
    event.listen(engine, "begin", _begin)
    return engine


def _connect(path: Path, wait: float) -> sqlite3.Connection:
    writable = _writable(path)
    uri = path.as_uri() + ("" if writable else _read_only(path))
    connection = sqlite3.connect(
        uri, uri=True, timeout=wait, isolation_level=None, check_same_thread=False
    )
    try:
        if writable:
            connection.execute("PRAGMA journal_mode=WAL")
        # WAL with NORMAL keeps every stored document through a killed process; a power cut may
        # take back the last ones, and adding them again finishes the work.
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _writable(path: Path) -> bool:
    effective = os.access in os.supports_effective_ids
    return not path.exists() or os.access(path, os.W_OK, effective_ids=effective)


def _read_only(path: Path) -> str:
    """How to open a file that may not be written: without log and locks where it has none."""
    return "?mode=ro" + ("" if Path(f"{path}-wal").exists() else "&immutable=1")


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("aidledger_write", False)
    connection.exec_driver_sql(f"PRAGMA cache_size=-{_WRITING_KIB if write else _READING_KIB}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _version(connection: Connection) -> int | None:
    """The schema version of the ledger, None in an empty database.

    Raises LedgerError for a database that holds something else.
    """
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return None
    if schema.meta.name not in tables or schema.document.name not in tables:
        raise LedgerError(f"{connection.engine.url}: this database holds no ledger")
    query = select(schema.meta.c.value).where(schema.meta.c.key == "schema_version")
    return int(connection.execute(query).scalar_one())


def _line(error: BaseException | None) -> str:
    name = getattr(error, "sqlite_errorname", "")
    for prefix, line in _SQLITE_LINES.items():
        if name.startswith(prefix):
            return line
    return (str(error).strip() or type(error).__name__).splitlines()[0]

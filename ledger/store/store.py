"""Opening a ledger: one SQLite file, or a PostgreSQL database by url; transactions and errors.

Whatever the database says is told to the user as a :class:`LedgerError`, one line.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from ledger.errors import LedgerError, RefusedError
from ledger.store import cell_checks, schema, upgrade
from ledger.store.address import check_file, url_of

# What a transaction keeps of an SQLite file in memory: one that writes comes back to the pages of
# its indexes, one that reads goes through once, and what it has to sort takes as much again.
_WRITING_KIB, _READING_KIB = 65_536, 8_192
_VERSION = re.compile(r"[1-9]\d{0,5}")
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
_TOO_LONG = "54000"  # PostgreSQL's program_limit_exceeded: an index has room for 2,700 bytes


class Store:
    """A database that holds a ledger. ``name`` is how messages call it."""

    def __init__(self, where: str | os.PathLike[str], *, create: bool, wait: float) -> None:
        url = url_of(where)
        self.path = Path(str(url.database)) if url.get_backend_name() == "sqlite" else None
        self.sqlite = self.path is not None
        self.name = str(where) if self.sqlite else url.render_as_string(hide_password=True)
        if self.path:
            check_file(self.path, create=create)
        self.read_only = self.path is not None and not _writable(self.path)
        with self._told():
            self._engine = _engine(url, self.path, wait)
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
            version = self._version(connection)
        if version is None or version < schema.SCHEMA_VERSION:
            if version is None and not create:
                raise LedgerError(f"{self.name} holds no ledger")
            if version is not None and self.read_only:
                raise LedgerError(
                    f"{self.name} was written by an older aidledger (schema {version}) and is "
                    "read-only: copy it to where it can be brought up"
                )
            with self.writing() as connection:
                self.lock(connection, "schema")  # of several processes one does it
                version = self._version(connection)
                if version is not None and version < schema.SCHEMA_VERSION:
                    upgrade.back_up(self._engine, self.path, version)
                upgrade.bring_up(connection, version)
        elif version > schema.SCHEMA_VERSION:
            raise LedgerError(
                f"{self.name} was written by a newer aidledger (schema {version}, this one knows "
                f"{schema.SCHEMA_VERSION}): update aidledger"
            )

    def _version(self, connection: Connection) -> int | None:
        """The schema version of the ledger, None in an empty database.

        Raises LedgerError for a database that holds something else.
        """
        tables = set(inspect(connection).get_table_names())
        if not tables:
            return None
        if schema.meta.name not in tables or schema.document.name not in tables:
            raise LedgerError(f"{self.name} holds no ledger, but something else")
        query = select(schema.meta.c.value).where(schema.meta.c.key == "schema_version")
        value = connection.execute(query).scalar_one_or_none()
        if not (isinstance(value, str) and _VERSION.fullmatch(value)):
            raise LedgerError(
                f"{self.name}: table meta: schema_version is {value!r}, not the number of one"
            )
        return int(value)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except cell_checks.CellError as error:
            raise LedgerError(f"{self.name}: {error}") from error
        except (DataError, IntegrityError) as error:
            raise RefusedError(
                f"the ledger cannot hold this: {str(error.orig).splitlines()[0]}"
            ) from error
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") == _TOO_LONG:
                raise RefusedError("the ledger cannot hold an id of this length") from error
            raise LedgerError(f"{self.name}{self._said(error.orig)}") from error
        except sqlite3.Error as error:
            raise LedgerError(f"{self.name}{self._said(error)}") from error
        except UnicodeEncodeError as error:
            raise RefusedError(f"the ledger cannot hold this text: {error.reason}") from error
        except UnicodeDecodeError as error:  # what SQLite itself says of a damaged file
            raise LedgerError(f"{self.name} is damaged: {error.reason}") from error
        except SQLAlchemyError as error:
            raise LedgerError(f"{self.name}: {str(error).splitlines()[0]}") from error

    def _said(self, error: BaseException | None) -> str:
        """What a database says, to stand behind the name of the ledger."""
        name, line = getattr(error, "sqlite_errorname", ""), _first_line(error)
        for prefix, words in _SQLITE_LINES.items():
            if name.startswith(prefix):
                return f" {words}"
        if self.path and line.startswith("Could not decode"):
            with closing(_connect(self.path, wait=0)) as connection:
                line = cell_checks.undecodable(connection) or line
        # what SQLite cannot do with the statements of a ledger: a table or a column is not there
        return f" is damaged: {line}" if name == "SQLITE_ERROR" else f": {line}"


def _engine(url: URL, path: Path | None, wait: float) -> Engine:
    if path is None:
        try:
            return create_engine(url)
        except ModuleNotFoundError as error:
            raise LedgerError(f"{url.render_as_string(hide_password=True)}: {error}") from error
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


def _first_line(error: BaseException | None) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]

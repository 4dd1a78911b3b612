"""Where a ledger is kept: the path of an SQLite file, or the url of a PostgreSQL database."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from ledger.errors import LedgerError

BACKENDS = ("sqlite", "postgresql")
_PASSWORD = re.compile(r"(://[^/@:]*:)[^/]*@")


def url_of(where: str | os.PathLike[str]) -> URL:
    """The url of a ledger, that of an SQLite file with its whole path.

    Raises LedgerError, without the password, for what names no file and no database.
    """
    if where == ":memory:":
        raise LedgerError(f"{where} is no file, and a ledger is kept in one")
    if not (isinstance(where, str) and "://" in where):
        return URL.create("sqlite", database=_checked(os.fspath(where)))
    shown = _PASSWORD.sub(r"\1***@", where)
    try:
        url = make_url(where)
    except (ArgumentError, ValueError) as error:
        raise LedgerError(f"{shown}: not an address ({error})") from error
    if url.get_backend_name() not in BACKENDS:
        raise LedgerError(
            f"{shown}: a ledger is an SQLite file or a PostgreSQL database "
            "(postgresql://user@host/name)"
        )
    return _of_sqlite(url, shown) if url.get_backend_name() == "sqlite" else url


def check_file(path: Path, *, create: bool) -> None:
    """Raises LedgerError where no SQLite file is or, with ``create``, can be."""
    try:
        kind = path.stat().st_mode
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise LedgerError(f"{path}: there is no folder {path.parent}") from None
        if not create:
            raise LedgerError(f"{path}: there is no such ledger") from None
        return
    except OSError as error:
        raise LedgerError(f"{path}: {str(error.strerror or error).lower()}") from error
    if stat.S_ISDIR(kind):
        raise LedgerError(f"{path} is a folder, not a ledger")
    if not stat.S_ISREG(kind):
        raise LedgerError(f"{path} is no file, and a ledger is kept in one")


def _of_sqlite(url: URL, shown: str) -> URL:
    if url.host is not None:
        raise LedgerError(f"{shown}: a path follows three slashes (sqlite:///{url.host})")
    if url.database in (None, "", ":memory:"):
        raise LedgerError(f"{shown} is no file, and a ledger is kept in one")
    if url.query:
        raise LedgerError(f"{shown}: a path without options is wanted, not ?{min(url.query)}")
    return URL.create("sqlite", database=_checked(str(url.database)))


def _checked(path: str) -> str:
    """The whole path. Raises LedgerError for one that no file can have."""
    try:
        if b"\0" in os.fsencode(path):
            raise LedgerError(f"{path!r} is no name that a file can have")
    except UnicodeEncodeError as error:
        raise LedgerError(f"{path!r} is no name that a file can have") from error
    return os.path.abspath(path)

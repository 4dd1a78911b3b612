"""A real PostgreSQL server for the tests, from Debian's packages where they are installed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any


class NoServerError(Exception):
    """Why there is no server."""


class Server:
    """A running server; ``new_database()`` is the url of an empty database in it."""

    def __init__(self, folder: Path, bin_folder: Path, account: dict[str, Any]) -> None:
        self._folder, self._bin, self._account = folder, bin_folder, account
        self._numbers = count(1)

    def new_database(self) -> str:
        name = f"ledger_{next(self._numbers)}"
        self._run("createdb", "--host", str(self._folder), "--username", "ledger", name)
        return f"postgresql+psycopg://ledger@/{name}?host={self._folder}"

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._bin / program, *arguments], capture_output=True, text=True, **self._account
        )
        if done.returncode:
            raise NoServerError(f"{program} failed: {done.stderr.strip() or done.stdout.strip()}")


def _bin_folder() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise NoServerError("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    return (found[0] if found else Path(str(on_path)).resolve()).parent


def _account() -> dict[str, Any]:
    """Whom to run as: the server refuses root, so root becomes the packages' own user."""
    if os.getuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError as error:
        raise NoServerError("running as root, and there is no user postgres") from error
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


@contextmanager
def running() -> Iterator[Server]:
    """Starts a server on a socket in a temporary folder and stops it. Raises NoServerError."""
    bin_folder, account = _bin_folder(), _account()
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as name:
        folder = Path(name)
        if account:
            os.chown(folder, account["user"], account["group"])
        server = Server(folder, bin_folder, account)
        data = str(folder / "data")
        server._run("initdb", "--auth=trust", "--username=ledger", "--no-sync", "-E", "UTF8", data)
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        log = str(folder / "log")
        server._run("pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", options)
        try:
            yield server
        finally:
            server._run("pg_ctl", "stop", "-w", "-m", "fast", "-D", data)

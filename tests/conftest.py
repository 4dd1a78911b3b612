"""Fixtures: a place for a ledger, in an SQLite file and in a real PostgreSQL."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import postgres

# Two cores shared with other work make any deadline a matter of luck.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """A PostgreSQL server; tests that need one skip, with the reason, where none can be started."""
    try:
        with postgres.running() as started:
            yield started
    except postgres.NoServerError as reason:
        pytest.skip(f"no PostgreSQL: {reason}")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where to open a ledger: a path, then a url."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite")
    url: str = request.getfixturevalue("server").new_database()
    return url


def pytest_configure() -> None:
    """Ctrl-C ends the processes that tests start, also where the suite runs in the background.

    A shell starts what runs there with the signal ignored, and every process would inherit that.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)

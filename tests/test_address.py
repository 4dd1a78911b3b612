"""Where a ledger is kept: what names one, and one line for what does not."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url

from command import run
from factory import make_money, source_of
from ledger.errors import LedgerError
from ledger.ledger import Ledger
from ledger.store.address import url_of

FIGURE = make_money(5, "a")
IN_MEMORY = "is no file, and a ledger is kept in one"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("aid.db", "aid.db"),
        ("sqlite:///aid.db", "aid.db"),
        ("sqlite:///{here}/aid.db", "aid.db"),
        ("sqlite+pysqlite:///./aid.db", "aid.db"),
        ("a?b#c%41 :.db", "a?b#c%41 :.db"),
        ("sqlite:///a#b%.db", "a#b%.db"),
        ("memory", "memory"),
    ],
)
def test_names_that_work(here: Path, where: str, name: str) -> None:
    with Ledger(where.format(here=here)) as ledger:
        ledger.add(source_of(FIGURE), [FIGURE])
    with Ledger(here / name, create=False) as ledger:
        assert len(ledger.figures()) == 1
    assert os.listdir(here) == [name]


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("sqlite://", f"sqlite:// {IN_MEMORY}"),
        ("sqlite:///", f"sqlite:/// {IN_MEMORY}"),
        ("sqlite:///:memory:", f"sqlite:///:memory: {IN_MEMORY}"),
        (":memory:", f":memory: {IN_MEMORY}"),
        ("sqlite://aid.db", "sqlite://aid.db: a path follows three slashes (sqlite:///aid.db)"),
        ("sqlite:///aid.db?mode=ro", "sqlite:///aid.db?mode=ro: a path without options is wanted"),
        ("://", "://: not an address (Could not parse"),
        (
            "postgresql://u:secret@host:port/x",
            "postgresql://u:***@host:port/x: not an address (inv",
        ),
        (
            "mysql://u:secret@host/x",
            "mysql://u:***@host/x: a ledger is an SQLite file or a Postgre",
        ),
        ("http://127.0.0.1/x", "http://127.0.0.1/x: a ledger is an SQLite file or a PostgreSQL"),
        ("postgresql+nothing://u@host/x", "postgresql+nothing://u@host/x: Can't load plugin"),
        ("", "{here} is a folder, not a ledger"),
        ("/dev/null", f"/dev/null {IN_MEMORY}"),
        ("gone/aid.db", "{here}/gone/aid.db: there is no folder {here}/gone"),
        ("x" * 300, "{here}/" + "x" * 300 + ": file name too long"),
    ],
)
def test_names_that_are_none(here: Path, where: str, line: str) -> None:
    expected = line.format(here=here)
    with pytest.raises(LedgerError) as caught:
        Ledger(where)
    assert str(caught.value).startswith(expected)
    assert "secret" not in str(caught.value)
    (here / "a.txt").write_text("Four tanks.")
    for verb in (["add", here / "a.txt"], ["totals"]):
        done = run(*verb, "--ledger", where)
        assert done.returncode == 1
        assert done.stderr.startswith(f"aidledger: {expected}")
        assert len(done.stderr.splitlines()) == 1
    assert os.listdir(here) == ["a.txt"]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    scheme=st.sampled_from(["", "sqlite", "postgresql", "postgresql+psycopg", "x"]) | st.text(),
    rest=st.text(st.sampled_from("://@?#%[]&=.-ab1é\0\ud800 ")) | st.text(),
    split=st.sampled_from(["", "://", ":///"]),
)
def test_any_text_is_an_address_or_is_told(scheme: str, rest: str, split: str) -> None:
    where = scheme + split + rest
    with suppress(LedgerError):
        url = url_of(where)
        assert url.get_backend_name() in ("sqlite", "postgresql")
        if url.get_backend_name() == "sqlite":
            assert os.path.isabs(str(url.database))
        else:
            assert url == make_url(where)

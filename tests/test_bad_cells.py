"""Cells that hold what they cannot: each is named by table, row and column, and none is a fault."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

import aidledger as al
from aidledger.reporting import last_change
from command import run
from factory import make_figure, make_money, source_of
from ledger.errors import LedgerError
from ledger.store import schema
from ledger.store.cell_checks import kind_of
from ledger.table import from_frame

WHOLE = make_money(350, "a", date="2022-02-25", since="2022-02", donor="DEU")
DELTA = make_figure("a", value=4, date="2022-03-01")
FIGURES = [
    WHOLE,
    make_money(250, "a", date="2022-02-25", part_of=WHOLE.figure_id, donor="DEU"),
    DELTA,
    make_figure("a", value=20, date="2022-04", basis="total", includes=[DELTA.figure_id]),
    make_figure("a", value=None, low=2, high=4, qualifier="range", status="delivered", date=None),
]
OTHERS = [make_figure("b", value=4, date="2022-03-02")]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with a row in every table."""
    path = tmp_path_factory.mktemp("sound") / "aid.db"
    with al.Ledger(path) as ledger:
        ledger.add(source_of(FIGURES, url="https://example.org/a"), FIGURES)
        ledger.add(source_of(OTHERS), OTHERS)
        ledger.accept(FIGURES[1].figure_id, "Ann")
        ledger.correct(DELTA.figure_id, "Ben", "a slip", value=5, date="2022-03-02")
        ledger.add_rates([al.Rate("2022-01-01", "USD", "UAH", 30.0)])
        ledger.facts()
    return path


def everything(ledger: al.Ledger) -> dict[str, Callable[[], object]]:
    """All that reads a ledger or writes to it, but pictures and workbooks."""
    return {
        "figures": ledger.figures,
        "as read": lambda: list(from_frame(ledger.figures(as_read=True))),
        "facts": ledger.facts,
        "totals": lambda: ledger.totals(by=("donor", "item:0"), freq="month"),
        "converted": lambda: ledger.totals(currency="UAH", where={"unit": "USD"}),
        "reconcile": ledger.reconcile,
        "parts": ledger.parts,
        "suggestions": ledger.suggestions,
        "sources": ledger.sources,
        "documents": lambda: list(ledger.documents()),
        "decisions": ledger.decisions,
        "history": lambda: ledger.history(DELTA.figure_id),
        "sheet": ledger.review_sheet,
        "known": lambda: list(ledger.read_by("aidledger 0.1.0", "rules")),
        "readers": ledger.readers,
        "read by others": lambda: list(ledger.read_by_others("fitted")),
        "last change": lambda: last_change(ledger),
        "shown": ledger._repr_html_,
        "add again": lambda: ledger.add(source_of(FIGURES[:3]), FIGURES[:3]),
        "correct": lambda: ledger.correct(FIGURES[1].figure_id, "Ann", donor="USA"),
    }


def spoilt(sound: Path, folder: Path, table: str, column: str, value: Any) -> Path | None:
    """The ledger with a value in every cell of a column, or in one where it must be unique; None
    where the table refuses it."""
    path = folder / "aid.db"
    for left in folder.glob("aid.db*"):
        left.unlink()
    shutil.copy(sound, path)
    one = f" WHERE rowid = (SELECT max(rowid) FROM {table})"
    connection = sqlite3.connect(path)
    try:
        for where in ("", one):
            try:
                connection.execute(f'UPDATE {table} SET "{column}" = ?{where}', (value,))
            except sqlite3.IntegrityError:
                continue
            connection.commit()
            return path
        return None
    finally:
        connection.close()


def lines(path: Path, *asked: str) -> list[str]:
    """What is in the way of everything that is done with a ledger, or of what is asked."""
    told: list[str] = []
    try:
        with al.Ledger(path) as ledger:
            for name, work in everything(ledger).items():
                if asked and name not in asked:
                    continue
                try:
                    work()
                except LedgerError as error:
                    told.append(str(error))
    except LedgerError as error:
        told.append(str(error))
    assert not [line for line in told if "\n" in line]
    return told


# What comes to the cells themselves; all else works on the frames that these have read.
TO_THE_CELLS = (
    "figures", "as read", "facts", "totals", "converted", "suggestions", "sources", "documents",
    "decisions", "history", "sheet", "readers", "add again", "correct",
)  # fmt: skip
CHOSEN = '{"status": {"probability": %s, "runner_up": %s, "its_probability": %s}}'
WRONG = (b"\xff\x00", "garbage", 1.5, None, float("inf"), '{"value": "many"}')


@pytest.mark.parametrize("table", ["document", "figure", "fact", "decision", "rate"])
def test_no_cell_is_a_fault(sound: Path, tmp_path: Path, table: str) -> None:
    """A column of each kind with one of the wrong values, in turn."""
    named = 0
    columns = {kind_of(column): column for column in schema.metadata.tables[table].columns}
    for column, value in zip(columns.values(), cycle(WRONG), strict=False):
        path = spoilt(sound, tmp_path, table, column.name, value)
        for line in lines(path, *TO_THE_CELLS) if path else ():
            assert line.startswith((f"{path}: ", "no figure ", "no exchange rate ")), line
            named += f": table {table}" in line and f": {column.name} is " in line
    assert named, "nothing was found: no test"


@pytest.mark.parametrize(
    ("table", "column", "value", "told"),
    [
        ("figure", "date_start", "garbage", "'garbage', not a day"),
        ("figure", "date_end", "2022-02", "'2022-02', not a day"),
        ("figure", "date", "2022-13", "'2022-13', not a date"),
        ("figure", "since", "", "'', not a date"),
        ("figure", "value", "abc", "'abc', not a number"),
        ("figure", "high", float("inf"), "inf, not a number"),
        ("figure", "includes", "{", "'{', not a list of ids in JSON"),
        ("figure", "includes", "[1]", "'[1]', not a list of ids in JSON"),
        ("figure", "includes", "[" * 3000, "not a list of ids in JSON"),
        ("figure", "confidence", 1.5, "1.5, not a number from 0 to 1"),
        ("figure", "confidence", "sure", "'sure', not a number from 0 to 1"),
        ("figure", "choices", "[]", "'[]', not probabilities by field in JSON"),
        ("figure", "choices", '{"status": 0.8}', "not probabilities by field in JSON"),
        ("figure", "choices", CHOSEN % (81, "null", 0.1), "not probabilities by field in JSON"),
        ("figure", "choices", CHOSEN % (0.8, "5", 0.1), "not probabilities by field in JSON"),
        ("figure", "choices", CHOSEN % (0.8, "null", '""'), "not probabilities by field in JSON"),
        ("figure", "other", '{"status": "killed"}', "not another reader's row in JSON"),
        ("figure", "other", "[]", "not another reader's row in JSON"),
        ("figure", "choices", None, "None, not probabilities by field in JSON"),
        ("figure", "start", 1.5, "1.5, not a whole number"),
        ("figure", "sentence", None, "None, not a text"),
        ("figure", "donor", b"\x00", "b'\\x00', not a text"),
        ("figure", "status", "given", "'given', not one of requested, authorized, "),
        ("fact", "confidence", -0.5, "-0.5, not a number from 0 to 1"),
        ("fact", "mentions", "many", "'many', not a whole number"),
        ("fact", "first_seen", "soon", "'soon', not a day"),
        ("fact", "figure_ids", "none", "'none', not a list of ids in JSON"),
        ("fact", "tolerance", "abc", "'abc', not a number"),
        ("document", "published", "May", "'May', not a date"),
        ("document", "added_at", "yesterday", "'yesterday', not a time"),
        ("document", "version", "abc", "'abc', not a whole number"),
        ("decision", "changes", '{"donor": 5}', "not a correction in JSON"),
        ("decision", "changes", '{"figure_id": "x"}', "not a correction in JSON"),
        ("decision", "changes", "null", "not a correction in JSON"),
        ("decision", "action", "maybe", "'maybe', not one of accept, reject, correct"),
        ("rate", "rate", 0, "0.0, not a number above 0"),
        ("rate", "date", "2022", "'2022', not a day"),
    ],
)
def test_a_bad_cell_is_named(
    sound: Path, tmp_path: Path, table: str, column: str, value: Any, told: str
) -> None:
    path = spoilt(sound, tmp_path, table, column, value)
    assert path
    key = {"document": "source_id", "decision": "id", "rate": "date"}.get(table, f"{table}_id")
    asked = ("figures", "facts", "sources", "converted", "add again")
    found = {line for line in lines(path, *asked) if f": {column} is " in line}
    assert found
    for line in found:
        assert line.startswith(f"{path}: table {table}, {key} ")
        assert told in line


def test_the_command_says_so_in_one_line(sound: Path, tmp_path: Path) -> None:
    path = spoilt(sound, tmp_path, "figure", "value", "abc")
    assert path
    for verb in (["figures"], ["report", "-o", tmp_path / "a.xlsx"],
                 ["page", "-o", tmp_path / "a.html"],
                 ["review", "export", "-o", tmp_path / "a.csv"]):  # fmt: skip
        done = run(*verb, "--ledger", path)
        assert done.returncode == 1
        assert done.stderr.startswith(f"aidledger: {path}: table figure, figure_id '")
        assert done.stderr.endswith("': value is 'abc', not a number\n")
    assert [left.name for left in tmp_path.iterdir()] == ["aid.db"]


def test_a_text_that_is_no_utf_8(sound: Path, tmp_path: Path) -> None:
    path = tmp_path / "aid.db"
    path.write_bytes(sound.read_bytes().replace(b"The United States", b"The \xff\xfe States    "))
    found = lines(path, "figures", "sheet", "history")
    assert found
    for line in found:
        assert line.startswith(
            (f"{path}: table figure, figure_id ", f"{path}: table decision, id ")
        )
        assert "sentence is b'The \\xff" in line
        assert line.endswith(", not a text")


def test_a_figure_in_two_current_documents(sound: Path, tmp_path: Path) -> None:
    path = tmp_path / "aid.db"
    shutil.copy(sound, path)
    with al.Ledger(path) as ledger:
        ledger.add(source_of(FIGURES, text=source_of(FIGURES).text + "."), FIGURES)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE document SET current = 1")
    connection.close()
    with al.Ledger(path) as ledger, pytest.raises(LedgerError, match="in two current documents"):
        ledger.figures()


def test_what_a_ledger_could_not_give_back_does_not_go_in(place: str) -> None:
    spoilers: dict[str, Any] = {"unit": None, "sentence": 5, "donor": b"USA", "status": "given"}
    spoilers |= {"confidence": 2, "choices": {"status": "delivered"}, "other": {"status": 5}}
    with al.Ledger(place) as ledger:
        for name, value in spoilers.items():
            figure = make_figure("a", **{name: value})
            with pytest.raises(LedgerError, match=f"figure_id '{figure.figure_id}': {name} is "):
                ledger.add(source_of(figure), [figure])
        with pytest.raises(LedgerError, match="source_id 'doc-1': published is 'May 2022', not"):
            ledger.add(source_of([], published="May 2022"), [])
        assert ledger.sources().empty


def test_json_of_a_correction_is_what_a_correction_writes(sound: Path) -> None:
    with al.Ledger(sound) as ledger:
        changes = ledger.decisions()["changes"].map(json.loads).tolist()
    assert changes == [{}, {"value": 5.0, "date": "2022-03-02", "low": 5.0, "high": 5.0}]

"""Decisions on figures by the command: one at a time, and by a sheet that comes back filled in."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

import aidledger as al
from command import ok, records, run
from factory import make_figure, make_money, source_of

FIGURES = [
    make_figure("a", value=4),
    make_money(100, "a"),
    make_money(7, "a", status="delivered"),
    make_figure("a", value=9, item="Javelin"),
]
IDS = [figure.figure_id for figure in FIGURES]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "aid.db"
    with al.Ledger(path) as book:
        book.add(source_of(FIGURES), FIGURES)
    return path


def fill_in(path: Path, edits: dict[int, dict[str, Any]]) -> None:
    """Write cells into a sheet as a person would, by row (2 is the first figure) and column."""
    if path.suffix == ".xlsx":
        book = load_workbook(path)
        sheet = book["Review"]
        places = {cell.value: cell.coordinate.rstrip("1") for cell in sheet[1]}
        for row, cells in edits.items():
            for name, value in cells.items():
                sheet[f"{places[name]}{row}"] = value
        book.save(path)
        return
    rows = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
    for row, cells in edits.items():
        rows[row - 2] |= cells
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_decisions_one_at_a_time_and_their_history(ledger: Path) -> None:
    options = ("--ledger", ledger, "--who", "Ann")
    assert ok("accept", IDS[0], *options) == f"accepted {IDS[0]}\n"
    assert ok("reject", IDS[1], *options, "--why", "of 2021") == f"rejected {IDS[1]}\n"
    changes = ("--set", "value=8", "--set", "status=committed", "--set", "date=null")
    assert ok("correct", IDS[2], *options, *changes) == f"corrected {IDS[2]}\n"
    with al.Ledger(ledger) as book:
        figures = book.figures().set_index("figure_id")
        assert figures.loc[IDS[:3], "review"].tolist() == ["accepted", "rejected", "corrected"]
        corrected = figures.loc[IDS[2]]
        assert (corrected["value"], corrected["high"]) == (8, 8)
        assert corrected["status"] == "committed"
        assert pd.isna(corrected["date"])
        history = book.history(IDS[1])
    rows = records(ok("history", IDS[1], "--ledger", ledger, "--format", "jsonl"))
    assert [(row["action"], row["who"], row["why"]) for row in rows] == [
        ("read", "aidledger 0.1.0", None), ("reject", "Ann", "of 2021"),
    ]  # fmt: skip
    assert [row["at"] for row in rows] == history["at"].tolist()
    totals = records(ok("totals", "--ledger", ledger, "--where", "unit=USD", "--format", "jsonl"))
    assert [row["best"] for row in totals] == [8]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_sheet_goes_out_and_comes_back(kind: str, ledger: Path, tmp_path: Path) -> None:
    path = tmp_path / f"review.{kind}"
    assert ok("review", "export", "-o", path, "--ledger", ledger) == f"wrote {path}\n"
    took = ("review", "import", path, "--who", "Ann", "--ledger", ledger)
    assert ok(*took) == "0 decisions\n"  # as it went out, it decides nothing
    edits: dict[int, dict[str, Any]] = {
        2: {"decision": "accept", "why": "'=SUM(1)" if kind == "csv" else "seen"},
        3: {"decision": "maybe"},
        4: {"decision": "correct", "new_same_as": "nobody"},
        5: {"decision": "correct", "new_value": "12", "new_date": "2022-10-05"},
    }
    fill_in(path, edits)
    done = run(*took)
    assert (done.returncode, done.stdout) == (1, "2 decisions\n")
    place = f"{path}: Review, row" if kind == "xlsx" else f"{path}: row"
    first, second = done.stderr.splitlines()
    assert first.startswith(f"aidledger: {place} 3: no decision 'maybe'; choose from accept,")
    assert second == f"aidledger: {place} 4: no figure 'nobody'"
    with al.Ledger(ledger) as book:
        figures = book.figures()
        assert figures["review"].fillna("").tolist() == ["accepted", "", "", "corrected"]
        assert figures["value"].tolist() == [4, 100, 7, 12]
        decided = len(book.decisions())
        assert book.decisions()["why"].iloc[0] == ("=SUM(1)" if kind == "csv" else "seen")
    assert run(*took).stdout == "0 decisions\n"
    with al.Ledger(ledger) as book:
        assert len(book.decisions()) == decided


def test_what_was_exported_is_exported_again_with_its_decisions(
    ledger: Path, tmp_path: Path
) -> None:
    ok("reject", IDS[0], "--ledger", ledger, "--who", "Ann", "--why", "-3 is a slip")
    path = tmp_path / "review.csv"
    ok("review", "export", "-o", path, "--ledger", ledger)
    rows = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
    assert [row["figure_id"] for row in rows] == IDS
    assert (rows[0]["decision"], rows[0]["why"]) == ("reject", "'-3 is a slip")
    assert ok("review", "import", path, "--who", "Bob", "--ledger", ledger) == "0 decisions\n"


def test_the_functions_say_what_they_did(ledger: Path, tmp_path: Path) -> None:
    path = tmp_path / "review.csv"
    with al.Ledger(ledger) as book:
        assert al.export_review(book, path) == path
        fill_in(path, {2: {"decision": "reject"}, 3: {"new_value": "5"}})
        done = al.import_review(book, path, "Ann")
        assert done == al.Reviewed(1, (f"{path}: row 3: corrected values without a decision",))
        with pytest.raises(ValueError, match="a review sheet is a"):
            al.export_review(book, tmp_path / "review.txt")


@pytest.mark.parametrize(
    ("arguments", "status", "cause"),
    [
        (["accept", "nope", "--who", "Ann"], 1, "no figure 'nope'"),
        (["accept", "{id}"], 2, "--who"),
        (["correct", "{id}", "--who", "Ann"], 2, "--set"),
        (["correct", "{id}", "--who", "Ann", "--set", "value"], 2, "name=value"),
        (["correct", "{id}", "--who", "Ann", "--set", "colour=red"], 1, "colour cannot be"),
        (["correct", "{id}", "--who", "Ann", "--set", "value=many"], 1, "not a number"),
        (["correct", "{id}", "--who", "Ann", "--set", "status=given"], 1, "no status 'given'"),
        (["review", "export", "-o", "review.txt"], 2, ".csv or .xlsx"),
        (["review", "import", "none.xlsx", "--who", "Ann"], 1, "none.xlsx: no such file"),
        (["review", "import", "{text}", "--who", "Ann"], 1, "the sheet has no column"),
        (["review"], 2, "Usage"),
    ],
)
def test_what_is_wrong_is_said(
    arguments: list[str], status: int, cause: str, ledger: Path, tmp_path: Path
) -> None:
    text = tmp_path / "text.csv"
    text.write_text("a,b\n1,2\n", encoding="utf-8")
    given = [argument.format(id=IDS[0], text=text) for argument in arguments]
    done = run(*given, *(["--ledger", str(ledger)] if len(given) > 1 else []))
    assert done.returncode == status
    assert cause in done.stderr + done.stdout
    with al.Ledger(ledger) as book:
        assert book.decisions().empty

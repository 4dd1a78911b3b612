"""Decisions on figures by the command: one at a time, and by a sheet that comes back filled in."""

from __future__ import annotations

import csv
import shutil
from inspect import signature
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

import aidledger as al
from aidledger.commands.deciding import import_review
from aidledger.output import counted
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


def row_of(path: Path, row: int) -> int:
    """Where the figure stands that is in this row of a CSV: a workbook has the queue's order."""
    if path.suffix == ".csv":
        return row
    sheet = load_workbook(path)["Review"]
    column = [cell.value for cell in sheet[1]].index("figure_id")
    ids = [cells[column] for cells in sheet.iter_rows(min_row=2, values_only=True)]
    return 2 + ids.index(IDS[row - 2])


def fill_in(path: Path, edits: dict[int, dict[str, Any]]) -> None:
    """Write cells into a sheet as a person would, by row (2 is the first figure) and column."""
    if path.suffix == ".xlsx":
        book = load_workbook(path)
        sheet = book["Review"]
        places = {cell.value: cell.coordinate.rstrip("1") for cell in sheet[1]}
        for row, cells in edits.items():
            for name, value in cells.items():
                sheet[f"{places[name]}{row_of(path, row)}"] = value
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
    first, second = sorted(done.stderr.splitlines(), key=lambda line: "nobody" in line)
    maybe, nobody = row_of(path, 3), row_of(path, 4)
    assert first.startswith(f"aidledger: {place} {maybe}: no decision 'maybe'; choose from accept,")
    assert second == f"aidledger: {place} {nobody}: no figure 'nobody'"
    with al.Ledger(ledger) as book:
        figures = book.figures()
        assert figures["review"].fillna("").tolist() == ["accepted", "", "", "corrected"]
        assert figures["value"].tolist() == [4, 100, 7, 12]
        decided = len(book.decisions())
        whys = book.decisions().set_index("figure_id")["why"]
        assert whys[IDS[0]] == ("=SUM(1)" if kind == "csv" else "seen")
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


def exported(ledger: Path, folder: Path, kind: str) -> Path:
    path = folder / f"sheet.{kind}"
    ok("review", "export", "-o", path, "--ledger", ledger)
    return path


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_was_decided_since_is_a_conflict_with_both_sides(
    kind: str, ledger: Path, tmp_path: Path
) -> None:
    path = exported(ledger, tmp_path, kind)
    fill_in(path, {2: {"decision": "accept"}, 4: {"decision": "accept"}})
    ok("reject", IDS[0], "--ledger", ledger, "--who", "Ben", "--why", "of 2021")
    took = ("review", "import", path, "--who", "Ann", "--ledger", ledger)
    place = f"{path}: Review, row" if kind == "xlsx" else f"{path}: row"
    for decisions in ("1 decision\n", "0 decisions\n"):  # row 4; then nothing new
        done = run(*took)
        told, closing = done.stderr.splitlines()
        assert (done.returncode, done.stdout) == (1, decisions)
        assert told.startswith(
            f"aidledger: {place} {row_of(path, 2)}: conflict on figure {IDS[0]}: the sheet says "
            "accept; the ledger has reject (of 2021), by Ben at 20"
        )
        assert closing == (
            "aidledger: 1 conflict, undecided: --ours takes the sheet, --theirs keeps what the "
            "ledger has"
        )
    done = run(*took, "--theirs")
    assert (done.returncode, done.stdout) == (0, "0 decisions\n")
    assert done.stderr.endswith("aidledger: 1 conflict, kept what the ledger has\n")
    done = run(*took, "--ours")
    assert (done.returncode, done.stdout) == (0, "1 decision\n")
    assert done.stderr.endswith("aidledger: 1 conflict, took the sheet\n")
    with al.Ledger(ledger) as book:
        assert book.history(IDS[0])["who"].tolist()[1:] == ["Ben", "Ann"]
        assert book.history(IDS[2])["who"].tolist()[1:] == ["Ann"]


# Each way to run the command, and the same in Python.
PAIRS: dict[tuple[str, ...], dict[str, Any]] = {
    (): {},
    ("--ours",): {"prefer": "ours"},
    ("--theirs",): {"prefer": "theirs"},
}


@pytest.mark.parametrize("options", PAIRS)
def test_the_command_and_the_function_settle_alike(
    options: tuple[str, ...], ledger: Path, tmp_path: Path
) -> None:
    path = exported(ledger, tmp_path, "csv")
    fill_in(path, {2: {"decision": "accept"}, 3: {"decision": "accept"}, 4: {"decision": "what"}})
    ok("reject", IDS[0], "--ledger", ledger, "--who", "Ben")
    other = tmp_path / "other.db"
    shutil.copy(ledger, other)
    with al.Ledger(other) as book:
        done = al.import_review(book, path, "Ann", **PAIRS[options])
        by_function = book.decisions().drop(columns="at")
    said = run("review", "import", path, "--who", "Ann", "--ledger", ledger, *options)
    with al.Ledger(ledger) as book:
        pd.testing.assert_frame_equal(book.decisions().drop(columns="at"), by_function)
    assert said.stdout == counted(done.decisions, "decision") + "\n"
    told = [*done.problems, *map(str, done.conflicts)]
    assert said.stderr.splitlines()[: len(told)] == [f"aidledger: {line}" for line in told]


def test_every_option_of_the_import_is_in_the_pairs() -> None:
    flags = {flag for options in PAIRS for flag in options}
    given = set(signature(import_review).parameters) - {"path", "ledger", "who"}
    assert {f"--{name}" for name in given} == flags
    of_function = set(signature(al.import_review).parameters) - {"path", "ledger", "who"}
    of_method = set(signature(al.Ledger.read_review).parameters) - {"self", "filled", "who"}
    assert of_function == of_method == {name for given in PAIRS.values() for name in given}


def header(path: Path, names: dict[int, str | None]) -> None:
    """Write other names (by the number of their column) into the header of a sheet."""
    if path.suffix == ".xlsx":
        book = load_workbook(path)
        for column, name in names.items():
            book["Review"].cell(1, column).value = name
        book.save(path)
        return
    rows = list(csv.reader(path.open(encoding="utf-8", newline="")))
    for column, name in names.items():
        rows[0][column - 1] = name or ""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def places(path: Path) -> dict[str, int]:
    """The number of each column of a sheet."""
    if path.suffix == ".xlsx":
        names = [str(cell.value) for cell in load_workbook(path)["Review"][1]]
    else:
        names = next(csv.reader(path.open(encoding="utf-8", newline="")))
    return {name: number for number, name in enumerate(names, 1)}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_columns_hold_their_place_beside_one_without_a_name(
    kind: str, ledger: Path, tmp_path: Path
) -> None:
    path = exported(ledger, tmp_path, kind)
    column = places(path)["new_value"]
    fill_in(path, {2: {"decision": "correct", "new_value": 5, "new_low": 7, "new_high": 9}})
    header(path, {column: None})
    done = run("review", "import", path, "--who", "Ann", "--ledger", ledger)
    sheet = "Review: " if kind == "xlsx" else ""
    assert (done.returncode, done.stdout) == (1, "1 decision\n")
    assert done.stderr == (
        f"aidledger: {path}: {sheet}column {column} has no name: what stands in it was not read\n"
    )
    with al.Ledger(ledger) as book:
        assert book.figures()[["low", "value", "high"]].iloc[0].tolist() == [7, 4, 9]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_columns_of_the_same_name_are_refused(kind: str, ledger: Path, tmp_path: Path) -> None:
    path = exported(ledger, tmp_path, kind)
    fill_in(path, {2: {"decision": "accept"}})
    columns = places(path)
    header(path, {columns["why"]: " decision "})
    done = run("review", "import", path, "--who", "Ann", "--ledger", ledger)
    sheet = "Review: " if kind == "xlsx" else ""
    first, second = sorted((columns["decision"], columns["why"]))
    assert (done.returncode, done.stdout) == (1, "0 decisions\n")
    assert done.stderr == (
        f"aidledger: {path}: {sheet}columns {first} and {second} have the same name, decision\n"
    )


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ","), ("utf-16", "\t"), ("cp1252", ";")]
)
def test_a_csv_is_read_as_any_spreadsheet_saves_it(
    encoding: str, delimiter: str, ledger: Path, tmp_path: Path
) -> None:
    path = exported(ledger, tmp_path, "csv")
    rows = list(csv.reader(path.open(encoding="utf-8", newline="")))
    rows[1][1:3] = ["reject", "Müller, €"]
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
        writer.writerows([*rows, ["", ""]])
    ok("review", "import", path, "--who", "Ann", "--ledger", ledger)
    with al.Ledger(ledger) as book:
        assert book.decisions()["why"].tolist() == ["Müller, €"]


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_sheet_is_said(content: str, ledger: Path, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(content, "utf-8")
    done = run("review", "import", path, "--who", "Ann", "--ledger", ledger)
    assert (done.returncode, done.stderr) == (1, f"aidledger: {path}: an empty sheet\n")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Germany", "DEU"),
        ("the Netherlands", "NLD"),
        ("the US", "USA"),
        ("Netherlands+Germany", "DEU+NLD"),
        ("Germany + M23", "DEU+M23"),
        ("DEU+DEU", "DEU"),
        ("M23", "M23"),
        ("LNA", "LNA"),
        ('"Somaliland"', "Somaliland"),
    ],
)
def test_who_gives_is_corrected_by_name(written: str, kept: str, ledger: Path) -> None:
    ok("correct", IDS[0], "--who", "Ann", "--ledger", ledger, "--set", f"donor={written}")
    with al.Ledger(ledger) as book:
        assert book.figures().set_index("figure_id").loc[IDS[0], "donor"] == kept


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_sheet_names_who_gives_as_people_do(kind: str, ledger: Path, tmp_path: Path) -> None:
    path = exported(ledger, tmp_path, kind)
    new = {2: {"decision": "correct", "new_donor": "France"}}
    fill_in(path, new | {3: {"decision": "correct", "new_donor": "Frnce"}})
    with al.Ledger(ledger) as book:
        done = al.import_review(book, path, "Ann")
        held = book.figures().set_index("figure_id")["donor"]
    (problem,) = done.problems
    assert "did you mean France" in problem
    assert [held[IDS[0]], held[IDS[1]]] == ["FRA", "USA"]


@pytest.mark.parametrize("name", ["who", "why", "self", "figure_id", "changes", "made", "colour"])
def test_what_cannot_be_set_is_named(name: str, ledger: Path) -> None:
    done = run("correct", IDS[0], "--who", "Ann", "--ledger", ledger, "--set", f"{name}=x")
    (line,) = done.stderr.splitlines()
    assert done.returncode == 1
    assert line.startswith(f"aidledger: {name} cannot be corrected; fields: value, low, high, ")


@pytest.mark.parametrize(
    ("arguments", "status", "cause"),
    [
        (["accept", "nope", "--who", "Ann"], 1, "no figure 'nope'"),
        (["accept", "{id}"], 2, "--who"),
        (["correct", "{id}", "--who", "Ann"], 2, "--set"),
        (["correct", "{id}", "--who", "Ann", "--set", "value"], 2, "name=value"),
        (["correct", "{id}", "--who", "Ann", "--set", "colour=red"], 1, "colour cannot be"),
        (["correct", "{id}", "--who", "Ann", "--set", "value=many"], 1, "not a number"),
        (["correct", "{id}", "--who", "Ann", "--set", "value=1", "--set", "value=2"], 2, "twice"),
        (["review", "import", "{text}", "--who", "Ann", "--ours", "--theirs"], 2, "either --ours"),
        (["correct", "{id}", "--who", "Ann", "--set", "status=given"], 1, "no status 'given'"),
        (["correct", "{id}", "--who", "Ann", "--set", "donor=Germny"], 1, "did you mean Germany"),
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

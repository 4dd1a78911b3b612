"""The sheet Review: filled in as a person would, read back, and exported again."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from aidledger.ledger import Ledger
from aidledger.reviewing import export_review
from aidledger.sheets.sheetfile import rows_of_file
from books import FIGURES, columns, written
from factory import make_money, source_of
from ledger.errors import LedgerError
from ledger.figure import Figure
from ledger.review.filled import Reviewed, Standing, changed, settle
from reports.workbook.workbook import write_workbook


def reviewable(tmp_path: Path) -> Path:
    with Ledger(tmp_path / "reviewable.db") as ledger:
        add(ledger, *FIGURES)
        return written(tmp_path, FIGURES, review=ledger.review_sheets())


def add(ledger: Ledger, *figures: Figure) -> None:
    for source_id in dict.fromkeys(figure.source_id for figure in figures):
        held = [figure for figure in figures if figure.source_id == source_id]
        ledger.add(source_of(held), held)


def rows_of(path: Path, sheet: str = "Review") -> dict[str, int]:
    """The row of each figure on a sheet."""
    held = load_workbook(path)[sheet]
    letter = columns(held)["figure_id"]
    return {str(held[f"{letter}{row}"].value): row for row in range(2, held.max_row + 1)}


def filled_in(path: Path, edits: dict[str, dict[str, Any]], sheet: str = "Review") -> Path:
    """The workbook as a person leaves it who wrote these cells (by figure, by column) and saved."""
    rows, book = rows_of(path, sheet), load_workbook(path)
    for figure_id, cells in edits.items():
        for name, value in cells.items():
            book[sheet][f"{columns(book[sheet])[name]}{rows[figure_id]}"] = value
    book.save(path)
    return path


def test_the_review_sheet_has_drop_downs(tmp_path: Path) -> None:
    path = reviewable(tmp_path)
    book = load_workbook(path)
    sheet = book["Review"]
    lists = {str(choice.sqref): choice.formula1 for choice in sheet.data_validations.dataValidation}
    assert lists[f"{columns(sheet)['decision']}2:{columns(sheet)['decision']}6"] == "list_decision"
    title, cells = next(iter(book.defined_names["list_decision"].destinations))
    assert [row[0].value for row in book[title][cells]] == ["accept", "reject", "correct"]
    assert book[title].sheet_state == "hidden"
    assert set(re.findall(r"list_\w+", " ".join(lists.values()))) <= set(book.defined_names)


def test_an_untouched_review_sheet_decides_nothing(tmp_path: Path) -> None:
    path = reviewable(tmp_path)
    assert changed(rows_of_file(path)) == []
    assert len(list(rows_of_file(path))) == len(FIGURES)


def test_decisions_are_read_back_and_nonsense_is_named_by_sheet_and_row(tmp_path: Path) -> None:
    path = reviewable(tmp_path)
    ids = [figure.figure_id for figure in FIGURES]
    edits: dict[str, dict[str, Any]] = {
        ids[0]: {"decision": "accept", "why": "checked"},
        ids[1]: {"decision": "correct", "new_value": 2_500_000_000, "new_date": "2022-12-05"},
        ids[2]: {"decision": "maybe"},
        ids[3]: {"decision": "correct", "new_status": "given"},
        ids[4]: {"decision": "Reject"},
    }
    said = changed(rows_of_file(filled_in(path, edits)))
    settled = settle(said, {figure.figure_id: Standing(figure.qualifier) for figure in FIGURES})
    made = {d.figure_id: d for d in settled.decisions}
    assert {key: d.action for key, d in made.items()} == {
        ids[0]: "accept", ids[1]: "correct", ids[4]: "reject",
    }  # fmt: skip
    assert made[ids[1]].changes == {"value": "2500000000", "date": "2022-12-05"}
    rows = rows_of(path)
    assert {line.partition(":")[0] for line in settled.problems} == {
        f"Review, row {rows[ids[2]]}", f"Review, row {rows[ids[3]]}",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "cause"),
    [(b"", "an empty file"), (b"not a zip", "not a zip"), (b"PK\x03\x04 broken", "cut off")],
)
def test_what_is_no_workbook_is_refused_in_one_line(
    tmp_path: Path, content: bytes, cause: str
) -> None:
    path = tmp_path / "aid.xlsx"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match=rf"aid\.xlsx: .*{cause}") as error:
        list(rows_of_file(path))
    assert "\n" not in str(error.value)


def test_a_workbook_without_review_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no sheet Review"):
        list(rows_of_file(written(tmp_path)))
    with pytest.raises(LedgerError, match="No such file"):
        list(rows_of_file(tmp_path / "none.xlsx"))


def test_a_review_in_excel_changes_what_it_says_and_nothing_else(tmp_path: Path) -> None:
    held = [
        make_money(1_000_000 * (n + 1), f"doc-{n}", date=f"2022-{3 + n % 9:02d}-{1 + n % 28:02d}")
        for n in range(40)
    ]
    with Ledger(tmp_path / "aid.db") as ledger:
        for figure in held:
            ledger.add(source_of(figure), [figure])

        def export(name: str) -> Path:
            return write_workbook(
                tmp_path / name, ledger.figures(), ledger.sources(), facts=ledger.facts(),
                review=ledger.review_sheets(),
            )  # fmt: skip

        path = export("first.xlsx")
        sheet = columns(load_workbook(path)["Review"])
        assert {"decision", "new_value", "figure_id"} <= set(sheet)
        ids = [figure.figure_id for figure in held]
        edits: dict[str, dict[str, Any]] = {
            **{one: {"decision": "accept"} for one in ids[:7]},
            **{one: {"decision": "reject", "why": "of another year"} for one in ids[7:13]},
            **{one: {"decision": "correct", "new_value": 5_000_000} for one in ids[13:20]},
        }
        before = ledger.figures()
        filled_in(path, edits)
        for applied in (20, 0):  # a second time adds nothing
            assert ledger.read_review(rows_of_file(path), "A reader") == Reviewed(applied, ())
        again = export("second.xlsx")
    one, two = (pd.read_excel(book, sheet_name=None) for book in (path, again))
    for of_questions in (one, two):  # a kind of question that nothing asks has no sheet
        told = of_questions["Dictionary"]
        of_questions["Dictionary"] = told[~told["sheet"].str.match("Review .")].reset_index(
            drop=True
        )
    for name in ("Sources", "Dictionary", "Donors by item"):
        unchanged = [column for column in one[name] if column not in ("all", "USA")]
        pd.testing.assert_frame_equal(one[name][unchanged], two[name][unchanged])
    facts, later = (book["Facts"].set_index("fact_id") for book in (one, two))
    edited = {
        row["figure_id"]
        for row in two["Review"].to_dict("records")
        if row["decision"] == row["decision"]
    }
    rest = facts.index.difference(list(edited))
    assert len(edited) == 20
    pd.testing.assert_frame_equal(
        facts.loc[rest].drop(columns="review"), later.loc[rest].drop(columns="review")
    )
    assert later.loc[rest, "review"].isna().all()
    first = before.set_index("figure_id").drop(columns=["choices", "other"])  # in no sheet
    second = pd.read_excel(again, sheet_name="Figures").set_index("figure_id").loc[first.index]
    assert second["review"].value_counts().to_dict() == {
        "accepted": 7, "rejected": 6, "corrected": 7,
    }  # fmt: skip
    second = second.astype(first.dtypes.to_dict())
    changed = {name for name in first if not second[name].equals(first[name])}
    assert changed == {"review", "value", "low", "high"}
    decided = second.index[second["review"].eq("corrected")]
    assert second.index[second["value"].ne(first["value"])].tolist() == decided.tolist()
    sums = pd.read_excel(again, sheet_name="All totals")["best"].sum()
    kept = second["review"].ne("rejected")
    assert sums == second["value"][kept].sum()
    sheet_again = pd.read_excel(again, sheet_name="Review", keep_default_na=False)
    assert sheet_again["decision"].value_counts()["accept"] == 7


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_a_sheet_that_a_spreadsheet_saved_decides_nothing(tmp_path: Path) -> None:
    """As a workbook, and as CSV opened and saved again; decided on in all the ways there are."""
    held = [make_money(1_000_000 + n, f"doc-{n}") for n in range(5)]
    reasons = ["seen", '=SUM(1) "x"\n two  lines', "1/2", "-3 is a slip", "a" * 40_000]
    with Ledger(tmp_path / "aid.db") as ledger:
        for figure in held:
            ledger.add(source_of(figure), [figure])
        one, *more, last = (figure.figure_id for figure in held)
        ledger.accept(one, "Ann", reasons[0])
        corrections: list[dict[str, Any]] = [
            {"value": "123456789012.5", "date": "2022-10-05"},
            {"value": "-5", "item": "+ two words", "date": "2022-10", "donor": None},
            {"value": "1e300", "since": "2022"},
        ]
        for figure_id, why, changes in zip(more, reasons[1:], corrections, strict=False):
            ledger.correct(figure_id, "Ann", why, **changes)
        ledger.reject(last, "Ann", reasons[-1])
        for name in ("sheet.xlsx", "sheet.csv"):
            export_review(ledger, tmp_path / name)
            kind = name.rpartition(".")[2]
            subprocess.run(
                ["soffice", f"-env:UserInstallation={tmp_path.as_uri()}/home", "--headless",
                 "--convert-to", kind, "--outdir", tmp_path / "saved", tmp_path / name],
                check=True, capture_output=True,
            )  # fmt: skip
            saved = tmp_path / "saved" / name
            assert len(list(rows_of_file(saved))) == len(held)
            assert ledger.read_review(rows_of_file(saved), "Ben") == Reviewed(0, ())

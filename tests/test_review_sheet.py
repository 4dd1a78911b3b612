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
from factory import make_figure, make_money, source_of
from ledger.errors import LedgerError
from ledger.figure import Chosen, Figure
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


DOUBTED = {
    "donor": Chosen(probability=0.6, runner_up="GBR", its_probability=0.4),
    "date": Chosen(probability=0.7, runner_up="2022-11-05", its_probability=0.3),
}


def test_the_sheet_is_the_queue_and_offers_what_a_field_may_be(tmp_path: Path) -> None:
    doubted = make_money(7_000_000, "a", choices=DOUBTED, confidence=0.5, text="$7\nmillion")
    beside = make_money(3_000_000, "a", donor="POL", recipient=None, item="fuel", date="2022-10-09")
    sure = make_figure(
        "b",
        confidence=0.99,
        choices={"donor": Chosen(probability=0.99, runner_up="DEU", its_probability=0.01)},
    )
    with Ledger(tmp_path / "aid.db") as ledger:
        add(ledger, sure, beside, doubted)
        queued = [e.figure_id for e in ledger.review_queue().entries() if e.kind == "figure"]
        path = export_review(ledger, tmp_path / "aid.xlsx")
        sheets = ledger.review_sheets(most=1)
        assert sheets.figures["figure_id"].tolist() == queued[:1]
        assert sheets.entries["figures"] == 3
    assert list(rows_of(path)) == queued
    row = rows_of(path)[doubted.figure_id]
    sheet = load_workbook(path)["Review"]
    held = {name: sheet[f"{letter}{row}"].value for name, letter in columns(sheet).items()}
    assert [held[f"donor {k}"] for k in range(1, 5)] == ["GBR", "UKR", "POL", "null"]
    assert [held[f"date {k}"] for k in range(1, 4)] == ["2022-11-05", "2022-10-09", "null"]
    assert (held["text"], held["effect"]) == (
        "$7 million", "if wrong, USA to UKR committed falls by USD 7 million, GBR to UKR committed "
        "rises by as much",
    )  # fmt: skip
    assert held["reason"].startswith("donor 50 percent sure (else GBR), date 70 percent sure")
    letters = columns(sheet)
    offers = {
        str(one.sqref): (one.formula1, one.showErrorMessage)
        for one in sheet.data_validations.dataValidation
    }
    first, last = letters["donor 1"], letters["donor 6"]
    assert offers[f"{letters['new_donor']}2:{letters['new_donor']}4"] == (
        f"OFFSET(${first}2,0,0,1,MAX(1,COUNTA(${first}2:${last}2)))", False,
    )  # fmt: skip
    hidden = {name for name, letter in letters.items() if sheet.column_dimensions[letter].hidden}
    assert {"figure_id", "exported", "new_since", "category", "donor 1"} <= hidden
    assert not hidden & {"decision", "why", "sentence", "new_donor", "new_date", "reason", "effect"}


def pairs(ledger: Ledger, number: int = 2) -> list[str]:
    """Packages that may be one: they differ only in their days."""
    held = [
        make_money(5_000_000, f"doc-{n}", date=f"2022-10-{3 + 5 * n:02d}", date_stated=True)
        for n in range(number)
    ]
    add(ledger, *held)
    return [figure.figure_id for figure in held]


def answered(ledger: Ledger, path: Path, **answers: str) -> Reviewed:
    """What comes of a workbook in which the pairs were answered, by the place of the row."""
    book = load_workbook(path)
    sheet = book["Review same facts"]
    for place, word in answers.items():
        sheet[f"{columns(sheet)['decision']}{2 + int(place[1:])}"] = word
    book.save(path)
    return ledger.read_review(rows_of_file(path), "Ann")


def test_pairs_are_joined_or_told_apart(tmp_path: Path) -> None:
    with Ledger(tmp_path / "aid.db") as ledger:
        pairs(ledger)
        assert len(ledger.facts()) == 2
        path = export_review(ledger, tmp_path / "same.xlsx")
        assert ledger.read_review(rows_of_file(path), "Ann") == Reviewed(0, ())
        apart = tmp_path / "apart.xlsx"
        shutil.copy(path, apart)
        assert answered(ledger, path, p0="same") == Reviewed(1, ())
        assert len(ledger.facts()) == 1
        assert ledger.read_review(rows_of_file(path), "Ann") == Reviewed(0, ())
        late = answered(ledger, apart, p0="dismiss")  # the figure was decided on since
        assert (late.decisions, len(late.conflicts)) == (0, 1)
        (figure_id,) = ledger.decisions()["figure_id"]
        ledger.undo(figure_id, "Ann")
        assert len(ledger.facts()) == 2
        again = export_review(ledger, tmp_path / "again.xlsx")
        assert answered(ledger, again, p0="dismiss") == Reviewed(1, ())
        assert ledger.read_review(rows_of_file(again), "Ann") == Reviewed(0, ())
        assert [e.kind for e in ledger.review_queue().entries()] == ["figure", "figure"]
        last = export_review(ledger, tmp_path / "last.xlsx")
        assert "Review same facts" not in load_workbook(last).sheetnames


def test_what_is_said_of_several_pairs_holds_for_all_of_them(tmp_path: Path) -> None:
    with Ledger(tmp_path / "aid.db") as ledger:
        ids = pairs(ledger, 3)
        path = export_review(ledger, tmp_path / "same.xlsx")
        number = len(rows_of_pairs(path))
        filled_in(path, {ids[1]: {"decision": "accept"}})
        answers = {f"p{k}": "same" for k in range(number)}
        assert answered(ledger, path, **answers) == Reviewed(3, ())  # two links, one accepted
        assert len(ledger.facts()) == 1
        assert ledger.read_review(rows_of_file(path), "Ann") == Reviewed(0, ())
        assert ledger.facts()["mentions"].tolist() == [3]


def rows_of_pairs(path: Path) -> list[int]:
    sheet = load_workbook(path)["Review same facts"]
    return list(range(2, sheet.max_row + 1))


@pytest.mark.parametrize(
    ("column", "value"),
    [("finding", "same:{1},{0}"), ("finding", "parts:{0}"), ("figure_id", "{other}"),
     ("exported", "after-0-0000000000"), ("exported", None)],
)  # fmt: skip
def test_a_pair_that_was_tampered_with_is_refused(
    tmp_path: Path, column: str, value: str | None
) -> None:
    with Ledger(tmp_path / "aid.db") as ledger:
        ids = pairs(ledger)
        path = export_review(ledger, tmp_path / "same.xlsx")
        ((first, _),) = rows_of(path, "Review same facts").items()
        other = next(one for one in ids if one != first)
        told = value and value.format(*ids, other=other)
        filled_in(path, {first: {column: told, "decision": "same"}}, "Review same facts")
        done = ledger.read_review(rows_of_file(path), "Ann")
        if told == f"same:{first},{other}":  # what stood there
            assert done.decisions == 1
            return
        assert done.decisions == 0
        (problem,) = done.problems
        assert problem == (
            "Review same facts, row 2: figure_id, finding and exported are not those of one row"
        )


def test_a_figure_cannot_be_rejected_and_joined(tmp_path: Path) -> None:
    with Ledger(tmp_path / "aid.db") as ledger:
        ids = pairs(ledger)
        path = export_review(ledger, tmp_path / "same.xlsx")
        filled_in(path, {ids[0]: {"decision": "reject"}, ids[1]: {"decision": "accept"}})
        done = answered(ledger, path, p0="same")
        assert done.decisions == 1
        assert {problem.partition(",")[0] for problem in done.problems} == {
            "Review", "Review same facts",
        }  # fmt: skip
        assert ledger.decisions()["figure_id"].tolist() == [ids[1]]


@pytest.mark.parametrize("word", ["same", "dismiss", "skip"])
def test_only_what_was_found_is_answered(tmp_path: Path, word: str) -> None:
    with Ledger(tmp_path / "aid.db") as ledger:
        figure = make_figure()
        add(ledger, figure)
        path = export_review(ledger, tmp_path / "aid.xlsx")
        filled_in(path, {figure.figure_id: {"decision": word}})
        (problem,) = ledger.read_review(rows_of_file(path), "Ann").problems
        assert problem.startswith("Review, row 2: ")
        assert ledger.decisions().empty


def test_parts_stand_below_their_whole_and_are_taken_from_it(tmp_path: Path) -> None:
    whole = make_money(10_000_000, "a")
    parts = [
        make_money(n, "a", part_of=whole.figure_id, item=item)
        for n, item in ((8_000_000, "food"), (6_000_000, "fuel"))
    ]
    with Ledger(tmp_path / "aid.db") as ledger:
        add(ledger, whole, *parts)
        path = export_review(ledger, tmp_path / "aid.xlsx")
        rows = rows_of(path, "Review parts")
        assert list(rows) == [whole.figure_id, *(part.figure_id for part in parts)]
        edits: dict[str, dict[str, Any]] = {
            parts[1].figure_id: {"decision": "correct", "new_part_of": "null"}
        }
        filled_in(path, edits, "Review parts")
        assert ledger.read_review(rows_of_file(path), "Ann") == Reviewed(1, ())
        assert ledger.parts()["verdict"].tolist() == ["short"]
        assert ledger.read_review(rows_of_file(path), "Ann") == Reviewed(0, ())

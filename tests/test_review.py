"""Review sheets: out, filled in, and back, twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from factory import make_figure, source_of
from ledger.errors import LedgerError
from ledger.figure import Figure
from ledger.ledger import Ledger
from ledger.review.filled import Reviewed
from ledger.review.review import CORRECTABLE, Decision, checked

FIGURES = [
    make_figure(start=0, value=4),
    make_figure(start=40, value=100, item="Javelin", qualifier="at_most"),
    make_figure(start=80, value=7, item="Patriot"),
]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite") as opened:
        opened.add(source_of(FIGURES), FIGURES)
        yield opened


def filled(ledger: Ledger, row: int, **cells: Any) -> pd.DataFrame:
    sheet = ledger.review_sheet().astype("object")
    for name, cell in cells.items():
        sheet.loc[row, name] = cell
    return sheet


def test_the_sheet_shows_every_figure_and_room_for_every_field(ledger: Ledger) -> None:
    sheet = ledger.review_sheet()
    assert sheet["figure_id"].tolist() == [figure.figure_id for figure in FIGURES]
    assert sheet["decision"].isna().all()
    assert [f"new_{name}" for name in CORRECTABLE if f"new_{name}" not in sheet] == []


def test_what_is_filled_in_is_applied_and_a_second_time_changes_nothing(ledger: Ledger) -> None:
    sheet = filled(ledger, 0, decision="reject", why="not HIMARS")
    sheet.loc[1, "decision"], sheet.loc[2, "decision"] = "correct", "Accept"
    sheet.loc[1, "new_value"], sheet.loc[1, "new_date"] = 120.0, datetime(2022, 10, 5)
    assert ledger.read_review(sheet, who="Ann") == Reviewed(3, ())
    figures = ledger.figures()
    assert figures["review"].tolist() == ["rejected", "corrected", "accepted"]
    javelins = figures.iloc[1]
    assert (javelins["value"], javelins["high"], javelins["date"]) == (120, 120, "2022-10-05")
    assert pd.isna(javelins["low"])
    assert javelins["date_end"] == pd.Timestamp("2022-10-05")
    made = len(ledger.decisions())
    assert ledger.read_review(sheet, who="Ann") == Reviewed(0, ())
    assert ledger.read_review(ledger.review_sheet(), who="Ann") == Reviewed(0, ())
    assert len(ledger.decisions()) == made == 3


def test_corrections_of_different_fields_add_up(ledger: Ledger) -> None:
    known = FIGURES[0].figure_id
    ledger.correct(known, who="Ann", value=5)
    ledger.correct(known, who="Bob", status="delivered")
    sheet = ledger.review_sheet().iloc[0]
    assert (sheet["new_value"], sheet["new_status"], sheet["value"]) == ("5", "delivered", 4)
    assert ledger.figures().iloc[0][["value", "status"]].tolist() == [5, "delivered"]


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        ({"decision": "perhaps"}, "row 2: no decision 'perhaps'"),
        ({"new_value": "5"}, "row 2: corrected values without a decision"),
        ({"decision": "correct"}, "row 2: correct .*at least one field"),
        ({"decision": "accept", "new_value": "5"}, "row 2: accept .*changes none"),
        ({"decision": "correct", "new_value": "many"}, "row 2: value: not a number: 'many'"),
        ({"decision": "correct", "new_value": "inf"}, "row 2: value: not a number"),
        ({"decision": "correct", "new_status": "sent"}, "row 2: status: no status 'sent'"),
        ({"decision": "correct", "new_date": "soon"}, "row 2: date: not an ISO date"),
        ({"decision": "correct", "new_unit": "null"}, "row 2: unit cannot be empty"),
        ({"decision": "accept", "figure_id": "gone"}, "row 2: no figure 'gone'"),
    ],
)
def test_what_makes_no_sense_is_refused_and_the_rest_applied(
    ledger: Ledger, cells: dict[str, str], line: str
) -> None:
    sheet = filled(ledger, 0, **cells)
    sheet.loc[2, "decision"] = "accept"
    (problem,) = ledger.read_review(sheet, who="Ann").problems
    with pytest.raises(AssertionError, match=line):
        raise AssertionError(problem)
    assert ledger.decisions()["action"].tolist() == ["accept"]


def test_a_sheet_without_its_columns_is_refused(ledger: Ledger) -> None:
    done = ledger.read_review(pd.DataFrame({"figure_id": ["x"]}), who="Ann")
    assert done == Reviewed(0, ("the sheet has no column decision",))


@pytest.mark.parametrize(
    ("qualifier", "low", "high"),
    [("exact", 5, 5), ("at_least", 5, None), ("vague", 5, None), ("less_than", None, 5)],
)
def test_bounds_follow_a_corrected_value(
    qualifier: str, low: float | None, high: float | None
) -> None:
    changes = checked(Decision("x", "correct", changes={"value": "5"}), qualifier)
    assert changes == {"value": 5.0, "low": low, "high": high}


def test_only_fields_that_a_reader_can_judge_are_corrected() -> None:
    with pytest.raises(LedgerError, match="sentence cannot be corrected"):
        checked(Decision("x", "correct", changes={"sentence": "other"}), "exact")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value": "1e999"}, "not a number"),
        ({"value": "several"}, "not a number"),
        ({"low": "9", "high": "2"}, "more than high"),
        ({"unit": " "}, "cannot be empty"),
        ({"same_as": "x"}, "belong to itself"),
        ({"status": "given"}, "choose from"),
    ],
)
def test_a_correction_that_no_figure_can_hold_is_refused(
    changes: dict[str, str], words: str
) -> None:
    with pytest.raises(LedgerError, match=words):
        checked(Decision("x", "correct", changes=changes), "exact")


def test_nobody_cannot_decide(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="name of who"):
        ledger.accept(FIGURES[0].figure_id, " ")
    assert "accept" not in set(ledger.history(FIGURES[0].figure_id)["action"])


def test_saying_that_two_figures_are_one_merges_them(ledger: Ledger) -> None:
    elsewhere: list[Figure] = [make_figure("doc-2", value=4, date="2022-10-12")]
    ledger.add(source_of(elsewhere), elsewhere)
    assert (ledger.suggestions()["differs"] == "date").tolist() == [True]
    before = len(ledger.facts())
    pair = ledger.suggestions().iloc[0]
    ledger.correct(pair["other_fact_id"], who="Ann", same_as=pair["fact_id"])
    assert len(ledger.facts()) == before - 1
    assert ledger.suggestions().empty


def test_a_corrected_field_is_not_told_by_the_words_it_was_read_from(place: str) -> None:
    figure = make_figure(cues={"status": "will send", "donor": "Germany"})
    with Ledger(place) as ledger:
        ledger.add(source_of(figure), [figure])
        ledger.correct(figure.figure_id, who="Ann", status="delivered")
        assert ledger.figures()["cues"].tolist() == ['{"donor": "Germany"}']
        assert ledger.figures(as_read=True)["cues"].tolist() == [
            '{"status": "will send", "donor": "Germany"}'
        ]

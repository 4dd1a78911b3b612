"""The history: who decided what, what was before and after, and what that did to the totals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

import aidledger as al
from aidledger import reporting
from command import ok, records
from factory import make_figure, make_money, source_of
from ledger.figure import Figure
from ledger.review.review import Decision

ONE = make_money(100_000_000, "a", text="$100\nmillion")
OTHER = make_money(100_000_000, "b", date="2022-10-09", date_stated=True)
HIMARS = make_figure("c", value=4)
FUEL = make_money(7, "c", unit="EUR", item="fuel", date=None)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[al.Ledger]:
    with al.Ledger(tmp_path / "aid.db") as book:
        add(book, ONE, OTHER, HIMARS, FUEL)
        yield book


def add(ledger: al.Ledger, *figures: Figure) -> None:
    for source_id in dict.fromkeys(figure.source_id for figure in figures):
        held = [figure for figure in figures if figure.source_id == source_id]
        ledger.add(source_of(held), held)


def told(history: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    names = ["action", "before", "after", "effect"]
    return [tuple(row) for row in history[names].fillna("").to_numpy()]


def test_a_history_says_what_was_before_and_after_and_what_moved(ledger: al.Ledger) -> None:
    ledger.accept(ONE.figure_id, "Ann")
    ledger.correct(ONE.figure_id, "Ben", "says a correction", value=150_000_000)
    ledger.correct(ONE.figure_id, "Ben", status="delivered", donor=None)
    ledger.undo(ONE.figure_id, "Ann")
    ledger.reject(HIMARS.figure_id, "Ann", "of 2021")
    ledger.review([Decision(FUEL.figure_id, "skip")], "Ann")
    up = "USD 50 million"
    assert told(ledger.history()) == [
        ("accept", "undecided", "accepted", ""),
        ("correct", "accepted, value=100,000,000", "corrected, value=150,000,000",
         f"USA to UKR committed rises by {up}"),
        ("correct", "donor=USA, status=committed", "donor=null, status=delivered",
         "USA to UKR committed falls by USD 150 million; UKR delivered rises by USD 150 million"),
        ("undo", "donor=null, status=delivered", "donor=USA, status=committed",
         "USA to UKR committed rises by USD 150 million; UKR delivered falls by USD 150 million"),
        ("reject", "undecided", "rejected", "HIMARS, USA to UKR committed falls by 4"),
        ("skip", "", "", ""),
    ]  # fmt: skip
    history = ledger.history()
    assert history["who"].tolist() == ["Ann", "Ben", "Ben", "Ann", "Ann", "Ann"]
    assert history["why"].fillna("").tolist() == ["", "says a correction", "", "", "of 2021", ""]
    assert history["text"].iloc[0] == "$100\nmillion"


def test_of_one_figure_it_says_when_it_was_read_too(ledger: al.Ledger) -> None:
    ledger.reject(HIMARS.figure_id, "Ann")
    ledger.correct(OTHER.figure_id, "Ann", same_as=ONE.figure_id)
    ledger.reject(ONE.figure_id, "Ben")
    assert told(ledger.history(ONE.figure_id)) == [
        ("read", "", "", ""), ("reject", "undecided", "rejected", ""),
    ]  # fmt: skip  # the other one says it, too
    (_, joined) = told(ledger.history(OTHER.figure_id))
    assert joined[3] == "USA to UKR committed falls by USD 100 million"
    assert told(ledger.history(FUEL.figure_id)) == [("read", "", "", "")]


def test_what_the_ledger_has_no_more_is_in_it_without_effect(ledger: al.Ledger) -> None:
    ledger.reject(HIMARS.figure_id, "Ann")
    newer = make_money(5, "c")
    ledger.add(source_of([newer]), [newer])
    (row,) = ledger.history().to_dict("records")
    assert (row["action"], row["who"], row["figure_id"]) == ("reject", "Ann", HIMARS.figure_id)
    assert pd.isna([row["before"], row["after"], row["effect"]]).all()
    assert ledger.history(HIMARS.figure_id)["action"].tolist() == ["read", "reject"]


def test_a_question_narrows_the_totals_that_are_told(ledger: al.Ledger) -> None:
    ledger.reject(HIMARS.figure_id, "Ann")
    (row,) = ledger.history(where="unit = USD").to_dict("records")
    assert (row["after"], pd.isna(row["effect"])) == ("rejected", True)


@pytest.mark.parametrize("seed", range(4))
def test_the_effects_add_up_to_what_the_totals_moved_by(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    figures = [
        make_money(random.randrange(1, 6) * 10, f"doc-{n}", date=f"2022-10-{1 + n % 9:02d}")
        for n in range(12)
    ]
    with al.Ledger(tmp_path / "aid.db") as ledger:
        add(ledger, *figures)
        before = ledger.totals(where="unit = USD")["best"].sum()
        for _ in range(25):
            one, other = random.sample(figures, 2)
            decide = random.choice(("accept", "reject", "value", "same_as", "undo"))
            if decide in ("accept", "reject"):
                getattr(ledger, decide)(one.figure_id, "Ann")
            elif decide == "undo":
                if ledger.figures().set_index("figure_id")["review"].notna()[one.figure_id]:
                    ledger.undo(one.figure_id, "Ann")
            else:
                value = other.figure_id if decide == "same_as" else random.randrange(1, 9) * 10
                changes: dict[str, Any] = {decide: value}
                ledger.correct(one.figure_id, "Ann", **changes)
        every = ledger.history()
        for number in (1, 7):
            few = ledger.history(latest=number)
            pd.testing.assert_frame_equal(few, every.tail(number).reset_index(drop=True))
        moved = 0.0
        for effect in ledger.history()["effect"].dropna():
            words, _, amount = effect.rpartition(" by USD ")
            moved += float(amount) * (1 if words.endswith("rises") else -1)
        assert before + moved == ledger.totals(where="unit = USD")["best"].sum()


def test_the_command_shows_one_or_all(ledger: al.Ledger) -> None:
    ledger.reject(HIMARS.figure_id, "Ann")
    every = records(ok("history", "--ledger", ledger.name, "--format", "jsonl"))
    assert [row["effect"] for row in every] == ["HIMARS, USA to UKR committed falls by 4"]
    table = ok("history", HIMARS.figure_id, "--ledger", ledger.name)
    assert table.splitlines()[0].split() == ["at", "who", "action", "before", "after", "effect"]


def test_the_workbook_and_the_page_hold_it(ledger: al.Ledger, tmp_path: Path) -> None:
    path = al.report(ledger, tmp_path / "none.xlsx")
    assert "History" not in load_workbook(path).sheetnames
    assert "Decisions</h2>" not in al.page(ledger, tmp_path / "none.html").read_text("utf-8")
    ledger.reject(ONE.figure_id, "<b>Ann</b>", "=SUM(1)")
    sheet = load_workbook(al.report(ledger, tmp_path / "a.xlsx"))["History"]
    row = dict(zip(*(list(cells) for cells in sheet.iter_rows(values_only=True)), strict=True))
    assert (row["who"], row["why"], row["after"]) == ("<b>Ann</b>", "=SUM(1)", "rejected")
    assert row["effect"] == "USA to UKR committed falls by USD 100 million"
    page = al.page(ledger, tmp_path / "a.html").read_text("utf-8")
    assert f'<a href="#f-{ONE.figure_id}">$100 million</a>' in page
    assert "&lt;b&gt;Ann&lt;/b&gt;" in page
    assert "USA to UKR committed falls by USD 100 million" in page


def test_a_report_says_how_many_earlier_decisions_there_are(
    ledger: al.Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "DECISIONS", 2)
    for who in ("Ann", "Ben", "Eve"):
        ledger.reject(ONE.figure_id, f"{who} Decides")
    page = al.page(ledger, tmp_path / "a.html").read_text("utf-8")
    assert [who in page for who in ("Ann Decides", "Ben Decides", "Eve Decides")] == [
        False, True, True,
    ]  # fmt: skip
    assert "1 earlier one" in page
    book = load_workbook(al.report(ledger, tmp_path / "a.xlsx"))
    assert book["History"].max_row == 3
    told = [cell.value for row in book["Read me"].iter_rows() for cell in row if cell.value]
    assert any("1 earlier ones: aidledger history" in str(words) for words in told)

"""Audits: how units are drawn, what the draw says of a total, and the verbs around it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

import aidledger as al
from command import ok, records, run
from factory import make_figure, make_money, source_of
from ledger.audit.difference import Drawn, correction
from ledger.audit.sampling import chances, draw
from ledger.errors import LedgerError
from ledger.figure import make_source
from ledger.passages import LONG, passages

SIZES = st.lists(st.floats(0, 1e12, allow_subnormal=False), min_size=1, max_size=60)


@given(SIZES, st.integers(0, 80))
def test_chances_add_up_to_the_number_and_follow_the_size(held: list[float], number: int) -> None:
    sizes = np.array(held)
    found = chances(sizes, number)
    assert np.all((found >= 0) & (found <= 1))
    assert found.sum() == pytest.approx(min(number, (sizes > 0).sum()))
    order = np.argsort(sizes, kind="stable")
    assert np.all(np.diff(found[order]) >= -1e-9)
    assert np.all(found[sizes == 0] == 0)


def test_chances_are_in_proportion_but_for_the_largest() -> None:
    assert chances(np.array([1.0, 2.0, 97.0]), 2).tolist() == pytest.approx([1 / 3, 2 / 3, 1.0])


@pytest.mark.parametrize("sizes", [[-1.0], [float("nan")], [float("inf")]])
def test_a_size_that_is_none(sizes: list[float]) -> None:
    with pytest.raises(ValueError, match="0 or more"):
        chances(np.array(sizes), 1)


@given(SIZES, st.integers(1, 30), st.integers(0, 1000))
def test_a_draw_has_its_number_and_no_unit_twice(held: list[float], number: int, seed: int) -> None:
    chance = chances(np.array(held), number)
    places = draw(chance, np.random.default_rng(seed))
    assert len(places) == len(set(places.tolist())) == round(chance.sum())
    assert set(np.flatnonzero(chance >= 1 - 1e-12)) <= set(places.tolist())
    assert np.all(chance[places] > 0)


def test_each_unit_is_drawn_as_often_as_its_chance_says() -> None:
    chance = chances(np.array([1.0, 2.0, 3.0, 10.0, 4.0]), 2)
    random = np.random.default_rng(1)
    times = np.zeros(5)
    for _ in range(4000):
        times[draw(chance, random)] += 1
    assert times / 4000 == pytest.approx(chance, abs=0.03)


def test_the_correction_is_without_bias_and_its_variance_is_that_of_the_draws() -> None:
    random = np.random.default_rng(7)
    wrong_by = np.where(random.random(200) < 0.3, random.normal(5, 20, 200), 0.0)
    chance = chances(1 + random.random(200), 40)
    made = [
        correction(Drawn(wrong_by[places], chance[places]))
        for places in (draw(chance, random) for _ in range(3000))
    ]
    amounts = np.array([one.amount for one in made])
    assert amounts.mean() == pytest.approx(wrong_by.sum(), abs=4 * amounts.std() / 3000**0.5)
    assert np.mean([one.variance for one in made]) == pytest.approx(amounts.var(), rel=0.15)


def test_what_is_drawn_for_certain_is_known_exactly() -> None:
    made = correction(Drawn(np.array([5.0, -2.0]), np.ones(2)))
    assert (made.amount, made.variance) == (3.0, 0.0)


@given(st.text("ab \n", max_size=9000))
def test_passages_are_the_text(text: str) -> None:
    places = passages(text)
    assert all(0 < end - start <= LONG for start, end in places)
    assert "".join("".join(text[a:b].split()) for a, b in places) == "".join(text.split())


FIGURES = [make_money(100 + k, "a", date=f"2022-{1 + k % 12:02}-01") for k in range(30)]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "aid.db"
    source = source_of(FIGURES)
    with al.Ledger(path) as book:
        book.add(source, FIGURES)
    return path


def test_an_audit_of_all_figures_gives_the_corrected_total_and_no_band(ledger: Path) -> None:
    with al.Ledger(ledger) as book:
        number = book.audit_draw(30, who="Ann", passages=0)
        for place, figure in enumerate(FIGURES):
            if place == 3:
                book.reject(figure.figure_id, "Ann")
            elif place == 4:
                book.correct(figure.figure_id, "Ann", value=1104)
            else:
                book.accept(figure.figure_id, "Ann")
        row = book.audit_result(number).iloc[0]
        best = book.totals().iloc[0]["best"]
    assert row["ledger"] == sum(range(100, 130))
    assert row["estimate"] == row["band_low"] == row["band_high"] == best
    assert row["of_figures"] == 1000 - 103
    assert (row["drawn"], row["wrong"]) == (30, 2)


def test_figures_that_were_decided_on_before_are_not_drawn(ledger: Path) -> None:
    with al.Ledger(ledger) as book:
        for figure in FIGURES[:25]:
            book.accept(figure.figure_id, "Ann")
        book.audit_draw(10, who="Ann", passages=0)
        shown = book.audit_show()
        assert set(shown["look_at"]) == {figure.figure_id for figure in FIGURES[25:]}
        for figure in FIGURES[25:]:
            book.accept(figure.figure_id, "Ann")
        with pytest.raises(LedgerError, match="every figure is decided on"):
            book.audit_draw(10, who="Ann")


def test_documents_that_come_later_change_nothing_in_a_result(ledger: Path) -> None:
    with al.Ledger(ledger) as book:
        book.audit_draw(10, who="Ann", passages=0, seed=3)
        for one in book.audit_show()["look_at"]:
            book.accept(one, "Ann")
        before = book.audit_result()
        later = [make_money(10**9, "b", date="2023-01-01")]
        book.add(source_of(later), later)
        pd.testing.assert_frame_equal(book.audit_result(), before)
        assert before.iloc[0]["estimate"] == before.iloc[0]["ledger"]
        assert before.iloc[0]["band_high"] > before.iloc[0]["ledger"]  # what may go unseen


def test_the_same_seed_draws_the_same(ledger: Path) -> None:
    with al.Ledger(ledger) as book:
        first, again, other = (book.audit_draw(8, who="Ann", seed=s) for s in (5, 5, 6))
        ids = [book.audit_show(one)["look_at"].tolist() for one in (first, again, other)]
    assert ids[0] == ids[1] != ids[2]


def test_a_figure_that_weighs_more_is_drawn_more_often(tmp_path: Path) -> None:
    figures = [make_money(10**9, "a"), *(make_money(1000 + k, "a") for k in range(20))]
    with al.Ledger(tmp_path / "a.db") as book:
        book.add(source_of(figures), figures)
        book.audit_draw(5, who="Ann", passages=0)
        shown = book.audit_show().set_index("look_at")["chance"]
    assert shown[figures[0].figure_id] == 1
    assert shown.drop(figures[0].figure_id).max() < 0.5


def test_figures_that_can_enter_no_total_are_seldom_drawn(tmp_path: Path) -> None:
    asked = [make_money(1000 + k, "a", date=f"2022-{1 + k:02}-01") for k in range(6)]
    silent = replace(make_money(5000, "a"), basis="level")  # which may be a misreading
    others = [make_money(10**12 + k, "a", unit="GBP") for k in range(40)]
    figures = [*asked, silent, *others]
    with al.Ledger(tmp_path / "a.db") as book:
        book.add(source_of(figures), figures)
        book.audit_draw(20, who="Ann", passages=0, where="unit = USD", seed=3)
        shown = book.audit_show().set_index("look_at")["chance"]
        for figure in figures:
            book.accept(figure.figure_id, "Ann")
        row = book.audit_result().iloc[0]
    assert {figure.figure_id for figure in [*asked, silent]} <= set(shown.index)
    assert shown.loc[[one.figure_id for one in [*asked, silent]]].eq(1).all()
    assert 0 < shown[shown < 1].max() < 0.5
    assert row["band_low"] == row["band_high"] == row["ledger"]  # pounds add nothing to dollars


def test_money_whose_sign_may_mean_the_asked_currency_may_enter_its_total(tmp_path: Path) -> None:
    asked = [make_money(1000 + k, "a", text=f"${1000 + k}") for k in range(6)]
    # "$" is read by the country of its document; pounds are written otherwise
    dollars, *others = (
        make_money(9000, "a", unit=unit, text=text)
        for unit, text in (("AUD", "$9000"), ("GBP", "£9000"), ("CAD", "C$9000"))
    )
    figures = [*asked, dollars, *others, *(make_figure("b", value=5 + k) for k in range(40))]
    with al.Ledger(tmp_path / "a.db") as book:
        for source in ("a", "b"):
            held = [one for one in figures if one.source_id == source]
            book.add(source_of(held), held)
        book.audit_draw(20, who="Ann", passages=0, where="unit = USD", seed=3)
        shown = book.audit_show().set_index("look_at")["chance"]
        for figure in asked:
            book.accept(figure.figure_id, "Ann")
        book.audit_draw(20, who="Ann", passages=0, where="unit = USD", seed=3)
        later = book.audit_show().set_index("look_at")["chance"]
    assert shown[dollars.figure_id] == later[dollars.figure_id] == 1
    assert max(held.get(one.figure_id, 0) for held in (shown, later) for one in others) < 0.6


def test_what_was_missed_enters_by_the_chance_of_its_passage(tmp_path: Path) -> None:
    figures = [make_money(100, "a", start=0)]
    text = figures[0].text + " " + "word " * 4000
    with al.Ledger(tmp_path / "a.db") as book:
        book.add(make_source(text, source_id="a", published="2022-10-04"), figures)
        number = len(passages(text))
        book.audit_draw(1, who="Ann", passages=number // 2)
        book.accept(figures[0].figure_id, "Ann")
        shown = book.audit_show()
        assert shown["done"].tolist() == [True, *[False] * (number // 2)]
        with pytest.raises(LedgerError, match=r"7 of 7|passages not looked at"):
            book.audit_result()
        book.audit_passage(
            1, "Ann", [{"value": 40, "unit": "USD", "status": "committed", "donor": "USA"}]
        )
        for passage in range(2, number // 2 + 1):
            book.audit_passage(passage, "Ann")
        row = book.audit_result().set_index("status").loc["committed"]
    assert row["of_missed"] == pytest.approx(40 * number / (number // 2))
    assert row["band_low"] < row["estimate"] < row["band_high"]


def test_the_verbs_draw_show_decide_by_a_sheet_and_tell(ledger: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "drawn.csv"
    said = ok(
        *("audit", "draw", "-n", "6", "--passages", "1", "--ledger", ledger, "--who", "Ann"),
        *("--where", "donor=USA", "--currency", "USD", "-o", sheet),
    )
    assert said == f"wrote {sheet}\naudit 1: 6 figures and 1 passage drawn\n"
    unfinished = run("audit", "result", "--ledger", ledger)
    assert (unfinished.returncode, unfinished.problems) == (
        1,
        ["aidledger: 6 of 6 drawn figures are not decided on and 1 of 1 passages not looked at: "
         "see audit show"],
    )  # fmt: skip
    filled = pd.read_csv(sheet, dtype="str")
    assert len(filled) == 6
    filled.assign(decision="accept").to_csv(sheet, index=False)
    ok("review", "import", sheet, "--ledger", ledger, "--who", "Ann")
    assert (
        ok(
            *("audit", "passage", "1", "--ledger", ledger, "--who", "Ann"),
            *("--missed", "value=4,item=HIMARS,status=committed"),
        )
        == "passage 1: 1 figure missed\n"
    )
    shown = records(ok("audit", "show", "--ledger", ledger, "--format", "jsonl"))
    assert all(row["done"] for row in shown)
    told = records(ok("audit", "result", "--ledger", ledger, "--format", "jsonl"))
    assert [row["unit"] for row in told] == ["USD"]  # a missed one of no donor is not asked for
    assert told[0]["band_low"] <= told[0]["ledger"] <= told[0]["band_high"]


@pytest.mark.parametrize(
    ("words", "status", "line"),
    [
        (["audit", "show"], 1, "no audit was drawn"),
        (["audit", "result", "--audit", "7"], 1, "no audit 7"),
        (["audit", "draw", "--who", "A", "-n", "0"], 2, "greater than or equal to 1"),
        (["audit", "draw", "--who", "A", "--where", "donor=FRA"], 1, "no figure enters the totals"),
        (["audit", "draw", "--who", "A", "--where", "nope=1"], 1, "no column 'nope'"),
        (["audit", "draw", "--who", "A", "-o", "a.xlsx"], 2, "ends in .csv"),
    ],
)
def test_what_cannot_be_audited_is_told(
    ledger: Path, words: list[str], status: int, line: str
) -> None:
    done = run(*words, "--ledger", ledger)
    assert done.returncode == status
    assert line in done.stderr


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, "a missed figure has a value"),
        ({"value": "x"}, "not a number"),
        ({"value": 4, "nope": "x"}, "nope cannot be corrected"),
        ({"value": 4, "status": "gone"}, "no status 'gone'"),
        ({"value": 4, "date": "soon"}, "date"),
    ],
)
def test_a_missed_figure_that_makes_no_sense(
    ledger: Path, fields: dict[str, object], line: str
) -> None:
    with al.Ledger(ledger) as book:
        book.audit_draw(5, who="Ann", passages=1)
        with pytest.raises(LedgerError, match=line):
            book.audit_passage(1, "Ann", [fields])
        with pytest.raises(LedgerError, match="no passage 9"):
            book.audit_passage(9, "Ann")


def test_who_looks_has_a_name(ledger: Path) -> None:
    with al.Ledger(ledger) as book:
        with pytest.raises(LedgerError, match="needs the name"):
            book.audit_draw(5, who=" ")
        book.audit_draw(5, who="Ann", passages=1)
        with pytest.raises(LedgerError, match="needs the name"):
            book.audit_passage(1, "")
        assert book.audit_show()["done"].sum() == 0


def test_the_queue_and_the_sheets_of_a_draw_hold_what_was_drawn(
    ledger: Path, tmp_path: Path
) -> None:
    with al.Ledger(ledger) as book:
        book.audit_draw(4, who="Ann", passages=0, seed=1)
        number = book.audit_draw(6, who="Ann", passages=0, seed=2)
        drawn = set(book.audit_figures(number))
        queue = book.review_queue(audit=number)
        assert {entry.figure_id for entry in queue.entries()} == drawn
        assert len(queue) == 6
        share = book.review_queue().safe()["share"].tolist()
        assert queue.safe()["share"].tolist() == share  # of the whole ledger, as ever
        path = tmp_path / "drawn.xlsx"
        ok("review", "export", "--audit", str(number), "-o", path, "--ledger", ledger)
        rows = pd.read_excel(path, sheet_name="Review")
        assert set(rows["figure_id"]) == drawn
        csv = tmp_path / "drawn.csv"
        ok("review", "export", "--audit", str(number), "-o", csv, "--ledger", ledger)
        assert pd.read_csv(csv)["figure_id"].tolist() == book.audit_figures(number)
        while (entry := queue.first()) is not None:
            book.accept(entry.figure_id, "Ann")
            book.follow(queue)
        assert book.audit_result(number)["drawn"].tolist() == [6]
        with pytest.raises(LedgerError, match="no audit 9"):
            book.review_queue(audit=9)


def summary(book: al.Ledger, path: Path) -> list[str]:
    cells = load_workbook(al.report(book, path))["Summary"].iter_rows(values_only=True)
    return [" | ".join(str(cell) for cell in row if cell not in (None, "")) for row in cells]


def test_the_summary_has_the_band_or_what_is_left(ledger: Path, tmp_path: Path) -> None:
    with al.Ledger(ledger) as book:
        assert not any("audit" in line.lower() for line in summary(book, tmp_path / "0.xlsx"))
        assert book.audit_looked() is None
        book.audit_draw(30, who="Ann", passages=0)
        book.reject(FIGURES[0].figure_id, "Ann")
        told = summary(book, tmp_path / "1.xlsx")
        assert "Audit 1" in told
        assert (
            "No error band yet: 29 of 30 figures and 0 of 0 passages, drawn at random, wait to be "
            "looked at." in told
        )
        for figure in FIGURES[1:]:
            book.accept(figure.figure_id, "Ann")
        told = summary(book, tmp_path / "2.xlsx")
        assert "How wrong the totals may be: audit 1" in told
        whole = sum(range(100, 130))
        numbers = " | ".join(str(n) for n in (whole, *[whole - 100] * 3))
        assert f"committed | USD | {numbers} | 1 of 30" in told
        other = [make_figure("a", value=3)]
        book.add(source_of(other), other)
        assert any("no longer in the ledger" in line for line in summary(book, tmp_path / "3.xlsx"))


def test_a_drawn_figure_that_no_rate_converts_adds_nothing(ledger: Path, tmp_path: Path) -> None:
    with al.Ledger(ledger) as book:
        book.audit_draw(30, who="Ann", passages=0, currency="EUR")
        book.correct(FIGURES[0].figure_id, "Ann", unit="UAH")
        for figure in FIGURES[1:]:
            book.accept(figure.figure_id, "Ann")
        (row,) = book.audit_result().to_dict("records")
        assert row["estimate"] == pytest.approx(book.totals(currency="EUR")["best"].sum())
        assert row["wrong"] == 1
        assert any("audit 1" in line for line in summary(book, tmp_path / "a.xlsx"))


def test_chances_are_shown_short(ledger: Path) -> None:
    with al.Ledger(ledger) as book:
        book.audit_draw(7, who="Ann", passages=0)
        chances = book.audit_show()["chance"]
    assert all(len(f"{chance}") <= 8 for chance in chances)


def test_a_drawn_figure_that_is_gone_asks_for_another_draw(ledger: Path) -> None:
    with al.Ledger(ledger) as book:
        book.audit_draw(5, who="Ann", passages=0)
        other = [make_figure("a", value=3)]
        book.add(source_of(other), other)
        with pytest.raises(LedgerError, match="draw again"):
            book.audit_result()


@pytest.mark.parametrize(
    ("table", "column", "value", "told"),
    [
        ("audit", "question", "{}", "'{}', not a question in JSON"),
        ("audit", "totals", "[[1, 2, 3]]", "not totals in JSON"),
        ("audit", "seed", "many", "'many', not a whole number"),
        ("audit", "at", "soon", "'soon', not a time"),
        ("audit_figure", "chance", 2.5, "2.5, not a number from 0 to 1"),
        ("audit_figure", "added", '{"a": "b"}', "not amounts by total in JSON"),
        ("audit_passage", "start", 1.5, "1.5, not a whole number"),
        ("audit_passage", "missed", '[{"value": "many"}]', "not figures in JSON"),
    ],
)
def test_a_bad_cell_of_a_draw_is_named(
    ledger: Path, table: str, column: str, value: object, told: str
) -> None:
    with al.Ledger(ledger) as book:
        book.audit_draw(3, who="Ann", passages=1)
    connection = sqlite3.connect(ledger)
    connection.execute(f'UPDATE {table} SET "{column}" = ?', (value,))
    connection.commit()
    connection.close()
    done = run("audit", "show", "--ledger", ledger)
    assert done.returncode == 1
    assert done.stderr.startswith(f"aidledger: {ledger}: table {table}, ")
    assert f": {column} is " in done.stderr
    assert told in done.stderr

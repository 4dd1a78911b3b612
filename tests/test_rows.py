"""Rows that are read in portions: the same rows, whatever is asked of them and whoever reads."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from aidledger.ingest import ingest_tables
from aidledger.sheets.readtable import read_table
from factory import make_figure, source_of
from ledger import rows as rows_module
from ledger.errors import RefusedError
from ledger.fact import WEIGHED
from ledger.figure import Figure
from ledger.imports.coded_tables import read_frame
from ledger.imports.mapping import mapping_of
from ledger.ledger import Ledger
from ledger.reconcile import reconcile
from ledger.rows import Rows, portions_of, records
from ledger.table import to_frame
from ledger.totals import TELLERS, totals


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Portions of three rows, so that a few rows are many portions."""
    for module in ("rows", "store.frames", "store.documents", "store.decisions"):
        monkeypatch.setattr(f"ledger.{module}.PORTION", 3)
    monkeypatch.setattr("aidledger.sheets.readtable.PORTION", 3)


FIGURES = [
    make_figure("a", value=4),
    make_figure("a", value=3, qualifier="at_most", date="2022-10"),
    make_figure("a", value=None, low=2, high=6, qualifier="range", item="tank"),
    make_figure("a", value=5, donor=None, date=None),
    make_figure("a", value=20, basis="total", date="2022-12-01"),
    make_figure("a", value=7, dimension="time", unit="day", item=None),
    make_figure("a", value=9, status="cancelled", since="2022-01-01"),
]


def held_in(place: str | Path, figures: list[Figure] = FIGURES) -> Ledger:
    ledger = Ledger(place)
    ledger.add(source_of(figures), figures)
    return ledger


@given(st.integers(0, 9), st.integers(-1, 10), st.integers(-1, 10))
def test_rows_between_two_places_are_those_of_the_frame(count: int, start: int, stop: int) -> None:
    frame = pd.DataFrame({"n": range(count)})
    start, stop = max(start, 0), max(stop, 0)
    found = [n for portion in Rows.of(frame).between(start, stop) for n in portion["n"]]
    assert found == list(range(count))[start:stop]


@given(st.lists(st.sampled_from(["a", "b", None]), max_size=9))
def test_rows_that_are_kept_are_counted(words: list[str | None]) -> None:
    frame = pd.DataFrame({"word": pd.Series(words, dtype="str"), "n": range(len(words))})
    kept = Rows.of(frame).keeping(lambda rows: rows["word"].eq("a"), "word")
    assert kept.frame(["n"])["n"].tolist() == [n for n, word in enumerate(words) if word == "a"]
    assert len(kept) == words.count("a")
    assert kept.frame().dtypes.to_dict() == frame.dtypes.to_dict()


def test_portions_are_small_and_make_the_frame_again() -> None:
    frame = to_frame(FIGURES)
    assert [len(portion) for portion in portions_of(frame)] == [3, 3, 1]
    assert_frame_equal(Rows.of(frame).frame(), frame)
    assert list(records(portions_of(frame), ["start"])) == [(f.start,) for f in FIGURES]


def test_a_ledgers_rows_are_its_frames(place: str) -> None:
    with held_in(place) as ledger, ledger.snapshot(with_facts=True) as now:
        read = to_frame(FIGURES)
        assert_frame_equal(now.figures_as_read.frame(list(read.columns)), read)
        assert len(now.figures) == len(now.review_sheet) == len(FIGURES)
        assert len(now.facts) == len(now.facts.frame())
        assert_frame_equal(now.facts.frame(), ledger.facts())
        assert max(map(len, now.figures.portions())) == rows_module.PORTION
        assert_frame_equal(now.figures.frame(["review", "unit"]),
                           ledger.figures()[["review", "unit"]])  # fmt: skip


def test_decisions_reach_their_figures_in_every_portion(place: str) -> None:
    with held_in(place) as ledger:
        first, last = FIGURES[0].figure_id, FIGURES[-1].figure_id
        ledger.reject(first, who="Ann", why="no")
        for figure in (FIGURES[1], FIGURES[-1]):
            ledger.correct(figure.figure_id, who="Ann", value=12, date="2023-02", status=None)
        ledger.correct(last, who="Ben", date=None, item="drone")
        figures = ledger.figures().set_index("figure_id")
        assert figures["review"].fillna("").tolist() == (
            ["rejected", "corrected", "", "", "", "", "corrected"]
        )
        middle = figures.loc[FIGURES[1].figure_id]
        assert (middle["value"], middle["high"], middle["date"]) == (12, 12, "2023-02")
        assert middle["date_end"] == pd.Timestamp("2023-02-28")
        latest = figures.loc[last]
        assert (latest["value"], latest["item"]) == (12, "drone")
        assert figures.loc[last, ["date", "date_start", "status"]].isna().all()
        assert figures.dtypes.drop("review").to_dict() == (
            ledger.figures(as_read=True).set_index("figure_id").dtypes.to_dict()
        )
        sheet = ledger.review_sheet().set_index("figure_id")
        assert sheet["decision"].fillna("").tolist() == (
            ["reject", "correct", "", "", "", "", "correct"]
        )
        row = sheet.loc[last]
        assert (row["new_value"], row["new_date"], row["new_item"]) == ("12", "null", "drone")


def test_a_snapshot_stays_as_it_was(place: str) -> None:
    more = make_figure("b", value=8)
    with held_in(place) as ledger, ledger.snapshot(with_facts=True) as now:
        before = now.facts.frame()
        with Ledger(place) as other:
            other.add(source_of(more), [more])
            other.reject(FIGURES[0].figure_id, who="Ann")
            assert len(other.figures()) == len(FIGURES) + 1
        assert len(now.figures) == len(now.figures.frame()) == len(FIGURES)
        assert now.figures.frame(["review"])["review"].isna().all()
        assert [source.source_id for source in now.documents()] == ["a"]
        assert_frame_equal(now.facts.frame(), before)
    with Ledger(place) as ledger:
        assert set(ledger.facts()["fact_id"]) != set(before["fact_id"])


def test_sums_and_balances_need_no_more_than_they_are_said_to(tmp_path: Path) -> None:
    with held_in(tmp_path / "aid.db") as ledger:
        facts = ledger.facts()
        weighed = ledger._facts(WEIGHED)
        assert list(weighed.columns) != list(facts.columns)
        assert_frame_equal(reconcile(weighed), reconcile(facts))
        asked_for: list[dict[str, Any]] = [
            {"by": "donor", "freq": "month"}, {"basis": "total"}, {"currency": "EUR"},
        ]  # fmt: skip
        told = ledger._facts({*WEIGHED, *TELLERS})
        for options in asked_for:
            some = told if "basis" in options else weighed
            assert_frame_equal(totals(some, **options), totals(facts, **options))
        for asked in ("rule", "date", "item:0"):
            assert_frame_equal(ledger.totals(by=asked), totals(facts, by=asked))
        where = {"source_id": "a", "status": "committed"}
        assert_frame_equal(ledger.totals(where=where), totals(facts, where=where))


def test_a_document_is_stored_in_portions_or_not_at_all(place: str) -> None:
    wrong = make_figure("a", value=1, date="yesterday")
    twice = [*FIGURES, FIGURES[0]]
    with Ledger(place) as ledger:
        for figures, cause in (([*FIGURES, wrong], "yesterday"), (twice, "with one id")):
            with pytest.raises(RefusedError, match=cause):
                ledger.add(source_of(FIGURES, text=source_of([*FIGURES, wrong]).text), figures)
            assert ledger.sources().empty
            assert ledger.figures().empty
        source = source_of(FIGURES)
        assert ledger.add(source, iter(FIGURES)).state == "new"
        assert ledger.add(source, iter(FIGURES)).state == "unchanged"
        fewer = ledger.add(source, iter(FIGURES[:-1]))
        assert (fewer.state, fewer.figures) == ("reread", len(FIGURES) - 1)
        assert [figure.figure_id for figure in ledger.records()] == [
            figure.figure_id for figure in FIGURES[:-1]
        ]


LOSSES = {
    "name": "losses",
    "distinct": ["day"],
    "fields": {"dimension": "count", "unit": "count", "date": {"column": "day"}},
    "figure": [{"value": ["lost", "more"]}],
}


@pytest.mark.parametrize("rows", [0, 1, 3, 8])
def test_a_table_read_in_portions_is_the_table(rows: int, tmp_path: Path) -> None:
    mapping = mapping_of(LOSSES)
    days = [f"2023-01-{1 + row // 2:02}" for row in range(rows)]
    frame = pd.DataFrame(
        {"day": days, "a\tb": " x \n y", "lost": [f"{row}" for row in range(rows)], "more": "1"}
    )
    frame.loc[frame.index == 2, "more"] = "many"
    frame.to_csv(tmp_path / "losses.csv", index=False)
    portions = list(read_table(tmp_path / "losses.csv", mapping))
    whole = read_frame(pd.concat(portions), mapping, source_id="losses")
    read = read_frame(iter(portions), mapping, source_id="losses")
    assert read.source == whole.source
    assert len(portions) == max(1, -(-rows // 3))
    figures = list(read.figures)
    assert figures == list(whole.figures) == list(read.figures)
    assert read.problems == ("losses, row 4: more: 'many' is not a number",)[: rows // 3]
    kept = [row for row in range(0, rows, 2) if row != 2]  # of two rows with one day the first
    assert [(f.rule, f.value, f.text) for f in figures] == [
        (f"row {row + 2}", Decimal(row + 1), f"{row}\t1") for row in kept
    ]
    with Ledger(tmp_path / "aid.db") as ledger:
        states = [ledger.add(read.source, read.figures).state for _ in range(2)]
        assert states == ["new", "unchanged"]
        assert ledger.figures()["rule"].tolist() == [f.rule for f in figures]


def test_what_a_table_lacks_is_told_though_nobody_went_through_it() -> None:
    frame = pd.DataFrame({"day": ["2023-01-01"], "lost": ["many"], "more": [""]})
    read = read_frame(frame, mapping_of(LOSSES), source_id="x")
    assert read.problems == ("x, row 1: lost: 'many' is not a number",)


def test_a_table_that_cannot_be_stored_does_not_keep_others_out(tmp_path: Path) -> None:
    (tmp_path / "huge.csv").write_text("day,lost,more\n2023-01-01,9e999999,9e999999\n")
    (tmp_path / "lost.csv").write_text("day,lost,more\n2023-01-01,3,\n")
    with Ledger(tmp_path / "aid.db") as ledger:
        paths = [tmp_path / "huge.csv", tmp_path / "lost.csv"]
        done = ingest_tables(ledger, paths, mapping_of(LOSSES))
        assert dict(done.states) == {"new": 2}
        told = "row 2: lost: '9e999999' is not a number"
        assert [*map(str, done.problems)] == [f"{paths[0]}: {told}"]
        assert ledger.figures()["value"].tolist() == [3]

"""An analyst's own tables: mappings, provenance, and tables that do not fit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from aidledger.sheets.readtable import read_table
from command import ok
from ledger.dedupe import merge
from ledger.errors import LedgerError
from ledger.imports.coded_tables import read_frame
from ledger.imports.mapping import mapping_of, read_mapping, shipped
from ledger.ledger import Ledger
from ledger.parts import check_parts
from ledger.reconcile import reconcile
from ledger.table import to_frame

PLEDGES: dict[str, Any] = {
    "name": "pledges",
    "missing": ["-"],
    "where": {"kind": ["pledge", "plan"]},
    "fields": {
        "dimension": "money",
        "unit": {"column": "currency"},
        "donor": {"column": "country", "map": "countries"},
        "status": "committed",
        "basis": "delta",
        "date": {
            "column": "day",
            "pattern": r"([\d./]+)$",
            "formats": ["%d.%m.%Y", "%m/%Y", "%Y"],
        },
    },
    "figure": [{"value": ["cash", "kind_value"]}],
    "maps": {"countries": {"Germany": "DEU", "Norway": "NOR"}},
}
SHEET = pd.DataFrame(
    {
        "country": ["Germany", "Norway", "Germany", "Atlantis", "Norway"],
        "kind": ["pledge", "pledge", "rumour", "plan", "plan"],
        "day": ["3.10.2022", "until 05/2023", "", "2023", "unclear"],
        "currency": ["EUR", "NOK", "EUR", "EUR", "NOK"],
        "cash": ["1,000,000", 5.0, 9, "7", "n/a"],
        "kind_value": ["-", 7, 1, None, "8"],
    }
)


def test_cells_become_figures_with_their_place() -> None:
    read = read_frame(SHEET, mapping_of(PLEDGES), source_id="book.xlsx/Sheet1")
    figures = list(read.figures)
    assert [(figure.donor, int(figure.value or 0), figure.date) for figure in figures] == [
        ("DEU", 1_000_000, "2022-10-03"),
        ("NOR", 12, "2023-05"),
        (None, 7, "2023"),
    ]
    assert [figure.rule for figure in figures] == ["row 1", "row 2", "row 4"]
    for figure in figures:
        assert read.source.text[figure.start : figure.end] == figure.text
        assert figure.text in figure.sentence
        assert figure.source_id == "book.xlsx/Sheet1"
        assert figure.extractor == "table pledges"
    assert figures[1].text == "5\t7"


def test_what_cannot_be_read_is_told_by_row() -> None:
    read = read_frame(SHEET, mapping_of(PLEDGES), source_id="book.xlsx")
    assert read.problems == (
        "book.xlsx, row 4: donor: country: 'Atlantis' is not in the mapping",
        "book.xlsx, row 5: cash: 'n/a' is not a number",
    )


def test_a_row_without_a_unit_is_told_and_the_others_are_read() -> None:
    sheet = SHEET.assign(currency=["EUR", "", "EUR", "florin", "NOK"])
    read = read_frame(sheet, mapping_of(PLEDGES), source_id="x")
    assert [int(figure.value or 0) for figure in read.figures] == [1_000_000, 7]
    lines = [line for line in read.problems if "unit" in line]
    assert lines[0] == "x, row 2: unit: an empty cell"
    of_dimension = PLEDGES | {"fields": PLEDGES["fields"] | {"dimension": {"column": "kind"}}}
    assert len(list(read_frame(SHEET, mapping_of(of_dimension), source_id="x").figures)) == 0
    with pytest.raises(LedgerError, match="x: the table has no column"):
        read_frame(iter([]), mapping_of(PLEDGES), source_id="x")


def test_a_table_without_a_column_is_refused() -> None:
    with pytest.raises(LedgerError, match=r"book.xlsx: the table has no column 'kind', 'day'"):
        read_frame(SHEET.drop(columns=["kind", "day"]), mapping_of(PLEDGES), source_id="book.xlsx")


def test_distinct_rows_count_once() -> None:
    mapping = mapping_of(PLEDGES | {"distinct": ["country", "day", "cash"]})
    doubled = pd.concat([SHEET, SHEET])
    assert len(list(read_frame(doubled, mapping, source_id="x").figures)) == 3


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"figure": [{"value": "cash", "colour": "red"}]}, "no field colour"),
        ({"figure": [{"value": "cash", "start": "1"}]}, "no field start"),
        ({"figure": [{"value": "cash", "part_of": "all"}]}, "part_of 'all'"),
        ({"fields": {"dimension": "money"}}, "has no unit"),
        ({"figure": [{"item": "x"}]}, "value"),
        ({"fields": {"date": {"column": "day", "sheet": "x"}}}, "a column has no sheet"),
    ],
)
def test_wrong_mappings_are_refused(change: dict[str, Any], cause: str) -> None:
    with pytest.raises((ValueError, KeyError), match=cause):
        mapping_of(PLEDGES | change)


def test_wrong_mapping_files_name_themselves(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=r"nowhere\.toml: no such mapping file .*kiel-activities"):
        read_mapping("nowhere.toml")
    path = tmp_path / "mine.toml"
    path.write_text("name = ", "utf-8")
    with pytest.raises(LedgerError, match=r"mine\.toml: "):
        read_mapping(path)
    path.write_text("name = 'x'", "utf-8")
    with pytest.raises(LedgerError, match=r"mine\.toml: lacks 'figure'"):
        read_mapping(path)


def test_a_table_in_a_ledger(place: str) -> None:
    mapping = mapping_of(PLEDGES)
    with Ledger(place) as ledger:
        added = ledger.add_table(SHEET, mapping, name="book.xlsx")
        assert (added.state, added.figures, len(added.problems)) == ("new", 3, 2)
        assert ledger.add_table(SHEET, mapping, name="book.xlsx").state == "unchanged"
        edited = SHEET.assign(cash=["2,000,000", 5.0, 9, "7", "n/a"])
        assert ledger.add_table(edited, mapping, name="book.xlsx").state == "corrected"
        sums = ledger.totals(by="donor", where={"unit": "EUR"}, view="all")
        assert sums["best"].tolist() == [2_000_000, 7]


def test_a_ledger_beside_a_table(tmp_path: Path) -> None:
    mapping = mapping_of(PLEDGES)
    theirs = to_frame(read_frame(SHEET, mapping, source_id="theirs").figures)
    with Ledger(tmp_path / "ours.sqlite") as ledger, Ledger(tmp_path / "other.sqlite") as other:
        ledger.add_table(SHEET.iloc[:2], mapping)
        other.add_table(SHEET, mapping)
        beside = ledger.compare(theirs, by="donor", view="all")
        pd.testing.assert_frame_equal(beside, ledger.compare(other, by="donor", view="all"))
    shown = beside[["donor", "ours", "theirs", "difference", "only"]].astype("object").fillna("")
    assert shown.to_numpy().tolist() == [
        ["DEU", 1_000_000, 1_000_000, 0, ""],
        ["NOR", 12, 12, 0, ""],
        ["", "", 7, -7, "theirs"],
    ]


def test_tables_out_of_files(tmp_path: Path) -> None:
    mapping = mapping_of(PLEDGES)
    SHEET.to_csv(tmp_path / "book.csv", index=False)
    SHEET.to_json(tmp_path / "book.json", orient="records")
    with pd.ExcelWriter(tmp_path / "book.xlsx") as book:
        pd.DataFrame({"note": ["first sheet"]}).to_excel(book, sheet_name="Notes", index=False)
        SHEET.to_excel(book, sheet_name="Pledges", index=False)
    first_rows = {"book.csv": "row 2", "book.json": "row 1", "book.xlsx": "row 2"}
    for name, first in first_rows.items():
        sheet = "Pledges" if name.endswith("xlsx") else None
        read = read_frame(read_table(tmp_path / name, mapping, sheet), mapping, source_id=name)
        assert [figure.value for figure in read.figures] == [1_000_000, 12, 7]
        assert next(iter(read.figures)).rule == first


@pytest.mark.parametrize(
    ("name", "content"),
    [("gone.csv", None), ("broken.json", "[{"), ("broken.xlsx", "no workbook"), ("empty.csv", "")],
)
def test_files_that_hold_no_table_name_themselves(
    tmp_path: Path, name: str, content: str | None
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(LedgerError, match=name) as caught:
        list(read_table(tmp_path / name, mapping_of(PLEDGES)))
    assert "\n" not in str(caught.value)


def test_the_help_names_the_shipped_mappings() -> None:
    assert ", ".join(shipped()) in " ".join(ok("add", "--help").split())


@pytest.mark.parametrize("name", shipped())
def test_shipped_mappings_are_read(name: str) -> None:
    assert read_mapping(name).name == name


def test_daily_losses_whose_keys_change(tmp_path: Path) -> None:
    days = [
        {"date": "2022-04-29", "tank": 970, "military auto": 1600, "fuel tank": 76},
        {"date": "2022-04-30", "tank": 986, "military auto": 1640, "fuel tank": 76},
        {"date": "2022-05-01", "tank": 980, "vehicles and fuel tanks": 1790},
        {"date": "2022-05-02", "personnel": 23800, "personnel*": "about"},
        {"date": "2022-05-03", "personnel": 24200, "personnel*": "more"},
    ]
    path = tmp_path / "losses.json"
    path.write_text(json.dumps(days), "utf-8")
    mapping = read_mapping("daily-losses")
    figures = read_frame(read_table(path, mapping), mapping, source_id="losses").figures
    held = reconcile(merge(to_frame(figures))).query("entry == 'total'")
    vehicles = held[held["item"].eq("vehicles and fuel tanks")]
    assert vehicles["amount"].tolist() == [1676, 1716, 1790]
    assert vehicles["change"].tolist()[1:] == [40, 74]
    conflicts = held[held["verdict"].eq("conflict")]
    assert conflicts[["item", "amount", "change"]].to_numpy().tolist() == [["tank", 980, -6]]
    personnel = [figure for figure in figures if figure.item == "soldier"]
    assert [figure.qualifier for figure in personnel] == ["about", "more_than"]
    assert personnel[1].high is None


def test_lines_of_text(tmp_path: Path) -> None:
    path = tmp_path / "2022-06-01.md"
    path.write_text(
        "## Russia\n### Russia - 9, of which: destroyed: 5, captured: 4\n\n"
        "Tanks\u00a0(7, of which destroyed: 3 damaged: 1, abandoned: 1, captured: 2)\n"
        "## Ukraine\nTanks (3, of which destroyed: 1, captured: 1)\nNo heading (of anything)\n",
        "utf-8",
    )
    mapping = read_mapping("oryx-lines")
    read = read_frame(read_table(path, mapping), mapping, source_id="lines")
    assert read.problems == ()
    checked = check_parts(merge(to_frame(read.figures)))
    assert checked[["party", "item", "whole", "verdict"]].to_numpy().tolist() == [
        ["RUS", "Russia", 9, "agrees"],
        ["RUS", "Tanks", 7, "agrees"],
        ["UKR", "Tanks", 3, "short"],
    ]
    assert {figure.date for figure in read.figures} == {"2022-06-01"}
    assert next(iter(read.figures)).rule == "row 2"

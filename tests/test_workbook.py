"""The workbook, opened again: every value, real dates, text that stays text, the same bytes."""

from __future__ import annotations

import time
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from factory import make_figure, make_money, source_of
from ledger.figure import FIELDS, Figure
from ledger.table import to_frame
from reports.archive import save
from reports.cells import TEXT_LIMIT, safe_text
from reports.columns import described
from reports.pages import Book, new_book, sheet_title
from reports.styles import axis_format, unit_format
from reports.tables import Layout, places_of, write_table
from reports.workbook import write_workbook

HOSTILE = (
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-2",
    "@SUM(A1)",
    "\t=1",
    '=HYPERLINK("http://example.org")',
    "#N/A",
    "<script>alert(1)</script>",
    "]]>&amp;",
    "_x0041_",
)


def sources_of(figures: list[Figure]) -> pd.DataFrame:
    ids = list(dict.fromkeys(figure.source_id for figure in figures))
    kept = [
        source_of(
            [figure for figure in figures if figure.source_id == source_id],
            title=f"Statement {source_id}",
            url=f"https://example.org/{source_id}",
        )
        for source_id in ids
    ]
    names = ("source_id", "title", "publisher", "url", "published", "accessed", "sha256")
    return pd.DataFrame(
        [{n: getattr(s, n) for n in names} for s in kept], columns=names, dtype="str"
    )


FIGURES = [
    make_money(625_000_000, "a", date="2022-10-04"),
    make_money(2_200_000_000, "b", date="2022-12", donor="DEU", unit="EUR", qualifier="at_least"),
    make_figure("a", value=4, date="2022-10-04", status="delivered"),
    make_figure("b", value=None, low=20, high=30, qualifier="range", date=None),
    make_figure("b", dimension="percent", unit="percent", value="33.5", item="territory",
                donor=None, recipient=None, party="UKR", status="captured", basis="level"),
]  # fmt: skip


def written(folder: Path, figures: list[Figure] = FIGURES, **options: Any) -> Path:
    return write_workbook(folder / "aid.xlsx", to_frame(figures), sources_of(figures), **options)


def saved(book: Book, path: Path) -> None:
    save(book.workbook, book.lines, path, datetime(2022, 10, 4))


def columns(sheet: Any) -> dict[str, str]:
    """The letter of each column, by its header."""
    return {cell.value: cell.column_letter for cell in sheet[1]}


def test_pandas_reads_every_figure_back(tmp_path: Path) -> None:
    frame = to_frame(FIGURES)
    back = pd.read_excel(written(tmp_path), sheet_name="Figures")
    assert sorted(back.columns) == sorted(frame.columns)
    back = back[list(frame.columns)].astype(frame.dtypes.to_dict())
    pd.testing.assert_frame_equal(back, frame)


def test_the_sheets_stand_in_their_order(tmp_path: Path) -> None:
    book = load_workbook(written(tmp_path))
    assert book.sheetnames == [
        "Read me", "Summary", "Totals over time", "All totals", "Donors by item", "Facts", "Figures",
        "Checks", "Sources", "Dictionary",
    ]  # fmt: skip


def test_figures_are_a_table_with_filters_and_a_frozen_header(tmp_path: Path) -> None:
    sheet = load_workbook(written(tmp_path))["Figures"]
    table = sheet.tables["Figures"]
    header = list(columns(sheet))
    assert table.ref == sheet.dimensions == f"A1:{columns(sheet)[header[-1]]}6"
    assert table.autoFilter.ref == table.ref
    assert table.column_names == header
    assert sheet.freeze_panes == "C2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"


def test_numbers_show_their_unit_and_dates_are_dates(tmp_path: Path) -> None:
    sheet = load_workbook(written(tmp_path))["Figures"]
    column = columns(sheet)
    money, _, count, span, share = (sheet[f"{column['value']}{row}"] for row in range(2, 7))
    assert (money.value, money.number_format) == (625_000_000, "[$USD] #,##0")
    assert (count.value, count.number_format) == (4, "#,##0")
    assert span.value is None
    assert (share.value, share.number_format) == (33.5, '#,##0.0#"%"')
    end = sheet[f"{column['date_end']}3"]
    assert end.is_date
    assert (end.value.date().isoformat(), end.number_format) == ("2022-12-31", "yyyy-mm-dd")
    assert sheet[f"{column['sentence']}2"].alignment.wrap_text


def test_a_figure_leads_to_its_document(tmp_path: Path) -> None:
    book = load_workbook(written(tmp_path))
    figures, sources = book["Figures"], book["Sources"]
    column = columns(figures)
    for row in range(2, 7):
        cell = figures[f"{column['source_id']}{row}"]
        name, _, place = cell.hyperlink.location.partition("!")
        assert name == "'Sources'"
        assert sources[place].value == cell.value


def test_totals_follow_the_ledger_and_charts_follow_the_tables(tmp_path: Path) -> None:
    path = written(tmp_path)
    book = load_workbook(path)
    sheet = book["Totals over time"]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value}
    head = cells["committed, USD"].row + 1
    assert [cell.value for cell in sheet[head + 1]][1:5] == [625_000_000] * 3 + [625_000_000]
    assert sheet.cell(head + 1, 1).number_format == "yyyy-mm"
    with zipfile.ZipFile(path) as archive:
        charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
        drawn = "".join(archive.read(name).decode() for name in charts)
    assert len(charts) == 3
    assert f"'Totals over time'!$E${head + 1}" in drawn


def test_months_without_events_keep_the_running_sum(tmp_path: Path) -> None:
    figures = [
        make_money(5, date="2022-03-01"),
        make_money(7, date="2022-06-30", qualifier="at_least"),
    ]
    rows = pd.read_excel(written(tmp_path, figures), sheet_name="Totals over time", header=None)
    months = rows[
        rows[0].map(lambda value: isinstance(value, pd.Timestamp) or hasattr(value, "month"))
    ]
    assert months[4].tolist() == [5, 5, 5, 12]
    assert months[1].tolist() == [5, 0, 0, 7]
    assert months[6].tolist()[:3] == [5, 5, 5]
    assert pd.isna(months[6].iloc[3])


def test_the_summary_holds_sums_and_bounds(tmp_path: Path) -> None:
    sheet = load_workbook(written(tmp_path))["Summary"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ["committed", "USD", 625_000_000, 625_000_000, 625_000_000, 1] in [r[:6] for r in rows]
    assert ["committed", "EUR", 2_200_000_000, 2_200_000_000, None, 1] in [r[:6] for r in rows]
    assert ["HIMARS", "delivered", 4, 4, 4, 1] in [r[:6] for r in rows]


def test_read_me_says_what_this_is(tmp_path: Path) -> None:
    path = written(tmp_path, title="Aid to Ukraine", origin="two files", as_of="2023-01-05")
    book = load_workbook(path)
    words = [cell.value for row in book["Read me"].iter_rows() for cell in row if cell.value]
    assert words[0] == "Aid to Ukraine"
    assert {"two files", "2023-01-05", "2, published 2022-10-04 to 2022-10-04"} <= set(words)
    links = [c.hyperlink.location for r in book["Read me"].iter_rows() for c in r if c.hyperlink]
    assert [str(link).partition("!")[0].strip("'") for link in links] == book.sheetnames[1:]


def test_the_dictionary_explains_every_column(tmp_path: Path) -> None:
    path = written(tmp_path)
    meanings = pd.read_excel(path, sheet_name="Dictionary")
    for sheet in ("Figures", "Sources", "All totals"):
        shown = set(pd.read_excel(path, sheet_name=sheet).columns)
        assert shown <= set(meanings[meanings["sheet"] == sheet]["column"])
    assert meanings["meaning"].str.len().gt(10).all()
    assert set(FIELDS) <= {column.name for column in described("figures")}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(tmp_path: Path, text: str) -> None:
    figures = [make_money(5, "a", sentence=text, item_text=text, attribution=text)]
    path = write_workbook(
        tmp_path / "aid.xlsx",
        to_frame(figures),
        sources_of(figures).assign(title=text, url=text, publisher=text),
        title=text,
        origin=text,
    )
    cells = [
        c for s in load_workbook(path) for r in s.iter_rows() for c in r if c.value is not None
    ]
    assert sum(cell.value == text for cell in cells) >= 7
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    risky = [cell for cell in cells if cell.value == text and text[0] in "=+-@\t"]
    assert all(cell.quotePrefix for cell in risky)


def test_texts_that_excel_cannot_hold_are_mended(tmp_path: Path) -> None:
    long = "tanks " * 20_000
    figures = [
        make_money(5, "a", sentence="a\x00b\x1bc\ud800d\ufffee\r\nf"),
        make_money(6, "a", sentence=long),
    ]
    sentences = pd.read_excel(written(tmp_path, figures), sheet_name="Figures")["sentence"]
    assert sentences[0] == "abcde\nf"
    assert len(sentences[1]) == TEXT_LIMIT
    assert sentences[1] == long[: TEXT_LIMIT - 1] + "…"


@given(st.text(max_size=40), st.text(st.characters(codec="utf-16"), max_size=5))
def test_safe_text_fits_and_is_stable(start: str, piece: str) -> None:
    text = start + piece * 20_000
    safe = safe_text(text)
    assert len(safe.encode("utf-16-le")) <= 2 * TEXT_LIMIT
    assert safe_text(safe) == safe


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_any_text_is_written_and_read_back(tmp_path: Path, texts: list[str]) -> None:
    frame = pd.DataFrame({"title": texts}, dtype="object")
    book = new_book()
    write_table(book, Layout("sources", "Sources"), frame)
    saved(book, tmp_path / "any.xlsx")
    sheet = load_workbook(tmp_path / "any.xlsx")["Sources"]
    back = [sheet.cell(row, 1).value or "" for row in range(2, len(texts) + 2)]
    assert back == [safe_text(text) for text in texts]


def test_the_same_ledger_writes_the_same_bytes(tmp_path: Path) -> None:
    one = written(tmp_path).read_bytes()
    time.sleep(2.1)  # past the two seconds that a zip tells apart
    assert written(tmp_path).read_bytes() == one


def test_no_figures_is_a_workbook_too(tmp_path: Path) -> None:
    path = written(tmp_path, [])
    back = pd.read_excel(path, sheet_name="Figures")
    assert back.empty
    assert set(FIELDS) <= set(back.columns)
    assert load_workbook(path)["Figures"].tables["Figures"].ref.endswith("2")


def test_a_full_sheet_goes_on_in_a_next_one(tmp_path: Path) -> None:
    frame = to_frame([make_figure(value=n) for n in range(7)])
    book = new_book()
    layout = Layout("figures", "Figures", rows_a_sheet=3)
    assert write_table(book, layout, frame) == ["Figures", "Figures 2", "Figures 3"]
    saved(book, tmp_path / "full.xlsx")
    parts = pd.read_excel(tmp_path / "full.xlsx", sheet_name=["Figures", "Figures 2", "Figures 3"])
    assert pd.concat(parts.values())["value"].tolist() == list(range(7))
    places = places_of(
        pd.DataFrame({"source_id": list("abcde")}), Layout("sources", "S", rows_a_sheet=2)
    )
    assert places == {
        "a": "'S'!A2",
        "b": "'S'!A3",
        "c": "'S 2'!A2",
        "d": "'S 2'!A3",
        "e": "'S 3'!A2",
    }


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        write_workbook(tmp_path / "nowhere" / "aid.xlsx", to_frame(FIGURES), sources_of(FIGURES))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("wanted", "taken", "title"),
    [
        ("Figures", [], "Figures"),
        ("a/b\\c?d*e[f]:g", [], "a b c d e f g"),
        ("'quoted'", [], "quoted"),
        ("", [], "Sheet"),
        ("x" * 40, [], "x" * 31),
        ("x" * 40, ["x" * 31], "x" * 29 + " 2"),
        ("figures", ["Figures", "FIGURES 2"], "figures 3"),
    ],
)
def test_sheet_titles(wanted: str, taken: list[str], title: str) -> None:
    assert sheet_title(wanted, taken) == title


@pytest.mark.parametrize(
    ("unit", "whole", "per", "expected"),
    [
        ("USD", True, None, "[$USD] #,##0"),
        ("USD", False, "barrel", '[$USD] #,##0.0#" per barrel"'),
        ("count", True, None, "#,##0"),
        ("count", True, "day", '#,##0" per day"'),
        ("percent", True, None, '#,##0"%"'),
        ("kilometre", True, None, '#,##0" kilometre"'),
        ('a "b"', True, None, '#,##0" a b"'),
    ],
)
def test_unit_formats(unit: str, whole: bool, per: str | None, expected: str) -> None:
    assert unit_format(unit, whole=whole, per=per) == expected


def test_axis_formats() -> None:
    assert axis_format("USD", 3e9) == '[$USD] #,##0.0,,,"bn"'
    assert axis_format("count", 25_000) == '#,##0.0,"k"'
    assert axis_format("count", 400) == "#,##0"

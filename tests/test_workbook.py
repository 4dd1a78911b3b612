"""The workbook, opened again: every value, real dates, links, charts, and the same bytes."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pypdfium2  # type: ignore[import-untyped]
import pytest
from openpyxl import load_workbook

from books import BALANCED, FIGURES, columns, saved, sources_of, written
from factory import make_figure, make_money, source_of
from ledger.dedupe import merge
from ledger.figure import CATEGORIES, FIELDS, Figure
from ledger.ledger import Ledger
from ledger.table import to_frame
from reports.workbook.book import new_book, sheet_title
from reports.workbook.columns import described
from reports.workbook.summary import HEAVY
from reports.workbook.tables import TAB_OF_DATA, Layout, places_of, unique_headers, write_table
from reports.workbook.workbook import write_workbook


def test_pandas_reads_every_figure_back(tmp_path: Path) -> None:
    frame = to_frame(FIGURES).drop(columns=["choices", "other"])
    back = pd.read_excel(written(tmp_path), sheet_name="Figures")
    assert sorted(back.columns) == sorted(frame.columns)
    back = back[list(frame.columns)].astype(frame.dtypes.to_dict())
    pd.testing.assert_frame_equal(back, frame)


def test_the_sheets_stand_in_their_order(tmp_path: Path) -> None:
    book = load_workbook(written(tmp_path))
    assert book.sheetnames == [
        "Read me", "Summary", "Totals over time", "All totals", "Donors by item", "Facts",
        "Figures", "Checks", "Sources", "Dictionary",
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


def test_confidence_is_a_percentage_beside_the_reader(tmp_path: Path) -> None:
    held = {"probability": 0.8, "runner_up": "delivered", "its_probability": 0.2}
    figures = [make_figure(confidence=0.812, choices={"status": held}), make_money(5)]
    book = load_workbook(written(tmp_path, figures))
    for title in ("Figures", "Facts"):
        sheet = book[title]
        letters = columns(sheet)
        names = list(letters)
        assert names[names.index("confidence") + 1] == "reader"
        assert not {"choices", "other"} & set(names)
        sure, unsure = (sheet[f"{letters['confidence']}{row}"] for row in (2, 3))
        assert (sure.value, sure.number_format, unsure.value) == (0.812, "0.0%", None)


def test_a_figure_leads_to_its_document(tmp_path: Path) -> None:
    book = load_workbook(written(tmp_path))
    figures, sources = book["Figures"], book["Sources"]
    column = columns(figures)
    for row in range(2, 7):
        cell = figures[f"{column['source_id']}{row}"]
        name, _, place = cell.hyperlink.location.partition("!")
        assert name == "'Sources'"
        own = f"{columns(sources)['source_id']}{sources[place].row}"
        assert sources[own].value == cell.value


def test_totals_follow_the_ledger_and_charts_follow_the_tables(tmp_path: Path) -> None:
    more = make_money(375_000_000, "a", date="2022-11-02")
    path = written(tmp_path, [*FIGURES, more])
    book = load_workbook(path)
    sheet = book["Totals over time"]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value}
    head = cells["Money committed, USD billion"].row + 1
    assert [cell.value for cell in sheet[head]][:2] == ["month", "best, USD billion"]
    assert [cell.value for cell in sheet[head + 1]][1:5] == [625_000_000] * 4
    assert [cell.value for cell in sheet[head + 2]][1:5] == [375_000_000] * 3 + [1_000_000_000]
    assert sheet.cell(head + 1, 1).number_format == "yyyy-mm"
    assert sheet.cell(head + 1, 2).number_format == "#,##0.00,,,"
    drawn = charts_of(path)
    assert any(f"'Totals over time'!$E${head + 1}:$E${head + 2}" in chart for chart in drawn)
    assert len(drawn) == 2  # on the summary and here: a measure of one month is not drawn


def charts_of(path: Path) -> list[str]:
    """The charts of a workbook, as XML."""
    with zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if name.startswith("xl/charts/chart"))
        return [archive.read(name).decode() for name in names]


def test_months_without_events_are_no_rows(tmp_path: Path) -> None:
    figures = [
        make_money(5, date="2022-03-01"),
        make_money(7, date="2022-06-30", qualifier="at_least"),
    ]
    rows = pd.read_excel(written(tmp_path, figures), sheet_name="Totals over time", header=None)
    months = rows[rows[0].map(lambda value: hasattr(value, "month"))]
    assert [month.month for month in months[0]] == [3, 6]
    assert months[1].tolist() == [5, 7]
    assert months[4].tolist() == [5, 12]
    assert months[6].iloc[0] == 5
    assert pd.isna(months[6].iloc[1])


def test_what_leads_the_summary_are_kinds_of_the_catalogue() -> None:
    assert set(HEAVY) <= set(CATEGORIES)


def test_the_summary_says_who_gave_what_to_whom(tmp_path: Path) -> None:
    rows = summary_of(written(tmp_path))
    usa, germany = "United States", "Germany"
    stages = [None, None, 625_000_000, None]
    assert [usa, "Ukraine", "USD 625 million committed", *stages, "1 event added up"] in rows
    least = "at least EUR 2.2 billion committed"
    assert [germany, "Ukraine", least] in [row[:3] for row in rows]
    assert [usa, "Ukraine", "4 HIMARS delivered", 4, 4, 4, 1] in [row[:7] for row in rows]
    heads = [row for row in rows if row[0] == "donor"]
    assert [row[5] for row in heads if row[2] == "so far"] == [
        "committed, EUR billion", "committed, USD million", "high",
    ]  # fmt: skip


def test_the_summary_shows_aid_and_losses_alone(tmp_path: Path) -> None:
    tanks = {"donor": None, "recipient": None, "party": "RUS", "item": "tank"}
    figures = [
        *FIGURES,
        make_figure("a", **tanks, value=12, status="destroyed", date="2022-10-04"),
        make_figure("a", donor=None, recipient=None, party="UKR", item="person", value=7_000_000,
                    status="displaced", date="2022-10-04"),
        make_money(30_000_000_000, "a", donor=None, recipient=None, status=None, date="2022-10-04"),
    ]  # fmt: skip
    rows = summary_of(written(tmp_path, figures))
    assert ["Russia", "destroyed", "12 tanks", 12, 12, 12, 1] in [row[:7] for row in rows]
    held = [cell for row in rows for cell in row]
    assert 7_000_000 not in held
    assert 30_000_000_000 not in held


def test_the_summary_tells_kinds_and_months_of_each_currency(tmp_path: Path) -> None:
    figures = [
        make_money(2_000_000_000, "a", date="2022-03-16", aid_type="military"),
        make_money(500_000_000, "a", date="2022-06-30", aid_type="humanitarian"),
        make_money(9_000_000_000, "b", date="2022-06-30", donor="DEU", unit="EUR"),
    ]
    path = written(tmp_path, figures)
    rows = summary_of(path)
    assert ["military", None, "USD 2 billion committed"] in [row[:3] for row in rows]
    assert ["humanitarian", None, "USD 500 million committed"] in [row[:3] for row in rows]
    months = [(row[0].month, row[5]) for row in rows if hasattr(row[0], "month")]
    assert months == [(3, 2_000_000_000), (6, 500_000_000), (6, 9_000_000_000)]
    [chart] = [chart for chart in charts_of(path) if "barChart" in chart]
    assert "Aid by month, USD billion" in chart


def test_heavy_weapons_lead_and_stated_totals_are_marked(tmp_path: Path) -> None:
    """Rounds come after tanks, however many they are; a total is not taken for a package."""
    figures = [
        make_figure("a", value=9_000_000, item="round", category="ammunition"),
        make_figure("a", value=31, item="tank", category="armoured vehicles"),
        make_figure("a", value=4, item="howitzer", category="artillery", donor="DEU"),
        make_money(2_000_000_000, "a", basis="total"),
        make_money(1_000_000_000, "a"),
    ]
    rows = summary_of(written(tmp_path, figures))
    said = [str(row[2]) for row in rows]
    given = [
        words for words in said if words.split()[-2:-1] != ["billion"] and "committed" in words
    ]
    assert given[:3] == [
        "31 tanks committed", "4 howitzers committed", "9,000,000 rounds committed",
    ]  # fmt: skip
    assert "USD 2 billion committed, a stated total" in said
    assert "USD 1 billion committed" in said


def test_the_largest_facts_stand_with_their_sentences(tmp_path: Path) -> None:
    figures = [
        make_money(n * 1_000_000, "a", date="2022-10-04", donor=donor, confidence=0.9)
        for n, donor in enumerate(["USA", "DEU", "FRA", "ITA"] * 3, 1)
    ]
    rows = summary_of(written(tmp_path, figures))
    top = next(n for n, row in enumerate(rows) if row[7] == "sentence")
    shown = rows[top + 1 : top + 11]
    assert [row[3] for row in shown] == [n * 1_000_000 for n in range(12, 2, -1)]
    assert shown[0][:3] == ["Italy", "Ukraine", "USD 12 million committed"]
    assert shown[0][7] == figures[-1].sentence
    assert {row[5] for row in shown} == {0.9}


def test_the_summary_counts_what_is_uncertain_and_reviewed(tmp_path: Path) -> None:
    figures = [
        make_money(1_000, "a", date="2022-10-04", confidence=0.95),
        make_money(2_000, "a", date="2022-10-05", confidence=0.4, certainty="estimated"),
        make_money(3_000, "b", date=None, qualifier="at_least"),
    ]
    with Ledger(tmp_path / "aid.db") as ledger:
        for source_id in "ab":
            mine = [figure for figure in figures if figure.source_id == source_id]
            ledger.add(source_of(mine), mine)
        ledger.accept(figures[0].figure_id, "a reader")
        path = write_workbook(
            tmp_path / "aid.xlsx", ledger.figures(), ledger.sources(), facts=ledger.facts()
        )
    told = {row[2]: row[3] for row in summary_of(path) if row[2] and isinstance(row[3], int)}
    expected = {
        "90% or more": 1, "under 70%": 1, "its reader does not say": 1, "without a date": 1,
        "no upper bound (“at least”), in a sum": 1, "estimated, expected or unconfirmed": 1,
        "accepted": 1, "corrected": 0, "not yet": 2,
    }  # fmt: skip
    assert expected.items() <= told.items()
    assert "70% to 90%" not in told


def summary_of(path: Path) -> list[list[Any]]:
    """The rows of the summary."""
    sheet = load_workbook(path)["Summary"]
    return [[cell.value for cell in row] for row in sheet.iter_rows(max_col=8)]


def test_data_is_marked_and_takes_one_page(tmp_path: Path) -> None:
    figures = [make_figure("a", value=n, item=f"item {n}") for n in range(1, 301)]
    book = load_workbook(written(tmp_path, figures))
    for title in ("All totals", "Facts", "Figures", "Checks", "Dictionary"):
        sheet: Any = book[title]
        assert sheet.sheet_properties.tabColor.rgb.endswith(TAB_OF_DATA), title
        small = sheet.max_row <= 101  # all of it is printed
        assert small is (title == "Checks")
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0 if small else 1)
        last = int(re.findall(r"\d+", sheet.print_area)[-1])
        assert last <= 80, title
        assert sheet.oddHeader.left.text.startswith(f"&B{title}&B"), title
    footer: Any = book["Figures"].oddFooter
    assert "300 rows" in str(footer.center.text)
    for title in ("Read me", "Summary", "Totals over time", "Sources"):
        assert book[title].sheet_properties.tabColor is None


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_a_workbook_of_many_facts_prints_on_few_pages(tmp_path: Path) -> None:
    figures = [
        make(n, "a", date=f"2022-{n % 12 + 1:02}-01", donor=donor)
        for n in range(1, 121)
        for make, donor in ((_million, "USA"), (_item, "DEU"))
    ]
    subprocess.run(
        ["soffice", f"-env:UserInstallation={tmp_path.as_uri()}/home", "--headless",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(written(tmp_path, figures))],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    with pypdfium2.PdfDocument(tmp_path / "aid.pdf") as printed:
        words = [page.get_textpage().get_text_bounded() for page in printed]
    assert len(words) <= 16
    assert not any("###" in page for page in words)
    assert "USD 7.26 billion" in " ".join(words).replace("\r\n", " ")


def _million(n: int, source_id: str, **fields: Any) -> Figure:
    return make_money(n * 1_000_000, source_id, **fields)


def _item(n: int, source_id: str, **fields: Any) -> Figure:
    return make_figure(source_id, value=n, item=f"item {n % 30}", **fields)


def test_read_me_says_what_this_is(tmp_path: Path) -> None:
    path = written(tmp_path, title="Aid to Ukraine", origin="two files", as_of="2023-01-05")
    book = load_workbook(path)
    words = [cell.value for row in book["Read me"].iter_rows() for cell in row if cell.value]
    assert words[0] == "Aid to Ukraine"
    assert {"two files", "2023-01-05", "2, published 2022-10-04 to 2022-10-04"} <= set(words)
    links = [c.hyperlink.location for r in book["Read me"].iter_rows() for c in r if c.hyperlink]
    assert [str(link).partition("!")[0].strip("'") for link in links] == book.sheetnames[1:]


def test_the_dictionary_explains_every_column(tmp_path: Path) -> None:
    with Ledger(tmp_path / "aid.db") as ledger:
        for source_id in "ab":
            mine = [figure for figure in FIGURES if figure.source_id == source_id]
            ledger.add(source_of(mine), mine)
        book = write_workbook(
            tmp_path / "aid.xlsx", ledger.figures(), ledger.sources(), facts=ledger.facts(),
            balances=ledger.reconcile(), review=ledger.review_sheets(),
        )  # fmt: skip
    meanings = pd.read_excel(book, sheet_name="Dictionary")
    for sheet in ("Figures", "Facts", "Checks", "Sources", "All totals", "Review"):
        shown = set(pd.read_excel(book, sheet_name=sheet).columns)
        assert shown == set(meanings[meanings["sheet"] == sheet]["column"]), sheet
    assert meanings["meaning"].str.len().gt(5).all()
    assert set(FIELDS) - {"choices", "other"} <= {column.name for column in described("figures")}


def test_the_same_ledger_writes_the_same_bytes(tmp_path: Path) -> None:
    one = written(tmp_path).read_bytes()
    time.sleep(2.1)  # past the two seconds that a zip tells apart
    assert written(tmp_path).read_bytes() == one


def test_no_figures_is_a_workbook_too(tmp_path: Path) -> None:
    path = written(tmp_path, [])
    back = pd.read_excel(path, sheet_name="Figures")
    assert back.empty
    assert set(FIELDS) - set(back.columns) == {"choices", "other"}
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


def test_facts_are_read_back_whole(tmp_path: Path) -> None:
    facts = merge(to_frame(BALANCED))
    back = pd.read_excel(written(tmp_path, BALANCED), sheet_name="Facts")[list(facts.columns)]
    pd.testing.assert_frame_equal(back.astype(facts.dtypes.to_dict()), facts)


def test_columns_have_names_for_formulas(tmp_path: Path) -> None:
    book = load_workbook(written(tmp_path))
    sheet, cells = next(iter(book.defined_names["facts_value"].destinations))
    values = [row[0].value for row in book[sheet][cells]]
    assert sorted(v for v in values if v) == [4, 33.5, 625_000_000, 2_200_000_000]


def test_charts_name_axes_that_are_there(tmp_path: Path) -> None:
    figures = [make_money(5_000_000, date="2022-03-01"), make_money(7, date="2022-06-30")]
    charts = charts_of(written(tmp_path, figures))
    assert len(charts) == 2
    for chart in charts:
        axes = set(re.findall(r'<axId val="(\d+)"', chart))
        assert set(re.findall(r'<crossAx val="(\d+)"', chart)) == axes
        assert len(axes) == 2
        assert chart.count("<title>") == 2  # the chart's and that of the numbers' axis
        assert re.search(r"<a:t>USD million</a:t>", chart)


def test_links_stop_at_the_limit_of_excel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("reports.workbook.lines.LINK_LIMIT", 3)
    sheet = load_workbook(written(tmp_path))["Figures"]
    ids = [sheet[f"{columns(sheet)['source_id']}{row}"] for row in range(2, 7)]
    assert [cell.hyperlink is not None for cell in ids] == [True] * 3 + [False] * 2
    assert [cell.value for cell in ids] == [figure.source_id for figure in FIGURES]


def test_durations_and_ages_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    figures = [*FIGURES, make_figure("a", dimension="time", unit="day", value=3, item=None)]
    read = {
        asked: pd.read_excel(written(tmp_path, figures, durations=asked), sheet_name="Figures")
        for asked in (False, True)
    }
    assert len(read[False]) == len(FIGURES)
    assert len(read[True]) == len(FIGURES) + 1


def test_of_long_times_the_last_months_are_shown(tmp_path: Path) -> None:
    figures = [make_money(n, date=f"{2010 + n // 12}-{n % 12 + 1:02}-01") for n in range(1, 50)]
    rows = pd.read_excel(written(tmp_path, figures), sheet_name="Totals over time", header=None)
    shown = rows[rows[0].map(lambda value: hasattr(value, "month"))]
    assert shown[1].tolist() == list(range(14, 50))
    assert shown[4].tolist()[-1] == sum(range(1, 50))
    assert "Earlier months are on the sheet All totals." in rows[0].tolist()


def test_progress_is_told_by_sheet(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    figures = [make_figure("a", value=n, item=f"item {n % 3}") for n in range(2_001)]
    written(tmp_path, figures, progress=lambda *step: told.append(step))
    assert ("Figures", 2_000, 2_001) in told


def test_headers_are_unique_to_excel() -> None:
    names = ["USA", "usa", "", "USA", "a\nb", "x" * 300]
    assert unique_headers(names) == ["USA", "usa 2", "column", "USA 3", "a b", "x" * 250]


def test_where_no_event_is_told_stated_totals_have_their_months(tmp_path: Path) -> None:
    lost: dict[str, Any] = {"item": "tank", "status": "destroyed", "party": "RUS"}
    lost |= {"donor": None, "recipient": None, "basis": "total"}
    stated = [("2022-03-09", 100), ("2022-03-30", 160), ("2022-05-31", 65_000_000_000)]
    figures = [make_figure(value=value, date=day, **lost) for day, value in stated]
    book = load_workbook(written(tmp_path, figures))
    rows = [[cell.value for cell in row[:8]] for row in book["Totals over time"].rows]
    told = [row for row in rows if isinstance(row[4], int | float)]
    assert [row[1] for row in told] == [None, 65_000_000_000 - 160]
    assert [row[4] for row in told] == [160, 65_000_000_000]
    assert ["Tank destroyed, Russia, number"] in [row[:1] for row in rows]
    wide = [cell for row in book["Summary"].rows for cell in row if cell.value == 65_000_000_000]
    assert wide
    assert all(cell.number_format == '#,##0.00,,," billion"' for cell in wide)

"""The workbook, opened again: every value, real dates, text that stays text, the same bytes."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from factory import make_figure, make_money, source_of
from ledger import review
from ledger.dedupe import merge
from ledger.errors import LedgerError
from ledger.figure import FIELDS, Figure
from ledger.ledger import Ledger
from ledger.reconcile import reconcile
from ledger.review import DECISION_DTYPES
from ledger.table import empty, to_frame
from reports.archive import save
from reports.cells import TEXT_LIMIT, Cells, safe_text
from reports.checks import STORED
from reports.columns import described
from reports.pages import Book, new_book, sheet_title
from reports.review import read_review
from reports.styles import axis_format, unit_format
from reports.tables import Layout, places_of, unique_headers, write_table
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
    with Ledger(tmp_path / "aid.db") as ledger:
        for source_id in "ab":
            mine = [figure for figure in FIGURES if figure.source_id == source_id]
            ledger.add(source_of(mine), mine)
        book = write_workbook(
            tmp_path / "aid.xlsx", ledger.figures(), ledger.sources(), facts=ledger.facts(),
            balances=ledger.reconcile(), review=ledger.review_sheet(),
        )  # fmt: skip
    meanings = pd.read_excel(book, sheet_name="Dictionary")
    for sheet in ("Figures", "Facts", "Checks", "Sources", "All totals", "Review"):
        shown = set(pd.read_excel(book, sheet_name=sheet).columns)
        assert shown == set(meanings[meanings["sheet"] == sheet]["column"]), sheet
    assert meanings["meaning"].str.len().gt(5).all()
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


HIMARS = make_figure("seed", value=4, date="2022-10-04")
TANKS = {"item": "tank", "donor": None, "recipient": None, "party": "RUS", "status": "destroyed"}
BALANCED = [
    make_figure("seed", value=16, date="2022-09-01", status="delivered"),
    HIMARS,
    make_figure("seed", value=20, date="2022-10-04", status="delivered", basis="total",
                includes=[HIMARS.figure_id]),
    make_figure("seed", value=25, date="2022-11-10", status="delivered", basis="total"),
    make_figure("seed", value=22, date="2022-11-20", status="delivered", basis="total"),
    make_figure("seed", value=3, date="2022-11-12", status="cancelled"),
    make_figure("seed", value=9, date="2022-11-12", basis="total", since="2022-11"),
    make_figure("seed", **TANKS, value=None, low=10, high=20, qualifier="range", date="2022-11-08"),
    make_figure("seed", **TANKS, value=500, basis="total", since="2022-02-24", date="2022-11-08"),
    make_figure("seed", **TANKS, value=520, basis="total", since="2022-02-24", date="2022-11-18"),
]  # fmt: skip


def test_facts_are_read_back_whole(tmp_path: Path) -> None:
    facts = merge(to_frame(BALANCED))
    back = pd.read_excel(written(tmp_path, BALANCED), sheet_name="Facts")[list(facts.columns)]
    pd.testing.assert_frame_equal(back.astype(facts.dtypes.to_dict()), facts)


def test_checks_hold_the_balances_and_a_formula_beside_each_number(tmp_path: Path) -> None:
    balances = reconcile(merge(to_frame(BALANCED)))
    path = written(tmp_path, BALANCED)
    shown = pd.read_excel(path, sheet_name="Checks")
    stored = shown[list(balances.columns)].astype(balances.dtypes.to_dict())
    pd.testing.assert_frame_equal(stored, balances)
    for live, result in STORED.items():
        has = shown[live].notna()
        assert has.sum() >= balances["entry"].eq("total").sum()
        assert shown[live][has].tolist() == shown[result][has].tolist()
    sheet = load_workbook(path)["Checks"]
    formulas = [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert any(str(formula).startswith("='Facts'!") for formula in formulas)


def worked_out(path: Path, changes: dict[str, Any] | None = None) -> dict[str, pd.DataFrame]:
    """The sheets as LibreOffice works them out, without the results that we stored.

    ``changes`` puts other values into cells of Facts first.
    """
    book = load_workbook(path)  # keeps formulas and leaves their results out
    for cell, value in (changes or {}).items():
        book["Facts"][cell] = value
    book.save(path.with_name("bare.xlsx"))
    subprocess.run(
        ["soffice", f"-env:UserInstallation={path.parent.as_uri()}/home", "--headless",
         "--convert-to", "xlsx", "--outdir", str(path.parent / "out"),
         str(path.with_name("bare.xlsx"))],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return pd.read_excel(path.parent / "out" / "bare.xlsx", sheet_name=None)


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_a_spreadsheet_works_the_checks_out_to_the_stored_results(tmp_path: Path) -> None:
    figures = [*BALANCED, *FIGURES]
    decide = review.sheet(to_frame(figures), empty(DECISION_DTYPES))
    path = written(tmp_path, figures, review=decide)
    book = worked_out(path)
    for title, rows in book.items():
        broken = rows.map(lambda value: isinstance(value, str) and value.startswith(("#", "Err:")))
        assert not broken.to_numpy().any(), title
    checks = book["Checks"]
    assert checks["same"].notna().sum() == checks["entry"].ne("opening").sum()
    assert checks["same"].dropna().astype(bool).all()
    for live, result in STORED.items():
        has = checks[live].notna()
        assert checks[live][has].tolist() == checks[result][has].tolist()
    changed = worked_out(path, {"A2": 17})["Checks"]
    assert not changed["same"].dropna().astype(bool).all()


def test_what_nobody_reviewed_and_what_conflicts_is_marked(tmp_path: Path) -> None:
    book = load_workbook(written(tmp_path, BALANCED))
    rules = {title: [r for area in book[title].conditional_formatting for r in area.rules]
             for title in ("Facts", "Checks")}  # fmt: skip
    assert [rule.formula for rule in rules["Facts"]] == [['AND(L2="",$A2&$B2<>"")']]
    assert ['OR($R2="conflict")'] in [rule.formula for rule in rules["Checks"]]


def test_columns_have_names_for_formulas(tmp_path: Path) -> None:
    book = load_workbook(written(tmp_path))
    sheet, cells = next(iter(book.defined_names["facts_value"].destinations))
    values = [row[0].value for row in book[sheet][cells]]
    assert sorted(v for v in values if v) == [4, 33.5, 625_000_000, 2_200_000_000]


def test_charts_name_axes_that_are_there(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(tmp_path)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/charts/chart"):
                chart = archive.read(name).decode()
                axes = set(re.findall(r'<axId val="(\d+)"', chart))
                assert set(re.findall(r'<crossAx val="(\d+)"', chart)) == axes
                assert len(axes) == 2


def test_links_stop_at_the_limit_of_excel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("reports.lines.LINK_LIMIT", 3)
    sheet = load_workbook(written(tmp_path))["Figures"]
    ids = [sheet[f"{columns(sheet)['source_id']}{row}"] for row in range(2, 7)]
    assert [cell.hyperlink is not None for cell in ids] == [True] * 3 + [False] * 2
    assert [cell.value for cell in ids] == [figure.source_id for figure in FIGURES]


def reviewable(tmp_path: Path) -> tuple[Path, pd.DataFrame]:
    before = review.sheet(to_frame(FIGURES), empty(DECISION_DTYPES))
    return written(tmp_path, FIGURES, review=before), before


def filled_in(path: Path, edits: dict[int, dict[str, Any]]) -> Path:
    """The workbook as a person leaves it who wrote these cells (by row, by column) and saved."""
    book = load_workbook(path)
    sheet = book["Review"]
    for row, cells in edits.items():
        for name, value in cells.items():
            sheet[f"{columns(sheet)[name]}{row}"] = value
    book.save(path)
    return path


def test_the_review_sheet_has_drop_downs(tmp_path: Path) -> None:
    path, _ = reviewable(tmp_path)
    book = load_workbook(path)
    sheet = book["Review"]
    lists = {str(choice.sqref): choice.formula1 for choice in sheet.data_validations.dataValidation}
    assert lists[f"{columns(sheet)['decision']}2:{columns(sheet)['decision']}6"] == "list_decision"
    title, cells = next(iter(book.defined_names["list_decision"].destinations))
    assert [row[0].value for row in book[title][cells]] == ["accept", "reject", "correct"]
    assert book[title].sheet_state == "hidden"
    assert set(re.findall(r"list_\w+", " ".join(lists.values()))) <= set(book.defined_names)


def test_an_untouched_review_sheet_decides_nothing(tmp_path: Path) -> None:
    path, before = reviewable(tmp_path)
    filled = read_review(path)
    assert review.read_sheet(filled.rows, before, filled.place) == ([], [])
    assert len(filled.rows) == len(FIGURES)


def test_decisions_are_read_back_and_nonsense_is_named_by_sheet_and_row(tmp_path: Path) -> None:
    path, before = reviewable(tmp_path)
    edits: dict[int, dict[str, Any]] = {
        2: {"decision": "accept", "why": "checked"},
        3: {"decision": "correct", "new_value": 2_500_000_000, "new_date": "2022-12-05"},
        4: {"decision": "maybe"},
        5: {"decision": "correct", "new_status": "given"},
        6: {"decision": "Reject"},
    }
    filled = read_review(filled_in(path, edits))
    decisions, problems = review.read_sheet(filled.rows, before, filled.place)
    assert [(d.figure_id, d.action) for d in decisions] == [
        (FIGURES[0].figure_id, "accept"),
        (FIGURES[1].figure_id, "correct"),
        (FIGURES[4].figure_id, "reject"),
    ]
    assert dict(decisions[1].changes) == {"value": "2500000000", "date": "2022-12-05"}
    assert [problem.partition(":")[0] for problem in problems] == ["Review, row 4", "Review, row 5"]


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "aid.xlsx"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match="not an Excel workbook") as error:
        read_review(path)
    assert "\n" not in str(error.value)


def test_a_workbook_without_review_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no sheet Review"):
        read_review(written(tmp_path))
    with pytest.raises(LedgerError, match="No such file"):
        read_review(tmp_path / "none.xlsx")


def test_durations_and_ages_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    figures = [*FIGURES, make_figure("a", dimension="time", unit="day", value=3, item=None)]
    read = {
        asked: pd.read_excel(written(tmp_path, figures, durations=asked), sheet_name="Figures")
        for asked in (False, True)
    }
    assert len(read[False]) == len(FIGURES)
    assert len(read[True]) == len(FIGURES) + 1


def test_long_times_show_only_months_with_events(tmp_path: Path) -> None:
    figures = [make_money(5, date="1994-03-01"), make_money(7, date="2022-06-30")]
    rows = pd.read_excel(written(tmp_path, figures), sheet_name="Totals over time", header=None)
    assert rows[1].map(lambda cell: cell if isinstance(cell, int) else None).dropna().tolist() == [
        5,
        7,
    ]


def test_progress_is_told_by_sheet(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    figures = [make_figure("a", value=n, item=f"item {n % 3}") for n in range(2_001)]
    written(tmp_path, figures, progress=lambda *step: told.append(step))
    assert ("Figures", 2_000, 2_001) in told


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
                review=ledger.review_sheet(),
            )  # fmt: skip

        path = export("first.xlsx")
        sheet = columns(load_workbook(path)["Review"])
        assert {"decision", "new_value", "figure_id"} <= set(sheet)
        edits: dict[int, dict[str, Any]] = {
            **{row: {"decision": "accept"} for row in range(2, 9)},
            **{row: {"decision": "reject", "why": "of another year"} for row in range(9, 15)},
            **{row: {"decision": "correct", "new_value": 5_000_000} for row in range(15, 22)},
        }
        before = ledger.figures()
        filled = read_review(filled_in(path, edits))
        for applied in (20, 0):  # a second time adds nothing
            made, problems = review.read_sheet(filled.rows, ledger.review_sheet(), filled.place)
            assert problems == []
            assert ledger.review(made, "A reader") == applied
        again = export("second.xlsx")
    first = before.set_index("figure_id")
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


def test_headers_are_unique_to_excel() -> None:
    names = ["USA", "usa", "", "USA", "a\nb", "x" * 300]
    assert unique_headers(names) == ["USA", "usa 2", "column", "USA 3", "a b", "x" * 250]


def test_numbers_and_dates_that_excel_lacks_are_text() -> None:
    cells = Cells(new_book().sheet("Any", [10]).sheet)
    assert "<t>inf</t>" in cells.number(float("inf"))
    assert "<t>1871-01-18</t>" in cells.date(date(1871, 1, 18))
    assert "<v>44838</v>" in cells.date(date(2022, 10, 4))

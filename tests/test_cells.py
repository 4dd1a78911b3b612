"""Cells: text that stays text, numbers with their unit, and what Excel cannot hold."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from books import columns, saved, sources_of, written
from factory import make_money
from ledger.table import to_frame
from reports.risky import RISKY
from reports.workbook.book import new_book
from reports.workbook.cells import TEXT_LIMIT, Cells, link_target, safe_text
from reports.workbook.styles import scaled_format, unit_format
from reports.workbook.tables import Layout, write_table
from reports.workbook.workbook import write_workbook

HOSTILE = (
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\n=1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(A1)",
    '=HYPERLINK("http://example.org")',
    "#N/A",
    "<script>alert(1)</script>",
    "]]>&amp;",
    "_x0041_",
)


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
    shown = [cell for cell in cells if cell.value == text]
    assert {bool(cell.quotePrefix) for cell in shown} == {text.startswith(RISKY)}


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.org/a/b.html?c=d&e=%20f#g", "https://example.org/a/b.html?c=d&e=%20f#g"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/%zz%4", "https://example.org/%25zz%254"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://example.org/x\r\nHost: y", "https://example.org/x%0D%0AHost:%20y"),
        ('https://example.org/"onclick="x', "https://example.org/%22onclick=%22x"),
        ("https://example.org/</a><b>", "https://example.org/%3C/a%3E%3Cb%3E"),
        ("https://example.org/\x00|\\^`{}", "https://example.org/%00%7C%5C%5E%60%7B%7D"),
        ("http://\u202egpj.exe/é", "http://%E2%80%AEgpj.exe/%C3%A9"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("\\\\host\\share", None),
        (" https://example.org", None),
        ("https://example.org/" + "é" * 350, None),  # past the limit once it is encoded
    ],
)
def test_link_targets_are_percent_encoded(tmp_path: Path, url: str, target: str | None) -> None:
    assert link_target(url) == target
    figures = [make_money(5, "a")]
    sources = sources_of(figures).assign(url=url)
    book = load_workbook(write_workbook(tmp_path / "aid.xlsx", to_frame(figures), sources))
    sheet = book["Sources"]
    cell = sheet[f"{columns(sheet)['url']}2"]
    assert cell.value == safe_text(url)
    assert (cell.hyperlink and cell.hyperlink.target) == target


@given(st.text(max_size=50))
def test_a_link_target_is_ascii_and_stays_as_it_is(rest: str) -> None:
    target = link_target(f"https://example.org/{rest}")
    assert target is not None
    assert link_target("https://example.org/\ud800") == "https://example.org/%ED%A0%80"
    assert re.fullmatch(r"[!#$%&'()*+,./:;=?@\[\]_~0-9A-Za-z-]*", target)
    assert link_target(target) == target


def test_texts_that_excel_cannot_hold_are_mended(tmp_path: Path) -> None:
    long = "tanks " * 20_000
    figures = [
        make_money(5, "a", sentence="a\x00b\x1bc\ud800d\ufffee\r\nf"),
        make_money(6, "a", sentence=long),
    ]
    sentences = pd.read_excel(written(tmp_path, figures), sheet_name="Figures")["sentence"]
    assert sentences[0] == "abc\ufffdde\nf"
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


@pytest.mark.parametrize(
    ("number", "divisor", "expected"),
    [
        (9_630_000_000, 1e9, "#,##0.00,,,"),
        (2_500_000, 1e9, "#,##0.0000,,,"),  # else it would show as 0.00
        (0, 1e9, "#,##0.00,,,"),
        (625_000_000, 1e6, "#,##0.00,,"),
        (20, 1, "#,##0"),
        (13.5, 1, "#,##0.0#"),
    ],
)
def test_scaled_formats(number: float, divisor: float, expected: str) -> None:
    assert scaled_format(number, divisor) == expected


def test_numbers_and_dates_that_excel_lacks_are_text() -> None:
    cells = Cells(new_book().sheet("Any", [10]).sheet)
    assert "<t>inf</t>" in cells.number(float("inf"))
    assert "<t>1871-01-18</t>" in cells.date(date(1871, 1, 18))
    assert "<v>44838</v>" in cells.date(date(2022, 10, 4))

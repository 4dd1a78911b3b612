"""The first sheet: what the workbook is, where it comes from, what each sheet holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.queries.view import SHOWN
from reports.filters import listed
from reports.workbook.book import place
from reports.workbook.lines import Lines

if TYPE_CHECKING:
    from reports.workbook.contents import Contents

WIDTHS = (24, 96, 12)
METHOD = (
    ("Figure", "One quantity in one text: an amount of money, a count of things or people, a share "
     "or a measure. Every figure keeps the words and the sentence in which it stands."),
    ("Fact", "What one or many figures report. A package that ten articles report is one fact; "
     "totals count facts."),
    ("What is added", "Only deltas: amounts of one event. A part is never added to its whole, a "
     "commitment never to a delivery, one currency never to another."),
    ("What is not", "Totals that a text states (“bringing the total to 20”) are checks on the sum "
     "and never part of it. Levels, rates and shares are not added, durations and ages not shown."),
    ("What is shown", "Aid (what has a donor or a recipient) and losses, unless more was asked "
     "for; people and context (prices, polls, budgets) stay in the ledger."),
    ("Bounds", "Low and high carry what the sources leave open: “up to 20” counts 0 to 20, “at "
     "least 20” has no high, a range counts its middle as best."),
    ("Dates", "A figure is booked on the last day that its date can mean. Figures without a date "
     "have a row of their own."),
    ("Paper", "Sheets with a grey tab are data, to filter and to count with: of one with more than "
     "100 rows, a page is printed. For all of it, clear the print area."),
    ("Unknown", "An empty cell means that the text does not say; it never means zero."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the contents: a sheet, what it holds, and how many rows."""

    sheet: str
    holds: str
    rows: int | None = None


def write_readme(lines: Lines, contents: Contents, entries: Sequence[Entry]) -> None:
    """Fill the sheet."""
    lines.text(contents.title, "title", 30)
    lines.text("Figures on aid and war, each with the sentence that states it.", "subtitle", 18)
    lines.blank()
    lines.section("About", 3)
    for name, words in _about(contents):
        _pair(lines, name, words)
    lines.blank()
    lines.section("Contents", 3)
    for entry in entries:
        link = lines.cells.link(entry.sheet, place=place(entry.sheet, "A1"))
        rows = None if entry.rows is None else lines.cells.number(entry.rows)
        lines.row([link, lines.cells.text(entry.holds, "wrap"), rows])
    lines.blank()
    lines.section("How to read it", 3)
    for name, words in METHOD:
        _pair(lines, name, words)


def _about(contents: Contents) -> list[tuple[str, str]]:
    sources, figures = contents.sources, contents.figures
    published = sorted(sources["published"].dropna().str.slice(0, 10))
    span = f", published {published[0]} to {published[-1]}" if published else ""
    documents, all_figures = contents.read or (len(sources), len(figures))
    about = [
        ("Only", contents.only),
        ("Documents", f"{_of(len(sources), documents, contents.only)}{span}"),
        ("Figures", _of(len(figures), all_figures, contents.only)),
        ("Read from", contents.origin or ""),
        ("As of", _as_of(contents)),
        ("Made with", contents.made),
        ("Cite as", _citation(contents)),
    ]
    return [(name, words) for name, words in about if words]


def _of(number: int, read: int, only: str) -> str:
    """How many of those that were read; where nothing else narrows them (``only``), by the view
    that everybody is shown."""
    if number == read:
        return f"{number:,}"
    return f"{number:,} of {read:,} {'that were read' if only else f'({listed(SHOWN)})'}"


def _citation(contents: Contents) -> str:
    parts = [
        contents.title,
        contents.only,
        contents.as_of and f"as of {_as_of(contents)}",
        contents.made,
    ]
    named = ", ".join(part for part in parts if part)
    return f"{named}; with each figure, its document and sentence."


def _as_of(contents: Contents) -> str:
    """The date, or date and minute, of the ledger's last change."""
    return (contents.as_of or "").replace("T", " ")[: len("2022-12-31 12:00")]


def _pair(lines: Lines, name: str, words: str) -> None:
    height = 14.0 * (1 + len(words) // 108)
    lines.row([lines.cells.text(name, "label"), lines.cells.text(words, "wrap")], height)

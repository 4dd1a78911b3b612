"""The workbook: figures, totals and evidence in one Excel file to hand on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pandas as pd

from ledger.audit.audit import Looked
from ledger.dedupe import merge
from ledger.fact import WEIGHED
from ledger.figure import NOT_IN_CSV
from ledger.positions import position
from ledger.reconcile import reconcile
from ledger.review.queue_sheets import Sheets
from ledger.rows import Rows, Table
from ledger.series import ACTORS
from ledger.totals import TELLERS
from ledger.totals import totals as totals_of
from reports.actor_names import actor_name
from reports.files import replacing
from reports.telling import Progress
from reports.titles import minutes
from reports.workbook import marks, overtime, readme, review_sheets, summary
from reports.workbook.book import Book, new_book
from reports.workbook.cells import safe_text
from reports.workbook.checks import with_formulas
from reports.workbook.columns import Column, columns_of
from reports.workbook.contents import OUTLINE, Contents, Positions, Totals
from reports.workbook.donors_by_item import donors_by_item
from reports.workbook.readme import Entry
from reports.workbook.saving import save
from reports.workbook.tables import Layout, places_of, write_table

MADE = "aidledger"
CODES = "(codes)"  # stands on the Dictionary in place of a sheet's name
LEFT_OUT = list(NOT_IN_CSV)  # columns of figures that no sheet shows: JSON for programs
EPOCH = datetime(2000, 1, 1)  # the file's date where nothing says as of when it is


def write_workbook(
    path: Path | str,
    figures: Table,
    sources: pd.DataFrame,
    totals: Totals | None = None,
    *,
    positions: Positions | None = None,
    facts: Table | None = None,
    balances: pd.DataFrame | None = None,
    review: Sheets | None = None,
    history: pd.DataFrame | None = None,
    earlier: int = 0,
    audit: Looked | None = None,
    rates: pd.DataFrame | None = None,
    title: str = "Aid ledger",
    origin: str | None = None,
    as_of: str | None = None,
    made: str = MADE,
    only: str = "",
    read: tuple[int, int] | None = None,
    durations: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Write figures and what they add up to as an Excel workbook; returns its path.

    ``figures`` is ``Ledger.figures()``, or a frame that :func:`ledger.table.to_frame` made;
    ``sources`` has a row for each document with ``source_id, title, publisher, url, published,
    accessed, sha256``. ``facts`` (``Ledger.facts()``) and ``balances`` (``Ledger.reconcile()``)
    are gathered from the figures where they are not given; ``totals`` (``Ledger.totals``) adds up
    the facts, and ``positions`` (``Ledger.position``) says what is known of each series.
    ``review`` (``Ledger.review_sheets()``) gets a sheet for each kind of question,
    ``history`` (``Ledger.history()``, or its latest decisions, of which there are so many
    ``earlier``) and ``rates`` (``date, base, currency, rate``) get one;
    ``audit`` (``Ledger.audit_looked()``) is told in the Summary.
    Figures and facts may be :class:`ledger.rows.Rows`, which are never all in memory. ``origin``
    says where the documents came from, ``as_of`` is the ISO date or time of the ledger's last
    change, ``made`` names program and version. ``only`` says in words what alone these figures are
    of (donor Germany), ``read`` how many documents and figures there are in all. Durations and
    ages (dimension ``time``) are left out unless ``durations`` is set. ``progress`` is told, every
    few thousand rows, the sheet and how many of how many rows are written. The same arguments write
    the same bytes.

    Raises OSError where the file cannot be written.
    """
    figures = Rows.of(figures)
    figures = replace(figures, empty=figures.empty.drop(columns=LEFT_OUT, errors="ignore"))
    facts = Rows.of(merge(figures.frame()) if facts is None else facts)
    if not durations:
        figures, facts = (rows.keeping(_is_no_time, "dimension") for rows in (figures, facts))
    if totals is None or positions is None or balances is None:
        weighed = facts.frame([*dict.fromkeys((*WEIGHED, *position.NEEDS, *TELLERS))])
        totals = totals or partial(totals_of, weighed)
        positions = positions or partial(position.position, weighed)
        balances = reconcile(weighed) if balances is None else balances
    outline = figures.frame(OUTLINE)
    contents = Contents(
        figures, outline, _counted(sources, outline), facts, totals, positions,
        balances, review, history, earlier, audit, rates, title, origin, as_of, made, only, read,
    )  # fmt: skip
    path = Path(path)
    with replacing(path) as unfinished:
        book = new_book()
        book.progress = progress
        book.workbook.properties.creator = safe_text(made)
        book.workbook.properties.title = safe_text(title)
        _write_sheets(book, contents)
        save(book.workbook, book.lines, unfinished, _stamp(as_of))
    return path


def _write_sheets(book: Book, contents: Contents) -> None:
    """Make the sheets in their order; Read me comes first and is filled last."""
    first = book.sheet("Read me", readme.WIDTHS)
    first.sheet.page_setup.fitToHeight = 1
    summary.write_summary(book.sheet("Summary", summary.WIDTHS), contents)
    overtime.write_overtime(book.sheet("Totals over time", overtime.WIDTHS), contents)
    entries = [
        Entry("Summary", "Who has given what to whom, kinds of aid, months, losses, and how sure."),
        Entry("Totals over time", "By month, with a chart beside each table."),
    ]
    columns: list[tuple[str, Column]] = []
    for layout, table, holds in _tables(contents):
        rows = Rows.of(table)
        titles = write_table(book, layout, rows)
        for name in titles:
            book.head_pages(name, holds, contents.only)
        shown = columns_of(layout.key, rows.empty, layout.other, folded=layout.folded)
        columns += [(layout.sheet, column) for column in shown if column.means]
        more = f" Goes on in {', '.join(titles[1:])}." if titles[1:] else ""
        entries.append(Entry(titles[0], holds + more, len(rows)))
    meanings = _dictionary(columns, _codes(contents.outline))
    holds = "What every column means, and the codes of countries."
    [title] = write_table(book, Layout("dictionary", "Dictionary"), meanings)
    book.head_pages(title, holds)
    entries.append(Entry(title, holds))
    if contents.review is not None:
        review_sheets.add_lists(book)
    readme.write_readme(first, contents, entries)


def _tables(contents: Contents) -> Iterator[tuple[Layout, Table, str]]:
    """Each sheet that is one table: how it is shown, its rows, and what it holds in words."""
    sources = Layout("sources", "Sources", print_to="figures", data=False)
    places = places_of(contents.sources, sources)
    facts = Layout("facts", "Facts", "C2", "source_id", places=places, named=True,
                   dress=marks.mark_unreviewed)  # fmt: skip
    figures = Layout("figures", "Figures", "C2", "source_id", places=places, named=True,
                     dress=marks.mark_unreviewed)  # fmt: skip
    checks = Layout("checks", "Checks", "I2", "same", dress=marks.mark_verdicts)
    by_actor = contents.totals(by=("donor", "recipient", "party"), freq="month")
    yield Layout("totals", "All totals"), by_actor, "Every sum by month, donor, recipient, party."
    donors = Layout("donors", "Donors by item", "D2", other="amount")
    yield donors, donors_by_item(contents.totals), "Who gave what: a row an item, a column a donor."
    yield facts, contents.facts, "What the figures report, each thing once. Yellow: not reviewed."
    yield (
        figures,
        contents.figures,
        "Every figure, its sentence and document. Yellow: not reviewed.",
    )
    balances = with_formulas(contents.balances, contents.facts, facts, checks)
    yield (
        checks,
        balances,
        "Stated totals beside the sums before them, live. Red: conflict; yellow: short or over.",
    )
    yield sources, contents.sources, "The documents."
    if contents.review is not None:
        yield from review_sheets.tables(contents.review, places)
    if contents.history is not None and len(contents.history):
        told = contents.history.assign(at=minutes(contents.history["at"]))
        decided = Layout("history", "History", "A2", "source_id", places=places)
        more = f" {contents.earlier:,} earlier ones: aidledger history." if contents.earlier else ""
        yield decided, told, f"Who decided what, when, and what that did to the totals.{more}"
    if contents.rates is not None:
        yield Layout("rates", "Rates"), contents.rates, "Exchange rates of one's own."


def _is_no_time(rows: pd.DataFrame) -> pd.Series[bool]:
    """Which rows are no durations."""
    return rows["dimension"].ne("time")


def _counted(sources: pd.DataFrame, outline: pd.DataFrame) -> pd.DataFrame:
    """The sources without their texts, each with its number of figures."""
    number = sources["source_id"].map(outline["source_id"].value_counts()).fillna(0)
    return sources.drop(columns="text", errors="ignore").assign(figures=number.astype("int64"))


def _codes(outline: pd.DataFrame) -> dict[str, str]:
    """The codes of the donors, recipients and parties, with their names."""
    held = {code for name in ACTORS for code in outline[name].dropna().unique()}
    return {code: actor_name(code) for code in sorted(held)}


def _dictionary(columns: list[tuple[str, Column]], codes: Mapping[str, str]) -> pd.DataFrame:
    """What every column means, sheet by sheet, and what the codes of actors stand for."""
    rows = [(sheet, column.name, column.means) for sheet, column in columns]
    rows += [(CODES, code, name) for code, name in codes.items()]
    return pd.DataFrame(rows, columns=["sheet", "column", "meaning"], dtype="str")


def _stamp(as_of: str | None) -> datetime:
    return datetime.fromisoformat(as_of).replace(tzinfo=None) if as_of else EPOCH

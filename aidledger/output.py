"""Figures and tables as lines of text (JSON lines, CSV, a table to read) or as a sheet of Excel's.

JSON lines and CSV are written as the rows come; a table waits for the last one.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypedDict

from ledger.figure import FIELDS, NOT_IN_CSV, NUMBERS, Figure, Source, to_record
from reports.files import replacing, target_of
from reports.risky import quoted
from reports.rounding import half_up

if TYPE_CHECKING:
    import pandas as pd

    from extractors.explain import Explanation
    from ledger.rows import Table


class _AsText(TypedDict):
    encoding: str
    errors: str
    newline: str


class Format(StrEnum):
    """How rows are written."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"
    xlsx = "xlsx"

    @classmethod
    def of(cls, path: Path | None) -> Format:
        """The format that a file's name asks for: a table where the name has no ending. Raises
        ValueError for an ending that none of them has."""
        suffix = path.suffix.lower() if path else ""
        if suffix not in ENDINGS:
            *others, last = filter(None, ENDINGS)
            known = f"{', '.join(others)} or {last}"
            raise ValueError(f"{path}: rows are written to names that end in {known}")
        return cls(ENDINGS[suffix])


ENDINGS = {".xlsx": "xlsx", ".csv": "csv", ".jsonl": "jsonl", ".txt": "table", "": "table"}
# How an output is opened: JSON can spell a lone surrogate, no file can hold one.
AS_TEXT: _AsText = {"encoding": "utf-8", "errors": "backslashreplace", "newline": ""}
_json = json.JSONEncoder(ensure_ascii=False).encode  # made once: json.dumps makes one a call
ABOUT = ("published", "title", "publisher", "url")  # what the line of a figure says of its source
CSV_FIELDS = (*(name for name in FIELDS if name not in NOT_IN_CSV), *ABOUT)
Described = Mapping[str, str | None]  # a source, by the names of ABOUT
WIDE = 2000  # columns of a table that does not go to a terminal
WORDS = {
    "about": "about {}",
    "at_least": "at least {}",
    "more_than": "more than {}",
    "at_most": "up to {}",
    "less_than": "less than {}",
    "vague": "{} or more",
}


@contextmanager
def opened(path: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that takes its name once it is whole (:mod:`reports.files`).

    Until then a file of that name stays as it was, so it may be the very one that is being read.
    Raises OSError where the file cannot be written.
    """
    if path is None:
        yield sys.stdout
        sys.stdout.flush()
        return
    with replacing(path) as file, TextIOWrapper(file, **AS_TEXT) as text:
        yield text


def write_figures(
    figures: Iterable[Figure],
    sources: Mapping[str, Described],
    form: Format,
    out: TextIO,
    *,
    sentences: bool = False,
) -> None:
    """Write the figures as JSON lines, with every field of the record and :data:`ABOUT`, as CSV,
    with :data:`CSV_FIELDS`, or as a table, if asked for with their ``sentences``. ``sources`` says
    by id what each source is."""
    if form is Format.table:
        write_figure_table(figures, out, ids=True, sentences=sentences)
    else:
        rows = (_with_source(figure, sources[figure.source_id]) for figure in figures)
        write_rows(CSV_FIELDS, rows, form, out)


def save_figures(
    figures: Iterable[Figure],
    sources: Mapping[str, Described],
    form: Format,
    output: Path | None,
    *,
    sentences: bool = False,
) -> None:
    """Write the figures as :func:`write_figures` does, to a file or to standard output; a sheet of
    Excel's has the columns of CSV."""
    if form is Format.xlsx:
        rows = (_with_source(figure, sources[figure.source_id]) for figure in figures)
        _save_sheet(
            CSV_FIELDS, ([row[name] for name in CSV_FIELDS] for row in rows), output, NUMBERS
        )
    else:
        with opened(output) as out:
            write_figures(figures, sources, form, out, sentences=sentences)


def tell_written(output: Path | None) -> None:
    """Say which file was written; of a device or a pipe nothing, which may be what is read."""
    if output is not None and target_of(output).is_replaced:
        print(f"wrote {output}")


def write_figure_table(
    figures: Iterable[Figure], out: TextIO, *, ids: bool = False, sentences: bool = False
) -> None:
    """Write the chief fields of the figures as a table: ``ids`` after the figure's id, and then
    with the source even where all have one; ``sentences`` before the sentence of each."""
    rows = [
        [figure.figure_id, *figure_row(figure), cell(" ".join(figure.sentence.split()))]
        for figure in figures
    ]
    columns = ("figure_id", *FIGURE_COLUMNS, "sentence")
    one_source = not ids and len({row[-2] for row in rows}) == 1  # then its column says nothing
    shown = slice(not ids, len(columns) - 1 - one_source)
    kept = range(len(columns))[shown]
    places = [*kept, *([len(columns) - 1] if sentences else [])]
    _write_table([columns[i] for i in places], ([row[i] for i in places] for row in rows), out)


def described(source: Source) -> Described:
    """What the lines of a source's figures say of it."""
    return {name: getattr(source, name) for name in ABOUT}


def _with_source(figure: Figure, about: Described) -> dict[str, Any]:
    return to_record(figure) | {name: about[name] for name in ABOUT}


def write_table(
    table: Table,
    form: Format | None,
    output: Path | None,
    *,
    chief: Sequence[str] = (),
    sort: str | None = None,
    first: int | None = None,
) -> None:
    """Writes a table to a file, or where standard output goes: in the form that is asked for, else
    that of the file's name, and says so. With ``sort`` the largest of a column come first, and what
    is not known last; ``first`` leaves so many rows. The rest is as for :func:`write_frame`. Raises
    LedgerError for a column that there is not."""
    if sort or first:
        table = ordered(table, sort, first)
    form = form or Format.of(output)
    if form is Format.xlsx:
        from ledger.rows import Rows, records

        rows = Rows.of(table)
        columns = [str(name) for name in rows.empty.columns]
        numbers = {str(name) for name in rows.empty.select_dtypes("number").columns}
        _save_sheet(columns, records(rows.portions(), columns), output, numbers)
    else:
        with opened(output) as out:
            write_frame(table, form, out, chief=chief)
    tell_written(output)


def _save_sheet(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    output: Path | None,
    numbers: Collection[str],
) -> None:
    from aidledger.spreadsheet import write_sheet

    if output is None:
        raise ValueError("a sheet of Excel's goes into a file")
    write_sheet(columns, rows, output, numbers)


def ordered(table: Table, sort: str | None = None, first: int | None = None) -> pd.DataFrame:
    """The rows, the largest of a column before the others, and so many of the first. Raises
    LedgerError for a column that there is not."""
    from ledger.errors import LedgerError
    from ledger.queries.near import unknown
    from ledger.rows import Rows

    frame = Rows.of(table).frame()
    if sort and sort not in frame.columns:
        raise LedgerError(unknown("column", sort, map(str, frame.columns)))
    ordered = frame.sort_values(sort, ascending=False, kind="stable") if sort else frame
    return ordered.head(first or len(ordered))


def write_frame(table: Table, form: Format, out: TextIO, *, chief: Sequence[str] = ()) -> None:
    """Write the rows of a frame: dates as ISO text, missing values as null or nothing.

    A table shows the ``chief`` columns, as far as they hold anything, where they are named.
    """
    from ledger.rows import Rows, records

    rows = Rows.of(table)
    if form is Format.table:
        _write_shown(rows.frame(chief or None), chief, out)
        return
    columns = [str(name) for name in rows.empty.columns]
    held = records(rows.portions(), columns)
    plain = (dict(zip(columns, map(_plain, row), strict=True)) for row in held)
    write_rows(columns, plain, form, out)


def _write_shown(frame: pd.DataFrame, chief: Sequence[str], out: TextIO) -> None:
    from ledger.rows import records

    if chief:
        frame = frame[[name for name in chief if frame.empty or frame[name].notna().any()]]
    columns = [str(name) for name in frame.columns]
    numbers = {str(name) for name in frame.select_dtypes("number").columns}
    rows = records([frame], columns)
    _write_table(columns, ([cell(_plain(value)) for value in row] for row in rows), out, numbers)


def write_explanations(explanations: Iterable[Explanation], out: TextIO) -> None:
    """Write each figure with the rule and the words behind every field that has a value, and how
    sure the reader was of it."""
    for explanation in explanations:
        figure = explanation.figure
        out.write(f"{' '.join(figure.text.split())}: {quantity(figure)}, by {figure.rule}\n")
        for reason in explanation.reasons:
            cue = f': "{reason.cue}"' if reason.cue else ""
            sure = f" ({reason.sure})" if reason.sure else ""
            out.write(f"  {reason.field:12} {reason.value:24} {reason.rule}{cue}{sure}\n")


def write_rows(
    columns: Sequence[str], rows: Iterable[Mapping[str, Any]], form: Format, out: TextIO
) -> None:
    """Write mappings as whole JSON lines, or their ``columns`` as CSV, each as soon as it comes."""
    if form is Format.jsonl:
        for row in rows:
            out.write(_json(row) + "\n")
        return
    writer = csv.writer(_EndingInLf(out), lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(
            [row[name] if name in NUMBERS else _csv_cell(row[name]) for name in columns]
        )


@dataclass(frozen=True, slots=True)
class _EndingInLf:
    """Where a CSV writer writes that ends its lines in CR LF: so it sets a cell with either of them
    in double quotes, and no cell is taken for two lines. The file has LF."""

    out: TextIO

    def write(self, line: str) -> int:
        return self.out.write(line.removesuffix("\r\n") + "\n")


def figure_lines(source: Source, figures: Iterable[Figure], form: Format) -> str:
    """The figures of a source as JSON lines, or as the rows of CSV below :func:`head_line`."""
    written, about = StringIO(), described(source)
    write_rows(CSV_FIELDS, (_with_source(figure, about) for figure in figures), form, written)
    return written.getvalue().removeprefix(head_line(form))


def head_line(form: Format) -> str:
    """The line with the names of the columns: CSV has one."""
    return ",".join(CSV_FIELDS) + "\n" if form is Format.csv else ""


def _csv_cell(value: object) -> object:
    """The value as CSV holds it; a text that a spreadsheet would work out is quoted."""
    if isinstance(value, list | dict):
        return json.dumps(value)
    return quoted(value) if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    """A value of a frame as JSON has it: None for missing, ISO dates, whole numbers as int."""
    if value is None or value != value:
        return None
    if hasattr(value, "isoformat"):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


FIGURE_COLUMNS = ("figure", "quantity", "item", "who", "status", "basis", "date", "source")


def figure_row(figure: Figure) -> list[str]:
    """One line to read: the words, the quantity, whose it is, what became of it, when, where."""
    who = figure.party
    if figure.donor or figure.recipient:
        who = f"{figure.donor or '?'} to {figure.recipient or '?'}"
    source = figure.source_id
    return [
        " ".join(figure.text.split()),
        quantity(figure),
        cell(figure.item),
        cell(who),
        cell(figure.status),
        cell(figure.basis),
        cell(figure.date),
        short(source),
    ]


def short(source_id: str) -> str:
    """The id of a source as a table has it: of a hash its first digits."""
    return source_id[:12] if len(source_id) == 64 else source_id


def quantity(figure: Figure) -> str:
    """A figure's number with its qualifier and unit: ``up to 580``, ``20,000-30,000 EUR``."""
    if figure.value is None:
        number = f"{cell(figure.low)}-{cell(figure.high)}"
    else:
        number = WORDS.get(figure.qualifier, "{}").format(cell(figure.value))
    unit = "" if figure.unit == "count" else f" {figure.unit}"
    return f"{number}{unit}" + (f" per {figure.per}" if figure.per else "")


def counted(number: int, noun: str) -> str:
    """``1 document``, ``1,200 documents``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def cell(value: object) -> str:
    """A value as a reader has it: digits in groups, cents of large numbers, four decimals of
    others, four digits below 1, nothing for unknown."""
    if value is None:
        return ""
    if isinstance(value, float) and abs(value) >= 1000:
        return half_up(value, 2)
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{Decimal(f'{value:.4g}'):f}" if 0 < abs(value) < 1 else f"{round(value, 4):,}"
    return str(value)


def _write_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    out: TextIO,
    numbers: Collection[str] = (),
) -> None:
    """A table as wide as the terminal, or as its longest cells where it goes to a file.

    The columns of ``numbers`` are set to the right.
    """
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, overflow="fold", justify="right" if name in numbers else "left")
    for row in rows:
        table.add_row(*row)
    width = None if out.isatty() else WIDE
    Console(file=out, width=width, markup=False, highlight=False, emoji=False).print(table)

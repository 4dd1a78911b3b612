"""Tables of texts (csv, tsv and xlsx): every row a document.

The first row that is not empty names the columns. They are known by the names that metadata has
everywhere (:data:`extractors.readers.metadata.KEYS`) or by those that ``reading.columns`` gives.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import BinaryIO

from extractors.readers.formats import contents as contents_of
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.encoding import decoded_lines
from extractors.readers.formats.own import OUTPUT, are_own
from extractors.readers.metadata import KEYS, Metadata, metadata_of, plain_key
from extractors.readers.problem import Problem, attempt, one_line

WORKBOOK = (b"PK", b"\xd0\xcf")  # how an xlsx begins, and one with a password or of old
DELIMITERS = ",;\t|"
DELIMITER_LINE = re.compile(r"\ufeff?sep=(.)\r?\n?$")  # Excel's way to say it above the header
HEADER_LIMIT = 10_000  # characters of the header from which the delimiter is found out
# Characters of a cell: where a quote is never closed, the rest of the file is one cell.
CELL_LIMIT = 20_000_000
RETURN_ALONE = re.compile(r"(?<=\r)(?!\n)")
NAMES_SHOWN, NAME_SHOWN = 12, 40  # columns that an error names, and characters of a name
FIELDS = {"id": "source_id"}  # what the names of fields in ``reading.columns`` are in Metadata

Row = list[str] | ValueError
"""The cells of a row, or why they cannot be read."""


class NoTextsError(ValueError):
    """A table that is sound and not one of texts, or not by the columns that are named."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold what: the names of all, and the places of those that are read.

    ``text`` are the columns of the text, in order; ``given`` those of other fields by the map.
    """

    names: tuple[str, ...]
    text: tuple[int, ...]
    given: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows below the header, each with its number as a spreadsheet counts them."""

    columns: Columns
    rows: Iterator[tuple[int, Row]]


def contents(file: BinaryIO, reading: ReadOptions) -> Iterator[Content | Problem]:
    """The documents of a table; ``place`` is the row. Memory does not grow with a csv.

    A row without a text, or with more cells than the header, is a problem; an empty one is none.
    Raises ValueError for what is no table, and where a column is missing.
    """
    if is_workbook(file):
        yield from contents_of(".xlsx", file, reading)
    else:
        yield from _documents(_table(csv_rows(file), reading.columns), "")


def is_workbook(file: BinaryIO) -> bool:
    """Whether a table is none of characters, whatever its name says."""
    start = file.read(2)
    file.seek(0)
    return start in WORKBOOK


def documents_of_sheets(
    sheets: Sequence[tuple[str, Iterator[Row]]], wanted: Mapping[str, str]
) -> Iterator[Content | Problem]:
    """The documents of every sheet with a column of texts; the other sheets are remarks."""
    others: list[Problem] = []
    for name, rows in sheets:
        place = f"sheet {one_line(name)}" if len(sheets) > 1 else ""
        try:
            table = _table(rows, wanted)
        except ValueError as error:
            others.append(Problem(place, str(error), lost=not isinstance(error, NoTextsError)))
        else:
            yield from _documents(table, f"{place}, " if place else "")
    if len(others) == len(sheets):
        causes = [other.cause for other in others]
        raise ValueError(OUTPUT if OUTPUT in causes else causes[0])
    yield from others


def _table(rows: Iterator[Row], wanted: Mapping[str, str]) -> Table:
    """The table below its header. Raises ValueError where it has none, or no column of texts."""
    numbered = enumerate(rows, start=1)
    for _, row in numbered:
        if isinstance(row, ValueError):
            raise row
        if any(row):
            return Table(_columns([cell.strip() for cell in row], wanted), numbered)
    raise NoTextsError("an empty table")


def _columns(names: Sequence[str], wanted: Mapping[str, str]) -> Columns:
    """Raises NoTextsError where a column that is wanted, or any of texts, is not there."""
    given = {
        FIELDS.get(field, field): _place(name, names)
        for field, name in wanted.items()
        if field != "text"
    }
    if "text" in wanted:
        parts = [wanted["text"]] if wanted["text"] in names else wanted["text"].split(",")
        text = tuple(_place(part.strip(), names) for part in parts)
    else:
        if are_own(names):
            raise NoTextsError(OUTPUT)
        keys = [plain_key(name) for name in names]
        text = tuple(keys.index(key) for key in KEYS["text"] if key in keys)[:1]
    if not text:
        raise NoTextsError(
            f'no column of texts, such as "text" or "body" ({_shown(names)}); a table of figures '
            "comes into a ledger by a mapping (--mapping)"
        )
    return Columns(tuple(names), text, given)


def _place(name: str, names: Sequence[str]) -> int:
    if name not in names:
        raise NoTextsError(f'no column "{name}" ({_shown(names)})')
    return names.index(name)


def _shown(names: Sequence[str]) -> str:
    shown = [one_line(name[:NAME_SHOWN]) for name in names if name]
    more = [f"and {len(shown) - NAMES_SHOWN} more"] if len(shown) > NAMES_SHOWN else []
    return "its columns: " + " | ".join([*shown[:NAMES_SHOWN], *more])


def _documents(table: Table, sheet: str) -> Iterator[Content | Problem]:
    for number, row in table.rows:
        place = f"{sheet}row {number}"
        if isinstance(row, ValueError):
            yield Problem(place, str(row))
        elif any(cell.strip() for cell in row):
            yield attempt(place, _document, row, table.columns, place)


def _document(row: Sequence[str], columns: Columns, place: str) -> Content:
    """Raises ValueError for a row without a text."""
    text = "\n\n".join(filter(None, (_cell(row, k) for k in columns.text)))
    if not text:
        raise ValueError("no text")
    return Content(text, _metadata(row, columns), place)


def _cell(row: Sequence[str], place: int) -> str:
    cell = row[place] if place < len(row) else ""
    return cell.strip().replace("\r\n", "\n").replace("\r", "\n")


def _metadata(row: Sequence[str], columns: Columns) -> Metadata:
    """What the row says: in the columns that the map gives, and else under the usual names."""
    stated = metadata_of(dict(zip(columns.names, row, strict=False)))
    if not columns.given:
        return stated
    given = metadata_of({field: _cell(row, place) for field, place in columns.given.items()})
    if "published" in columns.given:
        stated = replace(stated, unread_date=given.unread_date)
    return replace(stated, **{field: getattr(given, field) for field in columns.given})


class _Lines:
    """The lines of a file, and whether they have ended."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.ended = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines, None)
        self.ended = line is None
        if line is None:
            raise StopIteration
        return line


def csv_rows(file: BinaryIO) -> Iterator[Row]:
    """The rows of a csv, whose delimiter is the one that parts the header into most columns."""
    csv.field_size_limit(CELL_LIMIT)
    text = _line_ends(decoded_lines(file))
    header = next(text, "")
    said = DELIMITER_LINE.match(header)
    delimiter = said[1] if said else _delimiter(header)
    lines = _Lines(text if said else chain([header], text))
    rows = csv.reader(lines, delimiter=delimiter)
    width = 0
    while True:
        try:
            row = next(rows, None)
        except csv.Error:
            yield ValueError(f"a cell of more than {CELL_LIMIT:,} characters, or an open quote")
            continue
        if row is None:
            return
        width = width or (len(row) if any(row) else 0)
        if lines.ended:  # it was asked for more within the row
            yield ValueError("a quote that is never closed: the rows from here on are not read")
        elif any(row[width:]):
            yield ValueError(f"has {len(row)} cells and the header {width}: are quotes missing?")
        else:
            yield row


def _line_ends(lines: Iterator[str]) -> Iterator[str]:
    """The lines, also those that end with a carriage return alone, as old spreadsheets write."""
    try:
        for line in lines:
            if line.find("\r", 0, -2) < 0:
                yield line
            else:
                yield from RETURN_ALONE.split(line)
    except UnicodeDecodeError as error:
        raise ValueError(f"broken {error.encoding.upper()}") from error


def _delimiter(header: str) -> str:
    head = header[:HEADER_LIMIT]
    return max(DELIMITERS, key=lambda sign: len(next(csv.reader([head], delimiter=sign), [])))

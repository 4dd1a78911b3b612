"""The sheets of an xlsx workbook, row by row, as text or as the values that it holds.

A part of the workbook is unpacked when it is read for the first time, and looked over before: the
other sheets of a large workbook cost nothing.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import IO, Any, BinaryIO, Literal
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

from openpyxl.cell.cell import ERROR_CODES
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHEET_MAIN_NS

from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.tables import texts_in_tables
from extractors.readers.formats.unzipping import check_sizes, pieces, unlocked_zip
from extractors.readers.problem import Problem

ROW_LIMIT = 1_048_576  # the rows that a sheet can have; a file may claim any number
# openpyxl streams the rows: it keeps some 400 bytes for each element within a row until that ends,
# 100 bytes for each row. An element costs about 20 microseconds.
ELEMENT_LIMIT = 1_500_000  # elements beside the contents of rows, and of a document in all
ROW_ELEMENT_LIMIT = 200_000  # of one row, which has 16,384 cells at most
FREED = tuple(f"{SHEET_MAIN_NS}}}{name}" for name in ("row", "si"))  # rows, and shared texts
# What is no sheet it reads whole into objects: 500 bytes and 14 microseconds for a style of 5.
PART_LIMIT = 5_000_000  # bytes of such a part: styles, names
STRETCH_LIMIT = 1_000_000  # bytes of one tag or text; a cell of Excel's holds 32,767 characters
AT_ONCE = 100  # rows read before the next are asked for
RETURN = "_x000D_"  # how the file spells a carriage return

Cells = list[str] | ValueError
Values = tuple[Any, ...] | ValueError
"""The cells of a row from the first column on; a ValueError says why the sheet ends there."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook: its name, whether it shows, and where it lies in the file."""

    title: str
    shows: bool
    part: str


class WorkbookError(ValueError):
    """Why a workbook is not read, in one line."""


class Book:
    """A workbook that is read within bounds.

    ``elements`` is how many it may hold in the sheets that are read. Raises WorkbookError for what
    is no workbook, one with a password, and a bomb.
    """

    def __init__(self, file: BinaryIO, *, elements: int | None = None) -> None:
        try:
            parts = _Parts(file, elements)
        except ValueError as error:
            raise WorkbookError(str(error)) from error
        self._reader = _opened(file, parts)
        self.sheets = tuple(_sheets(self._reader))

    def rows(self, sheet: Sheet) -> Iterator[Values]:
        """The rows of a sheet, as many as it has: numbers, texts, dates, None for empty."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                held = ReadOnlyWorksheet(
                    self._reader.wb, sheet.title, sheet.part, self._reader.shared_strings
                )
        except WorkbookError as error:
            yield error
        except Exception as error:  # a library's trouble with a sheet is the sheet's fault
            yield WorkbookError(f"broken ({type(error).__name__})")
        else:
            yield from _rows(held)


def contents(file: BinaryIO, reading: ReadOptions) -> Iterator[Content | Problem]:
    """The documents of a workbook's sheets, as
    :func:`extractors.readers.formats.tables.texts_in_tables.contents`."""
    if texts_in_tables.is_workbook(file):
        yield from texts_in_tables.documents_of_sheets(list(sheets_of(file)), reading.columns)
    else:
        yield from texts_in_tables.contents(file, reading)


def sheets_of(file: BinaryIO) -> Iterator[tuple[str, Iterator[Cells]]]:
    """The visible sheets with their names; a row that is a ValueError says why they end there.

    Dates are ISO, whole numbers have no point, and what Excel shows as an error is empty.
    Raises ValueError for what is no workbook, one with a password, and a bomb.
    """
    book = Book(file, elements=ELEMENT_LIMIT)
    visible = [sheet for sheet in book.sheets if sheet.shows]
    if not visible:
        raise ValueError("a workbook without a sheet that shows")
    for sheet in visible:
        yield sheet.title, map(_texts, book.rows(sheet))


class _Parts(ZipFile):
    """The parts of a workbook; each is unpacked once, in pieces, and counted before it is read."""

    def __init__(self, file: BinaryIO, elements: int | None) -> None:
        self._unread = unlocked_zip(file)
        self._opened: dict[str, ZipInfo] = {}
        self._left = elements
        super().__init__(file)

    def open(
        self,
        name: str | ZipInfo,
        mode: Literal["r", "w"] = "r",
        pwd: bytes | None = None,
        *,
        force_zip64: bool = False,
    ) -> IO[bytes]:
        entry = name if isinstance(name, ZipInfo) else self.getinfo(name)
        if entry.filename not in self._opened:
            self._opened[entry.filename] = entry
            self._look_over(entry)
        return super().open(entry, mode, pwd, force_zip64=force_zip64)

    def read(self, name: str | ZipInfo, pwd: bytes | None = None) -> bytes:
        entry = name if isinstance(name, ZipInfo) else self.getinfo(name)
        if entry.file_size > PART_LIMIT:
            raise WorkbookError(f"a workbook of more than {PART_LIMIT:,} bytes of styles or names")
        return super().read(entry, pwd)

    def _look_over(self, entry: ZipInfo) -> None:
        try:
            check_sizes(self._opened.values())
            elements = _counted(pieces(self._unread, entry), self._left)
        except ValueError as error:
            raise WorkbookError(str(error)) from error
        if self._left is not None:
            self._left -= elements


def _counted(xml: Iterable[bytes], limit: int | None) -> int:
    """How many elements are in a part. Raises ValueError where reading it would fill the memory.

    That is not the place to complain of broken XML: who reads it meets the same.
    """
    counter = _Counter(limit)
    unbroken, stretch = True, 0
    for piece in xml:
        if stretch + (piece.find(b"<") if b"<" in piece else len(piece)) > STRETCH_LIMIT:
            raise ValueError(f"a workbook with a text of more than {STRETCH_LIMIT:,} bytes")
        stretch = len(piece) - piece.rfind(b"<") if b"<" in piece else stretch + len(piece)
        unbroken = unbroken and counter.feed(piece)
    return counter.total


class _Counter:
    """Counts the elements of XML, and those that are held at once."""

    def __init__(self, limit: int | None) -> None:
        self.total = 0
        self._limit = limit
        self._kept = 0
        self._in_row = 0
        self._rows = 0  # that are open
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._declare

    def feed(self, piece: bytes) -> bool:
        """Whether the XML is sound so far. Raises ValueError for too many elements."""
        try:
            self._parser.Parse(piece)
        except expat.ExpatError:
            return False
        return True

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.total += 1
        if self._rows:
            self._in_row += 1
        else:
            self._kept += 1
        self._rows += name in FREED
        if self._in_row > ROW_ELEMENT_LIMIT:
            raise ValueError(f"a row of more than {ROW_ELEMENT_LIMIT:,} elements")
        if self._kept > ELEMENT_LIMIT or (self._limit is not None and self.total > self._limit):
            raise ValueError(f"a workbook of more than {ELEMENT_LIMIT:,} elements: save it as csv")

    def _end(self, name: str) -> None:
        if name in FREED:
            self._rows -= 1
            self._in_row *= self._rows > 0

    def _declare(self, *of_the_type: object) -> None:
        raise ValueError("a workbook that declares entities")


def _opened(file: BinaryIO, parts: _Parts) -> ExcelReader:
    """openpyxl's reader of the workbook, which has read all but the sheets."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a workbook has beside its cells is not read
        try:
            reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
            reader.archive = parts
            reader.read_manifest()
            reader.read_strings()
            reader.read_workbook()
            apply_stylesheet(parts, reader.wb)
        except WorkbookError:
            raise
        except Exception as error:  # a library's trouble with a workbook is the workbook's fault
            raise WorkbookError(f"a broken workbook ({type(error).__name__})") from error
    return reader


def _sheets(reader: ExcelReader) -> Iterator[Sheet]:
    """The sheets of cells, without those that are one chart. Raises WorkbookError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            for sheet, relation in reader.parser.find_sheets():
                if relation.target in reader.valid_files and "chartsheet" not in relation.Type:
                    yield Sheet(sheet.name, sheet.state == "visible", relation.target)
        except WorkbookError:
            raise
        except Exception as error:
            raise WorkbookError(f"a broken workbook ({type(error).__name__})") from error


def _rows(sheet: Any) -> Iterator[Values]:
    sheet.reset_dimensions()  # what the file claims of its size may be false
    rows = sheet.iter_rows(max_row=ROW_LIMIT, values_only=True)
    ended = False
    while not ended:
        some: list[Values] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a date out of range, and the like
            try:
                some.extend(islice(rows, AT_ONCE))
                ended = len(some) < AT_ONCE
            except Exception as error:  # those before it are in the list
                some.append(ValueError(f"broken from here on ({type(error).__name__})"))
                ended = True
        yield from some


def _texts(row: Values) -> Cells:
    return row if isinstance(row, ValueError) else [_text(value) for value in row]


def _text(value: object) -> str:
    """A cell as it would stand in a csv."""
    if value is None or value in ERROR_CODES:
        return ""
    if isinstance(value, datetime):
        midnight = not (value.hour or value.minute or value.second or value.microsecond)
        return (value.date() if midnight else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace(RETURN, "")

"""The sheets of an xlsx workbook, row by row, as text."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, BinaryIO
from zipfile import ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.reader.excel import ExcelReader

from extractors.formats.unzipping import declared_zip, pieces

ROW_LIMIT = 1_048_576  # the rows that a sheet can have; a file may claim any number
# openpyxl streams the cells but keeps some 300 bytes for each until its row ends, and an empty
# element for each row; a text, even in few rows, costs about 20 microseconds.
TAG_LIMIT = 3_000_000  # in the whole workbook
# What is no sheet it reads whole into objects: 500 bytes and 14 microseconds for a style of 5.
PART_LIMIT = 5_000_000  # bytes of such a part: styles, names, properties
AT_ONCE = 100  # rows read before the next are asked for
RETURN = "_x000D_"  # how the file spells a carriage return

Cells = list[str] | ValueError


def sheets_of(file: BinaryIO) -> Iterator[tuple[str, Iterator[Cells]]]:
    """The visible sheets with their names; a row that is a ValueError says why they end there.

    Dates are ISO, whole numbers have no point, and what Excel shows as an error is empty.
    Raises ValueError for what is no workbook, one with a password, and a bomb.
    """
    _check(file)
    workbook = _opened(file)
    visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise ValueError("a workbook without a sheet that shows")
    for sheet in visible:
        yield sheet.title, _rows(sheet)


def _check(file: BinaryIO) -> None:
    """Raises ValueError where the workbook cannot be unpacked or read within bounds."""
    archive = declared_zip(file)
    tags = 0
    for entry in archive.infolist():
        for piece in pieces(archive, entry):
            tags += piece.count(b"<")
        if tags > TAG_LIMIT:
            raise ValueError(f"a workbook of more than {TAG_LIMIT:,} tags: save it as csv")
    file.seek(0)


class _LargePartError(Exception):
    """Not a ValueError: the library would give such a one a message of its own."""


class _Parts(ZipFile):
    """The parts of a workbook, of which only small ones are read whole."""

    def read(self, name: str | ZipInfo, pwd: bytes | None = None) -> bytes:
        entry = name if isinstance(name, ZipInfo) else self.getinfo(name)
        if entry.file_size > PART_LIMIT:
            raise _LargePartError(f"more than {PART_LIMIT:,} bytes of styles or names")
        return super().read(name, pwd)


def _opened(file: BinaryIO) -> Workbook:
    reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
    reader.archive = _Parts(file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a sheet has beside its cells is not read
        try:
            reader.read()
        except _LargePartError as error:
            raise ValueError(f"a workbook with {error}") from error
        except Exception as error:  # a library's trouble with a workbook is the workbook's fault
            raise ValueError(f"a broken workbook ({type(error).__name__})") from error
    return reader.wb


def _rows(sheet: Any) -> Iterator[Cells]:
    sheet.reset_dimensions()  # what the file claims of its size may be false
    rows = sheet.iter_rows(max_row=ROW_LIMIT, values_only=True)
    ended = False
    while not ended:
        some: list[Cells] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a date out of range, and the like
            try:
                some.extend([_text(value) for value in row] for row in islice(rows, AT_ONCE))
                ended = len(some) < AT_ONCE
            except Exception as error:  # those before it are in the list
                some.append(ValueError(f"broken from here on ({type(error).__name__})"))
                ended = True
        yield from some


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

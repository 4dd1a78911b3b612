"""A sheet written from the top down: its rows go to a temporary file, line by line."""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break

from reports.workbook.cells import LINK_LIMIT, Cell, Cells, Link

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_IN_MEMORY = 1 << 20  # bytes of rows that stay off the disk
_BLOCK = 1 << 16
_LINE, _SECTION, _HEAD = 13.0, 20.0, 30.0  # heights in points
_PAGE_WIDTH, _PAGE_HEIGHT = 140, 482  # characters and points on an A4 page on its side
_MEASURED = 200  # rows, more than a page holds
_LETTERS = [get_column_letter(number) for number in range(1, 16_385)]


def page_height(width: float) -> float:
    """The points of height that fit on paper, where a sheet is shrunk to the page's width."""
    return _PAGE_HEIGHT * max(width / _PAGE_WIDTH, 1)


class Lines:
    """The rows of one sheet, and the number of the next."""

    def __init__(self, sheet: Worksheet, page: float = 500) -> None:
        self.sheet = sheet
        sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = _LINE, True
        self._page, self._used = page, 0.0  # points of a sheet of paper, and of them written on
        self._heights: list[float] = []  # of the first rows, one below the other
        self.cells = Cells(sheet)
        self.places: list[str] = []  # links within the workbook, as XML
        self.urls: list[Hyperlink] = []
        self.next = 1
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  closed by xml()

    def row(self, cells: Iterable[Cell | None], height: float | None = None) -> int:
        """Append one row, of a height in points or else of one line; returns its number."""
        number = self.next
        height = (
            height or _LINE
        )  # said of every row: programs that know no Arial guess a taller one
        parts = [f'<row r="{number}" ht="{height:g}" customHeight="1">']
        for letter, cell in zip(_LETTERS, cells, strict=False):
            if cell is None:
                continue
            if isinstance(cell, Link):
                cell = self._linked(cell, f"{letter}{number}")
            parts.append(f'<c r="{letter}{number}"{cell}')
        parts.append("</row>")
        self._file.write("".join(parts).encode())
        self._used += height
        if len(self._heights) < _MEASURED:
            self._heights.append(height + (self._heights[-1] if self._heights else 0))
        self.next += 1
        return number

    def _linked(self, cell: Link, reference: str) -> str:
        """The cell of a link, which is plain text past Excel's limit."""
        if len(self.places) + len(self.urls) < LINK_LIMIT:
            if cell.place is None:
                self.urls.append(Hyperlink(ref=reference, target=cell.url))
            else:
                self.places.append(
                    f'<hyperlink ref="{reference}" location={quoteattr(cell.place)}/>'
                )
        return cell.inside

    def text(self, text: str, style: str = "text", height: float | None = None) -> int:
        """A row with one text in column A."""
        return self.row([self.cells.text(text, style)], height)

    def blank(self, rows: int = 1) -> None:
        """Rows without anything."""
        self._used += rows * _LINE
        self.next += rows

    def keep(self, rows: int) -> None:
        """A section with a table of so many rows follows: it begins a new sheet of paper if it does
        not fit on this one, of which half is written on."""
        used = self._used % self._page
        if used > self._page / 2 and used + _SECTION + _HEAD + rows * _LINE > self._page:
            self.sheet.row_breaks.append(Break(id=self.next - 1))
            self._used = 0.0

    def section(self, text: str, columns: int) -> int:
        """A heading with a rule across its columns."""
        words = [text, *([""] * (columns - 1))]
        return self.row([self.cells.text(word, "section") for word in words], _SECTION)

    def head(self, names: Sequence[str], right: Sequence[bool], height: float = _HEAD) -> int:
        """The header row of a small table; ``right`` says which columns hold numbers."""
        styles = ("head", "head right")
        return self.row(
            [self.cells.text(name, styles[flag]) for name, flag in zip(names, right, strict=True)],
            height,
        )

    def fitting(self, width: float) -> int:
        """How many of the first rows fit on one sheet of paper that so many characters fill."""
        return bisect_right(self._heights, page_height(width))

    def xml(self) -> Iterator[bytes]:
        """The rows as XML, block by block; the sheet can be read once."""
        self._file.seek(0)
        while block := self._file.read(_BLOCK):
            yield block
        self._file.close()

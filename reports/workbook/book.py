"""The book under construction: sheets to read and to print, each with its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from reports.telling import Progress
from reports.workbook.lines import Lines, page_height
from reports.workbook.styles import add_styles

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

TITLE_LIMIT = 31
_HEADED = 100  # letters on one side above a page
_A4 = 9  # the format's number for the paper
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def sheet_title(wanted: str, taken: Sequence[str] = ()) -> str:
    """A sheet name that Excel accepts: 31 characters, none of ``[]:*?/\\``, not yet taken.

    >>> sheet_title("Who gave what?", ["Figures"])
    'Who gave what'
    """
    clean = " ".join(wanted.translate(_FORBIDDEN).split()).strip("'")[:TITLE_LIMIT] or "Sheet"
    lower = {title.lower() for title in taken}
    title, number = clean, 2
    while title.lower() in lower:
        tail = f" {number}"
        title, number = clean[: TITLE_LIMIT - len(tail)] + tail, number + 1
    return title


def place(sheet_name: str, cell: str) -> str:
    """The cell as other cells refer to it: ``'Totals over time'!A5``."""
    quoted = sheet_name.replace("'", "''")
    return f"'{quoted}'!{cell}"


@dataclass
class Book:
    """A workbook of openpyxl's, and the rows of its sheets by title.

    ``progress`` is told, of each table, the sheet and how many of how many rows are written.
    """

    workbook: Workbook
    lines: dict[str, Lines] = field(default_factory=dict)
    progress: Progress | None = None

    def sheet(self, name: str, widths: Sequence[float], freeze: str | None = None) -> Lines:
        """A new sheet set up for the screen and for landscape print, one page wide."""
        sheet = self.workbook.create_sheet(sheet_title(name, self.workbook.sheetnames))
        for number, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.sheet_view.showGridLines = False
        sheet.freeze_panes = freeze
        _for_paper(sheet)
        self.lines[sheet.title] = Lines(sheet, page_height(sum(widths)))
        return self.lines[sheet.title]

    def head_pages(self, title: str, holds: str, only: str = "") -> None:
        """Say above every printed page of a sheet what it is, and what alone it is of."""
        header: Any = self.workbook[title].oddHeader
        header.left.text = f"&B{_literally(title)}&B  {_literally(holds)}"
        if only:
            header.right.text = _literally(f"Only: {only}")


def _literally(words: str) -> str:
    """Words as a header holds them, whose parts may have 255 characters together."""
    cut = words if len(words) <= _HEADED else f"{words[: _HEADED - 1]}…"
    return cut.replace("&", "&&")


def new_book() -> Book:
    """A book without sheets, its styles registered."""
    workbook = Workbook()
    for sheet in workbook.worksheets:
        workbook.remove(sheet)
    add_styles(workbook)
    return Book(workbook)


def _for_paper(sheet: Worksheet) -> None:
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom = 0.6, 0.7
    margins.header, margins.footer = 0.3, 0.35
    footer: Any = sheet.oddFooter
    footer.left.text, footer.right.text = "&A", "&P / &N"

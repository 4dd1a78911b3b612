"""A workbook file: rows streamed into it, and bytes that depend on its contents alone.

openpyxl writes everything but the rows. It stamps the hour of writing into the properties and into
every member of the zip; here both are fixed, so that two reports of one ledger are the same file
and versions can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from reports.workbook.lines import Lines

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip can hold
_NO_ROWS = re.compile(rb"<sheetData\s*/>|<sheetData>\s*</sheetData>")


def save(workbook: Workbook, lines: Mapping[str, Lines], file: BinaryIO, stamp: datetime) -> None:
    """Write the workbook with the rows of each sheet (by title), and ``stamp`` as its only date."""
    workbook.properties.created = workbook.properties.modified = stamp
    with FixedArchive(file, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        StreamingWriter(workbook, archive, lines).write_data()


class FixedArchive(ZipFile):
    """A zip file in which every member carries the same date."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *args: Any, **kwargs: Any) -> None:
        super().writestr(member(zinfo_or_arcname), data, *args, **kwargs)


def member(name: str | ZipInfo) -> ZipInfo:
    """A member of that name with the fixed date."""
    made = ZipInfo(name.filename if isinstance(name, ZipInfo) else name.lstrip("/"), ZIP_EPOCH)
    made.compress_type = ZIP_DEFLATED
    made.create_system = 0
    return made


class StreamingWriter(ExcelWriter):
    """openpyxl's writer, which takes each sheet's rows and links from its lines."""

    def __init__(self, workbook: Workbook, archive: ZipFile, lines: Mapping[str, Lines]) -> None:
        super().__init__(workbook, archive)
        self._zip = archive
        self._lines = lines

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts = ws._charts
        lines = self._lines[ws.title]
        writer: Any = RowlessWriter(ws, lines)
        writer.write()
        ws._rels = writer._rels
        frame = Path(writer.out).read_bytes()
        before, after = _NO_ROWS.split(frame, maxsplit=1)
        with self._zip.open(member(ws.path), "w", force_zip64=True) as place:
            place.write(before + b"<sheetData>")
            for block in lines.xml():
                place.write(block)
            place.write(b"</sheetData>" + _with_links(after, lines.places))
        self.manifest.append(ws)
        writer.cleanup()


class RowlessWriter(WorksheetWriter):
    """Writes what stands around the rows of a sheet."""

    def __init__(self, ws: Worksheet, lines: Lines) -> None:
        super().__init__(ws)
        ws._hyperlinks = lines.urls  # type: ignore[attr-defined]

    def write_dimensions(self) -> None:
        """openpyxl sees no rows and would say so; the element may be left out."""


def _with_links(after: bytes, places: list[str]) -> bytes:
    """What stands behind the rows of a sheet, with links within the workbook put in.

    openpyxl has written those to the web, if there are any; the element stands before the margins.
    """
    links = "".join(places).encode()
    if not links:
        return after
    if b"</hyperlinks>" in after:
        return after.replace(b"</hyperlinks>", links + b"</hyperlinks>", 1)
    whole = b"<hyperlinks>" + links + b"</hyperlinks><pageMargins"
    return after.replace(b"<pageMargins", whole, 1)

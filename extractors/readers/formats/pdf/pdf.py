"""Pdf: text in reading order without what repeats on its pages; title and date from its metadata.

Pages are read one at a time, and of each only its lines are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Lock
from typing import BinaryIO

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
from pypdfium2 import PdfDocument, PdfiumError

from extractors.mentions.written_dates import iso_date
from extractors.readers.formats.blocks import without_title
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.own import CHART, is_maker
from extractors.readers.formats.pdf.pdf_forms import check_forms
from extractors.readers.formats.pdf.pdf_lines import Page, lines_of, without_furniture
from extractors.readers.formats.pdf.pdf_runs import runs_of
from extractors.readers.formats.pdf.pdf_streams import check_streams
from extractors.readers.formats.pdf.pdf_text import text_of
from extractors.readers.metadata import Metadata
from extractors.readers.problem import Problem

# A long book has 1,500 pages and 5 million characters; a second reads 40 to 100 pages.
PAGE_LIMIT = 5_000
CHARACTER_LIMIT = 5_000_000
BYTE_LIMIT = 200_000_000
ONE_AT_A_TIME = Lock()  # the library is not safe between threads
HEADER = b"%PDF-"
HEAD = 1024  # bytes at the start within which the header may stand (as Acrobat has it)
LISTED = 10  # pages named in a remark
CREATION_DATE = re.compile(r"(?:D:)?(\d{4})(?:(\d{2})(?:(\d{2}))?)?")
# What programs write where the author has given no title.
NO_TITLE = re.compile(r"untitled|microsoft word - .*|.*\.(?:docx?|pdf|rtf|indd|qxd|odt)", re.I)
CAUSES = {
    pdfium.FPDF_ERR_PASSWORD: "a pdf with a password",
    pdfium.FPDF_ERR_SECURITY: "a pdf with a protection that is not known",
}


def contents(file: BinaryIO, reading: ReadOptions) -> Iterator[Content | Problem]:
    """The one document of a pdf, and a remark on its pages without text.

    Raises ValueError for a file that is no pdf, is broken, has a password, is too large or holds no
    text.
    """
    with ONE_AT_A_TIME:
        content, blank = _document(file)
    yield content
    if blank:
        yield Problem("", _without_text(blank), lost=False)


def _document(file: BinaryIO) -> tuple[Content, list[int]]:
    """The document, and the numbers of its pages that show something but no text."""
    document = _opened(file)
    try:
        if is_maker(document.get_metadata_value("Creator")):
            raise ValueError(CHART)
        pages, blank = _read(document)
        metadata = _metadata(document)
    except PdfiumError as error:
        raise ValueError("a broken pdf") from error
    finally:
        document.close()
    text = without_title(text_of(without_furniture(pages)), metadata.title)
    if not text:
        raise ValueError("holds no text (scanned pages?)")
    return Content(text, metadata), blank


def _opened(file: BinaryIO) -> PdfDocument:
    data = file.read(BYTE_LIMIT + 1)
    if not data:
        raise ValueError("an empty file")
    if HEADER not in data[:HEAD]:
        raise ValueError("not a pdf")
    if len(data) > BYTE_LIMIT:
        raise ValueError(f"a pdf of more than {BYTE_LIMIT:,} bytes")
    check_streams(data)
    check_forms(data)
    try:
        return PdfDocument(data)
    except PdfiumError as error:
        raise ValueError(CAUSES.get(error.err_code, "a truncated or broken pdf")) from error


def _read(document: PdfDocument) -> tuple[list[Page], list[int]]:
    """The lines of each page, and the numbers of the pages that show something but no text."""
    if len(document) > PAGE_LIMIT:
        raise ValueError(f"a pdf of {len(document):,} pages (at most {PAGE_LIMIT:,} are read)")
    pages: list[Page] = []
    blank: list[int] = []
    characters = 0
    for number in range(len(document)):
        page = document[number]
        try:
            text_page = page.get_textpage()
            characters += text_page.count_chars()
            if characters > CHARACTER_LIMIT:
                raise ValueError(f"a pdf of more than {CHARACTER_LIMIT:,} characters")
            pages.append(lines_of(runs_of(text_page)))
            if not pages[-1] and pdfium.FPDFPage_CountObjects(page) > 0:
                blank.append(number + 1)
        finally:
            page.close()
    return pages, blank


def _without_text(pages: list[int]) -> str:
    listed = ", ".join(map(str, pages[:LISTED]))
    if len(pages) > LISTED:
        listed += f" and {len(pages) - LISTED} more"
    return f"no text on page{'s' * (len(pages) > 1)} {listed} (scanned?)"


def _metadata(document: PdfDocument) -> Metadata:
    """Title and date of creation; the date of modification says nothing of publication."""
    title = document.get_metadata_value("Title").strip().strip("\0")
    created = CREATION_DATE.match(document.get_metadata_value("CreationDate"))
    written = "-".join(part for part in created.groups() if part) if created else ""
    return Metadata(
        title=None if not title or NO_TITLE.fullmatch(title) else " ".join(title.split()),
        made=iso_date(written),
    )

"""Rich Text Format: paragraphs, lists and tables; title and date from its information group.

striprtf knows neither lists nor tables, so what marks them is made a sign of its own before, and
read again after. Headers, footers and notes are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from striprtf.striprtf import font_table_group, rtf_to_text

from extractors.mentions.written_dates import iso_date
from extractors.readers.formats.blocks import Block, paragraph, table, text_of
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.metadata import Metadata
from extractors.readers.problem import Problem

BYTE_LIMIT = 100_000_000  # most of it pictures
TEXT_LIMIT = 10_000_000  # characters without them: a second reads a million
FONTS_LIMIT = 200_000  # characters of the table of fonts, which the library searches
DEPTH_LIMIT = 1_000  # groups within each other
HEADER = b"{\\rtf"
LINE, CELL, ROW, ROW_START = "\u2028\ue000\ue001\ue002"  # none stands in a file of 8-bit characters
# Control words that are made signs, each with the blank that ends it. A backslash before one is an
# escaped backslash, and then the word is text.
SIGNS = (
    (re.compile(r"(?<!\\)\\line(?![a-z]) ?"), LINE),
    (re.compile(r"(?<!\\)\\(?:nest)?cell(?![a-z]) ?"), CELL),
    (re.compile(r"(?<!\\)\\row(?![a-z]) ?"), ROW),
    (re.compile(r"(?<!\\)\\trowd(?![a-z]) ?"), ROW_START),
    (re.compile(r"\{\\(?:pntext|listtext)(?![a-z])(?:[^{}]|\{[^{}]*\})*\}"), "\u2022"),
)
FIELD = re.compile(r"\\field(?![a-z]) ?")  # a link's address is not its text
PICTURE = re.compile(r"[0-9a-fA-F\s]{1000,}")
BINARY = re.compile(rb"\\bin(\d{1,9}) ?")
BEYOND_ASCII = re.compile("[\x80-\xff]")
FONT = re.compile(r"(?=\\f\d)")
TITLE = re.compile(r"\{\\title ?((?:[^{}\\]|\\.){1,1000})\}")
CREATED = re.compile(r"\{\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")
BRACES = re.compile(r"\\[\\{}]|([{}])")


def contents(file: BinaryIO, reading: ReadOptions) -> Iterator[Content | Problem]:
    """The one document of an rtf file.

    Raises ValueError where it cannot be read or holds no text.
    """
    data = file.read(BYTE_LIMIT + 1)
    if not data:
        raise ValueError("an empty file")
    if not data[:100].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(HEADER):
        raise ValueError("not an rtf file")
    if len(data) > BYTE_LIMIT:
        raise ValueError(f"an rtf file of more than {BYTE_LIMIT:,} bytes")
    rtf = _prepared(data)
    still_open = _open_groups(rtf)
    metadata = _metadata(rtf)
    text = text_of(_blocks(_plain(rtf)), metadata.title)
    if not text:
        raise ValueError("holds no text")
    yield Content(text, metadata)
    if still_open > 0:
        yield Problem("", "an rtf file that is cut off: what follows is missing")


def _prepared(data: bytes) -> str:
    """The file without its pictures, with signs for lines, cells, rows and items."""
    rtf = PICTURE.sub("", _without_binary(data).decode("latin-1"))
    if len(rtf) > TEXT_LIMIT:
        raise ValueError(f"an rtf file of more than {TEXT_LIMIT:,} characters")
    rtf = BEYOND_ASCII.sub(lambda found: f"\\'{ord(found[0]):02x}", rtf)
    for control, sign in SIGNS:
        rtf = control.sub(sign, rtf)
    return _with_short_fonts(FIELD.sub("", rtf))


def _without_binary(data: bytes) -> bytes:
    """The file without what ``\\bin`` says is so many bytes of no text."""
    pieces, start = [], 0
    while found := BINARY.search(data, start):
        pieces.append(data[start : found.start()])
        start = found.end() + int(found[1])
    return b"".join((*pieces, data[start:]))


def _with_short_fonts(rtf: str) -> str:
    """The file with a table of fonts in which the library finds each at once."""
    fonts: str = font_table_group(rtf)  # type: ignore[no-untyped-call]
    if len(fonts) > FONTS_LIMIT:
        raise ValueError("a broken rtf file")
    return rtf.replace(fonts, FONT.sub(";\n", fonts)[:-1] + ";}", 1) if fonts else rtf


def _plain(rtf: str) -> str:
    try:
        text: str = rtf_to_text(rtf, errors="replace")  # type: ignore[no-untyped-call]
    except Exception as error:  # whatever the library stumbles over in a file is the file's fault
        raise ValueError("a broken rtf file") from error
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _metadata(rtf: str) -> Metadata:
    """Title and day of creation, from the information group."""
    title, created = TITLE.search(rtf), CREATED.search(rtf)
    words = _plain(f"{{\\rtf1\\ansi {title[1]}}}").split() if title else []
    day = f"{created[1]}-{int(created[2]):02}-{int(created[3]):02}" if created else ""
    return Metadata(title=" ".join(words) or None, made=iso_date(day))


def _blocks(text: str) -> Iterator[Block]:
    *rows, rest = text.split(ROW)
    for row in rows:
        before, _, inside = row.partition(ROW_START)
        yield from _paragraphs(before)
        cells = inside.replace(ROW_START, "").split(CELL)
        yield from table([[list(_paragraphs(cell)) for cell in cells[:-1]]])
    yield from _paragraphs(rest.replace(ROW_START, ""))


def _paragraphs(text: str) -> Iterator[Block]:
    for line in text.replace(CELL, "\n").split("\n"):
        yield from paragraph(line.replace(LINE, "\n"))


def _open_groups(rtf: str) -> int:
    """How many groups are still open at the end. Raises ValueError for a nest without end."""
    depth = 0
    for found in BRACES.finditer(rtf):
        depth += (found[1] == "{") - (found[1] == "}")
        if depth > DEPTH_LIMIT:
            raise ValueError("a broken rtf file")
    return depth

"""OpenDocument text: paragraphs, lists, tables and notes as they follow each other.

The XML is read with lxml. odfpy is as quick with an ordinary file, but it loads the pictures and
prints what it cannot read, and the largest file that is read takes it five times as long and nearly
three times the memory. Left out are deleted text, comments and tables of contents; notes stand
after the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from zipfile import ZipFile

from lxml import etree  # type: ignore[import-untyped]
from lxml.etree import _Element  # type: ignore[import-untyped]

from extractors.mentions.written_dates import iso_date
from extractors.readers.formats.blocks import Block, local_name, paragraph, table, text_of
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.unzipping import checked_zip, unpacked
from extractors.readers.metadata import Metadata

XML_LIMIT = 20_000_000  # bytes; the tree of so many small paragraphs takes 300 MB
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
PASSWORD = b"encryption-data"  # in the manifest, for each encrypted entry
UNSEEN = {
    "tracked-changes", "annotation", "table-of-content", "illustration-index", "table-index",
    "sequence-decls", "forms", "covered-table-cell", "note-citation", "ruby-text", "desc",
}  # fmt: skip
ROWS = ("table-header-rows", "table-rows", "table-row-group")
SIGNS = {"s": " ", "tab": " ", "line-break": "\n"}
FRAMED = ("text-box", "note-body")  # within a paragraph, and of its own


def contents(file: BinaryIO, reading: ReadOptions) -> Iterator[Content]:
    """The one document of an odt file.

    Raises ValueError where it cannot be read or holds no text.
    """
    with checked_zip(file) as archive:
        if PASSWORD in _part(archive, "META-INF/manifest.xml"):
            raise ValueError("an odt file with a password")
        meta, content = _part(archive, "meta.xml"), _part(archive, "content.xml")
    if not content:
        raise ValueError("not an odt file")
    metadata = _metadata(_tree(meta)) if meta else Metadata()
    body = _tree(content).find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise ValueError("an OpenDocument file, but not one of text")
    notes: list[Block] = []
    blocks = list(_within(body, notes))
    text = text_of([*blocks, *notes], metadata.title)
    if not text:
        raise ValueError("holds no text")
    yield Content(text, metadata)


def _part(archive: ZipFile, name: str) -> bytes:
    """A file within the archive; empty where there is none."""
    if name not in archive.namelist():
        return b""
    entry = archive.getinfo(name)
    if entry.file_size > XML_LIMIT:
        raise ValueError(
            f"an odt file with {entry.file_size:,} bytes of text (at most {XML_LIMIT:,} are read)"
        )
    return unpacked(archive, entry)


def _tree(xml: bytes) -> _Element:
    """The tree without its entities. Raises ValueError where it is broken."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("a broken odt file") from error


def _metadata(meta: _Element) -> Metadata:
    """Title and day of creation as written; ``dc:date`` is the last change."""
    title = " ".join((meta.findtext(f".//{DUBLIN_CORE}title") or "").split())
    created = meta.findtext(f".//{META}creation-date") or ""
    return Metadata(title=title or None, made=iso_date(created))


def _within(parent: _Element, notes: list[Block], item: bool = False) -> Iterator[Block]:
    """The blocks of an element; those of notes are put aside."""
    for child in parent.iterchildren("{*}*"):
        name = local_name(child)
        if name in UNSEEN:
            continue
        if name in ("p", "h"):
            yield from paragraph(_inline(child), item=item and name == "p")
            yield from _framed(child, notes)
        elif name == "table":
            rows = [list(_cells(row, notes)) for row in _rows(child)]
            yield from table(rows)
        else:
            yield from _within(child, notes, name in ("list-item", "list-header") or item)


def _rows(parent: _Element) -> Iterator[_Element]:
    for child in parent.iterchildren("{*}*"):
        name = local_name(child)
        if name == "table-row":
            yield child
        elif name in ROWS:
            yield from _rows(child)


def _cells(row: _Element, notes: list[Block]) -> Iterator[list[Block]]:
    for cell in row.iterchildren("{*}*"):
        if local_name(cell) not in UNSEEN:
            yield list(_within(cell, notes))


def _framed(parent: _Element, notes: list[Block]) -> Iterator[Block]:
    """The blocks in text boxes of a paragraph; those in its notes are put aside."""
    for child in parent.iterchildren("{*}*"):
        name = local_name(child)
        if name == "note-body":
            notes += _within(child, notes)
        elif name == "text-box":
            yield from _within(child, notes)
        elif name not in UNSEEN:
            yield from _framed(child, notes)


def _inline(element: _Element) -> str:
    """The text of a paragraph, without that of its notes, comments and text boxes."""
    pieces = [element.text or ""]
    for child in element.iterchildren("{*}*"):
        name = local_name(child)
        if name in SIGNS:
            pieces.append(SIGNS[name])
        elif name not in UNSEEN and name not in FRAMED:
            pieces.append(_inline(child))
        pieces.append(child.tail or "")
    return "".join(pieces)

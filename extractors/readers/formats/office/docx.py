"""Word's docx: paragraphs, lists, tables and notes as they follow each other.

What a reader does not see is left out: deleted and hidden text, headers and footers, the table of
contents. Notes stand after the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import BinaryIO

from docx import Document
from docx.document import Document as DocumentType
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.parser import parse_xml
from lxml.etree import _Element  # type: ignore[import-untyped]

from extractors.mentions.written_dates import iso_date
from extractors.readers.formats.blocks import Block, local_name, paragraph, table, text_of
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.unzipping import checked_zip
from extractors.readers.metadata import Metadata

XML_LIMIT = 20_000_000  # bytes; the tree of so many small paragraphs takes 370 MB
STYLES_DEEP = 12  # styles based on each other; more are a circle
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
TERMS = "{http://purl.org/dc/terms/}"
TEMPLATE_CREATED = "2013-12-23T23:15:00Z"  # in every docx that python-docx makes, of its template
UNSEEN = {"del", "moveFrom", "Fallback", "txbxContent", "pPr", "rPr", "tblPr", "trPr", "tcPr"}
SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "", "ptab": " "}
SKIPPED_STYLES = ("toc ", "table of figures")
HEADING_STYLES = ("heading", "title", "subtitle")
NO = ("0", "false", "off")


def contents(file: BinaryIO, reading: ReadOptions) -> Iterator[Content]:
    """The one document of a docx file.

    Raises ValueError where it cannot be read or holds no text.
    """
    with checked_zip(file) as archive:
        xml = sum(e.file_size for e in archive.infolist() if e.filename.endswith((".xml", ".rels")))
    if xml > XML_LIMIT:
        raise ValueError(f"a docx file with {xml:,} bytes of text (at most {XML_LIMIT:,} are read)")
    file.seek(0)
    try:
        document = Document(file)
        metadata = _metadata(document)
        text = text_of(_Story(document).blocks(), metadata.title)
    except Exception as error:  # whatever the library stumbles over in a file is the file's fault
        raise ValueError("not a docx file, or a broken one") from error
    if not text:
        raise ValueError("holds no text")
    yield Content(text, metadata)


def _metadata(document: DocumentType) -> Metadata:
    """Title and day of creation as written; nothing where the file has no such part."""
    related = document.part.package.rels.values()
    cores = [r.target_part for r in related if r.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES]
    if not cores:
        return Metadata()
    core = parse_xml(cores[0].blob)
    title = " ".join((core.findtext(f"{DUBLIN_CORE}title") or "").split())
    created = (core.findtext(f"{TERMS}created") or "").strip()
    return Metadata(
        title=title or None,
        made=None if created == TEMPLATE_CREATED else iso_date(created),
    )


class _Story:
    """The text of a document, with what its styles say of a paragraph."""

    def __init__(self, document: DocumentType) -> None:
        self._document = document
        self._styles = {
            style.get(f"{WORD}styleId"): style
            for style in document.styles.element.iterchildren(f"{WORD}style")
        }

    def blocks(self) -> Iterator[Block]:
        """The body, then the notes."""
        yield from self._within(self._document.element.body)
        for kind, name in (("footnotes", "footnote"), ("endnotes", "endnote")):
            for relation in self._document.part.rels.values():
                if not relation.is_external and relation.reltype.endswith(f"/{kind}"):
                    notes = parse_xml(relation.target_part.blob)
                    for note in notes.iterchildren(f"{WORD}{name}"):
                        if note.get(f"{WORD}type") in (None, "normal"):
                            yield from self._within(note)

    def _within(self, parent: _Element) -> Iterator[Block]:
        for child in parent.iterchildren("*"):
            name = local_name(child)
            if name == "p":
                yield from self._paragraph(child)
            elif name == "tbl":
                yield from table(
                    [list(self._within(cell)) for cell in _nested(row, "tc")]
                    for row in _nested(child, "tr")
                )
            elif name not in UNSEEN:
                yield from self._within(child)

    def _paragraph(self, element: _Element) -> Iterator[Block]:
        names = list(self._style_names(element))
        if not any(name.startswith(SKIPPED_STYLES) for name in names):
            heading = any(name.startswith(HEADING_STYLES) for name in names)
            yield from paragraph(_inline(element), item=not heading and self._is_item(element))
        for box in element.iter(f"{WORD}txbxContent"):
            if not _frames(box, element) & {"Fallback", "txbxContent"}:
                yield from self._within(box)

    def _chain(self, element: _Element) -> Iterator[_Element]:
        """The paragraph and its styles, each with that on which it is based."""
        yield element
        reference = element.find(f"{WORD}pPr/{WORD}pStyle")
        for _ in range(STYLES_DEEP):
            if reference is None or reference.get(f"{WORD}val") not in self._styles:
                return
            style = self._styles[reference.get(f"{WORD}val")]
            yield style
            reference = style.find(f"{WORD}basedOn")

    def _style_names(self, element: _Element) -> Iterator[str]:
        for style in self._chain(element):
            name = style.find(f"{WORD}name")
            if name is not None:
                yield (name.get(f"{WORD}val") or "").lower()

    def _is_item(self, element: _Element) -> bool:
        """Whether the nearest word on numbering, in paragraph or style, is that it has some."""
        for place in self._chain(element):
            number = place.find(f"{WORD}pPr/{WORD}numPr/{WORD}numId")
            if number is not None:
                return bool(number.get(f"{WORD}val") != "0")
        return False


def _nested(parent: _Element, name: str) -> Iterator[_Element]:
    """The rows of a table, or the cells of a row, whatever frames them."""
    for child in parent.iterchildren("*"):
        if local_name(child) == name:
            yield child
        elif local_name(child) in ("sdt", "sdtContent", "customXml", "ins", "smartTag"):
            yield from _nested(child, name)


def _inline(element: _Element) -> str:
    """The text of a paragraph, without that of the text boxes in it."""
    pieces = []
    for child in element.iterchildren("*"):
        name = local_name(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name in SIGNS:
            pieces.append(SIGNS[name])
        elif name not in UNSEEN and not _is_hidden(child):
            pieces.append(_inline(child))
    return "".join(pieces)


def _is_hidden(run: _Element) -> bool:
    mark = run.find(f"{WORD}rPr/{WORD}vanish")
    return mark is not None and mark.get(f"{WORD}val") not in NO


def _frames(element: _Element, outer: _Element) -> set[str]:
    """The names of the elements around one, within an outer one."""
    around = takewhile(lambda parent: parent is not outer, element.iterancestors())
    return {local_name(parent) for parent in around}

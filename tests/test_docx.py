"""Word's docx files, made with python-docx here, some with what only Word writes put in."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document
from docx.document import Document as DocumentType
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml

from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.office import docx

DOCUMENT = "word/document.xml"


def read(data: bytes) -> Content:
    (found,) = docx.contents(BytesIO(data), ReadOptions())
    return found


def saved(document: DocumentType) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def of_xml(body: str) -> bytes:
    """A document with a body of its own."""
    document = Document()
    names = nsdecls("w")
    for element in parse_xml(f"<w:body {names}>{body}</w:body>"):
        document.element.body.append(element)
    return saved(document)


def changed(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The file with one entry changed."""
    file = BytesIO()
    with ZipFile(BytesIO(data)) as before, ZipFile(file, "w", ZIP_DEFLATED) as after:
        for entry in before.infolist():
            inside = before.read(entry)
            after.writestr(entry.filename, change(inside) if entry.filename == name else inside)
    return file.getvalue()


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_paragraphs_lists_and_tables_in_their_order() -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "Page 3 of 12"
    document.add_heading("What was sent", 1)
    document.add_paragraph("The package  includes:")
    document.add_paragraph("40 trucks;", style="List Bullet")
    document.add_paragraph("Six tents.", style="List Number")
    document.add_paragraph("• typed by hand")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("Item", "Sent", "Tanks", "1,400"), strict=True):
        cell.text = text
    table.cell(1, 0).add_paragraph("of all kinds")
    inner = table.cell(1, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "in May", "400"
    document.add_paragraph("That was all.\nOf it.")
    assert read(saved(document)).text.split("\n\n") == [
        "What was sent",
        "The package includes:",
        "- 40 trucks;\n- Six tents.\n- typed by hand",
        "| Item | Sent |\n| Tanks of all kinds | 1,400 |\n| in May | 400 |",
        "That was all.\nOf it.",
    ]


def test_a_table_of_one_column_only_places_text() -> None:
    document = Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "Ten tanks were sent."
    cell.add_paragraph("40 trucks", style="List Bullet")
    assert read(saved(document)).text == "Ten tanks were sent.\n\n- 40 trucks"


def test_what_a_reader_does_not_see_is_left_out() -> None:
    deleted = "<w:del><w:r><w:delText>99</w:delText></w:r></w:del>"
    moved = "<w:moveFrom><w:r><w:t>98</w:t></w:r></w:moveFrom>"
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>97</w:t></w:r>"
    field = (
        "<w:r><w:instrText>HYPERLINK 96</w:instrText></w:r><w:hyperlink><w:r><w:t>tanks"
        "</w:t></w:r></w:hyperlink>"
    )
    inserted = "<w:ins><w:r><w:t>Ten </w:t></w:r></w:ins>"
    seen = "<w:r><w:noBreakHyphen/><w:t>like</w:t><w:tab/><w:t>things</w:t></w:r>"
    body = f"<w:p>{deleted}{moved}{hidden}{inserted}{field}{seen}</w:p>"
    assert read(of_xml(body)).text == "Ten tanks-like things"


def test_content_controls_are_read() -> None:
    table = "<w:tbl><w:sdt><w:sdtContent><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>" \
        "</w:sdtContent></w:sdt></w:tbl>"  # fmt: skip
    body = f"<w:sdt><w:sdtContent>{p('Ten tanks.')}</w:sdtContent></w:sdt>"
    assert read(of_xml(body + table.format(p("a"), p("5")))).text == "Ten tanks.\n\n| a | 5 |"


def test_text_boxes_are_read_once() -> None:
    box = f"<w:txbxContent>{p('In the box: 4.')}</w:txbxContent>"
    body = (
        '<w:p xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:r><w:t>'
        f"Outside: 5.</w:t><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert read(of_xml(body)).text == "Outside: 5.\n\nIn the box: 4."


def test_numbering_of_a_style_can_be_taken_back() -> None:
    style = '<w:pStyle w:val="ListBullet"/>'
    none = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    assert read(of_xml(p("an item", style) + p("none", style + none))).text == "- an item\n\nnone"


def test_notes_stand_after_the_text() -> None:
    kinds = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    notes = (
        f"<w:footnotes {nsdecls('w')}><w:footnote w:type='separator'>{p('---')}</w:footnote>"
        f"<w:footnote>{p('Of them 4 are new.')}</w:footnote></w:footnotes>"
    )
    data = of_xml(p("Ten tanks."))
    data = changed(data, "[Content_Types].xml", lambda xml: xml.replace(
        b"</Types>", b'<Override PartName="/word/footnotes.xml" ContentType="%s"/></Types>'
        % kinds.encode()))  # fmt: skip
    data = changed(data, "word/_rels/document.xml.rels", lambda xml: xml.replace(
        b"</Relationships>", b'<Relationship Id="rId99" Type="%s" Target="footnotes.xml"/>'
        b"</Relationships>" % relation.encode()))  # fmt: skip
    file = BytesIO(data)
    with ZipFile(file, "a") as archive:
        archive.writestr("word/footnotes.xml", notes)
    assert read(file.getvalue()).text == "Ten tanks.\n\nOf them 4 are new."


def test_title_and_day_of_creation() -> None:
    document = Document()
    document.core_properties.title = "Aid for a year"
    document.core_properties.created = datetime(2022, 10, 4, 12, tzinfo=UTC)
    document.add_heading("Aid for a Year", 0)
    document.add_paragraph("Ten tanks.")
    found = read(saved(document))
    assert (found.metadata.title, found.metadata.made) == ("Aid for a year", "2022-10-04")
    assert found.text == "Ten tanks."


def test_the_date_of_the_librarys_own_template_is_none() -> None:
    found = read(of_xml(p("Ten tanks."))).metadata
    assert (found.title, found.published) == (None, None)


SOUND = of_xml(p("Ten tanks.") * 40)
BOMB = (
    b'<!DOCTYPE a [<!ENTITY a "' + b"tank " * 20 + b'">'
    + b"".join(b'<!ENTITY %c "%s">' % (n, b"&%c;" % (n - 1) * 10) for n in range(98, 108))
    + b"]>"
)  # fmt: skip

BROKEN = "not a docx file, or a broken one"


def exploding(xml: bytes) -> bytes:
    head, rest = xml.split(b"?>", 1)
    return head + b"?>" + BOMB + rest.replace(b"Ten tanks.", b"&k; tanks.", 1)


def nested(xml: bytes) -> bytes:
    deep = b"<w:sdt><w:sdtContent>" * 100_000 + b"</w:sdtContent></w:sdt>" * 100_000
    return xml.replace(b"<w:p>", deep + b"<w:p>", 1)


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (lambda: b"", "an empty file"),
        (lambda: b"%PDF-1.4", "not a zip file"),
        (lambda: SOUND[: len(SOUND) // 2], "broken or cut off"),
        (lambda: changed(SOUND, DOCUMENT, lambda xml: xml[:-50]), BROKEN),
        (lambda: changed(SOUND, DOCUMENT, nested), BROKEN),
        (lambda: changed(SOUND, DOCUMENT, exploding), BROKEN),
        (lambda: of_xml(p("")), "holds no text"),
        (lambda: b"\xd0\xcf\x11\xe0" * 500, "an older Office file, or one with a password"),
        (lambda: changed(SOUND, DOCUMENT, lambda xml: xml.replace(b"<w:p>", b" " * 30_000_000, 1)),
         "unpacks to .* a zip bomb"),
    ],
)  # fmt: skip
def test_what_cannot_be_read(data: Callable[[], bytes], cause: str) -> None:
    with pytest.raises(ValueError, match=f"^{cause}$"):
        read(data())


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx, "XML_LIMIT", 1000)
    with pytest.raises(ValueError, match="at most 1,000 are read"):
        read(SOUND)


def test_damage_is_a_value_error_or_harmless(capfd: pytest.CaptureFixture[str]) -> None:
    """Damage to the packed file, and to the XML within it."""
    rng = random.Random(3)
    with ZipFile(BytesIO(SOUND)) as archive:
        names = [entry.filename for entry in archive.infolist() if entry.filename.endswith("ml")]

    def spoilt(data: bytes) -> bytes:
        out = bytearray(data)
        for _ in range(rng.randrange(1, 6)):
            out[rng.randrange(len(out))] = rng.randrange(256)
        return bytes(out)

    causes = set()
    for turn in range(60):
        data = spoilt(SOUND) if turn % 3 == 0 else changed(SOUND, rng.choice(names), spoilt)
        try:
            read(data)
        except ValueError as error:
            causes.add(str(error))
    assert causes
    assert not any("\n" in cause for cause in causes)
    assert capfd.readouterr() == ("", "")

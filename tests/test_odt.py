"""OpenDocument texts, made with odfpy here, some with what only a word processor writes put in."""

from __future__ import annotations

import random
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from odf import dc, meta  # type: ignore[import-untyped]
from odf.opendocument import (  # type: ignore[import-untyped]
    OpenDocumentSpreadsheet,
    OpenDocumentText,
)
from odf.table import Table, TableCell, TableRow  # type: ignore[import-untyped]
from odf.text import H, List, ListItem, P  # type: ignore[import-untyped]

from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.office import odt

CONTENT = "content.xml"


def read(data: bytes) -> Content:
    (found,) = odt.contents(BytesIO(data), ReadOptions())
    return found


def saved(*elements: object, title: str = "", created: str = "") -> bytes:
    document = OpenDocumentText()
    for element in elements:
        document.text.addElement(element)
    if title:
        document.meta.addElement(dc.Title(text=title))
    if created:
        document.meta.addElement(meta.CreationDate(text=created))
    file = BytesIO()
    document.write(file)
    return file.getvalue()


def changed(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The file with one entry changed."""
    file = BytesIO()
    with ZipFile(BytesIO(data)) as before, ZipFile(file, "w", ZIP_DEFLATED) as after:
        for entry in before.infolist():
            inside = before.read(entry)
            after.writestr(entry.filename, change(inside) if entry.filename == name else inside)
    return file.getvalue()


def of_xml(body: str) -> bytes:
    """A document with a body of its own."""
    return changed(
        saved(P(text="MARK")),
        CONTENT,
        lambda xml: xml.replace(b"<text:p>MARK</text:p>", body.encode()),
    )


def listed(*texts: str) -> List:
    items = List()
    for text in texts:
        item = ListItem()
        item.addElement(P(text=text))
        items.addElement(item)
    return items


def tabled(*rows: tuple[str, ...]) -> Table:
    table = Table()
    for texts in rows:
        row = TableRow()
        for text in texts:
            cell = TableCell()
            cell.addElement(P(text=text))
            row.addElement(cell)
        table.addElement(row)
    return table


def test_paragraphs_lists_and_tables_in_their_order() -> None:
    data = saved(
        H(outlinelevel=1, text="What was sent"),
        P(text="The package includes:"),
        listed("40 trucks;", "Six tents."),
        tabled(("Item", "Sent"), ("Tanks", "1,400")),
        P(text="That was all."),
    )
    assert read(data).text.split("\n\n") == [
        "What was sent",
        "The package includes:",
        "- 40 trucks;\n- Six tents.",
        "| Item | Sent |\n| Tanks | 1,400 |",
        "That was all.",
    ]


def test_title_and_day_of_creation() -> None:
    data = saved(
        H(outlinelevel=1, text="Aid for a year"), P(text="Ten tanks."),
        title="Aid for a year", created="2022-10-04T23:30:00",
    )  # fmt: skip
    found = read(data)
    assert (found.metadata.title, found.metadata.made) == ("Aid for a year", "2022-10-04")
    assert found.text == "Ten tanks."


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<text:p>Ten<text:s text:c='3'/>tanks,<text:tab/>and<text:line-break/>more</text:p>",
         "Ten tanks, and\nmore"),
        ("<text:p>Ten<text:span> <text:a>new</text:a> tanks</text:span>.</text:p>",
         "Ten new tanks."),
        ("<text:tracked-changes><text:p>99</text:p></text:tracked-changes><text:p>Ten"
         "<office:annotation><text:p>why 98?</text:p></office:annotation> tanks.</text:p>",
         "Ten tanks."),
        ("<text:table-of-content><text:p>Tanks 3</text:p></text:table-of-content>"
         "<text:section><text:p>Ten tanks.</text:p></text:section>", "Ten tanks."),
        ("<text:p>Ten<text:note><text:note-citation>1</text:note-citation><text:note-body>"
         "<text:p>Four are new.</text:p></text:note-body></text:note> tanks.</text:p>"
         "<text:p>Next.</text:p>", "Ten tanks.\n\nNext.\n\nFour are new."),
        ("<text:p>Out.<draw:frame><draw:text-box><text:p>In the box: 4.</text:p>"
         "</draw:text-box></draw:frame></text:p>", "Out.\n\nIn the box: 4."),
        ("<text:list><text:list-item><text:h>1 Head</text:h></text:list-item></text:list>"
         "<text:p>a</text:p>", "1 Head\n\na"),
        ("<text:list><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>"
         "two</text:p></text:list-item></text:list></text:list-item></text:list>",
         "- one\n- two"),
        ("<table:table><table:table-header-rows><table:table-row><table:table-cell>"
         "<text:p>a</text:p></table:table-cell><table:covered-table-cell/><table:table-cell>"
         "<text:p>b</text:p></table:table-cell></table:table-row></table:table-header-rows>"
         "</table:table>", "| a | b |"),
    ],
    ids=["blanks", "spans", "changes and comments", "contents", "notes", "boxes", "headings",
         "lists in lists", "header rows"],
)  # fmt: skip
def test_what_word_processors_write(body: str, text: str) -> None:
    assert read(of_xml(body)).text == text


def spreadsheet() -> bytes:
    file = BytesIO()
    OpenDocumentSpreadsheet().write(file)
    return file.getvalue()


def locked() -> bytes:
    mark = b"<manifest:encryption-data/></manifest:manifest>"
    return changed(
        SOUND, "META-INF/manifest.xml", lambda xml: xml.replace(b"</manifest:manifest>", mark)
    )


def exploding(xml: bytes) -> bytes:
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    head, rest = xml.split(b"?>", 1)
    bomb = b'<!DOCTYPE a [<!ENTITY e0 "tank tank tank">' + entities + b"]>"
    return head + b"?>" + bomb + rest.replace(b"Ten", b"&e11;", 1)


def nested(xml: bytes) -> bytes:
    deep = b"<text:section>" * 100_000 + b"</text:section>" * 100_000
    return xml.replace(b"<text:p>", deep + b"<text:p>", 1)


SOUND = saved(*(P(text=f"Ten tanks and {n} more.") for n in range(40)))


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (lambda: b"", "an empty file"),
        (lambda: b"%PDF-1.4", "not a zip file"),
        (lambda: SOUND[: len(SOUND) // 2], "broken or cut off"),
        (lambda: changed(SOUND, CONTENT, lambda xml: xml[:-50]), "a broken odt file"),
        (lambda: changed(SOUND, CONTENT, exploding), "a broken odt file"),
        (lambda: changed(SOUND, CONTENT, nested), "a broken odt file"),
        (spreadsheet, "an OpenDocument file, but not one of text"),
        (locked, "an odt file with a password"),
        (lambda: saved(P(text=" ")), "holds no text"),
    ],
)
def test_what_cannot_be_read(data: Callable[[], bytes], cause: str) -> None:
    with pytest.raises(ValueError, match=f"^{cause}$"):
        read(data())


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(odt, "XML_LIMIT", 1000)
    with pytest.raises(ValueError, match="at most 1,000 are read"):
        read(SOUND)


def test_damage_is_a_value_error_or_harmless(capfd: pytest.CaptureFixture[str]) -> None:
    """Damage to the packed file, and to the XML within it."""
    rng = random.Random(3)

    def spoilt(data: bytes) -> bytes:
        out = bytearray(data)
        for _ in range(rng.randrange(1, 6)):
            out[rng.randrange(len(out))] = rng.randrange(256)
        return bytes(out)

    causes = set()
    for turn in range(150):
        name = (CONTENT, "meta.xml", "META-INF/manifest.xml")[turn % 3]
        data = spoilt(SOUND) if turn % 4 == 0 else changed(SOUND, name, spoilt)
        try:
            read(data)
        except ValueError as error:
            causes.add(str(error))
    assert causes
    assert not any("\n" in cause for cause in causes)
    assert capfd.readouterr() == ("", "")

"""Pdf files, generated here: what a reader sees, in the order in which it is read."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from time import sleep
from typing import Any, BinaryIO

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption  # type: ignore[import-untyped]
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]
from reportlab.platypus import (  # type: ignore[import-untyped]
    BaseDocTemplate,
    Frame,
    ListFlowable,
    ListItem,
    PageTemplate,
    Paragraph,
    Table,
)

from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.pdf import pdf
from extractors.readers.problem import Problem

WIDTH, HEIGHT = 595, 842
STYLE = ParagraphStyle("body", fontName="Times-Roman", fontSize=10, leading=12, spaceAfter=6)
JUSTIFIED = ParagraphStyle("justified", parent=STYLE, alignment=4)
INDENTED = ParagraphStyle("indented", parent=JUSTIFIED, firstLineIndent=12, spaceAfter=0)


def read(data: bytes) -> list[Content | Problem]:
    return list(pdf.contents(BytesIO(data), ReadOptions()))


def text_of(data: bytes) -> str:
    found = read(data)[0]
    assert isinstance(found, Content)
    return found.text


def paragraph(number: int) -> str:
    return (
        f"Report {number} says that {number * 100} trucks and {number * 3} howitzers were sent by"
        " rail, together with medium-range air defence systems, a great many rounds of 155-mm"
        " ammunition and the spare parts that the crews had asked for in the spring. The rest of"
        f" the batch, some {number * 7} vehicles, is to follow before the end of the year."
    )


PARAGRAPHS = [paragraph(number) for number in range(1, 19)]


def built(story: Sequence[Any], columns: int = 1, header: str = "", footer: str = "") -> bytes:
    """A pdf of flowing text in columns; ``{page}`` in header and footer is the page's number."""

    def furniture(canvas: Any, document: Any) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(60, HEIGHT - 40, header.format(page=document.page))
        canvas.drawCentredString(WIDTH / 2, 30, footer.format(page=document.page))

    file = BytesIO()
    document = BaseDocTemplate(file, pagesize=(WIDTH, HEIGHT))
    width = (WIDTH - 120 - 18 * (columns - 1)) / columns
    frames = [
        Frame(60 + k * (width + 18), 60, width, HEIGHT - 120, leftPadding=0, rightPadding=0)
        for k in range(columns)
    ]
    document.addPageTemplates(PageTemplate(frames=frames, onPage=furniture))
    document.build(list(story))
    return file.getvalue()


def drawn(*pages: Sequence[tuple[float, float, str]]) -> bytes:
    """A pdf of strings at places, drawn in the order given."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT))
    for page in pages:
        canvas.setFont("Times-Roman", 10)
        for x, y, text in page:
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


@pytest.mark.parametrize("columns", [1, 2, 3])
@pytest.mark.parametrize("style", [STYLE, JUSTIFIED, INDENTED], ids=lambda style: style.name)
def test_paragraphs_come_in_reading_order(columns: int, style: Any) -> None:
    """Over several pages and columns, ragged, justified or with indents, each on one line."""
    data = built([Paragraph(text, style) for text in PARAGRAPHS], columns)
    assert text_of(data).split("\n\n") == PARAGRAPHS


def test_columns_are_read_one_after_the_other_however_they_were_drawn() -> None:
    left = [f"left column, line {k:02} of it says so" for k in range(20)]
    right = [f"right column, line {k:02} of it says it" for k in range(20)]
    lines = [(60.0, 700.0 - 12 * k, text) for k, text in enumerate(left)]
    lines += [(320.0, 694.0 - 12 * k, text) for k, text in enumerate(right)]
    title = (60.0, 740.0, "A title that runs across the whole page and over both of its columns")
    lines.append(title)
    random.Random(3).shuffle(lines)
    assert text_of(drawn(lines)).split() == " ".join([title[2], *left, *right]).split()


def test_lists_and_tables_are_lines() -> None:
    item = "Twelve launchers with their crews, which will be trained abroad " * 3
    story = [
        Paragraph("The package includes:", STYLE),
        ListFlowable(
            [ListItem(Paragraph(t, STYLE)) for t in ("40 trucks;", item + "first;", "Six tents.")],
            bulletType="bullet",
        ),
        Paragraph("So it was said. " * 20, STYLE),
        Table([["Item", "Promised", "Sent"], ["Howitzers", "24", "16"], ["Tanks", "1,400", "8"]]),
        Paragraph("That was all of it.", STYLE),
    ]
    assert text_of(built(story)).split("\n\n") == [
        "The package includes:",
        f"- 40 trucks;\n- {item}first;\n- Six tents.",
        ("So it was said. " * 20).strip(),
        "| Item | Promised | Sent |\n| Howitzers | 24 | 16 |\n| Tanks | 1,400 | 8 |",
        "That was all of it.",
    ]


def test_numbered_items_keep_their_numbers() -> None:
    lines = [
        "They met for two days in the capital and agreed on this at last:",
        "1. Ten tanks go first.",
        "2. Forty trucks follow.",
        "Done.",
    ]
    data = drawn([(60, 700 - 12 * k, line) for k, line in enumerate(lines)])
    assert text_of(data) == (
        f"{lines[0]}\n\n1. Ten tanks go first.\n2. Forty trucks follow.\n\nDone."
    )


def test_headers_footers_and_page_numbers_that_repeat_are_left_out() -> None:
    story = [Paragraph(text, STYLE) for text in PARAGRAPHS * 3]
    data = built(story, header="Ministry, release 17 of 2022", footer="Page {page} | 31 May")
    assert text_of(data).split("\n\n") == PARAGRAPHS * 3


def test_a_page_number_alone_is_left_out_and_other_numbers_stay() -> None:
    pages = [[(60, 700, f"{n * 40} tanks were sent."), (290, 30, str(n))] for n in (1, 2)]
    assert text_of(drawn(*pages)) == "40 tanks were sent.\n\n80 tanks were sent."
    assert "16" in text_of(drawn([(60, 700, "Tanks that were sent:"), (60, 30, "16")]))


@pytest.mark.parametrize("form", ["{}/2", "{} of 2", "p. {} of it", "Page {}", "{}"])
def test_a_footer_with_the_number_of_its_page_is_left_out(form: str) -> None:
    """As browsers print an address and the number of the page at the foot."""
    pages = [
        [(60.0, 700.0, f"{n * 40} tanks came."), (60.0, 30.0, f"https://a.org/b {form.format(n)}")]
        for n in (1, 2)
    ]
    assert text_of(drawn(*pages)) == "40 tanks came.\n\n80 tanks came."


def test_lines_at_one_height_that_differ_stay() -> None:
    """A form that is filled in on each page: only what counts with the pages is furniture."""
    sent = (40, 75, 12, 31)
    pages = [[(60.0, 700.0, f"{n} tanks were sent this month.")] for n in sent]
    assert all(f"{n} tanks" in text_of(drawn(*pages)) for n in sent)


def test_notes_stand_after_the_text() -> None:
    file = BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT))
    for lines, note in (
        (["The ministry counted 3,500 trucks in all and was to send"], "Says the ministry."),
        (["another 200 of them in June, of which many were new and", "some were old."], ""),
    ):
        text = canvas.beginText(60, 700)
        text.setFont("Times-Roman", 11)
        for line in lines:
            before, number, after = line.partition("3,500")
            text.textOut(before + number)
            if number:
                text.setFont("Times-Roman", 7)
                text.setRise(4)
                text.textOut("1")
                text.setRise(0)
                text.setFont("Times-Roman", 11)
            text.textLine(after)
        canvas.drawText(text)
        canvas.setFont("Times-Roman", 8)
        canvas.drawString(60, 80, note)
        canvas.showPage()
    canvas.save()
    assert text_of(file.getvalue()) == (
        "The ministry counted 3,500 trucks in all and was to send another 200 of them in June, of"
        " which many were new and some were old.\n\nSays the ministry."
    )


def test_raised_digits_are_exponents_only_behind_a_measure() -> None:
    file = BytesIO()
    canvas = Canvas(file)
    text = canvas.beginText(60, 700)
    for word, mark in (("an area of 300 km", "2"), (" and 40 tanks", "4"), (" in all", "")):
        text.setFont("Helvetica", 12)
        text.setRise(0)
        text.textOut(word)
        text.setFont("Helvetica", 7)
        text.setRise(5)
        text.textOut(mark)
    canvas.drawText(text)
    canvas.save()
    assert text_of(file.getvalue()) == "an area of 300 km² and 40 tanks in all"


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_pages_on_their_side_are_read(turns: int) -> None:
    file = BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT))
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    canvas.rotate(90 * turns)
    for k, text in enumerate(("Sixteen tanks were sent by rail", "and forty by road.")):
        canvas.drawString(0, -14 * k, text)
    canvas.rotate(45)
    canvas.drawString(0, 0, "draft 99")
    canvas.save()
    assert text_of(file.getvalue()) == "Sixteen tanks were sent by rail and forty by road."


def test_title_and_date_of_creation() -> None:
    file = BytesIO()
    canvas = Canvas(file, invariant=1)
    canvas.setTitle("Aid  for\na year")
    canvas.drawString(60, 740, "AID FOR A YEAR")
    canvas.drawString(60, 700, "Ten tanks.")
    canvas.save()
    data = file.getvalue().replace(b"(D:20000101000000+00'00')", b"(D:20221004120000+02'00')", 1)
    (found,) = read(data)
    assert isinstance(found, Content)
    assert (found.metadata.title, found.metadata.made) == ("Aid for a year", "2022-10-04")
    assert found.text == "Ten tanks."


def test_a_title_that_a_program_made_up_is_none() -> None:
    found = read(drawn([(60, 700, "Ten tanks.")]))[0]
    assert isinstance(found, Content)
    assert found.metadata.title is None


def test_pages_without_text_are_told() -> None:
    file = BytesIO()
    canvas = Canvas(file)
    for number in range(1, 5):
        if number in (2, 4):
            canvas.rect(50, 50, 400, 600, fill=1)
        elif number == 1:
            canvas.drawString(60, 700, "Ten tanks.")
        canvas.showPage()
    canvas.save()
    _, remark = read(file.getvalue())
    assert remark == Problem("", "no text on pages 2, 4 (scanned?)", lost=False)


def scanned() -> bytes:
    file = BytesIO()
    canvas = Canvas(file)
    canvas.rect(50, 50, 400, 600, fill=1)
    canvas.save()
    return file.getvalue()


def locked() -> bytes:
    file = BytesIO()
    canvas = Canvas(file, encrypt=StandardEncryption("secret"))
    canvas.drawString(60, 700, "Ten tanks.")
    canvas.save()
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (lambda: b"", "an empty file"),
        (lambda: b"PK\x03\x04 and more", "not a pdf"),
        (lambda: b"%PDF-1.4\nnothing behind", "a truncated or broken pdf"),
        (locked, "a pdf with a password"),
        (scanned, r"holds no text \(scanned pages\?\)"),
    ],
)
def test_what_cannot_be_read(data: Callable[[], bytes], cause: str) -> None:
    with pytest.raises(ValueError, match=f"^{cause}$"):
        read(data())


def test_one_pdf_is_read_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is not safe between threads."""
    inside, most = 0, 0
    before = pdf._document

    def watched(file: BinaryIO) -> tuple[Content, list[int]]:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        sleep(0.01)
        found = before(file)
        inside -= 1
        return found

    monkeypatch.setattr(pdf, "_document", watched)
    data = drawn([(60, 700, "Ten tanks.")])
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(text_of, [data] * 8)) == ["Ten tanks."] * 8
    assert most == 1


def test_a_heading_of_two_lines_is_one_paragraph() -> None:
    heading = ParagraphStyle("heading", fontName="Times-Bold", fontSize=18, leading=22)
    title = "Forty tanks, six launchers and a great many trucks for the army of Ukraine"
    story = [Paragraph(title, heading), *(Paragraph(text, STYLE) for text in PARAGRAPHS[:3])]
    assert text_of(built(story)).split("\n\n") == [title, *PARAGRAPHS[:3]]


def test_a_title_below_a_letterhead_is_context() -> None:
    """A head that stands on one page only cannot be told from text, and stays."""
    file = BytesIO()
    canvas = Canvas(file)
    canvas.setTitle("Forty tanks for the army")
    for y, text in ((800, "Ministry"), (740, "Forty tanks for the army"), (700, "Ten came.")):
        canvas.drawString(60, y, text)
    canvas.save()
    assert text_of(file.getvalue()).split() == "Ministry Ten came.".split()


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    data = drawn([(60, 700, "Ten tanks.")], [(60, 700, "Four more.")])
    for name, limit, cause in (
        ("PAGE_LIMIT", 1, "2 pages"),
        ("CHARACTER_LIMIT", 12, "more than 12 characters"),
        ("BYTE_LIMIT", 99, "bytes"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(pdf, name, limit)
            with pytest.raises(ValueError, match=cause):
                read(data)


def damaged(sound: bytes, rng: random.Random) -> bytes:
    data = bytearray(sound[: rng.randrange(1, len(sound))] if rng.random() < 0.4 else sound)
    for _ in range(rng.randrange(12)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def test_damage_is_a_value_error_or_harmless(capfd: pytest.CaptureFixture[str]) -> None:
    rng = random.Random(11)
    sound = built([Paragraph(PARAGRAPHS[0], STYLE)], header="Ministry")
    causes = set()
    for _ in range(150):
        try:
            read(damaged(sound, rng))
        except ValueError as error:
            causes.add(str(error))
    assert causes
    assert not any("\n" in cause for cause in causes)
    assert capfd.readouterr() == ("", "")


def spaced(text: str, by: float, *, blank: str = " ", size: float = 11) -> bytes:
    """A pdf of a line whose letters are set apart."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT))
    canvas.setFont("Helvetica", size)
    canvas.drawString(60, 700, text.replace(" ", blank), charSpace=by)
    canvas.save()
    return file.getvalue()


@pytest.mark.parametrize("size", [8, 11, 14])
@pytest.mark.parametrize("by", [0, 0.1, 0.2, 0.27, 0.35])
def test_letters_that_are_set_apart_are_words(by: float, size: float) -> None:
    story = "On Monday Norway gave Ukraine 14 guns."
    assert text_of(spaced(story, by * size, size=size)) == story


def test_letters_with_blanks_between_them_are_words() -> None:
    story = "N o r w a y   g a v e   1 4   g u n s ."
    assert text_of(spaced(story, 0)) == "Norway gave 14 guns."


@pytest.mark.parametrize(
    "line", ["A B C D", "I a m 1 of 14", "Options A, B, C, D, E and F", "7 x 8 m"]
)
def test_single_letters_stay(line: str) -> None:
    assert text_of(spaced(line, 0)) == line


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        (
            ["The ministry said that on Monday", "Norway gave Ukraine"],
            ["14 howitzers and 22 trucks from", "its stocks."],
            "The ministry said that on Monday Norway gave Ukraine 14 howitzers and 22 trucks from"
            " its stocks.",
        ),
        (
            ["Sweden, so its ministers said,", "will give Ukraine no less than"],
            ["30 boats and also the 12 tanks", "of its reserve."],
            "Sweden, so its ministers said, will give Ukraine no less than 30 boats and also the 12"
            " tanks of its reserve.",
        ),
        (
            ["Howitzers from the army's stock", "Trucks from the army's stock"],
            ["Delivered in March by railway", "Delivered in April by railway."],
            "| Howitzers from the army's stock | Delivered in March by railway |\n"
            "| Trucks from the army's stock | Delivered in April by railway. |",
        ),
        (["Howitzers", "Trucks"], ["14", "22"], "| Howitzers | 14 |\n| Trucks | 22 |"),
    ],
)
def test_short_columns_and_tables_of_two_rows(left: list[str], right: list[str], told: str) -> None:
    lines = [(60.0, 700.0 - 12 * k, line) for k, line in enumerate(left)]
    lines += [(320.0, 700.0 - 12 * k, line) for k, line in enumerate(right)]
    assert text_of(drawn(lines)) == told


@pytest.mark.parametrize(
    ("ends", "begins", "goes_on"),
    [
        ("Norway gave Ukraine", "14 howitzers and 22 trucks.", True),
        ("they came from stocks of", "Sweden and of Finland.", True),
        ("they came from stocks of Oslo.", "Sweden gave 12 boats.", False),
        ("and the minister said:", "Sweden gave 12 boats.", False),
        ("it gave all of these", "- 14 howitzers", False),
    ],
)
def test_a_sentence_goes_on_over_the_end_of_a_page(ends: str, begins: str, goes_on: bool) -> None:
    above = "The ministry said at length and to all that on Monday, at noon,"
    first = [(60.0, 112.0, above), (60.0, 100.0, ends)]
    told = text_of(drawn(first, [(60.0, 700.0, begins)]))
    assert told.endswith(begins)
    assert (f"{ends} {begins}" in told) == goes_on

"""Pdf files made to take all memory: packed streams, and forms that draw each other."""

from __future__ import annotations

import zlib
from base64 import a85encode
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

import pdfs
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.pdf import pdf
from extractors.readers.formats.pdf.pdf_filters import filters_of, unpacked


def text_of(data: bytes) -> str:
    (found,) = pdf.contents(BytesIO(data), ReadOptions())
    assert isinstance(found, Content)
    return found.text


DRAWS = b"BT /F1 12 Tf 50 700 Td (Ten tanks.) Tj ET\n"
MUCH = zlib.compress(DRAWS + b"q " * 5_000_000, 9)


def drawing(packed: bytes, filters: bytes = b"/FlateDecode", says: str = "") -> bytes:
    """A pdf of one page that is drawn by a packed stream."""
    return pdfs.pdf(pdfs.stream(packed, f"{says}/Filter[{filters.decode()}]"))


def test_a_packed_drawing_is_read() -> None:
    once = zlib.compress(DRAWS)
    assert text_of(drawing(once)) == "Ten tanks."
    assert text_of(drawing(zlib.compress(once), b"/FlateDecode/FlateDecode")) == "Ten tanks."


@pytest.mark.parametrize(
    "data",
    [
        drawing(MUCH),
        drawing(zlib.compress(MUCH), b"/FlateDecode/FlateDecode"),
        drawing(MUCH, says="/Subtype/Image"),
        drawing(MUCH)[:-1000],
        drawing(MUCH).replace(b"stream\n", b"stream\nx\x9c stream\n", 1),
    ],
    ids=["once", "twice", "as an image", "cut off", "behind another"],
)
def test_a_bomb_is_refused_before_it_is_unpacked(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "PdfDocument", lambda data: pytest.fail("was opened"))
    with pytest.raises(ValueError, match="bytes that unpack to more than"):
        text_of(data)


HEX, BASE85, RUNS = b"/ASCIIHexDecode", b"/A85", b"/RunLengthDecode"


def in_runs(data: bytes) -> bytes:
    """Bytes as the lengths of runs: some as they are, and others of one letter many times."""
    runs = (
        bytes([257 - len(piece), piece[0]]) if len({*piece}) == 1 < len(piece)
        else bytes([len(piece) - 1]) + piece
        for piece in (data[at : at + 100] for at in range(0, len(data), 100))
    )  # fmt: skip
    return b"".join(runs) + b"\x80"


def through(data: bytes, *filters: bytes) -> bytes:
    """Bytes that these filters, one after another, make what they were."""
    packing: dict[bytes, Callable[[bytes], bytes]] = {
        HEX: lambda data: data.hex(" ").encode() + b">",
        BASE85: lambda data: a85encode(data, wrapcol=70) + b"~>",
        RUNS: in_runs,
        b"/FlateDecode": zlib.compress,
    }
    for name in reversed(filters):
        data = packing[name](data)
    return data


FILTERS = [
    (HEX,), (BASE85,), (RUNS,), (HEX, b"/FlateDecode"), (BASE85, b"/FlateDecode"),
    (RUNS, b"/FlateDecode"), (HEX, BASE85, RUNS, b"/FlateDecode"), (b"/FlateDecode", HEX),
    (b"/FlateDecode", BASE85, RUNS),
]  # fmt: skip


@pytest.mark.parametrize("filters", FILTERS, ids=lambda names: b" ".join(names).decode())
def test_a_drawing_through_any_filters_is_unpacked_as_the_library_does_it(
    filters: tuple[bytes, ...],
) -> None:
    names = b"".join(filters)
    draws = DRAWS + b"\0" * 300 + DRAWS
    packed = through(draws, *filters)
    assert text_of(drawing(packed, names)).startswith("Ten tanks.")
    assert b"".join(unpacked(memoryview(packed), filters_of(b"/Filter[%s]" % names))) == draws


@pytest.mark.parametrize("before", [(HEX,), (BASE85,), (RUNS,), (HEX, RUNS, BASE85)])
def test_no_filter_hides_a_bomb(before: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    data = drawing(through(MUCH, *before), b"".join(before) + b"/FlateDecode")
    monkeypatch.setattr(pdf, "PdfDocument", lambda data: pytest.fail("was opened"))
    with pytest.raises(ValueError, match="bytes that unpack to more than"):
        text_of(data)


@given(st.binary(max_size=300), st.sampled_from([*FILTERS, (HEX, HEX), (RUNS, BASE85)]))
def test_what_is_broken_is_unpacked_as_far_as_it_goes(
    data: bytes, filters: tuple[bytes, ...]
) -> None:
    names = filters_of(b"/Filter[%s]" % b"".join(filters))
    assert isinstance(b"".join(unpacked(memoryview(data), names)), bytes)


# forms that draw each other


def nested(levels: int, times: int) -> bytes:
    """A pdf of forms, each of which draws the next so many times; the last writes a line."""
    file = BytesIO()
    canvas = Canvas(file)
    for level in reversed(range(levels)):
        canvas.beginForm(f"level{level}")
        if level == levels - 1:
            canvas.drawString(60, 700, "Ten tanks.")
        else:
            for _ in range(times):
                canvas.doForm(f"level{level + 1}")
        canvas.endForm()
    canvas.doForm("level0")
    canvas.save()
    return file.getvalue()


def packed_objects(*objects: tuple[int, bytes]) -> bytes:
    """Objects of those numbers in one stream."""
    heads, written = "", b""
    for number, content in objects:
        heads += f"{number} {len(written)} "
        written += content + b" "
    says = f"/Type/ObjStm/N {len(objects)}/First {len(heads)}/Filter/FlateDecode"
    return pdfs.stream(zlib.compress(heads.encode() + written), says)


TWICE = b"/X Do /X Do"
OWN_RESOURCES = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources 7 0 R"
LOOPS = {
    "itself": pdfs.pdf("/X Do", pdfs.form(TWICE, 6)),
    "each other": pdfs.pdf("/X Do", pdfs.form(TWICE, 7), pdfs.form(TWICE, 6)),
    "packed": pdfs.pdf(
        "/X Do", pdfs.form(through(TWICE, HEX, b"/FlateDecode"), 6, "/Filter[/AHx/Fl]")
    ),
    "by resources elsewhere": pdfs.pdf(
        "/X Do", pdfs.stream(TWICE, OWN_RESOURCES), b"<</XObject 8 0 R>>", b"<</X 6 0 R>>"
    ),
    "by packed resources": pdfs.pdf(
        "/X Do", pdfs.stream(TWICE, OWN_RESOURCES),
        packed_objects((9, b"<</Font 5 0 R>>"), (7, b"<</XObject<</X 6 0 R>>>>")),
    ),
    "26 levels": nested(26, 2),
    "3 levels": nested(4, 40),
}  # fmt: skip


@pytest.mark.parametrize("data", LOOPS.values(), ids=LOOPS)
def test_forms_that_draw_each_other_without_end_are_refused(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "PdfDocument", lambda data: pytest.fail("was opened"))
    with pytest.raises(ValueError, match="forms draw each other more than 50,000 times"):
        text_of(data)


@pytest.mark.parametrize(
    "data",
    [
        nested(39, 1), nested(4, 5),
        pdfs.pdf(pdfs.TEXT.format(text="Ten tanks.") + " /X Do", pdfs.form(b"/X Do", 6)),
        pdfs.pdf(pdfs.TEXT.format(text="Ten tanks.") + " /X Do" * 9, pdfs.form(b"/X Do " * 9, 99)),
        pdfs.pdf(pdfs.TEXT.format(text="Ten tanks."), b"<</Type/ObjStm/First 7>>"),
    ],
)  # fmt: skip
def test_forms_in_forms_are_read(data: bytes) -> None:
    assert text_of(data).startswith("Ten tanks.")


def test_a_blank_image_is_no_bomb() -> None:
    blank = drawing(zlib.compress(b"\xff" * 20_000_000, 9), says="/Subtype/Image")
    with pytest.raises(ValueError, match="holds no text"):
        text_of(blank)

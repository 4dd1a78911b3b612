"""Pdf files written by hand, sound ones and such as take time or memory without end."""

from __future__ import annotations

PAGE = (
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>"
    "/XObject<</X 6 0 R>>>>>>"
)
FONT = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
RESOURCES = "/Resources<</Font<</F1 5 0 R>>/XObject<</X {form} 0 R>>>>"
TEXT = "BT /F1 12 Tf 50 700 Td ({text}) Tj ET"


def stream(content: bytes, says: str = "") -> bytes:
    """A stream with what its dictionary says of it."""
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (says.encode(), len(content), content)


def pdf(content: str | bytes, *forms: bytes, pages: int = 1) -> bytes:
    """A pdf of pages that are all drawn by one content; the first form (object 6) is called X."""
    drawn = content if isinstance(content, bytes) else stream(content.encode())
    kids = "3 0 R " * pages
    heads = ("<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {pages}>>", PAGE)
    objects = (*(head.encode() for head in heads), drawn, FONT.encode(), *forms)
    written = (b"%d 0 obj%s endobj\n" % numbered for numbered in enumerate(objects, 1))
    return b"%%PDF-1.4\n%strailer<</Size %d/Root 1 0 R>>\n%%%%EOF" % (
        b"".join(written), len(objects) + 1,
    )  # fmt: skip


def sound(text: str = "Ten tanks.") -> bytes:
    """A pdf of one line."""
    return pdf(TEXT.format(text=text))


def form(content: bytes, draws: int, filters: str = "") -> bytes:
    """A form that calls the form of that number X."""
    return stream(
        content, f"/Type/XObject/Subtype/Form/BBox[0 0 9 9]{RESOURCES.format(form=draws)}{filters}"
    )


def lzw(data: bytes) -> bytes:
    """Bytes packed by LZW, as a pdf understands it; no shorter than they are."""
    bits = "".join(f"{code:09b}" for code in (256, *data, 257))
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def endless() -> bytes:
    """A form that draws itself twice, packed so that it is not seen before: it takes all memory."""
    return pdf("/X Do", form(lzw(b"/X Do /X Do"), 6, "/Filter/LZWDecode"))


def long() -> bytes:
    """A pdf within all limits that takes half a minute to be read."""
    return pdf(TEXT.format(text="x " * 16_000), pages=100)

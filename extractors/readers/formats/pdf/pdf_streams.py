"""Whether the packed streams of a pdf can be unpacked within bounds.

The library unpacks a stream whole (3 GB of blanks took it 4 GB of memory) and needs up to eighty
times its size for the objects drawn in it. So the streams are unpacked here first, in pieces, and
only counted. Images are not drawn to find a text; those in letters, of which a second undoes six
megabytes, are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.readers.formats.pdf.pdf_filters import (
    can_be_unpacked,
    filters_of,
    is_in_letters,
    unpacked,
)

# What draws a page packs 3 to 10 fold; a map has some megabytes of it.
FREE = 2_000_000  # unpacked bytes that are harmless whatever the ratio
RATIO_LIMIT = 50
IMAGE_LIMIT = 300_000_000  # unpacked bytes of an image: blank ones pack a thousand fold
TOTAL_LIMIT = 3_000_000_000  # unpacked bytes of all streams: ten seconds of counting
STREAM = re.compile(rb"stream\r?\n")
END = b"endstream"
OBJECT = b" obj"
DICTIONARY = 1_000  # bytes before a stream in which its object begins, and says what it is
IMAGE = re.compile(rb"/Subtype\s*/Image")
DRAWN = bytes(range(0x20, 0x7F)) + b"\t\n\f\r"  # what pages are drawn with; images have more


def check_streams(data: bytes) -> None:
    """Raises ValueError where the streams of a pdf unpack to far more than its pages can need."""
    end = total = 0
    for found in STREAM.finditer(data):
        start = found.end()
        before = data[max(0, found.start() - DICTIONARY) : found.start()]
        dictionary = before.rpartition(OBJECT)[2]
        filters = filters_of(dictionary)
        says_image = IMAGE.search(dictionary) is not None
        if says_image and is_in_letters(filters):
            continue
        if not can_be_unpacked(data[start : start + 2], filters):
            continue
        if end < start:
            end = data.find(END, start)
            end = len(data) if end < 0 else end
        total += _checked_size(memoryview(data)[start:end], filters, says_image)
        if total > TOTAL_LIMIT:
            raise ValueError(f"a pdf that unpacks to more than {TOTAL_LIMIT:,} bytes")


def _checked_size(packed: memoryview, filters: Sequence[bytes], is_image: bool) -> int:
    """The unpacked bytes of a stream. Raises ValueError where they are too many."""
    size = 0
    for piece in unpacked(packed, filters):
        if size == 0 and is_image:
            is_image = bool(piece.strip(DRAWN))
        size += len(piece)
        limit = IMAGE_LIMIT if is_image else max(FREE, RATIO_LIMIT * len(packed))
        if size > limit:
            raise ValueError(f"a pdf with {len(packed):,} bytes that unpack to more than {limit:,}")
    return size

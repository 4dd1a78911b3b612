"""Whether the packed streams of a pdf can be unpacked within bounds.

The library unpacks a stream whole (3 GB of blanks took it 4 GB of memory) and needs up to eighty
times its size for the objects drawn in it. So the streams are unpacked here first, in pieces, and
only counted. Not seen are streams that are packed by LZW or encrypted.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

# What draws a page packs 3 to 10 fold; a map has some megabytes of it.
FREE = 2_000_000  # unpacked bytes that are harmless whatever the ratio
RATIO_LIMIT = 50
IMAGE_LIMIT = 300_000_000  # unpacked bytes of an image: blank ones pack a thousand fold
TOTAL_LIMIT = 3_000_000_000  # unpacked bytes of all streams: ten seconds of counting
PIECE = 65_536
LAYERS = 4  # filters one upon the other
STREAM = re.compile(rb"stream\r?\n")
END = b"endstream"
DICTIONARY = 1_000  # bytes before a stream in which it says that it is an image
IMAGE = re.compile(rb"/Subtype\s*/Image")
DRAWN = bytes(range(0x20, 0x7F)) + b"\t\n\f\r"  # what pages are drawn with; images have more


def check_streams(data: bytes) -> None:
    """Raises ValueError where the streams of a pdf unpack to far more than its pages can need."""
    end = total = 0
    for found in STREAM.finditer(data):
        start = found.end()
        if not _is_packed(data[start : start + 2]):
            continue
        if end < start:
            end = data.find(END, start)
            end = len(data) if end < 0 else end
        says_image = IMAGE.search(data, max(0, found.start() - DICTIONARY), found.start())
        total += _checked_size(memoryview(data)[start:end], says_image is not None)
        if total > TOTAL_LIMIT:
            raise ValueError(f"a pdf that unpacks to more than {TOTAL_LIMIT:,} bytes")


def _checked_size(packed: memoryview, is_image: bool) -> int:
    """The unpacked bytes of a stream. Raises ValueError where they are too many."""
    size = 0
    for piece in _unpacked(_pieces(packed)):
        if size == 0 and is_image:
            is_image = bool(piece.strip(DRAWN))
        size += len(piece)
        limit = IMAGE_LIMIT if is_image else max(FREE, RATIO_LIMIT * len(packed))
        if size > limit:
            raise ValueError(f"a pdf with {len(packed):,} bytes that unpack to more than {limit:,}")
    return size


def _is_packed(head: bytes) -> bool:
    """Whether bytes begin as a zlib stream does (RFC 1950)."""
    return len(head) == 2 and head[0] & 0x0F == 8 and (head[0] << 8 | head[1]) % 31 == 0


def _pieces(packed: memoryview) -> Iterator[bytes]:
    return (bytes(packed[at : at + PIECE]) for at in range(0, len(packed), PIECE))


def _unpacked(pieces: Iterable[bytes], layers: int = LAYERS) -> Iterator[bytes]:
    """What the pieces unpack to, and if that is packed again, what that unpacks to."""
    unpacked = filter(None, _inflated(pieces))
    first = next(unpacked, b"")
    if layers > 1 and _is_packed(first[:2]):
        yield from _unpacked(chain([first], unpacked), layers - 1)
    elif first:
        yield first
        yield from unpacked


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of a zlib stream in pieces, as far as it is sound."""
    inflate = zlib.decompressobj()
    try:
        for piece in pieces:
            while piece and not inflate.eof:
                yield inflate.decompress(piece, PIECE)
                piece = inflate.unconsumed_tail
    except zlib.error:
        return

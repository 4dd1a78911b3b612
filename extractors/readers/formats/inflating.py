"""What gzip and zlib have packed, unpacked in pieces: a bomb is seen before it fills the memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

GZIP = b"\x1f\x8b"  # how every member of a gzip begins
# What is packed how, as zlib's "wbits" spell it:
GZIP_FRAME = 16 + zlib.MAX_WBITS
ZLIB_FRAME = zlib.MAX_WBITS
EITHER_FRAME = 32 + zlib.MAX_WBITS  # whichever its head says
NO_FRAME = -zlib.MAX_WBITS
UNPACKED = 1 << 16  # bytes that are given at a time
PACKED = 1 << 13  # bytes that are looked at: many small members in few bytes cost copies of them


def inflated(packed: Iterable[bytes], frame: int) -> Iterator[bytes]:
    """The unpacked bytes, at most ``UNPACKED`` of them at a time.

    The members of a gzip are one stream (RFC 1952); what stands behind the last one is no part of
    it. Raises EOFError where the stream is cut off, and zlib.error where it is broken.
    """
    decoder = zlib.decompressobj(frame)
    waiting = b""
    for piece in _pieces(packed):
        waiting += piece
        while waiting:
            if decoder.eof:
                if waiting == GZIP[:1]:
                    break  # the next piece tells whether another member begins
                if not waiting.startswith(GZIP):
                    return
                decoder = zlib.decompressobj(frame)
            yield decoder.decompress(waiting, UNPACKED)
            waiting = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
    while not decoder.eof:
        rest = decoder.decompress(b"", UNPACKED)
        if not rest and not decoder.eof:
            raise EOFError
        yield rest


def _pieces(packed: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in packed:
        for at in range(0, len(chunk), PACKED):
            yield chunk[at : at + PACKED]

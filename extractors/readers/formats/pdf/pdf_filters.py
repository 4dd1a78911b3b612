"""What the streams of a pdf unpack to, in pieces, through as many filters as they state.

Not undone are the filters of images, LZW (it would take a second for each megabyte) and encryption,
and those that a stream states in an object of its own.
"""

from __future__ import annotations

import re
import zlib
from base64 import a85decode
from binascii import unhexlify
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

PIECE = 65_536
LAYERS = 4  # times that a stream is packed by zlib, whatever it states
FILTER = re.compile(rb"/Filter\s*(\[[^\]]*\]|/\w+)")
NAME = re.compile(rb"/(\w+)")
NOT_HEX = bytes({*range(256)} - {*b"0123456789abcdefABCDEF"})
WHITE_SPACE = b"\0\t\n\f\r "
END_OF_RUNS = 128
ZEROS = (b"z", b"!!!!!")  # how four zeros are written in short

Pieces = Iterable[bytes]


def filters_of(dictionary: bytes) -> tuple[bytes, ...]:
    """The filters that the dictionary of a stream states, in the order in which they are undone."""
    stated = FILTER.search(dictionary)
    return tuple(NAME.findall(stated[1])) if stated else ()


def can_be_unpacked(start: bytes, filters: Sequence[bytes]) -> bool:
    """Whether a stream that starts so is packed in a way that is undone here."""
    return _is_zlib(start) or is_in_letters(filters)


def is_in_letters(filters: Sequence[bytes]) -> bool:
    """Whether one of the filters is undone by Python, slower than zlib by a hundred times."""
    return any(name in UNDOING for name in filters)


def unpacked(packed: memoryview, filters: Sequence[bytes]) -> Iterator[bytes]:
    """What a stream unpacks to, in pieces, as far as it is sound."""
    pieces: Pieces = (bytes(packed[at : at + PIECE]) for at in range(0, len(packed), PIECE))
    for name in filters:
        if name in UNDOING:
            pieces = UNDOING[name](pieces)
        elif name in ZLIB:
            pieces = _inflated(pieces)
        else:
            break
    return _inflated(pieces, LAYERS)


def _is_zlib(head: bytes) -> bool:
    """Whether bytes begin as a zlib stream does (RFC 1950)."""
    return len(head) >= 2 and head[0] & 0x0F == 8 and (head[0] << 8 | head[1]) % 31 == 0


def _inflated(pieces: Pieces, layers: int = 1) -> Iterator[bytes]:
    """What the pieces unpack to where they are packed by zlib; and what that does, and so on."""
    found = filter(None, pieces)
    first = next(found, b"")
    whole = chain([first], found)
    if layers and _is_zlib(first):
        yield from _inflated(_zlib(whole), layers - 1)
    elif first:
        yield from whole


def _zlib(pieces: Pieces) -> Iterator[bytes]:
    inflate = zlib.decompressobj()
    try:
        for piece in pieces:
            while piece and not inflate.eof:
                yield inflate.decompress(piece, PIECE)
                piece = inflate.unconsumed_tail
    except zlib.error:
        return


def _hexadecimal(pieces: Pieces) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        digits, end, _ = piece.partition(b">")
        digits = rest + digits.translate(None, NOT_HEX)
        even = len(digits) & ~1
        yield unhexlify(digits[:even])
        rest = digits[even:]
        if end:
            return


def _base85(pieces: Pieces) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        digits, end, _ = piece.translate(None, WHITE_SPACE).partition(b"~")
        digits = rest + digits.replace(*ZEROS)
        whole = len(digits) if end else len(digits) // 5 * 5
        try:
            yield a85decode(digits[:whole])
        except ValueError:
            return
        rest = digits[whole:]
        if end:
            return


def _runs(pieces: Pieces) -> Iterator[bytes]:
    """Run lengths: n below 128 stands before n + 1 bytes, n above before one that is 257 - n."""
    rest = b""
    for piece in pieces:
        packed, at, runs = rest + piece, 0, list[bytes]()
        while at < len(packed) and packed[at] != END_OF_RUNS:
            n = packed[at]
            end = at + (n + 2 if n < END_OF_RUNS else 2)
            if end > len(packed):
                break
            run = packed[at + 1 : end]
            runs.append(run if n < END_OF_RUNS else run * (257 - n))
            at = end
        yield b"".join(runs)
        rest = packed[at:]
        if rest[:1] == bytes([END_OF_RUNS]):
            return


ZLIB = {b"FlateDecode", b"Fl"}
UNDOING: dict[bytes, Callable[[Pieces], Iterator[bytes]]] = {
    b"ASCIIHexDecode": _hexadecimal,
    b"AHx": _hexadecimal,
    b"ASCII85Decode": _base85,
    b"A85": _base85,
    b"RunLengthDecode": _runs,
    b"RL": _runs,
}

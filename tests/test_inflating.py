"""What gzip and zlib have packed: all members of it, in pieces, and whether it is whole."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.readers.formats.inflating import (
    EITHER_FRAME,
    GZIP_FRAME,
    NO_FRAME,
    UNPACKED,
    ZLIB_FRAME,
    inflated,
)

MEMBERS = st.lists(st.binary(max_size=60), min_size=1, max_size=6)


def chunks(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def whole(data: bytes, frame: int = EITHER_FRAME, size: int = 1000) -> bytes:
    return b"".join(inflated(chunks(data, size), frame))


@given(MEMBERS, st.integers(1, 40), st.sampled_from([b"", b"\0" * 9, b"\x1f", b"tail"]))
def test_all_members_are_one_stream(members: list[bytes], size: int, behind: bytes) -> None:
    packed = b"".join(map(gzip.compress, members)) + behind
    for frame in (GZIP_FRAME, EITHER_FRAME):
        assert whole(packed, frame, size) == b"".join(members)


@given(MEMBERS, st.integers(1, 40), st.data())
def test_a_stream_that_is_cut_off(members: list[bytes], size: int, data: st.DataObject) -> None:
    *before, last = map(gzip.compress, members)
    kept = data.draw(st.integers(2, len(last) - 1))  # of one byte nobody can say what it begins
    with pytest.raises(EOFError):
        whole(b"".join(before) + last[:kept], GZIP_FRAME, size)


@pytest.mark.parametrize("frame", [ZLIB_FRAME, EITHER_FRAME])
def test_zlib_has_one_member(frame: int) -> None:
    assert whole(zlib.compress(b"Four.") + b"tail", frame) == b"Four."


def test_a_stream_without_a_frame() -> None:
    packer = zlib.compressobj(wbits=NO_FRAME)
    packed = packer.compress(b"Four." * 9000) + packer.flush()
    assert whole(packed, NO_FRAME) == b"Four." * 9000


@pytest.mark.parametrize(
    "data", [b"no gzip at all", gzip.compress(b"Four.", mtime=0) + b"\x1f\x8b broken"]
)
def test_a_broken_stream(data: bytes) -> None:
    with pytest.raises(zlib.error):
        whole(data)


def test_a_bomb_comes_in_pieces() -> None:
    packed = gzip.compress(bytes(3_000_000)) * 2
    sizes = [len(piece) for piece in inflated([packed], GZIP_FRAME)]
    assert sum(sizes) == 6_000_000
    assert max(sizes) <= UNPACKED

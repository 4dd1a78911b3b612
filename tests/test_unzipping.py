"""Zip files that are refused before a library unpacks them."""

from __future__ import annotations

import random
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest

from extractors.readers.formats import unzipping
from extractors.readers.formats.unzipping import checked_zip, opened_zip, unpacked

MEGABYTE = 1_000_000


def packed(entries: dict[str, bytes], packing: int = ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", packing) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file.getvalue()


def declaring(data: bytes, size: int, checksum: int) -> bytes:
    """A zip file of one entry with another size and checksum written into its directory."""
    directory = bytearray(data)
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", directory, at + 16, checksum)
    struct.pack_into("<L", directory, at + 24, size)
    return bytes(directory)


def test_a_sound_zip_is_read() -> None:
    data = packed({"a.txt": b"four howitzers" * 100, "b/": b"", "c.bin": b""})
    archive = checked_zip(BytesIO(data))
    assert [unpacked(archive, entry) for entry in archive.infolist()] == [
        b"four howitzers" * 100, b"", b"",
    ]  # fmt: skip


def flagged(data: bytes) -> bytes:
    directory = bytearray(data)
    directory[data.rindex(b"PK\x01\x02") + 8] |= unzipping.ENCRYPTED
    return bytes(directory)


SOUND = packed({"a.txt": random.Random(1).randbytes(5000)})


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        pytest.param(lambda: b"", "an empty file", id="empty"),
        pytest.param(lambda: b"%PDF-1.4", "not a zip file", id="another kind"),
        pytest.param(lambda: b"\xd0\xcf\x11\xe0" * 9, "with a password", id="office password"),
        pytest.param(lambda: SOUND[:-30], "broken or cut off", id="cut in its directory"),
        pytest.param(lambda: SOUND[:2000], "broken or cut off", id="cut in its entry"),
        pytest.param(lambda: flagged(SOUND), "has a password", id="password"),
        pytest.param(
            lambda: packed({"a": b"x" * 99}, ZIP_BZIP2), "another way than deflate", id="bzip2"
        ),
        pytest.param(
            lambda: packed({"a": b"x" * 99}, ZIP_LZMA), "another way than deflate", id="lzma"
        ),
        pytest.param(
            lambda: packed({"a": bytes(30 * MEGABYTE)}), "a zip bomb", id="a ratio of a thousand"
        ),
        pytest.param(
            lambda: packed({str(n): random.Random(n).randbytes(60_000) for n in range(40)}),
            "unpacks to 2,400,000 bytes (at most 2,000,000 are read)",
            id="many entries together",
        ),
        pytest.param(
            lambda: SOUND[:100] + b"\xff" + SOUND[101:], "broken or cut off", id="a changed byte"
        ),
    ],
)
def test_what_is_refused(data: Callable[[], bytes], cause: str) -> None:
    limit = 2 * MEGABYTE if "2,000,000" in cause else unzipping.UNPACKED_LIMIT
    with pytest.raises(ValueError, match=r"^[^\n]+$") as refused:
        checked_zip(BytesIO(data()), limit)
    assert cause in str(refused.value)


def test_an_entry_that_is_larger_than_it_declares_is_not_unpacked_further() -> None:
    """The size declared is small and the checksum right for it: only unpacking tells."""
    small = 100_000
    data = declaring(packed({"a": bytes(200 * MEGABYTE)}), small, zlib.crc32(bytes(small)))
    tracemalloc.start()
    with pytest.raises(ValueError, match="broken or cut off"):
        checked_zip(BytesIO(data))
    assert tracemalloc.get_traced_memory()[1] < MEGABYTE
    tracemalloc.stop()


def test_too_many_entries() -> None:
    data = packed({str(n): b"" for n in range(4)})
    assert len(opened_zip(BytesIO(data), 4).infolist()) == 4
    with pytest.raises(ValueError, match=r"^holds more than 3 files$"):
        opened_zip(BytesIO(data), 3)


def test_a_directory_is_not_read_where_it_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unzipping, "ZipFile", lambda file: pytest.fail("was opened"))
    with pytest.raises(ValueError, match=r"^holds more than 3 files$"):
        opened_zip(BytesIO(packed({"long" * 200: b""})), 3)


def test_damage_is_a_value_error_or_harmless() -> None:
    rng = random.Random(7)
    sound = packed({"a.txt": b"16 howitzers " * 50, "b.txt": rng.randbytes(300)})
    causes = set()
    for _ in range(1500):
        data = bytearray(sound[: rng.randrange(len(sound))] if rng.random() < 0.3 else sound)
        for _ in range(rng.randrange(4)):
            if data:
                data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            checked_zip(BytesIO(data))
        except ValueError as error:
            causes.add(str(error))
    assert causes
    assert not any("\n" in cause for cause in causes)

"""Zip archives: every file of a kind that is read, in the order of their names.

Nothing is written to a disk: an entry is unpacked into memory, or read while it is unpacked where
its own format can be read from front to back.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import (
    SEEK_CUR,
    SEEK_END,
    SEEK_SET,
    BufferedReader,
    BytesIO,
    RawIOBase,
    UnsupportedOperation,
)
from pathlib import PurePosixPath
from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

from extractors.readers.formats import KINDS, kind_of, others_left_out
from extractors.readers.formats import contents as contents_of
from extractors.readers.formats.archives.allowance import Allowance, BombError
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.unzipping import ENCRYPTED, KNOWN_PACKING, opened_zip, pieces
from extractors.readers.problem import Problem, fault, one_line

ARCHIVE = ".zip"
STREAMED = {".jsonl", ".ndjson", ".csv", ".tsv", ".warc", ".warc.gz"}
DEPTH_LIMIT = 3  # archives within each other: a collection of collections, and one more
ENTRY_LIMIT = 500_000  # files in an archive; their list is held in memory, some 500 bytes each
MEMORY_LIMIT = 250_000_000  # bytes of one file that is unpacked into memory
NAME_LIMIT = 200  # characters of an entry's name that are shown
DRIVE = re.compile(r"[A-Za-z]:")


def contents(file: BinaryIO, reading: ReadOptions) -> Iterator[Content | Problem]:
    """The documents in a zip file and in the archives within it; ``place`` is the entry's name.

    Raises ValueError for a file that is broken or no zip file, and, when it shows, for a bomb.
    """
    size = file.seek(0, SEEK_END)
    file.seek(0)
    tally = _Tally(Allowance(size))
    yield from _documents(file, reading, tally, "")
    for cause, names in tally.unread.items():
        more = f" (and {len(names) - 1:,} more like it)" if len(names) > 1 else ""
        yield Problem(names[0], f"not read: {cause}{more}")
    if tally.others:
        yield Problem("", others_left_out(tally.others), lost=False)


@dataclass
class _Tally:
    """What has come to light in an archive and in those within it."""

    allowance: Allowance
    others: Counter[str] = field(default_factory=Counter)
    unread: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def _documents(
    file: BinaryIO, reading: ReadOptions, tally: _Tally, outer: str
) -> Iterator[Content | Problem]:
    """The documents of an archive, which lies at a place within the outermost one."""
    within = replace(reading, depth=reading.depth + 1, url=None, charset=None, part=None)
    readable = 0
    with opened_zip(file, ENTRY_LIMIT) as archive:
        entries = [entry for entry in archive.infolist() if not _is_left_out(entry)]
        _check_overlap(entries)
        tally.allowance.expect(sum(e.file_size for e in entries if kind_of(e.filename)))
        for entry in sorted(entries, key=lambda entry: entry.filename):
            place = outer + one_line(entry.filename[:NAME_LIMIT])
            kind = kind_of(entry.filename)
            readable += kind is not None
            if kind is None:
                tally.others[PurePosixPath(entry.filename).suffix.lower() or "no extension"] += 1
            elif cause := _why_unread(entry, kind, within.depth):
                tally.unread[cause].append(place)
            else:
                yield from _entry(archive, entry, kind, within, tally, place)
    if not readable:
        raise ValueError(f"holds no document ({', '.join(KINDS)})")


def _entry(
    archive: ZipFile, entry: ZipInfo, kind: str, reading: ReadOptions, tally: _Tally, place: str
) -> Iterator[Content | Problem]:
    """The documents in one file of an archive."""
    stream = _Unpacking(archive, entry, tally.allowance)
    try:
        if kind == ARCHIVE:
            yield from _documents(BytesIO(stream.read()), reading, tally, f"{place}: ")
        else:
            file = BufferedReader(stream) if kind in STREAMED else BytesIO(stream.read())
            for part in contents_of(kind, file, reading):
                yield _placed(part, place)
    except BombError:
        raise
    except ValueError as error:
        yield Problem(place, str(error))
    except Exception as error:  # whatever one file of an archive does, the next is read
        yield Problem(place, fault(error))


class _Unpacking(RawIOBase):
    """A file of an archive, unpacked as it is read; it can be wound back to its start only."""

    def __init__(self, archive: ZipFile, entry: ZipInfo, allowance: Allowance) -> None:
        self._archive, self._entry, self._allowance = archive, entry, allowance
        self._rewind()

    def _rewind(self) -> None:
        self._pieces = pieces(self._archive, self._entry)
        self._piece = memoryview(b"")
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        if whence == SEEK_CUR and not offset:
            return self._position
        if offset or whence != SEEK_SET:
            raise UnsupportedOperation("a packed file is read from front to back")
        self._rewind()
        return 0

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if not self._piece:
            piece = next(self._pieces, b"")
            self._allowance.spend(len(piece))
            self._piece = memoryview(piece)
        size = min(len(buffer), len(self._piece))
        buffer[:size], self._piece = self._piece[:size], self._piece[size:]
        self._position += size
        return size


def _why_unread(entry: ZipInfo, kind: str, depth: int) -> str | None:
    """Why a file cannot be read that is of a kind to be read, as far as the archive says it."""
    if _leads_outside(entry.filename):
        return "the path leads out of the archive"
    if entry.flag_bits & ENCRYPTED:
        return "it has a password"
    if entry.compress_type not in KNOWN_PACKING:
        return "it is packed in another way than deflate"
    if kind == ARCHIVE and depth >= DEPTH_LIMIT:
        return f"an archive in more than {DEPTH_LIMIT - 1} others"
    if kind not in STREAMED and entry.file_size > MEMORY_LIMIT:
        return f"it unpacks to more than {MEMORY_LIMIT:,} bytes"
    return None


def _check_overlap(entries: list[ZipInfo]) -> None:
    """Raises ValueError where two entries share packed bytes, as only bombs do."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise ValueError("holds files that overlap: a zip bomb")
        end = entry.header_offset + entry.compress_size


def _leads_outside(name: str) -> bool:
    parts = _parts(name)
    return not parts[0] or bool(DRIVE.match(name)) or ".." in parts


def _is_left_out(entry: ZipInfo) -> bool:
    """Whether it is a folder, hidden, or what macOS keeps beside each file."""
    parts = set(_parts(entry.filename)) - {".", ".."}
    folder = entry.filename.endswith("/")
    return folder or any(part.startswith((".", "__MACOSX")) for part in parts)


def _parts(name: str) -> list[str]:
    """The folders and the file, as they would be taken on any system."""
    return name.replace("\\", "/").split("/")


def _placed(part: Content | Problem, place: str) -> Content | Problem:
    if isinstance(part, Problem):
        return replace(part, path=f"{place}: {part.path}" if part.path else place)
    return replace(part, place=f"{place}: {part.place}" if part.place else place)

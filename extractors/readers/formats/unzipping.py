"""Zip files that can be unpacked safely: within bounds, whole, and without a password.

A docx, an odt and an xlsx are zip files too. The libraries that read them unpack whole entries into
memory and believe the size that the file declares, so both are looked at before: the sizes in the
directory first, and then every entry is unpacked once in pieces and counted.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Collection, Iterator
from copy import copy
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

# Documents are far below these; what is above is made to fill a memory or a disk.
UNPACKED_LIMIT = 500_000_000  # bytes in all entries together
ENTRY_LIMIT = 50_000  # entries; their directory is held in memory, some 500 bytes each
DIRECTORY_SHARE = 200  # bytes of that directory for each entry, at most
RATIO_LIMIT = 200  # unpacked to packed bytes; Word's styles pack 30 fold, one line repeated 180
RATIO_FREE = 20_000_000  # unpacked bytes that are harmless whatever the ratio
PIECE = 65_536  # bytes unpacked at a time
ENCRYPTED = 0x1  # the bit in an entry's flags
# Of the ways to pack, only these unpack in pieces of bounded size; bzip2 and lzma do not.
KNOWN_PACKING = (ZIP_STORED, ZIP_DEFLATED)
ZIP64 = 0xFFFFFFFF  # a size that stands in the longer entry before
TAIL = 65_600  # bytes at the end of a file within which its directory is described
OLE = b"\xd0\xcf\x11\xe0"  # the container of doc and xls, and of docx and xlsx with a password
# What the standard library raises for a zip file with damaged bytes.
BROKEN = (BadZipFile, EOFError, OSError, RuntimeError, OverflowError, struct.error, zlib.error)


def checked_zip(file: BinaryIO, limit: int = UNPACKED_LIMIT) -> ZipFile:
    """The zip file, when all of it can be unpacked into at most ``limit`` bytes.

    Every entry has been unpacked once, and its size and checksum agree with what is declared, so
    any library may now read it. Raises ValueError for a bomb, a password, or a broken file.
    """
    archive = unlocked_zip(file)
    check_sizes(archive.infolist(), limit)
    for entry in archive.infolist():
        for _ in pieces(archive, entry):
            pass
    file.seek(0)
    return archive


def unlocked_zip(file: BinaryIO) -> ZipFile:
    """The zip file, when it has no password and is packed in a way that unpacks piece by piece.

    Nothing is unpacked yet, and the sizes that it declares are for :func:`check_sizes`; read its
    entries with :func:`pieces` or :func:`unpacked` only, which hold them to those sizes. Raises
    ValueError for a broken file too.
    """
    archive = opened_zip(file)
    entries = archive.infolist()
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise ValueError("has a password")
    if any(entry.compress_type not in KNOWN_PACKING for entry in entries):
        raise ValueError("packed in another way than deflate")
    return archive


def check_sizes(entries: Collection[ZipInfo], limit: int = UNPACKED_LIMIT) -> None:
    """Raises ValueError where the sizes that entries declare are those of a bomb."""
    unpacked_size = sum(entry.file_size for entry in entries)
    packed_size = sum(entry.compress_size for entry in entries)
    if unpacked_size > limit:
        raise ValueError(f"unpacks to {unpacked_size:,} bytes (at most {limit:,} are read)")
    if unpacked_size > max(RATIO_FREE, RATIO_LIMIT * packed_size):
        raise ValueError(f"unpacks to {unpacked_size:,} bytes from {packed_size:,}: a zip bomb")


def opened_zip(file: BinaryIO, limit: int = ENTRY_LIMIT) -> ZipFile:
    """The zip file, when it lists at most ``limit`` entries. Raises ValueError for a broken one."""
    too_many = f"holds more than {limit:,} files"
    if _directory_size(file) > DIRECTORY_SHARE * limit:
        raise ValueError(too_many)
    try:
        archive = ZipFile(file)
    except (*BROKEN, ValueError) as error:
        raise ValueError(_why_unopened(file)) from error
    if len(archive.infolist()) > limit:
        raise ValueError(too_many)
    return archive


def unpacked(archive: ZipFile, entry: ZipInfo) -> bytes:
    """All of an entry. Raises ValueError where it is broken or larger than it declares."""
    return b"".join(pieces(archive, entry))


def pieces(archive: ZipFile, entry: ZipInfo) -> Iterator[bytes]:
    """The bytes of an entry, a piece at a time.

    Raises ValueError where it is broken, or larger or smaller than it declares.
    """
    one_more = copy(entry)  # the library stops at the size it is told, whatever comes after
    one_more.file_size += 1
    size = 0
    try:
        with archive.open(one_more) as stream:
            while (piece := stream.read(PIECE)) and size <= entry.file_size:
                size += len(piece)
                yield piece
    except (*BROKEN, ValueError) as error:
        raise ValueError("broken or cut off") from error
    if size != entry.file_size:
        raise ValueError("broken or cut off")


def _directory_size(file: BinaryIO) -> int:
    """The largest size of a directory, in bytes, that the end of the file states."""
    file.seek(max(0, file.seek(0, 2) - TAIL))
    tail = file.read()
    file.seek(0)
    found = [found[1] for found in re.finditer(rb"PK\x05\x06.{8}(.{4})", tail, re.S)]
    found += [found[1] for found in re.finditer(rb"PK\x06\x06.{36}(.{8})", tail, re.S)]
    sizes = (int.from_bytes(size, "little") for size in found)
    return max((size for size in sizes if size != ZIP64), default=0)


def _why_unopened(file: BinaryIO) -> str:
    file.seek(0)
    head = file.read(4)
    if not head:
        return "an empty file"
    if head == OLE:
        return "an older Office file, or one with a password"
    return "broken or cut off" if head == b"PK\x03\x04" else "not a zip file"

"""Outputs that are written whole or not at all, and never over a ledger.

Until it is whole, an output lies beside its place under a hidden name of ours, locked for as long
as its writer lives. So the next run that writes into the folder can tell what a killed one has left
there, and removes it. A symbolic link is followed: what it leads to is replaced.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedWriter, FileIO
from pathlib import Path
from typing import Any, BinaryIO

try:
    import fcntl
except ImportError:  # no such locks on this platform: what killed runs have left stays there
    fcntl = None  # type: ignore[assignment]

_UNFINISHED = re.compile(r"\.aidledger-[0-9a-f]{16}\.part")
_SQLITE = b"SQLite format 3\0"  # how every SQLite file begins (sqlite.org/fileformat.html)
_BESIDE_SQLITE = re.compile(r"(?i)(.+)-(?:wal|shm|journal)")  # what a ledger in use has beside it
_OPEN_FILE = re.compile(r"(?:/proc/(self|thread-self|\d+)(?:/task/\d+)?/fd|/dev/fd)/(\d+)")
_MOST_LINKS = 40  # as many as Linux follows
# what XML 1.0 cannot hold, and halves of a surrogate pair, which UTF-8 cannot
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Target:
    """Where an output goes: ``path`` as it was named, ``place`` where its links lead, and whether
    a new file takes that place; a device, a pipe or an open file is written to as it is."""

    path: Path
    place: Path
    is_replaced: bool


def target_of(path: Path | str) -> Target:
    """Where an output of this name goes.

    Raises OSError where nothing may be written: FileNotFoundError that names the folder which is
    not there, IsADirectoryError, PermissionError, FileExistsError for a ledger.
    """
    path = Path(path)
    place = followed(path)
    if _OPEN_FILE.fullmatch(str(place)):
        _check_no_ledger(path, place)
        return Target(path, place, False)
    try:
        kind = place.stat().st_mode
    except FileNotFoundError:
        if not place.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, "no such folder", str(place.parent)) from None
        kind = stat.S_IFREG
    else:
        if stat.S_ISDIR(kind):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not os.access(place, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    _check_no_ledger(path, place)
    return Target(path, place, stat.S_ISREG(kind))


@contextmanager
def replacing(path: Path | str, *, tidy: bool = True) -> Iterator[BinaryIO]:
    """A new file that takes the place of ``path`` when the block ends, or is removed if it fails.

    It takes over the permissions of the old one. A device, a pipe or an open file (``/dev/stdout``)
    is written to as it is. What killed runs have left in the folder is removed, unless ``tidy`` is
    off: other machines, whose locks may not be seen here, write there too. Raises OSError as
    :func:`target_of` does, and where writing fails one that names ``path``.
    """
    target = target_of(path)
    if not target.is_replaced:
        with _naming(target.path):
            file = _as_it_is(target)
        with file:
            yield file
        return
    if tidy:
        remove_leftovers(target.place.parent)
    with _naming(target.path):
        unfinished, file = _new_file(target)
    with FileIO(os.dup(file.fileno()), "wb") as held:  # the lock, until the file has its name
        try:
            with file:
                yield file
            with _naming(target.path):
                os.fsync(held)
            if fcntl is None:  # where there are no locks, only a closed file can be renamed
                held.close()
            put_in_place(unfinished, target)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise


def put_in_place(unfinished: Path, target: Target) -> None:
    """A finished file takes its place, with the permissions of the one that was there.

    Raises OSError, also where a ledger has come to be there meanwhile.
    """
    _check_no_ledger(target.path, target.place)
    with _naming(target.path):
        _take_over_permissions(target.place, unfinished)
        unfinished.replace(target.place)


def named(file: Path | int, mode: str, path: Path, **options: Any) -> BufferedWriter:
    """A file open for writing whose failures name ``path``, the output that it becomes."""
    return BufferedWriter(_Named(file, mode, path, **options))


def remove_leftovers(folder: Path) -> None:
    """Removes the unfinished outputs of runs that were killed; those of runs that live are locked.

    What cannot be opened, locked or removed stays.
    """
    if fcntl is None or not os.access(folder, os.R_OK):
        return
    for name in filter(_UNFINISHED.fullmatch, os.listdir(folder)):
        left = folder / name
        with suppress(OSError):  # gone meanwhile, another's, or in use
            descriptor = os.open(left, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                left.unlink()
            finally:
                os.close(descriptor)


def followed(path: Path) -> Path:
    """Where a path leads through links, also to what is not there yet. Raises OSError for a loop.

    It ends at an open file of a process: what lies behind that must not be replaced.
    """
    place = path
    for _ in range(_MOST_LINKS):
        if _OPEN_FILE.fullmatch(str(place)) or not place.is_symlink():
            return place
        place = place.parent / os.readlink(place)
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))


def _check_no_ledger(path: Path, place: Path) -> None:
    beside = _BESIDE_SQLITE.fullmatch(place.name)
    if _is_sqlite(place) or (beside and _is_sqlite(place.with_name(beside[1]))):
        raise FileExistsError(errno.EEXIST, "a ledger, which is not written over", str(path))


def _is_sqlite(place: Path) -> bool:
    if not place.is_file():
        return False
    with place.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _new_file(target: Target) -> tuple[Path, BufferedWriter]:
    """A file of ours beside the target, locked by this process."""
    mode = 0o600 if target.place.exists() else 0o666  # the old one may be private
    while True:
        name = target.place.with_name(f".aidledger-{os.urandom(8).hex()}.part")
        file = named(name, "xb", target.path, opener=lambda path, flags: os.open(path, flags, mode))
        if fcntl is not None:
            with suppress(OSError):  # no locks on this file system: then nobody removes the file
                fcntl.flock(file, fcntl.LOCK_EX)
        if name.exists():
            return name, file
        file.close()  # taken for a leftover in the moment before it was locked


def _as_it_is(target: Target) -> BufferedWriter:
    """A device, a pipe or an open file; one of this process goes on where it stands."""
    opened = _OPEN_FILE.fullmatch(str(target.place))
    if opened and opened[1] in (None, "self", "thread-self", str(os.getpid())):
        return named(os.dup(int(opened[2])), "wb", target.path)
    return named(target.place, "ab", target.path)


def _take_over_permissions(old: Path, new: Path) -> None:
    """Owner and group, as far as they may be given away, mode, access list and attributes."""
    import shutil

    try:
        held = old.stat()
    except FileNotFoundError:
        return
    if sys.platform != "win32":
        for owner in ((-1, held.st_gid), (held.st_uid, -1)):
            with suppress(PermissionError):  # only root gives a file away
                os.chown(new, *owner)
    shutil.copystat(old, new)
    os.utime(new)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Failures of the system as those of ``path``, whatever hidden name they speak of."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


class _Named(FileIO):
    """A file whose failures name the output that it becomes."""

    def __init__(self, file: Path | int, mode: str, path: Path, **options: Any) -> None:
        super().__init__(file, mode, **options)
        self._path = path

    def write(self, data: Any, /) -> int:
        with _naming(self._path):
            return super().write(data)

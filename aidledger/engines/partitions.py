"""A corpus cut into partitions for a cluster: files wherever fsspec finds them, and parts of them.

A file of lines is cut without being read: a stretch holds the lines that begin in it, and the
worker that reads it finds where they do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aidledger.engines.extra import needed
from extractors.readers.formats import ENDINGS, KINDS, kind_of, others_left_out
from extractors.readers.formats.encoding import HEAD
from extractors.readers.formats.tables import json_lines
from extractors.readers.problem import Problem
from ledger.errors import LedgerError

SIZE = 1 << 24  # bytes of a partition: some seconds of work, and some megabytes of figures
FILES = 1000  # in one partition


@dataclass(frozen=True, slots=True)
class Stretch:
    """A file, or its lines that begin in ``size`` bytes from ``start`` on; as fsspec names it."""

    url: str
    size: int
    start: int | None = None

    @property
    def name(self) -> str:
        """What the stretch is called in a problem."""
        path = self.url.removeprefix("file://")
        return f"{path} (from byte {self.start:,})" if self.start else path


@dataclass(frozen=True, slots=True)
class Partition:
    """Work for one worker, and the number of the part that it writes."""

    number: int
    stretches: tuple[Stretch, ...]

    @property
    def size(self) -> int:
        """Its bytes."""
        return sum(stretch.size for stretch in self.stretches)


def partitions_of(paths: Iterable[str], note: Callable[[Problem], None]) -> Iterator[Partition]:
    """The partitions of the files that paths, folders and globs name, in order.

    ``note`` hears of what is not read. Raises LedgerError for a place that nothing opens.
    """
    number, held, size = 0, list[Stretch](), 0
    for stretch in _stretches(paths, note):
        if held and (size + stretch.size > SIZE or len(held) >= FILES):
            yield Partition(number, tuple(held))
            number, held, size = number + 1, [], 0
        held.append(stretch)
        size += stretch.size
    if held:
        yield Partition(number, tuple(held))


def _stretches(paths: Iterable[str], note: Callable[[Problem], None]) -> Iterator[Stretch]:
    for url, size in _files(paths, note):
        if kind_of(url) in ENDINGS["tables.json_lines"] and size > SIZE and not _is_own(url):
            for start in range(0, size, SIZE):
                yield Stretch(url, min(SIZE, size - start), start)
        else:
            yield Stretch(url, size)


def _is_own(url: str) -> bool:
    """Whether a file of lines is one that this program has written, which is refused at once."""
    filesystem, place = filesystem_of(url)
    try:
        with filesystem.open(place, "rb", block_size=HEAD) as file:
            return json_lines.begins_as_own(file.read(HEAD))
    except OSError:  # said by whoever reads it
        return False


def _files(paths: Iterable[str], note: Callable[[Problem], None]) -> Iterator[tuple[str, int]]:
    """The files that the paths name and their bytes, in order."""
    for path in paths:
        if path.startswith(("http://", "https://")):
            note(Problem(path, "urls are read without --engine"))
            continue
        filesystem, place = filesystem_of(path)
        try:
            is_folder = filesystem.isdir(place)
            names = _listed(filesystem, place, is_folder)
        except OSError as error:
            note(Problem(path, str(error.strerror or error).lower()))
            continue
        readable = [name for name in names if kind_of(name)]
        if not readable:
            kinds = f"holds no document ({', '.join(KINDS)})"
            cause = kinds if names or is_folder else "no such file or folder"
            note(Problem(path, cause))
        elif len(names) > len(readable):
            endings = (Path(name).suffix.lower() for name in names if not kind_of(name))
            others = Counter(ending or "no extension" for ending in endings)
            note(Problem(path, others_left_out(others), lost=False))
        for name in readable:
            try:
                known = filesystem.info(name)
            except OSError as error:  # a link to nothing; what was removed meanwhile
                note(Problem(name, str(error.strerror or error).lower()))
                continue
            if known["type"] != "file":
                note(Problem(name, "not a regular file"))
            else:
                yield filesystem.unstrip_protocol(name), known["size"] or 0


def _listed(filesystem: Any, place: str, is_folder: bool) -> list[str]:
    """The files at a place, sorted; those in hidden folders and hidden ones are left out."""
    if is_folder:
        found = filesystem.find(place)
        below = len(place.rstrip("/")) + 1
        return sorted(n for n in found if not any(p[:1] == "." for p in n[below:].split("/")))
    if any(sign in place for sign in "*?["):
        return sorted(name for name in filesystem.glob(place) if not filesystem.isdir(name))
    return [place] if filesystem.exists(place) else []


def filesystem_of(url: str) -> tuple[Any, str]:
    """What a path lies on, and its place there. Raises LedgerError where nothing opens it."""
    core = needed("fsspec.core", "--engine dask")
    try:
        filesystem, path = core.url_to_fs(url)
    except (ImportError, ValueError, OSError) as error:
        raise LedgerError(f"{url}: {' '.join(str(error).split())}") from error
    return filesystem, path

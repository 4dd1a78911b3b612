"""A corpus cut into chunks of work: some files, or a stretch of a file of lines.

The chunks of the same files are always the same, however many processes work on them, so that an
interrupted run can go on behind the last one that was finished.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from extractors.readers.formats import ENDINGS, kind_of
from extractors.readers.formats.content import Part
from extractors.readers.formats.tables import json_lines
from extractors.readers.problem import Problem
from extractors.readers.read import STDIN, files_of
from ledger.figure import Source

SIZE = 1 << 18  # bytes: a tenth of a second of reading, against which handing over costs nothing
FILES = 16  # small files may be slow to read (a pdf), and no process should wait for another


@dataclass(frozen=True, slots=True)
class Piece:
    """A file, or a part of one; ``size`` is its bytes, 0 where they are not known beforehand."""

    path: str
    part: Part | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class Chunk:
    """Work for one process: pieces, or texts that are read already, in their order, with what was
    in the way of finding them."""

    number: int
    pieces: tuple[Piece | Source | Problem, ...]

    @property
    def size(self) -> int:
        """How many bytes of the corpus it is."""
        return sum(piece.size for piece in self.pieces if isinstance(piece, Piece))

    @property
    def is_here(self) -> bool:
        """Whether it must be read in this process: it is standard input."""
        return any(isinstance(piece, Piece) and piece.path == STDIN for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of a corpus before it is read: its bytes, and a digest of what lies where."""

    size: int
    digest: str


def chunks_of(paths: Iterable[str | Path]) -> Iterator[Chunk]:
    """The chunks of the files that the paths name, in order; made as they are asked for."""
    return _packed(_pieces(paths))


def chunks_of_texts(texts: Iterable[Source | Problem]) -> Iterator[Chunk]:
    """The chunks of texts that are read already, in order; made as they are asked for."""
    return _packed(texts)


def _packed(pieces: Iterable[Piece | Source | Problem]) -> Iterator[Chunk]:
    number, held, weight = 0, list[Piece | Source | Problem](), 0
    for piece in pieces:
        more = _weight(piece)
        if held and (weight + more > SIZE or len(held) >= FILES):
            yield Chunk(number, tuple(held))
            number, held, weight = number + 1, [], 0
        held.append(piece)
        weight += more
    if held:
        yield Chunk(number, tuple(held))


def survey(paths: Iterable[str | Path]) -> Survey:
    """The corpus without its contents: the path, size and time of change of every file."""
    total, digest = 0, hashlib.sha256()
    for file in files_of(paths):
        if isinstance(file, str):
            size, changed = _state(file)
            total += size
            digest.update(f"{file}\x1f{size}\x1f{changed}\n".encode("utf-8", "surrogateescape"))
    return Survey(total, digest.hexdigest())


def _pieces(paths: Iterable[str | Path]) -> Iterator[Piece | Problem]:
    for file in files_of(paths):
        if isinstance(file, Problem):
            yield file
            continue
        size, _ = _state(file)
        cut = False
        if size > SIZE and kind_of(file) in ENDINGS["tables.json_lines"]:
            for part in _parts(file):
                cut = True
                yield part
        if not cut:
            yield Piece(file, size=size)


def _parts(file: str) -> Iterator[Piece | Problem]:
    try:
        with open(file, "rb") as opened:
            for part in json_lines.parts(opened, SIZE):
                yield Piece(file, part, part.stop - part.start)
    except OSError as error:
        yield Problem(file, (error.strerror or str(error)).lower())


def _weight(piece: Piece | Source | Problem) -> int:
    """What a piece counts in a chunk: its bytes; one that is waited for fills a chunk."""
    if isinstance(piece, Problem):
        return 0
    if isinstance(piece, Source):
        return len(piece.text)
    return SIZE if "://" in piece.path else piece.size


def _state(file: str) -> tuple[int, int]:
    """The bytes of a file and its time of change; zeros for what is no file here, as a url."""
    try:
        state = os.stat(file)
    except OSError:
        return 0, 0
    return state.st_size, state.st_mtime_ns

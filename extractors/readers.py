"""Files to sources: .txt, .md and .jsonl files, folders of them, and standard input.

A ``.txt`` is all text and has no title. A ``.md`` may open with YAML front matter, which gives the
title, date, url and publisher; the text is what follows it. A ``.jsonl`` holds one document a line
(``id``, ``text``, ``published``, ``title``, ``url``, ``publisher``). Line ends become ``\\n``, but
not those within JSON; otherwise a text is kept as it stands, character for character, and the
offsets of its figures refer to that text.

A path that cannot be read gives a :class:`Problem` and the others are read all the same.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from extractors.metadata import Metadata, metadata_of, split_front_matter
from ledger.figure import Source, make_source

STDIN = "-"
TEXT, MARKDOWN, LINES = (".txt",), (".md", ".markdown"), (".jsonl", ".ndjson")
KINDS = TEXT + MARKDOWN + LINES

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# The five bytes that Windows-1252 leaves undefined stay control characters, so that none is lost.
WINDOWS_1252 = {n: bytes([n]).decode("cp1252", "ignore") or chr(n) for n in range(0x80, 0xA0)}
CONTROL = {chr(n) for n in (*range(0x20), *range(0x7F, 0xA0))} - set("\t\n\r\f\x0b\x85")
CONTROL_LIMIT = 0.05  # a file with a greater share of control characters is not text
LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # JSON can spell them; no file can hold them
HEAD = 8192  # bytes or characters looked at for that


@dataclass(frozen=True, slots=True)
class Problem:
    """What stood in the way of a path, in one line.

    ``lost`` says that something which should have been read was not; otherwise it is a remark.
    """

    path: str
    cause: str
    lost: bool = True

    def __str__(self) -> str:
        return f"{self.path}: {self.cause}"


class ReadError(ValueError):
    """A path that cannot be read; ``problem`` says which and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read(path: str | Path, *, published: str | None = None) -> list[Source]:
    """The documents of a file, of a folder, or of standard input (``-``).

    ``published`` (an ISO date) takes the place of the date that a document states. Raises
    ReadError at the first problem; use :func:`read_all` to go on and collect the problems.
    """
    sources = []
    for result in read_all([path], published=published):
        if isinstance(result, Source):
            sources.append(result)
        elif result.lost:
            raise ReadError(result)
    return sources


def read_all(
    paths: Iterable[str | Path], *, published: str | None = None
) -> Iterator[Source | Problem]:
    """The documents of many paths in order, one at a time, with the problems met on the way."""
    for path in paths:
        if str(path) == STDIN:
            yield from _read_stdin(published)
        elif os.path.isdir(path):
            yield from _read_folder(Path(path), published)
        else:
            yield from _read_file(Path(path), published)


def _read_stdin(published: str | None) -> Iterator[Source | Problem]:
    try:
        yield make_source(_text_of(sys.stdin.buffer.read()), published=published)
    except ValueError as error:
        yield Problem("standard input", str(error))


def _read_folder(folder: Path, published: str | None) -> Iterator[Source | Problem]:
    """Every readable kind of file below a folder, sorted; hidden files and folders are left out."""
    unreadable: list[OSError] = []
    others: Counter[str] = Counter()
    documents = 0
    for where, folders, names in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in (Path(where, name) for name in sorted(names) if not name.startswith(".")):
            if _kind(path) in KINDS:
                documents += 1
                yield from _read_file(path, published)
            else:
                others[_kind(path) or "no extension"] += 1
    for error in unreadable:
        yield Problem(str(error.filename), _reason(error))
    if others:
        kinds = ", ".join(f"{kind} {count}" for kind, count in others.most_common())
        files = "1 file" if others.total() == 1 else f"{others.total()} files"
        yield Problem(str(folder), f"{files} of other kinds left out ({kinds})", lost=False)
    if not documents and not unreadable:
        yield Problem(str(folder), f"holds no document ({', '.join(KINDS)})")


def _read_file(path: Path, published: str | None) -> Iterator[Source | Problem]:
    try:
        kind = _kind(path)
        if not path.exists():
            yield Problem(str(path), "no such file or folder")
        elif not path.is_file():
            yield Problem(str(path), "not a regular file")
        elif kind not in KINDS:
            yield Problem(str(path), f"not a kind of file that is read ({', '.join(KINDS)})")
        elif kind in LINES:
            yield from _read_lines(path, published)
        else:
            yield from _read_document(path, published, front_matter=kind in MARKDOWN)
    except OSError as error:
        yield Problem(str(path), _reason(error))
    except ValueError as error:
        yield Problem(str(path), str(error))


def _read_document(
    path: Path, published: str | None, *, front_matter: bool
) -> Iterator[Source | Problem]:
    text = _text_of(path.read_bytes())
    values, text = split_front_matter(text) if front_matter else ({}, text)
    if not text.strip():
        raise ValueError("holds no text after its front matter")
    yield from _document(str(path), metadata_of(values), text, published)


def _read_lines(path: Path, published: str | None) -> Iterator[Source | Problem]:
    """The documents of a JSON Lines file, a line at a time: memory does not grow with the file."""
    empty = True
    with path.open("rb") as file:
        for number, line in enumerate(_decoded_lines(file), start=1):
            if not line.strip():
                continue
            empty = False
            try:
                text, metadata = _json_document(line)
            except ValueError as error:
                yield Problem(str(path), f"line {number}: {error}")
            else:
                yield from _document(f"{path}, line {number}", metadata, text, published)
    if empty:
        raise ValueError("an empty file")


def _json_document(line: str) -> tuple[str, Metadata]:
    """The text and metadata of one JSON line. Raises ValueError where it is not a document."""
    try:
        document = json.loads(line.rstrip())
    except json.JSONDecodeError as error:
        raise ValueError(
            f"not JSON ({error.msg.removesuffix(' at')} at column {error.colno})"
        ) from error
    except RecursionError as error:
        raise ValueError("JSON nested too deeply") from error
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")
    text = document.get("text")
    if not isinstance(text, str):
        raise ValueError('no "text"')
    if not text.strip():
        raise ValueError('"text" is empty')
    return LONE_SURROGATE.sub("\ufffd", text), metadata_of(document)


def _document(
    place: str, metadata: Metadata, text: str, published: str | None
) -> Iterator[Source | Problem]:
    if metadata.unread_date and not published:
        yield Problem(
            place, f"read without a date: {metadata.unread_date!r} is not one", lost=False
        )
    yield make_source(
        text,
        source_id=metadata.source_id,
        title=metadata.title,
        publisher=metadata.publisher,
        url=metadata.url,
        published=published or metadata.published,
        accessed=metadata.accessed,
    )


def _text_of(data: bytes) -> str:
    """The text in the bytes of a file, line ends as ``\\n``. Raises ValueError if there is none."""
    text = _decode(data)
    if not text.strip():
        raise ValueError("an empty file")
    if _is_binary(text[:HEAD]):
        raise ValueError("a binary file, not text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, else Windows-1252.

    Raises ValueError for broken UTF-16.
    """
    if data.startswith(UTF16_MARKS):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise ValueError(f"broken UTF-16 at byte {error.start}") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1").translate(WINDOWS_1252)


def _decoded_lines(file: BinaryIO) -> Iterator[str]:
    head = file.read(HEAD)
    file.seek(0)
    if head.startswith(UTF16_MARKS):
        return iter(TextIOWrapper(file, "utf-16"))
    if b"\0" in head:
        raise ValueError("a binary file, not JSON lines")
    return map(_decode, file)


def _is_binary(head: str) -> bool:
    return "\0" in head or sum(c in CONTROL for c in head) > CONTROL_LIMIT * len(head)


def _kind(path: Path) -> str:
    return path.suffix.lower()


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()

"""JSON Lines: one document a line, with ``id``, ``text``, ``published``, ``title``, ``url``,
``publisher``; ``columns`` names other keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import BinaryIO

from extractors.readers.formats.content import Content, Part, ReadOptions, renamed
from extractors.readers.formats.encoding import HEAD, MARKS, decoded_lines, utf8_lines
from extractors.readers.formats.own import OUTPUT, are_own, is_own
from extractors.readers.metadata import metadata_of
from extractors.readers.problem import Problem, attempt


def contents(file: BinaryIO, reading: ReadOptions) -> Iterator[Content | Problem]:
    """The documents of a JSON Lines file, a line at a time: memory does not grow with the file.

    A line that holds none is a problem, and so are together the lines that are figures; a file that
    begins with one is refused. Raises ValueError for it, and for one that is empty or no text.
    """
    if reading.part:
        file.seek(reading.part.start)
        lines = BytesIO(file.read(reading.part.stop - reading.part.start))
        yield from _documents(utf8_lines(lines), reading.part.line, reading.columns)
        return
    empty = True
    for found in _documents(decoded_lines(file), 1, reading.columns):
        empty = False
        yield found
    if empty:
        raise ValueError("an empty file")


def parts(file: BinaryIO, size: int) -> Iterator[Part]:
    """The file in stretches of whole lines, none much longer than ``size`` bytes and a line.

    Nothing where it cannot be cut: it is in UTF-16 or UTF-32, no text, or refused as a whole.
    """
    head = file.read(HEAD)
    if b"\0" in head or head.startswith(tuple(MARKS)) or begins_as_own(head):
        return
    file.seek(0)
    start, line = 0, 1
    while stretch := file.read(size) + file.readline():
        yield Part(start, start + len(stretch), line)
        start += len(stretch)
        line += stretch.count(b"\n")


def begins_as_own(head: bytes) -> bool:
    """Whether a file that begins with these bytes is refused as a whole."""
    return is_own(head.decode("utf-8", "replace"))


def _documents(
    lines: Iterable[str], first: int, columns: Mapping[str, str]
) -> Iterator[Content | Problem]:
    own: list[int] = []
    for number, line in enumerate(lines, first):
        if not line.strip():
            continue
        place = f"line {number}"
        found = attempt(place, _json_document, line, columns, place)
        if found is not None:
            yield found
        elif number == 1:
            raise ValueError(OUTPUT)
        else:
            own.append(number)
    if own:
        more = f" (and {len(own) - 1:,} more lines like it)" if len(own) > 1 else ""
        yield Problem(f"line {own[0]}", f"{OUTPUT}{more}")


def _json_document(line: str, columns: Mapping[str, str], place: str) -> Content | None:
    """The document of one JSON line; None where it is a row that this program has written.

    Raises ValueError where it is neither.
    """
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
    if "text" not in columns and are_own(document):
        return None
    document = renamed(document, columns)
    text, name = document.get("text"), columns.get("text", "text")
    if not isinstance(text, str):
        raise ValueError(f'no "{name}"')
    if not text.strip():
        raise ValueError(f'"{name}" is empty')
    return Content(text, metadata_of(document), place)

"""JSON Lines: one document a line, with ``id``, ``text``, ``published``, ``title``, ``url``,
``publisher``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from extractors.formats.content import Content, Reading
from extractors.formats.encoding import LONE_SURROGATE, decoded_lines
from extractors.metadata import Metadata, metadata_of
from extractors.problem import Problem


def contents(file: BinaryIO, reading: Reading) -> Iterator[Content | Problem]:
    """The documents, a line at a time: memory does not grow with the file.

    A line that holds none is a problem. Raises ValueError for a file that is empty or no text.
    """
    empty = True
    for number, line in enumerate(decoded_lines(file), start=1):
        if not line.strip():
            continue
        empty = False
        place = f"line {number}"
        try:
            text, metadata = _json_document(line)
        except ValueError as error:
            yield Problem(place, str(error))
        else:
            yield Content(text, metadata, place)
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

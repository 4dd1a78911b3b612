"""Plain text: all of the file, and no title."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from extractors.formats.content import Content, Reading
from extractors.formats.encoding import text_of


def contents(file: BinaryIO, reading: Reading) -> Iterator[Content]:
    """The one document. Raises ValueError for a file that is empty or no text."""
    yield Content(text_of(file.read(), reading.charset))

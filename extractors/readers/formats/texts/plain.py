"""Plain text: all of the file is text; a first line that reads as a headline is its title too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.encoding import text_of
from extractors.readers.formats.own import OUTPUT, is_own
from extractors.readers.metadata import Metadata

# A line of some words, set apart by an empty line, that begins as a name does and does not end as a
# sentence, an introduction or a greeting does; more text follows it.
HEADLINE = re.compile(
    r"\s*(?P<line>[\"'\u2018\u201c]?[A-Z0-9$][^\n]{14,198}[^\n.:;,])[ \t]*\n[ \t]*\n\s*\S"
)
FEWEST_WORDS = 4


def contents(file: BinaryIO, reading: ReadOptions) -> Iterator[Content]:
    """The one document of a text file.

    Raises ValueError for a file that is empty, no text, or holds figures.
    """
    text = text_of(file.read(), reading.charset)
    if is_own(text):
        raise ValueError(OUTPUT)
    yield Content(text, Metadata(title=headline_of(text)))


def headline_of(text: str) -> str | None:
    """The headline that a text opens with, if its first line reads as one."""
    found = HEADLINE.match(text)
    if found is None or len(found["line"].split()) < FEWEST_WORDS:
        return None
    return found["line"].strip()

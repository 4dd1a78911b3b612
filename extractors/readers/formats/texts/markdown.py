"""Markdown: front matter gives the title, date, url and publisher; the text follows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.encoding import text_of
from extractors.readers.formats.own import OUTPUT, is_own
from extractors.readers.metadata import metadata_of, split_front_matter


def contents(file: BinaryIO, reading: ReadOptions) -> Iterator[Content]:
    """The one document of a Markdown file.

    Raises ValueError where it holds no text, or rows that this program has written, or its front
    matter is broken.
    """
    values, text = split_front_matter(text_of(file.read(), reading.charset))
    if is_own(text):
        raise ValueError(OUTPUT)
    if not text.strip():
        raise ValueError("holds no text after its front matter")
    yield Content(text, metadata_of(values))

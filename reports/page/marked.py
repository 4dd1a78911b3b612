"""A document's text cut at its figures, so that each can be marked where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reports.files import UNWRITABLE


@dataclass(frozen=True, slots=True)
class Span:
    """A figure and its place in a text."""

    figure_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; ``figure_ids`` are those of the figures in it, none for plain text."""

    text: str
    figure_ids: tuple[str, ...] = ()


def pieces(text: str, spans: Iterable[Span]) -> Iterator[Piece]:
    """The text as pieces, in order and without loss; figures that overlap share a piece.

    A span that lies outside the text is left out. What no page can hold (control characters, half
    surrogates) becomes the replacement character.
    """
    reached = 0
    for start, end, figure_ids in _clusters(spans, len(text)):
        if start > reached:
            yield Piece(printable(text[reached:start]))
        yield Piece(printable(text[start:end]), figure_ids)
        reached = end
    if reached < len(text):
        yield Piece(printable(text[reached:]))


def printable(text: str) -> str:
    """The text with U+FFFD for every character that a page cannot hold."""
    return UNWRITABLE.sub("\ufffd", text)


def _clusters(spans: Iterable[Span], length: int) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Spans that overlap joined to one stretch, in the order of the text."""
    inside = [span for span in spans if 0 <= span.start < span.end <= length]
    inside.sort(key=lambda span: (span.start, -span.end))
    held: list[Span] = []
    end = 0
    for span in inside:
        if held and span.start >= end:
            yield held[0].start, end, tuple(one.figure_id for one in held)
            held = []
        held.append(span)
        end = max(end, span.end)
    if held:
        yield held[0].start, end, tuple(one.figure_id for one in held)

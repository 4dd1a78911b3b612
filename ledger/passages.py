"""The passages of a document: where a figure that nobody found is looked for."""

from __future__ import annotations

LONG = 1_500  # characters, about a quarter of a page


def passages(text: str) -> list[tuple[int, int]]:
    """The places of a text's passages, which together are the text: cut at the end of a paragraph,
    else of a line, else between words, so that none is longer than ``LONG`` characters. Blank ones
    are left out."""
    found, start = [], 0
    while start < len(text):
        end = min(start + LONG, len(text))
        if end < len(text):
            end = _cut(text, start, end)
        if text[start:end].strip():
            found.append((start, end))
        start = end
    return found


def _cut(text: str, start: int, end: int) -> int:
    """Where to end a passage: behind the last sign that parts the second half of it."""
    for sign in ("\n\n", "\n", " "):
        place = text.rfind(sign, start + LONG // 2, end)
        if place >= 0:
            return place + len(sign)
    return end

"""What stands around a figure in its document."""

from __future__ import annotations

from extractors.text.document import blocks_of, read_block, wrapped_at

AROUND = 2  # sentences on either side
_LONGEST = 700  # characters on either side


def around(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch of a text that holds a figure's sentence and two sentences on either side."""
    width = wrapped_at(text)
    paragraphs = blocks_of(text)
    home = next((k for k, (_, last) in enumerate(paragraphs) if last > start), None)
    if home is None:
        return start, end
    places: list[tuple[int, int]] = []
    for first, last in paragraphs[max(home - AROUND, 0) : home + AROUND + 1]:
        block = read_block(text, first, last, width)
        places += [
            block.span(*sentence) for sentence in block.sentences if sentence[0] < sentence[1]
        ]
    own = [k for k, (first, last) in enumerate(places) if first < end and last > start]
    if not own:
        return start, end
    shown = places[max(own[0] - AROUND, 0) : own[-1] + AROUND + 1]
    return max(shown[0][0], start - _LONGEST), min(shown[-1][1], end + _LONGEST)

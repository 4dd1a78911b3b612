"""From the lines of a pdf to its text: paragraphs parted by empty lines, each on one line.

Nothing in a pdf says where a paragraph ends; a reader sees it by the space before the next line, by
its indent, its size or its marker, or because the line before stopped short.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from extractors.readers.formats.pdf.hyphens import HYPHENS, Words, across_line_end
from extractors.readers.formats.pdf.pdf_lines import ENDED, PROSE, Line, Page

GOES_ON, NEW_LINE, NEW_PARAGRAPH = "", "\n", "\n\n"
LEADING = 1.2  # of the size, where no lines of prose show it
WIDER = 1.2  # of the usual distance between lines: a paragraph begins
INDENT = 0.6  # of the size
OTHER_SIZE = 0.12  # of the size: a heading or a note
NOTE = 0.9  # of the size of most of the text: a smaller line at the foot of a column is a note
FILLED = 0.75  # of its column: a line as long that does not end a sentence was only wrapped
SIGN = r"[•▪●■◦‣∙]"
NUMBERED = r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]"
SIGN_ITEM = re.compile(rf"{SIGN}\s*(?=\S)")
DASH_ITEM = re.compile(r"[o*·–—-]\s+(?=\S)")
NUMBERED_ITEM = re.compile(rf"{NUMBERED}\s+(?=\S)")
UNFINISHED = HYPHENS + ","  # at the end of a line: the next one goes on
BETWEEN_NUMBERS = re.compile(r"\d[\u2013-]$")


def text_of(pages: Sequence[Page]) -> str:
    """The text of all pages; notes at the foot of a column come after it."""
    columns = [column for page in pages for column in page]
    bodies, notes = _parted(columns)
    words = Words(_whole_words(columns))
    return "".join((*_written(bodies, words), *_written(notes, words))).strip()


def _whole_words(columns: Sequence[Sequence[Line]]) -> Iterator[str]:
    """The lines without the words that their ends may have cut."""
    for column in columns:
        for before, line in pairwise([None, *column]):
            assert line is not None
            text = line.text
            if before is not None and before.text[-1] in HYPHENS:
                text = text.partition(" ")[2]
            yield text.rpartition(" ")[0] if text and text[-1] in HYPHENS else text


def _parted(columns: Sequence[list[Line]]) -> tuple[list[list[Line]], list[list[Line]]]:
    """The columns without the notes at their feet, and these notes."""
    sizes = sorted(line.size for column in columns for line in column for _ in line.text)
    small = NOTE * sizes[len(sizes) // 2] if sizes else 0
    bodies, notes = [], []
    for column in columns:
        end = len(column)
        while end and column[end - 1].size < small:
            end -= 1
        bodies.append(column[:end] or column)
        if 0 < end < len(column):
            notes.append(column[end:])
    return bodies, notes


def _written(columns: Sequence[Sequence[Line]], words: Words) -> Iterator[str]:
    """The paragraphs, each after what parts it from the one before."""
    text, item, lines = "", False, 0
    last: Line | None = None
    for column in columns:
        leading = _leading(column)
        for number, line in enumerate(column):
            parted = _parting(last, line, leading if number else None, item)
            if not number and lines > 1 and _reads_on(last, line, item):
                parted = GOES_ON
            if parted == GOES_ON and last is not None:
                text = _joined(text, line.text, words)
                lines += 1
            else:
                yield text
                starts_item = _is_item(last, line, item)
                if starts_item != item:
                    parted = NEW_PARAGRAPH
                item = starts_item
                text = parted + (_marked(line.text) if item else line.text)
                lines = 1
            last = line
    yield text


def _joined(before: str, after: str, words: Words) -> str:
    if BETWEEN_NUMBERS.search(before) and after[:1].isdigit():
        return before + after
    return across_line_end(before, after, words)


def _leading(column: Sequence[Line]) -> float:
    """The usual distance of one line from the next within a paragraph, in parts of their size."""
    distances = sorted(
        (above.bottom - below.bottom) / below.size
        for above, below in pairwise(column)
        if len(above.text) >= PROSE and not _other_size(above, below)
    )
    return distances[len(distances) // 4] if distances else LEADING


def _parting(last: Line | None, line: Line, leading: float | None, item: bool) -> str:
    """What parts a line from the one before; ``leading`` is None at the head of a column."""
    if last is None:
        return NEW_PARAGRAPH
    if last.is_row or line.is_row:
        return NEW_LINE if last.is_row and line.is_row else NEW_PARAGRAPH
    if _is_item(last, line, item):
        return NEW_LINE
    if _other_size(last, line):
        return NEW_PARAGRAPH
    goes_on = line.text[0].islower() or last.text[-1] in UNFINISHED
    if goes_on and not ENDED.search(last.text):
        return GOES_ON
    ended = ENDED.search(last.text) is not None
    if leading is None:
        return NEW_PARAGRAPH if ended or _is_short(last, line) else GOES_ON
    if last.bottom - line.bottom > WIDER * leading * line.size:
        return NEW_PARAGRAPH
    indent = line.left - last.left
    if item and indent < -INDENT * line.size:
        return NEW_PARAGRAPH
    if not item and ended and indent > INDENT * line.size:
        return NEW_PARAGRAPH
    if not _is_short(last, line):
        return GOES_ON
    if ended:
        return NEW_PARAGRAPH
    return GOES_ON if last.right - last.left > FILLED * (last.margin - last.left) else NEW_LINE


def _reads_on(last: Line | None, line: Line, item: bool) -> bool:
    """Whether a paragraph of several lines goes on at the head of the next column or page, however
    short its last line is: it ends no sentence."""
    if last is None or last.is_row or line.is_row or _other_size(last, line):
        return False
    return ENDED.search(last.text) is None and not _is_item(last, line, item)


def _other_size(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) > OTHER_SIZE * max(one.size, other.size)


def _is_short(last: Line, line: Line) -> bool:
    """Whether the first word of a line had room on the one before."""
    width = (line.right - line.left) / len(line.text)
    return last.margin - last.right > width * (len(line.text.split(" ", 1)[0]) + 2)


def _is_item(last: Line | None, line: Line, item: bool) -> bool:
    """Whether a line opens with a marker that makes it an item of a list."""
    if line.is_row:
        return False
    if SIGN_ITEM.match(line.text):
        return True
    if DASH_ITEM.match(line.text) or NUMBERED_ITEM.match(line.text):
        return last is None or bool(ENDED.search(last.text)) or _is_short(last, line)
    return False


def _marked(text: str) -> str:
    """An item with the marker that the grammar reads; numbers stay as they are."""
    found = SIGN_ITEM.match(text) or DASH_ITEM.match(text)
    return f"- {text[found.end() :]}" if found else text

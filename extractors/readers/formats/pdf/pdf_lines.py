"""From the runs on a page to its lines in reading order: column by column, row by row.

A gutter is a place where many lines begin and few run across. What stands left and right of it is
read as columns where both sides hold prose, and row by row, as a table, where they hold short
cells. What crosses the gutter (a title, a picture's caption) parts the page into bands, which are
read from top to bottom.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, pairwise
from typing import NamedTuple

from extractors.readers.formats.pdf.pdf_runs import Run

COLUMN_LINES = 3  # a column has as many lines at least,
FEWEST_LINES = 2  # or, where a sentence runs over the gutter, as many,
COLUMN_LENGTH = 20  # of as many characters in the mean; cells of a table are shorter
COLUMNS = 8  # at most side by side
EDGE_STEP = 2.0  # points: left edges as near are one
GUTTERS = 8  # places at which a column may begin that are tried
CELL_GAP = 1.6  # of the size: cells of a table stand as far apart in some row, words nowhere
WIDTH = 80  # percent of the lines of prose end left of what counts as their right edge
PROSE = 30  # characters in a line of prose
FURNITURE = 3  # lines at the top and at the bottom of a page that may be its furniture
REPEATED = 2  # pages with the same line at the same height make it furniture,
COUNTED = 3  # or as many where a number in it counts with the pages and is not like a page's
HEIGHT_STEP = 4.0  # points: two lines as near stand at the same height
ENDED = re.compile(r"[.!?:;\u2026][\"'\u2019\u201d)\]]*$")  # a line that ends a sentence
MARKER = re.compile(r"(?:[•▪●■◦‣∙·*o–—-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])")
PAGE_NUMBER = re.compile(r"\W*(?:page|p\.)?\s*(\d+)(?:\s*(?:of|/|\|)\s*\d+)?\W*", re.IGNORECASE)
NUMBER = re.compile(r"(?<!\d)\d{1,5}(?!\d)")
OF_ALL = re.compile(r"(?:\s*(?:of|/)\s*\d{1,5})?")  # behind the number of a page that ends a line


class Gap(NamedTuple):
    """The blank between two runs of a row."""

    left: float
    right: float


@dataclass(slots=True)
class Line:
    """A line as it is read. ``margin`` is where lines of its column end on the right."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    is_row: bool
    margin: float = 0.0


def lines_of(runs: Sequence[Run], columns: int = COLUMNS) -> list[list[Line]]:
    """The columns of a page in reading order, each a list of lines from top to bottom."""
    for gutter in _gutters(runs) if columns > 1 else ():
        if parts := _parted(runs, gutter):
            return [column for part in parts for column in lines_of(part, columns - 1)]
    return [_column(runs)] if runs else []


def _gutters(runs: Sequence[Run]) -> list[float]:
    """Places (x) before the left of many long runs, where a column may begin; the likeliest first.

    Each is half-way between there and the nearest end of a run before.
    """
    lengths: dict[int, int] = defaultdict(int)
    for run in runs:
        lengths[math.floor(run.left / EDGE_STEP)] += len(run.text)
    likely = sorted(lengths, key=lambda step: (-lengths[step], step))
    edges = [step * EDGE_STEP for step in likely[:GUTTERS]]
    ends = [max((run.right for run in runs if run.right <= edge), default=edge) for edge in edges]
    return [(edge + end) / 2 for edge, end in zip(edges, ends, strict=True)]


def _parted(runs: Sequence[Run], gutter: float) -> list[list[Run]]:
    """The parts of a page that a gutter divides, in reading order; none if it divides nothing."""
    parts: list[list[Run]] = []
    rest: list[Run] = []
    divides = False
    for crossing, band in groupby(_downwards(runs), lambda run: run.left < gutter < run.right):
        members = list(band)
        left = [run for run in members if run.right <= gutter]
        right = [run for run in members if run.left >= gutter]
        if crossing or not ((_is_prose(left) and _is_prose(right)) or _reads_on(left, right)):
            rest += members
            continue
        divides = True
        parts += [part for part in (rest, left, right) if part]
        rest = []
    return [*parts, rest] if divides and rest else parts


def _is_prose(runs: Sequence[Run]) -> bool:
    length = sum(len(run.text) for run in runs)
    rows = sum(1 for _ in _rows(runs))
    return rows >= COLUMN_LINES and length >= COLUMN_LENGTH * rows


def _reads_on(left: Sequence[Run], right: Sequence[Run]) -> bool:
    """Whether two short columns are one story, and no table of two rows: a sentence runs over their
    gutter, and over a line end of each."""
    one, other = (
        [" ".join(run.text for run in row) for row in _rows(side)] for side in (left, right)
    )
    if len(one) < FEWEST_LINES or len(other) < FEWEST_LINES or ENDED.search(one[-1]):
        return False
    goes_on = any(line[:1].islower() for line in (*one[1:], *other))
    long = all(sum(map(len, side)) >= COLUMN_LENGTH * len(side) for side in (one, other))
    return goes_on and long and ENDED.search(other[-1]) is not None


def _downwards(runs: Sequence[Run]) -> list[Run]:
    return sorted(runs, key=lambda run: (-(run.top + run.bottom), run.left))


def _rows(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """The runs that stand on one line, from left to right; the rows from top to bottom."""
    row: list[Run] = []
    for run in _downwards(runs):
        if row and not row[0].beside(run):
            yield sorted(row, key=lambda run: run.left)
            row = []
        row.append(run)
    if row:
        yield sorted(row, key=lambda run: run.left)


def _column(runs: Sequence[Run]) -> list[Line]:
    rows = list(_rows(runs))
    gaps = [_cell_gaps(row) for row in rows]
    lines = []
    for k, row in enumerate(rows):
        near = [gap for other in (*gaps[max(0, k - 1) : k], *gaps[k + 1 : k + 2]) for gap in other]
        lines.append(_line(row, near))
    ends = sorted(line.right for line in lines if len(line.text) >= PROSE and not line.is_row)
    margin = ends[len(ends) * WIDTH // 100] if ends else max(line.right for line in lines)
    for line in lines:
        line.margin = max(margin, line.right) if line.is_row else margin
    return lines


def _cell_gaps(row: Sequence[Run]) -> list[Gap]:
    return [Gap(a.right, b.left) for a, b in pairwise(row) if not MARKER.fullmatch(a.text)]


def _part_cells(one: Gap, other: Gap, size: float) -> bool:
    """Whether gaps of two rows lie above each other, and one of them is too wide for a blank."""
    widest = max(one.right - one.left, other.right - other.left)
    return min(one.right, other.right) > max(one.left, other.left) and widest > CELL_GAP * size


def _line(row: Sequence[Run], near: Sequence[Gap]) -> Line:
    """The runs of a row as a line, with cells where the rows around it have gaps ``near``."""
    text, is_row = row[0].text, False
    for before, after in pairwise(row):
        gap = Gap(before.right, after.left)
        cell = any(_part_cells(gap, other, before.size) for other in near)
        cell = cell and not MARKER.fullmatch(before.text)
        is_row = is_row or cell
        text += (" | " if cell else " ") + after.text
    text = f"| {text} |" if is_row else text
    longest = max(row, key=lambda run: len(run.text))  # not its marker, which may be larger
    right = max(run.right for run in row)
    return Line(text, row[0].left, right, longest.bottom, longest.top, longest.size, is_row)


Page = list[list[Line]]


class Likeness(NamedTuple):
    """What lines of several pages have in common; on ``enough`` pages it makes them furniture."""

    height: int
    text: str
    enough: int


def without_furniture(pages: Sequence[Page]) -> list[Page]:
    """The pages without the headers, footers and page numbers that repeat on them.

    A line is furniture if it is one of the outermost of its page and stands at the same height on
    other pages with the same words, where one number may count with the pages; or if it is nothing
    but the number of its page.
    """
    seen: Counter[Likeness] = Counter()
    for number, page in enumerate(pages, start=1):
        for line in _outermost(page):
            seen.update(_likenesses(line, number))

    def is_furniture(number: int, line: Line) -> bool:
        if any(seen[likeness] >= likeness.enough for likeness in _likenesses(line, number)):
            return True
        found = PAGE_NUMBER.fullmatch(line.text)
        return found is not None and found[1] == str(number)

    return [_stripped(page, partial(is_furniture, number)) for number, page in enumerate(pages, 1)]


def _outermost(page: Page) -> list[Line]:
    lines = _by_height(page)
    return lines[:FURNITURE] + lines[max(FURNITURE, len(lines) - FURNITURE) :]


def _by_height(page: Page) -> list[Line]:
    return sorted((line for column in page for line in column), key=lambda line: -line.top)


def _likenesses(line: Line, page: int) -> Iterator[Likeness]:
    """The line as it is, and with each of its numbers in turn as its distance from the page's."""
    height = round(line.bottom / HEIGHT_STEP)
    yield Likeness(height, line.text, REPEATED)
    for number in NUMBER.finditer(line.text):
        before, after = line.text[: number.start()], line.text[number.end() :]
        ends_line = OF_ALL.fullmatch(after) is not None
        like_a_page = ends_line or before.lower().endswith(("page ", "p. "))
        text = f"{before}<{int(number[0]) - page}>{after}"
        yield Likeness(height, text, REPEATED if like_a_page else COUNTED)


def _stripped(page: Page, is_furniture: Callable[[Line], bool]) -> Page:
    lines = _by_height(page)
    gone: set[int] = set()
    for inwards in (lines[:FURNITURE], lines[: -FURNITURE - 1 : -1]):
        for line in inwards:
            if not is_furniture(line):
                break
            gone.add(id(line))
    return [kept for column in page if (kept := [line for line in column if id(line) not in gone])]

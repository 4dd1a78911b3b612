"""From the characters on a page of a pdf to runs: pieces of lines with a place and a size.

A pdf holds characters at coordinates. They are taken in the order in which they were drawn, each
joined to the one before when it stands right behind it on the same line. What runs in another
direction than most of the page (a watermark, a note up the margin) is left out.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import add
from statistics import median
from typing import NamedTuple

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
from pypdfium2 import PdfTextPage

LINE_END_HYPHEN = 0x2  # as pdfium codes a hyphen that it takes to break a word
BULLET = "\u2022"
SURROGATES = range(0xD800, 0xE000)
PRIVATE_USE = range(0xE000, 0xF900)  # where symbol fonts keep their bullets
SPECIAL = {LINE_END_HYPHEN: "-", 0xAD: "-", 0xFFFE: "-", 0xFFFD: ""}
RAISED = str.maketrans("23", "²³")
MEASURES = ("m", "km", "cm")  # a raised 2 or 3 behind these is an exponent, not a note's mark

WORD_GAP = 0.15  # of the size: a gap as wide is a blank, where none was drawn
RUN_GAP = 1.0  # of the size: a wider gap begins another run (a column, a cell)
OVERLAP = 0.5  # of the lower height: two that share as much stand on one line
SPACED_WORDS = 6  # a run of as many words, each a single letter, is letter-spaced:
LONGEST_SPACED = 400  # words: no line has as many
SPACED_GAP = 1.5  # times the usual gap between them parts two words
SMALLER = 0.8  # of the size before: a mark that is smaller and higher is a raised one
HIGHER = 0.15


class Glyph(NamedTuple):
    """A character and its box; y grows upwards. ``angle`` is in quarter turns, None if askew."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    angle: int | None


@dataclass(slots=True)
class Run:
    """A piece of a line: its text and the box around it; ``size`` is the height of a line."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    blanks: tuple[float, ...] = ()  # how wide, as long as nearly all between them are letters

    def beside(self, other: Run | Glyph) -> bool:
        """Whether both stand on one line."""
        shared = min(self.top, other.top) - max(self.bottom, other.bottom)
        return shared > OVERLAP * min(self.top - self.bottom, other.top - other.bottom)


def runs_of(page: PdfTextPage) -> list[Run]:
    """The runs on a page in the order in which they were drawn, turned upright."""
    glyphs = list(_glyphs(page))
    angles = Counter(glyph.angle for glyph in glyphs if glyph.angle is not None)
    if not angles:
        return []
    angle = angles.most_common(1)[0][0]
    return _joined(_upright(glyph, angle) for glyph in glyphs if glyph.angle == angle)


def _glyphs(page: PdfTextPage) -> Iterator[Glyph]:
    box = pdfium.FS_RECTF()
    angle: int | None = 0
    for index in range(page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(page, index)
        if (code < 32 and code != LINE_END_HYPHEN) or code in SURROGATES or code > sys.maxunicode:
            continue
        if pdfium.FPDFText_IsGenerated(page, index) != 1:
            angle = _quarter_turns(pdfium.FPDFText_GetCharAngle(page, index))
        pdfium.FPDFText_GetLooseCharBox(page, index, box)
        text = BULLET if code in PRIVATE_USE else SPECIAL.get(code, chr(code))
        if text:
            yield Glyph(text, box.left, box.right, box.bottom, box.top, angle)


def _quarter_turns(radians: float) -> int | None:
    turns = radians / (math.pi / 2)
    return round(turns) % 4 if abs(turns - round(turns)) < 0.05 else None


def _upright(glyph: Glyph, angle: int) -> Glyph:
    """The glyph on a page turned so that text of that angle runs from left to right."""
    text, left, right, bottom, top, _ = glyph
    if angle == 0:
        return glyph
    if angle == 1:
        return Glyph(text, -top, -bottom, left, right, 0)
    if angle == 2:
        return Glyph(text, -right, -left, -top, -bottom, 0)
    return Glyph(text, bottom, top, -right, -left, 0)


def _joined(glyphs: Iterable[Glyph]) -> list[Run]:
    runs: list[Run] = []
    blank = False
    for glyph in glyphs:
        if glyph.text.isspace():
            blank = True
            continue
        run = runs[-1] if runs else None
        if run is not None and _follows(run, glyph):
            _append(run, glyph, blank)
        else:
            size = glyph.top - glyph.bottom
            runs.append(Run(glyph.text, glyph.left, glyph.right, glyph.bottom, glyph.top, size))
        blank = False
    for run in runs:
        _close_up(run)
    return runs


def _close_up(run: Run) -> None:
    """Put the letters of words together that are set with blanks between them: "O s l o"."""
    letters = run.text.split(" ")
    if not SPACED_WORDS <= len(letters) == len(run.blanks) + 1:
        return
    usual = median(run.blanks)
    blanks = (" " * (width > SPACED_GAP * usual) for width in run.blanks)
    run.text = letters[0] + "".join(map(add, blanks, letters[1:]))


def _follows(run: Run, glyph: Glyph) -> bool:
    gap = glyph.left - run.right
    return run.beside(glyph) and -run.size < gap < RUN_GAP * run.size


def _append(run: Run, glyph: Glyph, blank: bool) -> None:
    size = glyph.top - glyph.bottom
    raised = size < SMALLER * run.size and glyph.bottom > run.bottom + HIGHER * run.size
    if raised and glyph.text.isdigit():
        if run.text.rsplit(" ", 1)[-1] in MEASURES:
            run.text += glyph.text.translate(RAISED)
        run.right = max(run.right, glyph.right)
        return
    if len(run.text) == 1:  # a bullet or an initial says nothing of the size of its line
        run.bottom, run.top, run.size = glyph.bottom, glyph.top, size
    if blank or glyph.left - run.right > WORD_GAP * run.size:
        single = len(run.text) == 2 * len(run.blanks) + 1  # each of its words is one letter
        if single and len(run.blanks) < LONGEST_SPACED:
            run.blanks += (glyph.left - run.right,)
        run.text += " "
    run.text += glyph.text
    run.right = max(run.right, glyph.right)
    run.bottom, run.top = min(run.bottom, glyph.bottom), max(run.top, glyph.top)
    run.size = max(run.size, size)

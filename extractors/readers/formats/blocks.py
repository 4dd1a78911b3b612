"""The blocks of a word processor's document as clean text.

Paragraphs stand between empty lines; items of a list (``- ``) and rows of a table (``| a | b |``)
are lines of their own. A title is context, so the heading that repeats it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from lxml.etree import _Element  # type: ignore[import-untyped]

SPACES = re.compile(r"[^\S\n\u00a0\u202f]+")  # those that do not break stand within numbers
LINE_ENDS = re.compile(r"[^\S\u00a0\u202f]*\n\s*")
MARK = re.compile(r"[•▪●■◦‣∙·\uf0b7\uf0a7\uf0d8\uf0fc]\s*(?=\S)|[-–]\s+(?=\S)")  # typed by hand
HEAD = 5  # paragraphs at the start among which a title stands
LAYOUT = 4  # blocks in one cell: the table is there to place text, and no cell is one of data


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an item or a row."""

    text: str
    kind: Literal["paragraph", "item", "row"] = "paragraph"


def paragraph(text: str, *, item: bool = False) -> list[Block]:
    """A paragraph of a document, or an item of a list; none where it holds nothing."""
    text = LINE_ENDS.sub("\n", SPACES.sub(" ", text)).strip()
    mark = MARK.match(text)
    if mark:
        text = text[mark.end() :]
    if not text:
        return []
    if item or mark:
        return [Block("- " + text.replace("\n", " "), "item")]
    return [Block(text)]


def table(rows: Iterable[Sequence[Sequence[Block]]]) -> list[Block]:
    """The blocks of a table, given those in each cell of each row.

    A table of one column, or a row with much in a cell, only places text on the page: that stays as
    it is. The rows of a table within a cell follow the row.
    """
    grid = [row for row in rows if any(row)]
    columns = max(map(len, grid), default=0)
    out: list[Block] = []
    for row in grid:
        if columns == 1 or any(len(cell) >= LAYOUT and not _is_table(cell) for cell in row):
            out += [block for cell in row for block in cell]
            continue
        cells = [" ".join(_in_cell(block) for block in cell if block.kind != "row") for cell in row]
        if any(cells):
            out.append(Block(f"| {' | '.join(cells)} |", "row"))
        out += [block for cell in row for block in cell if block.kind == "row"]
    return out


def text_of(blocks: Iterable[Block], title: str | None = None) -> str:
    """The blocks as text, without the one at their head that is the title."""
    groups = []
    for kind, members in groupby(blocks, key=lambda block: block.kind):
        groups.append(("\n\n" if kind == "paragraph" else "\n").join(b.text for b in members))
    return without_title("\n\n".join(groups), title)


def without_title(text: str, title: str | None) -> str:
    """The text without the paragraph at its head that is the title, perhaps below a letterhead."""
    if not title:
        return text
    *head, rest = text.split("\n\n", HEAD)
    if len(head) < HEAD:
        head, rest = [*head, rest], ""
    kept = [part for part in head if letters_of(part) != letters_of(title)]
    return "\n\n".join([*kept, rest] if rest else kept)


def local_name(element: _Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def letters_of(text: str) -> str:
    """A heading as its letters and digits, so that dashes, quotes and blanks do not matter."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _is_table(cell: Sequence[Block]) -> bool:
    return any(block.kind == "row" for block in cell)


def _in_cell(block: Block) -> str:
    text = block.text.removeprefix("- ") if block.kind == "item" else block.text
    return text.replace("\n", " ")

"""From trafilatura's elements to clean text: blank lines between paragraphs, ``- `` before the
items of a list, and a row of a table as ``| a line | of cells |`` as the extraction reads it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from lxml.etree import _Element, iterwalk  # type: ignore[import-untyped]

from extractors.formats.blocks import letters_of
from extractors.formats.html_tree import KEPT_BREAK, KEPT_SPACE

PARAGRAPH = "\n\n"
# What stands before and behind the text of an element; within an item or a cell, all is one line.
BEFORE = {"item": "\n- ", "row": "\n|", "cell": " ", "lb": "\n"}
BEHIND = {"cell": " |"}
BLOCKS = ("p", "head", "quote", "code", "list", "table", "div")
ONE_LINE = ("item", "cell")
STRUCK_OUT = "del"
WHITE_SPACE = re.compile(r"\s+")
SPACES = re.compile(r"[^\S\n]+")
AROUND_LINE_END = re.compile(r" ?\n ?")
BLANK_LINES = re.compile(r"\n{3,}")
EMPTY_CELLS = re.compile(r"(?: \|)+$", re.M)  # at the end of a row: it spans columns
EMPTY_LINE = re.compile(r"^(?:-|\|[ |]*)$\n?", re.M)


def article_text(body: _Element | None, titles: Container[str]) -> str:
    """The text of an article without the heading that is its title (``titles``, letters only)."""
    if body is None:
        return ""
    _drop_title(body, titles)
    text = "".join(_pieces(body))
    text = SPACES.sub(" ", text.replace(KEPT_BREAK, PARAGRAPH))
    text = EMPTY_CELLS.sub(" |", AROUND_LINE_END.sub("\n", text))
    text = EMPTY_LINE.sub("", text)
    text = BLANK_LINES.sub(PARAGRAPH, text).strip()
    return text.replace(KEPT_SPACE, "\u00a0") + "\n" if text else ""


def _pieces(body: _Element) -> Iterator[str]:
    """The text in its order, with what sets the elements apart."""
    lines = struck = 0  # how many elements that are one line, or struck out, are open
    for event, element in iterwalk(body, events=("start", "end")):
        tag = str(element.tag)
        if event == "start":
            inside = lines > 0
            lines += tag in ONE_LINE
            struck += tag == STRUCK_OUT
            text = element.text or ""
            yield _apart(tag, BEFORE, inside)
        else:
            lines -= tag in ONE_LINE
            struck -= tag == STRUCK_OUT
            text = (element.tail or "") if element is not body else ""
            yield _apart(tag, BEHIND, lines > 0)
        if not struck:
            yield WHITE_SPACE.sub(" ", text) if lines else text


def _apart(tag: str, marks: dict[str, str], inside: bool) -> str:
    if inside and tag != "item":
        return " " if tag in BLOCKS or tag == "lb" else ""
    return PARAGRAPH if tag in BLOCKS else marks.get(tag, "")


def _drop_title(body: _Element, titles: Container[str]) -> None:
    """Take out the headings that are the title, and what repeats it as the first paragraph."""
    for element in list(body.iter("head", "p")):
        leads = element.getprevious() is None and element.getparent() is body
        if element.tag != "head" and not leads:
            continue
        if letters_of("".join(element.itertext())) in titles:
            parent = element.getparent()
            if parent is not None and not (element.tail or "").strip():
                parent.remove(element)

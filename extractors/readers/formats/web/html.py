"""Web pages: the article without menus, related links and comments, and what it says about itself.

trafilatura finds the article, and :mod:`extractors.readers.formats.web.html_metadata` reads title,
publisher, address and day of publication. The article becomes clean text here: blank lines between
paragraphs, ``- `` before the items of a list, and a row of a table as ``| a line | of cells |``, as
the extraction reads it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Container, Iterator
from copy import deepcopy
from typing import BinaryIO

import trafilatura
from lxml import etree  # type: ignore[import-untyped]
from lxml.etree import _Element, iterwalk  # type: ignore[import-untyped]
from lxml.html import HtmlElement, HTMLParser, document_fromstring  # type: ignore[import-untyped]
from trafilatura.settings import DEFAULT_CONFIG
from trafilatura.xpaths import BODY_XPATH

from extractors.readers.formats.blocks import letters_of
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.encoding import text_of
from extractors.readers.formats.own import PAGE, is_maker
from extractors.readers.formats.web.html_metadata import headings_of, metadata_of_page
from extractors.readers.formats.web.html_tree import (
    KEPT_BREAK,
    KEPT_SPACE,
    frame_whole,
    keep_what_is_read,
    mark_paragraphs,
)

# Beyond these a page is not read: an article of 20 MB is none, and time and memory grow with the
# tags (the slowest page found within the limit, 66,000 sections side by side, takes 15 seconds).
SIZE_LIMIT = 20_000_000
TAG_LIMIT = 200_000
# Where a page has less text than this in paragraphs, trafilatura guesses; then every run of text in
# it is made a paragraph instead, so that a short notice is read whole.
FEW_PARAGRAPHS = 750

META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]{2,40})""", re.I)
XML_ENCODING = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w:.-]{2,40})""", re.I)
META_REACH = 4096  # bytes in which a page may declare its encoding (browsers look at 1024)

SHORT_PAGE = deepcopy(DEFAULT_CONFIG)
SHORT_PAGE.set("DEFAULT", "MIN_EXTRACTED_SIZE", "1")
# What goes wrong is said by us, once.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)
LIMIT = 200
# As a browser cuts them out: a name, and behind an equals sign a value in quotation marks or none;
# one whose mark is never closed lasts until the page ends.
ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"?+|'[^']*+'?+|[^\s>]*+))?+"""
ALLOWED = rf"<[a-z][^\s/>]*+(?:{ATTRIBUTE}){{{LIMIT}}}+"
EXCESS = rf"(?:{ATTRIBUTE})++"
COMMENT = r"<!--[^-]*+(?:-(?!->)[^-]*+)*+"
NO_TAG = r"</[^a-z>][^>]*+"  # passed over until it is closed, whatever opens in it
# Elements whose content is not markup, whatever it looks like.
VERBATIM = r"(?P<name>script|style|textarea|title|xmp|iframe|noembed|noframes)"
ELEMENT = rf"<{VERBATIM}\b[^<]*+(?:<(?!/(?P=name))[^<]*+)*+"
MANY = re.compile(ALLOWED + EXCESS, re.I)
PIECE = re.compile(rf"(?P<allowed>{ALLOWED}){EXCESS}|{COMMENT}|{NO_TAG}|{ELEMENT}", re.I)
PARAGRAPH = "\n\n"
# What stands before and behind the text of an element; within an item or a cell, all is one line.
BEFORE = {"item": "\n- ", "row": "\n|", "cell": " ", "lb": "\n"}
BEHIND = {"cell": " |"}
BLOCKS = ("p", "head", "quote", "code", "list", "table", "div")
CELL = "cell"
ONE_LINE = ("item", CELL)
# Lines within a cell, which is one line: a cell alone in its row was a list; beside others, what
# opens with a number is a thing of its own ("14 howitzers; 22 trucks").
KEPT_LINE = "\ue002"
LIST_IN_CELL = re.compile(rf"^\| ([^|\n]*{KEPT_LINE}[^|\n]*) \|$", re.M)
LINES = re.compile(rf"[ ]*{KEPT_LINE}[ {KEPT_LINE}]*")
NEW_THING = re.compile(
    rf"(?<=[^\s,;:.|{KEPT_LINE}])[ ]*{KEPT_LINE}[ {KEPT_LINE}]*(?=(?:[-•*–] ?)?\d)"
)
STRUCK_OUT = "del"
WHITE_SPACE = re.compile(r"\s+")
SPACES = re.compile(r"[^\S\n]+")
AROUND_LINE_END = re.compile(r" ?\n ?")
BLANK_LINES = re.compile(r"\n{3,}")
EMPTY_CELLS = re.compile(r"(?: \|)+$", re.M)  # at the end of a row: it spans columns
EMPTY_LINE = re.compile(r"^(?:-|\|[ |]*)$\n?", re.M)


def contents(file: BinaryIO, reading: ReadOptions) -> Iterator[Content]:
    """The one document of a page.

    Raises ValueError where the page holds no text or cannot be read.
    """
    data = file.read(SIZE_LIMIT + 1)
    if len(data) > SIZE_LIMIT:
        raise ValueError(f"html of more than {SIZE_LIMIT // 1_000_000} MB")
    tree = parse(text_of(data, reading.charset or declared_charset(data)))
    if is_maker(tree.xpath("string(.//meta[@name='generator']/@content)")):
        raise ValueError(PAGE)
    metadata = metadata_of_page(tree, reading.url)
    titles = headings_of(tree, metadata.title)
    text = _article_text(article_of(tree), titles)
    if not text:
        raise ValueError("html without any text of an article")
    yield Content(text, metadata)


def declared_charset(data: bytes) -> str | None:
    """The encoding that a page declares in a ``meta`` element or in its XML declaration."""
    head = data[:META_REACH]
    found = XML_ENCODING.match(head) or META_CHARSET.search(head)
    if found is None:
        return None
    name = found[1].decode("ascii").lower()
    return "utf-8" if name.startswith("utf-16") else name  # it was read as ASCII, so it is not


def parse(text: str) -> HtmlElement:
    """The page as a tree. Raises ValueError for one that is nested too deeply, large or empty."""
    if text.count("<") > TAG_LIMIT:
        raise ValueError(f"html of more than {TAG_LIMIT:,} tags")
    text = without_excess(text)
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise ValueError("html without any text of an article") from error
    for fatal in parser.error_log.filter_from_fatals():  # libxml2 stopped there, and lost the rest
        deep = "depth" in fatal.message
        raise ValueError("html nested too deeply" if deep else "html with an oversized element")
    return tree


def article_of(tree: HtmlElement) -> etree._Element | None:
    """The article of a page in trafilatura's elements (TEI's names); None where it finds none."""
    keep_what_is_read(tree)
    if not any(find(tree) for find in BODY_XPATH):
        frame_whole(tree)
    few = sum(len(p.text_content()) for p in tree.iter("p")) < FEW_PARAGRAPHS
    if few:
        mark_paragraphs(tree)
    try:
        document = trafilatura.bare_extraction(
            tree,
            include_comments=False,
            fast=True,  # the other extractors that it compares with need quadratic time
            config=SHORT_PAGE if few else DEFAULT_CONFIG,
        )
    except Exception as error:  # whatever a library stumbles over in a page is the page's fault
        raise ValueError(f"html that cannot be read ({type(error).__name__})") from error
    if document is None or isinstance(document, dict):
        return None
    return document.body


def without_excess(page: str) -> str:
    """The page in which no tag has more attributes than the limit, and else as it is."""
    return (
        PIECE.sub(lambda found: found["allowed"] or found[0], page) if MANY.search(page) else page
    )


def _article_text(body: _Element | None, titles: Container[str]) -> str:
    """The text of an article without the heading that is its title (``titles``, letters only)."""
    if body is None:
        return ""
    _drop_title(body, titles)
    text = "".join(_pieces(body))
    text = SPACES.sub(" ", text.replace(KEPT_BREAK, PARAGRAPH))
    text = EMPTY_CELLS.sub(" |", AROUND_LINE_END.sub("\n", text))
    text = LIST_IN_CELL.sub(_items, text)
    text = LINES.sub(" ", NEW_THING.sub("; ", text))
    text = EMPTY_LINE.sub("", text)
    text = BLANK_LINES.sub(PARAGRAPH, text).strip()
    return text.replace(KEPT_SPACE, "\u00a0") + "\n" if text else ""


def _pieces(body: _Element) -> Iterator[str]:
    """The text in its order, with what sets the elements apart."""
    lines = cells = struck = 0  # how many elements that are one line, a cell, struck out are open
    for event, element in iterwalk(body, events=("start", "end")):
        tag = str(element.tag)
        if event == "start":
            blank = KEPT_LINE if cells else " " if lines else ""
            lines += tag in ONE_LINE
            cells += tag == CELL
            struck += tag == STRUCK_OUT
            text = element.text or ""
            yield _apart(tag, BEFORE, blank)
        else:
            lines -= tag in ONE_LINE
            cells -= tag == CELL
            blank = KEPT_LINE if cells else " " if lines else ""
            struck -= tag == STRUCK_OUT
            text = (element.tail or "") if element is not body else ""
            yield _apart(tag, BEHIND, blank)
        if not struck:
            yield WHITE_SPACE.sub(" ", text) if lines else text


def _items(row: re.Match[str]) -> str:
    """The lines of a cell as items of a list, where numbers open them."""
    lines = [line.strip() for line in LINES.split(row[1]) if line.strip()]
    numbered = sum(line.lstrip("-•*– ")[:1].isdecimal() for line in lines)
    if 2 * numbered < len(lines) or len(lines) < 2:
        return row[0]
    return "\n".join(f"- {line.lstrip('-•*– ')}" for line in lines)


def _apart(tag: str, marks: dict[str, str], blank: str) -> str:
    """What sets an element apart; ``blank`` is what does so amid one line, empty outside of one."""
    if blank and tag != "item":
        return blank if tag in BLOCKS or tag == "lb" else ""
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

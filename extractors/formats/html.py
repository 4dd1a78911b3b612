"""Web pages: the article without menus, related links and comments, and what it says about itself.

trafilatura finds the article; :mod:`extractors.formats.html_text` writes it as text, and
:mod:`extractors.formats.html_metadata` reads title, publisher, address and day of publication.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import BinaryIO

import trafilatura
from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HtmlElement, HTMLParser, document_fromstring  # type: ignore[import-untyped]
from trafilatura.settings import DEFAULT_CONFIG
from trafilatura.xpaths import BODY_XPATH

from extractors.formats.content import Content, Reading
from extractors.formats.encoding import text_of
from extractors.formats.html_attributes import without_excess
from extractors.formats.html_metadata import headings_of, metadata_of_page
from extractors.formats.html_text import article_text
from extractors.formats.html_tree import frame_whole, keep_what_is_read, mark_paragraphs
from extractors.formats.own import PAGE, is_maker

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


def contents(file: BinaryIO, reading: Reading) -> Iterator[Content]:
    """The one document. Raises ValueError where the page holds no text or cannot be read."""
    data = file.read(SIZE_LIMIT + 1)
    if len(data) > SIZE_LIMIT:
        raise ValueError(f"html of more than {SIZE_LIMIT // 1_000_000} MB")
    tree = parse(text_of(data, reading.charset or declared_charset(data)))
    if is_maker(tree.xpath("string(.//meta[@name='generator']/@content)")):
        raise ValueError(PAGE)
    metadata = metadata_of_page(tree, reading.url)
    titles = headings_of(tree, metadata.title)
    text = article_text(article_of(tree), titles)
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

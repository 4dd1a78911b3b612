"""RSS and Atom feeds: every entry a document.

feedparser reads what is written; it is given bytes and asks no network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email.utils import parsedate
from html import unescape
from io import BytesIO
from typing import Any, BinaryIO
from xml.sax import SAXException

import feedparser  # type: ignore[import-untyped]

from extractors.mentions.written_dates import iso_date
from extractors.readers.formats import contents as contents_of
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.encoding import storable, text_of
from extractors.readers.formats.web.html import declared_charset
from extractors.readers.metadata import Metadata, metadata_of
from extractors.readers.problem import Problem, attempt

# A feed is parsed as a whole: about 25 microseconds for a tag, twice that where it is malformed.
SIZE_LIMIT = 20_000_000  # bytes
TAG_LIMIT = 500_000
# feedparser takes quadratic time for the attributes of an element; feeds have a handful.
ATTRIBUTE_LIMIT = 200
ATTRIBUTE = r"""\s++[^\s<>="']++\s*+=\s*+(?:"[^"]*+"|'[^']*+')"""
MANY_ATTRIBUTES = re.compile(rf"""<[^\s<>="']++(?:{ATTRIBUTE}){{{ATTRIBUTE_LIMIT}}}""")
CLOSED = re.compile(r"</(?:[\w.-]+:)?(?:rss|feed|RDF)\s*>\s*(?:<!--.*?-->\s*)*$", re.I | re.S)
TAIL = 1000  # characters at the end of a feed within which it is closed
READABLE = {"text/plain", "text/html", "application/xhtml+xml"}
MARKUP = re.compile(r"</?[A-Za-z!][^<>]*>|&#?\w+;")
# In the text of a page these are markup that its feed escaped once more than it should.
ESCAPED = re.compile(
    r"</?(?:p|br|div|span|a|b|i|em|strong|ul|li|h\d)(?:\s[^<>]*)?/?>|&(?:#\d+|[a-z]{2,8});", re.I
)
ESCAPED_TIMES = 3
TAG = re.compile(r"<[^<>]*>")
ADDRESS = re.compile(r"[A-Za-z][\w+.-]*:\S+")
PAGE = '<!doctype html><html lang="en"><body><article>{}</article></body></html>'


def contents(file: BinaryIO, reading: ReadOptions) -> Iterator[Content | Problem]:
    """The entries of a feed: the full content where the feed has it, else the summary.

    An entry without text is a problem. Raises ValueError for what is no feed or holds no entry.
    """
    text = _text(file, reading)
    feed = _parsed(text, reading)
    entries = feed.entries
    malformed = isinstance(feed.get("bozo_exception"), SAXException)
    cut_off = malformed and not CLOSED.search(text[-TAIL:])
    if cut_off:
        entries = entries[:-1]  # nothing tells how much of the last one is there
    if not feed.version:
        raise ValueError("no RSS or Atom feed")
    if not entries:
        raise ValueError("a feed that is cut off" if cut_off else "a feed without entries")
    for number, entry in enumerate(entries, start=1):
        place = f"entry {number}"
        yield attempt(place, _document, entry, feed.feed, place, reading)
    if cut_off:
        yield Problem("", f"cut off after {len(entries)} entries")
    elif malformed:
        yield Problem("", "not well-formed XML: read as far as it makes sense", lost=False)


def _text(file: BinaryIO, reading: ReadOptions) -> str:
    """The feed as characters. Raises ValueError for one that is out of bounds."""
    data = file.read(SIZE_LIMIT + 1)
    if len(data) > SIZE_LIMIT:
        raise ValueError(f"a feed of more than {SIZE_LIMIT // 1_000_000} MB")
    text = text_of(data, reading.charset or declared_charset(data))
    if text.count("<") > TAG_LIMIT:
        raise ValueError(f"a feed of more than {TAG_LIMIT:,} tags")
    if MANY_ATTRIBUTES.search(text):
        raise ValueError(f"no feed: an element with {ATTRIBUTE_LIMIT} attributes")
    return text


def _parsed(text: str, reading: ReadOptions) -> Any:
    """What feedparser makes of it. Markup is left in: pages and fragments are cleaned one way."""
    headers = {"content-type": "application/xml; charset=utf-8"}
    if reading.url:
        headers["content-location"] = reading.url
    try:
        return feedparser.parse(
            BytesIO(text.encode("utf-8", "replace")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # whatever a library stumbles over in a feed is the feed's fault
        raise ValueError(f"a feed that cannot be read ({type(error).__name__})") from error


def _document(entry: Any, feed: Any, place: str, reading: ReadOptions) -> Content | Problem:
    """Raises ValueError where the markup of the entry holds no text."""
    text = _body(entry, reading)
    if not text:
        return Problem(place, "an entry without text")
    return Content(text, _metadata(entry, feed), place)


def _body(entry: Any, reading: ReadOptions) -> str:
    """The text of an entry. Raises ValueError where its markup holds none."""
    written = [part for part in entry.get("content", []) if part.get("type") in READABLE]
    written.append(entry.get("summary_detail", {}))
    part: Any = next((part for part in written if (part.get("value") or "").strip()), {})
    value = storable(part.get("value") or "")
    if part.get("type") == "text/plain":
        return _plain(value)
    for _ in range(ESCAPED_TIMES):
        if not MARKUP.search(value):
            break
        value = _page_text(value, reading)
        if not ESCAPED.search(value):
            return value
    return _plain(value)


def _page_text(markup: str, reading: ReadOptions) -> str:
    """The text of markup, which may be markup again that was escaped once too often."""
    page = BytesIO(PAGE.format(markup).encode())
    [found] = contents_of(".html", page, replace(reading, charset="utf-8"))
    return found.text if isinstance(found, Content) else ""


def _plain(text: str) -> str:
    lines = (line.rstrip() for line in text.strip().splitlines())
    return "".join(f"{line}\n" for line in lines)


def _metadata(entry: Any, feed: Any) -> Metadata:
    """What the entry says about itself; its publisher is the feed that it first appeared in."""
    url, name = entry.get("link"), entry.get("id")
    return metadata_of(
        {
            # In RSS an id may be a bare number, which the next feed counts up to as well.
            "id": name if name and (ADDRESS.fullmatch(name) or not url) else None,
            "title": _line(entry.get("title")),
            "published": _day(entry, "published"),
            "date": _day(entry, "updated"),
            "url": url,
            "publisher": _line(entry.get("source", {}).get("title") or feed.get("title")),
        }
    )


def _line(markup: str | None) -> str:
    line = markup or ""
    for _ in range(ESCAPED_TIMES):
        line = unescape(TAG.sub("", line))
    return " ".join(line.split())


def _day(entry: Any, field: str) -> str | None:
    """The day as it is written, without a change of time zone; else as feedparser reads it."""
    if field not in entry:
        return None
    written = entry[field] or ""
    if found := iso_date(written):
        return found
    parsed = parsedate(written) or entry.get(f"{field}_parsed")
    try:
        return date(*parsed[:3]).isoformat() if parsed else written
    except (ValueError, OverflowError):
        return written or None

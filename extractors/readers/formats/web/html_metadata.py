"""What a page says about itself: in ``meta`` elements, JSON-LD, its address, headings and times."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from extractors.mentions.written_dates import published_on
from extractors.readers.formats.blocks import letters_of
from extractors.readers.metadata import Metadata, metadata_of

JSON_LIMIT = 1_000_000  # characters of a JSON-LD script; those that describe an article are short
NODES_LIMIT = 10_000  # objects in it that are looked at
# JSON-LD nests these names; here they stand flat.
PUBLISHED = "datePublished"
SITE_BEHIND_TITLE = re.compile(r"\s+[|–—»·-]\s+[^|–—»·]{2,60}$")


def metadata_of_page(tree: HtmlElement, url: str | None) -> Metadata:
    """The metadata of a page that came from ``url`` (None where that is not known)."""
    values = {**dict(_times(tree)), **dict(_linked_data(tree)), **dict(_meta_elements(tree))}
    found = metadata_of(values)
    return replace(
        found,
        source_id=None,  # an id within a site is none in a ledger
        accessed=None,
        title=found.title or _heading(tree),
        url=url or _canonical(tree) or found.url,
        unread_date=None,  # a page has many places for its date, and text besides
    )


def headings_of(tree: HtmlElement, title: str | None) -> frozenset[str]:
    """The title in all the ways that a page writes it, as :func:`letters_of`."""
    page_title = " ".join((tree.findtext(".//title") or "").split())
    written = [title or "", page_title, SITE_BEHIND_TITLE.sub("", page_title), _heading(tree) or ""]
    return frozenset(map(letters_of, written)) - {""}


def _meta_elements(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """The names and values of ``meta`` elements; the first of a name counts, so it comes last."""
    for element in reversed(list(tree.iter("meta"))):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = (element.get("content") or "").strip()
        if name and content:
            yield name, content


def _linked_data(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """Headline, day and publisher of the first article that JSON-LD describes."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = script.text or ""
        try:
            data = json.loads(text, strict=False) if len(text) <= JSON_LIMIT else None
        except (ValueError, RecursionError):
            continue
        for node in _objects(data):
            published = node.get(PUBLISHED)
            if isinstance(published, str):
                publisher = node.get("publisher")
                name = publisher.get("name") if isinstance(publisher, dict) else publisher
                for key, value in (("headline", node.get("headline")), ("publisher", name)):
                    if isinstance(value, str):
                        yield key, value
                yield PUBLISHED, published
                return


def _objects(data: object) -> Iterator[dict[str, object]]:
    """The objects in a JSON document, outer ones first, up to a limit."""
    waiting, seen = [data], 0
    while waiting and seen < NODES_LIMIT:
        node = waiting.pop(0)
        seen += 1
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _times(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """The day in elements marked as that of publication, or the one that all times agree on."""
    for element in tree.xpath(".//*[@itemprop='datePublished']|.//time[@pubdate]"):
        written = element.get("content") or element.get("datetime") or element.text_content()
        if published_on(written):
            yield PUBLISHED, written
            return
    days = {published_on(element.get("datetime")) for element in tree.xpath(".//time[@datetime]")}
    if len(days) == 1 and (day := days.pop()):
        yield PUBLISHED, day


def _canonical(tree: HtmlElement) -> str | None:
    for link in tree.xpath(".//link[@rel='canonical'][@href]"):
        base, address = tree.xpath("string(.//base/@href)"), link.get("href").strip()
        try:
            address = urljoin(base, address)
            address = f"https:{address}" if address.startswith("//") else address
            if urlsplit(address).scheme in ("http", "https"):
                return address.partition("#")[0]
        except ValueError:  # written as an address, and none: "http://[here]"
            continue
    return None


def _heading(tree: HtmlElement) -> str | None:
    """The only heading of the first level, else the page's title without the site's name."""
    headings = [" ".join(h.text_content().split()) for h in tree.iter("h1")]
    if len(headings) == 1 and headings[0]:
        return headings[0]
    title = " ".join((tree.findtext(".//title") or "").split())
    return SITE_BEHIND_TITLE.sub("", title) or None

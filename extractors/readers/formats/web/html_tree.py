"""A page made ready for trafilatura: kept is what it would drop or run together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.etree import XPath, strip_tags  # type: ignore[import-untyped]
from lxml.html import Element, HtmlElement  # type: ignore[import-untyped]

INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark q s"
    " samp small span strike strong sub sup time tt u var wbr".split()
)
# Time grows with the square of the elements within one paragraph; with so many they are no markup.
MANY_CHILDREN = 2_000
# What can hold paragraphs and runs of text beside them.
CONTAINERS = ("body", "article", "main", "section", "div", "center")
AMID = ("p", "li", "td", "div", "span", "b", "strong", "em", "i")  # what holds running words
AMID_SHARE = 1.5  # of the length of an element is what a paragraph has where it runs on around it
# What a browser does not show, but not where that is most of the page: a script will show it.
HIDDEN = XPath(".//*[@hidden or @style or self::dialog]")
UNSEEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.I)
HIDDEN_SHARE = 0.5
NOT_READ = ("script", "style", "noscript", "template")
# trafilatura makes each white space a blank; between digits a special one belongs to the number.
SPACE_IN_NUMBER = re.compile("(?<=\\d)[\u00a0\u2009\u202f](?=\\d{3}(?!\\d))")
KEPT_SPACE, KEPT_BREAK = "\ue000", "\ue001"  # private characters that trafilatura lets stand
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def keep_what_is_read(tree: HtmlElement) -> None:
    """Change in place what stands within sentences so that trafilatura keeps it as it is meant."""
    for element in list(tree.iter(*NOT_READ)):
        element.drop_tree()
    _drop_hidden(tree)
    for element in list(tree.iter("sup")):
        _raise(element)
    for element in list(tree.iter("q")):
        element.text, element.tail = f"“{element.text or ''}", f"”{element.tail or ''}"
        element.tag = "span"
    for element in _amid_words(tree.iter("time")):
        element.tag = "span"
    for element in list(tree.iter("br")):
        after = element.getnext()
        if after is not None and after.tag == "br" and not (element.tail or "").strip():
            after.tail = KEPT_BREAK + (after.tail or "")
    for cell in list(tree.iter("td", "th")):
        for item in list(cell.iter("li")):
            item.tag = "p"
        for inner in list(cell.iter("ul", "ol")):
            inner.drop_tag()
    for element in list(tree.iter()):
        if len(element) > MANY_CHILDREN:
            strip_tags(element, *INLINE - {"br"})
    for element in tree.iter():  # set anew even where it is the same: the pieces become one
        element.text = SPACE_IN_NUMBER.sub(KEPT_SPACE, element.text or "") or None
        element.tail = SPACE_IN_NUMBER.sub(KEPT_SPACE, element.tail or "") or None


def _drop_hidden(tree: HtmlElement) -> None:
    """Take out what the page itself hides."""
    hidden = [e for e in HIDDEN(tree) if e.get("hidden") is not None or _is_unseen(e)]
    whole = len(tree.text_content()) if hidden else 0
    for element in hidden:
        if len(element.text_content()) <= HIDDEN_SHARE * whole:
            element.drop_tree()


def _is_unseen(element: HtmlElement) -> bool:
    closed = element.tag == "dialog" and element.get("open") is None
    return closed or UNSEEN.search(element.get("style") or "") is not None


def _raise(sup: HtmlElement) -> None:
    """``km<sup>2</sup>`` becomes km², a footnote's mark goes: "20" with note 1 is not 201."""
    if sup.find(".//a") is not None:
        sup.drop_tree()
        return
    text = sup.text_content().strip()
    if text.isascii() and text.isdecimal():
        for child in list(sup):
            sup.remove(child)
        sup.text = text.translate(RAISED)


def _amid_words(elements: Iterable[HtmlElement]) -> Iterator[HtmlElement]:
    """Those of some elements that stand amid the words of a paragraph and not by themselves."""
    length: dict[HtmlElement, int] = {}
    for element in list(elements):
        parent = element.getparent()
        if parent is None or parent.tag not in AMID:
            continue
        if parent not in length:
            length[parent] = len(parent.text_content().strip())
        if length[parent] > AMID_SHARE * len(element.text_content().strip()):
            yield element


def frame_whole(tree: HtmlElement) -> None:
    """All of a page without an article's frame becomes one, so that lists and headings are kept."""
    body = tree.find("body")
    if body is None:
        return
    article = Element("article")
    article.text, body.text = body.text, None
    article.extend(list(body))
    body.append(article)


def mark_paragraphs(tree: HtmlElement) -> None:
    """Every run of text that stands beside paragraphs becomes one, and a link in it plain words."""
    for link in _amid_words(tree.iter("a")):
        link.drop_tag()
    for container in list(tree.iter(*CONTAINERS)):
        _mark_runs(container)


def _mark_runs(container: HtmlElement) -> None:
    children = list(container)
    run = Element("p")
    run.text, container.text = container.text, None
    for child in children:
        if child.tag in INLINE:
            run.append(child)  # with the text behind it
            continue
        _insert_before(child, run)
        run = Element("p")
        run.text, child.tail = child.tail, None
    if run.text_content().strip():
        container.append(run)


def _insert_before(child: HtmlElement, run: HtmlElement) -> None:
    if run.text_content().strip():
        child.addprevious(run)

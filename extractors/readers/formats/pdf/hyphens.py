"""Words that a line end has cut in two: whether the hyphen belongs to them.

The hyphen stays

- beside a digit or before a capital (``155-|mm``, ``F-|16``, ``Franco-|German``), and after a word
  that has one already (``surface-to-|air``);
- before *and*, *or*, *to* where it ends a word, and then with a blank (``short- |and long-range``);
- after a number word before another word (``billion-|dollar``);
- where the text has the word with a hyphen, or has it nowhere and the catalogue does
  (``long-|range``);
- where its halves are the first and the last part of words that they have with a hyphen
  (``medium-altitude`` and ``long-range``: ``medium-|range``);
- after a name that they have as a word of its own (``German-|made``, ``NATO-|led``).

Else it was put there to break the word, and goes (``ammu-|nition``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from extractors.catalogue import load

HYPHENS = "-\u2010\u2011"
SUSPENDED_BEFORE = ("and", "or", "to")
CATALOGUES = ("materiel", "nouns", "aid", "actors", "currencies", "measures", "numerals")
OPENING = "\"'(\u201c\u2018["
WORD = re.compile(r"[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)*(?![\w-]|[\u2010\u2011])")
HEAD = re.compile(r"(\S*[^\W_])[-\u2010\u2011]$")
TAIL = re.compile(r"[^\W\d_]+")


class Words:
    """The words of some texts, and the parts of those with a hyphen."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.known: set[str] = set()
        self.first: set[str] = set()
        self.last: set[str] = set()
        for text in texts:
            for found in WORD.finditer(text):
                word = found[0].lower().replace("\u2010", "-").replace("\u2011", "-")
                self.known.add(word)
                if "-" in word:
                    self.first.add(word.partition("-")[0])
                    self.last.add(word.rpartition("-")[2])


@cache
def catalogue_words() -> Words:
    """The words of the catalogue of materiel, aid and actors."""
    return Words(text for name in CATALOGUES for text in _strings(load(name)))


@cache
def _number_words() -> set[str]:
    return Words(_strings(load("numerals"))).known


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def across_line_end(before: str, after: str, words: Words) -> str:
    """Two lines of a paragraph as one, where the first may end in a hyphen."""
    head = HEAD.search(before)
    if head is None:
        return f"{before} {after}"
    if not after[:1].isalnum():
        return f"{before} {after}"
    known = (words, catalogue_words())
    tail = TAIL.match(after)
    if tail and tail[0] in SUSPENDED_BEFORE and _is_word(head[1], known):
        return f"{before} {after}"
    if tail is None or _stays(head[1], tail[0], known):
        return before + after
    return before[:-1] + after


def _is_word(head: str, known: tuple[Words, ...]) -> bool:
    first = head.lower().lstrip(OPENING)
    return any(first in words.known or first in words.first for words in known)


def _stays(head: str, tail: str, known: tuple[Words, ...]) -> bool:
    if not head[-1].isalpha() or tail[0].isupper() or any(mark in head for mark in HYPHENS):
        return True
    first, last = head.lower().lstrip(OPENING), tail.lower()
    for words in known:
        if f"{first}-{last}" in words.known or first + last in words.known:
            return f"{first}-{last}" in words.known
    if first in _number_words() and any(last in words.known for words in known):
        return True
    if any(first in words.first for words in known) and any(last in words.last for words in known):
        return True
    return head.lstrip(OPENING)[0].isupper() and any(first in w.known for w in known)

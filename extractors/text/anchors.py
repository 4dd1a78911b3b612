"""Where in a text a number may stand: one pass that lets most of a document go unread."""

from __future__ import annotations

import re
from functools import cache

import ahocorasick_rs

from extractors.text.number_words import anchors

_DIGITS = re.compile(r"[\d\u00bc-\u00be\u2150-\u215e]+")


_SURROGATE = re.compile("[\ud800-\udfff]")


@cache
def _automaton() -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(anchors(), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)


def without_surrogates(text: str) -> str:
    """A text with blanks for lone surrogates, which UTF-8 does not have."""
    return text if text.isascii() else _SURROGATE.sub(" ", text)


def is_glued(text: str, start: int) -> bool:
    """Whether a word begins where the space before it is lost: ``in *JerusalemThree* men``."""
    capital, first = text[start : start + 2], text[start - 1]
    return capital[0].isupper() and (first.islower() or (first.isupper() and capital[1:].islower()))


def has_number(text: str) -> bool:
    """Whether a number may stand anywhere in a text; answered at the first digit."""
    return _DIGITS.search(text) is not None or bool(anchored(text))


def anchored(text: str) -> list[int]:
    """Offsets at which numbers may begin: runs of digits, number words that are whole words."""
    low = text.lower()
    if len(low) != len(text):  # a few capitals grow in lower case
        low = "".join([c if len(c.lower()) != 1 else c.lower() for c in text])
    low = without_surrogates(low)
    out = [match.start() for match in _DIGITS.finditer(text)]
    end_of_text = len(low)
    for _, start, end in _automaton().find_matches_as_indexes(low):
        whole = not start or not low[start - 1].isalpha() or is_glued(text, start)
        if whole and (end == end_of_text or not low[end].isalpha()):
            out.append(start)
    return out

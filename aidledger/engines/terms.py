"""The terms by which a user chooses documents: words and phrases, found as whole words."""

from __future__ import annotations

import re
from collections.abc import Sequence

import ahocorasick_rs

from ledger.figure import Source

_SURROGATE = re.compile("[\ud800-\udfff]")


class Terms:
    """Words and phrases of which a document must hold at least one, in its text or its title.

    They are found as whole words, in capitals or not, over line ends too: ``aid package`` is in
    "AID\\nPackage" and not in "aid packages". Raises ValueError for a term without a character.
    """

    def __init__(self, terms: Sequence[str]) -> None:
        folded = [" ".join(_folded(term).split()) for term in terms]
        if not all(folded):
            raise ValueError("a term that is empty")
        self._automaton = ahocorasick_rs.AhoCorasick(folded)
        self._has_phrases = any(" " in term for term in folded)

    def in_source(self, source: Source) -> bool:
        """Whether one of the terms stands in a document."""
        return self.found_in(source.text) or bool(source.title and self.found_in(source.title))

    def found_in(self, text: str) -> bool:
        """Whether one of the terms stands in a text."""
        folded = _folded(text)
        if self._has_phrases:
            folded = " ".join(folded.split())
        hits = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        return any(_is_whole(folded, start, end) for _, start, end in hits)


def _folded(text: str) -> str:
    """The text as terms are compared: without the difference of capitals."""
    folded = text.casefold()
    return folded if folded.isascii() else _SURROGATE.sub(" ", folded)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a stretch does not begin or end within a word."""
    begins = not (start and text[start - 1].isalnum() and text[start].isalnum())
    ends = not (end < len(text) and text[end - 1].isalnum() and text[end].isalnum())
    return begins and ends

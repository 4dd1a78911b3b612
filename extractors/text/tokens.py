"""The words of a sentence, with their places.

Tokens are kept as parallel tuples: the grammar asks for the lower-case form far more often than for
anything else, and an index into a tuple is the cheapest question there is. What hardly ever lies
outside the sentence is not asked first whether it does.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from extractors.catalogue import load

_TOKEN = re.compile(
    r"[^\W\d_]{2,}(?:'(?!s\b)[^\W\d_]+)?"  # words, don't; first, as most tokens are words
    r"|\d+(?:[.,\u00a0]\d+|'\d{3}(?!\d))*"  # digits with separators
    r"|(?<![\w.])\.\d+(?![.\d])"  # .05
    r"|(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?"  # U.S.
    r"|'s\b"
    r"|[^\W\d_](?:'(?!s\b)[^\W\d_]+)?"  # a, I'm
    r"|[^\s]"
)


# What no lost space lies in is seen at once: a capital amid a word, with a small letter behind it.
_CAPITAL_AMID = re.compile(r"(?<=[^\W\d_])[A-Z](?=[a-z])")


@cache
def _glued() -> re.Pattern[str]:
    """A word that opens a sentence about a number, where the space before it is lost."""
    glued = load("numerals")["glued"]
    openers = "|".join(glued["words"])
    behind = "|".join(rf"(?<=\b{unit})[A-Z][a-z]{{2,}}" for unit in glued["behind"])
    return re.compile(rf"(?:(?:(?<=[a-z]{{2}})|(?<=[A-Z]{{3}}))(?:{openers})|{behind})(?![^\W\d_])")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one sentence: as written, in lower case, and their offsets in the block.

    ``known`` keeps what is read of them :func:`~extractors.text.once.once`.
    """

    raw: tuple[str, ...]
    low: tuple[str, ...]
    start: tuple[int, ...]
    end: tuple[int, ...]
    known: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.raw)

    def glued(self, i: int) -> bool:
        """Whether token i follows the one before it without a blank."""
        try:
            return i > 0 and self.start[i] == self.end[i - 1]
        except IndexError:
            return False

    def apart(self, i: int) -> bool:
        """Whether a gap before token i parts it from the one before it: a column of its own."""
        return 0 < i < len(self.raw) and self.start[i] > self.end[i - 1] + 1

    def at(self, i: int) -> str:
        """Token i in lower case, the empty string outside the sentence."""
        try:
            return self.low[i] if i >= 0 else ""
        except IndexError:
            return ""

    def follows(self, i: int, words: tuple[str, ...]) -> bool:
        """Whether these words, in lower case, begin at token i."""
        return self.low[i : i + len(words)] == words

    def places(self, words: frozenset[str]) -> tuple[int, ...]:
        """Where words of a list stand, looked for once."""
        found: tuple[int, ...] | None = self.known.get(words)
        if found is None:
            none = words.isdisjoint(self.low)
            found = () if none else tuple([k for k, w in enumerate(self.low) if w in words])
            self.known[words] = found
        return found

    def holds(self, words: frozenset[str], first: int = 0, last: int | None = None) -> bool:
        """Whether a word of a list stands at tokens ``first`` to ``last`` (exclusive)."""
        end = len(self.low)
        return self.first_place(words, first) < (end if last is None else min(last, end))

    def first_place(self, words: frozenset[str], first: int = 0) -> int:
        """The first place of a word of a list from token ``first`` on, else the end of them all."""
        places = self.places(words)
        k = bisect_left(places, first)
        return places[k] if k < len(places) else len(self.low)

    def last_place(self, words: frozenset[str], last: int) -> int:
        """The last place of a word of a list before token ``last``; -1 if it has none."""
        places = self.places(words)
        k = bisect_left(places, last)
        return places[k - 1] if k else -1

    def words(self, i: int, j: int) -> str:
        """Tokens i to j (exclusive) in lower case, joined by blanks."""
        return " ".join(self.low[i:j])


def _apart(plain: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """A word, or the two that a lost space has made one: ``JerusalemThree``."""
    glued = _glued().search(plain, start, end)
    if glued is None or glued.end() != end:
        return ((start, end),)
    return (start, glued.start()), (glued.start(), end)


def tokenize(plain: str, start: int, end: int) -> Tokens:
    """Cut a stretch of plain text into tokens."""
    found = [match.span() for match in _TOKEN.finditer(plain, start, end)]
    if _CAPITAL_AMID.search(plain, start, end) is not None:
        found = [part for a, b in found for part in _apart(plain, a, b)]
    raw = tuple([plain[a:b] for a, b in found])
    low = tuple([word.lower() for word in raw])
    return Tokens(raw, low, tuple([a for a, _ in found]), tuple([b for _, b in found]))

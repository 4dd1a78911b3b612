"""Finding the catalogue's surfaces among the tokens of a sentence.

A surface matches whatever its hyphens and blanks ("T-72", "T 72", "T72") and, where the catalogue
says so, in its regular plural. Of several surfaces at one place the longest wins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, TypeVar

from extractors.text.tokens import Tokens, tokenize
from extractors.text.words import singular, word_set

T = TypeVar("T")
_SKIPPED = frozenset(("-", "\u2013"))
_PROPER = "^"
_SHOUTED = 4  # letters from which a headline's capitals are no abbreviation ("NORWAY", not "US")


@dataclass(frozen=True, slots=True)
class Mention(Generic[T]):
    """An entry of the catalogue found at tokens ``first`` to ``last`` (exclusive)."""

    first: int
    last: int
    entry: T


@dataclass(slots=True)
class _Row(Generic[T]):
    """A surface behind its first word, how its capitals must be written, and its entry."""

    rest: tuple[str, ...]
    written: str | None
    entry: T


@dataclass(slots=True)
class _Rows(Generic[T]):
    """The surfaces that begin with one word: those that end there, the others by their second."""

    alone: list[_Row[T]] = field(default_factory=list)
    longer: dict[str, list[_Row[T]]] = field(default_factory=dict)


@dataclass(slots=True)
class Index(Generic[T]):
    """Surfaces by their first word. ``plurals``: the last word also matches in the plural."""

    plurals: bool = False
    _by_first: dict[str, _Rows[T]] = field(default_factory=dict)

    def add(self, surface: str, entry: T, *, cased: bool = False, proper: bool = False) -> None:
        """Enter a surface. ``cased``: its capitals count ("US" is not "us"); ``proper``: it begins
        with a capital ("Patriot" is not "patriot"), as it must where its first word is also one of
        grammar ("AT-4" is not "at 4")."""
        first, *rest = _split(surface.lower())
        also_word = first in word_set("phrase", "stop") and surface[0].isupper()
        written = surface if cased else _PROPER if proper or also_word else None
        rows = self._by_first.setdefault(first, _Rows())
        row = _Row(tuple(rest), written, entry)
        (rows.longer.setdefault(rest[0], []) if rest else rows.alone).append(row)

    def sort(self) -> None:
        """Put the longest surfaces first; call once after the last :meth:`add`."""
        for rows in self._by_first.values():
            for longer in rows.longer.values():
                longer.sort(key=lambda row: -len(row.rest))

    def at(self, tokens: Tokens, i: int) -> Mention[T] | None:
        """The longest surface that begins at token i."""
        low = tokens.low[i]
        rows = self._by_first.get(low)
        if rows is not None:
            for row in self._candidates(rows, tokens, i):
                last = self._match(tokens, i, row.rest)
                if last and _as_written(tokens, i, last, row.written):
                    return Mention(i, last, row.entry)
        if self.plurals:
            one = singular(low)
            rows = self._by_first.get(one) if one != low else None
            for row in rows.alone if rows is not None else ():
                if row.written is None or tokens.raw[i][0].isupper():
                    return Mention(i, i + 1, row.entry)
        return None

    def _candidates(self, rows: _Rows[T], tokens: Tokens, i: int) -> list[_Row[T]]:
        """The surfaces that may begin at token i, as far as its next word tells; longest first."""
        if not rows.longer:
            return rows.alone
        second = _next_word(tokens.low, i)
        longer = rows.longer.get(second, [])
        if self.plurals and (one := singular(second)) != second:
            longer = sorted(longer + rows.longer.get(one, []), key=lambda row: -len(row.rest))
        return longer + rows.alone

    def _match(self, tokens: Tokens, i: int, rest: tuple[str, ...]) -> int:
        """The end of a match of the further words of a surface, 0 where they do not stand there."""
        j, n = i + 1, len(tokens)
        end = len(rest) - 1
        for k, word in enumerate(rest):
            while j < n and tokens.low[j] in _SKIPPED:
                j += 1
            if j >= n:
                return 0
            low = tokens.low[j]
            if low != word and not (k == end and self.plurals and singular(low) == word):
                return 0
            j += 1
        return j

    def find(self, tokens: Tokens) -> list[Mention[T]]:
        """All surfaces of a sentence, from left to right, none overlapping."""
        out: list[Mention[T]] = []
        done = 0
        for i in self._openings(tokens.low):
            mention = self.at(tokens, i) if i >= done else None
            if mention is not None:
                out.append(mention)
                done = mention.last
        return out

    def _openings(self, words: tuple[str, ...]) -> list[int]:
        """Where a surface may begin, as far as its first word tells."""
        by_first = self._by_first
        if self.plurals:
            return [i for i, w in enumerate(words) if w in by_first or singular(w) in by_first]
        if by_first.keys().isdisjoint(words):
            return []
        return [i for i, w in enumerate(words) if w in by_first]


def _next_word(words: tuple[str, ...], i: int) -> str:
    """The word behind the i-th, hyphens skipped."""
    j, n = i + 1, len(words)
    while j < n and words[j] in _SKIPPED:
        j += 1
    return words[j] if j < n else ""


def _split(surface: str) -> tuple[str, ...]:
    words = tokenize(surface, 0, len(surface)).low
    return tuple(w for w in words if w not in _SKIPPED)


@lru_cache(maxsize=4096)
def _joined(written: str) -> str:
    """A surface without its blanks."""
    return "".join(tokenize(written, 0, len(written)).raw)


def _as_written(tokens: Tokens, i: int, j: int, written: str | None) -> bool:
    if written is None:
        return True
    if written == _PROPER:
        return tokens.raw[i][0].isupper()
    seen, wanted = "".join(tokens.raw[i:j]), _joined(written)
    return seen == wanted or (len(seen) >= _SHOUTED and seen == wanted.upper())


def index_of(rows: Iterable[tuple[str, T]], *, plurals: bool = False) -> Index[T]:
    """An index of uncased surfaces."""
    index: Index[T] = Index(plurals)
    for surface, entry in rows:
        index.add(surface, entry)
    index.sort()
    return index

"""Finding the catalogue's surfaces among the tokens of a sentence.

A surface matches whatever its hyphens and blanks ("T-72", "T 72", "T72") and, where the catalogue
says so, in its regular plural. Of several surfaces at one place the longest wins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from extractors.tokens import Tokens, tokenize
from extractors.words import singular, word_set

T = TypeVar("T")
_SKIPPED = frozenset(("-", "\u2013"))
_PROPER = "^"


@dataclass(frozen=True, slots=True)
class Mention(Generic[T]):
    """An entry of the catalogue found at tokens ``first`` to ``last`` (exclusive)."""

    first: int
    last: int
    entry: T


@dataclass(slots=True)
class Index(Generic[T]):
    """Surfaces by their first word. ``plurals``: the last word also matches in the plural."""

    plurals: bool = False
    _by_first: dict[str, list[tuple[tuple[str, ...], str | None, T]]] = field(default_factory=dict)

    def add(self, surface: str, entry: T, *, cased: bool = False, proper: bool = False) -> None:
        """Enter a surface. ``cased``: its capitals count ("US" is not "us"); ``proper``: it begins
        with a capital ("Patriot" is not "patriot")."""
        words = _split(surface.lower())
        also_word = words[0] in word_set("phrase", "stop") and surface[0].isupper()
        written = surface if cased else _PROPER if proper or also_word else None
        self._by_first.setdefault(words[0], []).append((words[1:], written, entry))

    def sort(self) -> None:
        """Put the longest surfaces first; call once after the last :meth:`add`."""
        for rows in self._by_first.values():
            rows.sort(key=lambda row: -len(row[0]))

    def at(self, tokens: Tokens, i: int) -> Mention[T] | None:
        """The longest surface that begins at token i."""
        low = tokens.low[i]
        rows = self._by_first.get(low)
        if rows is not None:
            for rest, written, entry in rows:
                last = self._match(tokens, i, rest)
                if last and _as_written(tokens, i, last, written):
                    return Mention(i, last, entry)
        if self.plurals:
            one = singular(low)
            if one != low:
                for rest, written, entry in self._by_first.get(one, ()):
                    if not rest and (written is None or tokens.raw[i][0].isupper()):
                        return Mention(i, i + 1, entry)
        return None

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
        i, n = 0, len(tokens)
        by_first, plurals = self._by_first, self.plurals
        while i < n:
            low = tokens.low[i]
            if low in by_first or (plurals and singular(low) in by_first):
                mention = self.at(tokens, i)
                if mention is not None:
                    out.append(mention)
                    i = mention.last
                    continue
            i += 1
        return out


def _split(surface: str) -> tuple[str, ...]:
    words = tokenize(surface, 0, len(surface)).low
    return tuple(w for w in words if w not in _SKIPPED)


def _as_written(tokens: Tokens, i: int, j: int, written: str | None) -> bool:
    if written is None:
        return True
    if written == _PROPER:
        return tokens.raw[i][0].isupper()
    return "".join(tokens.raw[i:j]) == "".join(tokenize(written, 0, len(written)).raw)


def index_of(rows: Iterable[tuple[str, T]], *, plurals: bool = False) -> Index[T]:
    """An index of uncased surfaces."""
    index: Index[T] = Index(plurals)
    for surface, entry in rows:
        index.add(surface, entry)
    index.sort()
    return index

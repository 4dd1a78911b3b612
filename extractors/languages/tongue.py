"""The words of a language, as the grammar asks for them (``catalogue/languages/``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Generic, TypeVar

from extractors.catalogue import load
from extractors.text.tokens import Tokens, tokenize

T = TypeVar("T")


class Phrases(Generic[T]):
    """Words and phrases with what each means; the longest that stands at a place counts."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        self._last: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for phrase, meaning in entries:
            words = tokenize(phrase, 0, len(phrase)).low
            self._first.setdefault(words[0], []).append((words, meaning))
            self._last.setdefault(words[-1], []).append((words, meaning))
        for rows in (*self._first.values(), *self._last.values()):
            rows.sort(key=lambda row: -len(row[0]))

    def at(self, tokens: Tokens, j: int) -> tuple[T, int] | None:
        """The phrase that begins at token j: its meaning and the first token behind it."""
        for words, meaning in self._first.get(tokens.at(j), ()):
            if tokens.follows(j, words):
                return meaning, j + len(words)
        return None

    def before(self, tokens: Tokens, i: int) -> tuple[T, int] | None:
        """The phrase that ends right before token i: its meaning and its first token."""
        for words, meaning in self._last.get(tokens.at(i - 1), ()):
            if i >= len(words) and tokens.follows(i - len(words), words):
                return meaning, i - len(words)
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Tongue:
    """One language. What each part means is told in ``catalogue/languages.toml``.

    ``sets`` holds its lists of single words by name; ``words`` the values of number words.
    """

    name: str
    sets: Mapping[str, frozenset[str]]
    elided: tuple[str, ...]
    ordinal_dot: bool
    compounds: bool
    words: Mapping[str, Decimal]
    number_phrases: Phrases[Decimal]
    rooms: Mapping[int, int]
    scales: Mapping[str, int]
    letters: Mapping[str, int]
    vague: Mapping[str, int]
    fractions: Phrases[int]
    currencies: Phrases[str]
    units: Phrases[str]
    percent: Phrases[None]
    per: Phrases[str]
    of: frozenset[str]
    joined: Phrases[None]
    half_behind: Phrases[None]
    partitive: Phrases[None]
    between: Phrases[None]
    clock_before: Phrases[None]
    before: Phrases[str]
    after: Phrases[str]
    stems: tuple[str, ...]
    aged: tuple[str, ...]

    def has(self, name: str, word: str) -> bool:
        """Whether a word is of one of the language's lists."""
        return word in self.sets[name]


def is_read(language: str | None) -> bool:
    """Whether the numbers of a language, by its English name, are read."""
    return language in load("languages")["read"]


@cache
def tongue_of(language: str | None) -> Tongue | None:
    """The language of an English name; None where its numbers are not read."""
    if not is_read(language):
        return None
    data = load(f"languages/{language.lower()}") if language else {}
    numbers = [(word, Decimal(n)) for n, words in data["words"].items() for word in words]
    sets = {
        name: frozenset(words)
        for name, words in data.items()
        if isinstance(words, list) and all(isinstance(word, str) for word in words)
    }
    before = [phrase.split()[0] for phrases in data["before"].values() for phrase in phrases]
    sets["openers"] = sets["function_words"] | sets["stop"] | frozenset(before)
    sets["alone"] = frozenset(data["alone"]["words"])
    sets["range_to"] = frozenset(data["range"]["to"])
    sets["range_lead"] = frozenset(data["range"]["lead"])
    sets["range_and"] = frozenset(data["range"]["and"])
    return Tongue(
        name=str(language),
        sets=sets,
        elided=tuple(data["elided"]),
        ordinal_dot=data["ordinal_dot"],
        compounds=data["compounds"],
        words={word: value for word, value in numbers if word.isalpha() or "'" in word},
        number_phrases=Phrases((w, v) for w, v in numbers if not w.replace("'", "").isalpha()),
        rooms={int(tens): room for tens, room in data.get("rooms", {}).items()},
        scales=_by_word(data["scales"]),
        letters=data["letters"],
        vague=_by_word(data["vague"]),
        fractions=Phrases(_by_word(data["fractions"]).items()),
        currencies=_phrases(data["currencies"]),
        units=_phrases(data["units"]),
        percent=_plain([*data["percent"], "%", "\u2030"]),
        per=_phrases(data["per"]),
        of=frozenset(data["of"]),
        joined=_plain(data["and"]),
        half_behind=_plain(data["half_behind"]),
        partitive=_plain(data["partitive"]),
        between=_plain(data["between"]),
        clock_before=_plain(data["clock_before"]),
        before=_phrases(data["before"]),
        after=_phrases(data["after"]),
        stems=tuple(data["nouns"]),
        aged=tuple(data["aged"]),
    )


def _by_word(table: Mapping[str, list[str]]) -> dict[str, int]:
    return {word: int(value) for value, words in table.items() for word in words}


def _phrases(table: Mapping[str, Any]) -> Phrases[str]:
    return Phrases((phrase, name) for name, phrases in table.items() for phrase in phrases)


def _plain(phrases: Iterable[str]) -> Phrases[None]:
    return Phrases((phrase, None) for phrase in phrases)

"""The words of ``catalogue/calendar.toml``, as those ask for them who read dates."""

from __future__ import annotations

from functools import cache
from typing import Any

from extractors.catalogue import load
from extractors.text.lexicon import Index
from extractors.text.tokens import Tokens


@cache
def calendar_words() -> dict[str, Any]:
    """The lists and tables of the calendar; lists as sets."""
    return {
        name: frozenset(words) if isinstance(words, list) else words
        for name, words in load("calendar").items()
        if name != "example"
    }


@cache
def direction_words() -> dict[str, frozenset[str]]:
    """The words that tell which way a date lies."""
    return {name: frozenset(words) for name, words in load("calendar")["direction"].items()}


@cache
def holidays() -> Index[str | list[int]]:
    """The days of the year that have names."""
    index: Index[str | list[int]] = Index()
    for name, day in load("calendar")["holidays"].items():
        index.add(name, day, proper=True)
    index.sort()
    return index


@cache
def phrases() -> Index[int]:
    """Words for a day, several of them, by their distance from the day of publication."""
    index: Index[int] = Index()
    for words, distance in load("calendar")["phrases"].items():
        index.add(words, distance)
    index.sort()
    return index


@cache
def openers() -> frozenset[str]:
    """The words with which a date can begin, or end (*ago*)."""
    words = calendar_words()
    tables = ("months", "weekdays", "days", "seasons", "ordinals", "tens", "units")
    named = (name.split()[0].split("'")[0].lower() for name in words["holidays"])
    spoken = (name.split()[0] for name in words["phrases"])
    single = (word for table in tables for word in words[table])
    return frozenset((*single, *named, *spoken, *words["steps"], "ago", "weekend"))


def is_month(tokens: Tokens, k: int) -> bool:
    """Whether a word is a month, and not the verb: "*May* 3", "In *March*"."""
    return tokens.low[k] in calendar_words()["months"] and tokens.raw[k][0].isupper()

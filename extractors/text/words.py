"""Singulars and plurals, and the lists of ``catalogue/grammar.toml`` and ``nouns.toml``."""

from __future__ import annotations

from functools import cache, lru_cache

from extractors.catalogue import load


@cache
def word_set(section: str, name: str) -> frozenset[str]:
    """One list of the grammar catalogue."""
    return frozenset(load("grammar")[section][name])


@cache
def phrases(section: str, name: str) -> tuple[tuple[str, ...], ...]:
    """One list of the grammar catalogue whose entries have several words, each as its words."""
    return tuple(tuple(phrase.split()) for phrase in load("grammar")[section][name])


@cache
def word_table(section: str, name: str) -> dict[str, str]:
    """One table of the grammar catalogue."""
    table: dict[str, str] = load("grammar")[section][name]
    return table


@cache
def word_costs(section: str, name: str) -> dict[str, int]:
    """One table of the grammar catalogue that weighs words."""
    costs: dict[str, int] = load("grammar")[section][name]
    return costs


@cache
def noun_list(name: str) -> frozenset[str]:
    """One list of ``catalogue/nouns.toml``."""
    return frozenset(load("nouns")[name])


@lru_cache(maxsize=65536)
def singular(word: str) -> str:
    """The singular of a noun in lower case; a word that is no plural comes back unchanged."""
    irregular = word_table("plural", "irregular").get(word)
    if irregular is not None:
        return irregular
    if not word.endswith("s") or len(word) < 3 or word in word_set("plural", "false"):
        return word
    if word.endswith(("ss", "us", "sis")) or word in word_set("plural", "same"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zzes")):
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=65536)
def is_plural(word: str) -> bool:
    """Whether a word in lower case can be a plural noun."""
    if word in word_set("plural", "same") or word in word_table("plural", "irregular"):
        return True
    return len(word) > 2 and singular(word) != word

"""How exact a number is: *about*, *up to*, *at least*, *N or more* (``catalogue/qualifiers.toml``)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from extractors.catalogue import load
from extractors.quantity import Quantity
from extractors.tokens import Tokens, tokenize

BOUNDS = frozenset(("at_least", "more_than", "at_most", "less_than"))
_ESTIMATE_REACH = 14


@dataclass(frozen=True, slots=True)
class Qualified:
    """The qualifier with the numbers that it makes of the quantity, and the cue that decided."""

    qualifier: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    cue: str


@cache
def _phrases(side: str) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Phrases as tokens with their qualifier: by last word for "before", by first for "after"."""
    out: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for qualifier, phrases in load("qualifiers")[side].items():
        for phrase in phrases:
            words = tokenize(phrase, 0, len(phrase)).low
            out.setdefault(words[-1] if side == "before" else words[0], []).append((words, qualifier))
    for rows in out.values():
        rows.sort(key=lambda row: -len(row[0]))
    return out


@cache
def _between() -> frozenset[str]:
    return frozenset(w for phrase in load("qualifiers")["between"] for w in phrase.split())


@cache
def _verbs() -> dict[str, str]:
    return {w: q for q, words in load("qualifiers")["verbs"].items() for w in words}


def qualify(tokens: Tokens, quantity: Quantity, noun_end: int) -> Qualified:
    """Read the qualifier around a quantity; ``noun_end`` is the first token behind its noun."""
    low, high = quantity.low, quantity.high
    if quantity.kind == "range":
        return Qualified("range", None, low, high, quantity.rule)
    found = _before(tokens, quantity.first) or _after(tokens, quantity.last, noun_end)
    if found is None:
        found = _verb(tokens, quantity)
    if quantity.kind == "vague":
        if found is not None and found[0] in ("at_most", "less_than"):
            return Qualified(found[0], low, None, low, found[1])
        return Qualified("vague", low, low, None, tokens.words(quantity.first, quantity.last))
    if found is None or found[0] == "exact":
        return Qualified("exact", low, low, low, found[1] if found else "")
    qualifier, cue = found
    if qualifier in ("at_least", "more_than"):
        return Qualified(qualifier, low, low, None, cue)
    if qualifier in ("at_most", "less_than"):
        return Qualified(qualifier, low, None, low, cue)
    return Qualified(qualifier, low, low, low, cue)


def _before(tokens: Tokens, i: int) -> tuple[str, str] | None:
    """The qualifier that stands before token i; a bound further out beats what stands nearer."""
    best: tuple[str, str] | None = None
    steps = 0
    while i > 0 and steps < 5:
        found = _ending_at(tokens, i)
        if found is not None:
            qualifier, first = found
            cue = tokens.words(first, i)
            if best is None or (best[0] in ("about", "exact") and qualifier in BOUNDS):
                best = (qualifier, cue)
            i = first
        elif tokens.low[i - 1] in _between():
            i -= 1
        else:
            break
        steps += 1
    return best


def _ending_at(tokens: Tokens, i: int) -> tuple[str, int] | None:
    for words, qualifier in _phrases("before").get(tokens.low[i - 1], ()):
        first = i - len(words)
        if first >= 0 and tokens.low[first:i] == words:
            if words == ("over",) and first and tokens.low[first - 1] in ("all", "took", "take", "spread"):
                return None
            if words == ("under",) and first and tokens.low[first - 1] in ("authority", "section"):
                return None
            return qualifier, first
    return None


def _after(tokens: Tokens, last: int, noun_end: int) -> tuple[str, str] | None:
    for j in dict.fromkeys((last, noun_end)):
        if j >= len(tokens):
            continue
        k = j + 1 if tokens.low[j] == "-" and j + 1 < len(tokens) else j
        for start in dict.fromkeys((j, k)):
            for words, qualifier in _phrases("after").get(tokens.low[start], ()):
                if tokens.low[start : start + len(words)] == words:
                    if words[0] in ("plus", "+") and not tokens.glued(start):
                        continue
                    return qualifier, tokens.words(start, start + len(words))
    return None


def _verb(tokens: Tokens, quantity: Quantity) -> tuple[str, str] | None:
    """A verb that bounds the number (*topped*) or says that it is an estimate."""
    verbs = _verbs()
    for distance in range(1, min(_ESTIMATE_REACH, quantity.first) + 1):
        word = tokens.low[quantity.first - distance]
        qualifier = verbs.get(word)
        if qualifier is not None and (distance <= 2 or word.startswith("estimat")):
            return qualifier, word
        if word in (";", "\u2014"):
            break
    return None

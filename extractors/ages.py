"""Ages: ``44-year-old``, ``18 months of age``, ``aged 16``, ``Ms Doe, 41, said``, ``turned 30``."""

from __future__ import annotations

from functools import cache
from typing import Any

from extractors.catalogue import load
from extractors.numeral import Numeral
from extractors.quantity import Quantity
from extractors.tokens import Tokens

_OLDEST = 120
_EXPECTED = 8
_STOPS = frozenset(("", ",", ".", ";", ")"))


@cache
def _words() -> dict[str, Any]:
    ages = load("measures")["ages"]
    return {
        name: frozenset(words) if isinstance(words, list) else words for name, words in ages.items()
    }


def age_behind(tokens: Tokens, j: int) -> int | None:
    """The end of the words that make an age of the duration before token j, None without them."""
    k = j + 1 if tokens.at(j) == "-" else j
    if tokens.at(k) in _words()["old"]:
        return k + 1
    return j + 2 if tokens.follows(j, ("of", "age")) else None


def bare_age(tokens: Tokens, numeral: Numeral) -> Quantity | None:
    """An age whose unit is not written: years."""
    if numeral.scaled or not 0 < numeral.low <= numeral.high <= _OLDEST or numeral.suffix:
        return None
    i, j = numeral.opens, numeral.last
    if tokens.at(j) in _words()["short"] and tokens.at(j + 1) != "'":
        return _age(numeral, j + 1, "<n> yo")
    if _named(tokens, i) or _apposition(tokens, i, j) or _predicate(tokens, i, j):
        return _age(numeral, j, "<age> <n>")
    return None


def _age(numeral: Numeral, last: int, rule: str) -> Quantity:
    unit = _words()["unit"]
    return Quantity(
        numeral, numeral.opens, last, numeral.low, numeral.high, "time", unit, last, rule
    )


def _named(tokens: Tokens, i: int) -> bool:
    """``aged 16``, ``over the age of 21``, ``an average age of 40``."""
    k = i - 1
    said = tokens.at(k) in _words()["being"] or tokens.at(k) in ("around", "about", "of")
    if said and "expectancy" in tokens.low[max(0, k - _EXPECTED) : k]:
        return True
    if tokens.at(k) in ("of", "at", "is", "was"):
        k -= 1
        return tokens.at(k) == "age" or tokens.at(k) == "expectancy"
    return tokens.at(k) in _words()["before"]


def _apposition(tokens: Tokens, i: int, j: int) -> bool:
    """``Jane Doe, 41, said``: between commas behind a name, with a word in lower case to follow."""
    if tokens.at(i - 1) != "," or tokens.at(j) not in (",", ".") or i < 2 or j - i > 1:
        return False
    name, following = tokens.raw[i - 2], tokens.raw[j + 1] if j + 1 < len(tokens) else ""
    if not name[0].isupper() or len(name) < 3 or tokens.low[i - 2] in load("calendar")["months"]:
        return False
    if tokens.at(i - 3) == "," or not _of_person(tokens, i - 2):
        return False
    return tokens.low[j] == "," and following[:1].islower()


def _of_person(tokens: Tokens, k: int) -> bool:
    """Whether the name that ends at token k may be a person's: one or two words before it, capital
    letters each, or the subject with which the sentence begins."""
    return k == 0 or tokens.raw[k - 1][0].isupper() or tokens.low[k - 1] in ("-", "'s")


def _predicate(tokens: Tokens, i: int, j: int) -> bool:
    """``he will be 35 by May``, ``she turned 30``."""
    words = _words()
    before = tokens.at(i - 1)
    if before in words["turning"]:
        return tokens.at(j) in _STOPS or tokens.at(j) in words["behind"]
    if before not in words["being"] or not (
        tokens.at(j) in _STOPS or tokens.at(j) in words["behind"]
    ):
        return False
    k = i - 2
    while k > 0 and tokens.low[k] in words["auxiliary"]:
        k -= 1
    return tokens.at(k) in words["persons"]

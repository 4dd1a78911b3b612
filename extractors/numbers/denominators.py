"""Denominators: ``a day``, ``per month``, ``each``, ``a barrel``, ``-a-month``, ``per capita``."""

from __future__ import annotations

from extractors.numbers.measures import unit_at
from extractors.numbers.numeral import ARTICLES
from extractors.numbers.quantity import Quantity
from extractors.text.tokens import Tokens
from extractors.text.words import singular, word_set, word_table

_LONGEST_BRACKET = 8


def with_rate(tokens: Tokens, quantity: Quantity) -> Quantity:
    """The quantity with the denominator that follows it, itself where none does."""
    if quantity.dimension in ("percent", "time"):
        return quantity
    j = quantity.after
    if tokens.at(j) == ")" and tokens.at(quantity.first - 1) == "(":
        j += 1
    found = (
        rate_at(tokens, _past_hyphen(tokens, j))
        or rate_at(tokens, _past_bracket(tokens, j))
        or (rate_at(tokens, j + 2) if tokens.at(j) == "of" else None)  # "barrels of oil a day"
    )
    if found is None:
        return quantity
    per, last = found
    return quantity.but(per=per, after=last)


def _past_hyphen(tokens: Tokens, j: int) -> int:
    """``$70-a-share``, ``12-cent-a-share``: a hyphen counts only before an article or *per*."""
    linked = tokens.at(j) == "-" and tokens.at(j + 1) in (*ARTICLES, "per")
    return j + 1 if linked else j


def _past_bracket(tokens: Tokens, j: int) -> int:
    """``9 billion shekels ($2.4 billion) a year``: the token behind a conversion in brackets."""
    if tokens.at(j) != "(":
        return len(tokens)
    for k in range(j + 1, min(j + _LONGEST_BRACKET, len(tokens))):
        if tokens.low[k] == ")":
            return k + 1
    return len(tokens)


def rate_at(tokens: Tokens, j: int) -> tuple[str, int] | None:
    """The denominator that begins at token j, and the first token behind it."""
    word = tokens.at(j)
    if word in word_set("rate", "each"):
        return "each", j + 1
    adverb = word_table("rate", "adverbs").get(word)
    if adverb is not None:
        return adverb, j + 1
    if word == "/" and tokens.glued(j):
        return _counted_in(tokens, j + 1, "per")
    if word == "every":
        noun = singular(tokens.at(j + 1))
        return (noun, j + 2) if noun in word_set("rate", "times") else None
    if word == "per" or word in ARTICLES:
        k = j + 1
        return _counted_in(tokens, k + (tokens.at(k) == "-"), word)
    return None


def _counted_in(tokens: Tokens, k: int, article: str) -> tuple[str, int] | None:
    """What stands behind *per* or an article: any noun, or behind *a* a unit or a piece."""
    if k >= len(tokens) or not tokens.raw[k][0].isalpha():
        return None
    noun = tokens.low[k]
    if noun == "piece" and article != "per":
        return "each", k + 1
    if noun in word_set("rate", "times") or noun in word_set("rate", "pieces"):
        return noun, k + 1
    found = unit_at(tokens, k)
    if found is not None and (
        article == "per" or (found[0].dimension != "time" and noun[-1] != "s")
    ):
        return found[0].name, found[1]
    if article != "per" or tokens.low[k - 1] == "/":
        return None
    return singular(noun), k + 1

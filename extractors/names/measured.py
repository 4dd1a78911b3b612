"""What a measure measures: "200 tons of *flour*", "*advanced* 5 km", "a *range* of 300 km"."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.catalogue import load
from extractors.mentions.items import items
from extractors.mentions.named import Named
from extractors.names.antecedents import past_owner
from extractors.names.noun_phrases import complement
from extractors.names.subjects import size_of, subject
from extractors.numbers.quantity import Quantity
from extractors.passage.sentence import Sentence
from extractors.text.tokens import Tokens
from extractors.text.words import noun_list, word_set

_STOP = word_set("phrase", "stop")
_MEASURED = word_set("item", "measured")
_WITH_NOUN = frozenset(("length", "area", "volume", "mass", "power"))
_GOES_ON = ("mass", "volume", "power")
_NOT_MEASURED = word_set("item", "not_measured")
_MOVES = word_set("item", "moves")
_CONVERTS = ("(", "or")
_MOVE_REACH = 5  # words from a verb of movement to how far it leads


def name_measure(sentence: Sentence, quantity: Quantity, alike: Sequence[Named]) -> Named:
    """The item of a measure: the noun behind it, what it is the size of, what moves so far, else
    what the last measure of its dimension (``alike``) measured, or a word of its unit. A conversion
    is of the same: "30 km *(18 miles)*"."""
    usual = load("nouns")["units"].get(quantity.unit)
    if alike and sentence.tokens.at(quantity.first - 1) in _CONVERTS:
        return alike[-1].again()
    told = _by_its_words(sentence, quantity, usual)
    if told is not None:
        return told
    if quantity.dimension in _GOES_ON and (usual is None or quantity.dimension == "power"):
        other = alike[-1] if alike else _next_alike(sentence, quantity, usual)
        if other is not None and other.item:
            return other.again()
    return Named(usual, None, rule="<unit>")


def _by_its_words(sentence: Sentence, quantity: Quantity, usual: str | None) -> Named | None:
    """What the words around a measure tell of it; ``usual``: what its unit mostly measures."""
    tokens, j = sentence.tokens, quantity.after
    inside = complement(sentence, past_owner(tokens, j + 1)) if tokens.at(j) in _MEASURED else None
    if inside is not None:
        return _land(sentence, quantity, inside, j + 1)
    inside = _noun_behind(sentence, quantity)
    if inside is not None:
        return inside
    if usual is None or quantity.dimension == "length":
        told_of = (subject if usual is None else size_of)(sentence, quantity)
        if told_of is not None:
            return told_of
    if quantity.dimension == "length" and _moves(tokens, quantity):
        return Named("advance", None, rule="<verb of movement> <n> <unit>")
    return None


def _next_alike(sentence: Sentence, quantity: Quantity, usual: str | None) -> Named | None:
    """What the next measure of the unit in the sentence measures: "after 50 tons last week, 19 tons
    of *aid*"."""
    following = sentence.quantities.behind(quantity.first + 1)
    other = next((q for q in following if q.unit == quantity.unit), None)
    return _by_its_words(sentence, other, usual) if other is not None else None


def _noun_behind(sentence: Sentence, quantity: Quantity) -> Named | None:
    """The noun right behind a measure: "the 1,000 km *front line*"."""
    tokens = sentence.tokens
    k = _past_aside(tokens, quantity.after)
    word = tokens.at(k)
    if quantity.dimension not in _WITH_NOUN or not word[:1].isalpha():
        return None
    return None if word in _STOP or word in _NOT_MEASURED else complement(sentence, k)


def _land(sentence: Sentence, quantity: Quantity, inside: Named, j: int) -> Named:
    """An area of a country or a region is territory: "1,000 square kilometres of *Russia*"."""
    if quantity.dimension != "area":
        return inside
    country = sentence.actors.within(j, j + 2)
    if (country and inside.entry is None) or inside.head in noun_list("places"):
        return Named.thing(items()["territory"], "<area> of <country>", inside.words)
    return inside


def _moves(tokens: Tokens, quantity: Quantity) -> bool:
    """Whether a verb of movement leads to a length: "*pushed* up to 30 km past the border"."""
    return not _MOVES.isdisjoint(tokens.low[max(0, quantity.first - _MOVE_REACH) : quantity.first])


def _past_aside(tokens: Tokens, j: int) -> int:
    """Past what may part a unit and its noun: "a 40-metre *-long* bridge", "5 km *(3 mi)*"."""
    k = j + 1 if tokens.at(j) in ("-", ")") else j
    k = k + 1 if tokens.at(k) == "long" else k
    if tokens.at(k) == "(" and ")" in tokens.low[k : k + 6]:
        k = tokens.low.index(")", k) + 1
    return k

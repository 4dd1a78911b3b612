"""The things that an amount of money pays for, by the materiel that the sentence names."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.item_phrases import name_of_phrase
from extractors.items import Item
from extractors.named import Named
from extractors.purposes import purposes
from extractors.quantity import Quantity
from extractors.reading import Sentence
from extractors.weighing import before_hedges
from extractors.words import word_set

AT_A_PRICE = "<n> <item> at <amount>"  # the rule by which counted things are what an amount buys
_BUYS = word_set("purpose", "buys")
_BEFORE_BUYS = word_set("purpose", "before_buys")
_BARRIERS = word_set("purpose", "barriers")
_WORTH = word_set("purpose", "worth")
_ITS = word_set("purpose", "its")
_PRICED = word_set("purpose", "at_a_price")
_NOT_BOUGHT = word_set("category", "not_bought")


def _military(entry: Item, rule: str) -> Named:
    """Things that an amount pays for; aid in things is military aid."""
    return Named(entry.name, None, entry, purposes()["military aid"], rule)


def direct_object(sentence: Sentence, quantity: Quantity) -> Named | None:
    """Things that an amount buys: "$100 million in *Javelins*", "worth of *rocket launchers*"."""
    tokens, j = sentence.tokens, quantity.after
    while tokens.at(j) in _BEFORE_BUYS:
        j += 1
    if tokens.at(j) not in _BUYS:
        return None
    for mention in sentence.items:
        beside = j < mention.first <= j + 5 and mention.entry.category not in _NOT_BOUGHT
        if beside and _BARRIERS.isdisjoint(tokens.low[j + 1 : mention.first]):
            return _military(mention.entry, "<n> in <item>")
    return None


def at_price(sentence: Sentence, quantity: Quantity) -> Named | None:
    """What is counted and priced right behind: "*720 Switchblades* at $60 million"."""
    at = before_hedges(sentence.tokens, quantity.first) - 1
    if sentence.tokens.at(at) not in _PRICED:
        return None
    for counted in sentence.quantities:
        if counted.dimension == "count" and counted.noun is not None and counted.noun[1] == at:
            named = name_of_phrase(sentence, *counted.noun)
            return _military(named.entry, AT_A_PRICE) if named.entry else None
    return None


def worth_of(sentence: Sentence, quantity: Quantity, earlier: Sequence[Sentence]) -> Named | None:
    """The one thing that an amount is the worth of: "a field hospital, *worth* ISK 1 billion",
    also of the sentence before: "*Its* refit has a *cost* of €2 million"."""
    low = sentence.tokens.low
    if _WORTH.isdisjoint(low[max(0, quantity.first - 4) : quantity.first]):
        return None
    before = [m for m in sentence.items if m.last <= quantity.first]
    things = [m for m in before if m.entry.category not in _NOT_BOUGHT]
    if things and quantity.first - things[-1].last > 8:
        return None
    told = any(not m.entry.generic for m in sentence.purposes)
    if not things and not told and not _ITS.isdisjoint(low[: quantity.first]):
        last = earlier[0] if earlier else None
        things = [m for m in last.items if m.entry.category not in _NOT_BOUGHT] if last else []
    if len({m.entry.name for m in things}) != 1:
        return None
    return _military(things[-1].entry, "<item> worth <amount>")


def bought(sentence: Sentence, quantity: Quantity) -> Named | None:
    """What an amount buys further on: "a $1.2 billion contract to build *NASAMS*"."""
    for mention in sentence.items:
        reached = quantity.after < mention.first <= quantity.after + 20
        if ":" in sentence.tokens.low[quantity.after : mention.first]:
            return None  # the contents of a package: "€70 million: 25 tanks"
        if reached and mention.entry.category not in _NOT_BOUGHT:
            return _military(mention.entry, "<amount> ... <item>")
    return None

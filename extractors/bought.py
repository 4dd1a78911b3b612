"""The things that an amount of money pays for, by the materiel that the sentence names."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.item_phrases import name_of_phrase
from extractors.items import Item
from extractors.lexicon import Mention
from extractors.mentions import Mentions
from extractors.named import Named
from extractors.once import once
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
_COLON = frozenset(":")
_FURTHER_ON = 20  # words from an amount to what it buys


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
    for mention in sentence.items.within(j + 1, j + 6):
        materiel = mention.entry.category not in _NOT_BOUGHT
        if materiel and _BARRIERS.isdisjoint(tokens.low[j + 1 : mention.first]):
            return _military(mention.entry, "<n> in <item>")
    return None


def at_price(sentence: Sentence, quantity: Quantity) -> Named | None:
    """What is counted and priced right behind: "*720 Switchblades* at $60 million"."""
    at = before_hedges(sentence.tokens, quantity.first) - 1
    if sentence.tokens.at(at) not in _PRICED:
        return None
    noun = _counted(sentence).get(at)
    named = name_of_phrase(sentence, *noun) if noun is not None else None
    return _military(named.entry, AT_A_PRICE) if named is not None and named.entry else None


@once
def _counted(sentence: Sentence) -> dict[int, tuple[int, int]]:
    """The nouns of the counts of a sentence by their ends."""
    counts = (q for q in reversed(sentence.quantities) if q.dimension == "count")
    return {q.noun[1]: q.noun for q in counts if q.noun is not None}


def worth_of(sentence: Sentence, quantity: Quantity, earlier: Sequence[Sentence]) -> Named | None:
    """The one thing that an amount is the worth of: "a field hospital, *worth* ISK 1 billion",
    also of the sentence before: "*Its* refit has a *cost* of €2 million"."""
    low = sentence.tokens.low
    if _WORTH.isdisjoint(low[max(0, quantity.first - 4) : quantity.first]):
        return None
    things = _bought(sentence).before(quantity.first)
    if things and quantity.first - things[-1].last > 8:
        return None
    told = any(not m.entry.generic for m in sentence.purposes)
    if not things and not told and sentence.tokens.holds(_ITS, 0, quantity.first):
        things = _bought(earlier[0]) if earlier else ()
    if not things or any(m.entry.name != things[0].entry.name for m in things):
        return None
    return _military(things[0].entry, "<item> worth <amount>")


@once
def _bought(sentence: Sentence) -> Mentions[Mention[Item]]:
    """The things of a sentence that can be bought."""
    return Mentions(m for m in sentence.items if m.entry.category not in _NOT_BOUGHT)


def bought(sentence: Sentence, quantity: Quantity) -> Named | None:
    """What an amount buys further on: "a $1.2 billion contract to build *NASAMS*"."""
    end = quantity.after
    mention = _bought(sentence).first_behind(end + 1)
    if mention is None or mention.first > end + _FURTHER_ON:
        return None
    if sentence.tokens.holds(_COLON, end, mention.first):
        return None  # the contents of a package: "€70 million: 25 tanks"
    return _military(mention.entry, "<amount> ... <item>")

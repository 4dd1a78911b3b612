"""Who buys: the one who receives what is sold ("*Warsaw* will buy 48 tanks from South Korea")."""

from __future__ import annotations

from extractors.actors import ActorMention
from extractors.parties import Party, Told, word_before, written
from extractors.words import word_set

_BUYS = word_set("giving", "buys")
_FROM = word_set("giving", "from")
_REACH = 10  # words from a buyer to the verb, and from the verb to what is bought


def buyer_of(told: Told) -> Party | None:
    """The actor before a verb of buying that stands before the figure."""
    low, first = told.tokens.low, told.quantity.first
    at = next((k for k in range(first - 1, max(-1, first - _REACH), -1) if low[k] in _BUYS), None)
    if at is None:
        return None
    for mention in reversed(told.sentence.actors):
        if mention.acts and not mention.owns and 0 <= at - mention.last < _REACH:
            return Party(mention.code, written(told.tokens, mention))
    return None


def seller_of(told: Told, buyer: str | None) -> Party:
    """The actor from whom a thing is bought; nobody where the text names none."""

    def weight(mention: ActorMention) -> int:
        word, _ = word_before(told.tokens, mention.first)
        return 8 if word in _FROM and mention.code != buyer and mention.acts else 0

    return told.heaviest(weight)

"""Who buys: the one who receives what is sold ("*Warsaw* will buy 48 tanks from South Korea")."""

from __future__ import annotations

from itertools import takewhile

from extractors.meaning.parties import Party, Told, word_before, written
from extractors.mentions.actors import ActorMention
from extractors.passage.sentence import Sentence
from extractors.text.once import once
from extractors.text.words import word_set

_BUYS = word_set("giving", "buys")
_FROM = word_set("giving", "from")
_WITH = word_set("giving", "with_sellers")
_DEALS = word_set("giving", "deals")
_MAKERS = word_set("giving", "makers")
_FOR = word_set("giving", "goal") - {"to"}
_REACH = 10  # words from the verb to what is bought
_FAR = 18  # words from a buyer to the verb


def buyer_of(told: Told) -> Party | None:
    """The actor before a verb of buying that stands before the figure."""
    low, first = told.tokens.low, told.quantity.first
    verbs = _BUYS | _DEALS if told.quantity.dimension == "money" else _BUYS
    at = next((k for k in range(first - 1, max(-1, first - _REACH), -1) if low[k] in verbs), None)
    if at is None:
        return None
    for mention in takewhile(lambda m: at - m.last < _FAR, told.sentence.actors.back_from(at)):
        word, _ = word_before(told.tokens, mention.first)
        sells = word in _FROM or word in _WITH
        if mention.acts and not mention.owns and not sells:
            return Party(mention.code, written(told.tokens, mention))
    return None


def seller_of(told: Told, buyer: str | None) -> Party:
    """The actor from whom a thing is bought, or with whose makers; nobody where none is named."""

    def weight(mention: ActorMention) -> int:
        word, _ = word_before(told.tokens, mention.first)
        if mention.code == buyer or mention.form == "venue" or mention.owns:
            return 0
        if word in _WITH and told.tokens.holds(_DEALS, 0, mention.first):
            return 8
        return 8 if word in _FROM and (mention.acts or _is_maker(told, mention)) else 0

    return told.heaviest(weight)


def is_for_itself(told: Told, buyer: str | None) -> bool:
    """Whether no other state is named near what is bought, for which it could be."""
    return _for_whom(told.sentence) <= {buyer}


@once
def _for_whom(sentence: Sentence) -> frozenset[str]:
    """The actors of a sentence that stand behind "for"."""
    actors = (m for m in sentence.actors if word_before(sentence.tokens, m.first)[0] in _FOR)
    return frozenset(m.code for m in actors)


def _is_maker(told: Told, mention: ActorMention) -> bool:
    """Whether a firm of a country is named: "from *South Korean* manufacturers"."""
    return mention.form == "adjective" and told.tokens.at(mention.last) in _MAKERS

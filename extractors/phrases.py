"""Phrases near a figure that say how it adds up: "so far", "a total of", "an additional"."""

from __future__ import annotations

from functools import cache

from extractors.catalogue import load
from extractors.lexicon import Index, Mention, index_of
from extractors.mentions import Mentions
from extractors.once import once
from extractors.quantity import Quantity
from extractors.reading import Sentence
from extractors.tokens import Tokens
from extractors.weighing import near, noun_end, weigh
from extractors.words import word_set

_LEADING = tuple(word_set("amount", "leading"))
_TRAILING = tuple(word_set("amount", "trailing"))
_FRESH = word_set("amount", "fresh")


@cache
def _index(name: str) -> Index[str]:
    """The phrases for one basis, of ``catalogue/cues.toml``."""
    return index_of((phrase, name) for phrase in load("cues")["basis"][name])


@once
def _mentions(sentence: Sentence, name: str) -> Mentions[Mention[str]]:
    """The phrases of a list in a sentence."""
    return Mentions(_index(name).find(sentence.tokens))


def basis_cue(sentence: Sentence, quantity: Quantity, name: str, reach: int) -> str | None:
    """The nearest phrase of a list of ``[basis]`` within reach of a figure, None if none stands."""
    mentions = _mentions(sentence, name)
    if not mentions:
        return None
    tokens, end = sentence.tokens, noun_end(quantity)
    best: tuple[int, str] | None = None
    for mention in near(tokens, quantity, mentions, end, reach):
        words = tokens.words(mention.first, mention.last)
        if words.startswith(_TRAILING if mention.last <= quantity.first else _LEADING):
            continue
        cost = weigh(tokens, quantity, mention.first, mention.last, end)
        if cost <= reach and (best is None or cost < best[0]):
            best = (cost, words)
    return best[1] if best else None


def fresh(tokens: Tokens, quantity: Quantity) -> str | None:
    """A word that makes an amount one more event: "an *additional* $800 million", "two *more*"."""
    before = tokens.low[max(0, quantity.first - 4) : quantity.first]
    after = tokens.low[quantity.last : quantity.last + 3]
    word = next((w for w in (*before, *after) if w in _FRESH), None)
    if word is not None or "more" not in after[:2]:
        return word
    return "more" if after[after.index("more") + 1 :][:1] != ("than",) else None

"""What an amount is in a change that a text tells: "rose *by* 2 to 8", "cut *from* 9 *to* 4"."""

from __future__ import annotations

from extractors.numbers.quantity import Quantity
from extractors.passage.distance import before_hedges
from extractors.passage.sentence import Sentence
from extractors.text.tokens import Tokens
from extractors.text.words import phrases, word_set

_CHANGES = word_set("amount", "changes") | word_set("item", "moves")
_CHANGES |= word_set("amount", "multiplies")
_IN_ALL = phrases("amount", "in_all")
_CHANGE, _STATE = ("delta", "rate"), ("level", "total", "rate")
_BY = 4  # words from a verb of change to the amount by which
_TO = 12  # words from it to its old and its new amount


def basis_in_change(sentence: Sentence, quantity: Quantity) -> tuple[str, ...]:
    """What the amount of a change can be: that by which something changed is no state, and what it
    was before or is now no change (codebook); nothing where no change is told."""
    low, first = sentence.tokens.low, _begin(sentence.tokens, quantity.first)
    before = low[first - 1] if first else ""
    if before == "by":
        return () if _CHANGES.isdisjoint(low[max(0, first - 1 - _BY) : first]) else _CHANGE
    if before not in ("to", "from"):
        return ()
    return () if _CHANGES.isdisjoint(low[max(0, first - 1 - _TO) : first]) else _STATE


def _begin(tokens: Tokens, first: int) -> int:
    """Where an amount begins with its hedges: "to *a total of nearly* $2 billion"."""
    first = before_hedges(tokens, first)
    for words in _IN_ALL:
        if first >= len(words) and tokens.follows(first - len(words), words):
            return before_hedges(tokens, first - len(words))
    return first

"""What kind of amount a figure is: one event more, a total, a level or a rate (codebook).

The rules of a kind of figure stand in a row; the first that has something to say decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from extractors.meaning.draft import Role
from extractors.mentions.named import Named
from extractors.numbers.quantity import Quantity
from extractors.passage.distance import before_hedges
from extractors.passage.sentence import Sentence
from extractors.rules import basis_given, basis_told
from extractors.rules.basis_clues import Basis, Clues
from extractors.text.words import word_set

_EACH = word_set("amount", "each")
_TOTAL = frozenset(("total",))
_CHANGES = word_set("amount", "changes")
_EVERY_YEAR = word_set("amount", "every_year")
_PRICES = word_set("amount", "prices")
_ONE_PIECE = word_set("amount", "one_piece")
_DEAD = ("killed", "wounded", "casualties")  # of these a higher number is a higher toll
_YEARLY = 2  # words from an amount to "yearly" behind it: "$3 billion in *yearly* aid"
_PRICED = 9  # words from "each" and its price to an amount


def basis_of(
    sentence: Sentence,
    quantity: Quantity,
    named: Named,
    role: Role,
    since: str | None,
    record: bool,
) -> Basis:
    """The basis of a figure and the words that decided it."""
    clues = Clues(sentence, sentence.tokens.low, quantity, named, role, since, record)
    of_either = _first((_rate, _raised_to), clues)
    if of_either is not None:
        return of_either
    if role.transfer:
        return _first(basis_given.RULES, clues) or ("delta", role.words or "one event")
    return _first(basis_told.RULES, clues) or ("level", "a state")


def _first(rules: Iterable[Callable[[Clues], Basis | None]], clues: Clues) -> Basis | None:
    for rule in rules:
        if (found := rule(clues)) is not None:
            return found
    return None


def _rate(clues: Clues) -> Basis | None:
    if clues.quantity.per is not None:
        return "rate", f"per {clues.quantity.per}"
    before = clues.before(3)
    each = next((w for w in before if w in _EACH), None)
    if each is not None and "of" not in before:
        return "rate", each
    behind = clues.low[clues.quantity.after : clues.quantity.after + _YEARLY]
    yearly = next((w for w in behind if w in _EVERY_YEAR), None)
    if yearly is not None and clues.quantity.dimension == "money":
        return "rate", yearly
    return _price(clues)


def _price(clues: Clues) -> Basis | None:
    """What one piece costs: "*each* Leopard *costs* about 8 million euros"."""
    if clues.quantity.dimension != "money":
        return None
    before = clues.before(_PRICED)
    priced = next((w for w in reversed(before) if w in _PRICES), None)
    return ("rate", priced) if priced is not None and not _ONE_PIECE.isdisjoint(before) else None


def _raised_to(clues: Clues) -> Basis | None:
    """``has increased its commitment to $39 billion``: what it is now, not one more event."""
    low, i = clues.low, before_hedges(clues.sentence.tokens, clues.quantity.first)
    if not i or low[i - 1] != "to" or clues.sentence.tokens.holds(_TOTAL):
        return None
    verb = next((w for w in reversed(low[max(0, i - 16) : i]) if w in _CHANGES), None)
    if verb is None:
        return None
    return "total" if clues.role.status in _DEAD else "level", f"{verb} to"

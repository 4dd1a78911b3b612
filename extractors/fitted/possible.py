"""What a figure can be at all, whatever the odds: by words that deny, take back, change or add up,
and by the place of a name in a clause without a verb."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extractors.fitted.features import STATUS
from extractors.meaning.change import basis_in_change
from extractors.meaning.denial import cut_of, denial_of, promise_of, taken_back
from extractors.meaning.draft import Draft
from extractors.meaning.parties import GAPPED

DENIED = "denied"  # the rule of a status that a denial takes
_PROMISED, _TAKEN_BACK, _CHANGED = "promised alone", "taken back", "<change> by, to or from <n>"
_ASKED = "asked for"
_NOT_GRANTED = frozenset(STATUS) - {"authorized", "committed"}
_NO_GIFTS = frozenset(STATUS) - {"requested", "authorized", "committed", "delivered"}
# What is stopped: of things and people that nobody gives it is not known, they may be lost or held.
_CUT = frozenset(["cancelled"])


@dataclass(frozen=True, slots=True)
class Only:
    """The values that a field may have, by which rule, and the words that say so."""

    field: str
    may: frozenset[str | None]
    rule: str
    words: str = ""


def constraints(told: Draft, sums: str | None) -> Iterator[Only]:
    """What a figure can be. ``told``: as the rules read it; ``sums``: the rule by which it takes
    others in, where it does."""
    sentence, quantity = told.sentence, told.quantity
    if (words := denial_of(sentence, quantity)) is not None:
        yield Only("status", frozenset([None]), DENIED, words)
    elif (stage := promise_of(sentence, quantity)) is not None:
        yield Only("status", frozenset([stage]), _PROMISED)
    elif (words := _gift_taken_back(told)) is not None:
        yield Only("status", _CUT, _TAKEN_BACK, words)
    elif (words := cut_of(sentence, quantity)) is not None:
        left = _CUT if quantity.dimension == "money" else _NO_GIFTS
        yield Only("status", left, _TAKEN_BACK, words)
    elif (asked := told.choice("status")).value == "requested":
        yield Only("status", _NOT_GRANTED, _ASKED, asked.words)
    if sums is not None:
        yield Only("basis", frozenset(["total"]), sums)
    elif may := basis_in_change(sentence, quantity):
        yield Only("basis", frozenset(may), _CHANGED)
    for name in ("donor", "recipient"):
        if (choice := told.choice(name)).rule == GAPPED:
            yield Only(name, frozenset([choice.value]), GAPPED, choice.words)


def _gift_taken_back(told: Draft) -> str | None:
    """The words by which a gift is taken back itself, and not only a promise of it; None where
    nobody gives or gets: people freeze, and old tanks are scrapped."""
    if not told.donor and not told.recipient:
        return None
    status = told.choice("status")
    if status.value == "cancelled":
        return status.words
    return taken_back(told.sentence, told.quantity)

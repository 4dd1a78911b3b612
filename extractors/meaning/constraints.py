"""Whether what a cue word tells can happen to a figure's things.

People are killed, things are sent or shot down, money is given, land is held.
"""

from __future__ import annotations

from extractors.meaning.sides import invaders, opponents
from extractors.mentions.actors import ActorMention
from extractors.mentions.cues import Cue
from extractors.mentions.kinds import (
    is_launched,
    is_materiel,
    is_person,
    is_place,
    is_state,
    is_troops,
)
from extractors.mentions.named import Named
from extractors.numbers.quantity import Quantity
from extractors.passage.sentence import Sentence
from extractors.text.in_order import Mentions
from extractors.text.once import once
from extractors.text.words import word_set

_MEASURED = ("length", "area")
_GOAL = word_set("giving", "goal")
_AGAINST = word_set("attack", "sent_against")


def fits(sentence: Sentence, quantity: Quantity, named: Named, cue: Cue) -> bool:
    """Whether a cue's meaning is one for such things."""
    meaning = cue.meaning
    if quantity.dimension == "money":
        return meaning.kind == "transfer" and meaning.of != "goods"
    if meaning.of == "money":
        return False
    if meaning.kind == "transfer":
        return _can_be_given(named, cue) and not _sent_against(sentence, named, cue)
    if meaning.of == "launched" and sentence.tokens.low[cue.first] in _AGAINST:
        return _sent_against(sentence, named, cue)
    return _can_befall(quantity, named, cue)


def _can_be_given(named: Named, cue: Cue) -> bool:
    """Whether a thing can be given as a cue says; people are asked for at most."""
    meaning = cue.meaning
    if is_person(named.item, named.entry):
        return meaning.name == "request" and meaning.form not in ("noun", "words")
    if meaning.ambiguous and is_launched(named):
        return False
    return named.entry is None or named.entry.category not in ("territory", "personnel")


def _can_befall(quantity: Quantity, named: Named, cue: Cue) -> bool:
    """Whether an event happens to such things: to people, to things or to a stretch of land."""
    meaning = cue.meaning
    counted = quantity.dimension in ("count", "percent")
    person = counted and is_person(named.item, named.entry)
    if meaning.name == "lost" and _is_land(quantity, named):
        return False  # "the area *lost*, 28 villages" was taken
    if meaning.of == "people":
        return person or (quantity.dimension == "percent" and named.item is None)
    if meaning.of == "troops":
        return is_troops(named)
    if meaning.of == "land":
        return _is_land(quantity, named)
    if meaning.of == "area":
        return quantity.dimension == "area"
    if meaning.of == "launched":
        return is_launched(named) or named.item is None
    if meaning.name == "deployed" and not person and not is_materiel(named):
        return False
    if meaning.of == "things":
        return not person and quantity.dimension not in _MEASURED
    return quantity.dimension not in _MEASURED or meaning.name == "captured"


def _is_land(quantity: Quantity, named: Named) -> bool:
    """Whether a figure is of land: an area, a share of a territory, villages."""
    if quantity.dimension in _MEASURED:
        return quantity.dimension == "area"
    territory = named.entry is not None and named.entry.category == "territory"
    whole = quantity.dimension == "percent" and is_state(named)  # "holds 18% of the *country*"
    return territory or whole or is_place(named) or named.item == "territory"


def _sent_against(sentence: Sentence, named: Named, cue: Cue) -> bool:
    """Whether drones or munitions are sent by an invader at the other side, and so are fired.

    "Russia *sent* 40 drones", but not "Russia sent 40 drones to Belarus".
    """
    if not is_launched(named) or sentence.tokens.low[cue.first] not in _AGAINST:
        return False
    sender = _senders(sentence).last_before(cue.first)
    if sender is None or sender.code not in invaders():
        return False
    victim = opponents()[sender.code]
    goals = _last_goals(sentence).items()
    return all(code == victim or first < cue.last for code, first in goals)


@once
def _senders(sentence: Sentence) -> Mentions[ActorMention]:
    """The actors that can send something."""
    return Mentions(m for m in sentence.actors if m.acts or m.form == "adjective")


@once
def _last_goals(sentence: Sentence) -> dict[str, int]:
    """The actors to which something goes, with the place where each stands last so."""
    at = sentence.tokens.at
    return {m.code: m.first for m in sentence.actors if at(m.first - 1) in _GOAL}

"""Clauses that leave out their verb: "Norway sent 8 guns and *Sweden 10 tanks*".

The actor right before the second figure does what the actor before the first one does: it gives,
receives, or is given to ("gave Kyiv 8 guns and *Chisinau* 4").
"""

from __future__ import annotations

from itertools import takewhile

from extractors.meaning.parties import Party, Told, written
from extractors.mentions.actors import ActorMention
from extractors.numbers.quantity import Quantity
from extractors.passage.context import only_receivers
from extractors.passage.sentence import Sentence
from extractors.text.once import once
from extractors.text.words import word_set

_JOINTS = word_set("giving", "gap_joints")
_ARTICLES = word_set("giving", "determiners")
_BEFORE_FIGURE = word_set("giving", "gap_words")
# words between such an actor and its figure: "the EU *and its member states more than*"
_LONGEST = 7


def gapped_giver(told: Told) -> Party | None:
    """The actor that gives a figure whose clause has no verb of its own."""
    return _parallel(told, to_giver=True)


def gapped_receiver(told: Told) -> Party | None:
    """The actor that receives a figure whose clause has no verb of its own."""
    return _parallel(told, to_giver=False)


def _parallel(told: Told, *, to_giver: bool) -> Party | None:
    mention = _gapped(told)
    if mention is None:
        return None
    receives = told.cue is not None and told.cue.meaning.name == "receive"
    gives = not receives and not _follows_receiver(told, mention)
    if gives is not to_giver:
        return None
    return Party(mention.code, written(told.tokens, mention), 14, gapped=True)


def _gapped(told: Told) -> ActorMention | None:
    """The actor between a conjunction and the figure, behind the verb of another figure."""
    start, low, first = _end_of_verb(told), told.tokens.low, told.quantity.first
    if start is None:
        return None
    ahead = told.sentence.actors.back_from(first)
    near = [*takewhile(lambda m: first - m.last <= _LONGEST and m.first >= start, ahead)]
    for mention in reversed(near):
        if mention.owns or mention.form == "place":
            continue
        if not _BEFORE_FIGURE.issuperset(low[mention.last : first]):
            continue
        if _joined(told, mention) and _last_before(told, mention) is not None:
            return mention
    return None


def _end_of_verb(told: Told) -> int | None:
    """The end of the verb that the clause leaves out, where it stands before the figure.

    Of a verb that says nothing to the figure only the subject before it is known.
    """
    cue = told.cue
    if cue is None:
        return _end_of_subject(told.sentence)
    return None if cue.tense == "noun" or cue.first >= told.quantity.first else cue.last


@once
def _end_of_subject(sentence: Sentence) -> int | None:
    """The end of the first actor of a sentence that does something."""
    return next((m.last for m in sentence.actors if m.acts and not m.owns), None)


def _joined(told: Told, mention: ActorMention) -> bool:
    """Whether a comma or a conjunction stands before an actor, past an article."""
    at = mention.first - 1
    while told.tokens.at(at) in _ARTICLES:
        at -= 1
    return told.tokens.at(at) in _JOINTS


def _last_before(told: Told, mention: ActorMention) -> Quantity | None:
    """The last figure between the verb and an actor."""
    start = _end_of_verb(told)
    figure = told.sentence.figures.last_before(mention.first)
    return figure if figure is not None and start is not None and start <= figure.first else None


def _follows_receiver(told: Told, mention: ActorMention) -> bool:
    """Whether the figure before stands behind one who receives, and this actor receives as well.

    "Berlin gave *Kyiv* 8 guns and Moldova 4", but "Norway gave *Kyiv* 8 guns and Sweden 4".
    """
    cue, before = told.cue, _last_before(told, mention)
    if cue is None or before is None or mention.code not in only_receivers():
        return False
    between = told.sentence.actors.within(cue.last, before.first)
    return any(m.form != "adjective" and not m.owns for m in between if m.last <= before.first)

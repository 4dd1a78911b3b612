"""Who receives a figure: every actor of the sentence, weighed by the words around it."""

from __future__ import annotations

from extractors.actors import ActorMention
from extractors.parties import (
    TO,
    Party,
    Told,
    aid_follows,
    bodies,
    groups,
    in_amount,
    word_before,
)
from extractors.sides import attacks_recipient
from extractors.words import word_set

_GOAL = word_set("giving", "goal")
_INTO = word_set("giving", "into")
_TRAVEL = word_set("giving", "travel")
_REFUGE = word_set("giving", "refuge")
_LISTING = word_set("giving", "listing")
_POSSESSIVES = word_set("giving", "possessives")
_RECEIVERS = ("name", "government", "people", "adjective")  # forms of actors to whom things go
_NEAR = 12
_QUALIFIED = 3  # words that may qualify a figure: "gave Kyiv *more than* 8 guns"
_TOGETHER = 10  # the weight of several receivers together
_LIST = 14  # the longest list of receivers


def recipient_of(told: Told, donor: str | None) -> Party:
    """Who gets the figure, as far as its sentence says."""
    best = told.heaviest(lambda m: 0 if m.code == donor else _weight(told, m))
    together = _together(told, donor) if best.weight <= _TOGETHER else None
    return together or best


def _weight(told: Told, mention: ActorMention) -> int:
    """How strongly the words around an actor say that it receives; 0 where they do not."""
    ctx = told.ctx
    if mention.code in bodies("forum", "union") and ctx.recipient is not None:
        return 0
    if in_amount(told.sentence, mention):
        return 0
    if attacks_recipient(mention.code, ctx) and not _is_indirect_object(told, mention):
        return 0
    weight = _as_subject(told, mention) or _by_words(told, mention)
    if weight == 0:
        return 0
    if mention.first >= told.quantity.after and not _amount_between(told, mention):
        weight += 1
    return weight - 4 if mention.code == ctx.speaker else weight


def _as_subject(told: Told, mention: ActorMention) -> int:
    """``Kyiv received``, ``Ukraine asked for``."""
    cue = told.cue
    if cue is None or cue.meaning.name not in ("receive", "request"):
        return 0
    if not mention.acts or not told.leads(mention):
        return 0
    return 12 if cue.first - mention.last <= 4 else max(_by_words(told, mention), 7)


def _by_words(told: Told, mention: ActorMention) -> int:
    """The weight that the words before and behind an actor give it."""
    tokens = told.tokens
    word, at = word_before(tokens, mention.first)
    near = int(told.distance(mention) < _NEAR)
    usual = mention.code == told.ctx.recipient
    if word in _GOAL and (mention.form in _RECEIVERS or mention.form == "leader"):
        return 0 if tokens.at(at - 1) in _TRAVEL else 8 + near
    if word in TO and mention.form in _RECEIVERS:
        return 7 + near
    if word in _INTO and mention.form == "name":
        refuge = not _REFUGE.isdisjoint(tokens.low[max(0, at - 3) : at])
        return 11 if refuge else 4 + near
    if _is_indirect_object(told, mention):
        return 9
    if not usual or (mention.owns and told.leads(mention)):
        return 0
    aided = mention.form in ("name", "adjective") and not mention.owns
    return 6 if aided and aid_follows(told.sentence, mention.last) else 5


def _is_indirect_object(told: Told, mention: ActorMention) -> bool:
    """Whether an actor stands between a verb of giving and what it gives: "gave *Kyiv* 8 guns"."""
    cue = told.cue
    if cue is None or cue.meaning.kind != "transfer" or mention.form == "adjective":
        return False
    ahead = 0 <= mention.first - cue.last <= 1 and not mention.owns
    return ahead and 0 <= told.quantity.first - mention.last <= _QUALIFIED


def _amount_between(told: Told, mention: ActorMention) -> bool:
    """Whether another figure stands between a figure and an actor behind it."""
    return any(told.quantity.last <= q.first < mention.first for q in told.sentence.quantities)


def _together(told: Told, donor: str | None) -> Party | None:
    """``to Ukraine and 18 European nations``, ``to countries on the flank``: nobody alone."""
    low, after = told.tokens.low, told.quantity.after
    to = (j for j in range(after, min(len(low), after + _LIST)) if low[j] in _GOAL)
    start = next(to, None)
    end = _end_of_list(told, start + 1, donor) if start is not None else None
    if start is None or end is None:
        return None
    return Party(None, " ".join(told.tokens.raw[start:end]), _TOGETHER)


def _end_of_list(told: Told, start: int, donor: str | None) -> int | None:
    """The end of a list of receivers that holds a word for several, None where it holds none.

    The neighbours of a country that the list names first come after it: that one receives.
    """
    low = told.tokens.low
    named = {k: m for m in told.sentence.actors for k in range(m.first, m.last)}
    main = False
    for k in range(start, min(len(low), start + _LIST - 1)):
        mention = named.get(k)
        if mention is not None:
            main = main or (mention.form == "name" and not mention.owns and mention.code != donor)
        elif low[k] in groups("receivers"):
            return None if main and not _POSSESSIVES.isdisjoint(low[k - 2 : k]) else k + 1
        elif low[k] not in _LISTING and not low[k].isdigit():
            return None
    return None

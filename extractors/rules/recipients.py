"""Who receives a figure: every actor of the sentence, weighed by the words around it."""

from __future__ import annotations

from extractors.catalogue import load
from extractors.meaning.parties import (
    TO,
    Chain,
    Party,
    Told,
    aid_follows,
    bodies,
    chains,
    groups,
    in_amount,
    word_before,
)
from extractors.meaning.sides import attacks_recipient, only_blocks
from extractors.mentions.actors import ActorMention
from extractors.mentions.cues import Cue
from extractors.passage.context import only_receivers
from extractors.passage.sentence import Sentence
from extractors.rules.gapping import gapped_receiver
from extractors.text.in_order import Mentions
from extractors.text.once import once
from extractors.text.words import word_set

_GOAL = word_set("giving", "goal")
_INTO = word_set("giving", "into")
_TRAVEL = word_set("giving", "travel")
_REFUGE = word_set("giving", "refuge")
_LISTING = word_set("giving", "listing")
_OUTSIDE = word_set("giving", "outside")
_WORLD = word_set("giving", "world")
_POSSESSIVES = word_set("giving", "possessives")
_RECEIVERS = ("name", "government", "people", "adjective")  # forms of actors to whom things go
_NEAR = 12
_BEHIND = 9  # words from an amount to the agency that it goes to: "*, as this is devoted* to"
_AGENCY = 8  # the longest name of an agency
_AGENCIES = word_set("giving", "agencies")
_ORGANISATIONS = word_set("giving", "organisations")
_GENERAL = word_set("giving", "general")
_QUALIFIED = 3  # words that may qualify a figure: "gave Kyiv *more than* 8 guns"
_TOGETHER = 10  # the weight of several receivers together
_LIST = 14  # the longest list of receivers
_OTHERS = 4  # what an amount between takes from a receiver's weight
_SURE = 7  # the least weight of a receiver that the words right before it name
_REACH_OF_WORLD = 14  # words between an amount and "around the world"


def recipient_of(told: Told, donor: str | None) -> Party:
    """Who gets the figure, as far as its sentence says."""
    gapped = gapped_receiver(told)
    if gapped is not None:
        return gapped
    best = told.heaviest(lambda m: 0 if m.code == donor else _weight(told, m))
    if best.weight > _TOGETHER and not _is_subject_of_receiving(told):
        return best
    nobody = _listed(told, donor) or _together(told, donor) or _elsewhere(told)
    if nobody is None and (agency := _own_agency(told, donor)) is not None:
        return agency
    if nobody is None and best.weight < _SURE - 1:
        nobody = _of_the_world(told)
    return nobody or best


def _weight(told: Told, mention: ActorMention) -> int:
    """How strongly the words around an actor say that it receives; 0 where they do not."""
    ctx = told.ctx
    if mention.code in bodies("forum", "union", "lender") and ctx.recipient is not None:
        return 0
    if in_amount(told.sentence, mention.first):
        return 0
    if (
        attacks_recipient(mention.code, ctx)
        and not _is_indirect_object(told, mention)
        and not _is_supplied(told, mention)
    ):
        return 0
    weight = _as_subject(told, mention) or _by_words(told, mention)
    if weight == 0:
        return 0
    if mention.first >= told.quantity.after and not _amount_between(told, mention):
        weight += 1
    elif mention.code != ctx.recipient and _gets_the_next(told, mention):
        weight -= _OTHERS  # it gets the next thing: "raise ours to 90, and send 70 *to Riga*"
    return weight - 4 if mention.code == ctx.speaker else weight


def _is_supplied(told: Told, mention: ActorMention) -> bool:
    """Whether an attacker gets something from a state that arms it: "Pyongyang's shells for"."""
    suppliers = load("context")["suppliers"].get(mention.code, ())
    behind = word_before(told.tokens, mention.first)[0] in _GOAL
    if not behind or told.sentence.codes.isdisjoint(suppliers):
        return False
    return any(m.code in suppliers for m in told.sentence.actors.before(told.quantity.first))


def _as_subject(told: Told, mention: ActorMention) -> int:
    """``Kyiv received``, ``Ukraine asked for``."""
    cue = told.cue
    if cue is None or cue.meaning.name not in ("receive", "request"):
        return 0
    if not mention.acts or not told.leads(mention) or only_blocks(told, mention):
        return 0
    return 12 if cue.first - mention.last <= 4 else max(_by_words(told, mention), 7)


def _by_words(told: Told, mention: ActorMention) -> int:
    """The weight that the words before and behind an actor give it."""
    tokens = told.tokens
    word, at = word_before(tokens, mention.first)
    near = int(told.distance(mention) < _NEAR)
    usual = mention.code == told.ctx.recipient
    place = mention.form == "place" and mention.code in only_receivers()
    if word in _GOAL and (place or mention.form in (*_RECEIVERS, "leader")):
        if tokens.at(at - 1) in _TRAVEL:
            return 0
        return (5 if _given_between(told, mention) else 8) + near
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


def _given_between(told: Told, mention: ActorMention) -> bool:
    """Whether something else is given behind a figure: "sent 8 guns, letting us *send* ours to"."""
    if told.cue is None or told.cue.first >= told.quantity.first:
        return False
    gives = _verbs_of_giving(told.sentence, "give").first_behind(told.quantity.after + 1)
    return gives is not None and gives.last < mention.first


@once
def _verbs_of_giving(sentence: Sentence, name: str | None) -> Mentions[Cue]:
    """The verbs of giving, those of a class or all."""
    verbs = (c for c in sentence.verbs if c.meaning.kind == "transfer")
    return Mentions(c for c in verbs if name in (None, c.meaning.name))


def _amount_between(told: Told, mention: ActorMention) -> bool:
    """Whether another figure stands between a figure and an actor behind it."""
    following = told.sentence.quantities.first_behind(told.quantity.last)
    return following is not None and following.first < mention.first


def _gets_the_next(told: Told, mention: ActorMention) -> bool:
    """Whether a verb gives an actor another figure: "ours are 90, and we *send* 70 to Riga"."""
    end = told.quantity.after
    following = told.sentence.quantities.first_behind(end)
    if following is None or following.first >= mention.first:
        return False
    return bool(_verbs_of_giving(told.sentence, None).within(end + 1, following.first))


def _together(told: Told, donor: str | None) -> Party | None:
    """``to Ukraine and 18 European nations``, ``to countries on the flank``: nobody alone."""
    low, after = told.tokens.low, told.quantity.after
    to = (j for j in range(after, min(len(low), after + _LIST)) if low[j] in _GOAL)
    start = next(to, None)
    end = _end_of_list(told, start + 1, donor) if start is not None else None
    if start is None or end is None:
        return None
    return Party(None, " ".join(told.tokens.raw[start:end]), _TOGETHER)


def _is_subject_of_receiving(told: Told) -> bool:
    return told.cue is not None and told.cue.meaning.name == "receive"


def _listed(told: Told, donor: str | None) -> Party | None:
    """``for Ukraine, Moldova and Georgia``, ``Ukraine and Moldova got``: several countries."""
    for chain in _lists_of_receivers(told.sentence, donor):
        first = chain.actors[0]
        ends = (chain.actors[n - 1].last for n in chain.ends) if _opens_list(told, first) else ()
        end = next((end for end in ends if _closes_list(told, end)), None)
        if end is not None:
            return Party(None, " ".join(told.tokens.raw[first.first : end]), _TOGETHER)
    return None


@once
def _lists_of_receivers(sentence: Sentence, donor: str | None) -> list[Chain]:
    """The lists of those in a sentence who may receive what a donor gives."""
    receivers = {m.first for m in sentence.actors if m.form in _RECEIVERS and m.code != donor}
    return chains(sentence.tokens, sentence.actors, receivers)


def _opens_list(told: Told, mention: ActorMention) -> bool:
    """Whether a list of receivers may begin with an actor: behind "for", or as a subject."""
    word, _ = word_before(told.tokens, mention.first)
    if _is_subject_of_receiving(told):
        return told.leads(mention)
    behind = told.quantity.after <= mention.first and not _amount_between(told, mention)
    return behind and word in _GOAL


def _closes_list(told: Told, end: int) -> bool:
    """Whether a list may end before a token: its last actor opens no clause ("and Oslo *sent*")."""
    if _is_subject_of_receiving(told):
        return told.verb - end <= _QUALIFIED
    return not told.sentence.verbs.within(end, end + _QUALIFIED + 1)


def _own_agency(told: Told, donor: str | None) -> Party | None:
    """``for the Swedish Civil Agency``, ``to different organisations``: not the country's."""
    low, end = told.tokens.low, told.quantity.after
    goal = next((k for k in range(end, min(len(low), end + _BEHIND)) if low[k] in _GOAL), None)
    if told.quantity.dimension != "money" or goal is None:
        return None
    named = next(iter(told.sentence.actors.within(goal + 1, goal + 3)), None)
    behind = low[goal + 1 : goal + _AGENCY]
    own = named is not None and named.code == donor and named.form == "adjective"
    general = not _GENERAL.isdisjoint(low[goal + 1 : goal + 2]) and named is None
    if (own and not _AGENCIES.isdisjoint(behind)) or (
        general and not _ORGANISATIONS.isdisjoint(behind)
    ):
        return Party(None, " ".join(behind[:3]), _SURE)
    return None


def _elsewhere(told: Told) -> Party | None:
    """``refugees outside Ukraine``: not the country that is named."""
    end = told.quantity.after
    for mention in told.sentence.actors.within(end, end + _NEAR):
        word, at = word_before(told.tokens, mention.first)
        if word == "of":
            word = told.tokens.at(at - 1)
        if word in _OUTSIDE:
            return Party(None, f"{word} {told.tokens.words(mention.first, mention.last)}", _SURE)
    return None


def _of_the_world(told: Told) -> Party | None:
    """``$95bn in foreign aid``, ``for the world's hungry``: to no one country."""
    low, quantity = told.tokens.low, told.quantity
    if quantity.dimension != "money":
        return None
    named = told.sentence.named
    first, last = max(0, quantity.first - _REACH_OF_WORLD), quantity.after + _REACH_OF_WORLD
    for k in range(first, min(last, len(low))):
        if low[k] in _WORLD or (told.tokens.words(k, k + 2) in _WORLD and k + 1 not in named):
            return Party(None, low[k], _SURE - 1)
    return None


def _end_of_list(told: Told, start: int, donor: str | None) -> int | None:
    """The end of a list of receivers that holds a word for several, None where it holds none.

    The neighbours of a country that the list names first come after it: that one receives.
    """
    low, named = told.tokens.low, told.sentence.named
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

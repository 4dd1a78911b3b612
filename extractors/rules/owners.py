"""Whose a figure is that nobody gives: the troops', the dead's, the territory's.

Every actor of the sentence is weighed by what it is to the figure: its owner, the place where it
happened, who did it or who suffered it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.meaning.parties import NOBODY, Party, Told, bodies, word_before, written
from extractors.meaning.sides import (
    attacker,
    enemy,
    invaders,
    is_arrest,
    is_attacker,
    is_hostile,
    opponents,
    says,
    strikes,
    suffers,
    under_attack,
)
from extractors.mentions.actors import ActorMention
from extractors.mentions.kinds import (
    demonyms,
    is_event,
    is_noun_of,
    is_person,
    is_place,
    is_state,
    is_troops,
)
from extractors.mentions.named import Named
from extractors.passage.context import Context
from extractors.passage.distance import in_aside, noun_end
from extractors.passage.sentence import Sentence
from extractors.rules.afflicted import arrested, calls_up, is_punished, of_refuge, under_sanctions
from extractors.rules.belligerents import owner_in_war
from extractors.text.once import once
from extractors.text.words import word_set

_WORLD = word_set("attack", "world")
_WORLDWIDE = 4  # words behind a figure in which "worldwide" makes it nobody's
_AMONG = word_set("attack", "among")
_WARS = word_set("attack", "wars")
_AT = word_set("attack", "at")
_BROKEN = word_set("attack", "broken")
_ITS = word_set("training", "its")
_GRID = word_set("attack", "grid")
_PRICES = word_set("attack", "prices")
_CASUALTIES_AT = word_set("attack", "casualties_at")
_HOSTS = word_set("attack", "hosts")
_GAP = word_set("giving", "gap_words")
_LAID = word_set("attack", "laid")
_LAID_ON = word_set("attack", "laid_on")
_LOSSES = word_set("attack", "losses")
_LANDS = word_set("attack", "lands")
_HOLDS = word_set("attack", "holds")
_MEMBERS = word_set("attack", "members")
_OWN_SIDE = word_set("attack", "own")
_OWNED = word_set("attack", "owned")
_TARGETS = word_set("attack", "targets")
_SEMICOLON = frozenset(";")

_HARMED = ("killed", "wounded", "casualties", "missing", "destroyed", "damaged", "displaced")
_SUFFERED = frozenset((*_HARMED, "captured"))
_AT_A_PLACE = frozenset((*_HARMED, None))
_DONE_BY = frozenset(("mobilized", "deployed", "fired", "trained"))
_OWN = frozenset((*_DONE_BY, "lost", "abandoned", "casualties", None))
_ELSEWHERE = 3  # the most that an actor of another clause weighs
_INSIDE = 30  # the actor stands in the figure's own words
_CLEARER = 4  # an actor that weighs so much more than the rules of war overrules them
_SAYS = 13  # the most that one weighs who tells of a figure
_STRUCK_BEFORE = 2  # sentences in which the place is named where people suffer
_PUBLISHED = 16  # what overrules that a figure is the publisher's
_MEMBERS_BEHIND = 6  # words behind a share to those whom it is of: "half *of the members*"
_THOUSANDS = 1000
_OUR = 8  # words from "our" to a figure
_ENOUGH = 2  # the least weight that decides; a bare count says less
_ENOUGH_FOR_COUNTS = 10


@dataclass(frozen=True, slots=True)
class _Case:
    """A figure told of in a sentence, with its item, its status and where it ends."""

    told: Told
    named: Named
    status: str | None
    end: int
    suffered: bool
    event: bool
    bare_count: bool  # things are counted of which nothing happens


def party_of(told: Told, named: Named, status: str | None, earlier: Iterable[Sentence]) -> Party:
    """Whose a figure is. ``earlier``: the sentences before, the nearest first."""
    quantity, ctx = told.quantity, told.ctx
    earlier = list(earlier)
    if quantity.dimension == "count" and is_state(named):
        listed = is_punished(named) and under_sanctions(told, named, status, earlier)
        return listed or NOBODY
    if named.item == "distance" or _of_the_world(told):
        return NOBODY
    if is_noun_of(named.item, "fronts"):
        return _attacked(ctx)
    people = demonyms().get(named.item or "")
    if people is not None:
        return Party(people, named.item or "", _INSIDE)
    suffered = _is_suffered(told, status)
    bare_count = status is None and quantity.dimension == "count"
    case = _Case(told, named, status, noun_end(quantity), suffered, is_event(named), bare_count)
    best = told.heaviest(lambda mention: _weight(case, mention))
    if best.weight < _INSIDE and (afflicted := _afflicted(case, earlier)) is not None:
        return afflicted
    if best.weight < _INSIDE and _of_publisher(case, best.weight):
        return _publisher(ctx)
    if best.weight < _INSIDE and (land := _invaded(case)) is not None:
        return land
    body = _of_members(case, earlier) if best.weight < _INSIDE else None
    if body is not None:
        return body
    in_war = owner_in_war(told, named, status) if best.weight < _INSIDE else None
    if in_war is not None and best.weight < in_war.weight + _CLEARER:
        return in_war
    if best.weight >= (_ENOUGH_FOR_COUNTS if case.bare_count else _ENOUGH):
        return best
    if status == "captured" and is_arrest(told.tokens):
        return arrested(earlier, told) or best
    return _other_side(case) or _unsaid(case, best, earlier)


def _is_suffered(told: Told, status: str | None) -> bool:
    """Whether something is done to what a figure counts by an enemy, and not by its own police."""
    if status is None and told.quantity.dimension in ("power", "percent"):
        return told.tokens.holds(_BROKEN) and told.tokens.holds(_GRID)
    return status in _SUFFERED and not (status == "captured" and is_arrest(told.tokens))


def _afflicted(case: _Case, earlier: Sequence[Sentence]) -> Party | None:
    """Whose those are who fled, or on whom sanctions fall."""
    told, named, status = case.told, case.named, case.status
    return under_sanctions(told, named, status, earlier) or of_refuge(told, named, status, earlier)


def _of_the_world(told: Told) -> bool:
    """Whether a figure is of all countries: "half of the *global* economy", "of *the world*"."""
    around = told.tokens.low[told.quantity.first : noun_end(told.quantity) + _WORLDWIDE]
    world = ("the", "world") in pairwise(around) and "war" not in around
    return world or not _WORLD.isdisjoint(around)


def _attacked(ctx: Context) -> Party:
    """The country in which a war is fought, of those that the document names."""
    code = next(iter(under_attack(ctx)), None)
    return Party(code, "the front", _INSIDE) if code is not None else NOBODY


def _of_publisher(case: _Case, weight: int) -> bool:
    """Whether a figure is the country's for which a text speaks: its money, "*our* gas price"."""
    quantity, ctx = case.told.quantity, case.told.ctx
    if ctx.speaker is None:
        return False
    before = case.told.tokens.low[max(0, quantity.first - _OUR) : quantity.first]
    if weight >= _PUBLISHED:
        return quantity.dimension == "money" and not _PRICES.isdisjoint(before)
    ours = quantity.dimension == "percent" and not _OWN_SIDE.isdisjoint(before)
    return ours or quantity.dimension in ("money", "volume")


def _invaded(case: _Case) -> Party | None:
    """Whose the land is that an attacker holds: "Russian troops *hold* 18% of the country"."""
    told, ctx = case.told, case.told.ctx
    if told.quantity.dimension not in ("percent", "area") or case.named.head not in _LANDS:
        return None
    holds = told.tokens.last_place(_HOLDS, told.quantity.first)
    if _names_place(told.sentence):
        return None
    for mention in told.sentence.actors.back_from(holds):
        if not mention.owns:
            other = enemy(mention.code, ctx) if mention.code in opponents() else None
            return Party(other, written(told.tokens, mention), _INSIDE) if other else None
    return None


@once
def _names_place(sentence: Sentence) -> bool:
    return any(m.form == "place" for m in sentence.actors)


def _of_members(case: _Case, earlier: Iterable[Sentence]) -> Party | None:
    """The body whose members a share is of: "all *members* will meet the 2% floor"."""
    told = case.told
    at = told.tokens.last_place(_MEMBERS, told.quantity.after + _MEMBERS_BEHIND)
    counted = told.quantity.first <= at < case.end
    if at < 0 or not (told.quantity.dimension == "percent" or counted):
        return None
    if told.sentence.actors.within(at + 1, told.quantity.first):
        return None
    title = told.ctx.title
    for sentence in (told.sentence, *earlier, *((title,) if title is not None else ())):
        body = _first_body(sentence)
        if body is not None:
            return Party(body.code, written(sentence.tokens, body), _ENOUGH_FOR_COUNTS)
    return None


@once
def _first_body(sentence: Sentence) -> ActorMention | None:
    """The first body of countries that a sentence names."""
    return next((m for m in sentence.actors if m.code in bodies("forum", "union")), None)


def _publisher(ctx: Context) -> Party:
    return Party(ctx.speaker, "the publisher", 1)


def _other_side(case: _Case) -> Party | None:
    """Those who suffer are the enemy of the one who attacks."""
    striker = attacker(case.told) if case.suffered else None
    other = enemy(striker, case.told.ctx) if striker is not None else None
    if case.status == "captured" and is_place(case.named) and striker in opponents().values():
        other = striker  # "Kyiv has *liberated* 74 settlements", which are its own
    return Party(other, "the other side", 1) if other is not None else None


def _unsaid(case: _Case, best: Party, earlier: Iterable[Sentence]) -> Party:
    """The owner where the sentence says too little: the document tells, or nobody is it."""
    ctx = case.told.ctx
    if case.bare_count and ctx.speaker is not None and not case.told.sentence.actors:
        return _publisher(ctx)
    if case.bare_count and not (best is NOBODY and (_many(case) or is_place(case.named))):
        return best
    return _from_before(case, earlier) or best


def _many(case: _Case) -> bool:
    """Whether people are counted by the thousand, who are a country's: "5,000 residents"."""
    many = case.told.quantity.low >= _THOUSANDS
    return many and is_person(case.named.item, case.named.entry)


def _from_before(case: _Case, earlier: Iterable[Sentence]) -> Party | None:
    """The country that the sentences before speak of: of those who suffer, the attacked one."""
    ctx = case.told.ctx
    sentences = list(earlier)
    attacked = under_attack(ctx)
    struck = _struck_before(sentences) if case.suffered else None
    if struck is not None:
        return struck
    if case.suffered and attacked:
        return Party(attacked[0], "the document", 1)
    civil = is_person(case.named.item, case.named.entry) and not is_troops(case.named)
    for other in sentences:
        mention = _spoken_of(other, civil, case.suffered)
        if mention is not None:
            return Party(mention.code, f"named before: {written(other.tokens, mention)}", 1)
    titled = ctx.title.actors if ctx.title is not None else ()
    for mention in titled:
        if not (case.suffered and mention.code in invaders()):
            return Party(mention.code, "the title", 1)
    return _publisher(ctx) if ctx.speaker is not None else None


def _struck_before(earlier: Sequence[Sentence]) -> Party | None:
    """The attacker, where the text has just told of a place in its own land that is struck."""
    for other in earlier[:_STRUCK_BEFORE]:
        mention = _last_place(other)
        if mention is not None:
            code = mention.code if mention.code in opponents() else None
            return Party(code, written(other.tokens, mention), 1) if code is not None else None
    return None


@once
def _last_place(sentence: Sentence) -> ActorMention | None:
    """The last place that a sentence names, if it is nobody's."""
    places = (m for m in reversed(sentence.actors) if m.form == "place")
    free = (m for m in places if word_before(sentence.tokens, m.first)[0] not in _OWNED)
    return next(free, None)


@once
def _spoken_of(sentence: Sentence, civil: bool, suffered: bool) -> ActorMention | None:
    """The last actor that a sentence tells of, whose civilians or sufferers may be counted next."""
    told = (m for m in reversed(sentence.actors) if not _tells_only(sentence, m, civil))
    return next((m for m in told if not (suffered and _strikes(sentence, m))), None)


def _tells_only(sentence: Sentence, mention: ActorMention, civil: bool) -> bool:
    """Whether an actor only tells of others' affairs: a lender, or a body that has no people."""
    if mention.code in bodies("lender"):
        return True
    return mention.code in bodies("forum") and (civil or says(sentence.tokens, mention))


def _strikes(sentence: Sentence, mention: ActorMention) -> bool:
    return mention.code in invaders() or strikes(sentence.tokens, mention)


def _weight(case: _Case, mention: ActorMention) -> int:
    """How strongly an actor's place and the words around it say that the figure is its own."""
    told = case.told
    quantity, tokens = told.quantity, told.tokens
    if quantity.first <= mention.first < case.end:
        made = "-" in tokens.low[mention.first : mention.last + 1]  # no owner: "US-made tanks"
        return 0 if made else _INSIDE + mention.first - quantity.first
    if mention.code in bodies("lender") or mention.form == "venue":
        return 0
    if _its_own(case, mention):
        return _INSIDE - 1
    if mention.code in bodies("forum"):
        return 0 if says(tokens, mention) else 3
    behind = mention.first >= case.end
    if behind and mention.form == "leader":
        return 1
    if case.suffered and is_attacker(told, mention, case.status):
        return 0
    if not behind and _takes_in(case, mention):
        return 1
    if not behind and in_aside(tokens, mention.first, mention.last, quantity):
        return 1
    word, _ = word_before(tokens, mention.first)
    if _kills(case, mention, word):
        return 6 if mention.owns or suffers(tokens) else 1
    weight = (_behind if behind else _before)(case, mention, word)
    if behind and tokens.holds(_SEMICOLON, case.end, mention.first):
        return min(weight, _ELSEWHERE)  # "29 died there; in Syria the toll was 3"
    return min(weight, _SAYS) if says(tokens, mention) else weight


def _opens_clause(case: _Case, mention: ActorMention) -> bool:
    """Whether a place opens the clause of a figure: "29 died there; *in Syria* the toll was 3"."""
    _, at = word_before(case.told.tokens, mention.first)
    return case.told.tokens.at(at - 1) == ";"


def _its_own(case: _Case, mention: ActorMention) -> bool:
    """Whether a figure is of the subject's own: "the *Israeli* army says 75 of *its* soldiers"."""
    told = case.told
    first, last = told.quantity.first, told.quantity.last
    if not case.suffered or mention.form in ("place", "leader") or mention.last > first:
        return False
    return not _ITS.isdisjoint(told.tokens.low[last : max(case.end, last + 2)])


def _kills(case: _Case, mention: ActorMention, word: str) -> bool:
    """Whether an actor is the one who kills: the attacker, where it is no place ("in Russia")."""
    if case.status not in ("killed", "wounded") or mention.form == "place":
        return False
    told = case.told
    placed = word in _AMONG and told.tokens.at(mention.last) not in _WARS
    return is_hostile(mention.code, told.ctx) and not placed


def _takes_in(case: _Case, mention: ActorMention) -> bool:
    """Whether an actor takes in those who fled another country: "*Poland* hosts 1,000 refugees"."""
    if case.status != "displaced" or mention.form not in ("name", "government") or mention.owns:
        return False
    attacked = under_attack(case.told.ctx)
    if not attacked or mention.code in attacked:
        return False
    tokens, first, last = case.told.tokens, mention.last, case.told.quantity.first
    return tokens.holds(_HOSTS, first, last) or _GAP.issuperset(tokens.low[first:last])


def _nearness(distance: int) -> int:
    """8 beside the figure, 0 from 24 words on."""
    return max(0, 8 - abs(distance) // 3)


def _behind(case: _Case, mention: ActorMention, word: str) -> int:
    """An actor behind the figure: "400 tanks *of Russia*", "40 killed *in Kherson*"."""
    distance = mention.first - case.end
    near = _nearness(distance)
    if word == "by" and case.status in _DONE_BY:
        return 22
    if word in _LAID and (case.named.head in _LAID_ON) and distance <= 5:
        return 28
    if word in _OWNED and distance <= 5:
        return 22
    if word in _CASUALTIES_AT and case.status == "casualties":
        return 6 + near
    if word in _AT and mention.form in ("place", "name", "government", "adjective"):
        return (14 if case.status in _AT_A_PLACE else 4) + near
    if mention.form == "place":
        return 8 + near
    return (1 if case.status is None else 3) + near


def _before(case: _Case, mention: ActorMention, word: str) -> int:
    """An actor before the figure: "*Russia's* 400 tanks", "*Kyiv* has lost 40 tanks"."""
    distance = case.told.quantity.first - mention.last
    near = _nearness(distance)
    place = mention.form == "place"
    if case.suffered and case.told.tokens.at(mention.last + mention.owns) in _LOSSES:
        return 24
    if case.event and not place:
        return 18 + near
    if distance == 0 or (mention.owns and distance <= 3):
        return 12 if case.status == "destroyed" else 24
    if word in _AT and _opens_clause(case, mention):
        return 16 + near
    if case.status in _OWN and not place:
        return 5 + near // 2 if word in _TARGETS else 12 + near
    if word in _AT and mention.form in ("place", "name"):
        return 12 + near
    if place:
        return 10 + near
    if mention.form == "leader":
        return 14 if calls_up(case.told, mention) else 2
    return 2 + near // 2 if strikes(case.told.tokens, mention) else 4 + near

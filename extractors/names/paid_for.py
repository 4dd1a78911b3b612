"""What money is for: a purpose of the catalogue, the things it buys, or the text's own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from extractors.mentions.cues import Cue
from extractors.mentions.items import Item
from extractors.mentions.named import BEFORE, NOTHING, RECORD_ID, Named
from extractors.mentions.purposes import Purpose, by_letter, purposes
from extractors.names.noun_phrases import name_of_phrase
from extractors.names.purpose_names import name_of_purpose
from extractors.names.spent_on import spent_on, worth
from extractors.names.subjects import subject
from extractors.names.wordings import given_as, noun_behind, own_purpose, plain_object
from extractors.numbers.quantity import Quantity
from extractors.passage.distance import before_hedges
from extractors.passage.sentence import Sentence
from extractors.text.in_order import Mentions
from extractors.text.lexicon import Mention
from extractors.text.once import once
from extractors.text.tokens import Tokens
from extractors.text.words import word_costs, word_set

_REACH = 40
# how far a purpose may stand that decides at once: alone, against a record's, against a thing's
_NEAR, _NEAR_IN_RECORD, _NEAR_WITH_THING = 14, 8, 6
_APPOSED = word_set("purpose", "apposed")
_LEADS = word_set("purpose", "leads")
_SET_ASIDE = word_set("purpose", "set_aside")
_A_TOTAL_OF = word_set("purpose", "total_of")
_HEADS_OF_AID = word_set("purpose", "heads_of_aid")
_REMAINDERS = word_set("purpose", "remainders")
_OF_IT = word_set("purpose", "of_it")
_RAISES = word_set("amount", "changes")
_RAISING = 18  # words from a verb of raising to the amount
_TURNS = word_set("purpose", "turns")
_WALLS = word_costs("purpose", "walls")
_A_NUMBER = 4
_A_WORD = 14  # words of an answer that tells nothing new
_ROW = 16  # words from an amount to the end of a row of things
_LED = 4  # words from an amount to a purpose that is only its own
_FAR_OFF = 30  # farther away, a price or a fine says nothing of an amount
_OBJECT = 4  # words from a verb to its object
_NOT_GIVEN = 8  # what a price or a fine is farther away than aid
AT_A_PRICE = "<n> <item> at <amount>"  # the rule by which counted things are what an amount buys
_BUYS = word_set("purpose", "buys")
_BEFORE_BUYS = word_set("purpose", "before_buys")
_BARRIERS = word_set("purpose", "barriers")
_WORTH = word_set("purpose", "worth")
_ITS = word_set("purpose", "its")
_PRICED = word_set("purpose", "at_a_price")
_NOT_BOUGHT = word_set("category", "not_bought")
_COLON = frozenset(":")
_FURTHER_ON = 20  # words from an amount to what it buys


@dataclass(frozen=True, slots=True)
class _Near:
    """A purpose in the sentence of an amount, and how far it is from it."""

    cost: int
    mention: Mention[Purpose]


def name_money(
    sentence: Sentence,
    quantity: Quantity,
    default: Purpose | None,
    before: Sequence[Named],
    earlier: Sequence[Sentence],
) -> Named:
    """What an amount is for: behind it ("in *humanitarian aid*"), before it, or in its sentence.

    ``default``: the purpose that the document's record tells; ``before``: the names of the amounts
    before it, the nearest last; ``earlier``: the sentences before, the nearest first.
    """
    if before and _is_conversion(sentence, quantity):
        return before[-1]
    quantity = _joined(sentence).get(quantity.first, quantity)
    specific, generic = _nearest(sentence, quantity)
    thing = _direct_object(sentence, quantity)
    raised = _raised(sentence, quantity)
    if raised is not None:
        return name_of_purpose(sentence, raised)
    reach = _NEAR_WITH_THING if thing else _NEAR_IN_RECORD if default else _NEAR
    return (
        _by_near_purpose(sentence, quantity, specific, generic, reach, default)
        or thing
        or _record_at(sentence, quantity)
        or _at_price(sentence, quantity)
        or _worth_of(sentence, quantity, earlier)
        or worth(sentence, quantity, default)
        or given_as(sentence, quantity)
        or spent_on(sentence, quantity, default)
        or own_purpose(sentence, quantity, generic.mention if generic else None)
        or plain_object(sentence, quantity, default)
        or _remainder(sentence, quantity, specific, before)
        or (Named.aim(default, RECORD_ID) if default else None)
        or _by_far_purpose(sentence, quantity, specific, generic, earlier)
        or bought(sentence, quantity)
        or noun_behind(sentence, quantity)
        or _named_before(sentence, before, earlier)
        or subject(sentence, quantity)
        or NOTHING
    )


@once
def _joined(sentence: Sentence) -> dict[int, Quantity]:
    """The last of the amounts that "and" joins to one, by where that begins; they share a purpose:
    "*$5 million* and $7 million in aid"."""
    out: dict[int, Quantity] = {}
    for quantity in reversed(sentence.quantities):
        following = sentence.quantities.at(quantity.after + 1)
        if following is None or sentence.tokens.at(quantity.after) != "and":
            continue
        if quantity.dimension == following.dimension == "money":
            out[quantity.first] = out.get(following.first, following)
    return out


def _remainder(
    sentence: Sentence, quantity: Quantity, specific: _Near | None, before: Sequence[Named]
) -> Named | None:
    """What an amount was told to be of which this one is a part: "the *other* $2 billion"."""
    if not before or before[-1].purpose is None or specific is not None:
        return None
    low = sentence.tokens.low
    ahead = not _REMAINDERS.isdisjoint(low[max(0, quantity.first - 3) : quantity.first])
    of_it = low[quantity.after : quantity.after + 1] == ("of",)
    pointing = of_it and sentence.tokens.at(quantity.after + 1) in _OF_IT
    return before[-1].again() if ahead or pointing else None


def _is_conversion(sentence: Sentence, quantity: Quantity) -> bool:
    """Whether an amount stands in brackets right behind another: "C$25m (*US$19m*)"."""
    opens = quantity.first - 1
    before = sentence.quantities.last_before(opens)
    beside = before is not None and before.last == opens and before.dimension == "money"
    return beside and sentence.tokens.at(opens) == "("


def _raised(sentence: Sentence, quantity: Quantity) -> Mention[Purpose] | None:
    """The aid that a verb raises to an amount: "increase the *loan*, announced in May, to $3
    billion"."""
    low = sentence.tokens.low
    first = before_hedges(sentence.tokens, quantity.first, _A_TOTAL_OF)
    if not first or low[first - 1] != "to":
        return None
    verb = next(
        (k for k in range(first - 1, max(-1, first - _RAISING), -1) if low[k] in _RAISES), None
    )
    if verb is None:
        return None
    told = (m for m in sentence.purposes.within(verb + 1, first) if m.last <= first)
    return next((m for m in told if not m.entry.generic and m.entry.transfer), None)


def _nearest(sentence: Sentence, quantity: Quantity) -> tuple[_Near | None, _Near | None]:
    """The nearest purpose that says what kind of aid, and the nearest plain "aid" or "package"."""
    specific: _Near | None = None
    generic: _Near | None = None
    for mention in _within_reach(sentence, quantity):
        cost = _distance(sentence, quantity, mention)
        if cost > _REACH or _of_another(sentence, quantity, mention):
            continue
        if mention.entry.generic:
            if sentence.tokens.at(mention.first - 1) == "to":
                continue  # the verb: "to *help* the people"
            if generic is None or cost < generic.cost:
                generic = _Near(cost, mention)
            continue
        if sentence.tokens.at(mention.first - 1) == "other" and cost <= _ROW:
            cost = 0  # "in blankets, food and *other humanitarian aid*"
        if specific is None or cost < specific.cost:
            specific = _Near(cost, mention)
    if specific is not None and generic is not None and _sets_apart(generic, specific, quantity):
        specific = None
    return specific, generic


def _within_reach(sentence: Sentence, quantity: Quantity) -> Sequence[Mention[Purpose]]:
    """The purposes that may be near an amount: by the words between, or past those that count for
    nothing."""
    tokens, first, last = sentence.tokens, quantity.first, quantity.after
    while first and tokens.low[first - 1] in _APPOSED:
        first -= 1
    while tokens.at(last) in _SET_ASIDE:
        last += 1
    return sentence.purposes.around(
        min(first, quantity.first - _REACH), max(last + 1, quantity.after + _REACH)
    )


def _of_another(sentence: Sentence, quantity: Quantity, mention: Mention[Purpose]) -> bool:
    """Whether a purpose behind an amount is another amount's, which stands before it: "$8 million,
    $1 million of it in *weapons*"."""
    return any(
        q.dimension == "money" and q.last <= mention.first and not _is_conversion(sentence, q)
        for q in sentence.quantities.within(quantity.last, mention.first)
        if _is_led(sentence, q, mention)
    )


def _is_led(sentence: Sentence, quantity: Quantity, mention: Mention[Purpose]) -> bool:
    """Whether a purpose stands right behind an amount, behind "in" or "of it for"."""
    between = mention.first - quantity.after
    return 0 < between <= _LED and sentence.tokens.low[mention.first - 1] in _LEADS


def _sets_apart(generic: _Near, specific: _Near, quantity: Quantity) -> bool:
    """Whether plain aid right behind an amount leaves the purpose before it to another amount."""
    beside = generic.cost <= 2 and generic.mention.first >= quantity.after
    return beside and specific.mention.last <= quantity.first and specific.cost > 4


def _distance(sentence: Sentence, quantity: Quantity, mention: Mention[Purpose]) -> int:
    """How far a phrase is from an amount, in words; what stands between them adds to it."""
    low = sentence.tokens.low
    if mention.first >= quantity.last:
        between = range(quantity.after, mention.first)
        cost = len(between)
        if (
            cost > 1
            and low[between[-1]] in _LEADS
            and _SET_ASIDE.issuperset(low[quantity.after : mention.first - 1])
        ):
            return 1  # "€2 million *of it is set aside for* food aid"
        if cost <= 4 and (not between or low[quantity.after] in _LEADS):
            return cost
    else:
        between = range(mention.last, quantity.first)
        if between and all(low[k] in _APPOSED for k in between):
            return 0  # "humanitarian assistance *of* 2.5 million"
        cost = quantity.first - mention.last + 4
    if not mention.entry.transfer and _is_given(sentence, quantity):
        cost += _NOT_GIVEN
    added_up = _walls_before(sentence.tokens)
    return cost + added_up[between.stop] - added_up[between.start] if between else cost


@once
def _walls_before(tokens: Tokens) -> list[int]:
    """What walls and numbers add to a distance before each token, and in all."""
    costs = (_WALLS.get(w, _A_NUMBER if w[0].isdigit() else 0) for w in tokens.low)
    return list(accumulate(costs, initial=0))


def _is_given(sentence: Sentence, quantity: Quantity) -> bool:
    """Whether a verb of giving stands right before an amount, which is no price then."""
    if quantity.per is not None:
        return False
    verb = _cues_of_giving(sentence).last_before(quantity.first)
    return verb is not None and quantity.first - verb.last <= _OBJECT


@once
def _cues_of_giving(sentence: Sentence) -> Mentions[Cue]:
    return Mentions(c for c in sentence.cues if c.meaning.kind == "transfer")


def _by_near_purpose(
    sentence: Sentence,
    quantity: Quantity,
    specific: _Near | None,
    generic: _Near | None,
    reach: int,
    default: Purpose | None,
) -> Named | None:
    """A purpose so near that it decides, unless plain aid steps between the two."""
    if specific is None:
        return None
    if generic is not None and _steps_between(generic, specific, quantity):
        return None if default else name_of_purpose(sentence, generic.mention)
    if specific.cost <= reach:
        return name_of_purpose(sentence, specific.mention, far=specific.cost > 5)
    return None


def _steps_between(generic: _Near, specific: _Near, quantity: Quantity) -> bool:
    """Whether plain "aid package" stands between an amount and the purpose far before it.

    Right behind the purpose it belongs to that: "energy support *fund*".
    """
    near, far = generic.mention, specific.mention
    return (
        far.last < near.first and near.last <= quantity.first and generic.cost <= specific.cost - 3
    )


def _by_far_purpose(
    sentence: Sentence,
    quantity: Quantity,
    specific: _Near | None,
    generic: _Near | None,
    earlier: Sequence[Sentence],
) -> Named | None:
    """Whatever purpose the sentence names; plain aid is of the kind that the text told before."""
    if specific is not None and not specific.mention.entry.transfer and specific.cost > _FAR_OFF:
        specific = None
    if specific is not None and (generic is None or generic.cost > 6):
        return name_of_purpose(sentence, specific.mention)
    if generic is None:
        return None
    mention = generic.mention
    word = sentence.tokens.low[mention.last - 1]
    kinds = (m for m in sentence.purposes.back_from(quantity.first) if not m.entry.generic)
    told = next((m.entry for m in kinds if sentence.tokens.low[m.last - 1] == word), None)
    if mention.first < quantity.last or told is None:
        told = _last_kind_of_aid(earlier[0]) if earlier else None
    return Named.aim(told, BEFORE) if told else name_of_purpose(sentence, mention)


def _record_at(sentence: Sentence, quantity: Quantity) -> Named | None:
    """The kind of aid of the record that an amount stands in: "400 million CZK in *CZM3*"."""
    tokens = sentence.tokens
    for k in range(quantity.after, min(quantity.after + 4, len(tokens) - 1)):
        code = tokens.raw[k]
        numbered = tokens.raw[k + 1].isdecimal() and tokens.glued(k + 1)
        if len(code) == 3 and code.isupper() and numbered:
            purpose = by_letter().get(code[2])
            return Named.aim(purpose, RECORD_ID) if purpose else None
    return None


@once
def _last_kind_of_aid(sentence: Sentence) -> Purpose | None:
    """The last phrase that names a kind of aid, by a word for aid: "military *assistance*"."""
    kinds = (m for m in reversed(sentence.purposes) if m.entry.transfer and not m.entry.generic)
    low = sentence.tokens.low
    return next((m.entry for m in kinds if low[m.last - 1] in _HEADS_OF_AID), None)


@once
def _last_aid(sentence: Sentence) -> Purpose | None:
    """The last aid that a sentence names."""
    return next((m.entry for m in reversed(sentence.purposes) if m.entry.transfer), None)


def _named_before(
    sentence: Sentence, before: Sequence[Named], earlier: Sequence[Sentence]
) -> Named | None:
    """The purpose of the amount before, else the last one that the same speaker told before."""
    if before and before[-1].purpose is not None:
        return before[-1].again()
    for other in earlier:
        told = _last_aid(other)
        if told and (other.block is sentence.block or not _new_turn(sentence)):
            return Named.aim(purposes()["aid"] if told.generic else told, BEFORE)
    return None


@once
def _new_turn(sentence: Sentence) -> bool:
    """Whether somebody else begins to speak with a paragraph ("Q", "MS. DOE:"), and not only
    confirms what was asked ("That's right, $300 million")."""
    if len(sentence.tokens) <= _A_WORD and not sentence.cues and not sentence.purposes:
        return False
    plain = sentence.block.plain
    first = plain[: plain.find(" ")] if " " in plain else plain
    first = first.strip()
    return first in _TURNS or (first.endswith(".") and first.isupper())


def _military(entry: Item, rule: str) -> Named:
    """Things that an amount pays for; aid in things is military aid."""
    return Named(entry.name, None, entry, purposes()["military aid"], rule)


def _direct_object(sentence: Sentence, quantity: Quantity) -> Named | None:
    """Things that an amount buys: "$100 million in *Javelins*", "worth of *rocket launchers*"."""
    tokens, j = sentence.tokens, quantity.after
    while tokens.at(j) in _BEFORE_BUYS:
        j += 1
    if tokens.at(j) not in _BUYS:
        return None
    for mention in sentence.items.within(j + 1, j + 6):
        materiel = mention.entry.category not in _NOT_BOUGHT
        if materiel and _BARRIERS.isdisjoint(tokens.low[j + 1 : mention.first]):
            return _military(mention.entry, "<n> in <item>")
    return None


def _at_price(sentence: Sentence, quantity: Quantity) -> Named | None:
    """What is counted and priced right behind: "*720 Switchblades* at $60 million"."""
    at = before_hedges(sentence.tokens, quantity.first) - 1
    if sentence.tokens.at(at) not in _PRICED:
        return None
    noun = _counted(sentence).get(at)
    named = name_of_phrase(sentence, *noun) if noun is not None else None
    return _military(named.entry, AT_A_PRICE) if named is not None and named.entry else None


@once
def _counted(sentence: Sentence) -> dict[int, tuple[int, int]]:
    """The nouns of the counts of a sentence by their ends."""
    counts = (q for q in reversed(sentence.quantities) if q.dimension == "count")
    return {q.noun[1]: q.noun for q in counts if q.noun is not None}


def _worth_of(sentence: Sentence, quantity: Quantity, earlier: Sequence[Sentence]) -> Named | None:
    """The one thing that an amount is the worth of: "a field hospital, *worth* ISK 1 billion",
    also of the sentence before: "*Its* refit has a *cost* of €2 million"."""
    low = sentence.tokens.low
    if _WORTH.isdisjoint(low[max(0, quantity.first - 4) : quantity.first]):
        return None
    teller, end = sentence, quantity.first
    near = _bought(sentence).last_before(end)
    if near is not None and end - near.last > 8:
        return None
    if near is None and not _tells_purpose(sentence) and sentence.tokens.holds(_ITS, 0, end):
        if not earlier:
            return None
        teller, end = earlier[0], len(earlier[0].tokens)
    things = _bought(teller)
    if things.last_before(end) is None or _second_kind(teller) <= end:
        return None
    return _military(things[0].entry, "<item> worth <amount>")


@once
def _tells_purpose(sentence: Sentence) -> bool:
    """Whether a sentence says what money is for."""
    return any(not m.entry.generic for m in sentence.purposes)


@once
def _second_kind(sentence: Sentence) -> int:
    """Where the first thing ends that is another than the first of all; past the end if none is."""
    things = _bought(sentence)
    others = (m.last for m in things if m.entry.name != things[0].entry.name)
    return next(others, len(sentence.tokens) + 1)


@once
def _bought(sentence: Sentence) -> Mentions[Mention[Item]]:
    """The things of a sentence that can be bought."""
    return Mentions(m for m in sentence.items if m.entry.category not in _NOT_BOUGHT)


def bought(sentence: Sentence, quantity: Quantity) -> Named | None:
    """What an amount buys further on: "a $1.2 billion contract to build *NASAMS*"."""
    end = quantity.after
    mention = _bought(sentence).first_behind(end + 1)
    if mention is None or mention.first > end + _FURTHER_ON:
        return None
    if sentence.tokens.holds(_COLON, end, mention.first):
        return None  # the contents of a package: "€70 million: 25 tanks"
    return _military(mention.entry, "<amount> ... <item>")

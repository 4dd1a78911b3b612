"""What money is for: a purpose of the catalogue, the things it buys, or the text's own words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.item_phrases import singular_phrase
from extractors.items import Item
from extractors.lexicon import Mention
from extractors.named import NOTHING, Named
from extractors.purposes import Purpose, by_letter, purposes
from extractors.quantity import Quantity
from extractors.reading import Sentence
from extractors.subjects import subject
from extractors.tokens import Tokens
from extractors.uses import spent_on, worth
from extractors.wordings import given_as, noun_behind, own_purpose, plain_object
from extractors.words import word_set, word_table

_REACH = 40
# how far a purpose may stand that decides at once: alone, against a record's, against a thing's
_NEAR, _NEAR_IN_RECORD, _NEAR_WITH_THING = 14, 8, 6
_APPOSED = word_set("purpose", "apposed")
_LEADS = word_set("purpose", "leads")
_BUYS = word_set("purpose", "buys")
_BEFORE_BUYS = word_set("purpose", "before_buys")
_BARRIERS = word_set("purpose", "barriers")
_WORTH = word_set("purpose", "worth")
_TURNS = word_set("purpose", "turns")
_KINDS = word_table("purpose", "kinds")
_JOINTS = ("and", ",", "&", "/")
_NOT_BOUGHT = word_set("category", "not_bought")
_WALLS = {";": 12, "\u2014": 12, ",": 2, "and": 2, "$": 4, "\u20ac": 4, "\u00a3": 4}
_A_NUMBER = 4


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
    earlier: Iterable[Sentence],
) -> Named:
    """What an amount is for: behind it ("in *humanitarian aid*"), before it, or in its sentence.

    ``default``: the purpose that the document's record tells; ``before``: the names of the amounts
    before it, the nearest last; ``earlier``: the sentences before, the nearest first.
    """
    specific, generic = _nearest(sentence, quantity)
    thing = _direct_object(sentence, quantity)
    reach = _NEAR_WITH_THING if thing else _NEAR_IN_RECORD if default else _NEAR
    return (
        _by_near_purpose(sentence, quantity, specific, generic, reach, default)
        or thing
        or _record_at(sentence, quantity)
        or _worth_of(sentence, quantity)
        or worth(sentence, quantity, default)
        or given_as(sentence, quantity)
        or spent_on(sentence, quantity, default)
        or own_purpose(sentence, quantity, generic.mention if generic else None)
        or plain_object(sentence, quantity, default)
        or (Named.aim(default, "<record id>") if default else None)
        or _by_far_purpose(sentence, quantity, specific, generic, earlier)
        or _bought(sentence, quantity)
        or noun_behind(sentence, quantity)
        or _named_before(sentence, before, earlier)
        or subject(sentence, quantity)
        or NOTHING
    )


def _nearest(sentence: Sentence, quantity: Quantity) -> tuple[_Near | None, _Near | None]:
    """The nearest purpose that says what kind of aid, and the nearest plain "aid" or "package"."""
    specific: _Near | None = None
    generic: _Near | None = None
    for mention in sentence.purposes:
        cost = _distance(sentence, quantity, mention)
        if cost > _REACH:
            continue
        if mention.entry.generic:
            if sentence.tokens.at(mention.first - 1) == "to":
                continue  # the verb: "to *help* the people"
            if generic is None or cost < generic.cost:
                generic = _Near(cost, mention)
            continue
        if sentence.tokens.at(mention.first - 1) == "other" and cost <= 12:
            cost = 0  # "in blankets, food and *other humanitarian aid*"
        if specific is None or cost < specific.cost:
            specific = _Near(cost, mention)
    if specific is not None and generic is not None and _sets_apart(generic, specific, quantity):
        specific = None
    return specific, generic


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
        if cost <= 4 and (not between or low[quantity.after] in _LEADS):
            return cost
    else:
        between = range(mention.last, quantity.first)
        if between and all(low[k] in _APPOSED for k in between):
            return 0  # "humanitarian assistance *of* 2.5 million"
        cost = quantity.first - mention.last + 4
    return cost + sum(_WALLS.get(low[k], _A_NUMBER if low[k][0].isdigit() else 0) for k in between)


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
        return None if default else _by_purpose(sentence, generic.mention)
    if specific.cost <= reach:
        return _by_purpose(sentence, specific.mention, far=specific.cost > 5)
    return None


def _steps_between(generic: _Near, specific: _Near, quantity: Quantity) -> bool:
    """Whether plain "aid package" stands between an amount and the purpose far before it."""
    near, far = generic.mention, specific.mention
    return (
        far.last <= near.first and near.last <= quantity.first and generic.cost <= specific.cost - 3
    )


def _by_far_purpose(
    sentence: Sentence,
    quantity: Quantity,
    specific: _Near | None,
    generic: _Near | None,
    earlier: Iterable[Sentence],
) -> Named | None:
    """Whatever purpose the sentence names; plain aid is of the kind that the text told before."""
    if specific is not None and (generic is None or generic.cost > 6):
        return _by_purpose(sentence, specific.mention)
    if generic is None:
        return None
    mention = generic.mention
    word = sentence.tokens.low[mention.last - 1]
    kinds = [m for m in sentence.purposes if m.last <= quantity.first and not m.entry.generic]
    told = [m.entry for m in kinds if sentence.tokens.low[m.last - 1] == word]
    if mention.first < quantity.last or not told:
        last = next(iter(earlier), None)
        named = last.purposes if last is not None else ()
        told = [m.entry for m in named if not m.entry.generic and m.entry.transfer]
    return Named.aim(told[-1], "named before") if told else _by_purpose(sentence, mention)


def _by_purpose(sentence: Sentence, mention: Mention[Purpose], *, far: bool = False) -> Named:
    """The item of a purpose: its name, or its words where these say more and stand near."""
    purpose, name = mention.entry, mention.entry.name
    first, kinds = _row_of_kinds(sentence.tokens, mention)
    if kinds > 1:
        name = singular_phrase(sentence.tokens, first, mention.last) if kinds == 2 else "aid"
        words = sentence.written(first, mention.last)
        return Named(name, words, purpose=purpose, rule="<purpose> and <purpose>")
    if purpose.as_written:
        as_written = singular_phrase(sentence.tokens, mention.first, mention.last)
        name = "military aid" if far and purpose.aid_type == "military" else as_written
    words = sentence.written(mention.first, mention.last)
    return Named(name, words, purpose=purpose, rule="<purpose>")


def _row_of_kinds(tokens: Tokens, mention: Mention[Purpose]) -> tuple[int, int]:
    """Where a row of kinds begins that ends in a purpose ("*military* and food aid"), and how many.

    Two are named as written; more of them are aid of every kind.
    """
    first, k = mention.first, mention.first - 1
    kinds = {_KINDS.get(tokens.low[first], "")}
    while tokens.at(k) in _KINDS or tokens.at(k) in _JOINTS:
        if tokens.low[k] in _KINDS:
            first = k
            kinds.add(_KINDS[tokens.low[k]])
        k -= 1
    named = "" not in kinds and mention.last - mention.first == 2
    return (first, len(kinds)) if named else (mention.first, 1)


def _record_at(sentence: Sentence, quantity: Quantity) -> Named | None:
    """The kind of aid of the record that an amount stands in: "400 million CZK in *CZM3*"."""
    tokens = sentence.tokens
    for k in range(quantity.after, min(quantity.after + 4, len(tokens) - 1)):
        code = tokens.raw[k]
        numbered = tokens.raw[k + 1].isdecimal() and tokens.glued(k + 1)
        if len(code) == 3 and code.isupper() and numbered:
            purpose = by_letter().get(code[2])
            return Named.aim(purpose, "<record id>") if purpose else None
    return None


def _military(mention: Mention[Item], rule: str) -> Named:
    """Things that an amount pays for; aid in things is military aid."""
    return Named(mention.entry.name, None, mention.entry, purposes()["military aid"], rule)


def _direct_object(sentence: Sentence, quantity: Quantity) -> Named | None:
    """Things that an amount buys: "$100 million in *Javelins*", "worth of *rocket launchers*"."""
    tokens, j = sentence.tokens, quantity.after
    while tokens.at(j) in _BEFORE_BUYS:
        j += 1
    if tokens.at(j) not in _BUYS:
        return None
    for mention in sentence.items:
        beside = j < mention.first <= j + 5 and mention.entry.category not in _NOT_BOUGHT
        if beside and _BARRIERS.isdisjoint(tokens.low[j + 1 : mention.first]):
            return _military(mention, "<n> in <item>")
    return None


def _worth_of(sentence: Sentence, quantity: Quantity) -> Named | None:
    """The one thing that an amount is the worth of: "a field hospital, *worth* ISK 1 billion"."""
    if _WORTH.isdisjoint(sentence.tokens.low[max(0, quantity.first - 4) : quantity.first]):
        return None
    before = [m for m in sentence.items if m.last <= quantity.first]
    things = [m for m in before if m.entry.category not in _NOT_BOUGHT]
    if len({m.entry.name for m in things}) != 1 or quantity.first - things[-1].last > 8:
        return None
    return _military(things[-1], "<item> worth <amount>")


def _bought(sentence: Sentence, quantity: Quantity) -> Named | None:
    """What an amount buys further on: "a $1.2 billion contract to build *NASAMS*"."""
    for mention in sentence.items:
        reached = quantity.after < mention.first <= quantity.after + 20
        if reached and mention.entry.category not in _NOT_BOUGHT:
            return _military(mention, "<amount> ... <item>")
    return None


def _named_before(
    sentence: Sentence, before: Sequence[Named], earlier: Iterable[Sentence]
) -> Named | None:
    """The purpose of the amount before, else the last one that the same speaker told before."""
    if before and before[-1].purpose is not None:
        return before[-1].again()
    for other in earlier:
        told = [m.entry for m in other.purposes if m.entry.transfer]
        if told and (other.block is sentence.block or not _new_turn(sentence)):
            return Named.aim(told[-1], "named before")
    return None


def _new_turn(sentence: Sentence) -> bool:
    """Whether somebody else begins to speak with a paragraph ("Q", "MR. KIRBY:")."""
    first = sentence.block.plain.partition(" ")[0].strip()
    return first in _TURNS or (first.endswith(".") and first.isupper())

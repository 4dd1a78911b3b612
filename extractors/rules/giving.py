"""Donor and recipient of what is given, owner of everything else.

What the sentence does not say is taken from the figure before it, the record or the document's
frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile

from extractors.links.pairs import distance
from extractors.links.same_as import converts
from extractors.meaning.choice import Choices
from extractors.meaning.draft import GIVEN, Draft, Role
from extractors.meaning.parties import Party, Told, bodies
from extractors.meaning.sides import attacks_recipient, invaders, sanctioned, strikes, subject_of
from extractors.mentions.actors import ActorMention
from extractors.mentions.kinds import is_materiel
from extractors.mentions.origin import Origin
from extractors.passage.context import Context
from extractors.passage.distance import noun_end
from extractors.passage.sentence import Sentence
from extractors.rules.afflicted import is_punished
from extractors.rules.donors import donor_of
from extractors.rules.instruction import taught
from extractors.rules.owners import party_of
from extractors.rules.purchases import buyer_of, is_for_itself, seller_of
from extractors.rules.recipients import recipient_of
from extractors.text.words import word_set

_ECONOMY = word_set("giving", "economy")
_OF_AID = 14  # words from aid to the share of the economy that it is
_LOSSES = ("killed", "wounded", "casualties", "missing")
_OF_LOSSES = word_set("attack", "losses")
_LOST = 4  # words behind a figure, in which its losses and their place are told
_GIFTS = ("give", "pledge")
_GRANTS = (*_GIFTS, "authorize")
_MILITARY = word_set("category", "military")
_NOT_GIVEN = word_set("giving", "not_given")
_REBUILDS = word_set("giving", "rebuilds")
_OWN_NOUN = 10  # words from what an amount is of to it: "the *damage* to schools exceeds $2bn"
_NEAREST = "nearest actor"
_SUBJECT = 5  # the least weight of an actor that does what the verb says
_SURE = 7  # the least weight that no frame and no list overrules
_THANKED = 9  # the weight of one who is thanked or named behind "given by"
_GETS = 12  # the weight of the subject of a verb of receiving
_FAR = 10  # a verb farther away gives money no status of its own
_AT_HAND = 3  # sentences around one, in which its usual recipient is named


@dataclass(frozen=True)
class _Told(Told):
    """A figure with the two sides that its sentence names, each weighed once when asked for."""

    @cached_property
    def giver(self) -> Party:
        return donor_of(self)

    @cached_property
    def receiver(self) -> Party:
        return recipient_of(self, None)


def sides_of(draft: Draft, before: Sequence[Draft]) -> tuple[Role, Choices]:
    """Donor and recipient of a transfer, the party of everything else; with its role, and the item
    and the status where they hang on it.

    ``before``: the figures before it, the nearest last.
    """
    sentence = draft.sentence
    told = _Told(sentence, sentence.tokens, draft.quantity, draft.role.cue, draft.ctx)
    if before and draft.quantity.dimension == "money" and converts(before[-1], draft):
        return before[-1].role, _as_converted(draft, before[-1])
    found = taught(told, draft, before[-1] if before else None) or _purchase(told, draft)
    if found is not None:
        return found
    if _is_share_of_aid(told, draft):
        last = before[-1] if before and before[-1].sentence is draft.sentence else None
        status = last.status if last is not None and last.role.transfer else "committed"
        role = replace(draft.role, transfer=True, status=status)
        return role, _transfer(told, draft, role, before)
    if _needs_no_verb(told, draft):
        return GIVEN, _transfer(told, draft, GIVEN, before)
    if draft.role.transfer and _is_transfer(told, draft):
        return draft.role, _transfer(told, draft, draft.role, before)
    return replace(draft.role, transfer=False), _owner(told, draft, before)


def _as_converted(draft: Draft, last: Draft) -> Choices:
    """What a conversion in brackets shares with the amount that it converts: "£2m (*$2.6m*)"."""
    shared = {name: last.choice(name) for name in ("donor", "recipient", "party")}
    item = draft.choice("item")
    return shared | {
        "status": draft.choice("status").but(last.status),
        "item": item.but(item.value or last.item),
    }


def _purchase(told: Told, draft: Draft) -> tuple[Role, Choices] | None:
    """Donor and recipient of arms that a state buys for itself; None where it does not."""
    entry, ctx = draft.named.entry, told.ctx
    arms = entry is not None and entry.category in _MILITARY
    event = draft.status is not None and not draft.role.transfer
    buyer = buyer_of(told) if arms and not event and not ctx.is_record else None
    if buyer is None or buyer.code == ctx.speaker:
        return None
    seller = seller_of(told, buyer.code)
    sold = (
        seller.code is not None and seller.code != ctx.recipient and is_for_itself(told, buyer.code)
    )
    if not sold and ctx.recipient != buyer.code and _at_hand(ctx, draft.block, draft.sentence):
        return None
    return replace(draft.role, transfer=True), {
        "donor": seller.chosen("who sells"),
        "recipient": buyer.chosen("who buys"),
        "status": draft.choice("status").but(draft.status or "committed"),
    }


def _needs_no_verb(told: _Told, draft: Draft) -> bool:
    """Whether money or arms "for Ukraine" stand beside one who gives, under no verb we know."""
    role, named = draft.role, draft.named
    money = draft.quantity.dimension == "money"
    if role.cue is not None or role.status is not None or draft.quantity.per is not None:
        return False
    arms = named.entry is not None and named.entry.category in _MILITARY
    if not arms and not (money and named.purpose is None):
        return False
    if told.giver.weight >= _THANKED and _at_hand(told.ctx, draft.block, draft.sentence):
        return True
    if told.receiver.weight <= _SURE or (money and _is_value(told)):
        return False
    return told.giver.weight > 0 or (money and told.ctx.donor is not None)


def _is_share_of_aid(told: Told, draft: Draft) -> bool:
    """Whether aid is told as a share of its giver's economy: "*aid* that comes to 1% of *GDP*"."""
    quantity, ctx = draft.quantity, told.ctx
    economy = draft.item is not None and draft.item.split()[-1].lower() in _ECONOMY
    if quantity.dimension != "percent" or not economy:
        return False
    before = told.sentence.purposes.back_from(quantity.first - 1)
    near = takewhile(lambda m: quantity.first - m.last < _OF_AID, before)
    return any(m.entry.transfer for m in near) and _at_hand(ctx, draft.block, draft.sentence)


def _is_value(told: Told) -> bool:
    """Whether an amount is a damage or a revenue: "the *damage* to schools exceeds $2bn"."""
    low, first = told.tokens.low, told.quantity.first
    return not _NOT_GIVEN.isdisjoint(low[max(0, first - _OWN_NOUN) : first])


def _is_needed(told: _Told, draft: Draft) -> bool:
    """Whether an amount is what a country needs to rebuild, which nobody gives yet (codebook)."""
    if draft.status != "requested" or told.giver.code is not None:
        return False
    behind = told.tokens.low[told.quantity.after : told.quantity.after + _OWN_NOUN]
    purpose = draft.named.purpose
    return not _REBUILDS.isdisjoint(behind) or (
        purpose is not None and purpose.aid_type == "reconstruction"
    )


def _transfer(told: _Told, draft: Draft, role: Role, before: Sequence[Draft]) -> Choices:
    """Donor and recipient of what is given, in this role; what money is given for is aid."""
    ctx = told.ctx
    donor = _donor(told, draft, role, before)
    recipient = recipient_of(told, donor.code)
    if recipient.weight < _SURE and before and _in_one_list(draft, role, before[-1]):
        recipient = _as_before(before[-1]) or recipient
    if recipient.weight == 0:
        usual = ctx.recipient if _at_hand(ctx, draft.block, draft.sentence) else None
        recipient = _by_frame(usual)
    if donor.code is not None and donor.code == recipient.code:  # nobody gives to itself
        recipient = replace(recipient, code=None if _gives(told) else ctx.recipient)
        donor = replace(donor, code=None) if donor.code == recipient.code else donor
    found = {"donor": donor.chosen(_NEAREST), "recipient": recipient.chosen(_NEAREST)}
    if role.status != draft.status:
        found["status"] = draft.choice("status").but(role.status)
    if draft.item is None and draft.quantity.dimension == "money":
        found["item"] = draft.choice("item").but("aid")
    return found


def _by_frame(code: str | None) -> Party:
    """The side that the document's frame names, where the sentence names nobody."""
    return Party(code, "the frame", origin=Origin.FRAME)


def _donor(told: _Told, draft: Draft, role: Role, before: Sequence[Draft]) -> Party:
    """Who gives, by the sentence, else by its list, the record, the text before or the frame."""
    ctx, found = told.ctx, told.giver
    if ctx.is_record:
        said = found.weight >= _SURE and found.code not in bodies("forum", "lender")
        return found if said else Party(ctx.record[0], "the record", origin=Origin.RECORD)
    if found.weight < _SURE and before and _in_one_list(draft, role, before[-1]):
        return Party(before[-1].donor, "as before in the list", origin=Origin.LIST)
    if found.weight:
        return found
    known = (d for d in reversed(before) if d.donor and distance(d, draft) <= 2)
    last = next(known, None)
    if last is not None:
        return Party(last.donor, "named before", origin=Origin.EARLIER)
    return _by_frame(ctx.donor)


def _as_before(last: Draft) -> Party | None:
    """The recipient of the thing before in a list, where the text and no frame names it."""
    chosen = last.choice("recipient")
    told = chosen.origin not in (Origin.NOBODY, Origin.FRAME)
    return Party(last.recipient, chosen.words, _SURE, Origin.LIST) if told else None


def _in_one_list(draft: Draft, role: Role, last: Draft) -> bool:
    """Whether a figure follows another given thing in its sentence, under no verb of its own."""
    beside = last.sentence is draft.sentence and last.role.transfer and last.item is not None
    return beside and role.cue in (None, last.role.cue)


def _carried(draft: Draft, status: str | None, before: Sequence[Draft]) -> Party | None:
    """Whose the losses are that a sentence adds to others: "400 Poles died, *70* were hurt".

    Nobody is named between the two, nor right behind the second.
    """
    last = before[-1] if before else None
    if last is None or last.party is None or last.sentence is not draft.sentence:
        return None
    if draft.quantity.dimension == "percent" and _of_them(draft):
        return Party(last.party, "of them", 1)
    near = draft.sentence.tokens.low[draft.quantity.after : draft.quantity.after + _LOST]
    if last.status not in _LOSSES or (status not in _LOSSES and _OF_LOSSES.isdisjoint(near)):
        return None
    start, end = last.quantity.after, noun_end(draft.quantity) + _LOST
    between = draft.sentence.actors.within(start + 2, end)
    if not all(_is_aggressor(draft, mention) for mention in between):
        return None
    return Party(last.party, "as before", 1)


def _of_them(draft: Draft) -> bool:
    """Whether a share is of those told right before it: "4 million, *half of them* children"."""
    behind = draft.sentence.tokens.low[draft.quantity.last : draft.quantity.last + 2]
    return behind in (("of", "them"), ("of", "whom"))


def _is_aggressor(draft: Draft, mention: ActorMention) -> bool:
    """Whether an actor is named for its attack alone: "since *Russia's* invasion began"."""
    ahead = mention.last <= draft.quantity.first
    attack = strikes(draft.sentence.tokens, mention) or (
        mention.owns and mention.code in invaders()
    )
    return ahead and attack


def _owner(told: Told, draft: Draft, before: Sequence[Draft]) -> Choices:
    """Whose a figure is that nobody gives; a far verb of giving says nothing of an amount."""
    role, status = draft.role, draft.status
    far = role.cue is None or role.cost > _FAR
    if role.transfer and draft.quantity.dimension == "money" and far:
        status = None
    earlier = told.ctx.before(draft.block, draft.sentence.number)
    downed = role.cue is not None and role.cue.meaning.name == "destroyed"
    struck = "destroyed" if downed else status  # also of the salvo that was shot at
    party = _carried(draft, status, before) or party_of(told, draft.named, struck, earlier)
    found = {"party": party.chosen(_NEAREST)}
    if status != draft.status:
        found["status"] = draft.choice("status").but(status)
    return found


def _is_transfer(told: _Told, draft: Draft) -> bool:
    """Whether a figure with a verb of giving goes from one state to another."""
    named, ctx = draft.named, told.ctx
    subject = subject_of(told)
    if subject is not None and attacks_recipient(subject.code, ctx):
        return False
    if named.purpose is not None and not named.purpose.transfer:
        return False
    if is_punished(named) and sanctioned(told.sentence, told.quantity) is not None:
        return False
    if ctx.is_record:
        return True
    money = draft.quantity.dimension == "money"
    receives = told.receiver.weight
    if money and (_is_needed(told, draft) or (draft.role.cue is None and _is_value(told))):
        return False
    if money and named.item is None and receives >= _SUBJECT and _gives(told):
        return True
    if receives >= _SURE:
        if not money or named.purpose is not None:
            return True
        return (named.item is None or receives > _SURE) and (
            _gives(told, _GRANTS) or _gets(told, receives)
        )
    aid = named.purpose if money else named.entry
    known = aid is not None and (money or is_materiel(named))
    given = _gives(told, _GIFTS if money else _GRANTS)
    return known and (given or _at_hand(ctx, draft.block, draft.sentence))


def _gives(told: _Told, verbs: tuple[str, ...] = _GIFTS) -> bool:
    """Whether somebody is the subject of a verb of giving: "Norway sent 8 tanks", to whomever."""
    cue = told.cue
    return (
        cue is not None
        and cue.tense != "noun"
        and cue.meaning.name in verbs
        and told.giver.weight >= _SUBJECT
    )


def _gets(told: Told, weight: int) -> bool:
    """Whether a receiver of this weight is the subject of a verb of receiving: "Kyiv got $60bn"."""
    return told.cue is not None and told.cue.meaning.name == "receive" and weight >= _GETS


def _at_hand(ctx: Context, block: int, sentence: Sentence) -> bool:
    """Whether the text names its usual recipient around a sentence, which need not do so then."""
    if ctx.is_record:
        return True
    if ctx.recipient is None:
        return False
    titled = ctx.title is not None and ctx.recipient in ctx.title.codes
    return titled or any(
        ctx.recipient in s.codes for s in ctx.around(block, sentence.number, _AT_HAND)
    )

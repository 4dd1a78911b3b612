"""Donor and recipient of what is given, owner of everything else: filled into a draft.

What the sentence does not say is taken from the figure before it, the record or the document's
frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.context import Context
from extractors.donors import donor_of
from extractors.draft import Draft
from extractors.kinds import is_materiel
from extractors.owners import party_of
from extractors.pairs import distance
from extractors.parties import Party, Told, bodies
from extractors.reading import Sentence
from extractors.recipients import recipient_of

_GIFTS = ("give", "pledge")
_GRANTS = (*_GIFTS, "authorize")
_SUBJECT = 5  # the least weight of an actor that does what the verb says
_SURE = 7  # the least weight that no frame and no list overrules
_FAR = 10  # a verb farther away gives money no status of its own
_AT_HAND = 3  # sentences around one, in which its usual recipient is named


def fill_parties(ctx: Context, draft: Draft, before: Sequence[Draft]) -> None:
    """Fill donor and recipient of a transfer, the party of everything else.

    ``before``: the figures before it, the nearest last.
    """
    told = Told(draft.sentence, draft.quantity, draft.role.cue, ctx)
    if draft.role.transfer and _is_transfer(told, draft):
        _fill_transfer(told, draft, before)
    else:
        _fill_owner(told, draft)


def _fill_transfer(told: Told, draft: Draft, before: Sequence[Draft]) -> None:
    ctx = told.ctx
    donor = _donor(told, draft, before)
    recipient = recipient_of(told, donor.code)
    if recipient.weight == 0:
        usual = ctx.recipient if _at_hand(ctx, draft.block, draft.sentence) else None
        recipient = Party(usual, "the frame")
    draft.donor, draft.recipient = donor.code, recipient.code
    if draft.donor == draft.recipient:  # nobody gives to itself
        draft.recipient = None if _gives(told) else ctx.recipient
        draft.donor = None if draft.donor == draft.recipient else draft.donor
    if draft.item is None and draft.quantity.dimension == "money":
        draft.item = "aid"
    draft.because("donor", "nearest actor", donor.cue)
    draft.because("recipient", "nearest actor", recipient.cue)


def _donor(told: Told, draft: Draft, before: Sequence[Draft]) -> Party:
    """Who gives, by the sentence, else by its list, the record, the text before or the frame."""
    ctx, found = told.ctx, donor_of(told)
    if ctx.is_record:
        said = found.weight >= _SURE and found.code not in bodies("forum")
        return found if said else Party(ctx.record[0], "the record")
    if found.weight < _SURE and before and _in_one_list(draft, before[-1]):
        return Party(before[-1].donor, "as before in the list")
    if found.weight:
        return found
    known = (d for d in reversed(before) if d.donor and distance(d, draft) <= 2)
    last = next(known, None)
    return Party(last.donor, "named before") if last else Party(ctx.donor, "the frame")


def _in_one_list(draft: Draft, last: Draft) -> bool:
    """Whether a figure follows another given thing in its sentence, under no verb of its own."""
    beside = last.sentence is draft.sentence and last.role.transfer and last.item is not None
    return beside and draft.role.cue in (None, last.role.cue)


def _fill_owner(told: Told, draft: Draft) -> None:
    role = draft.role
    draft.role = replace(role, transfer=False)
    far = role.cue is None or role.cost > _FAR
    if role.transfer and draft.quantity.dimension == "money" and far:
        draft.status = None
    earlier = told.ctx.before(draft.block, draft.sentence.number)
    downed = role.cue is not None and role.cue.meaning.name == "destroyed"
    status = "destroyed" if downed else draft.status  # also of the salvo that was shot at
    party = party_of(told, draft.named, status, earlier)
    draft.party = party.code
    draft.because("party", "nearest actor", party.cue)


def _is_transfer(told: Told, draft: Draft) -> bool:
    """Whether a figure with a verb of giving goes from one state to another."""
    named, ctx = draft.named, told.ctx
    if named.purpose is not None and not named.purpose.transfer:
        return False
    if ctx.is_record:
        return True
    money = draft.quantity.dimension == "money"
    if recipient_of(told, None).weight >= _SURE:
        return (
            not money or named.purpose is not None or (named.item is None and _gives(told, _GRANTS))
        )
    aid = named.purpose if money else named.entry
    known = aid is not None and (money or is_materiel(named))
    given = _gives(told, _GIFTS if money else _GRANTS)
    return known and (given or _at_hand(ctx, draft.block, draft.sentence))


def _gives(told: Told, verbs: tuple[str, ...] = _GIFTS) -> bool:
    """Whether somebody is the subject of a verb of giving: "Norway sent 8 tanks", to whomever."""
    cue = told.cue
    return (
        cue is not None
        and cue.tense != "noun"
        and cue.meaning.name in verbs
        and donor_of(told).weight >= _SUBJECT
    )


def _at_hand(ctx: Context, block: int, sentence: Sentence) -> bool:
    """Whether the text names its usual recipient around a sentence, which need not do so then."""
    if ctx.is_record:
        return True
    if ctx.recipient is None:
        return False
    titled = ctx.title is not None and any(m.code == ctx.recipient for m in ctx.title.actors)
    return titled or any(
        m.code == ctx.recipient
        for s in ctx.around(block, sentence.number, _AT_HAND)
        for m in s.actors
    )

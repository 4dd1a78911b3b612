"""What each quantity of a sentence means: the steps that fill a draft, one field after another."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from extractors.links.same_as import converts
from extractors.meaning.draft import NOTHING, Draft, Role
from extractors.meaning.sides import invaders
from extractors.meaning.speech import attribution_of, certainty_of
from extractors.mentions.kinds import demonyms, is_person
from extractors.mentions.named import Named
from extractors.names.counted import name_count
from extractors.names.measured import name_measure
from extractors.names.paid_for import name_money
from extractors.names.share_of import name_share
from extractors.numbers.qualifiers import qualify
from extractors.numbers.quantity import Quantity
from extractors.passage.context import Context
from extractors.passage.distance import noun_end
from extractors.passage.sentence import Sentence
from extractors.rules.basis import basis_of
from extractors.rules.giving import fill_parties
from extractors.rules.lists import (
    as_in_list,
    as_in_record,
    as_introduced,
    as_valued,
    in_row,
    is_contents,
    is_introduced,
    is_listed,
)
from extractors.rules.running_totals import as_in_tally
from extractors.rules.status import choose
from extractors.rules.timing import date_of, since_of
from extractors.text.words import noun_list

_NEAR = 8  # figures before its sentence, to which a bare number may refer
# The same with those of its own sentence. No sentence of prose holds half as many; a list without a
# full stop may, and each of its figures would ask all before it.
_NEAR_IN_SENTENCE = 64
_PEOPLE = "<people>"  # the rule by which a people's name is an item
_FALLEN = ("killed", "wounded", "casualties", "captured")


def draft_sentence(ctx: Context, k: int, number: int, drafts: list[Draft]) -> list[Draft]:
    """The figures of sentence ``number`` of paragraph ``k``.

    ``drafts``: the figures before it, for what they leave to infer.
    """
    sentence = ctx.sentence(k, number)
    told = drafts[-_NEAR:]
    money = [d for d in told if d.quantity.dimension == "money"]
    sentence.head = ctx.head_above(k, number)
    sentence.earlier = [d.quantity for d in money if d.block == k]
    sentence.currencies = tuple(d.quantity.unit for d in reversed(money))
    before = deque(told, maxlen=_NEAR_IN_SENTENCE)
    out: list[Draft] = []
    for quantity in sentence.quantities:
        out.append(_draft(ctx, k, sentence, quantity, tuple(before)))
        before.append(out[-1])
    return out


def _draft(
    ctx: Context, k: int, sentence: Sentence, quantity: Quantity, before: Sequence[Draft]
) -> Draft:
    qualified = qualify(sentence.tokens, quantity, noun_end(quantity))
    named = _name(ctx, k, sentence, quantity, before)
    if quantity.dimension == "time":
        return Draft(k, sentence, quantity, qualified, named, NOTHING)
    given = (
        _given(ctx, quantity, named)
        or is_contents(k, sentence, quantity, named, before)
        or is_introduced(ctx, k, sentence, quantity, named)
    )
    role = choose(sentence, quantity, named, given)
    role = in_row(role, sentence, quantity, named, before)
    draft = Draft(k, sentence, quantity, qualified, named, role, status=role.status)
    draft.item = _item(draft)
    draft.listed = is_listed(sentence)
    draft.because("item", named.rule, named.words or "")
    draft.because("status", "nearest cue", role.words)
    fill_parties(ctx, draft, before)
    _fill_basis(ctx, draft, role, before)
    _fill_date_and_speech(ctx, draft)
    return draft


def _fill_basis(ctx: Context, draft: Draft, role: Role, before: Sequence[Draft]) -> None:
    """Basis and start, by the sentence, then by the list or the record the figure stands in.

    ``role``: as the cue says, also where nobody receives what is given.
    """
    sentence, quantity = draft.sentence, draft.quantity
    draft.since, cue = (None, "") if quantity.per else since_of(sentence, quantity, ctx)
    draft.because("since", "since <date>", cue)
    draft.basis, cue = basis_of(sentence, quantity, draft.named, role, draft.since, ctx.is_record)
    draft.because("basis", "nearest cue", cue)
    as_in_list(draft, before)
    as_in_tally(draft, before)
    if role.transfer:
        as_introduced(ctx, draft)
    if ctx.is_record:
        as_in_record(draft, before)
    as_valued(draft, before)
    if before and quantity.dimension == "money" and converts(before[-1], draft):
        draft.basis, draft.since = before[-1].basis, before[-1].since
    if draft.basis != "total":
        draft.since = None


def _fill_date_and_speech(ctx: Context, draft: Draft) -> None:
    cue_of = draft.role.cue
    ahead = cue_of is not None and cue_of.tense == "future"
    draft.date, cue = date_of(draft.sentence, draft.quantity, ctx, ahead)
    draft.because("date", "nearest date", cue)
    draft.attribution = attribution_of(draft.sentence)
    draft.because("attribution", "who says it", draft.attribution or "")
    draft.certainty, cue = certainty_of(draft.sentence, draft.quantity)
    draft.because("certainty", "nearest word", cue)


def _item(draft: Draft) -> str | None:
    """The item by its name; the dead of a people are soldiers or persons ("40 *Russians* died")."""
    named, quantity = draft.named, draft.quantity
    if draft.status is None or not (named.rule == _PEOPLE or named.item in demonyms()):
        return "person" if named.item in noun_list("persons") else named.item
    codes = [m.code for m in draft.sentence.actors.within(quantity.first, quantity.after)]
    soldiers = draft.status in _FALLEN and codes and codes[-1] in invaders()
    return "soldier" if soldiers else "person"


def _name(
    ctx: Context, k: int, sentence: Sentence, quantity: Quantity, before: Sequence[Draft]
) -> Named:
    """What a quantity counts, measures or pays for."""
    if quantity.dimension == "money":
        amounts = [d.named for d in before if d.quantity.dimension == "money" and d.block >= k - 2]
        return name_money(
            sentence, quantity, ctx.record[1], amounts, tuple(ctx.before(k, sentence.number, 2))
        )
    if quantity.dimension == "count":
        earlier = ctx.before(k, sentence.number)
        counted = [*_names(before, "percent"), *_names(before, "count")]  # counts are nearer
        return name_count(sentence, quantity, counted, earlier, ctx.around(k, sentence.number))
    if quantity.dimension == "percent":
        names = _names(before, "count", "percent", "mass", "volume", "power")
        return name_share(sentence, quantity, names, _names(before, "percent"))
    if quantity.dimension == "time":
        return Named(None, None)
    return name_measure(sentence, quantity, _names(before, quantity.dimension))


def _names(before: Sequence[Draft], *dimensions: str) -> list[Named]:
    """The items of the figures before of these dimensions."""
    return [d.named for d in before if d.quantity.dimension in dimensions]


def _given(ctx: Context, quantity: Quantity, named: Named) -> bool:
    """Whether a figure is aid even where no verb says so: by the frame, or by what it is for."""
    if quantity.dimension == "money":
        return ctx.is_record or (named.purpose is not None and named.purpose.transfer)
    person = is_person(named.item, named.entry)
    return ctx.is_record and not person and quantity.dimension != "percent"

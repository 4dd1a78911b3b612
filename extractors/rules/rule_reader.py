"""Today's reader of meaning: rules that weigh the words beside a figure, in the order of the text.

Each rule hands back what it finds; of two that speak of one field the later one overrules.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.links.includes import includes
from extractors.links.inheritance import inherit, parted, repeated
from extractors.links.part_of import part_of
from extractors.links.same_as import converts, same_as
from extractors.meaning.choice import Choice
from extractors.meaning.draft import NOTHING, Draft, Role
from extractors.meaning.reader import Answers
from extractors.meaning.sides import invaders
from extractors.meaning.situation import Situation
from extractors.meaning.speech import attribution_of, certainty_of
from extractors.mentions.kinds import demonyms, is_person
from extractors.mentions.named import OF_PEOPLE
from extractors.mentions.origin import Origin
from extractors.passage.found import before_each
from extractors.rules.basis import basis_of
from extractors.rules.giving import sides_of
from extractors.rules.lists import (
    as_in_list,
    as_in_record,
    as_introduced,
    as_valued,
    in_row,
    is_contents,
    is_introduced,
    is_listed,
    lead_in,
)
from extractors.rules.running_totals import as_in_tally
from extractors.rules.status import choose
from extractors.rules.timing import date_of, since_of
from extractors.text.words import noun_list

_CUE = "nearest cue"
_FALLEN = ("killed", "wounded", "casualties", "captured")


class RuleReader:
    """The reader of rules; it reads a whole document, each figure after those before it."""

    name = "rules"

    def read(self, passage: Sequence[Situation]) -> Answers:
        """See :class:`extractors.meaning.reader.MeaningReader`."""
        drafts: list[Draft] = []
        for situation, near in zip(passage, before_each(passage), strict=True):
            drafts.append(_drafted(situation, drafts[near]))
        same = same_as(drafts)
        told = repeated(drafts, same)  # parts are sought in what the repeats have told
        parts = part_of(told, {link.source: link.target for link in same})
        links = (*same, *parts, *includes(parted(told, parts)))
        return Answers(tuple(inherit(drafts, links)), links)


def _drafted(situation: Situation, before: Sequence[Draft]) -> Draft:
    """A figure with its choices. ``before``: the figures before it, the nearest last."""
    sentence, quantity, named = situation.sentence, situation.quantity, situation.named
    if quantity.dimension == "time":
        return Draft(situation, NOTHING, {})
    led = lead_in(situation)
    as_told = _drafted(led, before) if led is not None else None
    if as_told is not None and as_told.role.status is not None:
        return _as_led(situation, as_told)
    given = _given(situation) or is_contents(situation, before) or is_introduced(situation)
    role = in_row(choose(sentence, quantity, named, given), situation, before)
    status = Choice(role.status, role.words, _CUE)
    item = Choice(_item(situation, role.status), named.words or "", named.rule, named.origin)
    listed = is_listed(sentence)
    named_alone = Draft(situation, role, {"item": item, "status": status}, listed=listed)
    told, sides = sides_of(named_alone, before)
    draft = Draft(situation, told, {**named_alone.choices, **sides}, listed=listed)
    found = _basis(draft, role, before) | _date_and_speech(draft)
    return Draft(situation, told, {**draft.choices, **found}, listed=listed)


def _as_led(situation: Situation, told: Draft) -> Draft:
    """A figure of a list as ``told`` where its introduction ends; its own date counts first."""
    own = date_of(situation.sentence, situation.quantity, situation.ctx, False)
    found = told.choices if own.origin is Origin.PUBLISHED else {**told.choices, "date": own}
    summed = as_introduced(Draft(situation, NOTHING, {}, listed=is_listed(situation.sentence)))
    return Draft(situation, told.role, {**found, **summed}, listed=True)


def _basis(draft: Draft, role: Role, before: Sequence[Draft]) -> dict[str, Choice]:
    """Basis and start, by the sentence, then by the list or the record the figure stands in, which
    may tell its status too.

    ``role``: as the cue says, also where nobody receives what is given.
    """
    sentence, quantity, ctx = draft.sentence, draft.quantity, draft.ctx
    since, cue = (None, "") if quantity.per else since_of(sentence, quantity, ctx)
    basis, words = basis_of(sentence, quantity, draft.named, role, since, ctx.is_record)
    found = {"basis": Choice(basis, words, _CUE), "since": Choice(since, cue, "since <date>")}
    found |= as_in_list(draft, found["basis"], before)
    found |= as_in_tally(draft, found["since"].value, before)
    if role.transfer:
        found |= as_introduced(draft)
    if ctx.is_record:
        found |= as_in_record(draft, before)
    found |= as_valued(draft, before)
    if before and quantity.dimension == "money" and converts(before[-1], draft):
        found |= {name: before[-1].choice(name) for name in ("basis", "since")}
    if found["basis"].value != "total":
        found["since"] = found["since"].but(None)
    return found


def _date_and_speech(draft: Draft) -> dict[str, Choice]:
    cue_of = draft.role.cue
    ahead = cue_of is not None and cue_of.tense == "future"
    said = attribution_of(draft.sentence)
    certainty, cue = certainty_of(draft.sentence, draft.quantity)
    return {
        "date": date_of(draft.sentence, draft.quantity, draft.ctx, ahead),
        "attribution": Choice(said, said or "", "who says it"),
        "certainty": Choice(certainty, cue, "nearest word"),
    }


def _item(situation: Situation, status: str | None) -> str | None:
    """The item by its name; the dead of a people are soldiers or persons ("40 *Russians* died")."""
    named, quantity = situation.named, situation.quantity
    if status is None or not (named.rule == OF_PEOPLE or named.item in demonyms()):
        return "person" if named.item in noun_list("persons") else named.item
    codes = [m.code for m in situation.sentence.actors.within(quantity.first, quantity.after)]
    soldiers = status in _FALLEN and codes and codes[-1] in invaders()
    return "soldier" if soldiers else "person"


def _given(situation: Situation) -> bool:
    """Whether a figure is aid even where no verb says so: by the frame, or by what it is for."""
    named, dimension = situation.named, situation.quantity.dimension
    if dimension == "money":
        purpose = named.purpose
        return situation.ctx.is_record or (purpose is not None and purpose.transfer)
    person = is_person(named.item, named.entry)
    return situation.ctx.is_record and not person and dimension != "percent"

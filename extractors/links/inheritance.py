"""What a part and a repeat take from their wholes, once it is known who belongs to whom."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.links.pairs import distance
from extractors.meaning.choice import Link
from extractors.meaning.draft import Draft
from extractors.mentions.kinds import is_person
from extractors.mentions.origin import Origin
from extractors.passage.phrases import fresh, left_over
from extractors.text.words import word_set

_AGAIN = word_set("giving", "again")
_NEAR = 8  # a verb this near is a figure's own
_FAR = 10
_SMALL = 10  # smaller counts meet by chance
_BESIDE = 2  # sentences between two statements of which one tells the other's story
_OWN_STATUS = 6  # a part keeps its status only where its verb is nearer still
_SIDES = ("donor", "recipient", "party")


def inherit(drafts: Sequence[Draft], links: Sequence[Link]) -> list[Draft]:
    """Let repeats, parts and totals take what they lack from the figures that they belong to."""
    told = parted(repeated(drafts, links), links)
    for link in links:
        if link.kind == "includes" and told[link.source].role.cue is None:
            status = told[link.target].status
            told[link.source] = told[link.source].revised({"status": status}, Origin.PART)
    return told


def repeated(drafts: Sequence[Draft], links: Sequence[Link]) -> list[Draft]:
    """A fact stated twice is one: each statement takes from the other what only that one says."""
    out = list(drafts)
    for link in links:
        if link.kind != "same_as":
            continue
        j, i = link.source, link.target
        again, first = _pointed(out[j], out[i]), out[i]
        telling = distance(first, again) <= _BESIDE and _is_telling(again)
        dated = _is_dated(drafts[j]), _is_dated(drafts[i])  # by words of their own
        again = _completed(again, first, telling, date=dated == (False, True))
        out[i] = _completed(first, again, telling, date=dated == (True, False))
        out[j] = again
    return out


def parted(drafts: Sequence[Draft], links: Sequence[Link]) -> list[Draft]:
    """Parts take from their wholes; a whole takes nothing from its parts."""
    out = list(drafts)
    for link in links:
        if link.kind != "part_of":
            continue
        part, whole = out[link.source], out[link.target]
        if part.quantity.dimension == "percent" or (part.role.transfer and not whole.role.transfer):
            continue
        if not whole.role.transfer:
            out[link.source] = _of_event(part, whole)
        elif part.role.transfer:
            out[link.source] = _of_gift(part, whole, link)
    return out


def _pointed(again: Draft, first: Draft) -> Draft:
    """What a statement that points back, or has no verb of its own, takes from the first one."""
    values: dict[str, str | None] = {}
    if first.status is not None:
        low, at = again.sentence.tokens.low, again.quantity.first
        money = again.quantity.dimension == "money"
        pointed = money and not _AGAIN.isdisjoint(low[max(0, at - 2) : at])
        if pointed:
            values["date"] = first.date
        unsaid = again.role.cue is None or again.role.cost > _NEAR
        if pointed or (unsaid and again.quantity.dimension == first.quantity.dimension):
            values |= {"status": first.status, "basis": first.basis}
    if first.role.transfer and first.recipient is None and _by_frame(again, "recipient"):
        values["recipient"] = None
    return again.revised(values, Origin.REPEAT)


def _is_telling(again: Draft) -> bool:
    """Whether a number is so much its own that two statements of it are surely one fact."""
    quantity = again.quantity
    return quantity.dimension == "money" or (quantity.kind != "vague" and quantity.low >= _SMALL)


def _completed(a: Draft, b: Draft, telling: bool, *, date: bool) -> Draft:
    """A statement of a fact with what only another one says of it.

    ``telling``: they are near enough that one tells the other's story; ``date``: only the other one
    is dated.
    """
    if telling:
        a = _with_story(a, b)
    values: dict[str, str | None] = {"date": b.date} if date else {}
    if a.since is None and a.basis == b.basis == "total":
        values["since"] = b.since
    if _more_exact(b, a):
        values["item"] = b.item
    return a.revised(values, Origin.REPEAT)


def _with_story(a: Draft, b: Draft) -> Draft:
    """A statement that tells nothing but the number ("*$15 billion for Kyiv*", a headline) has the
    status, the parties and the basis of the one that does."""
    alike = a.quantity.dimension == b.quantity.dimension and a.quantity.unit == b.quantity.unit
    if not alike:
        return a
    if a.quantity.dimension == "money" and b.role.transfer and not a.role.transfer:
        sides = {"donor": b.donor, "recipient": b.recipient, "party": None}
        values = {"status": a.status or b.status, **sides}
        a = a.revised(values, Origin.REPEAT, transfer=True)
    if a.status is not None or b.status is None or a.role.cue is not None:
        return a
    story = {name: getattr(b, name) for name in ("status", "basis", "since", *_SIDES)}
    return a.revised(story, Origin.REPEAT, transfer=b.role.transfer)


def _by_frame(draft: Draft, side: str) -> bool:
    """Whether no word of a figure's sentence says who gives or receives it."""
    return draft.choice(side).origin in (Origin.NOBODY, Origin.FRAME)


def _is_dated(draft: Draft) -> bool:
    """Whether the text dates a figure, which else has the day of publication."""
    return draft.choice("date").origin is not Origin.PUBLISHED


def _more_exact(b: Draft, a: Draft) -> bool:
    """Whether one statement names a thing where the other names none, or of an amount a model
    where the other has a kind of thing only."""
    if a.item is None and a.quantity.unit == b.quantity.unit:
        return True
    if a.quantity.dimension != "money":
        return False
    told = b.named.purpose is not None and not b.named.purpose.generic
    if a.item == "aid" and told and (a.named.purpose is None or a.named.purpose.generic):
        return True
    x, y = a.named.entry, b.named.entry
    return x is not None and y is not None and y.designation and not x.designation


def _of_event(part: Draft, whole: Draft) -> Draft:
    """People and things of a whole that nobody gives share its owner and what happened to it."""
    values: dict[str, str | None] = {}
    if part.status is None:
        day = part.basis == "delta"  # "900 men, 30 of them in the last day"
        values = {"status": whole.status, "basis": part.basis if day else whole.basis}
        values["party"] = part.party or whole.party
    if whole.party is not None and is_person(part.item, part.named.entry):
        values["party"] = whole.party
    return part.revised(values, Origin.PART)


def _is_approved(part: Draft) -> bool:
    """Whether a part is approved itself: "cleared the *sale* of 60 missiles for $5 million"."""
    cue = part.role.cue
    return part.status == "authorized" and cue is not None and cue.meaning.of == "approved"


def _of_gift(part: Draft, whole: Draft, link: Link) -> Draft:
    """What a package holds is given as the package is, and by whom it is."""
    values = {"donor": part.donor or whole.donor}
    nearer = (
        whole.role.cost > _FAR and part.role.cost <= _NEAR
    )  # its own verb, where that one's is far
    if (part.role.cost > _OWN_STATUS and not nearer) or link.tells:
        promised = whole.status == "authorized" and part.quantity.dimension == "count"
        promised = promised and not _is_approved(part)
        values |= {"status": "committed" if promised else whole.status, "date": whole.date}
        tokens, quantity = part.sentence.tokens, part.quantity
        if fresh(tokens, quantity) is None and left_over(tokens, quantity) is None:
            values["basis"] = whole.basis
    if _by_frame(part, "recipient"):
        values["recipient"] = whole.recipient
    return part.revised(values, Origin.PART)

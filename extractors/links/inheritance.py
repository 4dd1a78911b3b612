"""What a part and a repeat take from their wholes, once it is known who belongs to whom."""

from __future__ import annotations

from dataclasses import replace

from extractors.links.includes import includes
from extractors.links.pairs import distance
from extractors.links.part_of import part_of
from extractors.links.same_as import same_as
from extractors.meaning.draft import Draft
from extractors.mentions.kinds import is_person
from extractors.passage.phrases import fresh, left_over
from extractors.text.words import word_set

_AGAIN = word_set("giving", "again")
_NEAR = 8  # a verb this near is a figure's own
_FAR = 10
_SMALL = 10  # smaller counts meet by chance
_BESIDE = 2  # sentences between two statements of which one tells the other's story
_OWN_STATUS = 6  # a part keeps its status only where its verb is nearer still
_SAYS_SO = "this includes"  # a rule by which a part takes its whole's status in any case


def link_drafts(drafts: list[Draft], *, record: bool) -> None:
    """Find who belongs to whom, and let parts and repeats take from their wholes what they lack."""
    same = {link.source: link.target for link in same_as(drafts)}
    for j, i in same.items():
        drafts[j].reasons["same_as"] = ("the figure again", str(i))
        _take(drafts[j], drafts[i])
    for link in part_of(drafts, same, record):
        drafts[link.source].reasons["part_of"] = (link.rule, str(link.target))
        _take_whole(drafts[link.source], drafts[link.target], link.rule)
    for link in includes(drafts):
        if drafts[link.source].role.cue is None:
            drafts[link.source].status = drafts[link.target].status
        rule, targets = drafts[link.source].reasons.get("includes", (link.rule, ""))
        drafts[link.source].reasons["includes"] = (rule, f"{targets} {link.target}".strip())


def _take(again: Draft, first: Draft) -> None:
    """A fact stated twice is one: each statement takes from the other what only that one says."""
    money = again.quantity.dimension == "money"
    if first.status is not None:
        low, at = again.sentence.tokens.low, again.quantity.first
        pointed = money and not _AGAIN.isdisjoint(low[max(0, at - 2) : at])
        if pointed:
            again.date = first.date
        unsaid = again.role.cue is None or again.role.cost > _NEAR
        if pointed or (unsaid and again.quantity.dimension == first.quantity.dimension):
            again.status, again.basis = first.status, first.basis
    if first.role.transfer and first.recipient is None and _by_frame(again, "recipient"):
        again.recipient = None
    for a, b in ((again, first), (first, again)):
        if distance(first, again) <= _BESIDE and _is_telling(again):
            _take_story(a, b)
        _take_times(a, b)
        if _more_exact(b, a):
            a.item = b.item


def _is_telling(again: Draft) -> bool:
    """Whether a number is so much its own that two statements of it are surely one fact."""
    quantity = again.quantity
    return quantity.dimension == "money" or (quantity.kind != "vague" and quantity.low >= _SMALL)


def _take_story(a: Draft, b: Draft) -> None:
    """A statement that tells nothing but the number ("*$15 billion for Kyiv*", a headline) has the
    status, the parties and the basis of the one that does."""
    alike = a.quantity.dimension == b.quantity.dimension and a.quantity.unit == b.quantity.unit
    if alike and a.quantity.dimension == "money" and b.role.transfer and not a.role.transfer:
        a.status = a.status or b.status
        a.donor, a.recipient, a.party = b.donor, b.recipient, None
        a.role = replace(a.role, transfer=True)
    if not alike or a.status is not None or b.status is None or a.role.cue is not None:
        return
    a.status, a.basis, a.since = b.status, b.basis, b.since
    a.donor, a.recipient, a.party = b.donor, b.recipient, b.party
    a.role = replace(a.role, transfer=b.role.transfer)
    a.because("status", "the figure again", b.role.words)


def _by_frame(draft: Draft, side: str) -> bool:
    """Whether no word of a figure's sentence says who gives or receives it."""
    return draft.reasons.get(side, ("", ""))[1] in ("", "the frame")


def _take_times(a: Draft, b: Draft) -> None:
    """A statement without a date or a start takes the other's."""
    if _undated(a) and not _undated(b):
        a.date = b.date
    if a.since is None and a.basis == b.basis == "total":
        a.since = b.since


def _undated(draft: Draft) -> bool:
    """Whether a figure has the day of publication only."""
    return draft.reasons.get("date", ("", ""))[1] == "published"


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


def _take_whole(part: Draft, whole: Draft, rule: str) -> None:
    """The contents of a package share its donor, recipient, status and date."""
    if part.quantity.dimension == "percent":
        return
    if not whole.role.transfer:
        if not part.role.transfer:
            _take_event(part, whole)
    elif part.role.transfer:
        _take_gift(part, whole, rule)


def _take_event(part: Draft, whole: Draft) -> None:
    """People and things of a whole that nobody gives share its owner and what happened to it."""
    if part.status is None:
        day = part.basis == "delta"  # "900 men, 30 of them in the last day"
        part.status, part.basis = whole.status, part.basis if day else whole.basis
        part.party = part.party or whole.party
    if whole.party is not None and is_person(part.item, part.named.entry):
        part.party = whole.party


def _is_approved(part: Draft) -> bool:
    """Whether a part is approved itself: "cleared the *sale* of 60 missiles for $5 million"."""
    cue = part.role.cue
    return part.status == "authorized" and cue is not None and cue.meaning.of == "approved"


def _take_gift(part: Draft, whole: Draft, rule: str) -> None:
    """What a package holds is given as the package is, and by whom it is."""
    if whole.role.cost > _FAR and part.role.cost <= _NEAR:
        whole.status = part.status
        whole.basis = part.basis if whole.basis == "delta" else whole.basis
    if part.role.cost > _OWN_STATUS or rule.startswith(_SAYS_SO):
        promised = whole.status == "authorized" and part.quantity.dimension == "count"
        promised = promised and not _is_approved(part)
        part.status, part.date = "committed" if promised else whole.status, whole.date
        tokens, quantity = part.sentence.tokens, part.quantity
        if fresh(tokens, quantity) is None and left_over(tokens, quantity) is None:
            part.basis = whole.basis
    part.donor = part.donor or whole.donor
    if _by_frame(part, "recipient"):
        part.recipient = whole.recipient

"""Figures that state an earlier fact again: "the 24 vehicles", "$2.2bn (£1.83bn)"."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from decimal import Decimal

from extractors.links.pairs import OPEN, items_agree, same_unit
from extractors.meaning.aid import aid_type_of
from extractors.meaning.choice import Link
from extractors.meaning.draft import Draft
from extractors.text.words import word_set

_AGAIN = word_set("same_as", "again")
_POINTING = word_set("same_as", "pointing")
_FRESH = word_set("same_as", "fresh")
_CONVERTED = word_set("same_as", "converted")
_BETWEEN_TWICE = 3  # words between a number and the same one in brackets
_COMPARED = 64  # earlier figures of the same number that a repeat is compared with
_CONVERTIBLE = frozenset(("money", "length", "area", "mass", "volume", "other", "power"))
# One fact may be told with any of these: what was promised is sent later
_ONE_STORY = frozenset(
    ("committed", "delivered", "requested", "mobilized", "deployed", "displaced")
)

_Number = tuple[str, str, str | None, Decimal | None]


def same_as(drafts: Sequence[Draft]) -> list[Link]:
    """Which figures state an earlier fact again, each linked to the first statement of it.

    Only figures of one number are compared, so that the time grows with the text and no faster.
    """
    out: list[Link] = []
    first: dict[int, int] = {}
    alike: defaultdict[_Number, deque[int]] = defaultdict(lambda: deque(maxlen=_COMPARED))
    for j, b in enumerate(drafts):
        candidates = alike[_number(b)]
        found = _converted_at(drafts, j) or _again_at(drafts, j, candidates)
        if found is not None:
            i, rule = found
            first[j] = first.get(i, i)
            out.append(Link("same_as", j, first[j], rule))
        candidates.append(j)
    return out


def _number(draft: Draft) -> _Number:
    """What two statements of one fact have in common; a bound may repeat a range's upper end."""
    q, x = draft.quantity, draft.qualified
    return q.dimension, q.unit, q.per, x.value if x.value is not None else x.high


def _converted_at(drafts: Sequence[Draft], j: int) -> tuple[int, str] | None:
    if j and converts(drafts[j - 1], drafts[j]):
        return j - 1, "<n> (<n>)"
    return None


def _again_at(drafts: Sequence[Draft], j: int, candidates: deque[int]) -> tuple[int, str] | None:
    """The nearest earlier statement of figure j, and the rule that finds it.

    Within one sentence a number is a new one unless a word points back: "*these* 500".
    """
    b = drafts[j]
    if not candidates or _is_fresh(b):
        return None
    pointed = not _POINTING.isdisjoint(_before(b)[-1:])
    for i in reversed(candidates):
        a = drafts[i]
        rule = _same(a, b) if pointed or a.sentence is not b.sentence else None
        if rule is not None:
            return i, rule
    return None


def _same(a: Draft, b: Draft) -> str | None:
    """The rule by which a figure states an earlier one of its unit again, if it does."""
    y = b.quantity
    if not _same_number(a, b):
        return None
    if a.basis != b.basis and "rate" in (a.basis, b.basis):
        return None
    if y.dimension == "money":
        return "the amount again" if _purposes_agree(a, b) else None
    if not items_agree(a, b):
        return None
    if y.dimension != "count":
        return "the measure again"
    return "the count again" if _one_story(a, b) else None


def _same_number(a: Draft, b: Draft) -> bool:
    """Whether two figures state one number; a range and a bound agree where they share an end."""
    x, y = a.qualified, b.qualified
    if x.value is not None and y.value is not None:
        return x.value == y.value and a.quantity.kind == b.quantity.kind
    if x.value is None and y.value is None:
        return (x.low, x.high) == (y.low, y.high)
    single, ends = (x, y) if x.value is not None else (y, x)
    return single.qualifier in ("at_most", "less_than") and single.value == ends.high


def announced_again(drafts: Sequence[Draft], links: Sequence[Link]) -> list[Link]:
    """Amounts of aid that another sentence of a text tells once more, alike in all that is said of
    them, beyond ``links``. What both call new ("another $1 billion") is new to what was given
    before; what only the later one does is new to the text."""
    bound = {link.source for link in links if link.kind in ("same_as", "part_of")}
    wholes = {link.target for link in links if link.kind == "part_of"}
    first: dict[tuple[object, ...], int] = {}
    out: list[Link] = []
    for j, b in enumerate(drafts):
        if j and j not in bound and said_twice(drafts[j - 1], b):
            out.append(Link("same_as", j, j - 1, "<n> (<n>)"))
            continue
        told = (b.donor, b.recipient, b.status, b.basis, b.date, aid_type_of(b))
        if b.quantity.dimension != "money" or b.listed or j in bound or None in told:
            continue
        i = first.setdefault((*_number(b), b.qualified.qualifier, *told), j)
        a = drafts[i]
        apart = i != j and a.sentence is not b.sentence and not {i, j} <= wholes
        if apart and (not _is_fresh(b) or _is_fresh(a)):
            out.append(Link("same_as", j, i, "the amount announced again"))
    return out


def said_twice(a: Draft, b: Draft) -> bool:
    """``EUR 5,000,000 (five million euros)``: one amount in digits and in words."""
    if a.sentence is not b.sentence or _number(a) != _number(b):
        return False
    between = a.sentence.tokens.low[a.quantity.last : b.quantity.first]
    return "(" in between and len(between) <= _BETWEEN_TWICE


def without_other_numbers(drafts: Sequence[Draft], links: Iterable[Link]) -> list[Link]:
    """The links but those from a figure to one that it cannot say again: another number of its
    unit, where both are told ("$85 billion" is not "$50 billion")."""
    return [
        link
        for link in links
        if link.kind != "same_as" or not _differ(drafts[link.source], drafts[link.target])
    ]


def _differ(a: Draft, b: Draft) -> bool:
    if not same_unit(a, b) or {a.qualified.qualifier, b.qualified.qualifier} & {*OPEN}:
        return False
    x, y = a.quantity, b.quantity
    return x.per == y.per and (x.high < y.low or y.high < x.low)


def _is_fresh(draft: Draft) -> bool:
    """Whether the words beside a figure set it apart from any told before: "*another* 500"."""
    tokens, quantity, before = draft.sentence.tokens, draft.quantity, _before(draft)
    beside = (*before, tokens.at(quantity.after), tokens.at(quantity.last))
    return not _FRESH.isdisjoint(beside) and _AGAIN.isdisjoint(before)


def _before(draft: Draft) -> tuple[str, ...]:
    """The words right before a figure."""
    first = draft.quantity.first
    return draft.sentence.tokens.low[max(0, first - 3) : first]


def converts(a: Draft, b: Draft) -> bool:
    """``$2.2bn (£1.83bn)``, ``600 miles (1,000 km)``: the same amount in another unit."""
    x, y = a.quantity, b.quantity
    if x.dimension != y.dimension or x.dimension not in _CONVERTIBLE:
        return False
    if a.sentence is not b.sentence or x.unit == y.unit:
        return False
    low = a.sentence.tokens.low
    between = low[x.last : y.first]
    if "(" in between and len(between) <= 5 and ")" in low[y.last : y.last + 3]:
        return True
    return len(between) in (2, 3) and between[0] == "," and between[1] in _CONVERTED


def _purposes_agree(a: Draft, b: Draft) -> bool:
    """Whether two amounts can be for one purpose: one, one kind of aid, or not told."""
    x, y = a.named.purpose, b.named.purpose
    if x is None or y is None or x.generic or y.generic:
        return True
    return x.name == y.name or x.aid_type == y.aid_type


def _one_story(a: Draft, b: Draft) -> bool:
    """Whether one thing can have happened to what two figures count."""
    statuses = {a.status, b.status}
    return len(statuses) == 1 or None in statuses or statuses <= _ONE_STORY

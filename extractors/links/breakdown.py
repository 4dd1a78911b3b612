"""A whole and the pieces that it is broken into, in any wording: "€500 million: €300 million for
shells, €200 million for food"; "30 lorries and 20 jeeps, 50 vehicles in all".

What a text breaks down adds up. Pieces that come to their whole exactly need no more than to stand
by it; pieces that do not reach it need words that break it down, and never exceed it. A toll that
leads a report is the sum of what it tells one by one, as far off as that may stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import pairwise

from extractors.links.pairs import OPEN, distance, items_agree, more, number_of, same_unit
from extractors.links.same_as import said_twice
from extractors.meaning.choice import Link
from extractors.meaning.draft import Draft
from extractors.meaning.parties import bodies
from extractors.text.once import once
from extractors.text.tokens import Tokens
from extractors.text.words import phrases, word_set

_PIECES = 12  # figures of a breakdown that are looked at on either side of its whole
_NEAR = 2  # sentences from a whole to the last of its pieces that come to it
_BEHIND = 3  # sentences from the first of some amounts to their sum
_TELLING = 3  # digits of a number to which others come by no chance
_FAR_BEYOND = Decimal("1.25")  # times a whole that its parts cannot be together
_CALLED = 6  # words beside amounts that may call them parts
_GIVEN_ALIKE = ("donor", "recipient", "status")
# By status the share of an amount from which on others behind it, given alike, are its parts. Of
# such amounts in coded passages 34 of 39 that are asked for are parts, from nine tenths on 80 of 89
# that are promised and all 5 that are given; of what is authorized too few (38 of 52) to say so.
_SHARED_OUT = {
    "requested": Decimal("0.5"),
    "committed": Decimal("0.9"),
    "delivered": Decimal("0.9"),
}
_CALLS = word_set("part_of", "calls") | word_set("part_of", "including")
_TOLLS = ("killed", "wounded", "casualties", "missing", "captured", "destroyed", "damaged", "lost")
_ONE_BY_ONE = 3  # so many events that come to a toll do so by no chance
_STORY = 24  # figures of a report that are looked at behind its toll
_SUMS = phrases("part_of", "sums")
_COMPARES = phrases("part_of", "compares")
_COMPARING = frozenset(words[0] for words in _COMPARES)
_OPEN_SUMS = frozenset(words[0] for words in _SUMS)
_OPENERS = frozenset((":", "\u2014", "\u2013", "("))
_SPLITS = word_set("part_of", "breaks_down")
_OPENS = phrases("part_of", "opens_breakdown")
_FRESH = word_set("same_as", "fresh")


def breakdowns(drafts: Sequence[Draft], links: Sequence[Link]) -> list[Link]:
    """The links from pieces to the wholes that texts break down into them, beyond ``links``: none
    of a figure that is a part or a repetition already."""
    again = {link.source for link in links if link.kind == "same_as"}
    parts: defaultdict[int, list[int]] = defaultdict(list)
    for link in links:
        if link.kind == "part_of":
            parts[link.target].append(link.source)
    bound = again.union(*parts.values())
    out: list[Link] = []
    for i, whole in enumerate(drafts):
        if i not in again and _can_be_whole(whole):
            pieces, rule = _pieces(drafts, i, bound, parts[i])
            out += [Link("part_of", j, i, rule) for j in pieces]
            bound |= set(pieces)
    return out


def shared_out(drafts: Sequence[Draft], links: Sequence[Link]) -> list[Link]:
    """The links from amounts to one before them that they nearly come to, of one giver, receiver
    and status, beyond ``links``: what a request of $33 billion asks for one by one."""
    whole_of = {link.source: link.target for link in links if link.kind == "part_of"}
    again = {link.source for link in links if link.kind == "same_as"}
    out: list[Link] = []
    for i, whole in enumerate(drafts):
        least = _SHARED_OUT.get(whole.status or "")
        single = i not in again and i not in whole_of and whole.basis in ("delta", "total")
        if least is None or not single or whole.quantity.dimension != "money":
            continue
        pieces = _shares(drafts, i, again, whole_of)
        together = sum((number_of(drafts[j]) for j in pieces), Decimal(0))
        if len(pieces) > 1 and together >= least * number_of(whole):
            new = [j for j in pieces if j not in whole_of]
            out += [Link("part_of", j, i, "<n> ... <n> ... <n>") for j in new]
            whole_of |= dict.fromkeys(new, i)
    return out


def _shares(
    drafts: Sequence[Draft], i: int, again: set[int], whole_of: Mapping[int, int]
) -> list[int]:
    """The amounts behind figure i that are given alike, as long as they come to no more than it."""
    whole, found, left = drafts[i], list[int](), number_of(drafts[i])
    for j in range(i + 1, min(i + 1 + _STORY, len(drafts))):
        piece = drafts[j]
        alike = all(getattr(piece, name) == getattr(whole, name) for name in _GIVEN_ALIKE)
        if not alike or piece.basis != "delta" or not same_unit(whole, piece):
            continue
        if j in again or whole_of.get(j, i) != i:
            continue
        left -= number_of(piece)
        if left < 0 or not more(whole, piece):
            break
        found.append(j)
    return found


def summed_up(drafts: Sequence[Draft], links: Sequence[Link]) -> list[Link]:
    """The links from amounts to the sum of them that a sentence behind theirs tells, whatever
    ``links`` make of them: an amount that adds to another is no part of it."""
    again = {link.source for link in links if link.kind == "same_as"}
    whole_of = {link.source: link.target for link in links if link.kind == "part_of"}
    return [
        Link("part_of", j, i, "<n>. <n>. <n> + <n>")
        for i, total in enumerate(drafts)
        if i not in again and total.quantity.dimension == "money" and _can_be_whole(total)
        for j in _summed(drafts, i, again, whole_of)
    ]


def without_larger(drafts: Sequence[Draft], links: Iterable[Link]) -> list[Link]:
    """The links but those from a part to what cannot be its whole: less than it (3 people hold no
    4), itself, said twice, or what it is compared with."""
    return [
        link
        for link in links
        if link.kind != "part_of" or _can_hold(drafts[link.target], drafts[link.source])
    ]


def without_other_givers(drafts: Sequence[Draft], links: Iterable[Link]) -> list[Link]:
    """The links but those from a part to what another gives alone, where the two givers are surer
    than the link: no coded part has another giver than a whole of one giver."""
    return [
        link
        for link in links
        if link.kind != "part_of"
        or _given_apart(drafts[link.target], drafts[link.source]) <= (link.probability or 1)
    ]


def _given_apart(whole: Draft, part: Draft) -> float:
    """The chance that a part and a whole are given by two who give alone; 0 where none are told."""
    one, other = _givers(whole), _givers(part)
    if not one or not other or one & other or (one | other) & _joint():
        return 0.0
    sure = [draft.choice("donor").probability for draft in (whole, part)]
    return (sure[0] or 0.0) * (sure[1] or 0.0)


@cache
def _joint() -> frozenset[str]:
    """The bodies whose gifts are those of their members."""
    return bodies("forum", "union")


def _can_hold(whole: Draft, part: Draft) -> bool:
    first, second = sorted((whole, part), key=lambda one: one.quantity.first)
    least = not same_unit(whole, part) or part.quantity.low <= whole.quantity.high
    can = least or whole.qualified.qualifier in OPEN
    return can and not said_twice(first, second) and not _compared(whole, part)


def _compared(one: Draft, other: Draft) -> bool:
    """Whether words between two figures compare them: "€8 billion, *compared with* €6 billion"."""
    if one.sentence is not other.sentence:
        return False
    first, second = sorted((one.quantity, other.quantity), key=lambda q: q.first)
    tokens = one.sentence.tokens
    return any(
        tokens.follows(k, words)
        for k in tokens.places(_COMPARING)
        if first.last <= k < second.first
        for words in _COMPARES
    )


def without_overflowing(drafts: Sequence[Draft], links: Sequence[Link]) -> list[Link]:
    """The links but those that make amounts parts of one in their sentence that they far exceed
    together, where no word calls them its parts: "€500m, then Sweden €400m and Denmark €300m"."""
    parts: defaultdict[int, list[int]] = defaultdict(list)
    for link in links:
        whole, part = drafts[link.target], drafts[link.source]
        beside = whole.sentence is part.sentence and same_unit(whole, part)
        if link.kind == "part_of" and beside and part.quantity.dimension == "money":
            parts[link.target].append(link.source)
    none = {j for i, found in parts.items() if _exceed(drafts, i, found) for j in found}
    return [link for link in links if link.kind != "part_of" or link.source not in none]


def _exceed(drafts: Sequence[Draft], i: int, parts: Sequence[int]) -> bool:
    """Whether the parts of figure i cannot be its parts: far more together, and not called so."""
    whole = drafts[i]
    together = sum((number_of(drafts[j]) for j in parts), Decimal(0))
    if len(parts) < 2 or whole.qualified.qualifier in OPEN:
        return False
    places = [drafts[j].quantity for j in (i, *parts)]
    first, last = min(q.first for q in places), max(q.after for q in places)
    told = whole.sentence.tokens.low[max(0, first - _CALLED) : last + _CALLED]
    return together > number_of(whole) * _FAR_BEYOND and (_OPENERS | _CALLS).isdisjoint(told)


def _summed(
    drafts: Sequence[Draft], i: int, again: set[int], whole_of: Mapping[int, int]
) -> list[int]:
    """The amounts before figure i that come to it, the last ones, at least two."""
    total, left, found = drafts[i], number_of(drafts[i]), list[int]()
    if len(left.normalize().as_tuple().digits) < _TELLING and not _says_sum(total):
        return []
    for j in range(i - 1, max(-1, i - 1 - _PIECES), -1):
        piece = drafts[j]
        if distance(piece, total) > _BEHIND or left <= 0:
            break
        if j in again or not same_unit(piece, total) or whole_of.get(j, i) > i:
            continue
        if piece.basis == "rate" or piece.quantity.per != total.quantity.per:
            continue
        left -= number_of(piece)
        found.append(j)
    whole = not left and len(found) > 1 and _is_of_them(total, [drafts[j] for j in found])
    return found if whole else []


def _says_sum(total: Draft) -> bool:
    """Whether the words before an amount say that it adds up what was told."""
    return _first_sum(total.sentence.tokens) < total.quantity.first


@once
def _first_sum(tokens: Tokens) -> int:
    """Where the first words that sum up stand, else behind all."""
    for k in tokens.places(_OPEN_SUMS):
        if any(tokens.follows(k, words) for words in _SUMS):
            return k
    return len(tokens)


def _is_of_them(total: Draft, pieces: Sequence[Draft]) -> bool:
    """Whether an amount can be the sum of others by who gives it: one of those who give them, or
    several together."""
    givers = _givers(total)
    theirs = frozenset[str]().union(*map(_givers, pieces))
    return not givers or not theirs or not givers.isdisjoint(theirs) or givers <= _joint()


def _givers(draft: Draft) -> frozenset[str]:
    return frozenset(draft.donor.split("+")) if draft.donor else frozenset()


def _can_be_whole(draft: Draft) -> bool:
    return draft.quantity.dimension in ("money", "count") and draft.basis != "rate"


def _pieces(
    drafts: Sequence[Draft], i: int, bound: set[int], parts: Sequence[int]
) -> tuple[list[int], str]:
    """The figures that figure i is broken into beside its known ``parts``, with the pattern that
    tells it."""
    behind = [j for j in range(i + 1, min(i + 1 + _PIECES, len(drafts))) if j not in bound]
    before = [
        j
        for j in range(i - 1, max(-1, i - 1 - _PIECES), -1)
        if j not in bound and drafts[j].sentence is drafts[i].sentence
    ]
    known = [number_of(drafts[j]) for j in parts if same_unit(drafts[i], drafts[j])]
    for row in (behind, before):
        found = _adding_up(drafts, i, list(_alike(drafts, i, row)), known)
        if found:
            return found, "<n>, <n> + <n>"
    found = _one_by_one(drafts, i, bound.difference(parts))
    if found and set(parts) <= set(found):
        return [j for j in found if j not in parts], "<n> in all"
    told = [j for j in _alike(drafts, i, behind) if _is_broken_down(drafts[i], drafts[j])]
    total = sum((number_of(drafts[j]) for j in told), sum(known, Decimal(0)))
    return (told, "<n>: <n>, <n>") if total <= number_of(drafts[i]) else ([], "")


def _alike(drafts: Sequence[Draft], i: int, row: Sequence[int]) -> Iterator[int]:
    """Those of a row that can be pieces of figure i, up to the first that is as much or more."""
    whole = drafts[i]
    for j in row:
        piece = drafts[j]
        if distance(*(piece, whole) if j < i else (whole, piece)) > _NEAR:
            return
        if not same_unit(whole, piece):
            continue
        if not more(whole, piece):
            return
        if piece.basis != "rate" and piece.quantity.per == whole.quantity.per:
            yield j


def _adding_up(
    drafts: Sequence[Draft], i: int, row: Sequence[int], known: Sequence[Decimal]
) -> list[int]:
    """The first figures of a row that come to figure i exactly with its ``known`` parts, at least
    two of them in all."""
    whole, total = drafts[i], sum(known, Decimal(0))
    for n, j in enumerate(row, 1):
        total += number_of(drafts[j])
        if total > number_of(whole):
            return []
        if total == number_of(whole) and n + len(known) > 1:
            found = list(row[:n])
            return found if all(_is_piece(drafts, i, k) for k in found) else []
    return []


def _one_by_one(drafts: Sequence[Draft], i: int, bound: set[int]) -> list[int]:
    """The events behind a toll, wherever they stand, that come to it exactly: the first ones told
    of what happened so to its kind on its day."""
    toll, found = drafts[i], list[int]()
    if toll.basis != "delta" or toll.status not in _TOLLS or toll.quantity.dimension != "count":
        return []
    left = number_of(toll)
    for j in range(i + 1, min(i + 1 + _STORY, len(drafts))):
        event = drafts[j]
        alike = same_unit(toll, event) and items_agree(toll, event) and j not in bound
        if not alike or (event.status, event.basis) != (toll.status, "delta"):
            continue
        if event.date != toll.date:
            continue
        left -= number_of(event)
        found.append(j)
        if left <= 0:
            break
    return found if not left and len(found) >= _ONE_BY_ONE else []


def _is_piece(drafts: Sequence[Draft], i: int, j: int) -> bool:
    """Whether figure j can be one of what figure i is of: money, or things of its kind; of another
    kind only in a breakdown that the text opens."""
    whole, piece = drafts[i], drafts[j]
    if whole.quantity.dimension == "money":
        return True
    if items_agree(whole, piece) and whole.status == piece.status:
        return True
    return j > i and _is_broken_down(whole, piece)


def _is_broken_down(whole: Draft, piece: Draft) -> bool:
    """Whether the words from a whole to a figure behind it break the whole down into such."""
    tokens, first = piece.sentence.tokens, piece.quantity.first
    low = tokens.low
    if whole.sentence is piece.sentence:
        between = low[whole.quantity.after : first]
        if not _OPENERS.isdisjoint(between):
            return _FRESH.isdisjoint(low[max(0, first - 3) : first + 3])
        return _holds(between)
    if distance(whole, piece) > 1:
        return False
    opened = any(tokens.follows(0, words) for words in _OPENS)
    return opened or (low[:1] in (("the",), ("this",), ("it",)) and _holds(low[:first]))


def _holds(words: Sequence[str]) -> bool:
    """Whether a verb that breaks down stands among words: "consists of", "split into"."""
    return any(
        word in _SPLITS and nxt in ("of", "into", "as", ":") for word, nxt in pairwise(words)
    )

"""Figures of one text that belong together: the same fact again, a part and its whole, a total and
the deltas that it says it takes in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extractors.draft import Draft
from extractors.items import lineage
from extractors.naming import is_person
from extractors.roles import basis_cue
from extractors.tokens import Tokens

_PART_WORDS = frozenset(("including", "includes", "include", "included", "containing", "contains", "comprising", "comprises", "consists",
                         "consisting", "of which", "among", "namely", "plus", "following"))  # fmt: skip
_AGAIN = frozenset(("the", "these", "those", "this", "that"))
_FRESH = frozenset(
    ("additional", "another", "further", "more", "other", "others", "extra", "new", "second")
)
_OPENERS = frozenset((":", "\u2014", "\u2013", "("))
_REACH_WHOLE = 6


@dataclass(frozen=True, slots=True)
class Link:
    """A link from one draft to another, by their places in the list, with its rule."""

    kind: str
    source: int
    target: int
    rule: str


def same_as(drafts: Sequence[Draft]) -> list[Link]:
    """Which figures state an earlier fact again."""
    out: list[Link] = []
    for j, b in enumerate(drafts):
        for i in range(j - 1, -1, -1):
            rule = _same(drafts[i], b, drafts, i, j)
            if rule:
                root = next((x.target for x in out if x.source == i), i)
                out.append(Link("same_as", j, root, rule))
                break
    return out


def _same(a: Draft, b: Draft, drafts: Sequence[Draft], i: int, j: int) -> str | None:
    if a.quantity.dimension != b.quantity.dimension:
        return None
    if _conversion(a, b, i, j):
        return "<n> (<n>)"
    if (
        not _same_number(a, b)
        or a.quantity.unit != b.quantity.unit
        or a.quantity.per != b.quantity.per
    ):
        return None
    tokens = b.sentence.tokens
    before = tokens.low[max(0, b.quantity.first - 3) : b.quantity.first]
    after = (
        tokens.low[b.quantity.after : b.quantity.after + 1]
        + tokens.low[b.quantity.last : b.quantity.last + 1]
    )
    if (any(w in _FRESH for w in before) or any(w in _FRESH for w in after)) and not any(
        w in _AGAIN for w in before
    ):
        return None
    if a.basis != b.basis and "rate" in (a.basis, b.basis):
        return None
    near = a.sentence is b.sentence
    if near and not (before and before[-1] in ("the", "these", "those", "this")):
        return None
    if b.quantity.dimension == "money":
        if a.named.purpose and b.named.purpose and a.named.purpose.name != b.named.purpose.name:
            if not (
                a.named.purpose.generic
                or b.named.purpose.generic
                or (a.named.purpose.aid_type == b.named.purpose.aid_type)
            ):
                return None
        return "the amount again"
    if b.quantity.dimension != "count":
        return "the measure again" if _items_agree(a, b) else None
    if (
        a.status != b.status
        and None not in (a.status, b.status)
        and not {a.status, b.status} <= _SAME_STORY
    ):
        return None
    return "the count again" if _items_agree(a, b) else None


_SAME_STORY = frozenset(
    ("committed", "delivered", "requested", "mobilized", "deployed", "displaced")
)


def _same_number(a: Draft, b: Draft) -> bool:
    """Whether two figures state one number; a range and a bound agree where they share an end."""
    x, y = a.qualified, b.qualified
    if x.value is not None and y.value is not None:
        return x.value == y.value and a.quantity.kind == b.quantity.kind
    if x.value is None and y.value is None:
        return (x.low, x.high) == (y.low, y.high)
    single, ends = (x, y) if x.value is not None else (y, x)
    return single.qualifier in ("at_most", "less_than") and single.value == ends.high


def _conversion(a: Draft, b: Draft, i: int, j: int) -> bool:
    """``$2.2bn (£1.83bn)``, ``600 miles (1,000 km)``: the same amount in another unit."""
    if j != i + 1 or a.sentence is not b.sentence or a.quantity.unit == b.quantity.unit:
        return False
    if a.quantity.dimension not in ("money", "length", "area", "mass", "volume", "other", "power"):
        return False
    tokens = a.sentence.tokens
    between = tokens.low[a.quantity.last : b.quantity.first]
    behind = tokens.low[b.quantity.last : b.quantity.last + 3]
    opened = "(" in between and len(between) <= 5 and ")" in behind
    return (
        opened
        or ((between[:1] == (",",) and between[1:2] in (("or",), ("about",)))
        and len(between) <= 3)
    )


def _items_agree(a: Draft, b: Draft) -> bool:
    """Whether two items can be the same things: equal, or one a kind of the other."""
    x, y = a.item, b.item
    if x is None or y is None:
        return False
    if x == y or x in lineage(y) or y in lineage(x):
        return True
    if is_person(x, a.named.entry) and is_person(y, b.named.entry):
        return a.status == b.status or x.split()[-1] == y.split()[-1]
    return x.split()[-1] == y.split()[-1]


def part_of(drafts: Sequence[Draft], same: dict[int, int], record: bool) -> list[Link]:
    """Which figures are stated parts of which others; ``record``: the document is one donation's."""
    out: list[Link] = []
    wholes: dict[int, int] = {}
    for j in range(len(drafts)):
        link = next((found for rule in _RULES if (found := rule(drafts, j)) is not None), None)
        if link is None and record and j not in same:
            link = _part_of_record(drafts, j, same, wholes)
        if link is None:
            continue
        target = same.get(link.target, link.target)
        if target != j and target != same.get(j) and wholes.get(target) != j:
            out.append(Link("part_of", j, target, link.rule))
            wholes[j] = target
    return out


def _part_of_record(
    drafts: Sequence[Draft], j: int, same: dict[int, int], wholes: dict[int, int]
) -> Link | None:
    """In a tracker's record, a smaller amount of one kind is a part of the donation that it is about."""
    b = drafts[j]
    tokens = b.sentence.tokens
    if not b.role.transfer or (b.basis == "rate" and b.quantity.dimension == "count"):
        return None
    near = tokens.low[max(0, b.quantity.first - 8) : b.quantity.after + 2]
    split = any(w in tokens.low[: b.quantity.first] for w in _SPLITS)
    if not split and any(w in _APART for w in near):
        return None
    candidates = []
    for i in range(j):
        a = drafts[i]
        if (
            a.quantity.dimension != b.quantity.dimension
            or a.quantity.unit != b.quantity.unit
            or i in same
        ):
            continue
        if not a.role.transfer or _low(a) <= _low(b) or _siblings(drafts, i, wholes):
            continue
        if b.quantity.dimension != "money" and not (_items_agree(a, b) and split):
            continue
        candidates.append(i)
    return Link("part_of", j, candidates[-1], "part of the record") if candidates else None


def _siblings(drafts: Sequence[Draft], i: int, wholes: dict[int, int]) -> bool:
    """Whether a figure is one of several parts of one sentence."""
    return i in wholes and any(
        k != i and wholes.get(k) == wholes[i] and drafts[k].sentence is drafts[i].sentence
        for k in wholes
    )


_SPLITS = frozenset(("these", "divided", "split", "exclude", "subtract", "rest", "remaining", "out", "disentangle", "each", "only", "them",
                     "others", "of"))  # fmt: skip
_APART = frozenset(
    (
        "additional",
        "another",
        "also",
        "earlier",
        "previously",
        "former",
        "top",
        "addition",
        "before",
        "finally",
        "additionally",
    )
)


def _waived(drafts: Sequence[Draft], j: int) -> Link | None:
    """The amount of a waiver is part of the larger one that the same text authorizes."""
    b = drafts[j]
    if (
        b.quantity.dimension != "money"
        or basis_cue(b.sentence, b.quantity, "waiver", _FORMULA) is None
    ):
        return None
    for i, a in enumerate(drafts):
        if (
            a.quantity.dimension == "money"
            and a.status == "authorized"
            and a.quantity.unit == b.quantity.unit
            and _low(a) > _low(b)
        ):
            return Link("part_of", j, i, "waiver")
    return None


_FORMULA = 30


def _low(b: Draft) -> Decimal:
    q = b.qualified
    return q.value if q.value is not None else (q.high or q.low or Decimal(0))


def _of_which(drafts: Sequence[Draft], j: int) -> Link | None:
    """``5,500 beds, 1,184 of which``, ``16 drones - of which seven``, ``six of them``."""
    b = drafts[j]
    tokens = b.sentence.tokens
    after = tokens.low[b.quantity.last : b.quantity.last + 2]
    before = tokens.low[max(0, b.quantity.first - 4) : b.quantity.first]
    back = after in (
        ("of", "which"),
        ("of", "whom"),
        ("of", "them"),
        ("of", "those"),
        ("of", "these"),
    )
    fore = any(
        before[k : k + 2] in (("of", "which"), ("of", "whom"), ("of", "these"), ("of", "them"))
        for k in range(len(before))
    )
    fore = (
        fore
        or tokens.low[:2] in (("among", "them"), ("among", "these"))
        or before[-2:] == ("out", "of")
    )
    if not back and not fore:
        return None
    whole = _nearest_whole(drafts, j, lambda a: a.quantity.dimension == b.quantity.dimension)
    return Link("part_of", j, whole, "of which <n>") if whole is not None else None


def _out_of(drafts: Sequence[Draft], j: int) -> Link | None:
    """``415 million out of the 500 million``, ``out of 101, 76 vehicles``."""
    b = drafts[j]
    tokens = b.sentence.tokens
    for k in range(j + 1, min(j + 3, len(drafts))):
        c = drafts[k]
        if c.sentence is not b.sentence or c.quantity.dimension != b.quantity.dimension:
            break
        between = tokens.low[b.quantity.after : c.quantity.first]
        if (
            any(between[m : m + 2] == ("out", "of") for m in range(len(between)))
            and len(between) < 9
            and _low(c) > _low(b)
        ):
            return Link("part_of", j, k, "<n> out of <n>")
    for i in range(j - 1, -1, -1):
        a = drafts[i]
        if a.sentence is not b.sentence:
            break
        before = [w for w in tokens.low[: a.quantity.first] if w not in ("the", "these", "this")]
        opens = bool(before) and len(before) <= 4 and before[-1] in ("of", "from")
        closed = tokens.low[a.quantity.noun[1] if a.quantity.noun else a.quantity.last :][:1] == (
            ",",
        )
        if opens and closed and _low(a) > _low(b) and a.quantity.dimension == b.quantity.dimension:
            return Link("part_of", j, i, "of <n>, <n>")
    return _sum_in_brackets(drafts, j)


def _sum_in_brackets(drafts: Sequence[Draft], j: int) -> Link | None:
    """``415 million (330 million + 85 million)``: the terms of a sum are parts of it."""
    b = drafts[j]
    tokens = b.sentence.tokens
    if "+" not in (
        tokens.low[b.quantity.last : b.quantity.last + 1]
        + tokens.low[b.quantity.first - 1 : b.quantity.first]
    ):
        return None
    terms = [
        d
        for d in drafts
        if d.sentence is b.sentence and abs(d.quantity.first - b.quantity.first) <= 6 and d is not b
    ]
    for i in range(j - 1, -1, -1):
        if drafts[i].sentence is not b.sentence:
            break
        if any(_low(drafts[i]) == _low(b) + _low(t) for t in terms):
            return Link("part_of", j, i, "<n> (<n> + <n>)")
    return None


def _nearest_whole(drafts: Sequence[Draft], j: int, fits: Callable[[Draft], bool]) -> int | None:
    b = drafts[j]
    for i in range(j - 1, max(-1, j - 1 - _REACH_WHOLE), -1):
        a = drafts[i]
        if _distance(a, b) > 2:
            break
        if fits(a) and (a.quantity.dimension != b.quantity.dimension or _low(a) > _low(b)):
            return i
    return None


def _distance(a: Draft, b: Draft) -> int:
    """How many sentences lie between two figures; far where they stand in different paragraphs."""
    if a.block == b.block:
        return abs(b.sentence.number - a.sentence.number)
    return (
        1
        if b.block - a.block == 1 and b.sentence.number <= 1
        else 9
        if b.block - a.block > 3
        else 2
    )


def _introduces(tokens: Tokens, start: int, end: int) -> str | None:
    """The word between a whole and its parts that says so."""
    for k in range(start, end):
        low = tokens.low[k]
        if low in _PART_WORDS:
            return low
        if low == "such" and tokens.low[k + 1 : k + 2] == ("as",):
            return "such as"
    return None


def _included(drafts: Sequence[Draft], j: int) -> Link | None:
    """``casualties, including 20,000 killed``; ``$1.5 billion ... with more than $250 million for``."""
    b = drafts[j]
    tokens = b.sentence.tokens
    for i in range(j - 1, max(-1, j - 8), -1):
        a = drafts[i]
        if a.sentence is not b.sentence:
            break
        word = _introduces(tokens, a.quantity.last, b.quantity.first)
        if word is None and b.quantity.dimension == "money" and a.quantity.dimension == "money":
            with_at = [
                k for k in range(a.quantity.after, b.quantity.first) if tokens.low[k] == "with"
            ]
            word = "with" if with_at and b.quantity.first - with_at[-1] <= 4 else None
        if word is None and "alone" in tokens.low[b.quantity.last : b.quantity.last + 8]:
            word = (
                "alone"
                if tokens.low[b.quantity.first - 1 : b.quantity.first] == ("with",)
                else None
            )
        if word is None:
            continue
        if a.quantity.dimension == b.quantity.dimension == "count" and not (
            _low(a) > _low(b) and _compatible(a, b)
        ):
            continue
        if a.quantity.dimension == b.quantity.dimension and _low(a) <= _low(b):
            continue
        if b.quantity.dimension == "money" and a.quantity.dimension != "money":
            continue
        if (
            a.quantity.dimension == "money"
            and b.quantity.dimension == "count"
            and not b.role.transfer
        ):
            continue
        if _includes_past(a, b):
            continue
        return Link("part_of", j, i, word)
    return None


def _includes_past(a: Draft, b: Draft) -> bool:
    return a.quantity.dimension == "percent" or (a.role.transfer != b.role.transfer)


def _compatible(a: Draft, b: Draft) -> bool:
    if a.item is None or b.item is None:
        return True
    if _items_agree(a, b):
        return True
    return is_person(a.item, a.named.entry) and is_person(b.item, b.named.entry)


def _contents(drafts: Sequence[Draft], j: int) -> Link | None:
    """What a package holds is part of its amount, wherever near it that stands."""
    b = drafts[j]
    if not b.role.transfer or b.quantity.dimension == "money" or b.basis == "level":
        return None
    worth = _worth_behind(drafts, j)
    if worth is not None:
        return worth
    tokens = b.sentence.tokens
    low = tokens.low[: b.quantity.first]
    told = any(w in ("includes", "include", "contains", "included") for w in low)
    for i in range(j - 1, max(-1, j - 30), -1):
        a = drafts[i]
        if a.quantity.dimension != "money" or not a.role.transfer:
            continue
        if a.basis != "delta" and (told or b.listed):
            continue
        if a.sentence is b.sentence:
            opener = any(
                tokens.low[k] in _OPENERS for k in range(a.quantity.last, b.quantity.first)
            )
            return Link("part_of", j, i, "<amount>: <contents>") if opener else None
        if b.listed and b.block - a.block <= 2:
            return Link("part_of", j, i, "<amount> ... list")
        if told and _distance(a, b) <= 3:
            return Link("part_of", j, i, "includes")
        return None
    return None


def _worth_behind(drafts: Sequence[Draft], j: int) -> Link | None:
    """``5,000 helmets and 135,000 rations of a value of 400 million``; ``part of a $625 million package``."""
    b = drafts[j]
    for k in range(j + 1, min(j + 8, len(drafts))):
        c = drafts[k]
        if c.quantity.dimension != "money":
            continue
        if not c.role.transfer or _distance(b, c) > 3:
            return None
        tokens = c.sentence.tokens
        together = c.sentence is b.sentence
        before = tokens.low[b.quantity.after if together else 0 : c.quantity.first]
        if together and "part" in before[-8:] and "of" in before[-7:]:
            return Link("part_of", j, k, "part of <amount>")
        if any(w in _WORTH for w in before[-7:]) and not _worth_of_other(tokens, c):
            return Link("part_of", j, k, "worth <amount>")
        return None
    return None


_WORTH = frozenset(("value", "worth", "valued", "cost", "price", "total"))


def _worth_of_other(tokens: Tokens, c: Draft) -> bool:
    before = tokens.low[max(0, c.quantity.first - 12) : c.quantity.first]
    return "addition" in before


def _named_part(drafts: Sequence[Draft], j: int) -> Link | None:
    """Amounts of one sentence after "This includes", and "as part of the 500 million"."""
    b = drafts[j]
    if b.quantity.dimension != "money":
        return None
    tokens = b.sentence.tokens
    low = tokens.low[: b.quantity.first]
    if (
        any(w in ("includes", "include") for w in low)
        and j
        and not any(
            d.sentence is b.sentence and "includes" not in tokens.low[: d.quantity.first]
            for d in drafts[:j]
        )
    ):
        for i in range(j - 1, max(-1, j - 8), -1):
            a = drafts[i]
            if a.sentence is b.sentence:
                continue
            if any(w in ("includes", "include") for w in a.sentence.tokens.low[: a.quantity.first]):
                break
            if (
                a.quantity.dimension == "money"
                and _distance(a, b) <= 1
                and _low(a) > _low(b)
                and a.quantity.unit == b.quantity.unit
            ):
                return Link("part_of", j, i, "this includes <n>")
            break
    for k in range(len(drafts)):
        a = drafts[k]
        if (
            k == j
            or a.sentence is not b.sentence
            or a.quantity.dimension != "money"
            or _low(a) <= _low(b)
        ):
            continue
        before = tokens.low[max(0, a.quantity.first - 7) : a.quantity.first]
        if "part" in before and "of" in before:
            return Link("part_of", j, k, "part of <n>")
    return None


def includes(drafts: Sequence[Draft]) -> list[Link]:
    """Which deltas a total says it takes in: "the four ... will bring the total to 20"."""
    out: list[Link] = []
    for j, b in enumerate(drafts):
        if b.basis != "total":
            continue
        tokens = b.sentence.tokens
        before = tokens.low[: b.quantity.first]
        bring = any(
            w in ("bring", "brings", "bringing", "brought", "taking", "takes", "raising", "raises")
            for w in before
        )
        if not bring or "total" not in tokens.low:
            continue
        for i in range(j - 1, max(-1, j - 12), -1):
            a = drafts[i]
            if _distance(a, b) > 4:
                break
            if (
                a.basis == "delta"
                and a.quantity.dimension == b.quantity.dimension
                and a.quantity.unit == b.quantity.unit
                and _low(a) < _low(b)
            ):
                if b.quantity.dimension == "count" and not _items_agree(a, b):
                    continue
                out.append(Link("includes", j, i, "bringing the total to <n>"))
    return out


_RULES = (_waived, _of_which, _out_of, _included, _contents, _named_part)

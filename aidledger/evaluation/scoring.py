"""How well figures were read, measured on coded passages: every measure of the codings' own scorer.

A figure matches the coded one whose place it overlaps, one to one, the longest overlap first.
*found* is matched, *number* has value and bounds right, *quantity* also dimension, unit and
qualifier, *row* also item, donor, recipient, party, status and basis, *dated* also the date. *adds*
are deltas of a donor or recipient with a status, which enter a sum of aid, *losses* those of a
party. Of fields, the share that is right of the matched figures.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ledger.figure import LINKS

Row = Mapping[str, Any]
FIELDS = (
    "qualifier", "dimension", "unit", "item", "donor", "recipient", "party", "status", "basis",
    "date", "since",
)  # fmt: skip
LEVELS = ("found", "number", "quantity", "row", "dated", "adds", "losses")
_ROW = {"item", "donor", "recipient", "party", "status", "basis"}
_FIVE = {"donor", "recipient", "party", "status", "basis"}
_QUANTITY = {"dimension", "unit", "qualifier"}
_WHOSE = {"adds": ("donor", "recipient"), "losses": ("party",)}
_NEAR = 1e-3
_TENTHS = 10


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1, in percent."""

    precision: float
    recall: float
    f1: float

    @classmethod
    def of(cls, right: int, extracted: int, coded: int) -> Score:
        """Of so many right ones."""
        precision = right / extracted if extracted else 0.0
        recall = right / coded if coded else 0.0
        both = extracted + coded
        return cls(100 * precision, 100 * recall, 200 * right / both if both else 0.0)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well the figures of coded passages were read.

    ``scores`` by measure (``LEVELS`` and ``LINKS``), ``fields`` the share right of each field,
    ``shares`` others: ``span`` (the exact place), and, where figures say how sure they are,
    ``surer half, all`` (and adds, losses): of the surer half the share with donor, recipient,
    party, status and basis right, and ``calibration error``. All in percent.
    """

    coded: int
    extracted: int
    scores: Mapping[str, Score]
    fields: Mapping[str, float]
    shares: Mapping[str, float]

    def rows(self) -> list[dict[str, Any]]:
        """A row for each measure: ``measure``, ``precision``, ``recall``, ``f1``, ``right``."""
        blank = dict.fromkeys(("precision", "recall", "f1", "right"))
        scored = [
            {"measure": name, **blank, "precision": s.precision, "recall": s.recall, "f1": s.f1}
            for name, s in self.scores.items()
        ]
        return scored + [
            {"measure": name, **blank, "right": share}
            for name, share in {**self.fields, **self.shares}.items()
        ]


@dataclass
class _Counts:
    """What is counted over the passages."""

    of: Counter[tuple[str, str]] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    sure: list[tuple[float, bool, tuple[str, ...]]] = field(default_factory=list)
    is_sure: bool = False


def score(passages: Iterable[tuple[Sequence[Row], Sequence[Row]]]) -> Evaluation:
    """The measures over passages, each its coded figures and those that were read.

    Coded ones have the codebook's fields, read ones the record's; links are indices in the
    first, figure ids in the second.
    """
    counts = _Counts()
    for coded, read in passages:
        places = [(one["start"], one["end"]) for one in coded]
        kept = [
            one for one in read
            if one.get("dimension") != "time"
            or any(one["start"] < end and start < one["end"] for start, end in places)
        ]  # fmt: skip
        _count(counts, coded, kept)
    return _evaluated(counts)


def pairs_of(read: Sequence[Row], coded: Sequence[Row]) -> list[tuple[int, int]]:
    """Which read figure is which coded one: the longest overlaps first, one to one."""
    overlaps = sorted(
        (-shared, i, j)
        for i, one in enumerate(read)
        for j, other in enumerate(coded)
        if (shared := min(one["end"], other["end"]) - max(one["start"], other["start"])) > 0
    )
    taken_read: set[int] = set()
    taken_coded: set[int] = set()
    pairs = []
    for _, i, j in overlaps:
        if i not in taken_read and j not in taken_coded:
            taken_read.add(i)
            taken_coded.add(j)
            pairs.append((i, j))
    return pairs


def wrong_fields(read: Row, coded: Row) -> set[str]:
    """The fields of ``FIELDS`` in which a read figure is not as it is coded."""
    return {name for name in FIELDS if not _is_right(name, read, coded)}


def number_is_right(read: Row, coded: Row) -> bool:
    """Whether value and bounds are as coded."""
    ends = all(_near(read.get(name), coded[name]) for name in ("low", "high"))
    return ends and (coded["qualifier"] == "range" or _near(read.get("value"), coded["value"]))


def _count(counts: _Counts, coded: Sequence[Row], read: Sequence[Row]) -> None:
    n = counts.of
    for kind in _WHOSE:
        n[kind, "coded"] += sum(_enters(one, kind) for one in coded)
        n[kind, "read"] += sum(_enters(one, kind) for one in read)
    n["all", "coded"] += len(coded)
    n["all", "read"] += len(read)
    pairs = pairs_of(read, coded)
    _count_links(n, coded, read, pairs)
    five: dict[int, bool] = {}
    for i, j in pairs:
        one, other = read[i], coded[j]
        wrong = wrong_fields(one, other)
        counts.fields.update(name for name in FIELDS if name not in wrong)
        number = number_is_right(one, other)
        quantity = number and not _QUANTITY & wrong
        row = quantity and not _ROW & wrong
        five[i] = not _FIVE & wrong
        levels = {
            "found": True, "number": number, "quantity": quantity, "row": row,
            "dated": row and "date" not in wrong,
            **{kind: quantity and five[i] and _enters(other, kind) for kind in _WHOSE},
            "span": (one["start"], one["end"]) == (other["start"], other["end"]),
        }  # fmt: skip
        n.update((name, "right") for name, right in levels.items() if right)
        if other["since"] or one.get("since"):
            n["since", "any"] += 1
            n["since", "right"] += "since" not in wrong
        if other.get("aid") and other["dimension"] == "money":
            n["aid", "any"] += 1
            n["aid", "right"] += one.get("aid_type") == other["aid"]
    for i, one in enumerate(read):
        kinds = tuple(kind for kind in _WHOSE if _enters(one, kind))
        counts.sure.append((float(one.get("confidence") or 0), five.get(i, False), kinds))
        counts.is_sure |= one.get("confidence") is not None


def _count_links(
    n: Counter[tuple[str, str]],
    coded: Sequence[Row],
    read: Sequence[Row],
    pairs: Sequence[tuple[int, int]],
) -> None:
    place = {read[i].get("figure_id"): j for i, j in pairs}
    matched = {j for _, j in pairs}
    for kind in LINKS:
        wanted = {(j, coded[j][kind]) for j in matched if coded[j][kind] in matched}
        held = {(j, place[read[i].get(kind)]) for i, j in pairs
                if read[i].get(kind) is not None and read[i].get(kind) in place}  # fmt: skip
        if kind == "same_as":  # which of two repeats the other is one fact all the same
            wanted, held = ({(min(x), max(x)) for x in some} for some in (wanted, held))
        n[kind, "coded"] += len(wanted)
        n[kind, "read"] += len(held)
        n[kind, "right"] += len(wanted & held)


def _evaluated(counts: _Counts) -> Evaluation:
    n = counts.of
    found = n["found", "right"]
    whole = {name: name if name in (*_WHOSE, *LINKS) else "all" for name in (*LEVELS, *LINKS)}
    fields = {name: _percent(counts.fields[name], found) for name in FIELDS}
    fields |= {name: _percent(n[name, "right"], n[name, "any"]) for name in ("since", "aid")}
    shares = {"span": _percent(n["span", "right"], found)}
    if counts.is_sure:
        shares |= _of_sureness(counts.sure)
    return Evaluation(
        n["all", "coded"],
        n["all", "read"],
        {name: Score.of(n[name, "right"], n[of, "read"], n[of, "coded"])
         for name, of in whole.items()},
        fields,
        shares,
    )  # fmt: skip


def _of_sureness(sure: Sequence[tuple[float, bool, tuple[str, ...]]]) -> dict[str, float]:
    ranked = sorted(sure, key=lambda one: -one[0])
    chosen: dict[str, Callable[[tuple[str, ...]], bool]] = {
        "all": lambda kinds: True,
        "adds": lambda kinds: "adds" in kinds,
        "losses": lambda kinds: "losses" in kinds,
    }
    shares = {}
    for name, wanted in chosen.items():
        some = [one for one in ranked if wanted(one[2])]
        half = some[: len(some) // 2] or some
        shares[f"surer half, {name}"] = _percent(sum(right for _, right, _ in half), len(half))
    gaps: Counter[int] = Counter()
    totals: dict[int, float] = {}
    for chance, right, _ in sure:
        tenth = min(int(min(chance, 0.9999) * _TENTHS), _TENTHS - 1)
        totals[tenth] = totals.get(tenth, 0.0) + chance - right
        gaps[tenth] += 1
    return shares | {"calibration error": _percent(sum(map(abs, totals.values())), len(sure))}


def _percent(part: float, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def _enters(one: Row, kind: str) -> bool:
    """Whether a figure enters the sums of aid, or of losses."""
    named = any(one.get(name) for name in _WHOSE[kind])
    return one.get("basis") == "delta" and bool(one.get("status")) and named


def _near(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is None and other is None
    return bool(abs(float(one) - float(other)) <= _NEAR * max(1e-9, abs(float(other))))


def _is_right(name: str, read: Row, coded: Row) -> bool:
    said, meant = read.get(name), coded[name]
    if name == "item":
        return same_item(said, meant)
    if name == "date":
        return (str(said)[:10] if said else None) == (meant or None)
    if name == "since":
        one, other = str(said or "")[:10], str(meant or "")
        return bool(one) == bool(other) and (one.startswith(other) or other.startswith(one))
    return (said or None) == (meant or None)


def same_item(said: str | None, meant: str | None) -> bool:
    """Whether an item is the coded one, or one of the alternatives "a/b"; where none is coded,
    there is nothing to be wrong in."""
    if meant is None:
        return True
    if "/" in meant:
        return any(same_item(said, one.strip()) for one in meant.split("/"))
    if said is None:
        return False
    one, other = _stems(said), _stems(meant)
    if not one or not other:
        return said.lower() == meant.lower()
    alike, generic = _alike()
    if one == other or any(one in group and other in group for group in alike):
        return True
    shared = set(one) & set(other)
    if not shared - generic:
        return False
    fewer = min(len(set(one)), len(set(other)))
    ends_alike = one[-1] == other[-1] and fewer == len(shared) and abs(len(one) - len(other)) <= 2
    return len(shared) / len(set(one) | set(other)) >= 0.5 or ends_alike


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("scored_alike.toml").read_text("utf-8"))


@cache
def _alike() -> tuple[list[set[tuple[str, ...]]], set[str]]:
    groups = [{_stems(name) for name in group} for group in _words()["alike"]]
    return groups, set(_words()["generic"])


@cache
def _stems(words: str) -> tuple[str, ...]:
    """The words without plural endings."""
    idle, out = _words()["idle"], []
    for word in re.findall(r"[a-z0-9]+", words.lower().replace("-", " ")):
        if len(word) > 3 and word.endswith("ies"):
            stem = word[:-3] + "y"
        elif len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses")):
            stem = word[:-2]
        elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
            stem = word[:-1]
        else:
            stem = word
        if stem not in idle:
            out.append(stem)
    return tuple(out)

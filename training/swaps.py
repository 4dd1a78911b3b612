"""Whether a reader goes by the grammar of a text or by who usually gives what to whom.

usage: python training/swaps.py [CODINGS.jsonl] [--fold N] [--first N] [--reader NAME] [--seed N]

Passages are read twice: as they are written, and with other names in the same places. Only what
the names say may change then.

exchange     the one donor and the one recipient that a passage is coded with change places: name
             for name, adjective for adjective, people for people, capital for capital. Donor and
             recipient must change places in the reading, too.
country      a country in the place of another in all its forms: its code alone may change
designation  an item in the place of another of its category and kind: the item alone may change
demonym      an adjective in another's place, where a country is named by adjectives alone

Left out are passages that name a country by something that another has no counterpart for: a
leader, a city, most bodies of a government. Of ``country`` and ``demonym``, countries at war with
each other are left out, too. The codings only say which passages name one donor and one recipient;
what is measured is the reading against itself. ``--reader`` is a name or a folder of weights, as
``aidledger extract --reader`` takes it.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from pairing import by_overlap
from printed import rows_of, share, table
from rewording import (
    ADJECTIVE,
    CAPITAL,
    NAME,
    PEOPLE,
    LeftOutError,
    Passage,
    Reworded,
    form_of,
    moved,
    names_of_item,
    reworded,
    reworded_item,
    surfaces_of,
    with_article,
)

from extractors.catalogue import load
from extractors.meaning.built_in import BUILT_IN
from extractors.meaning.sides import opponents
from extractors.mentions.items import Item, items, lineage
from extractors.pipeline import check_reader, extract_source
from ledger.figure import Figure, Source

WRITTEN = Path(__file__).resolve().parents[2] / "shared" / "gold" / "written.jsonl"
ACTORS = ("donor", "recipient", "party")
FIELDS = (*ACTORS, "status", "basis", "item", "date", "since", "aid_type")
ALL = "all"
_TAKES_S = re.compile(r"[A-Za-z].*(?:\d|[a-z][a-rt-z])")  # a name with an own plural: not HIMARS

Row = Mapping[str, Any]
Read = Callable[[Source], Sequence[Figure]]


@dataclass(frozen=True, slots=True)
class Swap:
    """A passage in other words, and what they must change in its reading.

    ``codes``: what each actor's code becomes. ``before``, ``after``: names that an item may hold in
    the one reading and in the other, each with a mark that is the same for what took its place.
    """

    done: Reworded
    codes: Mapping[str, str]
    before: Mapping[str, str]
    after: Mapping[str, str]


def exchange(passage: Passage, row: Row, _: random.Random) -> Swap:
    """Donor and recipient in each other's places."""
    donor, recipient = (_only_one(row, name) for name in ("donor", "recipient"))
    named = {n.code for n in passage.named if not n.in_title(passage)}
    if donor == recipient or not {donor, recipient} <= named:
        raise LeftOutError("donor or recipient not named")
    return _of_countries(passage, {donor: recipient, recipient: donor})


def _only_one(row: Row, name: str) -> str:
    """The one actor of a field of the codings."""
    found = {figure[name] for figure in row["figures"]} - {None}
    only = str(next(iter(found), ""))
    if len(found) != 1 or only not in countries():
        raise LeftOutError(f"not one country as {name}")
    return only


def _of_countries(passage: Passage, codes: Mapping[str, str]) -> Swap:
    before = {surface: old for old in codes for surface in surfaces_of(old)}
    after = {surface: old for old, new in codes.items() for surface in surfaces_of(new)}
    return Swap(reworded(passage, codes), codes, before, after)


def country(passage: Passage, _: Row, chance: random.Random) -> Swap:
    """A country in the place of one that is named otherwise than by adjectives alone."""
    return _replaced(passage, chance, by_adjectives=False)


def demonym(passage: Passage, _: Row, chance: random.Random) -> Swap:
    """A country in the place of one that is named by adjectives alone."""
    return _replaced(passage, chance, by_adjectives=True)


def _replaced(passage: Passage, chance: random.Random, *, by_adjectives: bool) -> Swap:
    kinds: dict[str, set[str | None]] = {}
    for named in passage.named:
        kinds.setdefault(named.code, set()).add(named.kind)
    told = {named.code for named in passage.named if not named.in_title(passage)}
    found = [
        code
        for code, said in kinds.items()
        if code in replaceable() & told
        and None not in said
        and (said == {ADJECTIVE}) == by_adjectives
    ]
    if not found:
        raise LeftOutError("no such country")
    others = [code for code in substitutes() if code not in kinds]
    return _of_countries(passage, {chance.choice(found): chance.choice(others)})


@cache
def countries() -> frozenset[str]:
    """The countries of the catalogue."""
    rows = load("actors").items()
    return frozenset(c for c, actor in rows if c != "not_actors" and "body" not in actor)


@cache
def replaceable() -> frozenset[str]:
    """Those of which the texts tell no war against another."""
    return countries() - {*opponents(), *opponents().values()}


@cache
def substitutes() -> tuple[str, ...]:
    """Those of them that have every form, and no article."""
    return tuple(sorted(code for code in replaceable() if _has_all_forms(code)))


def _has_all_forms(code: str) -> bool:
    try:
        forms = [form_of(code, kind, "") for kind in (NAME, ADJECTIVE, PEOPLE, CAPITAL)]
    except LeftOutError:
        return False
    return not with_article(forms[0]) and " " not in forms[1] and bool(_leaders(code))


def _leaders(code: str) -> Sequence[str]:
    """Whom the catalogue knows of a country: it names none of the smallest."""
    found: Sequence[str] = load("actors")[code].get("leaders", ())
    return found


def designation(passage: Passage, _: Row, chance: random.Random) -> Swap:
    """A designation in the place of another."""
    named = {mention.entry.name for _, mention in passage.items}
    told = {m.entry.name for s, m in passage.items if s is not passage.context.title}
    found = sorted(n for n in told if items()[n].designation and not _has_kin(n, named))
    chance.shuffle(found)
    for name in found:
        old = items()[name]
        others = [n for n in alike(old) if n.name not in named and not _has_kin(n.name, named)]
        if others:
            new = chance.choice(others)
            marks = dict.fromkeys(names_of_item(old), old.name)
            instead = dict.fromkeys(names_of_item(new), old.name)
            return Swap(reworded_item(passage, old, new), {}, marks, instead)
    raise LeftOutError("no such designation")


def _has_kin(name: str, named: Iterable[str]) -> bool:
    """Whether another designation among them is of this item's kind, or this one of its kind."""
    others = {n for n in named if n != name and items()[n].designation}
    return bool(others & set(lineage(name))) or any(name in lineage(n) for n in others)


def alike(old: Item) -> list[Item]:
    """The designations that may stand wherever one stands, in singular and plural."""
    return [
        new
        for new in items().values()
        if new.designation
        and new.category == old.category
        and new.munition == old.munition
        and _noun_of(new) == _noun_of(old)
        and new.name not in lineage(old.name)
        and old.name not in lineage(new.name)
        and _TAKES_S.fullmatch(new.name)
        and old.name[-1:].lower() != "s"
    ]


def _noun_of(item: Item) -> str | None:
    """The nearest thing above a designation that is none: of ``Leopard 2A4`` the tank."""
    return next((n for n in lineage(item.name) if not items()[n].designation), None)


KINDS: Mapping[str, Callable[[Passage, Row, random.Random], Swap]] = {
    "exchange": exchange,
    "country": country,
    "designation": designation,
    "demonym": demonym,
}


@dataclass
class Tally:
    """What a kind of swap has come to: of how many figures a field holds, ALL for all fields; and
    how many fill it (for ALL, name what was swapped), and of how many of them it holds."""

    passages: int = 0
    figures: int = 0
    held: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    def add(self, before: Sequence[Figure], after: Sequence[Figure], swap: Swap) -> None:
        """Count a passage: its figures as it is written, and in other words."""
        self.passages += 1
        for old, new in paired(before, after, swap):
            self.figures += 1
            holding = {name: new is not None and holds(name, old, new, swap) for name in FIELDS}
            for name, held in (*holding.items(), (ALL, all(holding.values()))):
                self.held[name] += held
                if is_said(name, old, new, swap):
                    self.said[name] += 1
                    self.kept[name] += held


def paired(
    before: Sequence[Figure], after: Sequence[Figure], swap: Swap
) -> list[tuple[Figure, Figure | None]]:
    """Each figure with itself in other words, None where it is not found any more."""
    places = [moved((f.start, f.end), swap.done.edits) for f in before]
    at = by_overlap(places, [(f.start, f.end) for f in after])
    out: list[tuple[Figure, Figure | None]] = []
    for old, span, k in zip(before, places, at, strict=True):
        new = after[k] if k is not None else None
        same = new is not None and (new.start, new.end, new.dimension) == (*span, old.dimension)
        out.append((old, new if same else None))
    return out


def holds(name: str, old: Figure, new: Figure, swap: Swap) -> bool:
    """Whether a field says after a swap what it must."""
    said, wanted = getattr(new, name), getattr(old, name)
    if name in ACTORS:
        return bool(said == recoded(wanted, swap.codes))
    if name == "item":
        return marked(said, swap.after) == marked(wanted, swap.before)
    return bool(said == wanted)


def is_said(name: str, old: Figure, new: Figure | None, swap: Swap) -> bool:
    """Whether a field is filled; of all fields, whether one of them names what was swapped."""
    if name != ALL:
        return bool(getattr(old, name) or getattr(new, name, None))
    codes = [code for field in ACTORS for code in (getattr(old, field) or "").split("+")]
    return not swap.codes.keys().isdisjoint(codes) or (
        not swap.codes and marked(old.item, swap.before) != (old.item or "").lower()
    )


def recoded(code: str | None, codes: Mapping[str, str]) -> str | None:
    """A code, or several that are joined, with others in their places."""
    return "+".join(sorted(codes.get(c, c) for c in code.split("+"))) if code else code


def marked(item: str | None, marks: Mapping[str, str]) -> str:
    """An item in lower case, with marks for the names that it holds."""
    if not item:
        return ""
    by_name = {name.lower(): f"<{mark}>" for name, mark in marks.items()}
    names = "|".join(re.escape(n) for n in sorted(by_name, key=len, reverse=True))
    pattern = rf"(?<!\w)(?:{names})(?!\w)"
    return re.sub(pattern, lambda match: by_name[match[0]], item.lower()) if names else item.lower()


def run(rows: Iterable[Row], read: Read, seed: int = 0) -> dict[str, Tally]:
    """Swap what can be swapped in every passage, and read it before and after."""
    tallies = {kind: Tally() for kind in KINDS}
    for row in rows:
        passage = Passage.of_row(row)
        before: list[Figure] | None = None
        for kind, swap_of in KINDS.items():
            chance = random.Random(f"{seed} {kind} {row['id']}")
            try:
                swap = swap_of(passage, row, chance)
            except LeftOutError as why:
                tallies[kind].left_out[str(why)] += 1
                continue
            before = _figures(read, passage.source) if before is None else before
            tallies[kind].add(before, _figures(read, swap.done.source), swap)
    return tallies


def _figures(read: Read, source: Source) -> list[Figure]:
    """What is read, without durations."""
    return [figure for figure in read(source) if figure.dimension != "time"]


def report(tallies: Mapping[str, Tally]) -> str:
    """All tables."""
    heads = ["swap", "passages", "figures", ALL, *FIELDS]
    everywhere = [
        [kind, str(t.passages), str(t.figures)]
        + [share(t.held[name], t.figures) for name in (ALL, *FIELDS)]
        for kind, t in tallies.items()
    ]
    filled = [
        [kind, *(f"{share(t.kept[n], t.said[n])}/{t.said[n]}" for n in (ALL, *FIELDS))]
        for kind, t in tallies.items()
    ]
    reasons = [
        [kind, reason, str(n)] for kind, t in tallies.items() for reason, n in _most(t.left_out)
    ]
    return "\n\n".join(
        [
            "Share of the figures of which the reading holds, in percent\n"
            + table(heads, everywhere),
            "The same of those that a reading fills, and their number; all: of those that name what"
            " was swapped\n" + table(["swap", ALL, *FIELDS], filled),
            "Passages left out\n" + table(["swap", "why", "passages"], reasons),
        ]
    )


def _most(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda found: (-found[1], found[0]))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("codings", type=Path, nargs="?", default=WRITTEN)
    parser.add_argument("--fold", type=int, help="only passages of this fold")
    parser.add_argument("--first", type=int, help="only so many passages")
    parser.add_argument("--reader", default=BUILT_IN, help="a name or a folder of weights")
    parser.add_argument("--seed", type=int, default=0, help="of what is put in the places")
    options = parser.parse_args(arguments)
    check_reader(options.reader)
    rows = islice(rows_of(options.codings, options.fold), options.first)

    def read(source: Source) -> list[Figure]:
        return extract_source(source, reader=options.reader)

    print(report(run(rows, read, options.seed)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

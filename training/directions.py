"""Which way a reading errs: what is coded against what is read, and how often each is said.

usage: python training/directions.py CODINGS.jsonl FIGURES.jsonl [--fold N]

CODINGS holds coded passages, FIGURES figures as ``aidledger extract -o FIGURES.jsonl`` or
``training/evaluate.py`` writes them, whose ``source_id`` is the ``id`` of a passage. A figure goes
with the coding that it overlaps most. Durations are left out where none is coded.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pairing import by_overlap
from printed import rows_of, share, table

from ledger.figure import BASES, STATUSES

Row = Mapping[str, Any]
Pair = tuple[Row | None, Row | None]  # a coding and the figure read there; None where one lacks

NULL = "-"
LACKS = "none"  # no figure read where one is coded, or none coded where one is read
SHORT = 5  # letters that tell every status from the others


def pairs(passages: Iterable[Row], figures: Iterable[Row]) -> Iterator[Pair]:
    """Every coded figure with what is read there, and what is read where nothing is coded."""
    read: dict[str, list[Row]] = defaultdict(list)
    for figure in figures:
        read[str(figure["source_id"])].append(figure)
    for passage in passages:
        yield from _pairs_of(passage["figures"], read[str(passage["id"])])


def _pairs_of(codings: Sequence[Row], read: Sequence[Row]) -> Iterator[Pair]:
    found = by_overlap([_place(figure) for figure in read], [_place(coding) for coding in codings])
    at = {j: read[i] for i, j in enumerate(found) if j is not None}
    yield from ((coding, at.get(k)) for k, coding in enumerate(codings))
    for figure, j in zip(read, found, strict=True):
        if j is None and figure["dimension"] != "time":
            yield None, figure


def _place(row: Row) -> tuple[int, int]:
    return row["start"], row["end"]


def confusion(found: Iterable[Pair], field: str) -> Counter[tuple[str, str]]:
    """How often a field is coded as one thing and read as another."""
    return Counter((_said(coding, field), _said(figure, field)) for coding, figure in found)


def _said(row: Row | None, field: str) -> str:
    return LACKS if row is None else str(row[field] or NULL)


def confused(counts: Mapping[tuple[str, str], int], order: Sequence[str]) -> str:
    """A confusion as a table: a line for each value coded, a column for each value read."""
    names = [*order, NULL, LACKS]
    coded = [name for name in names if any(counts.get((name, other)) for other in names)]
    read = [name for name in names if any(counts.get((other, name)) for other in names)]
    rows = [[name, *(str(counts.get((name, other), 0) or ".") for other in read)] for name in coded]
    return table(["coded \\ read", *(name[:SHORT] for name in read)], rows)


def biases(counts: Mapping[tuple[str, str], int], order: Sequence[str]) -> str:
    """How often each value is coded and how often read, of the figures that are both."""
    rows = []
    for name in (*order, NULL):
        coded = sum(n for (a, b), n in counts.items() if a == name and b != LACKS)
        read = sum(n for (a, b), n in counts.items() if b == name and a != LACKS)
        if coded or read:
            rows.append([name, str(coded), str(read), f"{read - coded:+d}", share(read, coded)])
    return table(["", "coded", "read", "more", "read of 100 coded"], rows)


def turned(counts: Mapping[tuple[str, str], int], coded: str, read: str) -> tuple[int, int]:
    """How many figures coded as one thing are read as another, and how many are coded so."""
    whole = sum(n for (a, b), n in counts.items() if a == coded and b != LACKS)
    return counts.get((coded, read), 0), whole


def crossed(found: Iterable[Pair], coded: str, read: str) -> tuple[int, int]:
    """How many figures have in field ``read`` an actor that is coded in field ``coded`` alone, and
    is not read there; and how many have one coded there."""
    part = whole = 0
    for coding, figure in found:
        if coding is None or figure is None or not coding[coded]:
            continue
        own = _actors(coding[coded]) - _actors(coding[read]) - _actors(figure[coded])
        whole += 1
        part += bool(own & _actors(figure[read]))
    return part, whole


def _actors(code: str | None) -> set[str]:
    return set(code.split("+")) if code else set()


def report(found: Sequence[Pair]) -> str:
    """All tables."""
    status, basis = confusion(found, "status"), confusion(found, "basis")
    ways = [
        ("committed", "delivered", turned(status, "committed", "delivered")),
        ("delivered", "committed", turned(status, "delivered", "committed")),
        ("donor", "recipient", crossed(found, "donor", "recipient")),
        ("recipient", "donor", crossed(found, "recipient", "donor")),
        ("delta", "total", turned(basis, "delta", "total")),
        ("total", "delta", turned(basis, "total", "delta")),
    ]
    rows = [[a, b, str(part), str(whole), share(part, whole)] for a, b, (part, whole) in ways]
    both = sum(coding is not None and figure is not None for coding, figure in found)
    coded = sum(coding is not None for coding, _ in found)
    read = sum(figure is not None for _, figure in found)
    return "\n\n".join(
        [
            f"{coded} figures coded, {read} read, {both} of them both",
            confused(status, STATUSES),
            confused(basis, BASES),
            table(["coded", "read as", "figures", "of", "percent"], rows),
            biases(status, STATUSES),
            biases(basis, BASES),
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("codings", type=Path)
    parser.add_argument("figures", type=Path)
    parser.add_argument("--fold", type=int, help="only passages of this fold")
    options = parser.parse_args(arguments)
    passages = rows_of(options.codings, options.fold)
    print(report(list(pairs(passages, rows_of(options.figures)))))
    return 0


if __name__ == "__main__":
    sys.exit(main())

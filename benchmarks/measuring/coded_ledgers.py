"""Ledgers whose truth is coded: documents of the coded passages, as they were read and as they are.

The built-in reader's recipe has read documents that it was not fitted on
(``training/out_of_fold``); the codings of these documents are the truth. What a person would decide
who looks at a figure is read off them. The coded passages stand beside the repository, not in it.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from aidledger.evaluation.scoring import number_is_right, pairs_of, wrong_fields
from ledger.figure import LINKS, Figure, Source, figure_id_of, make_source
from ledger.review.review import CORRECTABLE, Decision
from measuring.texts import ROOT, SHARED

CODINGS = SHARED / "gold" / "train.jsonl"
READ = ROOT / "training" / "out_of_fold"
LEDGERS, DOCUMENTS = 10, 60
SEED = 2022
Row = Mapping[str, Any]


def folds() -> tuple[int, ...]:
    """The folds that were read by weights that had not seen them."""
    return tuple(sorted(int(path.stem) for path in READ.glob("*.jsonl")))


@dataclass(frozen=True, slots=True)
class Passage:
    """A coded text, what was read in it, and which figure is which coding."""

    source: Source
    coded: tuple[Row, ...]
    read: tuple[Row, ...]
    pairs: Mapping[int, int]


def corpus(of: Sequence[int], ledgers: int = LEDGERS) -> list[list[Passage]]:
    """The passages of so many ledgers, of 60 documents of these folds each."""
    read: dict[str, list[Row]] = defaultdict(list)
    for fold in of:
        for row in _lines(READ / f"{fold}.jsonl"):
            read[row["source_id"]].append(row)
    documents: dict[str, list[Passage]] = defaultdict(list)
    for row in _lines(CODINGS):
        if row["fold"] in of:
            source = make_source(row["text"], source_id=row["id"], published=row["published"])
            held, coded = read[row["id"]], row["figures"]
            pairs = dict(pairs_of(held, coded))
            documents[row["document"]].append(Passage(source, tuple(coded), tuple(held), pairs))
    names = sorted(documents)
    random.Random(SEED).shuffle(names)
    chosen = [names[k * DOCUMENTS : (k + 1) * DOCUMENTS] for k in range(ledgers)]
    return [[one for name in some for one in documents[name]] for some in chosen]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def id_of(source: Source, row: Row) -> str:
    """The id of a figure of a row that was read or coded."""
    return figure_id_of(source.source_id, row["start"], row["end"], row["dimension"])


def _figure(source: Source, row: Row, links: Mapping[Any, str]) -> Figure:
    """A row that was read or coded as a record."""
    numbers: dict[str, Any] = {
        name: None if row[name] is None else Decimal(str(row[name]))
        for name in ("value", "low", "high")
    }
    start, end = row["start"], row["end"]
    told = {
        name: row[name]
        for name in ("dimension", "unit", "qualifier", "donor", "recipient", "party", "status")
    }
    return Figure(
        figure_id=id_of(source, row), source_id=source.source_id, start=start, end=end,
        text=source.text[start:end], sentence=source.text[max(start - 80, 0) : end + 80],
        **numbers, **told, per=None, item=_first(row["item"]), item_text=None, category=None,
        aid_type=row.get("aid_type", row.get("aid")), basis=row["basis"], date=row["date"],
        since=row["since"], attribution=None, certainty=None,
        same_as=links.get(row["same_as"]), part_of=links.get(row["part_of"]), includes=(),
        cues={}, confidence=row.get("confidence"), choices=_choices(row, links),
        place=None, date_stated=row["date"] and row["date"] != source.published, other={},
        reader="out of fold", extractor="aidledger", rule="",
    )  # fmt: skip


def _choices(row: Row, links: Mapping[Any, str]) -> dict[str, Any]:
    """How sure the reader was, with the figures that links may lead to by their ids here."""
    held = dict(row.get("choices", {}))
    for name in LINKS:
        if name in held:
            held[name] = held[name] | {"runner_up": links.get(held[name]["runner_up"])}
    return held


def _first(item: str | None) -> str | None:
    return item.partition("/")[0].strip() if item else None


def as_read(passage: Passage) -> list[Figure]:
    """The figures that were read."""
    links = {row["figure_id"]: id_of(passage.source, row) for row in passage.read}
    return [_figure(passage.source, row, links) for row in passage.read]


def as_coded(passage: Passage) -> list[Figure]:
    """The figures that are true."""
    links = {k: id_of(passage.source, row) for k, row in enumerate(passage.coded)}
    return [_figure(passage.source, row, links) for row in passage.coded]


def repeats(passages: Sequence[Passage], facts: Iterable[str]) -> dict[str, str]:
    """Which figures of a ledger state again what a figure of another document states: by ``facts``,
    the JSON lists of coded figures that are one fact, the first of them first."""
    read = {
        id_of(one.source, one.coded[j]): id_of(one.source, one.read[i])
        for one in passages
        for i, j in one.pairs.items()
    }
    found: dict[str, str] = {}
    for ids in map(json.loads, facts):
        own = [read[key] for key in ids if key in read]
        found |= dict.fromkeys(own[1:], own[0]) if own else {}
    return found


def decision(passage: Passage, place: int, again: Mapping[str, str]) -> Decision:
    """What one who knows the codings decides on a figure that was read; ``again`` says which state
    a fact of another document once more."""
    row = passage.read[place]
    key = id_of(passage.source, row)
    if place not in passage.pairs:
        return Decision(key, "reject")
    true = passage.coded[passage.pairs[place]]
    back = {j: id_of(passage.source, passage.read[i]) for i, j in passage.pairs.items()}
    links = {name: back.get(true[name]) for name in LINKS}
    own = {one["figure_id"]: id_of(passage.source, one) for one in passage.read}
    if links["same_as"] is None:
        links["same_as"] = again.get(key)
    right = all(own.get(row[name]) == links[name] for name in links)
    right &= row["aid_type"] == true["aid"]  # no row is wrong for it, but facts go by it
    if right and not wrong_fields(row, true) and number_is_right(row, true):
        return Decision(key, "accept")
    fields = {name: true[name] for name in CORRECTABLE if name in true}
    return Decision(key, "correct", None, fields | links | {
        "item": _first(true["item"]), "aid_type": true["aid"],
    })  # fmt: skip


def missed(passage: Passage, start: int, end: int) -> list[dict[str, Any]]:
    """The coded figures of a stretch of text that were not read, as one who looks states them."""
    found = set(passage.pairs.values())
    return [
        {name: row[name] for name in CORRECTABLE if row.get(name) is not None}
        for k, row in enumerate(passage.coded)
        if k not in found and start <= row["start"] < end
    ]

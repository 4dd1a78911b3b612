"""What the page shows of a figure: its words with two sentences around them, its fields with what
they could be otherwise, and the figures that it may belong to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from extractors.text.surroundings import around
from ledger.figure import LINKS, VOCABULARY
from ledger.review.doubt import CERTAIN
from ledger.review.offered import OPEN, nearest, offered
from ledger.review.review import CORRECTABLE, REQUIRED, written
from ledger.review.wording import amount_words
from ledger.series import ACTORS
from ledger.store.frames import FIGURE_DTYPES
from reports.actor_names import actor_name
from reports.page.marked import Piece, Span, pieces, printable

if TYPE_CHECKING:
    from ledger.figure import Source
    from ledger.review.filled import Made
    from ledger.review.queue import Entry
    from ledger.store.snapshot import Snapshot

FIRST = ("donor", "recipient", "party", "status", "basis", "item", "date")
_LEAST = 0.01  # the chance of a runner-up that is offered
_CANDIDATES = 7  # figures of one document that are offered as wholes or as the same
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field to decide on: what it holds, what it may hold (a runner-up first, then the words of
    the vocabulary), how sure its reader was, and whether the totals that are shown depend on it."""

    name: str
    value: str
    words: str
    chance: float | None
    asked: bool
    runner_up: str | None
    its_chance: float | None
    options: tuple[str, ...]
    required: bool

    @property
    def label(self) -> str:
        return self.name.replace("_", " ")

    @property
    def doubtful(self) -> bool:
        """Whether its reader was less than sure."""
        return self.chance is not None and self.chance < CERTAIN


@dataclass(frozen=True, slots=True)
class Card:
    """A figure as the page shows it."""

    record: Record
    source: Source
    passage: tuple[Piece, ...]
    fields: tuple[Field, ...]
    more: tuple[Field, ...]
    headline: str
    made: tuple[Made, ...]

    @property
    def choices(self) -> list[Field]:
        """The doubtful fields that have a runner-up, those first that the totals depend on."""
        held = [f for f in self.fields if f.doubtful and f.its_chance]
        return sorted(held, key=lambda f: (not f.asked, -(f.its_chance or 0.0)))[:4]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure that another may repeat or be a part of."""

    figure_id: str
    headline: str
    sentence: str


def cards(now: Snapshot, entry: Entry) -> list[Card]:
    """The figures of an entry, that which is decided on first: one, or a pair side by side."""
    ids = entry.ids[:2]
    records, made = now.decided_on(FIGURE_DTYPES, set(ids))
    by_id = {record["figure_id"]: record for record in records}
    held = [by_id[one] for one in ids if one in by_id]
    chances = dict(entry.fields)
    return [
        _card(now.document(r["source_id"]), r, made.get(r["figure_id"], ()), chances) for r in held
    ]


@dataclass(frozen=True, slots=True)
class Beside:
    """What else a document says: figures that this one may repeat or be a part of, those first that
    its reader half expects, then the nearest of its unit; and by field the values that they
    hold."""

    figures: tuple[Candidate, ...]
    values: Mapping[str, tuple[str, ...]]


def beside(now: Snapshot, card: Card) -> Beside:
    """What the document of a figure says around it."""
    near = now.figures_in(card.record["source_id"])
    at = near.index(card.record["figure_id"])
    by_distance = sorted(range(len(near)), key=lambda k: (abs(k - at), k))[1 : 5 * _CANDIDATES]
    records, _ = now.decided_on(FIGURE_DTYPES, {near[k] for k in by_distance})
    start, unit = card.record["start"], card.record["unit"]
    expected = _half_linked(card.record)
    records.sort(
        key=lambda r: (
            r["figure_id"] not in expected, r["unit"] != unit, abs(r["start"] - start)
        )
    )  # fmt: skip
    others = tuple(
        Candidate(r["figure_id"], headline(r), printable(r["sentence"]))
        for r in records[:_CANDIDATES]
    )
    around = nearest(card.record, sorted(records, key=itemgetter("start")))
    values = {name: tuple(map(printable, offered(name, card.record, around))) for name in OPEN}
    return Beside(others, values)


def _half_linked(record: Record) -> set[str]:
    """The figures to which links of a figure would lead that lead elsewhere or nowhere."""
    choices = json.loads(record["choices"] or "{}")
    told = [choices[name] for name in LINKS if name in choices]
    return {one["runner_up"] for one in told if (one["its_probability"] or 0.0) >= _LEAST}


def headline(record: Record) -> str:
    """``USD 400 million, military aid``."""
    bounds = [record[name] for name in ("value", "low", "high")]
    numbers = bounds[:1] if bounds[0] is not None else [n for n in bounds[1:] if n is not None]
    amount = " to ".join(amount_words(number, record["unit"]) for number in numbers)
    words = (record["qualifier"] or "").replace("_", " ")
    amount = f"{words} {amount}" if words not in ("exact", "range", "") else amount
    return printable(", ".join(filter(None, (amount or record["text"], record["item"]))))


def _card(
    source: Source, record: Record, made: Sequence[Made], chances: Mapping[str, float]
) -> Card:
    first, last = around(source.text, record["start"], record["end"])
    span = Span(record["figure_id"], record["start"] - first, record["end"] - first)
    fields = {field.name: field for field in _fields(record, chances)}
    return Card(
        record=record,
        source=source,
        passage=tuple(pieces(source.text[first:last], [span])),
        fields=tuple(fields[name] for name in FIRST),
        more=tuple(field for name, field in fields.items() if name not in FIRST),
        headline=headline(record),
        made=tuple(made),
    )


def _fields(record: Record, chances: Mapping[str, float]) -> Iterator[Field]:
    """``chances`` are those of the fields that the question uses; of others the reader's own."""
    choices = json.loads(record["choices"] or "{}")
    for name in CORRECTABLE:
        value, told = record[name], choices.get(name, {})
        its, runner_up = told.get("its_probability"), told.get("runner_up")
        its = its if its and its >= _LEAST else None
        text = "" if value is None else written(value)
        words = actor_name(text) if name in ACTORS and text else ""
        options = dict.fromkeys((text, *((runner_up or "",) if its else ()), ""))
        if name in REQUIRED:
            options.pop("", None)
        vocabulary = VOCABULARY.get(name, ())
        yield Field(
            name=name,
            value=printable(text),
            words=printable(words) if words != text else "",
            chance=chances.get(name, told.get("probability")),
            asked=name in chances,
            runner_up=None if not its else printable(runner_up or ""),
            its_chance=its,
            options=tuple(map(printable, dict.fromkeys((*options, *vocabulary))))
            if vocabulary
            else (),
            required=name in REQUIRED,
        )

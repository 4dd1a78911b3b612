"""Two readings of a document as one: a model's where it stands, the built-in reader's beside it.

The figures of the result are the model's choices with how sure both readers together are; what the
built-in reader chose is the record's ``other``, with the fields that kept its choice and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from math import prod
from typing import Any

from extractors.fitted.answers import without_circles
from extractors.links.includes import includes
from extractors.llm.said import ACTORS, Said
from extractors.meaning.aid import aid_type_of
from extractors.meaning.choice import Choice, Link
from extractors.meaning.draft import NO_CHOICE, Draft, Role
from extractors.meaning.reader import Answers
from extractors.meaning.situation import Situation
from extractors.mentions.date_frame import DateFrame
from extractors.mentions.items import items, synonyms
from extractors.mentions.named import NOTHING, Named
from extractors.mentions.origin import Origin
from extractors.names.noun_phrases import name_of_phrase
from extractors.numbers.currencies import Home
from extractors.passage.sentence import Sentence
from extractors.text.document import read_block
from ledger.figure import OF_CONFIDENCE

RULE = "language model"
# Of the fields that a model reads, how many are right; and how many values it might say instead, so
# that two readers who say the same by chance are rare.
RIGHT, OTHERS = 0.88, 4
_UNSURE, _LEAST = 0.5, 0.02  # the chance of a choice without one, and the least of any value
_FIELDS = {"item": "item", "aid": "aid_type"}  # what the record calls a field of the answer
NOT_READ = "not answered"


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as both have read it: the built-in reader's answers, and of figures, by their
    places, what the model said; ``windows``: of figures, the window that they were asked in;
    ``problems``: of windows, what is wrong with the answer as a whole."""

    told: Answers
    reader: str  # the built-in one's name
    said: Mapping[int, Said]
    windows: Mapping[int, int]
    problems: Mapping[int, str]


def merged(reading: Reading) -> Answers:
    """The figures as the model reads them, without those that are none, and their links."""
    left = [
        k
        for k in range(len(reading.told.drafts))
        if k not in reading.said or reading.said[k].is_figure
    ]
    place = {k: n for n, k in enumerate(left)}
    drafts = [_draft(reading, k) for k in left]
    links = [
        replace(link, source=place[link.source], target=place[link.target])
        for link in _links(reading)
        if link.source in place and link.target in place
    ]
    return Answers(tuple(drafts), (*links, *includes(drafts)))


def _draft(reading: Reading, k: int) -> Draft:
    """A figure with the choices of the two; durations are the built-in reader's."""
    told, said = reading.told.drafts[k], reading.said.get(k)
    if said is None:
        if k not in reading.windows:
            return told
        kept = {"figure": reading.problems.get(reading.windows[k], NOT_READ)}
        return Draft(
            told, told.role, told.choices, listed=told.listed, confidence=told.confidence,
            other=_other(reading, told, kept),
        )  # fmt: skip
    choices = dict(told.choices)
    for name, value in said.values.items():
        own = _FIELDS.get(name, name)
        choices[own] = _choice(told, own, value, said.words.get(name, ""))
    named = told.named
    if "item" in said.values:
        counted = told.quantity.dimension == "count"
        named = named_as(said.values["item"], said.words.get("item", ""), counted)
        if named.item == told.item:  # and known by more than its words
            named = replace(told.named, item=told.item)
        choices["item"] = _choice(told, "item", named.item, said.words.get("item", ""))
    _hold_together(choices)
    status = choices.get("status", NO_CHOICE)
    given = any(choices.get(name, NO_CHOICE).value for name in ("donor", "recipient"))
    role = Role(status.value, None, status.words, 0, given)
    sure = prod(choices.get(name, NO_CHOICE).probability or _UNSURE for name in OF_CONFIDENCE)
    return Draft(
        named_so(told, named), role, choices, listed=told.listed, confidence=sure,
        other=_other(reading, told, said.kept),
    )  # fmt: skip


def _hold_together(choices: dict[str, Choice]) -> None:
    """What no figure can be, where the fields of two readers meet."""
    dated, begun = choices.get("date", NO_CHOICE), choices.get("since", NO_CHOICE)
    adds_up = choices.get("basis", NO_CHOICE).value in ("total", "level")
    if begun.value and not (adds_up and (dated.value is None or begun.value <= dated.value)):
        choices["since"] = begun.but(None)
    if any(choices.get(name, NO_CHOICE).value for name in ACTORS[:2]):
        party = choices.get("party", NO_CHOICE)
        choices["party"] = party.but(None)


def _choice(told: Draft, name: str, value: str | None, words: str) -> Choice:
    """What the model says of a field, and how sure that is beside what the built-in reader says."""
    own = told.choice(name)
    before = _chance(own, value)
    wrong = (1 - RIGHT) / OTHERS
    sure = RIGHT * before / (RIGHT * before + wrong * (1 - before))
    if own.value != value:
        second = (own.value, 1 - sure)
    elif own.runner_up is not None:
        second = (own.runner_up[0], 1 - sure)
    else:
        second = None
    origin = Origin.WORDS if words else Origin.PUBLISHED if name == "date" else Origin.NOBODY
    told_by = words or ("published" if name == "date" and value else "")
    return Choice(value, told_by if value else "", RULE, origin, sure, second)


def _chance(own: Choice, value: str | None) -> float:
    """How likely a value is to the built-in reader."""
    if own.probability is None:
        chance = _UNSURE if own.value == value else _LEAST
    elif own.value == value:
        chance = own.probability
    elif own.runner_up is not None and own.runner_up[0] == value:
        chance = own.runner_up[1]
    else:
        chance = _LEAST
    return min(max(chance, _LEAST), 1 - _LEAST)


def _other(reading: Reading, told: Draft, kept: Mapping[str, str]) -> dict[str, Any]:
    """The record's ``other``: the row of the built-in reader, and which fields keep its choice."""
    row: dict[str, Any] = {"reader": reading.reader, "item": told.item}
    row["aid_type"] = aid_type_of(told)
    row |= {name: getattr(told, name) for name in (*OF_CONFIDENCE, "date", "since")}
    row["confidence"] = None if told.confidence is None else round(told.confidence, 3)
    if kept:
        row["kept"] = {_FIELDS.get(name, name): reason for name, reason in kept.items()}
    return row


def _links(reading: Reading) -> list[Link]:
    """What the model says within a window, and the built-in reader across windows and where the
    model's link was not taken; none that closes a circle."""
    said = [
        Link(name, k, target, RULE, probability=RIGHT)  # type: ignore[arg-type]
        for k, one in sorted(reading.said.items())
        for name, target in one.links.items()
    ]
    windows = reading.windows
    own = [
        link
        for link in reading.told.links
        if link.kind != "includes"
        and (
            link.source not in reading.said
            or link.kind in reading.said[link.source].kept
            or windows.get(link.source) != windows.get(link.target)
        )
    ]
    return without_circles([*said, *own])


@cache
def named_as(item: str | None, words: str, counted: bool) -> Named:
    """The name that a model gives: the catalogue's of what is ``counted``, where it is one of
    those, and of a designation; else as it says."""
    if item is None:
        return NOTHING
    by_name = items()
    for written in (item, item.lower()) if counted else ():
        known = synonyms().get(written, written)
        if known in by_name:
            return Named.thing(by_name[known], RULE, words or None)
    block = read_block(item, 0, len(item), 0)
    entry = None
    if len(block.sentences) == 1:
        sentence = Sentence(block, 0, DateFrame(None), Home())
        found = name_of_phrase(sentence, 0, len(sentence.tokens))
        entry = found.entry
        if entry is not None and entry.designation:
            return Named.thing(entry, RULE, words or None)
    return Named(item, words or None, entry, rule=RULE)


def named_so(figure: Situation, named: Named) -> Situation:
    """A figure where it stands, of another name."""
    own = {f.name: getattr(figure, f.name) for f in fields(Situation)}
    return Situation(**own | {"named": named})

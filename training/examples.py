"""Coded passages as examples: a window's arrays and what the codings answer.

A coding goes with the figure of the reader's grammar that it overlaps most; one that the grammar
does not find teaches nothing, and one that is not coded is no figure.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pairing import by_overlap

from extractors.fitted.features import (
    ACTORS,
    AID,
    DATES,
    IMPLIED,
    STATUS,
    Candidate,
    Inputs,
    Pieces,
    inputs_of,
    is_seen,
)
from extractors.fitted.windows import Window, windows
from extractors.meaning.reader import Answers
from extractors.meaning.situation import Situation
from extractors.passage.context import Context
from extractors.pipeline import situations_of
from extractors.rules.rule_reader import RuleReader
from ledger.figure import BASES, LINKS, make_source

Coding = Mapping[str, Any]
Bits = NDArray[np.int8]

_WORD = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A coded text: its codings, its document and the fold that this is held out in."""

    id: str
    document: str
    fold: int
    source: str
    codings: tuple[Coding, ...]
    situations: tuple[Situation, ...]
    told: Answers  # what the rules say of them
    of: tuple[int | None, ...]  # for each situation its coding


@dataclass(frozen=True, slots=True)
class Example:
    """A window with its answers: arrays by name, in the shapes of the scorer's odds."""

    passage: Passage
    window: Window
    inputs: Inputs
    answers: dict[str, NDArray[Any]]


def passages(path: Path, fold: int | None = None, without: Sequence[int] = ()) -> Iterator[Passage]:
    """The coded passages of a file of JSON lines: of one fold, or of all but some."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            own = int(row.get("fold", -1))
            if own in without or fold not in (None, own):
                continue
            source = make_source(
                row["text"],
                published=row.get("published"),
                title=row.get("title") or None,
                url=row.get("url") or None,
                source_id=row["id"],
            )
            situations = situations_of(Context(source))
            codings = tuple(row["figures"])
            yield Passage(
                row["id"],
                row.get("document") or row["id"],
                own,
                row.get("source") or path.stem,
                codings,
                tuple(situations),
                RuleReader().read(situations),
                _paired(situations, codings),
            )


def _paired(situations: Sequence[Situation], codings: Sequence[Coding]) -> tuple[int | None, ...]:
    """For each figure the coding that it overlaps most, one to one."""
    places = [(coding["start"], coding["end"]) for coding in codings]
    return by_overlap([span_of(situation) for situation in situations], places)


def span_of(situation: Situation) -> tuple[int, int]:
    """The place of a figure in its document."""
    tokens, quantity = situation.sentence.tokens, situation.quantity
    return situation.sentence.block.span(
        tokens.start[quantity.first], tokens.end[quantity.last - 1]
    )


def stems(words: str) -> tuple[str, ...]:
    """The words of an item without plural endings, as the scorer of the codings compares them."""
    out = []
    for word in _WORD.findall(words.lower()):
        if len(word) > 3 and word.endswith("ies"):
            word = word[:-3] + "y"
        elif len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses")):
            word = word[:-2]
        elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
            word = word[:-1]
        out.append({"men": "man", "people": "person"}.get(word, word))
    return tuple(out)


def frequent_items(found: Iterable[Passage], most: int = 250, least: int = 4) -> list[str]:
    """The items that are coded most, each as it is written most."""
    written: dict[tuple[str, ...], Counter[str]] = {}
    for passage in found:
        for coding in passage.codings:
            for item in str(coding["item"] or "").split("/"):
                if stems(item):
                    written.setdefault(stems(item), Counter())[item.strip()] += 1
    ranked = sorted(written.values(), key=lambda c: -c.total())[:most]
    return [c.most_common(1)[0][0] for c in ranked if c.total() >= least]


def examples(found: Iterable[Passage], pieces: Pieces, items: Sequence[str]) -> Iterator[Example]:
    """The windows of passages with their answers."""
    classes = {stems(item): k for k, item in enumerate(items)}
    for passage in found:
        for window in windows(passage.told.drafts):
            inputs = inputs_of(window, passage.told, pieces)
            yield Example(passage, window, inputs, _answers(passage, window, inputs, classes))


def _answers(
    passage: Passage, window: Window, inputs: Inputs, classes: Mapping[tuple[str, ...], int]
) -> dict[str, NDArray[Any]]:
    """What is right, figure by figure. ``coded`` (f): 1 where a coding answers; choices among
    candidates (f, n) have 1 for each that is right, the last columns for what is no candidate."""
    f, t = len(window.figures), len(inputs.arrays["ids"])
    people, days = len(inputs.actors), len(inputs.dates)
    at = {k: n for n, k in enumerate(window.figures)}
    by_coding = {passage.of[k]: n for k, n in at.items() if passage.of[k] is not None}
    out: dict[str, NDArray[Any]] = {
        "coded": np.zeros(f, np.int8),
        "seen": np.array([is_seen(inputs, n) for n in range(f)], np.int8),
        "status": np.zeros(f, np.int8),
        "basis": np.zeros(f, np.int8),
        "aid": np.full(f, -1, np.int8),
        **{name: np.zeros((f, people + 1 + len(IMPLIED)), np.int8) for name in ACTORS},
        "date": np.zeros((f, days), np.int8),
        "since": np.zeros((f, days + 1), np.int8),
        **{name: np.zeros((f, f + 1), np.int8) for name in LINKS},
        "item_start": np.zeros((f, t), np.int8),
        "item_end": np.zeros((f, t), np.int8),
        "item": np.zeros((f, len(classes) + 2), np.int8),
    }
    words = _words(inputs, window)
    for k, n in at.items():
        place = passage.of[k]
        if place is None:
            continue
        coding = passage.codings[place]
        out["coded"][n] = 1
        out["status"][n] = STATUS.index(coding["status"])
        out["basis"][n] = BASES.index(coding["basis"])
        if "aid" in coding and coding["dimension"] == "money":
            out["aid"][n] = AID.index(coding["aid"])
        for name in ACTORS:
            out[name][n] = _actor_bits(inputs.actors, coding[name])
        for name, never in (("date", "since"), ("since", "published")):
            may = [DATES[c.form] != never for c in inputs.dates]
            found = [_says(c.value, coding[name]) for c in inputs.dates]
            out[name][n, : len(found)] = np.logical_and(may, found)
        out["since"][n, -1] = not coding["since"]
        for name in LINKS:
            target = coding[name]
            out[name][n, f if target is None else by_coding.get(target, n)] = 1
            out[name][n, n] = 0
        _item_bits(out, n, coding["item"], words, classes, passage.told.drafts[k].item)
    return out


def _says(iso: str, coded: str | None) -> bool:
    return bool(coded and iso and iso[:10].startswith(coded))


def _actor_bits(actors: Sequence[Candidate], coded: str | None) -> list[bool]:
    codes = (coded or "").split("+")
    named = [c.value in codes for c in actors]
    return [*named, not coded, *(code in codes for code in IMPLIED)]


def _words(inputs: Inputs, window: Window) -> list[tuple[str, int, int]]:
    """The words of a window, each with its first and its last token."""
    out: list[tuple[str, int, int]] = []
    edges = inputs.arrays["words"]
    first = None
    for k, (number, start, end) in enumerate(inputs.places):
        if edges[k] & 1:
            first = (k, start)
        if edges[k] & 2 and first is not None:
            plain = window.pieces[number].sentence.block.plain
            out += [(stem, first[0], k) for stem in stems(plain[first[1] : end])]
            first = None
    return out


def _item_bits(
    out: dict[str, NDArray[Any]],
    n: int,
    coded: str | None,
    words: Sequence[tuple[str, int, int]],
    classes: Mapping[tuple[str, ...], int],
    named: str | None,
) -> None:
    """Where an item stands, which frequent one it is, and whether the figure's name is right.

    The first class is no item, the last the name that the grammar gives the figure.
    """
    if coded is None:
        out["item"][n, 0] = 1
        return
    for item in str(coded).split("/"):
        wanted = stems(item)
        if not wanted:
            continue
        for k in range(len(words) - len(wanted) + 1):
            if tuple(w for w, _, _ in words[k : k + len(wanted)]) == wanted:
                out["item_start"][n, words[k][1]] = 1
                out["item_end"][n, words[k + len(wanted) - 1][2]] = 1
        if wanted in classes:
            out["item"][n, 1 + classes[wanted]] = 1
        if named is not None and same_item(named, item):
            out["item"][n, -1] = 1


def same_item(found: str, coded: str) -> bool:
    """Whether two names say the same: equal, or at least half of their words in common."""
    a, b = set(stems(found)) - {"system"}, set(stems(coded)) - {"system"}
    return a == b or bool(a and b and len(a & b) / len(a | b) >= 0.5)

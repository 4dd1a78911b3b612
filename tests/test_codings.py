"""The coded passages that a clone can fit on (``training/codings``) keep to the codebook."""

from __future__ import annotations

import re
from typing import Any

import pytest

from grammar import CODINGS, coded
from ledger.figure import AID_TYPES, BASES, DIMENSIONS, QUALIFIERS, STATUSES

FILES = sorted(path.stem for path in CODINGS.glob("*.jsonl"))
ALLOWED: dict[str, set[str | None]] = {
    "dimension": set(DIMENSIONS),
    "qualifier": set(QUALIFIERS),
    "status": {None, *STATUSES},
    "basis": set(BASES),
    "aid": {None, *AID_TYPES},
}
FIELDS = {
    *ALLOWED, "start", "end", "text", "unit", "value", "low", "high", "item", "donor", "recipient",
    "party", "date", "since", "same_as", "part_of",
}  # fmt: skip
DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def faults(passage: dict[str, Any]) -> list[str]:
    """What in a passage is against the codebook."""
    out: list[str] = []
    figures = passage["figures"]
    for k, figure in enumerate(figures):
        wrong = [name for name, may in ALLOWED.items() if figure[name] not in may]
        wrong += FIELDS ^ figure.keys()
        if passage["text"][figure["start"] : figure["end"]] != figure["text"]:
            wrong.append("text")
        if figure["party"] and (figure["donor"] or figure["recipient"]):
            wrong.append("party")
        if figure["donor"] and figure["donor"] == figure["recipient"]:
            wrong.append("recipient")
        if figure["same_as"] is not None and not 0 <= figure["same_as"] < k:
            wrong.append("same_as")
        if figure["part_of"] is not None and figure["part_of"] not in {*range(len(figures))} - {k}:
            wrong.append("part_of")
        for name in ("date", "since"):
            if figure[name] is not None and not DATE.fullmatch(figure[name]):
                wrong.append(name)
        out += [f"{passage['id']} {figure['text']}: {name}" for name in wrong]
    return out


@pytest.mark.parametrize("name", FILES)
def test_codings_keep_to_the_codebook(name: str) -> None:
    assert [fault for passage in coded(name) for fault in faults(passage)] == []


@pytest.mark.parametrize("name", FILES)
def test_every_passage_has_a_name_of_its_own_and_a_fold(name: str) -> None:
    passages = coded(name)
    assert len({passage["id"] for passage in passages}) == len(passages) > 300
    assert {passage["fold"] for passage in passages} <= set(range(5))


def test_a_document_lies_in_one_fold() -> None:
    folds: dict[str, set[int]] = {}
    for passage in (passage for name in FILES for passage in coded(name)):
        folds.setdefault(passage["document"], set()).add(passage["fold"])
    assert {len(of) for of in folds.values()} == {1}


def test_what_is_against_the_codebook_is_seen() -> None:
    (passage,) = [p for p in coded("constructions") if p["text"].startswith("Norway has given")]
    assert faults(passage) == []
    for name, value in [("status", "sent"), ("party", "NOR"), ("same_as", 0), ("date", "May")]:
        figure = {**passage["figures"][0], name: value}
        assert faults({**passage, "figures": [figure]}) == [f"{passage['id']} 22: {name}"]

"""Qualifiers, against a corpus and the examples and phrases of the catalogue."""

from __future__ import annotations

from typing import Any

import pytest

from extractors.catalogue import load
from grammar import cases, check, read


@pytest.mark.parametrize("case", cases("qualifiers"))
def test_corpus(case: dict[str, Any]) -> None:
    check(case)


@pytest.mark.parametrize("example", load("qualifiers")["example"], ids=lambda e: e["text"])
def test_examples_of_the_catalogue(example: dict[str, Any]) -> None:
    assert [f.qualifier for f in read(example["text"])] == [example["qualifier"]]


@pytest.mark.parametrize(
    ("qualifier", "phrase"),
    [(q, p) for q, phrases in load("qualifiers")["before"].items() for p in phrases],
)
def test_every_phrase_before_a_number(qualifier: str, phrase: str) -> None:
    gap = "" if phrase.endswith("-") else " "
    [figure] = read(f"We saw {phrase}{gap}45 kilometres there.")
    assert figure.qualifier == qualifier


@pytest.mark.parametrize(
    ("qualifier", "phrase"),
    [(q, p) for q, phrases in load("qualifiers")["after"].items() for p in phrases],
)
def test_every_phrase_behind_a_number(qualifier: str, phrase: str) -> None:
    gap = "" if phrase[0] in "-+" else "-" if phrase == "plus" else " "
    [figure] = read(f"We saw 45 kilometres{gap}{phrase}.")
    assert figure.qualifier == qualifier

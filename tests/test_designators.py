"""Numbers that are no figures, against a corpus."""

from __future__ import annotations

from typing import Any

import pytest

from extractors.catalogue import load
from grammar import cases, check, read


@pytest.mark.parametrize("case", cases("designators"))
def test_corpus(case: dict[str, Any]) -> None:
    check(case)


@pytest.mark.parametrize("word", load("designators")["before"])
def test_every_numbering_word(word: str) -> None:
    counts = [f for f in read(f"It stands in {word} 47, as they said.") if f.dimension != "time"]
    assert not counts


@pytest.mark.parametrize("model", load("designators")["models"])
def test_models(model: str) -> None:
    assert not read(f"The {model} Max is back.")

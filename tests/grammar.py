"""What the quantity grammar reads in a text, for the tests of its modules, and their corpora.

A corpus (``corpus/<name>.toml``) is a list of ``[[case]]``: a ``text`` and the ``figures`` that
must be read in it, in order, each with the fields that the case is about; none where nothing may
be read.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from extractors.mentions.date_frame import DateFrame
from extractors.numbers.currencies import Home
from extractors.numbers.qualifiers import qualify
from extractors.passage.sentence import Sentence
from extractors.text.document import read_block

CORPUS = Path(__file__).parent / "corpus"
CODINGS = Path(__file__).parents[1] / "training" / "codings"
_NUMBERS = ("value", "low", "high")


@dataclass(frozen=True)
class Read:
    """One quantity as read: its words, its numbers and what it is."""

    text: str
    dimension: str
    unit: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    qualifier: str
    per: str | None
    noun: str | None


def read(text: str, home: Home | None = None, published: date | None = None) -> list[Read]:
    """Every quantity of a text of one paragraph."""
    block = read_block(text, 0, len(text), 0)
    out: list[Read] = []
    for number in range(len(block.sentences)):
        sentence = Sentence(block, number, DateFrame(published), home or Home())
        tokens = sentence.tokens
        for q in sentence.quantities:
            exact = qualify(tokens, q, q.noun[1] if q.noun else q.after)
            first, last = block.span(tokens.start[q.first], tokens.end[q.last - 1])
            noun = tokens.words(*q.noun) if q.noun else None
            out.append(
                Read(
                    text[first:last], q.dimension, q.unit, exact.value, exact.low, exact.high,
                    exact.qualifier, q.per, noun,
                )
            )  # fmt: skip
    return out


def cases(name: str) -> list[Any]:
    """The cases of a corpus, as pytest parameters named by their text."""
    import pytest

    rows = tomllib.loads((CORPUS / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    return [pytest.param(row, id=row["text"][:60]) for row in rows]


def coded(name: str) -> list[dict[str, Any]]:
    """The coded passages of a file of ``training/codings``."""
    lines = (CODINGS / f"{name}.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
    return [json.loads(line) for line in lines]


def check(case: dict[str, Any]) -> None:
    """Hold that the figures of a case are read, and no others."""
    home = Home(case.get("dollar", "USD"), case.get("country"))
    found = read(case["text"], home)
    assert [f.text for f in found] == [w["text"] for w in case["figures"]], found
    for figure, wanted in zip(found, case["figures"], strict=True):
        for name, value in wanted.items():
            have = getattr(figure, name)
            if name in _NUMBERS:
                assert have is not None, (name, figure)
                assert have == Decimal(str(value)), (name, figure)
            else:
                assert have == value, (name, figure)

"""Which documents are not in English, and what is read of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import run
from extractors.catalogue import load
from extractors.explain import explain
from extractors.meaning.built_in import built_in_name
from extractors.pipeline import extract
from extractors.text.language import foreign_language
from grammar import cases

GERMAN = (
    "Deutschland hat der Ukraine am Montag Haubitzen und mehr Geld zugesagt, teilte das"
    " Ministerium in Berlin mit. Das sind {} mehr als im Jahr zuvor. Norwegen gibt den Rest."
)
NORWEGIAN = (
    "Norge har mandag lovet Ukraina 14 haubitser og 3 milliarder kroner, opplyser departementet i"
    " Oslo. Det er {} mer enn i fjor. Danmark gir resten, sier forsvarsministeren."
)


@pytest.mark.parametrize("case", cases("languages"))
def test_corpus(case: dict[str, Any]) -> None:
    assert (foreign_language(case["text"]) or "") == case["language"]


def test_half_a_character_is_no_fault() -> None:
    assert foreign_language(f"\ud800 {GERMAN.format(14)} \udfff") == "German"


@pytest.mark.parametrize("example", load("languages")["example"], ids=lambda e: e["text"][:20])
def test_examples_of_the_catalogue(example: dict[str, Any]) -> None:
    found = extract(example["text"])
    assert [f"{figure.value} {figure.unit}" for figure in found] == example["figures"]
    assert {figure.status or figure.item or figure.date for figure in found} == {None}
    assert {figure.reader for figure in found} == {built_in_name()}
    assert {figure.reader for figure in extract(example["text"], reader="none")} == {"none"}
    assert [e.figure for e in explain(example["text"])] == found


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("€500", 500), ("500 €", 500), ("EUR 12 000", 12_000), ("12 000 EUR", 12_000),
        ("CHF 1'250'000", 1_250_000), ("€1.250.000", 1_250_000), ("€2,50", 2.5), ("£7", 7),
        ("20 %", 20), ("20%", 20), ("12,5 %", 12.5), ("0.5%", 0.5),
        ("€1.500", None), ("$1,500", None), ("€3 Milliarden", None), ("€3 Mrd", None),
        ("3 Mrd. EUR", None), ("€20 млн", None), ("500 Euro", None), ("20 Prozent", None),
        ("€3 milliards", None), ("14 Panzer", None), ("€5 tusen", None), ("300 km", None),
    ],
)  # fmt: skip
def test_only_what_is_alike_in_all_languages_is_read(written: str, value: float | None) -> None:
    found = [float(figure.value or 0) for figure in extract(NORWEGIAN.format(written))]
    assert found == ([] if value is None else [value])


@given(st.text(max_size=300))
def test_no_text_is_too_odd_to_judge(text: str) -> None:
    language = foreign_language(text)
    assert language is None or language


def test_one_line_says_so(tmp_path: Path) -> None:
    lines = [
        {"id": "a", "text": NORWEGIAN.format("20 %")},
        {"id": "b", "text": NORWEGIAN.format("€500")},
        {
            "id": "c",
            "text": "Norway gave Ukraine 14 howitzers on Monday, said its ministry in Oslo.",
        },
    ]
    path = tmp_path / "documents.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    result = run("extract", path, "--format", "jsonl")
    assert result.returncode == 0
    figures = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(f["source_id"], float(f["value"])) for f in figures] == [
        ("a", 20),
        ("b", 500),
        ("c", 14),
    ]
    (said,) = result.problems
    assert (
        "in Norwegian: only percentages and amounts with a currency's sign or code are read" in said
    )

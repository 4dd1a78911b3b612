"""What the rules say of figures, against a corpus of sentences of our own
(``corpus/meaning*.toml``): the built-in reader is told it, was fitted on none of these, and has
most of them right."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from extractors.meaning.built_in import BUILT_IN
from extractors.pipeline import extract
from grammar import CORPUS
from ledger.figure import Figure

PUBLISHED = "2022-10-04"
LEAST = 0.79  # the share of cases that the built-in reader has right in every field; it may rise
CASES: list[dict[str, Any]] = [
    case
    for path in sorted(CORPUS.glob("meaning*.toml"))
    for case in tomllib.loads(path.read_text("utf-8"))["case"]
]


def _parameter(case: dict[str, Any]) -> Any:
    known = pytest.mark.xfail(strict=True, raises=AssertionError, reason=case.get("xfail", ""))
    name = f"{case['kind']}: {case['text'].strip()[:50]}"
    return pytest.param(case, id=name, marks=[known] if "xfail" in case else [])


@pytest.mark.parametrize("case", [_parameter(case) for case in CASES])
def test_corpus(case: dict[str, Any]) -> None:
    have, wanted = _read(case, "rules")
    assert have == wanted


def test_the_built_in_reader_has_most_cases_right_though_it_was_fitted_on_none() -> None:
    cases = [case for case in CASES if "xfail" not in case]
    right = [have == wanted for have, wanted in (_read(case, BUILT_IN) for case in cases)]
    assert sum(right) >= LEAST * len(right)


def _read(case: dict[str, Any], reader: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The fields that a case asks for as a reader has them, and as they are."""
    figures = extract(
        case["text"],
        published=case.get("published", PUBLISHED) or None,
        title=case.get("title"),
        url=case.get("url"),
        reader=reader,
    )
    found = _chosen(figures, [wanted["text"] for wanted in case["figures"]])
    have = [_fields(figures, f, w) for f, w in zip(found, case["figures"], strict=True)]
    wanted = [{k: v for k, v in w.items() if k != "null"} | _empty(w) for w in case["figures"]]
    return have, wanted


def _chosen(figures: Sequence[Figure], texts: Sequence[str]) -> list[Figure]:
    """The figures of these texts, in this order; every other figure is passed over."""
    rest = iter(figures)
    found = [next((f for f in rest if f.text == text), None) for text in texts]
    assert None not in found, [f.text for f in figures]
    return [f for f in found if f is not None]


def _empty(wanted: dict[str, Any]) -> dict[str, None]:
    return dict.fromkeys(wanted.get("null", []))


def _fields(figures: Sequence[Figure], figure: Figure, wanted: dict[str, Any]) -> dict[str, Any]:
    """The fields that a case asks for, with links as the texts of the figures they lead to."""
    texts = {f.figure_id: f.text for f in figures}
    out: dict[str, Any] = {}
    for name in [k for k in wanted if k != "null"] + wanted.get("null", []):
        value = getattr(figure, name)
        if name in ("same_as", "part_of"):
            value = texts.get(value)
        elif name == "includes":
            value = list(dict.fromkeys(texts[v] for v in value))  # a fact stated twice is one
        out[name] = float(value) if isinstance(value, Decimal) else value
    return out

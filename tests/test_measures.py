"""Measures, durations and ages, against a corpus, the catalogue and quantulum3."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from extractors.catalogue import load
from extractors.numbers.units import unit_table
from grammar import cases, check, read
from ledger.figure import DIMENSIONS


@pytest.mark.parametrize("case", cases("measures"))
def test_corpus(case: dict[str, Any]) -> None:
    check(case)


@pytest.mark.parametrize("example", load("measures")["example"], ids=lambda e: e["text"])
def test_examples_of_the_catalogue(example: dict[str, Any]) -> None:
    [figure] = read(example["text"])
    assert (figure.unit, figure.dimension) == (example["unit"], example["dimension"])
    assert figure.value == Decimal(str(example["value"]))


@pytest.mark.parametrize("symbol", load("measures")["symbols"])
def test_every_symbol_is_read(symbol: str) -> None:
    [figure] = read(f"We saw 35 {symbol} there.")
    assert figure.unit == load("measures")["symbols"][symbol]
    assert figure.text == f"35 {symbol}"


@pytest.mark.parametrize("surface", load("measures")["units"])
def test_every_surface_is_read(surface: str) -> None:
    [figure] = read(f"We saw a 35-{surface} thing.")
    assert figure.unit == load("measures")["units"][surface]


def test_custom_units_are_not_in_the_catalogue_of_quantulum3() -> None:
    names = unit_table().units
    assert {names[n].dimension for n in load("measures")["custom"]} <= set(DIMENSIONS)


def test_names_are_those_of_quantulum3() -> None:
    from quantulum3 import load as quantulum  # type: ignore[import-untyped]

    known = set(quantulum.units().names)
    custom = set(load("measures")["custom"])
    used = {u.name for u in unit_table().surfaces.values()} - custom
    assert used <= known


def test_extraction_does_not_load_quantulum3() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from extractors.numbers.quantities import quantities; from"
        " extractors.text.tokens import"
        " tokenize; s = 'It is 350 km and 3 m/s.'; print(len(quantities(tokenize(s, 0, len(s)))));"
        " sys.exit('quantulum3' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "2\n"), done.stderr

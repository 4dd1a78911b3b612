"""What a number adds to a sum, and how precisely it is written."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from factory import make_figure
from ledger.bounds import of_qualifier, terms, written_tolerance
from ledger.table import to_frame


def numbers(row: pd.Series[Any], *names: str) -> list[float | None]:
    return [None if math.isnan(row[name]) else float(row[name]) for name in names]


@pytest.mark.parametrize(
    ("qualifier", "value", "low", "high", "expected"),
    [
        ("exact", 4, 4, 4, [4, 4, 4]),
        ("at_most", 4, None, 4, [0, 4, 4]),
        ("less_than", 4, None, 4, [0, 4, 4]),
        ("at_least", 4, 4, None, [4, 4, None]),
        ("vague", 12, 12, None, [12, 12, None]),
        ("range", None, 2, 6, [2, 4, 6]),
        ("exact", -4, -4, -4, [-4, -4, -4]),
        ("exact", None, None, None, [None, None, None]),
    ],
)
def test_terms(
    qualifier: str,
    value: int | None,
    low: int | None,
    high: int | None,
    expected: list[float | None],
) -> None:
    figure = make_figure(value=value, low=low, high=high, qualifier=qualifier, text="some")
    row = terms(to_frame([figure])).iloc[0]
    assert numbers(row, "low", "best", "high") == expected
    assert row["midpoint"] == (qualifier == "range")


@pytest.mark.parametrize(
    ("text", "value", "qualifier", "tolerance"),
    [
        ("$1.1 billion", 1.1e9, "exact", 0.05e9),
        ("$1.10 billion", 1.1e9, "exact", 0.005e9),
        ("$0.5 billion", 0.5e9, "exact", 0.05e9),
        ("$625 million", 625e6, "exact", 0.5e6),
        ("2.2bn", 2.2e9, "about", 0.05e9),
        ("5,000", 5000, "exact", 0.5),
        ("5,000", 5000, "about", 500),
        ("20 percent", 20, "about", 5),
        ("1 250 000", 1_250_000, "exact", 0.5),
        ("$1,234.50", 1234.5, "exact", 0.005),
        ("four", 4, "exact", 0.5),
        ("twenty", 20, "exact", 0.5),
        ("five thousand", 5000, "exact", 500),
        ("two billion", 2e9, "exact", 0.5e9),
        ("half a million", 500_000, "exact", 500),
        ("0", 0, "exact", 0.5),
    ],
)
def test_the_written_precision(text: str, value: float, qualifier: str, tolerance: float) -> None:
    frame = to_frame([make_figure(value=value, text=text, qualifier=qualifier)])
    assert written_tolerance(frame).iloc[0] == pytest.approx(tolerance)


def test_a_figure_without_a_number_has_no_precision() -> None:
    assert written_tolerance(to_frame([make_figure(value=None, text="?")])).isna().all()


def test_bounds_of_a_qualifier() -> None:
    four = Decimal(4)
    assert of_qualifier("about", four) == (four, four)
    assert of_qualifier("more_than", four) == (four, None)
    assert of_qualifier("at_most", four) == (None, four)

"""The tidy table: fixed columns and dtypes, and the way back."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory import make_figure
from ledger.date_bounds import date_bounds
from ledger.figure import FIELDS
from ledger.table import COLUMNS, DTYPES, empty, from_frame, to_frame

numbers = st.none() | st.decimals(
    min_value=-(10**12), max_value=10**12, places=2, allow_nan=False, allow_infinity=False
)
words = st.none() | st.text(max_size=20)


def test_columns_are_the_fields_then_the_dates() -> None:
    assert (*FIELDS, "date_start", "date_end") == COLUMNS
    assert list(to_frame([make_figure()]).columns) == list(COLUMNS)


def test_dtypes_are_the_same_with_and_without_rows() -> None:
    full, none = to_frame([make_figure(value=None, low=2, high=3)]), to_frame([])
    assert none.dtypes.equals(full.dtypes)
    assert none.dtypes.equals(empty(DTYPES).dtypes)
    assert str(full["value"].dtype) == "float64"
    assert str(full["start"].dtype) == "int64"
    assert str(full["item"].dtype) == "str"
    assert str(full["date_end"].dtype) == "datetime64[us]"


@pytest.mark.parametrize(
    ("stated", "first", "last"),
    [
        ("2022-10-03", "2022-10-03", "2022-10-03"),
        ("2022-02", "2022-02-01", "2022-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2022", "2022-01-01", "2022-12-31"),
        (None, None, None),
    ],
)
def test_dates_cover_what_is_stated(stated: str | None, first: str, last: str) -> None:
    row = to_frame([make_figure(date=stated)]).iloc[0]
    for column, day in (("date_start", first), ("date_end", last)):
        assert pd.isna(row[column]) if day is None else row[column] == pd.Timestamp(day)


@pytest.mark.parametrize(
    "wrong",
    [
        "", "3 October", "2022-13", "2022-02-30", "22-10-03", "2022-1", "0001-01-01", "0000",
        "0999-12", "3000", "9999-12-31", "10000-01",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"month|day|ISO|years 1000 to 2999"):
        date_bounds(wrong)


@given(st.lists(st.tuples(numbers, numbers, numbers, words, words), max_size=5))
def test_figures_come_back_as_they_were(rows: list[tuple[object, ...]]) -> None:
    figures = [
        make_figure(value=value, low=low, high=high, item=item, donor=donor, includes=("a", "b"))
        for value, low, high, item, donor in rows
    ]
    assert list(from_frame(to_frame(figures))) == figures


def test_a_whole_number_comes_back_whole() -> None:
    figure = make_figure(value="625000000.0")
    (back,) = from_frame(to_frame([figure]))
    assert back.value == Decimal(625_000_000)

"""Texts that a spreadsheet would take for a formula: in CSV they open with a quote."""

from __future__ import annotations

import csv
import io
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidledger.output import Format, write_rows
from reports.risky import QUOTE, RISKY, quoted

FORMULAS = tuple(f"{first}1+1" for first in RISKY)
odd_texts = st.text(st.sampled_from(["'", *RISKY, "a", " "]), max_size=6) | st.text(max_size=20)


def unquoted(text: str) -> str:
    """The text of a cell, as a review sheet is read."""
    return re.sub(QUOTE, "", text)


@given(odd_texts)
def test_no_cell_is_a_formula_and_every_text_comes_back(text: str) -> None:
    assert not quoted(text).startswith(RISKY)
    assert unquoted(quoted(text)) == text


@given(odd_texts)
def test_only_what_needs_it_is_quoted(text: str) -> None:
    assert (quoted(text) != text) == text.lstrip("'").startswith(RISKY)


@pytest.mark.parametrize("text", [*FORMULAS, "'=1", "''+1"])
def test_csv_holds_it_as_a_text(text: str) -> None:
    out = io.StringIO()
    write_rows(["title", "value"], [{"title": text, "value": -5}], Format.csv, out)
    ((cell, number),) = list(csv.reader(io.StringIO(out.getvalue(), newline="")))[1:]
    assert cell == f"'{text}"
    assert number == "-5"  # a number is none
    assert pd.Series([cell], dtype="str").replace(QUOTE, "", regex=True).tolist() == [text]


def test_json_lines_hold_every_text_as_it_is() -> None:
    out = io.StringIO()
    write_rows(["title"], [{"title": text} for text in FORMULAS], Format.jsonl, out)
    assert pd.read_json(io.StringIO(out.getvalue()), lines=True)["title"].tolist() == [*FORMULAS]

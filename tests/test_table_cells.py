"""What the numbers in cells of tables count."""

from __future__ import annotations

from typing import Any

import pytest

from extractors.pipeline import extract
from grammar import cases


@pytest.mark.parametrize("case", cases("table_cells"))
def test_corpus(case: dict[str, Any]) -> None:
    assert [figure.item or "" for figure in extract(case["text"], reader="rules")] == case["items"]


@pytest.mark.parametrize("case", cases("table_cells"))
def test_what_a_cell_counts_does_not_hang_on_the_weights(case: dict[str, Any]) -> None:
    read = extract(case["text"])
    named = [figure.item for figure, item in zip(read, case["items"], strict=True) if item]
    assert named == [item for item in case["items"] if item]

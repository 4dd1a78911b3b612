"""What the numbers in cells of tables count."""

from __future__ import annotations

from typing import Any

import pytest

from extractors.pipeline import extract
from grammar import cases


@pytest.mark.parametrize("case", cases("table_cells"))
def test_corpus(case: dict[str, Any]) -> None:
    assert [figure.item or "" for figure in extract(case["text"], reader="rules")] == case["items"]

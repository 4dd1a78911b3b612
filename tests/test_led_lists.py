"""Lists and tables whose introduction says who gives, and when."""

from __future__ import annotations

from typing import Any

import pytest

from extractors.pipeline import extract
from grammar import cases


@pytest.mark.parametrize("case", cases("led_lists"))
def test_corpus(case: dict[str, Any]) -> None:
    found = extract(case["text"], published="2023-03-07", reader="rules")
    assert [[figure.donor or "", figure.date] for figure in found] == case["figures"]

"""Counts, against a corpus."""

from __future__ import annotations

from typing import Any

import pytest

from grammar import cases, check


@pytest.mark.parametrize("case", cases("counts"))
def test_corpus(case: dict[str, Any]) -> None:
    check(case)

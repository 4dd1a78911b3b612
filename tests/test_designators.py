"""Numbers that are no figures, against a corpus."""

from __future__ import annotations

from typing import Any

import pytest

from grammar import cases, check


@pytest.mark.parametrize("case", cases("designators"))
def test_corpus(case: dict[str, Any]) -> None:
    check(case)

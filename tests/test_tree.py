"""The item tree."""

from __future__ import annotations

import pandas as pd
import pytest

from ledger.errors import LedgerError
from ledger.tree import at_level, path_of, with_descendants

TREE = {"Leopard 2A4": "Leopard 2", "Leopard 2": "tank", "tank": "armoured vehicle"}


def test_paths_run_from_the_root() -> None:
    assert path_of("Leopard 2A4", TREE) == ("armoured vehicle", "tank", "Leopard 2", "Leopard 2A4")
    assert path_of("generator", TREE) == ("generator",)


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (0, "armoured vehicle"),
        (1, "tank"),
        (2, "Leopard 2"),
        (3, "Leopard 2A4"),
        (9, "Leopard 2A4"),
    ],
)
def test_levels(level: int, expected: str) -> None:
    items = pd.Series(["Leopard 2A4", None, "generator"], dtype="str")
    raised = at_level(items, level, TREE)
    assert raised[0] == expected
    assert pd.isna(raised[1])
    assert raised[2] == "generator"


def test_descendants() -> None:
    items = ["Leopard 2A4", "tank", "generator"]
    assert with_descendants(["tank"], items, TREE) == {"Leopard 2A4", "tank"}
    assert with_descendants(["Leopard 2"], items, TREE) == {"Leopard 2A4"}


def test_a_loop_is_an_error() -> None:
    with pytest.raises(LedgerError, match="loop at 'tank'"):
        path_of("tank", {"tank": "vehicle", "vehicle": "tank"})

"""Source lines: who is credited, and how."""

from __future__ import annotations

import pandas as pd
import pytest

from reports.credits import credit

SITE = "https://www.bidenwhitehouse.archives.gov/briefing-room/statements-releases/2022/03/16/a/"


def sources(*rows: tuple[str | None, str | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["title", "publisher", "url"])


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([("A", None, SITE), ("B", None, SITE)], "White House statements (2)"),
        ([("A", "Example Times", SITE), ("B", "Example Times", None)], "Example Times (2)"),
        ([("Arms table", "Example Institute", None)], "Example Institute: Arms table"),
        ([("A", "Harbour Wire (example)", None), ("B", "Harbour Wire (example)", None),
          ("C", "Aid Monitor", None)], "Harbour Wire (example; 2) and Aid Monitor (1)"),
        ([("A", None, "https://www.example.org/a"), ("B", None, "https://example.org/b")],
         "example.org (2)"),
        ([("A", None, None)], "1 document without a publisher"),
        ([("A", None, "http://["), ("B", " ", "notes/b.txt")], "2 documents without a publisher"),
        ([("A", None, None)] * 3 + [("B", "Example Times", None)] * 2,
         "Example Times (2) and 3 documents without a publisher"),
        ([(None, f"P{n}", None) for n in range(6)], "P0 (1), P1 (1), P2 (1) and 3 others"),
    ],
)  # fmt: skip
def test_publishers_are_credited(
    rows: list[tuple[str | None, str | None, str | None]], line: str
) -> None:
    assert credit(sources(*rows), read=True) == f"{line}; read by aidledger"
    assert credit(sources(*rows), read=False) == f"{line}; added up by aidledger"


def test_nobody_is_credited_for_nothing() -> None:
    assert credit(sources(), read=True) is None

"""Workbooks for tests: a few figures of every kind, written and opened again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from factory import make_figure, make_money, source_of
from ledger.figure import Figure
from ledger.table import to_frame
from reports.workbook.book import Book
from reports.workbook.saving import save
from reports.workbook.workbook import write_workbook


def sources_of(figures: list[Figure]) -> pd.DataFrame:
    ids = list(dict.fromkeys(figure.source_id for figure in figures))
    kept = [
        source_of(
            [figure for figure in figures if figure.source_id == source_id],
            title=f"Statement {source_id}",
            url=f"https://example.org/{source_id}",
        )
        for source_id in ids
    ]
    names = ("source_id", "title", "publisher", "url", "published", "accessed", "sha256")
    return pd.DataFrame(
        [{n: getattr(s, n) for n in names} for s in kept], columns=names, dtype="str"
    )


FIGURES = [
    make_money(625_000_000, "a", date="2022-10-04"),
    make_money(2_200_000_000, "b", date="2022-12", donor="DEU", unit="EUR", qualifier="at_least"),
    make_figure("a", value=4, date="2022-10-04", status="delivered"),
    make_figure("b", value=None, low=20, high=30, qualifier="range", date=None),
    make_figure("b", dimension="percent", unit="percent", value="33.5", item="territory",
                donor=None, recipient=None, party="UKR", status="captured", basis="level"),
]  # fmt: skip


HIMARS = make_figure("seed", value=4, date="2022-10-04")
TANKS = {"item": "tank", "donor": None, "recipient": None, "party": "RUS", "status": "destroyed"}
BALANCED = [
    make_figure("seed", value=16, date="2022-09-01", status="delivered"),
    HIMARS,
    make_figure("seed", value=20, date="2022-10-04", status="delivered", basis="total",
                includes=[HIMARS.figure_id]),
    make_figure("seed", value=25, date="2022-11-10", status="delivered", basis="total"),
    make_figure("seed", value=22, date="2022-11-20", status="delivered", basis="total"),
    make_figure("seed", value=3, date="2022-11-12", status="cancelled"),
    make_figure("seed", value=9, date="2022-11-12", basis="total", since="2022-11"),
    make_figure("seed", **TANKS, value=None, low=10, high=20, qualifier="range", date="2022-11-08"),
    make_figure("seed", **TANKS, value=500, basis="total", since="2022-02-24", date="2022-11-08"),
    make_figure("seed", **TANKS, value=520, basis="total", since="2022-02-24", date="2022-11-18"),
]  # fmt: skip


def written(folder: Path, figures: list[Figure] = FIGURES, **options: Any) -> Path:
    return write_workbook(folder / "aid.xlsx", to_frame(figures), sources_of(figures), **options)


def saved(book: Book, path: Path) -> None:
    with path.open("wb") as file:
        save(book.workbook, book.lines, file, datetime(2022, 10, 4))


def columns(sheet: Any) -> dict[str, str]:
    """The letter of each column, by its header."""
    return {cell.value: cell.column_letter for cell in sheet[1]}

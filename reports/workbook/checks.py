"""The sheet Checks: every stated total beside the sum of what came before it, worked out live.

The formulas add up the sheet Facts cell by cell; what the ledger worked out stands beside them, and
``same`` says whether both agree. Change a number on Facts and the check follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from openpyxl.utils import get_column_letter

from ledger.bounds import terms
from ledger.rows import Rows, Table
from ledger.series import SERIES
from reports.workbook.book import place
from reports.workbook.columns import columns_of, described
from reports.workbook.tables import Layout

if TYPE_CHECKING:
    from collections.abc import Callable

STORED = {
    "live_amount": "amount",
    "live_sum": "best",
    "live_expected": "expected",
    "live_gap": "gap",
}
"""Each column of formulas and the column of the results that they must come to."""
_NUMBERS = ["fact_id", "value", "low", "high"]
_SAME = "ABS({0}-{1})<=0.000001*MAX(1,ABS({0}))"


@dataclass(frozen=True)
class FactCells:
    """Where each fact's numbers stand on the sheet Facts."""

    facts: Rows
    layout: Layout

    def best(self, asked: set[str]) -> dict[str, tuple[str, float]]:
        """For each fact asked for, its best number as a formula and as it is.

        That is its value, or the middle of its range, or the one bound that there is.
        """
        columns = enumerate(columns_of("facts", self.facts.empty), 1)
        letters = {column.name: get_column_letter(number) for number, column in columns}
        rows = self.facts.frame(_NUMBERS)
        rows = rows[rows["fact_id"].isin(asked)]
        number = terms(rows)["best"]
        found = {}
        for index, fact_id, value, low, high in rows[_NUMBERS].itertuples(name=None):
            known = {"value": value, "low": low, "high": high}
            cells = [self._cell(index, letters[name]) for name, of in known.items() if pd.notna(of)]
            if cells:
                middle = pd.isna(value) and len(cells) == 2
                formula = f"({'+'.join(cells)})/2" if middle else cells[0]
                found[fact_id] = (formula, float(number[index]))
        return found

    def _cell(self, index: int, letter: str) -> str:
        title, row = self.layout.row_of(index)
        return place(title, f"{letter}{row}")


def with_formulas(
    balances: pd.DataFrame, facts: Table, facts_layout: Layout, layout: Layout
) -> pd.DataFrame:
    """The balance rows of :func:`ledger.reconcile.reconcile` with a live column beside each number.

    Adds ``live_amount``, ``live_sum``, ``live_expected`` and ``live_gap`` as pairs of formula and
    result, and ``same``, a formula.
    """
    names = [column.name for column in described("checks")]
    letters = {name: get_column_letter(number) for number, name in enumerate(names, 1)}
    best = FactCells(Rows.of(facts), facts_layout).best(set(balances["fact_id"].dropna()))
    rows = balances.reset_index(drop=True)
    live: dict[str, list[Any]] = {name: [None] * len(rows) for name in (*STORED, "same")}
    for group in _series(rows):
        for index, formulas in _formulas(group, best, _refer(layout, letters)):
            for name, formula in formulas.items():
                live[name][index] = formula
    for name, stored in STORED.items():
        results = zip(live[name], rows[stored], strict=True)
        live[name] = [formula and (formula, result) for formula, result in results]
    return rows.assign(**live)


def _series(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for _, group in rows.groupby(list(SERIES), dropna=False, sort=False):
        yield group


def _refer(layout: Layout, letters: Mapping[str, str]) -> Callable[[int, str, int], str]:
    """How the row ``index`` of Checks is called by its row ``seen_from``."""

    def refer(index: int, column: str, seen_from: int) -> str:
        title, row = layout.row_of(index)
        cell = f"{letters[column]}{row}"
        return cell if layout.row_of(seen_from)[0] == title else place(title, cell)

    return refer


def _formulas(
    group: pd.DataFrame,
    best: Mapping[str, tuple[str, float]],
    refer: Callable[[int, str, int], str],
) -> Iterator[tuple[int, dict[str, str]]]:
    """The formulas of one series, row by row.

    The sum runs from row to row; a total is expected to be the total before it (of those that count
    from the same day) and what was added in between, the first what was added since its start.
    """
    rows = group.to_dict("index")
    openings = [int(str(key)) for key, row in rows.items() if row["entry"] == "opening"]
    above: int | None = None
    total_before: dict[Any, int] = {}
    for key, row in rows.items():
        index = int(str(key))
        if row["entry"] == "opening":
            continue
        formulas = {}
        if row["fact_id"] in best:
            formulas["live_amount"] = _signed(*best[row["fact_id"]], row["amount"])
        carried = "0" if above is None else refer(above, "live_sum", index)
        counts = row["entry"] == "delta" and "live_amount" in formulas
        added = f"+{refer(index, 'live_amount', index)}" if counts else ""
        formulas["live_sum"] = carried + added
        if row["entry"] == "total":
            chain = None if pd.isna(row["since"]) else row["since"]
            first = chain not in total_before
            base = _eve(group, row["since"]) if first else total_before[chain]
            formulas["live_expected"] = _expected(base, first, index, refer)
            gap = (refer(index, name, index) for name in ("live_amount", "live_expected"))
            formulas["live_gap"] = "-".join(gap)
            compared = (refer(index, name, index) for name in ("live_gap", "gap"))
            formulas["same"] = _SAME.format(*compared)
            total_before[chain] = index
        else:
            compared = (refer(index, name, index) for name in ("live_sum", "best"))
            formulas["same"] = _SAME.format(*compared)
        above = index
        yield index, formulas
    for index in openings:
        total = _opened_by(group, rows[index])
        yield index, {"live_amount": refer(total, "live_gap", index)}


def _signed(formula: str, number: float, booked: float) -> str:
    """A cancelled pledge is booked as a negative commitment."""
    return f"-{formula}" if booked == -number != 0 else formula


def _expected(
    base: int | None, first: bool, index: int, refer: Callable[[int, str, int], str]
) -> str:
    reached = refer(index, "live_sum", index)
    if base is None:
        return reached
    added = f"{reached}-{refer(base, 'live_sum', index)}"
    return added if first else f"{refer(base, 'live_amount', index)}+{added}"


def _eve(group: pd.DataFrame, since: Any) -> int | None:
    """The last row of the series before the day from which a total counts."""
    if pd.isna(since):
        return None
    before = group[(group["date"] < pd.Timestamp(since)) & group["entry"].ne("opening")]
    return None if before.empty else int(before.index[-1])


def _opened_by(group: pd.DataFrame, opening: Mapping[Any, Any]) -> int:
    """The total whose unexplained part an opening balance is."""
    totals = group[group["entry"].eq("total") & group["gap"].eq(opening["amount"])]
    since = "" if pd.isna(opening["since"]) else opening["since"]
    return int(totals[totals["since"].fillna("").eq(since)].index[0])

"""The sheet Summary: the few numbers that a reader looks for first, each with its bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ledger.figure import STATUSES
from reports.titles import value_name
from reports.workbook.donors_by_item import TRANSFERS
from reports.workbook.lines import Lines

if TYPE_CHECKING:
    from reports.workbook.contents import Contents

WIDTHS = (30, 14, 25, 25, 25, 12, 8)
MOST = 20  # rows of a ranking
_NUMBERS = ("best", "low", "high")


def write_summary(lines: Lines, contents: Contents) -> None:
    """Fill the sheet: money by status, donors, materiel, and what kinds of figures there are."""
    lines.text("Summary", "title", 28)
    lines.text(
        "Sums of separate events; a package reported ten times is counted once. Low and high are "
        "the bounds that the sources leave; an empty high has none (“at least”).",
        "subtitle",
    )
    lines.blank()
    by_kind = contents.totals(by=("dimension",))
    money = by_kind[by_kind["dimension"].eq("money") & by_kind["status"].isin(TRANSFERS)]
    money = _by_size(money, "status")
    _ranking(lines, "Money, by status and currency", money, ["status", "unit"], len(money))
    donors = contents.totals(by=("dimension", "donor"))
    donors = donors[donors["dimension"].eq("money") & donors["status"].isin(TRANSFERS)]
    donors = donors[donors["donor"].notna()]
    _ranking(lines, "Donors of money", _by_size(donors, "donor"), ["donor", "status"], MOST)
    items = by_kind[by_kind["dimension"].eq("count") & by_kind["item"].notna()]
    ranked = items.sort_values(["best", "item"], ascending=[False, True], kind="stable")
    aid = ranked[ranked["status"].isin(TRANSFERS)]
    _ranking(lines, "Materiel and people in transfers", aid, ["item", "status"], MOST)
    other = ranked[~ranked.index.isin(aid.index)]
    _ranking(lines, "Other counts", other, ["item", "status"], MOST)
    _kinds(lines, contents.outline)


def _by_size(rows: pd.DataFrame, first: str) -> pd.DataFrame:
    """Currencies by number of facts, within them statuses in their order or donors by amount."""
    rank = {status: place for place, status in enumerate(STATUSES)}
    keys = rows.assign(
        weight=-rows.groupby("unit")["facts"].transform("sum"),
        place=rows["status"].map(rank).fillna(len(rank)) if first == "status" else -rows["best"],
    )
    return keys.sort_values(["weight", "unit", "place"], kind="stable").drop(
        columns=["weight", "place"]
    )


def _ranking(lines: Lines, heading: str, rows: pd.DataFrame, groups: list[str], most: int) -> None:
    """A small table of groups with best, low, high and the number of facts behind them."""
    shown = rows.head(most)
    lines.keep(len(shown) + 1)
    columns = [*groups, *_NUMBERS, "facts"]
    lines.section(heading, len(columns))
    if shown.empty:
        lines.text("None in these documents.", "note")
        lines.blank()
        return
    lines.head(columns, [name not in groups for name in columns])
    cells = lines.cells
    for row in shown.to_dict("records"):
        words = [cells.text(_word(name, row[name])) for name in groups]
        amounts = [_amount(lines, row[name], row["unit"]) for name in _NUMBERS]
        lines.row([*words, *amounts, cells.number(row["facts"])])
    if len(rows) > most:
        lines.text(f"{len(rows) - most} more on the sheet All totals.", "note")
    lines.blank()


def _kinds(lines: Lines, figures: pd.DataFrame) -> None:
    """How many figures there are of each status and basis: the raw material, before merging."""
    lines.keep(figures["status"].nunique() + 1)
    lines.section("Figures read, by status and basis", 6)
    if figures.empty:
        lines.text("None in these documents.", "note")
        return
    counts = pd.crosstab(figures["status"].fillna("not stated"), figures["basis"].fillna("none"))
    bases = [name for name in ("delta", "total", "level", "rate", "none") if name in counts]
    lines.head(["status", *bases], [False] + [True] * len(bases))
    order = {status: place for place, status in enumerate(STATUSES)}
    for status in sorted(counts.index, key=lambda name: order.get(name, len(order))):
        numbers = [lines.cells.number(int(counts[basis][status])) for basis in bases]
        lines.row([lines.cells.text(status), *numbers])


def _amount(lines: Lines, number: Any, unit: str) -> str | None:
    return None if pd.isna(number) else lines.cells.number(number, unit)


def _word(column: str, value: Any) -> str:
    return "not stated" if pd.isna(value) else value_name(column, str(value))

"""The sheet Totals over time: a table for each measure, and beside it a chart of that table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from openpyxl.utils import get_column_letter

from reports.filters import value_name
from reports.titles import Scale, scale_within
from reports.workbook.lines import Lines
from reports.workbook.native import Months, lines_of

if TYPE_CHECKING:
    from reports.workbook.contents import Contents

WIDTHS = (12, *([13] * 6), 8, 3, *([10] * 9))
APART = ("donor", "recipient", "party", "source")  # stand in totals that texts state alone
STATED = (
    "By month: no event is added up here; the totals that texts state by the end of each month, "
    "and as best what each has more than the one before."
)
MOST = 9  # measures shown here; All totals has every one
MOST_MONTHS = 36  # of a measure, the last
_CHART_ROWS = 17  # that a chart takes beside its table
_CUMULATIVE = ("cumulative_best", "cumulative_low", "cumulative_high")
_AMOUNTS = ("best", "low", "high", *_CUMULATIVE)
_LINES = {
    6: ("low", "9BB7CB", 12700),
    7: ("high", "6F97B3", 12700),
    5: ("best", "0B4F7D", 28575),
}
"""The columns that the chart draws, best last and so on top: name, colour, and width in EMU."""


def write_overtime(lines: Lines, contents: Contents) -> None:
    """Fill the sheet with the measures of most facts, money first."""
    monthly = contents.totals(by=("dimension",), freq="month", undated=True)
    lines.text("Totals over time", "title", 28)
    measures = _measures(monthly)
    told, elsewhere = _told(len(measures)), "All totals"
    if not measures:
        stated = contents.totals(by=("dimension",), freq="month", undated=True, basis="total")
        measures = _measures(_by_increments(stated))
        told, elsewhere = STATED if measures else told, "Facts"
    lines.text(told, "subtitle")
    if contents.only:
        lines.text(f"Only: {contents.only}", "only", 16)
    lines.blank()
    for name, rows in measures[:MOST]:
        dated = rows[rows["period"].notna()]
        table, undated = dated.tail(MOST_MONTHS), rows[rows["period"].isna()]
        charted = len(dated) > 1
        lines.keep(max(_CHART_ROWS if charted else 0, len(table) + len(undated)))
        scale = scale_within(rows[list(_AMOUNTS)].abs().max().max(), str(rows["unit"].iloc[0]))
        top = lines.section(f"{name}, {scale.measure}", len(WIDTHS) - 10)
        _table(lines, name, scale, table, undated)
        if len(table) < len(dated):
            lines.text(f"Earlier months are on the sheet {elsewhere}.", "remark")
        lines.blank(max(2, top + _CHART_ROWS + 1 - lines.next if charted else 0))
    lines.sheet.print_area = f"A1:{get_column_letter(len(WIDTHS))}{lines.next}"


def _by_increments(stated: pd.DataFrame) -> pd.DataFrame:
    """Totals that texts state, as sums over time: what each has more than the one before, and as
    the cumulative number itself."""
    return stated.assign(best=stated["increment"], low=float("nan"), high=float("nan"))


def _told(measures: int) -> str:
    """What the sheet shows of so many measures."""
    if not measures:
        return "None of the events that are added up has a date: nothing to show."
    most = f" {MOST} of {measures} measures that go on, those of most facts."
    return (
        "By month of the event; months without one have no row."
        f"{most if measures > MOST else ''} Every sum is on All totals."
    )


def _measures(monthly: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The measures (status, item, unit) with their rows: money first, then by number of facts."""
    keys = ["dimension", "item", "status", "unit", *(n for n in APART if n in monthly)]
    groups = monthly.groupby(keys, dropna=False, sort=True)
    dated = [rows for _, rows in groups if rows["period"].notna().any()]
    found = [rows for rows in dated if rows["period"].nunique() > 1] or dated
    found.sort(key=_rank)
    return [(_name(rows), rows) for rows in found]


def _rank(rows: pd.DataFrame) -> tuple[bool, bool, int]:
    """Money first, what has a status before what has none, then by number of facts."""
    one = rows.iloc[0]
    return one["dimension"] != "money", bool(pd.isna(one["status"])), -int(rows["facts"].sum())


def _name(rows: pd.DataFrame) -> str:
    """The measure in words: ``Money committed`` or ``HIMARS delivered``."""
    item, status = (rows[name].iloc[0] for name in ("item", "status"))
    thing = item if pd.notna(item) else "Money" if rows["dimension"].iloc[0] == "money" else ""
    words = f"{thing} {status if pd.notna(status) else '(status not stated)'}".strip()
    whose = [
        value_name(n, rows[n].iloc[0]) for n in APART if n in rows and pd.notna(rows[n].iloc[0])
    ]
    return ", ".join([words[:1].upper() + words[1:], *whose])


def _table(
    lines: Lines, name: str, scale: Scale, table: pd.DataFrame, undated: pd.DataFrame
) -> None:
    """The months, a chart of them beside it (of a single month there is none), and what has no
    date."""
    heads = [f"{kind.replace('_', ' ')}, {scale.measure}" for kind in _AMOUNTS]
    head = lines.head(["month", *heads, "facts"], [False] + [True] * (len(heads) + 1), 40)
    for row in table.to_dict("records"):
        lines.row([lines.cells.date(row["period"], "month"), *_numbers(lines, row, scale)])
    if len(table) > 1:
        dates = pd.DatetimeIndex(table["period"])
        cells = Months.of(lines.sheet, head, dates, table[list(_CUMULATIVE)])
        chart = lines_of(cells, f"{name}, cumulative", scale, _drawn(table))
        chart.height, chart.width = 8.2, 17.0  # centimetres
        lines.sheet.add_chart(chart, f"J{head}")
    for row in undated.to_dict("records"):
        lines.row([lines.cells.text("no date"), *_numbers(lines, row, scale)])


def _drawn(table: pd.DataFrame) -> dict[int, tuple[str, str, int]]:
    """The lines that there are: a bound that is the best number, or unknown, is no line."""
    best = table["cumulative_best"]
    names = {"low": "cumulative_low", "high": "cumulative_high", "best": "cumulative_best"}
    return {
        column: line
        for column, line in _LINES.items()
        if line[0] == "best"
        or (table[names[line[0]]].notna() & table[names[line[0]]].ne(best)).any()
    }


def _numbers(lines: Lines, row: dict[Any, Any], scale: Scale) -> list[Any]:
    cells = lines.cells
    amounts = [None if pd.isna(row[n]) else cells.scaled(row[n], scale.divisor) for n in _AMOUNTS]
    return [*amounts, cells.number(row["facts"])]

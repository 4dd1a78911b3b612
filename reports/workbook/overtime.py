"""The sheet Totals over time: a table for each measure, and beside it a chart of that table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from openpyxl.chart import LineChart, Reference
from openpyxl.chart.axis import DateAxis
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from ledger.table import plain
from reports.workbook.lines import Lines
from reports.workbook.styles import MONTH_FORMAT, axis_format
from reports.workbook.widths import Amounts

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from reports.workbook.contents import Contents

WIDTHS = (12, *([12] * 6), 8, 3, *([10] * 9))
MOST_MONTHS = 60  # rows of a table without gaps
MOST = 12  # measures shown here; All totals has every one
HEAD = ("month", "best", "low", "high", "cumulative best", "cumulative low", "cumulative high",
        "facts")  # fmt: skip
_CHART_ROWS = 17  # that a chart takes beside its table
_CUMULATIVE = ("cumulative_best", "cumulative_low", "cumulative_high")
_AMOUNTS = ("best", "low", "high", *_CUMULATIVE)
_LINES = {6: ("9BB7CB", 12700), 7: ("9BB7CB", 12700), 5: ("0B4F7D", 28575)}
"""The columns that the chart draws, best last and so on top: colour, and width in EMU."""


def write_overtime(lines: Lines, contents: Contents) -> None:
    """Fill the sheet with the measures of most facts, money first."""
    monthly = contents.totals(by=("dimension",), freq="month", undated=True)
    lines.text("Totals over time", "title", 28)
    measures = _measures(monthly)
    lines.text(
        f"By month of the event. {min(len(measures), MOST)} of {len(measures)} measures, those of "
        "most facts; every one is on the sheet All totals.",
        "subtitle",
    )
    lines.blank()
    shown = measures[:MOST]
    _widen(lines, [rows for _, rows in shown])
    for name, rows in shown:
        table = _every_month(rows[rows["period"].notna()])
        undated = rows[rows["period"].isna()]
        charted = len(table) > 1
        lines.keep(max(_CHART_ROWS if charted else 0, len(table) + len(undated)))
        top = lines.section(name, len(HEAD))
        _table(lines, table, undated)
        lines.blank(max(2, top + _CHART_ROWS + 1 - lines.next if charted else 0))


def _widen(lines: Lines, measures: list[pd.DataFrame]) -> None:
    """Columns of amounts as wide as the widest measure needs."""
    if not measures:
        return
    every = pd.concat(measures)
    for letter, name in zip("BCDEFG", _AMOUNTS, strict=True):
        amounts = Amounts()
        for number, unit in zip(plain(every[name]), plain(every["unit"]), strict=True):
            amounts.see(number, unit)
        lines.sheet.column_dimensions[letter].width = amounts.width


def _months(rows: pd.DataFrame) -> int:
    span = rows["period"].dt.to_period("M")
    return int((span.max() - span.min()).n) + 1


def _measures(monthly: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The measures (status, item, unit) with their rows: money first, then by number of facts."""
    keys = ["dimension", "item", "status", "unit"]
    groups = monthly.groupby(keys, dropna=False, sort=True)
    found = [rows for _, rows in groups if rows["period"].notna().any()]
    found.sort(key=_rank)
    return [(_name(rows), rows) for rows in found]


def _rank(rows: pd.DataFrame) -> tuple[bool, bool, int]:
    """Money first, what has a status before what has none, then by number of facts."""
    one = rows.iloc[0]
    return one["dimension"] != "money", bool(pd.isna(one["status"])), -int(rows["facts"].sum())


def _name(rows: pd.DataFrame) -> str:
    """The measure in words: ``committed, USD`` or ``HIMARS, delivered``."""
    item, status, unit = (rows[name].iloc[0] for name in ("item", "status", "unit"))
    words = [item, "status not stated" if pd.isna(status) else status]
    words += [unit] if unit != "count" else []
    return ", ".join(str(word) for word in words if pd.notna(word))


def _table(lines: Lines, table: pd.DataFrame, undated: pd.DataFrame) -> None:
    """The months, a chart of them beside it (of a single month there is none), and what has no
    date."""
    unit = str(table["unit"].dropna().iloc[0])
    head = lines.head([*HEAD], [False] + [True] * (len(HEAD) - 1))
    for row in table.to_dict("records"):
        lines.row(
            [lines.cells.date(row["period"], "month"), *_numbers(lines, row, unit)],
        )
    if len(table) > 1:
        largest = float(table[list(_CUMULATIVE)].max().max())
        chart = _chart(lines.sheet, head, lines.next - 1, axis_format(unit, largest))
        lines.sheet.add_chart(chart, f"J{head}")
    for row in undated.to_dict("records"):
        lines.row([lines.cells.text("no date"), *_numbers(lines, row, unit)])


def _every_month(dated: pd.DataFrame) -> pd.DataFrame:
    """One row a month: months without an event add nothing and keep the running sum.

    Where that would take too many rows, only months with an event.
    """
    if _months(dated) > MOST_MONTHS:
        return dated
    months = pd.date_range(dated["period"].min(), dated["period"].max(), freq="MS")
    full = dated.set_index("period").reindex(months)
    quiet = full["facts"].isna()
    full.loc[quiet, ["best", "low", "high", "facts"]] = 0
    running = full[list(_CUMULATIVE)].ffill()
    full.loc[quiet, list(_CUMULATIVE)] = running[quiet]
    # an upper bound that was lost stays lost: ffill must not bring an older one back
    lost = full["cumulative_high"].isna().cummax()
    full.loc[lost, "cumulative_high"] = float("nan")
    return full.rename_axis("period").reset_index()


def _numbers(lines: Lines, row: dict[Any, Any], unit: str) -> list[Any]:
    cells = [None if pd.isna(row[n]) else lines.cells.number(row[n], unit) for n in _AMOUNTS]
    return [*cells, lines.cells.number(row["facts"])]


def _chart(sheet: Worksheet, head: int, last: int, number_format: str) -> Any:
    """A line chart of the cumulative columns; it refers to the cells and follows them."""
    chart: Any = LineChart()
    chart.title = None
    chart.height, chart.width = 8.2, 17.0  # centimetres
    for column in _LINES:
        chart.add_data(
            Reference(sheet, min_col=column, min_row=head, max_row=last), titles_from_data=True
        )
    chart.set_categories(Reference(sheet, min_col=1, min_row=head + 1, max_row=last))
    for series, (color, width) in zip(chart.series, _LINES.values(), strict=True):
        series.smooth = False
        series.marker.symbol = "none"
        series.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=color, w=width)
        )
    chart.x_axis = DateAxis(crossAx=100, baseTimeUnit="months")
    chart.x_axis.number_format = MONTH_FORMAT
    chart.y_axis.crossAx = chart.x_axis.axId
    chart.y_axis.number_format = number_format
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="DDE2E6"))
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False  # openpyxl hides axes unless told
    chart.legend.position = "b"
    return chart

"""Charts of Excel's own, drawn from cells: their titles, axes with units, and labels to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.axis import DateAxis
from openpyxl.chart.legend import Legend
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
)

from reports.titles import Scale
from reports.workbook.styles import FONT, MONTH_FORMAT, scaled_format

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl.worksheet.worksheet import Worksheet

_GRID, _TEXT = "DDE2E6", "5F6B76"
_TICKS = 5  # dates beside each other that stay apart, also on a narrow chart


@dataclass(frozen=True, slots=True)
class Months:
    """The cells that a chart draws: months in column A from ``first`` to ``last``, of which
    ``span`` lie between the first month and the last; ``least`` and ``largest`` of the numbers."""

    sheet: Worksheet
    first: int
    last: int
    span: int
    least: float
    largest: float

    @classmethod
    def of(
        cls, sheet: Worksheet, head: int, dates: pd.DatetimeIndex, numbers: pd.DataFrame
    ) -> Months:
        """The rows of these dates and numbers below the row ``head``."""
        months = dates.to_period("M")
        span = (months[-1].year - months[0].year) * 12 + months[-1].month - months[0].month
        least, largest = numbers.min().min(), numbers.max().max()
        return cls(sheet, head + 1, head + len(dates), span, float(least), float(largest))

    def column(self, number: int) -> Reference:
        """The cells of a column in these rows."""
        return Reference(self.sheet, min_col=number, min_row=self.first, max_row=self.last)


def lines_of(
    cells: Months, title: str, scale: Scale, drawn: Mapping[int, tuple[str, str, int]]
) -> Any:
    """A line for each column: its name, colour and width in EMU."""
    chart: Any = LineChart()
    _add(chart, cells, {number: name for number, (name, _, _) in drawn.items()})
    for series, (_, color, width) in zip(chart.series, drawn.values(), strict=True):
        series.smooth = False
        series.marker.symbol = "none"
        series.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=color, w=width)
        )
    return _framed(chart, cells, title, scale)


def columns_of_months(
    cells: Months, title: str, scale: Scale, drawn: Mapping[int, tuple[str, str]]
) -> Any:
    """Columns side by side in each month: the name and colour of each column of cells."""
    chart: Any = BarChart()
    chart.type, chart.gapWidth = "col", 60
    _add(chart, cells, {number: name for number, (name, _) in drawn.items()})
    for series, (_, color) in zip(chart.series, drawn.values(), strict=True):
        series.graphicalProperties = GraphicalProperties(solidFill=color)
    return _framed(chart, cells, title, scale)


def _add(chart: Any, cells: Months, names: Mapping[int, str]) -> None:
    for number, name in names.items():
        chart.series.append(Series(cells.column(number), title=name))
    chart.set_categories(cells.column(1))


def _framed(chart: Any, cells: Months, title: str, scale: Scale) -> Any:
    """The chart with its title, axes and legend; it refers to the cells and follows them."""
    chart.title = _title(title, 1100, bold=True)
    chart.x_axis = DateAxis(crossAx=100, baseTimeUnit="months", majorTimeUnit="months")
    chart.x_axis.majorUnit = max(1, -(-cells.span // _TICKS))
    chart.x_axis.number_format = MONTH_FORMAT
    chart.x_axis.title = None
    chart.y_axis.crossAx = chart.x_axis.axId
    fine = ".0" if cells.largest < 10 * scale.divisor else ""
    chart.y_axis.number_format = scaled_format(0, scale.divisor).replace(".00", fine)
    chart.y_axis.title = _title(scale.measure, 900)
    if cells.least >= 0:
        chart.y_axis.scaling.min = 0
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=_GRID))
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False  # openpyxl hides axes unless told
        axis.txPr = RichText(p=[Paragraph(pPr=_letters(800), endParaRPr=CharacterProperties())])
    chart.legend = Legend(legendPos="b") if len(chart.series) > 1 else None
    return chart


def _letters(size: int, bold: bool = False) -> ParagraphProperties:
    font = CharacterProperties(sz=size, b=bold, solidFill=_TEXT, latin=Font(typeface=FONT))
    return ParagraphProperties(defRPr=font)


def _title(words: str, size: int, bold: bool = False) -> Title:
    style = _letters(size, bold)
    run = RegularTextRun(rPr=style.defRPr, t=words)
    return Title(tx=Text(rich=RichText(p=[Paragraph(pPr=style, r=[run])])), overlay=False)

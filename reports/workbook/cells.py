"""Cells as a sheet's XML holds them: text that stays text, numbers with their unit, real dates.

A cell here is the inside of a ``<c>`` element, from behind its reference on;
:mod:`reports.workbook.lines` puts the reference before it. openpyxl makes everything else of the
workbook, but an object for every cell would cost five times the time and, kept, ten times the
memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from openpyxl.cell import Cell as StyledCell
from openpyxl.utils.datetime import WINDOWS_EPOCH

from reports.files import UNWRITABLE
from reports.risky import RISKY
from reports.workbook.styles import is_whole, scaled_format, unit_format

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

TEXT_LIMIT = 32_767  # UTF-16 units in one cell, the limit of the format
LINK_LIMIT = 65_530  # hyperlinks on one sheet, the limit of Excel
URL_LIMIT = 2_079  # characters of a link, the limit of Excel

# the cells of so many words that stand in a column again and again are kept, up to so many letters
_WORDS, _SHORT = 4_096, 64
_DAY_ZERO = WINDOWS_EPOCH  # days are counted from here ...
_CALENDAR = (1900, 3)  # ... rightly from this month on: Excel has a 29 February 1900
_OF_URLS = "%:/?#[]@!$&'()*+,;="  # what stands for something in an address (RFC 3986)
_LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads to a place in the workbook or to a url."""

    inside: str
    place: str | None
    url: str | None


Cell = str | Link


def safe_text(text: str) -> str:
    """The text as a cell can hold it.

    Control characters are left out, line ends become LF, and a text past Excel's limit of 32,767
    UTF-16 units is cut and ends in an ellipsis.
    """
    text = UNWRITABLE.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) * 2 <= TEXT_LIMIT:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= TEXT_LIMIT * 2:
        return text
    return units[: (TEXT_LIMIT - 1) * 2].decode("utf-16-le", "ignore") + "…"


class Cells:
    """Makes the cells of one sheet; a style is looked up once, not once a cell."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._styles: dict[tuple[str, str | None, bool], int] = {}
        self._word = lru_cache(_WORDS)(self._text)

    def text(self, text: str, style: str = "text") -> str:
        """A cell that shows the text, whatever it begins with."""
        return self._word(text, style) if len(text) <= _SHORT else self._text(text, style)

    def _text(self, text: str, style: str) -> str:
        text = safe_text(text)
        number = self._style(style, quoted=text.startswith(RISKY))
        if not text:
            return f' s="{number}"/>'
        space = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
        return f' s="{number}" t="inlineStr"><is><t{space}>{escape(text)}</t></is></c>'

    def number(
        self, number: float, unit: str | None = None, per: str | None = None, style: str = "number"
    ) -> str:
        """A cell that holds the bare number and shows its unit."""
        if not isfinite(number):
            return self.text(str(number))
        return f"{self._opened(number, unit, per, style)}<v>{_digits(number)}</v></c>"

    def scaled(self, number: float, divisor: float) -> str:
        """A cell that holds the whole number and shows it in thousands, millions or billions, whose
        name stands in the head of the column."""
        opened = self._style("number", scaled_format(number, divisor))
        return f' s="{opened}"><v>{_digits(number)}</v></c>'

    def bare(self, number: float, style: str) -> str:
        """A cell that holds a number without a unit: an exchange rate, a share of 1."""
        return f' s="{self._style(style)}"><v>{_digits(number)}</v></c>'

    def date(self, day: date | datetime, style: str = "date") -> str:
        """A cell that holds a real date; as text where Excel's calendar does not reach."""
        if (day.year, day.month) < _CALENDAR:
            return self.text(f"{day:%Y-%m-%d}")
        serial = (datetime(day.year, day.month, day.day) - _DAY_ZERO).days
        return f' s="{self._style(style)}"><v>{serial}</v></c>'

    def formula(self, formula: str, result: float | None, unit: str | None = None) -> str:
        """A cell that calculates, with the result that a viewer shows who does not.

        The formula is ours, never a document's; it has no ``=`` before it.
        """
        shown = "" if result is None else f"<v>{_digits(result)}</v>"
        return f"{self._opened(result or 0, unit, None)}<f>{escape(formula)}</f>{shown}</c>"

    def test(self, formula: str) -> str:
        """A cell that is TRUE or FALSE as its formula finds; TRUE until it is worked out."""
        return f' s="{self._style("text")}" t="b"><f>{escape(formula)}</f><v>1</v></c>'

    def link(self, text: str, *, place: str | None = None, url: str | None = None) -> Cell:
        """A cell that leads to a place in the workbook, or to a web address that Excel accepts."""
        target = None if place or url is None else link_target(url)
        if not (place or target):
            return self.text(text)
        return Link(self.text(text, "link"), place, target)

    def _opened(
        self, number: float, unit: str | None, per: str | None, style: str = "number"
    ) -> str:
        whole = is_whole(number)
        return f' s="{self._style(style, unit_format(unit, whole=whole, per=per))}">'

    def _style(self, style: str, number_format: str | None = None, quoted: bool = False) -> int:
        key = (style, number_format, quoted)
        if key not in self._styles:
            cell: Any = StyledCell(self._sheet, 1, 1)
            cell.style = style
            if number_format is not None:
                cell.number_format = number_format
            cell.quotePrefix = quoted
            self._styles[key] = cell.style_id
        return self._styles[key]


def _digits(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else repr(float(number))


def link_target(url: str) -> str | None:
    """A web address as a link may hold it: percent-encoded, what is so already left as it is.

    None for another kind of address, and for one past Excel's limit.

    >>> link_target('https://example.org/a b?c=%C3%A9&d="é"')
    'https://example.org/a%20b?c=%C3%A9&d=%22%C3%A9%22'
    """
    if not url.startswith(("http://", "https://")):
        return None
    encoded = _LONE_PERCENT.sub("%25", url).encode("utf-8", "surrogatepass")
    target = quote(encoded, safe=_OF_URLS)
    return target if len(target) <= URL_LIMIT else None

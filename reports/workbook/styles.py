"""How the workbook looks: its named styles and the number formats that show a unit."""

from __future__ import annotations

import re
from math import log10
from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

if TYPE_CHECKING:
    from openpyxl import Workbook

FONT = "Arial"
INK, QUIET, ACCENT, PALE = "1A1A1A", "5F6B76", "0B4F7D", "E8EEF3"
WARN, ALARM = "FFF2CC", "F8D7D0"  # unreviewed, conflicting
DATE_FORMAT = "yyyy-mm-dd"
MONTH_FORMAT = "yyyy-mm"
MILLION = 1e6

_CURRENCY = re.compile(r"[A-Z]{3}")
_TOP = Alignment(vertical="top")
_LEFT = Alignment("left", "top")
_RIGHT = Alignment("right", "top", indent=1)  # keeps a number off the text in the next column
_WRAP = Alignment(vertical="top", wrap_text=True)


def add_styles(workbook: Workbook) -> None:
    """Register the named styles that cells refer to by name."""
    text = Font(name=FONT, size=10, color=INK)
    rule = Border(bottom=Side("thin", color=ACCENT))
    for style in (
        NamedStyle("text", font=text, alignment=_TOP),
        NamedStyle("wrap", font=text, alignment=_WRAP),
        NamedStyle("doubted", font=Font(name=FONT, size=10, italic=True, color=QUIET),
                   alignment=_WRAP),
        NamedStyle("number", font=text, alignment=_RIGHT, number_format="#,##0"),
        NamedStyle("rate", font=text, alignment=_RIGHT, number_format="#,##0.0000##"),
        NamedStyle("share", font=text, alignment=_RIGHT, number_format="0.0%"),
        NamedStyle("date", font=text, alignment=_LEFT, number_format=DATE_FORMAT),
        NamedStyle("month", font=text, alignment=_LEFT, number_format=MONTH_FORMAT),
        NamedStyle("link", font=Font(name=FONT, size=10, color=ACCENT, underline="single"),
                   alignment=_TOP),
        NamedStyle("small", font=Font(name=FONT, size=9, color=QUIET), alignment=_WRAP),
        NamedStyle("remark", font=Font(name=FONT, size=9, italic=True, color=QUIET)),
        NamedStyle("title", font=Font(name=FONT, size=18, bold=True, color=ACCENT)),
        NamedStyle("subtitle", font=Font(name=FONT, size=11, color=QUIET)),
        NamedStyle("only", font=Font(name=FONT, size=11, bold=True, color=INK)),
        NamedStyle("section", font=Font(name=FONT, size=12, bold=True, color=ACCENT),
                   border=rule),
        NamedStyle("note", font=Font(name=FONT, size=9, italic=True, color=QUIET),
                   alignment=_WRAP),
        NamedStyle("label", font=Font(name=FONT, size=10, bold=True, color=INK),
                   alignment=_WRAP),
        NamedStyle("head", font=Font(name=FONT, size=10, bold=True, color=INK),
                   fill=PatternFill("solid", fgColor=PALE), border=rule,
                   alignment=Alignment(vertical="center", wrap_text=True)),
        NamedStyle("head right", font=Font(name=FONT, size=10, bold=True, color=INK),
                   fill=PatternFill("solid", fgColor=PALE), border=rule,
                   alignment=Alignment("right", "center", wrap_text=True, indent=1)),
        NamedStyle("entry", font=text, fill=PatternFill("solid", fgColor="FFFFE8"),
                   alignment=_WRAP),
    ):  # fmt: skip
        workbook.add_named_style(style)
    # what carries no style of its own (an empty cell, a row's height) is measured in this font
    workbook._named_styles["Normal"].font = text  # type: ignore[attr-defined]


def unit_format(unit: str | None, *, whole: bool = True, per: str | None = None) -> str:
    """The Excel number format that writes a number with its unit.

    ``USD`` gives ``[$USD] #,##0``, ``percent`` gives ``0.0#"%"`` for a fraction (the number itself
    is left as it is: 20 stays 20), ``count`` gives plain digits, a measure follows its number.

    >>> unit_format("kilometre")
    '#,##0" kilometre"'
    """
    digits = "#,##0" if whole else "#,##0.0#"
    suffix = f" per {per}" if per else ""
    if unit is None or unit == "count":
        return digits + _quoted(suffix)
    if _CURRENCY.fullmatch(unit):
        return f"[${unit}] {digits}" + _quoted(suffix)
    return digits + _quoted(("%" if unit == "percent" else f" {unit}") + suffix)


def is_whole(number: float) -> bool:
    """Whether an amount is shown without decimals: cents of a million say nothing."""
    return abs(number) >= MILLION or float(number).is_integer()


_WIDE = 1e10  # from which numbers are too long for a column of the summary


def scaled_format(number: float, divisor: float) -> str:
    """The number format that shows a number divided by 1, 1e3, 1e6 or 1e9: two decimals, and as
    many more as a small one needs to be seen.

    >>> scaled_format(9_630_000_000, 1e9), scaled_format(1_500_000, 1e9), scaled_format(20, 1)
    ('#,##0.00,,,', '#,##0.0000,,,', '#,##0')
    >>> scaled_format(65_000_000_000, 1)
    '#,##0.00,,," billion"'
    """
    if divisor == 1 and abs(number) >= _WIDE:  # a column would show it as ###
        return '#,##0.00,,," billion"'
    if divisor == 1:
        return "#,##0" if is_whole(number) else "#,##0.0#"
    places = 2 if abs(number) >= divisor / 100 or not number else 4
    return f"#,##0.{'0' * places}{',' * round(log10(divisor) / 3)}"


def _quoted(words: str) -> str:
    """Words as a literal of a number format, which may hold 255 characters in all."""
    return '"' + words.replace('"', "")[:200] + '"' if words else ""

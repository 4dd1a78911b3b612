"""A few lines of HTML for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from html import escape


def html_table(title: str, rows: Mapping[str, object]) -> str:
    """A title above a table of names and values, everything escaped."""
    lines = "".join(
        f'<tr><th style="text-align:left">{escape(name)}</th><td>{escape(_text(value))}</td></tr>'
        for name, value in rows.items()
    )
    return f"<strong>{escape(title)}</strong><table>{lines}</table>"


def html_rows(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A title above a table with a head, everything escaped; None is an empty cell."""
    head = "".join(f'<th style="text-align:left">{escape(name)}</th>' for name in columns)
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(_text(value))}</td>" for value in row) + "</tr>"
        for row in rows
    )
    return f"<strong>{escape(title)}</strong><table><tr>{head}</tr>{lines}</table>"


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int | Decimal) else str(value)

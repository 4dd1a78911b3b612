"""A few lines of HTML for notebooks."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape


def html_table(title: str, rows: Mapping[str, object]) -> str:
    """A title above a table of names and values, everything escaped."""
    lines = "".join(
        f'<tr><th style="text-align:left">{escape(name)}</th><td>{escape(_text(value))}</td></tr>'
        for name, value in rows.items()
    )
    return f"<strong>{escape(title)}</strong><table>{lines}</table>"


def _text(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)

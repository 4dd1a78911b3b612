"""Tables as text and as Markdown, and where they stand in ``docs/benchmarks.md``."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from measuring.peers import System

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "benchmarks.md"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, aligned so that it also reads well on a terminal; numbers to the right."""
    columns = list(zip(heads, *rows, strict=True))
    widths = [max(3, *(len(cell) for cell in column)) for column in columns]
    right = [_is_numeric(column[1:]) for column in columns]
    lines = [_row(heads, widths, right), _rule(widths, right)]
    return "\n".join([*lines, *(_row(row, widths, right) for row in rows)])


def section(name: str, *parts: str) -> str:
    """Parts under a heading; empty ones are left out."""
    return "\n\n".join([f"### {name}", *(part for part in parts if part)])


def absent(reasons: Sequence[tuple[System, str]]) -> str:
    """One line for each system that could not run, with the reason."""
    return "\n".join(f"- {system.label}, {system.feed}: absent, {why}." for system, why in reasons)


def number(value: float | None, digits: int = 1) -> str:
    """A number to so many decimals: none from 100 on, one more below 1; ``-`` for None."""
    if value is None:
        return "-"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.{digits if abs(value) >= 1 else digits + 1}f}"


def machine() -> str:
    """When and on what, in general terms: date, cores, memory, interpreters."""
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    parts = [
        date.today().isoformat(),
        f"{os.cpu_count()} cores ({platform.machine()})",
        f"{round(pages / 2**30)} GB of memory",
        f"Python {platform.python_version()}",
    ]
    node = _node_version()
    return ", ".join([*parts, f"Node {node}"] if node else parts)


def write(section: str, content: str, page_of: Path | None = None) -> None:
    """Put content between the markers of a section of a page, by default ``PAGE``.

    Raises ValueError where the page has no such markers, OSError where it cannot be read.
    """
    opening, closing = f"<!-- {section}: begin -->", f"<!-- {section}: end -->"
    path = page_of or PAGE
    page = path.read_text(encoding="utf-8")
    before, found, rest = page.partition(opening)
    _, closed, after = rest.partition(closing)
    if not found or not closed:
        raise ValueError(f"{path.name} has no section {section!r}")
    text = f"{before}{opening}\n{content.strip()}\n{closing}{after}"
    path.write_text(text, encoding="utf-8")


def _is_numeric(cells: Sequence[str]) -> bool:
    return all(cell[:1].isdigit() or cell in ("", "-") for cell in cells)


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = (
        cell.rjust(width) if to_right else cell.ljust(width)
        for cell, width, to_right in zip(cells, widths, right, strict=True)
    )
    return f"| {' | '.join(padded)} |"


def _rule(widths: Sequence[int], right: Sequence[bool]) -> str:
    marks = (
        "-" * (width - 1) + ":" if to_right else "-" * width
        for width, to_right in zip(widths, right, strict=True)
    )
    return f"| {' | '.join(marks)} |"


def _node_version() -> str | None:
    try:
        done = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout.strip().lstrip("v") or None

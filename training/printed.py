"""Codings and figures from files, and tables for a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any


def rows_of(path: Path, fold: int | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a file of JSON lines; of a fold only those of its passages."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row: dict[str, Any] = json.loads(line) if line.strip() else {}
            if row and fold in (None, row.get("fold")):
                yield row


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Cells below their heads: the first column to the left, all others to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(heads, *rows, strict=True)]
    lines = []
    for cells in (heads, *rows):
        name, *others = (cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        lines.append("  ".join((name.strip().ljust(widths[0]), *others)).rstrip())
    return "\n".join(lines)


def share(part: int, whole: int) -> str:
    """A part in percent; ``-`` of nothing."""
    return f"{100 * part / whole:.1f}" if whole else "-"

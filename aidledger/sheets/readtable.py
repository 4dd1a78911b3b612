"""A table out of a file: CSV, Excel, JSON records, or lines of text that a mapping takes apart.

A mapping's ``[lines]`` says how a line becomes a row: ``row`` is a pattern that a line must match,
whose named groups are columns; ``columns`` are further patterns, each searched in the line, whose
first group is the column; ``carry`` are patterns whose finds hold for the lines below; ``file`` is
a pattern with named groups for the name of the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ledger.errors import LedgerError
from ledger.imports.coded_tables import ROW
from ledger.imports.mapping import TableMapping
from ledger.rows import PORTION


def read_table(
    path: str | Path, mapping: TableMapping, sheet: str | None = None
) -> Iterator[pd.DataFrame]:
    """The file as frames of text, one or more, whose index, ``row``, counts as the file's reader
    would: lines of text from 1, rows of a sheet with the header as 1, records from 1. A CSV is
    never held whole.

    Raises LedgerError naming the file for anything that cannot be read, once it is reached.
    """
    path = Path(path)
    try:
        yield from _portions(path, mapping, sheet)
    except RecursionError as error:
        raise LedgerError(f"{path}: nested too deep") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LedgerError(f"{path}: {str(error).splitlines()[0]}") from error


def _portions(path: Path, mapping: TableMapping, sheet: str | None) -> Iterator[pd.DataFrame]:
    if mapping.lines is not None:
        yield _of_lines(path, mapping.lines)
    elif path.suffix.lower() in (".xlsx", ".xlsm"):
        from aidledger.sheets.sheettable import frame_of  # openpyxl: only where there is a workbook

        yield frame_of(path, sheet)
    elif path.suffix.lower() == ".json":
        yield _numbered(pd.DataFrame(json.loads(path.read_text("utf-8")), dtype=object), 1)
    else:
        with pd.read_csv(
            path, dtype=str, keep_default_na=False, encoding="utf-8-sig", chunksize=PORTION
        ) as portions:
            for number, portion in enumerate(portions):
                yield _numbered(portion, 2 + number * PORTION)


def _numbered(frame: pd.DataFrame, first: int) -> pd.DataFrame:
    return frame.set_axis(pd.RangeIndex(first, first + len(frame), name=ROW))


def _of_lines(path: Path, lines: Mapping[str, Any]) -> pd.DataFrame:
    row = re.compile(lines["row"])
    columns = {name: re.compile(pattern) for name, pattern in lines.get("columns", {}).items()}
    carry = {name: re.compile(pattern) for name, pattern in lines.get("carry", {}).items()}
    named = re.search(lines["file"], path.name) if "file" in lines else None
    held: dict[str, str | None] = named.groupdict() if named else {}
    rows: dict[int, dict[str, str | None]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        held |= {name: found[1] for name, p in carry.items() if (found := p.search(line))}
        if matched := row.search(line):
            cells = {name: found[1] for name, p in columns.items() if (found := p.search(line))}
            rows[number] = held | matched.groupdict() | cells
    names = [*held, *row.groupindex, *columns]
    index = pd.Index(list(rows), name=ROW)
    return pd.DataFrame(list(rows.values()), index=index, columns=list(dict.fromkeys(names)))

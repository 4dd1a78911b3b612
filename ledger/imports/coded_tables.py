"""An analyst's own table as a document: its rows as lines of text, its cells as figures.

The table is kept as tab-separated text, so every figure stands at its cell like a figure of prose
at its words, and names its row. Rows of one table never merge with each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd

from ledger import bounds
from ledger.errors import LedgerError
from ledger.figure import FIELDS, Figure, Source, figure_id_of, make_source
from ledger.imports.mapping import Column, Rule, TableMapping
from ledger.review.review import check_value
from ledger.table import TABLE_EXTRACTOR, TABLE_READER, cell_text

SENTENCE = 1000
ROW = "row"


@dataclass(frozen=True, slots=True)
class TableRead:
    """A table as a document with its figures, and the cells that could not be read, a line each."""

    source: Source
    figures: tuple[Figure, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row: its number in the table, its cells, and where each stands in the text."""

    number: Any
    cells: Mapping[str, str]
    spans: Mapping[str, tuple[int, int]]


def read_frame(
    frame: pd.DataFrame,
    mapping: TableMapping,
    *,
    source_id: str,
    title: str | None = None,
    url: str | None = None,
    published: str | None = None,
) -> TableRead:
    """The figures of a table, as ``mapping`` reads it.

    ``source_id`` names the file and the sheet. A row goes by its label where the index is named
    ``row``, else by its place, from 1. Raises LedgerError for a column that the table lacks.
    """
    lacking = [name for name in mapping.columns() if name not in frame]
    if lacking:
        raise LedgerError(f"{source_id}: the table has no column {', '.join(map(repr, lacking))}")
    text, rows = _laid_out(frame)
    source = make_source(
        text,
        source_id=source_id,
        title=title or mapping.title,
        publisher=mapping.publisher,
        url=url or mapping.url,
        published=published,
    )
    figures: list[Figure] = []
    problems: list[str] = []
    for row in _wanted(rows, mapping):
        found, wrong = _figures(row, mapping, source)
        figures += found
        problems += [f"{source_id}, row {row.number}: {line}" for line in wrong]
    return TableRead(source, tuple(figures), tuple(problems))


def _laid_out(frame: pd.DataFrame) -> tuple[str, list[_Row]]:
    """The table as text, and its rows."""
    names = [str(name) for name in frame.columns]
    numbers = frame.index if frame.index.name == ROW else range(1, len(frame) + 1)
    lines, rows = ["\t".join(names)], []
    place = len(lines[0]) + 1
    for number, values in zip(numbers, frame.to_numpy(dtype=object), strict=True):
        cells = [re.sub(r"\s+", " ", cell_text(value)) for value in values]
        spans = []
        start = place
        for cell in cells:
            spans.append((start, start + len(cell)))
            start += len(cell) + 1
        lines.append("\t".join(cells))
        place = start
        rows.append(
            _Row(number, dict(zip(names, cells, strict=True)), dict(zip(names, spans, strict=True)))
        )
    return "\n".join(lines), rows


def _wanted(rows: list[_Row], mapping: TableMapping) -> Iterator[_Row]:
    """The rows that the mapping asks for, each distinct one once."""
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        if any(row.cells[name] not in values for name, values in mapping.where.items()):
            continue
        key = tuple(row.cells[name] for name in mapping.distinct)
        if mapping.distinct and key in seen:
            continue
        seen.add(key)
        yield row


def _figures(row: _Row, mapping: TableMapping, source: Source) -> tuple[list[Figure], list[str]]:
    """The figures of a row, and what could not be read in it."""
    made: dict[str, Figure] = {}
    problems: list[str] = []
    for rule in mapping.rules:
        columns = [name for name in rule.columns if row.cells.get(name, "") not in mapping.missing]
        if not columns:
            continue
        try:
            value = sum((_number(row.cells[name], name) for name in columns), Decimal(0))
        except ValueError as error:
            problems.append(str(error))
            continue
        fields, wrong = _fields(row, rule, mapping)
        problems += wrong
        whole = made.get(rule.part_of or "")
        place = (min(row.spans[name][0] for name in columns), _end(row, columns))
        made[rule.name] = _figure(source, mapping, row, place, value, fields, whole)
    return list(made.values()), problems


def _end(row: _Row, columns: list[str]) -> int:
    return max(row.spans[name][1] for name in columns)


def _number(cell: str, column: str) -> Decimal:
    try:
        number = Decimal(cell.replace(",", "").replace(" ", ""))
    except InvalidOperation as error:
        raise ValueError(f"{column}: {cell!r} is not a number") from error
    if not number.is_finite():
        raise ValueError(f"{column}: {cell!r} is not a number")
    return number


def _fields(row: _Row, rule: Rule, mapping: TableMapping) -> tuple[dict[str, str], list[str]]:
    fields, problems = {"qualifier": "exact"}, []
    for name, spec in rule.fields.items():
        try:
            value: str | None = spec if isinstance(spec, str) else _cell(row, spec, mapping)
            if value is not None:
                fields[name] = check_value(name, value)
        except ValueError as error:
            problems.append(f"{name}: {error}")
    return fields, problems


def _cell(row: _Row, spec: Column, mapping: TableMapping) -> str | None:
    cell = row.cells.get(spec.column, "")
    return spec.read("" if cell in mapping.missing else cell)


def _figure(
    source: Source,
    mapping: TableMapping,
    row: _Row,
    place: tuple[int, int],
    value: Decimal,
    fields: Mapping[str, str],
    whole: Figure | None,
) -> Figure:
    start, end = place
    low, high = bounds.of_qualifier(fields["qualifier"], value)
    stated: dict[str, Any] = {**dict.fromkeys(FIELDS), **fields}
    stated |= {
        "figure_id": figure_id_of(source.source_id, start, end, fields["dimension"]),
        "source_id": source.source_id,
        "start": start,
        "end": end,
        "text": source.text[start:end],
        "sentence": _line_around(source.text, start, end),
        "value": value,
        "low": low,
        "high": high,
        "part_of": whole and whole.figure_id,
        "includes": (),
        "cues": {},
        "reader": TABLE_READER,
        "extractor": TABLE_EXTRACTOR + mapping.name,
        "rule": f"row {row.number}",
    }
    return Figure(**stated)


def _line_around(text: str, start: int, end: int) -> str:
    """The row that a cell stands in, cut to about a thousand characters around it."""
    first = max(text.rfind("\n", 0, start) + 1, start - SENTENCE // 2)
    last = text.find("\n", end)
    return text[first : min(len(text) if last < 0 else last, end + SENTENCE // 2)]

"""An analyst's own table as a document: its rows as lines of text, its cells as figures.

The table is kept as tab-separated text, so every figure stands at its cell like a figure of prose
at its words, and names its row. Rows of one table never merge with each other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import chain
from math import isfinite
from typing import Any

import pandas as pd

from ledger import bounds
from ledger.errors import LedgerError
from ledger.figure import FIELDS, Figure, Source, figure_id_of, make_source
from ledger.imports.mapping import Column, Rule, TableMapping
from ledger.review.review import check_value
from ledger.rows import portions_of
from ledger.table import TABLE_EXTRACTOR, TABLE_READER, cell_text

SENTENCE = 1000
ROW = "row"
_NEEDED = {"dimension", "unit"}


@dataclass(frozen=True, slots=True)
class _Row:
    """A row: its number in the table, its cells, and where each stands in the text."""

    number: Any
    cells: Mapping[str, str]
    spans: Mapping[str, tuple[int, int]]


class TableFigures(Iterable[Figure]):
    """The figures of a table, read from its text whenever they are gone through: of a table of a
    million rows the text is held, and no row."""

    def __init__(
        self,
        source: Source,
        mapping: TableMapping,
        names: Sequence[str],
        numbers: Sequence[Iterable[Any]],
    ) -> None:
        self._source, self._mapping = source, mapping
        self._names, self._numbers = names, numbers
        self._problems: tuple[str, ...] | None = None

    def __iter__(self) -> Iterator[Figure]:
        problems: list[str] = []
        for row in _wanted(self._rows(), self._mapping):
            found, wrong = _figures(row, self._mapping, self._source)
            problems += [f"{self._source.source_id}, row {row.number}: {line}" for line in wrong]
            yield from found
        self._problems = tuple(problems)

    @property
    def problems(self) -> tuple[str, ...]:
        """The cells that could not be read, a line each: known once all rows have been read."""
        if self._problems is None:
            deque(self, maxlen=0)
        return self._problems or ()

    def _rows(self) -> Iterator[_Row]:
        """The rows below the names of the columns."""
        text, names = self._source.text, self._names
        start = len(_head(names)) + 1
        for number in chain.from_iterable(self._numbers):
            end = text.find("\n", start)
            cells = text[start : len(text) if end < 0 else end].split("\t")
            spans = []
            for cell in cells:
                spans.append((start, start + len(cell)))
                start += len(cell) + 1
            yield _Row(
                number,
                dict(zip(names, cells, strict=True)),
                dict(zip(names, spans, strict=True)),
            )


@dataclass(frozen=True, slots=True)
class TableRead:
    """A table as a document with its figures."""

    source: Source
    figures: TableFigures

    @property
    def problems(self) -> tuple[str, ...]:
        """The cells that could not be read, a line each."""
        return self.figures.problems


def read_frame(
    table: pd.DataFrame | Iterable[pd.DataFrame],
    mapping: TableMapping,
    *,
    source_id: str,
    title: str | None = None,
    url: str | None = None,
    published: str | None = None,
) -> TableRead:
    """The figures of a table, as ``mapping`` reads it; the table may come in portions.

    ``source_id`` names the file and the sheet. A row goes by its label where the index is named
    ``row``, else by its place, from 1. Raises LedgerError for a column that the table lacks.
    """
    portions = iter([table] if isinstance(table, pd.DataFrame) else table)
    first = next(portions, pd.DataFrame())
    lacking = [name for name in mapping.columns() if name not in first]
    if lacking:
        raise LedgerError(f"{source_id}: the table has no column {', '.join(map(repr, lacking))}")
    names = [str(name) for name in first.columns]
    text, numbers = _laid_out(names, chain([first], portions))
    source = make_source(
        text,
        source_id=source_id,
        title=title or mapping.title,
        publisher=mapping.publisher,
        url=url or mapping.url,
        published=published,
    )
    return TableRead(source, TableFigures(source, mapping, names, numbers))


def _laid_out(
    names: Sequence[str], portions: Iterable[pd.DataFrame]
) -> tuple[str, list[Iterable[Any]]]:
    """The table as text, and the numbers of its rows, portion by portion."""
    written = [_head(names)]
    numbers: list[Iterable[Any]] = []
    count = 1
    for portion in portions:
        labelled = portion.index.name == ROW
        numbers.append(portion.index if labelled else range(count, count + len(portion)))
        count += len(portion)
        for rows in portions_of(portion):
            written.append("\n".join(map(_line, rows.to_numpy(dtype=object))))
    return "\n".join(written), numbers


def _head(names: Iterable[str]) -> str:
    return "\t".join(names)


def _line(values: Iterable[Any]) -> str:
    return "\t".join(" ".join(cell_text(value).split()) for value in values)


def _wanted(rows: Iterable[_Row], mapping: TableMapping) -> Iterator[_Row]:
    """The rows that the mapping asks for, each distinct one once."""
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        if any(row.cells[name] not in values for name, values in mapping.where.items()):
            continue
        key = tuple(row.cells[name] for name in mapping.distinct)
        if mapping.distinct and key in seen:
            continue
        if mapping.distinct:
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
        if lacking := _NEEDED - set(fields):
            named = {line.partition(":")[0] for line in wrong}
            problems += [f"{name}: an empty cell" for name in sorted(lacking - named)]
            continue
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
    if not isfinite(float(number)):
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
        "date_stated": True if fields.get("date") else None,
        "part_of": whole and whole.figure_id,
        "includes": (),
        "cues": {},
        "choices": {},
        "other": {},
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

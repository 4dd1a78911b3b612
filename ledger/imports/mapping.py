"""A mapping: which cells of somebody's table are figures, and what they mean. A TOML file.

    name = "weekly-losses"          # the table's kind; figures carry it as their extractor
    title = "..."                   # of the source, as are publisher and url (optional)
    missing = ["", "-"]             # cells that say nothing
    distinct = ["date", "amount"]   # rows that repeat these columns count once (optional)

    [where]                         # only rows in which a column has one of these values (optional)
    country = ["Germany", "France"]

    [fields]                        # what every figure of a row has: a constant, or a column
    party = "RUS"
    date = { column = "day", formats = ["%d.%m.%Y"] }

    [[figure]]                      # one figure a row, in these columns (several are added up)
    value = "tanks"                 # or ["cars", "fuel trucks"]
    item = "tank"                   # further fields of this figure
    name = "all"                    # so that another can say: part_of = "all"

    [maps.countries]                # named tables of values
    Germany = "DEU"

A column is ``{ column = "...", map = "countries", pattern = "...", formats = [...], default =
"..." }``: ``pattern`` takes the first group of what it finds, ``formats`` read a date as precisely
as they name one (``%m/%Y`` is a month), ``map`` replaces the value (by the name of a table in
``maps``), and ``default`` stands for an empty cell. A mapping for lines of text adds ``[lines]``:
see ``aidledger.sheets.readtable``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from ledger.errors import LedgerError
from ledger.figure import FIELDS

SETTABLE = frozenset(FIELDS) - {
    *("figure_id", "source_id", "start", "end", "text", "sentence", "value", "low", "high"),
    *("date_stated", "same_as", "part_of", "includes", "cues", "confidence", "choices", "other"),
    *("reader", "extractor", "rule"),
}
_KEYS = {"column", "map", "pattern", "formats", "default"}


@dataclass(frozen=True, slots=True)
class Column:
    """How a field is read from a cell."""

    column: str
    map: Mapping[str, str] | None = None
    pattern: re.Pattern[str] | None = None
    formats: tuple[str, ...] = ()
    default: str | None = None

    def read(self, cell: str) -> str | None:
        """The field's value in this cell, None if it holds none.

        Raises ValueError for a value that the map or the formats do not know.
        """
        if self.pattern is not None:
            found = self.pattern.search(cell)
            cell = found[1] if found else ""
        if not cell:
            return self.default
        if self.formats:
            return _date(cell, self.formats)
        if self.map is not None and cell not in self.map:
            raise ValueError(f"{self.column}: {cell!r} is not in the mapping")
        return self.map[cell] if self.map is not None else cell


@dataclass(frozen=True, slots=True)
class Rule:
    """One figure a row: the columns of its number, its fields, and the rule it is part of."""

    name: str
    columns: tuple[str, ...]
    fields: Mapping[str, str | Column]
    part_of: str | None = None


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A mapping as :func:`read_mapping` reads it."""

    name: str
    rules: tuple[Rule, ...]
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    missing: frozenset[str] = frozenset({""})
    distinct: tuple[str, ...] = ()
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)
    lines: Mapping[str, Any] | None = None

    def columns(self) -> list[str]:
        """Every column that a table must have."""
        read = [
            spec.column
            for rule in self.rules
            for spec in rule.fields.values()
            if isinstance(spec, Column) and spec.default is None
        ]
        return list(dict.fromkeys([*self.where, *self.distinct, *read]))


def shipped() -> list[str]:
    """The names of the mappings that come with aidledger."""
    folder = files("ledger.imports") / "mappings"
    return sorted(path.name.removesuffix(".toml") for path in folder.iterdir())


def read_mapping(where: str | Path) -> TableMapping:
    """The mapping of a TOML file, or a shipped one by its name.

    Raises LedgerError naming the file and what is wrong in it.
    """
    source = (
        files("ledger.imports") / "mappings" / f"{where}.toml" if str(where) in shipped() else None
    )
    try:
        text = source.read_text("utf-8") if source else Path(where).read_text("utf-8")
        return mapping_of(tomllib.loads(text))
    except FileNotFoundError as error:
        known = ", ".join(shipped())
        raise LedgerError(f"{where}: no such mapping file (shipped: {known})") from error
    except (OSError, ValueError, re.error, KeyError, TypeError) as error:
        cause = f"lacks {error}" if isinstance(error, KeyError) else str(error)
        raise LedgerError(f"{where}: {cause}") from error


def mapping_of(data: Mapping[str, Any]) -> TableMapping:
    """The mapping that a TOML document holds. Raises ValueError, KeyError or TypeError."""
    maps, shared = data.get("maps", {}), data.get("fields", {})
    rules = tuple(_rule(n, shared | figure, maps) for n, figure in enumerate(data["figure"]))
    names = [rule.name for rule in rules]
    for place, rule in enumerate(rules):
        if rule.part_of is not None and rule.part_of not in names[:place]:
            raise ValueError(
                f"{rule.name} is part_of {rule.part_of!r}, which does not stand before"
            )
    return TableMapping(
        name=data["name"],
        rules=rules,
        title=data.get("title"),
        publisher=data.get("publisher"),
        url=data.get("url"),
        missing=frozenset(data.get("missing", ())) | {""},
        distinct=tuple(data.get("distinct", ())),
        where={column: frozenset(values) for column, values in data.get("where", {}).items()},
        lines=data.get("lines"),
    )


def _rule(number: int, figure: Mapping[str, Any], maps: Mapping[str, Mapping[str, str]]) -> Rule:
    held = dict(figure)
    value = held.pop("value")
    columns = (value,) if isinstance(value, str) else tuple(value)
    name, part_of = held.pop("name", f"figure {number + 1}"), held.pop("part_of", None)
    unknown = set(held) - SETTABLE
    if unknown:
        raise ValueError(f"no field {', '.join(sorted(unknown))}")
    fields = {
        key: _column(spec, maps) if isinstance(spec, dict) else str(spec)
        for key, spec in held.items()
    }
    for required in ("dimension", "unit"):
        if required not in fields:
            raise ValueError(f"{name} has no {required}")
    return Rule(name, columns, fields, part_of)


def _column(spec: Mapping[str, Any], maps: Mapping[str, Mapping[str, str]]) -> Column:
    if set(spec) - _KEYS:
        raise ValueError(f"a column has no {', '.join(sorted(set(spec) - _KEYS))}")
    named = spec.get("map")
    return Column(
        column=spec["column"],
        map=maps[named] if isinstance(named, str) else named,
        pattern=re.compile(spec["pattern"]) if "pattern" in spec else None,
        formats=tuple(spec.get("formats", ())),
        default=spec.get("default"),
    )


def _date(cell: str, formats: tuple[str, ...]) -> str:
    for form in formats:
        try:
            day = datetime.strptime(cell, form)
        except ValueError:
            continue
        return day.strftime("%Y-%m-%d" if "%d" in form else "%Y-%m" if "%m" in form else "%Y")
    raise ValueError(f"{cell!r} is not a date of the form {' or '.join(formats)}")

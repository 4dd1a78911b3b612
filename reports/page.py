"""The page: every document with its figures marked, every sum with the facts behind it.

One file that needs no network. Jinja2 escapes whatever comes from a document; a content security
policy allows the page's own script and style, by their digests, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ledger.dedupe import merge
from ledger.reconcile import reconcile
from ledger.series import ACTORS
from ledger.totals import book_cancelled, select, totals, without_parts
from reports.actors import actor_name
from reports.canvas import scale_of
from reports.files import replacing
from reports.marked import Piece, Span, pieces, printable
from reports.titles import value_name

if TYPE_CHECKING:
    from ledger.figure import Source

WEB = Path(__file__).parent / "web"
FILTERS = ("dimension", "status", "basis", "donor", "recipient", "party", "item")
SHOWN = (
    "value", "low", "high", "unit", "per", "qualifier", "item", "category", "aid_type", "donor",
    "recipient", "party", "status", "basis", "date", "since", "attribution", "certainty", "review",
    "rule",
)  # fmt: skip
_PLACE = ["figure_id", "start", "end"]
Cues = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Article:
    """A document as the page shows it."""

    number: int
    source: Source
    pieces: list[Piece]
    figures: int


@dataclass(frozen=True)
class Entry:
    """A fact, or a stated total with its verdict, with the figures that say so."""

    key: str
    words: str
    who: str
    date: str
    status: str
    figure_ids: list[str]
    verdict: str = ""


@dataclass(frozen=True)
class Sum:
    """One total: what is added, its best number and bounds, and the facts in it."""

    name: str
    status: str
    best: str
    bounds: str
    facts: list[Entry]


def write_page(
    path: Path | str,
    documents: Iterable[Source],
    figures: pd.DataFrame,
    *,
    facts: pd.DataFrame | None = None,
    balances: pd.DataFrame | None = None,
    cues: Cues | None = None,
    title: str = "Aid ledger",
    origin: str | None = None,
    as_of: str | None = None,
    made: str = "aidledger",
) -> Path:
    """Write documents and figures as one page of HTML; returns its path.

    ``documents`` are the sources with their texts (``Ledger.documents()``), ``figures`` their
    figures (``Ledger.figures()``); ``facts`` and ``balances`` are gathered from these where they
    are not given. ``cues`` says for a figure's id which words decided which field. The rest is as
    for :func:`reports.workbook.write_workbook`. Raises OSError where the file cannot be written.
    """
    facts = merge(figures) if facts is None else facts
    balances = reconcile(facts) if balances is None else balances
    entries = _facts(facts)
    path = Path(path)
    with replacing(path) as unfinished, unfinished.open("w", encoding="utf-8") as file:
        script, style = _asset("page.js"), _asset("page.css")
        stream = _template().stream(
            title=printable(title),
            origin=printable(origin or ""),
            as_of=as_of or "",
            made=printable(made),
            script=Markup(script),
            style=Markup(style),
            policy=_policy(script, style),
            filters=_filters(figures),
            counts={"figures": len(figures), "facts": len(facts)},
            sums=_sums(facts, entries),
            stated=_stated(balances),
            facts=entries,
            articles=_articles(documents, figures),
            fields=Markup(_data(figures, cues or {})),
        )
        stream.enable_buffering(64)
        stream.dump(file)
    return path


def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(WEB), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("page.html")


def _asset(name: str) -> str:
    return (WEB / name).read_text(encoding="utf-8")


def _policy(script: str, style: str) -> str:
    """Nothing but this script and this style, whatever a document smuggles in."""
    allowed = {name: _digest(text) for name, text in (("script", script), ("style", style))}
    sources = "; ".join(f"{name}-src 'sha256-{digest}'" for name, digest in allowed.items())
    return f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _filters(figures: pd.DataFrame) -> dict[str, list[tuple[str, str]]]:
    """The values to choose from and their names, for each column that has more than one."""
    values = {name: figures[name].dropna().astype(str).unique() for name in FILTERS}
    return {
        column: sorted(((value, value_name(column, value)) for value in found), key=itemgetter(1))
        for column, found in values.items()
        if len(found) > 1
    }


def _data(figures: pd.DataFrame, cues: Cues) -> str:
    """Each figure's fields and cue words as JSON that cannot end the element it stands in."""
    names = [name for name in SHOWN if name in figures.columns]
    data = {
        figure_id: {
            "fields": {name: _plain(value) for name, value in fields.items() if pd.notna(value)},
            "cues": dict(cues.get(figure_id, {})),
        }
        for figure_id, fields in zip(
            figures["figure_id"], figures[names].to_dict("records"), strict=True
        )
    }
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return printable(str(value))


def _articles(documents: Iterable[Source], figures: pd.DataFrame) -> Iterator[Article]:
    by_source = dict(iter(figures.groupby("source_id", sort=False)))
    for number, source in enumerate(documents, 1):
        rows = by_source.get(source.source_id)
        spans = [] if rows is None else [Span(*row) for row in rows[_PLACE].to_numpy()]
        yield Article(number, source, pieces(source.text, spans), len(spans))


def _facts(facts: pd.DataFrame) -> list[Entry]:
    return [
        Entry(
            key=row["fact_id"],
            words=_words(row),
            who=_who(row),
            date=row["date"] if isinstance(row["date"], str) else "",
            status=", ".join(_known(row, "status", "basis")),
            figure_ids=json.loads(row["figure_ids"]),
        )
        for row in facts.to_dict("records")
    ]


def _sums(facts: pd.DataFrame, entries: Iterable[Entry]) -> list[Sum]:
    """The totals over everything, each with the facts that it adds up."""
    entry_of = {entry.key: entry for entry in entries}
    added = without_parts(book_cancelled(select(facts, basis="delta")), facts)
    added = added.assign(item=added["item"].where(added["dimension"] != "money"))
    keys = ["dimension", "item", "status", "unit"]
    behind = {
        _key(values): list(rows["fact_id"])
        for values, rows in added.groupby(keys, dropna=False, sort=False)
    }
    rows = (
        totals(facts, by=("dimension",))
        .sort_values("facts", ascending=False, kind="stable")
        .to_dict("records")
    )
    return [
        Sum(
            name=_or(row["item"], row["dimension"]),
            status=_or(row["status"], "status not stated"),
            best=_amount(row["best"], row["unit"]),
            bounds=_range(row),
            facts=[entry_of[fact_id] for fact_id in behind[_key(row[name] for name in keys)]],
        )
        for row in rows
    ]


def _stated(balances: pd.DataFrame) -> list[Entry]:
    rows = balances[balances["entry"].eq("total")].to_dict("records")
    return [
        Entry(
            key=row["fact_id"],
            words=_amount(row["amount"], row["unit"]) + f" {_or(row['item'], '')}".rstrip(),
            who=_who(row),
            date="" if pd.isna(row["date"]) else f"{row['date']:%Y-%m-%d}",
            status=str(_or(row["status"], "")),
            figure_ids=json.loads(row["figure_ids"]),
            verdict=row["verdict"] + _gap(row),
        )
        for row in rows
    ]


def _gap(row: Mapping[Any, Any]) -> str:
    if row["verdict"] not in ("short", "over", "conflict") or not row["gap"]:
        return ""
    more = "more" if row["gap"] > 0 else "less"
    return f": {_amount(abs(row['gap']), row['unit'])} {more} than expected"


def _words(row: Mapping[Any, Any]) -> str:
    """``about USD 625 million military aid``."""
    number = row["value"]
    stated = [row["low"], row["high"]] if pd.isna(number) else [number]
    amount = " to ".join(_amount(bound, row["unit"]) for bound in stated if pd.notna(bound))
    qualifier = {"exact": "", "range": ""}.get(row["qualifier"], str(row["qualifier"]))
    per = f"per {row['per']}" if isinstance(row["per"], str) else ""
    words = (qualifier.replace("_", " "), amount, _or(row["item"], ""), per)
    return " ".join(filter(None, words))


def _who(row: Mapping[Any, Any]) -> str:
    donor, recipient, party = (
        "" if pd.isna(row[name]) else printable(actor_name(row[name])) for name in ACTORS
    )
    return " to ".join(filter(None, (donor, recipient))) or party


def _amount(number: float, unit: str) -> str:
    """``USD 625 million``, ``4``, ``20 percent``."""
    scale = scale_of(number, unit) if abs(number) >= 1e6 else scale_of(0, unit)
    digits = f"{scale.text(number)} {scale.name}".strip()
    if unit == "count":
        return digits
    return f"{unit} {digits}" if unit.isupper() else f"{digits} {unit}"


def _range(row: Mapping[Any, Any]) -> str:
    if row["low"] == row["high"]:
        return ""
    if pd.isna(row["high"]):
        return f"{_amount(row['low'], row['unit'])} or more"
    return f"{_amount(row['low'], row['unit'])} to {_amount(row['high'], row['unit'])}"


def _known(row: Mapping[Any, Any], *names: str) -> list[str]:
    return [str(row[name]) for name in names if pd.notna(row[name])]


def _or(value: Any, otherwise: str) -> str:
    return otherwise if pd.isna(value) else printable(str(value))


def _key(values: Any) -> tuple[str, ...]:
    return tuple("" if pd.isna(value) else str(value) for value in values)

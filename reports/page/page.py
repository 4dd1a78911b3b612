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
from io import TextIOWrapper
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ledger.dedupe import merge
from ledger.fact import WEIGHED
from ledger.queries.asked import Asked, shown
from ledger.queries.view import View
from ledger.reconcile import reconcile
from ledger.rows import PORTION, Rows, Table, portions_of, records
from ledger.series import ACTORS
from ledger.totals import book_cancelled, select, totals, without_parts
from reports.actor_names import actor_name
from reports.files import replacing
from reports.page.marked import Piece, Span, pieces, printable
from reports.telling import TOLD, Progress
from reports.titles import scale_of, value_name

if TYPE_CHECKING:
    from ledger.figure import Source

WEB = Path(__file__).parent / "web"
FILTERS = ("dimension", "status", "basis", "donor", "recipient", "party", "item")
SHOWN = (
    "value", "low", "high", "unit", "per", "qualifier", "item", "category", "aid_type", "donor",
    "recipient", "party", "status", "basis", "date", "since", "attribution", "certainty",
    "confidence", "review", "rule",
)  # fmt: skip
_PLACE = ("figure_id", "start", "end")
_STATED = (
    "fact_id", "value", "low", "high", "unit", "qualifier", "per", "item", *ACTORS, "status",
    "basis", "date", "figure_ids",
)  # fmt: skip


@dataclass(frozen=True)
class Article:
    """A document as the page shows it."""

    number: int
    source: Source
    pieces: Iterator[Piece]
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
    count: int
    facts: Iterator[Entry]


def write_page(
    path: Path | str,
    documents: Iterable[Source],
    figures: Table,
    *,
    facts: Table | None = None,
    balances: pd.DataFrame | None = None,
    title: str = "Aid ledger",
    origin: str | None = None,
    as_of: str | None = None,
    made: str = "aidledger",
    view: View | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write documents and figures as one page of HTML; returns its path.

    ``documents`` are the sources with their texts (``Ledger.documents()``), ``figures`` their
    figures (``Ledger.figures()``); ``facts`` and ``balances`` are gathered from these where they
    are not given. The sums are of aid and losses, unless ``view`` asks for others
    (:mod:`ledger.queries.view`). The rest is as for
    :func:`reports.workbook.workbook.write_workbook`. Raises OSError where the file cannot be
    written.
    """
    figures = Rows.of(figures)
    facts = Rows.of(merge(figures.frame()) if facts is None else facts)
    weighed = facts.frame(list(dict.fromkeys((*WEIGHED, *_STATED))))
    balances = reconcile(weighed) if balances is None else balances
    outline = figures.frame(list(dict.fromkeys(("source_id", *_PLACE, *FILTERS))))
    path = Path(path)
    with replacing(path) as unfinished, TextIOWrapper(unfinished, encoding="utf-8") as file:
        script, style = _asset("page.js"), _asset("page.css")
        stream = _template().stream(
            title=printable(title),
            origin=printable(origin or ""),
            as_of=as_of or "",
            made=printable(made),
            script=Markup(script),
            style=Markup(style),
            policy=_policy(script, style),
            filters=_filters(outline),
            counts={"figures": len(outline), "facts": len(weighed)},
            sums=_sums(weighed, shown({"view": view})),
            stated=_stated(balances),
            facts=_facts(portions_of(weighed)),
            articles=_articles(documents, outline),
            fields=map(Markup, _data(figures, progress)),
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


# Made once: json.dumps makes one a call.
_json = json.JSONEncoder(separators=(",", ":")).encode


def _data(figures: Rows, progress: Progress | None) -> Iterator[str]:
    """Each figure's fields and cue words as JSON that cannot end the element it stands in."""
    names = [name for name in SHOWN if name in figures.empty.columns]
    comma = ""
    yield "{"
    told = ["cues"] if "cues" in figures.empty.columns else []
    rows = _rows(figures.portions(["figure_id", *told, *names]))
    for number, row in enumerate(rows, 1):
        fields = {name: _plain(row[name]) for name in names if row[name] is not None}
        cues = {name: printable(words) for name, words in json.loads(row.get("cues", "{}")).items()}
        text = f"{comma}{_json(row['figure_id'])}:{_json({'fields': fields, 'cues': cues})}"
        yield text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
        comma = ","
        if progress and number % TOLD == 0:
            progress("figures", number, len(figures))
    yield "}"


def _rows(portions: Iterable[pd.DataFrame]) -> Iterator[dict[str, Any]]:
    """The rows by column, with None for what is missing."""
    for portion in portions:
        names = list(portion.columns)
        for row in records([portion], names):
            yield dict(zip(names, row, strict=True))


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return printable(str(value))


def _articles(documents: Iterable[Source], outline: pd.DataFrame) -> Iterator[Article]:
    rows_of = outline.groupby("source_id", sort=False).indices
    places = outline[list(_PLACE)]
    for number, source in enumerate(documents, 1):
        rows = places.iloc[rows_of.get(source.source_id, [])]
        spans = (Span(*row) for row in records(portions_of(rows), _PLACE))
        yield Article(number, source, pieces(source.text, spans), len(rows))


def _facts(portions: Iterable[pd.DataFrame]) -> Iterator[Entry]:
    for row in _rows(portion[list(_STATED)] for portion in portions):
        yield Entry(
            key=row["fact_id"],
            words=_words(row),
            who=_who(row),
            date=row["date"] or "",
            status=", ".join(_known(row, "status", "basis")),
            figure_ids=json.loads(row["figure_ids"]),
        )


def _sums(facts: pd.DataFrame, asked: Asked) -> list[Sum]:
    """The totals over all that is asked for, each with the facts that it adds up.

    These are made one after the other, in the order of the totals, as they are asked for.
    """
    added = without_parts(book_cancelled(select(facts, basis="delta", **asked)), facts)
    added = added.assign(item=added["item"].where(added["dimension"] != "money"))
    keys = ["dimension", "item", "status", "unit"]
    behind = {
        _key(values): rows.index
        for values, rows in added[keys].groupby(keys, dropna=False, sort=False)
    }
    rows = (
        totals(facts, by=("dimension",), **asked)
        .sort_values("facts", ascending=False, kind="stable")
        .to_dict("records")
    )
    places = [behind[_key(row[name] for name in keys)] for row in rows]
    every = np.concatenate([np.empty(0, dtype="int64"), *places])
    entries = _facts(facts.iloc[some] for some in _portions(every))
    return [
        Sum(
            name=_or(row["item"], row["dimension"]),
            status=_or(row["status"], "status not stated"),
            best=_amount(row["best"], row["unit"]),
            bounds=_range(row),
            count=len(own),
            facts=islice(entries, len(own)),
        )
        for row, own in zip(rows, places, strict=True)
    ]


def _portions(places: np.ndarray) -> Iterator[np.ndarray]:
    return (places[start : start + PORTION] for start in range(0, len(places), PORTION))


def _stated(balances: pd.DataFrame) -> Iterator[Entry]:
    totals = balances[balances["entry"].eq("total")]
    for row in _rows(portions_of(totals)):
        yield Entry(
            key=row["fact_id"],
            words=_amount(row["amount"], row["unit"]) + f" {_or(row['item'], '')}".rstrip(),
            who=_who(row),
            date=f"{row['date']:%Y-%m-%d}" if row["date"] else "",
            status=str(_or(row["status"], "")),
            figure_ids=json.loads(row["figure_ids"]),
            verdict=row["verdict"] + _gap(row),
        )


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

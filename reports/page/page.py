"""The page: every document with its figures marked, every sum with the facts behind it.

Files that need no network. Jinja2 escapes whatever comes from a document; a content security policy
allows the page's own script and style, by their digests, and nothing else. A ledger too large for
one page is split by month or by donor: the page then holds the sums, and leads to its parts.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ledger.dedupe import merge
from ledger.fact import WEIGHED
from ledger.queries.asked import among
from ledger.queries.view import ALL, SHOWN, View
from ledger.reconcile import reconcile
from ledger.rows import Rows, Table, portions_of, records
from ledger.totals import totals
from ledger.tree import Parents
from reports.actor_names import actor_name
from reports.files import replacing
from reports.page import shown
from reports.page.marked import Piece, Span, pieces, printable
from reports.telling import TOLD, Progress
from reports.titles import minutes

if TYPE_CHECKING:
    from ledger.figure import Source

WEB = Path(__file__).parent / "web"
MOST = 12_000  # facts on one page
FIELDS = (
    "value", "low", "high", "unit", "per", "qualifier", "item", "category", "aid_type", "donor",
    "recipient", "party", "status", "basis", "date", "since", "attribution", "certainty",
    "confidence", "review", "rule",
)  # fmt: skip
_PLACE = ("figure_id", "start", "end")
Split = Literal["month", "donor"]


@dataclass(frozen=True)
class Article:
    """A document as the page shows it."""

    number: int
    source: Source
    pieces: Iterator[Piece]
    figures: int


@dataclass(frozen=True)
class Sum:
    """One total: what is added, its best number and bounds, and how many facts are in it."""

    name: str
    status: str
    best: str
    bounds: str
    count: int


@dataclass(frozen=True)
class Step:
    """One decision: what was before and after, and what it did to the totals; ``figure_id`` is
    where the page has the figure."""

    at: str
    who: str
    action: str
    text: str
    before: str
    after: str
    effect: str
    why: str
    figure_id: str


@dataclass(frozen=True)
class Part:
    """One of the pages that a large ledger is split into: what is in it, and its facts."""

    path: Path
    name: str
    facts: pd.DataFrame


@dataclass(frozen=True)
class _Written:
    """What all pages of a ledger share."""

    documents: Iterable[Source]
    figures: Rows
    parents: Parents
    title: str
    told: dict[str, str]
    steps: list[Step]  # the latest decision first
    more_steps: int  # decisions before these
    progress: Progress | None


def write_page(
    path: Path | str,
    documents: Iterable[Source],
    figures: Table,
    *,
    facts: Table | None = None,
    balances: pd.DataFrame | None = None,
    history: pd.DataFrame | None = None,
    earlier: int = 0,
    parents: Parents | None = None,
    title: str = "Aid ledger",
    origin: str | None = None,
    as_of: str | None = None,
    made: str = "aidledger",
    only: str = "",
    view: View | None = None,
    split: Split = "month",
    most: int = MOST,
    progress: Progress | None = None,
) -> Path:
    """Write documents and figures as one page of HTML; returns its path.

    ``documents`` are the sources with their texts (``Ledger.documents()``), ``figures`` their
    figures (``Ledger.figures()``); ``facts`` and ``balances`` are gathered from these where they
    are not given; ``history`` is ``Ledger.history()`` or its latest decisions, of which there are
    so many ``earlier``. The facts are those of aid and losses,
    unless ``view`` asks for others (:mod:`ledger.queries.view`). ``parents`` is the tree of items:
    an item that is chosen stands for all below it. With more facts than ``most`` the page holds the
    sums and leads to parts of about as many beside it (``aid-1.html``, ...), by ``split``: the
    month of the facts, or their donor. The rest is as for
    :func:`reports.workbook.workbook.write_workbook`. Raises OSError where a file cannot be written.
    """
    figures, path = Rows.of(figures), Path(path)
    every = shown.needed(Rows.of(merge(figures.frame(), parents) if facts is None else facts))
    known = among(every, {"view": view or SHOWN}, parents)
    balances = reconcile(known[list(WEIGHED)]) if balances is None else balances
    verdicts = _verdicts(balances)
    told = {"origin": printable(origin or ""), "as_of": as_of or "", "made": printable(made),
            "only": printable(only)}  # fmt: skip
    steps = [] if history is None else list(_steps(history))
    written = _Written(
        documents, figures, parents or {}, printable(title), told, steps, earlier, progress
    )
    if len(known) <= most:
        return _write(path, written, known, verdicts)
    several = _Again(documents) if isinstance(documents, Iterator) else documents
    written = replace(written, documents=several)
    parts = list(_parts(path, known, split, most))
    for part in parts:
        _write(part.path, written, part.facts, verdicts, part=part, whole=path)
    return _write_index(path, written, known, parts)


class _Again:
    """Documents that can be gone through once, held to be gone through again."""

    def __init__(self, documents: Iterable[Source]) -> None:
        self._held = list(documents)

    def __iter__(self) -> Iterator[Source]:
        return iter(self._held)


def _parts(path: Path, facts: pd.DataFrame, split: Split, most: int) -> Iterator[Part]:
    """The facts in runs of months or donors, each of about so many, in order."""
    if split == "donor":
        groups = facts["donor"].fillna("").map(lambda code: actor_name(code) if code else "")
    else:
        groups = facts["date_end"].dt.strftime("%Y-%m").fillna("")
    counts = groups.value_counts().sort_index()
    run: list[str] = []
    runs = [run]
    for name, number in counts.items():
        if run and int(counts[run].sum()) + number > most:
            run = []
            runs.append(run)
        run.append(str(name))
    unknown = "no donor stated" if split == "donor" else "without a date"
    for number, names in enumerate(runs, 1):
        ends = dict.fromkeys(name or unknown for name in (names[0], names[-1]))
        yield Part(
            path.with_name(f"{path.stem}-{number}{path.suffix}"),
            printable(" to ".join(ends)),
            facts[groups.isin(names)],
        )


def _write(
    path: Path,
    written: _Written,
    facts: pd.DataFrame,
    verdicts: dict[str, str],
    *,
    part: Part | None = None,
    whole: Path | None = None,
) -> Path:
    """One page of these facts, with the figures and documents that state them; of all documents
    where the ledger is not split."""
    figures = written.figures
    if part is not None:
        told = set(facts["figure_ids"].map(json.loads).explode())
        figures = figures.keeping(lambda rows: rows["figure_id"].isin(told), "figure_id")
    outline = figures.frame(["source_id", *_PLACE])
    ids = {*outline["figure_id"]}
    documents = written.documents
    if part is not None:
        holding = set(outline["source_id"])
        documents = (source for source in documents if source.source_id in holding)
    return _filled(
        path,
        "page.html",
        written,
        part=part.name if part else "",
        whole=whole.name if whole else "",
        filters=shown.filters(facts, written.parents),
        by=[name for name in shown.BY if name == "month" or facts[name].notna().any()],
        counts={"figures": len(outline), "facts": len(facts)},
        sums=_sums(facts),
        steps=[_on_page(step, ids) for step in written.steps] if part is None else [],
        articles=_articles(documents, outline),
        facts=map(Markup, shown.facts_json(facts, verdicts)),
        fields=map(Markup, _figures(figures, written.progress)),
        lookup=Markup(
            shown.embedded(
                {"names": shown.names(facts), "paths": shown.paths(facts, written.parents)}
            )
        ),
    )


def _write_index(path: Path, written: _Written, facts: pd.DataFrame, parts: list[Part]) -> Path:
    return _filled(
        path,
        "index.html",
        written,
        sums=_sums(facts),
        stated=_sums(facts, "total"),
        counts={"figures": len(written.figures), "facts": len(facts)},
        parts=[(part.path.name, part.name, len(part.facts)) for part in parts],
        steps=[_on_page(step, set()) for step in written.steps],
    )


def _steps(history: pd.DataFrame) -> Iterator[Step]:
    """The decisions, the latest first."""
    told = history.assign(at=minutes(history["at"])).fillna("").iloc[::-1]
    names = Step.__dataclass_fields__
    for row in told.to_dict("records"):
        yield Step(**{name: printable(" ".join(str(row[name]).split())) for name in names})


def _on_page(step: Step, ids: Collection[str]) -> Step:
    """The decision, without its figure where the page does not have that."""
    return step if step.figure_id in ids else replace(step, figure_id="")


def _filled(path: Path, template: str, written: _Written, **words: Any) -> Path:
    script, style = _asset("page.js"), _asset("page.css")
    with replacing(path) as unfinished, TextIOWrapper(unfinished, encoding="utf-8") as file:
        stream = _template(template).stream(
            title=written.title,
            **written.told,
            more_steps=written.more_steps,
            script=Markup(script),
            style=Markup(style),
            policy=_policy(script, style),
            **words,
        )
        stream.enable_buffering(64)
        stream.dump(file)
    return path


def _template(name: str) -> Any:
    environment = Environment(
        loader=FileSystemLoader(WEB), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template(name)


def _asset(name: str) -> str:
    return (WEB / name).read_text(encoding="utf-8")


def _policy(script: str, style: str) -> str:
    """Nothing but this script and this style, whatever a document smuggles in."""
    allowed = {name: _digest(text) for name, text in (("script", script), ("style", style))}
    sources = "; ".join(f"{name}-src 'sha256-{digest}'" for name, digest in allowed.items())
    return f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _figures(figures: Rows, progress: Progress | None) -> Iterator[str]:
    """Each figure's fields, cue words and sentence as JSON."""
    names = [name for name in FIELDS if name in figures.empty.columns]
    told = [name for name in ("cues", "sentence") if name in figures.empty.columns]
    comma = ""
    yield "{"
    rows = records(figures.portions(["figure_id", *told, *names]), ["figure_id", *told, *names])
    for number, values in enumerate(rows, 1):
        row = dict(zip(["figure_id", *told, *names], values, strict=True))
        fields = {name: _plain(row[name]) for name in names if row[name] is not None}
        cues = {name: printable(words) for name, words in json.loads(row.get("cues", "{}")).items()}
        held = {"fields": fields, "cues": cues, "sentence": printable(row.get("sentence") or "")}
        yield f"{comma}{shown.embedded(row['figure_id'])}:{shown.embedded(held)}"
        comma = ",\n"
        if progress and number % TOLD == 0:
            progress("figures", number, len(figures))
    yield "}"


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


def _sums(facts: pd.DataFrame, basis: str = "delta") -> list[Sum]:
    """The totals over all facts, those of most facts first and those of no known status last: what
    stands on the page until its script takes over. Of what texts state, the latest."""
    rows = totals(facts, by=("dimension",), basis=basis, view=ALL)
    rows = rows.assign(unknown=rows["status"].isna()).sort_values(
        ["unknown", "facts"], ascending=[True, False], kind="stable"
    )
    return [
        Sum(
            name=printable(row["dimension"] if pd.isna(row["item"]) else row["item"]),
            status="status not stated" if pd.isna(row["status"]) else row["status"],
            best=shown.amount(row["best"], row["unit"]),
            bounds=shown.bounds_words(row),
            count=row["facts"],
        )
        for row in rows.to_dict("records")
    ]


def _verdicts(balances: pd.DataFrame) -> dict[str, str]:
    """What came of checking each stated total, by its fact."""
    stated = balances[balances["entry"].eq("total")]
    return {row["fact_id"]: row["verdict"] + _gap(row) for row in stated.to_dict("records")}


def _gap(row: dict[Any, Any]) -> str:
    if row["verdict"] not in ("short", "over", "conflict") or not row["gap"]:
        return ""
    more = "more" if row["gap"] > 0 else "less"
    return f": {shown.amount(abs(row['gap']), row['unit'])} {more} than expected"

"""Which rules and which words decided each field of a figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from extractors.assemble import figures_of
from extractors.meaning.draft import Draft
from extractors.passage.context import Context
from extractors.pipeline import drafts_of
from ledger.figure import Figure, Source, make_source

_DECIDED = (
    "item", "donor", "recipient", "party", "status", "basis", "date", "since", "attribution",
    "certainty", "same_as", "part_of", "includes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """A field, what it holds, the rule that decided it, and the words that were the cue."""

    field: str
    value: str
    rule: str
    cue: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure with the reasons for its fields, in the record's order."""

    figure: Figure
    reasons: tuple[Reason, ...]

    def _repr_html_(self) -> str:
        """A table of the reasons, for notebooks."""
        cells = (
            "".join(f"<td>{escape(text)}</td>" for text in (r.field, r.value, r.rule, r.cue))
            for r in self.reasons
        )
        heads = "".join(f"<th>{name}</th>" for name in ("field", "value", "rule", "words"))
        rows = "".join(f"<tr>{row}</tr>" for row in cells)
        title = f"<strong>{escape(self.figure.text)}</strong>"
        return f"{title}<table><tr>{heads}</tr>{rows}</table>"


class Explanations(list[Explanation]):
    """The figures of a text, each with its reasons; a notebook shows a table for each."""

    def _repr_html_(self) -> str:
        return "".join(explanation._repr_html_() for explanation in self)


def explain(
    text: str, *, published: str | None = None, title: str | None = None, url: str | None = None
) -> Explanations:
    """For every figure of a text: which rule cut it out and which words decided each field."""
    return explain_source(make_source(text, published=published, title=title, url=url))


def explain_source(source: Source) -> Explanations:
    """The same for a document, whose figures bear its id."""
    ctx = Context(source)
    drafts = drafts_of(ctx)
    figures = figures_of(ctx, drafts)
    texts = {figure.figure_id: figure.text for figure in figures}
    return Explanations(
        Explanation(figure, tuple(_reasons(draft, figure, texts)))
        for draft, figure in zip(drafts, figures, strict=True)
    )


def _reasons(draft: Draft, figure: Figure, texts: Mapping[str, str]) -> Iterator[Reason]:
    number = f"{figure.value if figure.value is not None else f'{figure.low} to {figure.high}'}"
    yield Reason("value", number, figure.rule, figure.text)
    yield Reason("unit", figure.unit, figure.rule, figure.text)
    yield Reason("qualifier", figure.qualifier, "words around the number", draft.qualified.cue)
    if figure.per is not None:
        yield Reason("per", figure.per, "<n> per <unit>", figure.per)
    for name in _DECIDED:
        value = getattr(figure, name)
        if value is None or value == ():
            continue
        rule, cue = draft.reasons.get(name, ("", ""))
        if name in ("same_as", "part_of"):
            value, cue = texts[value], ""
        elif name == "includes":
            value, cue = ", ".join(texts[v] for v in value), ""
        yield Reason(name, str(value), rule, cue)

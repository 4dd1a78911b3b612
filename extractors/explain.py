"""Which rules and which words decided each field of a figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from html import escape
from typing import TYPE_CHECKING

from extractors.assemble import CHOSEN, bare_figures, figures_of
from extractors.meaning.built_in import BUILT_IN
from extractors.passage.context import Context
from extractors.pipeline import reader_of, recorded_as, situations_of, unread
from ledger.figure import Chosen, Figure, Source, make_source

if TYPE_CHECKING:
    from extractors.meaning.draft import Draft
    from extractors.meaning.reader import AskedReader, MeaningReader
    from extractors.meaning.situation import Situation


@dataclass(frozen=True, slots=True)
class Reason:
    """A field, what it holds, the rule that decided it, and the words that were the cue.

    ``sure``: how sure the reader was, where it chose by probabilities (``0.81, else delivered
    0.12; less without: sent``).
    """

    field: str
    value: str
    rule: str
    cue: str
    sure: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure with the reasons for its fields, in the record's order."""

    figure: Figure
    reasons: tuple[Reason, ...]

    def _repr_html_(self) -> str:
        """A table of the reasons, for notebooks."""
        cells = (
            "".join(f"<td>{escape(text)}</td>" for text in astuple(reason))
            for reason in self.reasons
        )
        heads = "".join(f"<th>{name}</th>" for name in ("field", "value", "rule", "words", "sure"))
        rows = "".join(f"<tr>{row}</tr>" for row in cells)
        title = f"<strong>{escape(self.figure.text)}</strong>"
        return f"{title}<table><tr>{heads}</tr>{rows}</table>"


class Explanations(list[Explanation]):
    """The figures of a text, each with its reasons; a notebook shows a table for each."""

    def _repr_html_(self) -> str:
        return "".join(explanation._repr_html_() for explanation in self)


def explain(
    text: str,
    *,
    published: str | None = None,
    title: str | None = None,
    url: str | None = None,
    reader: AskedReader = BUILT_IN,
) -> Explanations:
    """For every figure of a text: which rule cut it out and which words decided each field.

    ``reader``: see :func:`extractors.pipeline.extract`.
    """
    source = make_source(text, published=published, title=title, url=url)
    return explain_source(source, reader=reader)


def explain_source(source: Source, *, reader: AskedReader = BUILT_IN) -> Explanations:
    """For every figure of a document: which rule cut it out and which words decided each field."""
    ctx = Context(source)
    if (found := unread(ctx, reader)) is not None:
        figures = bare_figures(ctx, found, recorded_as(reader))
        cues = [f.qualified.cue for f in found]
        return Explanations(
            Explanation(figure, tuple(_of_number(figure, cue)))
            for figure, cue in zip(figures, cues, strict=True)
        )
    asked, passage = reader_of(reader), situations_of(ctx)
    answers = asked.read(passage)
    figures = figures_of(ctx, answers, asked.name)
    weighed = _weighed(asked, passage)
    rules: dict[tuple[int, str], str] = {
        (link.source, link.kind): link.rule for link in answers.links
    }
    return Explanations(
        Explanation(
            figure,
            (
                *_of_number(figure, draft.qualified.cue),
                *_of_choices(figure, draft, weighed.get(k, {})),
                *_of_links(k, figure, figures, rules),
            ),
        )
        for k, (draft, figure) in enumerate(zip(answers.drafts, figures, strict=True))
    )


def _of_number(figure: Figure, cue: str) -> Iterator[Reason]:
    number = f"{figure.value if figure.value is not None else f'{figure.low} to {figure.high}'}"
    yield Reason("value", number, figure.rule, figure.text)
    yield Reason("unit", figure.unit, figure.rule, figure.text)
    yield Reason("qualifier", figure.qualifier, "words around the number", cue)
    if figure.per is not None:
        yield Reason("per", figure.per, "<n> per <unit>", figure.per)


def _weighed(
    reader: MeaningReader, passage: Sequence[Situation]
) -> Mapping[int, Mapping[str, str]]:
    """The words that count most for each choice, where a reader can tell them."""
    from extractors.meaning.reader import Weighing

    return reader.deciding(passage) if isinstance(reader, Weighing) else {}


def _of_choices(figure: Figure, draft: Draft, weighed: Mapping[str, str]) -> Iterator[Reason]:
    for name in CHOSEN:
        choice = draft.choice(name)
        beside = _beside(figure, name)
        if choice.value is not None or beside:
            sure = _sure(figure.choices.get(name), weighed.get(name))
            told = "; ".join(filter(None, (sure, beside)))
            yield Reason(name, choice.value or "null", choice.rule, choice.words, told)


def _beside(figure: Figure, name: str) -> str:
    """What a second reader says of a field, where it says another thing or its choice was kept."""
    other = figure.other
    if name not in other:
        return ""
    if (why := other.get("kept", {}).get(name)) is not None:
        return f"as {other['reader']} says, not {figure.reader}: {why}"
    differs = other[name] != getattr(figure, name)
    return f"{other['reader']}: {other[name] or 'null'}" if differs else ""


def _sure(chosen: Chosen | None, weighed: str | None = None) -> str:
    """The probability of what a field holds, the next best value with its own, and the words
    without which it would be less likely."""
    if chosen is None:
        return ""
    sure, its = f"{chosen['probability']:.2f}", chosen["its_probability"]
    told = sure if its is None else f"{sure}, else {chosen['runner_up'] or 'null'} {its:.2f}"
    return f"{told}; less without: {weighed}" if weighed else told


def _of_links(
    k: int, figure: Figure, figures: Sequence[Figure], rules: Mapping[tuple[int, str], str]
) -> Iterator[Reason]:
    texts = {f.figure_id: f.text for f in figures}
    targets = {
        "same_as": [figure.same_as], "part_of": [figure.part_of], "includes": figure.includes,
    }  # fmt: skip
    for name, ids in targets.items():
        told = ", ".join(texts[figure_id] for figure_id in ids if figure_id is not None)
        sure = _sure(_in_texts(figure.choices.get(name), texts))
        if told:
            yield Reason(name, told, rules[k, name], "", sure)


def _in_texts(chosen: Chosen | None, texts: Mapping[str, str]) -> Chosen | None:
    """How sure a link is, with the figure that it may lead to else by its text."""
    if chosen is None or chosen["runner_up"] is None:
        return chosen
    return {**chosen, "runner_up": texts.get(chosen["runner_up"])}

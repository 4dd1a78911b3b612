"""The order of the steps, and ``extract``.

A document's paragraphs are scanned for digits and number words; only the sentences that hold one
are read. Each quantity is cut out; a reader of meaning, if one is asked, says what each of them
means and which belong together. Of a document that is not in English, figures have no meaning;
unless its language's numbers are read (``catalogue/languages/``), only those that are written alike
in every language are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.assemble import bare_figures, figures_of
from extractors.meaning.built_in import BUILT_IN, built_in_name
from extractors.passage.alike import alike_in_all
from extractors.passage.context import Context
from extractors.passage.found import Found, found_in
from extractors.text.language import foreign_language
from ledger.figure import UNREAD, Figure, Figures, Source, make_source

if TYPE_CHECKING:  # names and what stands on them are loaded when a reader of meaning is asked
    from extractors.meaning.reader import Answers, AskedReader, MeaningReader
    from extractors.meaning.situation import Situation

NUMBERS_ALONE = UNREAD
RULES = "rules"
# The readers of meaning by the name that a user gives: each one's module and what makes it.
READERS = {
    BUILT_IN: ("extractors.fitted.fitted_reader", "built_in"),
    RULES: ("extractors.rules.rule_reader", "RuleReader"),
}
FITTED = ("extractors.fitted.fitted_reader", "of_folder")  # of a folder of weights


def check_reader(reader: AskedReader) -> None:
    """Raise ValueError where there is no reader of this name, nor weights in such a folder."""
    if isinstance(reader, str) and reader not in (NUMBERS_ALONE, *READERS):
        reader_of(reader)


@cache
def reader_of(reader: AskedReader) -> MeaningReader:
    """The reader of meaning of a name, or of a folder of weights, loaded now; a reader is itself.

    Raises ValueError where there is none, or the folder holds no weights.
    """
    if not isinstance(reader, str):
        return reader
    if reader in READERS:
        module, maker = READERS[reader]
        found: MeaningReader = getattr(import_module(module), maker)()
        return found
    if not reader or not Path(reader).is_dir():
        names = ", ".join((*READERS, NUMBERS_ALONE))
        raise ValueError(
            f"reader: {reader!r} is not a reader of meaning: choose {names} or a folder of weights"
        )
    module, maker = FITTED
    fitted: MeaningReader = getattr(import_module(module), maker)(Path(reader))
    return fitted


def recorded_as(reader: AskedReader) -> str:
    """What the record's ``reader`` says of figures that this reader has read."""
    if reader == BUILT_IN:  # of which nothing need be loaded to know
        return built_in_name()
    return NUMBERS_ALONE if reader == NUMBERS_ALONE else reader_of(reader).name


def understood(ctx: Context, reader: AskedReader = BUILT_IN) -> Answers:
    """All figures of a document with what a reader says of them, in the order of the text."""
    return reader_of(reader).read(situations_of(ctx))


def situations_of(ctx: Context) -> list[Situation]:
    """All figures of a document with their names, in the order of the text: what a reader reads."""
    from extractors.meaning.situation import Situation
    from extractors.names.name import names_of

    found = found_in(ctx)
    return [
        Situation(ctx, f.block, f.sentence, f.quantity, f.qualified, named)
        for f, named in zip(found, names_of(ctx, found), strict=True)
    ]


def unread(ctx: Context, reader: AskedReader) -> Sequence[Found] | None:
    """The figures of a document of which a reader says nothing; None where it reads them.

    Of one that is not in English, all those whose language's numbers are read, which only a reader
    that asks elsewhere says the meaning of, and of another language those that are written alike in
    every one.
    """
    if ctx.tongue is not None:
        return found_in(ctx) if isinstance(reader, str) else None
    if foreign_language(ctx.source.text) is not None:
        return alike_in_all(found_in(ctx))
    return found_in(ctx) if reader == NUMBERS_ALONE else None


def extract_source(source: Source, *, reader: AskedReader = BUILT_IN) -> list[Figure]:
    """Every figure of a document, in the order of the text. Raises nothing, whatever the text.

    Of one that is not in English, see :mod:`extractors.passage.alike`.

    ``reader``: see :func:`extract`. Raises ValueError where there is no such reader.
    """
    ctx = Context(source)
    if (found := unread(ctx, reader)) is not None:
        return bare_figures(ctx, found, recorded_as(reader))
    return figures_of(ctx, understood(ctx, reader), reader_of(reader).name)


def extract(
    text: str,
    *,
    published: str | None = None,
    title: str | None = None,
    url: str | None = None,
    publisher: str | None = None,
    source_id: str | None = None,
    reader: AskedReader = BUILT_IN,
) -> Figures:
    """Every figure of a text, in the order of the text: a list, which notebooks show as a table.

    ``published`` (ISO) is the day against which *Tuesday* or *last month* are resolved; ``title``,
    ``url`` and ``publisher`` are context and never hold a figure. ``source_id`` defaults to the
    url, else to the sha256 of the text. ``reader`` is who says what figures mean: ``"built-in"``,
    a folder of weights of one's own, ``"rules"`` for the hand-set rules alone (faster, less often
    right), ``"none"`` for numbers alone, with units and bounds and every field of meaning null, or
    a reader itself: :class:`extractors.llm.llm_reader.LLMReader`. Raises ValueError where there is
    no such reader.
    """
    source = make_source(
        text,
        published=published,
        title=title,
        url=url,
        publisher=publisher,
        source_id=source_id,
    )
    return Figures(extract_source(source, reader=reader))


def awaited(source: Source, reader: AskedReader) -> None:
    """Let a reader that asks elsewhere do so for a document: reading it then waits for nobody."""
    from extractors.meaning.reader import Asking

    if not isinstance(reader, str) and isinstance(reader, Asking):
        ctx = Context(source)
        if unread(ctx, reader) is None:
            reader.prepare(situations_of(ctx))


@cache
def load(reader: AskedReader) -> None:
    """Load what every document needs: rules and catalogue. It takes as long as some hundred.

    Of a reader that asks elsewhere, what is here.
    """
    here = reader if isinstance(reader, str) else BUILT_IN
    extract("The United States will send four more tanks worth $20 million.", reader=here)

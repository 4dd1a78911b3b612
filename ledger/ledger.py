"""The ledger: documents and figures go in; facts, totals and balances come out."""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import pandas as pd

from ledger import convert
from ledger.audit import audit as auditing
from ledger.audit.missed import missed_figure
from ledger.audit.shares import Question
from ledger.errors import LedgerError
from ledger.fact import FACT_COLUMNS, WEIGHED
from ledger.figure import Figure, Source
from ledger.imports import coded_tables
from ledger.imports.mapping import TableMapping, read_mapping
from ledger.notebook import html_table
from ledger.parts import check_parts
from ledger.prices import Prices
from ledger.reconcile import reconcile
from ledger.review.changes import Changes, check_moves
from ledger.review.changes import changes as changes_between
from ledger.review.filled import Prefer, Reviewed, Row, changed, figures_in, rows_of, settle
from ledger.review.review import Decision
from ledger.store import audits, decisions, documents, facts, own_rates, past, readings
from ledger.store.documents import Added
from ledger.store.snapshot import Snapshot
from ledger.store.store import Store
from ledger.suggest import suggest
from ledger.table import from_frame
from ledger.totals import Where, totals
from ledger.totals import compare as compare_totals
from ledger.tree import Parents


class Ledger:
    """A ledger in an SQLite file, or in PostgreSQL by url (``postgresql+psycopg://...``).

    ``parents`` maps an item to the one above it in the item tree. ``create=False`` refuses to make
    a ledger that is not there; ``wait`` is how many seconds a locked file is waited for. Every
    method raises :class:`ledger.errors.LedgerError`, one line, where the database fails.
    """

    def __init__(
        self,
        where: str | os.PathLike[str],
        *,
        parents: Parents | None = None,
        create: bool = True,
        wait: float = 30.0,
    ) -> None:
        self._parents: Parents = parents or {}
        self._store = Store(where, create=create, wait=wait)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Ledger({self._store.name!r})"

    def _repr_html_(self) -> str:
        current = self.sources().query("~superseded")
        rows = {"documents": len(current), "figures": int(current["figures"].sum())}
        return html_table(repr(self), rows | {"facts": len(self.facts())})

    def close(self) -> None:
        """Closes the database."""
        self._store.close()

    # What goes in

    def add(self, source: Source, figures: Iterable[Figure], *, fragments: bool = False) -> Added:
        """Adds a document and its figures in one transaction, as they come; see
        :func:`ledger.store.documents.store`.

        A document that is only a fragment of the text stored under its id is not taken as its new
        version, unless ``fragments`` says that it is one. Raises RefusedError, a LedgerError, for
        a document that cannot be stored where others can.
        """
        with self._store.writing() as connection:
            self._store.lock(connection, source.source_id)
            added = documents.store(connection, source, figures, fragments=fragments)
            if documents.changed(added):
                decisions.attach_again(connection, source.source_id)
            return added

    def add_table(
        self, frame: pd.DataFrame, mapping: TableMapping | str | Path, name: str = "table"
    ) -> Added:
        """Adds a table of one's own as figures; see :mod:`ledger.imports.coded_tables`.

        ``mapping`` is one that is read, a TOML file, or the name of a shipped one; ``name`` says
        which file and sheet the table is: the same name again is the same table. What could not be
        read is in the ``problems`` of the answer; the rest is added.
        """
        used = mapping if isinstance(mapping, TableMapping) else read_mapping(mapping)
        read = coded_tables.read_frame(frame, used, source_id=f"{name}#{used.name}")
        added = self.add(read.source, read.figures, fragments=True)
        return replace(added, problems=read.problems)

    def add_rates(self, own: Iterable[convert.Rate]) -> int:
        """Keeps exchange rates of one's own; the same day and pair again takes the new rate."""
        with self._store.writing() as connection:
            return own_rates.write(connection, own)

    def own_rates(self) -> pd.DataFrame:
        """The exchange rates that were added: ``date, base, currency, rate``."""
        with self._store.reading() as connection:
            rates = own_rates.read(connection)
        return pd.DataFrame(rates, columns=list(convert.RATE_COLUMNS))

    # What was read

    def figures(self, *, as_read: bool = False) -> pd.DataFrame:
        """The figures of every source's current version: the columns of ``ledger.table``, then
        ``published`` and ``review`` (accepted, rejected, corrected), corrections made.

        ``as_read`` leaves out the review.
        """
        with self._reading() as now:
            return (now.figures_as_read if as_read else now.figures).frame()

    def records(self) -> Iterator[Figure]:
        """The figures as records, as they were read."""
        with self._reading() as now:
            for portion in now.figures_as_read.portions():
                yield from from_frame(portion)

    def sources(self) -> pd.DataFrame:
        """Every version of every source: description, sha256, ``version``, ``superseded``,
        ``figures`` (how many), ``added_at``; without its text."""
        with self._reading() as now:
            return now.sources

    def documents(self) -> Iterator[Source]:
        """Every source's current version with its text."""
        with self._reading() as now:
            yield from now.documents()

    def read_by(self, extractor: str, reader: str) -> Iterator[tuple[tuple[str | None, ...], int]]:
        """The texts whose figures an extractor and a reader of meaning read; see
        :func:`ledger.store.documents.read_by`."""
        with self._store.reading() as connection:
            yield from documents.read_by(connection, extractor, reader)

    def readers(self) -> dict[str, int]:
        """How many documents each reader of meaning has read, that of most first; ``table`` for
        tables, ``none`` where nobody has read what the figures mean. Documents without figures do
        not say who read them, and older versions do not count."""
        with self._store.reading() as connection:
            return readings.readers(connection)

    def read_by_others(self, reader: str) -> Iterator[Source]:
        """The documents that another than this reader has read, tables aside, with their texts.

        They are sought a few at a time, so that others may write meanwhile; a reading that is
        stored meanwhile is seen.
        """
        after = 0
        while True:
            with self._store.reading() as connection:
                found = readings.read_by_others(connection, reader, after)
            if not found:
                return
            yield from (source for _, source in found)
            after = found[-1][0]

    @contextmanager
    def snapshot(self, *, with_facts: bool = False) -> Iterator[Snapshot]:
        """One state of the ledger, to read in portions and as often as needed: what is read of it
        belongs together, whatever others add meanwhile. ``with_facts`` gathers and keeps them
        first, where they are not."""
        if with_facts and not self._store.read_only:
            with self._reading() as now:
                stale = now.kept_facts is None
            if stale:
                self._gathered()
        with self._reading() as now:
            yield now

    @contextmanager
    def _reading(self) -> Iterator[Snapshot]:
        with self._store.reading() as connection:
            yield Snapshot(connection)

    # What it comes to

    def facts(self) -> pd.DataFrame:
        """What the figures report, each thing once; see :func:`ledger.dedupe.merge`."""
        return self._facts()

    def _facts(self, names: Collection[str] = FACT_COLUMNS) -> pd.DataFrame:
        """The facts, of these columns; all of them where there is one that facts do not have."""
        known = [name for name in FACT_COLUMNS if name in names]
        asked = known if len(known) == len(set(names)) else list(FACT_COLUMNS)
        with self._reading() as now:
            if now.kept_facts is not None:
                return now.kept_facts.frame(asked)
        return self._gathered()[asked]

    def _weighed(self, by: str | Sequence[str], where: Where | None) -> pd.DataFrame:
        """The facts with what they are weighed by and what a question names."""
        groups = [by] if isinstance(by, str) else by
        return self._facts({*WEIGHED, *(name.partition(":")[0] for name in groups), *(where or {})})

    def _gathered(self) -> pd.DataFrame:
        """The facts, gathered from the figures and kept."""
        with self._store.reading() as connection:
            state, gathered = facts.state(connection), Snapshot(connection).gathered()
        if not self._store.read_only:
            with self._store.writing() as connection:
                self._store.lock(connection, "facts")
                facts.write(connection, gathered, state)
        return gathered

    def totals(
        self,
        by: str | Sequence[str] = (),
        freq: str | None = None,
        status: str | Collection[str] | None = None,
        basis: str = "delta",
        currency: str | None = None,
        bound: str | None = None,
        where: Where | None = None,
        prices: Prices | None = None,
    ) -> pd.DataFrame:
        """The facts added up, money in ``currency`` if one is named, and in constant ``prices`` if
        an index is given; see :func:`ledger.totals.totals`."""
        return totals(
            self._weighed(by, where),
            by=by,
            freq=freq,
            status=status,
            basis=basis,
            bound=bound,
            where=where,
            parents=self._parents,
            currency=currency,
            rates=self.rates() if currency else None,
            prices=prices,
        )

    def reconcile(self, *, where: Where | None = None, level: int | None = None) -> pd.DataFrame:
        """Asserted totals against the deltas; see :func:`ledger.reconcile.reconcile`."""
        weighed = self._weighed((), where)
        return reconcile(weighed, where=where, level=level, parents=self._parents)

    def parts(self) -> pd.DataFrame:
        """Parts against their whole; see :func:`ledger.parts.check_parts`."""
        return check_parts(self.facts(), self._parents)

    def suggestions(self) -> pd.DataFrame:
        """Facts that may be one; see :func:`ledger.suggest.suggest`."""
        return suggest(self.facts(), self._parents)

    def compare(
        self,
        other: Ledger | pd.DataFrame,
        by: str | Sequence[str] = (),
        freq: str | None = None,
        status: str | Collection[str] | None = None,
        currency: str | None = None,
        where: Where | None = None,
    ) -> pd.DataFrame:
        """The totals of this ledger beside those of another, or of a frame of figures or facts
        (such as a table's); see :func:`ledger.totals.compare`."""
        used = self.rates() if currency else None
        ours, theirs = (
            totals(held, by, freq, status, "delta", None, where, self._parents, currency, used)
            for held in (
                self._weighed(by, where),
                other._weighed(by, where) if isinstance(other, Ledger) else other,
            )
        )
        return compare_totals(ours, theirs)

    def rates(self) -> convert.Rates:
        """The exchange rates: those added to the ledger, then the ECB's."""
        with self._store.reading() as connection:
            return convert.Rates(own_rates.read(connection))

    # What readers decided

    def review(self, made: Iterable[Decision], who: str) -> int:
        """Appends decisions, all or none, and returns how many; see :mod:`ledger.review.review`."""
        with self._store.writing() as connection:
            self._store.lock(connection, "decision")
            return decisions.append(connection, made, who)

    def accept(self, figure_id: str, who: str, why: str | None = None) -> None:
        """The figure is right."""
        self.review([Decision(figure_id, "accept", why)], who)

    def reject(self, figure_id: str, who: str, why: str | None = None) -> None:
        """The figure is wrong or none at all: nothing counts it."""
        self.review([Decision(figure_id, "reject", why)], who)

    def correct(self, figure_id: str, who: str, why: str | None = None, **changes: Any) -> None:
        """The figure's fields should be these; a new ``value`` moves the bounds with it."""
        self.review([Decision(figure_id, "correct", why, changes)], who)

    def history(self, figure_id: str) -> pd.DataFrame:
        """When a figure was read and what was decided on it, oldest first."""
        with self._store.reading() as connection:
            return decisions.history(connection, figure_id)

    def decisions(self) -> pd.DataFrame:
        """All decisions, oldest first; see :func:`ledger.store.decisions.read`."""
        with self._reading() as now:
            return now.decisions

    def review_sheet(self) -> pd.DataFrame:
        """All figures with columns to decide in; see :func:`ledger.review.review.sheet`."""
        with self._reading() as now:
            return now.review_sheet.frame()

    def read_review(
        self,
        filled: pd.DataFrame | Iterable[Row | str],
        who: str,
        *,
        prefer: Prefer | None = None,
    ) -> Reviewed:
        """Stores what a filled-in review sheet decides, and says what was refused.

        A row that nobody changed decides nothing. Where a figure was decided on after its row was
        exported, a changed row is a conflict: ``prefer`` takes the sheet (``ours``), keeps what the
        ledger has (``theirs``), or leaves it undecided. Reading a sheet twice, or twice at once,
        stores each decision once. See :mod:`ledger.review.filled`.
        """
        rows = rows_of(filled) if isinstance(filled, pd.DataFrame) else filled
        said = changed(rows)
        with self._store.writing() as connection:
            self._store.lock(connection, "decision")
            settled = settle(said, decisions.standing(connection, figures_in(said)), prefer)
            made = decisions.append(connection, settled.decisions, who)
        return Reviewed(made, tuple(settled.problems), tuple(settled.conflicts))

    def changes(
        self,
        since: str,
        by: str | Sequence[str] = (),
        where: Where | None = None,
        currency: str | None = None,
    ) -> Changes:
        """What changed since a day (ISO; from its midnight, UTC) or a moment, why, and what that
        did to the totals with this ``by``, ``where`` and ``currency``; see
        :mod:`ledger.review.changes`.

        Raises LedgerError where a total moved without a cause, where the ledger does not know its
        state of then, and for what is no date.
        """
        moment = _moment(since)
        with self._store.reading() as connection:
            before, after = past.state(connection, moment), past.state(connection)
        rates = self.rates() if currency else None

        def added_up(figures: pd.DataFrame) -> pd.DataFrame:
            return totals(
                figures, by, where=where, parents=self._parents, currency=currency, rates=rates
            )

        told = changes_between(before, after, added_up)
        kept = self.totals(by, where=where, currency=currency)
        check_moves(after.decided(), added_up, kept)
        return told

    # How wrong the totals are, by a draw

    def audit_draw(
        self,
        number: int = 100,
        *,
        who: str,
        passages: int = 20,
        where: Where | None = None,
        by: str | Sequence[str] = (),
        currency: str | None = None,
        seed: int | None = None,
    ) -> int:
        """Draws figures and passages at random for a person to look at, and returns the number of
        the draw, which is kept with all chances; see :mod:`ledger.audit.audit`.

        The totals that it is for are those of :meth:`totals` with this ``where``, ``by`` and
        ``currency``; figures that weigh more in them, and that are likelier wrong, are likelier
        drawn. The same ``seed`` draws the same from the same ledger. Raises LedgerError where
        there is nothing to draw from, ValueError for numbers below 1 and 0.
        """
        if number < 1 or passages < 0:
            raise ValueError("an audit draws at least one figure, and no passages or some")
        columns = (by,) if isinstance(by, str) else tuple(by)
        values = {k: [v] if isinstance(v, str) else list(v) for k, v in (where or {}).items()}
        question = Question(values, columns, currency)
        rates = self.rates() if currency else None
        with self._reading() as now:
            drawn = auditing.drawn_of(
                now.figures.frame(), now.documents() if passages else (), question,
                number=number, of_passages=passages, parents=self._parents, rates=rates,
                seed=secrets.randbits(31) if seed is None else seed,
            )  # fmt: skip
        with self._store.writing() as connection:
            self._store.lock(connection, "audit")
            return audits.keep(connection, drawn, who)

    def audit_show(self, audit: int | None = None) -> pd.DataFrame:
        """What a draw (by its number, else the latest) asks a person to look at.

        Columns: ``look_at`` (a ``figure_id``, or ``passage 3``), ``done``, ``chance``,
        ``source_id``, ``text`` (of the figure) and ``sentence`` (for a passage, all of it).
        """
        with self._reading() as now:
            _, drawn = audits.read(now.connection, audit)
            figures = now.figures.frame()
            open_ = set(auditing.undecided(drawn, figures))
            held = figures.set_index("figure_id")
            texts = {one.source_id: now.document(one.source_id).text for one in drawn.passages}
        rows: list[tuple[Any, ...]] = [
            (
                *(one.figure_id, one.figure_id not in open_, one.chance),
                *(held.at[one.figure_id, name] for name in ("source_id", "text", "sentence")),
            )
            for one in drawn.figures
        ]
        rows += [
            (f"passage {one.number}", one.missed is not None, one.chance, one.source_id, None,
             texts[one.source_id][one.start : one.end].strip())
            for one in drawn.passages
        ]  # fmt: skip
        columns = ["look_at", "done", "chance", "source_id", "text", "sentence"]
        return pd.DataFrame(rows, columns=columns)

    def audit_sheet(self, audit: int | None = None) -> pd.DataFrame:
        """The review sheet of the drawn figures alone; see :meth:`review_sheet`."""
        with self._reading() as now:
            _, drawn = audits.read(now.connection, audit)
            sheet = now.review_sheet.frame()
            order = {one.figure_id: place for place, one in enumerate(drawn.figures)}
            auditing.undecided(drawn, now.figures.frame())
        mine = sheet[sheet["figure_id"].isin(order)]
        return mine.sort_values("figure_id", key=lambda ids: ids.map(order), ignore_index=True)

    def audit_passage(
        self,
        passage: int,
        who: str,
        missed: Iterable[Mapping[str, Any]] = (),
        *,
        audit: int | None = None,
    ) -> None:
        """Says that somebody has looked at a drawn passage, and what stands there that the ledger
        does not have: for each figure its fields, as for :meth:`correct`; nothing where all is
        there. Saying it again takes the place of what was said.

        Raises LedgerError for a passage that was not drawn and a field that makes no sense.
        """
        with self._store.writing() as connection:
            number, drawn = audits.read(connection, audit)
            place = next((one for one in drawn.passages if one.number == passage), None)
            if place is None:
                raise LedgerError(f"audit {number} has no passage {passage}")
            source = Snapshot(connection).document(place.source_id)
            rows = [missed_figure(source, place.start, k, f) for k, f in enumerate(missed, 1)]
            audits.looked_at(connection, number, passage, rows, who)

    def audit_result(self, audit: int | None = None) -> pd.DataFrame:
        """Each total that a draw was made for, with a band that rests on the draw alone; see
        :func:`ledger.audit.audit.result`."""
        with self._reading() as now:
            _, drawn = audits.read(now.connection, audit)
            figures = now.figures.frame()
        rates = self.rates() if drawn.question.currency else None
        return auditing.result(drawn, figures, self._parents, rates)


def _moment(since: str) -> str:
    """A day or a moment as the store writes moments. Raises LedgerError for anything else."""
    try:
        found = datetime.fromisoformat(since)
    except ValueError as error:
        raise LedgerError(f"{since!r} is no day (2022-10-04) and no moment") from error
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="seconds")

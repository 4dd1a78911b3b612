"""The ledger: documents and figures go in; facts, totals and balances come out."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Unpack

import pandas as pd

from ledger import convert
from ledger.audit import audit as auditing
from ledger.audit.missed_figure import missed_figure
from ledger.audit.shares import Question as OfAudit
from ledger.errors import LedgerError
from ledger.fact import FACT_COLUMNS, WEIGHED
from ledger.figure import Figure, Source
from ledger.imports import coded_tables
from ledger.imports.mapping import TableMapping, read_mapping
from ledger.notebook import html_table
from ledger.parts import check_parts
from ledger.positions import check, position
from ledger.prices import Prices
from ledger.queries import nothing
from ledger.queries.asked import Asked, Filter, of_units, shown
from ledger.queries.view import view_of
from ledger.queries.where import Condition, Where, conditions_of
from ledger.reconcile import own_conditions, reconcile
from ledger.review import grounds
from ledger.review.changes import Changes, check_moves
from ledger.review.changes import changes as changes_between
from ledger.review.filled import (
    Prefer,
    Reviewed,
    Row,
    changed,
    figures_in,
    named_rows,
    rows_of,
    settle,
)
from ledger.review.findings import (
    Finding,
    from_balances,
    from_checks,
    from_parts,
    from_suggestions,
)
from ledger.review.history import READ as HISTORY_NEEDS
from ledger.review.history import history_of, with_readings
from ledger.review.question import Predicate, Question, columns_of
from ledger.review.queue import NEEDS as QUEUE_NEEDS
from ledger.review.queue import Queue
from ledger.review.queue_sheets import MOST, NEAR, Sheets, sheets_of
from ledger.review.review import UNDO, Decision
from ledger.rows import Rows
from ledger.series import ACTORS
from ledger.store import (
    audits,
    datasette,
    decisions,
    documents,
    facts,
    own_rates,
    past,
    readings,
    seen,
)
from ledger.store.documents import Added
from ledger.store.snapshot import Snapshot
from ledger.store.store import Store
from ledger.suggest import suggest
from ledger.table import from_frame
from ledger.totals import TELLERS, totals
from ledger.totals import compare as compare_totals
from ledger.tree import Parents

_DERIVED = ("view", "published")  # what a question may name and facts need not have


class Names(Protocol):
    """What looks up the names of a question: a condition with the values that figures hold, given
    the item tree and what the ledger holds in a column. Raises LedgerError for an unknown name."""

    def __call__(
        self, asked: Condition, parents: Parents, held: Callable[[str], Collection[str]], /
    ) -> Condition: ...


class Ledger:
    """A ledger in an SQLite file, or in PostgreSQL by url (``postgresql+psycopg://...``).

    ``parents`` maps an item to the one above it in the item tree; ``names`` looks up what questions
    name, which are codes without it. ``create=False`` refuses to make
    a ledger that is not there; ``wait`` is how many seconds a locked file is waited for. Every
    method raises :class:`ledger.errors.LedgerError`, one line, where the database fails.
    """

    def __init__(
        self,
        where: str | os.PathLike[str],
        *,
        parents: Parents | None = None,
        names: Names | None = None,
        create: bool = True,
        wait: float = 30.0,
    ) -> None:
        self._parents: Parents = parents or {}
        self._names = names
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

    @property
    def name(self) -> str:
        """The file, or the url without its password."""
        return self._store.name

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

    def seen(self) -> Callable[[str], str | None]:
        """As what a file or an address was last seen, None where it was not; see
        :mod:`ledger.store.seen`."""
        with self._store.reading() as connection:
            held = seen.read(connection)
        return lambda name: held.get(seen.key_of(name))

    def note_seen(self, stamps: Mapping[str, str]) -> None:
        """Keeps as what files and addresses, by their names, were seen."""
        with self._store.writing() as connection:
            self._store.lock(connection, "seen")
            seen.write(connection, stamps)

    def export_datasette(self, folder: str | os.PathLike[str]) -> Path:
        """Writes all that the ledger holds into a folder that Datasette opens (``datasette
        FOLDER``): the tables and views as an SQLite file, which is returned, and the questions that
        are there to be asked. An earlier export is replaced.

        Raises LedgerError where a file of that name is no export, OSError where the folder cannot
        be written.
        """
        into = Path(folder)
        path = datasette.database_in(into, self._store.path)
        into.mkdir(parents=True, exist_ok=True)
        part = into / f".{path.name}.part"
        part.unlink(missing_ok=True)
        try:
            with Ledger(part) as copied:
                with self._store.reading() as ours, copied._store.writing() as theirs:
                    datasette.copy(ours, theirs)
                with copied.snapshot(with_facts=True):  # gathers them where they were not kept
                    pass
            datasette.finish(part, path)
        finally:
            part.unlink(missing_ok=True)
        return path

    # What was read

    def figures(self, *, as_read: bool = False, **asked: Unpack[Asked]) -> pd.DataFrame:
        """The figures of every source's current version: the columns of ``ledger.table``, then
        ``published`` and ``publisher`` of their document, ``review`` (accepted, rejected,
        corrected) and ``view`` (aid, losses, people, context), corrections made. All of them, or
        those that are ``asked`` for (:class:`ledger.queries.asked.Asked`).

        ``as_read`` leaves out the review.
        """
        with self._reading() as now:
            held = now.figures_as_read if as_read else now.figures
            return self.chosen(held, **asked).frame()

    def records(self) -> Iterator[Figure]:
        """The figures as records, as they were read."""
        with self._reading() as now:
            for portion in now.figures_as_read.portions():
                yield from from_frame(portion)

    def full_id(self, written: str) -> str:
        """The id of the one figure, or fact, whose id begins so; what none begins with as it is.
        Raises LedgerError where several begin so, and for an empty one."""
        if not written:
            raise LedgerError("no id of a figure is given")
        with self._reading() as now:
            found = now.ids_beginning(written)
        if len(found) > 1 and written not in found:
            raise LedgerError(f"{written}: several figures begin so, as {' and '.join(found)}")
        return found[0] if found else written

    def explain(self, figure_id: str) -> pd.DataFrame:
        """The sentence of a figure, what stands around it (``passage``), its document, and its
        fields, each with the words that
        decided it and how sure the reader was; see :func:`ledger.review.grounds.grounds`. Raises
        LedgerError for an unknown figure."""
        with self._reading() as now:
            held, _ = now.decided_on((*grounds.NEEDS, *grounds.PLACE), [figure_id])
            if not held:
                raise LedgerError(f"no figure {figure_id!r}")
            document = now.document(held[0]["source_id"])
        passage = self._passage(document.text, *(held[0][name] for name in grounds.PLACE))
        told = {name: getattr(document, name) for name in grounds.OF_DOCUMENT}
        return grounds.grounds(held[0], told, passage)

    def _passage(self, text: str, start: int, end: int) -> str | None:
        """What stands around a figure; None here, where texts are not cut into sentences."""
        return None

    def sources_of(self, facts: pd.DataFrame) -> pd.Series[str]:
        """The sources of facts, by their ids, all of each in one text (``a, b``)."""
        several = facts["sources"] > 1
        if not several.any():
            return facts["source_id"]
        figures = facts.loc[several, "figure_ids"].map(json.loads).explode()
        with self._reading() as now:
            told = {
                one["figure_id"]: one["source_id"]
                for one in now.decided_on(("source_id",), set(figures))[0]
            }
        by_fact = figures.map(told).groupby(level=0)
        return facts["source_id"].where(
            ~several, by_fact.agg(lambda x: ", ".join(dict.fromkeys(x)))
        )

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
            yield Snapshot(connection, self._parents)

    # What is asked

    def chosen(self, rows: Rows, **asked: Unpack[Asked]) -> Rows:
        """Those rows of a snapshot's figures or facts that are asked for."""
        question = Filter.of(self.looked_up(asked))
        if question == Filter():
            return rows
        question.holds(rows.empty, self._parents)  # a wrong question is told before any answer
        held = question.needs & {*rows.empty.columns}
        return rows.keeping(lambda portion: question.holds(portion, self._parents), *held)

    def looked_up(self, asked: Asked) -> Asked:
        """The question with codes for the names of countries and things. Raises LedgerError for an
        unknown name, and says which are near."""
        conditions = conditions_of(asked.get("where"))
        if self._names is not None:
            held = cache(self._held)
            conditions = tuple(self._names(one, self._parents, held) for one in conditions)
        return {**asked, "where": conditions}

    def _status(self, status: str | Collection[str] | None) -> tuple[str, ...] | None:
        """The statuses by their names in the ledger. Raises LedgerError for an unknown one."""
        if not status:
            return None
        asked = Condition("status", "in", (status,) if isinstance(status, str) else tuple(status))
        [found] = conditions_of(self.looked_up({"where": asked}).get("where"))
        return found.values

    def why_nothing(
        self, otherwise: str | None = None, *, figures: bool = False, **asked: Unpack[Asked]
    ) -> str:
        """Why nothing is found of what is ``asked`` for, in words: which of its terms nothing
        meets, and what there is instead; else how many facts are asked for, and what they are not
        (``otherwise``). With ``figures`` it is told of these, as they were read. See
        :mod:`ledger.queries.nothing`."""
        asked = self.looked_up(asked)
        if not figures:
            facts = self._weighed(asked, nothing.NEEDS)
            return nothing.why_nothing(facts, asked, self._parents, otherwise)
        with self._reading() as now:
            read = now.figures_as_read
            needs = {*nothing.NEEDS, *Filter.of(asked).needs} & {*read.empty.columns}
            rows = read.frame(sorted(needs))
        return nothing.why_nothing(rows, asked, self._parents, otherwise, noun="figure")

    def _held(self, column: str) -> frozenset[str]:
        """The values that figures hold in a column."""
        with self._reading() as now:
            return frozenset(now.figures.frame([column])[column].dropna().unique())

    # What it comes to

    def facts(self, **asked: Unpack[Asked]) -> pd.DataFrame:
        """What the figures report, each thing once (:func:`ledger.dedupe.merge`), with the ``view``
        of each; all of them, or those that are ``asked`` for
        (:class:`ledger.queries.asked.Asked`)."""
        facts = self._facts()
        return (
            Filter.of(self.looked_up(asked))
            .among(facts.assign(view=view_of(facts)), self._parents)
            .reset_index(drop=True)
        )

    def _facts(self, names: Collection[str] = FACT_COLUMNS) -> pd.DataFrame:
        """The facts, of these columns; all of them where there is one that facts do not have."""
        known = [name for name in FACT_COLUMNS if name in names]
        asked = known if {*names} <= {*known, *_DERIVED} else list(FACT_COLUMNS)
        with self._reading() as now:
            if now.kept_facts is not None:
                return now.kept_facts.frame(asked)
        return self._gathered()[asked]

    def _weighed(self, asked: Asked, by: str | Sequence[str] = ()) -> pd.DataFrame:
        """The facts with what they are weighed by and what a question names."""
        groups = [by] if isinstance(by, str) else by
        named = {name.partition(":")[0] for name in groups} | Filter.of(asked).needs
        return self._facts({*WEIGHED, *named})

    def _gathered(self) -> pd.DataFrame:
        """The facts, gathered from the figures and kept."""
        with self._store.reading() as connection:
            state = facts.state(connection, self._parents)
            gathered = Snapshot(connection, self._parents).gathered()
        if not self._store.read_only:
            with self._store.writing() as connection:
                self._store.lock(connection, "facts")
                if facts.state(connection, self._parents) == state:
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
        prices: Prices | None = None,
        *,
        unit: str | Collection[str] | None = None,
        undated: bool = False,
        **asked: Unpack[Asked],
    ) -> pd.DataFrame:
        """The facts ``asked`` for added up, aid and losses unless a view is asked for, of one
        ``unit`` or several alone if any is named, money in ``currency`` if one is named, and in
        constant ``prices`` if an index is given; see :func:`ledger.totals.totals`."""
        asked = self.looked_up(of_units(asked, unit))
        named = [by] if isinstance(by, str) else list(by)
        tellers = TELLERS if basis == "total" else ()
        return totals(
            self._weighed(asked, [*named, *tellers]),
            by=by,
            freq=freq,
            status=self._status(status),
            basis=basis,
            bound=bound,
            parents=self._parents,
            currency=currency,
            rates=self.rates() if currency else None,
            prices=prices,
            undated=undated,
            **asked,
        )

    def reconcile(self, *, level: int | None = None, **asked: Unpack[Asked]) -> pd.DataFrame:
        """Asserted totals against the deltas; see :func:`ledger.reconcile.reconcile`."""
        asked = self.looked_up(asked)
        facts = self._weighed(own_conditions(asked)[0])
        return reconcile(facts, level=level, parents=self._parents, **asked)

    def position(
        self, by: str | Sequence[str] | None = None, **asked: Unpack[Asked]
    ) -> pd.DataFrame:
        """What was promised and came of each series, and how many so far, of aid and losses unless
        a view is asked for; see :func:`ledger.positions.position.position`."""
        asked = self.looked_up(asked)
        groups = [*([by] if isinstance(by, str) else by or ()), *position.NEEDS]
        return position.position(self._weighed(asked, groups), by, self._parents, **asked)

    def check(self, **asked: Unpack[Asked]) -> pd.DataFrame:
        """What a reader should look at, with reasons; see :func:`ledger.positions.check.check`."""
        asked = self.looked_up(asked)
        return check.check(self._weighed(asked, check.NEEDS), self._parents, **asked)

    def parts(self, **asked: Unpack[Asked]) -> pd.DataFrame:
        """Parts against their whole; see :func:`ledger.parts.check_parts`."""
        return check_parts(self._facts(), self._parents, **self.looked_up(asked))

    def suggestions(self, **asked: Unpack[Asked]) -> pd.DataFrame:
        """Facts that may be one; see :func:`ledger.suggest.suggest`."""
        return suggest(self._facts(), self._parents, **self.looked_up(asked))

    def compare(
        self,
        other: Ledger | pd.DataFrame,
        by: str | Sequence[str] = (),
        freq: str | None = None,
        status: str | Collection[str] | None = None,
        currency: str | None = None,
        **asked: Unpack[Asked],
    ) -> pd.DataFrame:
        """The totals of this ledger beside those of another, or of a frame of figures or facts
        (such as a table's); see :func:`ledger.totals.compare`."""
        asked, status = self.looked_up(asked), self._status(status)
        used = self.rates() if currency else None
        ours, theirs = (
            totals(
                held, by, freq, status, parents=self._parents, currency=currency, rates=used,
                undated=True, **asked,
            )
            for held in (
                self._weighed(asked, by),
                other._weighed(asked, by) if isinstance(other, Ledger) else other,
            )
        )  # fmt: skip
        return compare_totals(ours, theirs)

    def rates(self) -> convert.Rates:
        """The exchange rates: those added to the ledger, then the ECB's."""
        with self._store.reading() as connection:
            return convert.Rates(own_rates.read(connection))

    # What readers decided

    def review(
        self, made: Iterable[Decision], who: str, *, seen: Mapping[str, int] | None = None
    ) -> list[int]:
        """Appends decisions, all or none, and returns their numbers; see
        :mod:`ledger.review.review`.

        ``seen`` says for a figure which decision on it ``who`` has seen as the last one, 0 for
        none: raises :class:`ledger.review.filled.DecidedSinceError` where there is a younger one.
        """
        made = [*map(self._naming(), made)]
        with self._store.writing() as connection:
            self._store.lock(connection, "decision")
            return decisions.append(connection, made, who, seen)

    def _naming(self) -> Callable[[Decision], Decision]:
        """What puts codes for the names in a decision; here they are codes."""
        return lambda decision: decision

    def accept(self, figure_id: str, who: str, why: str | None = None) -> None:
        """The figure is right."""
        self.review([Decision(figure_id, "accept", why)], who)

    def reject(self, figure_id: str, who: str, why: str | None = None) -> None:
        """The figure is wrong or none at all: nothing counts it."""
        self.review([Decision(figure_id, "reject", why)], who)

    def correct(self, figure_id: str, who: str, why: str | None = None, **changes: Any) -> None:
        """The figure's fields should be these; a new ``value`` moves the bounds with it."""
        self.review([Decision(figure_id, "correct", why, changes)], who)

    def undo(self, figure_id: str, who: str, why: str | None = None) -> None:
        """Takes back the last decision on the figure that counts: what was before it counts again.

        Raises LedgerError where there is none.
        """
        with self._store.writing() as connection:
            self._store.lock(connection, "decision")
            figure = decisions.standing(connection, [figure_id]).get(figure_id)
            counts = [] if figure is None else [m for m in figure.decisions if m.action != UNDO]
            if not counts:
                raise LedgerError(f"figure {figure_id} has no decision to undo")
            taken_back = Decision(figure_id, UNDO, why, {"undoes": counts[-1].number})
            decisions.append(connection, [taken_back], who)

    def history(
        self,
        figure_id: str | None = None,
        *,
        latest: int | None = None,
        now: Snapshot | None = None,
        **asked: Unpack[Asked],
    ) -> pd.DataFrame:
        """All decisions, or the ``latest`` so many, oldest first: who decided what, when and why,
        what was before and after, and what that did to the totals of the facts ``asked`` for, by
        donor, recipient and party; see :mod:`ledger.review.history`.

        Of one figure also when it was read, and by what. ``now`` is a snapshot to read from.
        Raises LedgerError for a figure that no version of any document has had.
        """
        if now is None:
            with self._reading() as now:
                return self.history(figure_id, latest=latest, now=now, **asked)
        chosen = Filter.of(self.looked_up(shown(asked, ())))
        question = Question(chosen, freq=None, parents=self._parents)
        figures = now.figures_as_read.frame(HISTORY_NEEDS) if len(now.decisions) else None
        read = now.figures_as_read.empty[list(HISTORY_NEEDS)] if figures is None else figures
        made = history_of(read, now.decisions, question, figure_id, latest)
        if figure_id is None:
            return made
        readings = now.readings_of(figure_id)
        if not readings and made.empty:
            raise LedgerError(f"no figure {figure_id!r}")
        return with_readings(made, readings, figure_id)

    def decisions(self) -> pd.DataFrame:
        """All decisions, oldest first; see :func:`ledger.store.decisions.read`."""
        with self._reading() as now:
            return now.decisions

    def review_queue(
        self,
        for_: Where | Predicate | pd.DataFrame | None = None,
        *,
        by: str | Sequence[str] = tuple(ACTORS),
        status: str | Collection[str] | None = None,
        freq: str | None = "month",
        findings: Iterable[Finding] = (),
        audit: int | None = None,
        **asked: Unpack[Asked],
    ) -> Queue:
        """What to look at first so that the totals of a question come right soonest; see
        :mod:`ledger.review.queue`.

        The totals are those of the facts ``asked`` for as :meth:`totals` takes them, or of those
        that ``for_`` chooses: conditions, a predicate over a frame of facts, or the facts; ``by``,
        ``status`` and ``freq`` are the question's, too. What :meth:`check`, :meth:`suggestions`,
        :meth:`parts` and :meth:`reconcile` find is in the queue, and so are ``findings`` of one's
        own. ``audit`` leaves in it what that draw asks a person to look at, and nothing else.
        Raises LedgerError for an unknown column or status, and for an unknown draw.
        """
        drawn = None if audit is None else self.audit_figures(audit)
        with self.snapshot(with_facts=True) as now:
            queue, _ = self._queue(
                now, for_, by=by, status=status, freq=freq, findings=findings, **asked
            )
        if drawn is not None:
            queue.narrow(drawn)
        return queue

    def _queue(
        self,
        now: Snapshot,
        for_: Where | Predicate | pd.DataFrame | None = None,
        *,
        by: str | Sequence[str] = tuple(ACTORS),
        status: str | Collection[str] | None = None,
        freq: str | None = "month",
        findings: Iterable[Finding] = (),
        **asked: Unpack[Asked],
    ) -> tuple[Queue, pd.DataFrame]:
        """The queue of a snapshot, and its facts."""
        groups = (by,) if isinstance(by, str) else tuple(by)
        status = self._status(status)
        statuses = status or ()
        chosen: Filter | Predicate | pd.DataFrame
        if callable(for_) or isinstance(for_, pd.DataFrame):
            chosen = for_
        else:
            asked = asked if for_ is None else {**asked, "where": for_}
            chosen = Filter.of(self.looked_up(shown(asked, statuses)))
        question = Question(chosen, groups, status, freq, self._parents)
        facts = now.facts.frame()
        question.booked(columns_of(facts.iloc[:0], question.needs))  # a wrong one is told first
        found = (*self._found(facts), *findings)
        return Queue(now.figures.frame(QUEUE_NEEDS), now.decisions, question, found), facts

    def _found(self, facts: pd.DataFrame) -> Iterator[Finding]:
        """What is found in the facts that a person should look at."""
        yield from from_suggestions(suggest(facts, self._parents))
        yield from from_parts(check_parts(facts, self._parents))
        yield from from_balances(reconcile(facts, parents=self._parents))
        yield from from_checks(check.findings(facts, self._parents))

    def review_sheets(
        self,
        *,
        most: int = MOST,
        figures: Collection[str] | None = None,
        now: Snapshot | None = None,
        **question: Any,
    ) -> Sheets:
        """The queue as sheets to decide in, one for each kind of question, each of at most so many
        entries; see :mod:`ledger.review.queue_sheets`.

        ``question`` is what :meth:`review_queue` takes, ``figures`` are the ids of those that may
        be shown, ``now`` is a snapshot to read from.
        """
        if now is None:
            with self.snapshot(with_facts=True) as now:
                return self.review_sheets(most=most, figures=figures, now=now, **question)
        queue, facts = self._queue(now, **question)
        parts = facts.loc[facts["part_of"].notna(), ["part_of", "fact_id"]]

        def near(sources: Collection[str]) -> pd.DataFrame:
            held = now.figures.keeping(lambda rows: rows["source_id"].isin(sources), "source_id")
            return held.frame(NEAR)

        by_whole: dict[str, list[str]] = {}
        for whole, part in parts.itertuples(index=False, name=None):
            by_whole.setdefault(whole, []).append(part)
        return sheets_of(queue, now.review_rows, near, by_whole, figures=figures, most=most)

    def follow(self, queue: Queue) -> set[str]:
        """Brings a queue up to the decisions that were made since it was gathered or last brought
        up; returns the figures that they are on. What it takes does not grow with the ledger."""
        with self._reading() as now:
            touched = now.decided_after(queue.last)
            if touched:
                queue.decided(*now.decided_on(QUEUE_NEEDS, touched))
        return touched

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
        said = named_rows(changed(rows), self._naming())
        with self._store.writing() as connection:
            self._store.lock(connection, "decision")
            settled = settle(said, decisions.standing_with(connection, figures_in(said)), prefer)
            made = decisions.append(connection, settled.decisions, who)
        return Reviewed(len(made), tuple(settled.problems), tuple(settled.conflicts))

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
        moment, asked = _moment(since), self.looked_up({"where": where})
        with self._store.reading() as connection:
            before, after = past.state(connection, moment), past.state(connection)
        rates = self.rates() if currency else None

        def added_up(figures: pd.DataFrame) -> pd.DataFrame:
            return totals(
                figures, by, parents=self._parents, currency=currency, rates=rates, **asked
            )

        told = changes_between(before, after, added_up)
        kept = self.totals(by, currency=currency, **asked)
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
        conditions = conditions_of(self.looked_up({"where": where})["where"])
        question = OfAudit(conditions, columns, currency)
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

        Columns: ``look_at`` (a ``figure_id``, or ``passage 3``), ``done``, ``chance`` (to four
        digits; the ledger keeps all), ``source_id``, ``text`` (of the figure) and ``sentence`` (for
        a passage, all of it).
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
        told = pd.DataFrame(rows, columns=columns)
        return told.assign(chance=[float(f"{chance:.4g}") for chance in told["chance"]])

    def audit_sheet(self, audit: int | None = None) -> pd.DataFrame:
        """The review sheet of the drawn figures alone; see :meth:`review_sheet`."""
        order = {one: place for place, one in enumerate(self.audit_figures(audit))}
        with self._reading() as now:
            mine = now.review_rows(order)[list(now.review_sheet.empty.columns)]
        return mine.sort_values("figure_id", key=lambda ids: ids.map(order), ignore_index=True)

    def audit_figures(self, audit: int | None = None) -> list[str]:
        """The drawn figures, in the order of the draw.

        Raises LedgerError where one is no longer in the ledger.
        """
        with self._reading() as now:
            _, drawn = audits.read(now.connection, audit)
            auditing.undecided(drawn, now.figures.frame(["figure_id", "review"]))
        return [one.figure_id for one in drawn.figures]

    def audit_looked(self, *, now: Snapshot | None = None) -> auditing.Looked | None:
        """How far the latest audit has come, with its result once it is done; None where none was
        drawn. ``now`` is a snapshot to read from."""
        if now is None:
            with self._reading() as now:
                return self.audit_looked(now=now)
        if audits.latest(now.connection) is None:
            return None
        number, drawn = audits.read(now.connection)
        rates = self.rates() if drawn.question.currency else None
        return auditing.looked(number, drawn, now.figures.frame(), self._parents, rates)

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

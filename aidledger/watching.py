"""Folders and feeds looked at again and again: what is new goes into a ledger, and what that
changes in its totals comes out."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from typing import TYPE_CHECKING, Any

from aidledger.ingest import Ingested, ingest_read
from aidledger.output import cell, counted
from extractors.readers.fetching import UNKNOWN, Fetched, Fetcher, FetchError, Version
from extractors.readers.formats.content import ReadOptions
from extractors.readers.problem import Problem
from extractors.readers.read import (
    ADDRESS,
    STDIN,
    USER,
    files_of,
    read_fetched,
    read_file,
)
from ledger.rows import records
from ledger.totals import compare

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from aidledger.ledger import Ledger
    from ledger.figure import Source

EVERY = 15.0  # minutes
SETTLING = 2.0  # seconds in which a file that is being written changes
GROUPS = ("donor", "recipient", "party")
CHANGE = (*GROUPS, "item", "status", "unit", "theirs", "ours", "difference")

Tell = Callable[[Problem], None]


@dataclass(frozen=True, slots=True)
class Round:
    """What one look has found and done.

    ``at`` is when it was over (UTC). ``changes`` are the totals of aid and losses that are now
    others, as :func:`ledger.totals.compare` has them by donor, recipient and party: ``theirs`` is
    the sum before, ``ours`` the one now.
    """

    at: datetime
    done: Ingested
    changes: pd.DataFrame

    def lines(self) -> list[str]:
        """What was taken in, and each total that has changed; nothing where nothing was new."""
        if not self.done.documents:
            return []
        states = ", ".join(
            f"{number} {state}" for state, number in sorted(self.done.states.items())
        )
        read = f"{counted(self.done.documents, 'document')} ({states})"
        head = f"{self.at:%Y-%m-%d %H:%M} UTC: {read}, {counted(self.done.figures, 'figure')}"
        return [head, *map(_line, records([self.changes], CHANGE))]


def watch(
    ledger: Ledger,
    paths: Sequence[str | Path],
    *,
    every: float = EVERY,
    rounds: int | None = None,
    published: str | None = None,
    reading: ReadOptions | None = None,
    containing: Sequence[str] = (),
    reader: str = "built-in",
    jobs: int = 1,
    tell: Tell | None = None,
    pause: Callable[[float], object] = time.sleep,
) -> Iterator[Round]:
    """Look at folders, files and addresses every so many minutes, for so many ``rounds`` (else for
    good), and add to the ledger what is new or has changed.

    The ledger remembers what was seen, so that the next run goes on where this one ends: a file by
    its size and times, an address by the ETag and Last-Modified of its answer. A file that is being
    written waits for the next round. What cannot be read is told once, and read again once it has
    changed; an address that gave no answer is asked again in the next round. The rest is as for
    :func:`aidledger.ingest.ingest`. Raises ValueError for standard input, for no such reader, an
    empty word and ``every`` that is not more than 0; LedgerError where the ledger cannot be read or
    written.
    """
    given = [str(path) for path in paths]
    if STDIN in given:
        raise ValueError("standard input is read once and cannot be watched: use aidledger add")
    if not every > 0:
        raise ValueError(f"rounds are some minutes apart, not {every:g}")
    reading = reading or ReadOptions()
    asked = [published, sorted(containing), sorted(reading.columns.items())]
    told: set[Problem] = set()
    for number in count(1):
        news = _News.of(ledger, given, reading, asked)
        fresh = [problem for problem in news.problems if problem not in told]
        told = {*news.problems}
        before = _totals(ledger)
        done = ingest_read(
            ledger, chain(fresh, news.documents(published, reading)), reading=reading,
            containing=containing, reader=reader, jobs=jobs, tell=tell,
        )  # fmt: skip
        ledger.note_seen(news.stamps)
        after = _totals(ledger) if done.documents else before
        yield Round(datetime.now(UTC), done, _changed(before, after))
        if number == rounds:
            return
        pause(every * 60)


@dataclass(frozen=True, slots=True)
class _News:
    """What is not as it was last seen: files, and the answers of addresses. ``stamps`` says as what
    they are seen now, ``problems`` what was in the way."""

    files: Sequence[str]
    answers: Mapping[str, Fetched]
    stamps: Mapping[str, str]
    problems: Sequence[Problem]

    @classmethod
    def of(
        cls, ledger: Ledger, paths: Sequence[str], reading: ReadOptions, asked: Sequence[object]
    ) -> _News:
        """The news of these paths; what was seen under another question, ``asked``, is news too."""
        seen = ledger.seen()
        fetcher = Fetcher(frozenset(map(str.lower, reading.hosts)))  # reads robots.txt once a round
        files: dict[str, _State] = {}
        answers: dict[str, Fetched] = {}
        stamps: dict[str, str] = {}
        problems: list[Problem] = []
        for path in files_of(paths, may_be_empty=True):
            if isinstance(path, Problem):
                problems.append(path)
            elif ADDRESS.match(path):
                held = seen(path)
                try:
                    fetched = fetcher.fetch_newer(path, _version(held, asked))
                except FetchError as error:
                    problems.append(Problem(USER.sub("", path), str(error)))
                    continue
                if fetched is not None and (stamp := _answered(fetched, asked)) != held:
                    answers[path], stamps[path] = fetched, stamp
            elif (state := _state(path)) is None:
                problems.append(Problem(path, "no such file or folder"))
            elif seen(path) != json.dumps([*state, *asked]):
                files[path] = state
        settled = _settled(files)
        stamps |= {path: json.dumps([*state, *asked]) for path, state in settled.items()}
        return cls([*settled], answers, stamps, problems)

    def documents(self, published: str | None, reading: ReadOptions) -> Iterator[Source | Problem]:
        """The documents of what is new, and what is in the way of some of them."""
        for path in self.files:
            yield from read_file(path, published=published, reading=reading)
        for url, fetched in self.answers.items():
            yield from read_fetched(url, fetched, published=published, reading=reading)


_State = tuple[int, int, int]


def _state(path: str) -> _State | None:
    """The size of a file, and when its content and its entry last changed; None where it is not
    there."""
    try:
        held = os.stat(path)
    except OSError:
        return None
    return held.st_size, held.st_mtime_ns, held.st_ctime_ns


def _settled(files: Mapping[str, _State]) -> dict[str, _State]:
    """The files that nobody is writing just now: those that changed a moment ago are looked at
    twice."""
    now = time.time()
    if any(changed / 1e9 > now - SETTLING for _, changed, _ in files.values()):
        time.sleep(SETTLING)
    return {path: state for path, state in files.items() if _state(path) == state}


def _answered(fetched: Fetched, asked: Sequence[object]) -> str:
    """As what an answer is seen: its digest too, for servers that name no version."""
    digest = hashlib.sha256(fetched.data).hexdigest()
    return json.dumps([fetched.version.etag, fetched.version.modified, digest, *asked])


def _version(seen: str | None, asked: Sequence[object]) -> Version:
    """The version that an address gave when it was last seen under this question."""
    if seen is None:
        return UNKNOWN
    etag, modified, _, *question = json.loads(seen)
    return Version(etag, modified) if json.dumps(question) == json.dumps(asked) else UNKNOWN


def _totals(ledger: Ledger) -> pd.DataFrame:
    return ledger.totals(by=GROUPS)


def _changed(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The totals that are others than before."""
    compared = compare(after, before)
    other = compared["difference"].ne(0) | compared["our_facts"].ne(compared["their_facts"])
    return compared[other].reset_index(drop=True)


def _line(change: tuple[Any, ...]) -> str:
    """One total that has changed: ``USA to UKR: HIMARS committed 16 -> 20 (+4)``."""
    held = dict(zip(CHANGE, change, strict=True))
    who = held["party"] or "nobody named"
    if held["donor"] or held["recipient"]:
        who = f"{held['donor'] or '?'} to {held['recipient'] or '?'}"
    what = [held["item"], held["status"] or "without status", _number(held["theirs"]), "->"]
    unit = None if held["unit"] == "count" else held["unit"]
    words = " ".join(filter(None, [*what, _number(held["ours"]), unit]))
    sign = "+" if held["difference"] > 0 else ""
    return f"  {who}: {words} ({sign}{_number(held['difference'])})"


def _number(amount: float | None) -> str:
    known = amount or 0.0
    return cell(int(known) if known.is_integer() else known)

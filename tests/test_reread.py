"""What another reader has read is read anew, from the document or from its stored text."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import aidledger as al
from command import ok, run
from extractors import pipeline
from extractors.meaning import built_in
from extractors.pipeline import extract_source, reader_of
from extractors.rules.rule_reader import RuleReader
from factory import make_figure, source_of

ROOT = Path(__file__).parent.parent
INBOX = ROOT / "examples" / "inbox"
KILLS = int(os.environ.get("AIDLEDGER_KILLS", "3"))
OLD, NEW = "fitted-2026-10", "fitted-2026-11"
READ = built_in.built_in_name()
CHANGING = ["reader", "donor", "status"]  # what the older reader says otherwise


class Killed(BaseException):
    """What nothing in the program catches."""


def older(source: al.Source) -> list[al.Figure]:
    """The figures of a document as a reader of older weights has them."""
    return [
        replace(figure, reader=OLD, donor="LUX", status="requested")
        for figure in extract_source(source)
    ]


def written(path: Path, number: int) -> Path:
    lines = [
        {"id": f"doc {k}", "text": f"Poland sent {k + 2} tanks to Ukraine.", "date": "2023-05-03"}
        for k in range(number)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return written(tmp_path / "corpus.jsonl", 8)


@pytest.fixture
def book(corpus: Path, tmp_path: Path) -> Path:
    """A ledger of what older weights have read."""
    return older_book(tmp_path / "aid.db", corpus)


def older_book(path: Path, corpus: Path) -> Path:
    with al.Ledger(path) as ledger:
        al.ingest(ledger, [corpus], extract=older)
    return path


def contents(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    with al.Ledger(path) as ledger:
        return ledger.figures(), ledger.sources().drop(columns="added_at")


def same(one: Path, other: Path) -> bool:
    return all(a.equals(b) for a, b in zip(contents(one), contents(other), strict=True))


def readers(path: Path) -> dict[str, int]:
    with al.Ledger(path) as ledger:
        return ledger.readers()


def listening(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the documents whose figures are read from now on."""
    read: list[str] = []

    def heard(source: al.Source, *, reader: str) -> list[al.Figure]:
        read.append(source.source_id)
        return extract_source(source, reader=reader)

    monkeypatch.setattr(pipeline, "extract_source", heard)
    return read


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A release whose built-in reader is another."""

    class Newer(RuleReader):
        name = NEW

    monkeypatch.setattr(sys.modules[__name__], "Newer", Newer, raising=False)
    monkeypatch.setitem(pipeline.READERS, built_in.BUILT_IN, (__name__, "Newer"))
    for home in (built_in, pipeline):
        monkeypatch.setattr(home, "built_in_name", lambda: NEW)
    reader_of.cache_clear()
    yield
    reader_of.cache_clear()


# a document that is given again


@pytest.mark.parametrize("options", [(), ("--resume",)])
def test_given_again_it_is_read_anew_where_another_has_read_it(
    options: tuple[str, ...], corpus: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, _ = contents(book)
    assert set(before["donor"]) == {"LUX"}
    again: tuple[str | Path, ...] = ("add", corpus, "--ledger", book, *options)
    assert ok(*again) == "8 documents (8 reread), 8 figures\n"
    after, sources = contents(book)
    assert set(after["donor"]) == {"POL"}
    assert set(after["reader"]) == {built_in.built_in_name()}
    assert sources["version"].tolist() == [1] * 8
    pd.testing.assert_frame_equal(
        after.drop(columns=[*CHANGING, "aid_type"]), before.drop(columns=[*CHANGING, "aid_type"])
    )
    read = listening(monkeypatch)
    assert ok(*again) == "8 documents (8 unchanged), 8 figures\n"
    assert len(read) == (0 if options else 8)


def test_numbers_alone_take_nobodys_place(corpus: Path, book: Path) -> None:
    said = ok("add", corpus, "--ledger", book, "--reader", "none")
    assert said == "8 documents (8 older), 8 figures\n"
    assert readers(book) == {OLD: 8}


# the stored texts


def test_reread_is_adding_all_again(corpus: Path, book: Path, tmp_path: Path) -> None:
    whole = older_book(tmp_path / "whole.db", corpus)
    ok("add", corpus, "--ledger", whole)
    corpus.unlink()
    assert ok("reread", "--ledger", book) == "8 documents (8 reread), 8 figures\n"
    assert same(book, whole)
    assert ok("reread", "--ledger", book) == "0 documents (none), 0 figures\n"


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_title_and_the_day_are_those_of_the_document(tmp_path: Path, jobs: int) -> None:
    alone, whole = tmp_path / "alone.db", tmp_path / "whole.db"
    for path, reader in ((alone, "none"), (whole, "built-in")):
        with al.Ledger(path) as ledger:
            al.ingest(ledger, [INBOX], reader=reader)
    with al.Ledger(alone) as ledger:
        done = al.reread(ledger, jobs=jobs)
    assert done.states == {"reread": 14}
    assert (done.documents, done.problems) == (14, ())
    assert contents(alone)[0].equals(contents(whole)[0])


def test_what_was_decided_stays(corpus: Path, book: Path) -> None:
    with al.Ledger(book) as ledger:
        first, second, third, *_ = ledger.figures()["figure_id"]
        ledger.accept(first, "Ann")
        ledger.reject(second, "Ann", "a slip")
        ledger.correct(third, "Ben", donor="NOR")
        decided = ledger.decisions()
    again: list[tuple[str | Path, ...]] = [("add", corpus), ("reread",)]
    for words in again:
        ok(*words, "--ledger", book)
        with al.Ledger(book) as ledger:
            figures = ledger.figures().set_index("figure_id")
            pd.testing.assert_frame_equal(ledger.decisions(), decided)
            assert ledger.history(second)["action"].tolist() == ["read", "reject"]
        reviews = figures["review"].tolist()
        assert reviews[:3] == ["accepted", "rejected", "corrected"]
        assert figures["donor"].tolist()[:4] == ["POL", "POL", "NOR", "POL"]
        with al.Ledger(book) as ledger:  # as older weights had it
            al.ingest(ledger, [corpus], extract=older)
        assert readers(book) == {OLD: 8}


def test_of_a_mixed_ledger_only_what_others_have_read(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pd.DataFrame({"date": ["2023-05-03"], "tank": ["400"]})
    none = al.make_source("No tank.", source_id="none")
    own, theirs, unread, first, then = (
        al.make_source(f"Poland sent {number} tanks.", source_id=name)
        for number, name in enumerate(("own", "theirs", "unread", "revised", "revised"), 2)
    )
    with al.Ledger(place) as ledger:
        ledger.add_table(table, "daily-losses")
        ledger.add(own, al.extract(own.text, source_id="own"))
        ledger.add(theirs, older(theirs))
        ledger.add(unread, al.extract(unread.text, source_id="unread", reader="none"))
        ledger.add(first, older(first))
        ledger.add(then, al.extract(then.text, source_id="revised"))
        ledger.add(none, [])
        assert ledger.readers() == {READ: 2, OLD: 1, "none": 1, "table": 1}
        assert list(ledger.read_by_others(READ)) == [theirs, unread]
        assert len(list(ledger.read_by_others("x"))) == 4
        read = listening(monkeypatch)
        heard: list[tuple[str, int, int]] = []
        done = al.reread(ledger, progress=lambda *told: heard.append(told))
        assert read == ["theirs", "unread"]
        assert (done.documents, done.figures, done.states) == (2, 2, {"reread": 2})
        assert heard == [("documents", 1, 2), ("documents", 2, 2)]
        assert ledger.readers() == {READ: 4, "table": 1}
        assert al.reread(ledger).states == {}


def test_more_documents_than_are_held_at_once(tmp_path: Path) -> None:
    corpus = written(tmp_path / "many.jsonl", 100)
    book = older_book(tmp_path / "many.db", corpus)
    assert ok("reread", "--ledger", book, "-j", "2") == "100 documents (100 reread), 100 figures\n"
    assert readers(book) == {READ: 100}


@pytest.mark.parametrize("text", ["", "withdrawn"])
def test_a_text_that_is_not_stored_is_named(text: str, book: Path) -> None:
    with closing(sqlite3.connect(book)) as connection, connection:
        connection.execute("UPDATE document SET text = ? WHERE source_id = 'doc 3'", (text,))
    cause = "the stored text is not the one it had" if text else "its text is not stored"
    for states in ("7 documents (7 reread), 7 figures\n", "0 documents (none), 0 figures\n"):
        done = run("reread", "--ledger", book)
        assert done.returncode == 1
        assert done.stdout == states
        assert done.problems == [f"aidledger: doc 3: {cause}"]
        assert f"1 skipped (1 {cause}): doc 3" in done.stderr
    figures = contents(book)[0].set_index("source_id")
    assert figures["reader"]["doc 3"] == OLD


def test_a_document_that_takes_too_long_is_named(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(source: al.Source, *, reader: str) -> list[al.Figure]:
        while source.source_id == "doc 5":
            pass
        return extract_source(source, reader=reader)

    monkeypatch.setattr(pipeline, "extract_source", slow)
    done = run("reread", "--ledger", book, "--time-limit", "0.5")
    assert (done.returncode, done.stdout) == (1, "7 documents (7 reread), 7 figures\n")
    assert len(done.problems) == 1
    assert done.problems[0].startswith("aidledger: doc 5: ")


@pytest.mark.parametrize("reader", ["none", "nobody", ""])
def test_who_reads_nothing_reads_nothing_anew(reader: str, book: Path) -> None:
    done = run("reread", "--ledger", book, "--reader", reader)
    assert (done.returncode, done.stdout) == (2, "")
    with al.Ledger(book) as ledger, pytest.raises(ValueError, match=r"^reader: "):
        al.reread(ledger, reader=reader)
    assert readers(book) == {OLD: 8}


def test_a_ledger_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    done = run("reread", "--ledger", tmp_path / "none.db")
    assert (done.returncode, done.stderr) == (
        1,
        f"aidledger: {tmp_path / 'none.db'}: there is no such ledger\n",
    )
    assert not list(tmp_path.iterdir())


# interrupted, and gone on with


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("call", [1, 4, 8])
def test_what_is_done_is_not_read_again(
    call: int, late: bool, corpus: Path, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, calls = al.Ledger.add, 0

    def ended(*arguments: object, **named: object) -> al.Added:
        nonlocal calls
        calls += 1
        if calls == call and not late:
            raise Killed
        added = original(*arguments, **named)  # type: ignore[arg-type]
        if calls == call:
            raise Killed
        return added

    with monkeypatch.context() as ending:
        ending.setattr(al.Ledger, "add", ended)
        with pytest.raises(Killed):
            run("reread", "--ledger", book)
    left = 8 - call + (not late)
    assert readers(book).get(OLD, 0) == left
    read = listening(monkeypatch)
    with al.Ledger(book) as ledger:
        done = al.reread(ledger)
    assert (done.documents, read) == (left, [f"doc {k}" for k in range(8 - left, 8)])
    whole = older_book(tmp_path / "whole.db", corpus)
    ok("reread", "--ledger", whole)
    assert same(book, whole)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_run_that_is_killed_again_and_again(jobs: str, tmp_path: Path) -> None:
    corpus = written(tmp_path / "corpus.jsonl", 150)
    book = older_book(tmp_path / "aid.db", corpus)
    arguments = [sys.executable, "-m", "aidledger", "reread", "-j", jobs, "--ledger", str(book)]
    chance = random.Random()
    left = 150
    for _ in range(KILLS):
        with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
            while process.poll() is None and readers(book).get(OLD, 0) == left:
                time.sleep(0.005)
            time.sleep(chance.random() * 0.1)
            process.send_signal(signal.SIGKILL)
        now = readers(book)
        assert sum(now.values()) == 150
        assert now.get(OLD, 0) <= left
        left = now.get(OLD, 0)
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"{left} document")
    whole = tmp_path / "whole.db"
    ok("add", corpus, "--ledger", whole)
    assert contents(book)[0].equals(contents(whole)[0])


# until then


def test_totals_say_what_others_have_read(corpus: Path, book: Path, tmp_path: Path) -> None:
    asked = ("totals", "--ledger", book, "--format", "csv", "-o", tmp_path / "a.csv")
    line = "aidledger: {} read by another reader than the built-in one ({}): see aidledger reread\n"
    done = run(*asked)
    assert (done.returncode, done.stdout) == (0, f"wrote {tmp_path / 'a.csv'}\n")
    assert done.stderr == line.format("8 documents", f"8 by {OLD}")
    with al.Ledger(book) as ledger:
        figure = make_figure("numbers", reader="none")
        ledger.add(source_of(figure), [figure])
        ledger.add_table(pd.DataFrame({"date": ["2023-05-03"], "tank": ["4"]}), "daily-losses")
    assert run(*asked).stderr == line.format("9 documents", f"8 by {OLD}, 1 by none")
    ok("add", corpus, "--ledger", book)
    assert run(*asked).stderr == line.format("1 document", "1 by none")
    run("reread", "--ledger", book)
    assert run(*asked).stderr == ""


@pytest.mark.usefixtures("newer")
def test_a_release_with_another_reader_reads_what_it_finds(corpus: Path, tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    ok("add", corpus, "--ledger", book)
    assert readers(book) == {NEW: 8}
    with al.Ledger(book) as ledger:
        al.ingest(ledger, [corpus], extract=older)
    assert OLD in run("totals", "--ledger", book).stderr
    assert ok("reread", "--ledger", book) == "8 documents (8 reread), 8 figures\n"
    assert readers(book) == {NEW: 8}
    assert "another reader" not in run("totals", "--ledger", book).stderr


def test_the_name_of_the_built_in_reader_is_its_own() -> None:
    assert built_in.built_in_name() == reader_of(built_in.BUILT_IN).name
    assert pipeline.recorded_as(built_in.BUILT_IN) == built_in.built_in_name()


def test_totals_load_no_reader(book: Path) -> None:
    code = (
        "import sys\n"
        "from aidledger.cli import app\n"
        f"app(['totals', '--ledger', {str(book)!r}], standalone_mode=False)\n"
        "rooms = ('extractors.rules', 'extractors.fitted', 'extractors.scorer')\n"
        "print([name for name in sys.modules if name.startswith(rooms)], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    told, loaded = done.stderr.splitlines()
    assert "8 documents read by another reader" in told
    assert loaded == "[]"

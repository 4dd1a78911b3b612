"""An interrupted run is gone on with: the same result, byte for byte, whenever it was ended."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import aidledger as al
from aidledger.engines import chunks, resume
from aidledger.engines.known import DESCRIPTION, Known
from aidledger.engines.resume import drafts_of
from command import Done, run
from extractors import pipeline

ROOT = Path(__file__).parent.parent
INBOX = ROOT / "examples" / "inbox"
KILLS = int(os.environ.get("AIDLEDGER_KILLS", "3"))


class Killed(BaseException):
    """What nothing in the program catches."""


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of lines in some ten chunks, one of them a problem."""
    monkeypatch.setattr(chunks, "SIZE", 1000)
    return written(tmp_path / "corpus.jsonl", 30)


def written(path: Path, documents: int) -> Path:
    texts = [source.text for source in al.read(INBOX)]
    with path.open("w", encoding="utf-8") as file:
        for number in range(documents):
            text = f"{texts[number % len(texts)]} Then {number + 2} tanks were delivered."
            file.write(json.dumps({"id": f"doc {number}", "text": text}) + "\n")
        file.write("no json\n")
    return path


def extract(corpus: Path, output: Path, *options: str) -> Done:
    return run("extract", corpus, "--reader", "rules", "-o", output, *options)


def count_chunks(corpus: Path) -> int:
    return len(list(chunks.chunks_of([corpus])))


# every moment at which a process can end, one by one


def ending(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, call: int, late: bool) -> None:
    """The call of a function at which the process ends, before it or after it."""
    original: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def ended(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call and not late:
            raise Killed
        result = original(*arguments, **named)
        if calls == call:
            raise Killed
        return result

    monkeypatch.setattr(owner, name, ended)


@pytest.mark.parametrize("form", ["jsonl", "csv"])
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(
    ("owner", "name", "calls"),
    [
        (pipeline, "extract_source", (1, 2, 17, 30)),  # while documents are read
        (resume.Draft, "finished", (1, 2, 7)),  # beside the end of a chunk
        (Path, "replace", (1, 2, 8)),  # beside a journal that is renewed
    ],
)
def test_whenever_it_ends_the_result_is_the_same(
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
    late: bool,
    owner: Any,
    name: str,
    calls: tuple[int, ...],
) -> None:
    undisturbed = extract(corpus, tmp_path / f"whole.{form}")
    whole = (tmp_path / f"whole.{form}").read_bytes()
    output = tmp_path / f"out.{form}"
    for call in calls:
        with monkeypatch.context() as ended:
            ending(ended, owner, name, call, late)
            with pytest.raises(Killed):
                extract(corpus, output)
        assert not output.exists()
        done = extract(corpus, output, "--resume")
        assert output.read_bytes() == whole
        assert done.stderr.splitlines()[-1] == undisturbed.stderr.splitlines()[-1]
        assert done.returncode == undisturbed.returncode == 1
        output.unlink()
        assert sorted(os.listdir(tmp_path)) == ["corpus.jsonl", f"whole.{form}"]


@pytest.mark.parametrize("name", ["replace", "unlink"])
def test_an_end_when_all_is_written(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The last file name is given, and the journal is still there."""
    whole = tmp_path / "whole.jsonl"
    extract(corpus, whole)
    output = tmp_path / "out.jsonl"
    last = count_chunks(corpus) + 1 if name == "replace" else 2
    for late in (False, True):
        with monkeypatch.context() as ended:
            ending(ended, Path, name, last, late)
            with pytest.raises(Killed):
                extract(corpus, output)
        extract(corpus, output, "--resume")
        assert output.read_bytes() == whole.read_bytes()


def listening(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the documents whose figures are read from now on."""
    read: list[str] = []
    original = pipeline.extract_source

    def heard(source: al.Source, *, reader: str) -> list[al.Figure]:
        read.append(source.source_id)
        return original(source, reader=reader)

    monkeypatch.setattr(pipeline, "extract_source", heard)
    return read


def interrupted(corpus: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as ended:
        ending(ended, pipeline, "extract_source", 20, False)
        with pytest.raises(Killed):
            extract(corpus, output)


def test_only_what_is_left_is_read(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out.jsonl"
    interrupted(corpus, output, monkeypatch)
    read = listening(monkeypatch)
    extract(corpus, output, "--resume")
    assert 10 <= len(read) < 16
    assert read[-1] == "doc 29"


def test_the_number_of_processes_may_change(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extract(corpus, tmp_path / "whole.jsonl")
    output = tmp_path / "out.jsonl"
    interrupted(corpus, output, monkeypatch)
    extract(corpus, output, "--resume", "--jobs", "2")
    assert output.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


# what does not fit


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("touched", "the documents"),
        ("another", "the documents"),
        ("published", "the options"),
        ("containing", "the options"),
        ("release", "the release"),
        ("both", "the documents and the options"),
    ],
)
def test_another_run_is_refused(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, what: str
) -> None:
    output = tmp_path / "out.jsonl"
    interrupted(corpus, output, monkeypatch)
    options: list[str | Path] = ["--resume"]
    if change in ("touched", "both"):
        os.utime(corpus, (1, 1))
    if change == "another":
        options.append(written(tmp_path / "more.jsonl", 1))
    if change in ("published", "both"):
        options += ["--published", "2022-01-01"]
    if change == "containing":
        options += ["--containing", "tanks"]
    if change == "release":
        monkeypatch.setattr("aidledger.extracting.EXTRACTOR", "aidledger 9.9.9")
    done = run("extract", corpus, "--reader", "rules", "-o", output, *options)
    assert (done.returncode, done.stderr) == (
        1,
        f"aidledger: {output}: not the run that was interrupted ({what} changed); start over "
        "without --resume\n",
    )
    assert all(path.exists() for path in drafts_of(output))  # nothing is lost


@pytest.mark.parametrize("journal", ["", "{", "[]", '{"fit": {}}', "\0"])
def test_a_damaged_journal_is_refused(corpus: Path, tmp_path: Path, journal: str) -> None:
    output = tmp_path / "out.jsonl"
    drafts_of(output)[1].write_text(journal)
    done = extract(corpus, output, "--resume")
    assert done.returncode == 1
    assert "not the journal of a run; start over without --resume" in done.stderr


def test_a_half_that_lost_its_end_is_refused(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out.jsonl"
    interrupted(corpus, output, monkeypatch)
    part, _ = drafts_of(output)
    os.truncate(part, 10)
    assert "shorter than .out.jsonl.progress says" in extract(corpus, output, "--resume").stderr


def test_without_anything_to_go_on_with_it_is_the_first_run(corpus: Path, tmp_path: Path) -> None:
    extract(corpus, tmp_path / "whole.jsonl")
    extract(corpus, tmp_path / "out.jsonl", "--resume")
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_a_run_that_has_done_nothing_leaves_nothing(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending(monkeypatch, pipeline, "extract_source", 1, False)
    with pytest.raises(Killed):
        extract(corpus, tmp_path / "out.jsonl")
    assert os.listdir(tmp_path) == ["corpus.jsonl"]


@pytest.mark.parametrize("options", [["-"], ["-o", "/dev/null"]])
def test_what_cannot_be_resumed_says_so(corpus: Path, tmp_path: Path, options: list[str]) -> None:
    output = ["-o", str(tmp_path / "a.jsonl")] if "-o" not in options else []
    done = run(
        "extract", corpus, "--reader", "rules", "--format", "jsonl", "--resume", *output, *options
    )
    assert done.returncode == 1
    assert "only a file made from files can be resumed" in done.stderr


# processes that are really ended


IN_SMALL_CHUNKS = """
from aidledger.cli import main
from aidledger.engines import chunks
chunks.SIZE = 10_000
main()
"""


def command(corpus: Path, *options: str | Path) -> list[str]:
    return [sys.executable, "-c", IN_SMALL_CHUNKS, *map(str, options), str(corpus)]


def ended(arguments: list[str], how: signal.Signals, when: Callable[[], bool]) -> int:
    """Run a command and end it when something is so, if it has not come to its end before."""
    chance = random.Random()
    with subprocess.Popen(arguments, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not when():
            time.sleep(0.005)
        time.sleep(chance.random() * 0.1)
        process.send_signal(how)
        return process.wait(30)


def renewed(journal: Path) -> Callable[[], bool]:
    """Whether one more chunk has been finished since now."""

    def held() -> bytes:
        return journal.read_bytes() if journal.exists() else b""

    before = held()
    return lambda: held() != before


@pytest.mark.parametrize(
    ("how", "jobs"), [(signal.SIGKILL, "2"), (signal.SIGINT, "2"), (signal.SIGKILL, "1")]
)
def test_a_run_that_is_killed_again_and_again(
    how: signal.Signals, jobs: str, tmp_path: Path
) -> None:
    corpus = written(tmp_path / "corpus.jsonl", 200)
    assert corpus.stat().st_size > 10_000 * (KILLS + 3)
    output, whole = tmp_path / "out.jsonl", tmp_path / "whole.jsonl"
    subprocess.run(
        command(corpus, "extract", "--reader", "rules", "-o", whole), cwd=ROOT, check=False
    )
    arguments = command(
        corpus, "extract", "--reader", "rules", "-j", jobs, "--resume", "-o", output
    )
    _, journal = drafts_of(output)
    for _ in range(KILLS):
        status = ended(arguments, how, renewed(journal))
        assert status in (130, -how, 1)
    subprocess.run(arguments, cwd=ROOT, check=False)
    assert output.read_bytes() == whole.read_bytes()
    assert sorted(os.listdir(tmp_path)) == ["corpus.jsonl", "out.jsonl", "whole.jsonl"]


def test_two_runs_of_one_file_are_kept_apart(tmp_path: Path) -> None:
    corpus = written(tmp_path / "corpus.jsonl", 600)
    output = tmp_path / "out.jsonl"
    arguments = command(corpus, "extract", "--reader", "rules", "-o", output)
    with subprocess.Popen(arguments, cwd=ROOT, stderr=subprocess.DEVNULL) as first:
        while not drafts_of(output)[1].exists():
            assert first.poll() is None
            time.sleep(0.01)
        second = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
        assert second.returncode == 1
        assert "another run is writing it" in second.stderr
        assert first.wait(60) == 1  # for the line that is no json
    assert len(output.read_text(encoding="utf-8").splitlines()) > 600


# a ledger


def test_a_ledger_is_gone_on_with(tmp_path: Path) -> None:
    corpus = written(tmp_path / "corpus.jsonl", 150)
    place, whole = tmp_path / "out.db", tmp_path / "whole.db"
    arguments = command(corpus, "add", "--ledger", place, "--jobs", "2", "--resume")

    def begun() -> bool:
        try:
            with al.Ledger(place, create=False) as book:
                return len(book.sources()) > 10
        except al.LedgerError:
            return False

    ended(arguments, signal.SIGKILL, begun)
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "unchanged" in done.stdout
    run("add", corpus, "--ledger", whole)
    with al.Ledger(place) as ours, al.Ledger(whole) as theirs:
        assert ours.figures().equals(theirs.figures())
        assert list(ours.documents()) == list(theirs.documents())
        assert f", {len(ours.figures()):,} figures" in done.stdout


def test_what_a_ledger_holds_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [
        {"id": "same", "text": "Poland sent 14 tanks."},
        {"id": "changed", "text": "Poland sent 15 tanks."},
        {"id": "titled", "text": "Poland sent 16 tanks."},
        {"id": "empty", "text": "None was sent, not one."},
    ]
    path = tmp_path / "a.jsonl"

    def add(resume: bool = True) -> al.Ingested:
        path.write_text("".join(json.dumps(each) + "\n" for each in documents))
        with al.Ledger(tmp_path / "a.db") as book:
            return al.ingest(book, [path], resume=resume)

    first = add()
    documents[1]["text"] = "Poland sent 17 tanks."
    documents[2]["title"] = "Tanks"
    documents.append({"id": "more", "text": "Poland sent 18 tanks."})
    read = listening(monkeypatch)
    again = add()
    assert "same" not in read
    assert {"changed", "titled", "more"} <= set(read)
    assert dict(again.states) == {"unchanged": 2, "corrected": 1, "reread": 1, "new": 1}
    assert (first.documents, again.documents) == (4, 5)
    read.clear()
    monkeypatch.setattr("extractors.assemble.EXTRACTOR", "aidledger 9.9.9")
    add()
    assert "same" in read  # another release reads it anew


def test_known_documents_are_found_by_all_that_describes_them() -> None:
    sources = [al.make_source(f"text {n}", source_id=f"{n}") for n in range(200)]
    known = Known(
        ([getattr(source, name) for name in DESCRIPTION], n) for n, source in enumerate(sources)
    )
    assert [known.figures(source) for source in sources] == list(range(200))
    assert known.figures(al.make_source("text 7", source_id="7", title="new")) is None
    assert known.figures(al.make_source("text 7", source_id="8")) is None
    assert Known([]).figures(sources[0]) is None


def test_a_run_that_reads_nothing_leaves_an_older_file_alone(tmp_path: Path) -> None:
    output = tmp_path / "figures.jsonl"
    output.write_text("of yesterday")
    tally = al.extract_files([tmp_path / "gone.txt"], output)
    assert (tally.documents, tally.lost) == (0, 1)
    assert output.read_text() == "of yesterday"
    assert [path.name for path in tmp_path.iterdir()] == ["figures.jsonl"]

"""Many documents at once: the same result however many processes; no document ends them all."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

import aidledger as al
from aidledger.engines import chunks, pool, worker
from aidledger.engines.chunks import Chunk, Piece, chunks_of
from aidledger.engines.intake import Intake, Taken, Work
from aidledger.engines.pool import in_order
from aidledger.engines.run import documents
from aidledger.engines.tally import Tally
from aidledger.progress import BYTES, Pace
from command import ok, records, run
from extractors.pipeline import extract_source
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.tables import json_lines
from extractors.readers.problem import Problem
from ledger.figure import Figure, Source

ROOT = Path(__file__).parent.parent
TEXT = "On {day} May 2023 Poland sent {n} tanks to Ukraine, worth $20 million."


def line(number: int, text: str = "") -> str:
    text = text or TEXT.format(day=1 + number % 28, n=number + 2)
    return json.dumps({"id": f"doc {number:04}", "text": text}) + "\n"


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of several kinds with problems in them, in many chunks."""
    monkeypatch.setattr(chunks, "SIZE", 1000)
    monkeypatch.setattr(chunks, "FILES", 3)
    folder = tmp_path / "corpus"
    folder.mkdir()
    numbered = [line(number) for number in range(60)]
    numbered[31] = "no json\n"
    numbered[47] = "\n"
    numbered[59] = '{"text": ""}'
    (folder / "b.jsonl").write_text("".join(numbered), encoding="utf-8")
    for name in "aceg":
        (folder / f"{name}.txt").write_text(TEXT.format(day=4, n=name), encoding="utf-8")
    (folder / "d.txt").write_text("", encoding="utf-8")
    (folder / "f.bin").write_text("", encoding="utf-8")
    return folder


@pytest.fixture(params=["fork", "spawn"])
def started(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The ways in which platforms start processes."""
    context = multiprocessing.get_context(request.param)
    monkeypatch.setattr(multiprocessing, "get_context", lambda: context)
    return str(request.param)


def both(source: Source, figures: Sequence[Figure]) -> tuple[str, list[Figure]]:
    return source.source_id, list(figures)


def done(
    paths: Sequence[Path], jobs: int, extract: Callable[[Source], Sequence[Figure]] | None = None
) -> tuple[list[Any], list[str], Tally]:
    """What came of the documents, what was told of them, and the counts."""
    told: list[str] = []
    tally = Tally()
    work = Work(Intake(), both, extract)
    taken = documents(paths, work, tally, jobs=jobs, tell=lambda problem: told.append(str(problem)))
    return [each.product for each in taken], told, tally


# the chunks


@given(
    st.lists(st.sampled_from(["", " ", '{"text": "ä"}', "x", '{"text": "long words here"}'])),
    st.sampled_from([b"\n", b"\r\n"]),
    st.booleans(),
    st.integers(1, 60),
)
def test_a_file_of_lines_reads_the_same_in_parts(
    rows: list[str], end: bytes, ended: bool, size: int
) -> None:
    data = end.join(row.encode() for row in rows) + end * ended
    found: list[Content | Problem] = []
    stop, seen = 0, 1
    for part in json_lines.parts(BytesIO(data), size):
        assert (part.start, part.line) == (stop, seen)
        stop, seen = part.stop, seen + data[part.start : part.stop].count(b"\n")
        found += json_lines.contents(BytesIO(data), ReadOptions(part=part))
    assert stop == len(data)
    whole = list(json_lines.contents(BytesIO(data + b'\n{"text": "not empty"}'), ReadOptions()))
    assert found == whole[:-1]


def test_what_is_no_text_of_bytes_is_not_cut() -> None:
    assert not list(json_lines.parts(BytesIO("{}\n".encode("utf-16")), 2))
    assert not list(json_lines.parts(BytesIO(b"\0\n\0\n"), 2))


def test_the_chunks_hold_everything_once_and_in_order(corpus: Path) -> None:
    made = list(chunks_of([corpus]))
    assert [chunk.number for chunk in made] == list(range(len(made)))
    pieces = [piece for chunk in made for piece in chunk.pieces]
    files = [piece for piece in pieces if isinstance(piece, Piece)]
    cut = [piece for piece in files if piece.path.endswith(".jsonl")]
    assert len(cut) > 5
    assert [piece.path for piece in files] == sorted(piece.path for piece in files)
    assert sum(piece.size for piece in cut) == (corpus / "b.jsonl").stat().st_size
    assert sum(chunk.size for chunk in made) == chunks.survey([corpus]).size


# the same result, however many processes


def test_the_number_of_processes_changes_nothing(corpus: Path, started: str) -> None:
    alone = done([corpus, corpus / "none.txt"], 1)
    assert len(alone[0]) == 61
    assert [told.partition(": ")[2].split(" (")[0] for told in alone[1]] == [
        "line 32: not JSON",
        'line 60: "text" is empty',
        "an empty file",
        "1 file of other kinds left out",
        "no such file or folder",
    ]
    assert done([corpus, corpus / "none.txt"], 2) == alone


@pytest.mark.parametrize("form", ["table", "jsonl", "csv"])
def test_the_command_writes_the_same(corpus: Path, form: str, tmp_path: Path) -> None:
    alone = run("extract", corpus, "--format", form)
    assert run("extract", corpus, "--format", form, "--jobs", "2") == alone
    assert alone.returncode == 1
    assert len(alone.stdout.splitlines()) == 57 * 2 + 4 + (form != "jsonl")
    run("extract", corpus, "--format", form, "-o", tmp_path / "out", "-j", "2")
    if form != "table":
        assert (tmp_path / "out").read_text(encoding="utf-8") == alone.stdout


def test_a_ledger_is_the_same(corpus: Path, tmp_path: Path) -> None:
    said = []
    for jobs in ("1", "2"):
        place = tmp_path / f"{jobs}.db"
        added = run("add", corpus, "--ledger", place, "--jobs", jobs)
        with al.Ledger(place) as book:
            said.append((added, book.figures().to_csv(), [vars_of(s) for s in book.documents()]))
    assert said[0] == said[1]


def vars_of(source: Source) -> list[str | None]:
    return [getattr(source, name) for name in Source.__dataclass_fields__]


def test_standard_input_is_read_beside_other_processes(corpus: Path) -> None:
    given = TEXT.format(day=9, n=99)
    options = ("extract", corpus / "a.txt", "-", corpus / "b.jsonl", "--format", "jsonl")
    alone = run(*options, given=given)
    assert 99 in [record["value"] for record in records(alone.stdout)]
    assert run(*options, "--jobs", "2", given=given) == alone


def test_an_answer_too_large_for_memory_goes_through_a_file(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = done([corpus], 1)
    spilled = []

    def opened(answer: bytes | str) -> Iterator[Any]:
        spilled.append(isinstance(answer, str))
        return worker.opened(answer)

    monkeypatch.setattr(worker, "SPILL", 500)
    monkeypatch.setattr(pool, "opened", opened)
    before = set(Path(tempfile.gettempdir()).glob("aidledger-*"))
    assert done([corpus], 2) == alone
    assert any(spilled)
    assert set(Path(tempfile.gettempdir()).glob("aidledger-*")) <= before


def test_few_chunks_are_under_way(tmp_path: Path) -> None:
    """What is not taken is not read: memory does not grow with the corpus."""
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    given_out = 0

    def endless() -> Iterator[Chunk]:
        nonlocal given_out
        while True:
            given_out += 1
            yield Chunk(given_out, (Piece(str(path)),))

    results = in_order(endless(), Work(Intake(), both), 2)
    for number in range(1, 80):
        chunk, found = next(results)
        assert chunk.number == number
        assert len(list(found)) == 1
        assert given_out <= number + 2 * pool.AHEAD
    results.close()  # type: ignore[attr-defined]  # it is a generator


# what goes wrong with one document


def faulty(source: Source) -> Sequence[Figure]:
    if source.source_id in ("doc 0007", "doc 0040"):
        raise RuntimeError("two\nlines")
    return extract_source(source)


def deadly(source: Source) -> Sequence[Figure]:
    if source.source_id in ("doc 0007", "doc 0008", "doc 0040"):
        os.kill(os.getpid(), signal.SIGKILL)
    if source.source_id == "doc 0041":
        os._exit(7)
    return extract_source(source)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_fault_in_one_document_is_one_problem(corpus: Path, jobs: int) -> None:
    found, told, tally = done([corpus / "b.jsonl"], jobs, faulty)
    line = "a fault in aidledger itself (RuntimeError: two lines); please report it"
    path = corpus / "b.jsonl"
    assert told[:2] == [f"{path}: doc 0007: {line}", f"{path}: line 32: not JSON (Expecting value "
                        "at column 1)"]  # fmt: skip
    assert told[2] == f"{path}: doc 0040: {line}"
    assert len(found) == 60 - 3 - 2
    assert tally.skipped["a fault in aidledger itself"] == 2


def test_a_process_that_dies_takes_one_document_with_it(corpus: Path, started: str) -> None:
    found, told, tally = done([corpus / "b.jsonl"], 2, deadly)
    assert [line for line in told if "ended" in line] == [
        f"{corpus / 'b.jsonl'}: doc 00{number}: the process that read it ended ({how})"
        for number, how in (("07", "killed, SIGKILL"), ("08", "killed, SIGKILL"),
                            ("40", "killed, SIGKILL"), ("41", "exit status 7"))
    ]  # fmt: skip
    alone, _, _ = done([corpus / "b.jsonl"], 1)
    gone = {"doc 0007", "doc 0008", "doc 0040", "doc 0041"}
    assert found == [each for each in alone if each[0] not in gone]
    assert tally.documents == len(found)


def test_a_reader_that_dies_takes_the_rest_of_its_file(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = json_lines._json_document

    def dying(text: str, *rest: Any) -> Any:
        if "doc 0005" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        return read(text, *rest)

    path = corpus / "few.jsonl"
    path.write_text("".join(map(line, range(8))), encoding="utf-8")
    monkeypatch.setattr(json_lines, "_json_document", dying)
    monkeypatch.setattr(chunks, "SIZE", 1 << 18)
    found, told, _ = done([path, corpus / "a.txt"], 2)
    assert [source_id for source_id, _ in found][:-1] == [f"doc {n:04}" for n in range(5)]
    assert told == [f"{path}: the process that read it ended (killed, SIGKILL)"]


def test_processes_that_cannot_begin_are_told_once(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "serve", dead)
    with pytest.raises(al.LedgerError, match=r"cannot be started here \(exit status 3\)"):
        done([corpus], 2)


def dead(*_: Any) -> None:
    os._exit(3)


# what ends them all


def processes_of(command: subprocess.Popen[bytes], number: int) -> list[psutil.Process]:
    """The processes that a command has started, when they are so many."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        children: list[psutil.Process] = psutil.Process(command.pid).children()
        if len(children) >= number:
            return children
        time.sleep(0.02)
    raise AssertionError("no processes")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_no_process_outlives_the_command(how: signal.Signals, tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_text("".join(map(line, range(20_000))), encoding="utf-8")
    command = [sys.executable, "-m", "aidledger", "extract", str(path), "--format", "jsonl", "-j2"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    ) as process:  # fmt: skip
        children = processes_of(process, 2)
        process.send_signal(how)
        assert process.wait(20) == (130 if how == signal.SIGINT else -how)
        _, alive = psutil.wait_procs(children, timeout=10)
        assert not alive
        assert process.stderr
        assert process.stderr.read() == b""
    assert os.listdir(tmp_path) == ["long.jsonl"]


INTERRUPTED = """
import os, signal, sys
from aidledger.cli import main
os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.SIGINT))
main(sys.argv[1:])
"""


@pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="nothing is forked here")
def test_ctrl_c_is_heard_while_a_process_is_forked(tmp_path: Path) -> None:
    """Python passes over what is raised in that moment."""
    path = tmp_path / "long.jsonl"
    path.write_text("".join(map(line, range(2_000))), encoding="utf-8")
    command = [sys.executable, "-c", INTERRUPTED, "extract", str(path), "-j2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (130, b"")


# what is said


def test_the_closing_line() -> None:
    tally = Tally()
    assert tally.line() == "read 0 documents, 0 figures"
    tally.count(Taken(2, True, None))
    assert tally.line() == ""  # one document, and all is well
    tally.count(Taken(1200, False, None))
    tally.count(Taken(0, False, None))  # without a figure, a date is not missed
    for cause in ("not JSON (at column 7)", "not JSON (at column 9)", "an empty file"):
        tally.count(Problem("a", cause))
    tally.count(Problem("a", "a remark", lost=False))
    assert tally.line() == (
        "read 3 documents, 1,202 figures; 3 skipped (2 not JSON, 1 an empty file): a and 2 more; "
        "1 document without a date: its figures carry none unless the text states it"
    )
    assert tally.lost == 3


def test_one_document_needs_no_closing_line(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert run("extract", path, "--published", "2023-05-05").stderr == ""
    assert "1 document without a date" in run("extract", path).stderr


def test_the_pace_is_told_in_what_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    pace = Pace(BYTES, 1_000_000)
    assert pace.amount(3_140_000, 20_000_000) == "3.1/20.0 MB"
    assert pace.rate(2_000_000) == ""
    monkeypatch.setattr(time, "monotonic", lambda: pace.began + 2)
    assert pace.rate(5_000_000) == "2.0 MB/s"
    assert Pace("documents", 0).amount(1200, 0) == "1,200"


def test_columns_name_the_keys_of_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [{"body": TEXT.format(day=3, n=7), "text": "no", "day": "2023-05-09"}, {"text": "no"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = run("extract", path, "--format", "jsonl", "--columns", "text=body,published=day")
    assert [record["value"] for record in records(done.stdout)] == [7, 20_000_000]
    assert done.problems == [f'aidledger: {path}: line 2: no "body"']
    assert "without a date" not in done.stderr


def test_jobs_is_a_number_of_processes(tmp_path: Path) -> None:
    for wrong in ("0", "-1", "two"):
        assert run("extract", tmp_path, "--jobs", wrong).returncode == 2


@pytest.mark.parametrize(
    "options",
    [
        ["--columns", "body"],
        ["--columns", "words=body"],
        ["--columns", "text="],
        ["--resume"],
        ["--resume", "-o", "a.txt"],
        ["--scheduler", "tcp://127.0.0.1:1"],
        ["--engine", "dask"],
        ["--engine", "spark"],
    ],
)
def test_options_that_do_not_fit(options: list[str], tmp_path: Path) -> None:
    assert run("extract", tmp_path, *options).returncode == 2


def test_every_verb_that_reads_documents_takes_the_same_options() -> None:
    for verb in ("extract", "add", "report", "page", "chart"):
        told = ok(verb, "--help")
        for option in ("--published", "--jobs", "--columns", "--allow-host", "--containing"):
            assert option in told

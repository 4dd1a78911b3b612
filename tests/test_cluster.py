"""Extraction on a Dask cluster: the same figures, as Parquet that a ledger takes in."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import aidledger as al
from aidledger.engines import cluster, partitions
from aidledger.engines.cluster import write_part
from aidledger.engines.intake import Intake
from aidledger.engines.partitions import Partition, Stretch, partitions_of
from command import records, run
from extractors.readers.problem import Problem

ROOT = Path(__file__).parent.parent
TEXT = "On {day} May 2023 Poland sent {n} tanks to Ukraine, worth $20.5 million."


def document(number: int) -> dict[str, str]:
    text = TEXT.format(day=1 + number % 28, n=number + 2)
    return {"id": f"doc {number}", "text": text, "published": "2023-06-01"}


def jsonl(numbers: range) -> str:
    return "".join(json.dumps(document(number)) + "\n" for number in numbers)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Documents in lines and in Parquet, with problems among them."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.jsonl").write_text(jsonl(range(30)) + "no json\n" + jsonl(range(30, 40)))
    (folder / "b.jsonl").write_text("")
    pd.DataFrame([document(number) for number in range(40, 60)]).to_parquet(folder / "c.parquet")
    (folder / "d.txt").write_text("Without a number of things.")
    return folder


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a cluster with one worker, in this process."""
    distributed = pytest.importorskip("dask.distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None,
        protocol="tcp", host="127.0.0.1",
    ) as started:  # fmt: skip
        yield started.scheduler_address


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Partitions of a few documents."""
    monkeypatch.setattr(partitions, "SIZE", 1000)


def on_cluster(scheduler: str, *arguments: str | Path) -> Any:
    return run("extract", *arguments, "--engine", "dask", "--scheduler", scheduler)


@pytest.mark.usefixtures("small")
def test_a_cluster_finds_the_same_figures(corpus: Path, scheduler: str, tmp_path: Path) -> None:
    here = run("extract", corpus, "--format", "jsonl")
    done = on_cluster(scheduler, corpus, "-o", tmp_path / "out")
    assert done.returncode == here.returncode == 1
    assert f"aidledger: {corpus / 'b.jsonl'}: an empty file" in done.problems
    assert any("a.jsonl (from byte " in line and "not JSON" in line for line in done.problems)
    counts, _, names = done.stderr.splitlines()[-1].partition("): ")
    assert counts == here.stderr.splitlines()[-1].partition("): ")[0]
    assert str(corpus / "b.jsonl") in names
    parts = sorted((tmp_path / "out" / "figures").iterdir())
    assert len(parts) > 4
    assert [part.name for part in parts] == [f"part-{n:05}.parquet" for n in range(len(parts))]
    ledger = tmp_path / "a.db"
    added = run("add", tmp_path / "out", "--ledger", ledger)
    assert added.returncode == 0
    assert added.stdout.startswith("61 documents (61 new), 120 figures")
    with al.Ledger(ledger) as book:
        stored = [al.to_record(figure) for figure in book.records()]
        texts = {source.source_id: source.text for source in book.documents()}
    key = json.dumps
    alone = [al.to_record(al.from_record(record)) for record in records(here.stdout)]
    assert sorted(stored, key=key) == sorted(alone, key=key)
    assert all(texts[r["source_id"]][r["start"] : r["end"]] == r["text"] for r in stored)
    frame = pd.read_parquet(tmp_path / "out" / "figures")
    assert {str(k): str(v) for k, v in frame.dtypes.items()} == al.FRAME_SCHEMA


def test_globs_name_files(corpus: Path, scheduler: str, tmp_path: Path) -> None:
    done = on_cluster(scheduler, corpus / "*.parquet", corpus / "z*", "-o", tmp_path / "out")
    assert done.problems == [f"aidledger: {corpus / 'z*'}: no such file or folder"]
    assert "read 20 documents, 40 figures; 1 skipped" in done.stderr


def test_the_options_go_to_the_workers(corpus: Path, scheduler: str, tmp_path: Path) -> None:
    (corpus / "e.jsonl").write_text(jsonl(range(2)) + json.dumps({"text": "Poland sent 9 jets."}))
    done = on_cluster(
        scheduler, corpus / "e.jsonl", "-o", tmp_path / "out", "--containing", "jets",
        "--published", "2024-01-01",
    )  # fmt: skip
    assert done.stderr == (
        "aidledger: read 1 document, 1 figure; 2 left out without the words asked for\n"
    )
    sources = pd.read_parquet(tmp_path / "out" / "sources")
    assert sources[["text", "published", "figures"]].values.tolist() == [
        ["Poland sent 9 jets.", "2024-01-01", 1]
    ]


def test_one_part_goes_to_a_ledger(corpus: Path, scheduler: str, tmp_path: Path) -> None:
    on_cluster(scheduler, corpus / "c.parquet", "-o", tmp_path / "out")
    part = tmp_path / "out" / "figures" / "part-00000.parquet"
    done = run("add", part, corpus / "d.txt", "--ledger", tmp_path / "a.db")
    assert done.stdout == "21 documents (21 new), 40 figures\n"
    assert run("extract", part).stderr.startswith(f"aidledger: {part}: an output of aidledger")


def test_what_is_damaged_is_told_and_the_rest_is_stored(
    corpus: Path, scheduler: str, tmp_path: Path, small: None
) -> None:
    out = tmp_path / "out"
    on_cluster(scheduler, corpus, "-o", out)
    part = sorted((out / "figures").iterdir())[1]
    part.write_bytes(part.read_bytes()[:50])
    (out / "aidledger.json").unlink()
    done = run("add", out, "--ledger", tmp_path / "a.db")
    assert done.returncode == 1
    assert done.problems[0] == f"aidledger: {out}: the extraction did not come to its end"
    assert done.problems[1].startswith(f"aidledger: {part}: not a whole Parquet file")
    with al.Ledger(tmp_path / "a.db") as book:
        assert 0 < len(book.sources()) < 61


@pytest.mark.parametrize(
    ("damage", "cause"),
    [
        (lambda frame: frame[::-1], "its figures are not those of its documents"),
        (lambda frame: frame[:-1], "its figures are not those of its documents"),
        (lambda frame: frame[["text"]], "not what an extraction writes: no column 'figure_id'"),
    ],
)
def test_figures_of_other_documents_are_refused(
    damage: Callable[[pd.DataFrame], pd.DataFrame],
    cause: str,
    corpus: Path,
    scheduler: str,
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    on_cluster(scheduler, corpus / "c.parquet", "-o", out)
    part = out / "figures" / "part-00000.parquet"
    damage(pd.read_parquet(part)).to_parquet(part)
    done = run("add", out, corpus / "a.jsonl", "--ledger", tmp_path / "a.db")
    assert done.returncode == 1
    assert done.problems[0] == f"aidledger: {part}: {cause}"
    with al.Ledger(tmp_path / "a.db") as book:
        assert "doc 39" in set(book.sources()["source_id"])  # the rest is stored


def test_folders_of_documents_may_have_any_name(tmp_path: Path) -> None:
    for name in ("figures", "sources"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(f"For {name}, Poland sent 14 tanks.")
    done = run("add", tmp_path, "--ledger", tmp_path / "a.db")
    assert done.stdout == "2 documents (2 new), 2 figures\n"


def test_nothing_is_written_over(corpus: Path, scheduler: str, tmp_path: Path) -> None:
    done = on_cluster(scheduler, corpus, "-o", corpus)
    assert (done.returncode, done.stderr) == (1, f"aidledger: {corpus}: not an empty folder\n")


def test_a_scheduler_that_is_not_there(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "TIMEOUT", 0.5)
    done = on_cluster("tcp://127.0.0.1:9", corpus, "-o", tmp_path / "out")
    assert done.returncode == 1
    assert done.stderr.startswith("aidledger: tcp://127.0.0.1:9: no scheduler answers")
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()  # the same command works when the scheduler does


def test_an_interrupted_cluster_is_quiet(tmp_path: Path) -> None:
    pytest.importorskip("dask.distributed")
    corpus, out = tmp_path / "corpus.jsonl", tmp_path / "out"
    corpus.write_text(jsonl(range(40_000)))
    command = [sys.executable, "-m", "aidledger", "extract", str(corpus), "--engine", "dask",
               "-o", str(out)]  # fmt: skip
    with subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        until = time.monotonic() + 30
        while not any(out.glob("figures/*")):  # its workers are at work
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        assert process.wait(20) == 130
        assert process.stderr
        assert b"Traceback" not in process.stderr.read()


def test_the_output_may_be_a_url(
    corpus: Path, scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = on_cluster(scheduler, corpus / "c.parquet", "-o", (tmp_path / "out").as_uri())
    assert done.returncode == 0
    assert sorted(os.listdir(tmp_path)) == ["corpus", "out"]
    assert len(pd.read_parquet(tmp_path / "out" / "figures")) == 40


def test_without_the_extra_it_says_what_to_install(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    done = run("extract", corpus, "--engine", "dask", "-o", tmp_path / "out")
    assert done.stderr == (
        "aidledger: --engine dask needs dask: install aidledger with its extra, aidledger[scale]\n"
    )
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "install aidledger with its extra" in run("extract", corpus / "c.parquet").stderr


def test_a_worker_that_fails_loses_its_part_alone(
    corpus: Path, scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: None
) -> None:
    monkeypatch.setattr(cluster, "write_part", failing)
    done = on_cluster(scheduler, corpus, "-o", tmp_path / "out")
    assert done.returncode == 1
    (lost,) = (line for line in done.problems if "was lost" in line)
    assert "its part 00001 was lost (RuntimeError: two lines)" in lost


def failing(partition: Partition, *rest: Any) -> Any:
    if partition.number == 1:
        raise RuntimeError("two\nlines")
    return write_part(partition, *rest)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8), st.integers(1, 60), st.booleans())
def test_the_stretches_hold_every_line_once(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], size: int, ended: bool
) -> None:
    rows = [str(n % 10) * length for n, length in enumerate(lengths)]
    path = tmp_path_factory.mktemp("lines") / "a.jsonl"
    path.write_text("\n".join(rows) + "\n" * ended)
    whole = path.read_bytes()
    read = b""
    with path.open("rb") as file:
        for start in range(0, len(whole), size):
            read += cluster._lines(file, start, min(size, len(whole) - start))
    assert read == whole


def test_many_small_files_make_one_partition(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text("Four tanks.")
    told: list[Problem] = []
    (made,) = partitions_of([str(tmp_path), "http://example.org/a.html"], told.append)
    assert len(made.stretches) == 5
    assert [str(problem) for problem in told] == [
        "http://example.org/a.html: urls are read without --engine"
    ]


def test_what_is_no_file_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Four tanks.")
    (tmp_path / "b.txt").symlink_to(tmp_path / "none")
    os.mkfifo(tmp_path / "c.txt")
    (tmp_path / "Makefile").write_text("all:")
    (tmp_path / "empty").mkdir()
    told: list[Problem] = []
    (made,) = partitions_of([str(tmp_path), str(tmp_path / "empty")], told.append)
    assert [stretch.name for stretch in made.stretches] == [str(tmp_path / "a.txt")]
    assert [str(problem).removeprefix(str(tmp_path))[:40] for problem in told] == [
        ": 1 file of other kinds left out (no ext",
        "/b.txt: no such file or directory",
        "/c.txt: not a regular file",
        "/empty: holds no document (.txt, .md, .m",
    ]


def test_of_many_problems_a_part_tells_the_first(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("x\n" * 300)
    stretch = Stretch(path.as_uri(), path.stat().st_size)
    (tmp_path / "figures").mkdir()
    (tmp_path / "sources").mkdir()
    tally, problems = write_part(Partition(0, (stretch,)), str(tmp_path), Intake())
    assert tally.lost == 300
    assert len(problems) == cluster.TOLD + 1
    assert str(problems[-1]).endswith("and 200 more like this")

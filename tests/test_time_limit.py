"""A document that takes too long is one line, and all others are read: here, in several processes
and on a cluster."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from collections.abc import Callable, Sequence
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest

import aidledger as al
import pdfs
from aidledger.engines import worker
from aidledger.engines.intake import Intake, Work
from aidledger.engines.run import documents
from aidledger.engines.tally import Tally
from command import records, run
from extractors.readers.formats.content import ReadOptions
from ledger.figure import Figure, Source

SECONDS = "3"  # a document of one line takes a hundredth of one
LINE = f"took longer than {SECONDS} s"
LONG = "Poland sent 14 tanks to Ukraine, worth $20 million. " * 100_000


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Files of several kinds, and amid them some that take too long."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("Poland sent 2 tanks to Ukraine.")
    (folder / "b.pdf").write_bytes(pdfs.long())
    rows = [{"id": f"doc {n}", "text": f"Poland sent {n} tanks."} for n in range(3, 6)]
    rows[1]["text"] = LONG
    (folder / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with ZipFile(folder / "d.zip", "w") as archive:
        for name, data in (("a", pdfs.sound("6 tanks.")), ("b", pdfs.long()),
                           ("c", pdfs.sound("7 tanks."))):  # fmt: skip
            archive.writestr(f"{name}.pdf", data)
    (folder / "e.txt").write_text("Poland sent 8 tanks to Ukraine.")
    return folder


def said(folder: Path) -> list[str]:
    """What is said of those that take too long."""
    return [f"{folder / name}: {LINE}" for name in ("b.pdf", "c.jsonl: doc 4", "d.zip: b.pdf")]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_command_skips_it(corpus: Path, jobs: str, tmp_path: Path) -> None:
    options = ("--time-limit", SECONDS, "--jobs", jobs)
    done = run("extract", corpus, "--format", "jsonl", *options)
    assert done.returncode == 1
    assert [record["value"] for record in records(done.stdout)] == [2, 3, 5, 6, 7, 8]
    assert done.problems == [f"aidledger: {line}" for line in said(corpus)]
    assert f"3 skipped (3 {LINE})" in done.stderr


def test_the_library_skips_it(corpus: Path, tmp_path: Path) -> None:
    reading = ReadOptions(time_limit=float(SECONDS))
    with al.Ledger(tmp_path / "a.db") as ledger:
        done = al.ingest(ledger, [corpus], reading=reading)
        assert (done.documents, done.figures) == (6, 6)
        assert [str(problem) for problem in done.problems] == said(corpus)
    found = [getattr(each, "text", str(each)) for each in al.read_all([corpus], reading=reading)]
    long = [line for line in said(corpus) if "doc" not in line]
    assert [each for each in found if "longer" in each] == long


def test_a_cluster_skips_it(corpus: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("dask.distributed")
    told: list[str] = []
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None,
        protocol="tcp", host="127.0.0.1",
    ) as started:  # fmt: skip
        al.extract_on_cluster(
            [str(corpus)], str(tmp_path / "out"), scheduler=started.scheduler_address,
            reading=ReadOptions(time_limit=float(SECONDS)),
            tell=lambda problem: told.append(str(problem)),
        )  # fmt: skip
    figures = pd.read_parquet(tmp_path / "out" / "figures")
    assert figures["value"].tolist() == [2, 3, 5, 6, 7, 8]
    assert told == said(corpus)


# what the time is spent on


def stuck(source: Source) -> Sequence[Figure]:
    while source.source_id == "doc 7":
        pass
    return ()


def stuck_elsewhere(source: Source) -> Sequence[Figure]:
    """In code that does not come back to Python until it is done."""
    if source.source_id == "doc 7":
        hashlib.pbkdf2_hmac("sha256", b"", b"", (1 << 31) - 1)
    return ()


@pytest.mark.parametrize(
    ("extract", "jobs", "start"),
    [(stuck, 1, "fork"), (stuck, 2, "fork"), (stuck, 2, "spawn"), (stuck_elsewhere, 2, "fork")],
)
def test_whatever_it_is_doing(
    extract: Callable[[Source], Sequence[Figure]], jobs: int, start: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(worker, "GRACE", 0.2)
    context = multiprocessing.get_context(start)
    monkeypatch.setattr(multiprocessing, "get_context", lambda: context)
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f'{{"id": "doc {n}", "text": "Ten."}}\n' for n in range(12)))
    told: list[str] = []
    work = Work(Intake(reading=ReadOptions(time_limit=1.5)), identity, extract)
    taken = documents(
        [path], work, Tally(), jobs=jobs, tell=lambda problem: told.append(str(problem))
    )
    assert [each.product for each in taken] == [f"doc {n}" for n in range(12) if n != 7]
    assert told == [f"{path}: doc 7: took longer than 1.5 s"]


def identity(source: Source, figures: Sequence[Figure]) -> str:
    return source.source_id

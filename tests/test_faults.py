"""Whatever one document does to the code that reads or stores it, the next one is read, and the
line at the end names it."""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import aidledger as al
from aidledger.engines.cluster import write_part
from aidledger.engines.intake import Intake
from aidledger.engines.partitions import Partition, Stretch
from command import Done, ok, run
from extractors import pipeline
from extractors.readers import read
from extractors.readers.formats.tables import json_lines, parquet, texts_in_tables
from extractors.readers.formats.texts import plain
from extractors.readers.problem import Problem, attempt, fault
from factory import make_figure, make_money, source_of
from ledger.figure import Figure, Source
from ledger.ledger import Ledger
from ledger.store import documents

TEXTS = [f"Poland sent {number} tanks to Ukraine." for number in range(2, 7)]
BAD = TEXTS[2]


def endless() -> None:
    endless()


def raising(error: type[Exception]) -> None:
    if error is RecursionError:
        endless()
    if error is UnicodeDecodeError:
        b"\xff".decode("utf-8")
    raise error("two\nlines")


ERRORS = (RuntimeError, MemoryError, RecursionError, OverflowError, KeyError, UnicodeDecodeError)


def on_the_bad_one(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, error: type[Exception]
) -> None:
    """The function raises where the bad document is among its arguments."""
    original: Callable[..., Any] = getattr(owner, name)

    def patched(*given: Any, **named: Any) -> Any:
        if BAD in str(given) + str(named):
            raising(error)
        return original(*given, **named)

    monkeypatch.setattr(owner, name, patched)


def jsonl() -> bytes:
    return "".join(json.dumps({"text": text}) + "\n" for text in TEXTS).encode()


def table() -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows([["text"], *([text] for text in TEXTS)])
    return written.getvalue().encode()


def columnar() -> bytes:
    written = io.BytesIO()
    pd.DataFrame({"text": TEXTS}).to_parquet(written)
    return written.getvalue()


def feed() -> bytes:
    entries = "".join(f"<item><description>{text}</description></item>" for text in TEXTS)
    return f'<rss version="2.0"><channel>{entries}</channel></rss>'.encode()


def archive() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for number, text in enumerate(TEXTS):
            made.writestr(f"{number}.txt", text)
    return written.getvalue()


CONTAINERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a.jsonl": (jsonl, "line 3"),
    "a.csv": (table, "row 4"),
    "a.parquet": (columnar, "row 3"),
    "a.rss": (feed, "entry 3"),
    "a.zip": (archive, "2.txt"),
}


def whole_but_one(done: Done, named: str) -> None:
    """All documents but the bad one were read, one line says why, and the last one names it."""
    assert done.returncode == 1
    assert sorted(json.loads(row)["value"] for row in done.stdout.splitlines()) == [2, 3, 5, 6]
    [line] = done.problems
    assert named in line
    closing = done.stderr.splitlines()[-1]
    assert "1 skipped" in closing
    assert named in closing


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("step", [(pipeline, "extract_source"), (read, "day_of")])
def test_a_fault_in_a_document(
    step: tuple[Any, str],
    error: type[Exception],
    jobs: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "a.jsonl").write_bytes(jsonl())
    on_the_bad_one(monkeypatch, *step, error)
    done = run("extract", tmp_path, "--format", "jsonl", "--jobs", jobs)
    named = BAD if step[0] is pipeline else "line 3"
    whole_but_one(done, f"{tmp_path / 'a.jsonl'}: {named}")


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_fault_in_what_holds_many(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, place = CONTAINERS[name]
    (tmp_path / name).write_bytes(make())
    on_the_bad_one(monkeypatch, read, "day_of", RuntimeError)
    whole_but_one(run("extract", tmp_path, "--format", "jsonl"), f"{tmp_path / name}: {place}")


@pytest.mark.parametrize(
    ("name", "owner", "function"),
    [
        ("a.jsonl", json_lines, "_json_document"),
        ("a.csv", texts_in_tables, "_document"),
        ("a.parquet", parquet, "metadata_of"),
    ],
)
def test_a_fault_in_the_reader_of_a_row(
    name: str, owner: Any, function: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, place = CONTAINERS[name]
    (tmp_path / name).write_bytes(make())
    on_the_bad_one(monkeypatch, owner, function, KeyError)
    whole_but_one(run("extract", tmp_path, "--format", "jsonl"), f"{tmp_path / name}: {place}")


@pytest.mark.parametrize("error", ERRORS)
def test_a_fault_in_the_reader_of_a_whole_file(
    error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, text in enumerate(TEXTS):
        (tmp_path / f"{number}.txt").write_text(text)
    on_the_bad_one(monkeypatch, plain, "is_own", error)
    found = list(al.read_all([tmp_path]))
    assert [each.text for each in found if isinstance(each, Source)] == [*TEXTS[:2], *TEXTS[3:]]
    [problem] = [each for each in found if isinstance(each, Problem)]
    assert problem.path == str(tmp_path / "2.txt")
    whole_but_one(run("extract", tmp_path, "--format", "jsonl"), problem.path)


# bytes that are no text are what SQLite says of a damaged ledger, which ends a run
@pytest.mark.parametrize("error", [e for e in ERRORS if e is not UnicodeDecodeError])
def test_a_fault_in_storing(
    error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jsonl").write_bytes(jsonl())
    on_the_bad_one(monkeypatch, documents, "_row", error)
    place = tmp_path / "a.db"
    done = run("add", tmp_path / "a.jsonl", "--ledger", place)
    assert done.stdout == "5 documents (4 new, 1 refused), 4 figures\n"
    assert done.returncode == 1
    assert BAD in done.problems[0]
    assert "1 skipped" in done.stderr.splitlines()[-1]
    assert BAD in done.stderr.splitlines()[-1]
    with Ledger(place) as ledger:
        assert ledger.figures()["value"].tolist() == [2, 3, 5, 6]


@pytest.mark.parametrize("error", ERRORS)
def test_a_fault_on_a_cluster(
    error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_the_bad_one(monkeypatch, pipeline, "extract_source", error)
    assert values_of_a_part(tmp_path) == ([2, 3, 5, 6], [f"{tmp_path / 'a.jsonl'}: {BAD}"])


def test_a_document_that_no_table_can_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = pipeline.extract_source

    def extracted(source: Source, *, reader: str) -> Sequence[Figure]:
        date = "soon" if source.text == BAD else "2022-10-03"
        return [replace(figure, date=date) for figure in original(source, reader=reader)]

    monkeypatch.setattr(pipeline, "extract_source", extracted)
    assert values_of_a_part(tmp_path) == ([2, 3, 5, 6], [f"{tmp_path / 'a.jsonl'}: {BAD}"])


def values_of_a_part(folder: Path) -> tuple[list[float], list[str]]:
    """What a worker of a cluster writes of the documents, and those that it leaves out."""
    path = folder / "a.jsonl"
    path.write_bytes(jsonl())
    for name in ("figures", "sources"):
        (folder / "out" / name).mkdir(parents=True)
    stretch = Stretch(f"file://{path}", path.stat().st_size)
    tally, problems = write_part(Partition(0, (stretch,)), str(folder / "out"), Intake())
    assert tally.lost == 1
    assert tally.named == [problem.path for problem in problems]
    frame = pd.read_parquet(folder / "out" / "figures")
    return frame["value"].tolist(), [problem.path for problem in problems]


def test_a_fault_in_a_row_of_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    from aidledger import framing

    on_the_bad_one(monkeypatch, framing, "extract_source", RuntimeError)
    texts = pd.DataFrame({"text": TEXTS, "id": list("abcde")})
    with pytest.warns(RuntimeWarning, match=r"^c: a fault in aidledger itself \(RuntimeError"):
        assert al.extract_frame(texts)["value"].tolist() == [2, 3, 5, 6]


def test_a_fault_in_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from aidledger.ingest import table_of as original

    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        'name = "own"\ntitle = "Own"\n[fields]\ndimension = "count"\nunit = "count"\n'
        'basis = "level"\n[[figure]]\nvalue = "n"\nitem = "tank"\n'
    )
    for name in "abc":
        (tmp_path / f"{name}.csv").write_text("n\n4\n")

    def patched(path: Path, *rest: Any, **named: Any) -> Any:
        if path.name == "b.csv":
            raising(MemoryError)
        return original(path, *rest, **named)

    monkeypatch.setattr(sys.modules["aidledger.ingest"], "table_of", patched)
    with Ledger(tmp_path / "a.db") as ledger:
        paths = [tmp_path / f"{name}.csv" for name in "abc"]
        done = al.ingest_tables(ledger, paths, mapping)
    assert done.states == {"new": 2}
    assert done.problems == (Problem(str(paths[1]), "it needs more memory than there is"),)


def test_what_is_said_of_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fault(KeyError("a" * 999)).endswith("aaa); please report it")
    assert len(fault(KeyError("a" * 999))) < 400
    monkeypatch.setenv("AIDLEDGER_TRACEBACK", "1")
    with pytest.raises(KeyError):
        attempt("a", raising, KeyError)
    assert attempt("a", raising, ValueError) == Problem("a", "two\nlines")


@pytest.mark.parametrize("day", ["1000-01-01", "1676-05-03", "2999-12-31"])
def test_a_date_far_away_ends_no_report(day: str, tmp_path: Path) -> None:
    book = tmp_path / "a.db"
    near = [make_figure("a", value=4, date="2022-10-03"), make_money(5, "a", date="2022-11")]
    far = [
        make_figure("b", value=4, date=day), make_figure("b", value=4, date=day),
        make_figure("b", value=20, basis="total", date=day, since="1000-01-01"),
    ]  # fmt: skip
    with Ledger(book) as ledger:
        for figures in (near, far):
            ledger.add(source_of(figures, published=day), figures)
        for freq in ("day", "week", "month", "quarter", "year"):
            assert not ledger.totals(freq=freq).empty
        assert not ledger.reconcile().empty
        assert ledger.suggestions()["differs"].tolist() == ["nothing"]  # the two of one text
    ok("report", "--ledger", book, "-o", tmp_path / "a.xlsx")
    ok("page", "--ledger", book, "-o", tmp_path / "a.html")
    for kind, freq in (("totals", "week"), ("columns", "year"), ("timeline", "week")):
        ok("chart", "--ledger", book, "--kind", kind, "--freq", freq, "--unit", "count",
           "-o", tmp_path / "a.png")  # fmt: skip

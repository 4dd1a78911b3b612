"""Outputs: whole or not at all, through links, beside other runs, and never over a ledger."""

from __future__ import annotations

import errno
import gc
import os
import shutil
import signal
import stat
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import aidledger as al
from aidledger.engines.intake import Taken
from aidledger.engines.parquet_parts import Writer
from command import Done, ok, run
from factory import make_figure, source_of
from ledger.figure import make_source
from ledger.ledger import Ledger
from reports import files
from reports.files import replacing

TEXT = (
    "---\ndate: 2022-10-04\n---\n"
    "The United States will send four more HIMARS and $625 million to Ukraine.\n"
)
# Every way to write a file, as arguments of the command.
READING = ("figures", "facts", "totals")
OUTPUTS = {
    **{f"{verb}.{form}": [verb, "--ledger", "{ledger}", "--format", form]
       for verb in READING for form in ("csv", "jsonl", "table")},
    "extract.jsonl": ["extract", "{article}"],
    "extract.csv": ["extract", "{article}"],
    "extract.txt": ["extract", "{article}"],
    "report.xlsx": ["report", "--ledger", "{ledger}"],
    "page.html": ["page", "--ledger", "{ledger}"],
    **{f"chart.{form}": ["chart", "--ledger", "{ledger}"] for form in ("png", "svg", "pdf")},
    "review.csv": ["review", "export", "--ledger", "{ledger}"],
    "review.xlsx": ["review", "export", "--ledger", "{ledger}"],
}  # fmt: skip
KINDS = ["figures.csv", "extract.jsonl", "extract.txt", "report.xlsx", "page.html", "chart.png",
         "review.csv"]  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an article and its ledger."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "article.md").write_text(TEXT, encoding="utf-8")
    ok("add", folder / "article.md", "--ledger", folder / "aid.db")
    with al.Ledger(folder / "aid.db") as ledger:
        ledger.facts()  # kept from now on: reading changes the file no more
    return folder


def writes(made: Path, kind: str, output: Path) -> Done:
    """The command that writes an output of a kind, to a file of any name."""
    places = {"ledger": made / "aid.db", "article": made / "article.md"}
    return run(*(word.format(**places) for word in OUTPUTS[kind]), "-o", output)


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


# whole or not at all


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but the first bytes of an output finds room."""

    def write(file: Any, data: bytes) -> int:
        with files._naming(file._path):
            os.write(file.fileno(), bytes(data)[:3])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files._Named, "write", write)


@pytest.mark.parametrize("kind", OUTPUTS)
def test_every_output_is_written(made: Path, tmp_path: Path, kind: str) -> None:
    output = tmp_path / kind
    done = writes(made, kind, output)
    assert done.returncode == 0, done.stderr
    assert output.stat().st_size > 3
    assert names(tmp_path) == [kind]


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize("kind", OUTPUTS)
def test_a_full_disk_leaves_the_old_file(made: Path, tmp_path: Path, kind: str) -> None:
    output = tmp_path / kind
    output.write_text("old", encoding="utf-8")
    done = writes(made, kind, output)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"aidledger: {output}: no space left on device"
    assert output.read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == [kind]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    old=st.none() | st.binary(max_size=20),
    pieces=st.lists(st.binary(max_size=20), max_size=5),
    fails=st.none() | st.sampled_from([ValueError, OSError, KeyboardInterrupt, SystemExit]),
    through=st.sampled_from(["out", "link"]),
)
def test_there_is_the_old_file_or_the_new_one(
    tmp_path: Path,
    old: bytes | None,
    pieces: list[bytes],
    fails: type[BaseException] | None,
    through: str,
) -> None:
    place, path = tmp_path / "out", tmp_path / through
    if not (tmp_path / "link").is_symlink():
        (tmp_path / "link").symlink_to("out")
    place.unlink(missing_ok=True)
    if old is not None:
        place.write_bytes(old)
    try:
        with replacing(path) as file:
            for piece in pieces:
                file.write(piece)
            if fails:
                raise fails
    except (ValueError, OSError, KeyboardInterrupt, SystemExit):
        assert fails
    expected = old if fails else b"".join(pieces)
    assert (place.read_bytes() if place.exists() else None) == expected
    assert (tmp_path / "link").is_symlink()
    assert set(names(tmp_path)) == {"link"} | ({"out"} if expected is not None else set())


def test_a_part_that_fails_is_not_there(tmp_path: Path) -> None:
    local = pytest.importorskip("fsspec.implementations.local").LocalFileSystem()
    memory = pytest.importorskip("fsspec.implementations.memory").MemoryFileSystem()
    source = make_source("Nothing.")
    for filesystem, folder in ((local, str(tmp_path)), (memory, "/parts")):
        for name in ("figures", "sources"):
            filesystem.makedirs(f"{folder}/{name}", exist_ok=True)
        with pytest.raises(AttributeError), Writer(filesystem, folder, 7) as writer:
            writer.add(None)  # type: ignore[arg-type]
        assert filesystem.find(folder) == []
        with Writer(filesystem, folder, 7) as writer:
            writer.add(Taken(0, False, (source, []), "a.txt"))
        assert [Path(path).name for path in filesystem.find(folder)] == ["part-00007.parquet"] * 2


# links and permissions


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_followed(made: Path, tmp_path: Path, kind: str, there: bool) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    place = tmp_path / "b" / "place"
    if there:
        place.write_text("old", encoding="utf-8")
    (tmp_path / "b" / "next").symlink_to("place")
    link = tmp_path / "a" / kind
    link.symlink_to("../b/next")
    assert writes(made, kind, link).returncode == 0
    assert link.is_symlink()
    assert names(tmp_path / "a") == [kind]
    assert names(tmp_path / "b") == ["next", "place"]
    assert place.stat().st_size > 3


def test_links_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "round").symlink_to("round")
    (tmp_path / "lost").symlink_to("gone/out.csv")
    with pytest.raises(OSError, match="symbolic links"), replacing(tmp_path / "round"):
        pass
    with pytest.raises(FileNotFoundError, match="no such folder") as caught:
        files.target_of(tmp_path / "lost")
    assert caught.value.filename == str(tmp_path / "gone")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_permissions_stay(made: Path, tmp_path: Path, kind: str, mode: int) -> None:
    output = tmp_path / kind
    output.write_text("old", encoding="utf-8")
    output.chmod(mode)
    if os.geteuid() == 0:
        os.chown(output, 65534, 65534)
    held = output.stat()
    assert writes(made, kind, output).returncode == 0
    now = output.stat()
    assert stat.S_IMODE(now.st_mode) == mode
    assert (now.st_uid, now.st_gid) == (held.st_uid, held.st_gid)
    assert now.st_mtime_ns != held.st_mtime_ns


def test_a_new_file_has_the_permissions_of_any_other(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with replacing(tmp_path / "out"):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o640


def test_what_is_private_is_never_open(tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.touch(0o600)
    with replacing(output):
        assert {stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()} == {0o600}


# ledgers


def of_the_ledger(folder: Path) -> Iterator[Path]:
    """Names that lead to the ledger ``folder/aid.db``, or to what lies beside it while it is in
    use."""
    ledger = folder / "aid.db"
    (folder / "sub").mkdir()
    (folder / "link.db").symlink_to("aid.db")
    (folder / "sub" / "far.db").symlink_to("../link.db")
    os.link(ledger, folder / "hard.db")
    shutil.copy(ledger, folder / "copy.xlsx")
    yield from (ledger, folder / "link.db", folder / "sub" / "far.db", folder / "hard.db")
    yield from (folder / "sub" / ".." / "aid.db", folder / "copy.xlsx")
    yield from (folder / f"aid.db-{log}" for log in ("wal", "shm", "journal", "WAL"))
    (folder / "copy.xlsx-wal").write_bytes(b"what was not yet taken over")
    yield folder / "copy.xlsx-wal"


def test_rows_that_cannot_be_written_are_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """And nothing is said of the rows that were still to be read."""
    book = tmp_path / "aid.db"
    with Ledger(book) as ledger:
        for name in "abc":
            figures = [make_figure(name, value=n, start=99 * n) for n in range(1, 2000)]
            ledger.add(source_of(figures), figures)
    for verb in ("figures", "facts"):
        done = run(verb, "--ledger", book, "--format", "csv", "-o", "/dev/full")
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert "no space left on device" in done.stderr
        gc.collect()
    assert caplog.records == []


def test_no_output_is_written_over_a_ledger(made: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "aid.db"
    shutil.copy(made / "aid.db", ledger)
    before = ledger.read_bytes()
    for number, path in enumerate(of_the_ledger(tmp_path)):
        outputs = [(kind, tmp_path / f"{number}.{kind}") for kind in KINDS]
        for _, link in outputs:
            link.symlink_to(path)
        for kind, output in [*outputs, ("figures.csv", path), ("extract.jsonl", path)]:
            form = ["--format", Path(kind).suffix[1:]] if output == path else []
            words = (word.format(ledger=ledger, article=made / "article.md")
                     for word in OUTPUTS[kind])  # fmt: skip
            done = run(*words, *form, "-o", output)
            assert done.returncode == 1, (path, kind)
            assert done.stderr == f"aidledger: {output}: a ledger, which is not written over\n"
    assert ledger.read_bytes() == (tmp_path / "copy.xlsx").read_bytes() == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_ledger_that_comes_to_be_there_meanwhile(made: Path, tmp_path: Path) -> None:
    def meanwhile() -> None:
        with replacing(tmp_path / "aid.db") as file:
            file.write(b"figures")
            shutil.copy(made / "aid.db", tmp_path)

    with pytest.raises(FileExistsError, match="a ledger"):
        meanwhile()
    assert names(tmp_path) == ["aid.db"]
    assert len(al.Ledger(tmp_path / "aid.db").figures()) == 2


# other runs


def in_a_child(work: Callable[[], None]) -> int:
    """The id of a process that does the work until it is killed."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(1)
    return child


def writing(path: Path, begun: int) -> Callable[[], None]:
    def work() -> None:
        with replacing(path) as file:
            file.write(b"half")
            file.flush()
            os.write(begun, b"!")
            signal.pause()

    return work


@pytest.fixture
def half_written(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """An output that another process is writing, and that process."""
    path = tmp_path / "out.csv"
    path.write_text("old", encoding="utf-8")
    told, begun = os.pipe()
    child = in_a_child(writing(path, begun))
    assert os.read(told, 1) == b"!"
    for end in (told, begun):
        os.close(end)
    yield path, child
    try:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    except ProcessLookupError:
        pass  # the test has ended it


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_killed_run_has_left_is_removed_by_the_next(
    made: Path, half_written: tuple[Path, int], kind: str
) -> None:
    path, child = half_written
    others = [path.with_name(f".aidledger-{name}.part") for name in ("notes", "0123456789ABCDEF")]
    for other in others:
        other.write_text("not ours", encoding="utf-8")
    folder = path.with_name(".aidledger-0123456789abcdef.part")
    folder.mkdir()
    theirs = {folder.name, path.name, *(other.name for other in others)}
    assert len(names(path.parent)) == len(theirs) + 1
    assert writes(made, kind, path.with_name(kind)).returncode == 0
    assert len(names(path.parent)) == len(theirs) + 2  # it lives, and is left alone
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert path.read_text(encoding="utf-8") == "old"
    assert writes(made, kind, path.with_name(kind)).returncode == 0
    assert set(names(path.parent)) == theirs | {kind}


def test_two_writers_of_one_file_leave_each_other_alone(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with replacing(path) as first:
        first.write(b"first")
        with replacing(path) as second:
            second.write(b"second")
        assert path.read_bytes() == b"second"
    assert path.read_bytes() == b"first"
    assert names(tmp_path) == ["out.csv"]


def test_many_writers_of_one_file(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    failed: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for _ in range(20):
                with replacing(path) as file:
                    file.write(b"%d" % number * 1000)
        except OSError as error:
            failed.append(error)

    threads = [Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    content = path.read_bytes()
    assert len(content) == 1000
    assert len(set(content)) == 1
    assert names(tmp_path) == ["out.csv"]


# devices, pipes and open files


def test_a_pipe_is_written_to(made: Path, tmp_path: Path) -> None:
    for kind in ("figures.csv", "extract.jsonl", "report.xlsx", "page.html", "chart.pdf"):
        pipe, whole = tmp_path / kind, tmp_path / f"whole.{kind}"
        os.mkfifo(pipe)
        heard: list[bytes] = []
        listener = Thread(target=lambda: heard.append(pipe.read_bytes()))  # noqa: B023
        listener.start()
        assert writes(made, kind, pipe).returncode == 0
        listener.join()
        assert stat.S_ISFIFO(pipe.stat().st_mode)
        assert writes(made, kind, whole).returncode == 0
        magic = {"report.xlsx": b"PK", "chart.pdf": b"%PDF"}.get(kind, whole.read_bytes())
        assert heard[0].startswith(magic)


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="no names for open files")
def test_an_open_file_goes_on_where_it_stands(made: Path, tmp_path: Path) -> None:
    log, whole = tmp_path / "log", tmp_path / "whole.csv"
    (tmp_path / "link").symlink_to(f"/proc/self/fd/{os.open(log, os.O_CREAT | os.O_RDWR)}")
    descriptor = int(Path(os.readlink(tmp_path / "link")).name)
    os.write(descriptor, b"head\n")
    for path in (Path(f"/dev/fd/{descriptor}"), tmp_path / "link"):
        assert writes(made, "figures.csv", path).returncode == 0
    os.write(descriptor, b"tail\n")
    os.close(descriptor)
    writes(made, "figures.csv", whole)
    assert log.read_bytes() == b"head\n" + 2 * whole.read_bytes() + b"tail\n"
    done = writes(made, "figures.csv", Path("/dev/fd/987"))
    assert done.stderr == "aidledger: /dev/fd/987: bad file descriptor\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_device_that_is_full_is_named(made: Path, tmp_path: Path) -> None:
    for kind in ("figures.csv", "report.xlsx", "page.html", "chart.svg"):
        (tmp_path / kind).symlink_to("/dev/full")
        done = writes(made, kind, tmp_path / kind)
        assert done.stderr == f"aidledger: {tmp_path / kind}: no space left on device\n"


# what cannot be written


def test_what_cannot_be_written_is_told_before_the_work(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(*arguments: Any, **named: Any) -> None:
        raise AssertionError("the documents were read")

    monkeypatch.setattr(import_module("aidledger.ingest"), "ingest", work)
    for verb, name in (("report", "a.xlsx"), ("page", "a.html"), ("chart", "a.png")):
        shutil.copy(made / "aid.db", tmp_path / name)
        for output, cause in (
            (tmp_path / "gone" / name, f"{tmp_path / 'gone'}: no such folder"),
            (tmp_path / name, f"{tmp_path / name}: a ledger, which is not written over"),
        ):
            done = run(verb, made / "article.md", "-o", output)
            assert (done.returncode, done.stderr) == (1, f"aidledger: {cause}\n")


def test_a_long_name_is_written(made: Path, tmp_path: Path) -> None:
    for kind in ("figures.csv", "extract.jsonl"):
        name = "x" * (255 - len(kind)) + kind
        assert writes(made, kind, tmp_path / name).returncode == 0
        assert names(tmp_path) == [name]
        (tmp_path / name).unlink()

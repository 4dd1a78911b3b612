"""Files that are read in a process apart: what that may take, and that it always goes on."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest
from openpyxl import Workbook

import aidledger as al
import pdfs
from extractors.readers import apart, apart_process
from extractors.readers.apart_process import Said
from extractors.readers.clock import Clock, current
from extractors.readers.formats import contents
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.problem import StoppedError
from extractors.readers.read import read_all

ROOT = Path(__file__).parent.parent
PATIENCE = 30  # seconds that a busy machine may take for what is done at once


@pytest.fixture
def fresh() -> Iterator[None]:
    """No process from before, and none for later."""
    apart._close_all()
    apart._FREE.clear()
    yield
    apart._close_all()
    apart._FREE.clear()


def text_of(data: bytes, **how: Any) -> str:
    (found,) = contents(".pdf", BytesIO(data), ReadOptions(**how))
    assert isinstance(found, Content)
    return found.text


def processes() -> list[int]:
    """Those that wait for a file."""
    return [process._popen.pid for process in apart._FREE]


# what it may take


IN_LITTLE_MEMORY = """
import sys
from extractors.readers import apart
from extractors.readers.read import read_all
apart.MEMORY_LIMIT = 250_000_000
for each in read_all(sys.argv[1:]):
    print(getattr(each, "text", each))
"""


def test_too_much_memory_is_one_line_and_the_next_file_is_read(tmp_path: Path) -> None:
    """Of a small program: to the system, a process begins with what the one before it holds."""
    for name, data in (("a", pdfs.sound()), ("b", pdfs.endless()), ("c", pdfs.sound("Four."))):
        (tmp_path / f"{name}.pdf").write_bytes(data)
    command = [sys.executable, "-c", IN_LITTLE_MEMORY, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    stopped = f"{tmp_path / 'b.pdf'}: took more than 250 MB of memory"
    assert done.stdout.splitlines() == ["Ten tanks.", stopped, "Four."]


def test_too_much_time_is_one_line_and_the_next_file_is_read() -> None:
    with pytest.raises(StoppedError, match=r"^took longer than 0\.5 s$"):
        text_of(pdfs.long(), time_limit=0.5)
    assert text_of(pdfs.sound()) == "Ten tanks."


def test_what_is_found_before_is_kept() -> None:
    """Of the documents in one file, those before the one that ends the process."""
    task = ("read", (".eml", _mail(pdfs.sound(), pdfs.long()), ReadOptions(here=True)), 2.0)
    found = apart._found(*task, 2.0)
    assert [content.text for content in (next(found), next(found))] == ["Here.", "Ten tanks."]
    with pytest.raises(StoppedError, match="took longer"):
        next(found)


def test_an_attachment_that_ends_its_process_is_one_problem_of_the_mail() -> None:
    mail = BytesIO(_mail(pdfs.long(), pdfs.sound()))
    found = list(contents(".eml", mail, ReadOptions(time_limit=2)))
    assert [getattr(each, "text", str(each)) for each in found] == [
        "Here.", "0.pdf: took longer than 2 s", "Ten tanks.",
    ]  # fmt: skip


def _mail(*attached: bytes) -> bytes:
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["Subject"] = "Tanks"
    mail.set_content("Here.")
    for number, data in enumerate(attached):
        mail.add_attachment(data, maintype="application", subtype="pdf", filename=f"{number}.pdf")
    return bytes(mail)


# one process, and when there is another


@pytest.mark.usefixtures("fresh")
def test_one_process_is_kept_for_many_files() -> None:
    assert text_of(pdfs.sound()) == "Ten tanks."
    kept = processes()
    assert len(kept) == 1
    assert text_of(pdfs.sound("Four.")) == "Four."
    with pytest.raises(ValueError, match=r"^not a pdf$"):
        text_of(b"none")
    assert processes() == kept


@pytest.mark.usefixtures("fresh")
def test_one_that_has_died_meanwhile_is_not_asked() -> None:
    text_of(pdfs.sound())
    (before,) = processes()
    process = psutil.Process(before)
    process.kill()
    psutil.wait_procs([process], timeout=PATIENCE)
    assert text_of(pdfs.sound()) == "Ten tanks."
    assert processes() != [before]


def test_one_that_has_grown_is_not_kept() -> None:
    task = ("read", (".pdf", pdfs.sound(), ReadOptions(here=True)), 60.0)
    held = apart_process.own_peak()
    for memory, end in ((4 * held, Said.DONE), (held, Said.LEAVES)):
        *_, (said, thing, _) = apart_process._answers(*task, memory)
        assert (said, thing) == (end, None)


@pytest.mark.usefixtures("fresh")
def test_files_side_by_side_have_a_process_each(tmp_path: Path) -> None:
    for name in "ab":
        book = Workbook()
        assert book.active
        for row in ("text", *(f"{name}: {n} tanks." for n in range(3))):
            book.active.append([row])
        book.save(tmp_path / f"{name}.xlsx")
    read = zip(*(al.read_all([tmp_path / f"{name}.xlsx"]) for name in "ab"), strict=True)
    assert [tuple(getattr(each, "text", each) for each in pair) for pair in read] == [
        (f"a: {n} tanks.", f"b: {n} tanks.") for n in range(3)
    ]
    assert len(processes()) == 2


@pytest.mark.usefixtures("fresh")
def test_who_turns_away_from_a_file_leaves_nothing_behind(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active
    for row in ("text", *("So many words. " * 500 for _ in range(100))):
        book.active.append([row])
    book.save(tmp_path / "a.xlsx")
    found = read_all([tmp_path / "a.xlsx"])
    next(found)
    (busy,) = apart._ALL
    found.close()  # type: ignore[attr-defined]  # it is a generator
    assert not busy.is_alive
    assert not processes()
    assert text_of(pdfs.sound()) == "Ten tanks."


def test_threads_do_not_wait_for_each_other() -> None:
    words = [f"{n} tanks." for n in range(40)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(text_of, map(pdfs.sound, words))) == words


# errors


def test_what_is_raised_there_is_raised_here() -> None:
    with pytest.raises(KeyError, match="nothing") as raised:
        list(apart._found("read", (".nothing", b"", ReadOptions(here=True)), 9, 9))
    assert "in module_of" in "".join(raised.value.__notes__)
    with pytest.raises(FileNotFoundError) as missing:
        list(apart._found("read", (".pdf", "/nowhere/a.pdf", ReadOptions(here=True)), 9, 9))
    assert missing.value.filename == "/nowhere/a.pdf"


class UnsendableError(Exception):
    """Cannot be pickled, whatever other libraries of the process have taught pickle."""

    def __reduce__(self) -> str:
        raise TypeError("not to be sent")


def test_what_cannot_be_sent_is_told() -> None:
    sent = apart_process._sendable(UnsendableError("it broke"))
    assert (type(sent), str(sent)) == (RuntimeError, "UnsendableError: it broke")


def test_want_of_memory_is_seen_behind_other_errors() -> None:
    error = ValueError("a broken pdf")
    assert not apart_process._is_of_memory(error)
    error.__cause__ = RuntimeError()
    error.__cause__.__context__ = MemoryError()
    assert apart_process._is_of_memory(error)


def test_a_process_that_cannot_begin_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "BEGIN", "raise SystemExit(7)")
    apart._close_all()
    apart._FREE.clear()
    with pytest.raises(StoppedError, match=r"the process that read it ended \(exit status 7\)"):
        text_of(pdfs.sound())


# where no alarm interrupts


def test_figures_are_found_apart_where_no_alarm_is_heard() -> None:
    """As in the threads of a Dask worker."""
    source = al.make_source("Poland sent 14 tanks. " * 100_000)
    clock = Clock(1)

    def work() -> object:
        assert current() is clock
        return apart.figures(source, "built-in", clock)

    with ThreadPoolExecutor(1) as pool, pytest.raises(StoppedError, match="longer than 1 s"):
        pool.submit(clock.within, work).result()
    few = al.make_source("Poland sent 14 tanks.")
    assert apart.figures(few, "built-in", Clock(60)) == al.extract(few.text)


# whatever the program is

SCRIPT = """
import sys
import aidledger as al
print([source.text for source in al.read(sys.argv[1])], flush=True)
"""
HOLDING = """
import sys
import aidledger as al
print(len(al.read(sys.argv[1])), flush=True)
al.read(sys.argv[2], reading=al.Reading(time_limit=1000))
"""


def test_a_script_needs_no_guard_and_its_folder_may_hold_anything(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdfs.sound())
    (tmp_path / "struct.py").write_text("raise SystemExit('not this one')")
    (tmp_path / "a.py").write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "-P", "a.py", "a.pdf"], cwd=tmp_path, capture_output=True, text=True,
        check=False, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("['Ten tanks.']\n", "")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("is_busy", [True, False], ids=["busy", "idle"])
def test_it_ends_with_the_program(how: signal.Signals, is_busy: bool, tmp_path: Path) -> None:
    """However the program ends, and also while a library is at work that nothing interrupts."""
    (tmp_path / "a.pdf").write_bytes(pdfs.sound())
    (tmp_path / "b.pdf").write_bytes(pdfs.long())
    script = HOLDING if is_busy else HOLDING.rpartition("al.read")[0] + "input()"
    with subprocess.Popen(
        [sys.executable, "-c", script, tmp_path / "a.pdf", tmp_path / "b.pdf"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as program:  # fmt: skip
        assert program.stdout
        assert program.stdout.readline() == b"1\n"
        (apart_from_it,) = psutil.Process(program.pid).children()
        if is_busy:
            at_rest = apart_from_it.cpu_times().user
            until = time.monotonic() + PATIENCE
            while apart_from_it.cpu_times().user < at_rest + 0.1:
                assert time.monotonic() < until
                time.sleep(0.02)
        program.send_signal(how)
        program.wait(PATIENCE)
        _, alive = psutil.wait_procs([apart_from_it], timeout=PATIENCE)
        assert not alive


@pytest.mark.usefixtures("fresh")
def test_a_copy_of_the_program_takes_another_one() -> None:
    """And does not hold the pipe by which the first one sees that the program is gone."""
    text_of(pdfs.sound())
    context = multiprocessing.get_context("fork")
    answer, given = context.Pipe(duplex=False)
    copy = context.Process(target=lambda: given.send((processes(), text_of(pdfs.sound("Four.")))))
    copy.start()
    assert answer.recv() == ([], "Four.")
    copy.join()
    assert text_of(pdfs.sound()) == "Ten tanks."


def test_where_no_process_can_be_started_all_is_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_taken", partial(pytest.fail, "started"))
    assert text_of(pdfs.sound(), here=True) == "Ten tanks."
    monkeypatch.setattr("extractors.readers.formats.CAN_BE_APART", False)
    assert text_of(pdfs.sound()) == "Ten tanks."


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), 2_000_000])
def test_a_time_limit_is_a_time(seconds: float) -> None:
    with pytest.raises(ValueError, match="a time limit is more than 0"):
        ReadOptions(time_limit=seconds)

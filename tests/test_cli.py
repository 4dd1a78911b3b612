"""The command, run as a user runs it: every verb beside its function, and bad input."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import signal
import subprocess
import sys
import termios
from array import array
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import psutil  # type: ignore[import-untyped]
import pytest
import typer
from openpyxl import load_workbook

import aidledger as al
from aidledger.cli import app
from aidledger.demo import demo
from aidledger.output import ABOUT, described, opened
from command import ok, records, run
from ledger.figure import FIELDS, NOT_IN_CSV, NUMBERS
from ledger.queries.asked import Asked
from ledger.table import from_frame

ROOT = Path(__file__).parent.parent
INBOX = str(ROOT / "examples" / "inbox")
COMMAND = [sys.executable, "-m", "aidledger"]
PIPE = 65_536  # bytes that a pipe holds
ARTICLE = "Washington will send four more HIMARS to Ukraine, part of a $625 million aid package.\n"
PUBLISHED = "2022-10-03"

# Every verb, and the function of the library that does the same.
VERBS: dict[str, Callable[..., Any]] = {
    "extract": al.extract,
    "explain": al.explain,
    "add": al.ingest,
    "watch": al.watch,
    "reread": al.reread,
    "rates": al.Ledger.add_rates,
    "export": al.Ledger.export_datasette,
    "figures": al.Ledger.figures,
    "facts": al.Ledger.facts,
    "totals": al.Ledger.totals,
    "reconcile": al.Ledger.reconcile,
    "position": al.Ledger.position,
    "check": al.Ledger.check,
    "items": al.items,
    "parts": al.Ledger.parts,
    "suggestions": al.Ledger.suggestions,
    "compare": al.Ledger.compare,
    "history": al.Ledger.history,
    "changes": al.Ledger.changes,
    "accept": al.Ledger.accept,
    "reject": al.Ledger.reject,
    "correct": al.Ledger.correct,
    "undo": al.Ledger.undo,
    "review queue": al.Ledger.review_queue,
    "review serve": al.serve_review,
    "review export": al.export_review,
    "review import": al.import_review,
    "audit draw": al.Ledger.audit_draw,
    "audit show": al.Ledger.audit_show,
    "audit passage": al.Ledger.audit_passage,
    "audit result": al.Ledger.audit_result,
    "review export-codings": al.export_codings,
    "evaluate": al.evaluate,
    "report": al.report,
    "page": al.page,
    "chart": al.chart,
    "demo": demo,
    "ask write": al.write_requests,
    "ask read": al.read_answers,
}


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example documents, added by the command."""
    path = tmp_path_factory.mktemp("ledger") / "aid.db"
    assert f"({len(al.read(INBOX))} new)" in ok("add", INBOX, "--ledger", path)
    return path


def verbs(group: typer.Typer, prefix: str = "") -> Iterator[str]:
    """The names of all commands, those of a group after its name."""
    for command in group.registered_commands:
        assert command.callback
        yield prefix + (command.name or command.callback.__name__)
    for inner in group.registered_groups:
        assert inner.typer_instance
        yield from verbs(inner.typer_instance, f"{prefix}{inner.name} ")


def test_every_verb_has_its_function() -> None:
    assert set(verbs(app)) == set(VERBS)
    assert all(callable(function) for function in VERBS.values())


def test_the_shell_completes_verbs_and_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_AIDLEDGER_COMPLETE", "complete_bash")
    for typed, word, wanted in (
        ("aidledger wa", "1", ["watch"]),
        ("aidledger watch --on", "2", ["--once"]),
        ("aidledger nonsense", "1", []),
    ):
        monkeypatch.setenv("COMP_WORDS", typed)
        monkeypatch.setenv("COMP_CWORD", word)
        assert run().stdout.split() == wanted


# each verb gives what its function gives


def test_extract_is_the_function(article: Path) -> None:
    found = records(ok("extract", article, "--published", PUBLISHED, "--format", "jsonl"))
    about = {"published": PUBLISHED, "title": None, "publisher": None, "url": None}
    figures = al.extract(ARTICLE, published=PUBLISHED)
    assert found == [al.to_record(figure) | about for figure in figures]
    assert len(found) == 2
    assert [tuple(record) for record in found] == [(*FIELDS, *ABOUT)] * 2


def test_extract_reads_folders_and_standard_input(article: Path) -> None:
    options = ("--published", PUBLISHED, "--format", "jsonl")
    alone = ok("extract", article, *options)
    assert ok("extract", article.parent, *options) == alone
    assert ok("extract", "-", *options, given=ARTICLE) == alone


def test_the_given_id_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"id": "doc 7", "text": ARTICLE}), encoding="utf-8")
    found = records(ok("extract", path, "--format", "jsonl"))
    assert {record["source_id"] for record in found} == {"doc 7"}


def test_formats_hold_the_same_figures(article: Path, tmp_path: Path) -> None:
    found = records(ok("extract", article, "--format", "jsonl"))
    rows = list(csv.DictReader(io.StringIO(ok("extract", article, "--format", "csv"))))
    assert [row["figure_id"] for row in rows] == [record["figure_id"] for record in found]
    assert tuple(rows[0]) == (*(name for name in FIELDS if name not in NOT_IN_CSV), *ABOUT)
    table = ok("extract", article)
    assert all(record["text"] in table for record in found)
    assert len(table.splitlines()) == 1 + len(found)
    for name in ("out.csv", "out.jsonl"):  # the name says the format
        assert ok("extract", article, "-o", tmp_path / name) == f"wrote {tmp_path / name}\n"
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.DictReader(file)) == rows
    assert records((tmp_path / "out.jsonl").read_text(encoding="utf-8")) == found


def test_lists_and_words_are_json_in_csv(tmp_path: Path) -> None:
    """So that a frame that is read from it gives the same figures."""
    path = tmp_path / "a.csv"
    ok("extract", INBOX, "-o", path)
    frame = pd.read_csv(path, dtype={name: "str" for name in FIELDS if name not in NUMBERS})
    frame = frame.astype({"start": "int64", "end": "int64"})
    figures = [figure for _, found in al.extract_all([INBOX]) for figure in found]
    read = [*from_frame(frame)]
    assert [figure.cues for figure in read] == [figure.cues for figure in figures]
    assert [figure.includes for figure in read] == [figure.includes for figure in figures]


def test_every_digit_is_in_json_lines_and_csv() -> None:
    text = "They weighed 2 1/3 tons, then 1234567890123456.789012 kg; it fell by $-5-16 million."
    figures = al.extract(text)
    lines = records(ok("extract", "-", "--format", "jsonl", given=text))
    assert [al.from_record(record) for record in lines] == figures
    assert [type(record["value"]) for record in lines] == [float, str, type(None)]
    rows = list(csv.DictReader(io.StringIO(ok("extract", "-", "--format", "csv", given=text))))
    for name in ("value", "low", "high"):
        numbers = [getattr(figure, name) for figure in figures]
        assert [Decimal(row[name]) if row[name] else None for row in rows] == numbers
    assert figures[2].low == -16_000_000
    assert figures[2].high == -5_000_000


def test_json_lines_come_while_documents_are_read(article: Path) -> None:
    """The figures of the first document are there before the second one is."""
    with subprocess.Popen(
        [*COMMAND, "extract", str(article), "-", "--format", "jsonl"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        first = [json.loads(process.stdout.readline()) for _ in range(2)]
        assert process.poll() is None
        out, _ = process.communicate(b"Germany will send 14 tanks to Ukraine.")
    assert [record["value"] for record in first] == [4, 625_000_000]
    assert [record["value"] for record in records(out.decode())] == [14]


def test_add_is_ingest(ledger: Path, tmp_path: Path) -> None:
    with al.Ledger(tmp_path / "own.db") as own, al.Ledger(ledger) as added:
        done = al.ingest(own, [INBOX])
        assert own.figures().equals(added.figures())
    again = ok("add", INBOX, "--ledger", ledger)
    n = done.documents
    assert again == f"{n} documents ({n} unchanged), {done.figures} figures\n"


def test_figures_are_those_of_the_ledger(ledger: Path) -> None:
    with al.Ledger(ledger) as book:
        sources = {source.source_id: described(source) for source in book.documents()}
        stored = [{**al.to_record(one), **sources[one.source_id]} for one in book.records()]
    assert {one["publisher"] for one in sources.values()} > {"Aid Monitor (example)"}
    assert records(ok("figures", "--ledger", ledger, "--format", "jsonl")) == stored
    assert stored == records(ok("extract", INBOX, "--format", "jsonl"))
    table = ok("figures", "--ledger", ledger, "--format", "csv")
    assert table == ok("extract", INBOX, "--format", "csv")
    for row in csv.DictReader(io.StringIO(table)):
        about = sources[row["source_id"]]
        assert [row[name] for name in ABOUT] == [about[name] or "" for name in ABOUT]


def test_totals_are_those_of_the_ledger(ledger: Path) -> None:
    options = ("--by", "donor,recipient", "--freq", "month", "--status", "committed")
    rows = records(ok("totals", "--ledger", ledger, *options, "--format", "jsonl"))
    with al.Ledger(ledger) as book:
        frame = book.totals(by=["donor", "recipient"], freq="month", status=["committed"])
    assert [row["best"] for row in rows] == frame["best"].tolist()
    assert list(rows[0]) == list(frame.columns)
    assert rows[0]["period"] == frame["period"].iloc[0].date().isoformat()
    assert "donor" in ok("totals", "--ledger", ledger, "--by", "donor")


def test_report_is_the_same_of_documents_and_of_a_ledger(ledger: Path, tmp_path: Path) -> None:
    ok("report", INBOX, "-o", tmp_path / "a.xlsx")
    ok("report", "--ledger", ledger, "-o", tmp_path / "b.xlsx")
    a, b = (load_workbook(tmp_path / name)["Figures"].values for name in ("a.xlsx", "b.xlsx"))
    rows = list(a)
    assert rows == list(b)
    with al.Ledger(ledger) as book:
        assert len(rows) == 1 + len(book.figures(view=["aid", "losses"]))


def test_a_report_is_of_the_view_days_and_units_that_are_asked_for(
    ledger: Path, tmp_path: Path
) -> None:
    asked = ("--view", "aid", "--since", "2022-10-04", "--until", "2022-12", "--unit", "usd")
    ok("report", "--ledger", ledger, *asked, "-o", tmp_path / "a.xlsx")
    rows = list(load_workbook(tmp_path / "a.xlsx")["Figures"].values)
    ok("page", "--ledger", ledger, *asked, "-o", tmp_path / "a.html")
    with al.Ledger(ledger) as book:
        days = Asked(view="aid", since="2022-10-04", until="2022-12")
        of_dollars: Asked = {**days, "where": "unit = USD"}
        of_both: Asked = {**days, "where": "unit in USD, count"}
        found, several = book.figures(**of_dollars), book.figures(**of_both)
        al.report(book, tmp_path / "b.xlsx", unit=["USD", "count"], **days)
    assert {row[rows[0].index("unit")] for row in rows[1:]} == {"USD"}
    assert len(rows) == 1 + len(found)
    assert len(found) < len(several)
    both = load_workbook(tmp_path / "b.xlsx")["Figures"].values
    assert len(list(both)) == 1 + len(several)
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert [figure_id in page for figure_id in several["figure_id"]] == [
        unit == "USD" for unit in several["unit"]
    ]
    done = run("report", "--ledger", ledger, "--unit", "dubloon", "-o", tmp_path / "c.xlsx")
    assert done.returncode == 1
    assert done.problems[0].startswith("aidledger: no unit 'dubloon'")
    assert not (tmp_path / "c.xlsx").exists()


def test_chart_is_the_same_of_documents_and_of_a_ledger(ledger: Path, tmp_path: Path) -> None:
    options = ("--by", "donor", "--status", "committed", "--unit", "USD")
    ok("chart", INBOX, *options, "-o", tmp_path / "a.png")
    ok("chart", "--ledger", ledger, *options, "-o", tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_explain_is_the_function() -> None:
    text = ok("explain", ARTICLE, "--published", PUBLISHED)
    explanations = al.explain(ARTICLE, published=PUBLISHED)
    assert len(explanations) == 2
    for explanation in explanations:
        assert explanation.figure.text in text
        assert all(reason.rule in text for reason in explanation.reasons)
    assert ok("explain", "-", "--published", PUBLISHED, given=ARTICLE) == text


def test_demo_is_the_function(tmp_path: Path) -> None:
    said = ok("demo", "-o", tmp_path / "demo")
    assert said == "\n".join(demo(tmp_path / "demo").lines()) + "\n"


def test_version() -> None:
    assert ok("--version") == f"aidledger {al.__version__}\n"


def test_the_command_is_a_process_of_its_own(article: Path) -> None:
    """What the tests see within this process is what a shell sees."""
    for arguments, status in ((["extract", str(article)], 0), (["extract", "none.txt"], 1),
                              (["extract"], 2)):  # fmt: skip
        done = subprocess.run(
            [*COMMAND, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == status
        within = run(*arguments)
        assert (done.stdout, done.returncode) == (within.stdout, within.returncode)
        assert done.stderr == within.stderr


# bad input: one line that names file and cause, status 1, the rest of the batch done


def test_a_batch_goes_on_and_names_what_it_skipped(article: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "binary.txt").write_bytes(b"\x7fELF\0\0\0" + bytes(90))
    (bad / "empty.txt").write_bytes(b"")
    (bad / "folder.txt").mkdir()
    (bad / "aid.md").write_text("---\ntitle: Aid: more\n---\nFour tanks.", encoding="utf-8")
    good = json.dumps({"text": ARTICLE})
    (bad / "lines.jsonl").write_text(f"{good}\n{good}\n{{no json\n{good}\n", encoding="utf-8")
    missing = tmp_path / "missing.txt"
    done = run("extract", missing, bad, article, bad / "folder.txt", "--format", "jsonl")
    assert done.returncode == 1
    assert len(records(done.stdout)) == 2 * 4
    lines = done.problems
    assert [line.split(": ", 2)[1] for line in lines] == [
        str(missing),
        str(bad / "aid.md"),
        str(bad / "binary.txt"),
        str(bad / "empty.txt"),
        str(bad / "lines.jsonl"),
        str(bad / "folder.txt"),
    ]
    assert "line 3: not JSON" in lines[4]
    closing = done.stderr.splitlines()[-1]
    assert closing.startswith("aidledger: read 4 documents, 8 figures; 6 skipped (1 no such file")
    assert closing.endswith("; 4 documents without a date: their figures carry none unless the "
                            "text states it")  # fmt: skip


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read any file")
def test_a_file_that_may_not_be_read(article: Path) -> None:
    article.chmod(0)
    done = run("extract", article)
    assert (done.returncode, done.stderr) == (1, f"aidledger: {article}: permission denied\n")


@pytest.mark.parametrize("verb", ["add", "report", "chart"])
def test_every_verb_that_reads_tells_and_goes_on(verb: str, article: Path, tmp_path: Path) -> None:
    output = {"add": "--ledger=a.db", "report": "--output=a.xlsx", "chart": "--output=a.png"}[verb]
    option, _, name = output.partition("=")
    done = run(verb, tmp_path / "none.txt", article, option, tmp_path / name)
    assert done.returncode == 1
    line = f"aidledger: {tmp_path / 'none.txt'}: no such file or folder"
    assert done.stderr.splitlines()[0] == line
    assert (tmp_path / name).stat().st_size > 0


def test_a_name_that_breaks_lines_is_told_in_one(tmp_path: Path) -> None:
    (tmp_path / "a\nb\033[31m.txt").write_bytes(b"")
    (line,) = run("extract", tmp_path).problems
    assert line == f"aidledger: {tmp_path}/a\ufffdb\ufffd[31m.txt: an empty file"


def test_a_remark_is_no_failure(article: Path) -> None:
    (article.parent / "scan.bin").write_bytes(b"%PDF")
    done = run("extract", article.parent)
    assert done.returncode == 0
    line = f"aidledger: {article.parent}: 1 file of other kinds left out (.bin 1)"
    assert done.problems == [line]


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (["figures", "--ledger", "{tmp}/none.db"], "no such ledger"),
        (["totals", "--ledger", "{tmp}/article.txt"], "not a ledger"),
        (["totals", "--ledger", "{ledger}", "--by", "colour"], "no column 'colour'"),
        (["add", "{tmp}/article.txt", "--ledger", "{tmp}/none/a.db"], "none"),
        (["extract", "{tmp}/article.txt", "-o", "{tmp}/none/a.jsonl"], "no such folder"),
        (["extract", "{tmp}/article.txt", "-o", "{tmp}"], "is a directory"),
        (["report", "{tmp}/article.txt", "-o", "{tmp}/none/a.xlsx"], "none"),
        (["demo", "-o", "{tmp}/article.txt"], "file exists"),
        (["explain", "-"], "standard input: an empty file"),
    ],
)
def test_what_fails_is_one_line(
    arguments: list[str], cause: str, article: Path, ledger: Path
) -> None:
    places = {"tmp": article.parent, "ledger": ledger}
    done = run(*(argument.format(**places) for argument in arguments))
    assert done.returncode == 1
    assert cause in done.stderr
    assert done.stderr.startswith("aidledger: ")
    assert len(done.problems) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["extract"],
        ["extract", "{article}", "--format", "xml"],
        ["extract", "{article}", "--published", "4 October"],
        ["extract", "{article}", "--published", "2022-02-30"],
        ["totals", "--ledger", "a.db", "--freq", "fortnight"],
        ["report", "-o", "a.xlsx"],
        ["report", "{article}", "--ledger", "a.db", "-o", "a.xlsx"],
        ["report", "{article}", "-o", "a.docx"],
        ["chart", "{article}", "-o", "a.bmp"],
        ["nonsense"],
    ],
)
def test_wrong_usage_is_status_2(arguments: list[str], article: Path) -> None:
    done = run(*(argument.format(article=article) for argument in arguments))
    assert done.returncode == 2
    assert "Usage:" in done.stderr or "Usage:" in done.stdout


def test_an_output_may_be_its_own_input(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": ARTICLE}) + "\n", encoding="utf-8")
    ok("extract", path, "-o", path)
    assert len(records(path.read_text(encoding="utf-8"))) == 2
    assert os.listdir(tmp_path) == ["a.jsonl"]


def test_an_interrupted_output_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("old", encoding="utf-8")

    def interrupted() -> None:
        with opened(path) as out:
            out.write("new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["out.jsonl"]


def test_a_device_is_written_to_and_stays_a_device(article: Path) -> None:
    ok("extract", article, "-o", "/dev/null")
    assert Path("/dev/null").is_char_device()


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(ARTICLE * 80, encoding="utf-8")
    with subprocess.Popen(
        [*COMMAND, "extract", str(path), "--format", "jsonl"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode != 0


def until_it_waits(process: subprocess.Popen[bytes]) -> None:
    """Returns once the process has read all there is and waits for more."""
    assert process.stdin
    left, asked = array("i", [1]), psutil.Process(process.pid)
    while left[0] or asked.status() != psutil.STATUS_SLEEPING:
        assert process.poll() is None
        fcntl.ioctl(process.stdin, termios.FIONREAD, left)


def test_an_interrupt_is_status_130() -> None:
    with subprocess.Popen(
        [*COMMAND, "extract", "-"], cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin
        process.stdin.write(bytes(10 * PIPE))  # returns once most of it has been read
        until_it_waits(process)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert process.stderr
        assert b"Traceback" not in process.stderr.read()

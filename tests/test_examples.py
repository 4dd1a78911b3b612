"""The example documents, the script that uses the library on them, and the demonstration."""

from __future__ import annotations

import ast
import json
import re
import runpy
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

import aidledger as al
from aidledger.demo import Demo, demo, examples
from command import ok, run

ROOT = Path(__file__).parent.parent
INBOX = ROOT / "examples" / "inbox"
SESSIONS = runpy.run_path(str(ROOT / "docs" / "sessions.py"))
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> al.Ledger:
    """The example documents in a ledger."""
    ledger = al.Ledger(tmp_path_factory.mktemp("examples") / "aid.db")
    assert not al.ingest(ledger, [INBOX]).problems
    return ledger


@pytest.fixture(scope="module")
def frame(ledger: al.Ledger) -> pd.DataFrame:
    return ledger.figures()


def test_the_demonstration_reads_these_documents() -> None:
    assert examples() == INBOX


def test_every_document_is_dated_and_known_by_its_url_or_id() -> None:
    documents = al.read(INBOX)
    assert len(documents) >= 8
    assert all(document.published for document in documents)  # the plain text by its name
    assert len({document.source_id for document in documents}) == len(documents)


@pytest.mark.parametrize(
    "query",
    [
        "dimension == 'money' and value == 625e6 and status == 'committed'",
        "item == 'HIMARS' and value == 4 and part_of.notna()",
        "item == 'HIMARS' and value == 38 and basis == 'total'",
        "dimension == 'percent' and value == 20 and party == 'UKR'",
        "item == 'Phoenix Ghost' and qualifier == 'at_most' and high == 580 and low.isna()",
        "party == 'RUS' and value == 5000 and qualifier == 'about'",
        "unit == 'EUR' and value == 3e9 and donor == 'EU'",
        "qualifier == 'range' and low == 3e9 and high == 4e9",
    ],
)
def test_the_examples_show(frame: pd.DataFrame, query: str) -> None:
    assert len(frame.query(query)) >= 1


def test_two_articles_on_one_package_are_one_fact(ledger: al.Ledger) -> None:
    package = ledger.facts().query("unit == 'USD' and value == 625e6")
    assert package["sources"].tolist() == [2]


def test_the_launchers_add_up_to_the_total_that_is_stated(ledger: al.Ledger) -> None:
    """16 by July 2022, 18 on order in September, four in October: 38 on 4 November."""
    launchers = {"item": "HIMARS", "donor": "USA"}
    promised = ledger.totals(freq="day", status="committed", where=launchers)
    before = 16 - 4  # promised before the first of the examples
    stated = ledger.facts().query("item == 'HIMARS' and basis == 'total' and value == 38")
    assert before + promised["cumulative_best"].max() == stated["value"].item()


def test_the_script_runs(tmp_path: Path) -> None:
    script = ROOT / "examples" / "analysis.py"
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "$625 million" in done.stdout
    assert (tmp_path / "himars.png").read_bytes().startswith(PNG)


@pytest.mark.parametrize("name", SESSIONS["PAGES"])
def test_the_sessions_in_the_documents_are_what_happens(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``python docs/sessions.py`` writes them anew."""
    text = (ROOT / name).read_text(encoding="utf-8")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    assert len(SESSIONS["steps"](text)) >= 4
    assert SESSIONS["renewed"](text, said) == text


def said(words: list[str]) -> str:
    """What a command writes."""
    done = run(*words)
    return done.stdout + done.stderr


def test_a_session_that_says_something_else_is_seen() -> None:
    page = "Before\n```console\n$ aidledger totals\nold\n$ aidledger facts\n```\nafter\n"
    new = SESSIONS["renewed"](page, lambda words: f"{words[0]} at 2024-05-06T07:08:09\n")
    assert new == (
        "Before\n```console\n$ aidledger totals\ntotals at 2023-03-01T09:00:00\n"
        "$ aidledger facts\nfacts at 2023-03-01T09:00:00\n```\nafter\n"
    )


def test_each_task_of_an_analyst_takes_three_commands_at_most() -> None:
    text = (ROOT / "docs" / "tasks.md").read_text(encoding="utf-8")
    first, *tasks = re.split(r"^## ", text, flags=re.M)
    assert [int(task.partition(".")[0]) for task in tasks] == [*range(1, 21)]
    assert all(1 <= len(SESSIONS["steps"](task)) <= 3 for task in tasks)
    assert len(SESSIONS["steps"](first)) == 1


DOCUMENTS = ("README.md", *(f"docs/{name}.md" for name in ("guide", "tasks", "trust")))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_block_is_of_a_kind_that_a_test_runs(name: str) -> None:
    """A session, Python, commands of ours; or a target of make, an extra to install."""
    text = (ROOT / name).read_text(encoding="utf-8")
    kinds = re.findall(r"^```(.*)\n(?:.*\n)*?```$", text, re.M)
    assert set(kinds) <= {"console", "python"}
    outside = re.sub(r"^```(?:.*\n)*?```$", "", text, flags=re.M)
    for line in re.findall(r"(?<=\n\n)    (\S.*)|(?<=\n)    (?=aidledger|make|pip)(.*)", outside):
        words = "".join(line).split()
        match words[0]:
            case "make":
                makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
                assert re.search(rf"^{words[1]}:", makefile, re.M), line
            case "pip":
                extra = re.search(r"\[(\w+)\]", words[-1])
                project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
                assert extra is None or re.search(rf"^{extra[1]} = \[", project, re.M), line
            case other:
                assert other == "aidledger", line


@pytest.mark.parametrize("name", ["README.md", "docs/guide.md"])
def test_the_python_in_the_documents_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inbox").symlink_to(INBOX)
    monkeypatch.chdir(tmp_path)
    blocks = re.findall("```python\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.S)
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, name, "exec"), names)
    with al.Ledger("aid.db") as held:
        assert len(held.sources()) == 14


def commands_in(name: str) -> list[list[str]]:
    """The commands that a document shows without their output."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return [shlex.split(c) for c in re.findall(r"^    aidledger (.*?)(?:  +#.*)?$", text, re.M)]


@pytest.mark.parametrize(("name", "least"), [("docs/guide.md", 30), ("docs/trust.md", 5)])
def test_the_commands_in_the_guide_run(
    name: str, least: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inbox").symlink_to(INBOX)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    commands = commands_in(name)
    assert len(commands) >= least
    for words in commands:
        if words[:2] == ["review", "serve"] or "llm" in words:
            continue  # what asks or serves others, and runs until it is stopped: tested elsewhere
        ok(*words)
        if "-o" in words:
            assert Path(words[words.index("-o") + 1]).stat().st_size > 0


def test_the_commands_on_tables_and_rates_have_these_options() -> None:
    commands = commands_in("docs/ledger.md")
    assert len(commands) >= 8
    for words in commands:
        told = ok(*words[: 1 + (words[0] == "review")], "--help")
        options = [word for word in words if word.startswith("-")]
        assert all(re.search(rf"(?<!\S){option}\b", told) for option in options), words


def test_the_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every cell in order, as a notebook would; what its last line gives can be shown."""
    monkeypatch.chdir(ROOT / "examples")
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    notebook = json.loads(Path("ledger.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in cells)
    names: dict[str, object] = {}
    values = (cell_value(cell, names) for cell in cells)
    html = [value._repr_html_() for value in values if hasattr(value, "_repr_html_")]
    assert len(html) >= 8
    assert any("documents" in page and "14" in page for page in html)
    assert len(list(tmp_path.glob("*/aid.*"))) == 3  # the ledger, the workbook, the page


def cell_value(cell: dict[str, Any], names: dict[str, object]) -> Any:
    """Run a cell; what its last line comes to, if that is an expression."""
    *before, last = ast.parse("".join(cell["source"])).body
    if not isinstance(last, ast.Expr):
        before, ending = [*before, last], None
    else:
        ending = last.value
    exec(compile(ast.Module(before, []), "ledger.ipynb", "exec"), names)
    return eval(compile(ast.Expression(ending), "ledger.ipynb", "eval"), names) if ending else None


def test_results_show_themselves_in_a_notebook(tmp_path: Path) -> None:
    evil = tmp_path / "<b>"
    evil.mkdir()
    (evil / "a.txt").write_text("Germany will send 14 tanks to Ukraine.", encoding="utf-8")
    with al.Ledger(tmp_path / "aid.db") as ledger:
        done = al.ingest(ledger, [evil / "a.txt", evil / "none.txt"])
        source = al.make_source("Four tanks.", source_id="<i>")
        added = ledger.add(source, al.extract(source.text, source_id="<i>"))
        pages = [ledger._repr_html_(), done._repr_html_(), added._repr_html_(),
                 al.Reviewed(1200, ("<u>",))._repr_html_(),
                 al.extract("It got <b>4</b> tanks & 3 guns.")[:1]._repr_html_()]  # fmt: skip
    assert all(not re.search("<[biu]>", page) for page in pages)
    assert '<th style="text-align:left">documents</th><td>2</td>' in pages[0]
    assert "none.txt: no such file" in pages[1]
    assert "&lt;i&gt;" in pages[2]
    assert "<td>1,200</td>" in pages[3]
    assert "1 figure<" in pages[4]
    assert "tanks &amp; 3 guns" in pages[4]


def test_the_script_can_be_imported_without_running() -> None:
    assert callable(runpy.run_path(str(ROOT / "examples" / "analysis.py"))["main"])


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return demo(tmp_path_factory.mktemp("demo") / "new" / "demo")


def test_the_demonstration_writes_a_workbook_and_charts(shown: Demo) -> None:
    workbook = next(file for file in shown.files if file.suffix == ".xlsx")
    rows = list(load_workbook(workbook)["Figures"].values)
    with al.Ledger(shown.files[0]) as held:
        assert len(rows) == len(held.figures(view=["aid", "losses"])) + 1
        assert len(held.figures()) == shown.ingested.figures
    charts = [file for file in shown.files if file.suffix == ".png"]
    assert len(charts) >= 2
    assert all(chart.read_bytes().startswith(PNG) for chart in charts)


def test_the_demonstration_says_what_it_found(shown: Demo) -> None:
    text = "\n".join(shown.lines())
    assert f"{shown.ingested.documents} documents, {shown.ingested.figures} figures" in text
    assert all(f"wrote {file}" in text for file in shown.files)
    assert all(str(file) in shown._repr_html_() for file in shown.files)


def test_running_it_again_adds_nothing(shown: Demo) -> None:
    again = demo(shown.files[0].parent)
    assert again.ingested.states == {"unchanged": shown.ingested.documents}
    assert again.facts == shown.facts

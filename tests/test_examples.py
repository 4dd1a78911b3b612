"""The example documents, the script that uses the library on them, and the demonstration."""

from __future__ import annotations

import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

import aidledger as al
from aidledger.demo import Demo, demo, examples

ROOT = Path(__file__).parent.parent
INBOX = ROOT / "examples" / "inbox"
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
    undated = [document for document in documents if document.published is None]
    assert [document.url for document in undated] == [None]  # the plain text
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


def test_the_session_in_the_readme_is_what_happens(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [session] = re.findall("```console\n(.*?)```", readme, re.S)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    steps = re.findall(r"^\$ aidledger (.*)\n((?:(?!\$ ).*\n)*)", session, re.M)
    assert len(steps) >= 4
    for arguments, expected in steps:
        done = subprocess.run(
            [sys.executable, "-m", "aidledger", *shlex.split(arguments)],
            cwd=tmp_path, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert [line.rstrip() for line in done.stdout.splitlines()] == expected.splitlines()


def test_the_script_can_be_imported_without_running() -> None:
    assert callable(runpy.run_path(str(ROOT / "examples" / "analysis.py"))["main"])


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return demo(tmp_path_factory.mktemp("demo") / "new" / "demo")


def test_the_demonstration_writes_a_workbook_and_charts(shown: Demo) -> None:
    workbook = next(file for file in shown.files if file.suffix == ".xlsx")
    rows = list(load_workbook(workbook)["Figures"].values)
    assert len(rows) == shown.ingested.figures + 1
    charts = [file for file in shown.files if file.suffix == ".png"]
    assert len(charts) >= 2
    assert all(chart.read_bytes().startswith(PNG) for chart in charts)


def test_the_demonstration_says_what_it_found(shown: Demo) -> None:
    text = "\n".join(shown.lines())
    assert f"{shown.ingested.documents} documents, {shown.ingested.figures} figures" in text
    assert all(f"wrote {file}" in text for file in shown.files)


def test_running_it_again_adds_nothing(shown: Demo) -> None:
    again = demo(shown.files[0].parent)
    assert again.ingested.states == {"unchanged": shown.ingested.documents}
    assert again.facts == shown.facts

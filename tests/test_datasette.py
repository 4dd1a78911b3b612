"""A ledger in Datasette: its tables, and the questions that are there to be asked."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from datasette.app import Datasette  # type: ignore[import-untyped]

import aidledger as al
from command import ok, run
from ledger.store import datasette as exported

INBOX = Path(__file__).parent.parent / "examples" / "inbox"
FILLED = {"donor": "USA", "unit": "USD", "item": "HIMARS"}
QUERIES = exported.metadata()["databases"]["ledger"]["queries"]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "aid.db"
    with al.Ledger(path) as book:
        al.ingest(book, [INBOX])
    return path


@pytest.fixture(scope="module")
def folder(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the command writes of it."""
    folder = tmp_path_factory.mktemp("datasette") / "new"
    assert (
        ok("export", "--ledger", book, "--datasette", folder) == f"wrote {folder / 'ledger.db'}\n"
    )
    assert sorted(path.name for path in folder.iterdir()) == ["ledger.db", "metadata.json"]
    return folder


def shown(folder: Path, *paths: str) -> list[Any]:
    """The answers of a Datasette that was started on the folder."""

    async def answers() -> list[Any]:
        served = Datasette(config_dir=folder)
        await served.invoke_startup()
        return [await served.client.get(path) for path in paths]

    return asyncio.run(answers())


def rows(folder: Path, path: str, **asked: str) -> list[dict[str, Any]]:
    query = urlencode({**asked, "_shape": "array", "_size": "max"})
    [answer] = shown(folder, f"/ledger/{path}.json?{query}")
    assert answer.status_code == 200, answer.text
    return list(answer.json())


@pytest.mark.parametrize("name", QUERIES)
def test_every_question_has_an_answer(folder: Path, name: str) -> None:
    assert rows(folder, name, **FILLED)


def test_the_front_page_leads_to_the_questions(folder: Path) -> None:
    front, page = shown(folder, "/", "/ledger")
    assert "A ledger of aid and losses" in front.text
    for query in QUERIES.values():
        assert query["title"] in page.text.replace("&#39;", "'")


def test_the_sums_are_those_of_the_ledger(book: Path, folder: Path) -> None:
    with al.Ledger(book) as ledger:
        totals = ledger.totals(by=["donor", "recipient", "party", "item"])
    aid = totals[totals["donor"].notna() | totals["recipient"].notna()]
    found = rows(folder, "aid_by_donor_and_recipient")
    assert sorted(row["best"] for row in found) == sorted(aid["best"])
    assert sum(row["high"] is None for row in found) == aid["high"].isna().sum()
    losses = rows(folder, "losses")
    assert sorted(row["best"] for row in losses) == sorted(totals.drop(aid.index)["best"])


def test_tables_and_decisions_are_there(place: str, tmp_path: Path) -> None:
    with al.Ledger(place) as own:
        al.ingest(own, [INBOX / "2022-10-04-us-625-million.md"], reader="rules")
        first = own.figures()["figure_id"].iloc[0]
        own.accept(first, who="AB")
        path = own.export_datasette(tmp_path / "out")
        assert path == own.export_datasette(tmp_path / "out")  # the one before is replaced
        figures, sources = own.figures(), own.sources()
    held = rows(tmp_path / "out", "figures")
    assert [row["figure_id"] for row in held] == figures["figure_id"].tolist()
    assert {row["figure_id"] for row in held if row["review"] == "accept"} == {first}
    assert [row["title"] for row in rows(tmp_path / "out", "sources")] == sources["title"].tolist()
    with al.Ledger(path, create=False) as copied:  # it is a ledger itself
        assert copied.figures().equals(figures)


def test_no_ledger_is_overwritten(book: Path, tmp_path: Path) -> None:
    with al.Ledger(tmp_path / "ledger.db") as own:
        al.ingest(own, [INBOX / "2022-10-04-us-625-million.md"], reader="rules")
    for ledger in (tmp_path / "ledger.db", book):
        done = run("export", "--ledger", ledger, "--datasette", tmp_path)
        assert done.returncode == 1
        assert done.problems[0].endswith("ledger.db is there and no export: give another folder")
    with al.Ledger(tmp_path / "ledger.db", create=False) as own:
        assert len(own.sources()) == 1


def test_what_datasette_is_told_is_of_tables_that_there_are(folder: Path) -> None:
    told = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    for name, table in told["databases"]["ledger"]["tables"].items():
        held = rows(folder, name)
        assert held or name in ("attachment", "decision"), name
        columns = {*held[0]} if held else set()
        assert {*table.get("facets", ())} <= columns

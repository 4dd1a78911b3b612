"""The store: what it refuses and how it says so, upgrades, views, killed and parallel writers."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import Connection, create_engine, insert, update

from command import run
from factory import make_figure, make_money, source_of
from ledger.errors import LedgerError, RefusedError
from ledger.figure import Chosen, Figure, Source
from ledger.ledger import Ledger
from ledger.store import documents, frames, schema, views

NOBODY = 65534
KILLS = int(os.environ.get("AIDLEDGER_KILLS", "10"))
processes = multiprocessing.get_context("fork")


def document(number: int, figures: int = 20) -> tuple[Source, list[Figure]]:
    name = f"doc-{number:03}"
    held = [make_money(1000 * number + k, name, start=40 * k) for k in range(figures)]
    return source_of(held, url=f"https://example.org/{name}"), held


def add_all(place: str, numbers: list[int]) -> None:
    with Ledger(place) as ledger:
        for number in numbers:
            ledger.add(*document(number))


def contents(place: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    with Ledger(place) as ledger:
        figures = ledger.figures().sort_values("figure_id", ignore_index=True)
        sources = ledger.sources().drop(columns="added_at")
        return figures, sources.sort_values("source_id", ignore_index=True), ledger.totals()


def refused(place: str | Path, *, create: bool = True) -> str:
    with pytest.raises(LedgerError) as caught, Ledger(place, create=create) as ledger:
        ledger.figures()
    line = str(caught.value)
    assert "\n" not in line
    return line


@contextmanager
def powerless() -> Iterator[None]:
    """Without root's right to write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_missing_folder(tmp_path: Path) -> None:
    assert "there is no folder" in refused(tmp_path / "nowhere" / "ledger.sqlite")


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    assert "is a folder" in refused(tmp_path)


def test_nothing_is_made_where_nothing_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    assert "there is no such ledger" in refused(path, create=False)
    assert not path.exists()


def test_what_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are notes, not a ledger. " * 100, "utf-8")
    assert "not an SQLite database" in refused(path)
    assert path.read_text("utf-8").startswith("These are notes")


def test_somebody_elses_database(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE birds (name TEXT)")
    assert "holds no ledger" in refused(path)


def test_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    add_all(str(path), list(range(20)))
    content = bytearray(path.read_bytes())
    content[4096 : len(content) // 2] = b"\xff" * (len(content) // 2 - 4096)
    path.write_bytes(content)
    assert "damaged" in refused(path)


def test_a_newer_schema(place: str) -> None:
    add_all(place, [1])
    with Ledger(place) as ledger, ledger._store.writing() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    assert "newer aidledger (schema 99" in refused(place)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter, which those of pytest are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_a_read_only_file_is_read_and_not_written(open_folder: Path) -> None:
    folder = open_folder
    path = folder / "ledger.sqlite"
    add_all(str(path), [1, 2])
    path.chmod(0o444)
    folder.chmod(0o555)
    with powerless(), Ledger(path) as ledger:
        assert len(ledger.figures()) == 40
        assert len(ledger.facts()) == 40
        with pytest.raises(LedgerError, match="is read-only"):
            ledger.add(*document(3))
    folder.chmod(0o755)


def test_a_locked_file(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    add_all(str(path), [1])
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with Ledger(path, wait=0.1) as ledger:
        assert len(ledger.figures()) == 20
        with pytest.raises(LedgerError, match="is locked by another process"):
            ledger.add(*document(2))
        holder.execute("ROLLBACK")
        assert ledger.add(*document(2)).state == "new"
    holder.close()


def test_a_full_disk(tmp_path: Path) -> None:
    path = str(tmp_path / "ledger.sqlite")
    add_all(path, [1])
    before = contents(path)
    with Ledger(path) as ledger:
        with ledger._store.writing() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count=40")
        with pytest.raises(LedgerError, match="the disk is full"):
            ledger.add(*document(2, figures=2000))
        pd.testing.assert_frame_equal(ledger.totals(), before[2])
    for now, then in zip(contents(path), before, strict=True):
        pd.testing.assert_frame_equal(now, then)


def test_a_text_that_no_database_can_hold(place: str) -> None:
    text = "Four \ud800 HIMARS"
    with Ledger(place) as ledger:
        with pytest.raises(LedgerError, match="cannot hold this text"):
            ledger.add(source_of([], source_id="odd", text=text), [])
        assert ledger.sources().empty


ODD = {
    "half a character": ("\ud800", "cannot hold this text: surrogates not allowed"),
    "a NUL": ("\0", "cannot contain NUL"),  # SQLite can
    "a long id": ("".join(map(str, range(4000))), "cannot hold an id of this length"),  # so it can
}


def held_by(place: str, kind: str, field: str) -> bool:
    """Whether a database can hold such a thing in a field."""
    return kind != "half a character" and (
        "://" not in place or (kind == "a long id" and field != "source_id")
    )


@pytest.mark.parametrize("field", ["source_id", "title", "publisher", "url", "text"])
@pytest.mark.parametrize("kind", ODD)
def test_a_document_that_cannot_be_stored_is_refused_alone(
    kind: str, field: str, place: str
) -> None:
    odd, line = ODD[kind]
    source = replace(source_of([], source_id="odd", text="No numbers."), **{field: f"odd {odd}"})
    with Ledger(place) as ledger:
        ledger.add(*document(1))
        if not held_by(place, kind, field):
            with pytest.raises(RefusedError, match=line):
                ledger.add(source, [])
        else:
            ledger.add(source, [])
            assert source in list(ledger.documents())
        ledger.add(*document(2))
        held = set(ledger.sources()["source_id"]) - {source.source_id}
        assert held == {"doc-001", "doc-002"}


def test_a_batch_goes_on_behind_what_the_database_refuses(place: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [
        {"text": "Poland sent 2 tanks."},
        {"text": "Poland sent 3\0 tanks.", "title": "A\0 title", "url": "https://a.org/\0\ud800"},
        {"text": "Poland sent 4 tanks.", "id": "".join(map(str, range(4000)))},
        {"text": "Poland sent 5\ud800 tanks.", "id": "a\udc00b"},
        {"text": "Poland sent 6 tanks."},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = run("add", path, "--ledger", place)
    with Ledger(place) as ledger:
        values = ledger.figures()["value"].tolist()
        assert all("\0" not in source.text for source in ledger.documents())
    if "://" not in place:
        assert (done.returncode, values) == (0, [2, 3, 4, 5, 6])
        return
    assert (done.returncode, values) == (1, [2, 3, 5, 6])
    assert done.stdout == "5 documents (4 new, 1 refused), 4 figures\n"
    [line] = done.problems
    assert line.startswith(f"aidledger: {path}: 0123456789")
    assert line.endswith(" ...: the ledger cannot hold an id of this length")
    assert len(line) < 500
    assert done.stderr.splitlines()[-1].startswith(
        f"aidledger: 1 skipped (1 the ledger cannot hold an id of this length): {path}: 0123456789"
    )


def test_a_server_that_is_not_there() -> None:
    line = refused("postgresql+psycopg://user:secret@/db?host=/nonexistent")
    assert "secret" not in line
    assert "connection" in line


def test_a_url_that_is_none() -> None:
    assert "oracel" in refused("oracel://db")


def old_ledger(place: str) -> None:
    """A ledger of schema version 1: documents and figures only."""
    url = place if "://" in place else f"sqlite:///{place}"
    engine = create_engine(url)
    with engine.begin() as connection:
        tables = [schema.meta, schema.document, schema.figure]
        schema.metadata.create_all(connection, tables=tables)
        connection.execute(insert(schema.meta), {"key": "schema_version", "value": "1"})
        for number in range(3):
            documents.store(connection, *document(number))
        take_away(connection, "figure", LACKING[1])
    engine.dispose()


# What figures did not say in a ledger of that version: who read them, by which words, how sure,
# and what another reader says.
LACKING: dict[int, tuple[str, ...]] = {4: ("other",)}
LACKING[3] = ("confidence", "choices", *LACKING[4])
LACKING |= dict.fromkeys((1, 2), ("reader", "cues", *LACKING[3]))


def take_away(connection: Connection, table: str, columns: Iterable[str]) -> None:
    for name in columns:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN {name}")


def test_an_older_ledger_is_upgraded_after_a_backup(place: str) -> None:
    old_ledger(place)
    with Ledger(place) as ledger:
        assert len(ledger.figures()) == 60
        figure_id = str(ledger.figures()["figure_id"].iloc[0])
        ledger.accept(figure_id, who="Ann")
        assert ledger.history(figure_id)["action"].tolist() == ["read", "accept"]
        held = [(f.reader, f.cues, f.confidence, f.choices) for f in ledger.records()]
        assert held == [("rules", {}, None, {})] * 60
    if "://" in place:
        engine = create_engine(place)
        with engine.connect() as connection:
            query = "SELECT count(*) FROM aidledger_backup_v1.figure"
            assert connection.exec_driver_sql(query).scalar() == 60
        engine.dispose()
    else:
        with sqlite3.connect(f"{place}.v1.bak") as backup:
            assert backup.execute("SELECT count(*) FROM figure").fetchone() == (60,)
            query = "SELECT value FROM meta WHERE key = 'schema_version'"
            assert backup.execute(query).fetchone() == ("1",)


def as_version(version: int, place: str) -> None:
    """Makes a ledger what it was in an older version of the schema."""
    engine = create_engine(place if "://" in place else f"sqlite:///{place}")
    with engine.begin() as connection:
        views.drop(connection)
        take_away(connection, "figure", LACKING[version])
        if version < 4:
            take_away(connection, "fact", ["confidence"])
        connection.execute(
            update(schema.meta)
            .where(schema.meta.c.key == "schema_version")
            .values(value=str(version))
        )
    engine.dispose()


def test_a_ledger_of_version_2_keeps_its_decisions_and_learns_who_read_it(place: str) -> None:
    source, figures = document(1)
    figures = [replace(figure, cues={"status": "send"}) for figure in figures]
    row = make_figure("t", value=7, extractor="table own", reader="table")
    with Ledger(place) as ledger:
        ledger.add(source, figures)
        ledger.add(source_of(row), [row])
        ledger.correct(figures[0].figure_id, who="Ann", value=9)
        facts = ledger.facts()
    as_version(2, place)
    with Ledger(place) as ledger:
        assert ledger.figures()["reader"].tolist() == [*["rules"] * 20, "table"]
        assert set(ledger.figures()["cues"]) == set(ledger.figures()["choices"]) == {"{}"}
        assert ledger.figures()["confidence"].isna().all()
        assert ledger.figures()["value"].iloc[0] == 9
        assert_frame_equal(ledger.facts(), facts)
        assert ledger.add(source, figures).state == "reread"
        assert [figure.cues for figure in ledger.records()] == [*[{"status": "send"}] * 20, {}]
        assert ledger.figures()["value"].iloc[0] == 9


def test_a_ledger_of_version_4_has_nothing_of_another_reader_and_keeps_it_from_now_on(
    place: str,
) -> None:
    source, figures = document(1)
    other = {"reader": "fitted", "status": "delivered", "kept": {"status": "no code 'sunk'"}}
    read = [replace(figure, reader="llm m", other=other) for figure in figures]
    with Ledger(place) as ledger:
        ledger.add(source, figures)
        ledger.accept(figures[0].figure_id, who="Ann")
    as_version(4, place)
    with Ledger(place) as ledger:
        assert set(ledger.figures()["other"]) == {"{}"}
        assert ledger.add(source, read).state == "reread"
        assert list(ledger.records()) == read
        assert ledger.figures()["review"].iloc[0] == "accepted"


def test_a_ledger_of_version_3_keeps_all_it_has_and_is_sure_of_nothing(place: str) -> None:
    source, figures = document(1)
    figures = [replace(figure, cues={"status": "send"}, reader="own") for figure in figures]
    held: Chosen = {"probability": 0.8, "runner_up": None, "its_probability": 0.1}
    sure = [replace(figure, confidence=0.75, choices={"status": held}) for figure in figures]
    with Ledger(place) as ledger:
        ledger.add(source, figures)
        ledger.correct(figures[0].figure_id, who="Ann", value=9)
        read, facts = ledger.figures(), ledger.facts()
    as_version(3, place)
    with Ledger(place) as ledger:
        assert_frame_equal(ledger.figures(), read)
        assert_frame_equal(ledger.facts(), facts)
        assert ledger.history(figures[0].figure_id)["action"].tolist() == ["read", "correct"]
        assert list(ledger.records()) == figures
        assert ledger.add(source, figures).state == "unchanged"
        assert ledger.add(source, sure).state == "reread"
        assert list(ledger.records()) == sure
        assert set(ledger.facts()["confidence"]) == {0.75}
        assert ledger.figures()["value"].iloc[0] == 9
    backup = "aidledger_backup_v3.figure" if "://" in place else "figure"
    engine = create_engine(place if "://" in place else f"sqlite:///{place}.v3.bak")
    with engine.connect() as connection:
        copied = connection.exec_driver_sql(f"SELECT * FROM {backup}")
        assert {*copied.keys()} >= {"cues", "reader"}
        assert not {*copied.keys()} & {*LACKING[3]}
        assert len(copied.all()) == len(figures)
    engine.dispose()


def test_an_upgrade_that_cannot_be_backed_up_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    old_ledger(str(path))
    (tmp_path / "ledger.sqlite.v1.bak.part").mkdir()
    assert "no backup could be written" in refused(path)
    with sqlite3.connect(path) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        assert {name for (name,) in tables} == {"meta", "document", "figure"}


def test_the_views_show_what_counts(place: str) -> None:
    whole = make_money(350, date="2022-02-25")
    figures = [
        whole,
        make_money(250, date="2022-02-25", part_of=whole.figure_id),
        make_money(800, date="2022-03-16", qualifier="at_least"),
        make_money(50, date="2022-03-20", status="cancelled"),
        make_figure(value=None, low=2, high=4, qualifier="range", date="2022-03-16"),
        make_figure(value=None, date="2022-03-16"),
        fleet := make_figure(item="vehicle", value=50, date="2022-04-16"),
        tanks := make_figure(item="tank", value=30, date="2022-05-16", part_of=fleet.figure_id),
        make_figure(item="Leopard 2", value=9, date="2022-04-16", part_of=tanks.figure_id),
        make_figure(
            item="vehicle", value=5, date="2022-06-16", status="cancelled",
            qualifier="at_least", part_of=fleet.figure_id,
        ),
        make_figure(
            item="vehicle", value=3, date="2022-07-16", status="cancelled", qualifier="at_most"
        ),
    ]  # fmt: skip
    with Ledger(place) as ledger:
        ledger.add(source_of(figures), figures)
        ledger.accept(whole.figure_id, who="Ann")
        keys = ["donor", "recipient", "party"]
        sums = ledger.totals(by=keys, freq="month", status="committed")
        with ledger._store.reading() as connection:
            rows = connection.exec_driver_sql(
                "SELECT month, unit, low, best, high, facts, open_terms FROM totals_by_month"
                " ORDER BY unit, month"
            ).all()
            reviews = connection.exec_driver_sql("SELECT review FROM figures").scalars().all()
            assert connection.exec_driver_sql("SELECT count(*) FROM facts").scalar() == 11
            assert connection.exec_driver_sql("SELECT figures FROM sources").scalar() == 11
    assert [review for review in reviews if review] == ["accept"]
    expected = sums.sort_values(["unit", "period"], key=lambda column: column.astype("str"))
    expected["period"] = expected["period"].dt.strftime("%Y-%m")
    names = ["period", "unit", "low", "best", "high", "facts", "open_terms"]
    shown = expected[names].astype("object").where(expected[names].notna(), None)
    assert sorted(map(str, rows)) == sorted(str(tuple(row)) for row in shown.to_numpy().tolist())


def test_two_processes_add_at_once(place: str) -> None:
    halves = [list(range(0, 40)), list(range(20, 60))]
    writers = [processes.Process(target=add_all, args=(place, half)) for half in halves]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    figures, sources, _ = contents(place)
    assert len(sources) == 60
    assert len(figures) == figures["figure_id"].nunique() == 60 * 20


def test_a_killed_writer_loses_and_doubles_nothing(
    place: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    numbers = list(range(40))
    undisturbed = str(tmp_path / "undisturbed.sqlite")
    started = time.monotonic()
    add_all(undisturbed, numbers)
    span = 2 * (time.monotonic() - started)
    chance = random.Random(5)
    seen: set[str] = set()
    for _ in range(KILLS):
        writer = processes.Process(target=add_all, args=(place, numbers))
        writer.start()
        time.sleep(chance.uniform(0, span))
        writer.kill()
        writer.join()
        figures, sources, _ = contents(place)
        assert (sources["figures"] == 20).all()
        assert len(figures) == figures["figure_id"].nunique() == 20 * len(sources)
        assert seen <= set(sources["source_id"])
        seen = set(sources["source_id"])
        if len(seen) == len(numbers):
            place, seen = _fresh(place, request), set()
    add_all(place, numbers)
    for now, then in zip(contents(place), contents(undisturbed), strict=True):
        pd.testing.assert_frame_equal(now, then)


def _fresh(place: str, request: pytest.FixtureRequest) -> str:
    if "://" in place:
        url: str = request.getfixturevalue("server").new_database()
        return url
    path = Path(place)
    return str(path.with_name(f"again-{path.name}"))


def test_a_ledger_is_one_file_once_it_is_closed(tmp_path: Path) -> None:
    add_all(str(tmp_path / "ledger.sqlite"), [1, 2])
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.sqlite"]


def test_more_figures_are_asked_for_than_a_statement_holds(tmp_path: Path) -> None:
    figures = [make_figure(value=value) for value in (4, 5)]
    ids = {*(f"none-{n}" for n in range(300_000)), *(one.figure_id for one in figures)}
    with Ledger(tmp_path / "aid.db") as ledger:
        ledger.add(source_of(figures), figures)
        engine = create_engine(f"sqlite:///{tmp_path / 'aid.db'}")
        with engine.connect() as connection:
            found = frames.figures_of(connection, ids)
            records = frames.records(connection, ("figure_id", "value"), ids)
        engine.dispose()
    assert sorted(found["value"]) == sorted(row["value"] for row in records) == [4, 5]

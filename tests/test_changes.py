"""What changed in a ledger since a day, why, and what that did to each total."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

import aidledger as al
from command import records, run
from factory import make_figure, make_money, source_of
from ledger.errors import LedgerError
from ledger.ledger import Ledger
from ledger.review.changes import CAUSES, DECIDED, NEW, NEWER, READ_ANEW, State, changes
from ledger.review.review import DECISION_DTYPES as DECISIONS
from ledger.table import empty, to_frame
from ledger.totals import totals

SINCE = "2024-01-01"
TOLD = "aidledger: figures: 1 added, 0 changed, 0 removed\n"
LONG_AGO = "2023-01-01T00:00:00+00:00"
A = [make_money(100, "a"), make_money(70, "a", date="2022-05-01")]
B = [make_money(40, "b", date="2022-06-01")]


def age(path: Path) -> None:
    """Puts all that was done so far before the day of the question."""
    connection = sqlite3.connect(path)
    for table, column in (
        ("document", "added_at"), ("decision", "at"), ("reading", "replaced_at")
    ):  # fmt: skip
        connection.execute(f"UPDATE {table} SET {column} = ?", (LONG_AGO,))
    connection.commit()
    connection.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger of two documents, one decision on them, all of it of long ago."""
    place = tmp_path / "aid.db"
    with Ledger(place) as ledger:
        ledger.add(source_of(A), A)
        ledger.add(source_of(B), B)
        ledger.correct(A[1].figure_id, "Ann", value=60)
    age(place)
    return place


def moved(ledger: Ledger, since: str = SINCE) -> dict[str, float]:
    """What each cause did to the total of committed dollars, with before and after."""
    told = ledger.changes(since).totals.set_index("status")
    if told.empty:
        return {}
    row: dict[str, float] = told.loc["committed"].to_dict()  # type: ignore[assignment]
    assert row["difference"] == pytest.approx(row["after"] - row["before"])
    assert row["difference"] == pytest.approx(sum(row[cause] for cause in CAUSES))
    return {name: row[name] for name in ("before", "after", *CAUSES) if row[name]}


def test_nothing_changed(path: Path) -> None:
    with Ledger(path) as ledger:
        told = ledger.changes(SINCE)
    assert told.totals.empty
    assert told.figures.empty


def test_a_new_document(path: Path) -> None:
    new = [make_money(9, "c", date="2022-07-01")]
    with Ledger(path) as ledger:
        ledger.add(source_of(new), new)
        assert moved(ledger) == {"before": 200, "after": 209, NEW: 9}
        (row,) = ledger.changes(SINCE).figures.to_dict("records")
    assert (row["change"], row["figure_id"], row["cause"]) == ("added", new[0].figure_id, NEW)


def test_a_newer_version_takes_the_place_of_the_old_one(path: Path) -> None:
    newer = [make_money(45, "b", date="2022-06-01", start=7)]
    with Ledger(path) as ledger:
        ledger.add(source_of(newer), newer)
        assert moved(ledger) == {"before": 200, "after": 205, NEWER: 5}
        rows = ledger.changes(SINCE).figures
    assert dict(zip(rows["change"], rows["cause"], strict=True)) == {
        "added": NEWER, "removed": NEWER
    }  # fmt: skip


def test_another_reading_of_the_same_text(path: Path) -> None:
    anew = [make_money(40, "b", date="2022-06-01", start=B[0].start, status="delivered")]
    with Ledger(path) as ledger:
        assert ledger.add(source_of(B), anew).state == "reread"
        assert moved(ledger) == {"before": 200, "after": 160, READ_ANEW: -40}
        (row,) = ledger.changes(SINCE).figures.to_dict("records")
        assert (row["change"], row["cause"]) == ("changed", READ_ANEW)
        assert row["before"] == '{"status": "committed"}'
        assert row["after"] == '{"status": "delivered"}'
        ledger.add(source_of(B), B)  # and back again: three readings, two of them kept
        assert moved(ledger) == {}


def test_decisions_by_whom_and_why(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.reject(A[0].figure_id, "Ben", "of 2021")
        ledger.correct(B[0].figure_id, "Ann", value=50)
        assert moved(ledger) == {"before": 200, "after": 110, DECIDED: -90}
        found = ledger.changes(SINCE).figures.to_dict("records")
    rows = {row["figure_id"]: row for row in found}
    told = rows[A[0].figure_id]
    assert (told["cause"], told["who"], told["why"]) == (DECIDED, "Ben", "of 2021")
    assert "50" in rows[B[0].figure_id]["after"]


def test_all_causes_at_once_add_up(path: Path) -> None:
    new, newer = [make_money(9, "c", date="2022-07-01")], [make_money(45, "b", start=7)]
    anew = [A[0], make_money(71, "a", date="2022-05-01", start=A[1].start, text=A[1].text)]
    with Ledger(path) as ledger:
        ledger.add(source_of(new), new)
        ledger.add(source_of(newer), newer)
        ledger.add(source_of(A), anew)
        ledger.reject(new[0].figure_id, "Ann")
        found = moved(ledger)
    assert found == {"before": 200, "after": 205, NEW: 9, NEWER: 5, DECIDED: -9}


def test_a_moment_between_two_changes(path: Path) -> None:
    with Ledger(path) as ledger:
        assert moved(ledger, "2022-12-31") == {"after": 200, NEW: 210, DECIDED: -10}
        assert moved(ledger, "2023-01-01T00:00:01") == {}


def test_a_total_that_moved_without_a_cause_is_an_error(path: Path) -> None:
    with al.Ledger(path) as ledger:  # with the tree of items, as the command has it
        ledger.facts()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE fact SET value = value + 5 WHERE value = 40")
    connection.commit()
    connection.close()
    done = run("changes", "--ledger", path, "--since", SINCE)
    assert done.returncode == 1
    assert done.stderr == (
        "aidledger: the total of committed, USD moved by +5 without a cause: no document, reading "
        "or decision explains it\n"
    )


def test_a_figure_that_changed_without_a_cause_is_an_error() -> None:
    before, after = (
        State({"b": 1}, {1: 1}, to_frame(held).assign(document=1, position=0), empty(DECISIONS))
        for held in (B, [replace(B[0], status="delivered")])
    )
    assert changes(before, before, totals).figures.empty
    with pytest.raises(LedgerError, match=f"figure {B[0].figure_id} changed without a cause"):
        changes(before, after, totals)


def test_an_upgraded_ledger_says_from_when_on_it_knows(path: Path) -> None:
    connection = sqlite3.connect(path)
    for table in ("former_figure", "reading", "audit_passage", "audit_figure", "audit"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("UPDATE meta SET value = '4' WHERE key = 'schema_version'")
    connection.commit()
    connection.close()
    with Ledger(path) as ledger:
        assert ledger.decisions()["who"].tolist() == ["Ann"]
        with pytest.raises(LedgerError, match="changes are known from "):
            ledger.changes(SINCE)
        assert moved(ledger, "2100-01-01") == {}


def test_the_verb_says_what_the_method_does(path: Path) -> None:
    new = [make_figure("c", value=9)]
    with al.Ledger(path) as ledger:
        ledger.add(source_of(new), new)
        told = ledger.changes(SINCE, by="donor")
    asked = ("changes", "--ledger", path, "--since", SINCE, "--format", "jsonl")
    done = run(*asked, "--by", "donor")
    assert (done.returncode, done.stderr) == (0, TOLD)
    (row,) = records(done.stdout)
    assert row["donor"] == told.totals.iloc[0]["donor"] == "USA"
    assert row["new document"] == row["after"] == 9
    (figure,) = records(run(*asked, "--figures").stdout)
    assert figure["figure_id"] == new[0].figure_id


def test_what_is_no_day(path: Path) -> None:
    done = run("changes", "--ledger", path, "--since", "soon")
    assert done.returncode == 1
    assert done.stderr.startswith("aidledger: 'soon' is no day")

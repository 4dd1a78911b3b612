"""What takes the place of a stored text, and what does not: a piece of it, under the same id."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import aidledger as al
from command import ok, run
from ledger.figure import make_source
from ledger.ledger import Ledger
from ledger.store.documents import FRAGMENT, Added

LEAD = "Poland sent 14 tanks to Ukraine on 3 May 2023."
STORY = f"{LEAD}\n\n" + " ".join(f"The minister spoke of matter {n}." for n in range(60))
HEAD, TAIL = STORY[: len(STORY) // 2], STORY[len(STORY) // 2 :]


@pytest.fixture
def ledger(place: str) -> Iterator[Ledger]:
    with Ledger(place) as opened:
        yield opened


def add(ledger: Ledger, text: str, title: str | None = None, *, fragments: bool = False) -> Added:
    source = make_source(text, source_id="a", title=title)
    return ledger.add(source, al.extract(text, source_id="a", title=title), fragments=fragments)


@pytest.mark.parametrize(
    ("title", "text", "new_title"),
    [
        (None, "14 tanks", None),
        (None, LEAD, None),
        ("Tanks", LEAD, "Tanks"),  # a teaser with the headline of the story
        ("Tanks", f"  {LEAD.replace(' ', chr(10))}\n", "Tanks"),
        ("Tanks", HEAD, None),  # of another shape
        ("Tanks", TAIL, ""),
    ],
)
def test_a_fragment_takes_nobodys_place(
    ledger: Ledger, title: str | None, text: str, new_title: str | None
) -> None:
    add(ledger, STORY, title)
    before = ledger.figures(), ledger.sources()
    for _ in range(2):
        assert add(ledger, text, new_title) == Added("a", 1, "fragment", 0, remark=FRAGMENT)
        for then, now in zip(before, (ledger.figures(), ledger.sources()), strict=True):
            pd.testing.assert_frame_equal(then, now)


@pytest.mark.parametrize(
    ("title", "text", "new_title"),
    [
        ("Tanks", HEAD, "Tanks"),  # a correction that cuts a paragraph off
        (None, HEAD, None),  # the stored one has no title either
        ("Tanks", f"{HEAD} Corrected.", None),
        (None, STORY.replace("14", "41"), None),
        (None, STORY * 20, None),
    ],
)
def test_a_correction_is_a_version(
    ledger: Ledger, title: str | None, text: str, new_title: str | None
) -> None:
    add(ledger, STORY, title)
    added = add(ledger, text, new_title)
    assert (added.version, added.state, added.remark) == (2, "corrected", None)


def test_a_text_that_has_shrunk_is_a_version_and_remarked_on(ledger: Ledger) -> None:
    add(ledger, STORY)
    added = add(ledger, "Withdrawn: 4 tanks.")
    assert (added.version, added.state) == (2, "corrected")
    assert added.remark == f"its new text has 19 characters, the one before {len(STORY):,}"
    assert ledger.figures()["value"].tolist() == [4]
    assert ledger.sources()["superseded"].tolist() == [True, False]


def test_whoever_means_it_may_store_a_fragment(ledger: Ledger) -> None:
    add(ledger, STORY)
    added = add(ledger, LEAD, fragments=True)
    assert (added.version, added.state) == (2, "corrected")
    assert added.remark


def test_a_table_of_ones_own_may_lose_its_rows(ledger: Ledger) -> None:
    rows = [{"date": "2023-05-03", "tank": 4, "aircraft": 5, "helicopter": 1}] * 40
    columns = ("APC", "field artillery", "MRL", "military auto", "fuel tank", "drone", "naval ship",
               "anti-aircraft warfare", "special equipment", "mobile SRBM system",
               "vehicles and fuel tanks", "cruise missiles", "submarines", "personnel")  # fmt: skip
    table = pd.DataFrame(rows).assign(**dict.fromkeys(columns, ""))
    assert ledger.add_table(table, "daily-losses").state == "new"
    added = ledger.add_table(table[:1], "daily-losses")
    assert (added.version, added.state) == (2, "corrected")


def jsonl(path: Path, *rows: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_batch_says_what_it_did_not_take(tmp_path: Path) -> None:
    book = tmp_path / "a.db"
    first = jsonl(tmp_path / "1.jsonl", {"id": "a", "text": STORY}, {"id": "b", "text": STORY})
    ok("add", first, "--ledger", book)
    then = jsonl(
        tmp_path / "2.jsonl",
        {"id": "a", "text": LEAD},
        {"id": "b", "text": "Withdrawn: 4 tanks."},
        {"id": "c", "text": LEAD},
    )
    done = run("add", then, "--ledger", book)
    assert done.stdout == "3 documents (1 corrected, 1 fragment, 1 new), 2 figures\n"
    assert done.returncode == 1
    assert done.problems == [
        f"aidledger: {then}: a: {FRAGMENT}",
        f"aidledger: {then}: b: its new text has 19 characters, the one before {len(STORY):,}",
    ]
    assert f"1 skipped (1 a fragment of the stored text): {then}: a" in done.stderr
    with Ledger(book) as ledger:
        values = ledger.figures().groupby("source_id", sort=False)["value"].first()
    assert sorted(values) == [4, 14, 14]


@given(st.data())
def test_no_piece_supersedes_a_text_with_a_title(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(STORY) - 2))
    end = data.draw(st.integers(start + 1, len(STORY) - 1))
    piece = STORY[start:end]
    with Ledger(tmp_path_factory.mktemp("piece") / "a.db") as ledger:
        ledger.add(make_source(STORY, source_id="a", title="Tanks"), [])
        assert ledger.add(make_source(piece, source_id="a"), []).state == "fragment"

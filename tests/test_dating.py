"""The day of a document: a corpus of places where it may stand, and their order."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import run
from extractors.pipeline import extract_source
from extractors.readers.dating import day_in_name, day_in_text, day_in_url, day_of
from extractors.readers.read import read
from grammar import cases
from ledger.figure import sha256_of

READERS = {"text": day_in_text, "url": day_in_url, "name": day_in_name}


@pytest.mark.parametrize("case", cases("dating"))
def test_corpus(case: dict[str, Any]) -> None:
    assert READERS[case.get("where", "text")](case["text"]) == case.get("day")


ALL = {
    "metadata": "2022-01-01",
    "url": "https://example.org/2022/02/02/a",
    "text": "OSLO, March 3, 2022 – The convoy left.",
    "name": "2022-04-04.txt",
}


def test_the_surest_place_comes_first() -> None:
    known = dict(ALL)
    found = []
    for place in ALL:
        found.append(day_of(**known))
        known[place] = ""
    assert found == ["2022-01-01", "2022-02-02", "2022-03-03", "2022-04-04"]
    assert day_of(**known) is None


@given(st.text(), st.text(), st.text())
def test_any_words_are_a_day_or_none(url: str, text: str, name: str) -> None:
    day = day_of(metadata=None, url=url, text=text, name=name)
    assert day is None or date.fromisoformat(day)


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_in_every_place(day: date) -> None:
    iso = day.isoformat()
    assert day_in_name(f"a-{iso}.txt") == day_in_name(f"{day:%Y%m%d}.txt") == iso
    assert day_in_url(f"https://example.org/{day:%Y/%m/%d}/a") == iso
    for form in ("%d %B %Y", "%B %d, %Y", "%Y-%m-%d"):
        assert day_in_text(f"A heading\n\n{day.strftime(form)}\n") == iso
        assert day_in_text(f"LVIV, {day.strftime(form)} — The convoy left.") == iso


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_dateline_dates_a_document_and_stays_in_its_text(tmp_path: Path) -> None:
    path = written(tmp_path, "2022-04-04.txt", ALL["text"])
    [source] = read(path)
    assert (source.published, source.text) == ("2022-03-03", ALL["text"])
    assert source.source_id == sha256_of(source.text)
    assert [s.published for s in read(path, published="2021-05-05")] == ["2021-05-05"]


def test_the_name_of_a_file_is_the_last_to_be_asked(tmp_path: Path) -> None:
    [source] = read(written(tmp_path, "2022-04-04-a.txt", "The convoy left."))
    assert source.published == "2022-04-04"
    folder = tmp_path / "2022-05-05"
    folder.mkdir()
    [source] = read(written(folder, "a.txt", "The convoy left."))
    assert source.published is None


def test_lines_of_a_file_are_not_dated_by_its_name(tmp_path: Path) -> None:
    lines = '{"text": "The convoy left."}\n{"text": "A", "url": "https://example.org/2022/02/02/"}'
    first, second = read(written(tmp_path, "export-2022-10-04.jsonl", lines))
    assert (first.published, second.published) == (None, "2022-02-02")


def test_an_address_that_is_none_tells_no_day_and_stops_nothing(tmp_path: Path) -> None:
    lines = '{"text": "Four.", "url": "http://[2022/02/02/"}\n{"text": "Five."}'
    first, second = read(written(tmp_path, "a.jsonl", lines))
    assert (first.published, first.url) == (None, "http://[2022/02/02/")
    assert second.text == "Five."


def test_a_stated_date_that_is_none_is_no_remark_where_another_place_tells(tmp_path: Path) -> None:
    [source] = read(written(tmp_path, "2022-04-04.md", "---\ndate: 04/10/2022\n---\nFour."))
    assert source.published == "2022-04-04"


def test_the_day_on_which_a_file_was_made_comes_last() -> None:
    told = "OSLO, 8 June 2022 - The ministry promised 20 guns."
    assert (
        day_of(metadata=None, url=None, text=told, name="a.pdf", made="2026-11-22") == "2022-06-08"
    )
    assert (
        day_of(metadata=None, url=None, text="20 guns.", name="a.pdf", made="2022-06-09")
        == "2022-06-09"
    )


EMPTY = ("0001-01-01", "0001-01-01T00:00:00Z", "1899-12-31", "2101-01-01", "9999-12-31")


@pytest.mark.parametrize("day", EMPTY)
def test_the_empty_dates_of_other_systems_tell_nothing(day: str, tmp_path: Path) -> None:
    assert [day_of(**ALL | {"metadata": day}), day_of(**ALL | {"metadata": ""})] == [
        "2022-02-02", "2022-02-02",
    ]  # fmt: skip
    assert day_of(metadata=None, url=None, text="", name="", made=day) is None
    front = written(tmp_path, "a.md", f"---\ndate: {day}\n---\nLast year 4 tanks were sent.")
    page = f'<meta property="article:published_time" content="{day}"><p>Last year, 4 tanks.</p>'
    for path in (front, written(tmp_path, "a.html", page)):
        [source] = read(path)
        assert source.published is None
        [figure] = extract_source(source)
        assert (figure.text, figure.date) == ("4", None)
        assert read(path, published="2022-10-04")[0].published == "2022-10-04"


def test_a_later_place_tells_where_the_first_is_empty(tmp_path: Path) -> None:
    lines = '{"text": "Four tanks.", "published": "0001-01-01", "date": "2022-10-04"}'
    assert read(written(tmp_path, "a.jsonl", lines))[0].published == "2022-10-04"
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><published>0001-01-01T00:00:00Z'
        "</published><updated>2022-10-04T00:00:00Z</updated><summary>Four.</summary></entry></feed>"
    )
    assert read(written(tmp_path, "a.atom", feed))[0].published == "2022-10-04"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_is_no_date_is_named_once_a_run(jobs: str, tmp_path: Path) -> None:
    days = ["0001-01-01", "2022-10-04", "0001-01-01", "9999-12-31", "soon", "soon"]
    rows = (
        json.dumps({"text": f"Last year the US sent {n} tanks to Ukraine.", "published": day})
        for n, day in enumerate(days, 2)
    )
    path = written(tmp_path, "a.jsonl", "\n".join(rows))
    done = run("add", path, "--ledger", tmp_path / "a.db", "--jobs", jobs)
    assert (done.returncode, done.stdout) == (0, "6 documents (6 new), 6 figures\n")
    unread = f"aidledger: {path}: line {{}}: read without a date: {{!r}} {{}}"
    assert done.problems == [
        unread.format(1, days[0], "is outside 1900 to 2100"),
        unread.format(4, days[3], "is outside 1900 to 2100"),
        unread.format(5, days[4], "is not one"),
    ]
    assert "5 documents without a date" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2101"])
def test_a_day_that_is_given_is_one(day: str, tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", "Last year, 4 tanks.")
    done = run("extract", path, "--published", day)
    assert done.returncode == 2
    assert "no" in done.stderr
    assert day in done.stderr

"""Folders and feeds that are watched: what is new is added, and what that changed is said."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

import aidledger as al
from aidledger import watching
from command import ok, run
from extractors.readers.problem import Problem
from websites import Handler, Site

PLEDGE = "Norway will send four HIMARS to Ukraine.\n"
MORE = "Germany will send 14 Leopard tanks to Ukraine.\n"
FEED = """<rss version="2.0"><channel><title>Aid</title>{}</channel></rss>"""
ITEM = """<item><guid>https://example.org/{0}</guid><link>https://example.org/{0}</link>
<pubDate>Tue, 04 Oct 2022 10:00:00 GMT</pubDate><description>{1}</description></item>"""
ONE, TWO = ITEM.format(1, PLEDGE), ITEM.format(2, MORE)
RSS = "application/rss+xml"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def book(place: str) -> Iterator[al.Ledger]:
    with al.Ledger(place) as book:
        yield book


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


def lay(folder: Path, name: str, text: str) -> Path:
    """A file that was written an hour ago."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    hour_ago = path.stat().st_mtime - 3600
    os.utime(path, (hour_ago, hour_ago))
    return path


def looked(book: al.Ledger, *paths: str | Path, told: list[Problem] | None = None) -> al.Round:
    """One round."""
    tell = None if told is None else told.append
    return next(al.watch(book, paths, rounds=1, published="2022-10-04", tell=tell))


def test_what_is_new_in_a_folder_is_added_once(book: al.Ledger, inbox: Path) -> None:
    told: list[Problem] = []
    assert looked(book, inbox, told=told).lines() == []  # an empty folder is no problem
    lay(inbox, "a.txt", PLEDGE)
    first = looked(book, inbox, told=told)
    assert dict(first.done.states) == {"new": 1}
    assert first.lines()[1:] == ["  NOR to UKR: HIMARS committed 0 -> 4 (+4)"]
    assert looked(book, inbox, told=told).done.documents == 0
    lay(inbox, "b.txt", MORE)
    second = looked(book, inbox, told=told)
    assert dict(second.done.states) == {"new": 1}
    assert second.changes["donor"].tolist() == ["DEU"]
    assert second.changes["difference"].tolist() == [14]
    assert told == []


def test_a_total_that_grows_is_told_with_what_it_was(book: al.Ledger, inbox: Path) -> None:
    lay(inbox, "2022-10-04-a.txt", PLEDGE)
    looked(book, inbox)
    lay(inbox, "2022-11-20-b.txt", "Norway will send Ukraine six more HIMARS, it said on Sunday.\n")
    done = next(al.watch(book, [inbox], rounds=1, published="2022-11-20"))
    assert "  NOR to UKR: HIMARS committed 4 -> 10 (+6)" in done.lines()


def test_a_document_that_is_there_already_changes_nothing(book: al.Ledger, inbox: Path) -> None:
    lay(inbox, "a.txt", PLEDGE)
    looked(book, inbox)
    lay(inbox, "copy.txt", PLEDGE)
    found = looked(book, inbox)
    assert dict(found.done.states) == {"unchanged": 1}
    assert found.changes.empty
    assert len(found.lines()) == 1


def test_rounds_go_on_and_pause_between(book: al.Ledger, inbox: Path) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        lay(inbox, f"{len(pauses)}.txt", [PLEDGE, MORE][len(pauses) - 1])

    rounds = al.watch(book, [inbox], every=5, pause=pause)
    assert [found.done.documents for found in islice(rounds, 3)] == [0, 1, 1]
    assert pauses == [300, 300]


def test_what_cannot_be_read_is_told_once_until_it_changes(book: al.Ledger, inbox: Path) -> None:
    lay(inbox, "a.pdf", "no pdf")
    told: list[Problem] = []
    missing = inbox / "missing.txt"
    rounds = al.watch(book, [inbox, missing], rounds=2, tell=told.append, pause=lambda _: None)
    assert [found.done.documents for found in rounds] == [0, 0]
    assert sorted(Path(problem.path).name for problem in told) == ["a.pdf", "missing.txt"]
    lay(inbox, "a.pdf", "still no pdf")
    lay(inbox, "missing.txt", PLEDGE)
    told.clear()
    assert looked(book, inbox, missing, told=told).done.states["new"] == 1
    assert [Path(problem.path).name for problem in told] == ["a.pdf"]


def test_a_file_that_is_being_written_waits(
    book: al.Ledger, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = inbox / "a.txt"
    path.write_text(PLEDGE[:20], encoding="utf-8")
    waited: list[float] = []

    def write_on(seconds: float) -> None:
        waited.append(seconds)
        path.write_text(PLEDGE, encoding="utf-8")

    monkeypatch.setattr("time.sleep", write_on)
    assert looked(book, inbox).done.documents == 0
    assert waited == [watching.SETTLING]
    monkeypatch.setattr("time.sleep", waited.append)
    assert looked(book, inbox).done.documents == 1
    assert [source.text for source in book.documents()] == [PLEDGE]


def test_other_words_to_look_for_read_it_again(book: al.Ledger, inbox: Path) -> None:
    lay(inbox, "a.txt", PLEDGE)
    left_out = next(al.watch(book, [inbox], rounds=1, containing=["tanks"]))
    assert left_out.done.documents == 0
    assert looked(book, inbox).done.states == {"new": 1}


def asks(site: Site, path: str) -> list[dict[str, str]]:
    """The headers of every request for a path."""
    return [headers for asked, headers in site.asked if asked == path]


@pytest.mark.parametrize(
    ("sent", "asked"),
    [
        ({"ETag": '"v1"'}, {"If-None-Match": '"v1"'}),
        (
            {"Last-Modified": "Tue, 04 Oct 2022 10:00:00 GMT"},
            {"If-Modified-Since": "Tue, 04 Oct 2022 10:00:00 GMT"},
        ),
    ],
)
def test_a_feed_is_asked_for_what_is_newer(
    book: al.Ledger, site: Site, sent: dict[str, str], asked: dict[str, str]
) -> None:
    site.page("/feed", FEED.format(ONE).encode(), RSS, 200, **sent)
    hosts = al.Reading(hosts=frozenset((site.host,)))
    [first] = al.watch(book, [f"{site.url}/feed"], rounds=1, reading=hosts)
    assert dict(first.done.states) == {"new": 1}

    def unless_new(request: Handler) -> None:
        same = all(request.headers[name] == value for name, value in asked.items())
        request.send_response(304 if same else 200)
        request.end_headers()

    site.answers["/feed"] = unless_new
    [second] = al.watch(book, [f"{site.url}/feed"], rounds=1, reading=hosts)
    assert (second.done.documents, second.done.problems) == (0, ())
    plain, conditional = asks(site, "/feed")
    assert not {"If-None-Match", "If-Modified-Since"} & {*plain}
    assert asked.items() <= conditional.items()

    site.page("/feed", FEED.format(ONE + TWO).encode(), RSS, ETag='"v2"')
    [third] = al.watch(book, [f"{site.url}/feed"], rounds=1, reading=hosts)
    assert dict(third.done.states) == {"new": 1, "unchanged": 1}
    assert third.changes["donor"].tolist() == ["DEU"]
    assert {source.source_id for source in book.documents()} == {
        "https://example.org/1", "https://example.org/2",
    }  # fmt: skip


def test_a_feed_without_a_version_is_told_by_its_bytes(book: al.Ledger, site: Site) -> None:
    site.page("/feed", FEED.format(ONE).encode(), RSS)
    hosts = al.Reading(hosts=frozenset((site.host,)))
    rounds = al.watch(book, [f"{site.url}/feed"], rounds=2, reading=hosts, pause=lambda _: None)
    assert [found.done.documents for found in rounds] == [1, 0]
    assert len(asks(site, "/feed")) == 2


def test_an_address_that_gives_no_answer_is_asked_again(book: al.Ledger, site: Site) -> None:
    hosts = al.Reading(hosts=frozenset((site.host,)))
    told: list[Problem] = []

    def mend(_: float) -> None:
        if len(asks(site, "/feed")) == 2:
            site.page("/feed", FEED.format(ONE).encode(), RSS)

    rounds = al.watch(
        book, [f"{site.url}/feed"], rounds=3, reading=hosts, tell=told.append, pause=mend
    )
    assert [found.done.documents for found in rounds] == [0, 0, 1]
    assert [problem.cause for problem in told] == ["the server answers 404 Not Found"]


@pytest.mark.parametrize(("paths", "every"), [(["-"], 15), (["inbox"], 0), (["inbox"], -1)])
def test_what_cannot_be_watched(book: al.Ledger, paths: list[str], every: float) -> None:
    with pytest.raises(ValueError, match=r"cannot be watched|minutes apart"):
        next(al.watch(book, paths, every=every))


def test_the_command_takes_one_round(inbox: Path, tmp_path: Path) -> None:
    once = ("watch", inbox, "--ledger", tmp_path / "aid.db", "--once")
    lay(inbox, "2022-10-04-a.txt", PLEDGE)
    head, change = ok(*once).splitlines()
    assert head.endswith(": 1 document (1 new), 1 figure")
    assert change == "  NOR to UKR: HIMARS committed 0 -> 4 (+4)"
    assert ok(*once) == "nothing new\n"
    lay(inbox, "b.pdf", "no pdf")
    done = run(*once)
    assert done.returncode == 1
    assert len(done.problems) == 1
    assert "b.pdf" in done.problems[0]
    assert run("watch", "-", "--ledger", tmp_path / "aid.db", "--once").returncode == 2

"""The review page as those use it who decide: by the keyboard in a real browser, two at once; and
what the server refuses."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

import aidledger as al
from aidledger.review_server.card import beside, cards
from aidledger.review_server.desk import Desk, changes_of, decisions_of
from aidledger.review_server.guard import Session
from aidledger.review_server.serving import serve_review
from chromium import BROWSER, Chromium
from command import run
from extractors.text.surroundings import around
from factory import make_money, source_of
from ledger.errors import LedgerError
from ledger.figure import Figure, Source
from test_page import EVIL
from test_queue import money

TEXT = (
    "Talks went on all night. The ministers met at noon. The United States will send $400 million "
    "in military aid. Of this, $150 million is for drones. It comes in spring. Nobody said more."
)
AGAIN = "Washington repeated its offer. It sends $400 million to Kyiv. Questions were not taken."


def stated(amount: str, value: float, text: str, source_id: str, **more: Any) -> Figure:
    start = text.index(amount)
    place = {"start": start, "end": start + len(amount), "text": amount, "sentence": text[:90]}
    return money(value, source_id, **(place | more))


def documents() -> list[tuple[Source, list[Figure]]]:
    doubted = {"status": (0.6, "delivered", 0.39)}
    whole = stated("$400 million", 4e8, TEXT, "a", told=doubted, confidence=0.6)
    part = stated("$150 million", 1.5e8, TEXT, "a", told={"donor": (0.8, "GBR", 0.2)},
                  confidence=0.8)  # fmt: skip
    again = stated("$400 million", 4e8, AGAIN, "b", date="2022-10-12")
    hostile = f"{EVIL} and 90 of {EVIL}"
    evil = replace(stated("90", 90, hostile, "c", date="2021-05-01"), item=EVIL, attribution=EVIL)
    return [
        (source_of([whole, part], text=TEXT, title="Talks"), [whole, part]),
        (source_of(again, text=AGAIN, title="Offer"), [again]),
        (source_of(evil, text=hostile, title=EVIL, publisher=EVIL), [evil]),
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with al.Ledger(tmp_path / "aid.db") as book:
        for source, figures in documents():
            book.add(source, figures)
    return tmp_path / "aid.db"


@dataclass
class Served:
    """A running server: its address with the token, and a client that has been there."""

    url: str

    @property
    def home(self) -> str:
        return self.url.partition("?")[0]

    @property
    def host(self) -> str:
        return self.home.removeprefix("http://").rstrip("/")

    def ask(
        self, method: str, path: str, fields: dict[str, str] | None = None, **headers: str | None
    ) -> http.client.HTTPResponse:
        """One request; header names are written with ``_``, None leaves one out."""
        connection = http.client.HTTPConnection(self.host)
        sent = {"Host": self.host} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        connection.putrequest(method, path, skip_host=True)
        body = urlencode(fields or {}).encode()
        if method == "POST":
            sent |= {"Content-Type": "application/x-www-form-urlencoded",
                     "Content-Length": str(len(body))}  # fmt: skip
        for name, value in sent.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(body if method == "POST" else None)
        return connection.getresponse()

    def cookie(self) -> str:
        """The cookie of a new session."""
        answer = self.ask("GET", "/" + self.url.removeprefix(self.home))
        assert (answer.status, answer.getheader("Location")) == (303, "/")
        return str(answer.getheader("Set-Cookie")).partition(";")[0]


Serve = Callable[..., Served]


@pytest.fixture
def serve(path: Path) -> Iterator[Serve]:
    running: list[subprocess.Popen[str]] = []

    def start(*options: str) -> Served:
        command = [sys.executable, "-m", "aidledger", "review", "serve", "--ledger", str(path),
                   "--who", "Ann", *options]  # fmt: skip
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        running.append(server)
        assert server.stdout is not None
        return Served(server.stdout.readline().strip())

    yield start
    for server in running:
        server.send_signal(signal.SIGINT)
        server.wait(20)
        assert server.stdout is not None
        server.stdout.close()


def made_on(path: Path) -> list[tuple[str, str, str]]:
    """The decisions: who, what, and the changes."""
    with al.Ledger(path) as book:
        held = book.decisions()
    return list(zip(held["who"], held["action"], held["changes"], strict=True))


@pytest.fixture(scope="module")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Chromium, Chromium]]:
    if BROWSER is None:
        pytest.skip("Chromium is not installed")
    with (
        Chromium(tmp_path_factory.mktemp("ann")) as ann,
        Chromium(tmp_path_factory.mktemp("ben")) as ben,
    ):
        yield ann, ben


def told(page: Chromium, words: str) -> str:
    """What the page says once it says something with these words."""
    says = f"document.getElementById('told')?.textContent.includes({words!r})"
    page.until(f"document.readyState == 'complete' && {says}")
    return str(page.value("document.getElementById('told').textContent"))


def test_the_keyboard_alone_accepts_corrects_undoes_and_joins(
    browsers: tuple[Chromium, Chromium], serve: Serve, path: Path
) -> None:
    page, served = browsers[0], serve()
    page.visit(served.url)
    assert page.value("location.href") == served.home  # the token is gone from the address
    assert page.value("document.querySelector('mark').textContent") == "$400 million"
    passage = page.value("document.querySelector('blockquote').textContent").strip()
    assert passage == TEXT.removesuffix(" Nobody said more.")
    assert "if wrong, usa to ukr committed falls by usd 400 million" in page.value(
        "document.querySelector('.effect').textContent.toLowerCase()"
    )

    page.press("c")  # the least sure field, its runner-up behind what it holds
    assert page.value("document.activeElement.name") == "new_status"
    assert page.value("[...document.activeElement.options].slice(0, 2).map(o => o.value)") == [
        "committed", "delivered",
    ]  # fmt: skip
    page.press("d")
    page.until("document.activeElement.value == 'delivered'")
    page.press("Enter")
    assert "USA to UKR committed falls by USD 400 million" in told(page, "Corrected.")
    assert made_on(path)[-1] == ("Ann", "correct", '{"status": "delivered"}')

    page.press("u")
    assert "USA to UKR committed rises by USD 400 million" in told(page, "Undone.")
    assert page.value("document.querySelector('[name=new_status]').value") == "committed"
    assert made_on(path)[-1] == ("Ann", "undo", '{"undoes": 1}')

    page.press("a")
    told(page, "Accepted.")
    assert made_on(path)[-1][:2] == ("Ann", "accept")
    assert page.value("document.querySelector('mark').textContent") == "$150 million"

    page.press("p")
    page.until("document.querySelector('#pick-part').open")
    page.press("s")
    page.until("document.querySelector('#pick-same').open")
    page.press("1")
    told(page, "Joined.")
    first = documents()[0][1][0].figure_id
    assert made_on(path)[-1] == ("Ann", "correct", f'{{"same_as": "{first}"}}')
    assert page.said == []


def test_what_a_figure_may_belong_to_is_offered_first(tmp_path: Path) -> None:
    whole, near = money(900, "a"), money(500, "a")
    one = money(300, "a", told={"part_of": (0.6, whole.figure_id, 0.3)})
    with al.Ledger(tmp_path / "aid.db") as book:
        book.add(source_of([whole, near, one]), [whole, near, one])
        entry = book.review_queue().of_figure(one.figure_id)
        assert entry is not None
        with book.snapshot() as now:
            offered = beside(now, cards(now, entry)[0]).figures
    assert [figure.figure_id for figure in offered] == [whole.figure_id, near.figure_id]


def test_runner_ups_have_keys_and_next_leaves_for_later(
    browsers: tuple[Chromium, Chromium], serve: Serve, path: Path
) -> None:
    page, served = browsers[0], serve("--where", "unit=USD")
    page.visit(served.url)
    page.press("n")
    told(page, "Left for later.")
    assert made_on(path)[-1][:2] == ("Ann", "skip")
    assert page.value("document.querySelector('mark').textContent") == "$150 million"
    page.press("w")
    for letter in "see text":
        page.press(letter)
    page.press("Enter")
    page.press("1")
    told(page, "Corrected.")
    assert made_on(path)[-1] == ("Ann", "correct", '{"donor": "GBR"}')
    with al.Ledger(path) as book:
        assert book.decisions()["why"].tolist()[-1] == "see text"


def test_a_pair_stands_side_by_side_and_a_key_makes_it_one(
    browsers: tuple[Chromium, Chromium], serve: Serve, path: Path
) -> None:
    page, served = browsers[0], serve()
    with al.Ledger(path) as book:
        pair = next(e for e in book.review_queue().entries() if e.kind == "same")
    page.visit(served.url)
    page.visit(f"{served.home}entry/{pair.item}")
    assert page.value("document.querySelectorAll('.pair section').length") == 2
    assert page.value("[...document.querySelectorAll('.differs')].map(e => e.textContent)") == [
        "2022-10-12", "2022-10-03",
    ]  # fmt: skip
    page.press("s")
    assert "falls by USD 400 million" in told(page, "Joined.")
    with al.Ledger(path) as book:
        assert len(book.facts().query("value == 4e8")) == 1


def three_packages(book: al.Ledger) -> list[str]:
    """The figures of three documents that tell of one amount at three dates, added to a ledger."""
    told = [make_money(4e8, name, date=f"2022-10-{day:02}", date_stated=True)
            for name, day in (("a", 3), ("b", 13), ("c", 23))]  # fmt: skip
    for figure in told:
        book.add(source_of([figure]), [figure])
    return [figure.figure_id for figure in told]


def test_a_figure_said_to_repeat_two_others_joins_all_three(tmp_path: Path) -> None:
    with al.Ledger(tmp_path / "aid.db") as book:
        first, second, third = three_packages(book)
        desk, session = Desk(book, book.review_queue()), Session("Ann")
        item = next(e.item for e in book.review_queue().entries() if e.figure_id == first)
        for target in (second, third):
            assert desk.decide(session, item, {"action": "same", "target": target}), session.told
        assert book.facts()["mentions"].tolist() == [3]
        assert not desk.decide(session, item, {"action": "same", "target": third})
        assert "one already" in session.told


def test_the_origin_of_a_repeat_stays_rejected(tmp_path: Path) -> None:
    with al.Ledger(tmp_path / "aid.db") as book:
        first, second, third = three_packages(book)
        book.correct(first, "Ann", same_as=second)
        book.reject(second, "Ben")
        desk, session = Desk(book, book.review_queue()), Session("Ann")
        item = next(e.item for e in book.review_queue().entries(decided=True)
                    if e.figure_id == first)  # fmt: skip
        form = {"action": "same", "target": third, "seen": "1"}
        assert desk.decide(session, item, form), session.told
        reviews = book.figures().set_index("figure_id")["review"]
        assert reviews[second] == "rejected"
        assert book.facts()["mentions"].tolist() == [2]


def test_hostile_text_stays_text_also_on_a_phone(
    browsers: tuple[Chromium, Chromium], serve: Serve
) -> None:
    page, served = browsers[0], serve()
    page.visit(served.url)
    page.said.clear()  # of the page of a server that is gone
    page.visit(f"{served.home}entry/3")
    assert page.value("document.querySelector('h1').textContent").endswith(EVIL)
    assert EVIL in page.value("document.querySelector('blockquote').textContent")
    assert page.value("document.querySelector('[name=new_item]').value") == EVIL
    page.press("d")
    page.until("location.pathname == '/document/3' && document.readyState == 'complete'")
    assert page.value("document.querySelector('.text').textContent").startswith(EVIL)
    page.visit(f"{served.home}queue")
    assert page.value("window.hacked") is None
    assert page.value("document.querySelectorAll('img, iframe, object').length") == 0
    assert page.said == []
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    page.call("Emulation.setDeviceMetricsOverride", **size)
    widths = set()
    for place in ("", "entry/3", "queue", "document/3"):
        page.visit(served.home + place)
        widths.add(page.value("document.documentElement.scrollWidth"))
    page.call("Emulation.clearDeviceMetricsOverride")
    assert widths == {390}


def test_two_people_at_once(browsers: tuple[Chromium, Chromium], serve: Serve, path: Path) -> None:
    (ann, ben), served = browsers, serve()
    for page in (ann, ben):
        page.visit(served.url)
    ben.value("document.querySelector('[name=who]').value = 'Ben'")
    ben.value("document.querySelector('.who').requestSubmit()")
    ben.until(
        "document.readyState == 'complete' && performance.getEntriesByType('navigation')[0]"
        ".type == 'navigate' && document.querySelector('[name=who]').defaultValue == 'Ben'"
    )
    here = "document.getElementById('decision')?.dataset.item"
    assert ann.value(here) == ben.value(here)
    ben.press("r")
    told(ben, "Rejected.")
    ann.press("a")
    told(ann, "Ben has decided on this meanwhile (reject): nothing was stored")
    assert "Ben: reject" in ann.value("document.querySelector('.notice').textContent")
    assert [one[:2] for one in made_on(path)] == [("Ben", "reject")]
    ann.press("a")  # having seen it, Ann decides otherwise
    told(ann, "Accepted.")
    assert [one[:2] for one in made_on(path)] == [("Ben", "reject"), ("Ann", "accept")]
    with al.Ledger(path) as book:  # and somebody without the page
        looked_at = book.review_queue().entry(int(ann.value(here)))
        book.accept(looked_at.figure_id, "Cem", "as in the release")
    ann.until("document.getElementById('meanwhile').textContent.includes('Cem has decided')")


def test_who_comes_from_elsewhere_is_refused(serve: Serve, path: Path) -> None:
    served = serve()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{32}", served.url)
    cookie, decide = served.cookie(), {"action": "accept", "seen": "0"}
    own = f"http://{served.host}"
    for path_ in ("/", "/queue", "/entry/0", "/document/0", "/web/review.js", "/?token=x"):
        assert served.ask("GET", path_).status == 403
        assert served.ask("GET", path_, Cookie=cookie.partition("=")[0] + "=guess").status == 403
    for host in ("evil.example", "127.0.0.1", f"evil.example:{served.host.partition(':')[2]}"):
        assert served.ask("GET", "/", Host=host, Cookie=cookie).status == 421
        assert (
            served.ask("GET", "/" + served.url.removeprefix(served.home), Host=host).status == 421
        )
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1", None):
        answer = served.ask("POST", "/entry/0", decide, Cookie=cookie, Origin=origin)
        assert answer.status == 403
        assert served.ask("POST", "/undo", Cookie=cookie, Origin=origin).status == 403
    assert served.ask("POST", "/entry/0", decide, Origin=own).status == 403
    assert made_on(path) == []
    assert served.ask("POST", "/entry/0", decide, Cookie=cookie, Origin=own).status == 303
    assert [one[:2] for one in made_on(path)] == [("Ann", "accept")]


def test_what_the_server_answers(serve: Serve, path: Path) -> None:
    served = serve()
    answer = served.ask("GET", "/" + served.url.removeprefix(served.home))
    assert re.search(r"; HttpOnly; Path=/; SameSite=strict$", str(answer.getheader("Set-Cookie")))
    cookie, own = served.cookie(), f"http://{served.host}"
    page = served.ask("GET", "/", Cookie=cookie)
    policy = str(page.getheader("Content-Security-Policy"))
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "unsafe" not in policy
    assert page.getheader("Cache-Control") == "no-store"
    html = page.read().decode()
    assert not re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", html)
    for item in ("9999", "-1", "x"):
        assert served.ask("GET", f"/entry/{item}", Cookie=cookie).status == 404
    wrong = [{"action": "nonsense"}, {"action": "correct"}, {"action": "same"}, {},
             {"action": "accept", "seen": "x"}, {"action": "same", "target": "none"},
             {"action": "correct", "new_date": "soon", "old_date": ""},
             {"choose": "sentence=x"}]  # fmt: skip
    for fields in wrong:
        answer = served.ask("POST", "/entry/0", fields, Cookie=cookie, Origin=own)
        assert (answer.status, answer.getheader("Location")) == (303, "/entry/0"), fields
        shown = served.ask("GET", "/entry/0", Cookie=cookie).read().decode()
        assert "Nothing was stored: " in shown
    assert made_on(path) == []


def test_one_line_where_it_cannot_be_served(path: Path, tmp_path: Path) -> None:
    with al.Ledger(path) as book, pytest.raises(LedgerError, match="needs the name of who"):
        serve_review(book, " ")
    done = run("review", "serve", "--ledger", path, "--who", "Ann", "--by", "nonsense")
    assert (done.returncode, len(done.problems)) == (1, 1)
    with socket.socket() as taken, al.Ledger(path) as book:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LedgerError, match=f"port {port}: address already in use"):
            serve_review(book, "Ann", port=port)
    missing = run("review", "serve", "--ledger", tmp_path / "none.db", "--who", "Ann")
    assert missing.returncode == 1


@pytest.mark.parametrize(
    ("text", "word", "shown"),
    [
        ("One. Two. Three 5 here. Four. Five. Six.", "5", "One. Two. Three 5 here. Four. Five."),
        ("One 5.\n\nNext one.\n\nThird.\n\nFourth.", "5", "One 5.\n\nNext one.\n\nThird."),
        ("5", "5", "5"),
        ("\n\n  7 tanks  \n\n", "7", "7 tanks"),
    ],
)  # fmt: skip
def test_two_sentences_around(text: str, word: str, shown: str) -> None:
    start = text.index(word)
    first, last = around(text, start, start + len(word))
    assert text[first:last].strip() == shown


def test_what_a_form_changes() -> None:
    form = {"new_status": "delivered", "old_status": "committed", "new_donor": " USA ",
            "old_donor": "USA", "new_date": "", "old_date": "2022"}  # fmt: skip
    assert changes_of(form) == {"status": "delivered", "date": None}
    assert changes_of({"choose": "party=", **form}) == {"party": None}


def test_what_was_read_alike_is_decided_together(tmp_path: Path) -> None:
    with al.Ledger(tmp_path / "aid.db") as book:
        figures = [make_money(7e6, name, date=None) for name in "abc"]
        for figure in figures:
            book.add(source_of(figure), [figure])
        entry = book.review_queue().first()
        assert entry is not None
        together = decisions_of(entry, {"action": "reject", "alike": "1", "why": "of 2019"})
        assert {one.figure_id for one in together} == {figure.figure_id for figure in figures}
        assert {(one.action, one.why) for one in together} == {("reject", "of 2019")}
        assert len(decisions_of(entry, {"action": "reject"})) == 1

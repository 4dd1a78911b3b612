"""The page: nothing lost, nothing injected, and used as a reader would in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chromium import BROWSER, Chromium
from factory import make_figure, make_money, source_of
from ledger.figure import Figure, Source
from ledger.table import to_frame
from reports.page.marked import Span, pieces, printable
from reports.page.page import write_page

EVIL = '"><img src=x onerror="window.hacked=1"><script>window.hacked=2</script>{{ 7*7 }}'
FOUR = make_figure("a", start=10, value=4, date="2022-10-04", status="delivered")
FIGURES = [
    FOUR,
    make_figure("a", start=50, value=20, date="2022-10-04", status="delivered", basis="total",
                includes=[FOUR.figure_id]),
    make_money(625_000_000, "a", start=90, date="2022-10-04", attribution=EVIL),
    make_money(2_200_000_000, "b", start=5, donor="DEU", unit="EUR", item=EVIL),
]  # fmt: skip


def sources() -> list[Source]:
    hostile = EVIL + "</script></style><!-- x" + "y" * 1_000_000
    return [
        source_of(FIGURES[:3], title="Four more", url="https://example.org/a"),
        source_of(FIGURES[3:], title=EVIL, url="javascript:window.hacked=3", publisher=EVIL),
        source_of([], source_id="long", title="A long line", text=hostile + "\x00\ud800"),
    ]


def written(folder: Path, **options: Any) -> Path:
    options = {"title": "Aid", "as_of": "2022-12-31T12:00:00"} | options
    cues = options.pop("cues", {})
    four = replace(FOUR, cues=cues, confidence=0.812)
    return write_page(folder / "aid.html", sources(), to_frame([four, *FIGURES[1:]]), **options)


class Tags(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(path: Path) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser.found


def test_documents_cannot_add_an_element(tmp_path: Path) -> None:
    path = written(tmp_path, title=EVIL, origin=EVIL, cues={"item": EVIL})
    found = tags(path)
    assert [tag for tag, _ in found].count("script") == 2
    assert not [tag for tag, _ in found if tag in ("img", "iframe", "object", "base", "link")]
    assert not [name for _, attrs in found for name in attrs if name.startswith("on")]
    hrefs = [attrs["href"] or "" for tag, attrs in found if tag == "a" and "href" in attrs]
    assert all(href.startswith(("#", "https://example.org/")) for href in hrefs)
    assert "49" not in re.findall(r"\{\{ 7\*7 \}\}|49", path.read_text(encoding="utf-8"))


def test_the_page_needs_no_network(tmp_path: Path) -> None:
    for tag, attrs in tags(written(tmp_path)):
        assert "src" not in attrs, tag
        assert tag != "link"


def test_every_link_leads_somewhere(tmp_path: Path) -> None:
    found = tags(written(tmp_path))
    ids = [attrs["id"] for _, attrs in found if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = [
        (attrs["href"] or "")[1:] for _, attrs in found if (attrs.get("href") or "")[:1] == "#"
    ]
    assert set(targets) <= set(ids)
    assert {f"f-{figure.figure_id}" for figure in FIGURES} <= set(ids)


def test_the_same_ledger_writes_the_same_page(tmp_path: Path) -> None:
    assert written(tmp_path).read_bytes() == written(tmp_path).read_bytes()


def test_without_figures_there_is_a_page_too(tmp_path: Path) -> None:
    path = write_page(tmp_path / "none.html", [], to_frame([]))
    assert "0 figures, 0 facts" in path.read_text(encoding="utf-8")


def spans(length: int) -> st.SearchStrategy[list[Span]]:
    places = st.tuples(st.integers(-2, length + 2), st.integers(-2, length + 2))
    return st.lists(places, max_size=6).map(
        lambda found: [Span(str(n), start, end) for n, (start, end) in enumerate(found)]
    )


@given(st.data(), st.text(max_size=30))
def test_pieces_are_the_text_and_hold_each_figure_in_it(data: st.DataObject, text: str) -> None:
    marked = data.draw(spans(len(text)))
    found = list(pieces(text, marked))
    assert "".join(piece.text for piece in found) == printable(text)
    ids = [figure_id for piece in found for figure_id in piece.figure_ids]
    inside = [span.figure_id for span in marked if 0 <= span.start < span.end <= len(text)]
    assert sorted(ids) == sorted(inside)


def test_figures_that_overlap_share_a_mark() -> None:
    found = pieces("about $5 million each", [Span("a", 6, 16), Span("b", 7, 8), Span("c", 17, 21)])
    assert [(piece.text, piece.figure_ids) for piece in found] == [
        ("about ", ()), ("$5 million", ("a", "b")), (" ", ()), ("each", ("c",)),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    if BROWSER is None:
        pytest.skip("Chromium is not installed")
    with Chromium(tmp_path_factory.mktemp("browser")) as chromium:
        yield chromium


@pytest.fixture
def page(browser: Chromium, tmp_path: Path) -> Chromium:
    browser.said.clear()
    browser.open(written(tmp_path, cues={"status": "has delivered"}))
    return browser


def mark(figure: Figure) -> str:
    return f"document.getElementById('f-{figure.figure_id}')"


def later(expression: str) -> str:
    """What the expression comes to when the page has done what is waiting."""
    return f"new Promise(done => setTimeout(() => done({expression}), 100))"


def choose(page: Chromium, name: str, value: str) -> None:
    page.value(
        f"(() => {{ const field = document.querySelector('[name={name}]'); field.value = '{value}';"
        "field.dispatchEvent(new Event('input', {bubbles: true})); })()"
    )


def shown(page: Chromium, selector: str) -> int:
    found = f"[...document.querySelectorAll('{selector}')].filter(e => !e.closest('[hidden]'))"
    return int(page.value(f"{found}.length"))


def test_nothing_runs_and_nothing_is_said(page: Chromium) -> None:
    assert page.value("window.hacked") is None
    assert page.said == []
    text = page.value("document.querySelectorAll('.text')[2].textContent")
    assert text.startswith(EVIL + "</script></style><!-- x")
    assert len(text) > 1_000_000


def test_the_card_shows_fields_and_cue_words(page: Chromium) -> None:
    where = page.value(
        f"(() => {{ const m = {mark(FOUR)}; m.scrollIntoView({{block: 'center'}});"
        "const r = m.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()"
    )
    assert page.value("document.getElementById('card').hidden")
    page.move(*where)
    card = page.value("document.getElementById('card').innerText")
    assert "HIMARS" in card
    assert "delivered (has delivered)" in card
    assert re.search(r"confidence\s+0\.812", card)
    page.move(1, 1)
    assert page.value("document.getElementById('card').hidden")


def test_the_keyboard_reaches_every_figure(page: Chromium) -> None:
    page.press("j")
    assert page.value(f"document.activeElement === {mark(FIGURES[0])}")
    page.press("j")
    assert page.value(f"document.activeElement === {mark(FIGURES[1])}")
    assert not page.value("document.getElementById('card').hidden")
    page.press("Escape")
    assert page.value("document.getElementById('card').hidden")
    page.press("k")
    assert page.value(f"document.activeElement === {mark(FIGURES[0])}")
    page.press("Tab")
    assert page.value(f"document.activeElement === {mark(FIGURES[1])}")


def test_filters_leave_what_agrees(page: Chromium) -> None:
    assert shown(page, "article") == 3
    choose(page, "donor", "DEU")
    assert (shown(page, "article"), shown(page, "mark:not(.off)")) == (1, 1)
    assert page.value("document.querySelector('output').textContent") == "1 figure, 1 fact"
    choose(page, "donor", "")
    choose(page, "words", "himars")
    assert shown(page, "mark:not(.off)") == 2
    page.value("document.querySelector('button[type=reset]').click()")
    assert page.value(later("document.querySelectorAll('mark.off').length")) == 0


def test_a_sum_leads_to_its_facts_and_these_to_the_sentence(page: Chromium) -> None:
    href = page.value("document.querySelector('.sum a').getAttribute('href')")
    assert href.startswith("#fact-")
    to_sentence = page.value(f"document.getElementById('{href[1:]}').querySelector('a').hash")
    page.value(f"location.hash = '{to_sentence}'")
    assert page.value(later("document.activeElement.tagName")) == "MARK"
    assert page.value("'#' + document.activeElement.id") == to_sentence


def test_a_phone_needs_no_scrolling_sideways(page: Chromium) -> None:
    size = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    page.call("Emulation.setDeviceMetricsOverride", **size)
    width = page.value("document.documentElement.scrollWidth")
    page.call("Emulation.clearDeviceMetricsOverride")
    assert width == 390

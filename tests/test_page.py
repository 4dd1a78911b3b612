"""The page: nothing lost, nothing injected, and used as a reader would in a real browser."""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chromium import BROWSER, Chromium
from factory import make_figure, make_money, source_of
from ledger.dedupe import merge
from ledger.figure import Figure, Source
from ledger.table import to_frame
from ledger.totals import totals
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
    assert [tag for tag, _ in found].count("script") == 4
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


def rows(page: Chromium, table: str = "#sum-table") -> list[list[str]]:
    """The cells of a table's rows, as they are read."""
    cells = "[...row.cells].map(cell => cell.textContent)"
    found = f"[...document.querySelectorAll('{table} tbody tr:not(.opened)')].map(row => {cells})"
    return [list(map(str, row)) for row in page.value(found)]


def test_a_sum_opens_into_its_facts_and_these_into_sentences(page: Chromium) -> None:
    page.value("document.querySelector('#sum-table .open').click()")
    facts = rows(page, "#sum-table .opened table")
    assert [row[0] for row in facts] == ["4 HIMARS"]
    page.value("document.querySelector('#sum-table .opened .open').click()")
    place = "#sum-table .opened .sentences"
    assert "four more HIMARS" in page.value(f"document.querySelector('{place} q').textContent")
    page.value(f"document.querySelector('{place} a').click()")
    assert page.value(later("document.activeElement === " + mark(FOUR)))
    page.value("document.querySelector('#sum-table .open').click()")
    assert page.value("document.querySelectorAll('#sum-table .opened').length") == 0


def test_the_address_keeps_a_filter(page: Chromium, browser: Chromium, tmp_path: Path) -> None:
    choose(page, "donor", "USA")
    choose(page, "by", "donor")
    page.value("document.querySelector('#sum-table th[data-sort=best] button').click()")
    assert page.value("location.hash") == "#donor=USA&by=donor&sort=-best"
    before = rows(page)
    browser.open(written(tmp_path), "#donor=USA&by=donor&sort=-best")
    assert rows(browser) == before
    assert browser.value("document.querySelector('[name=donor]').value") == "USA"
    assert shown(browser, "article") == 1
    browser.value("location.hash = '#donor=DEU'")
    assert (
        browser.value(later("document.querySelector('output').textContent")) == "1 figure, 1 fact"
    )
    browser.value("location.hash = '#donor=united states'")
    assert browser.value(later("document.querySelector('[name=donor]').value")) == "USA"
    browser.value("location.hash = '#donor=Atlantis'")
    assert browser.value(later("document.querySelector('output').textContent")) == (
        "0 figures, 0 facts"
    )
    assert browser.said == []


def test_columns_sort_both_ways(page: Chromium) -> None:
    head = "document.querySelector('#sum-table th[data-sort=best]')"
    page.value(f"{head}.firstChild.click()")
    down = [row[2] for row in rows(page)]
    assert down == ["EUR 2.2 billion", "USD 625 million", "4"]
    assert page.value(f"{head}.getAttribute('aria-sort')") == "descending"
    page.value(f"{head}.firstChild.click()")
    assert [row[2] for row in rows(page)] == down[::-1]
    page.value("document.querySelector('#facts th[data-sort=words] button').click()")
    assert rows(page, "#facts")[0][0].startswith("EUR 2.2 billion")


def saved(page: Chromium, folder: Path, button: str) -> list[list[str]]:
    page.call("Page.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
    before = set(folder.iterdir())
    page.value(f"document.getElementById('{button}').click()")
    for _ in range(100):
        found = [path for path in set(folder.iterdir()) - before if path.suffix == ".csv"]
        if found and found[0].stat().st_size:
            with found[0].open(encoding="utf-8-sig", newline="") as lines:
                return list(csv.reader(lines))
        time.sleep(0.05)
    raise AssertionError("nothing was downloaded")


def test_what_is_shown_is_downloaded(page: Chromium, tmp_path: Path) -> None:
    folder = tmp_path / "downloads"
    folder.mkdir()
    choose(page, "dimension", "money")
    assert saved(page, folder, "sums-csv") == [
        ["what", "group", "status", "unit", "low", "best", "high", "facts"],
        ["money", "", "committed", "EUR", "2200000000", "2200000000", "2200000000", "1"],
        ["money", "", "committed", "USD", "625000000", "625000000", "625000000", "1"],
    ]  # fmt: skip
    head, *facts = saved(page, folder, "facts-csv")
    assert [fact[head.index("best")] for fact in facts] == ["625000000", "2200000000"]
    assert facts[1][head.index("title")] == EVIL
    assert page.said == []


def test_the_chart_is_of_the_chosen_sum_and_leads_to_a_month(page: Chromium) -> None:
    page.value("document.querySelectorAll('#sum-table tbody tr')[1].click()")
    title = page.value("document.getElementById('chart-title').textContent")
    assert rows(page)[1][0] in title
    columns = "[...document.querySelectorAll('#chart .column')].map(c => c.dataset.month)"
    assert len(page.value(columns)) == 1
    page.value("document.querySelector('#over-time [value=all]').click()")
    assert page.value("document.querySelectorAll('#chart .line').length") == 1
    page.value("document.querySelector('#chart svg').focus()")
    page.press("ArrowRight")
    assert re.match(r"2022-10: .* in 1 fact; so far ", page.value(
        "document.getElementById('chart-reading').textContent"))  # fmt: skip
    page.value("document.querySelector('#chart svg').dispatchEvent(new MouseEvent('click'))")
    assert page.value("location.hash") == "#from=2022-10&to=2022-10"


DAYS = ("2022-02-28", "2022-03", "2022", None)


def figures_of_all_kinds() -> list[Figure]:
    """Figures that differ in all that sums depend on: statuses, units, bounds, parts, wholes."""
    found: list[Figure] = []
    for n in range(48):
        fields: dict[str, Any] = {
            "donor": ("USA", "DEU", None)[n % 5 % 3],
            "status": ("committed", "delivered", "cancelled", None)[n % 7 % 4],
            "qualifier": ("exact", "at_least", "at_most", "about")[n % 4],
            "date": DAYS[n % 11 % 4],
            "basis": "total" if n % 13 == 12 else "delta",
        }
        if n % 3:
            fields |= {"unit": ("USD", "EUR")[n % 2], "aid_type": "military" if n % 4 else None}
            found.append(make_money((n + 1) * 12_345_678, "many", **fields))
        else:
            item = ("HIMARS", "tank", "Leopard 2")[n // 3 % 3]
            found.append(make_figure("many", value=n + 3, item=item, **fields))
    whole = make_money(5e9, "many")
    part = make_money(2e9, "many", part_of=whole.figure_id)
    of_part = make_money(7e8, "many", part_of=part.figure_id)
    of_another_donor = make_money(9e7, "many", donor="DEU", part_of=whole.figure_id)
    arrived = make_money(3e8, "many", status="delivered", part_of=whole.figure_id)
    bought = make_figure("many", value=600, part_of=whole.figure_id)
    below = make_figure("many", value=50, part_of=bought.figure_id)
    return [*found, whole, part, of_part, of_another_donor, arrived, bought, below]


ASKED: list[tuple[dict[str, str], str | None]] = [
    ({}, None),
    ({"donor": "USA"}, "donor"),
    ({"status": "committed"}, None),
    ({"status": "cancelled"}, None),
    ({"dimension": "money", "donor": "DEU"}, "aid_type"),
    ({"item": "tank"}, "donor"),
    ({"status": "delivered", "recipient": "UKR"}, "donor"),
]
PARENTS = {"Leopard 2": "tank"}


def test_the_sums_of_the_script_are_those_of_the_ledger(browser: Chromium, tmp_path: Path) -> None:
    figures = figures_of_all_kinds()
    facts = merge(to_frame(figures))
    path = write_page(tmp_path / "a.html", [source_of(figures)], to_frame(figures), parents=PARENTS)
    browser.said.clear()
    for asked, by in ASKED:
        where = {name: value for name, value in asked.items() if name != "status"}
        columns = ["dimension", *([by] if by else [])]
        sums = totals(facts, by=columns, status=asked.get("status"), where=where, parents=PARENTS)
        expected = sorted(
            [
                known(row["item"]) or row["dimension"],
                (known(row[by]) or "not stated") if by else "",
                known(row["status"]) or "status not stated",
                row["unit"],
                *(None if pd.isna(row[name]) else row[name] for name in ("low", "best", "high")),
                row["facts"],
            ]
            for row in sums.to_dict("records")
        )
        state = asked | ({"by": by} if by else {})
        browser.open(path, "#" + "&".join(f"{name}={value}" for name, value in state.items()))
        browser.value(HOLD)
        browser.value("document.getElementById('sums-csv').click()")
        text = browser.value("window.held.text()")
        _, *lines = csv.reader(text.splitlines())
        found = [[*row[:4], *(float(cell) if cell else None for cell in row[4:])] for row in lines]
        codes: dict[Any, Any] = {"United States": "USA", "Germany": "DEU"}
        assert sorted([a, codes.get(b, b), *rest] for a, b, *rest in found) == expected, asked
        assert len(expected) > 0
    assert browser.said == []


HOLD = "URL.createObjectURL = (blob) => { window.held = blob; return '#'; }, 0"


def known(value: Any) -> Any:
    return None if pd.isna(value) else value


def test_before_the_script_the_page_has_the_same_sums(browser: Chromium, tmp_path: Path) -> None:
    figures = figures_of_all_kinds()
    path = write_page(tmp_path / "a.html", [source_of(figures)], to_frame(figures))
    body = path.read_text(encoding="utf-8").partition("<tbody>")[2].partition("</tbody>")[0]
    written_rows = [re.sub("<[^>]*>", "\n", row).split() for row in body.split("</tr>")[:-1]]
    browser.open(path)
    assert sorted(" ".join(row).split() for row in rows(browser)) == sorted(written_rows)


def test_the_script_rounds_as_the_page_does(browser: Chromium, tmp_path: Path) -> None:
    """Halves go up, though 5.595 and 10.45 are less in binary."""
    halves = (5_595_000_000, 625_000_000, 10_450_000, 2_500_000, 0.0445)
    figures = [
        make_money(number, unit=unit, start=n * 20)
        for n, (number, unit) in enumerate(zip(halves, ("USD", "EUR", "SEK", "DKK", "NOK"),
                                               strict=True))
    ]  # fmt: skip
    path = write_page(tmp_path / "a.html", [source_of(figures)], to_frame(figures))
    sums = ["USD 5.6 billion", "EUR 625 million", "SEK 10.5 million", "DKK 2.5 million",
            "NOK 0.045"]  # fmt: skip
    assert [words in path.read_text(encoding="utf-8") for words in sums] == [True] * len(sums)
    browser.open(path)
    assert {row[2] for row in rows(browser)} == {*sums}


def test_what_one_document_says_twice_stands_in_one_document(
    browser: Chromium, tmp_path: Path
) -> None:
    again = make_figure("a", start=60, value=4, date="2022-10-04", status="delivered",
                        same_as=FOUR.figure_id)  # fmt: skip
    path = write_page(tmp_path / "a.html", [source_of([FOUR, again])], to_frame([FOUR, again]))
    browser.open(path)
    heads = browser.value("[...document.querySelectorAll('#facts th')].map(h => h.textContent)")
    [fact] = rows(browser, "#facts")
    assert fact[heads.index("Documents")] == "1"


@pytest.mark.parametrize("split", ["month", "donor"])
def test_a_large_ledger_is_split(split: Any, browser: Chromium, tmp_path: Path) -> None:
    figures = figures_of_all_kinds()
    path = tmp_path / "a b.html"
    write_page(path, iter([source_of(figures)]), to_frame(figures), split=split, most=20)
    whole = path.read_text(encoding="utf-8")
    links = [attrs["href"] or "" for tag, attrs in tags(path) if tag == "a"]
    parts = [tmp_path / unquote(link) for link in links]
    assert len(parts) > 1
    assert all(part.exists() for part in parts)
    assert f"{len(merge(to_frame(figures)))} facts" in whole
    browser.said.clear()
    count = 0
    for part in parts:
        browser.open(part)
        count += len(rows(browser, "#facts"))
        assert browser.value("document.querySelectorAll('article').length") == 1
        assert browser.value("document.querySelector('header p a').getAttribute('href')") == (
            "a%20b.html"
        )
    assert count == len(merge(to_frame(figures)))
    assert browser.said == []


def test_ten_thousand_facts_are_painted_within_two_seconds(
    browser: Chromium, tmp_path: Path
) -> None:
    figures = [
        make_money((n + 1) * 1e6, f"doc-{n // 20}", donor=("USA", "DEU", "GBR")[n % 3],
                   date=f"2022-{n % 12 + 1:02d}-{n % 28 + 1:02d}", start=n % 20 * 100)
        for n in range(10_000)
    ]  # fmt: skip
    sources = [source_of(figures[n : n + 20]) for n in range(0, 10_000, 20)]
    frame = to_frame(figures)
    path = write_page(tmp_path / "a.html", sources, frame, facts=one_each(frame))
    browser.open(path)
    paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    shown_at = browser.value(f"new Promise(done => {{ const look = () => {paint} ? "
                             f"done({paint}) : setTimeout(look, 20); look(); }})")  # fmt: skip
    assert browser.value("document.querySelector('output').textContent") == (
        "10,000 figures, 10,000 facts"
    )
    assert shown_at < 2_000


def one_each(figures: pd.DataFrame) -> pd.DataFrame:
    """A fact for every figure, without seeking those that say the same."""
    facts = merge(figures.head(1))
    made = figures.assign(
        fact_id=figures["figure_id"], figure_ids='["' + figures["figure_id"] + '"]', mentions=1,
        sources=1, first_seen=figures["date_start"], last_seen=figures["date_end"], review=None,
        tolerance=0.5, part_of=None, stage_of=None, includes="[]",
    )  # fmt: skip
    return made[list(facts.columns)].astype(facts.dtypes.to_dict())


def test_a_phone_needs_no_scrolling_sideways(page: Chromium) -> None:
    size = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    page.call("Emulation.setDeviceMetricsOverride", **size)
    width = page.value("document.documentElement.scrollWidth")
    page.call("Emulation.clearDeviceMetricsOverride")
    assert width == 390

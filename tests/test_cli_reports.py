"""The verbs that write a workbook, a page and charts of a ledger; how far a long one has come."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import aidledger as al
from aidledger import charting, progress
from aidledger.reporting import last_change
from command import ok, run
from factory import make_figure, make_money, source_of
from reports.page import page as web_page
from reports.workbook import tables

PNG = b"\x89PNG\r\n\x1a\n"
TEXT = "Washington will send four more HIMARS to Ukraine. London has promised 14 tanks."


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents with money and launchers, promised and delivered, and totals of both."""
    folder = tmp_path_factory.mktemp("reports")
    article = folder / "article.txt"
    article.write_text(TEXT, encoding="utf-8")
    figures = [
        make_money(100, "doc", donor="USA"),
        make_money(60, "doc", donor="USA", status="delivered", date="2022-11-01"),
        make_money(40, "doc", donor="DEU", date="2022-12-01"),
        make_money(190, "doc", donor="USA", basis="total", date="2022-12-31"),
        make_figure("doc", value=7, item="Javelin"),
        make_figure("doc", value=20, basis="total", date="2022-10-04"),
    ]
    path = folder / "aid.db"
    with al.Ledger(path) as book:
        al.ingest(book, [article], published="2022-10-04")
        book.add(source_of(figures), figures)
        book.add_rates([al.Rate("2022-07-21", "USD", "UAH", 36.5)])
        book.accept(figures[0].figure_id, "Ann")
    return path


def test_the_workbook_holds_balances_review_and_rates(ledger: Path, tmp_path: Path) -> None:
    path = tmp_path / "aid.xlsx"
    assert ok("report", "--ledger", ledger, "-o", path) == f"wrote {path}\n"
    book = load_workbook(path)
    assert {"Checks", "Review", "Rates", "Facts", "Figures"} <= set(book.sheetnames)
    assert [row[2] for row in book["Rates"].iter_rows(min_row=2, values_only=True)] == ["UAH"]
    with al.Ledger(ledger) as held:
        assert book["Review"].max_row == 1 + len(held.figures())
        assert book["Checks"].max_row == 1 + len(held.reconcile())
        again = al.report(held, tmp_path / "again.xlsx", origin=str(ledger),
                          changed=last_change(held))  # fmt: skip
    assert again.read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("asked", "only"),
    [
        (("--where", "donor in Germany, Britain"), "donor Germany or United Kingdom"),
        (("--since", "2022-04", "--until", "2022-10"), "from 2022-04 until 2022-10"),
        (("--unit", "USD", "--where", "value > 50"), "unit USD, value above 50"),
        (("--view", "aid"), "aid"),
        ((), ""),
        (("--view", "all"), ""),
    ],
)
def test_what_is_narrowed_says_so(
    asked: tuple[str, ...], only: str, ledger: Path, tmp_path: Path
) -> None:
    for verb, name in (("report", "a.xlsx"), ("page", "a.html")):
        ok(verb, "--ledger", ledger, "-o", tmp_path / name, *asked)
    book = load_workbook(tmp_path / "a.xlsx")
    about = {row[0]: row[1] for row in book["Read me"].iter_rows(values_only=True)}
    assert about.get("Only", "") == only
    for title in ("Summary", "Totals over time"):
        lines = [row[0] for row in book[title].iter_rows(max_row=6, values_only=True)]
        assert (f"Only: {only}" in lines) is bool(only)
        assert any("Only: " in str(line) for line in lines) is bool(only)
    head = book["Facts"].oddHeader
    assert head is not None
    assert str(head.left.text).startswith("&BFacts&B  What the figures report")
    assert (head.right.text or "") == (f"Only: {only}" if only else "")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert (f'<p class="only">Only: {only}</p>' in page) is bool(only)
    assert ("Only: " in page) is bool(only)


def test_what_a_narrowed_workbook_lacks_it_does_not_deny(tmp_path: Path) -> None:
    """Documents and figures are counted of those that were read; losses that were not asked for
    are not said to be none in the documents."""
    figures = [
        make_money(100, "one", donor="USA"), make_money(60, "two", donor="DEU"),
        make_figure("two", donor=None, recipient=None, party="RUS", item="tank",
                    status="destroyed"),
    ]  # fmt: skip
    with al.Ledger(tmp_path / "aid.db") as ledger:
        for source_id in ("one", "two"):
            held = [figure for figure in figures if figure.source_id == source_id]
            ledger.add(source_of(held), held)
        al.report(ledger, tmp_path / "a.xlsx", where="donor=Germany")
    book = load_workbook(tmp_path / "a.xlsx")
    about = {row[0]: row[1] for row in book["Read me"].iter_rows(max_row=8, values_only=True)}
    assert str(about["Documents"]).startswith("1 of 2 that were read")
    assert about["Figures"] == "1 of 3 that were read"
    words = [row[0] for row in book["Summary"].iter_rows(values_only=True)]
    assert words[words.index("Losses by side") + 1] == "None among these."
    assert book["Sources"].max_row == 2


@pytest.mark.parametrize(
    ("view", "documents", "figures"),
    [
        (None, "2", "2 of 3 (aid and losses)"),
        ("losses", "1 of 2 that were read", "1 of 3 that were read"),
        ("all", "2", "3"),
    ],
)
def test_a_view_has_its_documents_alone(
    view: str | None, documents: str, figures: str, tmp_path: Path
) -> None:
    losses: dict[str, Any] = {"donor": None, "recipient": None, "party": "RUS"}
    held = {
        "one": [make_money(100, "one")],
        "two": [
            make_figure("two", item="tank", status="destroyed", **losses),
            make_figure("two", item="tank", status="displaced", **losses),
        ],
    }
    with al.Ledger(tmp_path / "aid.db") as ledger:
        for some in held.values():
            ledger.add(source_of(some), some)
        al.report(ledger, tmp_path / "a.xlsx", view=view)
    book = load_workbook(tmp_path / "a.xlsx")
    about = {row[0]: row[1] for row in book["Read me"].iter_rows(max_row=8, values_only=True)}
    assert str(about["Documents"]).split(",")[0] == documents
    assert about["Figures"] == figures


def test_without_rates_of_ones_own_there_is_no_sheet_of_them(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text(TEXT, encoding="utf-8")
    ok("report", article, "-o", tmp_path / "a.xlsx")
    assert "Rates" not in load_workbook(tmp_path / "a.xlsx", read_only=True).sheetnames


def test_the_last_change_may_be_a_decision(tmp_path: Path) -> None:
    figure = make_figure("doc")
    with al.Ledger(tmp_path / "aid.db") as book:
        assert last_change(book) is None
        book.add(source_of(figure), [figure])
        added = last_change(book)
        assert added == book.sources()["added_at"].item()
        book.reject(figure.figure_id, "Ann")
        assert last_change(book) == book.decisions()["at"].item()


def test_the_page_shows_the_words_that_decided(ledger: Path, tmp_path: Path) -> None:
    path = tmp_path / "aid.html"
    assert ok("page", "--ledger", ledger, "-o", path) == f"wrote {path}\n"
    page = path.read_text(encoding="utf-8")
    with al.Ledger(ledger) as book:
        figures = {figure.text: figure for figure in book.records()}
    four = figures["four"]
    assert four.cues["item"] == "HIMARS"
    assert four.cues["status"] == "send"
    assert f'"{four.figure_id}":' in page
    assert '"status":"send"' in page
    for figure in figures.values():
        assert all(figure.cues.values())


def test_a_page_of_documents_alone(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text(TEXT, encoding="utf-8")
    ok("page", article, "-o", tmp_path / "a.html")
    assert "HIMARS" in (tmp_path / "a.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", list(charting.KINDS))
def test_every_kind_of_chart_is_the_function(kind: str, ledger: Path, tmp_path: Path) -> None:
    path = tmp_path / "chart.png"
    ok("chart", "--kind", kind, "--ledger", ledger, "-o", path)
    with al.Ledger(ledger) as book:
        own = al.save_chart(al.chart(book, kind), tmp_path / "own.png")
    assert path.read_bytes() == own.read_bytes()
    assert path.read_bytes().startswith(PNG)


def words_of(book: al.Ledger, kind: str, **asked: object) -> str:
    axes = al.chart(book, kind, **asked)  # type: ignore[arg-type]
    ticks = [label.get_text() for label in (*axes.get_yticklabels(), *axes.get_xticklabels())]
    told = [" ".join(text.get_text().split()) for text in axes.texts]  # lines are wrapped
    return " | ".join([axes.get_title(), *told, *ticks])


def test_charts_show_what_is_asked(ledger: Path) -> None:
    with al.Ledger(ledger) as book:
        assert "United States" in words_of(book, "ranked")
        assert "Percent of what is given" in words_of(book, "ranked", share_of={"DEU": 1000.0})
        assert "60 of 100" in words_of(book, "commitments")
        himars = words_of(book, "reconciliation", where={"item": "HIMARS"})
        assert "HIMARS committed, United States to Ukraine: stated and added up" in himars
        assert "Military aid" in words_of(
            book, "reconciliation", where={"donor": "USA"}, unit="USD"
        )
        assert "Facts to Ukraine, by donor" in words_of(book, "timeline", by=["donor"])
        assert "New in each year, each on its own axis" in words_of(
            book, "columns", freq="year", unit="USD"
        )
        assert "Committed, cumul" in words_of(book, "totals", status="committed", title="Mine")
        assert "Cumulative, EUR" in words_of(book, "totals", currency="EUR")
        assert "No figures to draw" in words_of(book, "totals", unit="GBP")
        assert "No figures to draw" in words_of(book, "reconciliation", where={"item": "Javelin"})
        with pytest.raises(ValueError, match="no chart 'pie'"):
            al.chart(book, "pie")


def test_what_a_chart_leaves_out_it_says(tmp_path: Path) -> None:
    """Money in other currencies, deliveries among it, and totals that come to more."""
    figures = [
        make_money(5_600_000_000, "doc", donor="USA"),
        make_money(400_000_000, "doc", donor="JPN"),
        make_money(18_000_000_000, "doc", donor="EU", unit="EUR"),
        make_money(3_000_000_000, "doc", donor="EU", unit="EUR", status="delivered"),
        make_money(7_000_000_000, "doc", unit="EUR", status=None),
        make_money(9_000_000_000, "doc", donor=None),
        make_money(17_500_000_000, "doc", donor="USA", basis="total", date="2022-12-31"),
        make_figure("doc", value=4),
        make_figure("doc", value=20, basis="total", date="2022-11-04"),
    ]
    euros = "EUR 18 billion committed (European Union)"
    with al.Ledger(tmp_path / "aid.db") as book:
        book.add(source_of(figures), figures)
        ranked = words_of(book, "ranked")
        assert f"Not shown: {euros}." in ranked
        assert "Without a donor, not drawn: USD 9 billion committed." in ranked
        assert "not stated" not in ranked
        assert "By totals that texts state, more: United States USD 17.5 billion comm" in ranked
        pairs = words_of(book, "commitments", unit="USD")
        assert f"Not shown: {euros} and EUR 3 billion delivered (European Union)." in pairs
        assert "no deliveries in USD are stated" in pairs
        assert "nothing is stated" not in pairs
        for kind in ("totals", "columns"):
            of_donors = words_of(book, kind, by=["donor"], unit="USD", status="committed")
            assert f"Not shown: {euros}." in of_donors
        alone: tuple[dict[str, str], ...] = (
            {"currency": "USD"}, {"where": "unit=USD"}, {"unit": "count"},
        )  # fmt: skip
        for asked in alone:
            assert "Not shown" not in words_of(book, "ranked", **asked)
        himars = words_of(book, "totals", where="item=HIMARS")
        assert "4 added up" in himars
        assert "Diamonds: totals that texts state; the latest: 20 (2022-11-04)." in himars
        assert "more: United States 20 HIMARS committed." in words_of(
            book, "ranked", where="item=HIMARS"
        )
        assert "more: " not in words_of(book, "ranked", where="donor=Japan")
        assert "more: " not in words_of(book, "ranked", since="2022-09-01")
        for level in ("item:0", "item:1"):
            words = words_of(book, "ranked", unit="count", by=[level])
            assert re.search(r"more: 20 [\w ]+ committed\.", words)


def test_of_stated_totals_in_another_currency_the_latest_is_told(tmp_path: Path) -> None:
    """Neither added up nor, where sources differ, told twice; and named by those who are known."""
    totals: dict[str, Any] = {"donor": "EU", "unit": "EUR", "basis": "total"}
    figures = [
        make_money(5_000_000_000, "doc", donor="USA", basis="total"),
        make_money(300_000_000, "doc", donor="USA", basis="total", date="2022-12-01"),
        make_money(1_000_000_000, "doc", **totals, date="2022-10-03"),
        make_money(2_000_000_000, "doc", **totals, date="2022-11-03"),
    ]
    with al.Ledger(tmp_path / "aid.db") as book:
        book.add(source_of(figures), figures)
        words = words_of(book, "totals", basis="total", unit="USD")
    assert "Not shown: EUR 2 billion committed (European Union, Ukraine)." in words


def test_stated_totals_are_charted_where_a_kind_has_them(ledger: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    ok("chart", "--basis", "total", "--ledger", ledger, "-o", path)
    with al.Ledger(ledger) as book:
        assert "Totals as stated, USD" in words_of(book, "totals", basis="total")
        own = al.save_chart(al.chart(book, basis="total"), tmp_path / "own.png")
    assert path.read_bytes() == own.read_bytes()
    for wrong in (("--kind", "ranked", "--basis", "total"), ("--basis", "rate")):
        done = run("chart", *wrong, "--ledger", ledger, "-o", path)
        assert (done.returncode, "'; total goes with totals, columns" in done.stderr) == (2, True)


def test_shares_of_a_ranked_chart_come_from_a_file(ledger: Path, tmp_path: Path) -> None:
    path, gdp = tmp_path / "a.png", tmp_path / "gdp.csv"
    gdp.write_text("name,amount\nUSA,1000\nDEU,200\n", encoding="utf-8")
    ok("chart", "--kind", "ranked", "--share-of", gdp, "--ledger", ledger, "-o", path)
    with al.Ledger(ledger) as book:
        axes = al.chart(book, "ranked", share_of=al.read_shares(gdp))
    assert al.save_chart(axes, tmp_path / "b.png").read_bytes() == path.read_bytes()
    for wrong, cause in (
        ("name,amount\nUSA,much\n", ", line 2: not a name and a number"),
        ("country,gdp\nUSA,1000\n", ": needs a column name and one of numbers"),
        ("", ": needs a column name and one of numbers"),
    ):
        gdp.write_text(wrong, encoding="utf-8")
        done = run("chart", "--kind", "ranked", "--share-of", gdp, "--ledger", ledger, "-o", path)
        assert (done.returncode, done.stderr) == (1, f"aidledger: {gdp}{cause}\n")


def test_a_timeline_is_asked_as_the_others_are(ledger: Path, tmp_path: Path) -> None:
    options = ("chart", "--kind", "timeline", "--ledger", ledger, "-o", tmp_path / "a.png")
    assert run(*options, "--by", "colour").stderr.startswith("aidledger: no column 'colour'; ")
    ok(*options, "--where", "item=artillery")  # not empty: there is something below it in the tree


@pytest.mark.parametrize("kind", ["timeline", "reconciliation"])
def test_what_is_shown_as_stated_is_not_converted(kind: str, ledger: Path, tmp_path: Path) -> None:
    options = ("chart", "--kind", kind, "--ledger", ledger, "-o", tmp_path / "a.png")
    (tmp_path / "index.csv").write_text("year,index\n2022,100\n", encoding="utf-8")
    for asked in (
        ("--currency", "EUR"),
        ("--prices", tmp_path / "index.csv", "--price-year", "2022"),
    ):
        done = run(*options, *asked)
        assert done.returncode == 2
        assert f"a {kind} shows amounts as they are stated" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "-o", "a.docx"],
        ["page", "-o", "a.pdf"],
        ["chart", "-o", "a.bmp"],
        ["chart", "-o", "a.png", "--kind", "pie"],
        ["chart", "-o", "a.png", "--share-of", "gdp.csv"],
        ["chart", "-o", "a.png", "--containing", "HIMARS"],
        ["report", "-o", "a.xlsx", "--published", "2022-10-04"],
        ["page", "-o", "a.html", "--columns", "text=body"],
    ],
)
def test_wrong_usage_is_status_2(arguments: list[str], ledger: Path) -> None:
    done = run(*arguments, "--ledger", ledger)
    assert done.returncode == 2
    assert "Usage:" in done.stderr


def test_a_folder_that_is_missing_is_named(ledger: Path, tmp_path: Path) -> None:
    folder = tmp_path / "none"
    for verb, name in (("report", "a.xlsx"), ("page", "a.html"), ("chart", "a.png")):
        done = run(verb, "--ledger", ledger, "-o", folder / name)
        assert (done.returncode, done.stderr) == (1, f"aidledger: {folder}: no such folder\n")


def test_an_empty_chart_is_told(ledger: Path, tmp_path: Path) -> None:
    done = run("chart", "--ledger", ledger, "--status", "requested", "-o", tmp_path / "a.png")
    assert done.returncode == 0
    assert done.stderr == "aidledger: nothing to draw: no figure is what was asked for\n"
    assert (tmp_path / "a.png").read_bytes().startswith(PNG)


def test_charts_come_in_sizes_and_in_constant_prices(ledger: Path, tmp_path: Path) -> None:
    index = tmp_path / "index.csv"
    index.write_text("year,index\n2021,100\n2022,125\n", encoding="utf-8")
    sizes = set()
    for size in ("screen", "web", "print", "slide"):
        ok("chart", "--ledger", ledger, "--size", size, "--unit", "USD", "--title", "Aid",
           "--prices", index, "--price-year", "2021", "-o", tmp_path / f"{size}.png")  # fmt: skip
        sizes.add((tmp_path / f"{size}.png").read_bytes()[16:24])
    assert len(sizes) == 4
    with al.Ledger(ledger) as book:
        words = words_of(book, "ranked", prices=al.read_prices(index, 2021))
        assert "80 | 32" in words
        assert "In prices of 2021." in words
        with pytest.raises(ValueError, match="no size 'wall'"):
            al.chart(book, size="wall")
    done = run("chart", "--ledger", ledger, "--prices", index, "-o", tmp_path / "a.png")
    assert done.returncode == 2
    assert "--prices and --price-year go together" in done.stderr


def test_a_word_that_is_no_choice_is_told_plainly(ledger: Path) -> None:
    done = run("chart", "--ledger", ledger, "--kind", "pie", "-o", "a.png")
    assert done.stderr.splitlines()[-1].startswith(
        "Error: Invalid value for '--kind': 'pie' is not one of 'totals', "
    )


# progress


class Terminal(io.StringIO):
    """What would be drawn on a terminal."""

    def isatty(self) -> bool:
        return True


def terminal(patched: pytest.MonkeyPatch) -> Terminal:
    """A terminal in place of standard error."""
    screen = Terminal()
    patched.setattr(sys, "stderr", screen)
    patched.setenv("TERM", "xterm")
    return screen


def test_long_work_is_seen_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, ledger: Path, tmp_path: Path
) -> None:
    screen = terminal(monkeypatch)
    monkeypatch.setattr(progress, "DELAY", 0.0)
    for module in (tables, web_page):
        monkeypatch.setattr(module, "TOLD", 1)  # rows between two tellings
    article = tmp_path / "a.txt"
    article.write_text(TEXT, encoding="utf-8")
    with al.Ledger(tmp_path / "aid.db") as book, progress.shown() as tell:
        al.ingest(book, [article], progress=tell)
    assert "documents" in screen.getvalue()
    with al.Ledger(ledger) as book, progress.shown() as tell:
        al.report(book, tmp_path / "aid.xlsx", progress=tell)
        al.page(book, tmp_path / "aid.html", progress=tell)
    assert "Figures" in screen.getvalue()
    assert "figures" in screen.getvalue()


def test_short_work_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = terminal(monkeypatch)
    with progress.shown() as tell:
        assert tell
        tell("documents", 1, 0)
    assert screen.getvalue() == ""


def test_what_is_no_terminal_stays_silent(
    monkeypatch: pytest.MonkeyPatch, ledger: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr(progress, "DELAY", 0.0)
    with progress.shown() as tell:
        assert tell is None
    ok("report", "--ledger", ledger, "-o", tmp_path / "aid.xlsx")  # nothing on standard error


def test_every_document_is_told(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"{name}: {TEXT}", encoding="utf-8")
    told: list[tuple[str, int, int]] = []
    with al.Ledger(tmp_path / "aid.db") as book:
        al.ingest(book, [tmp_path], progress=lambda *step: told.append(step))
    size = sum(path.stat().st_size for path in tmp_path.glob("*.txt"))
    assert told == [("documents", 1, 0), ("documents", 2, 0), ("read", size, size)]


def test_facts_without_a_date_are_told_or_shown(tmp_path: Path) -> None:
    path = tmp_path / "undated.db"
    figures = [make_figure(value=4), make_figure(value=9, date=None)]
    with al.Ledger(path) as book:
        book.add(source_of(figures), figures)
    asked = ("totals", "--ledger", path, "--freq", "month", "--format", "csv")
    told = run(*asked)
    assert "aidledger: 1 fact without a date not shown: see --undated\n" in told.stderr
    assert len(told.stdout.splitlines()) == 2
    shown = run(*asked, "--undated")
    assert len(shown.stdout.splitlines()) == 3
    assert "without a date" not in shown.stderr


@pytest.mark.parametrize(
    "option",
    [("--jobs", "2"), ("--time-limit", "5"), ("--containing", "tanks")],
    ids=lambda o: o[0],
)
def test_how_documents_are_read_is_not_said_of_a_ledger(
    option: tuple[str, str], ledger: Path, tmp_path: Path
) -> None:
    done = run("report", "--ledger", ledger, *option, "-o", tmp_path / "a.xlsx")
    assert done.returncode == 2
    assert "go with documents, not with --ledger" in done.problems[-1]

"""What is asked: views, windows of time, conditions, and the names that they use."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import aidledger as al
from aidledger.names import actor_code, item_names
from command import ok, records, run
from factory import make_figure, make_money, source_of
from ledger.dedupe import merge
from ledger.errors import LedgerError
from ledger.figure import STATUSES
from ledger.queries.asked import Asked, Filter, among, shown
from ledger.queries.view import VIEWS, view_of
from ledger.queries.where import Condition, parse
from ledger.table import to_frame
from ledger.totals import totals
from reports.charts.canvas import is_empty

TREE = {"Leopard 2": "tank", "tank": "armoured vehicles", "HIMARS": "artillery"}
NOBODY: dict[str, Any] = {"donor": None, "recipient": None}
FIGURES = [
    make_figure("a", item="HIMARS", value=4, category="artillery"),
    make_figure("a", item="Leopard 2", value=18, donor="DEU+NLD", date="2023-01-25"),
    make_figure("b", item="Gepard", value=30, donor="DEU", category="air defence", date="2022-04"),
    make_money(2_000_000, "b", donor="GBR", date=None, status="requested"),
    make_figure("b", item="tank", value=7, status="destroyed", party="RUS", date="2022", **NOBODY),
    make_figure("b", item="refugee", value=900, status="displaced", party="UKR", **NOBODY),
    make_figure("b", item="wheat", value=60, status=None, party="UKR", basis="level", **NOBODY),
]
FRAME = to_frame(FIGURES)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("asked") / "aid.db"
    with al.Ledger(path) as book:
        for name, published in (("a", "2022-10-04"), ("b", "2023-02-01")):
            held = [figure for figure in FIGURES if figure.source_id == name]
            book.add(source_of(held, published=published), held)
    return path


def values(**asked: Any) -> list[float]:
    return among(FRAME, Asked(**asked), TREE)["value"].tolist()  # type: ignore[typeddict-item]


# views


@pytest.mark.parametrize(
    ("fields", "view"),
    [
        ({}, "aid"),
        ({"donor": None}, "aid"),
        ({"recipient": None, "status": None}, "aid"),
        ({**NOBODY, "status": "committed"}, "context"),
        ({**NOBODY, "status": "fired", "party": "RUS"}, "losses"),
        ({**NOBODY, "status": "missing"}, "losses"),
        ({**NOBODY, "status": "trained"}, "people"),
        ({"status": "trained"}, "aid"),
        ({**NOBODY, "status": None, "party": "UKR"}, "context"),
    ],
)
def test_a_view_is_told_by_the_fields(fields: dict[str, Any], view: str) -> None:
    assert view_of(to_frame([make_figure(**fields)])).tolist() == [view]


@given(st.sampled_from([None, *STATUSES]), st.sampled_from([None, "USA"]))
@settings(max_examples=40)
def test_every_figure_is_in_one_view(status: str | None, donor: str | None) -> None:
    frame = to_frame([make_figure(status=status, donor=donor, recipient=None)])
    assert sum(len(among(frame, {"view": view})) for view in VIEWS) == 1


def test_totals_add_up_aid_and_losses_unless_asked() -> None:
    def items(**asked: Any) -> set[str]:
        return set(totals(FRAME, **asked)["item"].dropna())

    assert items() == {"HIMARS", "Leopard 2", "Gepard", "tank"}
    assert items(view="losses") == {"tank"}
    assert items(view="all") == items() | {"refugee"}
    assert items(status="displaced") == items(where="status = displaced") == {"refugee"}
    assert items(where="view in people, losses") == {"tank", "refugee"}
    assert set(totals(FRAME, by="view", view="all")["view"]) == {"aid", "losses", "people"}
    assert totals(FRAME, basis="level", view="context")["best"].tolist() == [60]
    with pytest.raises(ValueError, match="no view 'money'; choose from aid, losses, people"):
        totals(FRAME, view="money")


def test_figures_and_facts_hold_all_views(ledger: Path) -> None:
    with al.Ledger(ledger) as book:
        for frame in (book.figures(), book.facts(), book.figures(as_read=True)):
            assert frame["view"].value_counts().to_dict() == {
                "aid": 4, "losses": 1, "people": 1, "context": 1,
            }  # fmt: skip
            assert frame["view"].tolist() == view_of(frame).tolist()
        assert book.facts(view="aid")["view"].tolist() == ["aid"] * 4
        assert book.figures(view=["people", "context"])["item"].tolist() == ["refugee", "wheat"]
        assert len(book.totals(by="party", view="people")) == 1


def test_the_database_shows_the_same_views(ledger: Path) -> None:
    import sqlite3

    with al.Ledger(ledger) as book:
        book.facts()
        facts = book.facts()[["fact_id", "view"]].itertuples(index=False, name=None)
        sums = book.totals(by=["donor", "recipient", "party"], freq="month", undated=True)
    with sqlite3.connect(ledger) as held:
        assert set(held.execute('SELECT fact_id, "view" FROM facts')) == set(facts)
        [[number]] = held.execute("SELECT sum(facts) FROM totals_by_month")
    assert number == sums["facts"].sum()


def test_an_empty_answer_says_what_other_views_hold(ledger: Path) -> None:
    done = run("totals", "--ledger", ledger, "--where", "item=refugee")
    assert "no aid and no losses, but 1 fact of people: see --view" in done.stderr
    assert records(ok("totals", "--ledger", ledger, "--where", "item=refugee", "--view", "people",
                      "--format", "jsonl"))[0]["best"] == 900  # fmt: skip


# windows


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"since": "2022-10"}, [4, 18, 7, 900, 60]),
        ({"since": "2022-10-04", "until": "2022"}, [7]),
        ({"until": date(2022, 4, 30)}, [30]),
        ({"until": "2022-04-29"}, []),
        ({"as_of": "2022-04"}, [30, 2_000_000, 7]),
    ],
)
def test_a_window_holds_what_ends_in_it(asked: dict[str, Any], expected: list[float]) -> None:
    assert values(**asked) == expected


def test_as_of_a_day_is_what_was_published_by_then(ledger: Path) -> None:
    with al.Ledger(ledger) as book:
        assert book.facts(as_of="2022-12")["value"].tolist() == [4]
        assert book.figures(as_of="2022-12-31")["value"].tolist() == [4]
        assert len(book.facts(as_of="2023-02-01")) == len(FIGURES)


@pytest.mark.parametrize("wrong", [{"since": "March"}, {"since": "2023", "until": "2022"}])
def test_a_window_that_is_none_is_wrong_usage(wrong: dict[str, str], ledger: Path) -> None:
    with pytest.raises(ValueError, match=r"not an ISO date|nothing lies since 2023-01-01"):
        Filter.of(Asked(**wrong))  # type: ignore[typeddict-item]
    options = [word for name, day in wrong.items() for word in (f"--{name}", day)]
    assert run("totals", "--ledger", ledger, *options).returncode == 2


days = st.dates(date(2022, 1, 1), date(2022, 12, 31))


@settings(max_examples=6)
@given(st.lists(days, max_size=8))
def test_windows_of_months_add_up_to_the_year(dates: list[date]) -> None:
    frame = to_frame([make_money(10**k, date=str(day)) for k, day in enumerate(dates)])
    months = [f"2022-{month:02}" for month in range(1, 13)]
    sums = [totals(frame, since=month, until=month)["best"].sum() for month in months]
    assert sum(sums) == totals(frame, since="2022", until="2022")["best"].sum()


# conditions


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("donor=DEU", [18, 30]),
        ("donor = NLD", [18]),
        ("donor = DEU+NLD", [18]),
        ("donor in USA, GBR", [4, 2_000_000]),
        ("donor in (USA, 'GBR')", [4, 2_000_000]),
        ({"donor": ["USA", "GBR"]}, [4, 2_000_000]),
        (["donor=USA", "donor=GBR"], [4, 2_000_000]),
        (["donor=USA", "value < 4"], []),
        ({"donor": None}, [7, 900, 60]),
        ("donor != null", [4, 18, 30, 2_000_000]),
        ("donor != DEU", [4, 2_000_000, 7, 900, 60]),
        (["donor != DEU", "donor != USA", "donor != null"], [2_000_000]),
        ("value > 30", [2_000_000, 900, 60]),
        ("value>=1,000,000", [2_000_000]),
        ({"value": [4, 7]}, [4, 7]),
        ("item = tank", [18, 7]),
        ("item != tank", [4, 30, 2_000_000, 900, 60]),
        ("item under 'armoured vehicles'", [18, 7]),
        ('item under "air defence"', [30]),
        (["item under artillery", "item = Gepard"], [4, 30]),
        ("date = 2022", [4, 30, 7, 900, 60]),
        ("date = 2022-04", [30]),
        ("date > 2022-04", [4, 18, 900, 60]),
        ("date < 2022-10-03", [30]),
        ("date <= 2022-12-31", [4, 30, 7, 900, 60]),
        ("date != 2022", [18, 2_000_000]),
        ("date_end > 2022-12", [18]),
        ("view = people", [900]),
        ("status = null", [60]),
        ('sentence = "The United States will send four more HIMARS to Ukraine."', [4, 18, 30,
         2_000_000, 7, 900, 60]),
        ("sentence contains 'more himars'", [4, 18, 30, 2_000_000, 7, 900, 60]),
        (["sentence contains HIMARS", "sentence contains Patriot"], []),
        ("sentence contains 'more\n himars'", [4, 18, 30, 2_000_000, 7, 900, 60]),
        ("item contains (", []),  # no pattern: a bracket is a bracket
    ],
)  # fmt: skip
def test_conditions(where: Any, expected: list[float]) -> None:
    assert values(where=where) == expected


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("colour = red", "no column 'colour'"),
        ("donr = USA", "column donr: did you mean donor?"),
        ("status = comitted", "status comitted: did you mean committed?"),
        ("basis = sum", "no basis 'sum'; choose from delta, total, level, rate"),
        ("donor < USA", "donor has no order"),
        ("value > many", "value: not a number: 'many'"),
        ("value > null", "what is not known has no order"),
        ("date > soon", "date: not an ISO date"),
        ("unit under USD", "only items lie under others"),
        ("value contains 4", "only words contain others"),
        ("date contains 2022", "only words contain others"),
        ("since contains 2022", "only words contain others"),
        ("donor contains Germany", "only words contain others"),
        ("sentence contains null", "say which words"),
    ],
)
def test_a_question_without_an_answer_is_one_line(where: str, line: str) -> None:
    with pytest.raises(LedgerError) as caught:
        values(where=where)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("line", ["item", "= USA", "donor =", "donor ~ USA", ""])
def test_what_is_no_condition(line: str) -> None:
    with pytest.raises(ValueError, match="name=value"):
        parse(line)


def test_what_a_line_says() -> None:
    assert parse("source_id=http://a.b/?c=d") == Condition("source_id", "=", ("http://a.b/?c=d",))
    assert parse(" item  in  'a, b', c ") == Condition("item", "in", ("a, b", "c"))
    assert parse("value!=3") == Condition("value", "!=", ("3",))


def test_a_question_of_facts_is_that_of_figures() -> None:
    facts = merge(FRAME)
    for asked in ({"where": "item under artillery"}, {"since": "2022-10"}, {"view": "losses"}):
        question = Asked(**asked)  # type: ignore[typeddict-item]
        assert among(facts, question, TREE)["value"].tolist() == values(**asked)


def test_what_shows_asks_for_aid_and_losses() -> None:
    assert Filter.of(shown({})).views == ("aid", "losses")
    assert Filter.of(shown({"view": "all"})).views is None
    assert Filter.of(shown({"where": "view = people"})).views is None
    assert Filter.of(shown({}, ["trained"])).views == ("aid", "losses", "people")


# names


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Germany", "DEU"), ("german", "DEU"), ("deu", "DEU"), ("DE", "DEU"), ("Ukrainians", "UKR"),
        ("United States", "USA"), ("us", "USA"), ("Britain", "GBR"), ("Netherlands+Germany",
        "DEU+NLD"), ("NATO", "NATO"), ("Hezbollah", "Hezbollah"), ("Ruritania", None),
    ],
)  # fmt: skip
def test_countries_by_name_code_or_demonym(written: str, code: str | None) -> None:
    assert actor_code(written) == code


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("M142", ("HIMARS",)), ("himars", ("HIMARS",)), ("T72", ("T-72",)),
        ("Javelins", ("Javelin",)),
        ("armored vehicle", ("armoured vehicle",)), ("air defence", ("air defence",)),
        ("security assistance", ("military aid", "security assistance")), ("hymars", ()),
    ],
)  # fmt: skip
def test_items_by_any_name(written: str, names: tuple[str, ...]) -> None:
    assert item_names(written) == names


def test_the_tree_knows_what_lies_below() -> None:
    below = al.item_tree().below("artillery")
    assert {"artillery", "HIMARS", "155mm howitzer"} <= below
    assert "tank" not in below
    assert "Leopard 2A4" in al.item_tree().below("tanks")
    with pytest.raises(LedgerError, match=r"hymars: did you mean HIMARS\?"):
        al.item_tree().below("hymars")


def test_the_ledger_looks_names_up(ledger: Path) -> None:
    with al.Ledger(ledger) as book:

        def asked(*where: str) -> list[float]:
            return book.facts(where=where)["value"].tolist()

        assert asked("donor = German") == asked("donor in Germany, Dutch") == [18, 30]
        assert asked("item = m142", "recipient = Ukraine") == [4]
        assert asked('item under "air defence"') == [30]
        assert asked("item = Javelin") == []  # known, though nothing here is one
        assert asked("item = wheat") == [60]  # held, though the catalogue does not know it
        assert asked("unit = usd") == [2_000_000]
        assert asked("unit = EUR") == []
        assert asked("source_id = a") == [4, 18]
        assert book.figures(where="donor = Britain")["value"].tolist() == [2_000_000]
        assert len(book.totals(where={"donor": "Germany"})) == 2


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("item = hymars", "hymars: did you mean HIMARS?"),
        ("donor = Germny", "Germny: did you mean Germany"),
        ("unit = dolars", "no unit 'dolars'"),
        ("source_id = c", "no source_id 'c'; choose from a, b"),
        ("recipient = Ruritania", "Ruritania"),
    ],
)
def test_an_unknown_value_is_an_error_that_names_near_ones(
    where: str, line: str, ledger: Path
) -> None:
    for verb in ("facts", "figures", "totals", "reconcile", "parts", "suggestions"):
        done = run(verb, "--ledger", ledger, "--where", where)
        assert (done.returncode, done.stdout) == (1, "")
        assert line in done.stderr


# every verb


ASKED = ("--where", "donor != GBR", "--since", "2022-04", "--until", "2022-12", "--view", "aid")


@pytest.mark.parametrize("verb", ["figures", "facts", "totals"])
def test_every_verb_takes_the_same_question(verb: str, ledger: Path) -> None:
    rows = records(ok(verb, "--ledger", ledger, *ASKED, "--format", "jsonl"))
    assert {row["item"] for row in rows} == {"HIMARS", "Gepard"}


@pytest.mark.parametrize("verb", ["reconcile", "parts", "suggestions"])
def test_checks_take_it_too(verb: str, ledger: Path) -> None:
    assert run(verb, "--ledger", ledger, *ASKED).returncode == 0


def test_reports_and_pages_show_what_is_asked(ledger: Path, tmp_path: Path) -> None:
    def items(*options: str) -> set[object]:
        path = tmp_path / "a.xlsx"
        ok("report", "--ledger", ledger, "-o", path, *options)
        held = {
            name: pd.read_excel(path, sheet_name=name) for name in ("Figures", "Facts", "Review")
        }
        assert len({frozenset(frame["item"]) for frame in held.values()}) == 1
        return set(held["Figures"]["item"])

    every = {figure.item for figure in FIGURES}
    assert items() == every - {"refugee", "wheat"}
    assert items("--view", "all") == every
    assert items(*ASKED) == {"HIMARS", "Gepard"}
    page = tmp_path / "a.html"
    ok("page", "--ledger", ledger, "-o", page)
    assert '"refugee"' not in page.read_text(encoding="utf-8")
    ok("page", "--ledger", ledger, "-o", page, "--view", "people", "--where", "source_id=b")
    text = page.read_text(encoding="utf-8")
    assert '"refugee"' in text
    assert text.count("<article") == 1


def test_charts_say_what_they_cannot_convert(tmp_path: Path) -> None:
    figures = [make_money(976_400), make_money(5, unit="UAH"), make_money(7, unit="UAH", date=None)]
    with al.Ledger(tmp_path / "aid.db") as book:
        book.add(source_of(figures), figures)
        for kind in ("totals", "ranked"):
            axes = al.chart(book, kind, currency="EUR")
            words = [text.get_text() for text in axes.figure.findobj(match=type(axes.title))]
            assert "Without 2 amounts that no exchange rate converts." in " ".join(words)


def test_charts_say_what_window_they_show(ledger: Path) -> None:
    with al.Ledger(ledger) as book:
        axes = al.chart(book, "totals", unit="count", since="2022-04", until="2022-12")
        drawn = " ".join(text.get_text() for text in axes.figure.findobj(match=type(axes.title)))
        assert "from 2022-04 until 2022-12" in drawn.replace("\n", " ")
        people = al.chart(book, "totals", status="displaced")
        assert people.lines or people.collections


def test_a_ledger_of_totals_alone_is_drawn(tmp_path: Path) -> None:
    lost = {"item": "tank", "status": "destroyed", "party": "RUS", "donor": None, "recipient": None}
    figures = [
        make_figure("staff", value=value, basis="total", date=f"2022-03-0{day}", **lost)
        for day, value in ((1, 80), (2, 146), (3, 150))
    ]
    with al.Ledger(tmp_path / "losses.db") as book:
        book.add(source_of(figures), figures)
        lines = al.chart(book, "totals").lines
        assert [80, 146, 150, 150] in [list(line.get_ydata()) for line in lines]  # type: ignore[arg-type]
        columns = al.chart(book, "columns", freq="day")
        assert [bar.get_height() for bar in columns.patches] == [66, 4]  # type: ignore[attr-defined]
        assert is_empty(al.chart(book, "totals", basis="delta"))
        assert is_empty(al.chart(book, "totals", where="item = HIMARS"))

"""The verbs that ask a ledger and bring tables and rates into it, beside their functions."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

import aidledger as al
from aidledger import spreadsheet
from command import ok, records, run
from extractors.mentions.items import items, parents, synonyms
from factory import make_figure, make_money, source_of
from ledger.tree import path_of

LOSSES = "date,tank,personnel,aircraft\n2022-03-01,100,2000,5\n2022-03-02,150,2500,x\n"
MAPPING = """
name = "pledges"

[fields]
dimension = "money"
unit = "USD"
donor = { column = "country", map = { Germany = "DEU", "United States" = "USA" } }
recipient = "UKR"
item = "military aid"
status = "committed"
basis = "delta"
date = { column = "day", formats = ["%d.%m.%Y"] }

[[figure]]
value = "amount"
"""
PLEDGES = "country,day,amount\nUnited States,01.10.2022,90\nGermany,02.10.2022,10\n"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Four HIMARS that a total of 20 includes, and $100 of 3 October."""
    four = make_figure("a", value=4)
    figures = [
        four,
        make_figure("a", value=20, basis="total", includes=[four.figure_id]),
        make_money(100, "a"),
    ]
    path = tmp_path / "aid.db"
    with al.Ledger(path) as book:
        book.add(source_of(figures), figures)
    return path


@pytest.fixture
def losses(tmp_path: Path) -> Path:
    path = tmp_path / "losses.csv"
    path.write_text(LOSSES, encoding="utf-8")
    return path


@pytest.fixture
def pledges(tmp_path: Path) -> tuple[Path, Path]:
    """A table of one's own, and its mapping."""
    table, mapping = tmp_path / "pledges.csv", tmp_path / "pledges.toml"
    table.write_text(PLEDGES, encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    return table, mapping


def same(rows: list[dict[str, Any]], frame: pd.DataFrame) -> bool:
    """Whether JSON lines hold the columns, the rows and the values of a frame."""
    expected = json.loads(frame.to_json(orient="records", date_format="iso", double_precision=15))
    days = set(frame.select_dtypes("datetime").columns)
    for row in expected:
        for name in days:
            row[name] = row[name] and row[name][:10]
    return rows == expected and bool(rows)


# asking


def test_facts_are_those_of_the_ledger(ledger: Path) -> None:
    rows = records(ok("facts", "--ledger", ledger, "--format", "jsonl"))
    with al.Ledger(ledger) as book:
        facts = book.facts()
    assert same(rows, facts)
    table = ok("facts", "--ledger", ledger)
    assert all(fact_id in table for fact_id in facts["fact_id"])
    assert "party" not in table.splitlines()[0]  # a column that holds nothing


def test_figures_and_facts_choose_by_column(ledger: Path) -> None:
    for verb, number in (("figures", 2), ("facts", 2)):
        asked = (verb, "--ledger", ledger, "--format", "jsonl", "--where", "item=HIMARS")
        chosen = records(ok(*asked))
        assert [row["item"] for row in chosen] == ["HIMARS"] * number
        assert [row["value"] for row in records(ok(*asked, "--where", "basis=delta"))] == [4]
    done = run("facts", "--ledger", ledger, "--where", "colour=red")
    assert done.returncode == 1
    assert done.stderr.startswith("aidledger: no column 'colour'")


def test_totals_in_the_prices_of_a_year(ledger: Path, tmp_path: Path) -> None:
    index = tmp_path / "index.csv"
    index.write_text("year,index\n2021,100\n2022,125\n", encoding="utf-8")
    said = ok("totals", "--ledger", ledger, "--where", "unit=USD", "--format", "jsonl",
              "--prices", index, "--price-year", "2021")  # fmt: skip
    assert [row["best"] for row in records(said)] == [80]


def test_the_balances_are_those_of_the_ledger(ledger: Path) -> None:
    rows = records(ok("reconcile", "--ledger", ledger, "--format", "jsonl"))
    with al.Ledger(ledger) as book:
        assert same(rows, book.reconcile())
    assert [(row["entry"], row["amount"]) for row in rows] == [
        ("opening", 16), ("delta", 4), ("total", 20),
    ]  # fmt: skip
    assert "unexplained" in ok("reconcile", "--ledger", ledger, "--where", "item=HIMARS")
    assert (
        len(run("reconcile", "--ledger", ledger, "--where", "item=tank").stdout.splitlines()) == 1
    )


def test_parts_and_suggestions_are_those_of_the_ledger(tmp_path: Path) -> None:
    whole = make_figure("a", value=20, item="tank", status="lost")
    figures = [
        whole,
        make_figure("a", value=12, item="tank", status="destroyed", part_of=whole.figure_id),
        make_figure("a", value=5, item="tank", status="captured", part_of=whole.figure_id),
        make_money(500, "a", date="2022-10-03"),
        make_money(500, "a", date="2022-10-09"),
    ]
    path = tmp_path / "aid.db"
    with al.Ledger(path) as book:
        book.add(source_of(figures), figures)
        parts, suggestions = book.parts(), book.suggestions()
    assert same(records(ok("parts", "--ledger", path, "--format", "jsonl")), parts)
    assert parts["gap"].tolist() == [3]
    assert same(records(ok("suggestions", "--ledger", path, "--format", "jsonl")), suggestions)
    assert suggestions["differs"].tolist() == ["date"]


def test_levels_of_the_item_tree_are_known_at_the_front_door(tmp_path: Path) -> None:
    vehicles = [
        make_figure("a", value=2, item="armored vehicle"),
        make_figure("a", value=3, item="armoured vehicle"),
        make_figure("a", value=10, item="armoured vehicle", basis="total"),
    ]
    path = tmp_path / "aid.db"
    with al.Ledger(path) as book:
        book.add(source_of(vehicles), vehicles)
        assert book.totals(by="item")["best"].tolist() == [2, 3]
        assert book.totals(by="item:1")["best"].tolist() == [5]
    where = ("--where", "item=armoured vehicle", "--bound", "best", "--format", "jsonl")
    [row] = records(ok("totals", "--ledger", path, "--by", "item:1", *where))
    assert (row["item"], row["best"]) == ("armoured vehicle", 5)
    rows = records(ok("reconcile", "--ledger", path, "--level", "1", "--format", "jsonl"))
    assert [row["expected"] for row in rows if row["entry"] == "total"] == [5]
    with al.Ledger(path, parents={}) as book:  # a tree of one's own, here none
        assert book.totals(by="item:1")["best"].tolist() == [2, 3]


def test_the_item_tree_has_no_loop_and_holds_every_item() -> None:
    tree = al.item_tree()
    roots = {path_of(item, tree)[0] for item in (*items(), *synonyms())}
    assert roots <= {*parents().values(), *items()}
    assert path_of("Leopard 2A4", tree)[-2:] == ("Leopard 2", "Leopard 2A4")
    assert {"armoured vehicles", "aircraft", "person"} <= roots
    acronyms = {name for name in synonyms() if name.isupper()}
    assert {"APC", "IFV"} <= acronyms
    assert not {n for n in {*synonyms()} - acronyms if n != n.lower() or n in items()}


def test_totals_choose_by_column_status_basis_and_currency(ledger: Path) -> None:
    def asked(*options: str) -> list[dict[str, Any]]:
        return records(run("totals", "--ledger", ledger, *options, "--format", "jsonl").stdout)

    assert [row["best"] for row in asked("--where", "item=HIMARS")] == [4]
    both = asked("--where", "item=HIMARS", "--where", "item=military aid", "--bound", "high")
    assert sorted(row["high"] for row in both) == [4, 100]
    assert "best" not in both[0]
    assert [row["best"] for row in asked("--basis", "total")] == [20]
    assert asked("--status", "delivered") == []
    with al.Ledger(ledger) as book:
        [euros] = book.totals(currency="EUR", where={"unit": "USD"})["best"]
    assert [r["best"] for r in asked("--currency", "EUR") if r["unit"] == "EUR"] == [euros]
    assert euros != 100


def test_position_and_check_are_the_functions(ledger: Path, tmp_path: Path) -> None:
    def asked(*options: str) -> list[dict[str, Any]]:
        return records(run(*options, "--ledger", ledger, "--format", "jsonl").stdout)

    (launchers,) = asked("position", "--where", "item=HIMARS")
    assert launchers["so_far"] == 20
    with al.Ledger(ledger) as book:
        assert same([launchers], book.position(where={"item": "HIMARS"}))
        assert book.check().empty
        assert book.position(by="donor", as_of="2021").empty
    assert launchers["delivered"] is None
    assert (launchers["committed"], launchers["committed_total"]) == (4, 20)
    assert launchers["committed_unexplained"] == 16
    assert [row["donor"] for row in asked("position", "--by", "donor,item:0")] == ["USA"] * 2
    told = ok("position", "--ledger", ledger, "--by", "donor,certainty")
    assert told.split()[:2] == ["certainty", "donor"]
    assert asked("position", "--as-of", "2021") == asked("check") == []
    for wrong, status, line in (
        (("--by", "status"), 1, "no positions by"), (("--as-of", "soon"), 2, "ISO date"),
    ):  # fmt: skip
        done = run("position", "--ledger", ledger, *wrong)
        assert (done.returncode, done.stdout) == (status, "")
        assert line in done.stderr
    done = run("check", "--ledger", ledger, "--where", "colour=red")
    assert (done.returncode, "no column 'colour'" in done.stderr) == (1, True)


def test_own_rates_serve_where_the_bank_has_none(ledger: Path, tmp_path: Path) -> None:
    asked = ("totals", "--ledger", ledger, "--currency", "UAH", "--format", "jsonl")
    without = run(*asked)
    assert (without.returncode, without.stdout) == (1, "")
    assert "no exchange rate for UAH" in without.stderr
    path = tmp_path / "rates.csv"
    path.write_text("date,base,currency,rate\n2022-07-21,USD,UAH,36.5\n", encoding="utf-8")
    assert ok("rates", path, "--ledger", ledger) == "1 rate\n"
    assert [row["best"] for row in records(ok(*asked)) if row["unit"] == "UAH"] == [3650]
    with al.Ledger(ledger) as book:
        assert book.own_rates().to_dict("records") == [
            {"date": "2022-07-21", "base": "USD", "currency": "UAH", "rate": 36.5}
        ]


def test_compare_is_the_function(ledger: Path, pledges: tuple[Path, Path], tmp_path: Path) -> None:
    table, mapping = pledges
    other = tmp_path / "other.db"
    ok("add", table, "--mapping", mapping, "--ledger", other)
    asked = ("--by", "donor", "--status", "committed", "--where", "unit=USD", "--format", "jsonl")
    rows = records(ok("compare", other, "--ledger", ledger, *asked))
    assert [(r["donor"], r["ours"], r["theirs"], r["difference"], r["only"]) for r in rows] == [
        ("DEU", None, 10, -10, "theirs"), ("USA", 100, 90, 10, None),
    ]  # fmt: skip
    with al.Ledger(ledger) as ours, al.Ledger(other) as theirs:
        frame = ours.compare(theirs, by=["donor"], status="committed", where={"unit": "USD"})
    assert same(rows, frame)
    assert rows == records(ok("compare", table, "--mapping", mapping, "--ledger", ledger, *asked))
    plain = ok("compare", table, "--mapping", mapping, "--ledger", ledger)
    assert plain.endswith(f"\nours: {ledger}, theirs: {table}\n")


def test_frames_come_as_csv_too(ledger: Path, tmp_path: Path) -> None:
    ok("facts", "--ledger", ledger, "-o", tmp_path / "facts.csv")
    with al.Ledger(ledger) as book:
        facts = book.facts()
    read = pd.read_csv(tmp_path / "facts.csv")
    assert list(read.columns) == list(facts.columns)
    assert read["value"].tolist() == facts["value"].tolist()


def test_the_sentence_and_the_source_stand_in_the_table(tmp_path: Path) -> None:
    """Of one document too, and of a fact all that tell it."""
    told = [make_money(100, one, sentence="So it\nwas.") for one in ("a", "b")]
    path = tmp_path / "aid.db"
    with al.Ledger(path) as book:
        for one in [*told, make_figure("c", value=7)]:
            book.add(source_of([one]), [one])
        facts = book.facts()
        assert book.sources_of(facts).tolist() == ["a, b", "c"]
    money = ("--ledger", path, "--where", "unit=USD")
    [_, figure] = ok("figures", *money, "--where", "source_id=a", "--sentences").splitlines()
    assert re.search(r" a +So it was\.$", figure.rstrip())
    [head, fact] = ok("facts", *money).splitlines()
    assert "sentence" not in head
    assert fact.rstrip().endswith(" a, b")
    assert ok("facts", *money, "--sentences").rstrip().endswith("So it was.")


def test_a_stored_figure_is_explained_with_what_stands_around_it(tmp_path: Path) -> None:
    text = (
        "Oslo met. Rain fell. Norway sent Ukraine 22 howitzers. They work. Kyiv was glad. It ended."
    )
    with al.Ledger(tmp_path / "aid.db") as book:
        [figure] = al.extract(text, published="2022-10-04", source_id="a")
        book.add(al.make_source(text, source_id="a", published="2022-10-04"), [figure])
        told = book.explain(figure.figure_id).set_index("field")["value"]
    assert told["sentence"] == "Norway sent Ukraine 22 howitzers."
    assert told["passage"] == text.removesuffix(" It ended.")


def test_a_stored_figure_is_explained_by_its_id_or_how_that_begins(tmp_path: Path) -> None:
    cues = {"status": "will send"}
    chosen = {"status": {"probability": 0.81, "runner_up": "delivered", "its_probability": 0.12}}
    one = make_figure("a", value=4, sentence="They will send 4.", cues=cues, choices=chosen)
    other = make_figure("b", value=5)
    path = tmp_path / "aid.db"
    with al.Ledger(path) as book:
        for figure in (one, other):
            book.add(source_of([figure]), [figure])
        book.correct(one.figure_id, "Ann", value=6)
        told = book.explain(one.figure_id).set_index("field")
        assert book.full_id(one.figure_id[:6]) == one.figure_id
        assert book.full_id("nope") == "nope"
        with pytest.raises(al.LedgerError, match="no id of a figure is given"):
            book.full_id("")
    assert told.at["sentence", "value"] == "They will send 4."
    assert told.at["value", "value"] == "6"
    assert told.at["status", "words"] == "will send"
    assert told.at["status", "sure"] == "0.81, else delivered 0.12"
    assert "part_of" not in told.index
    said = ok("explain", one.figure_id[:6], "--ledger", path)
    assert re.search("status +committed +will send +0.81, else delivered 0.12", said)
    assert run("explain", "nope", "--ledger", path).stderr == "aidledger: no figure 'nope'\n"
    assert run("explain", "", "--ledger", path).problems == [
        "aidledger: no id of a figure is given"
    ]
    for name, value in (("published", "2022-10-04"), ("reader", "rules"), ("model", "m"),
                        ("cache", tmp_path)):  # fmt: skip
        wrong = run("explain", one.figure_id, "--ledger", path, f"--{name}", value)
        assert wrong.returncode == 2
        assert "what was read is explained" in wrong.stderr
    assert ok("accept", other.figure_id[:6], "--ledger", path, "--who", "Ann").split() == [
        "accepted", other.figure_id,
    ]  # fmt: skip
    assert "accept" in ok("history", other.figure_id[:6], "--ledger", path)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["facts", "--where", "donor=France"], "nothing with donor = FRA; here donor is USA (3)"),
        (["figures", "--where", "place=Kyiv"], "nothing with place = Kyiv; here no place is known"),
        (["totals", "--where", "item=tank"], "nothing with item = tank; here item is HIMARS (2), "),
        (["totals", "--status", "delivered"], "nothing with status = delivered; here status is "),
        (["facts", "--where", "date_stated=true"],
         "nothing with date_stated = true; here no date_stated is known"),
        (["facts", "--where", "date_stated=true", "--where", "donor=France"],
         "nothing with date_stated = true; here"),
        (["facts", "--where", "sentence=x"], "nothing with sentence = x; here no sentence is that"),
        (["figures", "--where", "same_as=x"], "nothing with same_as = x; here no same_as is known"),
        (["figures", "--where", "start < 0"], "nothing with start < 0; here start runs from "),
        (["figures", "--where", "item=HIMARS", "--where", "unit=USD"],
         "without unit = USD 2 figures are left"),
        (["totals", "--unit", "USD", "--where", "unit=count"],
         "nothing with all of these: unit = count, unit = USD; without "),
        (["totals", "--status", "committed", "--where", "status=delivered"],
         "nothing with status = delivered; here status is "),
        (["position", "--as-of", "2022-01-01"],
         "nothing with a date as of 2022-01-01; here dates run from 2022-10-03 to 2022-10-03"),
        (["position", "--view", "losses"], "nothing with view = losses; here view is aid (3)"),
        (["facts", "--where", "value > 1000"], "nothing with value > 1000; here value runs from "),
        (["facts", "--where", "item=HIMARS", "--where", "unit=USD"],
         "nothing with all of these: item = HIMARS, unit = USD; without unit = USD 2 facts are "),
        (["totals", "--where", "basis=total"], "1 fact is asked for, none is added up: see "),
        (["reconcile", "--where", "unit=USD"], "of none of them a total is stated"),
        (["parts"], "3 facts are asked for, none is stated with its parts"),
        (["suggestions"], "3 facts are asked for, no two of them may be one"),
        (["check"], "3 facts are asked for, none looks wrong"),
    ],
)  # fmt: skip
def test_where_nothing_is_found_it_is_said_why(
    arguments: list[str], told: str, ledger: Path
) -> None:
    done = run(*arguments, "--ledger", ledger)
    assert done.returncode == 0
    [line] = [line for line in done.stderr.splitlines() if "another reader" not in line]
    assert told in line
    assert done.stdout.strip()  # the head of the table
    assert not records(run(*arguments, "--ledger", ledger, "--format", "jsonl").stdout)


def test_a_beginning_of_several_ids_names_two(tmp_path: Path) -> None:
    figures = [make_figure("a", value=n) for n in range(40)]  # more than there are first letters
    ids = sorted(figure.figure_id for figure in figures)
    with al.Ledger(tmp_path / "aid.db") as book:
        book.add(source_of(figures), figures)
        start = next(a[0] for a, b in pairwise(ids) if a[0] == b[0])
        two = " and ".join([one for one in ids if one[0] == start][:2])
        with pytest.raises(al.LedgerError, match=f"^{start}: several figures begin so, as {two}$"):
            book.full_id(start)


def test_of_figures_as_they_were_read_it_is_said_why_there_are_none(tmp_path: Path) -> None:
    """A decision changes facts, but not what was read."""
    figure = make_figure("a", date_stated=True, sentence="x" * 99, attribution="y" * 99)
    path = tmp_path / "aid.db"
    with al.Ledger(path) as book:
        book.add(source_of([figure]), [figure])
        book.correct(figure.figure_id, "Ann", donor="FRA")
        assert len(book.facts(where="donor=FRA")) == 1
        assert len(book.facts(where="date_stated=True")) == 1
        assert len(book.facts(where="date_stated != true")) == 0
    told = run("figures", "--where", "donor=FRA", "--ledger", path).stderr
    assert told == "aidledger: nothing with donor = FRA; here donor is USA (1)\n"
    long = run("facts", "--where", "attribution=z", "--ledger", path).stderr
    assert long.endswith(f"here attribution is {'y' * 39}… (1)\n")


def test_an_empty_ledger_says_so(tmp_path: Path) -> None:
    with al.Ledger(tmp_path / "aid.db") as book:
        assert book.why_nothing() == "the ledger holds no figures"
    [line] = run("facts", "--ledger", tmp_path / "aid.db").problems
    assert line == "aidledger: the ledger holds no figures"


def test_below_totals_stands_what_is_not_in_them(ledger: Path, tmp_path: Path) -> None:
    launchers = ok("totals", "--ledger", ledger, "--where", "item=HIMARS").splitlines()
    assert launchers[2:] == ["not added: 1 stated total (see aidledger position)"]
    money = ok("totals", "--ledger", ledger, "--where", "unit=USD").splitlines()
    assert money[2:] == []
    doubted = make_money(400, "doubted", confidence=0.8)
    with al.Ledger(tmp_path / "doubted.db") as book:
        book.add(source_of(doubted), [doubted])
    head, row, foot = ok("totals", "--ledger", tmp_path / "doubted.db").splitlines()
    assert (head.split()[-1], row.split()[-1]) == ("sure", "0.8")
    assert foot == "sure: the chance that it is read rightly (see aidledger review queue)"
    stated = ok("totals", "--ledger", ledger, "--where", "item=HIMARS", "--basis", "total")
    assert len(stated.splitlines()) == 2
    assert len(records(ok("totals", "--ledger", ledger, "--format", "jsonl"))) == 2


def test_things_are_added_up_as_what_is_asked_for(tmp_path: Path) -> None:
    """One sum of howitzers, and a row for each kind where items are asked for."""
    figures = [
        make_figure("a", item="105mm howitzer", value=16),
        make_figure("a", item="155mm howitzer", value=20),
        make_figure("a", item="AS90", donor="GBR", value=30),
        make_figure("a", item="AS90", donor="GBR", value=8, status="delivered"),
        make_figure("a", item="T-72B", value=5),
    ]
    path = tmp_path / "aid.db"
    with al.Ledger(path) as book:
        book.add(source_of(figures), figures)

        def sums(by: str, *where: str) -> list[tuple[Any, ...]]:
            frame = book.totals(by=by.split(), status="committed", where=where)
            return list(frame[[*by.split()[:1], "item", "best"]].itertuples(index=False, name=None))

        assert sums("donor", "item=howitzer") == [("GBR", "howitzer", 30), ("USA", "howitzer", 36)]
        assert sums("donor", "item under artillery") == [
            ("GBR", "artillery", 30), ("USA", "artillery", 36),
        ]  # fmt: skip
        assert len(sums("donor item", "item=howitzer")) == 3
        assert len(sums("donor", "item != T-72B")) == 3
        queue = book.review_queue(where="item=howitzer", by="donor", freq=None)
        shown = book.totals(by="donor", where="item=howitzer")
        cells = {(row.donor, row.item, row.status): row.best for row in shown.itertuples()}
        assert {cell[:3]: held for cell, held in queue.totals().items()} == cells
        assert ("GBR", "howitzer", "delivered") in cells
        tree = al.items("howitzers", book)
    assert tree["item"].tolist() == [
        "howitzer", "105mm howitzer", "155mm howitzer", "self-propelled howitzer", "AS90",
    ]  # fmt: skip
    assert tree["facts"].tolist() == [0, 1, 1, 0, 2]
    shown_tree = ok("items", "howitzer", "--ledger", path).splitlines()
    assert [line.split("  ")[0] for line in shown_tree[:2]] == ["item", "howitzer"]
    assert shown_tree[2].startswith("  105mm howitzer")
    whole = al.items()
    assert {"HIMARS", "artillery"} <= {*whole["item"]}
    assert whole.set_index("item").at["HIMARS", "above"] == "multiple rocket launcher"
    assert run("items", "hymars").stderr == "aidledger: item hymars: did you mean HIMARS?\n"


def test_items_of_a_ledger_are_shown_though_the_catalogue_does_not_know_them(
    tmp_path: Path,
) -> None:
    figures = [make_figure("a", item="gizmo"), make_figure("a", item="HIMARS")]
    path = tmp_path / "aid.db"
    with al.Ledger(path) as book:
        book.add(source_of(figures), figures)
        every = al.items(ledger=book).set_index("item")["facts"]
        assert every[["gizmo", "HIMARS"]].tolist() == [1, 1]
        assert al.items("gizmo", book)["item"].tolist() == ["gizmo"]
        with pytest.raises(al.LedgerError, match="no item 'gadget'"):
            al.items("gadget", book)
    with pytest.raises(al.LedgerError, match="no item 'gizmo'"):
        al.items("gizmo")
    empty = run("items", "tank", "--ledger", path)
    assert (empty.returncode, empty.problems) == (0, [f"aidledger: {path} holds none of these"])


VERBS = ["figures", "facts", "totals", "reconcile", "position", "check"]


@pytest.mark.parametrize("verb", VERBS)
def test_rows_come_as_a_workbook(verb: str, ledger: Path, tmp_path: Path) -> None:
    """With the cells of the CSV, numbers as numbers; and it is no document."""
    path = tmp_path / "out.xlsx"
    assert ok(verb, "--ledger", ledger, "-o", path) == f"wrote {path}\n"
    [sheet] = load_workbook(path).worksheets
    head, *rows = sheet.iter_rows(values_only=True)
    written = list(csv.reader(io.StringIO(ok(verb, "--ledger", ledger, "--format", "csv"))))
    assert list(head) == written[0]
    assert len(rows) == len(written) - 1
    for row, line in zip(rows, written[1:], strict=True):
        told = [f"{x:%Y-%m-%d}" if isinstance(x, datetime) else x for x in row]
        assert [_number(cell) for cell in line] == [_number(x) for x in told]
    assert sheet.auto_filter.ref
    assert not records(run("extract", path, "--format", "jsonl").stdout)
    again = path.read_bytes()
    ok(verb, "--ledger", ledger, "-o", path)
    assert path.read_bytes() == again


def _number(cell: object) -> object:
    try:
        return float(str(cell))
    except ValueError:
        return (
            json.loads(text)
            if (text := str(cell or "").removeprefix("'")).startswith("[")
            else text
        )


def test_texts_stay_texts_in_a_sheet_and_rows_go_on_in_a_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "ROWS", 2)
    path = tmp_path / "a.xlsx"
    rows: list[list[Any]] = [["=1+1", 1], [None, 2.5], ["b\x00", Decimal("3.25")], [[1, "é"], True]]
    spreadsheet.write_sheet(("text", "number"), rows, path, ["number"])
    sheets = load_workbook(path).worksheets
    held = [tuple(row) for sheet in sheets for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert held == [("=1+1", 1), (None, 2.5), ("b", 3.25), ('[1, "é"]', "True"), (None, None)][:4]
    assert [sheet["A1"].value for sheet in sheets] == ["text"] * len(sheets)
    assert sheets[0]["A2"].data_type != "f"
    for number, expected in ((0, 1), (1, 1), (2, 1), (3, 2), (4, 2), (5, 3)):
        spreadsheet.write_sheet(("text", "number"), [["a", 1]] * number, path)
        assert len(load_workbook(path).worksheets) == expected


@pytest.mark.parametrize("verb", ["figures", "facts", "totals", "position"])
@pytest.mark.parametrize("name", ["a.html", "a.md", "a.json", "a.parquet"])
def test_a_file_of_another_kind_is_refused(verb: str, name: str, ledger: Path) -> None:
    path = ledger.parent / name
    done = run(verb, "--ledger", ledger, "-o", path)
    assert done.returncode == 2
    assert "names that end in .xlsx, .csv, .jsonl or .txt" in done.stderr
    assert not path.exists()
    ok(verb, "--ledger", ledger, "-o", path, "--format", "csv")  # what is said counts
    assert path.exists()
    assert run(verb, "--ledger", ledger, "--format", "xlsx").returncode == 2


def test_a_workbook_without_a_file_is_refused_before_anything_is_read() -> None:
    done = run("extract", "no-such-file.txt", "--format", "xlsx")
    assert done.returncode == 2
    assert "--format xlsx goes with -o FILE.xlsx" in done.stderr
    assert "no-such-file" not in done.stderr


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_a_text_stays_a_text_in_csv(text: str, tmp_path: Path) -> None:
    figure = make_figure("a", item=text, value=-2)
    path = tmp_path / "aid.db"
    with al.Ledger(path) as book:
        book.add(source_of(figure), [figure])
    [row] = csv.DictReader(io.StringIO(ok("figures", "--ledger", path, "--format", "csv")))
    assert (row["item"], row["value"]) == (f"'{text}", "-2")
    [record] = records(ok("figures", "--ledger", path, "--format", "jsonl"))
    assert record["item"] == text


# tables


def test_a_table_of_ones_own_becomes_figures(pledges: tuple[Path, Path], tmp_path: Path) -> None:
    table, mapping = pledges
    path = tmp_path / "aid.db"
    arguments = ("add", table, "--mapping", mapping, "--ledger", path)
    assert ok(*arguments) == "1 table (1 new), 2 figures\n"
    assert ok(*arguments) == "1 table (1 unchanged), 2 figures\n"
    with al.Ledger(path) as book:
        figures = book.figures()
    assert figures["rule"].tolist() == ["row 2", "row 3"]
    assert figures["source_id"].unique().tolist() == [f"{table}#pledges"]
    assert figures["donor"].tolist() == ["USA", "DEU"]
    assert figures["date"].tolist() == ["2022-10-01", "2022-10-02"]


@pytest.mark.parametrize("kind", ["xlsx", "json"])
def test_tables_come_in_other_kinds_of_files(
    kind: str, pledges: tuple[Path, Path], tmp_path: Path
) -> None:
    frame = pd.read_csv(pledges[0], dtype=str)
    path, options = tmp_path / f"pledges.{kind}", []
    if kind == "json":
        frame.to_json(path, orient="records")
    else:
        with pd.ExcelWriter(path) as writer:
            pd.DataFrame({"note": ["nothing"]}).to_excel(writer, sheet_name="First", index=False)
            frame.to_excel(writer, sheet_name="Pledges", index=False)
        options = ["--sheet", "Pledges"]
    book_path = tmp_path / "aid.db"
    ok("add", path, "--mapping", pledges[1], *options, "--ledger", book_path)
    with al.Ledger(book_path) as book:
        assert book.figures()["value"].tolist() == [90, 10]


def test_a_batch_of_tables_goes_on_and_names_what_it_left_out(
    losses: Path, pledges: tuple[Path, Path], tmp_path: Path
) -> None:
    path = tmp_path / "aid.db"
    missing = tmp_path / "none.csv"
    done = run("add", missing, pledges[0], losses, "--mapping", "daily-losses", "--ledger", path)
    assert done.returncode == 1
    assert done.stdout == "1 table (1 new), 5 figures\n"
    assert done.stderr.splitlines() == [
        f"aidledger: {missing}: no such file",
        f"aidledger: {pledges[0]}: the table has no column 'date'",
        f"aidledger: {losses}: row 3: aircraft: 'x' is not a number",
    ]
    with al.Ledger(path) as book:
        assert len(book.figures()) == 5
        done_again = al.ingest_tables(book, [losses], "daily-losses")
    assert [str(problem) for problem in done_again.problems] == [
        f"{losses}: row 3: aircraft: 'x' is not a number"
    ]


def test_a_folder_of_tables_is_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    for day in (1, 2):
        text = f"date,tank\n2022-03-0{day},{100 * day}\n"
        (folder / f"{day}.csv").write_text(text, encoding="utf-8")
    (folder / ".hidden").write_text("x", encoding="utf-8")
    said = ok("add", folder, "--mapping", "daily-losses", "--ledger", tmp_path / "aid.db")
    assert said == "2 tables (2 new), 2 figures\n"


# wrong input


@pytest.mark.parametrize(
    ("arguments", "status", "cause"),
    [
        (["add", "{losses}", "--mapping", "nope", "--ledger", "{ledger}"], 1, "no such mapping"),
        (["add", "{losses}", "--sheet", "A", "--ledger", "{ledger}"], 2, "goes with --mapping"),
        (["add", "{losses}", "--mapping", "daily-losses", "--resume", "--ledger", "{ledger}"], 2,
         "go without --mapping"),
        (["compare", "{ledger}", "--sheet", "A", "--ledger", "{ledger}"], 2, "with --mapping"),
        (["compare", "{losses}", "--ledger", "{ledger}"], 1, "by a mapping: see --mapping"),
        (["rates", "{losses}", "--ledger", "{ledger}"], 1, "line 2: not a rate"),
        (["rates", "none.csv", "--ledger", "{ledger}"], 1, "none.csv: no such file"),
        (["totals", "--ledger", "{ledger}", "--where", "item"], 2, "name=value"),
        (["totals", "--ledger", "{ledger}", "--where", "colour=red"], 1, "no column 'colour'"),
        (["totals", "--ledger", "{ledger}", "--basis", "sum"], 2, "'sum' is not one of"),
        (["reconcile", "--ledger", "{ledger}", "--level", "-1"], 2, "'--level'"),
        (["compare", "none.db", "--ledger", "{ledger}"], 1, "no such ledger"),
        (["compare", "none.csv", "--mapping", "oryx-lines", "--ledger", "{ledger}"], 1,
         "none.csv: no such file"),
        (["history", "nope", "--ledger", "{ledger}"], 1, "no figure 'nope'"),
        (["facts", "--ledger", "none.db"], 1, "no such ledger"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(
    arguments: list[str], status: int, cause: str, ledger: Path, losses: Path
) -> None:
    places = {"ledger": ledger, "losses": losses}
    done = run(*(argument.format(**places) for argument in arguments))
    assert done.returncode == status
    assert cause in done.stderr
    assert done.stdout == ""
    assert status == 2 or len(done.stderr.splitlines()) == 1


def test_a_ledger_is_not_written_over(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("Norway gave Ukraine 8 tanks.", encoding="utf-8")
    book = tmp_path / "aid"
    ok("add", article, "--ledger", book)
    before = book.read_bytes()
    done = run("extract", article, "-o", book)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "a ledger" in done.stderr
    assert book.read_bytes() == before


def test_a_status_that_does_not_exist_is_no_empty_table(tmp_path: Path) -> None:
    book = tmp_path / "aid.db"
    figures = [make_money(value=5)]
    with al.Ledger(book) as ledger:
        ledger.add(source_of(figures), figures)
    for written, told in (
        ("purple", "no status 'purple'; choose from"),
        ("promised", "status promised: did you mean committed?"),  # in the words of the texts
        ("sent", "status sent: did you mean delivered or committed?"),
        ("Comitted", "status Comitted: did you mean committed?"),
    ):
        for option, asked in (("--status", written), ("--where", f"status={written}")):
            done = run("totals", "--ledger", book, option, asked)
            assert (done.returncode, done.stdout) == (1, "")
            assert told in done.stderr
    assert len(
        records(ok("totals", "--ledger", book, "--status", "Committed", "--format", "jsonl"))
    )


def test_totals_choose_by_date_and_unit_and_say_what_periods_are(ledger: Path) -> None:
    def units(*options: str) -> list[str]:
        asked = ("totals", "--ledger", str(ledger), "--format", "jsonl", *options)
        return [row["unit"] for row in records(run(*asked).stdout)]

    assert units() == ["count", "USD"]
    assert units("--unit", "usd") == ["USD"]
    assert units("--unit", "USD", "--unit", "count") == ["count", "USD"]
    assert units("--where", "date = 2022-10") == ["count", "USD"]
    assert units("--where", "date > 2022-10") == []
    assert "(--freq month)" in run("totals", "--ledger", ledger, "--by", "month").stderr
    assert "did you mean donor?" in run("totals", "--ledger", ledger, "--by", "donr").stderr

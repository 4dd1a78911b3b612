"""The review queue: what comes first and why, and that decisions change what they touch alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest

import aidledger as al
from command import ok, records, run
from factory import make_figure, make_money, source_of
from ledger.errors import LedgerError
from ledger.figure import CORRECTS, RECALL, Chosen, Figure
from ledger.review.doubt import doubt
from ledger.review.filled import DecidedSinceError
from ledger.review.findings import Finding
from ledger.review.queue import Queue
from ledger.review.review import Decision
from ledger.review.wording import amount_words


def chosen(**told: tuple[float, str | None, float]) -> dict[str, Chosen]:
    """Choices by field: its probability, the runner-up, and that one's."""
    return {
        name: Chosen(probability=sure, runner_up=other, its_probability=its)
        for name, (sure, other, its) in told.items()
    }


SURE = dict.fromkeys(("donor", "recipient", "party", "status", "basis"), (0.999, None, 0.001))


def money(value: float, source_id: str, **overrides: Any) -> Figure:
    told = SURE | overrides.pop("told", {})
    confidence = overrides.pop("confidence", 0.995)
    options = {"confidence": confidence, "choices": chosen(**told)} | overrides
    return make_money(value, source_id, **options)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[al.Ledger]:
    with al.Ledger(tmp_path / "aid.db") as book:
        yield book


def add(ledger: al.Ledger, *figures: Figure) -> None:
    for source_id in dict.fromkeys(figure.source_id for figure in figures):
        held = [figure for figure in figures if figure.source_id == source_id]
        ledger.add(source_of(held, publisher="Ministry"), held)


def order(queue: Queue) -> list[str]:
    return [entry.figure_id for entry in queue.entries()]


def test_doubt_times_effect_comes_first_and_says_both(ledger: al.Ledger) -> None:
    doubted = {"donor": (0.6, "GBR", 0.4)}
    large_sure, large, small = (
        money(400_000_000, "a"),
        money(300_000_000, "b", told=doubted, confidence=0.6, donor="USA", date="2022-11-05"),
        money(200, "c", told=doubted, confidence=0.6, recipient="MDA", date="2023-01-05"),
    )
    add(ledger, small, large_sure, large)
    queue = ledger.review_queue()
    figures = [entry.figure_id for entry in queue.entries() if entry.kind == "figure"]
    assert figures == [f.figure_id for f in (large, small, large_sure)]
    first = queue.first()
    assert first is not None
    assert first.effect == (
        "if wrong, USA to UKR committed falls by USD 300 million, GBR to UKR committed rises by as "
        "much"
    )
    assert first.reason == "donor 60 percent sure (else GBR)"
    assert first.wrong == pytest.approx(0.4, abs=0.01)


def test_only_fields_that_the_question_uses_are_doubted(ledger: al.Ledger) -> None:
    one = money(5e6, "a", told={"donor": (0.5, "GBR", 0.5)}, confidence=0.5)
    add(ledger, one)
    by_donor = ledger.review_queue().first()
    by_recipient = ledger.review_queue(by="recipient", freq=None).first()
    assert by_donor is not None
    assert by_recipient is not None
    assert by_donor.wrong == pytest.approx(0.5, abs=0.01)
    assert by_recipient.wrong < 0.01
    dated = money(8e6, "b", told={"date": (0.5, "2022-12", 0.5)}, date="2022-10-03")
    add(ledger, dated)
    at_date = ledger.review_queue(by="recipient", freq="month").first()
    assert at_date is not None
    assert at_date.figure_id == dated.figure_id
    assert at_date.effect == (
        "if wrong, UKR committed in 2022-10 falls by USD 8 million, UKR committed in 2022-12 rises "
        "by as much"
    )


def test_a_figure_that_counts_nowhere_may_be_worth_most(ledger: al.Ledger) -> None:
    left_out = money(9e8, "a", basis="total", told={"basis": (0.55, "delta", 0.45)}, confidence=0.5)
    add(ledger, left_out, money(1e6, "b", date="2023-01-01"))
    first = ledger.review_queue().first()
    assert first is not None
    assert first.figure_id == left_out.figure_id
    assert first.effect == "if wrong, USA to UKR committed rises by USD 900 million"


def test_links_are_doubted_too(ledger: al.Ledger) -> None:
    whole = money(500, "a")
    part = money(300, "a", part_of=whole.figure_id)
    again = money(500, "a", same_as=whole.figure_id)
    add(ledger, whole, part, again)
    effects = {e.figure_id: e.effect for e in ledger.review_queue().entries()}
    assert effects[part.figure_id] == "if wrong, USA to UKR committed rises by USD 300"
    assert effects[again.figure_id] == "if wrong, USA to UKR committed rises by USD 500"


@pytest.mark.parametrize("link", ["same_as", "part_of"])
def test_a_link_that_may_be_missing_is_doubted(ledger: al.Ledger, link: str) -> None:
    whole, apart = money(500, "a"), money(30, "a", date="2022-12-01")
    doubted = {link: (0.6, whole.figure_id, 0.4)}
    other = money(300, "a", told=doubted)
    add(ledger, whole, other, apart)
    queue = ledger.review_queue()
    first = queue.first()
    assert first is not None
    assert first.figure_id == other.figure_id
    assert first.wrong == pytest.approx(0.4, abs=0.01)
    assert first.effect == "if wrong, USA to UKR committed falls by USD 300"
    named = link.replace("_", " ")
    assert first.reason == f"{named} no other 60 percent sure (else {whole.text})"
    ledger.reject(whole.figure_id, "Ann")  # and there is nothing to belong to any more
    ledger.follow(queue)
    anew = {e.figure_id: e.worth for e in ledger.review_queue().entries()}
    kept = {e.figure_id: e.worth for e in queue.entries()}
    assert kept == pytest.approx(anew)
    assert kept[other.figure_id] < first.worth / 5


@pytest.mark.parametrize(("item", "falls"), [("tank", False), ("armoured vehicles", True)])
def test_a_part_that_may_be_one_falls_where_it_is_added_to_the_same_sum(
    ledger: al.Ledger, item: str, falls: bool
) -> None:
    whole = make_figure(item=item, value=14)
    link = SURE | {"part_of": (0.6, whole.figure_id, 0.4)}
    status = "committed" if falls else "cancelled"
    part = make_figure(
        item="tank", value=4, status=status, confidence=0.995, choices=chosen(**link)
    )
    add(ledger, whole, part)
    worth = {e.figure_id: e.worth for e in ledger.review_queue().entries()}
    before = ledger.totals()["best"].sum()
    ledger.correct(part.figure_id, "Ann", part_of=whole.figure_id)
    assert ledger.totals()["best"].sum() - before == (-4 if falls else 0)
    assert (worth[part.figure_id] > 0.1) == falls  # else by what is not the link alone


def test_a_link_of_which_nothing_is_stored_is_not_doubted_where_there_is_none() -> None:
    stored = json.dumps(chosen(**SURE))
    uses = (*SURE, "same_as", "part_of")
    assert doubt(stored, 0.995, "fitted", (), uses).right == pytest.approx(0.995, abs=0.001)
    linked = doubt(stored, 0.995, "fitted", ("part_of",), uses)
    assert linked.right == pytest.approx(0.995 * 0.8, abs=0.001)


def test_what_may_enter_the_totals_comes_before_what_cannot(ledger: al.Ledger) -> None:
    twice = {"basis": (0.9, "level", 0.05), "donor": (0.9, None, 0.1), "status": (0.9, None, 0.1)}
    told = {"confidence": 0.4, "told": twice, "donor": None, "recipient": None, "status": None}
    pounds = money(9e9, "a", unit="GBP", **told)
    small, large = money(5e3, "b", **told), money(5e9, "c", **told)
    add(ledger, pounds, small, large)
    queue = ledger.review_queue({"unit": ["USD"]})
    assert [entry.worth for entry in queue.entries()] == [0, 0, 0]
    assert order(queue) == [one.figure_id for one in (large, small, pounds)]


def test_the_surest_of_the_figures_of_a_fact_stands_for_it(ledger: al.Ledger) -> None:
    told = {"status": (0.7, "delivered", 0.3)}
    doubted, sure = money(5e6, "a", told=told, confidence=0.7), money(5e6, "b")
    add(ledger, doubted, sure)
    entries = {entry.figure_id: entry for entry in ledger.review_queue().entries()}
    assert entries[doubted.figure_id].worth == 0
    assert entries[doubted.figure_id].effect.startswith("no total changes: said by 1 more")
    assert 0 < entries[sure.figure_id].worth < 1


def test_a_calibrated_chance_is_spread_over_the_five_fields() -> None:
    choices = json.dumps(chosen(**(SURE | {"status": (0.9, "delivered", 0.1)})))
    told = doubt(choices, 0.6, "fitted", (), ("donor", "recipient", "party", "status", "basis"))
    assert told.right == pytest.approx(0.6, abs=0.005)
    assert told.fields[0][0] == "status"
    assert told.others[0].chance == pytest.approx(1 - told.fields[0][1], rel=0.01)
    assert doubt("{}", None, "rules", (), ("status",)).right == 0.5
    assert doubt("{}", None, "table", (), ("status",)).right == 0.99


def test_what_the_ledger_found_is_in_the_queue_until_it_is_settled(ledger: al.Ledger) -> None:
    one, other = money(5e8, "a", date="2022-10-03"), money(5e8, "b", date="2022-10-11")
    add(ledger, one, other)
    own = Finding("check", (one.figure_id,), "far more than the rest of its series")
    queue = ledger.review_queue(findings=[own])
    pair, check = (
        next(entry for entry in queue.entries() if entry.kind == kind) for kind in ("same", "check")
    )
    assert pair.effect == "if so, USA to UKR committed falls by USD 500 million"
    assert "the date keeps them apart" in pair.reason
    assert check.reason == "far more than the rest of its series"
    assert queue.safe()["share"].tolist() == [0.0]  # sure as they are, what was found is open
    for entry in (pair, check):
        assert entry.finding is not None
        of = Decision(entry.figure_id, "dismiss", None, {"finding": entry.finding.key})
        ledger.review([of], "Ann")
    ledger.follow(queue)
    assert {entry.kind for entry in queue.entries()} == {"figure"}
    assert {entry.kind for entry in ledger.review_queue(findings=[own]).entries()} == {"figure"}
    assert queue.safe_words() == (
        "100 percent of USD 1 billion committed rests on accepted or certain facts"
    )


def test_skipped_ones_stay_and_are_marked_and_come_last(ledger: al.Ledger) -> None:
    figures = [money(n * 1e6, str(n), date=f"2022-0{n}-01") for n in range(1, 5)]
    add(ledger, *figures)
    queue = ledger.review_queue()
    first, second = order(queue)[:2]
    ledger.review([Decision(first, "skip")], "Ann")
    assert ledger.follow(queue) == {first}
    assert (order(queue)[0], order(queue)[-1], len(queue)) == (second, first, 4)
    frame = queue.frame()
    assert frame["skipped_by"].fillna("").tolist() == ["", "", "", "Ann"]
    assert order(ledger.review_queue()) == order(queue)
    assert ledger.figures()["review"].isna().all()


def test_figures_read_alike_are_named(ledger: al.Ledger) -> None:
    figures = [money(7e6, name, date=None) for name in "abc"]
    add(ledger, *figures, money(8e6, "d"))
    entries = {entry.figure_id: entry for entry in ledger.review_queue().entries()}
    ids = [figure.figure_id for figure in figures]
    assert set(entries[ids[0]].alike) == set(ids[1:])
    assert not [e for e in entries.values() if e.figure_id not in ids and e.alike]


def test_nothing_is_dropped_and_the_order_is_the_same(ledger: al.Ledger, tmp_path: Path) -> None:
    figures = many(60, Random(4))
    add(ledger, *figures)
    queue = ledger.review_queue()
    assert set(order(queue)) == {figure.figure_id for figure in figures}
    assert order(queue) == order(ledger.review_queue())
    assert order(queue)[0] == queue.first().figure_id  # type: ignore[union-attr]


def pointing(chance: Random) -> str | None:
    """How a figure may stand to what was told before."""
    return chance.choice([RECALL, CORRECTS, *[None] * 12])


def many(count: int, chance: Random) -> list[Figure]:
    """Figures as a ledger holds them: some repeat another, some are parts, some are doubtful."""
    figures: list[Figure] = []
    for number in range(count):
        sure = chance.choice([0.5, 0.8, 0.97])
        told = {"status": (sure, "delivered", 1 - sure), "donor": (sure, "POL", 1 - sure)}
        same_document = [f for f in figures if f.source_id == f"d{number // 4}"]
        link = chance.choice([None, None, "same_as", "part_of"]) if same_document else None
        links: dict[str, Any] = {link: chance.choice(same_document).figure_id} if link else {}
        values: dict[str, Any] = {
            "value": chance.choice([100, 102, 200, 5e6, 5.1e6]),
            "donor": chance.choice(["USA", "GBR"]),
            "basis": chance.choice(["delta", "delta", "total"]),
            "date": chance.choice(["2022-10-03", "2022-10-04", "2022-10", "2022-11-20", None]),
            "date_stated": chance.choice([True, False]),
            "cues": {cue: "words"} if (cue := pointing(chance)) else {},
        }
        figures.append(money(source_id=f"d{number // 4}", told=told, confidence=sure,
                             **values, **links))  # fmt: skip
    return figures


@pytest.mark.parametrize("seed", range(8))
def test_a_queue_that_follows_is_the_one_that_is_made_anew(ledger: al.Ledger, seed: int) -> None:
    chance = Random(seed)
    figures = many(40, chance)
    add(ledger, *figures)
    queue, numbers = ledger.review_queue(), []
    for _ in range(12):
        one, other = chance.sample([f.figure_id for f in figures], 2)
        made = chance.choice([
            Decision(one, "accept"), Decision(one, "reject"), Decision(one, "skip"),
            Decision(one, "correct", None, {"donor": "GBR", "value": 5e6}),
            Decision(one, "correct", None, {"status": "delivered", "date": "2022-10-04"}),
            Decision(one, "correct", None, {"same_as": other}),
            Decision(one, "correct", None, {"part_of": other, "basis": "delta"}),
        ])  # fmt: skip
        number = ledger.review([made], "Ann")[0]
        numbers.append((one, number))
        if len(numbers) % 4 == 0:
            undone, of = numbers.pop()
            ledger.review([Decision(undone, "undo", None, {"undoes": of})], "Ann")
        ledger.follow(queue)
    anew = ledger.review_queue()
    assert sums(queue) == sums(anew)
    figures_alone = [
        [(e.figure_id, round(e.worth, 9), e.effect, e.fact_id) for e in one.entries()
         if e.kind == "figure"]
        for one in (queue, anew)
    ]  # fmt: skip
    assert figures_alone[0] == figures_alone[1]


def sums(queue: Queue) -> dict[Any, float]:
    return {cell: round(total, 6) for cell, total in queue.totals().items() if round(total, 6)}


def test_the_totals_are_those_of_the_ledger(ledger: al.Ledger) -> None:
    add(ledger, *many(60, Random(9)))
    queue = ledger.review_queue(by="donor", freq=None)
    asked = ledger.totals(by="donor")
    ours = {(cell[0], cell[2], cell[3]): total for cell, total in queue.totals().items()}
    names = zip(asked["donor"], asked["status"], asked["unit"], strict=True)
    assert ours == pytest.approx(dict(zip(names, asked["best"], strict=True)))


@pytest.mark.parametrize("by", ["donor", "item", "item:0"])
def test_parts_of_other_things_count_as_the_totals_count_them(ledger: al.Ledger, by: str) -> None:
    fleet = make_figure(item="armoured vehicles", value=50)
    tanks = make_figure(item="tank", value=30, part_of=fleet.figure_id)
    of_those = make_figure(item="Leopard 2", value=9, part_of=tanks.figure_id)
    back = make_figure(item="tank", value=4, status="cancelled", part_of=fleet.figure_id)
    add(ledger, fleet, tanks, of_those, back, make_figure("b", item="tank", value=2))
    queue = ledger.review_queue(by=by, freq=None)
    asked = ledger.totals(by=by)
    assert sorted(sums(queue).values()) == sorted(asked["best"])


def test_a_question_narrows_what_counts(ledger: al.Ledger) -> None:
    usa, gbr = money(5e6, "a"), money(9e6, "b", donor="GBR")
    himars = make_figure("c", value=4, item="HIMARS", date="2022-12-01")
    add(ledger, usa, gbr, himars)
    for queue in (
        ledger.review_queue(where={"donor": "USA", "unit": "USD"}),
        ledger.review_queue({"donor": "United States", "unit": "USD"}),
        ledger.review_queue(lambda facts: facts["donor"].eq("USA") & facts["unit"].eq("USD")),
        ledger.review_queue(ledger.facts().query("donor == 'USA' and unit == 'USD'")),
    ):
        assert list(queue.totals().values()) == [5e6]
        assert len(queue) == 3
    assert ledger.review_queue(by="item:0").totals()
    with pytest.raises(LedgerError, match="no column 'nonsense'"):
        ledger.review_queue(where={"nonsense": "USA"})
    with pytest.raises(LedgerError, match="no column 'nonsense'"):
        ledger.review_queue(by="nonsense")
    with pytest.raises(LedgerError, match="no frequency 'fortnight'"):
        ledger.review_queue(freq="fortnight")
    with pytest.raises(LedgerError, match="status given: did you mean"):
        ledger.review_queue(status="given")


def test_what_is_safe(ledger: al.Ledger) -> None:
    told = {"status": (0.9, "delivered", 0.1)}
    sure, doubted = money(75, "a"), money(25, "b", told=told, confidence=0.9, date="2023-01-01")
    add(ledger, sure, doubted)
    queue = ledger.review_queue()
    assert (
        queue.safe_words() == "75 percent of USD 100 committed rests on accepted or certain facts"
    )
    ledger.accept(doubted.figure_id, "Ann")
    ledger.follow(queue)
    assert queue.safe()[["total", "safe", "facts"]].values.tolist() == [[100, 100, 2]]
    ledger.reject(sure.figure_id, "Ann")
    ledger.follow(queue)
    assert queue.safe()[["total", "safe", "facts"]].values.tolist() == [[25, 25, 1]]


def test_an_empty_ledger_has_an_empty_queue(ledger: al.Ledger) -> None:
    queue = ledger.review_queue()
    assert (len(queue), queue.first(), queue.safe_words(), len(queue.frame())) == (0, None, "", 0)


def test_undo_brings_back_what_was(ledger: al.Ledger) -> None:
    one = money(100, "a")
    add(ledger, one)
    ledger.correct(one.figure_id, "Ann", value=200)
    ledger.reject(one.figure_id, "Ben")
    ledger.undo(one.figure_id, "Ann", "it is there")
    assert ledger.figures()[["value", "review"]].values.tolist() == [[200, "corrected"]]
    ledger.undo(one.figure_id, "Ann")
    figures = ledger.figures()
    assert (figures["value"].tolist(), figures["review"].isna().tolist()) == ([100], [True])
    assert ledger.history(one.figure_id)["action"].tolist() == [
        "read", "correct", "reject", "undo", "undo",
    ]  # fmt: skip
    with pytest.raises(LedgerError, match="has no decision to undo"):
        ledger.undo(one.figure_id, "Ann")
    with pytest.raises(LedgerError, match="has no decision 1 to undo"):
        ledger.review([Decision(one.figure_id, "undo", None, {"undoes": 1})], "Ann")


def test_a_decision_can_say_what_it_has_seen(ledger: al.Ledger) -> None:
    one = money(100, "a")
    add(ledger, one)
    numbers = ledger.review([Decision(one.figure_id, "accept")], "Ann", seen={one.figure_id: 0})
    with pytest.raises(DecidedSinceError, match="accept, by Ann"):
        ledger.review([Decision(one.figure_id, "reject")], "Ben", seen={one.figure_id: 0})
    ledger.review([Decision(one.figure_id, "reject")], "Ben", seen={one.figure_id: numbers[0]})
    assert ledger.figures()["review"].tolist() == ["rejected"]


@pytest.mark.parametrize(
    ("action", "changes"),
    [("skip", {"value": 5}), ("undo", {}), ("undo", {"undoes": "1"}), ("dismiss", {}),
     ("dismiss", {"finding": 5}), ("accept", {"finding": "same:a,b"})],
)  # fmt: skip
def test_notes_speak_of_what_they_can(ledger: al.Ledger, action: str, changes: Any) -> None:
    one = money(100, "a")
    add(ledger, one)
    with pytest.raises(LedgerError):
        ledger.review([Decision(one.figure_id, action, None, changes)], "Ann")
    assert ledger.decisions().empty


def test_the_figures_of_a_browser_of_the_database_know_undoing(ledger: al.Ledger) -> None:
    import sqlite3

    one, other = money(100, "a"), money(200, "b")
    add(ledger, one, other)
    ledger.accept(one.figure_id, "Ann")
    ledger.undo(one.figure_id, "Ann")
    ledger.reject(other.figure_id, "Ann")
    ledger.review([Decision(other.figure_id, "skip")], "Ann")
    with sqlite3.connect(ledger.name) as connection:
        rows = connection.execute("SELECT review FROM figures ORDER BY value").fetchall()
    assert rows == [(None,), ("reject",)]


def test_a_sheet_knows_undoing(ledger: al.Ledger) -> None:
    one = money(100, "a")
    add(ledger, one)
    ledger.accept(one.figure_id, "Ann")
    before = ledger.review_sheet()
    ledger.undo(one.figure_id, "Ben")
    after = ledger.review_sheet()
    assert after["decision"].isna().all()
    assert ledger.read_review(after, "Ann").decisions == 0
    changed = ledger.read_review(before.assign(decision="reject"), "Ann")
    assert len(changed.conflicts) == 1
    assert ledger.read_review(after.assign(decision="skip"), "Ann").problems


def test_the_command_writes_the_queue(ledger: al.Ledger) -> None:
    figures = [money(5e6, "a"), money(7e6, "b", donor="GBR")]
    add(ledger, *figures)
    options = ("--ledger", ledger.name, "--format", "jsonl")
    rows = records(ok("review", "queue", *options, "--where", "donor=GBR", "-n", "1"))
    assert [(row["figure_id"], row["rank"]) for row in rows] == [(figures[1].figure_id, 1)]
    assert len(records(ok("review", "queue", *options, "--by", "donor"))) == 2
    ledger.accept(figures[0].figure_id, "Ann")
    who = ("--ledger", ledger.name, "--who", "Ben")
    assert ok("undo", figures[0].figure_id, *who) == f"undone on {figures[0].figure_id}\n"
    done = run("review", "queue", *options, "--by", "nonsense")
    assert (done.returncode, len(done.problems)) == (1, 1)
    assert "no column 'nonsense'" in done.problems[0]
    table = ok("review", "queue", "--ledger", ledger.name)
    assert table.startswith("100 percent of USD 12 million committed rests on accepted or certain")


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [(4e8, "USD", "USD 400 million"), (9.63e9, "USD", "USD 9.63 billion"), (20, "count", "20"),
     (350, "kilometre", "350 kilometre"), (2e12, "UAH", "UAH 2 trillion"), (950, "USD", "USD 950")],
)  # fmt: skip
def test_amounts_in_words(number: float, unit: str, words: str) -> None:
    assert amount_words(number, unit) == words


def test_a_frame_of_the_queue_has_its_columns_also_when_empty(ledger: al.Ledger) -> None:
    empty = ledger.review_queue().frame()
    add(ledger, money(100, "a"))
    full = ledger.review_queue().frame()
    pd.testing.assert_series_equal(empty.dtypes, full.dtypes)

"""Findings: what of a ledger a reader should look at, and why."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from typing import Any

import pandas as pd
import pytest

from factory import make_figure, make_money
from ledger.dedupe import merge
from ledger.errors import LedgerError
from ledger.figure import Figure
from ledger.positions.check import FINDING_DTYPES, KINDS, check, findings
from ledger.table import to_frame

MILLION = 10**6


def facts_of(*figures: Figure, published: str = "2022-10-04") -> pd.DataFrame:
    return merge(to_frame(figures).assign(published=published))


def kinds(*figures: Figure, **question: Any) -> list[str]:
    return [found.kind for found in findings(facts_of(*figures), **question)]


def packages(*amounts: int, **fields: Any) -> list[Figure]:
    """A package a month, of so many millions."""
    return [
        make_money(amount * MILLION, f"doc-{n}", **({"date": f"2022-{n + 1:02}-05"} | fields))
        for n, amount in enumerate(amounts)
    ]


def stated(value: int, date: str, **fields: Any) -> Figure:
    return make_figure("doc-9", value=value, date=date, basis="total", status="delivered", **fields)


def sent(value: int, date: str, **fields: Any) -> Figure:
    return make_figure("doc-2", value=value, date=date, status="delivered", **fields)


CASES: dict[str, tuple[list[Figure], list[str]]] = {
    "more than the rest": (packages(40, 50, 60, 700), ["outweighs"]),
    "not more than the rest": (packages(40, 50, 60, 130), []),
    "too few to tell": (packages(40, 50, 700), []),
    "other series do not count": (
        [*packages(40, 50, 60), make_money(700 * MILLION, donor="GBR")],
        [],
    ),
    "a part weighs in its whole alone": (
        [*packages(40, 50, 60), *(p := packages(130)), make_money(120 * MILLION, "doc-0",
         date="2022-01-05", part_of=p[0].figure_id)],
        [],
    ),
    "billions for millions, once": (
        packages(*[800] * 10, 800_000),
        ["outweighs", "thousandfold"],
    ),
    "millions for billions, beside one": (
        [make_money(1000 * MILLION, "a", date="2022-08-08"),
         make_money(1000 * MILLION, "b", date="2022-08-08"),
         make_money(MILLION, "c", date="2022-08-09")],
        ["thousandfold"],
    ),
    "far apart and only one": (
        [make_money(1000 * MILLION, "a", date="2022-01-08"),
         make_money(MILLION, "c", date="2022-08-09")],
        [],
    ),
    "small counts are alike by chance": (
        [make_figure(value=2), make_figure("b", value=2000)], [],
    ),
    "large ones are not": (
        [make_figure(value=500), make_figure("b", value=500_000)], ["thousandfold"],
    ),
    "a hundred times is no thousand": (
        [make_money(5 * MILLION), make_money(500 * MILLION, "b")], [],
    ),
    "beyond the authority": (
        [make_money(400 * MILLION, "a", status="authorized", qualifier="at_most"),
         make_money(600 * MILLION)],
        ["exceeds authority"],
    ),
    "authorities add up": (
        [make_money(400 * MILLION, "a", status="authorized", date="2022-08-01"),
         make_money(250 * MILLION, "b", status="authorized", date="2022-09-01"),
         make_money(600 * MILLION)],
        [],
    ),
    "a ceiling holds its drawdowns": (
        [make_money(400 * MILLION, "a", status="authorized", date="2022-08-01"),
         make_money(3500 * MILLION, "b", status="authorized", basis="level"),
         make_money(600 * MILLION)],
        [],
    ),
    "another donor's authority": (
        [make_money(400 * MILLION, "a", status="authorized"),
         make_money(600 * MILLION, donor="GBR")],
        [],
    ),
    "no more than written": (
        [make_money(1_100 * MILLION, "a", status="authorized", text="$1.1 billion"),
         make_money(1_140 * MILLION)],
        [],
    ),
    "decades ahead and back": (
        [make_figure(value=3, date="2050"), make_figure(value=5, date="1991-12-26")],
        ["outside the years", "outside the years"],
    ),
    "a state may lie ahead": ([make_figure(value=3, date="2050", basis="level")], []),
    "a total falls": (
        [stated(30, "2022-10-01"), stated(20, "2022-11-01")], ["total falls"],
    ),
    "two of one day do not fall": (
        [stated(30, "2022-10-01"), stated(20, "2022-10-01")], [],
    ),
    "this year's is less than all years'": (
        [stated(30, "2022-10-01"), stated(20, "2022-11-01", since="2022-01")], [],
    ),
    "events pass a total": (
        [sent(15, "2022-09-01"), sent(7, "2022-09-20"), stated(20, "2022-10-01")],
        ["sum passes total"],
    ),
    "events reach a total": (
        [sent(13, "2022-09-01"), sent(7, "2022-09-20"), stated(20, "2022-10-01")], [],
    ),
    "without a status nothing happened": (packages(40, 50, 60, 700, status=None), []),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_found(case: str) -> None:
    figures, found = CASES[case]
    assert kinds(*figures) == found


def test_every_kind_is_found_somewhere() -> None:
    assert {kind for _, found in CASES.values() for kind in found} == set(KINDS)


def test_a_finding_says_why_and_how_much_hangs_on_it() -> None:
    wrong = make_money(800_000 * MILLION, "typo", date="2022-09-01")
    facts = facts_of(*packages(*[800] * 8), wrong)
    weighs, fold = findings(facts)
    assert (weighs.effect, weighs.fact_ids) == (800e9, (wrong.figure_id,))
    assert weighs.reason == (
        "800,000,000,000 USD is more than the other 8 of its series together (6,400,000,000 USD)"
    )
    assert fold.reason == (
        "800,000,000,000 USD is a thousand times 800,000,000 USD, which 8 facts of its series state"
    )
    assert (fold.donor, fold.item, fold.unit, fold.status) == (
        "USA",
        "military",
        "USD",
        "committed",
    )
    assert fold.figure_ids[0] == wrong.figure_id
    assert len(fold.fact_ids) == len(fold.figure_ids) == 2
    assert (fold.date, fold.effect) == ("2022-09-01", 799.2e9)
    with pytest.raises(FrozenInstanceError):
        fold.effect = 0.0  # type: ignore[misc]


def test_the_fact_of_fewer_mentions_is_doubted() -> None:
    thrice = [make_money(1000 * MILLION, name, date="2022-08-08") for name in "ab"]
    small = make_money(MILLION, "c", date="2022-08-09")
    (found,) = findings(facts_of(*thrice, small))
    assert found.fact_ids[0] == small.figure_id
    assert "1,000,000 USD is a thousandth of 1,000,000,000 USD, which one fact" in found.reason


def test_a_fall_names_both_totals() -> None:
    high, low = stated(30, "2022-10-01"), stated(20, "2022-11-01")
    (found,) = findings(facts_of(high, low))
    assert found.fact_ids == (low.figure_id, high.figure_id)
    assert (found.effect, found.reason) == (10, "a total of 20 after 30 on 2022-10-01")


def test_the_frame_holds_the_findings_in_one_order() -> None:
    figures = [figure for held, _ in CASES.values() for figure in held]
    facts = facts_of(*figures)
    frame = check(facts)
    assert len(frame) == len(findings(facts)) > len(KINDS)
    assert [json.loads(ids) for ids in frame["fact_ids"]] == [
        list(found.fact_ids) for found in findings(facts)
    ]
    pd.testing.assert_frame_equal(check(facts.sample(frac=1, random_state=7)), frame)
    order = list(KINDS)
    assert frame["kind"].map(order.index).is_monotonic_increasing
    largest = frame.groupby(["kind", "unit"], sort=False)["effect"]
    assert largest.apply(lambda effect: effect.is_monotonic_decreasing).all()
    none = check(facts.head(0))
    assert none.empty
    assert {str(name): str(dtype) for name, dtype in none.dtypes.items()} == FINDING_DTYPES


def test_where_narrows_what_is_looked_at() -> None:
    figures = [*packages(40, 50, 60, 700), make_figure(value=3, date="2050")]
    assert kinds(*figures, where={"unit": "count"}) == ["outside the years"]
    with pytest.raises(LedgerError, match="no column 'colour'"):
        kinds(*figures, where={"colour": "red"})

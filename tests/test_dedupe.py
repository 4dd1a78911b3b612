"""Facts: what is reported ten times is counted once, and what differs stays apart."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory import make_figure, make_money
from ledger.dedupe import merge
from ledger.fact import FACT_DTYPES
from ledger.figure import Figure
from ledger.table import TABLE_EXTRACTOR, empty, to_frame
from ledger.totals import totals


def merged(*figures: Figure) -> pd.DataFrame:
    return merge(to_frame(figures))


def mentions(*figures: Figure) -> list[int]:
    return [int(n) for n in merged(*figures)["mentions"]]


def test_ten_articles_on_one_package_are_one_fact() -> None:
    figures = [make_money(625_000_000, f"doc-{n}", date=f"2022-10-0{3 + n % 4}") for n in range(10)]
    (fact,) = merged(*figures).to_dict("records")
    assert (fact["mentions"], fact["sources"]) == (10, 10)
    assert fact["fact_id"] == figures[0].figure_id
    assert set(json.loads(fact["figure_ids"])) == {figure.figure_id for figure in figures}


def test_three_drawdowns_of_800_million_within_five_weeks_stay_three() -> None:
    days = ["2022-03-16", "2022-04-13", "2022-04-21"]
    releases = [make_money(800_000_000, f"release-{day}", date=day) for day in days]
    articles = [
        make_money(800_000_000, f"article-{day}", date=day, text="$800 million") for day in days
    ]
    late = make_money(800_000_000, "late", date="2022-04-14", qualifier="about")
    facts = merged(*releases, *articles, late)
    assert facts["date"].tolist() == days
    assert facts["mentions"].tolist() == [2, 3, 2]


@pytest.mark.parametrize(
    ("one", "other", "facts"),
    [("mixed", "military", 1), ("military", "humanitarian", 2), ("mixed", "mixed", 1)],
)
def test_aid_of_several_kinds_can_be_what_another_calls_one_of_them(
    one: str, other: str, facts: int
) -> None:
    told = make_money(33_000_000_000, "doc-1", aid_type=one, item="aid")
    again = make_money(33_000_000_000, "doc-2", aid_type=other, item="aid")
    assert len(mentions(told, again)) == facts


def test_in_one_document_only_its_words_make_one_fact_of_two() -> None:
    first = make_money(150_000_000, "memo", date="2022-05-06", qualifier="at_most")
    again = make_money(150_000_000, "memo", date="2022-05-06", qualifier="at_most")
    assert mentions(first, again) == [1, 1]
    said = replace(again, same_as=first.figure_id)
    assert mentions(first, said) == [2]


def test_another_document_joins_but_one_of_two_alike() -> None:
    alike = [make_figure(), make_figure()]
    assert sorted(mentions(*alike, make_figure("doc-2"))) == [1, 2]
    pairs = [make_figure("doc-2"), make_figure("doc-2")]
    assert mentions(*alike, *pairs) == [2, 2]


def test_what_another_document_tells_once_does_not_make_two_conversions_one() -> None:
    dollars = make_money(2_000_000_000)
    euros = make_money(1_800_000_000, unit="EUR", same_as=dollars.figure_id)
    other = make_money(1_800_000_000, unit="EUR")
    told = make_money(1_800_000_000, "doc-2", unit="EUR")
    assert sorted(mentions(dollars, euros, other, told)) == [1, 3]


STATED: dict[str, Any] = {"donor": None, "recipient": None, "party": "RUS", "date_stated": True}


def test_equal_losses_of_days_that_texts_state_are_each_one() -> None:
    days = [
        make_figure(f"doc-{n}", value=700, item="soldier", date=f"2023-03-0{n}", **STATED)
        for n in range(1, 4)
    ]
    late = replace(
        days[2], source_id="doc-9", figure_id="late", date="2023-03-04", date_stated=False
    )
    facts = merged(*days, late)
    assert facts["mentions"].tolist() == [1, 1, 2]
    assert facts["date"].tolist() == ["2023-03-01", "2023-03-02", "2023-03-03"]


def test_an_assumed_day_does_not_join_what_two_texts_state_apart() -> None:
    one, other = (make_figure(f"doc-{n}", date=f"2022-10-0{n}", date_stated=True) for n in (1, 5))
    between = make_figure("doc-9", date="2022-10-03")
    assert sorted(mentions(one, between, other)) == [1, 2]


@pytest.mark.parametrize(("date", "facts"), [("2022-10", 1), ("2022", 1), ("2022-11", 2)])
def test_a_stated_month_or_year_is_that_of_a_day_in_it(date: str, facts: int) -> None:
    day = make_figure(date="2022-10-12", date_stated=True)
    assert len(merged(day, make_figure("doc-2", date=date, date_stated=True))) == facts


def test_a_stated_place_that_differs_keeps_apart() -> None:
    killed: dict[str, Any] = {"item": "person", "status": "killed", "donor": None, "party": "UKR"}
    kherson = make_figure(place="Kherson", **killed)
    odesa = make_figure("doc-2", place="Odesa", **killed)
    nowhere = make_figure("doc-3", **killed)
    assert mentions(kherson, odesa) == [1, 1]
    assert sorted(mentions(kherson, odesa, nowhere)) == [1, 2]
    (fact,) = merged(kherson, nowhere).to_dict("records")
    assert fact["place"] == "Kherson"


def test_an_item_and_one_below_it_in_the_tree_are_one() -> None:
    fine, rough = make_figure(item="Leopard 2A4"), make_figure("doc-2", item="Leopard 2")
    tree = {"Leopard 2A4": "Leopard 2", "Leopard 2A6": "Leopard 2"}
    assert merge(to_frame([fine, rough]), tree)["mentions"].tolist() == [2]
    assert mentions(fine, rough) == [1, 1]
    sister = make_figure("doc-3", item="Leopard 2A6")
    assert sorted(merge(to_frame([fine, rough, sister]), tree)["mentions"]) == [1, 2]


RECALLS: dict[str, Any] = {"cues": {"recall": "last week"}, "date_stated": True}


@pytest.mark.parametrize(
    ("date", "change", "facts"),
    [
        ("2022-04-16", {}, 2),  # the nearest of the two
        ("2022-03-20", {}, 2),
        ("2022-04-16", {"cues": {}}, 3),
        ("2022-04-16", {"value": 400_000_000}, 3),
        ("2022-04-16", {"donor": "GBR"}, 3),
        ("2022-03-10", {}, 3),  # before either
    ],
    ids=str,
)
def test_a_text_that_points_back_tells_of_the_older_package(
    date: str, change: dict[str, Any], facts: int
) -> None:
    march, april = (
        make_money(800_000_000, day, date=day, date_stated=True)
        for day in ("2022-03-16", "2022-04-13")
    )
    said: dict[str, Any] = {"value": 800_000_000, "date": date} | RECALLS | change
    recall = make_money(said.pop("value"), "speech", **said)
    frame = to_frame([march, april, recall])
    frame["published"] = pd.Series(["2022-03-16", "2022-04-13", "2022-04-21"], dtype="str")
    held = merge(frame)
    assert len(held) == facts
    if facts == 2:
        assert held["date"].tolist() == ["2022-03-16", "2022-04-13"]
        assert held["mentions"].tolist() == ([1, 2] if date > "2022-04-13" else [2, 1])


def test_a_sum_that_is_told_of_again_as_if_it_were_an_event_stays_a_sum() -> None:
    total = make_money(1_000_000_000, date="2022-03-16", basis="total")
    recall = make_money(1_000_000_000, "speech", date="2022-03-24", **RECALLS)
    (fact,) = merged(total, recall).to_dict("records")
    assert (fact["basis"], fact["date"]) == ("total", "2022-03-16")


def test_a_recall_of_nothing_known_is_a_fact_of_its_own() -> None:
    assert mentions(make_money(5, **RECALLS), make_money(5, "doc-2", **RECALLS)) == [2]


def told_of(value: int, source_id: str, day: int, **overrides: Any) -> Figure:
    options = {"date": f"2022-10-{day:02}", "date_stated": True, "item": "tank"} | overrides
    return make_figure(source_id, value=value, **options)


CORRECTING: dict[str, Any] = {"cues": {"corrects": "Correction"}, "date_stated": False}


def by_publisher(
    figures: list[Figure], publishers: dict[str, str], review: dict[str, str] | None = None
) -> pd.DataFrame:
    """The facts, each document published on the day of its first figure."""
    frame = to_frame(figures)
    frame["publisher"] = frame["source_id"].map(publishers).astype("str")
    days = frame.groupby("source_id")["date"].transform("max")
    frame["published"] = days.astype("str")
    frame["review"] = frame["figure_id"].map(review or {}).astype("str")
    return merge(frame)


@pytest.mark.parametrize(
    ("publisher", "change", "values"),
    [
        ("Ministry", {}, [10]),
        ("Ministry", {"date": "2022-10-03", "date_stated": True}, [10]),
        ("Ministry", {"date": "2022-10-09", "date_stated": True}, [12, 10]),  # of another day
        ("Ministry", {"cues": {}}, [12, 10]),
        ("Ministry", {"item": "lorry"}, [12, 10]),
        ("Ministry", {"donor": "GBR"}, [12, 10]),
        ("Ministry", {"status": "delivered"}, [12, 10]),
        ("Ministry", {"date": "2023-10-09"}, [12, 10]),  # a year later
        ("Gazette", {}, [12, 10]),
    ],
    ids=str,
)
def test_a_publisher_corrects_what_it_told_in_another_document(
    publisher: str, change: dict[str, Any], values: list[int]
) -> None:
    first = told_of(12, "a", 3)
    right = told_of(10, "b", 5, **CORRECTING | change)
    held = by_publisher([first, right], {"a": "Ministry", "b": publisher})
    assert held["value"].tolist() == values
    if len(held) == 1:
        assert (held["date"][0], held["mentions"][0]) == ("2022-10-03", 2)


def test_a_correction_that_repeats_the_wrong_number_says_which_is_meant() -> None:
    wrong, other = told_of(12, "a", 3), told_of(7, "a", 4)
    repeated = told_of(12, "c", 3)
    publishers = {"a": "Ministry", "b": "Ministry", "c": "Gazette"}
    right = told_of(10, "b", 6, **CORRECTING)
    again = told_of(12, "b", 6, **CORRECTING)
    of_one = by_publisher([wrong, repeated, right, again, other], publishers)
    assert sorted(of_one["value"]) == [7, 10]
    assert of_one.set_index("value")["mentions"].to_dict() == {10: 4, 7: 1}
    unclear = by_publisher([wrong, repeated, right, other], publishers)
    assert sorted(unclear["value"]) == [7, 10, 12]  # which of the two was wrong?


@pytest.mark.parametrize("word", ["accepted", "corrected"])
def test_no_correction_overrules_a_person(word: str) -> None:
    first, right = told_of(12, "a", 3), told_of(10, "b", 5, **CORRECTING)
    publishers = dict.fromkeys(("a", "b"), "Ministry")
    held = by_publisher([first, right], publishers, {first.figure_id: word})
    assert held["value"].tolist() == [12, 10]
    held = by_publisher([first, right], publishers, {right.figure_id: "rejected"})
    assert held["value"].tolist() == [12]


@pytest.mark.parametrize(
    ("numbers", "values"),
    [
        ({"b": [10], "c": [11]}, [11]),
        ({"b": [10], "c": [11, 12]}, [11]),  # "11, not 12"
        ({"b": [10], "c": [11, 10]}, [11]),  # "11, not 10"
        ({"b": [10], "c": [10]}, [10]),
        ({"b": [10], "c": [11], "d": [9]}, [9]),
        ({"b": [10], "c": [11, 9]}, [9, 10, 11, 12]),  # which of the two?
    ],
    ids=str,
)
def test_of_several_corrections_the_latest_holds(
    numbers: dict[str, list[int]], values: list[int]
) -> None:
    days = {"b": 5, "c": 9, "d": 14}
    right = [
        told_of(number, source, days[source], **CORRECTING)
        for source, told in numbers.items()
        for number in told
    ]
    publishers = dict.fromkeys(("a", *numbers), "Ministry")
    for figures in ([told_of(12, "a", 3), *right], [*right[::-1], told_of(12, "a", 3)]):
        held = by_publisher(figures, publishers)
        assert sorted(held["value"]) == values
        assert held["mentions"].sum() == len(figures)


def test_a_rejected_number_is_not_what_a_correction_means() -> None:
    wrong, other = told_of(12, "a", 3), told_of(7, "a", 4)
    right = told_of(10, "b", 6, **CORRECTING)
    publishers = dict.fromkeys(("a", "b"), "Ministry")
    held = by_publisher([wrong, other, right], publishers, {other.figure_id: "rejected"})
    assert 12 not in held["value"].tolist()
    assert held.set_index("value")["mentions"][10] == 2
    unclear = by_publisher([wrong, other, right], publishers)
    assert sorted(unclear["value"]) == [7, 10, 12]


def test_stages_of_one_package_are_linked_and_stay_apart() -> None:
    authority = make_money(400_000_000, "memo", status="authorized", date="2022-11-23")
    announced = make_money(400_000_000, "release", date="2022-11-23")
    earlier = make_money(400_000_000, "older", date="2022-11-04")
    arrived = make_money(400_000_000, "news", status="delivered", date="2022-12-20")
    other = make_money(400_000_000, "polish", donor="POL", date="2022-11-23")
    facts = merged(earlier, authority, announced, arrived, other).set_index("fact_id")
    assert len(facts) == 5
    stages = facts["stage_of"].dropna().to_dict()
    assert stages == {
        announced.figure_id: authority.figure_id,
        arrived.figure_id: announced.figure_id,
    }


def test_texts_say_which_stage_follows_which() -> None:
    authority = make_money(3_500_000_000, status="authorized", date="2022-10-01")
    used = make_money(400_000_000, part_of=authority.figure_id, date="2022-10-04")
    arrived = make_money(
        400_000_000, status="delivered", same_as=used.figure_id, date="2023-09-30", item="arms"
    )
    again = make_money(400_000_000, same_as=used.figure_id, date="2022-10-04")
    held = merged(authority, used, arrived, again)
    ids = [figure.figure_id for figure in (authority, used, arrived)]
    assert sorted(held["fact_id"]) == sorted(ids)
    stage_of = held.set_index("fact_id")["stage_of"]
    assert stage_of[ids[1]] == ids[0]
    assert stage_of[ids[2]] == ids[1]
    assert pd.isna(stage_of[ids[0]])
    sums = totals(held).set_index("status")["best"].to_dict()
    assert sums == {"authorized": 3.5e9, "committed": 4e8, "delivered": 4e8}
    destroyed = make_figure(status="destroyed")
    lost = make_figure(status="lost", same_as=destroyed.figure_id)
    assert mentions(destroyed, lost) == [2]  # no stages: one thing in two words


def test_a_conversion_in_brackets_is_one_fact_in_the_reported_currency() -> None:
    pounds = make_money(2_300_000_000, unit="GBP", donor="GBR", text="£2.3bn")
    dollars = make_money(2_800_000_000, donor="GBR", text="$2.8bn", same_as=pounds.figure_id)
    elsewhere = make_money(2_800_000_000, "doc-2", donor="GBR", text="$2.8 billion")
    (fact,) = merged(pounds, dollars, elsewhere).to_dict("records")
    assert (fact["unit"], fact["mentions"], fact["sources"]) == ("GBP", 3, 2)


def test_nearly_as_much_is_as_much() -> None:
    short = make_money(2_200_000_000, text="$2.2bn")
    wordy = make_money(2_200_000_000, "doc-2", text="$2.2 billion", qualifier="about")
    (fact,) = merged(wordy, short).to_dict("records")
    assert (fact["qualifier"], fact["text"]) == ("exact", "$2.2bn")


def test_a_total_that_two_sources_round_differently_is_one_fact() -> None:
    rough = make_money(1_100_000_000, basis="total", text="$1.1 billion")
    fine = make_money(1_070_000_000, "doc-2", basis="total", text="$1.07 billion")
    (fact,) = merged(rough, fine).to_dict("records")
    assert fact["value"] == 1_070_000_000


def test_a_range_and_a_number_within_it_are_one_fact() -> None:
    span = make_figure(value=None, low=20, high=30, qualifier="range", text="20-30")
    inside = make_figure("doc-2", value=25)
    outside = make_figure("doc-3", value=31)
    assert mentions(span, inside) == [2]
    assert mentions(span, outside) == [1, 1]


def test_a_billion_is_not_800_million_however_roughly_written() -> None:
    billion = make_money(1_000_000_000, text="$1 billion")
    millions = make_money(800_000_000, "doc-2", text="$800 million")
    assert mentions(billion, millions) == [1, 1]


@pytest.mark.parametrize(
    "change",
    [
        {"donor": "GBR"},
        {"donor": None},
        {"recipient": "POL"},
        {"item": "Javelin"},
        {"status": "delivered"},
        {"basis": "total"},
        {"value": 5},
        {"date": "2022-10-07"},
        {"date": "2022-11"},
        {"date": None},
        {"per": "month"},
    ],
    ids=str,
)
def test_what_differs_stays_apart(change: dict[str, Any]) -> None:
    assert mentions(make_figure(), make_figure("doc-2", **change)) == [1, 1]


def test_without_a_date_or_an_actor_only_a_text_can_say_that_two_are_one() -> None:
    undated = make_figure(date=None)
    assert mentions(undated, make_figure("doc-2", date=None)) == [1, 1]
    assert mentions(undated, make_figure(date=None, same_as=undated.figure_id)) == [2]
    nobody: dict[str, Any] = {"donor": None, "recipient": None, "party": None}
    assert mentions(make_figure(**nobody), make_figure("doc-2", **nobody)) == [1, 1]


def test_days_do_not_chain() -> None:
    days = [make_figure(f"doc-{n}", date=f"2022-10-{n:02}") for n in range(1, 9)]
    assert mentions(*days) == [4, 4]


def test_rows_of_one_table_never_merge_but_a_text_joins_one_of_them() -> None:
    table = {"source_id": "table", "extractor": TABLE_EXTRACTOR + "mine"}
    rows = [make_figure(**table) for _ in range(3)]
    prose = make_figure("doc-2")
    other = make_figure("other", extractor=TABLE_EXTRACTOR + "theirs")
    facts = merged(*rows, prose, other)
    assert sorted(facts["mentions"]) == [1, 1, 3]
    assert facts["sources"].max() == 3


def test_links_become_links_of_facts() -> None:
    package = make_money(625_000_000)
    other_article = make_money(625_000_000, "doc-2")
    first = make_figure()
    again = make_figure(same_as=first.figure_id, part_of=package.figure_id)
    total = make_figure(value=20, basis="total", includes=(again.figure_id, first.figure_id))
    facts = merged(package, other_article, first, again, total).set_index("fact_id")
    assert facts["part_of"].to_dict()[first.figure_id] == package.figure_id
    assert json.loads(facts["includes"].to_dict()[total.figure_id]) == [first.figure_id]
    assert facts["part_of"].isna().to_dict()[package.figure_id]


def test_links_in_a_loop_or_into_nothing_do_no_harm() -> None:
    one, other = make_figure(start=0), make_figure(start=40, value=5)
    looped = make_figure(start=0, same_as=other.figure_id, part_of=other.figure_id)
    back = make_figure(start=40, value=5, same_as=one.figure_id, part_of=one.figure_id)
    assert mentions(looped, back) == [2]
    assert mentions(make_figure(same_as="gone", part_of="gone", includes=("gone",))) == [1]


def test_rejected_figures_support_no_fact() -> None:
    frame = to_frame([make_figure(), make_figure("doc-2"), make_figure("doc-3", item="Javelin")])
    frame["review"] = pd.Series(["rejected", None, "rejected"], dtype="str")
    facts = merge(frame)
    assert facts["mentions"].tolist() == [1]
    assert facts["source_id"].tolist() == ["doc-2"]


def test_a_reviewed_figure_states_the_fact() -> None:
    frame = to_frame([make_figure(), make_figure("doc-2", qualifier="about")])
    frame["review"] = pd.Series([None, "corrected"], dtype="str")
    (fact,) = merge(frame).to_dict("records")
    assert (fact["source_id"], fact["review"]) == ("doc-2", "corrected")


def test_first_and_last_seen_are_publication_dates() -> None:
    frame = to_frame([make_figure(), make_figure("doc-2"), make_figure("doc-3")])
    frame["published"] = pd.Series(["2022-10-05", None, "2022-10-03T08:00:00Z"], dtype="str")
    (fact,) = merge(frame).to_dict("records")
    assert fact["first_seen"] == pd.Timestamp("2022-10-03")
    assert fact["last_seen"] == pd.Timestamp("2022-10-05")


def test_no_figures_no_facts_but_the_same_columns() -> None:
    assert merged().dtypes.equals(empty(FACT_DTYPES).dtypes)
    assert merged(make_figure()).dtypes.equals(merged().dtypes)


figure_lists = st.lists(
    st.builds(
        make_figure,
        source_id=st.sampled_from(["doc-1", "doc-2", "doc-3"]),
        value=st.integers(1, 4),
        date=st.sampled_from([None, "2022-10", *(f"2022-10-{day:02}" for day in range(1, 12))]),
        qualifier=st.sampled_from(["exact", "about", "at_most"]),
        date_stated=st.booleans(),
        place=st.sampled_from([None, "Kherson", "Odesa"]),
    ),
    max_size=12,
)


@settings(max_examples=20)
@given(figure_lists)
def test_every_figure_supports_exactly_one_fact(figures: list[Figure]) -> None:
    facts = merge(to_frame(figures))
    held = [figure_id for ids in facts["figure_ids"] for figure_id in json.loads(ids)]
    assert sorted(held) == sorted(figure.figure_id for figure in figures)
    assert facts["mentions"].sum() == len(figures)


# Values that rule 1 takes for one another stand in one of these alone.
FEW, MANY = (1, 2, 3), (100, 200, 300)
POINTING = st.sampled_from([{}, {}, {"recall": "last week"}, {"corrects": "Correction"}])


@st.composite
def linked(draw: st.DrawFn, values: tuple[int, ...] = FEW) -> list[Figure]:
    """Figures of one document, some of which say others again or are parts of them."""
    figures: list[Figure] = []
    for _ in range(draw(st.integers(1, 6))):
        link = draw(st.sampled_from([None, None, "same_as", "part_of"])) if figures else None
        links = {link: draw(st.sampled_from(figures)).figure_id} if link else {}
        told: dict[str, Any] = {
            "value": draw(st.sampled_from(values)),
            "donor": draw(st.sampled_from(["USA", "GBR"])),
            "item": draw(st.sampled_from(["tank", "lorry"])),
            "status": draw(st.sampled_from(["authorized", "committed", "delivered", "cancelled"])),
            "basis": draw(st.sampled_from(["delta", "delta", "total"])),
            "date": draw(st.sampled_from(["2022-10-03", "2022-10-04", "2022-11-20", None])),
            "date_stated": draw(st.booleans()),
        }
        figures.append(make_figure("one", **told, **links))
    return figures


@settings(max_examples=15)
@given(st.lists(linked(), max_size=3), POINTING, st.randoms())
def test_the_order_of_documents_does_not_matter(
    documents: list[list[Figure]], cues: dict[str, str], random: Any
) -> None:
    figures = [
        replace(figure, source_id=f"doc-{number}", cues=cues if number == 1 else {})
        for number, held in enumerate(documents)
        for figure in held
    ]
    shuffled = list(figures)
    random.shuffle(shuffled)
    held = []
    for order in (figures, shuffled):
        frame = to_frame(order).assign(publisher="Ministry")
        frame["published"] = frame["source_id"].map({"doc-0": "2022-10-03", "doc-1": "2022-10-05"})
        held.append(merge(frame.astype({"published": "str", "publisher": "str"})))
    one, other = held
    pd.testing.assert_frame_equal(one, other)
    sums = [totals(facts, by="donor", freq="month") for facts in held]
    pd.testing.assert_frame_equal(sums[0], sums[1])


@settings(max_examples=15)
@given(linked(), linked(MANY))
def test_a_document_may_be_split_where_nothing_is_linked_or_alike(
    first: list[Figure], second: list[Figure]
) -> None:
    split = [*first, *(replace(figure, source_id="two") for figure in second)]
    for by in ("donor", "item"):
        one, other = (
            totals(merge(to_frame(held)), by=by, freq="month", undated=True)
            for held in ([*first, *second], split)
        )
        pd.testing.assert_frame_equal(one, other)


@settings(max_examples=15)
@given(linked(), linked(MANY), st.sampled_from(["donor", "item", "unit"]))
def test_no_total_is_more_than_its_facts(
    first: list[Figure], second: list[Figure], by: str
) -> None:
    facts = merge(to_frame([*first, *second]))
    deltas = facts[facts["basis"].eq("delta") & facts["status"].ne("cancelled")]
    sums = totals(facts, by=by)
    assert sums["facts"].sum() <= facts["basis"].eq("delta").sum()
    for status, of_status in sums.groupby("status"):
        assert of_status["best"].sum() <= deltas.loc[deltas["status"].eq(status), "value"].sum()


@settings(max_examples=10)
@given(figure_lists)
def test_no_document_comes_to_hold_a_fact_twice(figures: list[Figure]) -> None:
    facts = merge(to_frame(figures))
    source_of = {figure.figure_id: figure.source_id for figure in figures}
    for ids in facts["figure_ids"]:
        sources = [source_of[figure_id] for figure_id in json.loads(ids)]
        assert len(sources) == len(set(sources))

"""What holds for every text: nothing raises, spans match, and no text remembers another."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from extractors.pipeline import extract
from grammar import read
from ledger.date_bounds import date_bounds
from ledger.figure import from_record, number_to_json, to_record

_WORDS = """$ € £ US$ EUR USD 5 12 1,250 3.5 100.000 22\u00a0500 .5 1/2 ½ million bn m k dozen
    hundred half a one two-thirds percent % km mm " ' ( ) - – — to and from between or of the more
    than about up plus tanks T-72 155mm soldiers killed HIMARS 2022 Oct. 4 p.m. : / . , ; ** [x](y)
    <b> \u200b ² m² °C x 10 × 10^6 thirteen dollars cents year-old per day each including Sources
    Aid & No."""
_PIECES = st.sampled_from([*_WORDS.split(), "\n", "\n\n"])


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_no_text_raises_and_spans_match(text: str) -> None:
    for figure in extract(text, published="2022-10-06"):
        assert text[figure.start : figure.end] == figure.text


@given(st.lists(_PIECES, max_size=40).map(" ".join) | st.lists(_PIECES, max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_no_arrangement_of_numbers_raises(text: str) -> None:
    end = 0
    for figure in extract(text, published="2022-10-06"):
        assert text[figure.start : figure.end] == figure.text
        assert figure.start >= end
        end = figure.end


_ENDS = st.tuples(
    st.sampled_from(["", "-", "$", "$-", "-$", "from ", "between ", "minus ", "-€"]),
    st.sampled_from(
        ["5", "16", "0", "1 1/3", "2,500.75", "½", "1234567890123456.789012", "twenty"]
    ),
    st.sampled_from(["", "%", " million", "bn", "m", " km", "kg", " °C", " tanks", "-"]),
)
_RANGES = st.lists(
    st.tuples(_ENDS, st.sampled_from(["-", "–", " to ", " and ", " or ", "--", "/", " "])),
    min_size=1, max_size=4,
).map(lambda parts: "".join("".join(end) + link for end, link in parts))  # fmt: skip


@given(_RANGES)
@example("$-5-16")
@example("It sent 2 1/3 tons.")
@example("They counted 1234567890123456.789012 tons.")
@settings(max_examples=400, deadline=None)
def test_bounds_are_in_order_and_numbers_survive_json(text: str) -> None:
    for figure in extract(text):
        if figure.low is not None and figure.high is not None:
            assert figure.low <= figure.high
        if figure.value is not None:
            assert figure.low in (None, figure.value)
            assert figure.high in (None, figure.value)
        assert from_record(json.loads(json.dumps(to_record(figure)))) == figure


_WHEN = st.lists(
    st.sampled_from(
        """last next this previous week month year night Monday Friday yesterday tomorrow today
        October Feb. February 29 30 31 5 ninety nine 999 weeks months years days ago since in by the
        past first , 1600 between and 2022 0001-01-01 9999-12-31 29.02.2023 2/29/2023
        0000-00-00 1/1/0001
        killed sent 40 tanks to Ukraine soldiers . total of war invasion""".split()
    ),
    max_size=25,
).map(" ".join)  # fmt: skip
_PUBLISHED = (
    st.none()
    | st.dates().map(str)
    | st.dates(date(1899, 12, 1), date(1900, 2, 1)).map(str)
    | st.dates(date(2100, 12, 1), date(2101, 2, 1)).map(str)
    | st.dates().map(lambda day: str(day)[: len("2022-10")])
    | st.from_regex(r"[0-9]{0,5}[-/W]?[0-9]{0,2}[-/]?[0-9T]{0,4}", fullmatch=True)
    | st.sampled_from(["0001-01-01", "9999-12-31", "2024-02-29", "20221004", "2022-W40-1", "soon"])
)


@given(_WHEN, _PUBLISHED)
@example("Last year the US sent 2 tanks.", "0001-01-01")
@example("Next month the US will send 2 tanks.", "9999-12-31")
@example("It has lost 40 tanks since 29 February.", "2024-01-10")
@example("It sent 40 tanks 999 years ago.", "1900-01-01")
@settings(max_examples=400, deadline=None)
def test_dates_are_dates_whatever_the_day_of_publication(text: str, published: str | None) -> None:
    for figure in extract(text, published=published):
        date_bounds(figure.date)
        date_bounds(figure.since)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_every_number_survives_json(number: Decimal) -> None:
    assert Decimal(str(json.loads(json.dumps(number_to_json(number))))) == number


@given(st.lists(_PIECES, max_size=20).map(" ".join), st.lists(_PIECES, max_size=20).map(" ".join))
@settings(max_examples=60, deadline=None)
def test_a_text_does_not_remember_another(one: str, other: str) -> None:
    first = extract(one)
    extract(other)
    assert extract(one) == first


def test_a_verb_far_into_a_lead_in_is_sought_in_no_short_item() -> None:
    noise = "$" * 20
    text = (
        f"In January Sweden delivered y Swe {noise}1_000 {noise}den delivered to Ukraine:\n"
        "(a)  \t14 howitzerst(b) ab T-72 out 22 trucks"
    )
    assert [f.text for f in extract(text, published="2022-10")][-2:] == ["14", "22"]


@pytest.mark.parametrize(
    "text",
    [
        "9" * 10_000, "1,000" * 3000, "million " * 3000, "one " * 3000, "(" * 5000 + "5",
        '5" ' * 3000, "1/" * 5000, "5-" * 5000, "$" * 5000 + "5", "a half " * 2000, "٣٤ ２５ km ५",
        "1\u00a0000" * 2000, "twenty " * 2000, "between 1 and " * 2000,
        "\ud800 5 tanks", "5 \x00 km",
        "12345678901234567890.5 million billion, twenty of them in March.",
        "9999999999999999999999999999999999999999 1/2 tanks, 5 of $1, 20 million",
        "8 NOK NOK 3", "$1'000,0 00", "$1.5,0 00", "$1'250'000,5 5 5",
        "Norge gir \ud800 Ukraina 8 vogner og 75 millioner kroner, opplyser de i dag.",
    ],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_odd_texts(text: str) -> None:
    for figure in read(text):
        assert figure.text in text

"""What holds for every text: nothing raises, spans match, and no text remembers another."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.pipeline import extract
from grammar import read

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


@given(st.lists(_PIECES, max_size=20).map(" ".join), st.lists(_PIECES, max_size=20).map(" ".join))
@settings(max_examples=60, deadline=None)
def test_a_text_does_not_remember_another(one: str, other: str) -> None:
    first = extract(one)
    extract(other)
    assert extract(one) == first


@pytest.mark.parametrize(
    "text",
    [
        "9" * 10_000, "1,000" * 3000, "million " * 3000, "one " * 3000, "(" * 5000 + "5",
        '5" ' * 3000, "1/" * 5000, "5-" * 5000, "$" * 5000 + "5", "a half " * 2000, "٣٤ ２５ km ५",
        "1\u00a0000" * 2000, "twenty " * 2000, "between 1 and " * 2000,
        "\ud800 5 tanks", "5 \x00 km",
    ],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_odd_texts(text: str) -> None:
    for figure in read(text):
        assert figure.text in text


@pytest.mark.parametrize("unit", ["They sent 12 tanks and $5 million to 300 people, ", "5 ", '7" '])
def test_time_grows_with_the_length(unit: str) -> None:
    def seconds(n: int) -> float:
        text = unit * (n // len(unit))
        start = time.process_time()
        read(text)
        return time.process_time() - start

    seconds(8_000)
    assert seconds(64_000) < 8 * 2.5 * max(seconds(8_000), 0.02)

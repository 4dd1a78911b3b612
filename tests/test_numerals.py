"""Numbers in digits and words, against a corpus, the catalogue and what can be printed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.catalogue import load
from extractors.numbers.digits import digits
from extractors.numbers.numerals import find_numerals
from extractors.text.tokens import tokenize
from grammar import cases, check, read

_SMALL: dict[int, str] = {v: w for w, v in load("numerals")["words"].items()}
_SCALES = ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"))


@pytest.mark.parametrize("case", cases("numerals"))
def test_corpus(case: dict[str, Any]) -> None:
    check(case)


@pytest.mark.parametrize("example", load("numerals")["example"], ids=lambda e: e["text"])
def test_examples_of_the_catalogue(example: dict[str, Any]) -> None:
    [figure] = read(example["text"])
    assert figure.low == Decimal(str(example["low"]))
    if "high" in example:
        assert figure.high == Decimal(str(example["high"]))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234", "1234"), ("1,234.5", "1234.5"), ("12,34,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1.234,5", "1234.5"), ("100.000", "100000"), ("1.250", "1.25"), ("3,5", "3.5"),
        ("22\u00a0500", "22500"), (".05", "0.05"), ("007", "7"),
    ],
)  # fmt: skip
def test_digits(text: str, number: str) -> None:
    assert digits(text) == Decimal(number)


@pytest.mark.parametrize("text", ["1,23,4", "1.2.3", "1,2.3,4", "9" * 25])
def test_digits_that_are_no_number(text: str) -> None:
    assert digits(text) is None


def in_words(number: int, joiner: str) -> str:
    """A whole number below a trillion, in words."""
    if number < 21 or (number < 100 and number % 10 == 0):
        return _SMALL[number]
    if number < 100:
        return f"{_SMALL[number - number % 10]}-{_SMALL[number % 10]}"
    if number < 1000:
        rest = f"{joiner}{in_words(number % 100, joiner)}" if number % 100 else ""
        return f"{_SMALL[number // 100]} hundred{rest}"
    factor, name = next(scale for scale in _SCALES if number >= scale[0])
    rest = f" {in_words(number % factor, joiner)}" if number % factor else ""
    return f"{in_words(number // factor, joiner)} {name}{rest}"


@given(st.integers(1, 10**12 - 1), st.sampled_from([" ", " and "]))
def test_words_are_read_back(number: int, joiner: str) -> None:
    text = f"{in_words(number, joiner)} crates"
    tokens = tokenize(text, 0, len(text))
    [numeral] = find_numerals(tokens)
    assert numeral.low == numeral.high == number
    assert numeral.last == len(tokens) - 1


@given(st.integers(0, 10**15), st.sampled_from(["", ",", "\u00a0"]))
def test_digits_are_read_back(number: int, separator: str) -> None:
    printed = f"{number:,}".replace(",", separator)
    tokens = tokenize(printed, 0, len(printed))
    [numeral] = find_numerals(tokens)
    assert numeral.low == numeral.high == number


@given(
    st.decimals(Decimal("0.1"), Decimal("999.9"), places=1),
    st.sampled_from([("million", 10**6), ("bn", 10**9), ("k", 10**3), ("trillion", 10**12)]),
    st.sampled_from([("$", "USD"), ("€", "EUR"), ("£", "GBP"), ("US$", "USD"), ("NOK ", "NOK")]),
)
def test_money_is_read_back(
    number: Decimal, scale: tuple[str, int], currency: tuple[str, str]
) -> None:
    (name, factor), (sign, code) = scale, currency
    printed = f"{sign}{number}{'' if len(name) < 3 else ' '}{name}"
    [amount] = read(f"They gave {printed} for roofs.")
    assert (amount.text, amount.unit, amount.value) == (printed, code, number * factor)


@given(st.integers(1, 400), st.integers(1, 400), st.sampled_from(["{}-{}", "between {} and {}"]))
def test_ranges_are_read_back(low: int, width: int, form: str) -> None:
    printed = form.format(low, low + width)
    [figure] = read(f"They need {printed} pumps.")
    assert figure.text == printed
    assert [figure.low, figure.high] == [low, low + width]

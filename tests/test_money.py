"""Amounts of money, against a corpus and the examples of the catalogue."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from extractors.catalogue import load
from extractors.numbers.currencies import Currency, Home, home_of, multiplied_code
from grammar import cases, check, read


@pytest.mark.parametrize("case", cases("money"))
def test_corpus(case: dict[str, Any]) -> None:
    check(case)


@pytest.mark.parametrize("example", load("currencies")["example"], ids=lambda e: e["text"])
def test_examples_of_the_catalogue(example: dict[str, Any]) -> None:
    amounts = [f for f in read(example["text"]) if f.dimension == "money"]
    assert [(f.unit, f.value) for f in amounts] == [
        (example["unit"], Decimal(str(example["value"])))
    ]


@pytest.mark.parametrize("sign", load("currencies")["symbols"])
def test_every_sign_makes_an_amount(sign: str) -> None:
    home = Home(country="SWE")
    [amount] = read(f"It costs {sign}250 million now.", home)
    assert (amount.dimension, amount.value) == ("money", Decimal(250_000_000))
    assert amount.unit == home.code(Currency(load("currencies")["symbols"][sign]))


@pytest.mark.parametrize("code", load("currencies")["codes"]["also_words"])
def test_codes_that_are_words_name_nothing_small(code: str) -> None:
    assert all(f.dimension != "money" for f in read(f"We saw {code} 26 there."))


def test_home_of_a_text() -> None:
    assert home_of("https://news.example.ca/a", None).dollar == "CAD"
    assert home_of("https://example.org/ca", None).dollar == "USD"
    assert home_of("https://www.state.gov/a", None, "Canberra: $3").dollar == "USD"
    assert home_of(None, "EST").own == "EUR"
    assert Home().own == "USD"


@pytest.mark.parametrize(
    ("text", "dollar"),
    [
        ("Canberra gives $5 million. The Australians add vans. US officials thank them.", "AUD"),
        ("Canberra gives $5 million, a minister said in Washington.", "AUD"),
        ("Wellington gives $5 million. The Pentagon is glad.", "NZD"),
        ("Washington and Canberra give $5 million.", "USD"),
        ("It gives $5 million, Canberra said in Washington.", "USD"),
        ("Partners from Australia came. The United States gives $5 million.", "USD"),
        ("Canada gives $5 million.", "CAD"),
        ("The fund holds $5 million, most of it from Canada.", "USD"),
        ("Canada and the United States give $5 million.", "USD"),
    ],
)
def test_dollar_of_a_text(text: str, dollar: str) -> None:
    assert home_of(None, None, text).dollar == dollar


def test_a_text_without_a_dollar_pays_with_its_only_sign() -> None:
    assert home_of(None, None, "A gap of €39 million").own == "EUR"
    assert home_of(None, None, "A gap of €39 million, £3 million of it ours").own == "USD"
    assert home_of(None, None, "A gap of €39 million, or $42 million").own == "USD"
    assert home_of(None, "POL", "A gap of €39 million").own == "PLN"


def test_codes_with_a_factor() -> None:
    assert multiplied_code("EUR") == ("EUR", 1)
    assert multiplied_code("MEUR") == ("EUR", 1_000_000)
    assert multiplied_code("MEUX") is None

"""The kinds of numbers, against corpora, and composed of one another with what each must give."""

from __future__ import annotations

import tomllib
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from extractors.pipeline import extract
from grammar import CORPUS, cases, check, read
from ledger.figure import Figure
from test_numerals import in_words

_FEWEST = 12
_CURRENCIES = [
    ("$", "", "USD"), ("€", "", "EUR"), ("£", "", "GBP"), ("NOK ", "", "NOK"),
    ("", " euros", "EUR"),
]  # fmt: skip
_MAGNITUDES = [
    ("", 1), (" million", 10**6), (" billion", 10**9), ("m", 10**6), ("bn", 10**9), (" mln", 10**6),
]  # fmt: skip
_QUALIFIERS = [
    ("", "exact"), ("about ", "about"), ("nearly ", "about"), ("perhaps ", "about"),
    ("up to ", "at_most"), ("no more than ", "at_most"), ("at least ", "at_least"),
    ("more than ", "more_than"), ("fewer than ", "less_than"),
]  # fmt: skip
_MARKS = ["", "[2]", "¹", "[iv]", "<sup>4</sup>"]
_FORMS = [
    "{low}{mark}",
    "{low}-{high}{mark}",
    "{low} - {high}{mark}",
    "between {low} and {high}{mark}",
    "{low} to {high}{mark}",
]


@pytest.mark.parametrize("case", [*cases("kinds"), *cases("kinds_alone"), *cases("kinds_figures")])
def test_corpus(case: dict[str, Any]) -> None:
    check(case)


def test_every_kind_has_enough_sentences() -> None:
    count = Counter(
        case["kind"]
        for name in ("kinds", "kinds_alone", "kinds_figures")
        for case in tomllib.loads((CORPUS / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    )
    assert {kind: n for kind, n in count.items() if n < _FEWEST} == {}


@given(
    st.integers(2, 400),
    st.integers(1, 400),
    st.sampled_from(_CURRENCIES),
    st.sampled_from(_MAGNITUDES),
    st.sampled_from(_QUALIFIERS),
    st.sampled_from(_FORMS),
    st.sampled_from(_MARKS),
)
def test_composed_amounts_are_read_back(
    low: int,
    width: int,
    currency: tuple[str, str, str],
    magnitude: tuple[str, int],
    qualifier: tuple[str, str],
    form: str,
    mark: str,
) -> None:
    """A magnitude, a currency, a qualifier or a range, and a footnote behind it all."""
    (before, behind, code), (scale, factor), (hedge, named) = currency, magnitude, qualifier
    ranged = "high" in form
    assume(" - " not in form or low + width <= 10 * low)  # else a dash may part two numbers
    ends = form.format(low=f"{before}{low}", high=f"{low + width}", mark=f"{scale}{behind}{mark}")
    if ranged:  # a range has no qualifier but its own
        hedge, named = "", "range"
    [amount] = read(f"They gave {hedge}{ends} for new roofs.")
    assert (amount.dimension, amount.unit, amount.qualifier) == ("money", code, named)
    if ranged:
        ends_of = [Decimal(low * factor), Decimal((low + width) * factor)]
        assert amount.value is None
        assert [amount.low, amount.high] == ends_of
    else:
        assert amount.value == Decimal(low * factor)


@given(st.integers(2, 999), st.integers(0, 999), st.sampled_from([" ", "'", "’", ",", "\u202f"]))
def test_thousands_are_read_back(thousands: int, rest: int, separator: str) -> None:
    printed = f"{thousands}{separator}{rest:03}"
    [figure] = read(f"They sent {printed} crates.")
    assert (figure.text, figure.value) == (printed, Decimal(thousands * 1000 + rest))


@given(st.integers(2, 99), st.sampled_from(["{0} ({0}) ", "{0}x ", "{0} × "]))
def test_doubled_and_multiplied_counts_are_read_back(number: int, form: str) -> None:
    printed = form.format(number) if "(" not in form else f"{in_words(number, ' ')} ({number}) "
    [figure] = read(f"They sent {printed}radars.")
    assert (figure.value, figure.noun) == (Decimal(number), "radars")


def _amounts(text: str, **known: str) -> list[tuple[str, str, Decimal | None]]:
    return [(f.text, f.unit, f.value) for f in _figures(text, **known)]


def _figures(text: str, **known: str) -> list[Figure]:
    return [
        f
        for f in extract(text, published="2024-05-02", reader="rules", **known)
        if f.dimension != "time"
    ]


@pytest.mark.parametrize(
    ("head", "unit", "factor"),
    [
        ("Pledges (in millions of US dollars)", "USD", 10**6),
        ("Pledges by country (EUR million)", "EUR", 10**6),
        ("Millions of current dollars, by year", "USD", 10**6),
        ("Pledges ($ billions)", "USD", 10**9),
        ("Pledges, thousands of euros:", "EUR", 10**3),
        ("Pledges (amounts in thousands of dollars)", "USD", 10**3),
        ("(dollars in thousands)       FY2015", "USD", 10**3),
        ("UAH billion       2025     2026", "UAH", 10**9),
        ("Title 687 03, in EUR 1,000", "EUR", 10**3),
        ("Pledges, in EUR '000", "EUR", 10**3),
        ("Pledges (US$ m)", "USD", 10**6),
    ],
)
def test_a_head_states_the_unit_of_the_rows_below_it(head: str, unit: str, factor: int) -> None:
    rows = "Qatar            300\nNorway           1,020\nJapan     7.5     8"
    figures = _amounts(f"{head}\n\n{rows}\n\nThe chair gave 40 speeches and 12 vans came.")
    assert figures == [
        ("300", unit, Decimal(300 * factor)),
        ("1,020", unit, Decimal(1020 * factor)),
        ("7.5", unit, Decimal("7.5") * factor),
        ("8", unit, Decimal(8 * factor)),
        ("12", "count", Decimal(12)),
    ]


@pytest.mark.parametrize(
    ("title", "unit", "factor"),
    [
        ("What the donors gave (EUR million, as of May)", "EUR", 10**6),
        ("Who pays the wages (USD m per year)", "USD", 10**6),
        ("Who pays the wages, NOK thousand", "NOK", 10**3),
        ("What the donors gave (USD, as told to us)", "USD", 1),
    ],
)
def test_a_title_states_the_unit_of_a_table(title: str, unit: str, factor: int) -> None:
    rows = "1. Qatar          300,000\n2. Norway         1,020,500\n...\n17. Peru          7,000"
    assert _amounts(f"{rows}\n\nThe chair sent 2,000 vans.", title=title) == [
        ("300,000", unit, Decimal(300_000 * factor)),
        ("1,020,500", unit, Decimal(1_020_500 * factor)),
        ("7,000", unit, Decimal(7_000 * factor)),
        ("2,000", "count", Decimal(2_000)),
    ]


@pytest.mark.parametrize(
    ("title", "row"),
    [
        ("Aid to Ukraine: billions of dollars", "Houses rebuilt: 40"),
        ("Aid to Ukraine: billions of dollars", "Norway: 40"),
        ("Funding for Ukraine (USD million)", "Trucks: 22"),
        ("Funding for Ukraine (USD million)", "Refugees: 40"),
        ("Losses (EUR)", "Villages hit: 1,200"),
    ],
)
def test_a_title_states_no_unit_of_things(title: str, row: str) -> None:
    assert [unit for _, unit, _ in _amounts(row, title=title)] == ["count"]


def test_a_title_states_the_unit_of_donors_and_sums() -> None:
    rows = "Norway: 40\nUnited States: 50\nGrants: 12\nOther donors: 7\nFood and tents .... 9"
    found = _amounts(rows, title="Funding for Ukraine (USD million)")
    assert [unit for _, unit, _ in found] == ["USD"] * 5


def test_lesser_numbers_are_amounts_in_a_column_of_amounts() -> None:
    rows = "| Donor | Amount (USD) |\n| Norway | 8,000 |\n| Sweden | 950 |"
    assert _amounts(rows) == [("8,000", "USD", Decimal(8000)), ("950", "USD", Decimal(950))]


def test_a_head_over_one_column_holds_for_this_column() -> None:
    bars = "Donor | Vans | Value (EUR m) | Year\nPeru | 40 | 300 | 2014\nChile | (3) | 20 | 2015"
    assert [(f.text, f.unit) for f in _figures(bars)] == [
        ("40", "count"), ("300", "EUR"), ("3", "count"), ("20", "EUR"),
    ]  # fmt: skip
    blanks = "Donor     Vans     Value (EUR m)\nPeru      40       300\nChile     –        20"
    assert [(f.text, f.unit) for f in _figures(blanks)] == [
        ("40", "count"), ("300", "EUR"), ("20", "EUR"),
    ]  # fmt: skip


def test_points_lead_to_the_number_of_a_row() -> None:
    rows = "Fuel and food .......... 18.0\n  from Peru ......... 5.9\nVans, in all ....... 12"
    assert [f.text for f in _figures(rows)] == ["18.0", "5.9", "12"]
    found = _amounts(f"Costs (USD million)\n\n{rows}")
    assert found[0] == ("18.0", "USD", Decimal(18 * 10**6))


def test_numbers_of_rows_count_nothing() -> None:
    rows = (
        "no. | month | payer | EUR million\n1 | Aug 2025 | Peru | 578\n2 | May 2025 | Chile | 486"
    )
    assert [(f.text, f.unit) for f in _figures(rows)] == [("578", "EUR"), ("486", "EUR")]


def test_a_head_holds_only_for_bare_numbers() -> None:
    text = "Pledges (in millions of dollars)\nNorway | 20 | 40% | 12 tanks\nSum of lots | 20"
    assert [(f.text, f.unit) for f in _figures(text)] == [
        ("20", "USD"), ("40%", "percent"), ("12", "count"), ("20", "USD"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "head", ["(in United States dollars)", "All values in US dollars, of 2022."]
)
def test_a_head_may_state_a_currency_alone(head: str) -> None:
    rows = f"{head}\nRifle: 12,000\nTruck: 2 million\nSpades: 40"
    assert [(f.text, f.unit) for f in _figures(rows)] == [
        ("12,000", "USD"), ("2 million", "USD"), ("40", "count"),
    ]  # fmt: skip


def test_a_column_under_a_head_may_stand_before_another_column() -> None:
    rows = (
        "Lot   Object        UAH m     Payer\n"
        "I     4 bridges      412    Norway\n"
        "II    2 wings        168    Latvia"
    )
    assert [(f.text, f.unit) for f in _figures(rows)] == [
        ("4", "count"), ("412", "UAH"), ("2", "count"), ("168", "UAH"),
    ]  # fmt: skip


def test_a_row_of_years_parts_no_head_from_its_rows() -> None:
    rows = "Aid by account ($ millions)\n\n        FY09 act.   FY10 est.\nFMF     53.0     55.0"
    assert [f.value for f in _figures(rows)] == [53 * 10**6, 55 * 10**6]
    assert _figures("Aid ($ millions)\n\nIt rose in 2010.\nOslo: 53")[-1].unit == "count"


def test_prose_is_no_head() -> None:
    figures = _amounts("It cost billions of dollars.\n\nNorway has 300 of them.")
    assert figures[-1] == ("300", "count", Decimal(300))


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Australia will give Ukraine $20 million.", "AUD"),
        ("Canberra pays $20 million for it.", "AUD"),
        ("Canada will give Ukraine $20 million.", "CAD"),
        ("New Zealand will give $20 million.", "NZD"),
        ("Norway will give $20 million.", "USD"),
        ("Canada and the United States give $20 million.", "USD"),
        ("The US gives Australia $20 million.", "USD"),
    ],
)
def test_the_dollar_is_that_of_the_country_a_text_names(text: str, unit: str) -> None:
    assert [f.unit for f in _figures(text)] == [unit]


@pytest.mark.parametrize(
    ("country", "name", "code"),
    [
        ("Serbia", "dinars", "RSD"), ("Kuwait", "dinars", "KWD"), ("Egypt", "pounds", "EGP"),
        ("Britain", "pounds", "GBP"), ("Moldova", "lei", "MDL"), ("Romania", "lei", "RON"),
        ("Colombia", "pesos", "COP"), ("Yemen", "rials", "YER"), ("Mali", "francs", "XOF"),
        ("Switzerland", "francs", "CHF"), ("Czechia", "crowns", "CZK"),
        ("Kenya", "shillings", "KES"),
    ],
)  # fmt: skip
def test_a_shared_name_is_that_of_the_country_a_text_names(
    country: str, name: str, code: str
) -> None:
    text = f"{country} raised taxes. The treasury set 30 million {name} aside."
    assert [f.unit for f in _figures(text)] == [code]

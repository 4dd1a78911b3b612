"""Dates, against a corpus and the examples of the catalogue."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from extractors.catalogue import load
from extractors.mentions.date_frame import DateFrame
from extractors.mentions.dates import find_dates
from extractors.mentions.iso_dates import parse_day
from extractors.pipeline import extract
from extractors.text.tokens import tokenize
from grammar import cases

_PUBLISHED = "2022-10-06"


def resolved(text: str, published: date | None) -> list[str]:
    """The dates of a sentence that can be resolved."""
    found = find_dates(tokenize(text, 0, len(text)), DateFrame(published))
    return [d.iso for d in found if d.iso is not None and d.kind != "clock"]


@pytest.mark.parametrize("case", cases("dates"))
def test_corpus(case: dict[str, Any]) -> None:
    published = date.fromisoformat(case.get("published", _PUBLISHED))
    assert resolved(case["text"], published) == case["dates"]


@pytest.mark.parametrize("example", load("calendar")["example"], ids=lambda e: e["text"])
def test_examples_of_the_catalogue(example: dict[str, Any]) -> None:
    published = date.fromisoformat(example["published"])
    assert resolved(example["text"], published) == [example["date"]]


@given(st.dates(date(1901, 1, 1), date(2099, 12, 31)), st.dates())
def test_full_dates_are_read_back(day: date, published: date) -> None:
    for form in ("%d %B %Y", "%B %d, %Y", "%Y-%m-%d"):
        assert resolved(f"They met on {day.strftime(form)}.", published) == [day.isoformat()]


@pytest.mark.parametrize(
    ("iso", "day"),
    [
        ("2022-10-03", date(2022, 10, 3)), ("2024-02", date(2024, 2, 29)),
        ("2022", date(2022, 12, 31)), (None, None), ("", None), ("soon", None), ("2022-99", None),
    ],
)  # fmt: skip
def test_parse_day(iso: str | None, day: date | None) -> None:
    assert parse_day(iso) == day


@pytest.mark.parametrize("case", cases("dates_of_figures"))
def test_date_of_a_figure(case: dict[str, Any]) -> None:
    (figure,) = extract(case["text"], published=case.get("published", "2023-03-07"), reader="rules")
    certainty = case.get("certainty", "stated")
    assert (figure.date, figure.certainty) == (case["date"], certainty)


@given(
    st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.dates(date(1950, 1, 1), date(2090, 12, 31))
)
def test_what_was_sent_is_behind_and_what_will_be_is_ahead(day: date, published: date) -> None:
    assume((day.month, day.day) != (2, 29))
    named = f"{day.day} {day:%B}"
    (sent,) = resolved(f"They sent 14 vans on {named}.", published)
    (due,) = resolved(f"They will send 14 vans on {named}.", published)
    assert sent <= published.isoformat() <= due
    assert (due[:4] == sent[:4]) == (due == sent)

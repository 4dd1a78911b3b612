"""The codebook for users: it describes every field and value, and its examples hold."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from extractors.pipeline import extract
from ledger.figure import (
    AID_TYPES,
    BASES,
    CATEGORIES,
    CERTAINTIES,
    DIMENSIONS,
    FIELDS,
    QUALIFIERS,
    STATUSES,
)

PAGE = (Path(__file__).parent.parent / "docs" / "codebook.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (?P<text>[^|]+?) \| `(?P<figure>[^|`]+)` \| (?P<coded>`\w+: .+) \|$", re.M)
EXAMPLES = [match.group("text", "figure", "coded") for match in ROW.finditer(PAGE)]
DAY = "2022-10-04"


@pytest.mark.parametrize(
    "name",
    [*FIELDS, *DIMENSIONS, *QUALIFIERS, *CATEGORIES, *AID_TYPES, *STATUSES, *BASES, *CERTAINTIES],
)
def test_every_field_and_every_value_is_described(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize(("text", "number", "coded"), EXAMPLES)
def test_an_example_is_read_as_the_codebook_says(text: str, number: str, coded: str) -> None:
    figures = extract(text, published=DAY)
    texts = {figure.figure_id: figure.text for figure in figures}
    [figure] = [figure for figure in figures if figure.text == number]
    wanted = dict(field.split(": ", 1) for field in re.findall("`([^`]+)`", coded))
    assert {name: written(getattr(figure, name), texts) for name in wanted} == wanted


def written(value: object, texts: dict[str, str]) -> str:
    """A field's value as the page writes it, links as the text of the figure they lead to."""
    if isinstance(value, tuple):
        return ", ".join(texts[figure_id] for figure_id in value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bool):
        return str(value).lower()
    return "null" if value is None else texts.get(str(value), str(value))


def test_the_page_has_examples_for_every_part_of_a_row() -> None:
    shown = {field for _, _, coded in EXAMPLES for field in re.findall(r"`(\w+): ", coded)}
    assert len(EXAMPLES) >= 35
    assert shown >= {
        "qualifier", "item", "donor", "recipient", "party", "status", "basis", "date", "since",
        "attribution", "certainty", "same_as", "part_of", "includes", "place", "date_stated",
    }  # fmt: skip


def test_links_within_the_page_lead_somewhere() -> None:
    headings = re.findall(r"^## (.+)$", PAGE, re.M)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([\w-]+)\)", PAGE)) <= anchors

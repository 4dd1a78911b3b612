"""The vocabulary: every file explains its own form, and every entry's example holds."""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from extractors.catalogue import load
from extractors.mentions.actors import find_actors
from extractors.mentions.items import Item, item_index, items, lineage, parents
from extractors.pipeline import extract
from extractors.text.tokens import Tokens, tokenize
from ledger.figure import AID_TYPES, CATEGORIES, CERTAINTIES, STATUSES
from ledger.tree import path_of

Row = dict[str, Any]
TEXTS = {
    f"{folder}{file.name.removesuffix('.toml')}": file.read_text(encoding="utf-8")
    for folder in ("", "languages/")
    for file in sorted(files("extractors.catalogue").joinpath(folder).iterdir(), key=str)
    if file.name.endswith(".toml")
}
PUBLISHED = "2022-10-04"


def tokens_of(text: str) -> Tokens:
    return tokenize(text, 0, len(text))


def said_twice(entry: object) -> Iterator[str]:
    """The words that one list says again."""
    if isinstance(entry, dict):
        for part in entry.values():
            yield from said_twice(part)
    elif isinstance(entry, list):
        words = [part for part in entry if isinstance(part, str)]
        yield from (word for k, word in enumerate(words) if word in words[:k])
        for part in entry:
            yield from said_twice(part)


@pytest.mark.parametrize("name", TEXTS)
def test_no_list_says_a_word_twice(name: str) -> None:
    assert [*said_twice(load(name))] == []


def test_a_word_said_twice_is_seen() -> None:
    assert [*said_twice({"a": [{"b": ["x", "y", "x"]}]})] == ["x"]


def rows(name: str) -> list[Any]:
    """The tables of a catalogue file that carry an example, named by their key."""
    tables = load(name).items()
    return [pytest.param(k, row, id=k) for k, row in tables if "example" in row]


@pytest.mark.parametrize("name", TEXTS)
def test_a_file_opens_with_a_comment_and_parses(name: str) -> None:
    opening = TEXTS[name].splitlines()[0]
    assert opening.startswith("# ")
    assert len(opening) > 20
    assert tomllib.loads(TEXTS[name]) == load(name)


# Materiel

MATERIEL: list[tuple[str, str, Row]] = [
    (category, key, row)
    for category, entries in load("materiel").items()
    for key, row in entries.items()
]
NUMBER_WORDS = {*load("numerals")["words"], *load("numerals")["scales"]}


def first_item(text: str) -> Item | None:
    """The first item of the catalogue behind the first number of a text."""
    tokens = tokens_of(text)
    numbers = (k for k, low in enumerate(tokens.low) if low[0].isdigit() or low in NUMBER_WORDS)
    number = next(numbers, len(tokens))
    return next((m.entry for m in item_index().find(tokens) if m.first > number), None)


def surfaces(key: str, row: Row) -> Iterator[str]:
    """The names of an entry, written as they are compared: no case, no hyphens, no blanks."""
    for surface in (key, *row.get("also", [])):
        yield surface.lower().replace("-", "").replace(" ", "")


@pytest.mark.parametrize(("key", "row"), [pytest.param(k, r, id=k) for _, k, r in MATERIEL])
def test_an_example_of_materiel_finds_its_item(key: str, row: Row) -> None:
    assert first_item(row["example"]) == items()[key]


def test_the_categories_of_materiel_are_those_of_the_record() -> None:
    assert tuple(load("materiel")) == CATEGORIES


def test_every_key_of_materiel_occurs_once() -> None:
    assert len(MATERIEL) == len(items()) >= 400


def test_no_two_entries_of_materiel_share_a_name() -> None:
    owners: dict[str, str] = {}
    for _, key, row in MATERIEL:
        for surface in set(surfaces(key, row)):
            assert owners.setdefault(surface, key) == key, surface


def test_the_parent_of_an_item_is_an_entry_of_its_own_table() -> None:
    for category, key, row in MATERIEL:
        assert "is" not in row or row["is"] in load("materiel")[category], key


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_line_of_items_stays_in_its_category(category: str) -> None:
    for key in load("materiel")[category]:
        line = lineage(key)
        assert len(set(line)) == len(line), line
        assert {items()[name].category for name in line} == {category}
        assert items()[line[-1]].parent is None


def test_lists_that_name_items_name_known_ones() -> None:
    named = [name for names in load("context")["arms"].values() for name in names]
    named += [*load("nouns")["stands_for"], *load("nouns")["casualties"].values()]
    assert [name for name in named if name not in items()] == []


def test_the_tree_of_items_has_no_loop() -> None:
    tree = parents()
    for key in items():
        assert path_of(key, tree)[-1] == key


def test_an_entry_of_materiel_holds_known_fields_alone() -> None:
    known = {"is", "also", "plural", "munition", "example"}
    for _, key, row in MATERIEL:
        assert row.keys() <= known, key


# Actors and places


@pytest.mark.parametrize("name", ["actors", "places"])
def test_every_actor_and_every_place_has_an_example(name: str) -> None:
    assert all("example" in row for key, row in load(name).items() if key != "not_actors")


@pytest.mark.parametrize(("code", "row"), rows("actors") + rows("places"))
def test_an_example_names_exactly_its_actor(code: str, row: Row) -> None:
    assert {mention.code for mention in find_actors(tokens_of(row["example"]))} == {code}


@pytest.mark.parametrize("name", load("actors")["not_actors"])
def test_a_name_that_holds_an_actors_word_means_no_actor(name: str) -> None:
    assert not find_actors(tokens_of(f"They read of the {name} today."))


def test_places_stand_under_actors() -> None:
    assert load("places").keys() <= load("actors").keys()


# Events


def last_day(iso: str) -> str:
    """The last day of a date of any precision: 2022-04 ends on 2022-04-30."""
    year, _, rest = iso.partition("-")
    month, _, day = (rest or "12").partition("-")
    return f"{year}-{month}-{day or monthrange(int(year), int(month))[1]}"


@pytest.mark.parametrize(("event", "row"), rows("events"))
def test_an_example_of_an_event_counts_since_its_date(event: str, row: Row) -> None:
    published = row.get("published") or row.get("from") or last_day(row["date"])
    figures = extract(row["example"], published=published, reader="rules")
    assert row["date"] in {figure.since for figure in figures}, event


def test_every_event_has_an_example_and_cues_without_article() -> None:
    for event, row in load("events").items():
        assert "example" in row, event
        assert row["cues"], event
        assert not [cue for cue in row["cues"] if cue.startswith(("the ", "since "))], event


# Cues


@pytest.mark.parametrize("example", load("cues")["example"], ids=lambda e: e["text"])
def test_an_example_of_a_cue_has_its_status(example: Row) -> None:
    figures = extract(
        example["text"], published=PUBLISHED, title="The war in Ukraine", reader="rules"
    )
    assert figures[0].status == example["status"]


def test_the_examples_of_cues_show_every_status() -> None:
    assert {example["status"] for example in load("cues")["example"]} == set(STATUSES)
    assert load("cues")["events"].keys() <= set(STATUSES)


# Aid


@pytest.mark.parametrize(("name", "row"), rows("aid"))
def test_an_example_of_aid_has_its_purpose(name: str, row: Row) -> None:
    figures = extract(row["example"], published=PUBLISHED, title="Ukraine", reader="rules")
    [amount] = [figure for figure in figures if figure.dimension == "money"]
    if row.get("as_written"):
        assert amount.item_text is not None
        assert amount.item_text.lower() in row["names"]
    else:
        assert amount.item == name
    given = row.get("transfer", True)
    assert amount.aid_type == (row["type"] if given else None)
    assert (amount.recipient is not None) == given


def test_every_purpose_of_aid_has_an_example_and_a_type_or_is_never_given() -> None:
    for name, row in load("aid").items():
        assert "example" in row, name
        assert (row.get("type") in AID_TYPES) == row.get("transfer", True), name


# Speech


@pytest.mark.parametrize("example", load("speech")["example"], ids=lambda e: e["text"])
def test_an_example_of_speech_says_who_and_how_sure(example: Row) -> None:
    figure = extract(
        example["text"], published=PUBLISHED, title="The war in Ukraine", reader="rules"
    )[0]
    assert figure.attribution == example.get("attribution")
    assert figure.certainty == example["certainty"]


def test_the_examples_of_speech_show_every_certainty_that_words_tell() -> None:
    shown = {example["certainty"] for example in load("speech")["example"]}
    assert set(CERTAINTIES) - shown == {"denied"}  # which only a reader can tell

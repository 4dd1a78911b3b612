"""Breakdowns in any wording: pieces are parts of their whole, and what only stands by is not."""

from __future__ import annotations

import pytest

from extractors.pipeline import extract


def parts_of(text: str) -> dict[str, str]:
    """By text of the whole, the texts of its parts."""
    figures = extract(text, published="2023-03-07")
    named = {figure.figure_id: figure.text for figure in figures}
    out: dict[str, list[str]] = {}
    for figure in figures:
        if figure.part_of is not None:
            out.setdefault(named[figure.part_of], []).append(figure.text)
    return {whole: ", ".join(parts) for whole, parts in out.items()}


@pytest.mark.parametrize(
    "text",
    [
        "Norway pledged €500 million in aid to Ukraine: €300 million for shells, €200 million for food.",
        "Norway pledged €500 million in aid to Ukraine – €300 million for shells, €200 million for food.",
        "Norway pledged €500 million (€300 million for shells, €200 million for food) to Ukraine.",
        "Norway pledged €500 million to Ukraine. Of this, €300 million is for shells and the remaining "
        "€200 million for food.",
        "Norway pledged €500 million to Ukraine. It consists of €300 million for shells and €200 million "
        "for food.",
        "Norway pledged €500 million to Ukraine, split into €300 million for shells and €200 million "
        "for food.",
        "Norway and Sweden pledged €500 million to Ukraine. Norway will give €300 million and Sweden "
        "€200 million.",
        "Norway pledged €500 million to Ukraine.\n\n- €300 million for shells\n- €200 million for food",
    ],
)  # fmt: skip
def test_pieces_are_parts_of_their_whole(text: str) -> None:
    assert parts_of(text) == {"€500 million": "€300 million, €200 million"}


def test_pieces_before_their_whole_and_things_of_another_name() -> None:
    assert parts_of("Norway gave Ukraine 30 trucks and 20 jeeps, 50 vehicles in all.") == {
        "50": "30, 20"
    }
    assert parts_of("Norway will send Ukraine 50 vehicles: 30 trucks and 20 jeeps.") == {
        "50": "30, 20"
    }


@pytest.mark.parametrize(
    "text",
    [
        "Norway pledged €500 million to Ukraine on Monday. Sweden pledged €300 million on Tuesday.",
        "Norway gave Ukraine 50 trucks. Sweden gave Ukraine 30 drones and Denmark 20 howitzers.",
        "Norway pledged €500 million to Ukraine, then Sweden €400 million and Denmark €300 million.",
    ],
)
def test_what_only_stands_by_is_no_part(text: str) -> None:
    assert parts_of(text) == {}


def repeats(text: str) -> list[bool]:
    return [figure.same_as is not None for figure in extract(text, published="2023-03-07")]


def test_what_is_told_again_as_new_is_one_announcement_if_it_was_new_before() -> None:
    assert repeats(
        "The US announced another $1 billion in military aid for Ukraine on Monday. "
        '"We provide another $1 billion in military aid for Ukraine," Biden said on Monday.'
    ) == [False, True]
    assert repeats(
        "The US sent Ukraine $125 million in military aid on Monday. "
        "It sent Ukraine another $125 million in military aid on Monday."
    ) == [False, False]

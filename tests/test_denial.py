"""What did not happen, will not, or is taken back (``corpus/denials.toml``)."""

from __future__ import annotations

from typing import Any

import pytest

from extractors.meaning.change import basis_in_change
from extractors.meaning.denial import cut_of, denial_of
from extractors.meaning.situation import Situation
from extractors.passage.context import Context
from extractors.pipeline import extract, situations_of
from grammar import cases
from ledger.figure import make_source


def verdict(situation: Situation) -> str:
    """``denied`` or ``cut`` where the words around a figure say so."""
    sentence, quantity = situation.sentence, situation.quantity
    if denial_of(sentence, quantity) is not None:
        return "denied"
    return "cut" if cut_of(sentence, quantity) is not None else ""


def written(situation: Situation) -> str:
    return situation.sentence.written(situation.quantity.first, situation.quantity.last)


@pytest.mark.parametrize("case", cases("denials"), ids=lambda case: case["text"])
def test_denials_and_cuts(case: dict[str, Any]) -> None:
    found = situations_of(Context(make_source(case["text"], published="2023-03-07")))
    assert {written(s): verdict(s) for s in found} == case["figures"]


@pytest.mark.parametrize("case", cases("denials"), ids=lambda case: case["text"])
def test_what_they_say_holds_whatever_the_weights_say(case: dict[str, Any]) -> None:
    for figure in extract(case["text"], published="2023-03-07"):
        if (said := case["figures"].get(figure.text)) == "denied":
            assert (figure.status, figure.certainty) == (None, "denied")
            assert figure.cues["certainty"]
        elif said == "cut":
            assert figure.status not in ("requested", "authorized", "committed", "delivered")
            assert figure.status == "cancelled" or figure.dimension != "money"
        else:
            assert figure.certainty != "denied"


@pytest.mark.parametrize(
    ("text", "cancelled"),
    [
        ("Oslo has frozen the 40 million euros foreseen for Ukraine.", ["40 million euros"]),
        ("The shipment of 30 howitzers to Kyiv was suspended in May.", ["30"]),
        ("Lisbon shelved the delivery of 15 carriers to Kyiv.", ["15"]),
        ("Oslo will pay Kyiv 40 million euros from frozen Russian assets.", []),
        ("Oslo gave Kyiv 20 lorries after a halt in the fighting.", []),
        ("Two people were frozen to death in the camp.", []),
        ("Some 20 old tanks were scrapped in 2005.", []),
        ("The 14 frozen bank accounts hold $4 million.", []),
    ],
)
def test_what_is_taken_back_is_cancelled_whatever_the_weights_say(
    text: str, cancelled: list[str]
) -> None:
    figures = extract(text, published="2023-03-07")
    assert [f.text for f in figures if f.status == "cancelled"] == cancelled


@pytest.mark.parametrize(
    ("text", "number", "may"),
    [
        ("Aid rose by $2 billion.", "$2 billion", ("delta", "rate")),
        ("Strength fell by about 300 men.", "300", ("delta", "rate")),
        ("Oslo raised its aid to $8 billion.", "$8 billion", ("level", "total", "rate")),
        ("Aid fell from $9 billion last year.", "$9 billion", ("level", "total", "rate")),
        ("Strength was cut to 300 men.", "300", ("level", "total", "rate")),
        ("Oslo will double its aid to $8 billion.", "$8 billion", ("level", "total", "rate")),
        ("It raised its loan to a total of $8 million.", "$8 million", ("level", "total", "rate")),
        ("Oslo gave a total of $8 million.", "$8 million", ()),
        ("Oslo gave aid to 300 families.", "300", ()),
        ("The bridge was hit by 12 shells.", "12", ()),
        ("It came from 40 states.", "40", ()),
    ],
)
def test_what_the_amount_of_a_change_can_be(text: str, number: str, may: tuple[str, ...]) -> None:
    found = situations_of(Context(make_source(text)))
    (figure,) = [s for s in found if written(s) == number]
    assert basis_in_change(figure.sentence, figure.quantity) == may


def test_an_actor_between_two_amounts_gives_the_second() -> None:
    text = "Germany will give Ukraine €18 million, Poland €14 million and Spain €6 million."
    assert [f.donor for f in extract(text, published="2023-03-07")] == ["DEU", "POL", "ESP"]


def test_what_aid_rose_by_is_no_total() -> None:
    by, to = extract("Oslo's aid to Kyiv rose by $2 billion to $8 billion.", published="2023-03-07")
    assert (by.basis, to.basis in ("level", "total")) == ("delta", True)

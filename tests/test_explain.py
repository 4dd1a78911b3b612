"""Explanations: for every field that a figure holds, the rule and the words that decided it."""

from __future__ import annotations

import pytest

from extractors.explain import Explanation, explain
from extractors.pipeline import extract
from ledger.figure import Figure

DECIDED = (
    "unit", "qualifier", "per", "item", "donor", "recipient", "party", "status", "basis", "date",
    "since", "attribution", "certainty", "same_as", "part_of", "includes",
)  # fmt: skip
TEXTS = [
    "On Monday Norway sent Ukraine 22 howitzers.",
    "The Ukrainian army said that about 40 Russian tanks were destroyed near Bakhmut in May.",
    "Germany pledged €500 million ($560 million) in humanitarian aid to Ukraine.",
    "Poland has given Kyiv more than 200 tanks since the invasion.",
    "Sweden will give Ukraine 10 tanks as part of a €400 million package. Four of them are old.",
    "Ukraine fires 6,000 shells a day; Russia reportedly holds 18 percent of its territory.",
    "Berlin is sending 7 more Gepards to Ukraine, bringing the total to 37.",
    "Shelling killed five people and wounded 11 in Kherson.",
    "The road is 300 km long.",
]


def of(text: str, number: str) -> Explanation:
    """The explanation of the figure with that text."""
    explained = explain(text, published="2022-10-04", reader="rules")
    [found] = [e for e in explained if e.figure.text == number]
    return found


def reason(explanation: Explanation, field: str) -> tuple[str, str, str]:
    """What a field holds, by which rule, by which words."""
    [found] = [r for r in explanation.reasons if r.field == field]
    return found.value, found.rule, found.cue


def held(figure: Figure) -> set[str]:
    return {name for name in DECIDED if getattr(figure, name) not in (None, ())}


@pytest.mark.parametrize("reader", ["built-in", "rules"])
@pytest.mark.parametrize("text", TEXTS)
def test_every_field_that_is_held_has_its_rule(text: str, reader: str) -> None:
    explanations = explain(text, published="2022-10-04", reader=reader)
    assert explanations
    for explanation in explanations:
        reasons = {r.field: r for r in explanation.reasons}
        assert reasons.keys() - {"aid_type"} == held(explanation.figure) | {"value"}
        assert len(reasons) == len(explanation.reasons)
        assert not [r for r in explanation.reasons if not r.rule or not r.value]


@pytest.mark.parametrize("text", TEXTS)
def test_the_figures_are_those_that_are_extracted(text: str) -> None:
    explained = [e.figure for e in explain(text, published="2022-10-04")]
    assert explained == extract(text, published="2022-10-04")


@pytest.mark.parametrize(
    ("text", "number", "field", "value", "cue"),
    [
        (TEXTS[0], "22", "donor", "NOR", "Norway"),
        (TEXTS[0], "22", "recipient", "UKR", "sent Ukraine"),
        (TEXTS[0], "22", "status", "delivered", "sent"),
        (TEXTS[0], "22", "date", "2022-10-03", "monday"),
        (TEXTS[0], "22", "item", "howitzer", "howitzers"),
        (TEXTS[1], "40", "qualifier", "about", "about"),
        (TEXTS[1], "40", "party", "RUS", "Russian"),
        (TEXTS[1], "40", "status", "destroyed", "destroyed"),
        (TEXTS[1], "40", "attribution", "The Ukrainian army", "The Ukrainian army"),
        (TEXTS[3], "200", "since", "2022-02-24", "since the invasion"),
        (TEXTS[5], "18 percent", "certainty", "unconfirmed", "reportedly"),
    ],
)
def test_a_field_names_the_words_that_decided_it(
    text: str, number: str, field: str, value: str, cue: str
) -> None:
    have, _, words = reason(of(text, number), field)
    assert have == value
    assert cue in words
    assert words.lower() in text.lower()


def test_the_built_in_reader_names_the_words_that_count_most() -> None:
    text = "The Norwegian army sent 22 howitzers to Ukraine."
    [found] = explain(text, published="2022-10-04")
    told = {r.field: (r.value, r.rule, r.cue) for r in found.reasons}
    assert told["donor"] == ("NOR", "fitted", "Norwegian")
    assert told["recipient"] == ("UKR", "fitted", "Ukraine")
    assert told["status"] == ("delivered", "fitted", "sent")
    sure = {r.field: r.sure for r in found.reasons}
    assert sure["recipient"].startswith("0.9")
    without = sure["donor"].partition("less without: ")[2].split(", ")
    assert "Norwegian" in without
    assert set(without) <= set(text.strip(".").split())


def test_links_say_how_sure_they_are() -> None:
    whole, part = explain("Norway pledged $600 million for Ukraine, including 4 HIMARS.")
    [link] = [r for r in part.reasons if r.field == "part_of"]
    chosen = part.figure.choices["part_of"]
    assert part.figure.part_of == whole.figure.figure_id
    assert link.sure.startswith(f"{chosen['probability']:.2f}, else null ")
    none = whole.figure.choices["part_of"]
    assert (whole.figure.part_of, none["runner_up"]) == (None, part.figure.figure_id)
    assert none["probability"] + (none["its_probability"] or 0) == pytest.approx(1, abs=0.002)
    assert "same_as" not in whole.figure.choices  # there is no earlier figure
    assert part.figure.choices["same_as"]["runner_up"] == whole.figure.figure_id
    [alone] = explain("Norway pledged $600 million for Ukraine.")
    assert not {"same_as", "part_of"} & alone.figure.choices.keys()


def test_a_link_shows_the_text_of_the_other_figure() -> None:
    assert reason(of(TEXTS[2], "$560 million"), "same_as")[0] == "€500 million"
    assert reason(of(TEXTS[4], "10"), "part_of")[:2] == ("€400 million", "part of <amount>")
    value, rule, _ = reason(of(TEXTS[6], "37"), "includes")
    assert (value, rule) == ("7", "bringing the total to <n>")


def test_the_rule_of_the_value_is_that_of_the_figure() -> None:
    found = of(TEXTS[6], "37")
    assert reason(found, "value") == ("37", found.figure.rule, "37")


def test_what_the_frame_decides_is_said_to_come_from_the_frame() -> None:
    title = "Sweden announces arms for Ukraine"
    [found] = explain(
        "The package is worth $275 million.", published="2022-10-04", title=title, reader="rules"
    )
    assert reason(found, "donor")[0::2] == ("SWE", "the frame")
    assert reason(found, "date")[0::2] == ("2022-10-04", "published")


def test_a_text_without_figures_has_nothing_to_explain() -> None:
    assert explain("Norway stands by Ukraine.", published="2022-10-04") == []
    assert explain("") == []


def test_a_notebook_shows_the_reasons_and_nothing_of_the_text_as_markup() -> None:
    shown = explain('<b>Kyiv</b> needs 4 "<i>HIMARS</i>" from the US.')._repr_html_()
    assert "<th>words</th>" in shown
    assert "<td>HIMARS</td>" in shown
    assert "<i>" not in shown

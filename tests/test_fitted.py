"""The windows in which figures are read, their arrays, and what is made of the odds."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import aidledger as al
from aidledger.extracting import extract_all
from command import run
from extractors.fitted import fitted_reader
from extractors.fitted.answers import LINKED, Scored, links, readings
from extractors.fitted.features import (
    ACTORS,
    AID,
    CLOSE,
    IMPLIED,
    LONGEST,
    MARKS,
    OTHER_MARK,
    STATUS,
    Inputs,
    inputs_of,
    is_seen,
)
from extractors.fitted.windows import CORE, MANY, Window, windows
from extractors.links.same_as import without_other_numbers
from extractors.meaning.choice import Link
from extractors.meaning.reader import Answers
from extractors.meaning.situation import Situation
from extractors.passage.context import Context
from extractors.pipeline import situations_of
from extractors.rules.rule_reader import RuleReader
from ledger.figure import BASES, LINKS, Figure, make_source

EXAMPLES = sorted((Path(__file__).parents[1] / "examples" / "inbox").glob("*.md"))
STORY = """Norway will send Ukraine four tanks and $20 million in May, its ministry said on Monday.

Of these, two tanks have arrived. Some 300 soldiers trained for six weeks."""
SENTENCES = (
    "Norway will send Ukraine four tanks.", "It costs $20 million.", "Nobody knows.",
    "Some 300 of 500 soldiers died since May, 20 percent more than in 2022.", "For six weeks.",
    "A list: " + ", ".join(f"{k} trucks" for k in range(2, 90)) + ".",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """A tokenizer of words: each is one piece, its id the sum of its letters."""

    @dataclass(frozen=True, slots=True)
    class Found:
        ids: list[int]
        offsets: list[tuple[int, int]]

    def encode(self, sequence: str, *, add_special_tokens: bool) -> Any:
        assert not add_special_tokens
        found = list(re.finditer(r"\w+|[^\w\s]", sequence))
        return self.Found(
            [1000 + sum(map(ord, m.group())) for m in found], [m.span() for m in found]
        )


class Letters(Words):
    """A tokenizer of letters, as an encoder's is where it knows no word."""

    def encode(self, sequence: str, *, add_special_tokens: bool) -> Any:
        found = list(re.finditer(r"\S", sequence))
        return self.Found([1000 + ord(m.group()) for m in found], [m.span() for m in found])


def situations(text: str, title: str | None = None) -> list[Situation]:
    source = make_source(text, published="2023-04-03", title=title, url="https://www.nato.int/a")
    return situations_of(Context(source))


def ruled(text: str, title: str | None = None) -> Answers:
    return RuleReader().read(situations(text, title))


def texts() -> st.SearchStrategy[str]:
    paragraph = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6).map(" ".join)
    return st.lists(paragraph, max_size=4).map("\n\n".join)


@given(texts())
def test_every_figure_is_read_in_one_window(text: str) -> None:
    passage = situations(text)
    found = windows(passage)
    read = [k for window in found for k in window.figures]
    assert read == [k for k, s in enumerate(passage) if s.quantity.dimension != "time"]
    for window in found:
        assert len(window.figures) <= MANY
        for k in window.figures:
            here = [p for p in window.pieces if p.sentence is passage[k].sentence]
            assert len(here) == 1
            assert here[0].first <= passage[k].quantity.first < here[0].last


@given(texts(), texts())
def test_what_stands_in_another_paragraph_far_behind_changes_no_window(a: str, b: str) -> None:
    far = "\n\n".join(["Nothing is counted here, and nobody says a word of it."] * (CORE // 8))
    alone, followed = (situations(t) for t in (a, f"{a}\n\n{far}\n\n{b}"))
    first = windows(alone)
    again = windows(followed)[: len(first)]
    assert [w.figures for w in again] == [w.figures for w in first]
    assert [[p.sentence.text for p in w.pieces] for w in again] == [
        [p.sentence.text for p in w.pieces] for w in first
    ]


@given(texts())
def test_arrays_have_their_shapes_and_marks_stand_around_the_figures(text: str) -> None:
    told = ruled(text, title="Norway and Ukraine")
    passage = told.drafts
    for window in windows(passage):
        inputs = inputs_of(window, told, Words())
        arrays = inputs.arrays
        t, f = len(arrays["ids"]), len(window.figures)
        assert t == len(inputs.places) == len(arrays["words"]) <= LONGEST
        assert arrays["figures"].shape == (f, 2)
        for name, found in (("actor", inputs.actors), ("date", inputs.dates)):
            assert arrays[f"{name}s"].shape == (len(found), 2)
            assert arrays[f"{name}_step"].shape == (f, len(found))
            assert arrays[f"{name}_relation"].shape == (f, len(found))
            assert arrays[f"{name}_told"].shape == (f, len(found))
        for n, k in enumerate(window.figures):
            first, last = arrays["figures"][n]
            if is_seen(inputs, n):
                marks = {*MARKS.values(), OTHER_MARK}
                assert (arrays["ids"][first] in marks, arrays["ids"][last]) == (True, CLOSE)
                assert _between(inputs, window, first, last) == _written(passage[k])


def _between(inputs: Inputs, window: Window, first: int, last: int) -> str:
    number, start, _ = inputs.places[first + 1]
    plain = window.pieces[number].sentence.block.plain
    return plain[start : inputs.places[last - 1][2]]


def _written(situation: Situation) -> str:
    return situation.sentence.written(situation.quantity.first, situation.quantity.last)


def test_candidates_are_the_actors_and_dates_of_a_window_and_its_frame() -> None:
    told = ruled(STORY, title="Norway arms Ukraine")
    passage = told.drafts
    (window,) = windows(passage)
    inputs = inputs_of(window, told, Words())
    assert Counter(c.value for c in inputs.actors if c.piece >= 0) == {"NOR": 1, "UKR": 1}
    assert {c.value for c in inputs.actors if c.piece < 0} >= {"NATO", "NOR", "UKR"}
    assert [c.value for c in inputs.dates] == ["2023-04-03", "2023-05", "2023-04-03"]


def odds_of(window: Window, inputs: Inputs, seed: int) -> dict[str, Any]:
    """Odds by chance, in the scorer's shapes."""
    f, t = len(window.figures), len(inputs.arrays["ids"])
    return _by_chance(f, t, len(inputs.actors), len(inputs.dates), seed)


def _by_chance(f: int, t: int, actors: int, dates: int, seed: int) -> dict[str, Any]:
    chance = np.random.default_rng(seed)
    widths: dict[str, int] = {
        "status": len(STATUS), "basis": len(BASES), "aid": len(AID), "item": 2 + 2,
        "date": dates, "since": dates + 1, "item_start": t, "item_end": t,
        **dict.fromkeys(ACTORS, actors + 1 + len(IMPLIED)),
        **dict.fromkeys(LINKS, f + 1),
    }  # fmt: skip
    return {k: chance.normal(0, 3, (f, n)).astype(np.float32) for k, n in widths.items()}


@given(st.integers(0, 10_000))
def test_whatever_the_odds_no_figure_is_what_none_can_be(seed: int) -> None:
    told = ruled(STORY, title="Norway arms Ukraine")
    passage = told.drafts
    (window,) = windows(passage)
    inputs = inputs_of(window, told, Words())
    scored = Scored(window, told, inputs, odds_of(window, inputs, seed), ["tank", "drone"])
    for k, reading in zip(window.figures, readings(scored), strict=True):
        assert reading is not None
        donor, recipient, party = (reading.choices[name].value for name in ACTORS)
        assert donor is None or donor != recipient
        assert party is None or (donor, recipient) == (None, None)
        assert reading.choices["since"].value is None or reading.choices["basis"].value in (
            "total", "level",
        )  # fmt: skip
        money = passage[k].quantity.dimension == "money"
        assert money or donor or recipient or reading.choices["aid_type"].value is None
        assert 0 <= reading.confidence <= 1
        for choice in reading.choices.values():
            assert choice.probability is None or 0 <= choice.probability <= 1
    linked = links(scored)
    assert all(link.probability is not None and link.probability > LINKED for link in linked)
    assert len({(link.kind, link.source) for link in linked}) == len(linked)
    for link in linked:
        seen, above = {link.source}, link.target
        while (
            up := {(x.kind, x.source): x.target for x in linked}.get((link.kind, above))
        ) is not None:
            assert above not in seen
            seen.add(above)
            above = up


def scored_for(text: str, wanted: dict[str, dict[str | None, float]]) -> Scored:
    """A text of one window with odds of nothing but for these values of the actors."""
    told = ruled(text)
    (window,) = windows(told.drafts)
    inputs = inputs_of(window, told, Words())
    odds = {k: np.zeros_like(v) for k, v in odds_of(window, inputs, 1).items()}
    values = [*(c.value for c in inputs.actors), None, *IMPLIED]
    for name in ACTORS:
        given = wanted.get(name, {None: 9.0})
        odds[name][:] = [given.get(value, -9.0) for value in values]
    return Scored(window, told, inputs, odds, ["tank", "drone"])


@pytest.mark.parametrize(
    ("text", "odds", "donor"),
    [
        ("Denmark and the Netherlands will send Ukraine 14 tanks.", (2.0, 2.0), "DNK+NLD"),
        ("Denmark and the Netherlands will send Ukraine 14 tanks.", (2.0, -3.0), "DNK"),
        ("Denmark will send Ukraine 14 tanks, the Netherlands none.", (2.0, 1.9), "DNK"),
        ("Danish and Dutch tanks, 14 of them, will go to Ukraine.", (2.0, 1.0), "DNK+NLD"),
    ],
)
def test_who_gives_together_is_joined(text: str, odds: tuple[float, float], donor: str) -> None:
    told: dict[str, dict[str | None, float]] = {
        "donor": dict(zip(("DNK", "NLD"), odds, strict=True)),
        "recipient": {"UKR": 9.0},
    }
    (reading,) = readings(scored_for(text, told))
    assert reading is not None
    assert reading.choices["donor"].value == donor
    assert reading.choices["recipient"].value == "UKR"


def read_together(paths: list[Path], jobs: int = 1) -> dict[str, Figure]:
    found = extract_all([str(path) for path in paths], jobs=jobs)
    return {figure.figure_id: figure for _, figures in found for figure in figures}


def test_one_text_is_read_one_way() -> None:
    """Alone, beside others in any order, and by several processes: choices and chances alike."""
    alone = {k: figure for path in EXAMPLES for k, figure in read_together([path]).items()}
    assert read_together(EXAMPLES[::-1]) == alone
    assert read_together([*EXAMPLES[3:], *EXAMPLES[:3]], jobs=2) == alone
    assert sum(figure.confidence is not None for figure in alone.values()) > 20


class Chance:
    """A scorer that answers by chance, in the place of one with weights."""

    name, items, pieces, sure = "chance 1", ("tank", "drone"), Words(), (1.0, 0.0)

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def odds(self, arrays: dict[str, Any]) -> dict[str, Any]:
        f, t = len(arrays["figures"]), len(arrays["ids"])
        return _by_chance(f, t, len(arrays["actors"]), len(arrays["dates"]), 7)


def test_what_was_read_is_in_the_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitted_reader, "Scorer", Chance)
    figures = al.extract(STORY, published="2023-04-03", title="Arms", reader=str(tmp_path))
    rules = al.extract(STORY, published="2023-04-03", title="Arms")
    assert [f.text for f in figures] == [f.text for f in rules]
    for figure in figures:
        assert figure.reader == "chance 1"
        if figure.dimension == "time":
            assert (figure.confidence, figure.choices) == (None, {})
        else:
            assert figure.confidence is not None
            assert {"status", "basis", "date", "item"} <= figure.choices.keys()
            for chosen in figure.choices.values():
                assert round(chosen["probability"], 3) == chosen["probability"]
    again = al.extract(f"{STORY}\n\n{STORY}", published="2023-04-03", reader=str(tmp_path))
    assert len(again) == 2 * len(figures)


class Whole(Words):
    """A tokenizer to which a sentence is one unknown word, as a very long one is to an encoder."""

    def encode(self, sequence: str, *, add_special_tokens: bool) -> Any:
        return self.Found([100], [(0, len(sequence))])


def test_figures_within_one_token_have_marks_each() -> None:
    told = ruled("It fell 5°6°7°8° on Monday.")
    (window,) = windows(told.drafts)
    figures = inputs_of(window, told, Whole()).arrays["figures"]
    assert figures.shape == (len(window.figures), 2)
    assert len({k for pair in figures.tolist() for k in pair}) == 2 * len(window.figures) > 2


def test_half_a_character_is_no_fault() -> None:
    assert [f.text for f in al.extract("Norway gave \udfff 14 tanks.")] == ["14"]


def test_figures_that_no_window_shows_are_left_unread() -> None:
    far = ", ".join(f"{k} {'exceedingly ' * 5}remarkable vans" for k in range(2, 60))
    told = ruled(f"It gave {far}.", title="T " * 40)
    passage = told.drafts
    shown = []
    for window in windows(passage):
        inputs = inputs_of(window, told, Letters())
        assert len(inputs.arrays["ids"]) <= LONGEST
        assert (inputs.arrays["figures"] < len(inputs.arrays["ids"])).all()
        odds = odds_of(window, inputs, 1)
        read = readings(Scored(window, told, inputs, odds, ["tank", "drone"]))
        shown += [is_seen(inputs, n) for n in range(len(window.figures))]
        assert [r is not None for r in read] == shown[-len(read) :]
    assert {True, False} <= set(shown)


@pytest.mark.parametrize(
    ("config", "cause"),
    [
        ("[1]", "not the config of weights"), ("{}", "not the config of weights"),
        ('{"name": "", "items": []}', "a name and a list of items are wanted"),
        ('{"name": "w", "items": []}', "tokenizer.json: cannot be read"),
    ],
)  # fmt: skip
def test_broken_weights_are_told_in_one_line(tmp_path: Path, config: str, cause: str) -> None:
    for name in ("weights.onnx", "tokenizer.json"):
        (tmp_path / name).write_text("no weights", encoding="utf-8")
    (tmp_path / "config.json").write_text(config, encoding="utf-8")
    text = tmp_path / "a.txt"
    text.write_text("Norway sent four tanks.", encoding="utf-8")
    result = run("extract", text, "--reader", tmp_path)
    assert result.returncode == 2
    assert cause in " ".join(" ".join(result.problems).split())


def test_a_folder_without_weights_is_named_in_one_line(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("Norway sent four tanks.", encoding="utf-8")
    result = run("extract", text, "--reader", tmp_path)
    assert result.returncode == 2
    said = " ".join(" ".join(result.problems).split())
    assert "holds no fitted weights: weights.onnx is missing" in said
    with pytest.raises(ValueError, match="is not a reader of meaning"):
        al.extract("Norway sent four tanks.", reader="no such folder")


@pytest.mark.parametrize(
    ("text", "donors"),
    [
        ("Denmark and Spain gave Ukraine €5 million and €7 million respectively.", ["DNK", "ESP"]),
        ("Denmark and Spain gave Ukraine €5 million, respectively.", ["DNK+ESP"]),
        ("Denmark and Spain gave Ukraine €5 million and €7 million.", ["DNK+ESP", "DNK+ESP"]),
    ],
)
def test_respectively_gives_each_its_own(text: str, donors: list[str]) -> None:
    scored = scored_for(text, {"donor": {"DNK": 3.0, "ESP": 3.0}, "recipient": {"UKR": 9.0}})
    read = [reading for reading in readings(scored) if reading is not None]
    assert [reading.choices["donor"].value for reading in read] == donors


def test_respectively_parts_those_who_get_too() -> None:
    text = "Denmark and Spain gave Ukraine and Moldova €5 million and €7 million respectively."
    odds: dict[str, dict[str | None, float]] = {
        "donor": {"DNK": 3.0, "ESP": 3.0}, "recipient": {"UKR": 3.0, "MDA": 3.0},
    }  # fmt: skip
    read = [reading for reading in readings(scored_for(text, odds)) if reading is not None]
    pairs = [(r.choices["donor"].value, r.choices["recipient"].value) for r in read]
    assert pairs == [("DNK", "UKR"), ("ESP", "MDA")]


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("Oslo gave €85 million. The €50 million came late.", False),
        ("Oslo gave €85 million. The 85 million euros came late.", True),
        ("Oslo gave €85 million. The 85 to 90 million euros came late.", True),
        ("Oslo gave €85 million. More than €50 million came late.", True),
        ("Oslo gave €85 million. That is $93 million.", True),
    ],
)
def test_what_says_another_number_says_nothing_again(text: str, stays: bool) -> None:
    link = Link("same_as", 1, 0, "fitted", probability=0.9)
    assert (link in without_other_numbers(ruled(text).drafts, [link])) == stays

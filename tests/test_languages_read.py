"""The numbers of the languages that are read besides English."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import run
from extractors.catalogue import load
from extractors.explain import explain
from extractors.languages.tongue import tongue_of
from extractors.passage.context import Context
from extractors.pipeline import extract, situations_of
from extractors.text.language import foreign_language
from grammar import cases
from ledger.figure import Figure, make_source

LANGUAGES: list[str] = load("languages")["read"]
CASES = [case for name in LANGUAGES for case in cases(name.lower())]
EXAMPLES = [row for name in LANGUAGES for row in load(f"languages/{name.lower()}")["example"]]
# A sentence about an amount, a count and a share: where the three numbers go.
SENTENCES = {
    "German": "Die Ministerin hat zum Montag {} Euro, {} Panzer und {} Prozent zugesagt.",
    "Ukrainian": "Уряд України повідомив, що отримав {} євро, {} танків і {} відсотків зброї.",
    "French": "Le gouvernement donnera à Kiev {} euros, {} chars et {} pour cent des stocks.",
    "Polish": "Rząd ogłosił, że przekaże {} euro, {} czołgów i {} procent zapasów broni.",
    "Spanish": "El Gobierno entregará {} euros, {} tanques y {} por ciento de las armas.",
}
MARKS = {
    "German": [".", "'", " ", "\u00a0"], "Ukrainian": [" ", "\u00a0", "."],
    "French": [" ", "\u00a0", "\u202f", "."], "Polish": [" ", "\u00a0", "."],
    "Spanish": [".", " ", "\u00a0"],
}  # fmt: skip


def told(figure: Figure) -> str:
    value = f"{figure.low}..{figure.high}" if figure.value is None else str(figure.value)
    return f"{figure.text} = {value} {figure.unit} {figure.qualifier}"


@pytest.mark.parametrize("case", CASES)
def test_corpus(case: dict[str, Any]) -> None:
    assert [told(figure) for figure in extract(case["text"], reader="none")] == case["figures"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["text"][:30])
def test_examples_of_the_catalogue(example: dict[str, Any]) -> None:
    found = extract(example["text"])
    shown = [f"{None if f.qualifier == 'vague' else f.value} {f.unit} {f.qualifier}" for f in found]
    assert shown == example["figures"]
    assert {figure.status or figure.item or figure.donor or figure.date for figure in found} == {
        None
    }
    assert [e.figure for e in explain(example["text"])] == found


def printed(number: int, decimals: str, mark: str) -> str:
    whole = f"{number:,}".replace(",", mark)
    return f"{whole},{decimals}" if decimals else whole


@given(
    st.sampled_from(LANGUAGES), st.data(), st.integers(2, 999_999_999_999),
    st.sampled_from(["", "5", "25", "04"]), st.integers(2201, 9_999_999), st.integers(1, 99),
)  # fmt: skip
def test_a_number_printed_in_a_language_is_read_back(
    language: str, data: st.DataObject, amount: int, decimals: str, count: int, share: int
) -> None:
    mark = data.draw(st.sampled_from(MARKS[language]))
    money, things = printed(amount, decimals, mark), printed(count, "", mark)
    text = SENTENCES[language].format(money, things, share)
    found = [(f.dimension, f.unit, f.value) for f in extract(text, reader="none")]
    assert found == [
        ("money", "EUR", Decimal(f"{amount}.{decimals or 0}")),
        ("count", "count", Decimal(count)),
        ("percent", "percent", Decimal(share)),
    ]


WORDS = [(name, w, v) for name in LANGUAGES for v, w in (
    (Decimal(value), word)
    for value, words in load(f"languages/{name.lower()}")["words"].items()
    for word in words
) if v > 1 and v == int(v)]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_word_is_read_with_every_magnitude(language: str) -> None:
    scales = {
        word: int(value)
        for value, words in load(f"languages/{language.lower()}")["scales"].items()
        for word in words
        if int(value) >= 1_000_000
    }
    context = SENTENCES[language].partition("{}")[0]
    for scale, factor in scales.items():
        (figure,) = extract(f"{context} 2,5 {scale} €", reader="none")
        assert figure.value == Decimal("2.5") * factor, scale
    for name, word, value in WORDS:
        if name == language:
            scale, factor = next(iter(scales.items()))
            (figure,) = extract(f"{context} {word} {scale} €", reader="none")
            expected = value * (factor if value < factor / 2 else 1)
            assert figure.value in (expected, value * factor), word


@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_no_text_is_too_odd(text: str, language: str) -> None:
    document = f"{SENTENCES[language].format(1, 2, 3)} {text}"
    for figure in extract(document, reader="none"):
        assert document[figure.start : figure.end] == figure.text


def test_a_sign_belongs_to_one_amount() -> None:
    figures = extract(f"{SENTENCES['German'].format(1, 2, 3)} ein € 1", reader="none")
    assert figures[-1].text == "ein €"


@given(
    st.lists(
        st.sampled_from(
            "1 2,5 300 . , - ( ) : / + € % km bis und Mrd Mio. Panzer ein 2022 Mai Uhr Jahr der von"
            " zwischen".split()
        ),
        max_size=40,
    )
)
def test_words_of_numbers_in_any_order_raise_nothing(words: list[str]) -> None:
    document = f"{SENTENCES['German'].format(1, 2, 3)} {' '.join(words)}"
    figures = extract(document, reader="none")
    assert [f.start for f in figures] == sorted(f.start for f in figures)
    for a, b in pairwise(figures):
        assert a.end <= b.start


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Italien spendet 14 Panzer und 3 Milliarden Euro", "German"),
        ("Передали 3 млн грн", "Ukrainian"),
        ("Il reste 1.550 euros à trouver", "French"),
        ("Zginęło 12 żołnierzy", "Polish"),
        ("¡Gracias! Quedan 3 días", "Spanish"),
        ("3 Milliarden Euro", None),
        ("14", None),
        ("Kyiv got 14 tanks from Łódź", None),
        ("El Salvador sent 14 tanks", None),
        ("3 million dollars and 14 jets", None),
    ],
)
def test_short_texts_are_judged_by_their_words(text: str, language: str | None) -> None:
    assert foreign_language(text) == language


def test_other_languages_have_no_grammar() -> None:
    assert tongue_of("Norwegian Bokmål") is tongue_of(None) is None


def test_a_reader_of_meaning_is_given_figures_without_names() -> None:
    ctx = Context(make_source(SENTENCES["German"].format("3 Mrd.", 14, 20)))
    given_ = situations_of(ctx)
    assert [s.quantity.unit for s in given_] == ["EUR", "count", "percent"]
    assert {s.named.item for s in given_} == {None}


def test_the_command_says_once_that_there_is_no_meaning(tmp_path: Path) -> None:
    texts = [SENTENCES["German"].format("3 Milliarden", n, 20) for n in (12, 14)]
    path = tmp_path / "documents.jsonl"
    lines = (json.dumps({"id": str(k), "text": text}) for k, text in enumerate(texts))
    path.write_text("\n".join(lines), encoding="utf-8")
    result = run("extract", path, "--format", "jsonl")
    figures = [json.loads(line) for line in result.stdout.splitlines()]
    assert [figure["unit"] for figure in figures] == ["EUR", "count", "percent"] * 2
    (said,) = result.problems
    assert "in German: numbers and units are read, their meaning by a language model alone" in said

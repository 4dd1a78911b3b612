"""Which words of a text correct a number that was told before, and which only sound like it."""

from __future__ import annotations

from pathlib import Path

import pytest

import aidledger as al
from ledger.figure import make_source
from ledger.ledger import Ledger

OLD = "Washington will send Ukraine $400 million in military aid."
NEW = "Washington will send Ukraine $350 million in military aid"

CORRECTING = [
    ("", f"Correction: {NEW}."),
    ("", f"Correction. {NEW}."),
    ("", f"CORRECTED - {NEW}."),
    ("Corrected: aid for Kyiv", f"{NEW}."),
    ("Erratum", f"{NEW}."),
    ("", f"Corrigendum: {NEW}, not $400 million."),
    ("", f"{NEW}; an earlier version of this report said $400 million."),
    ("", f"Our earlier report wrongly stated that {OLD} {NEW}."),
    ("", f"{NEW}. An earlier version of this report wrongly said that {OLD}"),
]
ORDINARY = [
    ("", f"Markets saw a correction on Monday. {NEW}."),
    ("A market correction", f"{NEW}."),
    ("Correction in the markets", f"{NEW}."),
    ("", f"After a policy correction, {NEW}."),
    ("", f"The Department of Correction said nothing. {NEW}."),
    ("", f"Drones corrected the artillery fire. {NEW} for correcting the artillery fire."),
    ("", f"The ministry sent a clarification. {NEW}."),
    ("", f"Clarification: {NEW}."),
    ("", f"An earlier version of this gun served in Iraq. {NEW}."),
    ("", f"The government misstated its plans for 12 tanks. {NEW}."),
]


def values(place: Path, title: str, text: str) -> list[float]:
    """The facts of two documents of one publisher, the first of which tells of $400 million."""
    with Ledger(place / "a.db") as ledger:
        for day, head, told in (("2023-02-01", "", OLD), ("2023-03-20", title, text)):
            source = make_source(
                told, source_id=day, title=head or None, publisher="Gazette", published=day
            )
            found = al.extract(told, source_id=day, title=head or None, published=day)
            ledger.add(source, found)
        money = ledger.facts().query("unit == 'USD'")
        return sorted(float(value) for value in money["value"])


@pytest.mark.parametrize(("title", "text"), CORRECTING)
def test_a_label_or_the_wrong_number_corrects(title: str, text: str, tmp_path: Path) -> None:
    assert values(tmp_path, title, text) == [350e6]


@pytest.mark.parametrize(("title", "text"), ORDINARY)
def test_words_that_only_sound_like_it_correct_nothing(
    title: str, text: str, tmp_path: Path
) -> None:
    found = al.extract(text, title=title or None, published="2023-03-20")
    assert found
    assert not any("corrects" in figure.cues for figure in found)
    assert values(tmp_path, title, text) == [350e6, 400e6]


def test_a_bare_number_that_is_denied_is_the_wrong_one() -> None:
    def cues(text: str) -> list[str]:
        return [one.cues.get("corrects", "") for one in al.extract(text, published="2023-03-20")]

    told = "The ministry corrected its figure: it will send Ukraine {} tanks."
    assert cues(told.format("not 12 but 10")) == ["corrected its figure"]
    assert cues(told.format("10")) == [""]

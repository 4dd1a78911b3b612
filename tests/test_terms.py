"""What is left unread: no document that holds a figure; and terms, found as whole words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aidledger as al
from aidledger.engines.terms import Terms
from command import records, run
from extractors.text.anchors import anchored
from extractors.text.number_words import anchors

WORDS = [*anchors(), "tanks", "Ukraine", "aid", "o", "one-", "ten,", "³", "½", "Ⅷ", "٤", "４", "k"]


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=12).map(" ".join))
def test_a_document_that_is_dropped_holds_no_figure(text: str) -> None:
    assert anchored(text) or not al.extract(text)


@pytest.mark.parametrize("text", ["Four tanks.", "a DOZEN", "1", "½ of it", "thousands", "İ two"])
def test_a_number_is_seen(text: str) -> None:
    assert anchored(text)


@pytest.mark.parametrize("text", ["", "No figure stands here.", "often, someone, Boone"])
def test_a_text_without_any_is_dropped(text: str) -> None:
    assert not anchored(text)


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("HIMARS", "four himars went", True),
        ("himars", "HIMARS", True),
        ("tank", "tanks", False),
        ("tank", "a tank.", True),
        ("tank", "antitank", False),
        ("aid package", "an aid\n  package", True),
        ("aid package", "aid packages", False),
        ("aid", "aid packages", True),
        ("F-16", "an F-16, or two", True),
        ("F-16", "an F-165", False),
        ("Straße", "STRASSE", True),
        ("Київ", "у київ", True),
        ("$", "worth $5", True),
        ("aid", "\ud800 aid", True),
    ],
)
def test_terms_are_whole_words(term: str, text: str, found: bool) -> None:
    assert Terms([term]).found_in(text) is found


def test_a_term_hides_no_other_that_it_overlaps() -> None:
    assert Terms(["aid package", "aid"]).found_in("aid packages")
    assert Terms(["military aid", "aid package"]).found_in("military aid package")


def test_an_empty_term_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        Terms(["aid", " "])


def test_the_title_counts() -> None:
    source = al.make_source("Two went.", title="Tanks for Ukraine")
    assert Terms(["tanks"]).in_source(source)
    assert not Terms(["jets"]).in_source(source)


def test_only_documents_with_the_terms_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    texts = ["Poland sent 14 tanks.", "Poland sent 3 jets.", "Poland sent 5 Tanks and two jets."]
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    asked = ["--published", "2023-01-01", "--format", "jsonl", "--containing"]
    done = run("extract", path, *asked, "tanks")
    assert [record["value"] for record in records(done.stdout)] == [14, 5, 2]
    assert done.stderr.endswith("; 1 left out without the words asked for\n")
    both = run("extract", path, *asked, "jets", "--containing", "tanks")
    assert len(records(both.stdout)) == 4
    assert run("extract", path, *asked, " ").returncode == 2

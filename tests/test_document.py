"""Paragraphs, sentences and the way back to the document."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.text.anchors import anchored
from extractors.text.document import Block, blocks_of, is_wrapped, read_block


def block_of(text: str, wrapped: bool = False) -> Block:
    return read_block(text, 0, len(text), wrapped)


def sentences(text: str, wrapped: bool = False) -> list[str]:
    block = block_of(text, wrapped)
    return [block.plain[a:b] for a, b in block.sentences]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a  b\u00a0c", "a b c"),
        ("22\u202f500 m", "22\u00a0500 m"),
        ("about\u00a0500 men", "about 500 men"),
        ("**bold** and __strong__", "bold and strong"),
        ("[the page](https://example.org/a_(b)) ends", "the page ends"),
        ("see https://example.org/a?b=12 now", "see   now"),
        ("a<br/>b <b>c</b>", "ab c"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("\u201cquoted\u201d isn\u2019t", '"quoted" isn\'t'),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("user@example.org wrote", "user  wrote"),
    ],
)
def test_plain_text(text: str, plain: str) -> None:
    assert block_of(text).plain == plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One ended. Two began! Three?", ["One ended.", "Two began!", "Three?"]),
        ("Gen. Doe met Mr. X on Oct. 4. He left.", ["Gen. Doe met Mr. X on Oct. 4.", "He left."]),
        ("The U.S. Army came. It left.", ["The U.S. Army came.", "It left."]),
        ("It cost 990 mil. NOK in all.", ["It cost 990 mil. NOK in all."]),
        ('He said "go." They went.', ['He said "go."', "They went."]),
        ("It is 3.5 km. It ends.", ["It is 3.5 km.", "It ends."]),
    ],
)  # fmt: skip
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_lines_are_joined_where_they_are_wrapped() -> None:
    text = "The convoy that left the port on the first day of the month came\nback with 12 vans."
    assert len(sentences(text, wrapped=True)) == 1
    assert sentences("- 12 vans\n- 7 boats") == ["- 12 vans", "- 7 boats"]


def test_wrapped_documents_are_known() -> None:
    line = "this line has about sixty letters, as plain mail has them all"
    assert is_wrapped("\n".join([line] * 4))
    assert not is_wrapped("One line.\n\nAnother line.\n")


def test_long_runs_are_cut_into_pieces() -> None:
    pieces = sentences("word " * 2000)
    assert len(pieces) > 4
    assert all(len(piece) <= 1500 for piece in pieces)


@given(st.text())
def test_every_place_leads_back(text: str) -> None:
    wrapped = is_wrapped(text)
    for start, end in blocks_of(text):
        block = read_block(text, start, end, wrapped)
        for a, b in block.sentences:
            first, last = block.span(a, b)
            assert start <= first < last <= end
            assert block.plain[a:b].strip()


@given(st.text(alphabet="ab 1.\n\u00a0*[]<>h"))
def test_letters_lead_back_to_themselves(text: str) -> None:
    block = read_block(text, 0, len(text), False)
    for k, letter in enumerate(block.plain):
        if letter.isalnum():
            first, last = block.span(k, k + 1)
            assert text[first:last] == letter


def test_anchors() -> None:
    assert anchored("All seventeen tests, often 3 of them; attention!") == [27, 4]
    assert anchored("\u0130\u0130 two \u00bd") == [7, 3]
    assert anchored("the network of stones") == []

"""Paragraphs, sentences and the way back to the document."""

from __future__ import annotations

from textwrap import fill

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.pipeline import extract
from extractors.text.anchors import anchored
from extractors.text.document import UNEVEN, Block, blocks_of, read_block, wrapped_at


def block_of(text: str, width: int = 0) -> Block:
    return read_block(text, 0, len(text), width)


def sentences(text: str, width: int = 0) -> list[str]:
    block = block_of(text, width)
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
    assert len(sentences(text, width=UNEVEN)) == 1
    assert sentences("- 12 vans\n- 7 boats") == ["- 12 vans", "- 7 boats"]


def test_a_magnitude_on_the_next_line_belongs_to_its_number() -> None:
    assert sentences("A grant of $1.3\nmillion came") == ["A grant of $1.3 million came"]
    assert sentences("In May 2019\nmillions of birds came") == [
        "In May 2019",
        "millions of birds came",
    ]
    assert sentences("Vans: 12\nmills: 4") == ["Vans: 12", "mills: 4"]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Some six million people are abroad, and this tragedy\n4\nmight end.", ["six million"]),
        ("The envoy says that 80% of these refugees have now been\n- 12 -\nwelcomed.", ["80%"]),
        ("The envoy says that 80% of these refugees are now resettled\n2", ["80%"]),
        ("It said in a long line of a release that the package is worth about\n20", ["20"]),
        ("We will send in the coming weeks, as was promised, at least\n4\nhowitzers.", ["4"]),
    ],
)  # fmt: skip
def test_the_number_of_a_page_amid_a_sentence_is_none(text: str, figures: list[str]) -> None:
    assert [f.text for f in extract(text)] == figures


def test_a_letter_that_a_scan_has_put_for_a_one_is_read_as_one() -> None:
    assert sentences("They gave $lm and $l0m, by $list") == ["They gave $1m and $10m, by $list"]


def test_wrapped_documents_are_known() -> None:
    line = "this line has about sixty letters, as plain mail has them all"
    assert wrapped_at("\n".join([line] * 4)) == len(line)
    assert wrapped_at("\n".join([line, f"{line} and more", line, "this ends it"])) == UNEVEN
    assert not wrapped_at("One line.\n\nAnother line.\n")


STORY = (
    "The ministry in Oslo said on Monday that Norway had given Ukraine about 40 old tanks since the"
    " war began, and that it would send 22 howitzers and 1,250 radios to the navy of Ukraine in the"
    " spring. Sweden and Finland will together deliver twenty-two boats, both ministers said."
    " Denmark gave 19 guns."
)


@pytest.mark.parametrize("width", range(32, 100, 4))
def test_a_story_is_the_same_at_every_width(width: int) -> None:
    text = fill(STORY, width, break_on_hyphens=False)
    told = wrapped_at(text)
    assert told
    assert sentences(text, width=told) == sentences(STORY)


@pytest.mark.parametrize(
    "text",
    [
        "Norway gave Ukraine:\n14 howitzers\n22 trucks\n33 radars and the tools\nfor them",
        "Sent in January, from the stocks:\nhowitzers 14\ntrucks 22\nradars 33\nboats 12\ntents 40",
        "- 14 howitzers of the army's stock\n- 22 trucks\n- 33 radars, all of them new",
        "A line of a poem that is not long\nand one more\nand another\nand the last one of them",
    ],
)
def test_lists_are_not_wrapped(text: str) -> None:
    assert not wrapped_at(text)


def test_long_runs_are_cut_into_pieces() -> None:
    pieces = sentences("word " * 2000)
    assert len(pieces) > 4
    assert all(len(piece) <= 1500 for piece in pieces)


@given(st.text())
def test_every_place_leads_back(text: str) -> None:
    width = wrapped_at(text)
    for start, end in blocks_of(text):
        block = read_block(text, start, end, width)
        for a, b in block.sentences:
            first, last = block.span(a, b)
            assert start <= first < last <= end
            assert block.plain[a:b].strip()


@given(st.text(alphabet="ab 1.\n\u00a0*[]<>h"))
def test_letters_lead_back_to_themselves(text: str) -> None:
    block = read_block(text, 0, len(text), 0)
    for k, letter in enumerate(block.plain):
        if letter.isalnum():
            first, last = block.span(k, k + 1)
            assert text[first:last] == letter


def test_anchors() -> None:
    assert anchored("All seventeen tests, often 3 of them; attention!") == [27, 4]
    assert anchored("\u0130\u0130 two \u00bd") == [7, 3]
    assert anchored("the network of stones") == []


@pytest.mark.parametrize("frame", ["{}", "{}\n", "The towns and the flood\n{}", "\n{}\n"])
def test_a_title_and_a_last_line_end_leave_a_story_wrapped(frame: str) -> None:
    assert wrapped_at(frame.format(fill(STORY, 32, break_on_hyphens=False))) in range(30, 33)

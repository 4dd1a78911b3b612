"""Rich Text Format as word processors write it."""

from __future__ import annotations

import random
from io import BytesIO
from time import monotonic

import pytest

from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.office import rtf
from extractors.readers.problem import Problem

HEAD = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\froman\fcharset0 Times New Roman;}"
    rb"{\f1\fnil\fcharset2 Symbol;}{\f2\fswiss\fcharset204{\*\falt Arial;}Arial CYR;}}"
    rb"{\info{\title Aid for a year \'96 at last}{\author Somebody}"
    rb"{\creatim\yr2022\mo10\dy4\hr12\min0}{\revtim\yr2023\mo1\dy1}}"
    rb"{\header \pard Page 3 of 12\par}{\footer \pard Footer 99\par}"
)


def read(body: bytes, head: bytes = HEAD, tail: bytes = b"}") -> list[Content | Problem]:
    return list(rtf.contents(BytesIO(head + body + tail), ReadOptions()))


def text_of(body: bytes) -> str:
    (found,) = read(body)
    assert isinstance(found, Content)
    return found.text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"\pard Ten \b new\b0  tanks.\par\pard Then 4.\par", "Ten new tanks.\n\nThen 4."),
        (rb"Ten\line tanks\par", "Ten\ntanks"),
        (rb"3,500\~rounds of 155\_mm sh\-ells", "3,500\u00a0rounds of 155\u2011mm sh\u00adells"),
        (rb"\u8364?500 \'97 \ldblquote yes\rdblquote\par", "€500 — “yes”"),
        (rb"{\f2 \'cf\'f0\'e8\'e2\'e5\'f2} \u-10179?\u-8704?", "Привет 😀"),
        ("Müller paid 4 €".encode("cp1252"), "Müller paid 4 €"),
        (rb"{\pntext\f1\'B7\tab}40 trucks;\par{\listtext {\f1\'B7}\tab}Six tents.\par\pard End.",
         "- 40 trucks;\n- Six tents.\n\nEnd."),
        (rb"{\field{\*\fldinst{HYPERLINK \"https://example.org/a?b=5\"}}{\fldrslt{\ul the text}}}",
         "the text"),
        (rb"Before.\par\trowd\cellx9\cellx99\intbl Item\cell Sent\cell\row\trowd\cellx9\cellx99"
         rb"\intbl Tanks\par of steel\cell 1,400\cell\trowd\cellx9\cellx99\row\pard After.\par",
         "Before.\n\n| Item | Sent |\n| Tanks of steel | 1,400 |\n\nAfter."),
        (rb"{\footnote 77}{\pict\bin6 }}{{99}Ten.{\pict " + b"0a" * 900 + rb"}\par", "Ten."),
        (rb"a \\line b \{4\} c|d", "a \\line b {4} c|d"),
    ],
    ids=["paragraphs", "line", "signs", "characters", "fonts", "raw bytes", "list", "link",
         "table", "pictures", "escapes"],
)  # fmt: skip
def test_text(body: bytes, text: str) -> None:
    assert text_of(body) == text


def test_title_and_day_of_creation() -> None:
    (found,) = read(rb"\pard Aid for a year \endash  at last\par Ten tanks.\par")
    assert isinstance(found, Content)
    assert found.metadata.title == "Aid for a year – at last"
    assert found.metadata.made == "2022-10-04"
    assert found.text == "Ten tanks."


def test_a_file_that_is_cut_off_is_told() -> None:
    content, problem = read(rb"\pard Ten tanks.\par Then fo", tail=b"")
    assert isinstance(content, Content)
    assert problem == Problem("", "an rtf file that is cut off: what follows is missing")


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "an empty file"),
        (b"Ten tanks.", "not an rtf file"),
        (HEAD + b"}", "holds no text"),
        (HEAD + b"{" * 2000 + b"}" * 2001, "a broken rtf file"),
        (HEAD + rb"\u99999999 x}", "a broken rtf file"),
        (rb"{\rtf1{\fonttbl" + rb"\f1\fcharset1 " * 20_000 + b"}x}", "a broken rtf file"),
    ],
)
def test_what_cannot_be_read(data: bytes, cause: str) -> None:
    with pytest.raises(ValueError, match=f"^{cause}$"):
        read(data, head=b"", tail=b"")


@pytest.mark.parametrize("name", ["BYTE_LIMIT", "TEXT_LIMIT"])
def test_limits(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rtf, name, 100)
    with pytest.raises(ValueError, match="more than 100 "):
        read(b"Ten tanks.")


@pytest.mark.parametrize(
    "body",
    [rb"{\fonttbl " + rb"\f1\fcharset1 " * 12_000 + b"}", rb"{\field{\*\fldinst{ }}}" * 30_000],
    ids=["fonts", "fields"],
)
def test_time_does_not_run_away(body: bytes) -> None:
    """The library alone is not done with either of these after forty seconds."""
    start = monotonic()
    with pytest.raises(ValueError, match=r"^holds no text$"):
        read(body, head=rb"{\rtf1 ")
    assert monotonic() - start < 10


def test_damage_is_a_value_error_or_harmless(capfd: pytest.CaptureFixture[str]) -> None:
    rng = random.Random(3)
    sound = HEAD + rb"\pard Ten \u8364?4 tanks.\par\trowd\cellx9\intbl a\cell b\cell\row\pard\par}"
    for _ in range(1500):
        data = bytearray(sound[: rng.randrange(1, len(sound))] if rng.random() < 0.3 else sound)
        for _ in range(rng.randrange(8)):
            data[rng.randrange(len(data))] = (
                rng.choice(rb"\{}'u09 f") if rng.random() < 0.6 else 200
            )
        try:
            found = read(bytes(data), head=b"", tail=b"")
        except ValueError as error:
            assert "\n" not in str(error)  # noqa: PT017
            continue
        assert isinstance(found[0], Content)
        found[0].text.encode()
    assert capfd.readouterr() == ("", "")

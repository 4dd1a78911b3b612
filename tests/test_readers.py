"""Readers: what becomes a document, with which metadata, and what is said about the rest."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from extractors.mentions.written_dates import iso_date
from extractors.readers.formats.encoding import mended
from extractors.readers.metadata import metadata_of, split_front_matter
from extractors.readers.problem import Problem, ReadError
from extractors.readers.read import read, read_all
from ledger.figure import Source, sha256_of

RELEASE = """---
title: "Berlin sends air defence: a second IRIS-T"
date: '2023-01-05'
source_url: https://example.org/releases/7
site_name: Example Ministry
---
Germany will send one Patriot battery.
"""


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def problems(*paths: Path) -> list[Problem]:
    return [result for result in read_all(paths) if isinstance(result, Problem)]


def test_a_text_file_is_all_text_and_named_by_its_hash(tmp_path: Path) -> None:
    [source] = read(write(tmp_path, "a.txt", "Title?\n\nFour HIMARS.\n"))
    assert source.text == "Title?\n\nFour HIMARS.\n"
    assert source.title is None
    assert source.source_id == source.sha256 == sha256_of(source.text)


def test_front_matter_gives_the_metadata_and_stays_out_of_the_text(tmp_path: Path) -> None:
    [source] = read(write(tmp_path, "a.md", RELEASE))
    assert source.title == "Berlin sends air defence: a second IRIS-T"
    assert source.published == "2023-01-05"
    assert source.url == source.source_id == "https://example.org/releases/7"
    assert source.publisher == "Example Ministry"
    assert source.text == "Germany will send one Patriot battery.\n"


def test_the_given_date_takes_the_place_of_the_stated_one(tmp_path: Path) -> None:
    [source] = read(write(tmp_path, "a.md", RELEASE), published="2022-10-04")
    assert source.published == "2022-10-04"


@pytest.mark.parametrize(
    ("key", "field"),
    [
        *((key, "published") for key in ("date", "published", "pubDate", "datePublished")),
        *((key, "published") for key in ("published_time", "article:published_time")),
        *((key, "title") for key in ("title", "headline", "og:title")),
        *((key, "url") for key in ("url", "source_url", "link", "canonical", "Source")),
        *((key, "publisher") for key in ("publisher", "site-name", "outlet", "source")),
        *((key, "source_id") for key in ("id", "source_id")),
    ],
)
def test_the_usual_keys(key: str, field: str) -> None:
    value = {"published": "2022-10-04", "url": "https://example.org/a"}.get(field, "A name")
    assert getattr(metadata_of({key: value}), field) == value


def test_the_guide_names_keys_that_are_understood() -> None:
    guide = Path(__file__).parent.parent.joinpath("docs", "guide.md").read_text(encoding="utf-8")
    lines = re.findall(r"^- (title|date|url|publisher|id): ((?:`.+?`[,\s]*)+)$", guide, re.M)
    assert [name for name, _ in lines] == ["title", "date", "url", "publisher", "id"]
    fields = {"date": "published", "id": "source_id"}
    for name, keys in lines:
        for key in re.findall("`(.+?)`", keys):
            value = {"date": "2022-10-04", "url": "https://example.org/a"}.get(name, "A name")
            assert getattr(metadata_of({key: value}), fields.get(name, name)) == value


@pytest.mark.parametrize("nothing", ["", "~", "null", None, [], {}, True])
def test_a_key_without_a_value_is_unknown(nothing: object) -> None:
    assert metadata_of({"title": nothing, "headline": "The headline"}).title == "The headline"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2022-10-04", "2022-10-04"),
        ("2022-10", "2022-10"),
        ("2022", "2022"),
        ("2022-10-04T23:30:00-04:00", "2022-10-04"),
        ("2021-06-13 09:29:05-04:00", "2021-06-13"),
        ("Tue, 04 Oct 2022 10:00:00 GMT", "2022-10-04"),
        ("October 4, 2022", "2022-10-04"),
        ("4 October 2022", "2022-10-04"),
        ("Oct. 4, 2022", "2022-10-04"),
        ("2022-13-04", None),
        ("2022-02-30", None),
        ("20221", None),
        ("04/10/2022", None),
        ("yesterday", None),
    ],
)
def test_dates_as_publishers_write_them(written: str, expected: str | None) -> None:
    assert iso_date(written) == expected


def test_a_date_that_is_none_is_said_and_the_document_still_read(tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", "---\ndate: 04/10/2022\n---\nFour HIMARS.")
    remark, source = read_all([path])
    assert remark == Problem(str(path), "read without a date: '04/10/2022' is not one", lost=False)
    assert isinstance(source, Source)
    assert source.published is None
    assert [s.published for s in read(path, published="2022-10-04")] == ["2022-10-04"]


@pytest.mark.parametrize(
    "text",
    [
        "---\nAfter a break, text.\n---\nMore text.\n",
        "---\ntitle: never closed\n\nFour HIMARS.\n",
        "----\ntitle: four dashes\n---\n",
        "Text first.\n---\ntitle: too late\n---\n",
        "---\n---\nFour HIMARS.\n",
    ],
)
def test_what_is_not_front_matter_is_text(text: str) -> None:
    assert split_front_matter(text) == ({}, text)


@pytest.mark.parametrize(
    ("block", "cause"),
    [
        ("title: Aid: a list", "front matter, line 2: mapping values are not allowed"),
        ("title: a\nurl: [https://example.org", "front matter, line 4"),
        ("a: &a [*a]", "front matter, line 2"),
        ("a: " + "[" * 4000 + "]" * 4000, "front matter is not YAML"),
        ("title: " + "a" * 20_000, "too long to be one"),
    ],
)
def test_malformed_front_matter_names_the_line(tmp_path: Path, block: str, cause: str) -> None:
    [problem] = problems(write(tmp_path, "a.md", f"---\n{block}\n---\nFour HIMARS.\n"))
    assert problem.lost
    assert cause in problem.cause
    assert "\n" not in problem.cause


def test_line_ends_become_newlines(tmp_path: Path) -> None:
    [source] = read(write(tmp_path, "a.md", RELEASE.replace("\n", "\r\n")))
    assert source.title
    assert source.text == "Germany will send one Patriot battery.\n"
    assert read(write(tmp_path, "a.txt", "a\rb\r\nc"))[0].text == "a\nb\nc"


TEXT = "€625 million – “for Ukraine”"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    assert read(write(tmp_path, "a.txt", TEXT.encode(encoding)))[0].text == TEXT
    line = json.dumps({"id": "a", "text": TEXT}, ensure_ascii=False) + "\n"
    sources = read(write(tmp_path, "a.jsonl", (line + line).encode(encoding)))
    assert [source.text for source in sources] == [TEXT, TEXT]


def test_utf16_of_either_byte_order(tmp_path: Path) -> None:
    big = b"\xfe\xff" + TEXT.encode("utf-16-be")
    assert read(write(tmp_path, "a.txt", big))[0].text == TEXT


def test_no_byte_of_an_old_encoding_is_lost(tmp_path: Path) -> None:
    data = bytes(range(0xA0, 0x100)) * 3 + bytes(range(0x80, 0xA0)) + b" and words " * 20
    assert len(read(write(tmp_path, "a.txt", data))[0].text) == len(data)


JSON_LINES = """{"id": 7, "text": "Four HIMARS.", "published": "2022-10-04T10:00:00Z"}

{"text": "20 tanks.", "url": "https://example.org/b", "title": "B", "publisher": "P"}
{"text": "no end
[]
{"id": "c"}
{"id": "d", "text": " "}
{"id": "e", "text": "30 lorries.", "date": "soon"}
"""


def test_json_lines_go_on_after_a_bad_line(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", JSON_LINES)
    results = list(read_all([path]))
    sources = [result for result in results if isinstance(result, Source)]
    assert [source.source_id for source in sources] == ["7", "https://example.org/b", "e"]
    assert (sources[0].published, sources[1].title, sources[1].publisher) == (
        "2022-10-04",
        "B",
        "P",
    )
    assert [str(result) for result in results if isinstance(result, Problem)] == [
        f"{path}: line 4: not JSON (Unterminated string starting at column 10)",
        f"{path}: line 5: not a JSON object",
        f'{path}: line 6: no "text"',
        f'{path}: line 7: "text" is empty',
        f"{path}: line 8: read without a date: 'soon' is not one",
    ]


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("[" * 200_000, "JSON nested too deeply"),
        ('{"text": ' + "9" * 5000 + "}", "Exceeds the limit"),
        ('{"text": ["a"]}', 'no "text"'),
    ],
)
def test_hostile_json(tmp_path: Path, line: str, cause: str) -> None:
    [problem] = problems(write(tmp_path, "a.jsonl", line))
    assert cause in problem.cause


def test_a_text_in_json_keeps_its_line_ends_and_offsets(tmp_path: Path) -> None:
    line = json.dumps({"text": "a\r\nfour\u2028b \U0001f600"})
    assert read(write(tmp_path, "a.jsonl", line))[0].text == "a\r\nfour\u2028b \U0001f600"


def test_half_a_character_in_json_becomes_a_mark_of_its_place(tmp_path: Path) -> None:
    line = json.dumps({"title": "T \ud800", "text": "a \ud800\ud800 four"})
    [source] = read(write(tmp_path, "a.jsonl", line))
    assert (source.title, source.text) == ("T ?", "a \ufffd\ufffd four")


@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [
        ("empty.txt", b"", "an empty file"),
        ("blank.txt", b" \n\t\n", "an empty file"),
        ("mark.txt", b"\xef\xbb\xbf", "an empty file"),
        ("empty.jsonl", b"\n\n", "an empty file"),
        ("bare.md", b"---\ntitle: A\n---\n", "holds no text after its front matter"),
        ("image.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(50), "a binary file, not text"),
        ("control.txt", bytes(range(1, 9)) * 40, "a binary file, not text"),
        (
            "image.jsonl",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(50),
            "a binary file, not text",
        ),
        ("cut.txt", "four".encode("utf-16")[:-1], "broken UTF-16 at byte 8"),
        ("cut.jsonl", '{"text": "a"}'.encode("utf-16")[:-1], "truncated data"),
        ("a.png", b"\x89PNG", "not a kind of file that is read"),
    ],
)
def test_a_file_that_holds_no_document(
    tmp_path: Path, name: str, content: bytes, cause: str
) -> None:
    path = write(tmp_path, name, content)
    [problem] = problems(path)
    assert problem.path == str(path)
    assert problem.lost
    assert cause in problem.cause
    with pytest.raises(ReadError, match=name):
        read(path)


def test_what_is_missing_or_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder.txt").mkdir()
    missing, pipe, folder = problems(
        tmp_path / "gone.txt", tmp_path / "pipe.txt", tmp_path / "folder.txt"
    )
    assert missing.cause == "no such file or folder"
    assert pipe.cause == "not a regular file"
    assert folder.cause.startswith("holds no document")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "a.txt", "four")

    def refuse(name: str, mode: str) -> None:  # root may read anything: these are its words
        raise PermissionError(13, "Permission denied", name)

    monkeypatch.setattr("builtins.open", refuse)
    assert problems(path) == [Problem(str(path), "permission denied")]


def test_a_folder_is_read_in_order_and_says_once_what_it_left_out(tmp_path: Path) -> None:
    for name in ("b.TXT", "a.md", "sub/c.txt", ".git/d.txt", ".hidden.txt", "x.png", "sub/y.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path, name, f"Text of {name}.")
    write(tmp_path, "Makefile", "all:")
    write(tmp_path, "z.txt", b"\0")
    results = list(read_all([tmp_path]))
    assert [r.text for r in results if isinstance(r, Source)] == [
        "Text of a.md.",
        "Text of b.TXT.",
        "Text of sub/c.txt.",
    ]
    assert [r for r in results if isinstance(r, Problem)] == [
        Problem(str(tmp_path / "z.txt"), "a binary file, not text"),
        Problem(
            str(tmp_path), "3 files of other kinds left out (.png 2, no extension 1)", lost=False
        ),
    ]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO("Four HIMARS.\r\n".encode("utf-16")))
    monkeypatch.setattr("sys.stdin", stdin)
    assert [source.text for source in read("-")] == ["Four HIMARS.\n"]
    assert [str(p) for p in read_all(["-"])] == ["standard input: an empty file"]


@settings(deadline=None)  # they touch files
@given(st.binary(max_size=300), st.sampled_from([".txt", ".md", ".jsonl"]))
def test_any_bytes_give_documents_or_a_problem_of_one_line(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, kind: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{kind}"
    path.write_bytes(data)
    results = list(read_all([path]))
    assert results
    assert all("\n" not in str(result) for result in results if isinstance(result, Problem))


@settings(deadline=None)  # they touch files
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_text_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    assume(mended(text) == text)
    path = tmp_path_factory.getbasetemp() / "text.txt"
    path.write_text(f"¶{text}", encoding="utf-8")
    assert read(path)[0].text == f"¶{text}"

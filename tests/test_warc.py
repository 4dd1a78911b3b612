"""WARC files: which pages are read, how they were sent, and files that are cut or made to harm."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from fastwarc.stream_io import BrotliWriter

from damage import holds
from extractors.readers.formats import contents
from extractors.readers.formats.archives import warc
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.metadata import Metadata
from extractors.readers.problem import Problem

PAGE = b"<html><head><title>Aid</title></head><body><article><p>Poland sent 14 tanks.</p></article>"
URL = "https://example.org/a"
MEGABYTE = 1 << 20


def zipped(data: bytes) -> bytes:
    """The same bytes at any time of day, so that tests have the same names in every process."""
    return gzip.compress(data, mtime=0)


def record(block: bytes, url: str = URL, kind: str = "response") -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Date: 2022-10-04T23:30:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def answer(
    body: bytes = PAGE, *headers: str, status: str = "200 OK", media: str = "text/html"
) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {media}", *headers]
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode() + body


def chunked(body: bytes, size: int = 20) -> bytes:
    chunks = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(b"%x;x=y\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


def bare_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def brotli(body: bytes) -> bytes:
    data = BytesIO()
    with BrotliWriter(data) as packer:
        packer.write(body)
    return data.getvalue()


def found(data: bytes, kind: str = ".warc") -> list[Content | Problem]:
    return list(contents(kind, BytesIO(data), ReadOptions()))


def texts(data: bytes, kind: str = ".warc") -> list[str]:
    return [part.text for part in found(data, kind) if isinstance(part, Content)]


def problems(data: bytes, kind: str = ".warc") -> list[str]:
    return [str(part) for part in found(data, kind) if isinstance(part, Problem)]


def test_a_page_is_known_by_the_url_that_was_asked_for() -> None:
    assert found(record(answer())) == [
        Content(
            "Poland sent 14 tanks.\n", Metadata(title="Aid", accessed="2022-10-04", url=URL), URL
        )
    ]


def test_records_packed_one_by_one_or_together() -> None:
    one = record(answer())
    for data in (one * 3, zipped(one) * 3, zipped(one * 3)):
        assert texts(data, ".warc.gz") == ["Poland sent 14 tanks.\n"] * 3


def test_what_is_no_page_is_passed_over() -> None:
    data = b"".join(
        [
            record(b"software: a crawler\r\n", kind="warcinfo"),
            record(b"GET / HTTP/1.1\r\n\r\n", kind="request"),
            record(answer(), kind="revisit"),
            record(b"20221004\n192.0.2.1", "dns:example.org"),
            record(answer(status="404 Not Found")),
            record(answer(status="301 Moved")),
            record(answer(b"\xff\xd8", media="image/jpeg")),
            record(answer(b"PK", media="application/zip")),
            record(b""),
            record(answer(b"Five guns.", media="text/plain")),
        ]
    )
    assert found(data) == [
        Content("Five guns.", Metadata(accessed="2022-10-04", url=URL), URL),
    ]


def test_documents_within_a_page_keep_their_own_urls() -> None:
    feed = (
        b'<rss version="2.0"><channel><item><link>/one</link><description>A</description></item>'
        b"<item><description>B</description></item></channel></rss>"
    )
    parts = found(record(answer(feed, media="application/rss+xml")))
    assert [(part.place, part.metadata.url) for part in parts if isinstance(part, Content)] == [
        (f"{URL}: entry 1", "https://example.org/one"),
        (f"{URL}: entry 2", URL),
    ]


def test_the_encoding_that_the_server_declares() -> None:
    text = "Польща передала 14 танків."
    data = record(answer(text.encode("cp1251"), media="text/plain; charset=windows-1251"))
    assert texts(data) == [text]


@pytest.mark.parametrize(
    ("encode", "headers"),
    [
        (zipped, ["Content-Encoding: gzip"]),
        (zipped, ["content-encoding:  X-GZIP"]),
        (
            lambda body: zipped(body[:30]) + zipped(body[30:]),
            ["Content-Encoding: gzip"],
        ),
        (zlib.compress, ["Content-Encoding: deflate"]),
        (bare_deflate, ["Content-Encoding: deflate"]),
        (brotli, ["Content-Encoding: br"]),
        (chunked, ["Transfer-Encoding: chunked"]),
        (
            lambda body: chunked(zipped(body)),
            ["Transfer-Encoding: chunked", "Content-Encoding: gzip"],
        ),
        (lambda body: zipped(zipped(body)), ["Content-Encoding: gzip, gzip"]),
        (bytes, ["Content-Encoding: identity"]),
        # a crawler that has decoded the body and left the headers as they were
        (bytes, ["Content-Encoding: gzip", "Transfer-Encoding: chunked"]),
    ],
)
def test_how_a_page_was_sent(encode: Callable[[bytes], bytes], headers: list[str]) -> None:
    assert texts(record(answer(encode(PAGE), *headers))) == ["Poland sent 14 tanks.\n"]


@pytest.mark.parametrize(
    ("body", "header", "cause"),
    [
        (zipped(PAGE)[:-20], "Content-Encoding: gzip", "cut off within its compression"),
        (zipped(PAGE)[:20] + b"x" * 9, "Content-Encoding: gzip", "broken in its encoding"),
        (b"x" * 50, "Content-Encoding: deflate", "broken in its encoding (deflate)"),
        (brotli(PAGE)[:-9], "Content-Encoding: br", "broken in its encoding (br)"),
        (chunked(PAGE)[:60], "Transfer-Encoding: chunked", "cut off, or broken, between its chunk"),
        (PAGE, "Content-Encoding: x\x1b", "sent in an unknown encoding (x\ufffd)"),
        (PAGE, "X: y\r\n" * 200 + "X: y", "broken HTTP headers"),
        (b" ", "X: y", "an empty file"),
    ],
)
def test_a_page_that_cannot_be_read_is_named(body: bytes, header: str, cause: str) -> None:
    data = record(answer(body, header)) + record(answer(), "https://example.org/b")
    [said] = problems(data)
    assert said.startswith(f"{URL}: {cause}")
    assert len(texts(data)) == 1


def test_a_page_that_is_too_large_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "PAGE_LIMIT", 1000)
    packed = answer(zipped(PAGE * 20), "Content-Encoding: gzip")
    data = record(answer(PAGE * 20)) + record(packed) + record(answer())
    assert problems(data) == [f"{URL}: a page of more than 50 MB"] * 2
    assert len(texts(data)) == 1


@pytest.mark.parametrize("pack", [bytes, zipped])
def test_of_a_file_that_is_cut_off_the_whole_records_are_read(
    pack: Callable[[bytes], bytes],
) -> None:
    one = pack(record(answer()))
    for kept in range(1, len(one) - 12):  # what ends a record and its gzip may be missing
        *pages, last = found(one * 2 + one[:kept], ".warc.gz")
        assert len(pages) == 2, kept
        assert str(last) in (": cut off after 2 records", ": broken or cut off after 2 records")


def test_a_cut_within_a_record_that_is_passed_over_is_said() -> None:
    data = record(answer()) + record(b"GET / HTTP/1.1\r\n\r\n", kind="request")[:-10]
    assert problems(data) == [": cut off after 1 record"]


@pytest.mark.parametrize("length", ["99999999999999", "-5", "x", ""])
def test_a_length_that_is_false_is_not_believed(length: str) -> None:
    one = record(answer())
    false = one.replace(b"Content-Length: ", b"Content-Length: %s#" % length.encode())
    false = false.replace(b"#%d" % len(answer()), b"")
    *pages, last = found(one + false + one)
    assert len(pages) == 1
    assert isinstance(last, Problem)


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "an empty file"),
        (b"Four tanks.\n" * 50, "not a WARC file"),
        (record(answer())[:-80], "cut off in its first record"),
        (zipped(b"Four tanks."), "not a WARC file"),
        (zipped(record(answer()))[:40], "cut off in its first record"),
        (record(b"GET / HTTP/1.1\r\n\r\n", kind="request"), "holds no page .* in 1 record"),
    ],
)
def test_what_is_no_warc_of_pages(data: bytes, cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        found(data)


def test_bombs() -> None:
    sent = answer(zipped(bytes(30 * MEGABYTE)), "Content-Encoding: gzip")
    for data in (zipped(record(answer(bytes(30 * MEGABYTE)))), record(sent)):
        with pytest.raises(ValueError, match="200 times its size: a bomb"):
            found(data)


def test_memory_does_not_grow_with_the_file() -> None:
    image = record(answer(bytes(range(256)) * 4000, media="image/jpeg"))
    pages = record(answer(b"Five guns.", media="text/plain"))
    data = (image + pages) * 20
    tracemalloc.start()
    assert sum(1 for _ in contents(".warc", BytesIO(data), ReadOptions())) == 20
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(data) > 19 * MEGABYTE
    assert peak < 4 * MEGABYTE


def test_damage_is_said() -> None:
    sent = answer(chunked(zipped(PAGE)), "Transfer-Encoding: chunked", "Content-Encoding: gzip")
    data = record(answer()) + record(sent) + record(b"GET /", kind="request")
    holds(".warc", data, 800)
    holds(".warc.gz", zipped(data) * 2, 400)

"""Addresses of the web, against servers on this machine: kind ones and hostile ones."""

from __future__ import annotations

import gzip
import socket
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from extractors.readers.fetching import (
    AGENT,
    Fetcher,
    FetchError,
    Limits,
    fetcher_for,
    is_public,
    split_url,
)
from extractors.readers.formats import KINDS
from extractors.readers.formats.content import ReadOptions
from extractors.readers.formats.media import MEDIA_TYPES, charset_of_media, kind_of_media
from extractors.readers.problem import Problem
from extractors.readers.read import read, read_all
from websites import SHORT, Handler, Site


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


def refused(fetcher: Fetcher, url: str) -> str:
    """Why an address is not fetched, in one line, soon."""
    begin = time.monotonic()
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(url)
    assert time.monotonic() - begin < SHORT.total + 1
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_page_becomes_a_source(site: Site) -> None:
    body = "<html><title>Aid</title><p>Norway will send 22 howitzers for 4 million kroner.</p>"
    site.page("/2022/06/08/a", body.encode("utf-16"), "text/html")
    [source] = read(
        f"{site.url}/2022/06/08/a#part", reading=ReadOptions(hosts=frozenset((site.host,)))
    )
    assert source.text == "Norway will send 22 howitzers for 4 million kroner.\n"
    assert source.url == source.source_id == f"{site.url}/2022/06/08/a"
    assert (source.title, source.published) == ("Aid", "2022-06-08")
    assert source.accessed == date.today().isoformat()


@pytest.mark.parametrize("kind", ["text/plain", "text/markdown"])
def test_the_charset_of_the_answer_counts(site: Site, kind: str) -> None:
    site.page("/a", "Сорок танков".encode("koi8-r"), f"{kind}; charset=koi8-r")
    [source] = read(f"{site.url}/a", reading=ReadOptions(hosts=frozenset((site.host,))))
    assert source.text == "Сорок танков"


def test_documents_within_an_answer_keep_their_own_address(site: Site) -> None:
    line = b'{"id": "a", "text": "Four.", "url": "https://example.org/a"}\n{"text": "Five."}\n{'
    site.page("/a.jsonl", line)
    first, second, problem = read_all(
        [f"{site.url}/a.jsonl"], reading=ReadOptions(hosts=frozenset((site.host,)))
    )
    assert not isinstance(first, Problem)
    assert not isinstance(second, Problem)
    assert (first.source_id, first.url) == ("a", "https://example.org/a")
    assert (second.source_id, second.url) == (second.sha256, None)
    assert str(problem).startswith(f"{site.url}/a.jsonl: line 3: not JSON")


def test_a_media_type_that_is_not_read_is_named(site: Site) -> None:
    site.page("/a", b"GIF89a", "image/gif")
    [problem] = read_all([f"{site.url}/a"], reading=ReadOptions(hosts=frozenset((site.host,))))
    assert str(problem) == f"{site.url}/a: not a kind of document that is read (image/gif)"


def test_who_asks_and_what_is_not_told(site: Site) -> None:
    site.page("/a", b"Four.")
    url = site.url.replace("://", "://user:secret@")
    assert site.fetcher().fetch(f"{url}/a?q=ü#part").url == f"{site.url}/a?q=%C3%BC"
    assert [path for path, _ in site.asked] == ["/robots.txt", "/a?q=%C3%BC"]
    assert site.asked[1][1]["User-Agent"] == AGENT
    assert "Authorization" not in site.asked[1][1]


def test_a_password_is_not_shown() -> None:
    [problem] = read_all(["http://user:secret@127.0.0.1:1/a"])
    assert "secret" not in str(problem)


def test_redirects_are_followed_to_their_end(site: Site) -> None:
    site.page("/a", b"", status=301, Location="/b?x=1")
    site.page("/b", b"", status=307, Location=f"{site.url}/c#d")
    site.page("/c", b"Four.")
    fetched = site.fetcher().fetch(f"{site.url}/a")
    assert (fetched.url, fetched.data) == (f"{site.url}/c", b"Four.")


def test_a_redirect_beyond_ascii_is_read_as_utf_8(site: Site) -> None:
    site.page("/a", b"", status=302, Location="/2022/støtte".encode().decode("latin-1"))
    site.page("/2022/st%C3%B8tte", b"Four.")
    assert site.fetcher().fetch(f"{site.url}/a").url == f"{site.url}/2022/st%C3%B8tte"


def test_redirects_come_to_an_end(site: Site) -> None:
    site.page("/a", b"", status=302, Location="/a")
    assert refused(site.fetcher(), f"{site.url}/a") == "more than 3 redirects"


@pytest.mark.parametrize(
    ("target", "cause"),
    [
        ("file:///etc/passwd", "only http and https are fetched (redirected to file)"),
        ("ftp://example.org/a", "only http and https are fetched (redirected to ftp)"),
        ("javascript:alert(1)", "only http and https are fetched (redirected to javascript)"),
        ("http://10.0.0.1/", "at a private address (10.0.0.1: 10.0.0.1)"),
        ("http://127.0.0.1:1/", "at a private address (127.0.0.1: 127.0.0.1)"),
        ("http://2130706433:1/", "at a private address (2130706433: 127.0.0.1)"),
        ("http://0177.0.0.1:1/", "at a private address (0177.0.0.1: 127.0.0.1)"),
        ("http://[::ffff:127.0.0.1]:1/", "at a private address"),
        ("http://169.254.169.254/latest", "at a private address"),
        ("http://[::1/", "redirected to no address"),
        ("http://a:99999/", "redirected to no address"),
    ],
)
def test_redirects_to_where_nobody_is_sent(site: Site, target: str, cause: str) -> None:
    site.page("/a", b"", status=302, Location=target)
    assert cause in refused(site.fetcher(), f"{site.url}/a")


def test_a_private_address_is_asked_only_where_the_user_allows_it(site: Site) -> None:
    site.page("/a", b"Four.")
    url = f"{site.url}/a"
    assert [str(problem) for problem in read_all([url])] == [
        f"{url}: at a private address (127.0.0.1: 127.0.0.1)"
    ]
    assert not site.asked
    for allowed in (site.host, "127.0.0.1"):
        assert replace(site.fetcher(), hosts=frozenset((allowed,))).fetch(url).data == b"Four."
    six = replace(site.fetcher(), resolve=_answers("::1"))
    for allowed in ("::1", "[::1]", "[::1]:80"):
        assert replace(six, hosts=frozenset((allowed,))).addresses("::1", 80)
    assert fetcher_for(frozenset(("LocalHost",))).hosts == {"localhost"}
    assert "private" in refused(replace(site.fetcher(), hosts=frozenset(("127.0.0.1:1",))), url)


def _answers(*addresses: str) -> Callable[[str, int], list[Any]]:
    """A resolver that gives these addresses."""
    return lambda _, port: [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses
    ]


def test_every_address_of_a_name_is_checked(site: Site) -> None:
    fetcher = replace(site.fetcher(), resolve=_answers("93.184.216.34", "10.0.0.1"))
    assert "private address (example.org: 10.0.0.1)" in refused(fetcher, "http://example.org/")


def test_a_name_that_changes_its_answer_leads_to_the_address_that_was_checked(site: Site) -> None:
    site.page("/a", b"Four.")
    port = int(site.host.rpartition(":")[2])
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[Any]:
        asked.append(host)
        return _answers("127.0.0.1")(host, port)

    fetcher = replace(site.fetcher(), resolve=resolve, hosts=frozenset(("rebound.example",)))
    assert fetcher.fetch(f"http://rebound.example:{port}/a").data == b"Four."
    assert asked == ["rebound.example"] * 2  # once for robots.txt, once for the page


@pytest.mark.parametrize(
    ("address", "public"),
    [
        *((address, False) for address in (
            "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
            "0.0.0.0", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1",
            "::", "::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1",
            "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::1",
        )),
        *((address, True) for address in (
            "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34",
        )),
    ],
)  # fmt: skip
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) == public


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("HTTP://a:b@Example.org:80", "http://example.org/"),
        ("https://example.org:444/a b?c=d e#f", "https://example.org:444/a%20b?c=d%20e"),
        ("https://exämple.org/%C3%A4", "https://xn--exmple-cua.org/%C3%A4"),
        ("http://[::1]:8/", "http://[::1]:8/"),
    ],
)
def test_addresses_are_written_one_way(url: str, clean: str) -> None:
    assert split_url(url).geturl() == clean


def test_an_answer_that_is_no_document(site: Site) -> None:
    assert refused(site.fetcher(), f"{site.url}/none") == "the server answers 404 Not Found"
    site.answers["/none"] = lambda request: request.connection.close()
    assert refused(site.fetcher(), f"{site.url}/none")


def test_a_server_that_is_not_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        fetcher = Fetcher(frozenset(("127.0.0.1",)), SHORT)
        assert "cannot be reached" in refused(fetcher, f"http://127.0.0.1:{port}/")


def test_a_server_that_never_answers(site: Site) -> None:
    site.answers["/a"] = lambda request: time.sleep(3)
    assert refused(site.fetcher(), f"{site.url}/a") == "the server does not answer in time"


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"])
def test_a_server_that_drips_bytes(site: Site, head: bytes) -> None:
    def drip(request: Handler) -> None:
        request.wfile.write(head or b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            request.wfile.write(b"a")
            time.sleep(0.05)

    site.answers["/a"] = drip
    assert refused(site.fetcher(), f"{site.url}/a") == "the server does not answer in time"


def test_a_server_that_says_nothing_to_a_tls_greeting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        limits = Limits(connect=2, read=5, total=0.5)
        fetcher = Fetcher(frozenset(("127.0.0.1",)), limits)
        assert "in time" in refused(fetcher, f"https://127.0.0.1:{port}/")


def test_a_server_that_does_not_speak_tls(site: Site) -> None:
    assert refused(site.fetcher(), site.url.replace("http:", "https:") + "/a")


@pytest.mark.parametrize("declared", ["", "Content-Length: 10000000000\r\n"])
def test_a_server_that_sends_10_gb(site: Site, declared: str) -> None:
    sent = 0

    def flood(request: Handler) -> None:
        nonlocal sent
        request.wfile.write(f"HTTP/1.1 200 OK\r\n{declared}\r\n".encode())
        for _ in range(10_000):
            sent += request.wfile.write(bytes(1_000_000))

    site.answers["/a"] = flood
    assert (
        refused(replace(site.fetcher(), limits=Limits(size=200_000)), f"{site.url}/a")
        == "more than 0 MB"
    )
    assert sent < 20_000_000  # what the buffers of both ends hold


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_what_is_compressed_counts_as_what_it_becomes(site: Site, encoding: str) -> None:
    pack = gzip.compress if encoding == "gzip" else zlib.compress
    site.page("/a", pack(b"Four." * 20_000), Content_Encoding=encoding)
    assert site.fetcher().fetch(f"{site.url}/a").data == b"Four." * 20_000
    site.page("/bomb", pack(bytes(50_000_000)), Content_Encoding=encoding)
    assert refused(site.fetcher(), f"{site.url}/bomb") == "more than 0 MB"


def test_a_gzip_of_several_members_is_read_whole(site: Site) -> None:
    site.page("/a", gzip.compress(b"Four ") + gzip.compress(b"tanks."), Content_Encoding="gzip")
    assert site.fetcher().fetch(f"{site.url}/a").data == b"Four tanks."
    members = gzip.compress(bytes(100_000)) * 300
    site.page("/bomb", members, Content_Encoding="gzip")
    assert refused(site.fetcher(), f"{site.url}/bomb") == "more than 0 MB"


@pytest.mark.parametrize(
    ("body", "encoding", "cause"),
    [
        (gzip.compress(b"Four.", mtime=0)[:-9], "gzip", "the server broke off"),
        ((gzip.compress(b"Four.", mtime=0) * 2)[:-9], "gzip", "the server broke off"),
        (b"no gzip", "gzip", "a broken answer"),
        (b"x", "br", "an answer compressed as br"),
    ],
)
def test_broken_compression(site: Site, body: bytes, encoding: str, cause: str) -> None:
    site.page("/a", body, Content_Encoding=encoding)
    patient = replace(site.fetcher(), limits=replace(SHORT, read=5, total=10))
    assert cause in refused(patient, f"{site.url}/a")


def test_an_answer_that_breaks_off(site: Site) -> None:
    def break_off(request: Handler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nFour.")
        request.close_connection = True

    site.answers["/a"] = break_off
    assert refused(site.fetcher(), f"{site.url}/a") == "the server broke off"


def test_robots_are_respected_and_asked_for_once(site: Site) -> None:
    site.page("/robots.txt", f"User-agent: {AGENT}\nDisallow: /private/\n".encode())
    site.page("/a", b"Four.")
    site.page("/private/b", b"Five.")
    site.page("/c", b"", status=302, Location="/private/b")
    fetcher = site.fetcher()
    assert fetcher.fetch(f"{site.url}/a").data == b"Four."
    for path in ("/private/b", "/c"):
        assert "robots.txt does not allow" in refused(fetcher, f"{site.url}{path}")
    assert [path for path, _ in site.asked] == ["/robots.txt", "/a", "/c"]


def test_robots_of_a_group_with_wildcards(site: Site) -> None:
    site.page(
        "/robots.txt", b"User-agent: *\n\nDisallow: /*.txt$\nAllow: /open/air\nDisallow: /*?q="
    )
    for path in ("/b.txt", "/c?q=tanks"):
        assert "does not allow" in refused(site.fetcher(), f"{site.url}{path}")
    site.page("/open/air.txt", b"Four.")
    assert site.fetcher().fetch(f"{site.url}/open/air.txt").data == b"Four."


def test_robots_that_cannot_be_read(site: Site) -> None:
    site.page("/a", b"Four.")
    site.page("/robots.txt", b"", status=503)
    assert "robots.txt cannot be read" in refused(site.fetcher(), f"{site.url}/a")
    site.page("/robots.txt", b"", status=403)
    assert site.fetcher().fetch(f"{site.url}/a").data == b"Four."
    endless = b"User-agent: *\nDisallow: /b\n" + b"# more\n" * 100_000
    site.page("/robots.txt", endless)
    assert site.fetcher().fetch(f"{site.url}/a").data == b"Four."
    assert "does not allow" in refused(site.fetcher(), f"{site.url}/b")


@pytest.mark.parametrize(
    ("content_type", "name", "kind"),
    [
        ("", "http://[a/b.pdf?c=d.html#e.md", ".pdf"),
        ("", "https://example.zip", None),
        ("text/html; charset=utf-8", "https://example.org/a.txt", ".html"),
        ("application/xhtml+xml", "a", ".html"),
        ("text/plain", "https://example.md", ".txt"),
        ("text/plain", "https://example.org/notes.md?x=1", ".md"),
        ("application/octet-stream", "https://example.org/a.jsonl", ".jsonl"),
        ("", "https://example.org/a.txt", ".txt"),
        ("", "https://example.org/", None),
        ("application/octet-stream", "a", None),
        ("image/png", "a", None),
    ],
)
def test_the_kind_of_an_answer(content_type: str, name: str, kind: str | None) -> None:
    assert kind_of_media(content_type, name) == kind


def test_media_types_are_of_kinds_that_are_read() -> None:
    assert set(MEDIA_TYPES.values()) <= set(KINDS)


def test_the_charset_of_a_media_type() -> None:
    assert charset_of_media('text/html; x=y; Charset="UTF-8"') == "utf-8"
    assert charset_of_media("text/html") is None


def test_a_folder_may_hold_an_odd_name(tmp_path: Path) -> None:
    assert "no such file" in str(next(read_all([tmp_path / "http:"])))
    assert "only http and https" in str(next(read_all(["ftp://example.org/a"])))

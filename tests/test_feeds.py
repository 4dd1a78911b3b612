"""RSS and Atom: what becomes of an entry, and of a feed that is broken or made to do harm."""

from __future__ import annotations

import time
from html import escape
from io import BytesIO

import pytest

from damage import holds
from extractors.readers.formats import contents
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.web import feeds
from extractors.readers.metadata import Metadata
from extractors.readers.problem import Problem

ITEM = """<item><title>Aid &amp;amp; arms</title><link>/a/1</link>
<guid isPermaLink="false">17</guid><pubDate>Tue, 04 Oct 2022 23:30:00 -0400</pubDate>
<description>Four HIMARS &amp;amp; five tanks.</description></item>"""
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>A paper</title>
<entry><title type="html">Aid &lt;b&gt;grows&lt;/b&gt;</title><id>urn:uuid:1</id>
<link href="https://example.org/a"/><published>2022-10-04T23:30:00-04:00</published>
<updated>2022-11-01T00:00:00Z</updated><summary>In short.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Poland sent
<a href="/x">14 tanks</a>.</p><ul><li>5 guns</li><li>6 boats</li></ul></div></content></entry>
<entry><title>Only a title</title><id>urn:uuid:2</id></entry>
<entry><id>urn:uuid:3</id><updated>2022-11-02T00:00:00Z</updated>
<summary>Seven\u00a0drones.</summary></entry></feed>"""


def rss(*items: str) -> bytes:
    start = '<?xml version="1.0"?><rss version="2.0" xmlns:content='
    start += '"http://purl.org/rss/1.0/modules/content/"><channel><title>A ministry</title>'
    return f"{start}{''.join(items)}</channel></rss>".encode()


def item(*elements: str) -> bytes:
    return rss(f"<item>{''.join(elements)}</item>")


def found(data: bytes, kind: str = ".rss", url: str | None = None) -> list[Content | Problem]:
    return list(contents(kind, BytesIO(data), ReadOptions(url=url, here=True)))


def only(data: bytes) -> Content:
    [content] = found(data)
    assert isinstance(content, Content)
    return content


def test_rss() -> None:
    [content] = found(rss(ITEM), url="https://example.org/feed")
    assert content == Content(
        "Four HIMARS & five tanks.\n",
        Metadata(
            source_id=None,  # 17 is a name within this feed alone
            title="Aid & arms",
            published="2022-10-04",
            url="https://example.org/a/1",
            publisher="A ministry",
        ),
        "entry 1",
    )


@pytest.mark.parametrize("kind", [".atom", ".xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_atom(kind: str, encoding: str) -> None:
    first, second, third = found(ATOM.encode(encoding), kind)
    assert first == Content(
        "Poland sent 14 tanks.\n\n- 5 guns\n- 6 boats\n",
        Metadata("urn:uuid:1", "Aid grows", "2022-10-04", None, "https://example.org/a", "A paper"),
        "entry 1",
    )
    assert second == Problem("entry 2", "an entry without text")
    assert isinstance(third, Content)
    assert third.text == "Seven\u00a0drones.\n"
    assert third.metadata.published == "2022-11-02"


@pytest.mark.parametrize(
    ("elements", "text"),
    [
        (["<description>Short.</description>"], "Short.\n"),
        (["<description>&lt;p&gt;Four tanks.&lt;/p&gt;</description>"], "Four tanks.\n"),
        (["<description><![CDATA[Four<br>tanks]]></description>"], "Four\ntanks\n"),
        (["<description>One line\n  \nand another</description>"], "One line\n\nand another\n"),
        (["<description>R&amp;amp;D of 5 &amp;lt; 6 guns</description>"], "R&D of 5 < 6 guns\n"),
        (
            [
                "<description>In short.</description>",
                "<content:encoded><![CDATA[<p>At <b>length</b>.</p>]]></content:encoded>",
            ],
            "At length.\n",
        ),
        (
            [
                "<description>In short.</description>",
                "<content:encoded> </content:encoded>",
            ],
            "In short.\n",
        ),
        (
            ["<description><![CDATA[<script>alert('6 tanks')</script>Five guns]]></description>"],
            "Five guns\n",
        ),
    ],
)
def test_text(elements: list[str], text: str) -> None:
    assert only(item(*elements)).text == text


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Tue, 04 Oct 2022 23:30:00 -0400", "2022-10-04"),
        ("04 Oct 2022 23:30:00 -0400", "2022-10-04"),
        ("2022-10-04T23:30:00-04:00", "2022-10-04"),
        ("20221004", "2022-10-04"),
        ("Tue, 99 Oct 99999999999 00:00:00 GMT", None),
        ("soon", None),
    ],
)
def test_the_day_is_the_one_that_is_written(written: str, day: str | None) -> None:
    metadata = only(item("<description>A</description>", f"<pubDate>{written}</pubDate>")).metadata
    assert metadata.published == day
    assert metadata.unread_date == (None if day else written)


@pytest.mark.parametrize(
    ("name", "link", "source_id"),
    [
        ("17", "", "17"),
        ("17", "https://example.org/a", None),
        ("https://example.org/?p=17", "https://example.org/a", "https://example.org/?p=17"),
        ("tag:example.org,2022:17", "", "tag:example.org,2022:17"),
    ],
)
def test_ids(name: str, link: str, source_id: str | None) -> None:
    guid = f'<guid isPermaLink="false">{name}</guid>'
    link = link and f"<link>{link}</link>"
    assert only(item("<description>A</description>", guid, link)).metadata.source_id == source_id


def test_an_entry_of_another_feed_is_that_feed_s() -> None:
    source = '<source url="https://example.org/feed">An agency</source>'
    assert only(item("<description>A</description>", source)).metadata.publisher == "An agency"


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "an empty file"),
        (b"<?xml version='1.0'?><note><to>A</to></note>", "no RSS or Atom feed"),
        (b"<!doctype html><html><body><p>Four tanks.</p></body></html>", "no RSS or Atom feed"),
        (b"Four tanks.", "no RSS or Atom feed"),
        (rss(), "a feed without entries"),
        (rss(ITEM)[:-40], "a feed that is cut off"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(50), "a binary file"),
    ],
)
def test_what_is_no_feed(data: bytes, cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        found(data)


def test_of_a_feed_that_is_cut_off_the_whole_entries_are_read() -> None:
    parts = found(rss(ITEM * 3)[:-80])
    assert [part.place for part in parts if isinstance(part, Content)] == ["entry 1", "entry 2"]
    assert parts[-1] == Problem("", "cut off after 2 entries")


def test_a_feed_that_is_not_well_formed_is_read_with_a_remark() -> None:
    *entries, remark = found(rss(ITEM, "<p>R&D</p>", ITEM) + b"<!-- cached -->")
    assert len(entries) == 2
    assert isinstance(remark, Problem)
    assert not remark.lost
    assert "not well-formed" in remark.cause


def declaring(entities: str, text: str) -> bytes:
    declared = f"<!DOCTYPE rss [{entities}]><rss".encode()
    return item(f"<description>{text}</description>").replace(b"<rss", declared, 1)


def test_entities_do_not_explode() -> None:
    levels = "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    data = declaring(f'<!ENTITY a "{"x" * 1000}">{levels}', "Four tanks. &i;")
    assert all(len(part.text) < 2000 for part in found(data) if isinstance(part, Content))


def test_no_file_is_fetched_for_an_entity() -> None:
    here = f'<!ENTITY a SYSTEM "file://{__file__}">'
    assert only(declaring(here, "Four&a; tanks.")).text == "Four tanks.\n"


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b" " * 20_000_001, "a feed of more than 20 MB"),
        (b"<a>" * 500_001, "more than 500,000 tags"),
        (
            b"<feed " + b" ".join(b"a%d = '>'" % k for k in range(30_000)) + b"/>",
            "an element with 200 attributes",
        ),
    ],
)
def test_bounds(data: bytes, cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        found(data)


def test_time_grows_with_the_tags_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "TAG_LIMIT", 20_000)
    for data in (
        b"<rss>" + b"<item><description>" * 9_000,
        b"<rss><item><description>" + b"a <b " * 18_000,
        b'<rss a="' + b"<b c='" * 18_000,
        b"<rss>" + b"<a b=\"<a b='" * 9_000,
        b"<rss>" + b"<![CDATA[" * 18_000,
        b"<!DOCTYPE rss [" + b"<!ENTITY " * 18_000,
    ):
        start = time.process_time()
        try:
            found(data)
        except ValueError as error:
            cause = str(error)
            assert cause.isprintable()
        assert time.process_time() - start < 5


def test_damage_is_said() -> None:
    holds(".rss", rss(ITEM * 2), 400)
    holds(".atom", ATOM.encode(), 400)


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Norway gave &euro;14 million.</p>", "Norway gave €14 million.\n"),
        ("Norway gave &pound;14 million.", "Norway gave £14 million.\n"),
        ("<div>14 tanks<br/>22 trucks</div>", "14 tanks\n22 trucks\n"),
        (
            "<p>14 tanks.</p><p>22 trucks &amp; 3 radars.</p>",
            "14 tanks.\n\n22 trucks & 3 radars.\n",
        ),
    ],
)
def test_markup_that_is_escaped_too_often_is_markup(markup: str, text: str, times: int) -> None:
    for _ in range(times):
        markup = escape(markup)
    assert only(item("<title>t</title>", f"<description>{markup}</description>")).text == text


def test_a_title_that_is_escaped_too_often_is_read() -> None:
    content = only(
        item("<title>Aid &amp;amp;amp; arms</title>", "<description>4 tanks</description>")
    )
    assert content.metadata.title == "Aid & arms"


def test_what_only_looks_like_markup_stays() -> None:
    text = "Where a &lt; b, and x &amp;lt; 5 tanks."
    assert only(item(f"<description>{text}</description>")).text.startswith("Where a <")

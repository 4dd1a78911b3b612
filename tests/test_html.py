"""Web pages: the article and nothing else, what it says of itself, and pages made to hurt."""

from __future__ import annotations

import io
import json
import random
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring  # type: ignore[import-untyped]

from extractors.pipeline import extract
from extractors.readers.formats import contents
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.web.html import LIMIT, SIZE_LIMIT, TAG_LIMIT, parse, without_excess
from extractors.readers.metadata import Metadata
from extractors.readers.problem import Problem
from extractors.readers.read import read, read_all

PARAGRAPHS = (
    "WASHINGTON, Oct. 4, 2022 — The United States will send Ukraine four more HIMARS launchers as"
    " part of a $625 million package, the department said on Tuesday.",
    "The four will bring the total to 20. Another 200,000 rounds follow in spring.",
    "Other countries have pledged equipment as well, the ministry in Kyiv said, which keeps a list"
    " of what each of them has promised so far and of what has arrived.",
)
ITEMS = ("16 155mm howitzers;", "75,000 rounds of 155mm ammunition; and", "200 vehicles.")
ROWS = (("Country", "Pledged to Ukraine"), ("Norway", "22 howitzers"), ("Poland", "240 tanks"))
TEXT = "\n\n".join(
    (
        *PARAGRAPHS[:2],
        "The package also includes:",
        "\n".join(f"- {item}" for item in ITEMS),
        "What others gave",
        PARAGRAPHS[2],
        "\n".join(f"| {' | '.join(row)} |" for row in ROWS),
    )
)
ARTICLE = (
    "".join(f"<p>{p}</p>" for p in PARAGRAPHS[:2])
    + "<p>The package also <b>includes</b>:</p><ul>"
    + "".join(f"<li>{item}</li>" for item in ITEMS)
    + f"</ul><h2>What others gave</h2><p>{PARAGRAPHS[2]}</p><table>"
    + "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS)
    + "</table>"
)
TITLE = "United States sends four more launchers"
PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{TITLE} | The Example Gazette</title>
<link rel="canonical" href="https://news.example.org/launchers#top">
<meta property="og:title" content="{TITLE}">
<meta property="og:site_name" content="The Example Gazette">
<meta property="article:published_time" content="2022-10-05T09:00:00Z">
<meta property="article:modified_time" content="2023-01-01T09:00:00Z">
<script>var stories = 5000;</script><style>p {{ width: 300px }}</style></head>
<body><header><nav><ul><li><a href="/">Home</a></li><li><a href="/w">World: 12 stories</a></li>
</ul></nav></header>
<main><article><h1>{TITLE}</h1>
<p class="byline">By <a href="/desk">the news desk</a> | <time>October 5, 2022</time></p>
{ARTICLE}
<aside class="related"><h3>Related</h3><ul><li><a href="/a">Berlin sends 14 tanks</a></li>
<li><a href="/b">30 killed in strike</a></li></ul></aside></article>
<section id="comments" class="comments"><h3>3 comments</h3>
<div class="comment"><p>Send 1,000 tanks at once, I say, and do it before the winter.</p></div>
<div class="comment"><p>My tax of $50 billion is gone, and nobody has asked me.</p></div>
</section></main>
<footer><p>Copyright 2022 The Example Gazette. A staff of 500.</p></footer></body></html>
"""


def page(html: str | bytes, reading: ReadOptions | None = None) -> Content:
    data = html if isinstance(html, bytes) else html.encode()
    [content] = contents(".html", io.BytesIO(data), replace(reading or ReadOptions(), here=True))
    assert isinstance(content, Content)
    return content


def text(html: str) -> str:
    return page(html).text


def refusal(html: str | bytes) -> str:
    with pytest.raises(ValueError, match="html") as caught:
        page(html)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_an_article_without_what_stands_around_it() -> None:
    assert text(PAGE) == TEXT + "\n"


def test_a_page_gives_the_figures_of_its_text() -> None:
    figures, plain = (
        [
            replace(
                f,
                figure_id="",
                source_id="",
                same_as=None,
                part_of=None,
                includes=(),
                choices={n: c for n, c in f.choices.items() if n not in ("same_as", "part_of")},
            )
            for f in extract(written, published="2022-10-05")
        ]
        for written in (text(PAGE), TEXT)
    )
    assert figures == plain
    assert len(figures) >= 8


@pytest.mark.parametrize("frame", ["{}", "<div id=content>{}</div>", "<div><div>{}</div></div>"])
def test_an_article_in_other_frames(frame: str) -> None:
    body = frame.format(f"<h1>{TITLE}</h1>{ARTICLE}")
    assert text(f"<html><body>{body}</body></html>") == TEXT + "\n"


def test_the_page_says_what_it_is() -> None:
    assert page(PAGE).metadata == Metadata(
        title=TITLE,
        published="2022-10-05",
        url="https://news.example.org/launchers",
        publisher="The Example Gazette",
    )
    there = page(PAGE, ReadOptions(url="https://example.org/a")).metadata
    assert there.url == "https://example.org/a"  # where it was found counts


@pytest.mark.parametrize("base", ["", "<base href='http://[b'>"])
def test_an_address_that_is_none_is_passed_over(base: str) -> None:
    links = "<link rel=canonical href='http://[a'><link rel=canonical href='https://example.org/a'>"
    url = page(f"{base}{links}<p>Four tanks came.").metadata.url
    assert url == (None if base else "https://example.org/a")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta name="date" content="2022-10-05">', "2022-10-05"),
        ('<meta name="DC.date.issued" content="5 October 2022">', "2022-10-05"),
        ('<meta itemprop="datePublished" content="2022-10-05T01:00">', "2022-10-05"),
        ('<meta name="date" content="soon"><meta name="pubdate" content="2022-10-05">',
         "2022-10-05"),
        ('<meta property="article:modified_time" content="2022-10-05">', None),
        ('<script type="application/ld+json">{"@graph": [{"x": 1}, {"datePublished":'
         ' "2022-10-05T09:00:00+02:00"}]}</script>', "2022-10-05"),
        ('<script type="application/ld+json">{"datePublished": </script>', None),
        (f'<script type="application/ld+json">{"[" * 100_000}</script>', None),
        (f'<script type="application/ld+json">{json.dumps([[]] * 30_000)}</script>', None),
        ("<time datetime=2022-10-05>today</time>", "2022-10-05"),
        ("<time datetime=2022-10-05></time><time datetime=2022-10-06></time>", None),
        ("<time pubdate datetime=2022-10-05></time><time datetime=2022-10-06></time>",
         "2022-10-05"),
        ("<span itemprop=datePublished>October 5, 2022</span>", "2022-10-05"),
        ("<p>It happened on October 5, 2022.", None),
        ("<footer>Copyright 2022</footer>", None),
    ],
)  # fmt: skip
def test_the_day_in_the_metadata(head: str, expected: str | None) -> None:
    assert page(f"<html>{head}<p>Four tanks came.</p></html>").metadata.published == expected


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>Four tanks - Example News</title><p>They came.", "Four tanks"),
        ("<title>News</title><h1>Four  tanks</h1><p>They came.", "Four tanks"),
        ("<title>Four tanks</title><h1>One</h1><p>They came.<h1>Two</h1>", "Four tanks"),
        ("<p>They came.", None),
    ],
)
def test_the_title(html: str, title: str | None) -> None:
    content = page(html)
    assert content.metadata.title == title
    assert "Four" not in content.text


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("The state sent 40 tanks.", "The state sent 40 tanks."),
        ("<div>It sent <b>40</b> tanks.<br>Then 5.<br><br>New.</div>",
         "It sent 40 tanks.\nThen 5.\n\nNew."),
        ("<div><h2>Aid</h2><div>one <a href=x>link</a> two</div><div>three</div></div>",
         "Aid\n\none link two\n\nthree"),
        ("<p>a<ul><li><p>First</p><p>more</p></li><li>Second<ul><li>inner</ul></ul><p>b",
         "a\n\n- First more\n- Second\n- inner\n\nb"),
        ("<p>a<dl><dt>Tanks<dd>40</dl><p>b", "a\n\n- Tanks\n- 40\n\nb"),
        ("<p>a<table><tr><th>Tanks<br>old<td><p>40<ul><li>x<li>y</ul><tr><td colspan=2>all</table>",
         "a\n\n| Tanks old | 40 x y |\n| all |"),
        ("<figure><table><tr><td>1<td><tr><td><td>2</table></figure>", "| 1 |\n| | 2 |"),
        ("<p>22&nbsp;500&nbsp;men on 4&nbsp;May, 5&#8239;000 shells",
         "22\u00a0500 men on 4 May, 5\u00a0000 shells"),
        ("10<sup>6</sup> km<sup>2</sup>, 40 tanks<sup><a href=#1>1</a></sup> on 4<sup>th</sup>",
         "10⁶ km², 40 tanks on 4th"),
        ("<p>The tanks came on <time>4 October</time> to the town of Lviv.",
         "The tanks came on 4 October to the town of Lviv."),
        ("<p>It paid <del>30</del> <ins>40</ins> &lt;b&gt;, <q>so</q> x&amp;y",
         "It paid 40 <b>, “so” x&y"),
        ("<pre>One line\nanother\n\nnew</pre>", "One line\nanother\n\nnew"),
        ("<p>a</p><p hidden style='display:none'>b</p><script>5</script><p>c</p>", "a\n\nc"),
        ("<?xml version='1.0' encoding='utf-8'?><html xmlns='http://www.w3.org/1999/xhtml'><body>"
         "<p>4 ü</p></body></html>", "4 ü"),
    ],
)  # fmt: skip
def test_the_text_of_small_pages(html: str, expected: str) -> None:
    assert text(html) == expected + "\n"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="windows-1251">', "cp1251"),
        ("<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>", "koi8-r"),
        ("<?xml version='1.0' encoding='windows-1251'?>", "cp1251"),
        ("<meta charset=iso-8859-1>", "utf-8"),
        ("<meta charset=utf-16>", "utf-8"),
        ("<meta charset=utf-8>", "utf-16"),
        ("<meta charset=nonsense>", "utf-8"),
    ],
)
def test_the_encoding_of_a_page(head: str, encoding: str) -> None:
    words = "Сорок танков пришли в город вечером."
    assert page(f"{head}<p>{words}</p>".encode(encoding)).text == words + "\n"


def test_the_encoding_of_the_answer_is_above_that_of_the_page() -> None:
    data = "<meta charset=utf-8><p>Сорок танков</p>".encode("koi8-r")
    assert page(data, ReadOptions(charset="koi8-r")).text == "Сорок танков\n"


@pytest.mark.parametrize(
    ("html", "cause"),
    [
        ("<div>" * 100_000 + "four", "html nested too deeply"),
        ("<p>four" + "<b>" * TAG_LIMIT, f"html of more than {TAG_LIMIT:,} tags"),
        (f"<p>four<img src='data:{'a' * 11_000_000}'>", "html with an oversized element"),
        ("<html><body></body></html>", "html without any text of an article"),
        ("<!-- four -->", "html without any text of an article"),
    ],
)
def test_pages_that_are_not_read(html: str, cause: str) -> None:
    assert refusal(html) == cause


@given(
    st.lists(
        st.sampled_from(
            ["<p", " a=1", ' b="<i>"', " c = '>'", " d", "/", "=", ">", "<", "40 tanks", "'", '"',
             "<!--", "-->", "<script>", "if (a <b) c", "</script>", "<script", "\n", "</p>"]
        )
    ),
    st.integers(1, 300),
)  # fmt: skip
def test_without_excess_a_page_has_the_same_text(pieces: list[str], times: int) -> None:
    """In the same elements, each with its first attributes."""
    written = "".join(pieces) * times
    before, after = elements(written), elements(without_excess(written))
    assert [(tag, text) for tag, text, _ in before] == [(tag, text) for tag, text, _ in after]
    for (*_, all_names), (*_, names) in zip(before, after, strict=True):
        assert names == all_names[: len(names)]


def elements(page: str) -> list[tuple[str, str, list[str]]]:
    """Every element of a page as it is parsed: its name, the text in it, its attributes."""
    tree = document_fromstring(f"<title>T</title>{page}")
    return [(str(e.tag), e.text_content(), list(map(str, e.attrib))) for e in tree.iter("*")]


@pytest.mark.parametrize("attribute", ["a{}=1", "a{}", 'a{}="<p> 5 > 4"', "a{} = '\"'", "{}/b"])
def test_attributes_beyond_the_limit_are_dropped(attribute: str) -> None:
    """And nothing else is: neither text nor the attributes before."""
    some, many = (
        f"<p>Four.<P {' '.join(attribute.format(n) for n in range(n))}>40 tanks<p class=x>Six."
        for n in (LIMIT, 40_000)
    )
    some = some.replace("{}/b", "")
    assert without_excess(many) == without_excess(some)
    assert text(many) == text(some) == "Four.\n\n40 tanks\n\nSix.\n"
    assert max(len(element.attrib) for element in parse(many).iter()) <= LIMIT


def test_a_quotation_that_is_never_closed_lasts_until_the_page_ends() -> None:
    for mark in "\"'":
        left_open = f"<p>Four.<b {'word ' * LIMIT}c={mark}>40 tanks</p>"
        assert elements(without_excess(left_open)) == elements(left_open)


def test_what_is_no_markup_has_no_attributes() -> None:
    words = " ".join(["word"] * 2 * LIMIT)
    before = f"<!-- <p {words} --><script>for (i=0; i<n; i++) {{ {words} }}</script>"
    assert without_excess(f"{before}<b {words}>40 tanks") == f"{before}<b{' word' * LIMIT}>40 tanks"


def test_a_page_of_200_mb_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "large.html"
    with path.open("wb") as file:
        file.write(b"<p>four")
        file.truncate(200_000_000)
    with path.open("rb") as file:
        with pytest.raises(ValueError, match="html of more than 20 MB"):
            list(contents(".html", file, ReadOptions(here=True)))
        assert file.tell() == SIZE_LIMIT + 1
    assert [str(p) for p in read_all([path])] == [f"{path}: html of more than 20 MB"]


@pytest.mark.parametrize(
    "html",
    [
        "<p>" + "<span class=x>four tanks </span>" * 30_000,
        "<p>" + "<b>four</b>" * 30_000,
        "<ul><li>four tanks of the old kind</li></ul>" * 5_000,
        "<div>" + "<a href=x>four tanks</a> came " * 10_000 + "</div>",
        "<p>" + "<time>4 May</time> and then " * 10_000,
        "<p four" + " a=b" * 200_000 + ">four",
        "<p " + " ".join(f"a{n}=b" for n in range(200_000)) + ">four",
        "<p a=b " * 190_000 + ">four",
        "<p>four" + " " * 5_000_000 + "tanks",
        "<p>" + "&amp;" * 1_000_000,
        f"<p>four<script type='application/ld+json'>{chr(92) + chr(34)}" * 20_000,
        "<meta charset=" * 50_000 + "<p>four",
        "<p>four" + "<br>\n" * 50_000 + "tanks",
        "<p>" + "-" * 2_000_000,
    ],
)
def test_pages_that_take_others_long(html: str) -> None:
    begin = time.process_time()
    try:
        page(html)
    except ValueError as error:
        assert "html" in str(error) or "binary" in str(error)  # noqa: PT017
    assert time.process_time() - begin < 6  # seconds; most take far less than one


def test_a_damaged_page_is_read_or_refused() -> None:
    chance = random.Random(7)
    whole = PAGE.encode()
    for _ in range(150):
        data = bytearray(whole[: chance.randrange(len(whole))])
        for _ in range(chance.randrange(20)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            page(bytes(data))
        except ValueError as error:
            assert "\n" not in str(error)  # noqa: PT017


def test_nothing_is_logged(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    refusal("<html><body></body></html>")
    text(PAGE)
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


def test_a_page_is_a_file_as_others_are(tmp_path: Path) -> None:
    (tmp_path / "2022-04-04.htm").write_text(f"<p>{PARAGRAPHS[1]}</p>", encoding="utf-8")
    (tmp_path / "b.xhtml").write_text("<p></p>", encoding="utf-8")
    assert read(tmp_path / "2022-04-04.htm")[0].published == "2022-04-04"
    [problem] = [r for r in read_all([tmp_path]) if isinstance(r, Problem)]
    assert problem.cause == "html without any text of an article"


STORY = (
    "<p>The ministry in Oslo spoke at length of its support and answered what reporters asked.</p>"
)


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>99 tanks</p>", '<p hidden="hidden">99 tanks</p>',
        '<p hidden="until-found">99 tanks</p>',
        '<p style="display:none">99 tanks</p>',
        '<div style="color:red; display : none ;">99 tanks</div>',
        '<p style="DISPLAY:NONE">99 tanks</p>', '<p style="visibility: hidden">99 tanks</p>',
        "<ul hidden><li>99 tanks</li></ul>", "<dialog><p>99 tanks</p></dialog>",
        '<section style="display:none!important"><p>99 tanks</p><p>98 vans</p></section>',
        "<p>Norway gave 14 guns.<span hidden> Not 99 tanks.</span></p>",
        '<p>Norway gave 14 guns.<b style="display:none">99</b></p>',
    ],
)  # fmt: skip
def test_what_a_page_hides_is_not_read(hidden: str) -> None:
    told = text(f"<article>{STORY}<p>Norway gave 14 guns.</p>{hidden}{STORY}</article>")
    assert "14 guns" in told
    assert "99" not in told


@pytest.mark.parametrize(
    "shown",
    [
        '<p style="display:block">14 guns</p>', '<p style="visibility: visible">14 guns</p>',
        "<details><summary>More</summary><p>14 guns</p></details>",
        '<p aria-hidden="false">14 guns</p>', '<p data-hidden="true">14 guns</p>',
        '<p class="hidden md:block">14 guns</p>',
        '<p style="background: url(display.none)">14 guns</p>',
    ],
)  # fmt: skip
def test_what_a_page_shows_is_read(shown: str) -> None:
    assert "14 guns" in text(f"<article>{STORY}{shown}{STORY}</article>")


def test_a_page_that_shows_itself_by_a_script_is_read() -> None:
    assert "14 guns" in text(f'<article style="display:none">{STORY}<p>14 guns</p></article>')


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        ("<tr><td>14 guns<br>22 vans<br/>33 radars</td></tr>", "- 14 guns\n- 22 vans\n- 33 radars"),
        ("<tr><td><ul><li>14 guns</li><li>22 vans</li></ul></td></tr>", "- 14 guns\n- 22 vans"),
        ("<tr><td><p>14 guns</p><p>22 vans</p></td></tr>", "- 14 guns\n- 22 vans"),
        ("<tr><td>- 14 guns<br>- 22 vans</td></tr>", "- 14 guns\n- 22 vans"),
        ("<tr><td>Oslo</td><td>14 guns<br>22 vans</td></tr>", "| Oslo | 14 guns; 22 vans |"),
        (
            "<tr><td>Oslo</td><td><ol><li>14 guns<li>22 vans</ol></td></tr>",
            "| Oslo | 14 guns; 22 vans |",
        ),
        (
            "<tr><td>Oslo</td><td><p>14 guns,</p><p>22 vans</p></td></tr>",
            "| Oslo | 14 guns, 22 vans |",
        ),
        ("<tr><td>Number<br>of guns</td><td>14</td></tr>", "| Number of guns | 14 |"),
        ("<tr><td>guns of<br>the army</td></tr>", "| guns of the army |"),
        (
            "<tr><td>Guns</td><td>14</td></tr><tr><td>Vans</td><td>22</td></tr>",
            "| Guns | 14 |\n| Vans | 22 |",
        ),
        ("<tr><td>14 guns</td></tr>", "| 14 guns |"),
        (
            "<tr><td>about<br>14 guns and vans</td><td>sent</td></tr>",
            "| about; 14 guns and vans | sent |",
        ),
    ],
)
def test_lists_in_cells(table: str, lines: str) -> None:
    told = text(f"<article>{STORY}<p>Norway gave:</p><table>{table}</table>{STORY}</article>")
    assert f"Norway gave:\n\n{lines}\n\nThe" in told

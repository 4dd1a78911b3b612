"""One article, written for the tests, as a file of every format that holds prose.

Each maker takes the path to write to. The places where a format differs from the others are those
where such files differ: lines wrapped or not, words broken at the end of a line, running heads
with numbers in them, menus and comments around a page.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from itertools import chain
from pathlib import Path
from textwrap import wrap
from typing import Literal

from extractors.readers.metadata import metadata_of, split_front_matter

TITLE = "Nordic and Baltic ministers pledge artillery and drones to Ukraine"
PUBLISHED = "2023-05-16"
URL = "https://example.org/2023/05/16/pledge"


@dataclass(frozen=True)
class Part:
    """A paragraph, the items of a list, or the rows of a table."""

    kind: Literal["paragraph", "list", "table"]
    lines: tuple[str, ...]


def paragraph(text: str) -> Part:
    return Part("paragraph", (text,))


@dataclass(frozen=True)
class Article:
    title: str
    published: str
    parts: tuple[Part, ...]


PARTS = (
    paragraph(
        "OSLO, 16 May 2023 — Norway will send eight Leopard 2 tanks and up to 5,000 rounds of"
        " 155-mm artillery ammunition to Ukraine, the defence ministry said on Tuesday."
    ),
    paragraph(
        "The package is worth $230 million and comes on top of the $1.4 billion in military aid"
        " that Norway has committed to Ukraine since February 2022."
    ),
    paragraph("The new Norwegian package for Ukraine includes:"),
    Part(
        "list",
        (
            "12 M109 self-propelled howitzers;",
            "more than 20,000 artillery rounds, most of them drawn from the stocks of the army and"
            " some of them bought abroad in the course of the winter;",
            "four mine-clearing vehicles;",
            "approximately 1.5 million rounds of small arms ammunition;",
            "200 night vision devices.",
        ),
    ),
    paragraph(
        "Sweden announced on Monday that it would donate 10 Archer self-propelled howitzers. The"
        " delivery will bring the total number of Archer systems sent to Ukraine to 18."
    ),
    paragraph(
        "Denmark, meanwhile, has delivered 19 Caesar howitzers and an undisclosed number of Harpoon"
        " missiles. Copenhagen set up a fund of 7 billion Danish crowns for military support in"
        " March, of which 62 percent has been spent."
    ),
    paragraph(
        "Finland's latest package, its fifteenth, is valued at 109 million euros. Between 50 and 60"
        " armoured personnel carriers are to follow before the end of June."
    ),
    paragraph(
        "Estonia gave Ukraine all of its 24 FH-70 howitzers, Latvia gave six helicopters, and"
        " Lithuania handed over 36 anti-aircraft guns as well as two Mi-8 helicopters."
    ),
    Part(
        "table",
        (
            "Country | Sent to Ukraine | Value",
            "Poland | 240 T-72 tanks | $150 million",
            "Slovakia | 13 MiG-29 fighter jets | $90 million",
            "Germany | 100 Leopard 1 tanks | $110 million",
        ),
    ),
    paragraph(
        "According to the general staff in Kyiv, Russia launched 18 missiles at the capital during"
        " the night; all 18 were shot down. Three people were wounded by falling debris."
    ),
    paragraph(
        "Russian forces have lost about 3,770 tanks and at least 7,300 armoured vehicles since the"
        " start of the invasion, the general staff said. Western officials put the number of"
        " Russian soldiers killed or wounded since December at more than 100,000."
    ),
    paragraph(
        "Some 30,000 Ukrainian soldiers have been trained in other countries, and 9,000 of them in"
        " Poland. Britain plans to train another 20,000 troops this year."
    ),
    paragraph(
        "Around 15,000 soldiers of twelve nations took part in the manoeuvres, at a distance of"
        " 130 kilometres from the border, and the long-range missiles tested there reach 500 km."
    ),
    paragraph(
        "The European Union paid out 1.5 billion euros to Ukraine in April, the fourth tranche of"
        " its 18 billion euro loan programme for 2023. The Commission expects to pay the same sum"
        " each month until December."
    ),
    paragraph(
        "About 40 percent of Ukraine's power plants were damaged over the winter. The World Bank"
        " estimates the cost of reconstruction at $411 billion, or 2.6 times the country's"
        " expected output in 2022."
    ),
    paragraph(
        "The ministers will meet again in Tallinn on 15 June. By then, they said, two more"
        " Patriot batteries and 300 generators should have arrived."
    ),
)


OWN = Article(TITLE, PUBLISHED, PARTS)


def article_of(path: Path) -> Article:
    """The article in a file of Markdown that holds paragraphs and lists."""
    values, text = split_front_matter(path.read_text(encoding="utf-8"))
    said = metadata_of(values)
    assert said.title
    assert said.published
    parts = []
    for block in text.strip().split("\n\n"):
        items = block.removeprefix("- ").split("\n- ")
        lines = tuple(" ".join(item.split()) for item in items)
        parts.append(Part("list" if block.startswith("- ") else "paragraph", lines))
    return Article(said.title, said.published, tuple(parts))


def _blocks(article: Article, width: int | None) -> Iterator[str]:
    """The parts as plain text, wrapped where a width is given."""

    def lines(text: str, indent: str = "") -> str:
        if width is None:
            return text
        wrapped = wrap(text, width, subsequent_indent=indent, break_on_hyphens=False)
        return "\n".join(wrapped)

    for part in article.parts:
        if part.kind == "paragraph":
            yield lines(part.lines[0])
        elif part.kind == "list":
            yield "\n".join(lines(f"- {item}", "  ") for item in part.lines)
        else:
            yield "\n".join(f"| {row} |" for row in part.lines)


def write_txt(article: Article, path: Path) -> None:
    path.write_text("\n\n".join([article.title, *_blocks(article, 76)]) + "\n", encoding="utf-8")


def write_md(article: Article, path: Path) -> None:
    matter = f"---\ntitle: {article.title}\ndate: {article.published}\n---\n"
    path.write_text(matter + "\n\n".join(_blocks(article, None)) + "\n", encoding="utf-8")


def page(article: Article) -> str:
    """The article within a page of a site: menus, related links and comments hold numbers too."""
    body = []
    for part in article.parts:
        if part.kind == "paragraph":
            body.append(f"<p>{escape(part.lines[0])}</p>")
        elif part.kind == "list":
            items = "".join(f"<li>{escape(item)}</li>" for item in part.lines)
            body.append(f"<ul>{items}</ul>")
        else:
            rows = (row.split(" | ") for row in part.lines)
            cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
            body.append("<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>")
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>{article.title}</title>
<meta property="article:published_time" content="{article.published}T09:30:00+02:00"></head><body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/war">War: day 446</a></li>
<li><a href="/aid">Aid: $60 billion</a></li></ul></nav></header>
<main><article><h1>{article.title}</h1>{"".join(body)}</article></main>
<aside class="related"><h2>Related</h2><ul><li><a href="/1">US sends 31 Abrams tanks</a></li>
<li><a href="/2">Germany gives 2.7 billion euros</a></li></ul></aside>
<section id="comments" class="comments"><h2>3 comments</h2><div class="comment"><p>They should send
500 tanks!</p></div><div class="comment"><p>My taxes: $900 a year.</p></div></section>
<footer><p>Copyright 2023. Terms of 25 May 2018. Tel. +47 555 01 02</p></footer>
</body></html>"""


def write_html(article: Article, path: Path) -> None:
    path.write_text(page(article), encoding="utf-8")


def write_warc(article: Article, path: Path) -> None:
    html = page(article).encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
    answer += b"Content-Length: %d\r\n\r\n" % len(html) + html
    record = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: 2023-06-01T12:00:00Z\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
        f"WARC-Target-URI: {URL}\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    path.write_bytes(gzip.compress(record.encode() + answer + b"\r\n\r\n"))


def write_docx(article: Article, path: Path) -> None:
    from docx import Document

    document = Document()
    document.core_properties.title = article.title
    document.core_properties.created = datetime.fromisoformat(article.published).replace(tzinfo=UTC)
    document.sections[0].footer.paragraphs[0].text = "Release 45/2023, page 1 of 2"
    document.add_heading(article.title, 0)
    for part in article.parts:
        if part.kind == "table":
            rows = [row.split(" | ") for row in part.lines]
            table = document.add_table(len(rows), len(rows[0]))
            for cell, text in zip(table._cells, chain.from_iterable(rows), strict=True):
                cell.text = text
        else:
            for line in part.lines:
                document.add_paragraph(line, "List Bullet" if part.kind == "list" else None)
    document.save(str(path))


def write_odt(article: Article, path: Path) -> None:
    from odf import dc, meta, table  # type: ignore[import-untyped]
    from odf import text as odf
    from odf.opendocument import OpenDocumentText  # type: ignore[import-untyped]

    document = OpenDocumentText()
    document.meta.addElement(dc.Title(text=article.title))
    document.meta.addElement(meta.CreationDate(text=f"{article.published}T10:00:00"))
    document.text.addElement(odf.H(outlinelevel=1, text=article.title))
    for part in article.parts:
        if part.kind == "paragraph":
            document.text.addElement(odf.P(text=part.lines[0]))
            continue
        outer = odf.List() if part.kind == "list" else table.Table()
        for line in part.lines:
            inner = odf.ListItem() if part.kind == "list" else table.TableRow()
            for text in [line] if part.kind == "list" else line.split(" | "):
                holder = inner if part.kind == "list" else table.TableCell()
                holder.addElement(odf.P(text=text))
                if holder is not inner:
                    inner.addElement(holder)
            outer.addElement(inner)
        document.text.addElement(outer)
    document.save(str(path))


def write_rtf(article: Article, path: Path) -> None:
    def escaped(text: str) -> str:
        return "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in text)

    year, month, day = (int(number) for number in article.published.split("-"))
    out = [r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}}"]
    out.append(
        rf"{{\info{{\title {escaped(article.title)}}}{{\creatim\yr{year}\mo{month}\dy{day}}}}}"
    )
    out.append(r"{\footer \pard Release 45/2023, page 1 of 2\par}")
    out.append(rf"\pard\b {escaped(article.title)}\b0\par")
    for part in article.parts:
        for line in part.lines:
            if part.kind == "table":
                cells = "".join(rf"{escaped(cell)}\cell " for cell in line.split(" | "))
                out.append(rf"\trowd\cellx2000\cellx4000\cellx6000\pard\intbl {cells}\row")
            else:
                marker = r"{\listtext\f0 \'b7\tab}" if part.kind == "list" else ""
                out.append(rf"\pard {marker}{escaped(line)}\par")
    path.write_text("\n".join(out) + "}", encoding="ascii")


def write_eml(article: Article, path: Path) -> None:
    message = EmailMessage()
    message["Subject"] = article.title
    message["From"] = "Aid Monitor <news@example.org>"
    message["Date"] = datetime.fromisoformat(f"{article.published}T10:00:00+02:00")
    signature = "-- \nAid Monitor, 4 Example Street, +47 555 01 02"
    quoted = "On 12 May 2023 at 09:00, A. Reader wrote:\n> What of the 100 tanks and $5 million?"
    text = "\n\n".join([*_blocks(article, 72), quoted, signature])
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(page(article), subtype="html")
    path.write_bytes(message.as_bytes(policy=SMTP))


def _broken_lines(text: str, width: int) -> Iterator[str]:
    """The text in lines of a width, its long words broken with a hyphen."""
    line = ""
    for word in text.split(" "):
        room = width - len(line) - 2
        whole = f"{line} {word}" if line else word
        if len(whole) <= width:
            line = whole
            continue
        head, mark, tail = word.rpartition("-")
        if mark and len(head) < room:
            yield f"{line} {head}-"
            line = tail
        elif word.isalpha() and word.islower() and len(word) > 6 and room > 3:
            cut = min(room, len(word) - 3)
            yield f"{line} {word[:cut]}-"
            line = word[cut:]
        else:
            yield line
            line = word
    yield line


def write_pdf(article: Article, path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

    canvas = Canvas(str(path), pagesize=(420, 595), invariant=1)
    canvas.setTitle(article.title)
    number, y = 0, 0.0

    def draw(text: str, x: float = 50, size: int = 10, down: float = 12) -> None:
        nonlocal number, y
        if y < 70 or number == 0:
            if number:
                canvas.showPage()
            number, y = number + 1, 520
            canvas.setFont("Helvetica", 8)
            canvas.drawString(50, 565, "Ministry of Defence, release 45/2023")
            canvas.drawString(200, 25, f"Page {number} of 4")
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, y, text)
        y -= down

    for line in wrap(article.title, 40):
        draw(line, size=16, down=18)
    for part in article.parts:
        y -= 8
        for text in part.lines:
            if part.kind == "table":
                cells = text.split(" | ")
                for x, cell in zip((50, 150, 300), cells, strict=True):
                    draw(cell, x, down=0 if cell is not cells[-1] else 12)
                continue
            left = 65 if part.kind == "list" else 50
            for count, line in enumerate(_broken_lines(text, 60)):
                if part.kind == "list" and not count:
                    draw("\u2022", 52, down=0)
                draw(line, left)
    canvas.save()
    day = article.published.replace("-", "").encode()
    made = path.read_bytes().replace(b"D:20000101000000", b"D:" + day + b"100000")
    path.write_bytes(made)


MAKERS: dict[str, Callable[[Article, Path], None]] = {
    "txt": write_txt,
    "md": write_md,
    "html": write_html,
    "pdf": write_pdf,
    "docx": write_docx,
    "odt": write_odt,
    "rtf": write_rtf,
    "eml": write_eml,
    "warc.gz": write_warc,
}

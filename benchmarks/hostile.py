"""Hostile files through ``aidledger extract``, one process each: time, memory, what it said.

usage: python benchmarks/hostile.py [--only WORD] [--keep FOLDER]

Every file is made here: archives that unpack to far more than they are, XML whose entities multiply
or point elsewhere, structures nested thousands deep, tables of millions of columns, PDFs that draw
themselves, headers and front matter that explode, and sound files damaged at random. Of each run
must hold: exit status 0 or 1, no fault of the program's own, nothing read from outside the file, at
most ``SECONDS`` of processor time and ``MEGABYTES``. Exit status 1 where anything failed.
"""

from __future__ import annotations

import argparse
import gzip
import io
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from multiprocessing import Process
from pathlib import Path

from measuring.report import table

SECONDS, MEGABYTES = 30.0, 1_500
HANGS = 4 * SECONDS  # by the clock, whatever else runs on the machine
DAMAGED = 8  # files of each sound kind that are damaged at random
SAID = b"Germany will send four Leopard 2 tanks to Ukraine.\n"
SECRET = "root:"  # what a file that reads the machine's own would show
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OPEN = "urn:oasis:names:tc:opendocument:xmlns"
LETTERS = "abcdefghijk"
MULTIPLYING = (
    '<!DOCTYPE r [<!ENTITY a "5 tanks ">'
    + "".join(
        f'<!ENTITY {name} "' + f"&{before};" * 10 + '">' for before, name in pairwise(LETTERS[:10])
    )
    + "]>"
)
OUTSIDE = '<!DOCTYPE r [<!ENTITY j SYSTEM "file:///etc/passwd">]>'
REPEATED = f'<!DOCTYPE r [<!ENTITY j "{"5 tanks " * 10_000}">]>'
DOCTYPES = {"multiplying": MULTIPLYING, "outside": OUTSIDE, "repeated": REPEATED}

Make = Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run on one file came to."""

    name: str
    size: int
    status: int
    seconds: float
    megabytes: float
    figures: int
    said: str
    fault: str


def packed(entries: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file of these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return out.getvalue()


def docx(body: str, doctype: str = "") -> bytes:
    """A document of Word with this body."""
    types = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
        '"/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>'
    )
    return packed(
        {
            "[Content_Types].xml": types.encode(),
            "_rels/.rels": _relations("officeDocument", "word/document.xml"),
            "word/document.xml": (
                f'{doctype}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
            ).encode(),
        }
    )


def xlsx(strings: str, sheet: str, doctype: str = "") -> bytes:
    """A workbook of one sheet of texts."""
    kinds = (("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"))
    parts = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="application/vnd.openxmlformats-'
        f'officedocument.spreadsheetml.{kind}+xml"/>'
        for part, kind in (*kinds, ("sharedStrings", "sharedStrings"))
    )
    types = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/>{parts}</Types>'
    )
    book = (
        f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets><sheet name="A" sheetId="1" '
        'r:id="r0"/></sheets></workbook>'
    )
    return packed(
        {
            "[Content_Types].xml": types.encode(),
            "_rels/.rels": _relations("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": book.encode(),
            "xl/_rels/workbook.xml.rels": _relations(
                "worksheet", "worksheets/sheet1.xml", "sharedStrings", "sharedStrings.xml"
            ),
            "xl/sharedStrings.xml": f'{doctype}<sst xmlns="{SHEET}">{strings}</sst>'.encode(),
            "xl/worksheets/sheet1.xml": (
                f'<worksheet xmlns="{SHEET}"><sheetData>{sheet}</sheetData></worksheet>'
            ).encode(),
        }
    )


def _relations(*pairs: str) -> bytes:
    kinds, targets = pairs[::2], pairs[1::2]
    rows = "".join(
        f'<Relationship Id="r{k}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for k, (kind, target) in enumerate(zip(kinds, targets, strict=True))
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'.encode()


def odt(body: str, doctype: str = "") -> bytes:
    """An OpenDocument text with this body."""
    spaces = " ".join(f'xmlns:{name}="{OPEN}:{name}:1.0"' for name in ("office", "text", "table"))
    content = (
        f"{doctype}<office:document-content {spaces}><office:body><office:text>{body}"
        "</office:text></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.text"
    return packed({"mimetype": kind, "content.xml": content.encode()})


def feed(description: str, doctype: str = "") -> bytes:
    """An RSS feed of one entry."""
    entry = f"<item><title>t</title><description>{description}</description></item>"
    return f'{doctype}<rss version="2.0"><channel><title>x</title>{entry}</channel></rss>'.encode()


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out, places = b"%PDF-1.5\n", []
    for number, data in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, data)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer <</Root 1 0 R/Size %d>>\n"
        b"startxref\n%d\n%%%%EOF" % (count, rows, count, len(out))
    )


def stream(data: bytes, says: bytes = b"") -> bytes:
    """A stream of a PDF, with entries of its dictionary."""
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), says, data)


def drawn(content: bytes, *forms: bytes, says: bytes = b"") -> bytes:
    """A PDF of one page with this content, which may draw forms ``/X6``, ``/X7`` and so on."""
    names = b"".join(b"/X%d %d 0 R" % (k, k) for k in range(6, 6 + len(forms)))
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>/XObject<<%s>>>>>>" % names,
        stream(content, says),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *forms,
    )


def form(content: bytes, *drawn_in_it: int) -> bytes:
    """A form of a PDF that draws text and other forms."""
    names = b"".join(b"/X%d %d 0 R" % (k, k) for k in drawn_in_it)
    says = (
        b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F 5 0 R>>/XObject<<%s>>>>"
    )
    return stream(content, says % names)


def nested_forms(depth: int) -> bytes:
    """Forms each of which draws the next one twice: 2 to the power of ``depth`` drawings."""
    text = b"BT /F 9 Tf 50 700 Td (5 tanks) Tj ET "
    forms = [form(b"/X%d Do /X%d Do " % (k + 1, k + 1), k + 1) for k in range(6, 6 + depth)]
    return drawn(b"/X6 Do", *forms, form(text))


TEXT = b"BT /F 9 Tf 50 700 Td (Germany will send four Leopard 2 tanks to Ukraine.) Tj ET "


def _gz_twice() -> bytes:
    return gzip.compress(gzip.compress(b"5 tanks " * 30_000_000))


def _nested_zip() -> bytes:
    inner = packed({"a.txt": b"5 " * 50_000_000})
    for _ in range(3):
        inner = packed({f"{k}.zip": inner for k in range(8)})
    return inner


def _deep_mail() -> bytes:
    parts = "".join(
        f'--b{k}\nContent-Type: multipart/mixed; boundary="b{k + 1}"\n\n' for k in range(3000)
    )
    head = 'From: a@example.org\nSubject: x\nContent-Type: multipart/mixed; boundary="b0"\n\n'
    return f"{head}{parts}--b3000\nContent-Type: text/plain\n\n5 tanks\n".encode()


def _deep_yaml() -> bytes:
    lines = ['a: &a ["x", "x"]'] + [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in pairwise(LETTERS)
    ]
    return ("---\n" + "\n".join(lines) + "\ntitle: *k\n---\n").encode() + SAID


def _attributes(count: int) -> bytes:
    names = " ".join(f"a{k}=1" for k in range(count))
    return f"<html><body><p {names}>Germany sent 5 tanks.</p></body></html>".encode()


def _bomb_of_filters() -> bytes:
    data = zlib.compress(zlib.compress(TEXT + b" " * 300_000_000))
    return drawn(
        data.hex().encode() + b">",
        says=b"/Filter[/ASCIIHexDecode/FlateDecode/FlateDecode]",
    )


def hostile() -> dict[str, Make]:
    """The files by name, each made when asked for."""
    paragraph = f"<w:p xmlns:w='{WORD}'><w:r><w:t>Germany sent 5 tanks. %s</w:t></w:r></w:p>"
    row = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
    )
    strings = "<si><t>text</t></si><si><t>5 tanks %s</t></si>"
    far = row.replace("A2", "XFD1048576").replace('r="2"', 'r="1048576"')
    spanned = (
        '<table:table><table:table-row table:number-rows-repeated="99999999"><table:table-cell '
        'table:number-columns-repeated="99999999"><text:p>5 tanks</text:p></table:table-cell>'
        "</table:table-row></table:table>"
    )
    makers: dict[str, Make] = {
        "bomb.zip": lambda: packed({"a.txt": b"0" * 400_000_000}),
        "bzip2.zip": lambda: packed({"a.txt": b"0" * 100_000_000}, zipfile.ZIP_BZIP2),
        "lzma.zip": lambda: packed({"a.txt": b"0" * 100_000_000}, zipfile.ZIP_LZMA),
        "nested.zip": _nested_zip,
        "entries.zip": lambda: packed({f"{k}.txt": b"" for k in range(60_000)}),
        "paths.zip": lambda: packed(dict.fromkeys(("../../a.txt", "/a.txt", "C:\\a.txt"), SAID)),
        "twice.txt.gz": _gz_twice,
        "deep.docx": lambda: docx("<w:tbl><w:tr><w:tc>" * 3000 + "</w:tc></w:tr></w:tbl>" * 3000),
        "deep.odt": lambda: odt("<text:list><text:list-item>" * 5000),
        "spanned.odt": lambda: odt(spanned + '<text:p>5 <text:s text:c="999999999"/></text:p>'),
        "far.xlsx": lambda: xlsx(strings % "", far),
        "large.xlsx": lambda: xlsx(strings % ("A" * 400_000_000), row),
        "strings.xlsx": lambda: xlsx("<si><t>5 tanks</t></si>" * 700_000, row),
        "deep.rss": lambda: feed("<b>" * 100_000),
        "items.rss": lambda: b"<rss><channel>" + b"<item>" * 100_000 + b"5 tanks",
        "deep.html": lambda: b"<div>" * 100_000 + b"Germany sent 5 tanks." + b"</div>" * 100_000,
        "attributes.html": lambda: _attributes(40_000),
        "many-attributes.html": lambda: _attributes(200_000),
        "comments.html": lambda: b"<!--" * 500_000 + b"5 tanks",
        "cells.html": lambda: b"<table>" + b"<tr>" + b"<td>5</td>" * 60_000,
        "deep.json.html": lambda: b'<script type="application/ld+json">' + b"[" * 500_000,
        "deep.jsonl": lambda: b"[" * 1_000_000 + b'\n{"text": "5 tanks"}\n',
        "numbers.jsonl": lambda: b'{"text": "5 tanks", "id": %s}' % (b"9" * 5000),
        "surrogate.jsonl": lambda: b'{"text": "\\ud800 5 tanks\\u0000", "id": "\\udfff"}\n',
        "deep.eml": _deep_mail,
        "header.eml": lambda: b"Subject: " + b"=?utf-8?q?a?= " * 50_000 + b"\n\n5 tanks",
        "deep.rtf": lambda: b"{\\rtf1 " + b"{" * 200_000 + b"5 tanks",
        "deep.md": _deep_yaml,
        "list.md": lambda: b"---\nx: " + b"[" * 9_000 + b"\n---\n" + SAID,
        "line.txt": lambda: b"5 tanks " * 250_000,
        "degrees.txt": lambda: "5°".encode() * 20_000,
        "percent.txt": lambda: b"5% " * 20_000,
        "dead.txt": lambda: b"killed 5 and wounded 6, " * 3_000,
        "itself.pdf": lambda: drawn(b"/X6 Do", form(TEXT + b"/X6 Do /X6 Do", 6)),
        "forms.pdf": lambda: nested_forms(26),
        "filters.pdf": _bomb_of_filters,
        "page.pdf": lambda: drawn(zlib.compress(TEXT * 200_000), says=b"/Filter/FlateDecode"),
        "pages.pdf": lambda: pdf(
            b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 99999999>>"
        ),
        "cut.warc": lambda: b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999\r\n\r\n",
    }  # fmt: skip
    for name, doctype in DOCTYPES.items():
        makers[f"{name}.docx"] = partial(docx, paragraph % "&j;", doctype)
        makers[f"{name}.odt"] = partial(odt, "<text:p>&j;</text:p>", doctype)
        makers[f"{name}.xlsx"] = partial(xlsx, strings % "&j;", row, doctype)
        makers[f"{name}.rss"] = partial(feed, "&j;" * 1000, doctype)
    sound = {
        "docx": docx(paragraph % "x"),
        "odt": odt("<text:p>Germany sent 5 tanks.</text:p>"),
        "xlsx": xlsx(strings % "", row),
        "rss": feed("Germany sent 5 tanks."),
        "pdf": drawn(TEXT),
        "zip": packed({"a.txt": SAID}),
    }
    for kind, data in sound.items():
        for seed in range(DAMAGED):
            makers[f"damaged-{seed}.{kind}"] = partial(damaged, data, seed)
    return makers


def damaged(data: bytes, seed: int) -> bytes:
    """A file with some bytes changed, cut out or repeated."""
    chance = random.Random(seed)
    out = bytearray(data)
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randrange(len(out))
        piece = out[chance.randrange(len(out)) :][: chance.randrange(60)]
        out[at : at + chance.choice((0, 1, 30))] = chance.choice((b"\xff\0", bytes(piece)))
    return bytes(out)


def ran(path: Path) -> Ran:
    """One run of the command on a file, in a folder of its own."""
    command = [sys.executable, "-m", "aidledger", "extract", path.name, "--format", "jsonl"]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(command, cwd=path.parent, stdout=out, stderr=err)
        watch = threading.Timer(HANGS, process.kill)
        watch.start()
        _, status, used = os.wait4(process.pid, 0)
        watch.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        shown, said = out.read().decode(errors="replace"), err.read().decode(errors="replace")
    seconds, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    faults = {
        "too long": process.returncode == -signal.SIGKILL or seconds > SECONDS,
        "too much memory": peak > MEGABYTES,
        "a fault": process.returncode not in (0, 1) or "Traceback" in said or "fault in" in said,
        "read outside": SECRET in shown or SECRET in said,
    }
    return Ran(
        path.name,
        path.stat().st_size,
        process.returncode,
        seconds,
        peak,
        shown.count("\n"),
        said.strip().partition("\n")[0],
        ", ".join(name for name, holds in faults.items() if holds),
    )


def written(name: str, path: Path) -> None:
    """A file made in a process of its own: what a run took must not count what making it took."""
    making = Process(target=lambda: path.write_bytes(hostile()[name]()))
    making.start()
    making.join()
    if making.exitcode:
        raise RuntimeError(f"{name}: could not be made")


def runs(folder: Path, only: str) -> Iterator[Ran]:
    """Every file whose name holds a word, made, read and taken away again."""
    for name in hostile():
        if only in name:
            place = folder / name.replace(".", "-")
            place.mkdir(parents=True, exist_ok=True)
            written(name, place / name)
            yield ran(place / name)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", default="", help="only files whose names hold this")
    parser.add_argument("--keep", type=Path, help="make the files in this folder and leave them")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as made:
        found = []
        for run in runs(options.keep or Path(made), options.only):
            found.append(run)
            print(run.name, run.fault or "held", sep="\t", file=sys.stderr, flush=True)
    rows = [
        [
            r.name, f"{r.size:,}", str(r.status), f"{r.seconds:.1f}", f"{r.megabytes:.0f}",
            str(r.figures), r.fault or "-", r.said[:70],
        ]
        for r in found
    ]  # fmt: skip
    print(table(("file", "bytes", "status", "processor s", "MB", "figures", "fault", "said"), rows))
    bad = sum(1 for r in found if r.fault)
    print(f"\n{len(found)} files, {len(found) - bad} held, {bad} did not")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())

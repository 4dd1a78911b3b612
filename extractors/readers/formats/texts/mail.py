"""Mails (``.eml``): subject, sender and date are the metadata, the plain text is the document.

Quoted mails and the signature are left out: what a mail quotes is a document of its own. What it
forwards belongs to it. A document of its own is each
attachment of a kind that is read; ``place`` is its name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from email.errors import MessageError
from email.headerregistry import AddressHeader, DateHeader
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from io import BytesIO
from pathlib import PurePath
from typing import BinaryIO

from extractors.mentions.written_dates import iso_date
from extractors.readers.formats import contents as contents_of
from extractors.readers.formats import others_left_out
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.encoding import text_of
from extractors.readers.formats.media import kind_of_media
from extractors.readers.metadata import Metadata
from extractors.readers.problem import Problem, StoppedError, fault

BYTE_LIMIT = 60_000_000  # the parser needs nine times as much memory
DEPTH_LIMIT = 3  # mails and archives within each other
# The standard library's parser takes time and stack that grow with these; no mail comes near.
BOUNDARIES_LIMIT = 100
PART_LINES_LIMIT = 5_000  # lines that may begin a part
LINES_LIMIT = 2_000_000
COMPARED_LIMIT = 50_000_000  # lines times boundaries, each compared with each: seven seconds
LONG_HEADER = re.compile(
    rb"^(?:content-[a-z-]+|from|subject|date)[ \t]*:(?:[^\r\n]|\r?\n[ \t]){10000}", re.I | re.M
)
PART_LINE = re.compile(rb"^--", re.M)
BOUNDARY = re.compile(rb"boundary\s*=", re.I)
HEADERS = ("from", "date", "subject", "received", "mime-version", "content-type")
ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
# What the parser raises, beside its own errors, for headers that it does not understand.
BROKEN = (
    MessageError, AttributeError, IndexError, KeyError, LookupError, OverflowError, RecursionError,
    TypeError, ValueError,
)  # fmt: skip
QUOTE = ">"
SIGNATURE = re.compile(r"^--[ \u00a0]?\n.*", re.M | re.S)  # RFC 3676, with or without its blank
# "On 4 October 2022 at 10:00, A. Name <a@example.org> wrote:", over one or two lines
WROTE = re.compile(r"^On [^\n]{5,200}(?:\n[^\n]{1,200})?\bwrote:[ \t]*$", re.M)
# Without either in it ("On Tuesday the ministry wrote:"), what follows is the mail's own.
TIME_OR_ADDRESS = re.compile(r"\d:\d\d|@")
HISTORY = re.compile(
    r"^(?:-{2,} ?Original Message ?-{2,}|_{20,}\n+From: |From: [^\n]+\n(?:Sent|Date): ).*",
    re.M | re.S,
)
FORWARDED = re.compile(r"\s*(?:fwd?|wg|tr)\s*:", re.I)  # in a subject: what follows is meant
# Before a mail that is forwarded within another, and its header there.
FORWARDS = re.compile(
    r"^(?:> ?)?(?:-{2,} ?Forwarded (?:message|by)[^\n]*|Begin forwarded message:[ \t]*)$\n?",
    re.M | re.I,
)
HEADER = re.compile(r"\s*(?:^[A-Z][\w-]{1,15}: ?[^\n]*\n(?:[ \t]+\S[^\n]*\n)*)+", re.M)
EMPTY_LINES = re.compile(r"\n{3,}")


def contents(file: BinaryIO, reading: ReadOptions) -> Iterator[Content | Problem]:
    """The mail and its attachments. Raises ValueError where it is no mail or holds no text."""
    message = _parsed(file.read(BYTE_LIMIT + 1))
    try:
        metadata = _metadata(message)
        body, attachments = _parts(message)
    except BROKEN as error:
        raise ValueError("a broken mail") from error
    documents = 0
    try:
        text = _text(body, metadata.title or "", reading)
    except BROKEN as error:
        documents += 1
        yield Problem("", _cause(error, "a broken mail"))
    else:
        if text:
            documents += 1
            yield Content(text, metadata)
    others: Counter[str] = Counter()
    for number, part in enumerate(attachments, start=1):
        name = part.get_filename() or f"attachment {number}"
        kind = kind_of_media(part.get_content_type(), name)
        if kind is None:
            others[PurePath(name).suffix.lower() or "no extension"] += 1
            continue
        documents += 1
        yield from _attached(name, kind, part, reading)
    if others:
        yield Problem("", others_left_out(others), lost=False)
    if not documents:
        raise ValueError("a mail that holds no text")


def _parsed(data: bytes) -> EmailMessage:
    if not data.strip():
        raise ValueError("an empty file")
    if len(data) > BYTE_LIMIT:
        raise ValueError(f"a mail of more than {BYTE_LIMIT:,} bytes")
    if LONG_HEADER.search(data):
        raise ValueError("a mail with an oversized header")
    boundaries = len(BOUNDARY.findall(data))
    lines = data.count(b"\n") + data.count(b"\r")
    if lines > 2 * LINES_LIMIT or lines * boundaries > 2 * COMPARED_LIMIT:
        raise ValueError("a mail of too many lines")
    if boundaries > BOUNDARIES_LIMIT:
        raise ValueError("a mail nested too deeply")
    if len(PART_LINE.findall(data)) > PART_LINES_LIMIT:
        raise ValueError("a mail of too many parts")
    try:
        message = BytesParser(policy=default).parsebytes(data)
    except BROKEN as error:
        raise ValueError("a broken mail") from error
    assert isinstance(message, EmailMessage)
    if not any(name in message for name in HEADERS):
        raise ValueError("not a mail")
    if message.get_content_type() in ENCRYPTED:
        raise ValueError("an encrypted mail")
    return message


def _metadata(message: EmailMessage) -> Metadata:
    """The subject, the day as the sender's clock had it, and the sender's name or domain."""
    subject = " ".join(str(message.get("subject", "")).split())
    date, sender = message.get("date"), message.get("from")
    written = str(date or "").strip()
    moment = date.datetime if isinstance(date, DateHeader) else None
    published = moment.date().isoformat() if moment else iso_date(written)
    address = next(iter(sender.addresses), None) if isinstance(sender, AddressHeader) else None
    return Metadata(
        title=subject or None,
        published=published,
        unread_date=written if written and not published else None,
        publisher=(address.display_name or address.domain or None) if address else None,
    )


def _parts(message: EmailMessage) -> tuple[list[EmailMessage], list[EmailMessage]]:
    """The parts that are the mail's text, and its attachments."""
    first = message.get_body(("plain", "html"))
    body = [first] if isinstance(first, EmailMessage) else []
    attachments = []
    for part in message.iter_attachments() if message.is_multipart() else ():
        named = part.is_attachment() or part.get_filename()
        if not named and part.get_content_type() == "text/plain":
            body.append(part)  # text goes on behind a picture
        elif named or part.get_content_maintype() != "multipart":
            attachments.append(part)
    return body, attachments


def _text(body: list[EmailMessage], subject: str, reading: ReadOptions) -> str:
    texts = [_text_of_part(part, reading) for part in body]
    return own_words("\n\n".join(filter(None, texts)), subject)


def _text_of_part(part: EmailMessage, reading: ReadOptions) -> str:
    data, charset = _payload(part), part.get_content_charset()
    if not data.strip():
        return ""
    if part.get_content_type() == "text/html":
        within = replace(reading, url=None, charset=charset, part=None)
        found = contents_of(".html", BytesIO(data), within)
        return "\n\n".join(content.text for content in found if isinstance(content, Content))
    text = text_of(data, charset)
    if part.get_param("format", "") == "flowed":
        text = unflowed(text, delete_space=part.get_param("delsp", "") == "yes")
    return text


def _payload(part: EmailMessage) -> bytes:
    data = part.get_payload(decode=True)
    if data is None:  # a mail within a mail
        return b"".join(inner.as_bytes() for inner in part.iter_parts())
    assert isinstance(data, bytes)
    return data


def _attached(
    name: str, kind: str, part: EmailMessage, reading: ReadOptions
) -> Iterator[Content | Problem]:
    """The documents in an attachment."""
    if reading.depth >= DEPTH_LIMIT:
        yield Problem(name, "nested too deeply")
        return
    charset = part.get_content_charset()
    within = replace(reading, url=None, charset=charset, part=None, depth=reading.depth + 1)
    try:
        for found in contents_of(kind, BytesIO(_payload(part)), within):
            if isinstance(found, Problem):
                yield replace(found, path=f"{name}: {found.path}" if found.path else name)
            else:
                yield replace(found, place=f"{name}: {found.place}" if found.place else name)
    except BROKEN as error:
        yield Problem(name, _cause(error, "a broken attachment"))
    except Exception as error:  # whatever one attachment does, the next is read
        yield Problem(name, fault(error))


def _cause(error: Exception, otherwise: str) -> str:
    """What a reader said of a part, or that the parser did not understand it."""
    return str(error) if type(error) in (ValueError, StoppedError) else otherwise


def own_words(text: str, subject: str) -> str:
    """The text without what it quotes; a forwarded mail is not quoted."""
    text = "\n".join(line.rstrip() if line != "-- " else line for line in text.split("\n"))
    if not FORWARDED.match(subject):
        own, *forwarded = FORWARDS.split(text)
        text = "\n\n".join((_unquoted(own), *map(_unframed, forwarded)))
    return EMPTY_LINES.sub("\n\n", SIGNATURE.sub("", text)).strip()


def _unquoted(text: str) -> str:
    return _without_quotes(HISTORY.sub("", text))


def _unframed(text: str) -> str:
    """A forwarded mail without its header and the marks of quotation before all its lines."""
    lines = text.split("\n")
    if all(line.startswith(QUOTE) for line in lines if line):
        text = "\n".join(line[1:].removeprefix(" ") for line in lines)
    return _unquoted(HEADER.sub("", text, count=1) if HEADER.match(text) else text)


def _without_quotes(text: str) -> str:
    """The text without its quoted lines and the line that announces them.

    Where no line is quoted after "... wrote:", all that follows is the mail that is answered.
    """
    found = next(filter(_announces, WROTE.finditer(text)), None)
    if found:
        if not text[found.end() :].lstrip().startswith(QUOTE):
            return text[: found.start()]
        text = WROTE.sub(lambda line: "" if _announces(line) else line[0], text)
    return "\n".join(line for line in text.split("\n") if not line.startswith(QUOTE))


def _announces(line: re.Match[str]) -> bool:
    return TIME_OR_ADDRESS.search(line[0]) is not None


def unflowed(text: str, *, delete_space: bool = False) -> str:
    """The text of ``format=flowed`` (RFC 3676) with each paragraph on one line."""
    return "\n".join(_paragraphs(text, delete_space))


def _paragraphs(text: str, delete_space: bool) -> Iterator[str]:
    paragraph = ""
    depth = 0
    for line in text.split("\n"):
        quoted = len(line) - len(line.lstrip(QUOTE))
        words = line[quoted:].removeprefix(" ")
        if paragraph and quoted != depth:
            yield paragraph
            paragraph = ""
        depth = quoted
        if words == "-- ":
            if paragraph:
                yield paragraph
            yield words
            paragraph = ""
            continue
        start = paragraph or (QUOTE * quoted + " " if quoted else "")
        if words.endswith(" "):
            paragraph = start + (words[:-1] if delete_space else words)
        else:
            yield start + words
            paragraph = ""
    if paragraph:
        yield paragraph

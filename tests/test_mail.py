"""Mails: what the sender has written, and what is attached."""

from __future__ import annotations

import random
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO

import pytest

from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.texts import mail
from extractors.readers.formats.texts.mail import own_words, unflowed
from extractors.readers.problem import Problem

WORDS = "Norway sent 22 howitzers to Ukraine – its first – and paid €4 million for them."
HEAD = b"From: Press <press@example.org>\r\nDate: Tue, 4 Oct 2022 23:30:00 +0200\r\n"


def read(data: bytes, depth: int = 0) -> list[Content | Problem]:
    return list(mail.contents(BytesIO(data), ReadOptions(depth=depth)))


def only(data: bytes) -> Content:
    (found,) = read(data)
    assert isinstance(found, Content)
    return found


def letter(text: str = WORDS) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Howitzers for Ukraine – at last"
    message["From"] = "Press Office <press@example.org>"
    message["Date"] = "Tue, 04 Oct 2022 23:30:00 +0200"
    message.set_content(text)
    return message


def test_headers_are_the_metadata() -> None:
    found = only(letter().as_bytes(policy=SMTP))
    assert found.text == WORDS
    assert found.metadata.title == "Howitzers for Ukraine – at last"
    assert found.metadata.publisher == "Press Office"
    assert found.metadata.published == "2022-10-04"


@pytest.mark.parametrize(
    ("header", "published", "unread"),
    [
        (b"Date: 4 Oct 2022 10:00 +0000", "2022-10-04", None),
        (b"Date: one of these days", None, "one of these days"),
        (b"X-Nothing: here", None, None),
    ],
)
def test_dates(header: bytes, published: str | None, unread: str | None) -> None:
    found = only(b"From: press@example.org\r\n" + header + b"\r\n\r\nTen tanks.\r\n").metadata
    assert (found.published, found.unread_date) == (published, unread)
    assert found.publisher == "example.org"


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_encodings(encoding: str, charset: str) -> None:
    message = letter()
    message.set_content(WORDS, charset=charset, cte=encoding)
    assert only(message.as_bytes()).text == WORDS


def test_an_unknown_charset_is_found_out() -> None:
    data = HEAD + b"Content-Type: text/plain; charset=x-nowhere\r\n\r\n" + WORDS.encode()
    assert only(data).text == WORDS


def test_html_is_read_where_there_is_no_plain_text() -> None:
    html = f"<html><body><p>{WORDS}</p><ul><li>4 trucks</li><li>6 tents</li></ul></body></html>"
    message = letter()
    message.set_content(html, subtype="html")
    assert only(message.as_bytes()).text.split("\n\n") == [WORDS, "- 4 trucks\n- 6 tents"]
    both = letter("In plain words: 9 tanks.")
    both.add_alternative(html, subtype="html")
    assert only(both.as_bytes()).text == "In plain words: 9 tanks."


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Ten tanks.\n-- \nA. Name\n+47 555 100", "Ten tanks."),
        ("Ten tanks.\n\nOn 4 Oct 2022, at 10:00, B. Name <b@example.org> wrote:\n\n> 40 of them\n"
         "> or 50\n\nNo, ten.", "Ten tanks.\n\nNo, ten."),
        ("Ten tanks.\n\nOn 4 Oct 2022 at 10:00, B. Name\n<b@example.org> wrote:\n\nSend 40.",
         "Ten tanks."),
        ("Ten tanks.\n\n-----Original Message-----\nFrom: B\nSend 40.", "Ten tanks."),
        ("Ten tanks.\n\nFrom: B. Name\nSent: Monday\nTo: A\n\nSend 40.", "Ten tanks."),
        ("On Tuesday the office\nwrote:\n\n4 more.", "On Tuesday the office\nwrote:\n\n4 more."),
        ("Ten tanks -- and 4 more.\n\n-----\nOn Monday she wrote: 6 later.",
         "Ten tanks -- and 4 more.\n\n-----\nOn Monday she wrote: 6 later."),
    ],
    ids=["signature", "quotes between", "all below", "original message", "outlook",
         "a sentence", "none of it"],
)  # fmt: skip
def test_what_the_writer_wrote(text: str, own: str) -> None:
    assert own_words(text, "Re: tanks") == own


def test_a_forwarded_mail_is_meant() -> None:
    text = "See below.\n\n-----Original Message-----\nFrom: B\n\nForty tanks."
    assert own_words(text, "FW: tanks") == text


def test_flowed_lines_are_joined() -> None:
    text = "Ten tanks \nwere sent \nby rail.\n\n> Forty \n> more.\n-- \nA. Name"
    assert unflowed(text) == "Ten tanks were sent by rail.\n\n> Forty more.\n-- \nA. Name"
    assert unflowed("vierz \nig", delete_space=True) == "vierzig"
    data = HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\nTen \r\ntanks.\r\n-- \r\nA. Name"
    assert only(data).text == "Ten tanks."


def test_attachments_are_documents_of_their_own() -> None:
    inner = letter("Six trucks were sent.")
    message = letter()
    message.add_attachment("Four tanks were sent.", filename="note.txt")
    message.add_attachment(b"\x89PNG\r\n", maintype="image", subtype="png", filename="logo.png")
    message.add_attachment(
        b"---\ndate: 2022-09-01\n---\nTwo.\n", maintype="application", subtype="octet-stream",
        filename="older.md",
    )  # fmt: skip
    message.add_attachment(b"PK\x03\x04", maintype="application", subtype="pdf", filename="a.pdf")
    message.add_attachment(inner)
    body, note, older, broken, nested, remark = read(message.as_bytes())
    assert isinstance(body, Content)
    assert body.text == WORDS
    assert isinstance(note, Content)
    assert (note.text.strip(), note.place) == ("Four tanks were sent.", "note.txt")
    assert isinstance(older, Content)
    assert older.metadata.published == "2022-09-01"
    assert broken == Problem("a.pdf", "not a pdf")
    assert isinstance(nested, Content)
    assert (nested.text, nested.place) == ("Six trucks were sent.", "attachment 5")
    assert remark == Problem("", "1 file of other kinds left out (.png 1)", lost=False)


def test_mails_within_mails_end_somewhere() -> None:
    message = letter("The innermost, with 3 tanks.")
    for depth in range(5):
        outer = letter(f"Number {depth}.")
        outer.add_attachment(message)
        message = outer
    *contents, problem = read(message.as_bytes())
    assert len(contents) == mail.DEPTH_LIMIT + 1
    assert problem == Problem("attachment 1: attachment 1: attachment 1: attachment 1",
                              "nested too deeply")  # fmt: skip


def test_an_attachment_is_read_where_the_text_cannot_be() -> None:
    message = letter("\x01\x02\x03\x04\x05\x06" * 20)
    message.add_attachment("Four tanks were sent.", filename="note.txt")
    problem, note = read(message.as_bytes())
    assert problem == Problem("", "a binary file, not text")
    assert isinstance(note, Content)


DEEP = b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)
)

PARTS = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (lambda: b" \n", "an empty file"),
        (lambda: b"Only words, and no headers.\n", "not a mail"),
        (lambda: HEAD + b"\r\n", "a mail that holds no text"),
        (lambda: HEAD + DEEP, "a mail nested too deeply"),
        (lambda: b"Content-Type: message/rfc822\r\n\r\n" * 3000, "a broken mail"),
        (lambda: b"Subject: " + b"a" * 20_000 + b"\r\n\r\nx", "a mail with an oversized header"),
        (lambda: b"From: " + b"(" * 2000 + b"\r\n\r\nTen tanks.", "a broken mail"),
        (lambda: HEAD + b"\r\n" + b"x\n" * 5_000_000, "a mail of too many lines"),
        (lambda: HEAD + PARTS * 90 + b"x\n" * 1_200_000, "a mail of too many lines"),
        (lambda: HEAD + PARTS + b"--b\r\n\r\n" * 9999, "a mail of too many parts"),
        (lambda: HEAD + b"Content-Type: application/pkcs7-mime\r\n\r\nabc", "an encrypted mail"),
    ],
)  # fmt: skip
def test_what_cannot_be_read(data: Callable[[], bytes], cause: str) -> None:
    with pytest.raises(ValueError, match=f"^{cause}$"):
        read(data())


def test_a_mail_beyond_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "BYTE_LIMIT", 50)
    with pytest.raises(ValueError, match="more than 50 bytes"):
        read(HEAD + b"\r\nTen tanks.")


def test_damage_is_a_value_error_or_harmless(capfd: pytest.CaptureFixture[str]) -> None:
    rng = random.Random(5)
    message = letter()
    message.add_alternative(f"<p>{WORDS}</p>", subtype="html")
    message.add_attachment("Four tanks.", filename="note.txt")
    sound = message.as_bytes()
    for _ in range(400):
        data = bytearray(sound[: rng.randrange(1, len(sound))] if rng.random() < 0.3 else sound)
        for _ in range(rng.randrange(15)):
            data[rng.randrange(len(data))] = rng.choice(b'\r\n\0=;:"<>()[],\xff?') or 0
        try:
            found = read(bytes(data))
        except ValueError as error:
            found = [Problem("", str(error))]
        assert all("\n" not in str(part) for part in found if isinstance(part, Problem))
    assert capfd.readouterr() == ("", "")


FORWARDED_HEAD = "From: C <c@example.org>\nDate: Mon, 3 Oct 2022\nSubject: aid\nTo: b@example.org\n"


@pytest.mark.parametrize(
    "mark",
    [
        "---------- Forwarded message ---------", "---------- Forwarded message ----------",
        "-------- Forwarded Message --------", "Begin forwarded message:",
        "---- Forwarded by A. Name on 4 October ----",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("before", "after", "own"),
    [
        ("See below.\n\n", "\nNorway gave 14 guns.\n", "See below.\n\nNorway gave 14 guns."),
        ("", "\nNorway gave 14 guns.\n", "Norway gave 14 guns."),
        ("", "\n14 guns came.\n\n> 99 old guns\n", "14 guns came."),
        ("Mine.\n> 99 old guns\n", "\n14 guns came.\n-- \nC. Name\n", "Mine.\n\n14 guns came."),
    ],
)
def test_what_a_mail_forwards_is_read(mark: str, before: str, after: str, own: str) -> None:
    text = f"{before}{mark}\n{FORWARDED_HEAD}{after}"
    assert own_words(text, "Norway") == own
    quoted = "".join(
        f"> {line}\n" if line else ">\n" for line in f"{FORWARDED_HEAD}{after}".split("\n")
    )
    if "old guns" not in after and "--" not in after:
        assert own_words(f"{before}{mark}\n{quoted}", "Norway") == own


def test_what_a_mail_answers_is_not_read() -> None:
    answered = "-----Original Message-----\n" + FORWARDED_HEAD + "\n99 guns.\n"
    assert own_words(f"14 guns came.\n\n{answered}", "Re: guns") == "14 guns came."

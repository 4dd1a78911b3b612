"""What the writer of a mail has written: without quoted mails and the signature."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
EMPTY_LINES = re.compile(r"\n{3,}")


def own_words(text: str, subject: str) -> str:
    """The text without what it quotes; a forwarded mail is not quoted."""
    text = "\n".join(line.rstrip() if line != "-- " else line for line in text.split("\n"))
    if not FORWARDED.match(subject):
        text = HISTORY.sub("", text)
        text = _without_quotes(text)
    return EMPTY_LINES.sub("\n\n", SIGNATURE.sub("", text)).strip()


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

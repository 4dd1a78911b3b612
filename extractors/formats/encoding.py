"""From the bytes of a text file to its characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import TextIOWrapper
from typing import BinaryIO

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# The five bytes that Windows-1252 leaves undefined stay control characters, so that none is lost.
WINDOWS_1252 = {n: bytes([n]).decode("cp1252", "ignore") or chr(n) for n in range(0x80, 0xA0)}
CONTROL = {chr(n) for n in (*range(0x20), *range(0x7F, 0xA0))} - set("\t\n\r\f\x0b\x85")
CONTROL_LIMIT = 0.05  # a file with a greater share of control characters is not text
LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # JSON can spell them; no file can hold them
HEAD = 8192  # bytes or characters looked at for that


def text_of(data: bytes) -> str:
    """The text in the bytes of a file, line ends as ``\\n``. Raises ValueError if there is none."""
    text = decode(data)
    if not text.strip():
        raise ValueError("an empty file")
    if _is_binary(text[:HEAD]):
        raise ValueError("a binary file, not text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode(data: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, else Windows-1252.

    Raises ValueError for broken UTF-16.
    """
    if data.startswith(UTF16_MARKS):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise ValueError(f"broken UTF-16 at byte {error.start}") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1").translate(WINDOWS_1252)


def decoded_lines(file: BinaryIO) -> Iterator[str]:
    head = file.read(HEAD)
    file.seek(0)
    if head.startswith(UTF16_MARKS):
        return iter(TextIOWrapper(file, "utf-16"))
    if b"\0" in head:
        raise ValueError("a binary file, not JSON lines")
    return map(decode, file)


def _is_binary(head: str) -> bool:
    return "\0" in head or sum(c in CONTROL for c in head) > CONTROL_LIMIT * len(head)

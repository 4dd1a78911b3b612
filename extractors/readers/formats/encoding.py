"""From the bytes of a text file to its characters.

In this order: the mark at its start, the encoding that it declares, UTF-16 or UTF-32 without a
mark, UTF-8, what charset-normalizer finds where it can be sure, Windows-1252. No byte is lost:
one that is broken in its encoding stands as its Windows-1252 character.

:func:`mended` undoes what another program did before: UTF-8 that was once decoded as Windows-1252
(``\u00e2\u201a\u00ac`` for the sign of the euro).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from io import TextIOWrapper
from typing import IO, AnyStr, BinaryIO

MARKS = {  # UTF-32 first: its mark begins with that of UTF-16
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
# The five bytes that Windows-1252 leaves undefined stay control characters, so that none is lost.
WINDOWS_1252 = {n: bytes([n]).decode("cp1252", "ignore") or chr(n) for n in range(0x80, 0xA0)}
BROKEN_BYTE = re.compile("[\udc80-\udcff]")  # how Python's "surrogateescape" keeps one
ASCII = bytes(range(0x80))
BROKEN_SHARE = 0.1  # of the bytes beyond ASCII: with more of them, it is another encoding
# Declared as these, a text is Windows-1252 wherever the two differ (WHATWG Encoding Standard).
WESTERN = {"ascii", "iso8859-1", "cp1252"}
CONTROL = {chr(n) for n in (*range(0x20), *range(0x7F, 0xA0))} - set("\t\n\r\f\x0b\x85")
CONTROL_LIMIT = 0.05  # a file with a greater share of control characters is not text
# JSON, Parquet and mail can spell them; no file of text can hold half a character, and not every
# database a NUL.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
HEAD = 8192  # bytes or characters looked at for that
LINE_LIMIT = 100_000_000  # bytes of a line; one is held in memory at a time
SAMPLE = 1 << 18  # bytes from which the encoding is found out

# UTF-8 read as Windows-1252: its first byte, as many others behind it as that says. Signs, dashes,
# quotation marks and Latin letters; those of the two further rows of Latin only before a letter.
BYTE_OF = {chr(n): n for n in range(0x80, 0xC0)} | {c: n for n, c in WINDOWS_1252.items()}
_LATER = f"[{re.escape(''.join(BYTE_OF))}]"
MISREAD = re.compile(
    f"[\u00c2\u00c3]{_LATER}|\u00e2{_LATER}{{2}}|[\u00c4\u00c5]{_LATER}(?=[a-z])"
    f"|\u00e2\u20ac(?=[\\s.,;:]|$)"  # a closing quotation mark whose last byte was dropped
)
MISREAD_TIMES = 3  # at most, each by another program

# What texts of this field are written in where it is not Unicode; the fewer, the surer the answer.
OLD_ENCODINGS = [
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2",
    "koi8_r", "koi8_u", "cp866", "cp932", "euc_jp", "gb18030", "big5", "euc_kr",
]  # fmt: skip
OTHER_SCRIPT = 0.5  # a greater share of bytes beyond ASCII is another script than the Latin one
FEW_BYTES = 10  # so few of them tell nothing
# In the Latin script the encodings differ by a letter here and there, and a text in a Western
# language that is taken for another one turns its signs of money into letters. So an answer counts
# only for the languages that Windows-1252 cannot write, in charset-normalizer's names.
NOT_WESTERN = {
    "Croatian", "Czech", "Estonian", "Hungarian", "Latvian", "Lithuanian", "Polish", "Romanian",
    "Slovak", "Slovene", "Turkish",
}  # fmt: skip
COHERENT = 0.5  # charset-normalizer's measure of how much the letters are those of the language


def text_of(data: bytes, declared: str | None = None) -> str:
    """The text in the bytes of a file, line ends as ``\\n``. Raises ValueError if there is none."""
    text = decode(data, declared)
    if not text.strip():
        raise ValueError("an empty file")
    if _is_binary(text[:HEAD]):
        raise ValueError("a binary file, not text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode(data: bytes, declared: str | None = None) -> str:
    """The characters of a text in whatever encoding; ``declared`` is the name of one, if known.

    A declaration that does not fit the bytes is passed over. Raises ValueError for broken UTF-16
    or UTF-32 behind their mark.
    """
    marked = _marked(data)
    if marked is not None:
        return marked
    if declared and not data.startswith(codecs.BOM_UTF8):
        found = _as_declared(data, declared)
        if found is not None:
            return found
    for reading in (_wide, _utf8, _old):
        found = reading(data)
        if found is not None:
            return found
    return _western(data)


def storable(text: str) -> str:
    """The text with U+FFFD, character for character, for what cannot be stored everywhere."""
    return UNSTORABLE.sub("\ufffd", text)


def mended(text: str) -> str:
    """The text as it was before it was decoded with the wrong table, wherever that shows."""
    for _ in range(MISREAD_TIMES):
        if not MISREAD.search(text):
            break
        text = MISREAD.sub(_as_meant, text)
    return text


def _as_meant(found: re.Match[str]) -> str:
    if len(found[0]) == 2 and found[0][0] == "\u00e2":
        return "\u201d"
    data = bytes(BYTE_OF.get(char, ord(char)) for char in found[0])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:  # no character of UTF-8: it stands as it is meant
        return found[0]


def decoded_lines(file: BinaryIO) -> Iterator[str]:
    """The lines of a file, one at a time: UTF-16 and UTF-32 with a mark, UTF-8, Windows-1252."""
    head = file.read(HEAD)
    file.seek(0)
    for mark, encoding in MARKS.items():
        if head.startswith(mark):
            return _lines(TextIOWrapper(file, encoding))
    if b"\0" in head:
        raise ValueError("a binary file, not text")
    return utf8_lines(file)


def utf8_lines(file: BinaryIO) -> Iterator[str]:
    """The lines of a file from where it stands, one at a time, each UTF-8 or Windows-1252."""
    return map(_utf8_or_western, _lines(file))


def _lines(file: IO[AnyStr]) -> Iterator[AnyStr]:
    """Raises ValueError for a line that would fill the memory."""
    while line := file.readline(LINE_LIMIT):
        if len(line) == LINE_LIMIT:
            raise ValueError(f"a line of more than {LINE_LIMIT:,} bytes")
        yield line


def _marked(data: bytes) -> str | None:
    encoding = next((name for mark, name in MARKS.items() if data.startswith(mark)), None)
    if encoding is None:
        return None
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(f"broken {encoding.upper()} at byte {error.start}") from error


def _as_declared(data: bytes, declared: str) -> str | None:
    try:
        name = codecs.lookup(declared).name
        if name in WESTERN:
            return _utf8_or_western(data)  # many pages that declare these are in UTF-8
        if name.startswith("utf-8"):
            return _utf8(data)
        return data.decode(name)
    except (LookupError, ValueError):  # no name of an encoding, or not that of this text
        return None


def _utf8(data: bytes) -> str | None:
    """UTF-8, also where a byte in many is broken: a file cut within a character, or glued."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("utf-8-sig", "surrogateescape")
    if len(BROKEN_BYTE.findall(text)) > BROKEN_SHARE * _beyond_ascii(data):
        return None
    return BROKEN_BYTE.sub(lambda found: _western(bytes([ord(found[0]) - 0xDC00])), text)


def _wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: zeros stand among the bytes, none among the characters."""
    if b"\0" not in data[:HEAD]:
        return None
    for encoding in WIDE:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        head = text[:HEAD]  # in the wrong order of bytes, neither blanks nor line ends are found
        if (head.isascii() or " " in head or "\n" in head) and not _is_binary(head):
            return text
    return None


def _old(data: bytes) -> str | None:
    """What charset-normalizer finds in the bytes, where it can be sure."""
    from charset_normalizer import from_bytes  # only for a text that is not Unicode

    sample = data[:SAMPLE].rpartition(b"\n")[0] if len(data) > SAMPLE else data
    found = from_bytes(sample, cp_isolation=OLD_ENCODINGS, enable_fallback=False)
    best = found.best()
    if best is None:
        return None
    beyond_ascii = _beyond_ascii(sample)
    other_script = beyond_ascii > max(FEW_BYTES, OTHER_SCRIPT * len(sample))
    western = any(m.encoding == "cp1252" and m.coherence >= best.coherence for m in found)
    sure = best.language in NOT_WESTERN and best.coherence >= COHERENT and not western
    if not (other_script or sure):
        return None
    try:
        return data.decode(best.encoding)
    except UnicodeDecodeError:
        return None


def _utf8_or_western(data: bytes) -> str:
    text = _utf8(data)
    return _western(data) if text is None else text


def _western(data: bytes) -> str:
    return data.decode("latin-1").translate(WINDOWS_1252)


def _beyond_ascii(data: bytes) -> int:
    """How many bytes are not of ASCII."""
    return len(data.translate(None, delete=ASCII))


def _is_binary(head: str) -> bool:
    return "\0" in head or sum(c in CONTROL for c in head) > CONTROL_LIMIT * len(head)

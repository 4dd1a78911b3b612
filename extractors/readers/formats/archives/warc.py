"""WARC files of web archives: every page that was fetched, one record at a time."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email.message import Message
from gzip import BadGzipFile, GzipFile
from http.client import HTTPException, parse_headers
from io import BytesIO, RawIOBase
from typing import BinaryIO

from fastwarc.stream_io import BrotliReader, WarcReader
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from extractors.mentions.written_dates import iso_date
from extractors.readers.formats import contents as contents_of
from extractors.readers.formats.archives.allowance import Allowance, BombError
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.inflating import GZIP, GZIP_FRAME, NO_FRAME, ZLIB_FRAME, inflated
from extractors.readers.formats.media import charset_of_media, kind_of_media
from extractors.readers.problem import Problem, fault, one_line

NOT_PAGES = {".zip", ".warc", ".warc.gz"}  # archives that lay on the web are no pages of it
PAGE_LIMIT = 50_000_000  # bytes of a page, as it was sent and decoded; it is held in memory
TOO_LARGE = f"a page of more than {PAGE_LIMIT // 1_000_000} MB"
LINE_LIMIT = 10_000  # bytes of the line in which a server says how it went
PIECE = 1 << 20  # bytes of a record read at a time
CHUNK = re.compile(rb"(?:\r?\n)?([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")


class BrokenError(ValueError):
    """A WARC whose records can no longer be told apart."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole record: what was asked for, the day, and the answer (empty where it is none)."""

    url: str
    day: str | None
    answer: bytes


def contents(file: BinaryIO, reading: ReadOptions) -> Iterator[Content | Problem]:
    """The pages of a web archive that came with status 200; records of other kinds are passed over.

    A page's url is the one that was asked for, and ``accessed`` the day. A page that cannot be read
    is a problem with its url as place; of a file that is cut off, the whole records are read.
    Raises ValueError for a file that is no WARC, for one without a page, and for a bomb.
    """
    allowance = Allowance()
    within = replace(reading, depth=reading.depth + 1, part=None)
    records = pages = 0
    try:
        for fetched in _fetched(_Unpacked(file, allowance)):
            records += 1
            for found in _page(fetched, within, allowance):
                pages += 1
                yield found
    except BrokenError as error:
        if not records:
            raise ValueError(f"{error} in its first record, or not a WARC file") from error
        yield Problem("", f"{error} after {_counted(records)}")
    else:
        if not pages:
            raise ValueError(f"holds no page that is read in {_counted(records)}")


def _fetched(file: _Unpacked) -> Iterator[Fetched]:
    """The whole records of a WARC. Raises BrokenError where they end before the file should.

    The library is kept to the frame of records and reads at most what is asked for. Its parsing of
    HTTP gives up the file at the first broken header, and its ``freeze`` asks for as much memory
    as a record claims to need, which ends the process.
    """
    try:
        for record in ArchiveIterator(
            file, parse_http=False, stream_detect=False, fsspec_args=False
        ):
            yield Fetched(
                url=one_line((record.headers.get("WARC-Target-URI") or "").strip("<> ")),
                day=iso_date(record.headers.get("WARC-Date") or ""),
                answer=_block(record),
            )
    except OSError as error:
        raise BrokenError("broken or cut off") from error
    if file.cause:
        raise BrokenError(file.cause)


def _block(record: WarcRecord) -> bytes:
    """What the record holds, to just beyond the limit of a page; nothing where it is no answer."""
    if not (record.headers.get("Content-Length") or "").strip().isdecimal():
        raise BrokenError("broken or cut off")
    length = record.content_length
    wanted = PAGE_LIMIT + 1 if record.record_type == WarcRecordType.response else 0
    answer = _at_most(wanted, record.reader)
    if len(answer) + record.consume() < length:
        raise BrokenError("cut off")
    return answer


def _page(
    fetched: Fetched, reading: ReadOptions, allowance: Allowance
) -> Iterator[Content | Problem]:
    """The documents of one answer; none where it is not of a kind that is read."""
    try:
        answer = BytesIO(fetched.answer)
        status = answer.readline(LINE_LIMIT).split()[:2]
        if len(status) < 2 or not status[0].startswith(b"HTTP/") or status[1] != b"200":
            return
        headers = _headers(answer)
        media_type = str(headers.get("Content-Type", ""))
        kind = kind_of_media(media_type, fetched.url)
        if kind is None or kind in NOT_PAGES:
            return
        if len(fetched.answer) > PAGE_LIMIT:
            raise ValueError(TOO_LARGE)
        body = _decoded(answer.read(), headers)
        allowance.spend(len(body))
        sent_as = replace(reading, url=fetched.url, charset=charset_of_media(media_type))
        for found in contents_of(kind, BytesIO(body), sent_as):
            yield _dated(found, fetched)
    except BombError:
        raise
    except ValueError as error:
        yield Problem(fetched.url, str(error))
    except Exception as error:  # whatever one page does, the next is read
        yield Problem(fetched.url, fault(error))


def _headers(answer: BytesIO) -> Message:
    try:
        return parse_headers(answer)
    except HTTPException as error:
        raise ValueError("broken HTTP headers") from error


def _dated(found: Content | Problem, fetched: Fetched) -> Content | Problem:
    """What was found on a page, with the page's url as its place and the day as that of access.

    Where the page is one document, the url is the document's too.
    """
    if isinstance(found, Problem):
        return replace(found, path=": ".join(filter(None, (fetched.url, found.path))))
    url = found.metadata.url if found.place else None
    metadata = replace(found.metadata, url=url or fetched.url or None, accessed=fetched.day)
    place = ": ".join(filter(None, (fetched.url, found.place)))
    return replace(found, metadata=metadata, place=place)


def _decoded(body: bytes, headers: Message) -> bytes:
    """The body without the encodings in which it was sent. Raises ValueError where one is broken.

    Crawlers that store the body decoded often leave its headers as they were, so that a body which
    does not begin as its encoding does is taken as it is.
    """
    names = [*headers.get_all("Content-Encoding", []), *headers.get_all("Transfer-Encoding", [])]
    for name in reversed(",".join(names).split(",")):
        decoding = DECODINGS.get(name.strip().lower())
        if decoding is None:
            raise ValueError(f"sent in an unknown encoding ({one_line(name.strip()[:20])})")
        try:
            body = decoding(body)
        except (zlib.error, OSError) as error:
            raise ValueError(f"broken in its encoding ({name.strip()})") from error
        if len(body) > PAGE_LIMIT:
            raise ValueError(TOO_LARGE)
    return body


def _unchanged(body: bytes) -> bytes:
    return body


def _unchunked(body: bytes) -> bytes:
    chunks, end = [], 0
    while found := CHUNK.match(body, end):
        end = found.end() + int(found[1], 16)
        chunks.append(body[found.end() : end])
        if not chunks[-1]:
            return b"".join(chunks)
    if chunks:
        raise ValueError("cut off, or broken, between its chunks")
    return body


def _gunzipped(body: bytes) -> bytes:
    return _inflated(body, GZIP_FRAME) if body.startswith(GZIP) else body


def _deflated(body: bytes) -> bytes:
    """What servers call deflate: with zlib's header, as it should be, or without one."""
    try:
        return _inflated(body, ZLIB_FRAME)
    except zlib.error:
        return _inflated(body, NO_FRAME)


def _inflated(body: bytes, frame: int) -> bytes:
    """All of it, or somewhat more than the limit of a page."""
    parts, length = [], 0
    try:
        for part in inflated([body], frame):
            parts.append(part)
            length += len(part)
            if length > PAGE_LIMIT:
                break
    except EOFError as error:
        raise ValueError("cut off within its compression") from error
    return b"".join(parts)


def _unbrotlied(body: bytes) -> bytes:
    return _at_most(PAGE_LIMIT + 1, BrotliReader(BytesIO(body)))


DECODINGS: dict[str, Callable[[bytes], bytes]] = {
    "": _unchanged,
    "identity": _unchanged,
    "chunked": _unchunked,
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "deflate": _deflated,
    "br": _unbrotlied,
}


class _Unpacked(RawIOBase):
    """A WARC without the gzip around its records, with all that the library asks of a file.

    Where the file is cut off, its end comes and ``cause`` says so: an error would take with it the
    whole records before, which the library has asked for but not yet given.
    """

    def __init__(self, file: BinaryIO, allowance: Allowance) -> None:
        start = file.read(len(GZIP))
        if not start:
            raise ValueError("an empty file")
        file.seek(0)
        self.cause: str | None = None
        self._file, self._packed = file, GzipFile(fileobj=file) if start == GZIP else None
        self._allowance = allowance
        self._position = 0

    def tell(self) -> int:
        return self._position

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._packed.read1(size) if self._packed else self._file.read(size)
        except EOFError:
            self.cause = "cut off"
        except (BadGzipFile, zlib.error):
            self.cause = "broken or cut off"
        if self.cause:
            return b""
        self._position += len(data)
        self._allowance.packed = self._file.tell()
        self._allowance.spend(len(data))
        return data


def _at_most(size: int, reader: WarcReader) -> bytes:
    """What a stream holds, to so many bytes. Raises OSError where it is broken."""
    pieces = []
    while size > 0 and (piece := reader.read(min(size, PIECE))):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _counted(records: int) -> str:
    return "1 record" if records == 1 else f"{records:,} records"

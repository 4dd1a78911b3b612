"""Paths to sources: files of every format (:mod:`extractors.readers.formats`), folders of them,
addresses of the web, and standard input.

Line ends become ``\n``, but not those within JSON; otherwise a plain text is kept as it stands,
character for character. The offsets of figures refer to the clean text, which the store keeps.

A path that cannot be read gives a :class:`Problem` and the others are read all the same.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from extractors.mentions.written_dates import (
    FIRST_PUBLISHED,
    LAST_PUBLISHED,
    iso_date,
    published_on,
)
from extractors.readers.clock import within
from extractors.readers.dating import day_of
from extractors.readers.formats import KINDS, contents, kind_of, others_left_out
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.encoding import mended, storable, text_of
from extractors.readers.formats.own import OUTPUT, is_own
from extractors.readers.problem import Problem, ReadError, attempt, fault
from extractors.text.language import foreign_language, read_of
from ledger.figure import Source, make_source

if TYPE_CHECKING:
    from extractors.readers.fetching import Fetched

STDIN = "-"
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.I)
USER = re.compile(r"(?<=://)[^/?#]*@")  # name and password in an address: neither sent nor shown


def read(
    path: str | Path, *, published: str | None = None, reading: ReadOptions | None = None
) -> list[Source]:
    """The documents of a file, of a folder, at an address (http, https), or of standard input
    (``-``).

    ``published`` (an ISO date) takes the place of the date that :mod:`extractors.readers.dating`
    finds; ``reading`` says how files are read. Raises ReadError at the first problem; use
    :func:`read_all` to go on and collect the problems.
    """
    sources = []
    for result in read_all([path], published=published, reading=reading):
        if isinstance(result, Source):
            sources.append(result)
        elif result.lost:
            raise ReadError(result)
    return sources


def read_all(
    paths: Iterable[str | Path],
    *,
    published: str | None = None,
    reading: ReadOptions | None = None,
) -> Iterator[Source | Problem]:
    """The documents of many paths in order, one at a time, with the problems met on the way."""
    for file in files_of(paths):
        if isinstance(file, Problem):
            yield file
        else:
            yield from read_file(file, published=published, reading=reading)


def files_of(paths: Iterable[str | Path], *, may_be_empty: bool = False) -> Iterator[str | Problem]:
    """The files that the paths name, in order: folders are walked, and all else stays as it is.

    A folder without any document is a problem unless it ``may_be_empty``.
    """
    for path in paths:
        if str(path) != STDIN and os.path.isdir(path):
            yield from _files_below(Path(path), may_be_empty)
        else:
            yield str(path)


def read_file(
    path: str, *, published: str | None = None, reading: ReadOptions | None = None
) -> Iterator[Source | Problem]:
    """The documents of one file, at one address, or of standard input (``-``)."""
    name = "standard input" if path == STDIN else path
    if ADDRESS.match(path):
        name = USER.sub("", path)
    reading = reading or ReadOptions()
    return _documents(name, _contents_of(path, reading), published, reading.time_limit)


def read_fetched(
    url: str,
    fetched: Fetched,
    *,
    published: str | None = None,
    reading: ReadOptions | None = None,
) -> Iterator[Source | Problem]:
    """The documents of what an address has given."""
    reading = reading or ReadOptions()
    found = _contents_fetched(fetched, reading)
    return _documents(USER.sub("", url), found, published, reading.time_limit)


def read_opened(
    file: BinaryIO,
    kind: str,
    name: str,
    *,
    published: str | None = None,
    reading: ReadOptions | None = None,
) -> Iterator[Source | Problem]:
    """The documents of a seekable file of a kind that is open; problems call it by its name."""
    reading = reading or ReadOptions()
    return _documents(name, contents(kind, file, reading), published, reading.time_limit)


def _documents(
    name: str, found: Iterator[Content | Problem], published: str | None, seconds: float
) -> Iterator[Source | Problem]:
    try:
        while (content := within(seconds, partial(next, found, None))) is not None:
            if isinstance(content, Problem):
                yield replace(content, path=_within(name, content.path))
                continue
            place = _within(name, content.place)
            made = attempt(place, _source, place, name, content, published, foreseen=())
            yield from (made,) if isinstance(made, Problem) else made
    except OSError as error:
        yield Problem(name, _reason(error))
    except ValueError as error:
        yield Problem(name, str(error))
    except Exception as error:  # whatever one file does to its reader, the next is read
        yield Problem(name, fault(error))


def _within(name: str, place: str) -> str:
    return f"{name}: {place}" if place else name


def _contents_of(path: str, reading: ReadOptions) -> Iterator[Content | Problem]:
    if path == STDIN:
        text = text_of(sys.stdin.buffer.read())
        if is_own(text):
            raise ValueError(OUTPUT)
        yield Content(text)
        return
    if ADDRESS.match(path):
        yield from _fetched(path, reading)
        return
    if not os.path.exists(path):
        raise ValueError("no such file or folder")
    if not os.path.isfile(path):
        raise ValueError("not a regular file")
    kind = kind_of(path)
    if kind is None and path.lower().endswith(".json"):
        raise ValueError(
            "no documents; a table of figures comes into a ledger by a mapping (add --mapping)"
        )
    if kind is None:
        raise ValueError(f"not a kind of file that is read ({', '.join(KINDS)})")
    with open(path, "rb") as file:
        yield from contents(kind, file, reading)


def _fetched(url: str, reading: ReadOptions) -> Iterator[Content | Problem]:
    """The documents at an address."""
    from extractors.readers.fetching import fetcher_for  # only where something is fetched

    yield from _contents_fetched(fetcher_for(reading.hosts).fetch(url), reading)


def _contents_fetched(fetched: Fetched, reading: ReadOptions) -> Iterator[Content | Problem]:
    """The documents of an answer; one that is all of it takes the address as its own."""
    from extractors.readers.formats.media import charset_of_media, kind_of_media

    kind = kind_of_media(fetched.content_type, fetched.url)
    if kind is None:
        raise ValueError(
            f"not a kind of document that is read ({fetched.content_type or 'unnamed'})"
        )
    charset = charset_of_media(fetched.content_type)
    sent_as = replace(reading, url=fetched.url, charset=charset)
    for found in contents(kind, BytesIO(fetched.data), sent_as):
        if isinstance(found, Problem):
            yield found
            continue
        address = found.metadata.url if found.place else fetched.url
        metadata = replace(found.metadata, url=address, accessed=date.today().isoformat())
        yield replace(found, metadata=metadata)


def _files_below(folder: Path, may_be_empty: bool) -> Iterator[str | Problem]:
    """Every readable kind of file below a folder, sorted; hidden files and folders are left out."""
    unreadable: list[OSError] = []
    others: Counter[str] = Counter()
    documents = 0
    for where, folders, names in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            if kind_of(name):
                documents += 1
                yield os.path.join(where, name)
            else:
                others[Path(name).suffix.lower() or "no extension"] += 1
    for error in unreadable:
        yield Problem(str(error.filename), _reason(error))
    if others:
        yield Problem(str(folder), others_left_out(others), lost=False)
    if not (documents or unreadable or may_be_empty):
        yield Problem(str(folder), f"holds no document ({', '.join(KINDS)})")


def _source(
    place: str, name: str, content: Content, published: str | None
) -> list[Source | Problem]:
    """The document, behind a remark if there is one to make."""
    metadata = content.metadata
    made: list[Source | Problem] = []
    day = published_on(published) or day_of(
        metadata=metadata.published,
        url=metadata.url,
        text=content.text,
        name="" if ADDRESS.match(name) else os.path.basename(content.place or name),
        made=metadata.made,
    )
    unread = metadata.unread_date or metadata.published
    if unread and day is None:
        why = (
            f"is outside {FIRST_PUBLISHED} to {LAST_PUBLISHED}"
            if iso_date(unread)
            else "is not one"
        )
        cause = f"read without a date: {unread!r} {why}"
        made.append(Problem(place, cause, lost=False, once=True))
    said = (metadata.source_id, metadata.title, metadata.publisher, metadata.url)
    source_id, title, publisher, url = (value and storable(value) for value in said)
    source = make_source(
        mended(storable(content.text)),
        source_id=source_id,
        title=title and mended(title),
        publisher=publisher and mended(publisher),
        url=url,
        published=day,
        accessed=metadata.accessed,
    )
    if (language := foreign_language(source.text)) is not None:
        made.append(Problem(place, f"in {language}: {read_of(language)}", lost=False, once=True))
    return [*made, source]


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()

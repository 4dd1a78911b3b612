"""The formats that are read, and the module that reads each.

Every module that the table names has a function ``contents(file, reading)`` that takes a seekable
binary file and a :class:`~extractors.readers.formats.content.ReadOptions` and yields a
:class:`~extractors.readers.formats.content.Content` for each document and a
:class:`~extractors.readers.problem.Problem` for what cannot be read within it. It raises ValueError
where the whole file cannot be read. A module, and the library beneath it, is imported when the
first file of its format comes.

Formats that are read by libraries in other languages, or by any that may take long, are read in a
process apart.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import import_module
from types import ModuleType
from typing import BinaryIO

from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.problem import Problem, one_line

ENDINGS = {
    "texts.plain": (".txt",),
    "texts.markdown": (".md", ".markdown"),
    "tables.json_lines": (".jsonl", ".ndjson"),
    "tables.texts_in_tables": (".csv", ".tsv"),
    "tables.sheets": (".xlsx",),
    "web.feeds": (".rss", ".atom", ".xml"),
    "tables.parquet": (".parquet",),
    "archives.warc": (".warc", ".warc.gz"),
    "archives.zips": (".zip",),
    "web.html": (".html", ".htm", ".xhtml"),
    "pdf.pdf": (".pdf",),
    "office.docx": (".docx",),
    "office.odt": (".odt",),
    "office.rtf": (".rtf",),
    "texts.mail": (".eml",),
}
_FORMATS = {ending: name for name, endings in ENDINGS.items() for ending in endings}
KINDS = tuple(_FORMATS)
APART = {
    "tables.sheets", "web.feeds", "web.html", "pdf.pdf", "office.docx", "office.odt", "office.rtf",
}  # fmt: skip
CAN_BE_APART = sys.platform not in ("win32", "emscripten", "wasi")
"""Whether the platform can limit what a process takes; else nothing is gained by another one."""


def kind_of(name: str) -> str | None:
    """The ending of a file's name that says its format; None where no format is known by it."""
    parts = name.lower().rsplit("/", 1)[-1].rsplit(".", 2)
    endings = ("." + ".".join(parts[at:]) for at in range(1, len(parts)))
    return next((ending for ending in endings if ending in _FORMATS), None)


def others_left_out(others: Counter[str]) -> str:
    """The remark on files of other kinds, counted by their endings, beside those that are read."""
    kinds = ", ".join(f"{one_line(kind)} {count}" for kind, count in others.most_common())
    files = "1 file" if others.total() == 1 else f"{others.total()} files"
    return f"{files} of other kinds left out ({kinds})"


def contents(kind: str, file: BinaryIO, reading: ReadOptions) -> Iterator[Content | Problem]:
    """The documents in a file of a kind (one of ``KINDS``), and what could not be read of them.

    Raises ValueError where the file as a whole cannot be read.
    """
    if _FORMATS[kind] in APART and CAN_BE_APART and not reading.here:
        from extractors.readers import apart

        yield from apart.contents(kind, file, reading)
    else:
        found: Iterable[Content | Problem] = module_of(kind).contents(file, reading)
        yield from found


def module_of(kind: str) -> ModuleType:
    """The module that reads a kind, imported now if it has not been."""
    return import_module(f"extractors.readers.formats.{_FORMATS[kind]}")

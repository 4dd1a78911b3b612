"""The media types that servers, archives and mails declare, and the file ending that each one is.

Names follow the IANA registry of media types; those with ``x-`` are spellings that servers use.
"""

from __future__ import annotations

import re

from extractors.readers.formats import KINDS, kind_of

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#]*(?P<path>[^?#]*)", re.I)
MEDIA_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "application/x-ndjson": ".jsonl",
    "application/ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "message/rfc822": ".eml",
    "application/rss+xml": ".rss",
    "application/atom+xml": ".atom",
    "application/xml": ".rss",
    "text/xml": ".rss",
    "application/warc": ".warc",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
}
# Types that servers give to whatever they do not know better: the ending of the name says more.
VAGUE = {
    "",
    "application/gzip",
    "application/json",
    "application/octet-stream",
    "application/x-gzip",
    "application/xml",
    "application/zip",
    "binary/octet-stream",
    "text/plain",
    "text/xml",
}


def kind_of_media(content_type: str, name: str) -> str | None:
    """The kind (one of ``KINDS``) of something with a declared media type and a name or url.

    ``content_type`` may hold parameters (``text/html; charset=utf-8``) or be empty. None where
    neither it nor the name says a format that is read.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    declared = MEDIA_TYPES.get(media_type)
    address = ADDRESS.match(name)
    named = kind_of(address["path"] if address else name)
    first, second = (named, declared) if media_type in VAGUE else (declared, named)
    return next((kind for kind in (first, second) if kind in KINDS), None)


def charset_of_media(content_type: str) -> str | None:
    """The ``charset`` parameter of a declared media type, in lower case."""
    for parameter in content_type.split(";")[1:]:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            return value.strip().strip("\"'").lower() or None
    return None

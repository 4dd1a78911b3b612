"""What a document says about itself: YAML front matter and the names that publishers give its keys.

Publishers name the same thing differently (``date``, ``published_time``, ``datePublished``), so a
key is compared in lower case without punctuation and the first name that holds a value wins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from extractors.mentions.written_dates import iso_date, published_on

KEYS = {
    "text": (
        "text", "fulltext", "articletext", "body", "bodytext", "articlebody", "content", "contents",
        "maintext", "article", "story",
    ),
    "source_id": ("id", "sourceid", "documentid"),
    "title": ("title", "headline", "ogtitle"),
    "published": (
        "published", "datepublished", "publisheddate", "publicationdate", "publishedtime",
        "articlepublishedtime", "publishedat", "pubdate", "date", "dcdate", "dcdateissued",
        "dctermsissued", "dctermscreated", "dctermsdate", "citationpublicationdate",
        "parselypubdate", "publishdate", "articlepublished", "sailthrudate", "dcdatecreated",
    ),
    "accessed": ("accessed", "dateaccessed", "accessdate", "retrieved"),
    "url": (
        "url", "sourceurl", "canonical", "canonicalurl", "originalurl", "permalink", "link",
        "ogurl", "source",
    ),
    "publisher": (
        "publisher", "sitename", "ogsitename", "site", "outlet", "organisation", "organization",
        "source",
    ),
}  # fmt: skip

FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)
FRONT_MATTER_LIMIT = (
    10_000  # characters; deeper nesting than fits in it can exhaust libyaml's stack
)
FIRST_KEY = re.compile(r"(?:[ \t]*(?:#.*)?\n)*[\"']?[\w.:-]+[\"']?[ \t]*:(?:\s|$)")
NOTHING = ("", "~", "null", "none")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields of a :class:`ledger.figure.Source` that a document states about itself.

    Dates are ISO (``2022-10-04``, ``2022-10`` or ``2022``). ``made`` is the day on which the file
    was made, which need not be that of the document. ``unread_date`` is the date of publication as
    written where it could not be read as one, or is none of 1900 to 2100, and then ``published`` is
    None.
    """

    source_id: str | None = None
    title: str | None = None
    published: str | None = None
    accessed: str | None = None
    url: str | None = None
    publisher: str | None = None
    unread_date: str | None = None
    made: str | None = None


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """The front matter as a mapping of strings, and the text after it, unchanged.

    Front matter is a YAML mapping between two lines of ``---`` at the very start. Anything else
    there (a thematic break, an unclosed block) is text. Raises ValueError where the block is meant
    as front matter and is not valid YAML, or is longer than 10,000 characters.
    """
    found = FRONT_MATTER.match(text)
    if not found:
        return {}, text
    block = found[1]
    if not FIRST_KEY.match(block):
        return {}, text
    if len(block) > FRONT_MATTER_LIMIT:
        raise ValueError(f"front matter of {len(block):,} characters is too long to be one")
    values = _load_yaml(block)
    if not isinstance(values, dict):
        return {}, text
    return values, text[found.end() :]


def _load_yaml(block: str) -> object:
    """The block as YAML whose scalars all stay strings: a date is not converted, or refused."""
    import yaml  # only where there is front matter

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return yaml.load(block, Loader=loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise ValueError(f"front matter, line {line}: {error.problem}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(f"front matter is not YAML: {str(error).splitlines()[0]}") from error


def metadata_of(values: Mapping[str, Any]) -> Metadata:
    """The metadata in a mapping of front matter or of a JSON document, whatever its keys are named.

    ``source`` is a url where it looks like one and a publisher otherwise. Values that are neither
    text nor number are left out.
    """
    plain = {plain_key(str(key)): _text(value) for key, value in values.items()}

    def first(field: str, *, url: bool | None = None) -> str | None:
        candidates = (plain.get(key) for key in KEYS[field])
        return next((c for c in candidates if c and url in (None, _is_url(c))), None)

    dates = (plain.get(key) for key in KEYS["published"])
    published = next(filter(None, map(published_on, dates)), None)
    accessed = first("accessed")
    return Metadata(
        source_id=first("source_id"),
        title=first("title"),
        published=published,
        accessed=iso_date(accessed) if accessed else None,
        url=first("url", url=True),
        publisher=first("publisher", url=False),
        unread_date=first("published") if not published else None,
    )


def plain_key(key: str) -> str:
    """The name of a field as the names in ``KEYS`` are spelled."""
    return re.sub(r"[\W_]", "", key).lower()


def _text(value: object) -> str | None:
    """A scalar as text without the white space around it; None for nothing, a list or a mapping."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return None
    text = str(value).strip().encode("utf-8", "replace").decode()
    return None if text.lower() in NOTHING else text


def _is_url(text: str) -> bool:
    return text.startswith(("http://", "https://"))

"""Whose numbers they are: the publishers, as the source line of a chart names them."""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from reports.filters import listed

if TYPE_CHECKING:
    import pandas as pd

MOST = 4  # publishers that are named, those of most documents first
NAMELESS = "without a publisher"


def credit(sources: pd.DataFrame, *, read: bool) -> str | None:
    """``White House (61) and Ministry of Defence (2); read by aidledger``; None without sources.

    ``sources`` has ``title``, ``publisher`` and ``url``. Without a publisher the site stands for
    it, by the name that ``publishers.toml`` has for that. A single document or table is credited
    with its title. ``read`` says whether any of it was read from texts, and not taken from a table.
    """
    if sources.empty:
        return None
    held = Counter(map(_publisher, sources["publisher"], sources["url"]))
    ranked = sorted(held, key=lambda name: (name == NAMELESS, -held[name], name))
    named = [_counted(name, held[name]) for name in ranked]
    title = sources["title"].iloc[0]
    if len(sources) == 1 and ranked != [NAMELESS] and isinstance(title, str):
        named = [f"{ranked[0]}: {title}"]
    return listed(named, MOST) + ("; read by aidledger" if read else "; added up by aidledger")


def _publisher(publisher: object, url: object) -> str:
    if isinstance(publisher, str) and publisher.strip():
        return publisher.strip()
    return (_site(url) if isinstance(url, str) else None) or NAMELESS


def _site(url: str) -> str | None:
    """The publisher of an address, else its site."""
    try:
        parts = urlsplit(url)
    except ValueError:  # http://[
        return None
    if not parts.hostname:
        return None
    site = parts.hostname.removeprefix("www.")
    steps = f"{site}{parts.path}".split("/")
    starts = ("/".join(steps[:number]) for number in range(len(steps), 0, -1))
    return next((_known()[start] for start in starts if start in _known()), site)


@cache
def _known() -> dict[str, str]:
    text = (Path(__file__).parent / "publishers.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _counted(name: str, number: int) -> str:
    """``White House (61)``; what ends in brackets has no second pair: ``Harbour Wire (example;
    2)``."""
    if name == NAMELESS:
        return f"{number:,} document{'' if number == 1 else 's'} {NAMELESS}"
    return f"{name[:-1]}; {number:,})" if name.endswith(")") else f"{name} ({number:,})"

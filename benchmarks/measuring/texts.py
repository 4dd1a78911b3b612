"""The texts that are measured: named sets of documents, always in the same order.

The repository's own examples are always there; larger sets are used where the folder beside the
repository has them. Documents are put in the order of their hash, so that the first N kilobytes of
a set are a fair sample of it.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
EXAMPLES_SIZE = 200_000
SEED_COPIES = 20
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Text:
    """One document, and the publication date and title that belong to it."""

    text: str
    published: str | None = None
    title: str | None = None

    @property
    def size(self) -> int:
        """Bytes of UTF-8."""
        return len(self.text.encode("utf-8"))

    @property
    def line(self) -> str:
        """The request that an adapter reads."""
        request = {"text": self.text, "published": self.published, "title": self.title}
        return json.dumps(request) + "\n"


@dataclass(frozen=True, slots=True)
class TextSet:
    """Documents under one name."""

    name: str
    texts: tuple[Text, ...]

    @property
    def size(self) -> int:
        """Bytes of UTF-8 of all documents."""
        return sum(text.size for text in self.texts)


def of_folder(folder: Path) -> TextSet:
    """The ``.txt`` and ``.md`` files under a folder, front matter taken off, in hash order.

    Raises ValueError where there are none.
    """
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".txt", ".md"))
    texts = [FRONT_MATTER.sub("", path.read_text(encoding="utf-8")).strip() for path in paths]
    if not any(texts):
        raise ValueError(f"{folder.name}: no .txt or .md file with text in it")
    return TextSet(folder.name, _in_hash_order(texts))


def examples() -> TextSet:
    """The repository's own example documents, repeated until they are worth timing."""
    once = of_folder(ROOT / "examples")
    copies = -(-EXAMPLES_SIZE // once.size)
    return TextSet("the repository's examples, repeated", once.texts * copies)


def white_house() -> TextSet:
    """325 releases on Ukraine: memoranda, statements, and long briefings."""
    texts = of_folder(SHARED / "data" / "whitehouse").texts
    return TextSet(f"White House, {len(texts)} releases", texts)


def seed() -> TextSet:
    """The article that the project began with, twenty times."""
    texts = of_folder(SHARED / "data" / "seed").texts
    return TextSet(f"a news article, {SEED_COPIES} times", texts * SEED_COPIES)


def kiel() -> TextSet:
    """The explanations of the Kiel tracker's entries: a few sentences each."""
    path = SHARED / "data" / "kiel" / "main_data_with_text.csv"
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8", newline="") as file:
        cells = {row["Explanation"].strip() for row in csv.DictReader(file)}
    texts = _in_hash_order(cell for cell in cells if len(cell) > 1)
    return TextSet(f"Kiel tracker, {len(texts)} explanations", texts)


def default_sets() -> tuple[list[TextSet], list[str]]:
    """The sets that are there, and one line for each that is not."""
    loaders: list[Callable[[], TextSet]] = [white_house, seed, kiel, examples]
    present, absent = [], []
    for loader in loaders:
        try:
            present.append(loader())
        except (OSError, ValueError) as error:
            absent.append(f"{loader.__name__.replace('_', ' ')}: skipped ({_cause(error)})")
    return present, absent


def _cause(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or "cannot be read"
    return str(error)


def _in_hash_order(texts: Iterable[str]) -> tuple[Text, ...]:
    kept = (text for text in texts if text)
    return tuple(Text(t) for t in sorted(kept, key=lambda t: sha256(t.encode()).digest()))

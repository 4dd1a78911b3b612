"""The words of a sentence, with their places.

Tokens are kept as parallel tuples: the grammar asks for the lower-case form far more often than for
anything else, and a list index is the cheapest question there is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"\d+(?:[.,\u00a0]\d+)*"  # digits with separators
    r"|(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?"  # U.S.
    r"|'s\b"
    r"|[^\W\d_]+(?:'(?!s\b)[^\W\d_]+)?"  # words, don't
    r"|[^\s]"
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one sentence: as written, in lower case, and their offsets in the block."""

    raw: tuple[str, ...]
    low: tuple[str, ...]
    start: tuple[int, ...]
    end: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.raw)

    def glued(self, i: int) -> bool:
        """Whether token i follows the one before it without a blank."""
        return 0 < i < len(self.raw) and self.start[i] == self.end[i - 1]

    def words(self, i: int, j: int) -> str:
        """Tokens i to j (exclusive) in lower case, joined by blanks."""
        return " ".join(self.low[i:j])


def tokenize(plain: str, start: int, end: int) -> Tokens:
    """Cut a stretch of plain text into tokens."""
    raw, starts, ends = [], [], []
    for match in _TOKEN.finditer(plain, start, end):
        raw.append(match.group())
        starts.append(match.start())
        ends.append(match.end())
    return Tokens(tuple(raw), tuple(w.lower() for w in raw), tuple(starts), tuple(ends))

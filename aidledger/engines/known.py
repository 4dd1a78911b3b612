"""The documents that a ledger holds already, so that they need not be read again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from ledger.figure import Source

_DIGEST = 16  # bytes of a document's digest: no two of a thousand billion documents share one
_COUNT = 4  # bytes of its number of figures
DESCRIPTION = ("source_id", "sha256", "title", "publisher", "url", "published")


class Known(Sequence[bytes]):
    """Documents by their id, text and description, each with the number of its figures.

    It takes 20 bytes a document and goes to other processes as it is.
    """

    def __init__(self, documents: Iterable[tuple[Sequence[str | None], int]]) -> None:
        self._held = b"".join(
            sorted(_digest(described) + count.to_bytes(_COUNT) for described, count in documents)
        )

    def __len__(self) -> int:
        return len(self._held) // (_DIGEST + _COUNT)

    def __getitem__(self, k: int) -> bytes:  # type: ignore[override]  # bisect needs no slices
        return self._held[k * (_DIGEST + _COUNT) : (k + 1) * (_DIGEST + _COUNT)]

    def figures(self, source: Source) -> int | None:
        """How many figures a document holds; None where it is not known."""
        digest = _digest([getattr(source, name) for name in DESCRIPTION])
        k = bisect_left(self, digest)
        if k == len(self) or not self[k].startswith(digest):
            return None
        return int.from_bytes(self[k][_DIGEST:])


def _digest(described: Sequence[str | None]) -> bytes:
    written = "\x1f".join("\0" if value is None else value for value in described)
    return blake2b(written.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()

"""How much may be unpacked from a file that others have packed."""

from __future__ import annotations

from extractors.readers.formats.unzipping import RATIO_FREE, RATIO_LIMIT

TOTAL_LIMIT = 200_000_000_000  # bytes; more than this is a day of reading


class BombError(ValueError):
    """A file that unpacks to more than any honest one: nothing more of it is read."""


class Allowance:
    """Counts what is unpacked from one file, whatever the sizes that it declares.

    ``packed`` are the bytes of the file itself, or those read of it so far. What is unpacked from
    an archive within it counts too, so that nesting gains nothing.
    """

    def __init__(self, packed: int = 0) -> None:
        self.packed = packed
        self.unpacked = 0

    def spend(self, size: int) -> None:
        """Count unpacked bytes. Raises BombError where they are too many."""
        self.unpacked += size
        self.expect(0)

    def expect(self, size: int) -> None:
        """Raises BombError where so many more would be too many."""
        unpacked = self.unpacked + size
        if unpacked > max(RATIO_FREE, RATIO_LIMIT * self.packed):
            raise BombError(f"unpacks to more than {RATIO_LIMIT} times its size: a bomb")
        if unpacked > TOTAL_LIMIT:
            raise BombError(f"unpacks to more than {TOTAL_LIMIT:,} bytes")

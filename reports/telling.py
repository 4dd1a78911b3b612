"""What hears how far long work has come: what is written, how many rows are, of how many."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
TOLD = 2_000  # rows between two words of progress

"""Which of two lists of figures of one text are the same figures."""

from __future__ import annotations

from collections.abc import Sequence

Span = tuple[int, int]


def by_overlap(found: Sequence[Span], wanted: Sequence[Span]) -> tuple[int | None, ...]:
    """For each place found the wanted one that it overlaps most, one to one."""
    overlaps = []
    for i, (start, end) in enumerate(found):
        for j, (first, last) in enumerate(wanted):
            shared = min(end, last) - max(start, first)
            if shared > 0:
                overlaps.append((-shared, i, j))
    out: list[int | None] = [None] * len(found)
    taken: set[int] = set()
    for _, i, j in sorted(overlaps):
        if out[i] is None and j not in taken:
            out[i] = j
            taken.add(j)
    return tuple(out)

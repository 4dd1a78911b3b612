"""What a field of a figure may hold instead, where any name or date may stand: the reader's
runner-up first, then what the figures nearest in the document hold.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from ledger.series import ACTORS

OPEN = (*ACTORS, "item", "date")  # the fields without a vocabulary of their own
MOST = 100  # figures of a document that are near: a table may have thousands
Record = Mapping[str, Any]


def offered(name: str, record: Record, near: Iterable[Record]) -> tuple[str, ...]:
    """The values that field ``name`` of a figure may hold beside the one that it holds: its
    runner-up, if ``choices`` names one, then those of the figures that are ``near``, the nearest
    first. An actor of any role may be one of another; an item is one of what is counted alike."""
    told = json.loads(record.get("choices") or "{}").get(name, {})
    names = ACTORS if name in ACTORS else (name,)
    held = [told.get("runner_up"), *(record[n] for n in names)]
    if name == "item":
        near = (other for other in near if other["dimension"] == record["dimension"])
    held += [other[n] for other in near for n in names]
    return tuple(dict.fromkeys(one for one in held if one and one != record[name]))


def nearest(record: Record, others: Sequence[Record]) -> list[Record]:
    """The figures of one document that stand nearest to one of them, ``MOST`` at most, the nearest
    first; it is left out. ``others`` are in the order of the text."""
    start = record["start"]
    place = bisect_left(others, start, key=itemgetter("start"))
    around = others[max(0, place - MOST) : place + MOST + 1]
    held = sorted(around, key=lambda one: (abs(one["start"] - start), one["start"]))
    return [other for other in held if other["figure_id"] != record["figure_id"]][:MOST]

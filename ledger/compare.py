"""Two sets of totals side by side."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

NUMBERS = ("ours", "theirs", "difference")
_AMOUNTS = ("best", "facts")


def compare(ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Two frames of :func:`ledger.totals.totals`, made with the same question, joined on its
    groups.

    Columns: the groups, ``ours`` and ``theirs`` (the best sums), ``difference`` (ours less theirs,
    a side without the group counting 0), ``our_facts``, ``their_facts``, and ``only``: ours or
    theirs where the other side has no such group.
    """
    keys = [name for name in ours.columns if name in theirs.columns and _is_group(ours, name)]
    joined = _side(ours, keys, "ours", "our_facts").merge(
        _side(theirs, keys, "theirs", "their_facts"), on=keys, how="outer", indicator="only"
    )
    joined["difference"] = joined["ours"].fillna(0.0) - joined["theirs"].fillna(0.0)
    sides = {"left_only": "ours", "right_only": "theirs"}
    joined["only"] = joined["only"].astype("str").map(sides).astype("str")
    for name in ("our_facts", "their_facts"):
        joined[name] = joined[name].fillna(0).astype("int64")
    return joined[[*keys, *NUMBERS, "our_facts", "their_facts", "only"]]


def _is_group(sums: pd.DataFrame, name: str) -> bool:
    first_sum = min(sums.columns.get_indexer(pd.Index(["low", "best", "high"])))
    return bool(sums.columns.get_indexer(pd.Index([name]))[0] < first_sum)


def _side(sums: pd.DataFrame, keys: Sequence[str], amount: str, count: str) -> pd.DataFrame:
    renamed = dict(zip(_AMOUNTS, (amount, count), strict=True))
    return sums[[*keys, *_AMOUNTS]].rename(columns=renamed)

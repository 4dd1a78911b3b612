"""Views: what a figure is about, decided from its fields alone."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
import pandas as pd

VIEWS: Final = ("aid", "losses", "people", "context")
SHOWN: Final = ("aid", "losses")  # where nobody asks
ALL: Final = "all"
OF_STATUS: Final = {
    **dict.fromkeys(
        ("killed", "wounded", "casualties", "captured", "missing", "destroyed", "damaged", "lost",
         "abandoned", "fired"),
        "losses",
    ),
    **dict.fromkeys(("displaced", "mobilized", "deployed", "trained"), "people"),
}  # fmt: skip
NEEDS: Final = ("donor", "recipient", "status")

View = str | Collection[str]


def view_of(frame: pd.DataFrame) -> pd.Series[str]:
    """The view of every figure or fact, one of ``VIEWS``.

    ``aid`` has a donor or a recipient; ``losses`` and ``people`` are told by the status;
    ``context`` is everything else: prices, polls, budgets, distances. Needs the columns ``NEEDS``.
    """
    aid = frame["donor"].notna() | frame["recipient"].notna()
    of_status = frame["status"].map(OF_STATUS).fillna("context")
    told = np.where(aid, "aid", of_status.to_numpy(dtype="object"))
    return pd.Series(told, index=frame.index, dtype="str", name="view")


def views_of(asked: View | None) -> tuple[str, ...] | None:
    """The views asked for, None for all of them. Raises ValueError for one that is none."""
    names = [asked] if isinstance(asked, str) else list(asked or ())
    wrong = next((name for name in names if name not in (*VIEWS, ALL)), None)
    if wrong is not None:
        raise ValueError(f"no view {wrong!r}; choose from {', '.join((*VIEWS, ALL))}")
    return None if ALL in names or not names else tuple(names)

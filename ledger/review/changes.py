"""What changed between two states of a ledger, why, and what each cause did to each total.

The causes are applied one after the other, new documents first and decisions last; what a total
moves by in a step is what that cause did to it. So the steps add up to the whole difference.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from ledger.errors import LedgerError
from ledger.notebook import html_table
from ledger.review.review import CORRECTABLE, apply
from ledger.table import plain

NEW, NEWER, READ_ANEW, DECIDED = "new document", "newer version", "another reader", "decision"
CAUSES = (NEW, NEWER, READ_ANEW, DECIDED)
FIGURE_COLUMNS = (
    "change", "figure_id", "source_id", "text", "before", "after", "cause", "who", "why",
)  # fmt: skip
_COMPARED = (*CORRECTABLE, "review")
_HALF_A_CENT = 0.005
_ROUNDING = 1e-9

Totals = Callable[[pd.DataFrame], pd.DataFrame]  # of figures with their decisions: keys and best


@dataclass(frozen=True)
class State:
    """A ledger at one moment: by source its document, by document the reading that counted, the
    figures as they were read (with ``document`` and ``position``), and the decisions on them."""

    versions: Mapping[str, int]
    readings: Mapping[int, int]
    figures: pd.DataFrame
    decisions: pd.DataFrame

    def decided(self) -> pd.DataFrame:
        """The figures with the decisions on them."""
        return apply(self.figures, self.decisions)


@dataclass(frozen=True)
class Changes:
    """What changed: ``figures`` (a row for each that was added, changed or removed, with what it
    was and is, the cause, and who decided why) and ``totals`` (the columns that name a total, then
    ``before``, ``after``, ``difference`` and what each of ``CAUSES`` did)."""

    figures: pd.DataFrame
    totals: pd.DataFrame

    def _repr_html_(self) -> str:
        counts = {str(k): int(n) for k, n in self.figures["change"].value_counts().items()}
        return html_table("Changes", {**counts, "totals": len(self.totals)})


def changes(before: State, after: State, totals: Totals) -> Changes:
    """What changed from one state to a later one of the same ledger.

    Raises LedgerError for a figure that changed without a cause.
    """
    found = {source: _cause(source, before, after) for source in after.versions}
    causes = {source: cause for source, cause in found.items() if cause is not None}
    return Changes(_figures(before, after, causes), _totals(before, after, causes, totals))


def check_moves(figures: pd.DataFrame, totals: Totals, kept: pd.DataFrame) -> None:
    """Raises LedgerError where a total that the ledger shows (``kept``) is another than its figures
    and the decisions on them make it: it moved without a cause."""
    made = totals(figures)
    keys = list(made.columns[: list(made.columns).index("low")])
    ours, theirs = _by_key(made, keys), _by_key(kept, keys)
    for key in sorted({*ours, *theirs}, key=str):
        gap = theirs.get(key, 0.0) - ours.get(key, 0.0)
        if abs(gap) > max(_HALF_A_CENT, _ROUNDING * abs(ours.get(key, 0.0))):
            named = ", ".join(str(part) for part in key if part is not None)
            raise LedgerError(
                f"the total of {named} moved by {gap:+,.15g} without a cause: no document, reading "
                "or decision explains it"
            )


def _cause(source: str, before: State, after: State) -> str | None:
    """Why the figures of a source are others, None where they are as they were read."""
    if source not in before.versions:
        return NEW
    document = after.versions[source]
    if before.versions[source] != document:
        return NEWER
    return READ_ANEW if before.readings[document] != after.readings[document] else None


def _totals(before: State, after: State, causes: Mapping[str, str], totals: Totals) -> pd.DataFrame:
    held = [totals(before.decided())]
    figures = before.figures
    for cause in CAUSES[:-1]:
        touched = {source for source, why in causes.items() if why == cause}
        if touched:
            kept = figures[~figures["source_id"].isin(touched)]
            come = after.figures[after.figures["source_id"].isin(touched)]
            figures = pd.concat([kept, come], ignore_index=True)
            figures = figures.sort_values(["document", "position"], ignore_index=True)
            held.append(totals(apply(figures, _as_attached(before, after))))
        else:
            held.append(held[-1])
    held.append(totals(after.decided()))
    keys = list(held[-1].columns[: list(held[-1].columns).index("low")])
    sums = [_by_key(frame, keys) for frame in held]
    rows = []
    for key in sorted({key for one in sums for key in one}, key=str):
        amounts = [one.get(key, 0.0) for one in sums]
        steps = [one - other for one, other in zip(amounts[1:], amounts, strict=False)]
        if any(abs(step) > _HALF_A_CENT for step in steps):
            rows.append((*key, amounts[0], amounts[-1], amounts[-1] - amounts[0], *steps))
    return pd.DataFrame(rows, columns=[*keys, "before", "after", "difference", *CAUSES])


def _as_attached(before: State, after: State) -> pd.DataFrame:
    """The decisions of before, on the figures of both states that they speak about."""
    old = before.decisions
    now = after.decisions
    return (
        pd.concat([old, now[now["decision"].isin(old["decision"])]])
        .drop_duplicates(["decision", "figure_id"])
        .sort_values("decision", kind="stable", ignore_index=True)
    )


def _by_key(
    frame: pd.DataFrame, keys: list[str], amount: str = "best"
) -> dict[tuple[str | None, ...], float]:
    columns = [plain(frame[name]) for name in keys]
    rows = zip(*columns, strict=True) if keys else iter([()] * len(frame))
    return dict(zip(rows, (float(value) for value in frame[amount]), strict=True))


def _figures(before: State, after: State, causes: Mapping[str, str]) -> pd.DataFrame:
    was, now = _told(before.decided()), _told(after.decided())
    as_read = _told(before.figures), _told(after.figures)
    made = after.decisions
    fresh = made[~made["decision"].isin(before.decisions["decision"])].dropna(subset=["figure_id"])
    last = fresh.drop_duplicates("figure_id", keep="last").set_index("figure_id")
    rows = []
    for key in [*was, *(key for key in now if key not in was)]:
        one, other = was.get(key), now.get(key)
        fields = [n for n in _COMPARED if one is None or other is None or one[n] != other[n]]
        if one is not None and other is not None and not fields:
            continue
        held = other or one
        assert held is not None
        cause = causes.get(str(held["source_id"]))
        decided = key in last.index
        as_it_was = (
            one is not None and other is not None and _same(as_read[0][key], as_read[1][key])
        )
        who = why = None
        if decided and (cause is None or as_it_was):
            cause, who, why = DECIDED, last.at[key, "who"], last.at[key, "why"]
        if cause is None:
            raise LedgerError(f"figure {key} changed without a cause")
        change = "added" if one is None else "removed" if other is None else "changed"
        sides = (_written(side, fields if change == "changed" else ["value", "unit", "status"])
                 for side in (one, other))  # fmt: skip
        rows.append((change, key, held["source_id"], held["text"], *sides, cause, who, why))
    return pd.DataFrame(rows, columns=list(FIGURE_COLUMNS))


def _same(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    return all(one[name] == other[name] for name in CORRECTABLE)


def _told(figures: pd.DataFrame) -> dict[str, dict[str, object]]:
    names = [n for n in ("figure_id", "source_id", "text", *_COMPARED) if n in figures]
    rows = zip(*(plain(figures[name]) for name in names), strict=True)
    return {str(row[0]): dict(zip(names, row, strict=True)) for row in rows}


def _written(side: Mapping[str, object] | None, fields: list[str]) -> str | None:
    """The fields as JSON, None where there was no figure."""
    return None if side is None else json.dumps({n: side[n] for n in fields}, ensure_ascii=False)

"""What the ledger found by itself that a person should look at: pairs that may be one fact, parts
that exceed their whole, totals that texts state and the entries do not reach or exceed, facts that
look wrong beside others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from ledger.positions import check
from ledger.review.wording import amount_words
from ledger.suggest import NOTHING

SAME, PARTS, STATED, DOUBTED = "same", "parts", "stated total", "doubted"
# How often a finding is right that somebody follows up: guesses, until an audit says it better. A
# pair from which only an unknown actor or the precision keeps the rule is one fact more often than
# one whose dates differ.
CHANCES = {SAME: 0.4, PARTS: 0.3, STATED: 0.3, DOUBTED: 0.3}
CHANCE = 0.5
_DIFFERS = {NOTHING: 0.6, "actor": 0.5, "value": 0.5, "date": 0.35, "item": 0.25}


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding: its ``kind``, the figures or facts that it speaks of (the one in question first),
    its ``reason`` and its ``effect`` in words.

    ``change`` is what the total of the first one changes by if the finding is right; None where
    that one would no longer count. ``chance``: how likely it is right.
    """

    kind: str
    ids: tuple[str, ...]
    reason: str
    effect: str = ""
    change: float | None = None
    chance: float = CHANCE

    @property
    def key(self) -> str:
        """What decisions call the finding by."""
        return f"{self.kind}:{','.join(self.ids)}"


def from_suggestions(suggestions: pd.DataFrame) -> Iterator[Finding]:
    """Of :func:`ledger.suggest.suggest`: the pairs that may be one."""
    rows = suggestions[["differs", "fact_id", "other_fact_id"]]
    for differs, one, other in rows.itertuples(index=False, name=None):
        apart = "nothing that is told" if differs == NOTHING else f"only the {differs}"
        reason = f"may be one fact with another: {apart} keeps them apart"
        yield Finding(SAME, (other, one), reason, chance=_DIFFERS.get(differs, CHANCES[SAME]))


def from_parts(parts: pd.DataFrame) -> Iterator[Finding]:
    """Of :func:`ledger.parts.check_parts`: the wholes that their parts exceed."""
    over = parts[parts["verdict"].eq("over")]
    for fact_id, whole, held, unit in over[["fact_id", "whole", "parts", "unit"]].itertuples(
        index=False, name=None
    ):
        reason = f"its parts come to {amount_words(held, unit)}, more than the whole"
        yield Finding(PARTS, (fact_id,), reason, change=held - whole, chance=CHANCES[PARTS])


def from_balances(balances: pd.DataFrame) -> Iterator[Finding]:
    """Of :func:`ledger.reconcile.reconcile`: the stated totals that the entries do not meet."""
    off = balances[balances["verdict"].isin(("short", "over", "conflict"))]
    names = ["fact_id", "verdict", "amount", "gap", "expected", "unit", "figure_ids"]
    for fact_id, verdict, amount, gap, expected, unit, ids in off[names].itertuples(
        index=False, name=None
    ):
        stated = f"a text states {amount_words(amount, unit)} in all"
        says = {
            "short": f"{stated}, the entries come to {amount_words(expected, unit)}",
            "over": f"{stated}, the entries come to more: {amount_words(expected, unit)}",
            "conflict": f"{stated}, which contradicts another stated total",
        }
        figures = tuple(json.loads(ids))[:1] or (fact_id,)
        change = 0.0 if pd.isna(gap) else float(gap)
        yield Finding(STATED, figures, says[verdict], change=change, chance=CHANCES[STATED])


def from_checks(found: Iterable[check.Finding]) -> Iterator[Finding]:
    """Of :func:`ledger.positions.check.findings`: the facts that look wrong. What it finds of
    stated totals is among the balances, too."""
    for one in found:
        if one.kind not in check.OF_TOTALS:
            yield Finding(one.kind, one.figure_ids[:1], one.reason, chance=CHANCES[DOUBTED])

"""What a row about a finding decides: ``same`` says that its two figures are one fact, ``dismiss``
that nothing is wrong with what was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ledger.errors import LedgerError
from ledger.review.review import DISMISS, Decision

FINDING = "finding"  # the column that says what was found
JOIN = "same"
ANSWERS = (JOIN, DISMISS)
_LINK = "same_as"


def answer(decision: Decision, finding: str) -> Decision:
    """What an answer to a finding decides. Raises LedgerError where it answers none."""
    if decision.changes:
        raise LedgerError(f"{decision.action} changes no field")
    if not finding:
        raise LedgerError(f"nothing was found here: {decision.action} answers what was found")
    if decision.action == DISMISS:
        return replace(decision, changes={FINDING: finding})
    _, *others = named_in(finding)
    if not others:
        raise LedgerError(f"{JOIN} is said of two figures")
    return replace(decision, action="correct", changes={_LINK: others[0]})


def named_in(finding: str) -> list[str]:
    """The figures that a finding speaks of, by its key."""
    return finding.rpartition(":")[2].split(",")


def joined(decision: Decision, repeats: Mapping[str, str]) -> Decision | None:
    """The decision that makes one fact of the figure and the one that it is said to repeat, given
    what each repeats that is not rejected; None where they are one.

    The last that the first repeats comes to repeat the last of the other: what either repeats
    already it repeats on. What is rejected stays so: no other decision is moved on to it.
    """
    one = _origin(decision.figure_id, repeats)
    other = _origin(decision.changes[_LINK], repeats)
    return None if one == other else replace(decision, figure_id=one, changes={_LINK: other})


def _origin(figure_id: str, repeats: Mapping[str, str]) -> str:
    """The figure that one repeats, at any remove."""
    seen: set[str] = set()
    while figure_id in repeats and figure_id not in seen:
        seen.add(figure_id)
        figure_id = repeats[figure_id]
    return figure_id

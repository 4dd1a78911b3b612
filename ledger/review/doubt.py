"""How likely a figure is wrong in what a question uses of it, and what it would then be.

A reader stores with every figure how sure it is of each field, the runner-up and that one's chance,
and one calibrated chance that donor, recipient, party, status and basis are all right. What the
calibration found is spread over the five fields in proportion to their doubt; of other fields, and
of links, the reader's own chance is taken. Of a link that an older release stored without one a
guess is, and where it stored none, none is missed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection
from dataclasses import dataclass

from ledger.figure import LINKS, OF_CONFIDENCE
from ledger.table import TABLE_READER

# Of readers that give no chance: what a mapping says of a table's cell is nearly always what its
# author meant; a reader by rules is right in every field of about every other figure.
TABLE_RIGHT, UNTOLD_RIGHT = 0.99, 0.5
LINK_RIGHT = 0.8  # of a link whose reader does not say how sure it is
CERTAIN = 0.95  # from which chance of being right on a figure is safe without a decision
_LEAST = 0.02  # the chance of another value that is looked at
_TINY = 1e-6
_POWERS = (0.1, 10.0)  # how far a calibration may stretch a field's chance


@dataclass(frozen=True, slots=True)
class Other:
    """What a field would hold if it is wrong, and how likely that is; of a link the figure that it
    would lead to, None where there would be none."""

    field: str
    value: str | None
    chance: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """The chance that all is right that a question uses, the least sure fields first with the
    chance of each, and what the figure would be otherwise."""

    right: float
    fields: tuple[tuple[str, float], ...] = ()
    others: tuple[Other, ...] = ()


def doubt(
    choices: str,
    confidence: float | None,
    reader: str,
    links: Collection[str],
    uses: Collection[str],
) -> Doubt:
    """The doubt of one figure: its ``choices`` as JSON, the ``links`` that it has, and the fields
    that a question uses."""
    held = json.loads(choices or "{}")
    if not held and confidence is None:
        return Doubt(TABLE_RIGHT if reader == TABLE_READER else UNTOLD_RIGHT)
    power = _power(
        [held[name]["probability"] for name in OF_CONFIDENCE if name in held], confidence
    )
    right, fields, others = 1.0, [], []
    for name in uses:
        if name in LINKS:
            said = held.get(name)
            if said is None and name not in links:
                continue
            chance = LINK_RIGHT if said is None else said["probability"]
            if name in links:
                others.append(Other(name, None, 1 - chance))
            elif said is not None:
                others.append(Other(name, said["runner_up"], _others(said, chance)))
        elif name in held:
            said = held[name]
            chance = said["probability"] ** (power if name in OF_CONFIDENCE else 1.0)
            others.append(Other(name, said["runner_up"], _others(said, chance)))
        else:
            continue
        right *= chance
        fields.append((name, chance))
    fields.sort(key=lambda one: one[1])
    return Doubt(right, tuple(fields), tuple(one for one in others if one.chance > _LEAST))


def _power(chances: Collection[float], confidence: float | None) -> float:
    """The power that takes the product of the chances to the calibrated one."""
    product = math.prod(chances)
    if confidence is None or not _TINY < product < 1:
        return 1.0
    power = math.log(min(max(confidence, _TINY), 1 - _TINY)) / math.log(product)
    return min(max(power, _POWERS[0]), _POWERS[1])


def _others(said: dict[str, float | None], chance: float) -> float:
    """The chance of the runner-up: its share of the chance that the field is wrong."""
    wrong, its = 1 - (said["probability"] or 0.0), said["its_probability"]
    return 0.0 if its is None or wrong <= 0 else (1 - chance) * min(its / wrong, 1.0)


def least_sure(doubt: Doubt, name_of: Callable[[str], str] = str) -> str:
    """The doubtful fields in words: ``status 61 percent sure (else delivered)``; ``name_of`` names
    a value."""
    runner_up = {one.field: one.value for one in doubt.others}
    told: list[str] = []
    for name, chance in doubt.fields:
        if chance >= CERTAIN and told:
            break
        other = runner_up.get(name)
        none = " no other" if name in LINKS and other is not None else ""
        sure = f"{name.replace('_', ' ')}{none} {100 * chance:.0f} percent sure"
        told.append(f"{sure} (else {name_of(other)})" if other else sure)
    return ", ".join(told[:3])

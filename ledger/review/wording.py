"""Amounts and the totals that they change, in words: ``USA to UKR committed falls by USD 400
million``. Actors stand by their codes, as in the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.review.question import TAIL, Cell

_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def amount_words(number: float, unit: str) -> str:
    """``USD 400 million``, ``20``, ``350 kilometre``."""
    scale, name = next(((s, n) for s, n in _SCALES if abs(number) >= s), (1.0, ""))
    digits = f"{number / scale:,.4g}" if name else f"{number:,.15g}"
    words = f"{digits} {name}".strip()
    if unit == "count":
        return words
    return f"{unit} {words}" if unit.isupper() else f"{words} {unit}"


def cell_words(by: Sequence[str], cell: Cell, *, with_period: bool = False) -> str:
    """The total in words: ``USA to UKR committed``, ``HIMARS, USA to UKR delivered``."""
    values = dict(zip((*by, *TAIL), cell, strict=True))
    item, status, unit, period = (cell[len(by) + place] for place in range(len(TAIL)))
    donor, recipient = values.get("donor"), values.get("recipient")
    who = " to ".join(filter(None, (donor, recipient))) or values.get("party")
    shown = ("donor", "recipient", "party", "item", "status", "unit")
    rest = [value for name in by if name not in shown and (value := values[name])]
    named = item if who is None else f"{item}, {who}" if item else who
    words = " ".join(filter(None, (named or unit, status or "without a status", *rest)))
    return f"{words} in {period or 'no month'}" if with_period else words


def move_words(
    by: Sequence[str],
    old: Cell | None,
    fallen: float,
    new: Cell | None,
    risen: float,
) -> str:
    """What changes where an amount leaves one total and comes into another."""
    if old is not None and old == new:
        return _step(by, old, risen - fallen, with_period=False)
    told = [cell and cell_words(by, cell) for cell in (old, new)]
    by_period = told[0] == told[1]  # the period alone is another
    words = [
        _step(by, cell, amount, with_period=by_period)
        for cell, amount in ((old, -fallen), (new, risen))
        if cell is not None and amount
    ]
    if len(words) == 2 and fallen == risen:
        words[1] = f"{words[1].partition(' rises by ')[0]} rises by as much"
    return ", ".join(words) or "no total changes"


def _step(by: Sequence[str], cell: Cell, amount: float, *, with_period: bool) -> str:
    if not amount:
        return "no total changes"
    verb = "rises" if amount > 0 else "falls"
    unit = cell[len(by) + TAIL.index("unit")] or ""
    total = cell_words(by, cell, with_period=with_period)
    return f"{total} {verb} by {amount_words(abs(amount), unit)}"

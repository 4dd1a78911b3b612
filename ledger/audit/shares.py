"""What each figure adds to the totals that are asked for, and how large it is in a draw.

A fact's amount is its first figure's; those that state it again add nothing. So every total is a
sum over figures, and how wrong it is, too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import log
from typing import Any
from unicodedata import category

import numpy as np
import pandas as pd

from ledger import bounds
from ledger.audit.sampling import Floats
from ledger.convert import Rates
from ledger.errors import LedgerError
from ledger.queries.where import Condition, may_match
from ledger.table import plain
from ledger.totals import NOT_ADDED, entries
from ledger.tree import Parents

# Of the draw, whatever a figure weighs: evenly among those that may enter the totals, so that no
# error goes unseen, and among all, whose units may be read wrongly.
EVENLY, ANYWHERE = 0.3, 0.1
UNTOLD_WRONG = 0.5  # the chance of being wrong where a reader does not say it
# A kind of error of which a draw shows none may, in 90 of 100 draws, still be expected so many
# times in one: the upper bound of a Poisson mean of which nothing was seen.
UNSEEN = -log(0.1)
_SURE = 0.01  # nothing is surer than this


@dataclass(frozen=True, slots=True)
class Question:
    """Totals of deltas, as :func:`ledger.totals.totals` groups, narrows and converts them."""

    where: tuple[Condition, ...] = ()
    by: tuple[str, ...] = ()
    currency: str | None = None

    def __str__(self) -> str:
        where = [
            {"column": one.column, "operator": one.operator, "values": one.values}
            for one in self.where
        ]
        return json.dumps(asdict(self) | {"where": where}, ensure_ascii=False)

    @classmethod
    def read(cls, written: str) -> Question:
        """The question that was written as text. Raises ValueError for anything else."""
        try:
            held = json.loads(written)
            where = (
                Condition(one["column"], one["operator"], tuple(one["values"]))
                for one in held["where"]
            )
            return cls(tuple(where), tuple(held["by"]), held["currency"])
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a question: {written!r}") from error


def shares(
    figures: pd.DataFrame, question: Question, parents: Parents, rates: Rates | None
) -> tuple[pd.DataFrame, list[str]]:
    """What the facts of these figures add: ``figure_id`` (of the first figure that states one),
    ``total`` (the JSON list of the values that name a total) and ``amount``; and the columns of
    these values. What cannot be converted adds nothing, as in totals."""
    entered, keys = entries(
        figures, question.by, where=question.where, parents=parents,
        currency=question.currency, rates=rates,
    )  # fmt: skip
    best = bounds.terms(entered)["best"]
    entered, best = entered[best.notna()], best[best.notna()]
    columns = [plain(entered[name]) for name in keys]
    named = [json.dumps(row, ensure_ascii=False) for row in zip(*columns, strict=True)]
    amounts = {
        "figure_id": plain(entered["fact_id"]),
        "total": named,
        "amount": best.to_numpy(dtype="float64"),
    }
    return pd.DataFrame(amounts), keys


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large each figure is in a draw; its amount, whether it enters a total or not, 0 where it
    cannot enter one; the kind of sum that it could enter; and each currency's kind."""

    sizes: Floats
    amounts: Floats
    kinds: Sequence[str]
    currencies: Mapping[str, str]


def sizes(
    figures: pd.DataFrame,
    added: pd.DataFrame,
    question: Question,
    parents: Parents,
    like: Mapping[str, str],
) -> Sizes:
    """The size of each figure: its share of all that is stated of its kind times the root of its
    chance of being wrong, which draws a total best; an even part for all that may enter a total,
    and a smaller one for all.

    ``figures`` may enter a total or not: one that does not may be wrong in that, unless its unit
    or dimension keeps it out. A kind (a currency, or one item) weighs as many figures as enter its
    totals. ``like`` are the currencies that the texts write with one sign (:func:`of_one_sign`),
    which are one kind: which is meant by ``$`` is read, and may be read wrongly. Raises LedgerError
    where none does.
    """
    if added.empty:
        raise LedgerError("no figure enters the totals that are asked for")
    kinds = pd.Series(_kinds(figures, question, like), index=figures.index)
    may_enter = ~figures["dimension"].isin(NOT_ADDED)
    may_enter &= _may_match(figures, question, parents, like)
    enters = figures["figure_id"].isin(added["figure_id"])
    amounts = bounds.terms(figures)["best"].abs().fillna(0.0)
    amounts = amounts.where(may_enter, 0.0)
    stated = amounts.groupby(kinds).transform("sum")
    weight = enters.groupby(kinds).transform("sum")
    wrong = (1 - figures["confidence"]).fillna(UNTOLD_WRONG).clip(lower=_SURE)
    size = (amounts / stated.where(stated > 0) * weight * np.sqrt(wrong)).fillna(0.0).to_numpy()
    even = np.full(len(size), 1 / len(size))
    evenly = _shares(np.asarray(may_enter, dtype="float64"), even)
    large = _shares(size, evenly)
    return Sizes(
        (1 - EVENLY - ANYWHERE) * large + EVENLY * evenly + ANYWHERE * even,
        amounts.to_numpy(dtype="float64"),
        list(kinds),
        like,
    )


def of_one_sign(figures: pd.DataFrame) -> dict[str, str]:
    """The first, by the alphabet, of the currencies that share a bare sign, for each of them: ``$``
    is written for AUD, CAD and USD, ``A$`` for one."""
    money = figures.loc[figures["dimension"].eq("money"), ["unit", "text"]]
    like = {unit: unit for unit in sorted(map(str, money["unit"].dropna().unique()))}
    first: dict[str, str] = {}
    for unit, text in sorted(set(money.dropna().itertuples(index=False, name=None))):
        sign = _bare_sign(text)
        if sign is None:
            continue
        one, other = sorted((like[first.setdefault(sign, unit)], like[unit]))
        like |= dict.fromkeys([name for name, held in like.items() if held == other], one)
    return like


def _bare_sign(text: str) -> str | None:
    """The first sign of a currency in an amount, where no letter beside it says whose it is."""
    place = next((k for k, letter in enumerate(text) if category(letter) == "Sc"), None)
    if place is None or text[place - 1 : place].isalpha() or text[place + 1 :][:1].isalpha():
        return None
    return text[place]


def _may_match(
    figures: pd.DataFrame, question: Question, parents: Parents, like: Mapping[str, str]
) -> pd.Series[bool]:
    """Which figures meet the conditions on what no reader chooses, were money in any currency of
    its sign."""
    found = may_match(figures, question.where, parents)
    money = figures["dimension"].eq("money")
    sign = figures["unit"].map(like)
    for unit in like:
        rows = money & sign.eq(like[unit]) & figures["unit"].ne(unit)
        if rows.any():
            found |= rows & may_match(figures.assign(unit=unit), question.where, parents)
    return found


def _shares(sizes: Floats, otherwise: Floats) -> Floats:
    """Sizes as shares of all; others where there are none."""
    whole = float(sizes.sum())
    return sizes / whole if whole else otherwise


def kind_of(total: str, keys: Sequence[str], size: Sizes, question: Question) -> str:
    """The kind of sum of a total."""
    named: dict[str, Any] = dict(zip(keys, json.loads(total), strict=True))
    unit = named["unit"]
    is_money = unit in size.currencies or unit == question.currency
    item = None if is_money else named["item"] or ""
    return _kind(size.currencies.get(unit, unit), item, question)


def _kinds(figures: pd.DataFrame, question: Question, like: Mapping[str, str]) -> list[str]:
    columns = (plain(figures[name]) for name in ("dimension", "unit", "item"))
    rows = zip(*columns, strict=True)
    return [_kind(like.get(unit, unit) if what == "money" else unit,
                  None if what == "money" else item or "", question)
            for what, unit, item in rows]  # fmt: skip


def _kind(unit: str, item: str | None, question: Question) -> str:
    """What is added up together: the currencies of a sign (all money, where it is converted), or
    one item."""
    if item is None:
        return "money" if question.currency else unit
    return f"{unit} {item}"


def unseen(size: Sizes, chance: Floats, kind: str) -> float:
    """The variance that comes of what may be wrong and was not drawn: as if ``UNSEEN`` of those
    that are drawn by chance were wrong by all that they state of this kind. 0 where every figure
    of the kind is drawn."""
    left = (chance < 1) & (chance > 0)
    if not left.any():
        return 0.0
    own = left & (np.array(size.kinds, dtype=object) == kind)
    of_each = (1 - chance[own]) / chance[own] * size.amounts[own] ** 2
    return UNSEEN * float(of_each.sum() / chance[left].sum())

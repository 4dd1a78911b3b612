"""An audit: figures and passages are drawn, a person looks at them, and the totals get a band.

What is drawn, the chances, and what the ledger said then are kept with the draw, so that the result
follows from the decisions alone, whenever it is asked for. Figures that somebody has decided on
before are taken as right and are not drawn.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ledger.audit.difference import Correction, Drawn, correction
from ledger.audit.sampling import chances, draw
from ledger.audit.shares import Question, kind_of, of_one_sign, shares, sizes, unseen
from ledger.convert import Rates
from ledger.errors import LedgerError
from ledger.figure import Source
from ledger.passages import passages
from ledger.table import plain
from ledger.tree import Parents

BAND = 90  # percent
_QUANTILE = 1.6449  # of the normal distribution, for 90 percent between both
RESULT = (
    "ledger", "estimate", "band_low", "band_high", "of_figures", "of_missed", "drawn", "wrong",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DrawnFigure:
    """A figure that was drawn, its chance, and what it added to the totals then."""

    figure_id: str
    chance: float
    added: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that was drawn: its number in the draw, its place, its chance; and, once somebody
    has looked, what nobody had found there, each as fields of a figure."""

    number: int
    source_id: str
    start: int
    end: int
    chance: float
    missed: tuple[Mapping[str, Any], ...] | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """A total when the draw was made: its amount, and the variance of what may go unseen."""

    name: str
    amount: float
    unseen: float


@dataclass(frozen=True, slots=True)
class Audit:
    """A draw. ``keys`` are the columns whose values name a total; ``population`` is how many
    figures could be drawn."""

    question: Question
    keys: tuple[str, ...]
    seed: int
    population: int
    totals: tuple[Total, ...]
    figures: tuple[DrawnFigure, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Looked:
    """How far an audit has come: its number in the ledger, how many figures and passages were drawn
    and how many of them nobody has looked at yet; and its ``result``, None while some are left, or
    where drawn figures are ``gone`` from the ledger."""

    number: int
    figures: int
    figures_left: int
    passages: int
    passages_left: int
    gone: int
    result: pd.DataFrame | None


def drawn_of(
    figures: pd.DataFrame,
    texts: Iterable[Source],
    question: Question,
    *,
    number: int,
    of_passages: int,
    seed: int,
    parents: Parents,
    rates: Rates | None,
) -> Audit:
    """A draw of so many figures and passages. The same seed draws the same from the same ledger.

    ``figures`` are those of a ledger with their decisions, ``texts`` its documents. Raises
    LedgerError where nothing enters the totals, or all figures are decided on.
    """
    random = np.random.default_rng(seed)
    added, keys = shares(figures, question, parents, rates)
    open_ = figures[figures["review"].isna()].reset_index(drop=True)
    if open_.empty:
        raise LedgerError("every figure is decided on: there is nothing to draw")
    size = sizes(open_, added, question, parents, of_one_sign(figures))
    chance = chances(size.sizes, number)
    places = draw(chance, random)
    ids = plain(open_["figure_id"])
    by_figure = _by_figure(added)
    amounts = added.groupby("total", sort=True)["amount"].sum()
    return Audit(
        question,
        tuple(keys),
        seed,
        len(open_),
        tuple(
            Total(name, float(amount), unseen(size, chance, kind_of(name, keys, size, question)))
            for name, amount in zip(map(str, amounts.index), amounts, strict=True)
        ),
        tuple(DrawnFigure(ids[k], float(chance[k]), by_figure.get(ids[k], {})) for k in places),
        _drawn_passages(texts, of_passages, random),
    )


def _drawn_passages(
    texts: Iterable[Source], number: int, random: np.random.Generator
) -> tuple[Passage, ...]:
    held = [(source.source_id, a, b) for source in texts for a, b in passages(source.text)]
    chance = chances(np.ones(len(held)), number)
    places = draw(chance, random)
    return tuple(
        Passage(number, held[k][0], held[k][1], held[k][2], float(chance[k]))
        for number, k in enumerate(places, start=1)
    )


def gone_from(audit: Audit, figure_ids: Collection[str]) -> list[str]:
    """The drawn figures that are not among these."""
    return [one.figure_id for one in audit.figures if one.figure_id not in figure_ids]


def undecided(audit: Audit, figures: pd.DataFrame) -> list[str]:
    """The drawn figures that nobody has decided on yet.

    Raises LedgerError where one is no longer in the ledger: its document was read anew.
    """
    state = dict(zip(plain(figures["figure_id"]), plain(figures["review"]), strict=True))
    gone = gone_from(audit, state)
    if gone:
        raise LedgerError(
            f"{len(gone)} of the drawn figures, such as {gone[0]}, are no longer in the ledger: "
            "draw again"
        )
    return [one.figure_id for one in audit.figures if state[one.figure_id] is None]


def looked(
    number: int, audit: Audit, figures: pd.DataFrame, parents: Parents, rates: Rates | None
) -> Looked:
    """How far the audit of this number has come, with its result where that is to be had."""
    gone = gone_from(audit, {*plain(figures["figure_id"])})
    left = 0 if gone else len(undecided(audit, figures))
    unlooked = len(_unlooked(audit))
    open_ = gone or left or unlooked
    return Looked(
        number, len(audit.figures), left, len(audit.passages), unlooked, len(gone),
        None if open_ else result(audit, figures, parents, rates),
    )  # fmt: skip


def _unlooked(audit: Audit) -> list[Passage]:
    return [one for one in audit.passages if one.missed is None]


def result(
    audit: Audit, figures: pd.DataFrame, parents: Parents, rates: Rates | None
) -> pd.DataFrame:
    """Each total with its band: the columns that name it, then ``RESULT``.

    ``ledger`` is the total when the draw was made, ``estimate`` that and what the draw shows it to
    be wrong by (``of_figures`` in figures of the ledger, ``of_missed`` in what the reader missed);
    between ``band_low`` and ``band_high`` the true total lies in 90 of 100 draws. ``wrong`` of the
    ``drawn`` figures add something else than they did. Raises LedgerError where somebody has still
    to look at one.
    """
    left = undecided(audit, figures)
    unlooked = _unlooked(audit)
    if left or unlooked:
        raise LedgerError(
            f"{len(left)} of {len(audit.figures)} drawn figures are not decided on and "
            f"{len(unlooked)} of {len(audit.passages)} passages not looked at: see audit show"
        )
    added, _ = shares(figures, audit.question, parents, rates)
    now = _by_figure(added)
    missed = [_missed_in(one, figures, audit.question, parents, rates) for one in audit.passages]
    totals = {one.name: one for one in audit.totals}
    names = set(totals)
    for one in audit.figures:
        names |= now.get(one.figure_id, {}).keys()
    for found in missed:
        names |= found.keys()
    largest = max((one.unseen for one in audit.totals), default=0.0)
    rows = []
    for name in sorted(names):
        total = totals.get(name, Total(name, 0.0, largest))
        wrong_by = [
            now.get(one.figure_id, {}).get(name, 0.0) - one.added.get(name, 0.0)
            for one in audit.figures
        ]
        of_figures = _corrected(wrong_by, [one.chance for one in audit.figures])
        of_missed = _corrected(
            [found.get(name, 0.0) for found in missed], [one.chance for one in audit.passages]
        )
        estimate = total.amount + of_figures.amount + of_missed.amount
        spread = of_figures.variance + of_missed.variance + total.unseen
        half = _QUANTILE * float(np.sqrt(spread))
        band = (estimate - half, estimate + half)
        parts = (of_figures.amount, of_missed.amount)
        counts = (len(audit.figures), int(np.count_nonzero(wrong_by)))
        rows.append((*json.loads(name), total.amount, estimate, *band, *parts, *counts))
    return pd.DataFrame(rows, columns=[*audit.keys, *RESULT])


def _corrected(wrong_by: Sequence[float], chance: Sequence[float]) -> Correction:
    return correction(Drawn(np.array(wrong_by, dtype="float64"), np.array(chance)))


def _by_figure(added: pd.DataFrame) -> dict[str, dict[str, float]]:
    """By figure what it adds to which total."""
    found: dict[str, dict[str, float]] = {}
    columns = (plain(added[name]) for name in ("figure_id", "total", "amount"))
    for figure_id, total, amount in zip(*columns, strict=True):
        found.setdefault(figure_id, {})[total] = float(amount)
    return found


def _missed_in(
    passage: Passage,
    figures: pd.DataFrame,
    question: Question,
    parents: Parents,
    rates: Rates | None,
) -> dict[str, float]:
    """What the figures that were missed in a passage add to which total."""
    if not passage.missed:
        return {}
    rows = pd.DataFrame(list(passage.missed))
    held = pd.concat([figures.iloc[:0], rows], ignore_index=True)
    for name in ("date_start", "date_end"):
        held[name] = pd.to_datetime(held[name], format="ISO8601").astype("datetime64[us]")
    typed = held.astype({n: t for n, t in figures.dtypes.items() if not str(n).startswith("date_")})
    added, _ = shares(typed, question, parents, rates)
    totals = added.groupby("total")["amount"].sum()
    return {str(name): float(amount) for name, amount in totals.items()}

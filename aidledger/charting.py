"""Charts of a whole ledger: the kinds, and what each asks the ledger for."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from ledger.queries.asked import Asked, also, of_units, shown
from reports.charts import charts, evidence, rankings
from reports.charts.chosen import INCREMENT, group_columns, leading_unit, name_of
from reports.filters import listed
from reports.titles import in_words, is_currency

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from ledger.ledger import Ledger
    from ledger.prices import Prices
    from reports.charts.rankings import Shares


@dataclass(frozen=True)
class Question:
    """What is asked of a ledger for a chart."""

    by: Sequence[str] = ()
    freq: str | None = None
    status: str | Collection[str] | None = None
    unit: str | None = None
    currency: str | None = None
    prices: Prices | None = None
    asked: Asked = field(default_factory=Asked)
    basis: str | None = None

    def totals(self, ledger: Ledger, **instead: Any) -> pd.DataFrame:
        """The ledger's totals, in all units."""
        of: dict[str, Any] = {"by": self.by, "freq": self.freq, "status": self.status} | instead
        of |= {"currency": self.currency, "prices": self.prices, "basis": self.basis or "delta"}
        return ledger.totals(**of, undated=True, **self.asked)

    def apart(self, totals: pd.DataFrame) -> tuple[pd.DataFrame, str | None]:
        """The totals in one unit, the one asked for, else the currency, else the one of most facts;
        and if that is money, a note of what is told in other currencies."""
        unit = self.unit or self.currency or leading_unit(totals)
        return totals[totals["unit"] == unit], _elsewhere(totals, unit)

    def over_time(self, ledger: Ledger, freq: str) -> tuple[Question, pd.DataFrame]:
        """What is added up in periods: events, or where none is told and no basis is asked for,
        the totals that texts state; and the question that this answers."""
        frame = self.totals(ledger, freq=freq)
        if self.basis is not None or self.apart(frame)[0]["facts"].any():
            return self, frame
        stated = replace(self, basis="total")
        return stated, stated.totals(ledger, freq=freq)

    def of_donors(self, ledger: Ledger, status: str | Collection[str]) -> pd.DataFrame:
        """The totals of donors (or ``by``): of money alone, where there is any and no unit is asked
        for."""
        of: dict[str, Any] = {"by": self.by or ["donor"], "freq": None, "status": status}
        frame = self.totals(ledger, **of)
        if self.unit or self.currency:
            return frame
        money = frame[frame["unit"].map(is_currency).astype("bool")]
        return money if len(money) else frame

    def stated_above(self, ledger: Ledger, frame: pd.DataFrame) -> str | None:
        """Whose stated totals come to more than these totals of one unit: a note for a chart of
        sums."""
        if self.currency or self.prices or frame.empty or self.asked.get("since"):
            return None  # a total so far is not of a time that begins later
        by = list(self.by or ["donor"])
        held = ledger.position(by=by, **self.asked)
        unit = frame["unit"].iloc[0]
        keys = list(dict.fromkeys(name.partition(":")[0] for name in by))  # item:0 stands in item
        if not is_currency(unit):  # the amount names the item
            keys = [name for name in keys if name != "item"]
        held = held[held["unit"].eq(unit)]
        told: list[tuple[float, str]] = []
        for stage in {"committed", "delivered"} & {*frame["status"].dropna()}:
            so_far = held[f"{stage}_so_far"]
            above = held[held[f"{stage}_total"].notna() & so_far.gt(held[stage].fillna(0))]
            for row in above.to_dict("records"):
                whose = name_of(keys, (row[name] for name in keys))
                number, item = row[f"{stage}_so_far"], row["item"]
                amount = in_words(number, unit, item if isinstance(item, str) else None)
                told.append((number, f"{whose} {amount} {stage}".lstrip()))
        words = [words for _, words in sorted(told, reverse=True)]
        return f"By totals that texts state, more: {listed(words)}." if words else None

    def balances(self, ledger: Ledger) -> pd.DataFrame:
        """The ledger's balances of the unit and the status asked for."""
        status = [self.status] if isinstance(self.status, str) else self.status
        return ledger.reconcile(**also(of_units(self.asked, self.unit), "status", status))


def chart(
    ledger: Ledger,
    kind: str = "totals",
    *,
    by: Sequence[str] = (),
    freq: str | None = None,
    status: str | Collection[str] | None = None,
    unit: str | None = None,
    currency: str | None = None,
    prices: Prices | None = None,
    share_of: Shares | None = None,
    per_head: Shares | None = None,
    title: str | None = None,
    note: str | None = None,
    size: str = "screen",
    ax: Axes | None = None,
    basis: str | None = None,
    **asked: Unpack[Asked],
) -> Axes:
    """Draw a chart of the ledger and return its axes.

    ``kind`` is ``totals`` (cumulative, over time), ``columns`` (what each month, or ``freq``,
    added), ``commitments`` (committed against delivered), ``ranked`` (by donor, as a share of the
    numbers in ``share_of``, or divided among the people in ``per_head``, if given),
    ``reconciliation`` (events against stated totals) or ``timeline`` (every fact at its date, in
    lanes by the first of ``by``). It shows what is ``asked`` for
    (:class:`ledger.queries.asked.Asked`): aid and losses, unless a view is asked for. A chart shows
    one unit, a reconciliation one series: the one of most facts (of donors, the currency of most;
    of series those whose status and totals are stated), unless ``unit`` and ``where`` choose.
    ``ranked`` shows what was committed unless ``status`` says else. With ``basis="total"``,
    ``totals`` shows the totals that texts state and ``columns`` what each has more than the one
    before, sources that differ side by side; so they do without a ``basis`` where no event is
    told. The title is made of what was asked unless one is
    given; ``note`` stands below the chart, ``size`` is screen, web, print or slide. The source line
    credits whose documents and tables stand behind it. Raises ValueError for another kind or size,
    for a basis that the kind does not have, and for a
    ``currency`` or ``prices`` where amounts are shown as they are stated (``reconciliation``,
    ``timeline``); LedgerError for a column that facts do not have.
    """
    if kind not in KINDS:
        raise ValueError(f"no chart {kind!r}; choose from {', '.join(KINDS)}")
    if kind in AS_STATED and (currency or prices):
        raise ValueError(f"a {kind} shows amounts as they are stated: no other currency or prices")
    if basis not in (None, "delta", *(("total",) if kind in OF_TOTALS else ())):
        raise ValueError(f"no {kind} of basis '{basis}'; total goes with {', '.join(OF_TOTALS)}")
    wanted = [status] if isinstance(status, str) else status or ()
    if currency and unit and is_currency(unit):
        asked, unit = of_units(asked, unit), currency  # what is converted
    question = ledger.looked_up(shown(asked, wanted))
    told = [
        f"In {currency} at the rates of the days." if currency else None,
        f"In prices of {prices.year}." if prices else None,
        note,
    ]
    options: dict[str, Any] = {
        **asked, "where": question["where"], "ax": ax, "title": title, "size": size,
        "note": " ".join(filter(None, told)) or None,
    }  # fmt: skip
    given = {"share_of": share_of, "per_head": per_head}
    options |= {name: shares for name, shares in given.items() if shares is not None}
    posed = Question(by, freq, status, unit, currency, prices, question, basis)
    return KINDS[kind](ledger, posed, options)


def _credit(ledger: Ledger, figure_ids: pd.Series[str]) -> str | None:
    """Whose documents and tables these figures (JSON lists of ids) stand in."""
    from ledger.table import TABLE_READER
    from reports.credits import credit

    told = set(figure_ids.map(json.loads).explode())
    with ledger.snapshot() as now:
        figures = now.figures.frame(["figure_id", "source_id", "reader"])
        sources = now.sources.query("~superseded")
    behind = figures[figures["figure_id"].isin(told)]
    read = bool(behind["reader"].ne(TABLE_READER).any())
    return credit(sources[sources["source_id"].isin(behind["source_id"])], read=read)


def _source(ledger: Ledger, asked: Question, totals: pd.DataFrame) -> str | None:
    """Whose numbers a chart of totals shows."""
    from ledger.totals import select

    status = asked.status or list(totals["status"].dropna().unique())
    facts = select(ledger.facts(**asked.asked), status=status, basis=asked.basis or "delta")
    if not asked.currency:
        facts = facts[facts["unit"].isin(totals["unit"].unique())]
    return _credit(ledger, facts["figure_ids"])


def read_shares(path: str | os.PathLike[str]) -> pd.Series[float]:
    """What the totals of a ranked chart are divided by: a CSV with a column ``name`` (a donor's
    code) and one of numbers, whose head says what they are ("GDP 2021"; for a plain ``amount`` the
    name of the file says it). Raises LedgerError naming the file and the line."""
    import pandas as pd

    from ledger.errors import LedgerError

    shares: dict[str, float] = {}
    try:
        with open(path, encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            others = [name for name in rows.fieldnames or () if name != "name"]
            column = "amount" if "amount" in others else (others or [""])[0]
            if "name" not in (rows.fieldnames or ()) or (column != "amount" and len(others) != 1):
                raise LedgerError(f"{path}: needs a column name and one of numbers")
            for line, row in enumerate(rows, start=2):
                try:
                    shares[row["name"]] = float(row[column])
                except (TypeError, ValueError) as error:
                    raise LedgerError(f"{path}, line {line}: not a name and a number") from error
    except (OSError, UnicodeDecodeError) as error:
        raise LedgerError(f"{path}: {error}") from error
    called = Path(path).stem.replace("_", " ") if column == "amount" else column
    return pd.Series(shares, name=called, dtype="float64")


def _with_status(
    frame: pd.DataFrame, options: dict[str, Any]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """What is known to be given, lost or asked for, with a note of the rest."""
    unknown = frame["status"].isna()
    if not unknown.any() or unknown.all():
        return frame, options
    number = int(frame.loc[unknown, "facts"].sum())
    left = f"Without a status, not drawn: {number:,} fact{'' if number == 1 else 's'}."
    return frame[~unknown], _with_note(left, options)


def _with_donors(
    frame: pd.DataFrame, options: dict[str, Any]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The totals whose donor is told, with a note of the rest: nobody's money leads no chart of who
    gives. All where no donor is told, or none is asked for."""
    if "donor" not in frame or frame["donor"].isna().all():
        return frame, options
    nobody = frame["donor"].isna()
    sums = _added(frame[nobody]).groupby(["status", "unit"])["best"].sum().reset_index()
    rows = sums.to_dict("records")
    words = [f"{in_words(row['best'], row['unit'])} {row['status']}" for row in rows]
    left = f"Without a donor, not drawn: {listed(words)}." if words else None
    return frame[~nobody], _with_note(left, options)


def _elsewhere(totals: pd.DataFrame, unit: str | None) -> str | None:
    """What is told in other currencies than the one that is shown, the largest first: ``Not shown:
    EUR 18 billion committed (European Union).``"""
    if unit is None or not is_currency(unit):
        return None
    others = totals[totals["unit"].map(is_currency).astype("bool") & totals["unit"].ne(unit)]
    others = _added(others[others["status"].notna()])
    if others.empty:
        return None
    stated = INCREMENT in others
    sums = (_latest if stated else _summed)(others)
    keys = [name for name in group_columns(sums) if name not in ("item", "dimension", "status")]
    told = []
    for row in sums.sort_values("best", ascending=False, kind="stable").to_dict("records"):
        whose = name_of(keys, (row[name] for name in keys), unknown=not stated)
        amount = f"{in_words(row['best'], row['unit'])} {row['status']}"
        told.append(f"{amount} ({whose})" if whose else amount)
    return f"Not shown: {listed(told)}."


def _summed(totals: pd.DataFrame) -> pd.DataFrame:
    """The totals of each group and unit, over all periods."""
    keys = ["unit", *group_columns(totals)]
    return totals.groupby(keys, dropna=False)["best"].sum().reset_index()


def _latest(stated: pd.DataFrame) -> pd.DataFrame:
    """Of stated totals the latest of each series, and of the series of the same actors the one that
    comes to most: sources that differ are not added up."""
    series = ["unit", *group_columns(stated)]
    last = stated.sort_values("period", kind="stable", na_position="first")
    last = last.groupby(series, dropna=False).tail(1)
    whose = [name for name in series if name not in ("per", "since", "source")]
    return last.groupby(whose, dropna=False)["best"].max().reset_index()


def _with_note(words: str | None, options: dict[str, Any]) -> dict[str, Any]:
    """The options with these words, if any, before what is told below the chart."""
    return options | {"note": " ".join(filter(None, (words, options["note"])))}


def _added(frame: pd.DataFrame) -> pd.DataFrame:
    """The totals in which anything is added up."""
    return frame[frame["facts"] > 0]


def _noted(frame: pd.DataFrame, options: dict[str, Any]) -> dict[str, Any]:
    """The options, with a note of how many amounts are in no sum of totals in one currency."""
    lost = int(frame["unconverted"].sum()) if "unconverted" in frame else 0
    if not lost:
        return options
    told = f"Without {lost:,} amount{'' if lost == 1 else 's'} that no exchange rate converts."
    return _with_note(told, options)


def _totals(ledger: Ledger, asked: Question, options: dict[str, Any]) -> Axes:
    asked, every = asked.over_time(ledger, asked.freq or "day")
    told, elsewhere = asked.apart(every)
    frame, options = _with_status(told, _with_note(elsewhere, options))
    converted, as_stated = asked.currency or asked.prices, asked.basis == "total"
    stated = None if converted or as_stated else asked.balances(ledger)
    source = _source(ledger, asked, frame)
    options = _noted(frame, options) | {"balances": stated, "source": source}
    return charts.plot_totals(_added(frame), **options)


def _columns(ledger: Ledger, asked: Question, options: dict[str, Any]) -> Axes:
    freq = asked.freq or "month"
    asked, every = asked.over_time(ledger, freq)
    told, elsewhere = asked.apart(every)
    frame, options = _with_status(told, _with_note(elsewhere, options))
    source = _source(ledger, asked, frame)
    return charts.plot_columns(_added(frame), freq=freq, source=source, **_noted(frame, options))


def _commitments(ledger: Ledger, asked: Question, options: dict[str, Any]) -> Axes:
    frame, elsewhere = asked.apart(asked.of_donors(ledger, ["committed", "delivered"]))
    options = _with_note(asked.stated_above(ledger, frame), _with_note(elsewhere, options))
    frame, options = _with_donors(frame, options)
    source = _source(ledger, asked, frame)
    return rankings.plot_commitments(_added(frame), source=source, **_noted(frame, options))


def _ranked(ledger: Ledger, asked: Question, options: dict[str, Any]) -> Axes:
    status = asked.status or "committed"
    frame, elsewhere = asked.apart(asked.of_donors(ledger, status))
    options = _with_note(asked.stated_above(ledger, frame), _with_note(elsewhere, options))
    frame, options = _with_donors(frame, options)
    source = _source(ledger, asked, frame)
    return rankings.plot_ranked(_added(frame), source=source, **_noted(frame, options))


def _reconciliation(ledger: Ledger, asked: Question, options: dict[str, Any]) -> Axes:
    from ledger.series import SERIES

    balances = asked.balances(ledger)
    series = balances.groupby(list(SERIES), dropna=False, sort=False)
    checked = series["entry"].transform(lambda entries: entries.eq("total").sum())
    told = balances[balances["status"].notna() & checked.gt(0)]
    chosen = told if len(told) else balances
    numbers = series.ngroup()[chosen.index]
    leading = chosen[numbers.isin(numbers.mode().head(1))]
    source = _credit(ledger, leading["figure_ids"].dropna())
    if numbers.nunique() > 1:
        options = _with_note(f"One of {numbers.nunique():,} series: the fullest.", options)
    return evidence.plot_reconciliation(leading, source=source, **options)


def _timeline(ledger: Ledger, asked: Question, options: dict[str, Any]) -> Axes:
    from ledger.errors import LedgerError
    from ledger.totals import select

    facts = select(ledger.facts(**asked.asked), status=asked.status)
    lanes = asked.by[0] if asked.by else "status"
    if lanes not in facts.columns:
        raise LedgerError(f"no column {lanes!r}; choose from {', '.join(facts.columns)}")
    source = _credit(ledger, facts["figure_ids"])
    return evidence.plot_timeline(facts, lanes=lanes, source=source, **options)


KINDS: dict[str, Callable[[Ledger, Question, dict[str, Any]], Axes]] = {
    "totals": _totals,
    "columns": _columns,
    "commitments": _commitments,
    "ranked": _ranked,
    "reconciliation": _reconciliation,
    "timeline": _timeline,
}
AS_STATED = ("reconciliation", "timeline")
OF_TOTALS = ("totals", "columns")

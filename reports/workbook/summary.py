"""The sheet Summary: who has given what to whom, kinds of aid, months, losses, and how sure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from reports.filters import NOT_STATED, value_name
from reports.titles import Scale, in_words, is_currency, scale_within
from reports.workbook import doubts
from reports.workbook.cells import Cell
from reports.workbook.donors_by_item import TRANSFERS
from reports.workbook.lines import Lines
from reports.workbook.native import Months, columns_of_months

if TYPE_CHECKING:
    from reports.workbook.contents import Contents

WIDTHS = (22, 22, 46, 14, 14, 14, 14, 50)
MOST = {"money": 12, "materiel": 40, "losses": 14, "months": 24}  # rows of a table
HEAVY = ("armoured vehicles", "artillery", "air defence", "aircraft", "naval", "missiles")
A_SIDE = 4  # losses of one side
_LINE = 13.0  # points
_EVEN = 0.5
CURRENCIES, MONTHLY = 3, 2  # each has a table of its own, and one by months
_CHART_ROWS = 15
_STAGES = {
    "requested": "requested", "authorized": "authorized", "committed": "committed_so_far",
    "delivered": "delivered_so_far",
}  # fmt: skip
"""The columns of money, and those of positions in them."""
_COLORS = {"delivered": "0B4F7D", "committed": "9BB7CB"}


def write_summary(lines: Lines, contents: Contents) -> None:
    """Fill the sheet, from what a reader asks first to how far it can be trusted."""
    lines.text("Summary", "title", 28)
    aid = _known_first(contents.positions(by=("donor", "recipient"), view="aid"))
    lines.text(
        "Aid and losses. Committed, delivered and so far: the latest total that a text states with "
        "what came after it, else the sum of its events.",
        "subtitle",
    )
    if aid["sure"].notna().any():
        lines.text(
            "Sure: the chance, weighed by amount, that what is so far is read rightly. In italics: "
            "under 50%.",
            "subtitle",
        )
    if contents.only:
        lines.text(f"Only: {contents.only}", "only", 16)
    lines.blank()
    money = aid[_is_money(aid)]
    currencies = _by_use(contents.totals(by=(), view="aid"))
    for unit in currencies[:CURRENCIES]:
        rows = money[money["unit"].eq(unit)]
        _stages(
            lines,
            contents,
            f"Who has given what to whom: {unit}",
            rows,
            ("donor", "recipient"),
            unit,
        )
    things = _heavy_first(aid[~aid.index.isin(money.index)], contents)
    heading = "Who has given what to whom: materiel and people"
    _series(lines, contents, heading, things, ("donor", "recipient"), MOST["materiel"])
    kinds = contents.positions(by=("aid_type",), view="aid")
    for unit in currencies[:CURRENCIES]:
        rows = kinds[kinds["unit"].eq(unit)]
        _stages(lines, contents, f"By kind of aid: {unit}", rows, ("aid_type",), unit)
    for unit in currencies[:MONTHLY]:
        _months(lines, contents, unit)
    losses = _sides_first(contents.positions(by=("party",), view="losses"))
    _series(lines, contents, "Losses by side", losses, ("party", "status"), MOST["losses"])
    doubts.write_largest(lines, contents, next(iter(currencies), None))
    doubts.write_doubts(lines, contents)
    doubts.write_audit(lines, contents.audit)


def _is_money(rows: pd.DataFrame) -> pd.Series[bool]:
    return rows["unit"].map(is_currency).astype("bool")


def _by_use(totals: pd.DataFrame) -> list[str]:
    """The currencies of what was given, that of most facts first."""
    money = totals[_is_money(totals) & totals["status"].isin(TRANSFERS)]
    facts = money.groupby("unit")["facts"].sum().sort_index()
    return [str(unit) for unit in facts.sort_values(ascending=False, kind="stable").index]


def _known_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Positions of which giver and receiver are known, then the others; large before small."""
    half = rows["donor"].isna() | rows["recipient"].isna()
    size = rows[["so_far", *_STAGES.values()]].max(axis=1)
    return _ordered(rows.assign(half=half, size=-size), ["half"], ["size"])


def _heavy_first(rows: pd.DataFrame, contents: Contents) -> pd.DataFrame:
    """Positions of heavy weapons, category by category, before those of all else, each in the order
    that they have, those of unknown giver or receiver last: a number of rounds says less than a
    number of tanks."""
    told = contents.facts.frame(["item", "category"]).dropna()
    weight = {category: place for place, category in enumerate(HEAVY)}
    category = dict(zip(told["item"], told["category"], strict=True))
    light = rows["item"].map(lambda item: weight.get(category.get(item, ""), len(HEAVY)))
    half = rows["donor"].isna() | rows["recipient"].isna()
    keys = rows.assign(half=half, light=light)
    return keys.sort_values(["half", "light"], kind="stable").drop(columns=["half", "light"])


def _sides_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Losses side by side, those that most facts tell first; whose they are unknown, last."""
    told = _told(rows)
    of_side = told.groupby(rows["party"]).transform("sum").fillna(0)
    keys = rows.assign(half=rows["party"].isna(), side=-of_side, size=-rows["so_far"])
    ordered = _ordered(keys[keys["so_far"].notna()], ["half", "side", "party"], ["size"])
    most = ordered.groupby("party", dropna=False).cumcount() < A_SIDE
    return pd.concat([ordered[most], ordered[~most]])


def _ordered(rows: pd.DataFrame, first: list[str], last: list[str]) -> pd.DataFrame:
    """Counted things by how many facts tell them, for sizes of different things say nothing."""
    counted = ~_is_money(rows)
    keys = rows.assign(told=-_told(rows).where(counted, 0))
    held = keys.sort_values([*first, "told", *last, "item"], kind="stable")
    return held.drop(columns=["told", *(n for n in ("half", "side", "size") if n in held)])


def _told(rows: pd.DataFrame) -> pd.Series[int]:
    """How many facts each position rests on."""
    return rows["fact_ids"].map(_facts).astype("int64")


def _facts(fact_ids: str) -> int:
    return len(json.loads(fact_ids))


def _stages(
    lines: Lines,
    contents: Contents,
    heading: str,
    rows: pd.DataFrame,
    groups: Sequence[str],
    unit: str,
) -> None:
    """Money of one currency, its stages side by side, none added to another."""
    shown = _begin(lines, contents, heading, rows, MOST["money"])
    if shown.empty:
        return
    scale = scale_within(shown[list(_STAGES.values())].abs().max().max(), unit)
    cells = lines.cells
    names = [*_named(groups), "so far", *(f"{name}, {scale.measure}" for name in _STAGES)]
    lines.head([*names, "so far rests on"], [False] * 3 + [True] * 4 + [False])
    for row in shown.to_dict("records"):
        amounts = [_scaled(lines, row[name], scale) for name in _STAGES.values()]
        grounds = cells.text(_grounds(row), "small")
        said = _so_far(row)
        lines.row(
            [*_who(lines, row, groups), cells.text(said, _style(row)), *amounts, grounds],
            _high(said),
        )
    _end(lines, rows, shown)


def _series(
    lines: Lines,
    contents: Contents,
    heading: str,
    rows: pd.DataFrame,
    groups: Sequence[str],
    most: int,
) -> None:
    """Counted things: how many so far, within which bounds, on what grounds."""
    rows = rows[rows["so_far"].notna()]
    shown = _begin(lines, contents, heading, rows, most)
    if shown.empty:
        return
    cells = lines.cells
    names = [*_named(groups), "so far", "number", "low", "high", "facts", "so far rests on"]
    lines.head(names, [False] * 3 + [True] * 4 + [False])
    for row in shown.to_dict("records"):
        amounts = [
            _scaled(lines, row[name], Scale(1.0, "", ""))
            for name in ("so_far", "so_far_low", "so_far_high")
        ]
        told = cells.number(_facts(row["fact_ids"]))
        grounds = cells.text(_grounds(row), "small")
        said = _so_far(row)
        lines.row(
            [*_who(lines, row, groups), cells.text(said, _style(row)), *amounts, told, grounds],
            _high(said),
        )
    _end(lines, rows, shown)


def _months(lines: Lines, contents: Contents, unit: str) -> None:
    """Money of one currency by month, with a chart beside it; months without any are no rows."""
    monthly = contents.totals(by=("dimension",), freq="month", view="aid")
    money = monthly[monthly["unit"].eq(unit) & monthly["status"].isin(TRANSFERS)]
    dated = money[money["period"].notna()]
    amounts = dated.pivot(index="period", columns="status", values="best")
    table = amounts.reindex(columns=list(TRANSFERS))
    facts = dated.groupby("period")["facts"].sum()
    heading = f"By month: {unit}"
    shown = _begin(lines, contents, heading, table, MOST["months"], last=True, least=_CHART_ROWS)
    if shown.empty:
        return
    top = lines.next
    scale = scale_within(shown.abs().max().max(), unit)
    cells = lines.cells
    heads = [f"{name}, {scale.measure}" for name in TRANSFERS]
    head = lines.head(["month", "", "facts", *heads], [False, False] + [True] * 5)
    for month, row in zip(shown.index, shown.to_dict("records"), strict=True):
        amounts_of = [_scaled(lines, row[name], scale) for name in TRANSFERS]
        told = cells.number(int(facts[month]))
        lines.row([cells.date(month, "month"), None, told, *amounts_of])
    if len(shown) > 1:
        dates = pd.DatetimeIndex(shown.index)
        span = Months.of(lines.sheet, head, dates, shown[list(_COLORS)])
        drawn = {4 + TRANSFERS.index(name): (name, color) for name, color in _COLORS.items()}
        chart = columns_of_months(span, f"Aid by month, {scale.measure}", scale, drawn)
        chart.height, chart.width = 7.0, 10.2  # centimetres
        lines.sheet.add_chart(chart, f"H{head}")
        lines.blank(max(0, top + _CHART_ROWS - lines.next))
    _end(lines, table, shown)


def _begin(
    lines: Lines,
    contents: Contents,
    heading: str,
    rows: pd.DataFrame,
    most: int,
    *,
    last: bool = False,
    least: int = 0,
) -> pd.DataFrame:
    """The heading of a table, and the rows that it shows, the first or the last."""
    shown = rows.tail(most) if last else rows.head(most)
    lines.keep(max(len(shown) + 1, least))
    lines.section(heading, len(WIDTHS))
    if shown.empty:
        lines.text(contents.nothing, "note")
        lines.blank()
    return shown


def _end(lines: Lines, rows: pd.DataFrame, shown: pd.DataFrame) -> None:
    if len(rows) > len(shown):
        lines.text(
            f"{len(rows) - len(shown):,} more: see the sheets All totals and Facts.", "remark"
        )
    lines.blank()


def _named(groups: Sequence[str]) -> list[str]:
    """The heads of the two columns of groups."""
    words = {"party": "side", "status": "what happened", "aid_type": "kind of aid"}
    return ([words.get(name, name) for name in groups] + [""])[:2]


def _who(lines: Lines, row: dict[Any, Any], groups: Sequence[str]) -> list[Cell | None]:
    """The two cells of groups."""
    words = [
        NOT_STATED if pd.isna(row[name]) else value_name(name, str(row[name])) for name in groups
    ]
    return [*(lines.cells.text(word, "wrap") for word in words), *([None] * (2 - len(words)))]


def _so_far(row: dict[Any, Any]) -> str:
    """The answer in words; empty where nothing is told of what was committed or came."""
    if pd.isna(row["so_far"]):
        return ""
    least = pd.isna(row["so_far_high"]) and row["so_far"] == row["so_far_low"]
    item = None if pd.isna(row["item"]) else str(row["item"])
    said = in_words(row["so_far"], row["unit"], item)
    deed = row["status"] if row["status"] in (*TRANSFERS, "cancelled") else ""
    return f"{'at least ' if least else ''}{said} {deed}".rstrip()


def _style(row: dict[Any, Any]) -> str:
    """Italics for what is rather read wrongly than rightly."""
    return "doubted" if row["sure"] < _EVEN else "wrap"


def _grounds(row: dict[Any, Any]) -> str:
    """What an answer rests on, and how sure its reader is of that."""
    sure = "" if pd.isna(row["sure"]) else f"; {row['sure']:.0%} sure"
    return f"{row['grounds']}{sure}"


def _high(said: str) -> float | None:
    """The height of a row whose answer takes two lines."""
    return None if len(said) <= WIDTHS[2] else 2 * _LINE


def _scaled(lines: Lines, number: Any, scale: Scale) -> str | None:
    return None if pd.isna(number) else lines.cells.scaled(float(number), scale.divisor)

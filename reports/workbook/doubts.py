"""The end of the Summary: the largest facts with their sentences, and how sure all of it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from ledger.queries.view import NEEDS, SHOWN, view_of
from ledger.rows import joined
from reports.filters import value_name
from reports.titles import in_words, is_currency, scale_within
from reports.workbook.donors_by_item import TRANSFERS

if TYPE_CHECKING:
    from ledger.audit.audit import Looked
    from reports.workbook.contents import Contents
    from reports.workbook.lines import Lines

LARGEST = 10
AUDITED = 12  # totals of an audit
_BAND = ("ledger", "estimate", "band_low", "band_high")
BANDS = (("90% or more", 0.9, 1.01), ("70% to 90%", 0.7, 0.9), ("under 70%", 0.0, 0.7))
_LETTERS = 290  # of a sentence that are shown, around its figure
_A_LINE, _LINE = 64, 12.0  # letters, and points of height
_COLUMNS, _NAME = 8, 22  # columns, and letters of a name on one line
_TOLD = ("unit", "value", "donor", "recipient", "status", "basis", "date", "confidence", "text",
         "sentence")  # fmt: skip
_STATE = ("review", "confidence", "certainty", "date_end")
_LOOSE = ("estimated", "unconfirmed", "expected")


def write_largest(lines: Lines, contents: Contents, unit: str | None) -> None:
    """The ten largest amounts of aid in a currency, each with the sentence that states it."""
    rows = joined(_largest(contents, unit), contents.facts.empty[list(_TOLD)])
    rows = rows.sort_values("value", ascending=False, kind="stable").head(LARGEST)
    lines.keep(len(rows) * 3)
    lines.section(" ".join(("The ten largest facts of aid,", unit or "")).rstrip(", "), _COLUMNS)
    if rows.empty:
        lines.text(contents.nothing, "note")
        lines.blank()
        return
    cells = lines.cells
    scale = scale_within(float(rows["value"].max()), str(unit))
    names = ("donor", "recipient", "fact", scale.measure, "date", "sure", "", "sentence")
    lines.head(names, [False, False, False, True, False, True, False, False])
    for row in rows.to_dict("records"):
        names_of = [
            "not stated" if pd.isna(row[n]) else value_name(n, str(row[n]))
            for n in ("donor", "recipient")
        ]
        who = [cells.text(name, "wrap") for name in names_of]
        total = ", a stated total" if row["basis"] == "total" else ""
        said = cells.text(f"{in_words(row['value'], row['unit'])} {row['status']}{total}")
        date = None if pd.isna(row["date"]) else cells.text(str(row["date"]))
        sure = None if pd.isna(row["confidence"]) else cells.bare(row["confidence"], "share")
        sentence = _around(row["sentence"], row["text"])
        height = _LINE * (len(sentence) // _A_LINE + 1) + 3
        lines.row(
            [*who, said, cells.scaled(row["value"], scale.divisor), date, sure, None,
             cells.text(sentence, "small")],
            max(height, 2 * _LINE if max(map(len, names_of)) > _NAME else 0),
        )  # fmt: skip
    lines.text("The sheet Facts leads from each to its document.", "remark")
    lines.blank()


def write_doubts(lines: Lines, contents: Contents) -> None:
    """What is uncertain, and what was reviewed: how many facts of each."""
    facts = contents.facts.keeping(lambda rows: view_of(rows).isin(SHOWN), *NEEDS)
    state = facts.frame(_STATE)
    told = (*_sure(state), *_open(contents, state), *_checked(contents))
    rows = [*(row for row in told if row[2]), *_reviewed(contents, state)]
    lines.keep(len(rows) + 1)
    lines.section("How sure, and what was reviewed", _COLUMNS)
    lines.head(["question", "", "answer", "number", "of facts"], [False] * 3 + [True] * 2)
    cells = lines.cells
    before = ""
    for question, answer, number, is_of_facts in rows:
        share = cells.bare(number / len(state), "share") if is_of_facts and len(state) else None
        asked = None if question == before else cells.text(question)
        lines.row([asked, None, cells.text(answer), cells.number(number), share])
        before = question


def write_audit(lines: Lines, audit: Looked | None) -> None:
    """What the latest audit says of the totals, where one was drawn: their band, or what is left
    to do."""
    if audit is None:
        return
    lines.blank()
    if audit.result is None:
        lines.keep(1)
        lines.section(f"Audit {audit.number}", _COLUMNS)
        lines.text(f"No error band yet: {_left(audit)}", "remark")
        return
    rows = _money_first(audit.result)
    shown = rows.head(AUDITED)
    lines.keep(len(shown) + 3)
    lines.section(f"How wrong the totals may be: audit {audit.number}", _COLUMNS)
    heads = ["total", "", "in", "ledger", "estimate", "low", "high", "wrong of the drawn figures"]
    lines.head(heads, [False] * 3 + [True] * 4 + [False])
    names = [str(name) for name in rows.columns]
    keys = names[: names.index("ledger")]
    cells = lines.cells
    for row in shown.to_dict("records"):
        words = [value_name(n, str(row[n])) for n in keys if n != "unit" and pd.notna(row[n])]
        unit = str(row["unit"])
        scale = scale_within(max(abs(row[n]) for n in _BAND), unit)
        whole = {n: row[n] if is_currency(unit) else round(row[n]) for n in _BAND}
        lines.row([
            cells.text(", ".join(words) or "all"), None,
            cells.text("" if unit == "count" else scale.measure),
            *(cells.scaled(whole[n], scale.divisor) for n in _BAND),
            cells.text(f"{row['wrong']:,} of {row['drawn']:,}", "small"),
        ])  # fmt: skip
    more = len(rows) - len(shown)
    lines.text(
        f"It rests on {audit.figures:,} figures and {audit.passages:,} passages that were drawn at "
        "random and that a person looked at: in 90 of 100 draws the true total lies between low "
        f"and high.{f' {more:,} more totals: aidledger audit result.' if more else ''}",
        "remark",
    )


def _left(audit: Looked) -> str:
    """Why an audit has no result."""
    if audit.gone:
        return (
            f"{audit.gone:,} drawn figures are no longer in the ledger; it has to be drawn again."
        )
    return (
        f"{audit.figures_left:,} of {audit.figures:,} figures and {audit.passages_left:,} of "
        f"{audit.passages:,} passages, drawn at random, wait to be looked at."
    )


def _money_first(result: pd.DataFrame) -> pd.DataFrame:
    """The totals of an audit, money first, then the large ones first."""
    counted = ~result["unit"].map(is_currency).astype("bool")
    size = -result[["ledger", "estimate"]].abs().max(axis=1)
    rows = result.assign(counted=counted, size=size)
    rows = rows.sort_values(["counted", "size"], kind="stable", ignore_index=True)
    return rows.drop(columns=["counted", "size"])


_Row = tuple[str, str, int, bool]  # question, answer, how many, whether of the facts


def _sure(state: pd.DataFrame) -> Iterator[_Row]:
    sure = state["confidence"]
    for words, low, high in BANDS:
        yield (
            "Chance that the reading is right",
            words,
            int((sure.ge(low) & sure.lt(high)).sum()),
            True,
        )
    yield (
        "Chance that the reading is right",
        "its reader does not say",
        int(sure.isna().sum()),
        True,
    )


def _open(contents: Contents, state: pd.DataFrame) -> Iterator[_Row]:
    question = "Left open by the texts"
    added = contents.totals(by=(), view=SHOWN)
    yield question, "no upper bound (“at least”), in a sum", int(added["open_terms"].sum()), True
    yield question, "the middle of a range, in a sum", int(added["midpoints"].sum()), True
    yield question, "estimated, expected or unconfirmed", _count(state, "certainty", *_LOOSE), True
    yield question, "without a date", int(state["date_end"].isna().sum()), True


def _checked(contents: Contents) -> Iterator[_Row]:
    """The verdicts on totals that texts state, those that there are."""
    verdicts = contents.balances["verdict"].dropna().value_counts().sort_index()
    for verdict, number in verdicts.items():
        yield "Stated totals against sums", str(verdict), int(number), False


def _reviewed(contents: Contents, state: pd.DataFrame) -> Iterator[_Row]:
    accepted, corrected = (_count(state, "review", word) for word in ("accepted", "corrected"))
    yield "Reviewed by a person", "accepted", accepted, True
    yield "Reviewed by a person", "corrected", corrected, True
    if "review" in contents.figures.empty:
        figures = contents.figures.frame(["review"])
        rejected = _count(figures, "review", "rejected")
        yield "Reviewed by a person", "rejected figures, in no sum", rejected, False
    yield "Reviewed by a person", "not yet", len(state) - accepted - corrected, True


def _count(rows: pd.DataFrame, column: str, *values: str) -> int:
    return int(rows[column].isin(values).sum())


def _largest(contents: Contents, unit: str | None) -> Iterator[pd.DataFrame]:
    """Of each portion of the facts the largest amounts of aid in the currency."""
    for portion in contents.facts.portions(_TOLD):
        aid = portion["donor"].notna() | portion["recipient"].notna()
        held = portion[aid & portion["unit"].eq(unit or "") & portion["status"].isin(TRANSFERS)]
        yield held.nlargest(LARGEST, "value")


def _around(sentence: Any, text: Any) -> str:
    """The words around a figure, cut where a sentence is long."""
    words, figure = " ".join(str(sentence).split()), " ".join(str(text).split())
    if len(words) <= _LETTERS:
        return words
    start = max(0, min(words.find(figure) - _LETTERS // 2, len(words) - _LETTERS))
    start = 0 if start == 0 else words.find(" ", start) + 1
    end = words.rfind(" ", start, start + _LETTERS)
    shut = "" if start + _LETTERS >= len(words) else " …"
    return ("… " if start else "") + (words[start:] if not shut else words[start:end]) + shut

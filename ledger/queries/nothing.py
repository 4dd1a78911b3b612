"""Why a question finds nothing, in words: which of its terms nothing meets, and what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from ledger.queries.asked import Asked, Filter
from ledger.queries.near import near
from ledger.queries.time_window import OPEN, days
from ledger.queries.view import view_of
from ledger.queries.where import CONTAINS, ORDER, Condition, in_words, matches
from ledger.series import ACTORS
from ledger.tree import Parents, path_of

NEEDS = (*ACTORS, "item", "status", "date_start", "date_end", "first_seen")
_NAMED = 8  # values that are told of a column
_LONG = 40  # characters of a value that are told
_TEXTS = ("sentence", "text")  # columns in which hardly two rows have the same


@dataclass(frozen=True, slots=True)
class _Term:
    """A term of a question: its words, which facts meet it, and what there is instead."""

    words: str
    met: pd.Series[bool]
    instead: Callable[[], str]


def why_nothing(
    rows: pd.DataFrame,
    asked: Asked,
    parents: Parents,
    otherwise: str | None = None,
    noun: str = "fact",
) -> str:
    """Why none of the rows, facts or figures (``noun``), is ``asked`` for; how many are, where some
    are, and what those are not (``otherwise``).

    Needs of them the columns of ``NEEDS`` and those that the question names, but for what figures
    do not have.
    """
    if rows.empty:
        return "the ledger holds no figures"
    terms = list(_terms(rows, Filter.of(asked), parents))
    for term in terms:
        if not term.met.any():
            return f"nothing with {term.words}; here {term.instead()}"
    together = pd.Series(True, index=rows.index)
    for term in terms:
        together &= term.met
    if together.any():
        told = f"{_counted(int(together.sum()), noun)} asked for"
        return f"{told}, {otherwise}" if otherwise else told
    left = {term.words: _without(term, terms) for term in terms}
    loosest = max(left, key=left.__getitem__)
    words = ", ".join(left)
    if not left[loosest]:
        return f"nothing with all of these: {words}"
    kept = _counted(left[loosest], noun)
    return f"nothing with all of these: {words}; without {loosest} {kept} left"


def _without(left_out: _Term, terms: Sequence[_Term]) -> int:
    """How many facts meet all terms but one."""
    others = [term.met for term in terms if term is not left_out]
    return int(pd.concat(others, axis=1).all(axis=1).sum())


def _counted(number: int, noun: str) -> str:
    return f"1 {noun} is" if number == 1 else f"{number:,} {noun}s are"


def _terms(facts: pd.DataFrame, question: Filter, parents: Parents) -> Iterable[_Term]:
    alternatives: dict[str, list[Condition]] = {}
    for number, one in enumerate(question.conditions):
        key = one.column if one.is_alternative else f"{one.column} {number}"
        alternatives.setdefault(key, []).append(one)
    for some in alternatives.values():
        words = " or ".join(map(_words, some))
        met = matches(facts, some, parents)
        yield _Term(words, met, lambda some=some: _held(facts, some, parents))  # type: ignore[misc]
    if question.window != OPEN:
        words = f"a date {' '.join(question.window.words)}"
        yield _Term(words, question.window.holds(facts), lambda: _span(facts, "date_end"))
    if question.views:
        views = view_of(facts)
        words = " or ".join(f"view = {name}" for name in question.views)
        yield _Term(words, views.isin(question.views), lambda: _most(views, "view"))


def _words(one: Condition) -> str:
    sign = "=" if one.operator == "in" and len(one.values) == 1 else one.operator
    return f"{one.column} {sign} {', '.join(one.values)}"


def _held(facts: pd.DataFrame, asked: Sequence[Condition], parents: Parents) -> str:
    """What a column holds instead: names near those that are asked for, then those of most facts,
    or from where to where it runs."""
    name = asked[0].column
    if name == "view":
        return _most(view_of(facts), name)
    if name == "date":
        return _span(facts, "date_end")
    column = facts[name]
    if column.dtype.kind == "M" or asked[0].operator in ORDER or column.dtype.kind in "iuf":
        return _span(facts, name)
    if asked[0].operator == CONTAINS:
        return f"no {name} does"
    if name in _TEXTS:
        return f"no {name} is that" if column.notna().any() else f"no {name} is known"
    column = in_words(column)
    wanted = [value for one in asked for value in one.values]
    held = list(column.dropna().value_counts().index)
    alike = [one for value in wanted for one in _alike(name, value, held, parents)]
    return _most(column, name, alike)


def _alike(name: str, wanted: str, held: Sequence[str], parents: Parents) -> list[str]:
    """Of what is held that which is called alike, shares a word, or hangs in the same tree."""
    words = {*wanted.casefold().split()}
    shared = [one for one in held if words & {*one.casefold().split()}]
    root = path_of(wanted, parents)[0] if name == "item" else None
    kin = [one for one in held if root is not None and path_of(one, parents)[0] == root]
    return [*near(wanted, held), *shared, *kin]


def _most(column: pd.Series[str], name: str, first: Iterable[str] = ()) -> str:
    held = column.value_counts()
    order = list(dict.fromkeys([*first, *held.index]))
    told = ", ".join(f"{_cut(one)} ({held[one]:,})" for one in order[:_NAMED])
    more = f" and {len(order) - _NAMED:,} more" if len(order) > _NAMED else ""
    return f"{name} is {told}{more}" if order else f"no {name} is known"


def _cut(value: str) -> str:
    return value if len(value) <= _LONG else f"{value[: _LONG - 1].rstrip()}…"


def _span(facts: pd.DataFrame, name: str) -> str:
    held = facts[name].dropna()
    if held.empty:
        return f"no {name} is known"
    least, most = held.min(), held.max()
    if held.dtype.kind == "M" or name in ("published", "since"):
        bounds = days(held)
        return f"dates run from {bounds.min():%Y-%m-%d} to {bounds.max():%Y-%m-%d}"
    return f"{name} runs from {least:,.12g} to {most:,.12g}"

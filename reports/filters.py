"""Filters in words: what a title tells of a question beside the values that it names."""

from __future__ import annotations

from collections.abc import Collection

from ledger.queries.asked import Asked, Filter
from ledger.queries.view import SHOWN
from ledger.queries.where import IS, NULL, Condition, conditions_of
from ledger.series import ACTORS
from reports.actor_names import actor_name

NOT_STATED = "not stated"
_DATES = ("date", "date_start", "date_end", "published", "since")
_ORDER = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}
_ORDER_OF_DATES = {"<": "before", "<=": "until", ">": "after", ">=": "from"}


def value_name(column: str, value: str) -> str:
    """A value as a reader knows it: an actor's name for its code, words for what is not known."""
    if value == NULL:
        return NOT_STATED
    return actor_name(value) if column in ACTORS else value


def listed(words: Collection[str], most: int = 4, join: str = "and") -> str:
    """``tanks, howitzers and drones``; past ``most``, the rest is counted.

    >>> listed(["tanks"]), listed(["tanks", "drones"]), listed(["a", "b", "c", "d", "e", "f"])
    ('tanks', 'tanks and drones', 'a, b, c and 3 others')
    """
    held = list(words)
    if len(held) > most:
        held = [*held[: most - 1], f"{len(held) - most + 1} others"]
    *others, last = held or [""]
    return f"{', '.join(others)} {join} {last}" if others else last


def named(asked: Asked) -> dict[str, tuple[str, ...]]:
    """The columns of which a question names values, with these; what is only asked to be unknown
    names none."""
    held = Filter.of(asked).named
    return {column: values for column, values in held.items() if {*values} != {NULL}}


def limits(asked: Asked) -> tuple[str, ...]:
    """What else a question asks for, phrase by phrase, in its order.

    >>> limits({"where": ["status != requested", "value >= 1000000", "donor = null"]})
    ('status not requested', 'value at least 1,000,000', 'donor not stated')
    >>> limits({"where": "date < 2022-06", "since": "2022-03", "view": "aid"})
    ('before 2022-06', 'from 2022-03', 'aid only')
    """
    chosen = Filter.of(asked)
    return (*_conditions(asked), *chosen.window.words, *_views(asked, chosen))


def narrowed(asked: Asked) -> str:
    """What a report shows alone, in one line; empty where it shows all that every report shows.

    >>> narrowed({"where": ["donor in DEU, GBR", "value > 5"], "since": "2022-04"})
    'donor Germany or United Kingdom, value above 5, from 2022-04'
    >>> narrowed({"view": "losses"}), narrowed({"view": "all"})
    ('losses', '')
    """
    chosen = Filter.of(asked)
    told = (
        f"{_called(column)} {listed([value_name(column, one) for one in values], 8, 'or')}"
        for column, values in named(asked).items()
    )
    views = (listed(chosen.views or ()),) if chosen.shows_less else ()
    return ", ".join([*told, *_conditions(asked), *chosen.window.words, *views])


def _conditions(asked: Asked) -> tuple[str, ...]:
    """The conditions of a question, but for those that name the values of a column."""
    values = named(asked)
    excluded: dict[str, list[str]] = {}
    phrases: dict[str, None] = {}  # each once, in their order
    for one in conditions_of(asked.get("where")):
        if one.operator == "!=":
            excluded.setdefault(one.column, []).extend(one.values)
            phrases[one.column] = None
        elif one.operator not in IS:
            phrases[_bound(one)] = None
        elif one.column not in values:
            phrases[f"{_called(one.column)} {NOT_STATED}"] = None
    return tuple(
        _without(phrase, excluded[phrase]) if phrase in excluded else phrase for phrase in phrases
    )


def _bound(one: Condition) -> str:
    [value] = one.values
    if one.column in _DATES:
        words = (_called(one.column), _ORDER_OF_DATES[one.operator], value)
        return " ".join(words[one.column == "date" :])
    return f"{_called(one.column)} {_ORDER[one.operator]} {_number(value)}"


def _without(column: str, values: Collection[str]) -> str:
    others = [value_name(column, value) for value in values if value != NULL]
    stated = "stated" if NULL in values else ""
    without = f"not {listed(others, join='or')}" if others else ""
    return f"{_called(column)} {' and '.join(filter(None, (stated, without)))}"


def _views(asked: Asked, chosen: Filter) -> tuple[str, ...]:
    """What views a question asks for, where these are not those that are shown to everybody."""
    if not asked.get("view") or {*SHOWN} == {*(chosen.views or ())}:
        return ()
    return (f"{listed(chosen.views)} only" if chosen.views else "all views",)


def _called(column: str) -> str:
    return column.replace("_", " ")


def _number(written: str) -> str:
    try:
        return f"{float(written.replace(',', '').replace('_', '')):,.10g}"
    except ValueError:
        return written

"""A filled-in review sheet: what its rows decide beyond what the ledger holds.

A row that says what it said when it was exported decides nothing. One that was changed decides,
unless its figure was decided on since: then it is a conflict, with what the sheet says on one side
and what the ledger has on the other. ``ours`` takes the sheet, ``theirs`` keeps the ledger; without
either the row waits. A row that does not tell in which state it was exported (one of an older
sheet, or written by hand) was never seen unchanged, and all that was decided on its figure came
after it.

Rows about what the ledger found by itself (:mod:`ledger.review.replies`) are never exported
decided; their fingerprint holds what was found, so that none can be taken for another.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

import pandas as pd

from ledger import bounds
from ledger.errors import LedgerError
from ledger.figure import LINKS
from ledger.notebook import html_table
from ledger.review.exported import (
    COLUMN,
    NEW,
    exported,
    exported_with,
    number_of,
    plain,
    read,
)
from ledger.review.replies import ANSWERS, FINDING, answer, joined, named_in
from ledger.review.review import (
    CORRECTABLE,
    STATES,
    UNDO,
    Decision,
    checked,
    corrected,
    written,
)
from ledger.table import cell_text

Prefer = Literal["ours", "theirs"]
EDITABLE = ("decision", "why", *(NEW + name for name in CORRECTABLE))
NEEDED = ("figure_id", "decision")
READ = frozenset(("figure_id", COLUMN, FINDING, *EDITABLE))
EMPTY = "null"  # what empties a field
UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # PostgreSQL takes no NUL, UTF-8 no half a character
LINE = 300  # characters of a problem, 80 of a word in it
WORD = 80


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet: where it stands, and its cells that are not empty, by their column."""

    place: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says that was changed after it was exported: its decision, whose ``action`` is
    empty where the row has none, the last decision on its figure then (0 for none), and what was
    found, where it answers that."""

    place: str
    decision: Decision
    after: int
    finding: str = ""

    @property
    def asks(self) -> str:
        """What the row answers: two rows on the same have to say the same."""
        return self.finding or self.decision.figure_id

    @property
    def joins(self) -> tuple[str, ...]:
        """The two figures that it says are one fact."""
        link = self.decision.changes.get(LINKS[0])
        return (self.decision.figure_id, link) if self.finding and link else ()


@dataclass(frozen=True, slots=True)
class Made:
    """A decision that the ledger holds, by its number."""

    number: int
    at: str
    who: str
    action: str
    why: str | None
    changes: Mapping[str, Any]


def counting(made: Sequence[Made]) -> tuple[Made, ...]:
    """The decisions on a figure that count, with the undoings that say why others do not."""
    undone = {one.changes["undoes"] for one in made if one.action == UNDO}
    steps = (*STATES, UNDO)
    return tuple(one for one in made if one.action in steps and one.number not in undone)


def applied(record: Mapping[str, Any], made: Sequence[Made]) -> dict[str, Any]:
    """One figure as :func:`ledger.review.review.apply` makes it of a frame of figures."""
    held = dict(record, review=None)
    for one in made:
        if one.action in STATES:
            held["review"] = STATES[one.action]
            held |= corrected(held, one.changes) if one.action == "correct" else {}
    return held


class DecidedSinceError(LedgerError):
    """Another has decided on a figure after its reader saw it; ``made`` is that decision."""

    def __init__(self, figure_id: str, made: Made) -> None:
        super().__init__(
            f"figure {figure_id} was decided on since: {_words(made)}, by {_word(made.who)} at "
            f"{made.at}"
        )
        self.figure_id, self.made = figure_id, made


@dataclass(frozen=True, slots=True)
class Standing:
    """A figure as the ledger holds it: its qualifier, the decisions on it that count (see
    :func:`counting`), oldest first, the figure that it repeats as it was read, and what was found
    about it and dismissed."""

    qualifier: str
    decisions: tuple[Made, ...] = ()
    same_as: str | None = None
    dismissed: frozenset[str] = frozenset()

    @property
    def last(self) -> Made | None:
        """The decision that counts now."""
        return self.decisions[-1] if self.decisions else None

    def corrections(self) -> dict[str, str]:
        """The corrected fields as a sheet writes them."""
        made: dict[str, str] = {}
        for decision in self.decisions:
            if decision.action == "correct":
                made |= {name: written(value) for name, value in decision.changes.items()}
        return made

    @property
    def rejected(self) -> bool:
        """Whether the decision that counts now rejects it."""
        states = [made.action for made in self.decisions if made.action in STATES]
        return states[-1:] == ["reject"]

    @property
    def repeats(self) -> str | None:
        """The figure that it repeats, as it was read or corrected."""
        link = self.corrections().get(LINKS[0], self.same_as)
        return None if link == EMPTY else link


def repeated(standing: Mapping[str, Standing]) -> set[str]:
    """The figures that these repeat and that are not among them."""
    return {link for one in standing.values() if (link := one.repeats)} - standing.keys()


def _walkable(standing: Mapping[str, Standing]) -> dict[str, str]:
    """What each figure repeats, where that is in the ledger and not rejected."""
    links = ((key, one.repeats) for key, one in standing.items())
    return {
        key: link
        for key, link in links
        if link and link in standing and not standing[link].rejected
    }


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row that was changed while its figure was decided on elsewhere: both sides in words."""

    place: str
    figure_id: str
    sheet: str
    ledger: str

    def __str__(self) -> str:
        return (
            f"{self.place}: conflict on figure {self.figure_id}: the sheet says {self.sheet}; "
            f"the ledger has {self.ledger}"
        )


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What reading a sheet did: how many decisions it made, the rows that it refused, a line each,
    and the conflicts, settled or not."""

    decisions: int
    problems: tuple[str, ...]
    conflicts: tuple[Conflict, ...] = ()

    def _repr_html_(self) -> str:
        lines = {"refused": self.problems, "conflicts": tuple(map(str, self.conflicts))}
        told = {name: "; ".join(said) for name, said in lines.items() if said}
        return html_table("Reviewed", {"decisions": self.decisions, **told})


@dataclass
class Settled:
    """What the rows of a sheet come to; see :func:`settle`."""

    decisions: list[Decision] = field(default_factory=list)
    joined: list[Decision] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def wrong_names(names: Sequence[str]) -> list[str]:
    """Why a sheet with these columns (a missing name is empty) is not read, a line each."""
    twice = [name for name, number in Counter(names).items() if name and number > 1]
    return [
        *(f"the sheet has no column {name}" for name in NEEDED if name not in names),
        *(f"{_columns(names, name)} have the same name, {_word(name)}" for name in twice),
    ]


def _columns(names: Sequence[str], wanted: str) -> str:
    places = [str(number) for number, name in enumerate(names, 1) if name == wanted]
    return f"columns {', '.join(places[:-1])} and {places[-1]}"


def rows_of(frame: pd.DataFrame) -> Iterator[Row | str]:
    """The rows of a frame; the names of its columns stand in row 1."""
    names = [str(name) for name in frame.columns]
    if wrong := wrong_names(names):
        yield from wrong
        return
    columns = [name for name in names if name in READ]
    values = zip(*(frame[name].tolist() for name in columns), strict=True)
    for number, row in enumerate(values, 2):
        cells = zip(columns, map(cell_text, row), strict=True)
        yield Row(f"row {number}", {name: text for name, text in cells if text})


def changed(rows: Iterable[Row | str]) -> list[Said | str]:
    """The rows that were changed, and in their place a line for each that makes no sense; a line
    among the rows is handed on."""
    said: list[Said | str] = []
    for row in rows:
        if isinstance(row, str):
            said.append(row)
            continue
        try:
            found = _said(row)
        except LedgerError as error:
            said.append(_problem(row.place, error))
        else:
            said += [] if found is None else [found]
    return said


def named_rows(
    said: Iterable[Said | str], name: Callable[[Decision], Decision]
) -> list[Said | str]:
    """What the rows say, with codes for what they name; a row that names what nobody knows is told
    in one line."""
    out: list[Said | str] = []
    for row in said:
        if isinstance(row, str):
            out.append(row)
            continue
        try:
            out.append(replace(row, decision=name(row.decision)))
        except LedgerError as error:
            out.append(_problem(row.place, error))
    return out


def figures_in(said: Iterable[Said | str]) -> set[str]:
    """The figures that the rows speak of or point to."""
    rows = [row for row in said if isinstance(row, Said)]
    found = {one for row in rows if row.finding for one in named_in(row.finding)}
    decisions = [row.decision for row in rows]
    return found | {d.figure_id for d in decisions} | {o for d in decisions for o in _links(d)}


def settle(
    said: Iterable[Said | str], standing: Mapping[str, Standing], prefer: Prefer | None = None
) -> Settled:
    """What the changed rows decide, given the figures of :func:`figures_in`, and those that they
    repeat at any remove, as they stand.

    Rows that contradict each other are refused; rows that say the same count once. What joins
    figures comes first: of each figure the last decision is then the one on itself.
    Raises ValueError for another word than ``ours`` and ``theirs``.
    """
    if prefer not in (None, *get_args(Prefer)):
        raise ValueError(f"prefer is ours or theirs, not {prefer!r}")
    said = list(said)
    rows: dict[str, list[Said]] = defaultdict(list)
    for row in said:
        if isinstance(row, Said) and row.decision.action:
            rows[row.asks].append(row)
    joins = [row for row in said if isinstance(row, Said) and row.joins]
    settled = Settled()
    repeats = _walkable(standing)
    for row in said:
        if isinstance(row, str):
            settled.problems.append(row)
            continue
        same = rows[row.asks] or [row]
        try:
            _refuse_contradiction(row, same)
            _refuse_joined(row, rows if row.joins else {}, joins)
            if row is same[0]:
                _settle_row(row, standing, repeats, prefer, settled)
        except LedgerError as error:
            settled.problems.append(_problem(row.place, error))
    settled.decisions[:] = [*settled.joined, *settled.decisions]
    return settled


def _said(row: Row) -> Said | None:
    """What the row says, None where nobody changed it. Raises LedgerError for one without sense."""
    figure_id, finding = row.cells.get("figure_id", ""), row.cells.get(FINDING, "")
    cells = {name: row.cells[name] for name in EDITABLE if name in row.cells}
    state = read(row.cells.get(COLUMN, ""))
    if finding:
        if not cells:
            return None
        if state is None or state != exported_with(figure_id, state.last, finding):
            raise LedgerError(f"figure_id, {FINDING} and {COLUMN} are not those of one row")
    elif state and state == exported(figure_id, state.last, cells):
        return None
    for name, text in cells.items():
        if UNSTORABLE.search(text):
            raise LedgerError(f"{name} holds a character that no ledger can")
    new: dict[str, str | None] = {
        name: None if cells[NEW + name] == EMPTY else cells[NEW + name]
        for name in CORRECTABLE
        if NEW + name in cells
    }
    action = cells.get("decision", "").lower()
    if not action:
        if new or "why" in cells:
            what = "corrected values" if new else "a reason"
            raise LedgerError(f"{what} without a decision")
        if state is None:
            return None
    if not figure_id:
        raise LedgerError("a decision without a figure_id")
    decision = Decision(figure_id, action, cells.get("why"), new)
    last = state.last if state else 0
    if action in ANSWERS:
        return Said(row.place, answer(decision, finding), last, finding)
    return Said(row.place, decision, last)


def _refuse_joined(row: Said, rows: Mapping[str, Sequence[Said]], joins: Sequence[Said]) -> None:
    """Raises LedgerError where a figure is said to be one fact with another and is rejected."""
    others = [other for one in row.joins for other in rows.get(one, ())]
    if row.decision.action == "reject":
        others = [other for other in joins if row.decision.figure_id in other.joins]
    else:
        others = [other for other in others if other.decision.action == "reject"]
    if others:
        raise LedgerError(
            f"{_words(row.decision)} contradicts {others[0].place} ({_words(others[0].decision)})"
        )


def _refuse_contradiction(row: Said, same: Sequence[Said]) -> None:
    """Raises LedgerError where another row on the figure decides otherwise."""
    mine = _sense(row.decision)
    others = [other for other in same if _sense(other.decision) != mine]
    if row.decision.action and others:
        told = ", ".join(f"{other.place} ({_words(other.decision)})" for other in others[:3])
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""
        raise LedgerError(f"{_words(row.decision)} contradicts {told}{more}")


def _sense(decision: Decision) -> tuple[str, str, dict[str, str]]:
    """What two rows have to share to say the same."""
    values = {name: plain(name, written(value)) for name, value in decision.changes.items()}
    return decision.action, plain("why", decision.why or ""), values


def _settle_row(
    row: Said,
    standing: Mapping[str, Standing],
    repeats: dict[str, str],
    prefer: Prefer | None,
    settled: Settled,
) -> None:
    """Raises LedgerError where the row decides what cannot be."""
    figure = standing.get(row.decision.figure_id)
    if figure is None:
        raise LedgerError(f"no figure {_word(repr(row.decision.figure_id))}")
    for one in named_in(row.finding) if row.finding else ():
        if one not in standing:
            raise LedgerError(f"no figure {_word(repr(one))}")
    last = figure.last.number if figure.last else 0
    if not row.decision.action:
        if last and last == row.after:
            raise LedgerError("an emptied decision takes nothing back: decide anew")
        return
    added = _answered(row, figure, repeats) if row.finding else _added(row.decision, figure)
    if added is None:
        return
    for link in _links(added):
        if link not in standing:
            raise LedgerError(f"no figure {_word(repr(link))}")
    since = list(_decided_since(row, added.figure_id, standing))
    settled.conflicts += [_conflict(row, one, standing[one]) for one in since]
    if since and prefer != "ours":
        return
    if row.joins:
        repeats[added.figure_id] = added.changes[LINKS[0]]
        settled.joined.append(added)
    else:
        settled.decisions.append(added)


def _decided_since(row: Said, moved_to: str, standing: Mapping[str, Standing]) -> Iterator[str]:
    """Of the row's figure, and the one that its decision is moved to, those that were decided on
    after the row was exported; the row tells the last decision on its own alone."""
    own = row.decision.figure_id
    for figure_id in dict.fromkeys((own, moved_to)):
        last = standing[figure_id].last
        if last and (last.number != row.after if figure_id == own else last.number > row.after):
            yield figure_id


def _answered(row: Said, figure: Standing, repeats: Mapping[str, str]) -> Decision | None:
    """What an answer adds to what the ledger holds, None for nothing."""
    if row.joins:
        return joined(row.decision, repeats)
    return None if row.finding in figure.dismissed else row.decision


def _added(decision: Decision, figure: Standing) -> Decision | None:
    """What the decision adds to those that the ledger holds, None for nothing.

    Raises LedgerError for one that the record cannot hold.
    """
    now = figure.corrections()
    changes = {
        name: value
        for name, value in decision.changes.items()
        if plain(name, written(value)) != plain(name, now.get(name, ""))
    }
    last = figure.last
    again = last is not None and last.action == decision.action
    other_reason = decision.why and plain("why", decision.why) != plain(
        "why", (last and last.why) or ""
    )
    if decision.action == "correct":
        if again and decision.changes and not changes and not other_reason:
            return None
        changes = _with_bounds(decision, changes, now, figure.qualifier) or dict(decision.changes)
    elif again and not changes and not other_reason:
        return None
    added = replace(decision, changes=changes)
    checked(added, figure.qualifier)
    return added


def _with_bounds(
    decision: Decision, changes: dict[str, str | None], now: Mapping[str, str], qualifier: str
) -> dict[str, str | None]:
    """The changes, with the bounds that were given by hand beside the value before: a new value
    moves only those that followed from it."""
    if "value" not in changes or {"low", "high"} & set(changes):
        return changes
    before = number_of(now.get("value", ""))
    stated = tuple(number_of(now.get(name, "")) for name in ("low", "high"))
    followed = before is not None and stated in (
        bounds.of_qualifier(qualifier, before),
        bounds.of_qualifier(now.get("qualifier", qualifier), before),
    )
    kept = {} if followed else {n: v for n, v in decision.changes.items() if n in ("low", "high")}
    return changes | kept


def _conflict(row: Said, figure_id: str, figure: Standing) -> Conflict:
    since = [made for made in figure.decisions if made.number > row.after] or figure.decisions
    told = ", then ".join(f"{_words(made)}, by {_word(made.who)} at {made.at}" for made in since)
    return Conflict(row.place, figure_id, _words(row.decision), told)


def _words(decision: Decision | Made) -> str:
    """``correct value=5, status=null (why)``."""
    pairs = (f"{name}={_word(written(value))}" for name, value in decision.changes.items())
    why = f" ({_word(decision.why)})" if decision.why else ""
    return f"{_word(decision.action)} {', '.join(pairs)}".strip() + why


def _links(decision: Decision) -> Iterator[str]:
    """The figures that a correction points to."""
    return (link for name in LINKS if (link := decision.changes.get(name)) is not None)


def _problem(place: str, error: LedgerError) -> str:
    return f"{place}: {_word(str(error), LINE)}"


def _word(text: str, letters: int = WORD) -> str:
    """A text of a sheet or ledger as it fits into a line."""
    line = "".join(sign if sign.isprintable() else "\ufffd" for sign in " ".join(text.split()))
    return line if len(line) <= letters else line[: letters - 1] + "…"

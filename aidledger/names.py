"""Names looked up for a question: countries by name, code or demonym, items by any name they have.

``ledger/`` knows codes and the catalogue's own names alone; here is what analysts write besides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from extractors.catalogue import load
from extractors.mentions.items import parents, synonyms
from extractors.text.words import singular
from ledger.errors import LedgerError
from ledger.queries.near import near, unknown
from ledger.queries.where import CONTAINS, NULL, VALUES, Condition
from ledger.series import ACTORS
from ledger.tree import Parents, path_of, with_descendants

if TYPE_CHECKING:
    import pandas as pd

    from ledger.ledger import Ledger
    from ledger.review.review import Decision

# What the values of a column are, where a ledger's own are all that there are.
_HELD = ("unit", "per", "source_id", "reader")
_NAMING = ("names", "adjectives", "people")  # of an actor: the lists that an analyst would write
_ARTICLE = re.compile(r"^\s*the\s+", re.IGNORECASE)
_NAME = 5  # letters of a name that may be misspelt: shorter ones are codes and initials
_APART = re.compile(r"[\s\-\u2013]+")


class ItemTree(dict[str, str]):
    """The item tree: every item with the one above it, up to its category."""

    def below(self, name: str) -> frozenset[str]:
        """An item, or a class such as "artillery", by any name it has, and everything below it.

        Raises LedgerError for a name that the catalogue does not know; it names near ones.
        """
        found = item_names(name)
        if not found:
            raise LedgerError(unknown("item", name, _spelled()))
        return frozenset(with_descendants(found, {*self, *self.values()}, self))


def items(name: str | None = None, ledger: Ledger | None = None) -> pd.DataFrame:
    """The item tree from the top down, or from an item or a class by any of its names: ``item``,
    ``above`` (the one over it) and ``level`` (0 is the top, as in ``item:0``).

    Of a ``ledger`` those that it holds, with all above them, and ``facts``, how many are of each
    itself. Raises LedgerError for an unknown name.
    """
    import pandas as pd

    tree = item_tree()
    held = pd.Series(dtype="int64")
    if ledger is not None:
        with ledger.snapshot(with_facts=True) as now:
            held = now.facts.frame(["item"])["item"].value_counts()
    paths = {one: path_of(one, tree) for one in {*tree, *tree.values(), *held.index}}
    among = {*paths}
    if name is not None:
        among = {name} if name in held.index and not item_names(name) else {*tree.below(name)}
    kept = paths if ledger is None else {one for item in held.index for one in paths[item]}
    shown = sorted(path for item, path in paths.items() if item in among and item in kept)
    rows = [(path[-1], path[-2] if len(path) > 1 else None, len(path) - 1) for path in shown]
    frame = pd.DataFrame(rows, columns=["item", "above", "level"])
    if ledger is not None:
        frame["facts"] = frame["item"].map(held).fillna(0).astype("int64")
    return frame


@cache
def item_tree() -> ItemTree:
    """Every item of the catalogue with the one above it, up to its category; another spelling
    ("armored vehicle") lies below the catalogue's own.
    """
    return ItemTree(parents() | synonyms())


def item_names(written: str) -> tuple[str, ...]:
    """The names under which figures hold an item: the catalogue's own for any of its names
    ("M142", "himars"), for a purpose of money also the one written. Empty for an unknown one."""
    key = _key(written)
    if (name := _items().get(key)) is not None:
        return (name,)
    if (purpose := _purposes().get(key)) is not None:
        return tuple(dict.fromkeys((purpose, written)))
    return ()


def actor_code(written: str) -> str | None:
    """The code of a country or a body by its code, name or demonym, in any case; of several joined
    by ``+`` all codes, in their order. None for an unknown one."""
    codes = [_actors().get(_key(_ARTICLE.sub("", one))) for one in written.split("+")]
    return "+".join(sorted({*filter(None, codes)})) if all(codes) else None


def statuses_told_by(word: str) -> list[str]:
    """The statuses that a word of texts tells: committed for "promised", destroyed for "wrecked";
    of a word of giving, both that it may."""
    from extractors.mentions.cue_words import STATUS_OF_TRANSFER, classes_of

    told: list[str] = []
    for name in classes_of(word):
        own = STATUS_OF_TRANSFER.get(name, name)
        told += [own] if own in VALUES["status"] else ["delivered", "committed"]
    return list(dict.fromkeys(told))


def resolve(
    asked: Condition, parents: Parents, held: Callable[[str], Collection[str]]
) -> Condition:
    """A condition with the codes and names by which figures hold what it names.

    ``parents`` is the ledger's item tree, ``held`` gives the values that it holds in a column: they
    are all known. Raises LedgerError for a value that nobody knows, which names near ones.
    """
    known = _lookups(parents).get(asked.column)
    if known is None or asked.operator == CONTAINS:
        return asked
    look, spelled = known
    values: list[str] = []
    for written in asked.values:
        found = (written,) if written == NULL else look(written)
        if not found and written in (own := held(asked.column)):
            found = (written,)
        elif not found:
            told = statuses_told_by(written) if asked.column == "status" else []
            if told:
                raise LedgerError(f"status {written}: did you mean {' or '.join(told)}?")
            raise LedgerError(unknown(asked.column, written, [*spelled(), *sorted(own)]))
        values += found
    return replace(asked, values=tuple(dict.fromkeys(values)))


def as_named(decision: Decision, held: Callable[[str], Collection[str]]) -> Decision:
    """A decision with the codes of the countries and bodies that its changes name, joint ones by
    ``+``. A name that nobody knows stays, as that of an armed group may be one, unless it is like a
    known one; in quotation marks it stays as it is.

    ``held`` gives the values that the ledger holds in a column. Raises LedgerError for a name that
    is like known ones, which it names.
    """
    changes = dict(decision.changes)
    for column in changes.keys() & {*ACTORS}:
        written = changes[column]
        code = None if written is None else actor_code(str(written))
        if code is not None:
            changes[column] = code
        elif written is not None and written not in held(column):  # asked last: it reads them all
            parts = {_actor(column, one) for one in str(written).split("+")}
            changes[column] = "+".join(sorted(parts))
    return replace(decision, changes=changes)


def _actor(column: str, written: str) -> str:
    name = written.strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        return name[1:-1]
    code = actor_code(name)
    names = [one for one in _called() if len(one) >= _NAME]
    if code is None and len(name) >= _NAME and near(name, names):
        told = unknown(column, name, names)
        raise LedgerError(f"{told} In quotation marks it is taken as it is")
    return code or name


Look = Callable[[str], tuple[str, ...]]


def _lookups(parents: Parents) -> dict[str, tuple[Look, Callable[[], Collection[str]]]]:
    """For each column whose values are looked up: how, and all that could have been meant."""
    tree = {*parents, *parents.values()}

    def of_item(written: str) -> tuple[str, ...]:
        found = item_names(written)
        return (written,) if written in tree and tree.isdisjoint(found) else found

    def of_actor(written: str) -> tuple[str, ...]:
        return tuple(filter(None, [actor_code(written)]))

    return {
        **dict.fromkeys(ACTORS, (of_actor, _called)),
        **{name: (_unit if name == "unit" else _none, list) for name in _HELD},
        **{name: (_vocabulary(name), partial(VALUES.__getitem__, name)) for name in VALUES},
        "item": (of_item, lambda: [*_spelled(), *tree]),
    }


def _none(_: str) -> tuple[str, ...]:
    return ()


def _vocabulary(column: str) -> Look:
    def look(written: str) -> tuple[str, ...]:
        return tuple(one for one in VALUES[column] if _key(one) == _key(written))

    return look


def _unit(written: str) -> tuple[str, ...]:
    """A currency's code, in any case."""
    import pycountry

    currency = pycountry.currencies.get(alpha_3=written.upper())
    return () if currency is None else (currency.alpha_3,)


def _key(written: str) -> str:
    """A name as it is compared: in lower case, its last word in the singular, without blanks and
    hyphens."""
    words = _APART.split(written.strip().lower().replace("_", " "))
    return "".join([*words[:-1], singular(words[-1])])


def _materiel() -> Iterator[tuple[str, str]]:
    """Every name of every item, with the item's own."""
    for category, rows in load("materiel").items():
        for name, row in rows.items():
            for surface in (name, *row.get("also", []), *row.get("plural", [])):
                yield surface, name
        yield category, category


@cache
def _items() -> dict[str, str]:
    found: dict[str, str] = {}
    for surface, name in _materiel():
        found.setdefault(_key(surface), name)
    return found


@cache
def _purposes() -> dict[str, str]:
    """The purposes of money by their phrases."""
    rows = load("aid").items()
    named = {_key(phrase): name for name, row in rows for phrase in row["names"]}
    return named | {_key(name): name for name, _ in rows}


@cache
def _spelled() -> tuple[str, ...]:
    """What items are called, as it is written."""
    return (*dict.fromkeys(surface for surface, _ in _materiel()), *load("aid"))


def _naming() -> Iterator[tuple[str, str]]:
    """Every name of every country and body, with its code; the better known come first."""
    import pycountry

    actors = {code: actor for code, actor in load("actors").items() if code != "not_actors"}
    for code, actor in actors.items():
        yield code, code
        for form in _NAMING:
            yield from ((surface, code) for surface in actor.get(form, []))
    for country in pycountry.countries:
        for field in ("alpha_3", "name", "official_name", "common_name", "alpha_2"):
            if name := getattr(country, field, None):
                yield name, country.alpha_3


@cache
def _actors() -> dict[str, str]:
    found: dict[str, str] = {}
    for surface, code in _naming():
        found.setdefault(_key(surface), code)
    return found


@cache
def _called() -> tuple[str, ...]:
    """What countries and bodies are called, as it is written."""
    return tuple(dict.fromkeys(surface for surface, _ in _naming()))

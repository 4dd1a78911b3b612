"""Coded passages with other countries in the same places, to be fitted on beside them.

usage: python training/renamed.py CODINGS.jsonl ... -o RENAMED.jsonl [--seed N] [--share F]

A reader that is fitted on what was written learns who usually gives what to whom, and goes by that
where the text says otherwise. So some passages are fitted on with donor and recipient in each
other's places, or with countries that nobody would expect. Codes change with the names. Of the
passages that can be put so, ``--share`` stay beside theirs as they are written, the others give
way to them. Left out are passages whose names have no counterpart (leaders, cities), whose items
name the country, or whose coding rests on a war that the names tell of.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from printed import rows_of
from rewording import LeftOutError, Passage, moved, reworded, surfaces_of
from swaps import ACTORS, countries, recoded, substitutes

from extractors.meaning.sides import opponents

EXCHANGED = 0.4  # of the passages that name two countries, so many have them exchanged
SHARE = 0.5

Row = Mapping[str, Any]


def renamed(row: Row, chance: random.Random) -> Row:
    """A coded passage with other countries in the places of some. Raises LeftOutError."""
    passage = Passage.of_row(row)
    codes = _codes(passage, row, chance)
    for figure in row["figures"]:
        _check(figure, row["text"], codes)
    done = reworded(passage, codes)
    figures = [_moved(figure, codes, moved((figure["start"], figure["end"]), done.edits))
               for figure in row["figures"]]  # fmt: skip
    return {**row, "text": done.source.text, "title": done.source.title, "figures": figures}


def _codes(passage: Passage, row: Row, chance: random.Random) -> dict[str, str]:
    """Which countries take the places of which."""
    kinds: dict[str, set[str | None]] = {}
    for named in passage.named:
        kinds.setdefault(named.code, set()).add(named.kind)
    told = {named.code for named in passage.named if not named.in_title(passage)}
    coded = {c for f in row["figures"] for name in ACTORS for c in (f[name] or "").split("+")}
    unnamed = coded - kinds.keys()
    found = sorted(
        code
        for code, said in kinds.items()
        if code in countries() & told and None not in said and opponents().get(code) not in unnamed
    )
    if not coded & set(found):
        raise LeftOutError("no country of its figures can be put otherwise")
    chance.shuffle(found)
    if len(found) > 1 and chance.random() < EXCHANGED:
        one, other = sorted(found, key=lambda code: code not in coded)[:2]
        return {one: other, other: one}
    others = [code for code in substitutes() if code not in kinds and code not in coded]
    some = found[: chance.randint(1, len(found))]
    return dict(zip(some, chance.sample(others, len(some)), strict=True))


def _check(figure: Row, text: str, codes: Mapping[str, str]) -> None:
    item = (figure["item"] or "").lower()
    if any(surface.lower() in item for code in codes for surface in surfaces_of(code)):
        raise LeftOutError("an item that names a country")
    if figure["since"] and figure["since"][:4] not in text:
        raise LeftOutError("a start that only the war tells")


def _moved(figure: Row, codes: Mapping[str, str], span: tuple[int, int]) -> Row:
    actors = {name: recoded(figure[name], codes) for name in ACTORS}
    return {**figure, **actors, "start": span[0], "end": span[1]}


def mixed(rows: Iterable[Row], seed: int, share: float) -> Iterator[Row]:
    """The passages, some of them with other countries: beside themselves or instead."""
    for row in rows:
        chance = random.Random(f"{seed} {row['id']}")
        try:
            other = renamed(row, chance)
        except LeftOutError:
            yield row
            continue
        if chance.random() < share:
            yield row
        yield {**other, "id": f"{row['id']}~{seed}"}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("codings", type=Path, nargs="+", metavar="CODINGS.jsonl")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--share",
        type=float,
        default=SHARE,
        help="of the renamed passages, those that are kept as written, too",
    )
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args(arguments)
    with options.output.open("w", encoding="utf-8") as file:
        for path in options.codings:
            for row in mixed(rows_of(path, None), options.seed, options.share):
                print(json.dumps(row, ensure_ascii=False), file=file)
    return 0


if __name__ == "__main__":
    sys.exit(main())

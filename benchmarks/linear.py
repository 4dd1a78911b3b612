"""Whether extraction takes time in proportion to the text: one document of 0.1, 1 and 10 MB.

usage: python benchmarks/linear.py [--write]

Each size is one document made of the texts of a set, one after the other; besides, a single line
without a full stop. Each is extracted in a process of its own.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from statistics import median

from measuring.peers import chosen
from measuring.report import machine, number, table, write
from measuring.runner import run
from measuring.texts import Text, TextSet, default_sets

OURS = "aidledger"
HEADS = ("document", "MB", "seconds", "KB/s", "time for ten times the text", "peak MB")
STOPS = str.maketrans({".": None, "!": None, "?": None, "\n": " ", "\r": " "})


def documents(texts: TextSet, size: int) -> str:
    """One document of at least ``size`` characters, made of whole texts of the set."""
    parts, length = [], 0
    for text in cycle(texts.texts):
        parts.append(text.text)
        length += len(text.text)
        if length >= size:
            break
    return "\n\n".join(parts)[:size]


def one_line(texts: TextSet, size: int) -> str:
    """A document of one line without a full stop."""
    return documents(texts, 2 * size).translate(STOPS)[:size]


def cases() -> list[tuple[str, Callable[[TextSet, int], str], tuple[int, ...]]]:
    """(name, how it is made, sizes), each size ten times the one before."""
    return [
        ("texts one after the other", documents, (100_000, 1_000_000, 10_000_000)),
        ("one line without a full stop", one_line, (100_000, 1_000_000)),
    ]


def rows(texts: TextSet, rounds: int) -> Iterator[list[str]]:
    """One row a size: median seconds, and how they grew since the size before.

    Raises RuntimeError where extraction cannot run.
    """
    (system,) = chosen(OURS)
    for name, make, sizes in cases():
        before: float | None = None
        for size in sizes:
            text = Text(make(texts, size))
            runs = [run(system, [text]) for _ in range(rounds)]
            if runs[0].absent:
                raise RuntimeError(runs[0].absent)
            seconds = median(sum(one.seconds) for one in runs)
            yield [
                name,
                f"{text.size / 1e6:.1f}",
                number(seconds, 2),
                number(text.size / 1000 / seconds),
                "" if before is None else f"{seconds / before:.1f} times",
                number(median(one.peak for one in runs) / 1024),
            ]
            before = seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often each is run (default 3)")
    parser.add_argument("--write", action="store_true", help="put the table in docs/benchmarks.md")
    options = parser.parse_args(arguments)
    try:
        sets, skipped = default_sets()
        if not sets:
            raise ValueError("; ".join(skipped))
        about = f"{machine()}; texts: {sets[0].name}; {options.rounds} rounds."
        content = f"{about}\n\n{table(HEADS, list(rows(sets[0], options.rounds)))}"
        print(content)
        if options.write:
            write("linear", content)
    except (OSError, RuntimeError, ValueError) as error:
        print(f"linear.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""What the texts that cost most cost: the same few words again and again, alone and mixed.

usage: python benchmarks/slow_texts.py [--sizes KB,...] [--mixed N] [--catalogue] [--write]

Each text is read at growing sizes, in processor time, beside real texts in the same run: releases
of the folder beside the repository where that is there, else the repository's examples. A text is
over the limit where it costs more than 20 times the median of the real ones for each KB and 1 ms
for each figure; it grows where a figure of the largest size costs over 1.5 times one of the
smallest.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from measuring.report import machine, number, table, write
from measuring.texts import Text, examples, white_house

import extractors.catalogue
from extractors.catalogue import load
from extractors.pipeline import extract

PIECES = Path(__file__).with_suffix(".toml")
CATALOGUE = Path(extractors.catalogue.__file__).parent
PUBLISHED = "2022-10-04"
TIMES_THE_MEDIAN = 20
SECONDS_A_FIGURE = 0.001
GROWTH = 1.5
SAMPLE = 40  # real texts, of which the median is taken
SHOWN = 25
WORDS = 50  # of the catalogue in a text
ROUNDS = 3  # of a small text, whose time is the least of them
SMALL = 8000  # characters
TRIES = 3  # more, of a text that seems over the limit or grows
HEADS = ("text", "KB", "figures", "ms/KB", "times real", "of the limit", "ms/figure", "growth")


@dataclass(frozen=True, slots=True)
class Cost:
    """What reading a text of some size took."""

    size: int
    figures: int
    seconds: float

    @property
    def per_kb(self) -> float:
        """Seconds for 1,000 characters."""
        return self.seconds / self.size * 1000

    @property
    def per_figure(self) -> float:
        """Seconds for a figure; of a text without any, for its 1,000 characters."""
        return self.seconds / self.figures if self.figures else self.per_kb

    def of_limit(self, real: float) -> float:
        """The share of what it may cost, where real texts cost ``real`` seconds a KB."""
        allowed = TIMES_THE_MEDIAN * real * self.size / 1000 + SECONDS_A_FIGURE * self.figures
        return self.seconds / allowed


def pieces() -> dict[str, str]:
    """The words that are repeated, by kind and name."""
    kinds = tomllib.loads(PIECES.read_text(encoding="utf-8"))["pieces"]
    return {
        f"{kind}: {name}": words for kind, rows in kinds.items() for name, words in rows.items()
    }


def mixed(count: int, seed: int) -> dict[str, str]:
    """Several pieces in a row, drawn by chance; the same for the same seed."""
    draw, words = random.Random(seed), [*pieces().values()]
    rows = ("".join(draw.choices(words, k=draw.randint(2, 6))) for _ in range(count))
    return {f"mixed: {row.strip()!r}": row for row in rows}


def catalogue() -> dict[str, str]:
    """Every word and phrase of the catalogue with a number, some of them in a text."""
    texts = {}
    for path in sorted(CATALOGUE.glob("*.toml")):
        words = [*dict.fromkeys(strings(load(path.stem)))]
        for start in range(0, len(words), WORDS):
            row = words[start : start + WORDS]
            text = "".join(f"{word} 5 trucks, " for word in row)
            texts[f"catalogue: {path.stem}, {row[0]} to {row[-1]}"] = text
    return texts


def strings(entry: object) -> Iterator[str]:
    """All strings in tables and lists."""
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, Mapping):
        yield from strings([*entry.values()])
    elif isinstance(entry, Sequence):
        for part in entry:
            yield from strings(part)


def repeated(words: str, size: int) -> str:
    """The words again and again, up to a number of characters."""
    return (words * (size // len(words) + 1))[:size]


def cost(text: Text) -> Cost:
    """What reading a text takes."""
    seconds = []
    for _ in range(ROUNDS if len(text.text) <= SMALL else 1):
        started = time.process_time()
        figures = extract(text.text, published=text.published, title=text.title)
        seconds.append(time.process_time() - started)
    return Cost(len(text.text), len(figures), min(seconds))


def real_texts() -> tuple[str, Sequence[Text]]:
    """The name of the real texts that are there, and some of them."""
    try:
        found = white_house()
    except (OSError, ValueError):
        found = examples()
    return found.name, found.texts[:SAMPLE]


def measured(
    texts: Mapping[str, str], sizes: Sequence[int], real: float
) -> Iterator[tuple[str, list[Cost]]]:
    """The cost of each text at each size.

    What seems too much is measured again: whatever else the machine does only adds to a time.
    """
    for name, words in texts.items():
        grown = [Text(repeated(words, size), PUBLISHED) for size in sizes]
        costs = [cost(text) for text in grown]
        for _ in range(TRIES):
            if is_over(costs, real) or growth(costs) > GROWTH:
                again = (cost(text) for text in grown)
                pairs = zip(costs, again, strict=True)
                costs = [min(pair, key=lambda one: one.seconds) for pair in pairs]
        yield name, costs


def is_over(costs: Iterable[Cost], real: float) -> bool:
    """Whether a text costs more than it may, at any size."""
    return any(one.of_limit(real) > 1 for one in costs)


def growth(costs: Sequence[Cost]) -> float:
    """How many times as much a figure costs in the largest text as in the smallest."""
    first, last = costs[0], costs[-1]
    if not (first.figures and last.figures):
        return last.per_kb / first.per_kb
    return last.per_figure / first.per_figure


def rows(found: Iterable[tuple[str, list[Cost]]], real: float) -> list[list[str]]:
    """The rows of the table: a text at its largest size, the nearest to its limit first."""
    ranked = sorted(found, key=lambda row: -row[1][-1].of_limit(real))
    return [
        [
            name[:60].replace("|", "/"),
            number(costs[-1].size / 1000),
            f"{costs[-1].figures:,}",
            number(costs[-1].per_kb * 1000),
            number(costs[-1].per_kb / real),
            f"{costs[-1].of_limit(real):.0%}",
            number(costs[-1].per_figure * 1000, 2),
            f"{growth(costs):.2f}",
        ]
        for name, costs in ranked
    ]


def judged(found: Sequence[tuple[str, list[Cost]]], real: float) -> list[str]:
    """One line for each text that is over the limit or grows, or one that none is."""
    over = [name for name, costs in found if is_over(costs, real)]
    grows = [name for name, costs in found if growth(costs) > GROWTH]
    lines = [f"- over the limit: {name}" for name in over] + [f"- grows: {name}" for name in grows]
    return lines or [f"Of {len(found)} texts none is over the limit and none grows."]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="1,4,16", help="KB of the texts (default 1,4,16)")
    parser.add_argument("--mixed", type=int, default=50, help="mixed texts besides (default 50)")
    parser.add_argument("--seed", type=int, default=0, help="which mixed texts (default 0)")
    parser.add_argument("--catalogue", action="store_true", help="all its words besides (slow)")
    parser.add_argument("--write", action="store_true", help="put the table in docs/benchmarks.md")
    options = parser.parse_args(arguments)
    try:
        sizes = sorted(int(float(size) * 1000) for size in options.sizes.split(","))
        if sizes[0] <= 0:
            raise ValueError("sizes are above 0")
        name, real = real_texts()
    except (OSError, ValueError) as error:
        print(f"slow_texts.py: {error}", file=sys.stderr)
        return 1
    for text in real:  # the catalogue is read, and the interpreter warm
        cost(text)
    usual = median(cost(text).per_kb for text in real)
    texts = pieces() | mixed(options.mixed, options.seed)
    texts |= catalogue() if options.catalogue else {}
    found = [*measured(texts, sizes, usual)]
    about = f"{machine()}; {name}: {usual * 1000:.1f} ms/KB, the median of {len(real)}."
    content = [about, table(HEADS, rows(found, usual)[:SHOWN]), "\n".join(judged(found, usual))]
    print("\n\n".join(content))
    if options.write:
        write("slow texts", "\n\n".join(content))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

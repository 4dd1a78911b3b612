"""Mutated texts through ``extract``: what holds for every text, tried on as many as one likes.

usage: python benchmarks/fuzz.py [--texts N] [--seed N] [--jobs N]

The sentences of the repository's own corpora and examples are spliced, shuffled, cut and filled
with odd pieces (``fuzz.toml``), and given publication dates of every kind. Of each text these must
hold: nothing raises; every figure's text is the document's at its offsets; low <= value <= high,
all finite; dates are dates; ids differ; the JSON record read back is the figure; a second reading
gives the same; and it costs at most what ``COST`` allows. Prints what was tried and the first
faults with their texts; the same seed gives the same texts. Exit status 1 where anything failed.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from statistics import median

from measuring.texts import ROOT, Text, of_folder

import aidledger as al
from ledger.figure import from_record, to_record

CORPUS = ROOT / "tests" / "corpus"
CONSTRUCTIONS = ROOT / "training" / "codings" / "constructions.jsonl"
BATCH = 2_000
SHOWN = 20  # faults that are printed in full
TWICE = 0.02  # the share of texts that is read a second time
COST = (20.0, 0.001)  # times the median of ordinary text per KB, and seconds a figure
TRIES = 3  # a slow text is timed again: other work on the machine is no fault of the text

PIECES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
PUBLISHED = (None, *PIECES["published"])
ODD = (*PIECES["odd"], *(p["text"] * p["times"] for p in PIECES["repeated"]), "\ud800", "\udfff")

Known = dict[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """What did not hold, with the text and what was known of it."""

    kind: str
    what: str
    text: str
    known: Known


@dataclass(slots=True)
class Tried:
    """What a batch of texts came to."""

    texts: int = 0
    characters: int = 0
    figures: int = 0
    faults: list[Fault] = field(default_factory=list)


@cache
def sentences() -> tuple[str, ...]:
    """The texts of the corpora, the coded constructions and the sentences of the examples."""
    out = [
        case["text"]
        for path in sorted(CORPUS.glob("*.toml"))
        for case in tomllib.loads(path.read_text(encoding="utf-8")).get("case", ())
        if "text" in case
    ]
    with CONSTRUCTIONS.open(encoding="utf-8") as lines:
        out += [json.loads(line)["text"] for line in lines]
    for text in of_folder(ROOT / "examples").texts:
        out += [line for line in text.text.splitlines() if line.strip()]
    return tuple(out)


def mutant(chance: random.Random) -> str:
    """A sentence, or two, changed in one to six places; one in ten is nothing but odd pieces."""
    kind = chance.random()
    if kind < 0.05:
        ends = (0x80, 0x250, 0x3000, 0x110000)
        return "".join(
            chr(chance.choice(ends) - 1 - chance.randrange(0x7F))
            for _ in range(chance.randrange(1, 80))
        )
    if kind < 0.10:
        return " ".join(chance.choice(ODD) for _ in range(chance.randrange(1, 30)))
    text: str = chance.choice(sentences())
    if kind < 0.25:
        other = chance.choice(sentences())
        text = text[: chance.randrange(len(text) + 1)] + other[chance.randrange(len(other)) :]
    elif kind < 0.35:
        words = text.split(" ")
        chance.shuffle(words)
        text = " ".join(words)
    elif kind < 0.45:
        text += chance.choice((" ", "\n", "\n\n", "; ")) + chance.choice(sentences())
    elif kind < 0.50:
        text = text.upper() if chance.random() < 0.5 else text.lower()
    elif kind < 0.53:
        text = (text + chance.choice((" ", ", ", "; "))) * chance.randrange(2, 12)
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        text = _changed(text, chance)
    return text


def _changed(text: str, chance: random.Random) -> str:
    """A text with something put in, cut out, replaced or repeated."""
    first = chance.randrange(len(text) + 1)
    last = min(len(text), first + chance.randrange(1, 20))
    how = chance.random()
    if how < 0.4:
        blank, other = chance.choice(("", " ")), chance.choice(("", " "))
        piece: str = chance.choice(ODD)
        return text[:first] + blank + piece + other + text[first:]
    if how < 0.6:
        return text[:first] + text[last:]
    if how < 0.8:
        return text[:first] + chr(chance.randrange(32, 127)) + text[first + 1 :]
    return text[:last] + text[first:last] + text[last:]


def known_of(chance: random.Random) -> Known:
    """Publication date, title, publisher and address, each at times."""
    published = chance.choice(PUBLISHED)
    known = {} if published is None else {"published": published}
    for name, share in (("title", 0.2), ("publisher", 0.1), ("url", 0.1)):
        if chance.random() < share:
            known[name] = mutant(chance)[:200]
    return known


def amiss(text: str, figures: Sequence[al.Figure]) -> Iterator[tuple[str, str]]:
    """(kind, what) of everything that does not hold of the figures of a text."""
    if len({f.figure_id for f in figures}) != len(figures):
        yield "ids", "two figures with one id"
    for figure in figures:
        if not figure.text or text[figure.start : figure.end] != figure.text:
            yield "span", repr(figure)
        yield from (("bounds", said) for said in _bounds(figure))
        for name in ("date", "since"):
            if (day := getattr(figure, name)) is not None and not _is_date(day):
                yield "date", f"{name}={day!r}: {figure!r}"
        written = json.dumps(to_record(figure), ensure_ascii=False)
        if from_record(json.loads(written)) != figure:
            yield "record", f"{written} is not {figure!r}"


def _bounds(figure: al.Figure) -> Iterator[str]:
    numbers = [x for x in (figure.low, figure.value, figure.high) if x is not None]
    if not all(x.is_finite() and math.isfinite(float(x)) for x in numbers):
        yield f"not finite: {figure!r}"
    elif numbers != sorted(numbers):
        yield f"low, value, high do not rise: {figure!r}"


def _is_date(written: str) -> bool:
    """Whether a string is a year, a month or a day of the calendar."""
    parts = written.split("-")
    try:
        date(*(int(part) for part in (*parts, "1", "1")[:3]))
    except ValueError:
        return False
    return len(parts) <= 3 and len(parts[0]) == 4


def seconds(text: str, known: Known) -> float:
    """Processor time of reading a text: the least of a few times, since others work beside it."""
    spent = []
    for _ in range(TRIES):
        start = time.process_time()
        al.extract(text, **known)
        spent.append(time.process_time() - start)
    return min(spent)


@cache
def ordinary() -> float:
    """Seconds per KB of ordinary text: the median over the examples, each four times in a row."""
    texts = [Text(text.text * 4) for text in of_folder(ROOT / "examples").texts]
    return 1000 * median(seconds(text.text, {}) / text.size for text in texts)


def allowed(text: str, figures: int) -> float:
    """The seconds that a text may cost."""
    times, a_figure = COST
    return times * ordinary() * max(1.0, len(text.encode("utf-8", "replace")) / 1000) + (
        a_figure * figures
    )


def tried(seed: int, number: int) -> Tried:
    """``number`` texts of a seed, each read and held to everything."""
    chance = random.Random(seed)
    out = Tried()
    for _ in range(number):
        text, known = mutant(chance), known_of(chance)
        out.texts += 1
        out.characters += len(text)
        start = time.process_time()
        try:
            figures = al.extract(text, **known)
        except Exception as error:  # whatever it is: that is what is looked for
            out.faults.append(Fault("raises", repr(error), text, known))
            continue
        spent = time.process_time() - start
        out.figures += len(figures)
        out.faults += [Fault(kind, what, text, known) for kind, what in amiss(text, figures)]
        if chance.random() < TWICE and al.extract(text, **known) != figures:
            out.faults.append(Fault("twice", "a second reading differs", text, known))
        limit = allowed(text, len(figures))
        if spent > limit:
            again = seconds(text, known)
            if again > limit:
                what = f"{again:.3f} s where {limit:.3f} s are allowed"
                out.faults.append(Fault("slow", what, text, known))
    return out


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--texts", type=int, default=100_000, help="how many (default 100,000)")
    parser.add_argument("--seed", type=int, default=1, help="which texts (default 1)")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default 1)")
    options = parser.parse_args(arguments)
    sizes = [BATCH] * (options.texts // BATCH) + [options.texts % BATCH]
    seeds = [options.seed * 1_000_000 + k for k in range(len(sizes))]
    total = Tried()
    with ProcessPoolExecutor(options.jobs) as pool:
        for batch in pool.map(tried, seeds, sizes):
            total.texts += batch.texts
            total.characters += batch.characters
            total.figures += batch.figures
            total.faults += batch.faults
    counts = Counter(fault.kind for fault in total.faults)
    print(
        f"{total.texts:,} texts of {total.characters:,} characters, {total.figures:,} figures, seed"
        f" {options.seed}: {sum(counts.values())} faults {dict(counts) or ''}"
    )
    for fault in total.faults[:SHOWN]:
        print(f"{fault.kind}: {fault.what!a}\n  {fault.known!a}\n  {fault.text!a}")
    return 1 if total.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())

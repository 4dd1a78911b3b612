"""Read coded passages with fitted weights, as the product reads a document.

usage: python training/evaluate.py --weights WEIGHTS --encoder FOLDER --codings FILE ...
                                   [--fold N] [--calibration FILE] [-o FIGURES]

The output can be scored like the product's; one line a figure, without text.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import shorten
from typing import Any

from net import PACKAGED
from scored import NetScorer

from examples import Passage, passages, span_of
from extractors.assemble import chances_of
from extractors.fitted.features import ACTORS
from extractors.fitted.fitted_reader import FittedReader
from extractors.meaning.aid import aid_type_of
from ledger.figure import LINKS

NAME = 59  # letters
FIELDS = (*ACTORS, "status", "basis", "item", "date", "since")


def rows(reader: FittedReader, passage: Passage) -> Iterator[dict[str, Any]]:
    """A passage's figures in the fields of the codebook, with how sure the reader is of each."""
    answers = reader.read(passage.situations)
    ids = [f"{passage.id}:{k}" for k in range(len(answers.drafts))]
    targets: dict[tuple[str, int], str] = {
        (link.kind, link.source): ids[link.target] for link in answers.links
    }
    chances = chances_of(answers, ids)
    for k, draft in enumerate(answers.drafts):
        start, end = span_of(draft)
        quantity, qualified = draft.quantity, draft.qualified
        numbers = {name: getattr(qualified, name) for name in ("value", "low", "high")}
        yield {
            "figure_id": ids[k], "source_id": passage.id, "start": start, "end": end,
            "dimension": quantity.dimension, "unit": quantity.unit,
            "qualifier": qualified.qualifier,
            **{name: None if n is None else float(n) for name, n in numbers.items()},
            **{name: getattr(draft, name) for name in FIELDS}, "aid_type": aid_type_of(draft),
            "item": _named(draft.item),
            **{kind: targets.get((kind, k)) for kind in LINKS},
            "confidence": _rounded(draft.confidence),
            "choices": chances[k],
        }  # fmt: skip


def _named(item: str | None) -> str | None:
    """A name, cut where it is as long as a sentence: what was read out of fold holds no text."""
    return item and shorten(item, NAME, placeholder="")


def _rounded(chance: float | None) -> float | None:
    return None if chance is None else round(chance, 3)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, default=PACKAGED, required=PACKAGED is None)
    parser.add_argument("--codings", type=Path, nargs="+", required=True)
    parser.add_argument("--fold", type=int, help="only passages of this fold")
    parser.add_argument("--calibration", type=Path, help="of these weights")
    parser.add_argument("--hidden", type=float, default=0.0, help="share without rules")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args(arguments)
    reader = FittedReader(
        NetScorer(options.weights, options.encoder, options.calibration, options.hidden)
    )
    with options.output.open("w", encoding="utf-8") as output:
        for path in options.codings:
            for passage in passages(path, options.fold):
                for row in rows(reader, passage):
                    output.write(json.dumps(row) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

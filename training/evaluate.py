"""Read coded passages with fitted weights and print how much of them is right.

usage: python training/evaluate.py --weights WEIGHTS --encoder FOLDER --codings FILE ...
                                   [--fold N] [-o FIGURES]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from fit import batch_of, rows_of, tokenizer_of
from net import Net, loaded

from examples import Example, Passage, examples, passages, span_of
from extractors.fitted.answers import ACTORS, LINKS, Reading, Scored, links, readings
from extractors.meaning.choice import Link


def read(
    net: Net, found: Sequence[Example], items: Sequence[str]
) -> Iterator[tuple[Example, list[Reading | None], list[Link]]]:
    """Every window with what the weights say of its figures and their links."""
    net.eval()
    for example, row in zip(found, rows_of(found), strict=True):
        with torch.no_grad():
            odds = {k: v[0].numpy() for k, v in net(batch_of([row])).items()}
        passage = example.passage.situations
        scored = Scored(example.window, passage, example.inputs, odds, items)
        yield example, readings(scored), links(scored)


def rows(
    passage: Passage, said: Mapping[int, Reading | None], linked: Sequence[Link]
) -> Iterator[dict[str, Any]]:
    """A passage's figures in the fields of the codebook."""
    ids = [f"{passage.id}:{k}" for k in range(len(passage.situations))]
    targets: dict[tuple[str, int], str] = {
        (link.kind, link.source): ids[link.target] for link in linked
    }
    for k, situation in enumerate(passage.situations):
        start, end = span_of(situation)
        quantity, qualified, reading = situation.quantity, situation.qualified, said.get(k)
        numbers = {name: getattr(qualified, name) for name in ("value", "low", "high")}
        yield {
            "figure_id": ids[k], "source_id": passage.id, "start": start, "end": end,
            "dimension": quantity.dimension, "unit": quantity.unit,
            "qualifier": qualified.qualifier,
            **{name: None if n is None else float(n) for name, n in numbers.items()},
            **{name: None if reading is None else reading.choices[name].value for name in FIELDS},
            **{kind: targets.get((kind, k)) for kind in LINKS},
            "confidence": None if reading is None else reading.confidence,
        }  # fmt: skip


FIELDS = (*ACTORS, "status", "basis", "aid_type", "item", "date", "since")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--codings", type=Path, nargs="+", required=True)
    parser.add_argument("--fold", type=int, help="only passages of this fold")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args(arguments)
    state = torch.load(options.weights, weights_only=True)
    net = Net(loaded(options.encoder), len(state["items"]))
    net.load_state_dict(state["net"])
    pieces = tokenizer_of(options.encoder)
    with options.output.open("w", encoding="utf-8") as output:
        for path in options.codings:
            some = [p for p in passages(path) if options.fold in (None, p.fold)]
            said: dict[str, dict[int, Reading | None]] = {}
            linked: dict[str, list[Link]] = {}
            for example, read_of, links_of in read(
                net, list(examples(some, pieces, state["items"])), state["items"]
            ):
                own = said.setdefault(example.passage.id, {})
                own |= dict(zip(example.window.figures, read_of, strict=True))
                linked.setdefault(example.passage.id, []).extend(links_of)
            for passage in some:
                for row in rows(passage, said.get(passage.id, {}), linked.get(passage.id, [])):
                    output.write(json.dumps(row) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""How much the chances of fitted weights are worth, on documents that they were not fitted on.

usage: python training/calibrate.py --weights WEIGHTS --encoder FOLDER --codings FILE ... --fold N
                                    -o FILE

For each field a temperature, by which its odds are divided, so that choices of a chance of 0.8 are
right eight times in ten (Guo and others, On Calibration of Modern Neural Networks, 2017); and for
the product of the five chances a slope and an offset (Platt scaling).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from net import PACKAGED
from numpy.typing import NDArray
from scored import NetScorer

from examples import Example, examples, passages
from extractors.fitted.answers import Reading, Scored, readings
from extractors.fitted.features import ACTORS
from extractors.scorer.model import softened
from ledger.figure import LINKS, OF_CONFIDENCE

GRID = np.exp(np.linspace(np.log(0.5), np.log(4), 43))  # temperatures that are tried
FIELDS = ("status", "basis", "aid", *ACTORS, "date", "since", *LINKS)
Odds = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scores:
    """A window, its odds and its answers."""

    example: Example
    odds: Mapping[str, Odds]


def temperature(pairs: Sequence[tuple[Odds, NDArray[Any]]]) -> float:
    """The temperature at which what is right (1 where it is) is likeliest."""

    def cost(by: float) -> float:
        return sum(_surprise(odds / by, right) for odds, right in pairs)

    return float(min(GRID, key=cost))


def _surprise(odds: Odds, right: NDArray[Any]) -> float:
    chances = np.exp(odds - odds.max())
    return -float(np.log(max(chances[right > 0].sum() / chances.sum(), 1e-9)))


def pairs_of(found: Sequence[Scores], field: str) -> Iterator[tuple[Odds, NDArray[Any]]]:
    """A field's odds with what is right, figure by figure, where something is."""
    for scores in found:
        answers = scores.example.answers
        for n in np.flatnonzero(answers["coded"] & answers["seen"]):
            odds, right = scores.odds[field][n], answers[field][n]
            if right.ndim == 0:
                if right < 0:
                    continue
                right = np.eye(len(odds), dtype=np.int8)[right]
            if right.any():
                yield odds, right


def scaling(sure: Sequence[float], right: Sequence[bool]) -> tuple[float, float]:
    """Slope and offset of the logistic curve through confidences, by Newton's steps."""
    x = np.log(np.clip(sure, 1e-6, 1 - 1e-6) / (1 - np.clip(sure, 1e-6, 1 - 1e-6)))
    y, points = np.asarray(right, float), np.stack([x, np.ones_like(x)], 1)
    w = np.array([1.0, 0.0])
    for _ in range(25):
        p = 1 / (1 + np.exp(-points @ w))
        slope = points.T @ (y - p) - 1e-3 * w
        bend = (points * (p * (1 - p))[:, None]).T @ points + 1e-3 * np.eye(2)
        w = w + np.linalg.solve(bend, slope)
    return float(w[0]), float(w[1])


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, default=PACKAGED, required=PACKAGED is None)
    parser.add_argument("--codings", type=Path, nargs="+", required=True)
    parser.add_argument("--fold", type=int, required=True, help="that they were not fitted on")
    parser.add_argument("--hidden", type=float, default=0.0, help="share without rules")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args(arguments)
    scorer = NetScorer(options.weights, options.encoder, hidden=options.hidden)
    some = (p for path in options.codings for p in passages(path, options.fold))
    found = [
        Scores(example, scorer.odds(example.inputs.arrays))
        for example in examples(some, scorer.pieces, scorer.items)
    ]
    by = {field: temperature(list(pairs_of(found, field))) for field in FIELDS}
    told = list(_told(found, by, scorer.items))
    slope, offset = scaling([sure for sure, _ in told], [right for _, right in told])
    said = {
        "temperatures": {k: round(v, 3) for k, v in by.items()},
        "confidence": [round(slope, 4), round(offset, 4)],
    }
    options.output.write_text(json.dumps(said, indent=1) + "\n", "utf-8")
    return 0


def _told(
    found: Sequence[Scores], by: Mapping[str, float], items: Sequence[str]
) -> Iterator[tuple[float, bool]]:
    """Of every coded figure its confidence, and whether the five fields are right."""
    for scores in found:
        example = scores.example
        of = Scored(
            example.window, example.passage.told, example.inputs,
            softened(scores.odds, by), items,
        )  # fmt: skip
        for k, reading in zip(example.window.figures, readings(of), strict=True):
            place = example.passage.of[k]
            if reading is not None and place is not None:
                yield reading.confidence, _right(reading, example.passage.codings[place])


def _right(reading: Reading, coding: Mapping[str, Any]) -> bool:
    return all(reading.choices[name].value == coding[name] for name in OF_CONFIDENCE)


if __name__ == "__main__":
    sys.exit(main())

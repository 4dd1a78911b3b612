"""The words of a sentence that count most for a choice: those without which it is less likely."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from extractors.fitted.answers import Scored, chances_of, readings

MASK = 103  # of BERT's vocabulary: a word that is not told
LEAST = 0.05  # by which a choice is less likely without a word that is named
MOST = 2  # words that are named

Odds = Mapping[str, NDArray[np.float32]]


def deciding_words(
    of: Scored, odds: Callable[[Mapping[str, NDArray[np.int32]]], Odds]
) -> dict[int, dict[str, str]]:
    """For figures of a window, by their places in the document, and their fields: the words that
    count most, where some do. Each word of the figures' own sentences is left out once."""
    chosen = [None if r is None else r.choices for r in readings(of)]
    before = [chances_of(of, n) for n in range(len(chosen))]
    lost: dict[int, dict[str, list[tuple[float, str]]]] = {}
    for first, last, piece, word in _words(of):
        ids = of.inputs.arrays["ids"].copy()
        ids[first : last + 1] = MASK
        without = replace(of, odds=odds({**of.inputs.arrays, "ids": ids}))
        for n, choices in enumerate(chosen):
            if choices is None or _piece_of(of, n) != piece:
                continue
            after = chances_of(without, n)
            for name, values in before[n].items():
                value = choices[name].value
                less = values.get(value, 0.0) - after[name].get(value, 0.0)
                if less >= LEAST:
                    own = lost.setdefault(of.window.figures[n], {})
                    own.setdefault(name, []).append((less, word))
    return {
        k: {name: ", ".join(_largest(found)) for name, found in own.items()}
        for k, own in lost.items()
    }


def _largest(found: Sequence[tuple[float, str]]) -> list[str]:
    ranked = sorted(found, key=lambda pair: -pair[0])
    return list(dict.fromkeys(word for _, word in ranked))[:MOST]


def _piece_of(of: Scored, n: int) -> int:
    """The piece in which a figure stands, by the token behind its mark."""
    behind = int(of.inputs.arrays["figures"][n, 0]) + 1
    return of.inputs.places[min(behind, len(of.inputs.places) - 1)][0]


def _words(of: Scored) -> Iterator[tuple[int, int, int, str]]:
    """The words of the pieces that hold figures: first and last token, piece, as written."""
    homes = {_piece_of(of, n) for n in range(len(of.window.figures))}
    figures = of.inputs.arrays["figures"]
    inside = {k for a, b in figures for k in range(a, b + 1)}
    first = None
    for k, edges in enumerate(of.inputs.arrays["words"]):
        if edges & 1:
            first = k
        if edges & 2 and first is not None:
            piece, start, _ = of.inputs.places[first]
            if piece in homes and not inside.intersection(range(first, k + 1)):
                plain = of.window.pieces[piece].sentence.block.plain
                yield first, k, piece, plain[start : of.inputs.places[k][2]]
            first = None

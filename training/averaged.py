"""Weights in the middle of several that were fitted one from the other.

usage: python training/averaged.py WEIGHTS.pt WEIGHTS.pt ... -o WEIGHTS.pt

What each fit has learned last differs, what they share stays; the mean reads unseen documents
better than any of them (Wortsman and others, *Model soups*, 2022).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch


def averaged(several: Sequence[Mapping[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """The mean of each tensor. Raises ValueError where they are of different networks."""
    first, *others = several
    if any(one.keys() != first.keys() for one in others):
        raise ValueError("weights of different networks")
    return {
        name: torch.stack([one[name].float() for one in several]).mean(0).to(tensor.dtype)
        for name, tensor in first.items()
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("weights", type=Path, nargs="+", metavar="WEIGHTS.pt")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args(arguments)
    several = [torch.load(path, weights_only=True) for path in options.weights]
    if any(one["items"] != several[0]["items"] for one in several):
        print("averaged.py: weights that choose among different items", file=sys.stderr)
        return 1
    net = averaged([one["net"] for one in several])
    torch.save({"net": net, "items": several[0]["items"]}, options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())

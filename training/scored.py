"""Fitted weights as the reader asks them: the network in the place of a folder's scorer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from fit import batch_of, hide, tokenizer_of
from net import Net, loaded
from numpy.typing import NDArray

from extractors.scorer.model import softened


class NetScorer:
    """The weights of a file that :mod:`fit` wrote; see :class:`extractors.scorer.model.Scorer`.

    ``calibration``: the file that :mod:`calibrate` writes; ``hidden``: the share of figures whose
    answers by rules are hidden.
    """

    def __init__(
        self, weights: Path, encoder: Path, calibration: Path | None = None, hidden: float = 0.0
    ) -> None:
        state = torch.load(weights, weights_only=True)
        self.net = Net(loaded(encoder), len(state["items"])).eval()
        self.net.load_state_dict(state["net"])
        self.name, self.items = weights.stem, tuple(state["items"])
        self.pieces, self.hidden = tokenizer_of(encoder), hidden
        told = {} if calibration is None else json.loads(calibration.read_text("utf-8"))
        self.temperatures: Mapping[str, float] = told.get("temperatures", {})
        slope, offset = told.get("confidence", (1.0, 0.0))
        self.sure = (float(slope), float(offset))

    def odds(self, arrays: Mapping[str, NDArray[np.int32]]) -> dict[str, NDArray[np.float32]]:
        """The odds of a window's answers, by field."""
        batch = batch_of([dict(arrays)])
        hide(batch, self.hidden)
        with torch.no_grad():
            found = {k: v[0].numpy() for k, v in self.net(batch).items()}
        return softened(found, self.temperatures)

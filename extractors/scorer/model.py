"""A folder of fitted weights: ``weights.onnx``, ``tokenizer.json`` and ``config.json``.

One window is scored at a time, on one thread: what an answer is never depends on what else is read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WEIGHTS, TOKENIZER, CONFIG = "weights.onnx", "tokenizer.json", "config.json"
SHIPPED = Path(__file__).parent / "weights"

Odds = NDArray[np.float32]


class Scorer:
    """The weights of a folder; they and what runs them are loaded when first asked.

    Raises ValueError, in one line, where the folder holds none.
    """

    def __init__(self, folder: Path = SHIPPED) -> None:
        missing = [n for n in (WEIGHTS, TOKENIZER, CONFIG) if not (folder / n).is_file()]
        if missing:
            raise ValueError(f"reader: {folder} holds no fitted weights: {missing[0]} is missing")
        self.folder = folder

    @cached_property
    def config(self) -> Mapping[str, Any]:
        """``name`` of the weights, ``items`` that they know by name, ``temperature`` by field."""
        try:
            found: Mapping[str, Any] = json.loads((self.folder / CONFIG).read_text("utf-8"))
        except ValueError as error:
            raise ValueError(f"reader: {self.folder / CONFIG} is no JSON: {error}") from None
        return found

    @cached_property
    def pieces(self) -> Any:
        """The tokenizer that the weights were fitted with."""
        from tokenizers import Tokenizer

        found = Tokenizer.from_file(str(self.folder / TOKENIZER))
        found.no_truncation()
        found.no_padding()
        return found

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        return onnxruntime.InferenceSession(
            str(self.folder / WEIGHTS), options, providers=["CPUExecutionProvider"]
        )

    def odds(self, arrays: Mapping[str, NDArray[np.int32]]) -> dict[str, Odds]:
        """The odds (logarithms) of a window's answers: by field, (f, n), without other windows."""
        session = self._session
        wanted = {given.name for given in session.get_inputs()}
        feed = {k: v[None].astype(np.int64) for k, v in arrays.items() if k in wanted}
        names = [given.name for given in session.get_outputs()]
        return {n: v[0] for n, v in zip(names, session.run(names, feed), strict=True)}

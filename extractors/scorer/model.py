"""A folder of fitted weights: ``weights.onnx``, ``tokenizer.json`` and ``config.json``.

One window is scored at a time, on one thread: what an answer is never depends on what else is read.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WEIGHTS, TOKENIZER, CONFIG = "weights.onnx", "tokenizer.json", "config.json"

Odds = NDArray[np.float32]


class Scorer:
    """The weights of a folder, loaded at once.

    ``name`` is that of the weights, ``items`` the names that they know, ``sure`` the slope and the
    offset by which the product of chances becomes a figure's confidence. Raises ValueError, in one
    line that names the file, where the folder holds none.
    """

    def __init__(self, folder: Path) -> None:
        missing = [n for n in (WEIGHTS, TOKENIZER, CONFIG) if not (folder / n).is_file()]
        if missing:
            raise ValueError(f"reader: {folder} holds no fitted weights: {missing[0]} is missing")
        told = _read_config(folder / CONFIG)
        self.name, self.items, self.sure = told.name, told.items, told.sure
        self._softened = told.softened
        self.pieces = _loaded(folder / TOKENIZER, _tokenizer)
        self._session = _loaded(folder / WEIGHTS, _session)
        self._wanted = [given.name for given in self._session.get_inputs()]
        self._answers = [given.name for given in self._session.get_outputs()]

    def odds(self, arrays: Mapping[str, NDArray[np.int32]]) -> dict[str, Odds]:
        """The odds (logarithms) of a window's answers: by field, (f, n), without other windows."""
        feed = {name: arrays[name][None].astype(np.int64) for name in self._wanted}
        found = zip(self._answers, self._session.run(self._answers, feed), strict=True)
        return softened({n: v[0] for n, v in found}, self._softened)


def softened(odds: Mapping[str, Odds], by: Mapping[str, float]) -> dict[str, Odds]:
    """Odds divided by what makes the chances of each field as right as they say (temperatures)."""
    return {name: found / np.float32(by.get(name, 1.0)) for name, found in odds.items()}


@dataclass(frozen=True, slots=True)
class Config:
    """What a folder of weights says of them; see :class:`Scorer`."""

    name: str
    items: tuple[str, ...]
    softened: Mapping[str, float]
    sure: tuple[float, float]


def _read_config(file: Path) -> Config:
    """The name of the weights, the items that they know, and what their chances are worth."""
    try:
        told = json.loads(file.read_text("utf-8"))
        name, items = told["name"], told["items"]
        by = {str(k): float(v) for k, v in told.get("temperatures", {}).items()}
        slope, offset = map(float, told.get("confidence", (1.0, 0.0)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"reader: {file}: not the config of weights ({error})") from None
    if not isinstance(name, str) or not isinstance(items, list) or not name.strip():
        raise ValueError(f"reader: {file}: a name and a list of items are wanted")
    if not all(0 < v < math.inf for v in (*by.values(), slope)) or not math.isfinite(offset):
        raise ValueError(f"reader: {file}: temperatures and confidence are no numbers above 0")
    return Config(name, tuple(map(str, items)), by, (slope, offset))


def _loaded(file: Path, load: Callable[[Path], Any]) -> Any:
    """What a file holds; whatever is wrong with it, one line says so."""
    try:
        return load(file)
    except Exception as error:  # the runtimes raise bare ones for a broken file
        cause = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ValueError(f"reader: {file}: cannot be read ({cause[:200]})") from error


def _tokenizer(file: Path) -> Any:
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(str(file))
    found.no_truncation()
    found.no_padding()
    return found


def _session(file: Path) -> Any:
    # The runtime reports to its maker unless it is told not to: nothing leaves the machine.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

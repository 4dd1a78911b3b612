"""A folder of fitted weights: ``weights.onnx``, ``tokenizer.json`` and ``config.json``.

One window is scored at a time, on one thread: what an answer is never depends on what else is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WEIGHTS, TOKENIZER, CONFIG = "weights.onnx", "tokenizer.json", "config.json"

Odds = NDArray[np.float32]


class Scorer:
    """The weights of a folder, loaded at once.

    ``name`` is that of the weights, ``items`` the names that they know. Raises ValueError, in one
    line that names the file, where the folder holds none.
    """

    def __init__(self, folder: Path) -> None:
        missing = [n for n in (WEIGHTS, TOKENIZER, CONFIG) if not (folder / n).is_file()]
        if missing:
            raise ValueError(f"reader: {folder} holds no fitted weights: {missing[0]} is missing")
        self.name, self.items = _read_config(folder / CONFIG)
        self.pieces = _loaded(folder / TOKENIZER, _tokenizer)
        self._session = _loaded(folder / WEIGHTS, _session)

    def odds(self, arrays: Mapping[str, NDArray[np.int32]]) -> dict[str, Odds]:
        """The odds (logarithms) of a window's answers: by field, (f, n), without other windows."""
        session = self._session
        wanted = {given.name for given in session.get_inputs()}
        feed = {k: v[None].astype(np.int64) for k, v in arrays.items() if k in wanted}
        names = [given.name for given in session.get_outputs()]
        return {n: v[0] for n, v in zip(names, session.run(names, feed), strict=True)}


def _read_config(file: Path) -> tuple[str, tuple[str, ...]]:
    """The name of the weights and the items that they know."""
    try:
        told = json.loads(file.read_text("utf-8"))
        name, items = told["name"], told["items"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"reader: {file}: not the config of weights ({error})") from None
    if not isinstance(name, str) or not isinstance(items, list) or not name.strip():
        raise ValueError(f"reader: {file}: a name and a list of items are wanted")
    return name, tuple(map(str, items))


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
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

"""Write fitted weights as a folder that ``--reader FOLDER`` takes.

usage: python training/export.py --weights WEIGHTS --encoder FOLDER --name NAME -o FOLDER [--exact]

The encoder's matrices are stored in 8 bits, unless ``--exact``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch
from fit import batch_of, rows_of
from net import PACKAGED, Net
from scored import NetScorer
from torch import Tensor, nn

from examples import examples, passages
from extractors.scorer.model import CONFIG, TOKENIZER, WEIGHTS

AXES = {
    "ids": "t", "words": "t", "figures": "f", "facts": "f", "kinds": "f",
    "actors": "a", "actor_form": "a", "dates": "d", "date_form": "d", "date_gap": "d",
    "implied_told": "f",
}  # fmt: skip
PAIRS = {
    **dict.fromkeys(("actor_step", "actor_relation", "actor_told"), ("f", "a")),
    **dict.fromkeys(("date_step", "date_relation", "date_told"), ("f", "d")),
    "link_told": ("f", "f"),
}
SAMPLE = "Norway will send Ukraine four tanks and $20 million in May, its ministry said on Monday."


class Alone(nn.Module):
    """The network over one window: nothing is filled up, so nothing is masked."""

    def __init__(self, net: Net, names: Sequence[str]) -> None:
        super().__init__()
        self.net, self.names = net, names

    def forward(self, *arrays: Tensor) -> tuple[Tensor, ...]:
        batch = dict(zip(self.names, arrays, strict=True))
        batch["mask"] = torch.ones_like(batch["ids"], dtype=torch.float32)
        batch["figure_mask"] = torch.ones_like(batch["figures"][..., 0], dtype=torch.float32)
        for name in ("actor", "date"):
            batch[f"{name}_mask"] = torch.ones_like(batch[f"{name}_form"], dtype=torch.float32)
        return tuple(self.net(batch).values())


def write(net: Net, folder: Path, sample: dict[str, Tensor], *, exact: bool) -> None:
    """The network as ONNX."""
    names = [*AXES, *PAIRS]
    alone = Alone(net, names).eval()
    given = tuple(sample[name] for name in names)
    with torch.no_grad():
        answers = list(net(sample))
    axes = {n: {1: a} for n, a in AXES.items()} | {n: {1: a, 2: b} for n, (a, b) in PAIRS.items()}
    with tempfile.TemporaryDirectory() as made:
        whole = Path(made) / WEIGHTS
        torch.onnx.export(
            alone, given, str(whole), input_names=names, output_names=answers,
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        if exact:
            shutil.copy(whole, folder / WEIGHTS)
            return
        from onnxruntime.quantization import QuantType, quantize_dynamic

        quantize_dynamic(
            whole, folder / WEIGHTS, weight_type=QuantType.QInt8, per_channel=True,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        )  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, default=PACKAGED, required=PACKAGED is None)
    parser.add_argument("--name", required=True, help="what the record's `reader` says")
    parser.add_argument("--calibration", type=Path, help="of these weights")
    parser.add_argument("--exact", action="store_true", help="no 8 bits")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args(arguments)
    scorer = NetScorer(options.weights, options.encoder, options.calibration)
    options.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        coded = Path(made) / "sample.jsonl"
        coded.write_text(json.dumps({"id": "a", "text": SAMPLE, "figures": []}), "utf-8")
        made_of = examples(passages(coded), scorer.pieces, scorer.items)
        sample = batch_of(rows_of(list(made_of)))
    write(scorer.net, options.output, sample, exact=options.exact)
    shutil.copy(options.encoder / TOKENIZER, options.output / TOKENIZER)
    told = {
        "name": options.name, "items": scorer.items,
        "temperatures": scorer.temperatures, "confidence": scorer.sure,
    }  # fmt: skip
    (options.output / CONFIG).write_text(json.dumps(told, indent=0) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Fit the reader's weights on coded passages.

usage: python training/fit.py --encoder FOLDER --codings FILE ... -o WEIGHTS [--without FOLD ...]
                              [--epochs N] [--seed N] [--start WEIGHTS] [--masked SHARE]

FOLDER holds a BERT encoder (``model.safetensors``, ``tokenizer.json``). Passages of the folds named
by ``--without`` are left out. ``--start`` goes on from weights that were fitted before, on the same
passages and with the rate risen again. After every epoch what is done lies in WEIGHTS.part, and
the next run with the same arguments goes on from there.
"""

from __future__ import annotations

import argparse
import math
import pickle
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from net import NEVER, PACKAGED, Net, loaded
from tokenizers import Tokenizer
from torch import Tensor, nn

import extractors
from examples import Example, examples, frequent_items, passages
from extractors.fitted.features import ACTORS
from ledger.figure import LINKS

TOKENS = 1_600  # of a batch, padding included
RATE_ENCODER, RATE_HEADS, WARM, DECAY = 1.5e-4, 1e-3, 0.06, 0.01
KEPT = 0.998  # of the weights' running mean, a step
# answers among candidates, with others that are none behind them
AMONG = {
    **{f"is_{name}": "actor" for name in ACTORS},
    "is_since": "date",
    **{f"is_{name}": "figure" for name in LINKS},
}
CLASSES = ("status", "basis", "aid")
HIDDEN = 0.1  # of figures, on which fitting does not see what the rules choose


def tokenizer_of(folder: Path) -> Tokenizer:
    """The pieces of words of an encoder."""
    found = Tokenizer.from_file(str(folder / "tokenizer.json"))
    found.no_truncation()
    found.no_padding()
    return found


Row = dict[str, Any]  # an example's arrays, inputs and answers together


def rows_of(found: Sequence[Example]) -> list[Row]:
    """The arrays of examples, without what they were made of."""
    return [{**e.inputs.arrays, **{f"is_{k}": v for k, v in e.answers.items()}} for e in found]


def batch_of(rows: Sequence[Row]) -> dict[str, Tensor]:
    """Rows side by side, filled up with zeros; masks say what is there."""
    t = max(len(r["ids"]) for r in rows)
    f = max(len(r["figures"]) for r in rows)
    n = {name: max(len(r[f"{name}s"]) for r in rows) for name in ("actor", "date")}
    out: dict[str, np.ndarray[Any, Any]] = {}
    for key in rows[0]:
        parts = [np.asarray(r[key]) for r in rows]
        shape = [len(rows), *np.max([p.shape for p in parts], axis=0)]
        whole = np.zeros(shape, np.int64)
        for k, part in enumerate(parts):
            whole[k][tuple(map(slice, part.shape))] = part
        out[key] = whole
    n["figure"] = f
    for key, of in AMONG.items():
        if key in rows[0]:
            out[key] = _aligned(rows, key, f, n[of], f"{of}s")
    batch = {k: torch.from_numpy(v) for k, v in out.items()}
    batch["ids"], batch["words"] = batch["ids"][:, :t], batch["words"][:, :t]
    batch["mask"] = _mask([len(r["ids"]) for r in rows], t)
    batch["figure_mask"] = _mask([len(r["figures"]) for r in rows], f)
    for name in ("actor", "date"):
        batch[f"{name}_mask"] = _mask([len(r[f"{name}s"]) for r in rows], n[name])
    last = t - 1
    batch["figures"] = batch["figures"].clamp(max=last)
    return batch


def _aligned(rows: Sequence[Row], key: str, f: int, n: int, of: str) -> np.ndarray[Any, Any]:
    """Answers among candidates of which each row has its own number, and others behind them."""
    behind = rows[0][key].shape[1] - len(rows[0][of])
    out = np.zeros((len(rows), f, n + behind), np.int64)
    for k, row in enumerate(rows):
        own, figures = len(row[of]), len(row["figures"])
        out[k, :figures, :own] = row[key][:, :own]
        out[k, :figures, n:] = row[key][:, own:]
    return out


def _mask(lengths: Sequence[int], most: int) -> Tensor:
    return (torch.arange(most)[None] < torch.tensor(lengths)[:, None]).float()


def hide(batch: dict[str, Tensor], share: float) -> None:
    """Take what the rules choose from a share of the figures, as if they had chosen nothing."""
    kept = (torch.rand(batch["figure_mask"].shape) >= share).long()[..., None]
    facts = batch["facts"]
    batch["facts"] = torch.cat([facts[..., :5], facts[..., 5:] * kept], -1)
    for name in ("actor_told", "implied_told", "date_told", "link_told"):
        batch[name] = batch[name] * kept


def mask(batch: dict[str, Tensor], share: float, token: int) -> None:
    """Put the encoder's own mask in the place of a share of the tokens, figures apart."""
    hidden = torch.rand(batch["ids"].shape) < share
    hidden &= batch["mask"].bool()
    hidden.scatter_(1, batch["figures"].flatten(1), False)
    batch["ids"] = batch["ids"].masked_fill(hidden, token)


def losses(out: dict[str, Tensor], batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """What each field's answers cost, over the figures that are coded and seen."""
    there = batch["figure_mask"] * batch["is_seen"]
    coded = there * batch["is_coded"]
    found = {name: _of_class(out[name], batch[f"is_{name}"], coded) for name in CLASSES}
    for name in (*ACTORS, "date", "since", *LINKS):
        found[name] = _of_several(out[name], batch[f"is_{name}"], coded)
    starts = torch.cat([out["item"], out["item_start"]], -1)
    right = torch.cat([batch["is_item"], batch["is_item_start"]], -1)
    found["item"] = _of_several(starts, right, coded)
    found["item_end"] = _of_several(out["item_end"], batch["is_item_end"], coded)
    figure = nn.functional.binary_cross_entropy_with_logits(
        out["coded"], batch["is_coded"].float(), reduction="none"
    )
    found["coded"] = (figure * there).sum() / there.sum().clamp(min=1)
    return found


def _of_class(odds: Tensor, right: Tensor, mask: Tensor) -> Tensor:
    mask = mask * (right >= 0)
    chosen = odds.log_softmax(-1).gather(-1, right.clamp(min=0)[..., None])[..., 0]
    return -(chosen * mask).sum() / mask.sum().clamp(min=1)


def _of_several(odds: Tensor, right: Tensor, mask: Tensor) -> Tensor:
    """Of candidates of which several may be right; nothing where none is."""
    mask = mask * (right.sum(-1) > 0)
    chances = odds.log_softmax(-1) + torch.where(right > 0, 0.0, 3 * NEVER)
    return -(chances.logsumexp(-1) * mask).sum() / mask.sum().clamp(min=1)


def batches(lengths: Sequence[int], chance: random.Random) -> list[list[int]]:
    """Examples of like lengths together, as many as make ``TOKENS`` with what fills them up."""
    order = sorted(range(len(lengths)), key=lambda k: lengths[k] + chance.uniform(0, 40))
    out: list[list[int]] = [[]]
    for k in order:
        longest = max([lengths[j] for j in out[-1]] + [lengths[k]])
        if out[-1] and longest * (len(out[-1]) + 1) > TOKENS:
            out.append([])
        out[-1].append(k)
    chance.shuffle(out)
    return out


def fit(
    net: Net,
    rows: Sequence[Row],
    epochs: int,
    seed: int,
    part: Path,
    hidden: float = HIDDEN,
    masked: tuple[float, int] = (0.0, 0),
) -> None:
    """Fit a network; what it is left with is the running mean of its weights.

    ``hidden``: the share of figures on which it does not see what the rules choose; ``masked``: of
    tokens that it does not see, and the token that stands in their place.
    """
    encoder = [p for p in net.encoder.parameters() if p.requires_grad]
    own = {id(p) for p in net.encoder.parameters()}
    heads = [p for p in net.parameters() if id(p) not in own]
    groups = [{"params": encoder, "lr": RATE_ENCODER}, {"params": heads, "lr": RATE_HEADS}]
    optimizer = torch.optim.AdamW(groups, weight_decay=DECAY, fused=True)
    lengths = [len(r["ids"]) for r in rows]
    steps = epochs * len(batches(lengths, random.Random(seed)))
    mean = {k: v.clone() for k, v in net.state_dict().items()}
    fitted = [k for k, p in net.named_parameters() if p.requires_grad]
    begun, step = 0, 0
    if part.exists():
        state = torch.load(part, weights_only=False)
        net.load_state_dict(state["net"])
        optimizer.load_state_dict(state["optimizer"])
        mean, begun, step = state["mean"], state["epoch"], state["step"]
    started = time.monotonic()
    for epoch in range(begun, epochs):
        torch.manual_seed(seed * 1000 + epoch)
        net.train()
        told: Counter[str] = Counter()
        plan = batches(lengths, random.Random(seed * 1000 + epoch))
        for chosen in plan:
            share = _rate(step, steps)
            for group, rate in zip(optimizer.param_groups, (RATE_ENCODER, RATE_HEADS), strict=True):
                group["lr"] = rate * share
            batch = batch_of([rows[k] for k in chosen])
            hide(batch, hidden)
            mask(batch, *masked)
            found = losses(net(batch), batch)
            optimizer.zero_grad()
            sum(found.values(), torch.tensor(0.0)).backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            step += 1
            kept = min(KEPT, step / (step + 10))
            state = net.state_dict()
            for name in fitted:
                mean[name].lerp_(state[name], 1 - kept)
            told.update({k: float(v.detach()) for k, v in found.items()})
        said = " ".join(f"{k} {v / len(plan):.2f}" for k, v in told.items())
        print(f"epoch {epoch}: {time.monotonic() - started:.0f} s; {said}", flush=True)
        done = {
            "net": net.state_dict(), "optimizer": optimizer.state_dict(), "mean": mean,
            "epoch": epoch + 1, "step": step,
        }  # fmt: skip
        torch.save(done, part)
    net.load_state_dict(mean)


def _rate(step: int, steps: int) -> float:
    """The share of the full rate: it rises, then falls in half a wave of a cosine."""
    warm = max(1, int(WARM * steps))
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


def _state_of(
    codings: Sequence[Path], without: Sequence[int], folder: Path, items: Sequence[str] | None
) -> str:
    """What rows depend on, in one word: codings, folds, items, tokenizer, and all that reads."""
    told = sha256(repr((sorted(without), items)).encode())
    ours = Path(extractors.__file__).parent
    reading = (path for path in ours.rglob("*") if path.suffix in (".py", ".toml"))
    for path in (*codings, folder / "tokenizer.json", Path(__file__), *sorted(reading)):
        told.update(path.read_bytes())
    return told.hexdigest()[:12]


def read_rows(
    codings: Sequence[Path],
    without: Sequence[int],
    folder: Path,
    cache: Path,
    items: list[str] | None = None,
) -> tuple[list[Row], list[str]]:
    """The rows of all passages but those of some folds, and the frequent items (those of weights
    that are gone on from, where given); kept for again."""
    kept = cache / f"rows-{_state_of(codings, without, folder, items)}.pickle"
    if kept.exists():
        with kept.open("rb") as file:
            found: tuple[list[Row], list[str]] = pickle.load(file)
        return found
    some = [p for path in codings for p in passages(path, without=without)]
    items = items or frequent_items(some)
    rows = rows_of(list(examples(some, tokenizer_of(folder), items)))
    rows = [r for r in rows if r["is_coded"].any()]
    cache.mkdir(parents=True, exist_ok=True)
    with kept.open("wb") as file:
        pickle.dump((rows, items), file)
    return rows, items


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--encoder",
        type=Path,
        default=PACKAGED,
        required=PACKAGED is None,
        help="folder of a BERT encoder",
    )
    parser.add_argument("--codings", type=Path, nargs="+", required=True, help="coded passages")
    parser.add_argument("--without", type=int, nargs="*", default=[], help="folds left out")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--hidden", type=float, default=HIDDEN, help="share without rules")
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--masked", type=float, default=0.0, help="share of tokens not seen")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--cache", type=Path, default=Path("training/.cache"))
    parser.add_argument("-o", "--output", type=Path, required=True, help="where the weights go")
    options = parser.parse_args(arguments)
    start = torch.load(options.start, weights_only=True) if options.start else {}
    rows, items = read_rows(
        options.codings, options.without, options.encoder, options.cache, start.get("items")
    )
    print(f"{len(rows)} windows, {sum(len(r['figures']) for r in rows)} figures", flush=True)
    torch.manual_seed(options.seed)
    torch.set_flush_denormal(True)  # a tenth of the time goes into numbers next to nothing
    net = Net(loaded(options.encoder), len(items), dropout=options.dropout)
    if start:
        net.load_state_dict(start["net"])
    part = options.output.with_suffix(".part")
    unseen = tokenizer_of(options.encoder).token_to_id("[MASK]")
    if unseen is None:
        parser.error(f"{options.encoder}: no BERT encoder: it has no [MASK]")
    masked = options.masked, unseen
    fit(net, rows, options.epochs, options.seed, part, options.hidden, masked)
    torch.save({"net": net.state_dict(), "items": items}, options.output)
    part.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

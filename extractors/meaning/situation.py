"""A figure where it stands: all that a reader of meaning is given of it."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.mentions.named import Named
from extractors.numbers.qualifiers import Qualified
from extractors.numbers.quantity import Quantity
from extractors.passage.context import Context
from extractors.passage.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Situation:
    """A quantity with its bounds and its name, in its paragraph, sentence and document."""

    ctx: Context
    block: int
    sentence: Sentence
    quantity: Quantity
    qualified: Qualified
    named: Named

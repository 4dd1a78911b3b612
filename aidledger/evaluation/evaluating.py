"""A reader scored on coded passages: those of the codebook, or a team's own decisions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aidledger.evaluation.scoring import Evaluation

Passage = dict[str, Any]
_FIGURE = (
    "start", "end", "dimension", "unit", "value", "low", "high", "qualifier", "item", "donor",
    "recipient", "party", "status", "basis", "date", "since", "same_as", "part_of",
)  # fmt: skip


def evaluate(
    codings: Path | str, *, reader: str = "built-in", figures: Path | str | None = None
) -> Evaluation:
    """Read the texts of coded passages and score what was read by what is coded.

    ``codings`` is a file of JSON lines in the codebook's form, such as
    :func:`aidledger.reviewing.export_codings` writes; ``figures`` one of figures that were read
    already (JSON lines, whose ``source_id`` is the passage's ``id``), which are scored instead.
    Raises LedgerError for a file that cannot be read, ValueError for no such reader.
    """
    from aidledger.evaluation.scoring import score

    passages = list(_lines(Path(codings), ("id", "text", "figures"), _FIGURE))
    if figures is None:
        read = {one["id"]: _read(one, reader) for one in passages}
    else:
        read = {one["id"]: [] for one in passages}
        for row in _lines(Path(figures), ("source_id", "start", "end"), ()):
            if row["source_id"] in read:
                read[row["source_id"]].append(row)
    return score((one["figures"], read[one["id"]]) for one in passages)


def _read(passage: Passage, reader: str) -> list[dict[str, Any]]:
    """The figures of a passage as this reader reads it."""
    from extractors.pipeline import extract
    from ledger.figure import to_record

    found = extract(
        passage["text"], published=passage.get("published"), title=passage.get("title"),
        url=passage.get("url"), source_id=passage["id"], reader=reader,
    )  # fmt: skip
    return [to_record(figure) for figure in found]


def _lines(path: Path, needed: tuple[str, ...], of_figure: tuple[str, ...]) -> Iterator[Passage]:
    """The objects of a file of JSON lines. Raises LedgerError naming the file and the line."""
    from ledger.errors import LedgerError

    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise LedgerError(f"{path}, line {number}: not an object")
                lacking = [name for name in needed if name not in row]
                for figure in row["figures"] if of_figure and not lacking else ():
                    lacking += [name for name in of_figure if name not in figure]
                if lacking:
                    raise LedgerError(f"{path}, line {number}: no {lacking[0]}")
                yield row
    except OSError as error:
        raise LedgerError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    except (ValueError, TypeError) as error:
        raise LedgerError(f"{path}: not JSON lines of coded passages: {error}") from error

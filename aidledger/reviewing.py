"""Review outside the ledger: a sheet to fill in goes out, decisions come back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aidledger.ledger import Ledger
    from aidledger.progress import Progress
    from ledger.review import Decision

KINDS = (".csv", ".xlsx")
LINKS = ("same_as", "part_of")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What :func:`import_review` did: how many decisions it made, and the rows that it refused, a
    line each."""

    decisions: int
    problems: tuple[str, ...]

    def _repr_html_(self) -> str:
        from ledger.html import html_table

        problems = {"refused": "; ".join(self.problems)} if self.problems else {}
        return html_table("Reviewed", {"decisions": self.decisions, **problems})


def export_review(ledger: Ledger, path: Path | str, *, progress: Progress | None = None) -> Path:
    """Write every figure with room to decide on it, as CSV or in the workbook of
    :func:`aidledger.reporting.report` (its sheet Review, with drop-downs).

    Raises ValueError for a file of another kind, OSError where it cannot be written.
    """
    from aidledger.output import Format, opened, write_frame
    from aidledger.reporting import last_change, report

    path = _checked(path)
    if path.suffix.lower() == ".xlsx":
        return report(ledger, path, as_of=last_change(ledger), progress=progress)
    with opened(path) as out:
        write_frame(ledger.review_sheet(), Format.csv, out)
    return path


def import_review(ledger: Ledger, path: Path | str, who: str) -> Reviewed:
    """Read a filled-in sheet back and store the decisions of ``who``.

    A row that makes no sense is refused, with its sheet, row and reason; the others count. Reading
    the same sheet again decides nothing. Raises ValueError for a file of another kind, LedgerError
    for one that cannot be read.
    """
    from aidledger.output import RISKY_QUOTED
    from ledger.review import read_sheet, sheet_of_csv
    from reports.review import Filled, read_review

    path = _checked(path)
    if path.suffix.lower() == ".xlsx":
        filled = read_review(path)
    else:
        rows = sheet_of_csv(path).replace(RISKY_QUOTED, "", regex=True)
        filled = Filled(rows, tuple(f"row {number}" for number in range(2, len(rows) + 2)))
    before = ledger.review_sheet()
    made, problems = read_sheet(filled.rows, before, filled.place)
    known, ids = set(before["figure_id"]), list(filled.rows.get("figure_id", ()))
    lost = {d.figure_id: link for d in made for link in _links(d) if link not in known}
    for figure_id, link in lost.items():
        problems.append(f"{filled.place(ids.index(figure_id) + 2)}: no figure {link!r}")
    stored = ledger.review((d for d in made if d.figure_id not in lost), who)
    return Reviewed(stored, tuple(f"{path}: {problem}" for problem in problems))


def _checked(path: Path | str) -> Path:
    path = Path(path)
    if path.suffix.lower() not in KINDS:
        raise ValueError(f"{path}: a review sheet is a {' or '.join(KINDS)} file")
    return path


def _links(decision: Decision) -> Iterator[str]:
    """The figures that a correction points to."""
    return (link for name in LINKS if (link := decision.changes.get(name)) is not None)

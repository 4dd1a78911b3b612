"""Review outside the ledger: a sheet to fill in goes out, decisions come back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aidledger.ledger import Ledger
    from aidledger.progress import Progress
    from ledger.review.filled import Prefer, Reviewed

KINDS = (".csv", ".xlsx")


def export_review(
    ledger: Ledger,
    path: Path | str,
    *,
    audit: int | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write every figure with room to decide on it as CSV, or the review queue, with drop-downs, in
    the workbook of :func:`aidledger.reporting.report`; of an ``audit``, by its number, the drawn
    figures alone.

    Raises ValueError for a file of another kind, OSError where it cannot be written.
    """
    from aidledger.output import Format, opened, write_frame
    from aidledger.reporting import last_change, report

    path = _checked(path)
    if path.suffix.lower() == ".xlsx":
        changed = last_change(ledger)
        return report(ledger, path, changed=changed, audit=audit, view="all", progress=progress)
    if audit is not None:
        with opened(path) as out:
            write_frame(ledger.audit_sheet(audit), Format.csv, out)
        return path
    with opened(path) as out, ledger.snapshot() as now:
        write_frame(now.review_sheet, Format.csv, out)
    return path


def import_review(
    ledger: Ledger, path: Path | str, who: str, *, prefer: Prefer | None = None
) -> Reviewed:
    """Read a filled-in sheet back and store the decisions of ``who``.

    A row that makes no sense is refused, with its sheet, row and reason; the others count. A row
    that nobody changed decides nothing; one that was changed while its figure was decided on
    elsewhere is a conflict: ``prefer="ours"`` takes the sheet, ``"theirs"`` keeps what the ledger
    has, None does neither. Raises ValueError for a file of another kind, LedgerError for one that
    cannot be read.
    """
    from aidledger.sheets.sheetfile import rows_of_file

    path = _checked(path)
    done = ledger.read_review(rows_of_file(path), who, prefer=prefer)
    return replace(
        done,
        problems=tuple(f"{path}: {problem}" for problem in done.problems),
        conflicts=tuple(replace(c, place=f"{path}: {c.place}") for c in done.conflicts),
    )


def export_codings(ledger: Ledger, path: Path | str) -> int:
    """Write what was decided as coded passages, a JSON object a line, and say how many there are;
    see :mod:`ledger.review.codings`.

    They can be scored (:func:`aidledger.evaluation.evaluating.evaluate`) and fitted on. Raises
    ValueError for a file of another kind, OSError where it cannot be written.
    """
    import json

    from aidledger.output import opened
    from ledger.review.codings import NEEDS, coded_passages

    path = Path(path)
    if path.suffix.lower() != ".jsonl":
        raise ValueError(f"{path}: coded passages are a .jsonl file")
    number = 0
    with opened(path) as out, ledger.snapshot() as now:
        figures = now.figures.frame(NEEDS)
        decided = set(figures.loc[figures["review"].notna(), "source_id"])
        by_source = dict(iter(figures.groupby("source_id", sort=False)))
        for source in now.documents():
            if source.source_id in decided:
                for passage in coded_passages(source, by_source[source.source_id]):
                    out.write(json.dumps(passage, ensure_ascii=False) + "\n")
                    number += 1
    return number


def _checked(path: Path | str) -> Path:
    path = Path(path)
    if path.suffix.lower() not in KINDS:
        raise ValueError(f"{path}: a review sheet is a {' or '.join(KINDS)} file")
    return path

"""What this program writes is no document: read as one, it would count again, or supersede."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pandas as pd
import pytest

import aidledger as al
from aidledger.commands.asking import FINDING
from aidledger.engines import chunks, partitions
from aidledger.engines.partitions import Stretch, partitions_of
from command import ok, run
from extractors.readers.formats import contents, own
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.problem import Problem
from ledger.positions.check import FINDING_DTYPES

INBOX = Path(__file__).parent.parent / "examples" / "inbox"
ASKED = ("figures", "facts", "totals", "reconcile", "position", "parts", "suggestions")
MORE = (  # parts of a whole, and what may be one fact
    "On 3 May 2023 Russia lost 9 tanks, of which 5 were destroyed, 1 was damaged, 3 captured.",
    "On 3 May 2023 Poland sent 14 tanks to Ukraine.",
    "On 9 May 2023 Poland sent 14 tanks to Ukraine.",
)
ARTICLE = "The US will send $625 million in military aid and four HIMARS to Ukraine.\n"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that the command writes."""
    folder = tmp_path_factory.mktemp("written")
    apart = tmp_path_factory.mktemp("apart")
    book, more = apart / "a.db", apart / "more.jsonl"
    more.write_text("".join(json.dumps({"text": text}) + "\n" for text in MORE))
    run("add", INBOX, more, "--ledger", book)
    for verb in ASKED:
        for ending in ("csv", "jsonl"):
            run(verb, "--ledger", book, "-o", folder / f"{verb}.{ending}")
        (folder / f"{verb}.txt").write_text(ok(verb, "--ledger", book))
    figure = json.loads((folder / "figures.jsonl").read_text().splitlines()[0])["figure_id"]
    for verb, asked in (("history", figure), ("compare", book)):
        for form in ("csv", "jsonl", "table"):
            name = f"{verb}.{'txt' if form == 'table' else form}"
            (folder / name).write_text(ok(verb, asked, "--ledger", book, "--format", form))
    for name in ("extract.jsonl", "extract.csv"):
        run("extract", INBOX, "-o", folder / name)
    (folder / "extract.txt").write_text(run("extract", INBOX).stdout)
    (folder / "extract.md").write_text(run("extract", INBOX, "--format", "csv").stdout)
    ok("report", "--ledger", book, "-o", folder / "report.xlsx")
    ok("page", "--ledger", book, "-o", folder / "page.html")
    ok("chart", "--ledger", book, "-o", folder / "chart.pdf")
    for ending in ("xlsx", "csv"):
        ok("review", "export", "--ledger", book, "-o", folder / f"review.{ending}")
    with al.Ledger(book) as ledger:
        ledger.figures().to_parquet(folder / "figures.parquet")
        ledger.facts().to_parquet(folder / "facts.parquet")
    return folder


def archived(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"out/{path.name}")
    return packed.getvalue()


def refusals(found: Iterator[Content | Problem]) -> list[Problem]:
    problems = []
    for each in found:
        assert isinstance(each, Problem), each
        problems.append(each)
    return problems


def test_everything_that_is_written_is_refused_in_a_line(written: Path) -> None:
    paths = sorted(written.iterdir())
    assert len(paths) > 25
    done = run("extract", written, "--format", "jsonl")
    assert (done.returncode, done.stdout) == (1, "")
    assert [line.split(": ")[1] for line in done.problems] == list(map(str, paths))
    assert all("an output of aidledger (" in line for line in done.problems)


def test_and_so_it_is_in_an_archive(written: Path) -> None:
    inner = archived(written)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inner.zip", inner)
    problems = refusals(contents(".zip", packed, ReadOptions()))
    assert len(problems) == len(list(written.iterdir()))
    assert all("an output of aidledger" in problem.cause for problem in problems)


def test_and_so_it_is_in_a_mail(written: Path) -> None:
    mail = EmailMessage()
    mail["Subject"] = "The figures"
    mail.set_content("As you asked.")
    for name in ("figures.jsonl", "facts.csv", "review.xlsx", "page.html"):
        mail.add_attachment(
            (written / name).read_bytes(),
            maintype="application", subtype="octet-stream", filename=name,
        )  # fmt: skip
    found = list(contents(".eml", io.BytesIO(mail.as_bytes()), ReadOptions()))
    assert [type(each) for each in found] == [Content, *[Problem] * 4]


def test_and_so_are_findings_which_not_every_ledger_has() -> None:
    assert own.is_own(",".join(FINDING_DTYPES))
    assert own.is_own(json.dumps(dict.fromkeys(FINDING_DTYPES)))
    assert own.is_own("  ".join(FINDING))
    assert not own.is_own("kind  donor  item  date  reason")


@pytest.mark.parametrize("name", ["extract.jsonl", "extract.txt", "extract.csv", "totals.jsonl"])
def test_and_so_it_is_on_standard_input(name: str, written: Path) -> None:
    done = run("extract", "-", "--format", "jsonl", given=(written / name).read_bytes())
    assert done.stdout == ""
    assert done.problems[0].startswith("aidledger: standard input: an output of aidledger")


def test_nothing_stored_is_lost_to_it(tmp_path: Path) -> None:
    book, inbox = tmp_path / "a.db", tmp_path / "in"
    inbox.mkdir()
    (inbox / "a.txt").write_text(ARTICLE)
    assert ok("add", inbox, "--ledger", book) == "1 document (1 new), 2 figures\n"
    run("extract", inbox, "-o", inbox / "figures.jsonl")
    done = run("add", inbox, "--ledger", book)
    assert done.stdout == "1 document (1 unchanged), 2 figures\n"
    path = inbox / "figures.jsonl"
    cause = "an output of aidledger (figures or sums), not documents"
    assert done.problems == [f"aidledger: {path}: {cause}"]
    closing = f"1 skipped (1 an output of aidledger): {path}"
    assert closing in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_large_file_of_it_is_one_line(
    jobs: str, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "SIZE", 2000)
    done = run("extract", written / "extract.jsonl", "--format", "jsonl", "--jobs", jobs)
    assert (done.stdout, len(done.problems)) == ("", 1)


def never(problem: Problem) -> None:
    pytest.fail(str(problem))


def test_a_cluster_does_not_cut_it(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "SIZE", 2000)
    path = written / "extract.jsonl"
    [only] = partitions_of([str(path)], never)
    assert only.stretches == (Stretch(f"file://{path}", path.stat().st_size),)
    other = tmp_path / "a.jsonl"
    other.write_text('{"text": "Four tanks."}\n' * 400)
    assert len(list(partitions_of([str(other)], never))) > 4


def test_lines_among_documents_are_told_together(written: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    document = json.dumps({"text": ARTICLE}) + "\n"
    rows = (written / "extract.jsonl").read_text(encoding="utf-8")
    path.write_text(document + rows + document, encoding="utf-8")
    done = run("extract", path, "--format", "jsonl")
    assert len(done.stdout.splitlines()) == 4
    more = f"{len(rows.splitlines()) - 1:,}"
    assert done.problems == [
        f"aidledger: {path}: line 2: an output of aidledger (figures or sums), not documents (and "
        f"{more} more lines like it)"
    ]


def test_a_workbook_of_both_is_read_for_the_texts(written: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.read_csv(written / "figures.csv").to_excel(book, sheet_name="Figures", index=False)
        pd.DataFrame({"text": [ARTICLE]}).to_excel(book, sheet_name="Texts", index=False)
    done = run("extract", path, "--format", "jsonl")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 2)
    assert "sheet Figures: an output of aidledger" in done.problems[0]


def test_columns_that_are_asked_for_by_name_are_read(written: Path) -> None:
    for name in ("figures.csv", "figures.jsonl", "figures.parquet"):
        done = run("extract", written / name, "--columns", "text=sentence", "--format", "jsonl")
        assert (done.returncode, bool(done.stdout)) == (0, True)


@pytest.mark.parametrize(
    "text",
    [
        ARTICLE,
        '{"text": "Four tanks.", "id": "figure_id"}',
        '{"text": "figure_id, fact_id"',
        "Figure 1: quantity and status of the fleet",
        "figure, quantity and status",
        "{",
        "[1]",
        "",
        "{" * 5000,
    ],
)
def test_what_it_did_not_write_is_not_taken_for_it(text: str) -> None:
    assert not own.is_own(text)

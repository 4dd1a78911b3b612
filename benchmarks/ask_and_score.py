"""Write, read and score in one go: how a language model reads coded passages.

usage: python benchmarks/ask_and_score.py PASSAGES.jsonl --score SCORE.py --model NAME
                                          [--base-url URL] [--fold N] [--limit N] [-o FOLDER]

PASSAGES.jsonl holds coded texts (id, published, title, url, text, figures [, fold]); SCORE.py
compares a file of figures with it. Requests go to the endpoint, answers are kept in FOLDER (by
default ask_and_score/), so that a run that is done again asks nothing; the score is printed beside
that of the built-in reader, with how many fields of the answers were not taken, and why. With
--answers FILE those answers (OpenAI's batch format, as `aidledger ask read` takes them) are scored
and nothing is asked.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import aidledger as al
from aidledger.consulting import read_answers
from aidledger.extracting import extract_files

SHOWN = ("id", "published", "title", "url", "text")  # of a coded text, what is read of it


def main() -> None:
    """Ask, read, score, and print."""
    options = _options()
    folder = Path(options.output)
    folder.mkdir(parents=True, exist_ok=True)
    coded = _passages(Path(options.passages), options.fold, options.limit)
    kept, documents = folder / "coded.jsonl", folder / "documents.jsonl"
    _write(kept, coded)
    shown = ({name: one[name] for name in SHOWN if one.get(name)} for one in coded)
    _write(documents, list(shown))
    cache = str(folder / "answers.db")
    if options.answers:
        reader, _ = read_answers(options.answers, model=options.model, cache=cache, tell=_tell)
    else:
        reader = al.LLMReader(options.model, options.base_url, cache=cache)
    for name, by in (("model", reader), ("built-in", "built-in")):
        figures = folder / f"{name}.jsonl"
        extract_files([documents], figures, reader=by, tell=_tell)
        print(f"== {reader.name if name == 'model' else name}", flush=True)
        subprocess.run([sys.executable, options.score, str(kept), str(figures)], check=True)
    _print_refused(folder / "model.jsonl")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("passages", metavar="PASSAGES.jsonl")
    parser.add_argument("--score", required=True, metavar="SCORE.py")
    parser.add_argument("--model", required=True)
    parser.add_argument("--base-url")
    parser.add_argument("--answers", metavar="FILE")
    parser.add_argument("--fold", type=int)
    parser.add_argument("--limit", type=int)
    parser.add_argument("-o", "--output", default="ask_and_score", metavar="FOLDER")
    return parser.parse_args()


def _passages(path: Path, fold: int | None, limit: int | None) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines if line.strip()]
    return [one for one in found if fold is None or one.get("fold") == fold][:limit]


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _print_refused(path: Path) -> None:
    """How many fields of the answers were not taken, by reason."""
    with path.open(encoding="utf-8") as lines:
        figures = [json.loads(line) for line in lines]
    kept = [one["other"].get("kept", {}) for one in figures]
    reasons = Counter(
        f"{name}: {why.partition(chr(39))[0]}" for one in kept for name, why in one.items()
    )
    print(f"{sum(map(bool, kept))} of {len(figures)} figures with fields that were not taken")
    for reason, times in reasons.most_common():
        print(f"  {times:5} {reason}")


def _tell(problem: al.Problem) -> None:
    print(problem, file=sys.stderr)


if __name__ == "__main__":
    main()

"""What every Python adapter shares: texts in, findings and their cost out.

An adapter is a program of its own, run in the virtual environment of the extractor that it adapts.
On standard input it reads one JSON object a line (``text``; perhaps ``published`` and ``title``)
and answers each with one line: ``seconds`` of processor time, ``peak`` memory in kilobytes, the
``count`` of findings, the number of ``errors`` (calls that raised) and, with ``--findings``,
``found``. Its first line tells ``load`` seconds and ``versions``.

Only the extractor's own work is timed: splitting into sentences comes before the clock starts, the
description of what was found after it stops.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

Finding = dict[str, Any]
WARM_UP = (
    "The mayor said on May 4 that 20 percent of the $3.5 million had paid for two 40 km roads."
)
SENTENCE = re.compile(r"(?:[^.!?\n]|[.!?](?!\s)|\n(?!\s*\n))+[.!?]*")


class Adapter:
    """One extractor behind four verbs; a subclass says how its library spells them."""

    packages: Sequence[str] = ()

    def load(self) -> None:
        """Import the library and build whatever it keeps; timed once, apart."""
        raise NotImplementedError

    def find(self, text: str, context: dict[str, Any]) -> Any:
        """Everything the extractor finds in ``text``, in its own objects; this is what is timed."""
        raise NotImplementedError

    def describe(self, found: Any, text: str) -> list[Finding]:
        """The findings as JSON-ready mappings, ``start`` and ``end`` as offsets in ``text``."""
        raise NotImplementedError

    def helpers(self) -> tuple[float, int]:
        """Processor seconds so far and peak kilobytes of the processes that the adapter started."""
        return 0.0, 0


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """(offset, sentence): cut at full stops before white space and at empty lines."""
    for match in SENTENCE.finditer(text):
        sentence = match.group()
        stripped = sentence.strip()
        if stripped:
            yield match.start() + sentence.index(stripped), stripped


def peak_kilobytes() -> int:
    """The most memory this process has held, in kilobytes.

    ``getrusage`` also remembers what the parent held before it started this program, so the
    kernel's own mark is read where there is one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        mark = re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="utf-8"))
        if mark:
            return int(mark.group(1))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


def serve(adapter: Adapter) -> None:
    """Answer every line of standard input until it ends or the budget is spent."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--feed", choices=["documents", "sentences"], required=True)
    parser.add_argument("--budget", type=float, default=float("inf"), help="processor seconds")
    parser.add_argument("--findings", action="store_true", help="print what was found as well")
    options = parser.parse_args()

    started = _clock(adapter)
    adapter.load()
    adapter.find(WARM_UP, {})
    versions = {name: version(name) for name in adapter.packages}
    _print({"load": _clock(adapter) - started, "versions": versions})

    spent = 0.0
    for line in sys.stdin:
        if spent >= options.budget:
            break
        request = json.loads(line)
        answer = _answer(adapter, request, options.feed, options.findings)
        spent += answer["seconds"]
        _print(answer)


def _answer(adapter: Adapter, request: dict[str, Any], feed: str, full: bool) -> dict[str, Any]:
    text = request["text"]
    pieces = list(sentences(text)) if feed == "sentences" else [(0, text)]
    started = _clock(adapter)
    results = [_attempt(adapter, piece, request) for _, piece in pieces]
    seconds = _clock(adapter) - started
    peak = peak_kilobytes() + adapter.helpers()[1]
    found = [
        _moved(finding, offset)
        for (offset, piece), result in zip(pieces, results, strict=True)
        if not isinstance(result, Exception)
        for finding in adapter.describe(result, piece)
    ]
    errors = sum(isinstance(result, Exception) for result in results)
    answer = {"seconds": seconds, "peak": peak, "count": len(found), "errors": errors}
    return {**answer, "found": found} if full else answer


def _attempt(adapter: Adapter, piece: str, request: dict[str, Any]) -> Any:
    """What was found, or the exception: a peer that raises on one text is counted, not ended."""
    try:
        return adapter.find(piece, request)
    except Exception as error:
        return error


def _moved(finding: Finding, offset: int) -> Finding:
    ends = {end: finding[end] + offset for end in ("start", "end") if finding.get(end) is not None}
    return {**finding, **ends}


def _clock(adapter: Adapter) -> float:
    return time.process_time() + adapter.helpers()[0]


def _print(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)

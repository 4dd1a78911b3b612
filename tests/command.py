"""The command, run in this process: what it said, and its exit status."""

from __future__ import annotations

import io
import json
import re
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aidledger.cli import main

# The line at the end that counts what a run has read, and what its documents lack, or what was
# asked for, where nothing is to be said of it.
CLOSING = re.compile(
    r"aidledger: (read [\d,]+|[\d,]+ (documents?|skipped|left out|facts? (is|are) asked for,)) "
)


@dataclass(frozen=True)
class Done:
    """What a run of the command left behind."""

    returncode: int
    stdout: str
    stderr: str

    @property
    def problems(self) -> list[str]:
        """What was in the way: the lines on standard error without the closing one."""
        return [line for line in self.stderr.splitlines() if not CLOSING.match(line)]


def run(*arguments: str | Path, given: str | bytes = b"") -> Done:
    """The command with these arguments and this standard input."""
    data = given.encode() if isinstance(given, str) else given
    streams = {
        name: io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="")
        for name, content in (("stdin", data), ("stdout", b""), ("stderr", b""))
    }
    with ExitStack() as patched:
        for name, stream in streams.items():
            patched.enter_context(patch.object(sys, name, stream))
        try:
            main([str(argument) for argument in arguments])
            status: Any = 0
        except SystemExit as leaving:
            status = leaving.code or 0
    out, err = (_said(streams[name]) for name in ("stdout", "stderr"))
    assert "Traceback" not in err
    return Done(status, out, err)


def ok(*arguments: str | Path, given: str | bytes = b"") -> str:
    """What the command writes when all goes well and nothing needs to be said beside it."""
    done = run(*arguments, given=given)
    assert (done.returncode, done.problems) == (0, [])
    return done.stdout


def records(text: str) -> list[dict[str, Any]]:
    """JSON lines as records."""
    return [json.loads(line) for line in text.splitlines()]


def _said(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()

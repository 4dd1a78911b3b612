"""The vocabulary: TOML files, each of which opens with a comment on its own form.

In: the name of a file. Out: what it holds, parsed once a process.

Without asking: every word and example in the files; their examples are tests. The form of a file is
its readers' too: who changes it runs the whole suite.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """The catalogue file of that name (without its ending), parsed once a process."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))

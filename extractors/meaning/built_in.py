"""The reader of meaning that reads unless another is asked: its name, which costs nothing to know.

Nothing of any reader is loaded here: neither rules nor weights. Its name is that of the weights
that come with the package, in the file beside them.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

BUILT_IN = "built-in"  # what a user calls it, whichever it is

WEIGHTS = Path(__file__).parents[1] / "scorer"  # the folder of the weights that come with it


@cache
def built_in_name() -> str:
    """What the record's ``reader`` says of figures that the built-in reader has read."""
    name: str = json.loads((WEIGHTS / "config.json").read_text("utf-8"))["name"]
    return name

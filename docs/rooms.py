"""Writes rooms.md: every module of the code with the first sentence of its docstring.

usage: python docs/rooms.py

The docstrings are the one home of what it says; a test holds that it is up to date.
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = Path(__file__).with_suffix(".md")
HOUSES = ("extractors", "ledger", "reports", "aidledger")
TOP = "# The rooms and what stands in them\n\nMade of the docstrings by `python docs/rooms.py`.\n"


def page() -> str:
    """The page: a heading for each room, a line for each of its modules."""
    rooms = (path.parent for house in HOUSES for path in (ROOT / house).rglob("__init__.py"))
    return TOP + "".join(map(_room, sorted(rooms)))


def _room(room: Path) -> str:
    modules = sorted(path for path in room.glob("*.py") if not path.stem.startswith("__"))
    lines = "".join(f"- `{path.stem}`: {_purpose(path)}\n" for path in modules)
    return f"\n## `{room.relative_to(ROOT)}/`\n\n{_purpose(room / '__init__.py')}\n\n{lines}"


def _purpose(path: Path) -> str:
    """The first paragraph of a module's docstring, on one line."""
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(said.partition("\n\n")[0].split())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

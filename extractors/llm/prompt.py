"""What a language model is told (``codebook.toml``), and the form in which it answers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from ledger.figure import AID_TYPES, BASES, LINKS, STATUSES

CODED = (
    "item", "aid", "donor", "recipient", "party", "status", "basis", "date", "since", "same_as",
    "part_of",
)  # fmt: skip
CODES = {"aid": AID_TYPES, "status": STATUSES, "basis": BASES}  # the codes of a field
WORDED = ("item", "donor", "recipient", "party", "status", "basis", "date", "since")


@cache
def told() -> dict[str, Any]:
    """What ``codebook.toml`` holds."""
    return tomllib.loads(files(__package__).joinpath("codebook.toml").read_text(encoding="utf-8"))


@cache
def system() -> str:
    """What every request begins with: the task, the codebook and the examples."""
    codebook = told()
    rules = "\n".join(f"{rule['field']}: {rule['text'].strip()}" for rule in codebook["rule"])
    examples = "\n\n".join(
        f"Example {number}\n{example['asked']}\nAnswer:\n{example['answer'].strip()}"
        for number, example in enumerate(_examples(), 1)
    )
    return f"{codebook['task'].strip()}\n\nThe codebook\n{rules}\n\n{examples}"


def shown(
    title: str,
    publisher: str,
    published: str,
    before: str,
    text: str,
    figures: Iterable[tuple[int, str]],
) -> str:
    """A window as it is shown: what frames it, the text with its marks, the figures to code."""
    frame = {
        "Title": title, "Publisher": publisher, "Published": published or "unknown",
        "Before": before,
    }  # fmt: skip
    head = "".join(f"{name}: {value}\n" for name, value in frame.items() if value)
    listed = "\n".join(f"{mark}: {read}" for mark, read in figures)
    return f"{head}Text:\n{text}\nFigures:\n{listed}"


def _examples() -> list[dict[str, str]]:
    """The worked examples, each as it is asked and as it is answered."""
    return [
        {
            "asked": shown(
                one.get("title", ""), one.get("publisher", ""), one["published"], "", one["text"],
                [(k, read) for k, read in enumerate(one["read"], 1)],
            ),
            "answer": one["answer"],
        }
        for one in told()["example"]
    ]  # fmt: skip


@cache
def schema() -> dict[str, Any]:
    """The JSON schema of an answer, in the form that servers take as strict: no key is left out."""
    fields = _fields()
    figure = {"n": {"type": "integer"}, "figure": {"type": "boolean"}, **fields}
    missed = {"number": {"type": "string"}, **fields}
    return _object(
        {
            "figures": {"type": "array", "items": _object(figure)},
            "missed": {"type": "array", "items": _object(missed)},
        }
    )


def _fields() -> dict[str, Any]:
    words = _object({name: _or_null("string") for name in WORDED})
    out = {
        name: {"type": ["string", "null"], "enum": [*CODES[name], None]}
        if name in CODES
        else _or_null("integer" if name in LINKS else "string")
        for name in CODED
    }
    return {**out, "words": words}


def _or_null(kind: str) -> dict[str, Any]:
    return {"type": [kind, "null"]}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }

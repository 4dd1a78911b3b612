"""What stood in the way of a document, as data: a batch goes on and says what it left out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What stood in the way of a path, in one line.

    ``lost`` says that something which should have been read was not; otherwise it is a remark.
    """

    path: str
    cause: str
    lost: bool = True

    def __str__(self) -> str:
        return f"{self.path}: {self.cause}"


class ReadError(ValueError):
    """A path that cannot be read; ``problem`` says which and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def one_line(text: str) -> str:
    """A name out of a file, fit to be shown: what would break or colour a line is replaced."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)

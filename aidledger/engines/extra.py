"""Libraries that are only there where aidledger was installed with an extra."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ledger.errors import LedgerError


def needed(module: str, what: str) -> Any:
    """A module of the extra ``scale``. Raises LedgerError saying how to install it."""
    try:
        return import_module(module)
    except ImportError as error:
        library = module.partition(".")[0]
        raise LedgerError(
            f"{what} needs {library}: install aidledger with its extra, aidledger[scale]"
        ) from error

"""What a ledger raises at its user: a clear line that names the place and the cause."""

from __future__ import annotations


class LedgerError(Exception):
    """Something the user can act on; ``str(error)`` is one line, fit to print as it is."""


class RefusedError(LedgerError):
    """One document that the ledger cannot take; it takes others all the same."""

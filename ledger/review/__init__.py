"""Review: what readers decide about figures, one at a time or by a sheet that comes back filled in.

In: decisions, or a filled-in sheet. Out: figures with the decisions applied, a sheet to decide in,
what a filled-in one decides beyond what the ledger holds. :mod:`review` has the rules.

Nothing without asking: a decision that somebody made is never lost or changed.
"""

"""The Excel workbook to hand on.

In: frames of figures, facts, totals and balances. Out: one file with a sheet for each, whose bytes
depend on its contents alone. :mod:`workbook` is the door.

Without asking: ``columns.toml``, which says of every column what it is and how it looks.
"""

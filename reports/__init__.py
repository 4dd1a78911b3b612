"""The ledger to read: a workbook, charts, a page.

In: frames that the ledger has calculated. Out: files. What can be calculated, ``ledger``
calculates. Shared by the three rooms: names of actors, titles, and files that are written whole or
not at all.
"""

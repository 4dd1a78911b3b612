"""An analyst's own tables: what a mapping says of them, and their cells as figures.

In: a table (CSV, Excel, JSON records, lines of text) and a mapping. Out: the table as a source,
with a figure for every cell that the mapping names.

Without asking: mappings in ``mappings/``, of which :mod:`mapping` describes the form.
"""

"""Tables whose rows are documents: csv, tsv, xlsx, JSON Lines, Parquet.

In: the bytes of a file, and which columns hold what. Out: a document a row.
"""

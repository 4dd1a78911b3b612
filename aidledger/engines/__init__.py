"""How many documents are read at once: in this process, in several, or on a cluster.

:mod:`intake` says how a document is taken in and what comes of it; :mod:`chunks` cuts a corpus into
pieces of work; :mod:`run` has them done here or in the processes of :mod:`pool`; :mod:`cluster` has
them done by Dask. :mod:`terms` chooses documents by words, :mod:`tally` counts, and :mod:`resume`
goes on with an interrupted run.
"""

"""Files and addresses to sources.

In: paths, addresses, standard input. Out: sources (clean text with title, day, publisher, address),
and a :class:`~extractors.readers.problem.Problem` for each that could not be read. :mod:`read` is
the door; no other room of ``extractors`` imports this one.

Without asking: the publishers' names of fields in :mod:`metadata`. What a host or a file can do to
the reader (:mod:`fetching`, limits in ``formats``) changes only with a test that does it.
"""

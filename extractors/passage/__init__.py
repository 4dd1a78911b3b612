"""A sentence in its document, with its numbers.

In: a source. Out: its sentences, each with quantities, items, actors, dates and cues; the frame of
the document (who speaks, of whom, since when); how far words stand from a figure; the phrases near
it.

Without asking: the words in ``catalogue/context.toml``, and ``[basis]`` in ``cues.toml``. The code
is measured on the whole development set.
"""

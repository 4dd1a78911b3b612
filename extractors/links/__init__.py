"""Figures of one text to each other.

In: the drafts of a document. Out: which state a fact again, which are parts of which whole, which
deltas a total takes in; and what parts and repeats take over from those.

Without asking: the words under ``[part_of]`` in ``catalogue/grammar.toml``. The code is measured on
the whole development set.
"""

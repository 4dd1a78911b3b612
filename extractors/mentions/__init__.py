"""What the catalogue finds in a sentence, each thing by itself.

In: the tokens of a sentence. Out: items of materiel and people, purposes of money, actors, dates,
and cues, the words that say what happens to a figure. None of them knows of a figure yet.

Without asking: the words in ``catalogue/`` (``materiel``, ``aid``, ``actors``, ``places``,
``calendar``, ``cues``). The code is measured on the whole development set.
"""

"""What a figure is of.

In: a quantity in its sentence, and what was named before. Out: its name: the thing that is counted,
measured or paid for, or the whole of which it is a share, with the catalogue's entry where it has
one.

Without asking: the words in ``catalogue/`` (``materiel``, ``aid``, ``nouns``). The code is measured
on the whole development set.
"""

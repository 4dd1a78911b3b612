"""The grammar of numbers and units, exact and alone.

In: the tokens of a sentence and the items found in it. Out: quantities: where each stands, its
number or bounds, its dimension and unit, how exact it is. No meaning, and no reader of meaning
writes here.

Without asking: the words in ``catalogue/`` (``numerals``, ``currencies``, ``measures``,
``designators``, ``qualifiers``), with their examples. A construction comes with its lines in
``tests/corpus/``.
"""

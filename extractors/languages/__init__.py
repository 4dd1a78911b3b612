"""The grammar of numbers of languages that are not English, one for all of them.

In: a paragraph, and a language that ``catalogue/languages/`` has a file for. Out: its sentences,
and their quantities with their qualifiers, as the English grammar gives them. No meaning.

Without asking: the words in ``catalogue/languages/``, with their examples. A construction comes
with its lines in ``tests/corpus/german.toml`` and its sisters.
"""

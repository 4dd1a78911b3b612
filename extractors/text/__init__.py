"""A text as a reader sees it.

In: a document's text. Out: paragraphs and sentences with the way back to the document, tokens, the
places where a number may stand, and the catalogue's words found among the tokens.

All that is read stands on this room: a change here is measured on the whole development set.
Without asking: the words in ``catalogue/numerals.toml``, ``grammar.toml`` and ``nouns.toml``.
"""

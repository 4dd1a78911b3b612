"""From a text to its figures.

In: a :class:`~ledger.figure.Source`, a document's text with its title, day and address. Out: its
:class:`~ledger.figure.Figure` records. :mod:`pipeline` puts the steps in order, :mod:`assemble`
makes the records, :mod:`explain` says what decided each field.

The rooms lie on floors, and imports run down only: ``catalogue`` (the vocabulary), ``text``,
``mentions``, ``numbers``, ``passage``, ``names``, ``meaning``, ``links``, ``rules``. A wing apart
is ``readers``: from files and addresses to sources.

Without asking: the words in ``catalogue/``. Whatever else changes what is found is measured on
whole documents before and after.
"""

"""The reader of meaning that goes by rules.

In: a document's figures in their sentences, with their names. Out: a draft for each, with status,
basis, donor, recipient, party, dates, and for each field the rule and the words that decided it.
:mod:`rule_reader` puts the steps in order.

Without asking: the words that rules ask, in ``catalogue/`` (``cues``, ``grammar``, ``context``). A
rule comes with its sentence in ``tests/corpus/``, and is measured on the whole development set:
what gains a sentence there and loses two elsewhere does not stay.
"""

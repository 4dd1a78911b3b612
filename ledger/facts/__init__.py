"""Which figures are one fact, and which facts are stages of one package.

In: figures as rows of numbers, facts. Out: a number for each fact, the stage before a stage. The
rule that it carries out stands in :mod:`ledger.dedupe`.

Without asking: how it is carried out, as long as the order of documents plays no part and the time
grows with the figures.
"""

"""The record, and what adds records up; it reads no prose.

In: sources with their figures. Out: frames of figures, facts (what many figures report, once),
totals with their bounds, balances, suggestions, review decisions. :mod:`ledger` is the door.
``store/`` speaks SQL, ``imports/`` takes an analyst's own tables; the rest calculates.

Without asking: the shipped mappings in ``imports/mappings/``. The record (:mod:`figure`) is what
every ledger on somebody's disk holds: a field more is an upgrade of the schema with its test.
"""

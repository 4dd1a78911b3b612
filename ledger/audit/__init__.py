"""Audit: a few figures and passages, drawn at random, say how wrong the totals are.

In: figures, facts and a question; later what a person has decided on the drawn ones. Out: which to
look at, each with its chance of being drawn; the totals with a band. ``docs/audit.md`` has the
formulas and where they come from.

Nothing without asking: the chances are drawn by before anybody looks, and are never changed after.
"""

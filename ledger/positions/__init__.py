"""What a ledger knows of every series, and what in it looks wrong.

In: a frame of facts. Out: positions (what was promised, what came, how many so far and on what
grounds) and findings (facts and totals that a reader should look at). Pure arithmetic; no SQL.
"""

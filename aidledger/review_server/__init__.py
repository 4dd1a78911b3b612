"""The review page: a small server on this machine that shows one entry of the queue at a time.

In: a ledger, the question that the totals answer, who decides. Out: decisions in the ledger, stored
at once. Nothing of it computes: the queue and the rules of review are ``ledger/review/``.

``web/`` may be changed without asking; what :mod:`guard` lets in, never.
"""

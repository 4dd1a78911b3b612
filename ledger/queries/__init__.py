"""What is asked of figures and facts: which values, which days, which view.

In: words of an analyst, codes already looked up. Out: which rows of a frame they mean. Every
function and verb that answers takes the same question (:class:`ledger.queries.asked.Asked`).

Without asking: nothing else in ``ledger/`` filters rows by what a user asked. Names of countries
and things are looked up in ``aidledger/names.py``; here are codes alone.
"""

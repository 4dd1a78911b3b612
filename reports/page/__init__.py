"""One page of HTML: every document with its figures marked, every sum with the facts behind it.

In: documents and frames. Out: one file that needs no network. ``web/`` holds its template, style
and script, which may be touched without asking.
"""

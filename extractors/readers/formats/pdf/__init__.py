"""Pdf: from characters at coordinates to paragraphs in reading order.

In: the bytes of a file. Out: its text, by runs (``pdf_runs``), lines (``pdf_lines``) and paragraphs
(``pdf_text``), with title and day from its metadata.
"""

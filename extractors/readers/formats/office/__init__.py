"""Word processors' files: docx, odt, rtf.

In: the bytes of a file. Out: paragraphs, lists, tables and notes as they follow each other.
"""

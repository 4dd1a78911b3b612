"""Files of running text: plain, Markdown, mails.

In: the bytes of a file. Out: its documents as clean text, with what they say about themselves.
"""

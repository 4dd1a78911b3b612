"""What the web is written in: pages and feeds.

In: the bytes of a page or feed. Out: the article without menus and related links, or an entry a
document, with title, publisher, address and day.
"""

"""Where a value that a field holds was found."""

from __future__ import annotations

from enum import Enum


class Origin(Enum):
    """Where a value was found; code asks this, and never the prose of an explanation."""

    NOBODY = 0  # nowhere: the field is null, or what it holds without a word
    WORDS = 1  # the words beside the figure
    LIST = 2  # the list it stands in: its introduction, its verb, the item before
    RECORD = 3  # the tracker's record that the document is
    EARLIER = 4  # a figure or a sentence before
    TITLE = 5
    PUBLISHER = 6
    PUBLISHED = 7  # the day of publication
    FRAME = 8  # whom title, publisher and first lines speak of
    PART = 9  # its whole, or what it takes in
    REPEAT = 10  # another statement of the same fact

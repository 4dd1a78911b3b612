"""What every reader of meaning shares.

In: a figure in its sentence. Out: the draft that a reader fills, and what all readers know: which
sides an actor can be on, who fights whom, what can happen to which things, who says a figure.

A reader answers through this room and knows nothing of who asks. Without asking:
``catalogue/speech.toml``. The code is measured on the whole development set.
"""

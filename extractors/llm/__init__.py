"""The reader that asks a language model of one's own: what is asked, what may be answered."""

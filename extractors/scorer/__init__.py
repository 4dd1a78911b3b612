"""Arrays in, odds out: the weights of the reader that learns, and what runs them. No sentence."""

"""The reader that learns: a document's figures as arrays, and the answers as choices."""

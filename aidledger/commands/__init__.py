"""The verbs of the command, by theme; each calls one function of the public API."""

"""A reader of meaning scored on coded passages."""

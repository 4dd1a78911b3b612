"""Sheets and tables that people keep, as files: read for what is filled in, coded or compared."""

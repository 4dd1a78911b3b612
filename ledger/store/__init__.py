"""A ledger in its database, SQLite or PostgreSQL: all that speaks SQL.

In: sources, figures, decisions, rates. Out: frames of what is stored; each step is one transaction,
whole or not at all. :mod:`schema` has the tables, :mod:`upgrade` brings an older ledger to them.

Nothing without asking: a change of the tables comes with an upgrade that keeps what is stored.
"""

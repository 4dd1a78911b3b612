"""What a browser of the database sees: ``sources``, ``figures``, ``facts``, ``totals_by_month``.

The sums are those of :func:`ledger.totals.totals` by month, donor, recipient and party, those of
money apart by item too, over the facts of aid and losses as they were last gathered.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from ledger.fact import FACT_COLUMNS
from ledger.figure import FIELDS
from ledger.queries.view import OF_STATUS, SHOWN

# What :func:`ledger.queries.view.view_of` says of a row of a table or a query ``f``.
_LOSSES, _PEOPLE = (
    ", ".join(f"'{status}'" for status, view in OF_STATUS.items() if view == wanted)
    for wanted in ("losses", "people")
)
_VIEW = f"""CASE WHEN f.donor IS NOT NULL OR f.recipient IS NOT NULL THEN 'aid'
        WHEN f.status IN ({_LOSSES}) THEN 'losses' WHEN f.status IN ({_PEOPLE}) THEN 'people'
        ELSE 'context' END"""

VIEWS = ("sources", "figures", "facts", "totals_by_month")


def _listed(alias: str, names: tuple[str, ...]) -> str:
    return ", ".join(f'{alias}."{name}"' for name in names)


_SOURCES = """
SELECT d.source_id, d.title, d.publisher, d.url, d.published, d.accessed, d.sha256, d.version,
       (SELECT count(*) FROM figure f WHERE f.document = d.id) AS figures
FROM document d WHERE d.current = 1
"""

_FIGURES = f"""
SELECT {_listed("f", (*FIELDS, "date_start", "date_end"))},
       d.title, d.publisher, d.url, d.published, {_VIEW} AS "view",
       (SELECT c.action FROM attachment a JOIN decision c ON c.id = a.decision
        WHERE a.figure_id = f.figure_id AND c.action IN ('accept', 'reject', 'correct')
          AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.source_id = c.source_id
            AND u.action = 'undo' AND u.changes = '{{"undoes": ' || c.id || '}}')
        ORDER BY c.id DESC LIMIT 1) AS review
FROM figure f JOIN document d ON d.id = f.document WHERE d.current = 1
"""

_FACTS = f'SELECT {_listed("f", FACT_COLUMNS)}, {_VIEW} AS "view" FROM fact f'

# What enters: :func:`ledger.totals.select`, :func:`ledger.totals.without_parts` and
# :func:`ledger.totals.book_cancelled` in SQL.
_TOTALS = f"""
WITH RECURSIVE told AS (
    SELECT f.* FROM fact f
    WHERE f.basis = 'delta' AND f.dimension NOT IN ('time', 'percent') AND {_VIEW} IN {SHOWN}
        AND coalesce(f.value, f.low, f.high) IS NOT NULL
), above(part, whole) AS (
    SELECT fact_id, part_of FROM told WHERE part_of IS NOT NULL
    UNION
    SELECT a.part, f.part_of FROM above a JOIN fact f ON f.fact_id = a.whole
    WHERE f.part_of IS NOT NULL
), held_by_whole AS (
    SELECT p.fact_id FROM above a
    JOIN told p ON p.fact_id = a.part
    JOIN told w ON w.fact_id = a.whole AND w.fact_id <> p.fact_id AND w.unit = p.unit
        AND coalesce(w.status, '') = coalesce(p.status, '')
), entered AS (
    SELECT told.*, CASE WHEN status = 'cancelled' THEN -1 ELSE 1 END AS sign FROM told
    WHERE fact_id NOT IN (SELECT fact_id FROM held_by_whole)
)
SELECT month, donor, recipient, party, item, status, unit,
       sum(low) AS low, sum(best) AS best,
       CASE WHEN sum(open_term) > 0 THEN NULL ELSE sum(high) END AS high,
       count(*) AS facts, sum(open_term) AS open_terms
FROM (
    SELECT substr(date_end, 1, 7) AS month, donor, recipient, party, item, unit,
           CASE WHEN sign < 0 THEN 'committed' ELSE status END AS status,
           CASE WHEN sign > 0 THEN coalesce(low, CASE WHEN high < 0 THEN high ELSE 0.0 END)
               ELSE 0.0 - coalesce(high, CASE WHEN low > 0 THEN low ELSE 0.0 END) END AS low,
           sign * coalesce(value, (low + high) / 2, low, high) AS best,
           CASE WHEN sign > 0 THEN high ELSE 0.0 - coalesce(low, 0.0) END AS high,
           CASE WHEN high IS NULL AND sign > 0 THEN 1 ELSE 0 END AS open_term
    FROM entered
) terms
GROUP BY month, donor, recipient, party, item, status, unit
"""


def drop(connection: Connection) -> None:
    """Takes the views away."""
    for name in VIEWS:
        connection.execute(text(f"DROP VIEW IF EXISTS {name}"))


def create(connection: Connection) -> None:
    """Makes the views anew."""
    drop(connection)
    queries = (_SOURCES, _FIGURES, _FACTS, _TOTALS)
    for name, query in zip(VIEWS, queries, strict=True):
        connection.execute(text(f"CREATE VIEW {name} AS {query}"))

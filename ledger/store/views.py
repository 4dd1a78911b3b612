"""What a browser of the database sees: ``sources``, ``figures``, ``facts``, ``totals_by_month``.

The sums are those of :func:`ledger.totals.totals` by month, donor, recipient, party, item, status
and unit, over the facts of aid and losses as they were last gathered; a part is left out where its
whole is added to the same sum.
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

_TOTALS = f"""
SELECT month, donor, recipient, party, item, status, unit,
       sum(low) AS low, sum(best) AS best,
       CASE WHEN sum(open_term) > 0 THEN NULL ELSE sum(high) END AS high,
       count(*) AS facts, sum(open_term) AS open_terms
FROM (
    SELECT substr(f.date_end, 1, 7) AS month, f.donor, f.recipient, f.party, f.item, f.unit,
           CASE WHEN f.status = 'cancelled' THEN 'committed' ELSE f.status END AS status,
           s.sign * coalesce(CASE WHEN s.sign > 0 THEN f.low ELSE f.high END, 0) AS low,
           s.sign * coalesce(f.value, (f.low + f.high) / 2, f.low, f.high) AS best,
           s.sign * CASE WHEN s.sign > 0 THEN f.high ELSE coalesce(f.low, 0) END AS high,
           CASE WHEN f.high IS NULL AND s.sign > 0 THEN 1 ELSE 0 END AS open_term
    FROM fact f
    JOIN (SELECT fact_id, CASE WHEN status = 'cancelled' THEN -1 ELSE 1 END AS sign FROM fact) s
      ON s.fact_id = f.fact_id
    LEFT JOIN fact w ON w.fact_id = f.part_of AND w.basis = f.basis AND w.unit = f.unit
        AND (w.status = f.status OR (w.status IS NULL AND f.status IS NULL))
        AND (f.dimension = 'money' OR w.item = f.item)
    WHERE f.basis = 'delta' AND f.dimension NOT IN ('time', 'percent') AND w.fact_id IS NULL
        AND {_VIEW} IN {SHOWN}
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

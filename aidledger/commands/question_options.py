"""The options that choose figures and facts: the same for every verb that asks or shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aidledger.commands.options import expanding, usage

if TYPE_CHECKING:
    from ledger.queries.asked import Asked

Where = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CONDITION",
        help="Only these: donor=Germany, 'value > 1000', 'status != requested', "
        "'donor in USA, GBR', 'item under artillery', 'sentence contains HIMARS'; may be repeated. "
        "An item stands for all below it in the item tree.",
    ),
]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="From this day, month or year on.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Until its last day.")]
AsOf = Annotated[
    str | None, typer.Option(metavar="DATE", help="As known then: published, and begun.")
]
View = Annotated[
    list[str] | None,
    typer.Option(
        metavar="[aid|losses|people|context|all]",
        help="What it is about; may be repeated. Totals, positions, reports, pages, charts and the "
        "queue show aid and losses unless asked.",
    ),
]


def _asked(
    *,
    where: Where = None,
    since: Since = None,
    until: Until = None,
    as_of: AsOf = None,
    view: View = None,
) -> Asked:
    from ledger.queries.asked import Asked, Filter

    asked = Asked(where=where, since=since, until=until, as_of=as_of, view=view)
    with usage():
        Filter.of(asked)  # what is no question is told before anything is opened
    return asked


asks = expanding("asked", _asked)
"""A verb with a parameter ``asked`` as one that has the options which say what is asked."""

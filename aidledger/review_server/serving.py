"""From a ledger to the address of its review page, on this machine and nowhere else."""

from __future__ import annotations

import gc
import secrets
import socket
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from aidledger.review_server.guard import LOOPBACK
from ledger.errors import LedgerError

if TYPE_CHECKING:
    from aidledger.ledger import Ledger
    from ledger.review.findings import Finding


def serve_review(
    ledger: Ledger,
    who: str,
    *,
    port: int = 0,
    findings: Iterable[Finding] = (),
    tell: Callable[[str], None] = print,
    **question: Any,
) -> None:
    """Serves the review page of a ledger until it is interrupted.

    It listens on the loopback address alone, at ``port`` or a free one, and ``tell`` hears the
    address, which holds a new token at every start: whoever has it decides as ``who``, or under a
    name given on the page. ``question`` is what :meth:`ledger.ledger.Ledger.review_queue` takes.
    Raises LedgerError for a ledger that may not be written, a bad question, and a port that is
    taken.
    """
    import uvicorn

    from aidledger.review_server.app import make_app
    from aidledger.review_server.desk import Desk
    from aidledger.review_server.guard import Guard

    if not who.strip():
        raise LedgerError("a decision needs the name of who decides")
    queue = ledger.review_queue(findings=findings, **question)
    gc.freeze()  # the queue stays as long as the server: looking through it for garbage costs 1 s
    taken = _socket(port)
    token = secrets.token_urlsafe(24)
    place = taken.getsockname()[1]
    app = make_app(Desk(ledger, queue), title=f"Review of {ledger.name}")
    guard = Guard(app, token=token, port=place, who=who.strip())
    config = uvicorn.Config(
        guard, log_config=None, access_log=False, server_header=False, date_header=False,
        proxy_headers=False, lifespan="off", ws="none",
    )  # fmt: skip
    tell(f"http://{LOOPBACK}:{place}/?token={token}")
    uvicorn.Server(config).run(sockets=[taken])


def _socket(port: int) -> socket.socket:
    """A socket that listens at the loopback address. Raises LedgerError where it is taken."""
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((LOOPBACK, port))
        taken.listen()  # whoever is told the address finds somebody there
    except (OSError, OverflowError) as error:
        taken.close()
        words = getattr(error, "strerror", None) or str(error)
        raise LedgerError(f"port {port}: {words.lower()}") from error
    return taken

"""The desk: the ledger and its queue between the people who decide, one step after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from ledger.errors import LedgerError
from ledger.review.filled import DecidedSinceError
from ledger.review.replies import joined
from ledger.review.review import CORRECTABLE, DISMISS, SKIP, UNDO, Decision

if TYPE_CHECKING:
    from aidledger.ledger import Ledger
    from aidledger.review_server.guard import Session
    from ledger.review.queue import Entry, Queue

DONE = {"accept": "accepted", "reject": "rejected", "correct": "corrected", "same": "joined",
        "part": "linked as a part", SKIP: "left for later", DISMISS: "left as it is"}  # fmt: skip
LINKS = {"same": "same_as", "part": "part_of"}
NEW, OLD = "new_", "old_"  # begin the names of a form's fields: what is said, and what was shown


class Desk:
    """One queue for all who review; each step sees what others have decided before it."""

    def __init__(self, ledger: Ledger, queue: Queue) -> None:
        self._ledger, self._queue, self._lock = ledger, queue, Lock()

    @contextmanager
    def at_work(self) -> Iterator[tuple[Ledger, Queue]]:
        """The ledger and the queue, as all decisions made up to now leave it, for one at a time."""
        with self._lock:
            self._ledger.follow(self._queue)
            yield self._ledger, self._queue

    def decide(self, session: Session, item: int, form: Mapping[str, str]) -> bool:
        """Stores what a form decides on an entry, and leaves in the session what came of it.

        False where nothing was stored: somebody else has decided since, or it makes no sense.
        """
        with self.at_work() as (ledger, queue):
            entry = queue.entry(item)
            try:
                made = [_joined(one, queue) for one in decisions_of(entry, form)]
                ids = {one.figure_id for one in made}
                seen = {entry.figure_id: int(form.get("seen", 0))} if entry.figure_id in ids else {}
                before = queue.stand()
                numbers = ledger.review(
                    made, session.who, seen=dict.fromkeys(ids, queue.last) | seen
                )
            except DecidedSinceError as error:
                session.told = (
                    f"{error.made.who} has decided on this meanwhile ({error.made.action}): "
                    "nothing was stored. Decide again if you see it otherwise."
                )
                return False
            except (LedgerError, ValueError) as error:
                session.told = f"Nothing was stored: {error}"
                return False
            ledger.follow(queue)
            session.steps.append([(one.figure_id, n) for one, n in zip(made, numbers, strict=True)])
            session.told = told(form["action"], made, queue.changes(before))
        return True

    def undo(self, session: Session) -> int | None:
        """Takes the last step of this session back; the entry that it was on, None for none."""
        with self.at_work() as (ledger, queue):
            if not session.steps:
                session.told = "Nothing to undo: nothing was decided on this page yet."
                return None
            step = session.steps.pop()
            made = [Decision(figure_id, UNDO, None, {"undoes": n}) for figure_id, n in step]
            before = queue.stand()
            try:
                ledger.review(made, session.who)
            except LedgerError as error:
                session.told = f"Nothing was undone: {error}"
                return None
            ledger.follow(queue)
            session.told = told("undo", made, queue.changes(before))
            entry = queue.of_figure(step[0][0])
            return None if entry is None else entry.item


def decisions_of(entry: Entry, form: Mapping[str, str]) -> list[Decision]:
    """What a form decides on an entry.

    ``action`` is accept, reject, correct, same, part, skip or dismiss; ``alike`` decides on what
    was read alike together; ``target`` is the figure that is linked to. Raises LedgerError for
    another action, and for a correction that changes nothing.
    """
    action, why = form.get("action", ""), form.get("why", "").strip() or None
    if action not in DONE:
        raise LedgerError(f"no action {action!r}")
    ids = [entry.figure_id, *(entry.alike if form.get("alike") else ())]
    if entry.finding is not None and action in (SKIP, DISMISS):
        return [Decision(entry.figure_id, action, why, {"finding": entry.finding.key})]
    if action in LINKS:
        target = form.get("target") or (entry.ids[1] if len(entry.ids) > 1 else "")
        if not target:
            raise LedgerError("choose the figure that it belongs to")
        return [Decision(entry.figure_id, "correct", why, {LINKS[action]: target})]
    if action == "correct":
        changes = changes_of(form)
        if not changes:
            raise LedgerError("a correction changes at least one field")
        return [Decision(one, action, why, changes) for one in ids]
    if action == DISMISS:
        raise LedgerError("a figure is accepted or rejected, not dismissed")
    return [Decision(one, action, why) for one in ids]


def _joined(decision: Decision, queue: Queue) -> Decision:
    """The decision as it must be made where its figure repeats another already; see
    :func:`ledger.review.replies.joined`. Raises LedgerError where the two are one."""
    target = decision.changes.get(LINKS["same"])
    if decision.action != "correct" or target is None:
        return decision
    made = joined(decision, queue.repeats([decision.figure_id, target]))
    if made is None:
        raise LedgerError("these two are one already")
    return made


def changes_of(form: Mapping[str, str]) -> dict[str, str | None]:
    """The fields that a form changes: a runner-up that was chosen, or what differs from what was
    shown."""
    name, chosen, value = form.get("choose", "").partition("=")
    if chosen:
        return {name: value or None}
    return {
        name: form[NEW + name].strip() or None
        for name in CORRECTABLE
        if NEW + name in form and form[NEW + name].strip() != form.get(OLD + name, "").strip()
    }


def told(action: str, made: list[Decision], changes: list[str]) -> str:
    """A step in a line: what was done, and what it changed."""
    many = f" {len(made)} figures" if len(made) > 1 else ""
    done = "Undone" if action == "undo" else DONE[action].capitalize()
    more = f" and {len(changes) - 2} more totals change" if len(changes) > 2 else ""
    return f"{done}{many}. {'; '.join(changes[:2]) or 'No total changes'}{more}."

"""An objection that must be weighed is a request too, so that it is answered in time (GDPR Art. 21(1), 12(3))."""

from __future__ import annotations

import datetime as dt

from seloste.catalogue.model import PERSON
from seloste.operations.actor import Actor
from seloste.operations.permissions.say import SaidReport, object_to
from seloste.operations.rights.model import REQUEST
from seloste.operations.rights.receive import put_request
from seloste.operations.rights.rows import read_requests, read_rows
from seloste.store.registers import RegisterStore
from seloste.store.work import Work


def object_and_ask(
    store: RegisterStore,
    person: int,
    purpose: str,
    *,
    asked: str,
    actor: Actor,
    now: dt.datetime,
    reason: str = "",
    channel: str | None = None,
    language: str | None = None,
    how: str = "",
    seen: str | None = None,
) -> SaidReport:
    """Object to a use; where somebody has to weigh it, a request waits for that, in the same transaction.

    Where one waits already, that one holds this objection as well. ``asked``: what is objected to and why, in words;
    ``how`` the person was known, if they were. Raises CannotSayError, NoSuchRowError, and ErasesError for what was not
    ``seen``.
    """

    def ask(work: Work) -> None:
        # Of two at once the second finds the request of the first.
        work.claim()
        ids = [row["id"] for row in read_rows(store, work.conn, REQUEST, PERSON, [person])]
        if any(each.open and each.right == "objection" for each in read_requests(store, work.conn, now, ids)):
            return
        values = {"right": "objection", "received_at": now, "channel": channel, "asked": asked, "language": language}
        put_request(store, work, person, values, how=how, told=True, actor=actor)

    return object_to(store, person, purpose, actor=actor, now=now, reason=reason, to_weigh=ask, seen=seen)

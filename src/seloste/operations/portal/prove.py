"""Somebody who was identified strongly opens their own page; their requests that wait for who they are go on."""

from __future__ import annotations

from datetime import datetime

from seloste.catalogue.model import PERSON
from seloste.operations.identification.errors import NobodyError
from seloste.operations.identification.flow import Proven
from seloste.operations.identification.person import person_of
from seloste.operations.portal.me import ACCOUNT, myself
from seloste.operations.portal.requests import STRONG, asked_of, own_requests
from seloste.operations.portal.signing import Opened
from seloste.operations.rights.identify import identify
from seloste.operations.rights.model import Request
from seloste.store import journal, portal
from seloste.store.portal import OwnSession
from seloste.store.registers import Registers


def open_proven(registers: Registers, proven: Proven, *, old: str | None, now: datetime) -> Opened:
    """Begin a session of whoever was identified, ending the ``old`` one of this browser. Raises NobodyError."""
    register = proven.trip.register
    store = registers.open(register)
    person = person_of(store, proven, now=now)
    if person is None:
        raise NobodyError
    session = OwnSession(register, (person,), person, strong=True)
    with registers.deployment.transaction() as conn:
        token = portal.begin(conn, session, now)
        if old is not None:
            portal.leave(conn, old)
    with store.database.transaction() as conn:
        journal.append(conn, journal.Entry(now, ACCOUNT, "", "own_open", PERSON, (person,), note="strong"))
    for each in own_requests(store, person, now=now).open:
        if _waits_for_who(each):
            identify(store, each.id, STRONG, actor=myself(person), now=now)
    return Opened(token, session)


def _waits_for_who(request: Request) -> bool:
    """Whether it is not known yet who asks; a request that waits for something else goes on waiting."""
    return asked_of(request) == "asked_identity" if request.waiting else not request.identified

"""Somebody who was identified strongly opens their own page.

A request in their name that waits for who they are is not theirs by that: anybody can send one, and its message leads
here. It goes on when they say on their page that it is theirs (``requests.mine_own``).
"""

from __future__ import annotations

from datetime import datetime

from seloste.catalogue.model import PERSON
from seloste.operations.identification.errors import NobodyError
from seloste.operations.identification.flow import Proven
from seloste.operations.identification.person import person_of
from seloste.operations.portal.me import ACCOUNT
from seloste.operations.portal.requests import own_requests, waits_for_who
from seloste.operations.portal.signing import Opened
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
    return Opened(token, session)


def is_waited_for(registers: Registers, opened: Opened, *, now: datetime) -> bool:
    """Whether a request in their name waits for who they are, so that they are led to it."""
    assert opened.session.person is not None
    own = own_requests(registers.open(opened.session.register), opened.session.person, proven=True, now=now)
    return any(waits_for_who(each) for each in own.open)

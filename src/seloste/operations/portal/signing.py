"""Open the link, choose who one is where several share an address, and leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seloste.catalogue.model import PERSON
from seloste.errors import SelosteError
from seloste.operations.portal.letters import still_reached
from seloste.operations.portal.me import ACCOUNT
from seloste.store import journal, portal
from seloste.store.portal import OwnSession
from seloste.store.registers import Registers, RegisterStore


class LinkGoneError(SelosteError):
    """It was used, is too old, went to an address that is no longer theirs, or never was: nobody is told which."""

    def __init__(self) -> None:
        super().__init__(
            "Linkki ei toimi enää. Se toimii vain kerran ja vain rajatun ajan. Pyydä uusi.",
            "The link does not work any more. It works only once and only for a limited time. Ask for a new one.",
        )


@dataclass(frozen=True, slots=True)
class Opened:
    """The new session's token, and whose it is."""

    token: str
    session: OwnSession


def link_stands(registers: Registers, register: str, token: str, *, now: datetime) -> bool:
    """Whether the link may be opened; asking, as a mail scanner does, uses nothing up."""
    with registers.deployment.read() as conn:
        return portal.link_stands(conn, register, token, now)


def open_link(registers: Registers, register: str, token: str, *, old: str | None, now: datetime) -> Opened:
    """Use the link up and begin a session, ending the ``old`` one of this browser.

    It opens nothing of those whose addresses were changed after it was made: that of an answer lies in a mailbox for
    two weeks, and it may have been the wrong one. Raises LinkGoneError.
    """
    store = registers.open(register)
    with registers.deployment.transaction() as conn:
        link = portal.use_link(conn, register, token, now)
        if link is None:
            raise LinkGoneError
        persons = still_reached(store, link.persons, since=link.made_at, now=now)
        if link.persons and not persons:
            raise LinkGoneError
        session = OwnSession(register, persons, persons[0] if len(persons) == 1 else None)
        begun = portal.begin(conn, session, now)
        if old is not None:
            portal.leave(conn, old)
    if session.person is not None:
        _journal(store, session.person, "own_open", now)
    return Opened(begun, session)


def use(registers: Registers, register: str, token: str, *, now: datetime) -> OwnSession | None:
    """The session of a token, None when it has ended."""
    with registers.deployment.read() as conn:
        return portal.session(conn, register, token, now)


def choose(registers: Registers, register: str, token: str, person: int, *, now: datetime) -> bool:
    """Look at one of the people who share the address; whether it is one of them."""
    store = registers.open(register)
    with registers.deployment.transaction() as conn:
        found = portal.session(conn, register, token, now)
        if found is None or person not in found.persons:
            return False
        portal.choose(conn, token, person)
    _journal(store, person, "own_open", now)
    return True


def leave(registers: Registers, token: str) -> None:
    """End the session."""
    with registers.deployment.transaction() as conn:
        portal.leave(conn, token)


def _journal(store: RegisterStore, person: int, verb: str, now: datetime) -> None:
    with store.database.transaction() as conn:
        journal.append(conn, journal.Entry(now, ACCOUNT, "", verb, PERSON, (person,)))

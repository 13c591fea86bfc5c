"""Somebody asks for a link to their data. The answer, and the work for it, are the same whoever they are.

Whether anybody has the address is not looked up here: the letter that is left behind finds that out when it is made
(``letters``), away from whoever asked.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from seloste.catalogue.types import TYPES
from seloste.clock import from_utc_text, to_utc_text
from seloste.errors import SelosteError
from seloste.operations.accounts.attempts import network
from seloste.operations.mail.smtp import MailNotSetUpError, is_set_up
from seloste.store import outbox, portal, sessions
from seloste.store.deployment import secret
from seloste.store.engine import Connection
from seloste.store.registers import Registers
from seloste.store.sessions import Attempt

LETTER = "own_link"
EACH = timedelta(minutes=5)
"""An address gets one link in so long."""
MANY = 6
"""After so many links in a day an address waits longer for each, so that nobody's mailbox is filled."""
FROM_ONE_PLACE = 20
"""How often one network may ask before it has to wait: a library or an office has one between many people."""
LONGEST = timedelta(hours=1)


class AskedTooOftenError(SelosteError):
    """One network asked for too many links. ``until`` says when it may again; it tells nothing of any address."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            "Linkkejä on pyydetty täältä liian monta. Odota hetki ja yritä uudelleen.",
            "Too many links have been asked for from here. Wait a while and try again.",
        )
        self.until = until


@dataclass(frozen=True, slots=True)
class Asked:
    """The link was asked for. There is nothing more to know."""


def ask_link(registers: Registers, register: str, typed: str, *, lang: str, source: str, now: datetime) -> Asked:
    """Have a link sent to an address, if anybody in the register has it.

    Raises MailNotSetUpError, BadValue for what is no address, AskedTooOftenError; none of them tells of anybody.
    """
    if not is_set_up(registers.settings):
        raise MailNotSetUpError
    address = str(TYPES["email"].parse(typed)).lower()
    with registers.deployment.transaction() as conn:
        sessions.forget_attempts(conn, now)
        key = secret(conn)
        place = _key(key, "own-source", network(source))
        if (until := _locked(conn, place, now)) is not None:
            raise AskedTooOftenError(until)
        _count(conn, place, now, free=FROM_ONE_PLACE, first=timedelta(0))
        whose = _key(key, f"own-email:{register}", address)
        if _locked(conn, whose, now) is None:
            _count(conn, whose, now, free=MANY, first=EACH)
            parts = {"to": address, "lang": lang}
            keys = registers.register_keys(register)
            outbox.put(conn, keys, register, LETTER, parts, now=now, expires_at=now + portal.LASTS)
    return Asked()


def _key(key: bytes, what: str, text: str) -> str:
    return f"{what.partition(':')[0]}:" + hmac.digest(key, f"{what}:{text}".encode(), "sha256").hex()


def _locked(conn: Connection, key: str, now: datetime) -> datetime | None:
    until = sessions.attempt_of(conn, key, now).locked_until
    return from_utc_text(until) if until is not None and until > to_utc_text(now) else None


def _count(conn: Connection, key: str, now: datetime, *, free: int, first: timedelta) -> None:
    """One more; past ``free`` the wait doubles from five minutes to an hour."""
    times = sessions.attempt_of(conn, key, now).failures + 1
    wait = first if times < free else min(EACH * 2 ** min(times - free, 10), LONGEST)
    sessions.put_attempt(conn, key, Attempt(times, to_utc_text(now + wait) if wait else None), now)

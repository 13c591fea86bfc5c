"""Counting wrong passwords and codes, so that nobody can guess for long.

A try is counted before it is judged, so tries at the same moment cannot outrun the count. After five failures an
e-mail waits five minutes, then twice as long after each more, an hour at most; it counts whether or not somebody has
that e-mail. A network address may fail twenty times, since an office has one between all of its people.

Each proof has a count of its own: a password that is right does not clear the way for guesses at a code. So has the
password asked for in an open session, which no network counts for: else a stranger who types wrong passwords could keep
whoever is in from locking a thief's account, or from anything else that asks who they are.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from seloste.clock import from_utc_text, to_utc_text
from seloste.operations.accounts.errors import SignInThrottledError
from seloste.store import sessions
from seloste.store.deployment import secret
from seloste.store.engine import Connection
from seloste.store.sessions import Attempt

ACCOUNT_FAILURES = 5
SOURCE_FAILURES = 20
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Try:
    """One try, already counted as a failure under its keys; an open session's has no network's."""

    subject_key: str
    source_key: str | None


def begin(conn: Connection, subject: str, source: str | None, now: datetime, *, proof: str = "email") -> Try:
    """Count a try at the ``proof`` of ``subject`` (an e-mail, the id of an account or of a key), None as the source in
    an open session.

    Raises SignInThrottledError when the subject or the address has to wait; then it is not counted.
    """
    sessions.forget_attempts(conn, now)
    # Keyed hashes, since both the e-mail and the address are personal data.
    begun = Try(_mark(conn, proof, subject), None if source is None else _mark(conn, "source", network(source)))
    allowed = {begun.subject_key: ACCOUNT_FAILURES}
    if begun.source_key is not None:
        allowed[begun.source_key] = SOURCE_FAILURES
    known = {name: sessions.attempt_of(conn, name, now) for name in allowed}
    waits = [until for attempt in known.values() if (until := _wait(attempt, now))]
    if waits:
        raise SignInThrottledError(max(waits))
    for name, attempt in known.items():
        _count(conn, name, attempt, allowed[name], now)
    return begun


def succeed(conn: Connection, begun: Try, now: datetime) -> None:
    """The proof was right: the subject's count begins anew.

    The address gets back only this one try, so an account of one's own does not clear the way for guesses at others.
    """
    sessions.put_attempt(conn, begun.subject_key, Attempt(0, None), now)
    if begun.source_key is None:
        return
    attempt = sessions.attempt_of(conn, begun.source_key, now)
    failures = max(attempt.failures - 1, 0)
    until = attempt.locked_until if failures >= SOURCE_FAILURES else None
    sessions.put_attempt(conn, begun.source_key, replace(attempt, failures=failures, locked_until=until), now)


def network_mark(conn: Connection, source: str) -> str:
    """A keyed hash of the network, by which two sessions may be compared and no address is kept."""
    return _mark(conn, "session", network(source))


def _mark(conn: Connection, what: str, text: str) -> str:
    return f"{what}:{hmac.digest(secret(conn), f'{what}:{text}'.encode(), 'sha256').hex()}"


def network(source: str) -> str:
    """The address itself, or the /64 network of IPv6, since whoever has one address there has them all."""
    try:
        address = ip_address(source)
    except ValueError:
        return source
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)


def _wait(attempt: Attempt, now: datetime) -> datetime | None:
    if attempt.locked_until is None or attempt.locked_until <= to_utc_text(now):
        return None
    return from_utc_text(attempt.locked_until)


def _count(conn: Connection, key: str, attempt: Attempt, allowed: int, now: datetime) -> None:
    failures = attempt.failures + 1
    until = None
    if failures >= allowed:
        # The exponent stays small: past an hour the wait is the longest anyway.
        until = to_utc_text(now + min(FIRST_WAIT * 2 ** min(failures - allowed, 10), LONGEST_WAIT))
    sessions.put_attempt(conn, key, Attempt(failures, until), now)

"""Sign in with e-mail and password.

Nothing tells whether an account exists: wrong, unknown and closed get one answer, after one computed hash, and the
failures of an e-mail count whether or not somebody has it. A try is counted before it is judged, so tries at the same
moment cannot outrun the count. After five failures the e-mail waits five minutes, then twice as long after each more,
an hour at most. A network address may fail twenty times, since an office has one between all of its people; signing
in takes back only that one try, so an account of one's own does not clear the way for guesses at others.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from seloste.clock import from_utc_text, to_utc_text
from seloste.operations.accounts import passwords
from seloste.operations.accounts.create import normal_email
from seloste.operations.accounts.errors import SignInRefusedError, SignInThrottledError
from seloste.store import accounts, journal, sessions
from seloste.store.accounts import Account
from seloste.store.deployment import secret
from seloste.store.engine import Connection, Database
from seloste.store.sessions import Attempt

ACCOUNT_FAILURES = 5
SOURCE_FAILURES = 20
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The token goes into a cookie and is nowhere else."""

    token: str
    account: Account


def sign_in(
    deployment: Database,
    email: str,
    password: str,
    *,
    source: str,
    now: datetime,
    agent: str = "",
    old_token: str | None = None,
) -> SignedIn:
    """Begin a session. ``source`` is the network address it comes from, ``agent`` a word or two for the device.

    The session of ``old_token`` ends: a token known before signing in is worth nothing after it.
    Raises SignInRefusedError and SignInThrottledError.
    """
    address = normal_email(email)[:320]
    with deployment.transaction() as conn:
        sessions.forget_attempts(conn, now)
        keys = _keys(conn, address, source)
        waits = [until for key in keys if (until := _wait(sessions.attempt_of(conn, key, now), now))]
        if waits:
            raise SignInThrottledError(max(waits))
        _count(conn, keys[0], ACCOUNT_FAILURES, now)
        _count(conn, keys[1], SOURCE_FAILURES, now)
        found = accounts.by_email(conn, address)
    account, hashed = found or (None, None)
    if not passwords.matches(password, hashed) or account is None or not account.active:
        with deployment.transaction() as conn:
            entry = journal.Entry(now, account.id if account else "unknown", "", "sign_in", outcome="refused")
            journal.append(conn, entry)
        raise SignInRefusedError
    assert hashed is not None
    renewed = passwords.hashed(password) if passwords.is_outdated(hashed) else None
    with deployment.transaction() as conn:
        sessions.put_attempt(conn, keys[0], Attempt(0, None), now)
        _take_back(conn, keys[1], now)
        if renewed:
            accounts.set_password_hash(conn, account.id, renewed)
        if old_token:
            sessions.end(conn, old_token)
        token = sessions.start(conn, account.id, agent, now)
        journal.append(conn, journal.Entry(now, account.id, "", "sign_in"))
    return SignedIn(token, account)


def _keys(conn: Connection, address: str, source: str) -> tuple[str, str]:
    """Under which keys the tries count: keyed hashes, since both the e-mail and the address are personal data."""
    key = secret(conn)
    return (
        "email:" + hmac.digest(key, b"email:" + address.encode(), "sha256").hex(),
        "source:" + hmac.digest(key, b"source:" + network(source).encode(), "sha256").hex(),
    )


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


def _count(conn: Connection, key: str, allowed: int, now: datetime) -> None:
    attempt = sessions.attempt_of(conn, key, now)
    failures = attempt.failures + 1
    until = None
    if failures >= allowed:
        # The shift stays small: past a day of failures the wait is the longest anyway.
        until = to_utc_text(now + min(FIRST_WAIT * 2 ** min(failures - allowed, 10), LONGEST_WAIT))
    sessions.put_attempt(conn, key, Attempt(failures, until), now)


def _take_back(conn: Connection, key: str, now: datetime) -> None:
    attempt = sessions.attempt_of(conn, key, now)
    failures = max(attempt.failures - 1, 0)
    until = attempt.locked_until if failures >= SOURCE_FAILURES else None
    sessions.put_attempt(conn, key, replace(attempt, failures=failures, locked_until=until), now)

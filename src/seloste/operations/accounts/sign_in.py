"""Sign in with e-mail and password, and with a second step where the account has one.

Nothing tells whether an account exists: wrong, unknown and closed get one answer, after one computed hash, and the
failures of an e-mail count whether or not somebody has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seloste.operations.accounts import attempts, means, passwords
from seloste.operations.accounts.create import normal_email
from seloste.operations.accounts.errors import SignInRefusedError
from seloste.store import accounts, journal, second_step, sessions
from seloste.store.accounts import Account
from seloste.store.engine import Connection, Database


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The token goes into a cookie and is nowhere else.

    ``half``: a second step is still to come, and the token opens nothing but that.
    """

    token: str
    account: Account
    half: bool = False
    way: str = "password"


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
    """Begin a session, or a half one when the account has a second step.

    ``source`` is the network address it comes from, ``agent`` a word or two for the device. The session of
    ``old_token`` ends: a token known before signing in is worth nothing after it.
    Raises SignInRefusedError and SignInThrottledError.
    """
    address = normal_email(email)[:320]
    with deployment.transaction() as conn:
        begun = attempts.begin(conn, address, source, now)
        found = accounts.by_email(conn, address)
    account, hashed = found or (None, None)
    if not passwords.matches(password, hashed) or account is None or not account.active:
        refuse(deployment, account.id if account else "unknown", "sign_in", now)
        raise SignInRefusedError
    renewed = passwords.hashed(password) if hashed and passwords.is_outdated(hashed) else None
    with deployment.transaction() as conn:
        # Hashing takes a while, in which the password may have been changed, or the account locked, to keep them out.
        if accounts.opens_still(conn, account.id, hashed):
            attempts.succeed(conn, begun, now)
            if renewed:
                accounts.set_password_hash(conn, account.id, renewed)
            if means.of(conn, account.id).second_step:
                return SignedIn(second_step.start_half(conn, account.id, now), account, half=True)
            return begin_session(conn, account, "password", source=source, agent=agent, old_token=old_token, now=now)
    refuse(deployment, account.id, "sign_in", now)
    raise SignInRefusedError


def begin_session(
    conn: Connection,
    account: Account,
    way: str,
    *,
    source: str,
    agent: str,
    old_token: str | None,
    proved: datetime | None = None,
    now: datetime,
) -> SignedIn:
    """Begin the session of somebody who has proven who they are in that ``way``; the one of ``old_token`` ends.

    ``proved`` is when they did, where that was before now.
    """
    if old_token:
        sessions.end(conn, old_token)
    mark = attempts.network_mark(conn, source)
    token = sessions.start(conn, account.id, agent, now, way=way, network=mark, proved=proved)
    journal.append(conn, journal.Entry(now, account.id, "", "sign_in", note="" if way == "password" else way))
    return SignedIn(token, account, way=way)


def confirm(deployment: Database, account: Account, password: str, *, now: datetime) -> None:
    """Make sure that the one who acts in an open session knows its password, before a deed that needs it.

    Counted apart from signing in. Raises SignInRefusedError and SignInThrottledError.
    """
    with deployment.transaction() as conn:
        begun = attempts.begin(conn, account.id, None, now, proof="confirm")
        hashed = accounts.password_hash(conn, account.id)
    if passwords.matches(password, hashed):
        with deployment.transaction() as conn:
            if accounts.opens_still(conn, account.id, hashed):
                attempts.succeed(conn, begun, now)
                return
    refuse(deployment, account.id, "confirm", now)
    raise SignInRefusedError


def refuse(deployment: Database, account: str, verb: str, now: datetime) -> None:
    """Journal a try that failed."""
    with deployment.transaction() as conn:
        journal.append(conn, journal.Entry(now, account, "", verb, outcome="refused"))

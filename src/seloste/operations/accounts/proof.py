"""Fresh proof of who one is: a session that was left open must not do what cannot be undone.

A proof is a password, a one-time code or a passkey of the session's own account, and signing in is one. It is fresh for
ten minutes. Pages that need it say so beside their route; here is what it takes.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from seloste.clock import to_utc_text
from seloste.operations.accounts.second_step import prove_code
from seloste.operations.accounts.session import Open
from seloste.operations.accounts.sign_in import confirm
from seloste.store import journal, sessions
from seloste.store.engine import Database
from seloste.store.keys import Keys

FRESH = timedelta(minutes=10)


def is_fresh(opened: Open, now: datetime) -> bool:
    """Whether the session's owner has just proved who they are."""
    return opened.session.proved_at > to_utc_text(now - FRESH)


def by_password(deployment: Database, opened: Open, password: str, *, now: datetime) -> None:
    """Prove it by the password. Raises SignInRefusedError and SignInThrottledError."""
    confirm(deployment, opened.account, password, now=now)
    proved(deployment, opened, "password", now)


def by_code(deployment: Database, keys: Keys, opened: Open, typed: str, *, now: datetime) -> None:
    """Prove it by a one-time code; a recovery code is for signing in alone.

    Raises CodeRefusedError and SignInThrottledError.
    """
    prove_code(deployment, keys, opened.account, typed, recovery=False, source=None, now=now)
    proved(deployment, opened, "codes", now)


def proved(deployment: Database, opened: Open, way: str, now: datetime) -> None:
    """Write down that the session's owner proved it now."""
    with deployment.transaction() as conn:
        sessions.prove(conn, opened.session.id, now)
        journal.append(conn, journal.Entry(now, opened.account.id, "", "confirm", note=way))

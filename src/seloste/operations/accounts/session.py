"""What a signed-in browser may do with its session: use it, end it, end others, choose a lens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seloste.operations.accounts.attempts import network_mark
from seloste.operations.accounts.errors import AccountError
from seloste.store import accounts, journal, sessions
from seloste.store.accounts import Account, Grant
from seloste.store.engine import Database
from seloste.store.sessions import Session


@dataclass(frozen=True, slots=True)
class Open:
    """A session in use: whose it is and what roles they have."""

    session: Session
    account: Account
    grants: tuple[Grant, ...]

    def grant_in(self, register: str) -> Grant | None:
        """The role acted in: the one chosen in this session, else the first given. None without any."""
        own = [grant for grant in self.grants if grant.register == register]
        chosen = self.session.choices.get(register)
        return next((grant for grant in own if grant.lens == chosen), own[0] if own else None)


@dataclass(frozen=True, slots=True)
class Ended:
    """How many sessions ended."""

    count: int


def use_session(deployment: Database, token: str, *, now: datetime) -> Open | None:
    """The session of a token, None when it has ended. Its use is written down every few minutes."""
    with deployment.read() as conn:
        found = sessions.find(conn, token, now)
        if found is None:
            return None
        session, account = found
        grants = accounts.grants_of(conn, account.id)
    if sessions.is_due_for_touch(session, now):
        with deployment.transaction() as conn:
            sessions.touch(conn, session, now)
    return Open(session, account, grants)


def sign_out(deployment: Database, token: str, *, now: datetime) -> Ended:
    """End the session of a token; nothing happens when it has ended."""
    with deployment.transaction() as conn:
        found = sessions.find(conn, token, now)
        ended = sessions.end(conn, token)
        if found is not None:
            journal.append(conn, journal.Entry(now, found[1].id, "", "sign_out"))
    return Ended(int(ended))


def end_sessions(
    deployment: Database, account: str, *, session: str | None = None, keep: str | None = None, now: datetime
) -> Ended:
    """End the account's session of that id, or all of them but the one of id ``keep``."""
    with deployment.transaction() as conn:
        if session is not None:
            count = int(sessions.end_one(conn, account, session))
        else:
            count = sessions.end_all(conn, account, but=keep)
        journal.append(conn, journal.Entry(now, account, "", "sign_out", count=count))
    return Ended(count)


def list_sessions(deployment: Database, account: str, *, now: datetime) -> tuple[Session, ...]:
    """The account's sessions, last used first."""
    with deployment.read() as conn:
        return sessions.of_account(conn, account, now)


def network_mark_of(deployment: Database, source: str) -> str:
    """The mark of the network of ``source``, as sessions begun from there carry it."""
    with deployment.read() as conn:
        return network_mark(conn, source)


def choose_lens(deployment: Database, opened: Open, register: str, lens: str, *, now: datetime) -> None:
    """Act in the register as this lens from now on. Raises AccountError for a role the account does not have."""
    if not any(grant.register == register and grant.lens == lens for grant in opened.grants):
        raise AccountError("Sinulla ei ole tätä roolia.", "You do not have this role.")
    with deployment.transaction() as conn:
        sessions.choose(conn, opened.session, register, lens)
        journal.append(conn, journal.Entry(now, opened.account.id, lens, "choose_lens", note=register))

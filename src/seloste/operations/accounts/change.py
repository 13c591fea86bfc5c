"""Change an account: password, preferences, locked or left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seloste.operations.accounts import passwords
from seloste.operations.accounts.errors import AccountError
from seloste.operations.accounts.leads import check_manages, kept
from seloste.operations.actor import Actor
from seloste.store import (
    account_deeds,
    accounts,
    feeds,
    identified,
    invitations,
    journal,
    passkeys,
    second_step,
    sessions,
)
from seloste.store.accounts import Account, Appearance
from seloste.store.engine import Connection, Database


@dataclass(frozen=True, slots=True)
class Changed:
    """The account, and how many of its sessions ended."""

    account: str
    sessions_ended: int = 0


def set_password(
    deployment: Database, account: str, password: str, *, keep: str | None = None, actor: Actor, now: datetime
) -> Changed:
    """Give an account a new password; its sessions end, except the one of id ``keep``.

    Raises AccountError for an unknown account, PasswordError for a password too easy to guess.
    """
    with deployment.read() as conn:
        found = _known(conn, account)
    passwords.check(password, email=found.email, name=found.name)
    hashed = passwords.hashed(password)
    with deployment.transaction() as conn:
        accounts.set_password_hash(conn, account, hashed)
        if actor.account != account:
            accounts.set_opened_by(conn, account, "")
            account_deeds.note(conn, account, "password", actor.account, now)
        invitations.drop(conn, account)
        second_step.end_halves(conn, account)
        ended = sessions.end_all(conn, account, but=keep)
        journal.append(conn, journal.Entry(now, actor.account, "", "set_password", note=account))
    return Changed(account, ended)


def set_preferences(
    deployment: Database, account: str, *, language: str, appearance: str, single_keys: bool, now: datetime
) -> Changed:
    """How the screens look and speak. Raises AccountError for a language or appearance there is not.

    An empty language is none chosen: pages are then in the browser's.
    """
    looks: dict[str, Appearance] = {"system": "system", "light": "light", "dark": "dark"}
    if language not in ("", "fi", "en") or appearance not in looks:
        raise AccountError(
            "Kieli on fi tai en, ulkoasu system, light tai dark.",
            "The language is fi or en, the appearance system, light or dark.",
        )
    with deployment.transaction() as conn:
        _known(conn, account)
        accounts.set_preferences(
            conn, account, language=language, appearance=looks[appearance], single_keys=single_keys
        )
    return Changed(account)


def lock(deployment: Database, account: str, *, actor: Actor, now: datetime) -> Changed:
    """Keep the account out at once, until it is unlocked; the last lead too, for it may be in the wrong hands.

    Raises NotYoursError for who does not lead all registers of the account.
    """
    with deployment.transaction() as conn:
        check_manages(conn, actor, account)
        accounts.set_locked(conn, account, locked=True)
        second_step.end_halves(conn, account)
        ended = sessions.end_all(conn, account)
        account_deeds.note(conn, account, "lock", actor.account, now)
        journal.append(conn, journal.Entry(now, actor.account, "", "lock_account", note=account))
    return Changed(account, ended)


def unlock(deployment: Database, account: str, *, actor: Actor, now: datetime) -> Changed:
    """Let a locked account in again. Raises NotYoursError for who does not lead all registers of the account."""
    with deployment.transaction() as conn:
        check_manages(conn, actor, account)
        accounts.set_locked(conn, account, locked=False)
        account_deeds.note(conn, account, "unlock", actor.account, now)
        journal.append(conn, journal.Entry(now, actor.account, "", "unlock_account", note=account))
    return Changed(account)


def leave(deployment: Database, account: str, *, actor: Actor, now: datetime) -> Changed:
    """The person no longer works here: roles, address and all they signed in by go, the name stays beside their deeds.

    Raises LastLeadError for the last one who leads a register, NotYoursError for who does not lead all of theirs.
    """
    with deployment.transaction() as conn:
        check_manages(conn, actor, account)
        with kept(conn, account):
            for grant in accounts.grants_of(conn, account):
                accounts.remove_grant(conn, account, grant.register, grant.lens)
            accounts.set_left(conn, account, now)
        invitations.forget(conn, account)
        identified.unlink(conn, account)
        feeds.end_all(conn, account)
        account_deeds.forget(conn, account)
        ended = _drop_steps(conn, account)
        journal.append(conn, journal.Entry(now, actor.account, "", "close_account", note=account))
    return Changed(account, ended)


def reset_second_step(deployment: Database, account: str, *, actor: Actor, now: datetime) -> Changed:
    """Help over a lost phone: codes of all kinds go, and all sessions end; the password stays.

    Raises NotYoursError for who does not lead all registers of the account, AccountError for an unknown one.
    """
    with deployment.transaction() as conn:
        check_manages(conn, actor, account)
        ended = _drop_steps(conn, account)
        account_deeds.note(conn, account, "reset", actor.account, now)
        journal.append(conn, journal.Entry(now, actor.account, actor.lens, "reset_second_step", note=account))
    return Changed(account, ended)


def proven(conn: Connection, account: str, now: datetime) -> None:
    """The address of the account was shown to be the person's own: whoever opened it by a link that they were shown,
    and may have kept what they chose, is out with all of it. Nothing happens where nobody was shown one.
    """
    if not accounts.opened_by(conn, account):
        return
    accounts.set_password_hash(conn, account, None)
    accounts.set_opened_by(conn, account, "")
    invitations.drop(conn, account)
    feeds.end_all(conn, account)
    _drop_steps(conn, account)
    journal.append(conn, journal.Entry(now, account, "", "prove_address"))


def _drop_steps(conn: Connection, account: str) -> int:
    """Forget the account's second steps and end all its sessions; how many."""
    second_step.drop_totp(conn, account)
    passkeys.drop(conn, account)
    second_step.drop_recovery(conn, account)
    second_step.end_halves(conn, account)
    return sessions.end_all(conn, account)


def _known(conn: Connection, account: str) -> Account:
    found = accounts.by_id(conn, account)
    if found is None:
        raise AccountError("Tunnusta ei ole.", "There is no such account.")
    return found

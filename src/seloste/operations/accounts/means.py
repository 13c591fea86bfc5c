"""By what somebody can prove who they are."""

from __future__ import annotations

from dataclasses import dataclass

from seloste.store import accounts, passkeys, second_step
from seloste.store.engine import Connection, Database
from seloste.store.passkeys import Passkey


@dataclass(frozen=True, slots=True)
class Means:
    """What an account has. ``codes_since`` is UTC text, None without one-time codes; ``recovery`` counts what is left.

    Recovery codes help over a lost phone and are no second step of their own.
    """

    password: bool
    codes_since: str | None
    recovery: int
    passkeys: tuple[Passkey, ...] = ()

    @property
    def second_step(self) -> bool:
        """Whether a password alone lets nobody in."""
        return self.codes_since is not None or bool(self.passkeys)


def of(conn: Connection, account: str) -> Means:
    """What an account has."""
    codes = second_step.totp(conn, account)
    return Means(
        accounts.password_hash(conn, account) is not None,
        codes.since if codes is not None else None,
        second_step.recovery_left(conn, account),
        passkeys.of_account(conn, account),
    )


def means_of(deployment: Database, account: str) -> Means:
    """What an account has."""
    with deployment.read() as conn:
        return of(conn, account)

"""Make, list and end the keys of programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seloste.operations.accounts.create import one_name
from seloste.operations.accounts.errors import AccountError
from seloste.operations.actor import Actor
from seloste.store import api_keys, journal
from seloste.store.api_keys import ApiKey
from seloste.store.engine import Database
from seloste.store.registers import RegisterStore

MOST = 80


@dataclass(frozen=True, slots=True)
class MadeKey:
    """The key, and its token: shown once, kept nowhere."""

    key: ApiKey
    token: str


def make_key(
    deployment: Database, store: RegisterStore, lens: str, name: str, *, actor: Actor, now: datetime
) -> MadeKey:
    """A key to one register through one lens. Raises AccountError for an unknown lens or an empty name."""
    if lens not in store.register.lenses:
        known = ", ".join(store.register.lenses)
        raise AccountError(
            f"Roolia {lens} ei ole selosteessa. Roolit ovat: {known}.",
            f"The notice has no role {lens}. Its roles are: {known}.",
        )
    called = one_name(name, MOST)
    if called is None:
        raise AccountError("Anna avaimelle lyhyt nimi.", "Give the key a short name.")
    with deployment.transaction() as conn:
        key, token = api_keys.make(conn, called, store.register.notice.register, lens, now)
        journal.append(conn, journal.Entry(now, actor.account, lens, "make_key", note=f"{key.id}:{key.register}"))
    return MadeKey(key, token)


def revoke_key(deployment: Database, key: str, *, actor: Actor, now: datetime) -> None:
    """End a key at once. Raises AccountError when there is no standing one of that id."""
    with deployment.transaction() as conn:
        if not api_keys.revoke(conn, key, now):
            raise AccountError("Voimassa olevaa avainta ei ole.", "There is no standing key of that id.")
        journal.append(conn, journal.Entry(now, actor.account, "", "revoke_key", note=key))


def list_keys(deployment: Database) -> tuple[ApiKey, ...]:
    """All keys, standing and revoked."""
    with deployment.read() as conn:
        return api_keys.every(conn)


def open_key(deployment: Database, token: str) -> ApiKey | None:
    """The standing key of a token."""
    with deployment.read() as conn:
        return api_keys.find(conn, token)

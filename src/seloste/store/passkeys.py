"""Rows of passkeys: public keys, so a copy of this table opens nothing."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from seloste.clock import to_utc_text
from seloste.store.engine import Connection, Row

TABLES = (
    """CREATE TABLE passkey (
      id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
      credential TEXT NOT NULL UNIQUE, data TEXT NOT NULL, uses BIGINT NOT NULL, name TEXT NOT NULL,
      created_at TEXT NOT NULL, used_at TEXT)""",
    "CREATE INDEX passkey_of_account ON passkey (account)",
)


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey. ``credential`` is its id (base64url), ``data`` that id and the public key (hex).

    ``uses`` is the signature counter as it was last told, 0 where the device counts none. Times are UTC text.
    """

    id: str
    account: str
    credential: str
    data: str
    uses: int
    name: str
    created_at: str
    used_at: str | None


_COLUMNS = "id, account, credential, data, uses, name, created_at, used_at"


def _passkey(row: Row) -> Passkey:
    return Passkey(*row)


def insert(
    conn: Connection, account: str, credential: str, data: str, uses: int, name: str, now: datetime
) -> str | None:
    """Keep a passkey; its id here, None when somebody has that very one already."""
    identity = secrets.token_hex(6)
    done = conn.execute(
        """INSERT INTO passkey (id, account, credential, data, uses, name, created_at)
        VALUES (:id, :account, :credential, :data, :uses, :name, :now) ON CONFLICT DO NOTHING""",
        {
            "id": identity,
            "account": account,
            "credential": credential,
            "data": data,
            "uses": uses,
            "name": name,
            "now": to_utc_text(now),
        },
    )
    return identity if done.rowcount == 1 else None


def of_account(conn: Connection, account: str) -> tuple[Passkey, ...]:
    """The account's passkeys, in the order they were added."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM passkey WHERE account = :account ORDER BY created_at, id", {"account": account}
    )
    return tuple(map(_passkey, rows))


def by_credential(conn: Connection, credential: str) -> Passkey | None:
    """The passkey of that id."""
    row = conn.execute(
        f"SELECT {_COLUMNS} FROM passkey WHERE credential = :credential", {"credential": credential}
    ).first()
    return _passkey(row) if row else None


def use(conn: Connection, identity: str, uses: int, now: datetime) -> bool:
    """Note a use; False when the counter did not go on, as of a copy (Web Authentication, section 6.1.1)."""
    sql = """UPDATE passkey SET uses = :uses, used_at = :now
    WHERE id = :id AND (uses < :uses OR (uses = 0 AND :none = 1))"""
    params = {"id": identity, "uses": uses, "none": int(uses == 0), "now": to_utc_text(now)}
    return conn.execute(sql, params).rowcount == 1


def rename(conn: Connection, account: str, identity: str, name: str) -> bool:
    """Call a passkey of the account something else; whether it was there."""
    sql = "UPDATE passkey SET name = :name WHERE id = :id AND account = :account"
    return conn.execute(sql, {"name": name, "id": identity, "account": account}).rowcount == 1


def remove(conn: Connection, account: str, identity: str) -> bool:
    """Forget a passkey of the account; whether it was there."""
    sql = "DELETE FROM passkey WHERE id = :id AND account = :account"
    return conn.execute(sql, {"id": identity, "account": account}).rowcount == 1


def drop(conn: Connection, account: str) -> None:
    """Forget all passkeys of the account."""
    conn.execute("DELETE FROM passkey WHERE account = :account", {"account": account})

"""Consents that wait for their confirmation: kept seven days, encrypted, found by the hash of what was sent, used for
nothing else. No lens reaches this table.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from seloste.clock import from_utc_text, to_utc_text
from seloste.store.engine import Connection, Row, has_table
from seloste.store.keys import Keys

PLACE = "sys_unconfirmed.body"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What somebody asked for and has not confirmed."""

    id: int
    purpose: str
    asked_at: dt.datetime
    until: dt.date
    """The last day on which it may be confirmed, and on which it is kept."""
    body: Mapping[str, Any]
    person: int | None = None
    """Who is in the register already, where it is theirs."""


def create(conn: Connection) -> None:
    """The table, where it is not yet; registers built before there was one get it when it is first used."""
    sqlite = conn.dialect == "sqlite"
    own, cell = ("INTEGER PRIMARY KEY AUTOINCREMENT", "BLOB") if sqlite else ("BIGSERIAL PRIMARY KEY", "BYTEA")
    conn.execute(
        f"CREATE TABLE IF NOT EXISTS sys_unconfirmed (id {own}, token TEXT NOT NULL, address TEXT NOT NULL,"
        f" purpose TEXT NOT NULL, asked_at TEXT NOT NULL, until TEXT NOT NULL, body {cell} NOT NULL)"
    )


def there(conn: Connection) -> bool:
    """Whether the register has the table yet, for reads that make nothing."""
    return has_table(conn, "sys_unconfirmed")


def asked_since(conn: Connection, address: str, purpose: str, since: dt.datetime) -> int | None:
    """What the address was asked to confirm for the purpose since a moment; None when nothing was."""
    create(conn)
    row = conn.execute(
        "SELECT id FROM sys_unconfirmed WHERE address = :address AND purpose = :purpose AND asked_at > :since",
        {"address": address, "purpose": purpose, "since": to_utc_text(since)},
    ).first()
    return int(row[0]) if row is not None else None


def fill(conn: Connection, keys: Keys, number: int, body: Mapping[str, Any]) -> None:
    """Have what waits be this instead; the link that was sent stays."""
    sealed = keys.encrypt(json.dumps(body, ensure_ascii=False), place=PLACE)
    conn.execute("UPDATE sys_unconfirmed SET body = :body WHERE id = :id", {"id": number, "body": sealed})


def every(conn: Connection, keys: Keys, today: dt.date) -> list[Waiting]:
    """All that may still be confirmed, the newest first."""
    if not there(conn):
        return []
    rows = conn.execute(
        "SELECT id, purpose, asked_at, until, body FROM sys_unconfirmed WHERE until >= :today ORDER BY id DESC",
        {"today": today.isoformat()},
    ).all()
    return [_waiting(keys, row) for row in rows]


def put(
    conn: Connection,
    keys: Keys,
    *,
    token: str,
    address: str,
    purpose: str,
    body: Mapping[str, Any],
    at: dt.datetime,
    until: dt.date,
) -> None:
    """Keep a consent until it is confirmed. ``address`` is a keyed hash, of somebody in the register with their number
    after it; what it asked for before is replaced.
    """
    create(conn)
    conn.execute(
        "DELETE FROM sys_unconfirmed WHERE address = :address AND purpose = :purpose",
        {"address": address, "purpose": purpose},
    )
    conn.execute(
        "INSERT INTO sys_unconfirmed (token, address, purpose, asked_at, until, body)"
        " VALUES (:token, :address, :purpose, :at, :until, :body)",
        {
            "token": _hash(token),
            "address": address,
            "purpose": purpose,
            "at": to_utc_text(at),
            "until": until.isoformat(),
            "body": keys.encrypt(json.dumps(body, ensure_ascii=False), place=PLACE),
        },
    )


def find(conn: Connection, keys: Keys, token: str, today: dt.date) -> Waiting | None:
    """What a token confirms, unless its last day has gone by."""
    if not there(conn):
        return None
    row = conn.execute(
        "SELECT id, purpose, asked_at, until, body FROM sys_unconfirmed WHERE token = :token AND until >= :today",
        {"token": _hash(token), "today": today.isoformat()},
    ).first()
    return _waiting(keys, row) if row is not None else None


def _waiting(keys: Keys, row: Row) -> Waiting:
    number, purpose, asked_at, until, body = row
    held = json.loads(keys.decrypt(body, place=PLACE))
    person = held.get("person")
    return Waiting(int(number), purpose, from_utc_text(asked_at), dt.date.fromisoformat(until), held, person)


def remove(conn: Connection, number: int) -> None:
    """It is confirmed."""
    conn.execute("DELETE FROM sys_unconfirmed WHERE id = :id", {"id": number})


def forget(conn: Connection, person: int, addresses: Collection[str]) -> None:
    """Remove what one person was asked to confirm, and what a form brought from an address of theirs: ``addresses``
    are keyed hashes.
    """
    if not there(conn):
        return
    own = f"%:{person}"
    conn.execute("DELETE FROM sys_unconfirmed WHERE address LIKE :own", {"own": own})
    for address in addresses:
        conn.execute("DELETE FROM sys_unconfirmed WHERE address = :address", {"address": address})


def drop_old(conn: Connection, today: dt.date) -> int:
    """Remove what was not confirmed in time; how many."""
    create(conn)
    return conn.execute("DELETE FROM sys_unconfirmed WHERE until < :today", {"today": today.isoformat()}).rowcount


def _hash(token: str) -> str:
    """The token is long and random, so that a plain hash keeps it."""
    return hashlib.sha256(token.encode()).hexdigest()

"""Letters that wait to be sent. A row holds which letter, and what it is made of encrypted; no address lies in clear.

A row is written in the transaction of what causes the letter: in the installation's data, or in the register when
something there causes it (``store.post`` then tells the installation where to look). One process claims it at a time,
and it is deleted when the letter has left, when it was refused for good, or when it would come too late.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from seloste.clock import from_utc_text, to_utc_text
from seloste.store.engine import Connection
from seloste.store.keys import Keys

COLUMNS = """
  id TEXT PRIMARY KEY, register TEXT NOT NULL, letter TEXT NOT NULL, sealed TEXT NOT NULL, created_at TEXT NOT NULL,
  due_at TEXT NOT NULL, expires_at TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0, claim TEXT"""
HERE, INSIDE = "outbox", "sys_outbox"
"""The table of the installation, and that of each register."""
TABLE = f"CREATE TABLE {HERE} ({COLUMNS})"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter claimed for sending. ``claim`` is what only its claimer knows; ``sealed`` is opened by ``parts``."""

    id: str
    register: str
    letter: str
    sealed: str
    expires_at: dt.datetime
    tries: int
    claim: str


def create(conn: Connection) -> None:
    """The table of a register, where it is not yet; registers built before there was one get it when it is used."""
    conn.execute(f"CREATE TABLE IF NOT EXISTS {INSIDE} ({COLUMNS})")


def put(
    conn: Connection,
    keys: Keys,
    register: str,
    letter: str,
    parts: Mapping[str, str],
    *,
    now: dt.datetime,
    expires_at: dt.datetime,
    due_at: dt.datetime | None = None,
    table: str = HERE,
) -> str:
    """Leave a letter to be sent from ``due_at`` (now) on, made of ``parts``; its id. After ``expires_at`` it is not."""
    number = secrets.token_hex(12)
    sealed = keys.encrypt(json.dumps(dict(parts), ensure_ascii=False), place=f"outbox.{number}").hex()
    conn.execute(
        f"INSERT INTO {table} (id, register, letter, sealed, created_at, due_at, expires_at)"
        " VALUES (:id, :register, :letter, :sealed, :now, :due, :expires)",
        {
            "id": number,
            "register": register,
            "letter": letter,
            "sealed": sealed,
            "now": to_utc_text(now),
            "due": to_utc_text(due_at or now),
            "expires": to_utc_text(expires_at),
        },
    )
    return number


def parts(keys: Keys, waiting: Waiting) -> dict[str, str]:
    """What the letter is made of. Raises StoreError when the key is another."""
    found: dict[str, str] = json.loads(keys.decrypt(bytes.fromhex(waiting.sealed), place=f"outbox.{waiting.id}"))
    return found


def due(conn: Connection, now: dt.datetime, most: int, *, table: str = HERE) -> list[str]:
    """Ids of letters to be sent now, the oldest first."""
    rows = conn.execute(
        f"SELECT id FROM {table} WHERE due_at <= :now AND expires_at > :now ORDER BY due_at, id LIMIT :most",
        {"now": to_utc_text(now), "most": most},
    )
    return [number for (number,) in rows]


def next_due(conn: Connection, now: dt.datetime, *, table: str = HERE) -> dt.datetime | None:
    """When the next letter is due that is not too late; None when none waits."""
    row = conn.execute(f"SELECT min(due_at) FROM {table} WHERE expires_at > :now", {"now": to_utc_text(now)}).first()
    return from_utc_text(row[0]) if row is not None and row[0] is not None else None


def claim(conn: Connection, number: str, *, now: dt.datetime, until: dt.datetime, table: str = HERE) -> Waiting | None:
    """Take a letter, so that nobody else sends it before ``until``; None when another has it or it is gone.

    The try is counted now: a process that dies with the letter has tried it.
    """
    mine = secrets.token_hex(12)
    done = conn.execute(
        f"UPDATE {table} SET claim = :claim, due_at = :until, tries = tries + 1"
        " WHERE id = :id AND due_at <= :now AND expires_at > :now",
        {"id": number, "claim": mine, "now": to_utc_text(now), "until": to_utc_text(until)},
    )
    if done.rowcount != 1:
        return None
    row = conn.execute(
        f"SELECT id, register, letter, sealed, expires_at, tries FROM {table} WHERE id = :id", {"id": number}
    ).first()
    if row is None:
        return None
    key, register, letter, sealed, expires, tries = row
    return Waiting(key, register, letter, sealed, from_utc_text(expires), int(tries), mine)


def done(conn: Connection, waiting: Waiting, *, table: str = HERE) -> None:
    """The letter has left, or never will: nothing of it is kept."""
    conn.execute(f"DELETE FROM {table} WHERE id = :id AND claim = :claim", {"id": waiting.id, "claim": waiting.claim})


def again(conn: Connection, waiting: Waiting, at: dt.datetime, *, table: str = HERE) -> None:
    """It did not leave; try it again then."""
    conn.execute(
        f"UPDATE {table} SET due_at = :at, claim = NULL WHERE id = :id AND claim = :claim",
        {"id": waiting.id, "claim": waiting.claim, "at": to_utc_text(at)},
    )


def hurry(conn: Connection, number: str, now: dt.datetime) -> bool:
    """Have a letter of the installation sent now that was left for later; False when it has gone already."""
    sql = f"UPDATE {HERE} SET due_at = :now WHERE id = :id AND claim IS NULL"
    return conn.execute(sql, {"id": number, "now": to_utc_text(now)}).rowcount == 1


def drop_expired(conn: Connection, now: dt.datetime, *, table: str = HERE) -> int:
    """Delete what would come too late; how many."""
    return conn.execute(f"DELETE FROM {table} WHERE expires_at <= :now", {"now": to_utc_text(now)}).rowcount


def count(conn: Connection, *, table: str = HERE, tried: bool = False, without: str = "") -> int:
    """How many letters wait; with ``tried`` those that did not leave at their first try; ``without`` one kind."""
    where = f"letter <> :without{' AND tries > 0' if tried else ''}"
    row = conn.execute(f"SELECT count(*) FROM {table} WHERE {where}", {"without": without}).first()
    assert row is not None
    return int(row[0])

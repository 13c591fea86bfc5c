"""Letters that wait to be sent. A row holds which letter, and what it is made of encrypted; no address lies in clear.

A row is written in the transaction of what causes the letter. One process claims it at a time, and it is deleted when
the letter has left, when it was refused for good, or when it would come too late.
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

TABLE = """CREATE TABLE outbox (
  id TEXT PRIMARY KEY, register TEXT NOT NULL, letter TEXT NOT NULL, sealed TEXT NOT NULL, created_at TEXT NOT NULL,
  due_at TEXT NOT NULL, expires_at TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0, claim TEXT)"""


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


def put(
    conn: Connection,
    keys: Keys,
    register: str,
    letter: str,
    parts: Mapping[str, str],
    *,
    now: dt.datetime,
    expires_at: dt.datetime,
) -> str:
    """Leave a letter to be sent from now on, made of ``parts``; its id. After ``expires_at`` it is not sent."""
    number = secrets.token_hex(12)
    sealed = keys.encrypt(json.dumps(dict(parts), ensure_ascii=False), place=f"outbox.{number}").hex()
    conn.execute(
        """INSERT INTO outbox (id, register, letter, sealed, created_at, due_at, expires_at)
        VALUES (:id, :register, :letter, :sealed, :now, :now, :expires)""",
        {
            "id": number,
            "register": register,
            "letter": letter,
            "sealed": sealed,
            "now": to_utc_text(now),
            "expires": to_utc_text(expires_at),
        },
    )
    return number


def parts(keys: Keys, waiting: Waiting) -> dict[str, str]:
    """What the letter is made of. Raises StoreError when the key is another."""
    found: dict[str, str] = json.loads(keys.decrypt(bytes.fromhex(waiting.sealed), place=f"outbox.{waiting.id}"))
    return found


def due(conn: Connection, now: dt.datetime, most: int) -> list[str]:
    """Ids of letters to be sent now, the oldest first."""
    rows = conn.execute(
        "SELECT id FROM outbox WHERE due_at <= :now AND expires_at > :now ORDER BY due_at, id LIMIT :most",
        {"now": to_utc_text(now), "most": most},
    )
    return [number for (number,) in rows]


def claim(conn: Connection, number: str, *, now: dt.datetime, until: dt.datetime) -> Waiting | None:
    """Take a letter, so that nobody else sends it before ``until``; None when another has it or it is gone.

    The try is counted now: a process that dies with the letter has tried it.
    """
    mine = secrets.token_hex(12)
    done = conn.execute(
        """UPDATE outbox SET claim = :claim, due_at = :until, tries = tries + 1
        WHERE id = :id AND due_at <= :now AND expires_at > :now""",
        {"id": number, "claim": mine, "now": to_utc_text(now), "until": to_utc_text(until)},
    )
    if done.rowcount != 1:
        return None
    row = conn.execute(
        "SELECT id, register, letter, sealed, expires_at, tries FROM outbox WHERE id = :id", {"id": number}
    ).first()
    if row is None:
        return None
    key, register, letter, sealed, expires, tries = row
    return Waiting(key, register, letter, sealed, from_utc_text(expires), int(tries), mine)


def done(conn: Connection, waiting: Waiting) -> None:
    """The letter has left, or never will: nothing of it is kept."""
    conn.execute("DELETE FROM outbox WHERE id = :id AND claim = :claim", {"id": waiting.id, "claim": waiting.claim})


def again(conn: Connection, waiting: Waiting, at: dt.datetime) -> None:
    """It did not leave; try it again then."""
    conn.execute(
        "UPDATE outbox SET due_at = :at, claim = NULL WHERE id = :id AND claim = :claim",
        {"id": waiting.id, "claim": waiting.claim, "at": to_utc_text(at)},
    )


def drop_expired(conn: Connection, now: dt.datetime) -> int:
    """Delete what would come too late; how many."""
    return conn.execute("DELETE FROM outbox WHERE expires_at <= :now", {"now": to_utc_text(now)}).rowcount


def count(conn: Connection) -> int:
    """How many letters wait."""
    row = conn.execute("SELECT count(*) FROM outbox").first()
    assert row is not None
    return int(row[0])

"""Letters that did not leave: which kind, when, what kind of trouble. Nothing of whom they were for."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from seloste.clock import from_utc_text, to_utc_text
from seloste.store.engine import Connection

TABLE = """CREATE TABLE mail_trouble (
  id TEXT PRIMARY KEY, at TEXT NOT NULL, letter TEXT NOT NULL, outcome TEXT NOT NULL, error TEXT NOT NULL)"""

KEPT = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Trouble:
    """``outcome`` is ``again`` or ``given_up``; ``error`` the name of the trouble's type."""

    at: dt.datetime
    letter: str
    outcome: str
    error: str


def note(conn: Connection, letter: str, outcome: str, error: str, now: dt.datetime) -> None:
    """Write one down, and forget what is older than KEPT."""
    conn.execute("DELETE FROM mail_trouble WHERE at < :old", {"old": to_utc_text(now - KEPT)})
    conn.execute(
        "INSERT INTO mail_trouble (id, at, letter, outcome, error) VALUES (:id, :at, :letter, :outcome, :error)",
        {"id": secrets.token_hex(8), "at": to_utc_text(now), "letter": letter, "outcome": outcome, "error": error},
    )


def since(conn: Connection, moment: dt.datetime) -> list[Trouble]:
    """Those since a moment, the latest first."""
    rows = conn.execute(
        "SELECT at, letter, outcome, error FROM mail_trouble WHERE at >= :moment ORDER BY at DESC, id",
        {"moment": to_utc_text(moment)},
    )
    return [Trouble(from_utc_text(at), str(letter), str(outcome), str(error)) for at, letter, outcome, error in rows]

"""Rows of the second step of signing in: secrets of one-time codes, recovery codes, sign-ins that wait for a step.

A secret must be known to be compared, so it lies encrypted by the key file; of recovery codes and tokens only hashes
are kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from seloste.clock import to_utc_text
from seloste.store.accounts import COLUMNS, Account, account_of
from seloste.store.engine import Connection, one
from seloste.store.sessions import digest

TABLES = (
    # Begun while the first code is waited for, then on; one that is begun does not disturb the one in use.
    """CREATE TABLE totp (
      account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE, state TEXT NOT NULL
        CHECK (state IN ('begun', 'on')),
      sealed TEXT NOT NULL, since TEXT NOT NULL, last_step BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (account, state))""",
    """CREATE TABLE recovery_code (
      id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
      hash TEXT NOT NULL, made_at TEXT NOT NULL)""",
    "CREATE INDEX recovery_code_of_account ON recovery_code (account)",
    """CREATE TABLE half_session (
      token_hash TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
      expires_at TEXT NOT NULL)""",
    # How a session was begun, when its owner last proved who they are, and a keyed hash of the network it came from.
    "ALTER TABLE session ADD COLUMN way TEXT NOT NULL DEFAULT 'password'",
    "ALTER TABLE session ADD COLUMN proved_at TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE session ADD COLUMN network TEXT NOT NULL DEFAULT ''",
)

BEGUN_LASTS = timedelta(minutes=15)
"""How long a secret waits for its first code."""
HALF_LASTS = timedelta(minutes=10)
"""How long a sign-in waits for its second step."""


@dataclass(frozen=True, slots=True)
class Totp:
    """A secret, encrypted. ``last_step`` is the last step of time whose code was taken; ``since`` is UTC text."""

    account: str
    sealed: str
    since: str
    last_step: int


def totp(conn: Connection, account: str) -> Totp | None:
    """The secret in use, None when the account has none."""
    return _totp(conn, account, "on", "")


def begun_totp(conn: Connection, account: str, now: datetime) -> Totp | None:
    """The secret that waits for its first code, None when there is none or it has waited too long."""
    return _totp(conn, account, "begun", to_utc_text(now - BEGUN_LASTS))


def _totp(conn: Connection, account: str, state: str, after: str) -> Totp | None:
    row = conn.execute(
        "SELECT account, sealed, since, last_step FROM totp WHERE account = :account AND state = :state"
        " AND since > :after",
        {"account": account, "state": state, "after": after},
    ).first()
    return Totp(*row) if row else None


def begin_totp(conn: Connection, account: str, sealed: str, now: datetime) -> None:
    """Keep a secret that waits for its first code; an earlier one that waited goes."""
    conn.execute("DELETE FROM totp WHERE account = :account AND state = 'begun'", {"account": account})
    conn.execute(
        "INSERT INTO totp (account, state, sealed, since) VALUES (:account, 'begun', :sealed, :now)",
        {"account": account, "sealed": sealed, "now": to_utc_text(now)},
    )


def turn_on_totp(conn: Connection, begun: Totp, step: int, now: datetime) -> bool:
    """Take the secret that waited into use, in place of any other; False when it waits no more."""
    conn.execute("DELETE FROM totp WHERE account = :account AND state = 'on'", {"account": begun.account})
    sql = """UPDATE totp SET state = 'on', since = :now, last_step = :step
    WHERE account = :account AND state = 'begun' AND sealed = :sealed"""
    params = {"account": begun.account, "sealed": begun.sealed, "step": step, "now": to_utc_text(now)}
    return conn.execute(sql, params).rowcount == 1


def use_step(conn: Connection, account: str, sealed: str, step: int) -> bool:
    """Use a step of time up, and all before it (RFC 6238, section 5.2); False when it was used already."""
    sql = """UPDATE totp SET last_step = :step
    WHERE account = :account AND state = 'on' AND sealed = :sealed AND last_step < :step"""
    return conn.execute(sql, {"account": account, "sealed": sealed, "step": step}).rowcount == 1


def drop_totp(conn: Connection, account: str) -> bool:
    """Forget the account's secrets; whether one was in use."""
    conn.execute("DELETE FROM totp WHERE account = :account AND state = 'begun'", {"account": account})
    return conn.execute("DELETE FROM totp WHERE account = :account", {"account": account}).rowcount > 0


# --- recovery codes ---------------------------------------------------------------------------------------------------


def put_recovery(conn: Connection, account: str, hashes: Sequence[str], now: datetime) -> None:
    """A new set in place of whatever is left of the old one."""
    drop_recovery(conn, account)
    for each in hashes:
        conn.execute(
            "INSERT INTO recovery_code (id, account, hash, made_at) VALUES (:id, :account, :hash, :now)",
            {"id": secrets.token_hex(8), "account": account, "hash": each, "now": to_utc_text(now)},
        )


def recovery(conn: Connection, account: str) -> tuple[tuple[str, str], ...]:
    """(id, hash) of the codes not used yet."""
    rows = conn.execute("SELECT id, hash FROM recovery_code WHERE account = :account ORDER BY id", {"account": account})
    return tuple((str(identity), str(hashed)) for identity, hashed in rows)


def use_recovery(conn: Connection, identity: str) -> bool:
    """Use a code up; False when somebody else just did."""
    return conn.execute("DELETE FROM recovery_code WHERE id = :id", {"id": identity}).rowcount == 1


def drop_recovery(conn: Connection, account: str) -> None:
    """Forget the codes that are left."""
    conn.execute("DELETE FROM recovery_code WHERE account = :account", {"account": account})


def recovery_left(conn: Connection, account: str) -> int:
    """How many codes are left."""
    sql = "SELECT count(*) FROM recovery_code WHERE account = :account"
    return int(one(conn.execute(sql, {"account": account}))[0])


# --- sign-ins that wait -----------------------------------------------------------------------------------------------


def start_half(conn: Connection, account: str, now: datetime) -> str:
    """A sign-in that waits for its second step; its token, 256 random bits, opens nothing but that step."""
    conn.execute("DELETE FROM half_session WHERE expires_at <= :now", {"now": to_utc_text(now)})
    token = secrets.token_urlsafe(32)
    conn.execute(
        "INSERT INTO half_session (token_hash, account, expires_at) VALUES (:hash, :account, :end)",
        {"hash": digest(token), "account": account, "end": to_utc_text(now + HALF_LASTS)},
    )
    return token


def half(conn: Connection, token: str, now: datetime) -> Account | None:
    """Whose sign-in waits; None when it waits no more, or its account may not be in."""
    row = conn.execute(
        f"""SELECT {COLUMNS} FROM half_session h JOIN account a ON a.id = h.account
        WHERE h.token_hash = :hash AND h.expires_at > :now AND a.locked = 0 AND a.left_at IS NULL""",
        {"hash": digest(token), "now": to_utc_text(now)},
    ).first()
    return account_of(row) if row else None


def end_half(conn: Connection, token: str) -> bool:
    """End a sign-in that waits; whether it waited."""
    return conn.execute("DELETE FROM half_session WHERE token_hash = :hash", {"hash": digest(token)}).rowcount == 1


def end_halves(conn: Connection, account: str) -> None:
    """End all sign-ins of an account that wait."""
    conn.execute("DELETE FROM half_session WHERE account = :account", {"account": account})

"""Addresses at which a calendar program reads the last days of a register's requests: hashes of tokens alone."""

from __future__ import annotations

import secrets
from datetime import datetime

from seloste.clock import to_utc_text
from seloste.store.engine import Connection
from seloste.store.sessions import digest

# An address goes with the account that made it, and with the register.
TABLE = """CREATE TABLE calendar_feed (
  token_hash TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  register TEXT NOT NULL, created_at TEXT NOT NULL, UNIQUE (account, register))"""


def make(conn: Connection, account: str, register: str, now: datetime) -> str:
    """A new address' token, 256 random bits; the account's earlier one of the register ends."""
    end(conn, account, register)
    token = secrets.token_urlsafe(32)
    conn.execute(
        "INSERT INTO calendar_feed (token_hash, account, register, created_at)"
        " VALUES (:hash, :account, :register, :at)",
        {"hash": digest(token), "account": account, "register": register, "at": to_utc_text(now)},
    )
    return token


def end(conn: Connection, account: str, register: str) -> bool:
    """Let the address lead nowhere; whether there was one."""
    sql = "DELETE FROM calendar_feed WHERE account = :account AND register = :register"
    return conn.execute(sql, {"account": account, "register": register}).rowcount == 1


def end_all(conn: Connection, account: str) -> None:
    """Let all addresses of an account lead nowhere."""
    conn.execute("DELETE FROM calendar_feed WHERE account = :account", {"account": account})


def made_at(conn: Connection, account: str, register: str) -> str | None:
    """When the account's address of a register was made (UTC text), None when there is none."""
    sql = "SELECT created_at FROM calendar_feed WHERE account = :account AND register = :register"
    row = conn.execute(sql, {"account": account, "register": register}).first()
    return str(row[0]) if row is not None else None


def whose(conn: Connection, token: str) -> tuple[str, str] | None:
    """(account, register) of a token."""
    sql = "SELECT account, register FROM calendar_feed WHERE token_hash = :hash"
    row = conn.execute(sql, {"hash": digest(token)}).first()
    return (str(row[0]), str(row[1])) if row is not None else None

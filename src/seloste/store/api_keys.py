"""Keys by which programs come in: each opens one register through one lens. Only the hash of a key is kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from seloste.clock import to_utc_text
from seloste.store.engine import Connection

TABLE = """CREATE TABLE api_key (
  id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, register TEXT NOT NULL, lens TEXT NOT NULL,
  created_at TEXT NOT NULL, revoked_at TEXT)"""

PREFIX = "seloste_"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key; the key itself was shown once."""

    id: str
    name: str
    register: str
    lens: str
    created_at: str
    revoked_at: str | None


def _hash(token: str) -> str:
    # A key holds 256 random bits, so a fast hash is as good as a slow one.
    return hashlib.sha256(token.encode()).hexdigest()


def make(conn: Connection, name: str, register: str, lens: str, now: datetime) -> tuple[ApiKey, str]:
    """Store a new key; returns it and the token, which is nowhere afterwards."""
    token = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey("k" + secrets.token_hex(6), name, register, lens, to_utc_text(now), None)
    conn.execute(
        "INSERT INTO api_key (id, hash, name, register, lens, created_at)"
        " VALUES (:id, :hash, :name, :register, :lens, :at)",
        {"id": key.id, "hash": _hash(token), "name": name, "register": register, "lens": lens, "at": key.created_at},
    )
    return key, token


def find(conn: Connection, token: str) -> ApiKey | None:
    """The standing key of a token, None for any other text."""
    row = conn.execute(
        "SELECT id, name, register, lens, created_at, revoked_at FROM api_key"
        " WHERE hash = :hash AND revoked_at IS NULL",
        {"hash": _hash(token)},
    ).first()
    return ApiKey(*row) if row else None


def every(conn: Connection) -> tuple[ApiKey, ...]:
    """All keys, standing and revoked."""
    rows = conn.execute("SELECT id, name, register, lens, created_at, revoked_at FROM api_key ORDER BY created_at, id")
    return tuple(ApiKey(*row) for row in rows)


def revoke(conn: Connection, key: str, now: datetime) -> bool:
    """End a key at once; whether there was a standing one."""
    done = conn.execute(
        "UPDATE api_key SET revoked_at = :at WHERE id = :id AND revoked_at IS NULL", {"id": key, "at": to_utc_text(now)}
    )
    return done.rowcount == 1

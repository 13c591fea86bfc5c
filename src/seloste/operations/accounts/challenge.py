"""Challenges that a passkey signs: made and known again without being kept, of use once, for five minutes.

A challenge carries its end and our mark, which binds it to what it is for and to the session that asked. So asking
writes nothing down, whoever asks; only one that was answered rightly is noted, and is not taken again.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Literal

from seloste.store import identified
from seloste.store.deployment import secret
from seloste.store.engine import Connection

Use = Literal["sign_in", "step", "confirm", "add"]
LASTS = timedelta(minutes=5)
NONCE, END = 16, 8


def make(conn: Connection, use: Use, binding: str, now: datetime) -> bytes:
    """A challenge: 128 random bits, when it ends, and our mark."""
    head = secrets.token_bytes(NONCE) + int((now + LASTS).timestamp()).to_bytes(END)
    return head + _mark(conn, use, binding, head)


def stands(conn: Connection, challenge: bytes, use: Use, binding: str, now: datetime) -> bool:
    """Whether it is ours, for this use and session, and still in time."""
    head, mark = challenge[: NONCE + END], challenge[NONCE + END :]
    if not hmac.compare_digest(mark, _mark(conn, use, binding, head)):
        return False
    return now.timestamp() < int.from_bytes(head[NONCE:])


def use_up(conn: Connection, challenge: bytes, now: datetime) -> bool:
    """Use it up; False when it was used before."""
    return identified.use_up(conn, "passkey:" + hashlib.sha256(challenge).hexdigest(), now + LASTS, now)


def _mark(conn: Connection, use: Use, binding: str, head: bytes) -> bytes:
    return hmac.digest(secret(conn), f"passkey:{use}:{binding}:".encode() + head, "sha256")

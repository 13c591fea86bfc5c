"""One-time codes of time (TOTP, RFC 6238): six digits, SHA-1, 30 seconds, which every app reads."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from cryptography.hazmat.primitives.twofactor.totp import TOTP

DIGITS = 6
STEP = 30
"""Seconds for which a code is shown."""
BYTES = 20
"""Length of a secret: 160 bits, as RFC 4226, section 4, recommends."""
DRIFT = 1
"""Steps before and after the present one whose code is taken too, for a clock that is off (RFC 6238, section 6)."""


def new_secret() -> bytes:
    """A secret that nobody knows yet."""
    return secrets.token_bytes(BYTES)


def text_of(secret: bytes) -> str:
    """The secret as a person types it into an app: Base32 in groups of four."""
    plain = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def uri(secret: bytes, email: str, issuer: str) -> str:
    """The ``otpauth://`` address that an app reads from a QR code."""
    return TOTP(secret, DIGITS, SHA1(), STEP).get_provisioning_uri(email, issuer)  # noqa: S303  what apps know


def code(secret: bytes, step: int) -> str:
    """The code of a step of time."""
    return HOTP(secret, DIGITS, SHA1()).generate(step).decode()  # noqa: S303


def step_of(secret: bytes, typed: str, now: datetime) -> int | None:
    """The step of time that a code is of, None when it is of none near ``now``."""
    present = int(now.timestamp()) // STEP
    found = None
    # All are compared, and each in the same time, so that nothing is learnt from how long it took.
    for step in range(present - DRIFT, present + DRIFT + 1):
        if hmac.compare_digest(code(secret, step).encode(), typed.encode()):
            found = step
    return found

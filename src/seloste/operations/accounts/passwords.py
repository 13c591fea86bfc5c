"""Passwords: what makes one good enough, and their argon2id hashes (RFC 9106).

Rules follow NIST SP 800-63B: length instead of character classes, paste allowed, nothing expires by the calendar.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error, InvalidHashError

from seloste.operations.accounts.common import is_common
from seloste.operations.accounts.errors import PasswordError

SHORTEST = 12
LONGEST = 1024

# 19 MiB, two passes: the smallest setting OWASP's password cheat sheet recommends; a small machine can bear it.
IN_USE = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
HASHER = IN_USE
_at_once = threading.BoundedSemaphore(4)
"""Hashes computed at the same time, so that a flood of sign-ins takes no more than some 80 MB."""

_COMMON = ("password", "salasana", "qwerty", "kirjaudu", "abcdef", "123456", "letmein", "welcome", "seloste")


def normal(password: str) -> str:
    """The same password however a keyboard composed its letters (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, *, email: str, name: str) -> None:
    """Raises PasswordError for a password that is too short, too long or too easy to guess."""
    plain = normal(password)
    if len(plain) < SHORTEST:
        raise PasswordError(
            f"Salasana on liian lyhyt. Kirjoita vähintään {SHORTEST} merkkiä, esimerkiksi neljä sanaa peräkkäin.",
            f"The password is too short. Write at least {SHORTEST} characters, for example four words in a row.",
        )
    if len(plain) > LONGEST:
        raise PasswordError(
            f"Salasana on liian pitkä. Siinä saa olla enintään {LONGEST} merkkiä.",
            f"The password is too long. It may have {LONGEST} characters at most.",
        )
    rest = plain.casefold()
    for word in (*_COMMON, email.casefold(), email.partition("@")[0].casefold(), *name.casefold().split()):
        if len(word) > 2:
            rest = rest.replace(word, "")
    if len(set(rest)) < 5 or is_common(plain):
        raise PasswordError(
            "Salasana on liian helppo arvata. Valitse sanoja, jotka eivät liity sinuun eivätkä toista samaa.",
            "The password is too easy to guess. Choose words that have nothing to do with you and do not repeat.",
        )


def readable_secret() -> str:
    """79 random bits that can be read aloud: four groups of four letters and digits that do not look alike."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))


def hashed(password: str) -> str:
    """The argon2id hash of a password, with its salt and settings."""
    with _at_once:
        return HASHER.hash(normal(password))


@cache
def nobodys_hash() -> str:
    """A hash that no password has, computed as all others are."""
    return hashed("\x00")


def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is the one hashed. As long in time when there is no hash: nobody learns who has one."""
    decoy = nobodys_hash()
    # A text beyond what may be set is not hashed at all, for any account alike.
    if len(password) > LONGEST * 4:
        return False
    with _at_once:
        try:
            HASHER.verify(password_hash or decoy, normal(password))
        except (Argon2Error, InvalidHashError):
            return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was computed with weaker settings than new ones."""
    return HASHER.check_needs_rehash(password_hash)

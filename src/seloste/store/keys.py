"""Keys: what sensitive items are encrypted with, and what the database's logins are named by.

One master secret lives in a file of its own, outside the database and outside its backups; every other key is derived
from it by HKDF (RFC 5869), so that a register handed over or destroyed takes only its own.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from seloste.store.engine import StoreError

NONCE = 12


def master_secret(path: Path) -> bytes:
    """The installation's secret (32 bytes), made with mode 0600 on first use. Raises StoreError when it is damaged."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32) + "\n")
    text = path.read_text().strip()
    try:
        secret = bytes.fromhex(text)
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise StoreError(
            "Avaintiedosto on viallinen. Palauta se varmuuskopiostaan; ilman sitä arkaluonteisia tietoja ei voi lukea.",
            "The key file is damaged. Restore it from its own backup; without it sensitive items cannot be read.",
        )
    return secret


class Keys:
    """The keys of one register."""

    def __init__(self, master: bytes, register: str) -> None:
        self._master = master
        self._register = register
        self._cipher = AESGCM(self._derive("cells"))
        self._lookup = self._derive("lookup")

    def _derive(self, use: str) -> bytes:
        info = f"seloste:{self._register}:{use}".encode()
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(self._master)

    def encrypt(self, text: str, *, place: str) -> bytes:
        """Encrypt a cell. ``place`` (``kind.item``) is bound in, so a cell cannot be moved to another column."""
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, text.encode(), place.encode())

    def decrypt(self, cell: bytes, *, place: str) -> str:
        """The text of a cell. Raises StoreError when the key is another or the cell was changed."""
        try:
            return self._cipher.decrypt(bytes(cell[:NONCE]), bytes(cell[NONCE:]), place.encode()).decode()
        except InvalidTag as problem:
            raise StoreError(
                "Salattua tietoa ei voi avata tällä avaimella.", "An encrypted item cannot be opened with this key."
            ) from problem

    def lookup(self, text: str, *, place: str) -> str:
        """A keyed hash by which an encrypted value can be found, and by nobody without the key."""
        return hmac.new(self._lookup, f"{place}\0{text}".encode(), hashlib.sha256).hexdigest()

    def password(self, login: str) -> str:
        """The password of a database login of this register; derived, so that none is stored."""
        return hmac.new(self._derive("logins"), login.encode(), hashlib.sha256).hexdigest()

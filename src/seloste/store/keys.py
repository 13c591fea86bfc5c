"""Keys: what sensitive items are encrypted with, and what the database's logins are named by.

One master secret lives in a file of its own, outside the database and outside its backups; every other key is derived
from it by HKDF (RFC 5869), so that what is known of one register's keys tells nothing of another's. The file destroyed,
nothing that was encrypted in any register, backup or log can be read again.
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


class KeyLostError(StoreError):
    """The key file is not there, or is that of another installation, though data are."""


def master_secret(path: Path, *, make: bool) -> bytes:
    """The installation's secret (32 bytes); with ``make`` it is made, mode 0600, when there is none yet.

    Raises StoreError when the file is damaged or cannot be read, KeyLostError when it is not there and must be.
    """
    if make:
        _make(path)
    try:
        text = path.read_text("ascii").strip()
    except FileNotFoundError as problem:
        raise KeyLostError(
            f"Avaintiedostoa {path} ei ole, vaikka rekistereitä on. Palauta se varmuuskopiostaan tähän paikkaan, tai "
            "kerro asetuksella SELOSTE_KEY_FILE, missä se on. Uusi avain ei avaisi salattuja tietoja, joten sitä ei "
            "tehdä.",
            f"There is no key file {path}, though there are registers. Restore it there from its own backup, or say "
            "with SELOSTE_KEY_FILE where it is. A new key would not open what is encrypted, so none is made.",
        ) from problem
    except OSError as problem:
        raise StoreError(
            f"Avaintiedostoa {path} ei voi lukea. Anna sen lukuoikeus käyttäjälle, joka ajaa tämän komennon.",
            f"The key file {path} cannot be read. Let the user who runs this command read it.",
        ) from problem
    except UnicodeDecodeError:
        text = ""
    try:
        secret = bytes.fromhex(text)
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise StoreError(
            f"Avaintiedosto {path} on viallinen. Palauta se varmuuskopiostaan; ilman sitä arkaluonteisia tietoja ei "
            "voi lukea.",
            f"The key file {path} is damaged. Restore it from its own backup; without it sensitive items cannot be "
            "read.",
        )
    return secret


def _make(path: Path) -> None:
    """A new key file, whole from its first moment; one that another program made meanwhile stays."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(32) + "\n")
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def mark_of(master: bytes) -> str:
    """By what the data know their key again, and learn nothing of it."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"seloste:mark").derive(master).hex()


def not_that_key(path: Path) -> KeyLostError:
    """The error for a key file of another installation."""
    return KeyLostError(
        f"Avaintiedosto {path} ei ole se, jolla näiden rekisterien tiedot on salattu. Palauta oikea varmuuskopiostaan.",
        f"The key file {path} is not the one that the data of these registers were encrypted with. Restore the right "
        "one from its own backup.",
    )


class Keys:
    """The keys of one register."""

    def __init__(self, master: bytes, register: str) -> None:
        self._master = master
        self._register = register
        self._cipher = AESGCM(self._derive("cells"))
        self._lookup = self._derive("lookup")
        self._bans = self._derive("bans")

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

    def fingerprint(self, text: str) -> str:
        """A keyed hash by which an address that is gone is known again; its key is for this and nothing else."""
        return hmac.new(self._bans, text.encode(), hashlib.sha256).hexdigest()

    def password(self, login: str) -> str:
        """The password of a database login of this register; derived, so that none is stored."""
        return hmac.new(self._derive("logins"), login.encode(), hashlib.sha256).hexdigest()

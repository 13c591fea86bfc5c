"""Who may come in, as a file beside the ledgers: so that a restore lets in nobody who was shut out after the backup.

It holds ids, roles and marks of passwords and of second steps, no name and no address, and is written anew whole. What
it does not name is shut: an account, a role, a key of a program, the address of a calendar, a phone lost since.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from seloste.clock import to_utc_text
from seloste.store.engine import Connection
from seloste.store.ledger_file import LedgerError

FILE = "access.json"

_OPEN = "SELECT id, password_hash FROM account WHERE left_at IS NULL AND locked = 0 ORDER BY id"
_ROLES = "SELECT account, register, lens, lead FROM granted ORDER BY account, register, lens"
_KEYS = "SELECT id FROM api_key WHERE revoked_at IS NULL ORDER BY id"
_FEEDS = "SELECT token_hash FROM calendar_feed ORDER BY token_hash"
_CODES = "SELECT account, sealed FROM totp WHERE state = 'on' ORDER BY account"
_PASSKEYS = "SELECT account, credential FROM passkey ORDER BY account, credential"


@dataclass(frozen=True, slots=True)
class Shut:
    """What a restore shut that the backup had open: accounts, roles, keys of programs; and passwords taken away since
    they, or the second step beside them, were changed after it."""

    accounts: int = 0
    roles: int = 0
    keys: int = 0
    passwords: int = 0


def _mark(password_hash: str | None) -> str:
    """By what a password is known not to have changed; the hash it is of has a salt, so it tells nothing more."""
    return hashlib.sha256(password_hash.encode()).hexdigest()[:16] if password_hash else ""


def write(conn: Connection, folder: Path, now: datetime, *, anew: bool = False) -> bool:
    """Bring the file up to date when something changed, or ``anew`` in any case; whether it was. Raises LedgerError.

    Where there is no account nothing is written: an installation that waits for its backup must not forget who was in.
    A file of another installation, with which this has no account in common, is kept beside it.
    """
    state = _state(conn)
    known = [row[0] for row in conn.execute("SELECT id FROM account")]
    path = folder / FILE
    before = _read(path)
    if not known or (not anew and before is not None and before["state"] == state):
        return False
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if before is not None and before["known"] and not set(before["known"]) & set(known):
            path.rename(folder / f"access.{before['at'].replace(':', '')}.json")
        fresh = path.with_name(f".{FILE}.new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump({"format": 1, "at": to_utc_text(now), "known": sorted(known), "state": state}, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as problem:
        raise LedgerError(
            f"Tiedostoa {path} ei voi kirjoittaa. Tarkista kansion oikeudet ja vapaa tila (SELOSTE_LEDGER_DIR).",
            f"The file {path} cannot be written. Check the folder's permissions and free space (SELOSTE_LEDGER_DIR).",
        ) from problem
    return True


def _state(conn: Connection) -> dict[str, Any]:
    return {
        "accounts": {identity: _mark(hashed) for identity, hashed in conn.execute(_OPEN)},
        "roles": [[account, register, lens, int(lead)] for account, register, lens, lead in conn.execute(_ROLES)],
        "keys": [key for (key,) in conn.execute(_KEYS)],
        "feeds": [_mark(token) for (token,) in conn.execute(_FEEDS)],
        "codes": {account: _mark(sealed) for account, sealed in conn.execute(_CODES)},
        "passkeys": {_mark(credential): account for account, credential in conn.execute(_PASSKEYS)},
    }


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "state" in found else None


def find(folder: Path, known: Iterable[str], made_at: str) -> dict[str, Any] | None:
    """The newest state of an installation that has some of these accounts, if it is as new as the backup."""
    wanted = set(known)
    found = [state for path in folder.glob("access*.json") if (state := _read(path)) and wanted & set(state["known"])]
    newest = max(found, key=lambda each: str(each["at"]), default=None)
    return newest["state"] if newest is not None and str(newest["at"]) >= made_at else None


def shut(conn: Connection, state: dict[str, Any], now: datetime) -> Shut:
    """Shut what the state does not name, in the caller's transaction."""
    accounts = passwords = roles = keys = 0
    for identity, hashed in conn.execute(_OPEN).all():
        if identity not in state["accounts"]:
            accounts += 1
            conn.execute("UPDATE account SET locked = 1 WHERE id = :id", {"id": identity})
        elif hashed and state["accounts"][identity] != _mark(hashed):
            passwords += 1
            conn.execute("UPDATE account SET password_hash = NULL WHERE id = :id", {"id": identity})
    kept = {(account, register, lens): lead for account, register, lens, lead in state["roles"]}
    for account, register, lens, lead in conn.execute(_ROLES).all():
        known = kept.get((account, register, lens))
        about = {"account": account, "register": register, "lens": lens}
        where = "account = :account AND register = :register AND lens = :lens"
        if known is None:
            roles += conn.execute(f"DELETE FROM granted WHERE {where}", about).rowcount
        elif lead and not known:
            roles += conn.execute(f"UPDATE granted SET lead = 0 WHERE {where}", about).rowcount
    for (key,) in conn.execute(_KEYS).all():
        if key not in state["keys"]:
            keys += 1
            conn.execute("UPDATE api_key SET revoked_at = :at WHERE id = :id", {"id": key, "at": to_utc_text(now)})
    for (token,) in conn.execute(_FEEDS).all():
        if _mark(token) not in state["feeds"]:
            conn.execute("DELETE FROM calendar_feed WHERE token_hash = :token", {"token": token})
    return Shut(accounts, roles, keys, passwords + _shut_steps(conn, state))


def _shut_steps(conn: Connection, state: dict[str, Any]) -> int:
    """Drop second steps that were removed or replaced since; how many passwords were taken away for it.

    Whoever had a second step and gets none back must not come in by a password alone: they are sent a link.
    """
    if "codes" not in state:
        return 0
    for account, sealed in conn.execute(_CODES).all():
        if state["codes"].get(account) != _mark(sealed):
            conn.execute("DELETE FROM totp WHERE account = :account", {"account": account})
    for _, credential in conn.execute(_PASSKEYS).all():
        if _mark(credential) not in state["passkeys"]:
            conn.execute("DELETE FROM passkey WHERE credential = :credential", {"credential": credential})
    left = {account for sql in (_CODES, _PASSKEYS) for account, _ in conn.execute(sql).all()}
    bare = ({*state["codes"], *state["passkeys"].values()}) - left
    sql = "UPDATE account SET password_hash = NULL WHERE id = :id AND password_hash IS NOT NULL"
    return sum(conn.execute(sql, {"id": account}).rowcount for account in sorted(bare))

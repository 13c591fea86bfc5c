"""Passkeys (W3C Web Authentication): added, removed, and used to sign in, as a second step, or as fresh proof.

Every passkey is kept on its device and verifies its user there (by a finger or a number), so that one alone is two
factors and lets somebody in without a password. Nothing is asked of the device's maker, and nothing of it is kept.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seloste.operations.accounts import attempts, challenge
from seloste.operations.accounts.challenge import Use
from seloste.operations.accounts.create import one_name
from seloste.operations.accounts.errors import AccountError, HalfGoneError, PasskeyRefusedError
from seloste.operations.accounts.proof import proved
from seloste.operations.accounts.relying import RelyingParty
from seloste.operations.accounts.second_step import TurnedOn, added, fresh_recovery, removed, waiting_sign_in
from seloste.operations.accounts.session import Open
from seloste.operations.accounts.sign_in import SignedIn, begin_session, refuse
from seloste.store import accounts, journal, passkeys, second_step, sessions
from seloste.store.accounts import Account
from seloste.store.engine import Connection, Database
from seloste.store.passkeys import Passkey

MOST = 10
"""Passkeys of one account."""
MOST_NAME = 60
ANSWER = 16_384
"""Longest answer of a browser that is read."""
NOBODYS_MODEL = bytes(16)
"""In place of what would tell the make of the device."""

# Ids of passkeys do not belong into a log.
logging.getLogger("fido2").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a challenge was for, and in which session."""

    party: RelyingParty
    use: Use
    binding: str = ""


# --- what a browser is asked ------------------------------------------------------------------------------------------


def to_sign_in(deployment: Database, party: RelyingParty, *, now: datetime) -> dict[str, Any]:
    """Whoever has a passkey of this host may answer."""
    return _get(deployment, _Asked(party, "sign_in"), None, now)


def to_finish(deployment: Database, party: RelyingParty, half_token: str, *, now: datetime) -> dict[str, Any]:
    """The second step of a sign-in that waits. Raises HalfGoneError."""
    account = waiting_sign_in(deployment, half_token, now=now)
    if account is None:
        raise HalfGoneError
    return _get(deployment, _Asked(party, "step", sessions.digest(half_token)), account.id, now)


def to_confirm(deployment: Database, party: RelyingParty, opened: Open, *, now: datetime) -> dict[str, Any]:
    """Fresh proof in an open session."""
    return _get(deployment, _Asked(party, "confirm", opened.session.id), opened.account.id, now)


def _get(deployment: Database, asked: _Asked, account: str | None, now: datetime) -> dict[str, Any]:
    with deployment.read() as conn:
        made = challenge.make(conn, asked.use, asked.binding, now)
        known = passkeys.of_account(conn, account) if account is not None else ()
    return {
        "challenge": _text(made),
        "rpId": asked.party.id,
        "allowCredentials": [{"type": "public-key", "id": each.credential} for each in known],
        "userVerification": "required",
        "timeout": int(challenge.LASTS.total_seconds() * 1000),
    }


def to_add(deployment: Database, party: RelyingParty, opened: Open, *, now: datetime) -> dict[str, Any]:
    """Make a passkey for this account; one that it has already is not made again."""
    from fido2.cose import CoseKey

    account = opened.account
    with deployment.read() as conn:
        made = challenge.make(conn, "add", opened.session.id, now)
        known = passkeys.of_account(conn, account.id)
    return {
        "rp": {"id": party.id, "name": "Seloste"},
        "user": {"id": _text(account.id.encode()), "name": account.email, "displayName": account.name},
        "challenge": _text(made),
        "pubKeyCredParams": [{"type": "public-key", "alg": each} for each in CoseKey.supported_algorithms()],
        "excludeCredentials": [{"type": "public-key", "id": each.credential} for each in known],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
        "timeout": int(challenge.LASTS.total_seconds() * 1000),
    }


# --- added and removed ------------------------------------------------------------------------------------------------


def add(deployment: Database, party: RelyingParty, opened: Open, answer: str, name: str, *, now: datetime) -> TurnedOn:
    """Keep a passkey that the browser made; the account's other sessions end.

    Raises PasskeyRefusedError, and AccountError for one too many or a name that is none.
    """
    called = _called(name)
    asked = _Asked(party, "add", opened.session.id)
    signed = _challenge_of(answer)
    with deployment.read() as conn:
        stands = challenge.stands(conn, signed, "add", asked.binding, now)
        _check_room(conn, opened)
    made = _registered(asked, signed, answer) if stands else None
    if made is None:
        refuse(deployment, opened.account.id, "add_second_step", now)
        raise PasskeyRefusedError
    credential, data, uses = made
    codes = fresh_recovery()
    with deployment.transaction() as conn:
        accounts.lock(conn, opened.account.id)
        _check_room(conn, opened)
        fresh = challenge.use_up(conn, signed, now)
        if not fresh or passkeys.insert(conn, opened.account.id, credential, data, uses, called, now) is None:
            raise PasskeyRefusedError
        sessions.prove(conn, opened.session.id, now, way="passkey")
        return added(conn, opened, "passkey", codes, now)


def remove(deployment: Database, opened: Open, passkey: str, *, required: bool, now: datetime) -> None:
    """Forget a passkey. Raises AccountError when it is not the account's, or the last second step that is required."""
    with deployment.transaction() as conn:
        accounts.lock(conn, opened.account.id)
        if not passkeys.remove(conn, opened.account.id, passkey):
            raise _none_such()
        removed(conn, opened, "passkey", required=required, now=now)


def rename(deployment: Database, opened: Open, passkey: str, name: str, *, now: datetime) -> None:
    """Call a passkey something else. Raises AccountError when it is not the account's, or for a name that is none."""
    called = _called(name)
    with deployment.transaction() as conn:
        if not passkeys.rename(conn, opened.account.id, passkey, called):
            raise _none_such()
        journal.append(conn, journal.Entry(now, opened.account.id, "", "rename_passkey", note=passkey))


def _called(name: str) -> str:
    """A passkey's name as it is kept. Raises AccountError for one that is none."""
    called = one_name(name, MOST_NAME)
    if called is None:
        raise AccountError(
            f"Anna pääsyavaimelle nimi, enintään {MOST_NAME} merkkiä, esimerkiksi laitteen nimi.",
            f"Give the passkey a name of {MOST_NAME} characters at most, for example that of the device.",
        )
    return called


def _check_room(conn: Connection, opened: Open) -> None:
    if len(passkeys.of_account(conn, opened.account.id)) >= MOST:
        raise AccountError(
            f"Pääsyavaimia mahtuu {MOST}. Poista ensin jokin niistä.",
            f"There is room for {MOST} passkeys. Remove one of them first.",
        )


def _none_such() -> AccountError:
    return AccountError("Pääsyavainta ei ole.", "There is no such passkey.")


# --- used -------------------------------------------------------------------------------------------------------------


def sign_in_by(
    deployment: Database,
    party: RelyingParty,
    answer: str,
    *,
    source: str,
    now: datetime,
    agent: str = "",
    old_token: str | None = None,
) -> SignedIn:
    """Sign in by a passkey alone. Raises PasskeyRefusedError and SignInThrottledError."""
    account = _proved(deployment, _Asked(party, "sign_in"), answer, None, source, now)
    with deployment.transaction() as conn:
        _check_still(conn, account, answer)
        return begin_session(conn, account, "passkey", source=source, agent=agent, old_token=old_token, now=now)


def finish_by(
    deployment: Database,
    party: RelyingParty,
    half_token: str,
    answer: str,
    *,
    source: str,
    now: datetime,
    agent: str = "",
    old_token: str | None = None,
) -> SignedIn:
    """The second step by a passkey. Raises HalfGoneError, PasskeyRefusedError and SignInThrottledError."""
    waiting = waiting_sign_in(deployment, half_token, now=now)
    if waiting is None:
        raise HalfGoneError
    asked = _Asked(party, "step", sessions.digest(half_token))
    account = _proved(deployment, asked, answer, waiting.id, source, now)
    with deployment.transaction() as conn:
        _check_still(conn, account, answer)
        if not second_step.end_half(conn, half_token):
            raise HalfGoneError
        return begin_session(conn, account, "passkey", source=source, agent=agent, old_token=old_token, now=now)


def confirm_by(deployment: Database, party: RelyingParty, opened: Open, answer: str, *, now: datetime) -> None:
    """Fresh proof by a passkey. Raises PasskeyRefusedError and SignInThrottledError."""
    asked = _Asked(party, "confirm", opened.session.id)
    _proved(deployment, asked, answer, opened.account.id, None, now)
    proved(deployment, opened, "passkey", now)


def _proved(
    deployment: Database, asked: _Asked, answer: str, whose: str | None, source: str | None, now: datetime
) -> Account:
    """Whose passkey signed the challenge that was asked; it is used up. ``whose`` is the only account that may be."""
    credential, signed = _credential_of(answer), _challenge_of(answer)
    with deployment.transaction() as conn:
        begun = attempts.begin(conn, credential, source, now, proof="passkey")
        found = passkeys.by_credential(conn, credential)
        account = accounts.by_id(conn, found.account) if found is not None else None
        stands = challenge.stands(conn, signed, asked.use, asked.binding, now)
    uses = None
    if found is not None and account is not None and account.active and stands and whose in (None, account.id):
        uses = _asserted(asked, signed, answer, found)
    if found is not None and account is not None and uses is not None:
        with deployment.transaction() as conn:
            if _used(conn, found, signed, uses, now):
                attempts.succeed(conn, begun, now)
                return account
    refuse(deployment, account.id if account is not None else "unknown", f"passkey_{asked.use}", now)
    raise PasskeyRefusedError


def _check_still(conn: Connection, account: Account, answer: str) -> None:
    """Raises PasskeyRefusedError when the passkey was removed, or its account locked, while it was looked at.

    Until this transaction ends nobody does either; whoever does it after that ends the session that begins here.
    """
    accounts.lock(conn, account.id)
    found, now_is = passkeys.by_credential(conn, _credential_of(answer)), accounts.by_id(conn, account.id)
    if found is None or found.account != account.id or now_is is None or not now_is.active:
        raise PasskeyRefusedError


def _used(conn: Connection, found: Passkey, signed: bytes, uses: int, now: datetime) -> bool:
    return challenge.use_up(conn, signed, now) and passkeys.use(conn, found.id, uses, now)


# --- what a browser answered ------------------------------------------------------------------------------------------


def _read(answer: str) -> Mapping[str, Any]:
    """The answer as JSON; nothing when it is none."""
    try:
        found = json.loads(answer) if len(answer) <= ANSWER else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _credential_of(answer: str) -> str:
    """The id of the passkey that an answer names."""
    found = _read(answer).get("rawId")
    # In base64url, as all of them are; what is not could neither be looked up nor counted.
    return found[:2048] if isinstance(found, str) and found.isascii() and found.isprintable() else ""


def _challenge_of(answer: str) -> bytes:
    """The challenge that an answer says it signed."""
    from fido2.utils import websafe_decode
    from fido2.webauthn import CollectedClientData

    try:
        client = CollectedClientData(websafe_decode(_read(answer)["response"]["clientDataJSON"]))
        return bytes(client.challenge)
    except Exception:  # noqa: BLE001  whatever a library finds in bytes of a stranger, it is no challenge of ours
        return b""


def _registered(asked: _Asked, signed: bytes, answer: str) -> tuple[str, str, int] | None:
    """(id, id and public key, counter) of a new passkey, None when something about it is not as it was asked."""
    from fido2.webauthn import AttestedCredentialData

    try:
        made = _server(asked).register_complete(_state(signed), _read(answer))
        found = made.credential_data
        assert found is not None
        if not _same_site(answer):
            return None
        kept = AttestedCredentialData.create(NOBODYS_MODEL, found.credential_id, found.public_key)
        return _text(found.credential_id), bytes(kept).hex(), made.counter
    except Exception:  # noqa: BLE001  a stranger's bytes: any fault in them is a refusal
        return None


def _asserted(asked: _Asked, signed: bytes, answer: str, found: Passkey) -> int | None:
    """The counter of a passkey that signed the challenge, None when it did not as asked."""
    from fido2.webauthn import AttestedCredentialData, AuthenticationResponse

    try:
        kept = AttestedCredentialData(bytes.fromhex(found.data))
        said = AuthenticationResponse.from_dict(_read(answer))
        _server(asked).authenticate_complete(_state(signed), [kept], said)
        handle = said.response.user_handle
        if handle is not None and handle != found.account.encode():
            return None
        return said.response.authenticator_data.counter if _same_site(answer) else None
    except Exception:  # noqa: BLE001  a stranger's bytes: any fault in them is a refusal
        return None


def _same_site(answer: str) -> bool:
    """Whether no other site showed our page within its own."""
    from fido2.utils import websafe_decode
    from fido2.webauthn import CollectedClientData

    return not CollectedClientData(websafe_decode(_read(answer)["response"]["clientDataJSON"])).cross_origin


def _server(asked: _Asked) -> Any:
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    party = PublicKeyCredentialRpEntity(id=asked.party.id, name="Seloste")
    return Fido2Server(party, verify_origin=lambda origin: origin == asked.party.origin)


def _state(signed: bytes) -> dict[str, Any]:
    from fido2.webauthn import UserVerificationRequirement

    return {"challenge": _text(signed), "user_verification": UserVerificationRequirement.REQUIRED}


def _text(data: bytes) -> str:
    from fido2.utils import websafe_encode

    return websafe_encode(data)

"""To the provider and back (OpenID Connect Core 1.0, section 3.1).

What the way out began with is kept by the browser alone, in a cookie that only we can make: state, nonce and the code
verifier of PKCE follow from it. So nothing is written down by setting out, and an answer is of use only to the browser
that asked, once, at the provider it asked.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import quote, urlencode

from joserfc import jwt
from joserfc.jwk import ECKey

from seloste.clock import from_utc_text, to_utc_text
from seloste.operations.accounts.attempts import network
from seloste.operations.identification.errors import CancelledError, IdentificationError, NotProvenError, OftenError
from seloste.operations.identification.fetch import fetch
from seloste.operations.identification.id_token import Claims, verified
from seloste.operations.identification.metadata import Metadata, metadata
from seloste.operations.identification.own_key import private_key
from seloste.operations.identification.providers import Provider, provider
from seloste.store import identified, sessions
from seloste.store.deployment import secret
from seloste.store.engine import Connection
from seloste.store.registers import Registers
from seloste.store.sessions import Attempt

LASTS = timedelta(minutes=15)
"""How long the way out and back may take."""
TRIES = 30
"""Answers that one network may bring in a day before it waits for an hour."""
HOUR = timedelta(hours=1)
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

Aim = Literal["own", "staff"]

log = logging.getLogger("seloste.identification")


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and what it must keep meanwhile."""

    url: str
    cookie: str


@dataclass(frozen=True, slots=True)
class Trip:
    """A way out that was begun here: to whom, what for, and in which register (empty for the staff).

    ``again``: the provider is asked to ask them anew, though it may know them still.
    """

    provider: str
    aim: Aim
    register: str
    lang: str
    after: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Proven:
    """Somebody was identified: on which trip, by whom, and what was said of them."""

    trip: Trip
    provider: Provider
    claims: Claims


NO_TRIP = "no-trip"
"""Nobody set out to this provider with this browser."""


def callback(registers: Registers, key: str) -> str:
    """Where a provider sends people back to. Each has an address of its own, so that none answers for another."""
    return f"{registers.settings.public_url}/identified/{key}"


def begin(registers: Registers, found: Provider, trip: Trip, *, now: datetime) -> Begun:
    """Set out. Nothing is written down. Raises UnavailableError."""
    where = metadata(found)
    with registers.deployment.read() as conn:
        cookie = _seal(secret(conn), trip, now + LASTS)
    asked = {
        "response_type": "code",
        "client_id": found.client_id,
        "redirect_uri": callback(registers, found.key),
        "scope": " ".join(found.scopes),
        "state": _derived(cookie, "state"),
        "nonce": _derived(cookie, "nonce"),
        "code_challenge": _challenge(cookie),
        "code_challenge_method": "S256",
        "ui_locales": trip.lang,
    }
    if trip.again:
        asked |= {"prompt": "login", "max_age": "0"}
    if found.acr:
        asked["acr_values"] = " ".join(found.acr)
    mark = "&" if "?" in where.authorize else "?"
    return Begun(f"{where.authorize}{mark}{urlencode(asked, quote_via=quote)}", cookie)


def trip_of(registers: Registers, cookie: str | None, now: datetime) -> Trip | None:
    """The trip that a cookie was made for; None for one that is too old or not ours."""
    with registers.deployment.read() as conn:
        return _unseal(secret(conn), cookie, now)


def finish(
    registers: Registers, key: str, answer: Mapping[str, str], cookie: str | None, *, source: str, now: datetime
) -> Proven:
    """Come back from the provider of ``key`` with its ``answer``. Raises IdentificationError."""
    try:
        return _finish(registers, key, answer, cookie, source, now)
    except IdentificationError as problem:
        # Which check failed, nothing of the person or of the answer; without a trip the key is what a stranger wrote.
        log.warning("identification by %s failed: %s", "?" if problem.code == NO_TRIP else key, problem.code)
        raise


def _finish(
    registers: Registers, key: str, answer: Mapping[str, str], cookie: str | None, source: str, now: datetime
) -> Proven:
    trip = trip_of(registers, cookie, now)
    if trip is None or cookie is None or trip.provider != key:
        raise NotProvenError(NO_TRIP)
    if not hmac.compare_digest(answer.get("state", "").encode(), _derived(cookie, "state").encode()):
        raise NotProvenError("state")
    found = provider(registers.settings, key, register=trip.register if trip.aim == "own" else None)
    if found is None:
        raise NotProvenError("no-provider")
    with registers.deployment.transaction() as conn:
        _count(conn, source, now)
        fresh = identified.use_up(conn, _derived(cookie, "used"), now + LASTS, now)
    if not fresh:
        raise NotProvenError("used")
    where = metadata(found)
    _check_sender(found, where, answer)
    if "error" in answer:
        raise CancelledError if answer["error"] in ("access_denied", "login_required") else NotProvenError("refused")
    code = answer.get("code", "")
    if not 0 < len(code) <= 4096:
        raise NotProvenError("code")
    said = _exchange(registers, found, where, code, _derived(cookie, "verifier"), now)
    claims = verified(
        found, said.get("id_token"), nonce=_derived(cookie, "nonce"), access_token=said.get("access_token"), now=now
    )
    return Proven(trip, found, claims)


def _check_sender(found: Provider, where: Metadata, answer: Mapping[str, str]) -> None:
    """The answer came from whom we asked and not from another provider (RFC 9207, section 2.4)."""
    named = answer.get("iss")
    if named is None and where.names_itself:
        raise NotProvenError("sender")
    if named is not None and named != found.issuer:
        raise NotProvenError("sender")


def _exchange(
    registers: Registers, found: Provider, where: Metadata, code: str, verifier: str, now: datetime
) -> Mapping[str, object]:
    """The tokens for a code; only who began the trip can have them (RFC 7636)."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback(registers, found.key),
        "code_verifier": verifier,
        "client_id": found.client_id,
    }
    headers = {}
    if found.private_key_file is not None:
        form |= {"client_assertion_type": ASSERTION, "client_assertion": _assertion(found, where, now)}
    else:
        # RFC 6749, section 2.3.1: both are form-encoded before they are put together.
        pair = f"{quote(found.client_id, safe='')}:{quote(found.secret(), safe='')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    return fetch(where.token, form, headers)


def _assertion(found: Provider, where: Metadata, now: datetime) -> str:
    """Who we are, signed by our own key (RFC 7523, section 3)."""
    key = private_key(found)
    at = int(now.timestamp())
    claims = {
        "iss": found.client_id,
        "sub": found.client_id,
        "aud": where.token,
        "jti": secrets.token_urlsafe(24),
        "iat": at,
        "exp": at + 60,
    }
    algorithm = "ES256" if isinstance(key, ECKey) else "RS256"
    return jwt.encode({"alg": algorithm, "kid": key.thumbprint()}, claims, key)


# --- the cookie -------------------------------------------------------------------------------------------------------


def _seal(key: bytes, trip: Trip, ends: datetime) -> str:
    parts = [secrets.token_urlsafe(32), to_utc_text(ends), trip.provider, trip.aim, trip.register, trip.lang,
             trip.after, trip.again]  # fmt: skip
    text = base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")
    return f"{text}.{_mark(key, text)}"


def _unseal(key: bytes, cookie: str | None, now: datetime) -> Trip | None:
    text, _, mark = (cookie or "").partition(".")
    if not hmac.compare_digest(mark.encode(), _mark(key, text).encode()):
        return None
    # What bears our mark is as we made it, or as the version before did, which an update may find on its way.
    _, ends, found, aim, register, lang, after, *again = json.loads(
        base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    )
    return Trip(found, aim, register, lang, after, again == [True]) if now < from_utc_text(ends) else None


def _mark(key: bytes, text: str) -> str:
    return hmac.digest(key, b"identification:" + text.encode(), "sha256").hex()


def _derived(cookie: str, what: str) -> str:
    """State, nonce and verifier: each follows from the cookie, none from another, and 256 bits of chance are in it."""
    return base64.urlsafe_b64encode(hmac.digest(cookie.encode(), what.encode(), "sha256")).decode().rstrip("=")


def _challenge(cookie: str) -> str:
    digest = hashlib.sha256(_derived(cookie, "verifier").encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _count(conn: Connection, source: str, now: datetime) -> None:
    """One answer more from a network. Raises OftenError."""
    sessions.forget_attempts(conn, now)
    key = "identified:" + hmac.digest(secret(conn), f"identified:{network(source)}".encode(), "sha256").hex()
    known = sessions.attempt_of(conn, key, now)
    if known.locked_until is not None and known.locked_until > to_utc_text(now):
        raise OftenError
    tries = known.failures + 1
    sessions.put_attempt(conn, key, Attempt(tries, to_utc_text(now + HOUR) if tries >= TRIES else None), now)

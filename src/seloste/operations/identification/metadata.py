"""What a provider says of itself (OpenID Connect Discovery 1.0), and the keys it signs with.

Both are kept for an hour. A signature by a key that is not known has the keys fetched anew, so that a provider may
change them whenever it likes (Core, section 10.1.1).
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from seloste.operations.identification.errors import UnavailableError
from seloste.operations.identification.fetch import fetch
from seloste.operations.identification.providers import Provider, is_safe

KEPT = 3600.0
"""Seconds."""
DOWN = 10.0
"""Seconds for which a provider that did not answer is not asked again: nobody ties us up by asking us to ask."""
WAITS = 1.0
"""Seconds for which one waits while another asks the same provider."""
WELL_KNOWN = "/.well-known/openid-configuration"
KINDS = frozenset({"RSA", "EC", "OKP"})
"""Kinds of public keys. A shared key in a public set is a trap, and is not taken."""

PublicKey = RSAKey | ECKey | OKPKey


@dataclass(frozen=True, slots=True)
class Metadata:
    """``names_itself``: the provider puts its issuer into every answer, against mix-up (RFC 9207)."""

    authorize: str
    token: str
    keys: str
    names_itself: bool


_lock = threading.Lock()
_reading: dict[str, threading.Lock] = {}
_down: dict[str, float] = {}
_known: dict[str, tuple[float, Metadata]] = {}
_keys: dict[str, tuple[float, tuple[PublicKey, ...]]] = {}


def metadata(provider: Provider) -> Metadata:
    """Where to send people and where to ask. Raises UnavailableError."""
    if (known := _remembered(provider)) is not None:
        return known
    with _lock:
        turn = _reading.setdefault(provider.issuer, threading.Lock())
    # Whoever waits holds one of the few threads that everybody's pages are made in.
    if not turn.acquire(timeout=WAITS):
        raise UnavailableError("asked-already")
    try:
        # Whoever waited while another asked takes what that one learnt, be it that nobody answers.
        if (known := _remembered(provider)) is not None:
            return known
        try:
            found = _read(provider)
        except UnavailableError:
            with _lock:
                _down[provider.issuer] = time.monotonic()
            raise
        with _lock:
            _known[provider.issuer] = (time.monotonic(), found)
        return found
    finally:
        turn.release()


def _remembered(provider: Provider) -> Metadata | None:
    """What is known still; raises UnavailableError shortly after the provider did not answer."""
    with _lock:
        at, known = _known.get(provider.issuer, (0.0, None))
        down = _down.get(provider.issuer)
    if known is not None and time.monotonic() - at < KEPT:
        return known
    if down is not None and time.monotonic() - down < DOWN:
        raise UnavailableError("down-lately")
    return None


def _read(provider: Provider) -> Metadata:
    said = fetch(provider.issuer.rstrip("/") + WELL_KNOWN)
    # Compared letter by letter: whoever answers must be whom we asked (Discovery, section 4.3).
    if said.get("issuer") != provider.issuer:
        raise UnavailableError("other-issuer")
    addresses = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if not all(isinstance(each, str) and is_safe(each) for each in addresses):
        raise UnavailableError("unsafe-address")
    authorize, token, keys = map(str, addresses)
    return Metadata(authorize, token, keys, said.get("authorization_response_iss_parameter_supported") is True)


def signing_keys(provider: Provider, kid: str | None) -> tuple[PublicKey, ...]:
    """Keys that may have signed: the one of that id, or all when none is named. Raises UnavailableError."""
    with _lock:
        at, known = _keys.get(provider.issuer, (0.0, ()))
    found = _of(known, kid) if time.monotonic() - at < KEPT else ()
    if not found:
        known = _fetch_keys(provider)
        with _lock:
            _keys[provider.issuer] = (time.monotonic(), known)
        found = _of(known, kid)
    return found


def _of(keys: tuple[PublicKey, ...], kid: str | None) -> tuple[PublicKey, ...]:
    return keys if kid is None else tuple(key for key in keys if key.get("kid") == kid)


def _fetch_keys(provider: Provider) -> tuple[PublicKey, ...]:
    said = fetch(metadata(provider).keys).get("keys")
    if not isinstance(said, list):
        raise UnavailableError("no-keys")
    found: list[PublicKey] = []
    for each in said[:100]:
        found += _key(each)
    return tuple(found)


def _key(said: Any) -> list[PublicKey]:
    """One key of the set; none when it is of a kind or a use that is not ours."""
    if not isinstance(said, dict) or said.get("kty") not in KINDS or said.get("use", "sig") != "sig":
        return []
    try:
        read = KeySet.import_key_set({"keys": [said]}).keys
    except (JoseError, ValueError, TypeError, KeyError):
        return []
    return [key for key in read if isinstance(key, RSAKey | ECKey | OKPKey)]


def forget() -> None:
    """Forget what was learnt of all providers."""
    with _lock:
        _known.clear()
        _down.clear()
        _keys.clear()

"""The ID token: opened where it is encrypted to us, its signature checked, then every claim that guards it.

OpenID Connect Core 1.0, section 3.1.3.7. Only signatures by a private key are taken: neither ``none`` nor a shared
secret, whatever the token itself says.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwe, jws
from joserfc.errors import JoseError

from seloste.operations.identification.errors import NotProvenError
from seloste.operations.identification.metadata import signing_keys
from seloste.operations.identification.own_key import private_key
from seloste.operations.identification.providers import Provider

ALGORITHMS = {
    "RS256": "RSA",
    "RS384": "RSA",
    "RS512": "RSA",
    "PS256": "RSA",
    "PS384": "RSA",
    "PS512": "RSA",
    "ES256": "EC",
    "ES384": "EC",
    "ES512": "EC",
    "EdDSA": "OKP",
    "Ed25519": "OKP",
}
"""Algorithm -> kind of key."""
OPENING = [
    "RSA-OAEP", "RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW",
    "A128GCM", "A256GCM", "A128CBC-HS256", "A256CBC-HS512",
]  # fmt: skip
"""How a token may be encrypted to us; RSA1_5 is not among them."""
SLACK = timedelta(seconds=60)
"""How far the provider's clock may be from ours."""
MOST_SECONDS = 1 << 40
"""A time further off is none."""
OLDEST = timedelta(minutes=10)
"""How long ago a token may have been made."""
LONGEST = 64 * 1024
LONGEST_SUBJECT = 255
"""Letters (Core, section 2); signs that no database takes are none."""

Claims = Mapping[str, Any]


def verified(provider: Provider, token: Any, *, nonce: str, access_token: Any = None, now: datetime) -> Claims:
    """The claims of a token that holds. Raises NotProvenError, UnavailableError."""
    if not isinstance(token, str) or not 0 < len(token) <= LONGEST:
        raise NotProvenError("no-token")
    if token.count(".") == 4:
        token = _opened(provider, token)
    header, claims = _signed(provider, token)
    _check_origin(provider, claims)
    _check_times(claims, now)
    _check_level(provider, claims)
    if not _same(claims.get("nonce"), nonce):
        raise NotProvenError("nonce")
    if "at_hash" in claims and not _same(claims["at_hash"], _half_hash(access_token, str(header["alg"]))):
        raise NotProvenError("at-hash")
    return claims


def _opened(provider: Provider, token: str) -> str:
    """The signed token inside an encrypted one (RFC 7519, section 5.2)."""
    if provider.private_key_file is None:
        raise NotProvenError("encrypted")
    try:
        plain = jwe.decrypt_compact(token, private_key(provider), algorithms=OPENING).plaintext
    except (JoseError, ValueError, TypeError, KeyError) as problem:
        raise NotProvenError("encrypted") from problem
    return (plain or b"").decode("ascii", "replace")


def _signed(provider: Provider, token: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Header and claims of a token whose signature is the provider's."""
    header = _part(token)
    kind = ALGORITHMS.get(str(header.get("alg")))
    if kind is None:
        raise NotProvenError("algorithm")
    kid = header.get("kid")
    if kid is not None and not isinstance(kid, str):
        raise NotProvenError("key")
    for key in signing_keys(provider, kid):
        if key.key_type != kind:
            continue
        try:
            payload = jws.deserialize_compact(token, key, algorithms=list(ALGORITHMS)).payload
        except (JoseError, ValueError, TypeError):
            continue
        return header, _object(payload)
    raise NotProvenError("signature")


def _part(token: str) -> dict[str, Any]:
    head, dot, _ = token.partition(".")
    try:
        return _object(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))) if dot else {}
    except ValueError as problem:
        raise NotProvenError("no-token") from problem


def _object(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise NotProvenError("no-token") from problem
    if not isinstance(found, dict):
        raise NotProvenError("no-token")
    return found


def _check_origin(provider: Provider, claims: Claims) -> None:
    """From whom and for whom it is."""
    if claims.get("iss") != provider.issuer:
        raise NotProvenError("issuer")
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    if provider.client_id not in several:
        raise NotProvenError("audience")
    # A token that is for others too says whom it was made for.
    if (len(several) > 1 or "azp" in claims) and claims.get("azp") != provider.client_id:
        raise NotProvenError("audience")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise NotProvenError("subject")


def _check_times(claims: Claims, now: datetime) -> None:
    at, slack = now.timestamp(), SLACK.total_seconds()
    ends, made = _seconds(claims, "exp"), _seconds(claims, "iat")
    if ends + slack <= at:
        raise NotProvenError("expired")
    if made - slack > at or made < at - OLDEST.total_seconds():
        raise NotProvenError("made-when")
    if "nbf" in claims and _seconds(claims, "nbf") - slack > at:
        raise NotProvenError("made-when")


def _seconds(claims: Claims, name: str) -> float:
    found = claims.get(name)
    # What is no number is neither before nor after anything, so it would pass every check.
    if isinstance(found, bool) or not isinstance(found, int | float) or not -MOST_SECONDS < found < MOST_SECONDS:
        raise NotProvenError("no-time")
    return float(found)


def _check_level(provider: Provider, claims: Claims) -> None:
    """How sure the identification was: what was asked for is only a wish until the token says it (Core, 5.5.1.1)."""
    if provider.acr and claims.get("acr") not in provider.acr:
        raise NotProvenError("level")


def _half_hash(access_token: Any, algorithm: str) -> str:
    """``at_hash`` of Core, section 3.1.3.6."""
    if not isinstance(access_token, str):
        raise NotProvenError("at-hash")
    size = algorithm[-3:] if algorithm[-3:] in ("256", "384", "512") else "512"
    digest = hashlib.new(f"sha{size}", access_token.encode("utf-8", "replace")).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).decode().rstrip("=")


def _same(given: Any, wanted: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())

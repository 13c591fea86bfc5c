"""Where passkeys of this installation are good: one host, as its settings say, and never as a request says."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from seloste.settings import Settings


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """``id`` is the host that passkeys are bound to, ``origin`` the one address that pages are seen at."""

    id: str
    origin: str


def relying_party(settings: Settings) -> RelyingParty | None:
    """Who passkeys are made for; None where browsers make none: at a bare number, or without https.

    Without a public address it is this machine under the name localhost, so that one may try.
    """
    base = settings.public_url or f"http://localhost:{settings.port}"
    parts = urlsplit(base)
    host = parts.hostname or ""
    if parts.scheme != "https" and host != "localhost":
        return None
    try:
        ip_address(host)
    except ValueError:
        standard = {"https": 443, "http": 80}[parts.scheme]
        port = f":{parts.port}" if parts.port not in (None, standard) else ""
        return RelyingParty(host, f"{parts.scheme}://{host}{port}")
    return None

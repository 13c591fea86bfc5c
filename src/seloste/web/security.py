"""What guards the pages: headers, writes from other sites, the form token, addresses to go back to, body sizes.

Writes from other sites are refused by what the browser itself says of the request's origin (Fetch Metadata, RFC 6454),
and by a token that only pages of the same session know. Neither rests on the cookie's SameSite alone.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import Message, Receive

from seloste.web.problems import CrossSiteError, StaleFormError, TooLargeError
from seloste.web.ui import CSP

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_TOKEN = "form_token"  # noqa: S105  the name of a field

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Addresses may name a row: they never go to another site. With no-referrer a form's own Origin would be null.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cache-Control": "no-store",
}
HTTPS_HEADERS: Mapping[str, str] = {"Strict-Transport-Security": "max-age=31536000"}


def add_headers(headers: MutableHeaders, *, https: bool) -> None:
    """Set what every answer carries; what a handler has set itself stays."""
    for name, value in {**HEADERS, **(HTTPS_HEADERS if https else {})}.items():
        headers.setdefault(name, value)


def is_cross_site(headers: Headers) -> bool:
    """Whether a browser says that another site caused the request.

    ``Sec-Fetch-Site`` decides where it is sent; otherwise ``Origin`` must name the host asked for. A request with
    neither comes from no browser that would lend somebody's cookies to another site.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return False
    # Compared as a text, since what cannot be taken apart is no address of ours.
    scheme, _, host = origin.partition("://")
    return scheme not in ("http", "https") or host != headers.get("host", "")


def refuse_cross_site(headers: Headers) -> None:
    """Raises CrossSiteError for a request that another site caused."""
    if is_cross_site(headers):
        raise CrossSiteError


def check_write(request: Request, *, token_needed: bool) -> None:
    """Raises CrossSiteError for a write that another site caused, StaleFormError for one without the form token."""
    if request.method in SAFE_METHODS:
        return
    refuse_cross_site(request.headers)
    signed = request.state.signed
    if token_needed and signed is not None:
        sent = request.state.form.get(FORM_TOKEN, "")
        if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), form_token(signed.token).encode()):
            raise StaleFormError


def form_token(token: str) -> str:
    """What a form of this session carries; it follows from the session's secret and does not tell it."""
    return hmac.digest(token.encode(), b"form token", "sha256").hex()


def hidden(request: Request) -> tuple[tuple[str, str], ...]:
    """The hidden fields that every form of a signed-in page carries."""
    signed = request.state.signed
    return () if signed is None else ((FORM_TOKEN, form_token(signed.token)),)


# A path of ours: one slash, then no slash or backslash, and nowhere a control character, which browsers drop.
_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


def local_path(text: str | None, default: str = "/") -> str:
    """``text`` when it leads to a page of this site, else ``default``: nobody is sent elsewhere by a link to us."""
    if text is None or len(text) > 2000 or not _LOCAL.fullmatch(text):
        return default
    return text


def back_to(request: Request, default: str) -> str:
    """The page of ours that a form was sent from."""
    try:
        referer = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return default
    if referer.netloc != request.headers.get("host", ""):
        return default
    return local_path(referer.path + (f"?{referer.query}" if referer.query else ""), default)


def limited(receive: Receive, headers: Headers, limit: int) -> Receive:
    """The same body, which may not be longer than ``limit`` bytes. Raises TooLargeError, at once when it says so."""
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > limit:
        raise TooLargeError
    seen = 0

    async def counting() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit:
                raise TooLargeError
        return message

    return counting


def asks_privacy(headers: Headers) -> bool:
    """Whether the browser sends Global Privacy Control. Any other value, and none, says nothing (GPC, section 3.2)."""
    return headers.get("sec-gpc") == "1"


def source_of(scope: Mapping[str, Any]) -> str:
    """The network address that a request comes from. Behind a proxy on this machine the server has put it right."""
    client = scope.get("client")
    return str(client[0]) if client else "unknown"

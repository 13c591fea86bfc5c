"""The session's cookie, and who is signed in.

The cookie carries a random token and nothing else: not readable by script, not sent along by another site's forms, and
over https bound to this host (``__Host-``, RFC 6265bis section 4.1.3), so that no neighbour can plant one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.accounts.session import Open, use_session
from seloste.store.accounts import Account, Grant
from seloste.store.engine import Database


@dataclass(frozen=True, slots=True)
class Signed:
    """Who is signed in, by which token."""

    token: str
    opened: Open

    @property
    def account(self) -> Account:
        return self.opened.account

    @property
    def grants(self) -> tuple[Grant, ...]:
        return self.opened.grants


def is_https(request: Request) -> bool:
    """Whether the browser came by https, as the server or the proxy before it says."""
    return request.url.scheme == "https"


def cookie_name(request: Request) -> str:
    """The name differs by scheme, so a cookie planted over http is not read over https."""
    return "__Host-seloste" if is_https(request) else "seloste"


def token_of(request: Request) -> str | None:
    """The token that the browser sent."""
    token = request.cookies.get(cookie_name(request))
    return token if token and len(token) <= 200 else None


def signed_in(request: Request, deployment: Database, now: datetime) -> Signed | None:
    """Who is signed in; None when nobody is, or no longer."""
    token = token_of(request)
    opened = use_session(deployment, token, now=now) if token else None
    return Signed(token, opened) if token and opened else None


def lacks_second_step(request: Request, signed: Signed) -> bool:
    """Whether the installation asks for a second step and this sign-in had none. A provider answers for its own."""
    return request.app.state.settings.second_step == "required" and signed.opened.session.way == "password"


def keep(response: Response, request: Request, token: str) -> None:
    """Give the browser the token; it forgets it when it is closed."""
    response.set_cookie(cookie_name(request), token, httponly=True, samesite="lax", secure=is_https(request), path="/")


def forget(response: Response, request: Request) -> None:
    """Have the browser forget the token."""
    response.delete_cookie(cookie_name(request), httponly=True, samesite="lax", secure=is_https(request), path="/")


def half_of(request: Request) -> str | None:
    """The token of a sign-in that waits for its second step, which the browser sent."""
    token = request.cookies.get(_half_name(request))
    return token if token and len(token) <= 200 else None


def keep_half(response: Response, request: Request, token: str) -> None:
    """Give the browser the token of a sign-in that waits."""
    response.set_cookie(_half_name(request), token, httponly=True, samesite="lax", secure=is_https(request), path="/")


def forget_half(response: Response, request: Request) -> None:
    """The sign-in waits no more."""
    response.delete_cookie(_half_name(request), httponly=True, samesite="lax", secure=is_https(request), path="/")


def _half_name(request: Request) -> str:
    return f"{cookie_name(request)}-step"


_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def agent_of(request: Request) -> str:
    """The device in a word or two, as ``Firefox, Linux``; the whole of what the browser says is not kept."""
    text = request.headers.get("user-agent", "")
    words = [next((name for mark, name in table if mark in text), "") for table in (_BROWSERS, _SYSTEMS)]
    return ", ".join(word for word in words if word)

"""The cookie of a person's own page. It is another than the staff's, and opens one person of one register."""

from __future__ import annotations

import hmac
from typing import cast
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.portal import signing
from seloste.operations.portal.me import myself
from seloste.store.registers import Registers
from seloste.web import registers, responses
from seloste.web.problems import OwnPageError, StaleFormError
from seloste.web.security import FORM_TOKEN, SAFE_METHODS, form_token
from seloste.web.session import is_https


def everything(request: Request) -> Registers:
    """All registers of the installation, for operations that reach past one of them."""
    return cast("Registers", registers.source(request))


def cookie_name(request: Request) -> str:
    return "__Host-seloste-own" if is_https(request) else "seloste-own"


def token_of(request: Request) -> str | None:
    """The token that the browser sent."""
    token = request.cookies.get(cookie_name(request))
    return token if token and len(token) <= 200 else None


def keep(response: Response, request: Request, token: str) -> None:
    """Give the browser the token; it forgets it when it is closed."""
    response.set_cookie(cookie_name(request), token, httponly=True, samesite="lax", secure=is_https(request), path="/")


def forget(response: Response, request: Request) -> None:
    response.delete_cookie(cookie_name(request), httponly=True, samesite="lax", secure=is_https(request), path="/")


def person_of(request: Request) -> int | None:
    """Whose page is open in this register, None when none is or nobody was chosen yet."""
    register, token = request.state.register_key, token_of(request)
    found = signing.use(everything(request), register, token, now=request.state.now) if token else None
    request.state.own = found
    return found.person if found is not None else None


def admit(request: Request) -> None:
    """Only with an open page of one's own in this register, and a form only with its token.

    Raises OwnPageError, StaleFormError.
    """
    person = person_of(request)
    if person is None:
        raise OwnPageError
    if request.method not in SAFE_METHODS:
        check_form(request)
    request.state.actor = myself(person)


def check_form(request: Request) -> None:
    """Raises StaleFormError for a form that is not of this session."""
    sent, token = request.state.form.get(FORM_TOKEN, ""), token_of(request) or ""
    if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), form_token(token).encode()):
        raise StaleFormError


def hidden(request: Request) -> tuple[tuple[str, str], ...]:
    """The field that every form of an open page carries."""
    return ((FORM_TOKEN, form_token(token_of(request) or "")),)


def answer_asked(request: Request) -> dict[str, str]:
    """The number of the request whose answer the address leads to, as the query has it; empty for none."""
    asked = request.query_params.get("answer", "")
    return {"answer": asked} if asked.isascii() and asked.isdecimal() and len(asked) < 19 else {}


def path(request: Request, rest: str = "", **more: str) -> str:
    """An address of the own page, in the language that the reader chose."""
    asked = {"lang": responses.language_of(request)} if "lang" in request.query_params else {}
    query = urlencode({**more, **asked})
    return f"/own/{request.state.register_key}{rest}" + (f"?{query}" if query else "")

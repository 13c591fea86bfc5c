"""What somebody typed to search by, sealed: an address carries it so that nobody but this session can read it.

A name in an address reaches the browser's history, bookmarks and the log of every proxy. So a search is posted, and the
answer leads to an address that holds the words encrypted for the session: the back button, pages and sorting work as
before, and after signing out the address finds nothing. Words that somebody typed into the address line are taken too.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from seloste.store.engine import StoreError
from seloste.web import registers, responses, security
from seloste.web.problems import NotFoundError

MARK = "~"
LONGEST = 200
NAMES = ("q", "find")
"""Fields and parameters that hold what was typed."""


@dataclass(frozen=True, slots=True)
class Searching:
    """A form that searches: where it is sent, what goes with it, and the address of the page with what was found."""

    post: str
    hidden: tuple[tuple[str, str], ...]
    again: str


def searching(request: Request, to: str) -> Searching:
    """The form whose words are found on the page ``to``."""
    hidden = (*security.hidden(request), ("to", to))
    typed = opened(request, "find")
    again = f"{to}?{urlencode({'find': sealed(request, typed)})}" if typed else to
    return Searching(f"/r/{request.state.register_key}/search", hidden, again)


def sealed(request: Request, text: str) -> str:
    """What an address may hold instead of a text; empty for none."""
    if not text:
        return ""
    cell = registers.store(request).keys.encrypt(text, place=_place(request))
    return MARK + base64.urlsafe_b64encode(cell).decode().rstrip("=")


def opened(request: Request, name: str, longest: int = LONGEST) -> str:
    """The text that the address holds under a name; empty when it was sealed for another session."""
    asked = request.query_params.get(name, "")
    if asked.startswith(MARK):
        body = asked.removeprefix(MARK)
        try:
            cell = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
            asked = registers.store(request).keys.decrypt(cell, place=_place(request))
        except (binascii.Error, ValueError, StoreError):
            return ""
    return asked.replace("\x00", "").strip()[:longest]


def search(request: Request) -> Response:
    """Lead from the words that were posted to the page that shows what they find."""
    form, home = request.state.form, f"/r/{request.state.register_key}/"
    to = form.get("to", "")
    # A page of the same register, and no path that leads out of it.
    if not isinstance(to, str) or not to.startswith(home) or security.local_path(to, "") != to or ".." in to:
        raise NotFoundError
    asked = {}
    for name, value in form.items():
        if isinstance(value, str) and value and name not in ("to", security.FORM_TOKEN):
            asked[name] = sealed(request, value.strip()[:LONGEST]) if name in NAMES else value
    return responses.redirect(f"{to}?{urlencode(asked)}" if asked else to)


def _place(request: Request) -> str:
    """Bound to the session, so that an address that was seen by somebody else opens nothing for them."""
    return f"typed {security.form_token(request.state.signed.token)}"

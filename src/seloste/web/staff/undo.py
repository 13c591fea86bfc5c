"""Taking back what was just stored: the note that offers it, and the deed. Only the session that stored it may."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.records.remove import CannotRemoveError, RowId, remove
from seloste.web import registers, responses, security
from seloste.web.i18n import translator
from seloste.web.parts import Act
from seloste.web.problems import NotFoundError, RefusedError, StaleFormError


def address(request: Request, path: str, rows: Iterable[RowId], *, done: str) -> str:
    """The page to go to after storing, with what it takes to undo it."""
    named = ",".join(f"{kind}.{number}" for kind, number in rows)
    return f"{path}?{urlencode({'done': done, 'undo': named, 'seal': _seal(request, named)})}"


def act(request: Request) -> Act | None:
    """The button of the note, when the address offers an undo of this session."""
    named, seal = request.query_params.get("undo", ""), request.query_params.get("seal", "")
    signed, key = request.state.signed, request.state.register_key
    if not named or signed is None or key is None or not _is_sealed(request, named, seal):
        return None
    hidden = (*security.hidden(request), ("rows", named), ("seal", seal))
    text = translator(responses.language_of(request))("common.undo")
    return Act(text=text, post=f"/r/{key}/undo", look="link", hidden=hidden)


def take_back(request: Request) -> Response:
    """Remove the rows that were just stored, and go to their list."""
    form, state = request.state.form, request.state
    named, seal = (str(form.get(name, "")) for name in ("rows", "seal"))
    if not _is_sealed(request, named, seal):
        raise StaleFormError
    rows = _rows(named)
    try:
        remove(registers.store(request), rows, actor=state.actor, now=state.now)
    except CannotRemoveError as refused:
        raise RefusedError(refused) from refused
    return responses.redirect(f"/r/{state.register_key}/{rows[0][0]}", done="taken_back")


def _rows(named: str) -> list[RowId]:
    found = []
    for each in named.split(","):
        kind, _, number = each.rpartition(".")
        if not kind or not number.isdecimal():
            raise NotFoundError
        found.append((kind, int(number)))
    return found


def _is_sealed(request: Request, named: str, seal: str) -> bool:
    return hmac.compare_digest(_seal(request, named).encode(), seal.encode())


def _seal(request: Request, named: str) -> str:
    token: str = request.state.signed.token
    return hmac.digest(token.encode(), f"undo {request.state.register_key} {named}".encode(), "sha256").hex()

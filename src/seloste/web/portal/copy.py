"""A copy of everything held: a page to read, the same on paper, or a file for machines (Art. 15(3) and 20)."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.model import PERSON
from seloste.operations.portal.held import held
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.rights.letter import as_html, as_pdf
from seloste.operations.rights.letter_access import access_letter
from seloste.operations.rights.machine import as_json
from seloste.operations.rights.model import build
from seloste.operations.rights.say import Voice
from seloste.web.portal.view import OwnView
from seloste.web.problems import NotFoundError


def send(request: Request) -> Response:
    """The copy, sensitive values opened. There is none where a guard stands, and nothing of others is in it."""
    view = OwnView(request)
    try:
        found = held(view.store, view.person, opened=True, verb="take_copy", proven=view.proven, now=view.now)
    except NoSuchRowError:
        raise NotFoundError from None
    if found.guarded:
        raise NotFoundError
    own = found.own.without(found.own.contested)
    view.store.reads.flush()
    name = f"{view.register.notice.register}-{view.today.isoformat()}"
    if request.state.form.get("form") == "json":
        return _file(as_json(view.register, own), "application/json", f"{name}.json")
    asked: dict[str, Any] = {"id": 0, PERSON: view.person, "right": "access", "received_at": view.now}
    letter = access_letter(Voice(view.register, view.lang), build(asked, (), view.now), own, now=view.now)
    if request.state.form.get("form") == "pdf":
        return _file(as_pdf(letter, now=view.now), "application/pdf", f"{name}.pdf")
    return _file(as_html(letter), "text/html; charset=utf-8", f"{name}.html")


def _file(text: str | bytes, media: str, name: str) -> Response:
    return Response(text, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})

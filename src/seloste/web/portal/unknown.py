"""Identified, and not found: a request may be sent all the same, in the name that was proven."""

from __future__ import annotations

import hmac

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.portal.unknown import LASTS, Unknown, ask_unknown, unknown_of
from seloste.operations.rights.model import REQUEST, RequestError
from seloste.web import registers, responses
from seloste.web.i18n import texts, translator
from seloste.web.parts import Choice, Field
from seloste.web.portal import session
from seloste.web.portal.frame import page as own_page
from seloste.web.problems import StaleFormError
from seloste.web.security import FORM_TOKEN, form_token
from seloste.web.session import is_https

LONGEST = 5000


def keep(response: Response, request: Request, sealed: str) -> None:
    """Give the browser who it is that was identified, sealed."""
    response.set_cookie(
        _cookie(request), sealed, max_age=int(LASTS.total_seconds()), httponly=True, samesite="lax",
        secure=is_https(request), path="/",
    )  # fmt: skip


def page(request: Request) -> Response:
    """The form; without an identification that holds, the way in."""
    registers.store(request)
    found = _found(request)
    return _form(request, found) if found is not None else _to_own(request)


def send(request: Request) -> Response:
    """The request is on its way, once for each identification."""
    registers.store(request)
    found, form, lang = _found(request), request.state.form, responses.language_of(request)
    sealed = request.cookies.get(_cookie(request), "")
    if found is None:
        return _to_own(request)
    sent = form.get(FORM_TOKEN, "")
    if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), form_token(sealed).encode()):
        raise StaleFormError
    typed = {name: str(form.get(name, "")).strip()[:LONGEST] for name in ("right", "asked", "answer_to")}
    try:
        ask_unknown(
            session.everything(request),
            request.state.register_key,
            sealed,
            typed["right"],
            asked=typed["asked"],
            answer_to=typed["answer_to"][:320],
            language=lang,
            now=request.state.now,
        )
    except RequestError as refused:
        return _form(request, found, refused.message(lang), typed)
    response = responses.redirect(session.path(request, sent="1"))
    response.delete_cookie(_cookie(request), httponly=True, samesite="lax", secure=is_https(request), path="/")
    return response


def _found(request: Request) -> Unknown | None:
    return unknown_of(
        session.everything(request), request.state.register_key, request.cookies.get(_cookie(request)),
        request.state.now,
    )  # fmt: skip


def _to_own(request: Request) -> Response:
    return responses.redirect(session.path(request, why="failed"))


def _form(request: Request, found: Unknown, error: str = "", typed: dict[str, str] | None = None) -> Response:
    lang = responses.language_of(request)
    t, typed = translator(lang), typed or {}
    kind = registers.store(request).register.tables[REQUEST].kind
    rights = tuple(
        Choice(value=each.key, text=t(key) if (key := f"portal.ask_{each.key}") in texts(lang) else each.key)
        for each in kind.items["right"].options
    )
    answer = own_page(
        request,
        "unknown",
        t("portal.unknown_title"),
        inside=False,
        name=found.name,
        error=error,
        fields=(
            Field(
                name="right", label=t("portal.unknown_what"), widget="select", choices=rights,
                shown=(typed.get("right", "access"),),
            ),
            Field(
                name="asked", label=t("portal.in_your_words"), widget="textarea", optional=True,
                shown=(typed.get("asked", ""),),
            ),
            Field(
                name="answer_to", label=t("portal.unknown_where"), hint=t("portal.unknown_where_hint"),
                shown=(typed.get("answer_to", ""),),
            ),
        ),
        action=session.path(request, "/unknown"),
        token=((FORM_TOKEN, form_token(request.cookies.get(_cookie(request), ""))),),
        back=session.path(request),
    )  # fmt: skip
    answer.status_code = 422 if error else 200
    return answer


def _cookie(request: Request) -> str:
    return "__Host-seloste-proven" if is_https(request) else "seloste-proven"

"""The second step of signing in, by a code of an app or by a recovery code."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from seloste.errors import SelosteError
from seloste.operations.accounts.errors import (
    CodeRefusedError,
    HalfGoneError,
    PasskeyRefusedError,
    SignInThrottledError,
)
from seloste.operations.accounts.means import Means, means_of
from seloste.operations.accounts.passkeys import finish_by
from seloste.operations.accounts.second_step import finish_sign_in, waiting_sign_in
from seloste.operations.accounts.sign_in import SignedIn
from seloste.operations.accounts.tell import tell
from seloste.web import registers, responses, security, session
from seloste.web.i18n import formats, translator
from seloste.web.parts import Field
from seloste.web.staff import passkeys

PATH = "/sign-in/step"


def lead_to(request: Request, token: str, after: str) -> Response:
    """To the second step, with the token that opens nothing else; ``after`` is the page to go on to."""
    response = responses.redirect(PATH + (f"?{urlencode({'next': after})}" if after not in ("", "/") else ""))
    session.keep_half(response, request, token)
    return response


def page(request: Request) -> Response:
    """The form; to the beginning when no sign-in waits in this browser."""
    token = session.half_of(request)
    if token is None or waiting_sign_in(registers.deployment(request), token, now=request.state.now) is None:
        return _begin_again(request)
    return _form(request, None)


def enter(request: Request) -> Response:
    """Finish signing in, and on to the page that was asked for."""
    token, form = session.half_of(request), request.state.form
    try:
        if token is None:
            raise HalfGoneError
        signed = _finish(request, token)
    except HalfGoneError:
        return _begin_again(request)
    except (CodeRefusedError, PasskeyRefusedError, SignInThrottledError) as refused:
        return _form(request, refused)
    if signed.way == "recovery":
        tell(registers.installation(request), signed.account.id, "recovery_used", now=request.state.now)
    response = responses.redirect(security.local_path(str(form.get("next", "")), "/"))
    session.forget_half(response, request)
    session.keep(response, request, signed.token)
    return response


def _finish(request: Request, token: str) -> SignedIn:
    """By the passkey that was sent, else by the code."""
    database, form = registers.deployment(request), request.state.form
    by: dict[str, Any] = {
        "source": security.source_of(request.scope),
        "agent": session.agent_of(request),
        "old_token": session.token_of(request),
        "now": request.state.now,
    }
    if answer := str(form.get("passkey", "")):
        return finish_by(database, passkeys.needed_party(request), token, answer, **by)
    keys = registers.installation(request).own_keys
    return finish_sign_in(database, keys, token, str(form.get("code", "")), **by)


def _begin_again(request: Request) -> Response:
    response = responses.redirect("/sign-in?" + urlencode({"why": "half_gone"}))
    session.forget_half(response, request)
    return response


def _form(request: Request, refused: SelosteError | None) -> Response:
    lang = responses.language_of(request)
    t = translator(lang)
    means = _means(request)
    asked = request.state.form.get("next") if refused else request.query_params.get("next")
    error, status = "", 200
    if isinstance(refused, SignInThrottledError):
        error, status = t("signin.throttled", time=formats(lang).time(refused.until)), 429
    elif refused is not None:
        error, status = refused.message(lang), 422
    return responses.page(
        request,
        "staff/signin_step.html",
        status=status,
        title=(t("common.error_prefix") + " " if error else "") + t("signin.code_title"),
        languages=responses.languages(request),
        action=PATH + (f"?lang={lang}" if "lang" in request.query_params else ""),
        next=security.local_path(asked if isinstance(asked, str) else "", ""),
        error=error,
        passkeys=passkeys.origin(request) if means is not None and means.passkeys else "",
        fields=(
            Field(
                name="code",
                label=t("signin.code") if means is None or means.codes_since else t("signin.recovery"),
                hint=t("signin.code_or_recovery") if means is None or means.codes_since else t("signin.recovery_hint"),
                autocomplete="one-time-code",
            ),
        ),
    )


def _means(request: Request) -> Means | None:
    """What the account whose sign-in waits has."""
    token, database = session.half_of(request), registers.deployment(request)
    account = waiting_sign_in(database, token, now=request.state.now) if token is not None else None
    return means_of(database, account.id) if account is not None else None

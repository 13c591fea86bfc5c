"""Signing in and out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from seloste.errors import SelosteError
from seloste.operations.accounts.errors import SignInRefusedError, SignInThrottledError
from seloste.operations.accounts.session import sign_out
from seloste.operations.accounts.sign_in import sign_in
from seloste.web import registers, responses, security, session
from seloste.web.i18n import formats, translator
from seloste.web.parts import Field, Life, Link
from seloste.web.staff import passkeys, signin_step, signin_with

HOME = "/account"
"""Where an account without a role arrives."""


def front(request: Request) -> Response:
    """``/``: the home of the first register, or the way in."""
    return page(request)


def page(request: Request) -> Response:
    """The form, or the way home for who is in already."""
    if request.state.signed is not None:
        return responses.redirect(security.local_path(request.query_params.get("next"), home_of(request)))
    return _form(request)


def enter(request: Request) -> Response:
    """Sign in, then on to the page that was asked for."""
    form = request.state.form
    email, password = (_text(form.get(name)) for name in ("email", "password"))
    try:
        signed = sign_in(
            registers.deployment(request),
            email,
            password,
            source=security.source_of(request.scope),
            agent=session.agent_of(request),
            old_token=session.token_of(request),
            now=request.state.now,
        )
    except (SignInRefusedError, SignInThrottledError) as refused:
        return _form(request, email=email, refused=refused)
    after = security.local_path(_text(form.get("next")), "/")
    if signed.half:
        return signin_step.lead_to(request, signed.token, after)
    response = responses.redirect(after)
    session.keep(response, request, signed.token)
    return response


def refused(request: Request, why: SelosteError) -> Response:
    """The form again, for who tried another way than by its fields."""
    return _form(request, refused=why)


def leave(request: Request) -> Response:
    """Sign out. Without a session there is nothing to end, and the answer is the same."""
    token = session.token_of(request)
    if token is not None:
        sign_out(registers.deployment(request), token, now=request.state.now)
    response = responses.redirect("/sign-in", done="signed_out")
    session.forget(response, request)
    # Pages kept by the browser for its back button go too.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def to_sign_in(request: Request) -> Response:
    """Send somebody who is not in to the form, and from there back to the page they asked for."""
    if request.method in security.SAFE_METHODS:
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    else:
        asked = security.back_to(request, "/")
    asked = security.local_path(asked)
    return responses.redirect("/sign-in" + ("" if asked == "/" else "?" + urlencode({"next": asked})))


def home_of(request: Request) -> str:
    """The home of the first register that the account has a role in."""
    grants = request.state.signed.grants
    return f"/r/{grants[0].register}/" if grants else HOME


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _form(
    request: Request,
    *,
    email: str = "",
    refused: SelosteError | None = None,
) -> Response:
    lang = responses.language_of(request)
    t, f = translator(lang), formats(lang)
    asked = request.state.form.get("next") if refused else request.query_params.get("next")
    listed = registers.every_about(request, lang)
    every = listed or ()
    only = every[0] if len(every) == 1 else None
    error = signin_with.why_not(request)
    status = 200
    if isinstance(refused, SignInThrottledError):
        error, status = t("signin.throttled", time=f.time(refused.until)), 429
    elif isinstance(refused, SignInRefusedError):
        error, status = t("signin.wrong"), 422
    elif refused is not None:
        error, status = refused.message(lang), 422
    in_force = ""
    if only is not None:
        in_force = (
            t("signin.in_force", notice=only.title, date=f.date(only.effective)) if only.effective else only.title
        )
    return responses.page(
        request,
        "staff/signin.html",
        status=status,
        title=(t("common.error_prefix") + " " if error else "") + t("signin.title"),
        two=True,
        languages=responses.languages(request),
        flash=responses.flash(request),
        action="/sign-in" + (f"?lang={lang}" if "lang" in request.query_params else ""),
        next=security.local_path(_text(asked), ""),
        passkeys=passkeys.origin(request),
        by=signin_with.offered(request, security.local_path(_text(asked), "")),
        error=error,
        fields=(
            Field(name="email", label=t("signin.email"), widget="email", shown=(email,), autocomplete="username"),
            Field(
                name="password",
                label=t("signin.password"),
                widget="password",
                autocomplete="current-password",
                link=Link(text=t("signin.forgot"), href="#help"),
            ),
        ),
        only=only,
        several=every if len(every) > 1 else (),
        many=listed is None,
        in_force=in_force,
        contact=only.contact if only else "",
        life=Life(end="date", elapsed=0.36),
    )

"""Passkeys: what the browser is asked, signing in by one, adding, naming and removing them."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from seloste.errors import SelosteError
from seloste.operations.accounts import passkeys
from seloste.operations.accounts.errors import AccountError, HalfGoneError, PasskeyRefusedError, SignInThrottledError
from seloste.operations.accounts.means import means_of
from seloste.operations.accounts.relying import RelyingParty, relying_party
from seloste.web import registers, responses, security, session
from seloste.web.frame import frame_of
from seloste.web.i18n import translator
from seloste.web.parts import Field, Head, Link
from seloste.web.problems import NotFoundError, RefusedError
from seloste.web.staff.codes import HOME, recovery_page, step_required, told


def party(request: Request) -> RelyingParty | None:
    """Who passkeys are made for, None where there are none."""
    return relying_party(request.app.state.settings)


def origin(request: Request) -> str:
    """Where passkeys work, empty where they do not; for the button."""
    found = party(request)
    return found.origin if found is not None else ""


def needed_party(request: Request) -> RelyingParty:
    """Who passkeys are made for. Raises NotFoundError where there are none."""
    found = party(request)
    if found is None:
        raise NotFoundError
    return found


def options(request: Request) -> Response:
    """What the browser is asked, for this browser's session and for one use; nothing is written down by asking."""
    use, signed = request.query_params.get("use"), request.state.signed
    database, host, now = registers.deployment(request), needed_party(request), request.state.now
    half = session.half_of(request)
    found: dict[str, Any]
    if use == "sign_in":
        found = passkeys.to_sign_in(database, host, now=now)
    elif use == "step" and half is not None:
        try:
            found = passkeys.to_finish(database, host, half, now=now)
        except HalfGoneError:
            raise NotFoundError from None
    elif use == "confirm" and signed is not None:
        found = passkeys.to_confirm(database, host, signed.opened, now=now)
    elif use == "add" and signed is not None:
        found = passkeys.to_add(database, host, signed.opened, now=now)
    else:
        raise NotFoundError
    return JSONResponse(found)


def enter(request: Request) -> Response:
    """Sign in by a passkey alone, and on to the page that was asked for."""
    from seloste.web.staff import signin

    form = request.state.form
    try:
        signed = passkeys.sign_in_by(
            registers.deployment(request),
            needed_party(request),
            str(form.get("passkey", "")),
            source=security.source_of(request.scope),
            agent=session.agent_of(request),
            old_token=session.token_of(request),
            now=request.state.now,
        )
    except (PasskeyRefusedError, SignInThrottledError) as refused:
        return signin.refused(request, refused)
    response = responses.redirect(security.local_path(str(form.get("next", "")), "/"))
    session.keep(response, request, signed.token)
    return response


def add(request: Request) -> Response:
    """Keep a passkey that the browser made."""
    form = request.state.form
    try:
        done = passkeys.add(
            registers.deployment(request),
            needed_party(request),
            request.state.signed.opened,
            str(form.get("passkey", "")),
            str(form.get("name", "")),
            now=request.state.now,
        )
    except SelosteError as problem:
        raise RefusedError(problem) from problem
    told(request, "added")
    return recovery_page(request, done.recovery) if done.recovery else responses.redirect(HOME, done="passkey_added")


def remove(request: Request) -> Response:
    """Forget a passkey."""
    try:
        passkeys.remove(
            registers.deployment(request),
            request.state.signed.opened,
            str(request.state.form.get("passkey", "")),
            required=step_required(request),
            now=request.state.now,
        )
    except AccountError as problem:
        raise RefusedError(problem) from problem
    told(request, "removed")
    return responses.redirect(HOME, done="passkey_removed")


def one(request: Request) -> Response:
    """``/account/passkeys/{id}``: a passkey of one's own, to be called something else."""
    return _one(request)


def rename(request: Request) -> Response:
    """Call it that."""
    typed = str(request.state.form.get("name", ""))
    try:
        passkeys.rename(
            registers.deployment(request),
            request.state.signed.opened,
            str(request.path_params["id"]),
            typed,
            now=request.state.now,
        )
    except AccountError as problem:
        return _one(request, typed, problem.message(responses.language_of(request)))
    return responses.redirect(HOME, done="passkey_renamed")


def _one(request: Request, typed: str | None = None, fault: str = "") -> Response:
    t = translator(responses.language_of(request))
    kept = means_of(registers.deployment(request), request.state.account.id).passkeys
    found = next((each for each in kept if each.id == request.path_params["id"]), None)
    if found is None:
        raise NotFoundError
    shown = found.name if typed is None else typed
    return responses.page(
        request,
        "staff/passkey.html",
        status=422 if fault else 200,
        frame=frame_of(request),
        head=Head(
            title=found.name,
            crumbs=(Link(text=t("account.title"), href="/account#passkeys"),),
            errors=bool(fault),
        ),
        hidden=security.hidden(request),
        action=f"/account/passkeys/{found.id}",
        fields=(Field(name="name", label=t("passkey.name"), shown=(shown,), error=fault, autocomplete="off"),),
        faults=(Link(text=fault, href="#name"),) if fault else (),
    )

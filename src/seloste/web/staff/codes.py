"""One-time codes of an app and recovery codes: turn on, make anew, remove."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from seloste.errors import SelosteError
from seloste.operations.accounts import second_step
from seloste.operations.accounts.errors import AccountError, CodeRefusedError, SignInThrottledError
from seloste.operations.accounts.tell import What, tell
from seloste.web import registers, responses, security
from seloste.web.frame import frame_of
from seloste.web.i18n import formats, translator
from seloste.web.parts import Field, Head, Link
from seloste.web.problems import RefusedError
from seloste.web.qr import qr

HOME = "/account"
CRUMB = "/account#second-step"


def begin(request: Request) -> Response:
    """Make a secret, and go and look at it."""
    second_step.begin_codes(
        registers.deployment(request), registers.installation(request).own_keys, request.state.account.id,
        now=request.state.now,
    )  # fmt: skip
    return responses.redirect("/account/codes")


def page(request: Request) -> Response:
    """The secret that waits for its first code; to the account when none does."""
    return _page(request, None)


def first(request: Request) -> Response:
    """Turn the codes on by the first of them."""
    try:
        done = second_step.turn_on_codes(
            registers.deployment(request), registers.installation(request).own_keys, request.state.signed.opened,
            str(request.state.form.get("code", "")), source=security.source_of(request.scope), now=request.state.now,
        )  # fmt: skip
    except (CodeRefusedError, SignInThrottledError) as refused:
        return _page(request, refused)
    except AccountError as problem:
        raise RefusedError(problem) from problem
    told(request, "added")
    return recovery_page(request, done.recovery) if done.recovery else responses.redirect(HOME, done="codes_on")


def remove(request: Request) -> Response:
    """No more codes."""
    try:
        second_step.remove_codes(
            registers.deployment(request), request.state.signed.opened, required=step_required(request),
            now=request.state.now,
        )  # fmt: skip
    except AccountError as problem:
        raise RefusedError(problem) from problem
    told(request, "removed")
    return responses.redirect(HOME, done="codes_off")


def recovery(request: Request) -> Response:
    """A new set of recovery codes, shown in the answer and never again."""
    try:
        shown = second_step.new_recovery_codes(
            registers.deployment(request), request.state.account.id, now=request.state.now
        )
    except AccountError as problem:
        raise RefusedError(problem) from problem
    told(request, "recovery")
    return recovery_page(request, shown)


def recovery_page(request: Request, shown: Sequence[str]) -> Response:
    """The codes, which no address shows again."""
    t = translator(responses.language_of(request))
    return responses.page(
        request,
        "staff/recovery.html",
        frame=frame_of(request),
        head=Head(title=t("step.recovery"), crumbs=(Link(text=t("account.title"), href=CRUMB),)),
        codes=tuple(shown),
    )


def told(request: Request, what: What) -> None:
    """Leave a letter to whoever is signed in about a change of their account."""
    tell(registers.installation(request), request.state.account.id, what, now=request.state.now)


def step_required(request: Request) -> bool:
    """Whether the installation asks a second step of everybody."""
    return bool(registers.installation(request).settings.second_step == "required")


def _issuer(request: Request) -> str:
    """What the app shows beside the code: the product, and the host where it is known."""
    host = urlsplit(registers.installation(request).settings.public_url or "").hostname
    return f"Seloste {host}" if host else "Seloste"


def _page(request: Request, refused: SelosteError | None) -> Response:
    lang = responses.language_of(request)
    t = translator(lang)
    begun = second_step.begun_codes(
        registers.deployment(request), registers.installation(request).own_keys, request.state.account,
        issuer=_issuer(request), now=request.state.now,
    )  # fmt: skip
    if begun is None:
        return responses.redirect(HOME)
    error = refused.message(lang) if refused is not None else ""
    if isinstance(refused, SignInThrottledError):
        error = t("signin.throttled", time=formats(lang).time(refused.until))
    return responses.page(
        request,
        "staff/codes.html",
        status=200 if refused is None else 429 if isinstance(refused, SignInThrottledError) else 422,
        frame=frame_of(request),
        head=Head(
            title=t("step.codes_title"), crumbs=(Link(text=t("account.title"), href=CRUMB),), errors=bool(refused)
        ),
        hidden=security.hidden(request),
        drawn=qr(begun.uri, t("step.qr")),
        secret=begun.secret,
        fields=(
            Field(
                name="code",
                label=t("step.first_code"),
                hint=t("signin.code_hint"),
                autocomplete="one-time-code",
                inputmode="numeric",
                error=error,
                short=True,
            ),
        ),
        faults=(Link(text=error, href="#code"),) if error else (),
    )

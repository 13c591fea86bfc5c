"""By a link that was sent or handed over, somebody sets the password of their account."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from seloste.errors import SelosteError
from seloste.operations.accounts import invite
from seloste.operations.accounts.errors import AccountError, PasswordError
from seloste.operations.accounts.tell import tell
from seloste.store.accounts import Account
from seloste.web import registers, responses
from seloste.web.i18n import translator
from seloste.web.parts import Field


def page(request: Request) -> Response:
    """The form. Mail programs look at links before people do, so looking uses nothing up."""
    account = _whose(request)
    return _gone(request) if account is None else _form(request, account, {})


def choose(request: Request) -> Response:
    """Set the password, and on to sign in with it."""
    form, lang = request.state.form, responses.language_of(request)
    account = _whose(request)
    if account is None:
        return _gone(request)
    new, again = str(form.get("new", "")), str(form.get("again", ""))
    if new != again:
        return _form(request, account, {"again": translator(lang)("account.differ")})
    try:
        invite.accept(registers.deployment(request), str(request.path_params["token"]), new, now=request.state.now)
        tell(registers.installation(request), account.id, "password", now=request.state.now)
    except PasswordError as weak:
        return _form(request, account, {"new": weak.message(lang)})
    except AccountError as gone:
        return _gone(request, gone)
    return responses.redirect("/sign-in", done="password_chosen")


def _whose(request: Request) -> Account | None:
    token = str(request.path_params["token"])
    if len(token) > 200:
        return None
    return invite.invited(registers.deployment(request), token, now=request.state.now)


def _gone(request: Request, why: SelosteError | None = None) -> Response:
    t = translator(responses.language_of(request))
    told = why.message(responses.language_of(request)) if why is not None else t("welcome.gone_why")
    return responses.page(request, "staff/problem_bare.html", status=410, title=t("welcome.gone"), told=[told], code="")


def _form(request: Request, account: Account, faults: dict[str, str]) -> Response:
    lang = responses.language_of(request)
    t = translator(lang)
    return responses.page(
        request,
        "staff/welcome.html",
        status=422 if faults else 200,
        title=(t("common.error_prefix") + " " if faults else "") + t("welcome.title"),
        languages=responses.languages(request),
        name=account.name,
        email=account.email,
        error=next(iter(faults.values()), ""),
        fields=tuple(
            Field(
                name=name,
                label=t(f"account.{name}"),
                widget="password",
                autocomplete="new-password",
                hint=t("account.password_hint") if name == "new" else "",
                error=faults.get(name, ""),
            )
            for name in ("new", "again")
        ),
    )

"""By a link that was sent or handed over, somebody sets the password of their account."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from seloste.clock import from_utc_text
from seloste.operations.accounts import invite
from seloste.operations.accounts.errors import AccountError, PasswordError
from seloste.operations.accounts.tell import tell
from seloste.web import registers, responses, session
from seloste.web.i18n import formats, translator
from seloste.web.parts import Field


def page(request: Request) -> Response:
    """The form. Mail programs look at links before people do, so looking uses nothing up."""
    link = _link(request)
    return _gone(request, link) if link is None or link.used_at else _form(request, link, {})


def choose(request: Request) -> Response:
    """Set the password, and on to sign in with it."""
    form, lang = request.state.form, responses.language_of(request)
    link = _link(request)
    if link is None or link.used_at:
        return _gone(request, link)
    new, again = str(form.get("new", "")), str(form.get("again", ""))
    if new != again:
        return _form(request, link, {"again": translator(lang)("account.differ")})
    try:
        account = invite.accept(
            registers.deployment(request), str(request.path_params["token"]), new, agent=session.agent_of(request),
            now=request.state.now,
        )  # fmt: skip
        tell(registers.installation(request), account.id, "password", now=request.state.now)
    except PasswordError as weak:
        return _form(request, link, {"new": weak.message(lang)})
    except AccountError:
        return _gone(request, _link(request))
    return responses.redirect("/sign-in", done="password_chosen")


def _link(request: Request) -> invite.Opened | None:
    token = str(request.path_params["token"])
    if len(token) > 200:
        return None
    return invite.looked_at(registers.deployment(request), token, now=request.state.now)


def _gone(request: Request, link: invite.Opened | None) -> Response:
    """A link that leads nowhere; one that was used says when, since it may have been somebody else who did."""
    lang = responses.language_of(request)
    t = translator(lang)
    told = [t("welcome.gone_why")]
    if link is not None:
        when = formats(lang).moment(from_utc_text(link.used_at))
        told = [t("welcome.used", when=when, by=link.by or t("others.command")), t("welcome.used_not_me")]
    return responses.page(request, "staff/problem_bare.html", status=410, title=t("welcome.gone"), told=told, code="")


def _form(request: Request, link: invite.Opened, faults: dict[str, str]) -> Response:
    lang = responses.language_of(request)
    t = translator(lang)
    return responses.page(
        request,
        "staff/welcome.html",
        status=422 if faults else 200,
        title=(t("common.error_prefix") + " " if faults else "") + t("welcome.title"),
        languages=responses.languages(request),
        name=link.account.name,
        email=link.account.email,
        made=t(
            "welcome.made",
            by=link.by or t("others.command"),
            when=formats(lang).moment(from_utc_text(link.made_at)),
        )
        if link.made_at
        else "",
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

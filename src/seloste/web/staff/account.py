"""One's own account: how the screens look and speak, the password, the sessions, the roles."""

from __future__ import annotations

from collections import Counter
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from seloste.clock import from_utc_text
from seloste.errors import SelosteError
from seloste.operations.accounts.change import set_password, set_preferences
from seloste.operations.accounts.errors import AccountError, PasswordError, SignInRefusedError, SignInThrottledError
from seloste.operations.accounts.session import choose_lens, end_sessions, list_sessions, network_mark_of
from seloste.operations.accounts.sign_in import confirm
from seloste.operations.accounts.tell import tell
from seloste.store.sessions import Session
from seloste.web import registers, responses, security, session
from seloste.web.frame import frame_of, role_name
from seloste.web.i18n import Translator, formats, translator
from seloste.web.parts import Act, Chip, Choice, Field, Head, Item, Link
from seloste.web.problems import NotFoundError
from seloste.web.staff import account_means, others, passkeys


def page(request: Request) -> Response:
    """The page as it is."""
    return _page(request)


def settings(request: Request) -> Response:
    """Language, appearance or single keys, from the page or from the menu of any page; what is not sent stays."""
    account, form = request.state.account, request.state.form
    keys = _text(form.get("keys"))
    theme = form.get("theme")
    set_preferences(
        registers.deployment(request),
        account.id,
        language=_text(form.get("language")) or account.language,
        appearance=account.appearance if theme is None else _text(theme) or "system",
        single_keys=account.single_keys if keys not in ("on", "off") else keys == "on",
        now=request.state.now,
    )
    return responses.redirect(_without_language(security.back_to(request, "/account")))


def password(request: Request) -> Response:
    """A new password, which ends every other session."""
    form, signed = request.state.form, request.state.signed
    database = registers.deployment(request)
    current, new, again = (_text(form.get(name)) for name in ("current", "new", "again"))
    faults: dict[str, str] = {}
    t = translator(responses.language_of(request))
    try:
        if new != again:
            faults["again"] = t("account.differ")
            raise PasswordError(faults["again"], faults["again"])
        confirm(database, signed.account, current, now=request.state.now)
        set_password(
            database, signed.account.id, new, keep=signed.opened.session.id, actor=request.state.actor,
            now=request.state.now,
        )  # fmt: skip
    except SignInRefusedError:
        faults["current"] = t("account.current_wrong")
    except SignInThrottledError as wait:
        faults["current"] = wait.message(request.state.lang)
    except PasswordError as weak:
        faults.setdefault("new" if not faults else "again", weak.message(request.state.lang))
    if faults:
        return _page(request, faults=faults, status=422)
    tell(registers.installation(request), signed.account.id, "password", now=request.state.now)
    return responses.redirect("/account", done="password")


def sessions(request: Request) -> Response:
    """End one session, or all: the others, or this one too."""
    form, signed = request.state.form, request.state.signed
    database, one = registers.deployment(request), _text(form.get("session"))
    everywhere = _text(form.get("everywhere")) == "yes"
    if not one and not everywhere:
        return responses.redirect("/account")
    end_sessions(database, signed.account.id, session=one or None, now=request.state.now)
    if not everywhere and one != signed.opened.session.id:
        return responses.redirect("/account", done="session_ended")
    response = responses.redirect("/sign-in", done="signed_out")
    session.forget(response, request)
    return response


def role(request: Request) -> Response:
    """Act in a register as another of one's roles."""
    register, _, lens = _text(request.state.form.get("role")).partition(" ")
    signed = request.state.signed
    try:
        choose_lens(registers.deployment(request), signed.opened, register, lens, now=request.state.now)
    except AccountError:
        raise NotFoundError from None
    return responses.redirect(f"/r/{register}/")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _without_language(path: str) -> str:
    """The page without the language in its address, which would hide the one just chosen."""
    path, _, query = path.partition("?")
    rest = "&".join(part for part in query.split("&") if part and not part.startswith(("lang=", "done=")))
    return path + (f"?{rest}" if rest else "")


def _page(request: Request, *, faults: dict[str, str] | None = None, status: int = 200) -> Response:
    lang = responses.language_of(request)
    t, faults = translator(lang), faults or {}
    account, means = request.state.account, account_means.of(request)
    fields = tuple(
        Field(
            name=name,
            label=t(f"account.{name}"),
            widget="password",
            autocomplete="current-password" if name == "current" else "new-password",
            hint=t("account.password_hint") if name == "new" else "",
            error=faults.get(name, ""),
        )
        for name in ("current", "new", "again")
    )
    return responses.page(
        request,
        "staff/account.html",
        status=status,
        frame=frame_of(request),
        head=Head(
            title=t("account.title"),
            sub=f"{account.name}, {account.email}",
            errors=bool(faults),
            flash=responses.flash(request),
        ),
        hidden=security.hidden(request),
        faults=tuple(Link(text=text, href=f"#{name}") for name, text in faults.items()),
        looks=_looks(request),
        needed=session.lacks_second_step(request, request.state.signed),
        means=account_means.rows(request, means),
        passkeys=passkeys.origin(request),
        passkey_rows=account_means.passkey_rows(request, means),
        passkey_name=account_means.passkey_name(request),
        password_fields=fields if means.password else (),
        username=account.email,
        sessions=_sessions(request),
        others=others.rows(request),
        first=others.first(request),
        roles=_roles(request),
    )


def _looks(request: Request) -> tuple[Field, ...]:
    lang = responses.language_of(request)
    t, account = translator(lang), request.state.account
    return (
        Field(
            name="language",
            label=t("frame.language"),
            widget="radio",
            shown=(account.language or lang,),
            choices=tuple(Choice(value=code, text=translator(code)(f"language.{code}")) for code in ("fi", "en")),
        ),
        Field(
            name="theme",
            label=t("frame.appearance"),
            widget="radio",
            shown=("" if account.appearance == "system" else account.appearance,),
            choices=(
                Choice(value="", text=t("frame.appearance_system")),
                Choice(value="light", text=t("frame.appearance_light")),
                Choice(value="dark", text=t("frame.appearance_dark")),
            ),
        ),
        Field(
            name="keys",
            label=t("account.keys"),
            widget="radio",
            shown=("on" if account.single_keys else "off",),
            choices=(Choice(value="on", text=t("account.keys_on")), Choice(value="off", text=t("account.keys_off"))),
        ),
    )


def _sessions(request: Request) -> tuple[Item, ...]:
    lang, now = responses.language_of(request), request.state.now
    t, f = translator(lang), formats(lang)
    own = request.state.signed.opened.session.id
    hidden = security.hidden(request)
    mark = network_mark_of(registers.deployment(request), security.source_of(request.scope))
    return tuple(
        Item(
            text=one.agent or t("account.some_device"),
            sub=" · ".join(
                (
                    t("account.signed_in", when=f.when(from_utc_text(one.created_at), now)),
                    t("account.last_used", when=f.when(from_utc_text(one.seen_at), now)),
                    *_network(t, one, mark),
                )
            ),
            chip=Chip(text=t("account.this_one"), tone="stamp") if one.id == own else None,
            act=None
            if one.id == own
            else Act(
                text=t("account.end_session"),
                post="/account/sessions",
                small=True,
                hidden=(*hidden, ("session", one.id)),
            ),
        )
        for one in list_sessions(registers.deployment(request), request.state.account.id, now=now)
    )


def _network(t: Translator, one: Session, mark: str) -> tuple[str, ...]:
    """Whether a sign-in came from here: that is known without keeping where it came from."""
    if not one.network:
        return ()
    return (t("account.same_network") if one.network == mark else t("account.other_network"),)


def _roles(request: Request) -> tuple[dict[str, Any], ...]:
    """Each role: where, what it is called, what for it sees data, and the way to act as it.

    Where there are more registers than are listed, none is opened for it: each is told by its key.
    """
    lang, signed = responses.language_of(request), request.state.signed
    t, hidden = translator(lang), security.hidden(request)
    found = []
    roles_in = Counter(grant.register for grant in signed.grants)
    for grant in signed.grants:
        purposes: tuple[str, ...] = ()
        name, title = grant.lens, grant.register
        try:
            if len(roles_in) > registers.MOST_LISTED:
                raise NotFoundError
            compiled = registers.store(request, grant.register).register
            title = registers.said(compiled.notice.title, lang)
            name = role_name(compiled, grant.lens, lang)
            lens = compiled.lenses.get(grant.lens)
            asked = [compiled.purposes[key] for key in lens.purposes] if lens is not None else []
            purposes = tuple(registers.said(purpose.text, lang) for purpose in asked)
        except (NotFoundError, SelosteError):
            pass  # The register is not opened, or cannot be now; the role is shown by its key.
        acting = signed.opened.grant_in(grant.register) == grant
        several = roles_in[grant.register] > 1
        found.append(
            {
                "register": title,
                "href": f"/r/{grant.register}/",
                "name": name,
                "purposes": purposes,
                "lead": grant.lead,
                "acting": acting and several,
                "act": Act(
                    text=t("account.act_as"),
                    post="/account/role",
                    small=True,
                    hidden=(*hidden, ("role", f"{grant.register} {grant.lens}")),
                )
                if several and not acting
                else None,
            }
        )
    return tuple(found)

"""Fresh proof of who one is, before a deed that cannot be undone: one mechanism for every page.

Which pages ask for it is said beside each in ``routes.py`` (``Route.fresh``), with the deed's name; handlers know
nothing of it. What was sent to such a page is carried along as hidden fields and sent again with the proof, so nothing
typed is lost and no script is needed.
"""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from seloste.errors import SelosteError
from seloste.operations.accounts import passkeys, proof
from seloste.operations.accounts.errors import (
    CodeRefusedError,
    PasskeyRefusedError,
    SignInRefusedError,
    SignInThrottledError,
)
from seloste.operations.accounts.means import Means, means_of
from seloste.operations.accounts.relying import relying_party
from seloste.web import identified, registers, responses, security
from seloste.web.frame import frame_of
from seloste.web.i18n import formats, translator
from seloste.web.parts import Field, Head, Link
from seloste.web.routing import Route

PAGE = "/account/proof"
PASSWORD, CODE, PASSKEY = "proof_password", "proof_code", "proof_passkey"
FIELDS = frozenset({PASSWORD, CODE, PASSKEY, security.FORM_TOKEN})


def demand(request: Request, route: Route) -> Response | None:
    """None when the proof is fresh, or was sent along and is right; else the page that asks for it."""
    if not route.fresh or proof.is_fresh(request.state.signed.opened, request.state.now):
        return None
    if request.method in security.SAFE_METHODS:
        after = security.local_path(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
        return responses.redirect(f"{PAGE}?{urlencode({'next': after, 'for': route.fresh})}")
    form: FormData = request.state.form
    fault: SelosteError | None = None
    if form.get(PASSWORD) or form.get(CODE) or form.get(PASSKEY):
        fault = _prove(request, form)
        if fault is None:
            request.state.form = FormData([each for each in form.multi_items() if each[0] not in FIELDS])
            return None
    sent = ((name, value) for name, value in form.multi_items() if name not in FIELDS)
    carried = tuple((name, value) for name, value in sent if isinstance(value, str))
    query = f"?{request.url.query}" if request.url.query else ""
    return _page(request, str(form.get("for", "")) or route.fresh, request.url.path + query, carried, fault)


def page(request: Request) -> Response:
    """``/account/proof``: asked before a page is opened; from there on to that page."""
    after = security.local_path(request.query_params.get("next"), "/account")
    deed = request.query_params.get("for", "")
    return _page(request, deed, PAGE, (("next", after), ("for", deed)), None)


def done(request: Request) -> Response:
    """The proof was right: on to the page that was asked for."""
    after = request.state.form.get("next")
    return responses.redirect(security.local_path(after if isinstance(after, str) else None, "/account"))


def _prove(request: Request, form: FormData) -> SelosteError | None:
    """What was wrong with the proof that was sent, None when it was right."""
    database, signed = registers.deployment(request), request.state.signed
    now = request.state.now
    typed, password = str(form.get(CODE, "")), str(form.get(PASSWORD, ""))
    party = relying_party(request.app.state.settings)
    try:
        if (answer := str(form.get(PASSKEY, ""))) and party is not None:
            passkeys.confirm_by(database, party, signed.opened, answer, now=now)
        elif typed:
            proof.by_code(database, registers.installation(request).own_keys, signed.opened, typed, now=now)
        else:
            proof.by_password(database, signed.opened, password, now=now)
    except (SignInRefusedError, SignInThrottledError, CodeRefusedError, PasskeyRefusedError) as refused:
        return refused
    return None


def _page(
    request: Request, deed: str, action: str, carried: tuple[tuple[str, str], ...], fault: SelosteError | None
) -> Response:
    lang = responses.language_of(request)
    t = translator(lang)
    means = means_of(registers.deployment(request), request.state.account.id)
    party = relying_party(request.app.state.settings)
    fields = _fields(lang, means, fault)
    back = security.back_to(request, "/account")
    after = dict(carried).get("next", back) if action == PAGE else back
    return responses.page(
        request,
        "staff/proof.html",
        status=403 if fault is None else 429 if isinstance(fault, SignInThrottledError) else 422,
        frame=frame_of(request),
        head=Head(title=t("proof.title"), opening=_deeds(lang).get(deed, ""), errors=bool(fault)),
        fields=fields,
        faults=tuple(Link(text=each.error, href=f"#{each.name}") for each in fields if each.error)
        or ((Link(text=fault.message(lang), href=""),) if fault is not None else ()),
        passkeys=party.origin if party is not None and means.passkeys else "",
        action=action,
        hidden=(*security.hidden(request), *carried),
        username=request.state.account.email,
        cancel=back if back.partition("?")[0] not in (action.partition("?")[0], PAGE) else "/account",
        by=() if fields or means.passkeys else tuple(_providers(request, after)),
    )


def _deeds(lang: str) -> dict[str, str]:
    """What is about to be done, by the word beside the route."""
    t = translator(lang)
    return {
        "erase": t("proof.for_erase"),
        "publish": t("proof.for_publish"),
        "take_out": t("proof.for_take_out"),
        "tell": t("proof.for_tell"),
        "access": t("proof.for_access"),
        "staff": t("proof.for_staff"),
    }


def _fields(lang: str, means: Means, fault: SelosteError | None) -> tuple[Field, ...]:
    """What this account can prove it by; the fault stands at what was wrong."""
    t = translator(lang)
    said = "" if isinstance(fault, PasskeyRefusedError) else _said(lang, fault)
    at_code = isinstance(fault, CodeRefusedError) or (fault is not None and not means.password)
    found = []
    if means.password:
        found.append(
            Field(
                name=PASSWORD,
                label=t("account.current"),
                widget="password",
                autocomplete="current-password",
                error="" if at_code else said,
                optional=True,
                unmarked=True,
            )
        )
    if means.codes_since is not None:
        found.append(
            Field(
                name=CODE,
                label=t("proof.or_code") if means.password else t("signin.code"),
                autocomplete="one-time-code",
                inputmode="numeric",
                hint=t("signin.code_hint"),
                error=said if at_code else "",
                short=True,
                optional=True,
                unmarked=True,
            )
        )
    return tuple(found)


def _said(lang: str, fault: SelosteError | None) -> str:
    if isinstance(fault, SignInThrottledError):
        return translator(lang)("signin.throttled", time=formats(lang).time(fault.until))
    if isinstance(fault, SignInRefusedError):
        return translator(lang)("account.current_wrong")
    return fault.message(lang) if fault is not None else ""


def _providers(request: Request, back: str) -> list[Link]:
    """For who has nothing here to prove it by: to the provider again, which asks anew."""
    lang = responses.language_of(request)
    t, query = translator(lang), urlencode({"next": back, "again": "1"})
    return [
        Link(text=t("signin.with", provider=each.called(lang)), href=f"/sign-in/with/{each.key}?{query}")
        for each in identified.every(request)
        if each.staff
    ]

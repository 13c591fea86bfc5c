"""The person's yes and no as switches that act at once; and what is done without asking, with the way to object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from seloste.notice.render.periods import End
from seloste.operations.permissions.receipt import consents
from seloste.operations.permissions.say import CannotSayError
from seloste.operations.portal.choices import Choice, Stand, Stands, Without, choice_of, stands, turn
from seloste.operations.portal.gpc import heed
from seloste.operations.portal.me import myself
from seloste.operations.portal.requests import object_own
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.rights.gather import gather
from seloste.operations.rights.letter_access import concerned
from seloste.operations.rights.say import Voice
from seloste.web import registers, responses
from seloste.web.parts import Field, Life, Link, Switch
from seloste.web.portal import session
from seloste.web.portal.frame import page as own_page
from seloste.web.portal.view import OwnView
from seloste.web.problems import NotFoundError
from seloste.web.security import asks_privacy

SAID = {
    "no": "switch.ban_in_force",
    "yes": "portal.yes_in_force",
    "object": "portal.object_done",
    "object_claims": "portal.object_done_claims",
}
"""What was just done, by the word that the address carries."""

CHANNELS = ("email", "phone", "sms", "post")


@dataclass(frozen=True, slots=True)
class Done:
    """A purpose that asks for no consent: its sign, until when, the law, and whether one may object."""

    basis: str
    purpose: str
    life: tuple[Life, ...]
    law: str
    state: str
    act: Link | None


def page(request: Request) -> Response:
    """Every choice as it stands."""
    view = OwnView(request)
    try:
        signal = signal_of(view)
        found = stands(view.store, view.person, now=view.now)
    except NoSuchRowError:
        return own_page(request, "nothing", view.t("portal.nothing_held"))
    said = SAID.get(request.query_params.get("said", ""), "")
    return own_page(
        request, "permissions", view.t("portal.permissions"), **_context(view, found), said=said, signal=signal
    )


def receipts(request: Request) -> Response:
    """The person's consents as receipts to keep (ISO/IEC TS 27560)."""
    view = OwnView(request)
    try:
        found = consents(view.store, view.person, actor=myself(view.person), now=view.now)
    except NoSuchRowError:
        raise NotFoundError from None
    name = f"{view.register.notice.register}-consents-{view.today.isoformat()}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(found.receipts(view.now), media_type="application/json", headers=headers)


def signal_of(view: OwnView) -> str:
    """Heed what the browser says for the person, and tell what it does here; empty when it says nothing.

    Raises NoSuchRowError.
    """
    if not asks_privacy(view.request.headers):
        return ""
    names = dict.fromkeys(each.name for each in heed(view.store, view.person, now=view.now).others)
    if not names:
        return view.t("portal.gpc_nobody")
    return view.t("portal.gpc_heeded", names=view.f.listed(names))


def _context(view: OwnView, found: Stands) -> dict[str, Any]:
    """What is done without asking that holds or uses something of this person, or that they objected to; and beside it
    what is not done with their data now and may be objected to all the same.
    """
    with view.store.read(view.now) as conn:
        own = gather(view.store, conn, view.person, now=view.now, whole=False)
    concerning = concerned(Voice(view.register, view.lang), own)
    now = [each for each in found.without if each.state or each.purpose.key in concerning]
    return {
        "switches": tuple(_switch(view, each) for each in found.choices),
        "without": tuple(_done(view, each) for each in now),
        "besides": tuple(_done(view, each) for each in found.without if each.may_object and each not in now),
        "receipts": f"/own/{view.register.notice.register}/receipts.json",
    }


def turn_one(request: Request) -> Response:
    """One switch was pressed: the name of its field says which."""
    view = OwnView(request)
    form = request.state.form
    key = next((name for name, value in form.items() if value in ("yes", "no")), "")
    try:
        choice = choice_of(view.register, key)
        turn(view.store, view.person, choice, on=form.get(key) == "yes", language=view.lang, now=view.now)
    except (CannotSayError, NoSuchRowError):
        raise NotFoundError from None
    return responses.redirect(session.path(request, "/permissions", said=str(form.get(key))))


def ask_objection(request: Request) -> Response:
    """What is objected to, and why, if the person wants to say."""
    view = OwnView(request)
    found = _objectable(view)
    why = "portal.object_why_claims" if found.goes_on else "portal.object_why"
    return own_page(
        request,
        "object",
        view.t("portal.object_title"),
        why=view.t(why, purpose=view.teller.w.low(registers.said(found.purpose.text, view.lang))),
        field=Field(name="reason", label=view.t("portal.object_reason"), widget="textarea", optional=True),
        action=session.path(request, f"/object/{found.purpose.key}"),
        back=session.path(request, "/permissions"),
    )


def raise_objection(request: Request) -> Response:
    """The objection is in force until it has been weighed (Art. 21(1), 18(1)(d))."""
    view = OwnView(request)
    found = _objectable(view)
    reason = request.state.form.get("reason", "")
    why = reason.strip()[:5000] if isinstance(reason, str) else ""
    object_own(
        view.store,
        view.person,
        found.purpose.key,
        reason=why,
        asked=f"{registers.said(found.purpose.text, view.lang)}: {why}".removesuffix(": "),
        language=view.lang,
        proven=view.proven,
        now=view.now,
    )
    said = "object_claims" if found.goes_on else "object"
    return responses.redirect(session.path(request, "/permissions", said=said))


def _objectable(view: OwnView) -> Without:
    """The purpose of the address, which may be objected to and is not yet. Raises NotFoundError."""
    try:
        every = stands(view.store, view.person, now=view.now).without
    except NoSuchRowError:
        raise NotFoundError from None
    asked = str(view.request.path_params["purpose"])
    found = next((each for each in every if each.purpose.key == asked and each.may_object and not each.state), None)
    if found is None:
        raise NotFoundError
    return found


def name_of(view: OwnView, choice: Choice) -> str:
    """A choice in a few words: *Suoramarkkinointi: puhelimella*, *Kumppanien markkinointi: Letkuset Oy*."""
    how = view.t(f"portal.by_{choice.channel}") if choice.channel in CHANNELS else choice.channel
    more = choice.recipient or how
    what = view.short(choice.purpose)
    return view.t("portal.choose", what=what, how=more) if more else what


def _switch(view: OwnView, stand: Stand) -> Switch:
    life = None
    if stand.on and stand.consent:
        life = view.life("date" if stand.until else "person", stand.until, stand.since)
    return Switch(
        name=stand.choice.key,
        label=name_of(view, stand.choice),
        on=stand.on,
        post=session.path(view.request, "/permissions"),
        said=registers.said(stand.wording, view.lang) if stand.wording else "",
        about=_about(view, stand),
        life=life,
        hidden=session.hidden(view.request),
    )


def _about(view: OwnView, stand: Stand) -> str:
    date = view.f.date(stand.since) if stand.since is not None else ""
    if stand.on:
        return view.t("portal.yes_since", date=date) if stand.consent and date else view.t("portal.not_refused")
    if not date:
        return view.t("portal.never_given")
    return view.t("portal.withdrawn_since" if stand.withdrawn else "portal.no_since", date=date)


def _life(end: End) -> Life:
    return Life(end=end.sort if end.sort != "none" else "running", text=end.text)


def _state(each: Without) -> str:
    claims = each.goes_on and each.state == "pending"
    return f"portal.objected_{each.state}{'_claims' if claims else ''}"


def _done(view: OwnView, each: Without) -> Done:
    purpose = each.purpose
    date = view.f.date(each.since) if each.since is not None else ""
    act = None
    if each.may_object and not each.state:
        act = Link(text=view.t("portal.object_to"), href=session.path(view.request, f"/object/{purpose.key}"))
    return Done(
        basis=purpose.basis,
        purpose=registers.said(purpose.text, view.lang),
        life=tuple({one.text: one for one in (_life(view.periods.end(keep)) for keep in purpose.keep)}.values()),
        law=view.teller.laws(purpose) if purpose.law else "",
        state=view.t(_state(each), date=date) if each.state else "",
        act=act,
    )

"""The person's requests: what waits with its last day, what was answered, and a new one."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from seloste.clock import today
from seloste.operations.portal.requests import ask_own, own_requests
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.rights.model import REQUEST, Request, RequestError
from seloste.web import responses
from seloste.web.i18n import texts
from seloste.web.parts import Field, Item, Life
from seloste.web.portal import session
from seloste.web.portal.frame import page as own_page
from seloste.web.portal.view import OwnView, complaint
from seloste.web.problems import NotFoundError

LONGEST = 5000
"""Letters in the person's own words."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that is not answered: its last day with a line, or that it waits for the person."""

    title: str
    sent: str
    asked: str
    due: str
    left: str
    late: bool
    life: Life


def page(request: WebRequest) -> Response:
    """All of them."""
    view = OwnView(request)
    found = own_requests(view.store, view.person, now=view.now)
    return own_page(
        request,
        "requests",
        view.t("portal.requests"),
        said="sent" in request.query_params,
        waiting=tuple(_waiting(view, each) for each in found.open),
        answered=tuple(_answered(view, each) for each in found.answered),
        doors=tuple(
            Item(text=_asking(view, right), href=session.path(request, f"/requests/{right}")) for right in _rights(view)
        ),
        complaint=complaint(view.lang),
    )


def ask(request: WebRequest) -> Response:
    """The form of one right."""
    return _form(request)


def send(request: WebRequest) -> Response:
    """Ask; the month to answer begins today."""
    view, right = OwnView(request), _right(request)
    asked = request.state.form.get("asked", "")
    text = asked.strip()[:LONGEST] if isinstance(asked, str) else ""
    try:
        ask_own(view.store, view.person, right, asked=text, language=view.lang, proven=view.proven, now=view.now)
    except NoSuchRowError:
        raise NotFoundError from None
    except RequestError as refused:
        return _form(request, refused.message(view.lang), text)
    return responses.redirect(session.path(request, "/requests", sent="1"))


def _form(request: WebRequest, error: str = "", typed: str = "") -> Response:
    view, right = OwnView(request), _right(request)
    answer = own_page(
        request,
        "ask_right",
        _asking(view, right),
        field=Field(
            name="asked", label=view.t("portal.in_your_words"), widget="textarea", optional=True, shown=(typed,)
        ),
        error=error,
        action=session.path(request, f"/requests/{right}"),
        back=session.path(request, "/requests"),
    )
    answer.status_code = 422 if error else 200
    return answer


def _rights(view: OwnView) -> tuple[str, ...]:
    return tuple(option.key for option in view.kind(REQUEST).items["right"].options)


def _right(request: WebRequest) -> str:
    """What the address asks for. Raises NotFoundError."""
    asked = str(request.path_params["right"])
    if asked not in _rights(OwnView(request)):
        raise NotFoundError
    return asked


def _asking(view: OwnView, right: str) -> str:
    key = f"portal.ask_{right}"
    return view.t(key) if key in texts(view.lang) else _label(view, right)


def _label(view: OwnView, right: str) -> str:
    return view.teller.w.capital(view.text(view.kind(REQUEST).items["right"], right))


def _waiting(view: OwnView, each: Request) -> Waiting:
    sent, clock = today(each.received_at), each.clock
    whole = max((clock.day - sent).days, 1)
    if each.waiting:
        left = view.t("portal.waits_for_you")
    elif clock.overdue:
        left = view.t("portal.we_are_late")
    else:
        left = view.t("end.days_left", n=clock.left)
    return Waiting(
        title=_label(view, each.right),
        sent=view.t("end.you_sent", date=view.f.date(sent)),
        asked=each.asked,
        due="" if each.waiting else view.f.date_due(clock.day),
        left=left,
        late=clock.overdue,
        life=Life(
            end="past" if clock.overdue else "date", elapsed=min(1.0, (view.today - sent).days / whole), text=left
        ),
    )


def _answered(view: OwnView, each: Request) -> Item:
    state = view.text(view.kind(REQUEST).items["state"], each.state)
    day = view.f.date(each.answered_at) if each.answered_at is not None else ""
    reasons = [step.text for step in each.steps if step.step == "refused" and step.text]
    return Item(
        text=_label(view, each.right),
        sub=view.t("portal.answered_on", state=view.teller.w.capital(state), date=day),
        said=" ".join(part for part in (each.answer, *reasons) if part),
    )

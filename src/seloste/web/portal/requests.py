"""The person's requests: what waits with its last day, what was answered, and a new one."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from seloste.clock import today
from seloste.operations.portal.requests import (
    ask_own,
    asked_of,
    cancel_own,
    mine_own,
    own_requests,
    question,
    reply_own,
    waits_for_who,
)
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.rights.model import REQUEST, Request, RequestError
from seloste.web import responses
from seloste.web.i18n import texts
from seloste.web.parts import Field, Item, Life
from seloste.web.portal import identify, session
from seloste.web.portal.frame import contact_of
from seloste.web.portal.frame import page as own_page
from seloste.web.portal.view import OwnView, complaint
from seloste.web.problems import NotFoundError

LONGEST = 5000
"""Letters in the person's own words."""


GIVEN = ("access", "portability")
"""Rights answered by the data themselves, which stand on a page of their own."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that is not answered: its last day with a line, or that it waits for the person.

    ``question`` is what they are asked, ``reply`` where the answer goes and ``cancel`` where it is taken back, both
    empty where they may not. ``prove``: who they are is waited for; ``mine`` is where one who was identified says that
    it is theirs.
    """

    title: str
    sent: str
    asked: str
    due: str
    left: str
    late: bool
    life: Life
    question: str
    reply: str
    prove: bool
    mine: str
    cancel: str


SAID = {"sent": "portal.request_sent", "replied": "portal.request_replied", "cancelled": "portal.request_cancelled",
        "mine": "portal.request_mine"}  # fmt: skip
"""What was just done, by the word that the address carries."""


def page(request: WebRequest) -> Response:
    """All of them."""
    return _page(request)


def _page(request: WebRequest, error: str = "") -> Response:
    view = OwnView(request)
    found = own_requests(view.store, view.person, proven=view.proven, now=view.now)
    said = SAID.get(request.query_params.get("said", ""), "")
    asked = session.answer_asked(request).get("answer", "")
    chosen = next((each for each in found.answered if str(each.id) == asked), None)
    answer = own_page(
        request,
        "requests",
        view.t("portal.requests"),
        said="" if error or not said else view.t(said),
        error=error,
        guarded=found.guarded,
        by=identify.offered(request),
        contact=contact_of(view.register.notice.controller),
        waiting=tuple(_waiting(view, each, acts=not found.guarded) for each in found.open),
        answer=_answered(view, chosen) if chosen is not None else None,
        data=session.path(request, "/data") if chosen is not None and chosen.right in GIVEN else "",
        answered=tuple(_answered(view, each) for each in found.answered if each is not chosen),
        doors=tuple(
            Item(text=_asking(view, right), href=session.path(request, f"/requests/{right}")) for right in _rights(view)
        ),
        complaint=complaint(view.lang),
    )
    answer.status_code = 422 if error else 200
    return answer


def reply(request: WebRequest) -> Response:
    """The answer to what was asked of them."""
    view = OwnView(request)
    text = request.state.form.get("text", "")
    try:
        reply_own(view.store, view.person, _number(request), _typed(text), proven=view.proven, now=view.now)
    except NoSuchRowError:
        raise NotFoundError from None
    except RequestError as refused:
        return _page(request, refused.message(view.lang))
    return responses.redirect(session.path(request, "/requests", said="replied"))


def mine(request: WebRequest) -> Response:
    """Whoever was identified says that a request in their name is theirs."""
    view = OwnView(request)
    try:
        mine_own(view.store, view.person, _number(request), proven=view.proven, now=view.now)
    except (NoSuchRowError, RequestError):
        raise NotFoundError from None
    return responses.redirect(session.path(request, "/requests", said="mine"))


def ask_cancel(request: WebRequest) -> Response:
    """Which request would be cancelled; nothing is yet."""
    view, number = OwnView(request), _number(request)
    own = own_requests(view.store, view.person, proven=view.proven, now=view.now)
    found = next((each for each in own.open if each.id == number and not own.guarded), None)
    if found is None:
        raise NotFoundError
    return own_page(
        request,
        "cancel",
        view.t("portal.cancel_title"),
        what=view.t(
            "portal.cancel_what", what=view.teller.w.low(_label(view, found.right)),
            date=view.f.date(today(found.received_at)),
        ),
        action=session.path(request, f"/requests/{number}/cancel"),
        back=session.path(request, "/requests"),
    )  # fmt: skip


def cancel(request: WebRequest) -> Response:
    """It is taken back."""
    view = OwnView(request)
    try:
        cancel_own(view.store, view.person, _number(request), proven=view.proven, now=view.now)
    except (NoSuchRowError, RequestError):
        raise NotFoundError from None
    return responses.redirect(session.path(request, "/requests", said="cancelled"))


def _number(request: WebRequest) -> int:
    number = int(request.path_params["id"])
    if not 0 < number < 2**63:
        raise NotFoundError
    return number


def _typed(text: object) -> str:
    return text.strip()[:LONGEST] if isinstance(text, str) else ""


def ask(request: WebRequest) -> Response:
    """The form of one right."""
    return _form(request)


def send(request: WebRequest) -> Response:
    """Ask; the month to answer begins today."""
    view, right = OwnView(request), _right(request)
    text = _typed(request.state.form.get("asked", ""))
    try:
        ask_own(view.store, view.person, right, asked=text, language=view.lang, proven=view.proven, now=view.now)
    except NoSuchRowError:
        raise NotFoundError from None
    except RequestError as refused:
        return _form(request, refused.message(view.lang), text)
    return responses.redirect(session.path(request, "/requests", said="sent"))


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


def _waiting(view: OwnView, each: Request, *, acts: bool) -> Waiting:
    sent, clock, detail = today(each.received_at), each.clock, asked_of(each) == "asked_detail"
    prove = waits_for_who(each)
    whole = max((clock.day - sent).days, 1)
    if each.waiting:
        left = view.t("portal.waits_for_you")
    elif clock.overdue:
        left = view.t("portal.we_are_late")
    else:
        left = view.t("end.days_left", n=clock.left)
    return Waiting(
        title=_label(view, each.right),
        # Of one that came otherwise nobody says here who sent it.
        sent=view.t("end.you_sent" if each.channel == "portal" else "end.arrived", date=view.f.date(sent)),
        asked=each.asked,
        due="" if each.waiting else view.f.date_due(clock.day),
        left=left,
        late=clock.overdue,
        question=question(each),
        reply=session.path(view.request, f"/requests/{each.id}/reply") if acts and detail else "",
        prove=prove,
        mine=session.path(view.request, f"/requests/{each.id}/mine") if prove and view.proven else "",
        cancel=session.path(view.request, f"/requests/{each.id}/cancel") if acts else "",
        life=Life(
            end="past" if clock.overdue else "date", elapsed=min(1.0, (view.today - sent).days / whole), text=left
        ),
    )


def _answered(view: OwnView, each: Request) -> Item:
    state = view.text(view.kind(REQUEST).items["state"], each.state)
    day = view.f.date(each.answered_at) if each.answered_at is not None else ""
    # The reasons why part of it was not done are told as those of a refusal are (Art. 12(4)).
    reasons = [step.text for step in each.steps if step.step in ("refused", "answered") and step.text]
    return Item(
        text=_label(view, each.right),
        sub=view.t("portal.answered_on", state=view.teller.w.capital(state), date=day),
        said=" ".join(part for part in (each.answer, *reasons) if part),
    )

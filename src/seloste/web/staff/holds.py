"""Holds and restrictions, for whoever leads privacy: what stands, put on hold, keep on, lift."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.model import PERSON
from seloste.errors import SelosteError
from seloste.operations.accounts.roles import list_accounts
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.retention.holds import Held, Standing, end, held, persons_of, place, review
from seloste.operations.rights.read import person_name
from seloste.web import registers, responses, searched, security
from seloste.web.frame import frame_of
from seloste.web.parts import Act, Cell, Choice, Column, Field, Head, Link, Row, RowGroup, Table
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.staff.form_read import is_number
from seloste.web.staff.requests import base as requests_base
from seloste.web.staff.requests import candidates, option

FIRST_REVIEW = dt.timedelta(days=182)
"""Half a year: what is offered for the next review."""

MOST_OWNERS = 60


def base(show: Presenter) -> str:
    return f"/r/{show.key}/privacy/holds"


def page(request: Request) -> Response:
    """``/r/{reg}/privacy/holds``: overdue reviews first; with ``?open=`` what to do with one of them."""
    return _shown(request, Presenter(request))


def _shown(request: Request, show: Presenter, fault: str = "") -> Response:
    found = held(show.store, actor=show.actor, now=show.now)
    asked = request.query_params.get("open", "")
    opened = next((each for each in found.holds if str(each.id) == asked), None)
    return responses.page(
        request,
        "staff/holds.html",
        status=422 if fault else 200,
        frame=frame_of(request),
        head=Head(
            title=show.t("stops.title"),
            acts=(Act(text=show.t("stops.new"), href=f"{base(show)}/new", look="main"),),
            opening=show.t("stops.opening"),
            flash=responses.flash(request),
            errors=bool(fault),
        ),
        holds=_holds(show, found),
        restrictions=_restrictions(show, found),
        opened=_name(show, found, opened) if opened is not None else "",
        why=opened.why if opened is not None else "",
        action=f"{base(show)}/{opened.id}" if opened is not None else "",
        next_review=_day_field(show, "review_on", show.t("stops.next_review"), error=fault),
        faults=(Link(text=fault, href="#review_on"),) if fault else (),
        hidden=security.hidden(request),
    )


def _name(show: Presenter, found: Held, each: Standing) -> str:
    return found.names.get(each.person) or show.t("stops.unknown")


def _who(show: Presenter, found: Held, each: Standing) -> Cell:
    return Cell(text=_name(show, found, each), href=show.href(PERSON, each.person), sub=each.why if each.owner else "")


def _holds(show: Presenter, found: Held) -> Table | None:
    if not found.holds:
        return None
    t, f = show.t, show.f

    def row(each: Standing) -> Row:
        late = each.overdue(show.today)
        day = f.date(each.review_on) if each.review_on else t("stops.no_day")
        return Row(
            cells=(
                replace(_who(show, found, each), sub=each.why),
                Cell(text=show.worker(each.owner) if each.owner else "–"),
                Cell(text=f.date(each.since) if each.since else "–"),
                Cell(text=day, sub=t("stops.late") if late else "", tone="stop" if late else "", strong=late),
                Cell(act=Act(text=t("stops.open"), href=f"{base(show)}?open={each.id}#review", small=True)),
            )
        )

    columns = (
        Column(text=t("stops.who")),
        Column(text=t("stops.owner")),
        Column(text=t("stops.since"), rank=2, right=True),
        Column(text=t("stops.review"), right=True),
        Column(text=t("stops.open"), unseen=True),
    )
    rows = tuple(row(each) for each in found.holds)
    return Table(caption=t("stops.holds"), columns=columns, groups=(RowGroup(rows=rows),), blocks=True)


def _restrictions(show: Presenter, found: Held) -> Table | None:
    """They end where the person was told of it: on the page of their request (Art. 18(3))."""
    if not found.restrictions:
        return None
    t = show.t

    def row(each: Standing) -> Row:
        asked = found.requests.get(each.person)
        here = f"{requests_base(show)}/new?person={each.person}"
        href = f"{requests_base(show)}/{asked}" if asked is not None else here
        return Row(
            cells=(
                Cell(text=_name(show, found, each), href=show.href(PERSON, each.person)),
                Cell(text=option(show, "restriction", "ground", each.why)),
                Cell(text=show.worker(each.by) if each.by else "–"),
                Cell(text=show.f.date(each.since) if each.since else "–"),
                Cell(text=t("stops.lift_restriction"), href=href),
            )
        )

    columns = (
        Column(text=t("stops.who")),
        Column(text=t("stops.why")),
        Column(text=t("stops.by"), rank=2),
        Column(text=t("stops.since"), right=True),
        Column(text=t("stops.open"), unseen=True),
    )
    rows = tuple(row(each) for each in found.restrictions)
    return Table(caption=t("stops.restrictions"), columns=columns, groups=(RowGroup(rows=rows),), blocks=True)


def act(request: Request) -> Response:
    """Lift one hold, or keep it until another review."""
    show, number, form = Presenter(request), int(request.path_params["id"]), request.state.form
    if number >= 2**63:
        raise NotFoundError
    try:
        if form.get("do") == "lift":
            end(show.store, number, actor=show.actor, now=show.now)
            return responses.redirect(base(show), done="hold_ended")
        review(show.store, number, _day(str(form.get("review_on", ""))), actor=show.actor, now=show.now)
    except NoSuchRowError:
        raise NotFoundError from None
    except SelosteError as problem:
        return _shown(request, show, problem.message(show.lang))
    return responses.redirect(base(show), done="hold_reviewed")


# --- a new one --------------------------------------------------------------------------------------------------------


def new(request: Request) -> Response:
    """``/r/{reg}/privacy/holds/new``: of a person found or named by the address, or of those a row is about."""
    show = Presenter(request)
    if request.method != "POST":
        return _form(request, show)
    form = request.state.form
    try:
        place(
            show.store,
            [int(each) for each in form.getlist("person") if is_number(str(each))],
            str(form.get("reason", "")),
            owner=str(form.get("owner", "")),
            review_on=_day(str(form.get("review_on", ""))),
            actor=show.actor,
            now=show.now,
        )
    except SelosteError as problem:
        return _form(request, show, problem.message(show.lang))
    return responses.redirect(base(show), done="held_now")


def _form(request: Request, show: Presenter, fault: str = "") -> Response:
    t, form = show.t, request.state.form if request.method == "POST" else None
    asked = searched.opened(request, "find", 100)
    row, chosen, reason = _of_row(request, show)
    people = {each.id: each.text for each in candidates(show, asked)}
    people = {each: person_name(show.store, each, actor=show.actor, now=show.now) for each in chosen} | people
    picked = [str(each) for each in form.getlist("person")] if form is not None else [str(each) for each in chosen]
    if form is None and len(people) == 1:
        picked = [str(next(iter(people)))]
    owners = _owners(request)
    owner = str(form.get("owner", "")) if form is not None else request.state.signed.account.name
    fields = (
        Field(
            name="person",
            label=t("stops.whose"),
            widget="checks",
            shown=tuple(picked),
            choices=tuple(Choice(value=str(key), text=name or t("stops.unknown")) for key, name in people.items()),
        ),
        Field(
            name="reason", label=t("stops.reason"), hint=t("stops.reason_hint"), widget="textarea", lines=2,
            shown=(str(form.get("reason", "")) if form is not None else reason,),
        ),
        Field(
            name="owner", label=t("stops.owner"), widget="select", half=True, shown=(owner,),
            choices=tuple(Choice(value=name, text=name) for name in owners),
        ),
        _day_field(show, "review_on", t("stops.when"), form=form),
    )  # fmt: skip
    query = request.url.query
    return responses.page(
        request,
        "staff/hold_new.html",
        status=422 if fault else 200,
        frame=frame_of(request, current=base(show)),
        head=Head(
            title=t("stops.new"),
            crumbs=(Link(text=t("nav.holds"), href=base(show)),),
            opening=(t("stops.of_row", row=row) if people else t("stops.of_nobody")) if row else "",
            errors=bool(fault),
        ),
        hidden=security.hidden(request),
        search=asked,
        searching=not row,
        action=f"{base(show)}/new",
        finding=searched.searching(request, f"{base(show)}/new"),
        post=f"{base(show)}/new" + (f"?{query}" if query else ""),
        fields=fields if people else (),
        faults=(Link(text=fault, href="#reason"),) if fault else (),
        cancel=base(show),
    )


def _of_row(request: Request, show: Presenter) -> tuple[str, tuple[int, ...], str]:
    """What the row that the address names is called, whose it is, and the first words of a reason."""
    kind, number = request.query_params.get("kind", PERSON), request.query_params.get("row", "")
    if not is_number(number):
        return "", (), ""
    try:
        persons = persons_of(show.store, kind, int(number), now=show.now)
    except NoSuchRowError:
        raise NotFoundError from None
    named = show.titles_of(kind, [int(number)]).get(int(number)) or f"{show.label(kind)} {number}"
    return ("", persons, "") if kind == PERSON else (named, persons, f"{named}: ")


def _owners(request: Request) -> tuple[str, ...]:
    """Names of those who have a role in this register, whoever asks first."""
    key = request.state.register_key
    every = list_accounts(registers.deployment(request))
    names = [each.account.name for each in every if any(one.register == key for one in each.grants)]
    return tuple(dict.fromkeys([request.state.signed.account.name, *sorted(names)]))[:MOST_OWNERS]


def _day_field(show: Presenter, name: str, label: str, *, form: object = None, error: str = "") -> Field:
    typed = str(form.get(name, "")) if hasattr(form, "get") else (show.today + FIRST_REVIEW).isoformat()
    return Field(name=name, label=label, widget="date", half=True, shown=(typed,), error=error,
                 hint=show.t("stops.when_hint"))  # fmt: skip


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None

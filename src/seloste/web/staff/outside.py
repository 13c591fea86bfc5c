"""Requests from outside, for whoever leads privacy: written down, advised on by the law, decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.model import PERSON
from seloste.clock import HELSINKI
from seloste.errors import SelosteError
from seloste.operations.disclosures import requests as op
from seloste.operations.disclosures.files import FORMS, Form
from seloste.operations.disclosures.outside import Asked, advice, askable, one, requesters, restricted, sorts
from seloste.operations.rights.read import person_name
from seloste.web import responses, searched, security
from seloste.web.frame import frame_of
from seloste.web.parts import Act, Choice, Field, Group, Head, Link
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.registers import said
from seloste.web.staff import disclosures as overview
from seloste.web.staff.disclose_to import file_of
from seloste.web.staff.form_read import is_number
from seloste.web.staff.requests import candidates

LAW = {"ALLOW": "ok", "DENY": "stop", "REVIEW": "soon"}


# --- written down -----------------------------------------------------------------------------------------------------


def new(request: Request) -> Response:
    """Whose data, who asks, on what ground, what."""
    show = Presenter(request)
    if request.method != "POST":
        return _form(request, show, {})
    form = request.state.form
    typed = {name: str(form.get(name, "")) for name in
             ("requester", "asked_by", "provision", "right_shown", "reference", "asked", "sort")}  # fmt: skip
    received = _moment(show, str(form.get("received", "")))
    if received is None:
        return _form(request, show, {"received": show.t("requests.day_missing")})
    try:
        number = op.receive(
            show.store,
            {int(each) for each in map(str, form.getlist("person")) if is_number(each)},
            what=[str(each) for each in form.getlist("what")],
            received_at=received,
            actor=show.actor,
            now=show.now,
            **typed,
        )
    except SelosteError as problem:
        return _form(request, show, {_field_of(form, typed): problem.message(show.lang)})
    return responses.redirect(f"{overview.base(show)}/outside/{number}", done="request_received")


def _field_of(form: object, typed: Mapping[str, str]) -> str:
    """The first field that is not filled; a refusal is about that."""
    assert hasattr(form, "getlist")
    if not typed["requester"]:
        return "requester"
    if not typed["asked_by"].strip():
        return "asked_by"
    if not form.getlist("person"):
        return "person"
    if not form.getlist("what"):
        return "what"
    return "provision"


def _moment(show: Presenter, text: str) -> dt.datetime | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return show.now if day == show.today else dt.datetime.combine(day, dt.time(9), HELSINKI)


def _form(request: Request, show: Presenter, faults: dict[str, str]) -> Response:
    t, form = show.t, request.state.form if request.method == "POST" else {}
    asked = searched.opened(request, "find", 100)
    base = overview.base(show)

    def text(name: str, **more: object) -> Field:
        return Field(name=name, label=t(f"outside.{name}"), shown=(str(form.get(name, "")),),
                     error=faults.get(name, ""), **more)  # type: ignore[arg-type] # fmt: skip

    who = [
        Field(
            name="requester",
            label=t("outside.as_whom"),
            widget="select",
            shown=(str(form.get("requester", requesters(show.register)[0])),),
            error=faults.get("requester", ""),
            choices=tuple(Choice(value=key, text=overview.requester(show, key)) for key in requesters(show.register)),
        ),
        text("asked_by", hint=t("outside.asked_by_hint")),
        text("provision", hint=t("outside.provision_hint"), optional=True),
        text("right_shown", hint=t("outside.right_shown_hint"), optional=True),
        text("reference", optional=True, half=True),
        Field(name="received", label=t("requests.received"), widget="date", half=True, error=faults.get("received", ""),
              shown=(str(form.get("received", show.today.isoformat())),)),
        text("asked", widget="textarea", lines=3, optional=True),
    ]  # fmt: skip
    if sorts(show.register):
        choices = tuple(Choice(value=key, text=t(f"outside.sort.{key}")) for key in sorts(show.register))
        who.append(Field(name="sort", label=t("outside.which_sort"), widget="select", choices=choices,
                         shown=(str(form.get("sort", choices[0].value)),)))  # fmt: skip
    return responses.page(
        request,
        "staff/outside_new.html",
        status=422 if faults else 200,
        frame=frame_of(request, current=base),
        head=Head(
            title=t("disclosures.ask_new"),
            crumbs=(Link(text=t("nav.disclosures"), href=base),),
            errors=bool(faults),
        ),
        hidden=security.hidden(request),
        search=asked,
        action=f"{base}/outside/new",
        finding=searched.searching(request, f"{base}/outside/new"),
        persons=_persons(request, show, asked, form, faults),
        fields=tuple(who),
        what=_what(show, form),
        what_fault=faults.get("what", ""),
        faults=tuple(Link(text=text_, href=f"#{name}") for name, text_ in faults.items()),
        cancel=base,
    )


def _persons(request: Request, show: Presenter, asked: str, form: object, faults: dict[str, str]) -> Field | None:
    found = candidates(show, asked) if asked else []
    before = [each for each in request.query_params.getlist("person") if is_number(each)]
    ticked = [str(each) for each in form.getlist("person")] if hasattr(form, "getlist") else before
    known = {str(each.id): each.text for each in found}
    for number in ticked:
        if is_number(number) and number not in known:
            name = person_name(show.store, int(number), actor=show.actor, now=show.now)
            known[number] = name or show.t("requests.unknown")
    if not known:
        fault = faults.get("person", "")
        return Field(name="person", label=show.t("outside.whose"), widget="checks", error=fault) if fault else None
    alone = tuple(known) if len(known) == 1 else ()
    return Field(
        name="person",
        label=show.t("outside.whose"),
        widget="checks",
        shown=tuple(ticked) or alone,
        error=faults.get("person", ""),
        choices=tuple(Choice(value=number, text=text) for number, text in known.items()),
    )


def _what(show: Presenter, form: object) -> tuple[Group, ...]:
    """Items that may be asked for, by kind; the person's own first."""
    ticked = tuple(str(each) for each in form.getlist("what")) if hasattr(form, "getlist") else ()
    by_kind: dict[str, list[Choice]] = {}
    for ref in askable(show.register):
        kind = show.kind(ref.kind)
        if kind.about == "nobody" and not kind.subject:
            continue
        label = said(kind.items[ref.item].label, show.lang)
        by_kind.setdefault(ref.kind, []).append(Choice(value=str(ref), text=label))
    ordered = sorted(by_kind, key=lambda kind: kind != PERSON)
    return tuple(
        Group(
            title=show.plural(kind) if kind != PERSON else show.label(kind),
            fields=(Field(name="what", label=show.plural(kind), widget="checks", shown=ticked, unmarked=True,
                          choices=tuple(by_kind[kind])),),
        )
        for kind in ordered
    )  # fmt: skip


# --- decided ----------------------------------------------------------------------------------------------------------


def page(request: Request) -> Response:
    """The request, what the law says of it, and the two decisions."""
    return _page(request, {})


def decide(request: Request) -> Response:
    """Give or refuse."""
    show, form = Presenter(request), request.state.form
    number, act = int(request.path_params["id"]), request.path_params["act"]
    if act not in ("give", "refuse"):
        raise NotFoundError
    if act == "refuse":
        try:
            op.refuse(show.store, number, reason=str(form.get("why_not", "")), actor=show.actor, now=show.now)
        except SelosteError as problem:
            return _page(request, {"why_not": problem.message(show.lang)})
        return responses.redirect(f"{overview.base(show)}/outside/{number}", done="outside_refused")
    chosen: Form = next((each for each in FORMS if each == form.get("form")), "csv")
    try:
        done = op.give(
            show.store,
            number,
            items=[str(each) for each in form.getlist("what")],
            reason=str(form.get("reason", "")),
            exception=str(form.get("exception", "")),
            consent=bool(form.get("consent")),
            form=chosen,
            lang=show.lang,
            actor=show.actor,
            now=show.now,
        )
    except SelosteError as problem:
        return _page(request, {"what": problem.message(show.lang)})
    return file_of(done)


def _page(request: Request, faults: dict[str, str]) -> Response:
    show = Presenter(request)
    t = show.t
    found = one(show.store, int(request.path_params["id"]), now=show.now)
    names = [
        person_name(show.store, each, actor=show.actor, now=show.now) or t("requests.unknown") for each in found.persons
    ]
    consent = "1" in (request.query_params.get("consent"), _typed(request, "consent"))
    told = advice(show.store, found, consent=consent, now=show.now)
    with_consent = told if consent else advice(show.store, found, consent=True, now=show.now)
    held = restricted(show.store, found, now=show.now)
    base = overview.base(show)
    facts = [
        (t("outside.as_whom"), overview.requester(show, found.requester)),
        (t("outside.provision"), found.provision),
        (t("outside.right_shown"), found.right_shown),
        (t("outside.reference"), found.reference),
        (t("requests.received"), show.f.date(show.f.local(found.received_at))),
        (t("outside.whose"), show.f.listed(names)),
        (t("outside.which_sort"), t(f"outside.sort.{found.sort}") if found.sort else ""),
        (t("outside.asked"), found.asked),
        (t("outside.what_given" if found.state == "given" else "outside.what"), _items(show, found.what)),
        (t("outside.reason"), found.reason),
    ]
    return responses.page(
        request,
        "staff/outside.html",
        status=422 if faults else 200,
        frame=frame_of(request, current=base),
        head=Head(
            title=found.asked_by,
            crumbs=(Link(text=t("nav.disclosures"), href=base),),
            sub="" if found.open else t(f"outside.{found.state}"),
            acts=() if found.open else (Act(text=t("nav.disclosures"), href=base),),
            flash=responses.flash(request),
            errors=bool(faults),
        ),
        hidden=security.hidden(request),
        path=f"{base}/outside/{found.id}",
        open=found.open,
        denied=told.answer == "DENY",
        consent=consent,
        consent_href="?consent=1" if with_consent.answer != told.answer else "",
        tone=LAW[told.answer],
        verdict=t(f"outside.law.{told.answer.lower()}"),
        why=said(told.reason, show.lang),
        law=said(told.law, show.lang) if told.law else "",
        facts=[(label, text) for label, text in facts if text],
        give=_give(show, found, told.answer == "REVIEW", held, request, faults),
        refuse=(Field(name="why_not", label=t("outside.why_not"), widget="textarea", lines=3,
                      error=faults.get("why_not", ""), shown=(_typed(request, "why_not"),)),),
        faults=tuple(Link(text=text, href=f"#{name}") for name, text in faults.items()),
    )  # fmt: skip


def _typed(request: Request, name: str) -> str:
    return str(request.state.form.get(name, "")) if request.method == "POST" else ""


def _items(show: Presenter, what: tuple[str, ...]) -> str:
    items = []
    for name in what:
        kind, _, item = name.partition(".")
        if kind in show.register.tables and item in show.kind(kind).items:
            items.append(show.teller.w.low(said(show.kind(kind).items[item].label, show.lang)))
    return show.f.listed(dict.fromkeys(items))


def _give(
    show: Presenter, found: Asked, weighed: bool, held: int, request: Request, faults: dict[str, str]
) -> tuple[Field, ...]:
    t = show.t
    choices = []
    for name in found.what:
        kind, _, item = name.partition(".")
        if kind in show.register.tables and item in show.kind(kind).items:
            label = said(show.kind(kind).items[item].label, show.lang)
            choices.append(Choice(value=name, text=label, hint="" if kind == PERSON else show.label(kind)))
    ticked = tuple(map(str, request.state.form.getlist("what"))) if request.method == "POST" else found.what
    fields = [
        Field(name="what", label=t("outside.what_to_give"), widget="checks", shown=ticked, choices=tuple(choices),
              error=faults.get("what", ""))
    ]  # fmt: skip
    if weighed:
        fields.append(Field(name="reason", label=t("outside.why_give"), hint=t("outside.why_give_hint"),
                            shown=(_typed(request, "reason"),)))  # fmt: skip
    if held:
        fields.append(Field(name="exception", label=t("outside.exception"), hint=t("outside.exception_hint", n=held),
                            optional=True, shown=(_typed(request, "exception"),)))  # fmt: skip
    fields.append(
        Field(
            name="form",
            label=t("exports.form"),
            widget="radio",
            shown=(_typed(request, "form") or "csv",),
            choices=tuple(Choice(value=each, text=each.upper(), hint=t(f"exports.{each}_hint")) for each in FORMS),
        )
    )
    return tuple(fields)

"""The agreement with one processor: every field of Art. 28(3), what lacks of them, and where the paper is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from seloste.errors import SelosteError
from seloste.notice.model import Processor
from seloste.operations.disclosures.agreements import CLAUSES, TEXTS, Agreed, Agreement, agreements, record_agreement
from seloste.operations.disclosures.model import AGREEMENT
from seloste.web import responses, security
from seloste.web.frame import frame_of
from seloste.web.parts import Act, Chip, Choice, Field, Head, Item, Link
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.registers import said
from seloste.web.staff import disclosures as overview
from seloste.web.staff.form_read import is_number

LONG = ("aim", "data_types", "subjects")
DATES = ("signed_on", "ended_on")


def page(request: Request) -> Response:
    """The agreement that counts, or another that is asked for; an empty one where there is none."""
    return _page(request, {})


def save(request: Request) -> Response:
    """Written down as it is; the page then tells what lacks."""
    show, form = Presenter(request), request.state.form
    one = _processor(show, request)
    values: dict[str, Any] = {name: str(form.get(name, "")).strip() for name in ("company", "paper", *TEXTS, *DATES)}
    values[CLAUSES] = [str(each) for each in form.getlist(CLAUSES)]
    number = str(form.get("agreement", ""))
    try:
        record_agreement(
            show.store,
            one.key,
            values,
            agreement=int(number) if is_number(number) else None,
            actor=show.actor,
            now=show.now,
        )
    except SelosteError as problem:
        return _page(request, {"signed_on": problem.message(show.lang)})
    return responses.redirect(f"{overview.base(show)}/agreements/{one.key}", done="agreement_saved")


def _processor(show: Presenter, request: Request) -> Processor:
    key = str(request.path_params["key"])
    found = next((one for one in show.register.notice.processors if one.key == key), None)
    if found is None:
        raise NotFoundError
    return found


def _page(request: Request, faults: dict[str, str]) -> Response:
    show = Presenter(request)
    one, t = _processor(show, request), show.t
    base = overview.base(show)
    path = f"{base}/agreements/{one.key}"
    with show.store.read(show.now) as conn:
        agreed = agreements(show.store, conn, show.today)[one.key]
    shown = _shown(request, agreed)
    typed = request.state.form if request.method == "POST" else None
    acts = [Act(text=t("agreement.new"), href=f"{path}?new=1")] if shown is not None and shown.state == "ended" else []
    return responses.page(
        request,
        "staff/agreement.html",
        status=422 if faults else 200,
        frame=frame_of(request, current=base),
        head=Head(
            title=t("agreement.of", who=one.name or said(one.does, show.lang)),
            crumbs=(Link(text=t("nav.disclosures"), href=base),),
            chips=(Chip(text=t(f"agreement.{agreed.state}"), tone=overview.TONES[agreed.state]),),
            acts=tuple(acts),
            flash=responses.flash(request),
            errors=bool(faults),
        ),
        hidden=(*security.hidden(request), *((("agreement", str(shown.id)),) if shown is not None else ())),
        path=path,
        lacks=[_lack(show, name) for name in shown.lacks] if shown is not None else [],
        first=shown is None,
        in_notice=one.agreement or "",
        fields=_fields(show, one, shown, typed, faults),
        faults=tuple(Link(text=text, href=f"#{name}") for name, text in faults.items()),
        earlier=_earlier(show, path, agreed, shown),
        cancel=base,
    )


def _shown(request: Request, agreed: Agreed) -> Agreement | None:
    if request.query_params.get("new"):
        return None
    asked = request.query_params.get("agreement", "")
    typed = str(request.state.form.get("agreement", "")) if request.method == "POST" else ""
    number = typed or asked
    if is_number(number):
        return next((each for each in agreed.all if each.id == int(number)), agreed.current)
    return agreed.current if request.method != "POST" else None


def _lack(show: Presenter, name: str) -> str:
    """A field or clause that lacks, as the form calls it."""
    items = show.kind(AGREEMENT).items
    if name in items:
        return show.teller.w.low(said(items[name].label, show.lang))
    return next((said(each.label, show.lang) for each in items[CLAUSES].options if each.key == name), name)


def _fields(
    show: Presenter,
    one: Processor,
    shown: Agreement | None,
    typed: Any,
    faults: dict[str, str],
) -> tuple[Field, ...]:
    items = show.kind(AGREEMENT).items
    values: Mapping[str, Any] = shown.values if shown is not None else _from_notice(show, one)

    def now(name: str) -> str:
        if typed is not None:
            return str(typed.get(name, ""))
        value = values.get(name)
        return value.isoformat() if isinstance(value, dt.date) else str(value or "")

    def field(name: str, **more: Any) -> Field:
        return Field(name=name, label=said(items[name].label, show.lang), shown=(now(name),),
                     error=faults.get(name, ""), **more)  # fmt: skip

    ticked = tuple(map(str, typed.getlist(CLAUSES))) if typed is not None else tuple(values.get(CLAUSES) or ())
    return (
        field("company", optional=True),
        field("subject_matter"),
        field("duration", hint=show.t("agreement.duration_hint")),
        field("nature"),
        *(field(name, widget="textarea", lines=2) for name in LONG),
        Field(
            name=CLAUSES,
            label=said(items[CLAUSES].label, show.lang),
            widget="checks",
            hint=show.t("agreement.clauses_hint"),
            shown=ticked,
            choices=tuple(Choice(value=each.key, text=said(each.label, show.lang)) for each in items[CLAUSES].options),
        ),
        field("signed_on", widget="date", half=True),
        field("ended_on", widget="date", half=True, optional=True),
        field("paper", hint=show.t("agreement.paper_hint")),
    )


def _from_notice(show: Presenter, one: Processor) -> Mapping[str, Any]:
    """What the notice says already, so that it need not be typed."""
    register = show.register
    purposes = one.purposes or tuple(key for key, each in register.purposes.items() if not each.built_in)
    refs = [ref for key in purposes for ref in (*register.purposes[key].uses, *register.purposes[key].borrows)]
    kinds = dict.fromkeys(ref.kind for ref in refs if ref.kind in register.tables)
    w = show.teller.w
    does = said(one.does, show.lang)
    return {
        "company": one.name or "",
        "subject_matter": does,
        "nature": does,
        "aim": w.capital(show.f.listed(w.low(show.purpose(key)) for key in purposes)),
        "data_types": w.capital(show.f.listed(w.low(show.plural(kind)) for kind in kinds)),
        "subjects": w.capital(show.f.listed(w.low(said(each.text, show.lang)) for each in register.notice.categories)),
        "paper": one.agreement or "",
    }


def _earlier(show: Presenter, path: str, agreed: Agreed, shown: Agreement | None) -> tuple[Item, ...]:
    return tuple(
        Item(
            text=str(each.values.get("company") or show.label(AGREEMENT)),
            href=f"{path}?agreement={each.id}",
            when=show.f.date(each.values["signed_on"]) if "signed_on" in each.values else "",
            chip=Chip(text=show.t(f"agreement.{each.state}"), tone=overview.TONES[each.state]),
        )
        for each in agreed.all
        if shown is None or each.id != shown.id
    )

"""One recipient: what it gets and on what terms, how many people that is today, and the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from seloste.errors import SelosteError
from seloste.notice.countries import COUNTRIES
from seloste.operations.disclosures.disclose import Disclosed, disclose, parties, preview
from seloste.operations.disclosures.files import FORMS, MEDIA, Form
from seloste.operations.disclosures.history import latest
from seloste.operations.disclosures.model import DisclosureError, Plan, Target
from seloste.operations.disclosures.targets import targets
from seloste.web import responses, searched, security
from seloste.web.frame import frame_of
from seloste.web.parts import Act, Choice, Field, Head, Link
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.staff import disclosures as overview
from seloste.web.staff.form_read import is_number
from seloste.web.staff.requests import candidates

BLOCK = 1 << 16
HOME = "FI"
MOST_COUNTED = 12
"""Parties for whom it is counted beforehand how many people they would get."""
MOST_READ = 5_000
"""People of whom it is read beforehand whether there is anything to give; of more a page would be waited for."""


def page(request: Request) -> Response:
    """What the recipient gets, how many people that is now, and the form."""
    return _page(request, {})


def send(request: Request) -> Response:
    """The file; or the page again with what stands in the way."""
    show, form = Presenter(request), request.state.form
    to = _target(show, request)
    typed = {name: str(form.get(name, "")) for name in ("party", "purpose", "evidence", "country", "form")}
    people = [int(each) for each in map(str, form.getlist("person")) if is_number(each)]
    chosen: Form = next((each for each in FORMS if each == typed["form"]), "csv")
    purpose = typed["purpose"] or (to.purposes[0] if len(to.purposes) == 1 else "")
    if not typed["party"].strip() and not to.parties and not to.name_from_row:
        return _page(request, {"party": show.t("disclosures.party_missing")})
    if form.get("whom") == "some" and not people:
        return _page(request, {"person": show.t("disclosures.nobody_chosen")})
    try:
        done = disclose(
            show.store,
            to.key,
            purpose,
            party=typed["party"],
            persons=people if form.get("whom") == "some" else None,
            evidence=typed["evidence"],
            country=typed["country"],
            form=chosen,
            lang=show.lang,
            actor=show.actor,
            now=show.now,
        )
    except DisclosureError as problem:
        return _page(request, {_field_of(to, typed): problem.message(show.lang)})
    return file_of(done)


def file_of(done: Disclosed) -> Response:
    """A file as an answer, read in parts and closed after."""
    headers = {"Content-Disposition": f'attachment; filename="{done.name}"'}
    closing = BackgroundTask(done.file.close)
    return StreamingResponse(_blocks(done.file), media_type=MEDIA[done.form], headers=headers, background=closing)


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def _field_of(to: Target, typed: dict[str, str]) -> str:
    """The field that a refusal is about, as far as can be told."""
    if to.needs_evidence and not typed["evidence"].strip():
        return "evidence"
    return "party" if not typed["party"] and (to.parties or to.name_from_row) else "form"


def _target(show: Presenter, request: Request) -> Target:
    key = str(request.path_params["key"])
    found = next((each for each in targets(show.store, now=show.now) if each.key == key), None)
    if found is None:
        raise NotFoundError
    return found


def _page(request: Request, faults: dict[str, str]) -> Response:
    show = Presenter(request)
    to = _target(show, request)
    base = overview.base(show)
    t = show.t
    facts = [
        (t("disclosures.role"), t(f"disclosures.role_{to.role}")),
        (t("disclosures.gets"), overview.gets_of(show, to)),
        (t("disclosures.what_for"), overview.purposes_of(show, to)),
        (t("disclosures.condition"), overview.when_of(show, to)),
        (t("disclosures.outside_eea"), overview.place_of(show, to)),
        (t("disclosures.copy"), t("disclosures.copy_how", contact=show.teller.contact) if to.transfers else ""),
    ]
    acts = []
    if to.processor is not None:
        lacks = any(block.code.startswith("agreement") for block in to.blocks)
        acts.append(
            Act(text=t("agreement.title"), href=f"{base}/agreements/{to.key}", look="main" if lacks else "plain")
        )
    if to.by_request:
        acts.append(Act(text=t("disclosures.ask_new"), href=f"{base}/outside/new", look="main"))
    fields = () if to.blocks or to.by_request else _fields(request, show, to, faults)
    return responses.page(
        request,
        "staff/disclose.html",
        status=422 if faults else 200,
        frame=frame_of(request, current=base),
        head=Head(
            title=overview.name_of(show, to),
            crumbs=(Link(text=t("nav.disclosures"), href=base),),
            acts=tuple(acts),
            errors=bool(faults),
        ),
        hidden=security.hidden(request),
        path=f"{base}/to/{to.key}",
        finding=searched.searching(request, f"{base}/to/{to.key}"),
        facts=[(label, text) for label, text in facts if text],
        blocks=[block.message(show.lang) for block in to.blocks],
        only_asked=to.by_request,
        fields=fields,
        search=searched.opened(request, "find", 100),
        faults=tuple(Link(text=text, href=f"#{name}") for name, text in faults.items()),
        given=tuple(overview.given_item(show, each) for each in latest(show.store, key=to.key, now=show.now)),
        cancel=base,
    )


def _fields(request: Request, show: Presenter, to: Target, faults: dict[str, str]) -> tuple[Field, ...]:
    t = show.t
    form = request.state.form if request.method == "POST" else {}

    def typed(name: str, default: str = "") -> str:
        return str(form.get(name, default))

    names = parties(show.store, to.key, now=show.now)
    fields = []
    purposes = [key for key in to.purposes if key in show.register.purposes]
    if len(purposes) > 1:
        fields.append(
            Field(
                name="purpose",
                label=t("disclosures.which_purpose"),
                widget="select",
                shown=(typed("purpose", purposes[0]),),
                choices=tuple(Choice(value=key, text=show.purpose(key)) for key in purposes),
            )
        )
    counted = purposes[0] if len(purposes) == 1 else ""
    if len(names) != 1:
        fields.append(_party(show, to, counted, names, typed("party"), faults))
    if to.asks_country:
        fields.append(
            Field(name="country", label=t("disclosures.country"), widget="select", hint=t("disclosures.country_hint"),
                  shown=(typed("country", HOME),), choices=_countries(show))
        )  # fmt: skip
    if to.needs_evidence:
        evidence = show.teller.vocabulary.recipients_when[to.when or ""]["evidence"]
        fields.append(
            Field(name="evidence", label=show.teller.w.capital(show.teller.w.pick(evidence)),
                  hint=t("disclosures.evidence_hint"), shown=(typed("evidence"),), error=faults.get("evidence", ""))
        )  # fmt: skip
    fields += _whom(request, show, to, counted, names, faults)
    fields.append(
        Field(
            name="form",
            label=t("exports.form"),
            widget="radio",
            shown=(typed("form", "csv"),),
            error=faults.get("form", ""),
            choices=tuple(Choice(value=each, text=each.upper(), hint=t(f"exports.{each}_hint")) for each in FORMS),
        )
    )
    return tuple(fields)


def _party(
    show: Presenter, to: Target, counted: str, names: tuple[str, ...], typed: str, faults: dict[str, str]
) -> Field:
    """Who of several receives, with how many people each would get; or the name is typed."""
    error = faults.get("party", "")
    if not names:
        hint = show.t("disclosures.party_hint")
        return Field(name="party", label=show.t("disclosures.party"), hint=hint, shown=(typed,), error=error)
    choices = tuple(
        Choice(value=name, text=name, hint=_count(show, to, counted, name) if place < MOST_COUNTED else "")
        for place, name in enumerate(names)
    )
    label = show.t("disclosures.which_party")
    return Field(name="party", label=label, widget="radio", shown=(typed,), error=error, choices=choices)


def _countries(show: Presenter) -> tuple[Choice, ...]:
    named = sorted((overview.country(show, code), code) for code in COUNTRIES)
    return tuple(Choice(value=code, text=name) for name, code in named)


def _whom(
    request: Request, show: Presenter, to: Target, counted: str, names: tuple[str, ...], faults: dict[str, str]
) -> list[Field]:
    """Everybody whose data may be given, or some, found by name."""
    t = show.t
    form = request.state.form if request.method == "POST" else {}
    asked = searched.opened(request, "find", 100)
    found = candidates(show, asked) if asked else []
    everybody = _count(show, to, counted, names[0] if names else t("disclosures.party")) if len(names) < 2 else ""
    whom = str(form.get("whom", "some" if found else "all"))
    fields = [
        Field(
            name="whom",
            label=t("disclosures.whose"),
            widget="radio",
            shown=(whom,),
            choices=(
                Choice(value="all", text=t("disclosures.everybody"), hint=everybody),
                Choice(value="some", text=t("disclosures.some"), hint="" if found else t("disclosures.some_hint")),
            ),
        )
    ]
    if found or "person" in faults:
        ticked = tuple(map(str, request.state.form.getlist("person"))) if request.method == "POST" else ()
        alone = (str(found[0].id),) if len(found) == 1 and not form else ()
        fields.append(
            Field(
                name="person",
                label=t("disclosures.found"),
                widget="checks",
                optional=True,
                unmarked=True,
                shown=ticked or alone,
                error=faults.get("person", ""),
                choices=tuple(Choice(value=str(each.id), text=each.text) for each in found),
            )
        )
    return fields


def _count(show: Presenter, to: Target, purpose: str, party: str) -> str:
    """How many people a file would hold now, and how many are left out and why."""
    if not purpose:
        return ""
    try:
        plan = preview(show.store, to.key, purpose, party=party, exact_to=MOST_READ, actor=show.actor, now=show.now)
    except SelosteError:
        return ""
    return told(show, plan)


def told(show: Presenter, plan: Plan) -> str:
    count = show.t("disclosures.people" if plan.exact else "disclosures.at_most", n=plan.count)
    left = [
        show.t(f"disclosures.left.{why}", n=n)
        for why, n in plan.left_out.items()
        if why != "nothing" or plan.count == 0
    ]
    return f"{count} {show.t('disclosures.left_out', what='; '.join(left))}" if left else count

"""The register of breaches, for whoever leads privacy: which there are, how long is left, writing one down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from seloste.clock import HELSINKI
from seloste.errors import BadValue
from seloste.law.breach import local_moment
from seloste.operations.breaches import record
from seloste.operations.breaches.model import SORTS, Breach, BreachError, Facts
from seloste.operations.records.model import NoSuchRowError
from seloste.web import responses, security
from seloste.web.frame import frame_of
from seloste.web.parts import Act, Cell, Choice, Column, Field, Head, Link, Row, RowGroup, Table, Tone
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError

SOON = dt.timedelta(hours=24)
"""From here on what is left of the clock is in colour."""


def base(show: Presenter) -> str:
    return f"/r/{show.key}/privacy/breaches"


def breach_of(request: Request, show: Presenter) -> Breach:
    """The breach that the address names."""
    number = int(request.path_params["id"])
    if number >= 2**63:
        raise NotFoundError
    try:
        return record.of_number(show.store, number, now=show.now)
    except NoSuchRowError:
        raise NotFoundError from None


def called(show: Presenter, breach: Breach) -> str:
    return show.t("breach.called", number=str(breach.id))


def page(request: Request) -> Response:
    """``/r/{reg}/privacy/breaches``: those whose clock runs first."""
    show = Presenter(request)
    return responses.page(
        request,
        "staff/breaches.html",
        frame=frame_of(request),
        head=Head(
            title=show.t("nav.breaches"),
            acts=(Act(text=show.t("breach.new"), href=f"{base(show)}/new", look="main"),),
            opening=show.t("breach.opening"),
            flash=responses.flash(request),
        ),
        table=_table(show, record.every(show.store, now=show.now)),
    )


def _table(show: Presenter, found: tuple[Breach, ...]) -> Table | None:
    t, f = show.t, show.f
    rows = []
    for each in found:
        tone, short, sub = state(show, each)
        people = f.number(each.affected.people) if each.affected is not None else "–"
        rows.append(
            Row(
                cells=(
                    Cell(text=called(show, each), href=f"{base(show)}/{each.id}", sub=_first_line(each.facts.happened)),
                    Cell(text=f.moment(each.facts.aware)),
                    Cell(text=t(f"breach.risks.{each.risk}") if each.risk else "–"),
                    Cell(text=people, phone=""),
                    Cell(text=short, sub=sub, tone=tone, strong=bool(tone)),
                )
            )
        )
    columns = (
        Column(text=t("breach.which")),
        Column(text=t("breach.aware_short"), rank=2),
        Column(text=t("breach.risk"), rank=2),
        Column(text=t("breach.people"), rank=2, right=True),
        Column(text=t("breach.authority")),
    )
    return Table(caption=t("nav.breaches"), columns=columns, groups=(RowGroup(rows=tuple(rows)),), blocks=True) \
        if rows else None  # fmt: skip


def _first_line(text: str, most: int = 100) -> str:
    line = text.strip().splitlines()[0]
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0]}…"


def hours(show: Presenter, much: dt.timedelta) -> str:
    """Whole hours; of less than one, that it is."""
    whole = int(much.total_seconds() // 3600)
    return show.t("breach.hours", n=whole) if whole else show.t("breach.under_hour")


def state(show: Presenter, breach: Breach) -> tuple[Tone, str, str]:
    """Where the notification stands: its colour, what to say, and more of it."""
    t, f = show.t, show.f
    by = t("breach.by", when=f"{f.date_due(breach.deadline)} {f.clock(breach.deadline)}")
    if breach.overdue(show.now):
        return "stop", t("breach.overdue", hours=hours(show, show.now - breach.deadline)), by
    if breach.runs:
        left = breach.deadline - show.now
        return "soon" if left < SOON else "", t("breach.left", hours=hours(show, left)), by
    closed = t("breach.closed_on", date=f.date(breach.closed_at)) if breach.closed_at is not None else ""
    if not breach.phases:
        return "", t("breach.not_needed" if breach.risk == "unlikely" else "breach.not_notified"), closed
    first = breach.phases[0].at
    if breach.late:
        late = t("breach.was_late", hours=hours(show, first - breach.deadline))
        return "", t("breach.notified_on", date=f.moment(first)), " ".join((late, closed)).strip()
    return "", t("breach.notified_on", date=f.moment(first)), closed


# --- what happened ----------------------------------------------------------------------------------------------------


def new(request: Request) -> Response:
    """Write a breach down; the clock runs from the moment one was sure of it."""
    show = Presenter(request)
    if request.method != "POST":
        return _form(request, show, None)
    try:
        number = record.write_down(show.store, _read(request), actor=show.actor, now=show.now)
    except BreachError as problem:
        return _form(request, show, None, problem)
    return responses.redirect(f"{base(show)}/{number}", done="breach_written")


def edit(request: Request) -> Response:
    """What is known of it by now."""
    show = Presenter(request)
    breach = breach_of(request, show)
    if request.method != "POST":
        return _form(request, show, breach)
    try:
        record.correct(show.store, breach.id, _read(request), actor=show.actor, now=show.now)
    except BreachError as problem:
        return _form(request, show, breach, problem)
    return responses.redirect(f"{base(show)}/{breach.id}", done="breach_saved")


def _read(request: Request) -> Facts:
    form = request.state.form
    aware = moment(str(form.get("aware", "")), "aware")
    if aware is None:
        raise BreachError("Kirjoita päivä ja kellonaika.", "Write the day and the time.", "aware")
    texts = {name: str(form.get(name, "")) for name in ("noticed_by", "system", "happened", "effects", "measures")}
    return Facts(
        aware,
        moment(str(form.get("detected", "")), "detected"),
        moment(str(form.get("occurred", "")), "occurred"),
        sorts=tuple(each for each in SORTS if each in form.getlist("sorts")),
        **texts,
    )


def moment(text: str, field: str) -> dt.datetime | None:
    """A moment as a form gives it, in Helsinki; None for an empty one. Raises BreachError for what is no moment."""
    if not text.strip():
        return None
    try:
        return local_moment(dt.datetime.fromisoformat(text.strip()).replace(tzinfo=None))
    except BadValue as problem:
        raise BreachError(problem.message("fi"), problem.message("en"), field) from problem
    except (ValueError, OverflowError):
        raise BreachError("Kirjoita päivä ja kellonaika.", "Write the day and the time.", field) from None


def typed(value: dt.datetime | None) -> str:
    """A moment as a form takes it."""
    return value.astimezone(HELSINKI).strftime("%Y-%m-%dT%H:%M") if value is not None else ""


def _form(request: Request, show: Presenter, breach: Breach | None, fault: BreachError | None = None) -> Response:
    t = show.t
    where = base(show) if breach is None else f"{base(show)}/{breach.id}"
    crumbs = [Link(text=t("nav.breaches"), href=base(show))]
    if breach is not None:
        crumbs.append(Link(text=called(show, breach), href=where))
    at, said = _fault(show, fault)
    return responses.page(
        request,
        "staff/breach_form.html",
        status=422 if fault else 200,
        frame=frame_of(request, current=base(show)),
        head=Head(
            title=t("breach.new") if breach is None else t("breach.what"),
            crumbs=tuple(crumbs),
            opening=t("breach.form_opening"),
            errors=bool(fault),
        ),
        hidden=security.hidden(request),
        path=f"{where}/new" if breach is None else f"{where}/edit",
        fields=_fields(request, show, breach, {at: said}),
        faults=(Link(text=said, href=f"#{at}"),) if fault else (),
        cancel=where,
    )


def _fault(show: Presenter, fault: BreachError | None) -> tuple[str, str]:
    return (fault.field or "aware", fault.message(show.lang)) if fault is not None else ("", "")


def _fields(request: Request, show: Presenter, breach: Breach | None, faults: Mapping[str, str]) -> tuple[Field, ...]:
    t, form = show.t, request.state.form if request.method == "POST" else None
    facts = breach.facts if breach is not None else Facts(show.now)

    def field(name: str, known: str = "", **more: object) -> Field:
        return Field(name=name, label=t(f"breach.{name}"), error=faults.get(name, ""),
                     shown=(str(form.get(name, "")) if form is not None else known,), **more)  # type: ignore[arg-type] # fmt: skip

    def at(name: str, known: dt.datetime | None, *, optional: bool = True) -> Field:
        return field(name, typed(known), widget="datetime-local", half=True, optional=optional,
                     hint=t(f"breach.{name}_hint"), limits=(("max", typed(show.now)),))  # fmt: skip

    return (
        at("aware", facts.aware, optional=False),
        at("detected", facts.detected),
        at("occurred", facts.occurred),
        Field(
            name="sorts",
            label=t("breach.sorts"),
            widget="checks",
            error=faults.get("sorts", ""),
            shown=tuple(map(str, form.getlist("sorts"))) if form is not None else facts.sorts,
            choices=tuple(
                Choice(value=each, text=t(f"breach.sort.{each}"), hint=t(f"breach.sort_hint.{each}")) for each in SORTS
            ),
        ),
        field("happened", facts.happened, widget="textarea", lines=4, hint=t("breach.happened_hint")),
        field("noticed_by", facts.noticed_by, optional=True, hint=t("breach.noticed_by_hint")),
        field("system", facts.system, optional=True),
        field("effects", facts.effects, widget="textarea", lines=3, optional=True, hint=t("breach.effects_hint")),
        field("measures", facts.measures, widget="textarea", lines=3, optional=True, hint=t("breach.measures_hint")),
    )

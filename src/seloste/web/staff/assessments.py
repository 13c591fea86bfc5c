"""Assessments, for whoever leads privacy: legitimate interests weighed and transfers assessed, with days of review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.assessments.model import TEXTS, Assessed, Assessment, AssessmentError, State
from seloste.operations.assessments.record import assessed, of, write_down
from seloste.operations.disclosures.targets import parties_of
from seloste.operations.evidence.facts import forget
from seloste.operations.evidence.words import Words
from seloste.web import responses, security
from seloste.web.frame import frame_of
from seloste.web.parts import Cell, Chip, Choice, Column, Field, Head, Item, Link, Row, RowGroup, Table, Tone
from seloste.web.present import Presenter
from seloste.web.registers import said
from seloste.web.staff.form_read import is_number
from seloste.web.staff.notice_pages import day_of

TONES: Mapping[State, Tone] = {
    "in_force": "ok",
    "in_notice": "soon",
    "missing": "stop",
    "overdue": "stop",
    "fails": "stop",
}
OPEN: tuple[State, ...] = ("fails", "overdue", "missing")


def base(show: Presenter) -> str:
    return f"/r/{show.key}/privacy/assessments"


def page(request: Request) -> Response:
    """``/r/{reg}/privacy/assessments``: what needs an assessment, that to be seen to first."""
    show = Presenter(request)
    found = assessed(show.store, now=show.now)
    late = [each for each in found if each.state in OPEN]
    balancing = [each for each in found if each.sort == "balancing"]
    transfers = [each for each in found if each.sort == "transfer"]
    return responses.page(
        request,
        "staff/assessments.html",
        frame=frame_of(request),
        head=Head(
            title=show.t("nav.assessments"),
            opening=show.t("assess.waits", n=len(late)) if late else show.t("assess.all_well"),
        ),
        balancing=_table(show, "balancing", balancing) if balancing else None,
        transfers=_table(show, "transfer", transfers) if transfers else None,
    )


def one(request: Request) -> Response:
    """``/r/{reg}/privacy/assessments/{sort}/{key}``: the one that counts, the form for another, those before."""
    return _one(request, {})


def save(request: Request) -> Response:
    """Written down beside those before it."""
    show, form = Presenter(request), request.state.form
    sort, key = str(request.path_params["sort"]), str(request.path_params["key"])
    asked = of(show.store, sort, key, now=show.now)
    try:
        write_down(
            show.store,
            sort,
            key,
            {name: str(form.get(name, "")) for name in TEXTS[asked.sort]},
            outcome=str(form.get("outcome", "")),
            on=day_of(str(form.get("on", ""))),
            review_on=day_of(str(form.get("review_on", ""))),
            actor=show.actor,
            now=show.now,
        )
    except AssessmentError as problem:
        return _one(request, {problem.field: problem.message(show.lang)})
    forget(show.store)
    return responses.redirect(f"{base(show)}/{asked.path}", done="assessed")


def name_of(show: Presenter, each: Assessed) -> str:
    """The purpose, or who is outside the EEA."""
    if each.sort == "balancing":
        return show.purpose(each.of)
    return show.teller.w.capital(Words(show.register, show.teller.w.lang).party(each.of))


def _table(show: Presenter, sort: str, found: Sequence[Assessed]) -> Table:
    t = show.t
    columns = (
        Column(text=t(f"assess.of_{sort}")),
        Column(text=t("assess.on"), right=True),
        Column(text=t("assess.review"), right=True),
        Column(text=t("assess.state")),
    )
    return Table(
        caption=t(f"assess.{sort}"),
        columns=columns,
        groups=(RowGroup(rows=tuple(_row(show, each) for each in found)),),
        blocks=True,
    )


def _row(show: Presenter, each: Assessed) -> Row:
    date, one = show.f.date, each.current
    return Row(
        cells=(
            Cell(text=name_of(show, each), sub=show.teller.w.listed(map(show.teller.country, each.countries)),
                 href=f"{base(show)}/{each.path}"),
            Cell(text=date(one.on) if one else "–"),
            Cell(text=date(one.review_on) if one else "–"),
            Cell(text="", chip=_chip(show, each)),
        ),
        tone="stop" if each.state in ("overdue", "fails") else "",
    )  # fmt: skip


def _chip(show: Presenter, each: Assessed) -> Chip:
    return Chip(text=show.t(f"assess.{each.state}"), tone=TONES[each.state])


def _one(request: Request, faults: Mapping[str, str]) -> Response:
    show = Presenter(request)
    each = of(show.store, str(request.path_params["sort"]), str(request.path_params["key"]), now=show.now)
    asked = request.query_params.get("read", "")
    read = next((one for one in each.all if is_number(asked) and one.id == int(asked)), each.current)
    writing = bool(faults) or each.current is None or bool(request.query_params.get("new"))
    path, t = f"{base(show)}/{each.path}", show.t
    return responses.page(
        request,
        "staff/assessment.html",
        status=422 if faults else 200,
        frame=frame_of(request, current=base(show)),
        head=Head(
            title=name_of(show, each),
            crumbs=(Link(text=t("nav.assessments"), href=base(show)),),
            sub=t(f"assess.{each.sort}_one"),
            chips=(_chip(show, each),),
            flash=responses.flash(request),
            errors=bool(faults),
        ),
        hidden=security.hidden(request),
        path=path,
        writing=writing,
        why=t(f"assess.why_{each.sort}"),
        in_notice=_in_notice(show, each),
        fields=_fields(show, each, request.state.form if request.method == "POST" else None, faults),
        faults=tuple(Link(text=text, href=f"#{name}") for name, text in faults.items()),
        facts=_facts(show, each, read) if read is not None and not writing else (),
        earlier=tuple(
            Item(text=show.f.date(one.on), href=f"{path}?read={one.id}", sub=show.worker(one.written_by))
            for one in each.all
            if read is None or one.id != read.id or writing
        ),
        cancel=path if each.current is not None else base(show),
    )


def _in_notice(show: Presenter, each: Assessed) -> str:
    purpose = show.register.purposes.get(each.of) if each.sort == "balancing" else None
    where = said(purpose.balancing, show.lang) if purpose is not None and purpose.balancing else ""
    return show.t("assess.in_notice_text", what=where.rstrip(".")) if where else ""


def _facts(show: Presenter, each: Assessed, one: Assessment) -> tuple[tuple[str, str], ...]:
    date = show.f.date
    return (
        *((show.t(f"assess.{each.sort}_{name}"), text) for name, text in one.texts.items()),
        (show.t("assess.outcome"), show.t(f"assess.{each.sort}_{one.outcome}")),
        (show.t("assess.on"), date(one.on)),
        (show.t("assess.review"), date(one.review_on)),
        (show.t("assess.by"), show.worker(one.written_by)),
    )


def _fields(show: Presenter, each: Assessed, typed: Any, faults: Mapping[str, str]) -> tuple[Field, ...]:
    t, known = show.t, dict(each.current.texts) if each.current is not None else _known(show, each)

    def now(name: str, otherwise: str = "") -> tuple[str, ...]:
        return (str(typed.get(name, "")) if typed is not None else known.get(name, otherwise),)

    texts = [
        Field(
            name=name,
            label=t(f"assess.{each.sort}_{name}"),
            hint=t(f"assess.{each.sort}_{name}_hint"),
            widget="textarea",
            lines=3,
            shown=now(name),
            error=faults.get(name, ""),
        )
        for name in TEXTS[each.sort]
    ]
    choices = tuple(Choice(value=key, text=t(f"assess.{each.sort}_{key}")) for key in ("stands", "fails"))
    return (
        *texts,
        Field(name="outcome", label=t("assess.outcome"), widget="radio", choices=choices, shown=now("outcome"),
              error=faults.get("outcome", "")),
        Field(name="on", label=t("assess.on"), widget="date", half=True, shown=now("on", show.today.isoformat()),
              error=faults.get("on", "")),
        Field(name="review_on", label=t("assess.review"), widget="date", half=True, shown=now("review_on"),
              error=faults.get("review_on", "")),
    )  # fmt: skip


def _known(show: Presenter, each: Assessed) -> dict[str, str]:
    """What the notice says already, so that it need not be typed."""
    if each.sort == "balancing":
        return {"interest": show.teller.w.capital(said(show.register.purposes[each.of].interest or {}, show.lang))}
    safeguard = {key: safeguard for key, _, safeguard in parties_of(show.register.notice)}.get(each.of)
    return {"safeguard": show.teller.w.capital(show.teller.shared_text("safeguards", safeguard))} if safeguard else {}

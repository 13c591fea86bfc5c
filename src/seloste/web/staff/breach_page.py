"""One breach: the clock, the risk, whom it reaches, the authority, the people, the end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from seloste.law.breach import breach_clock
from seloste.operations.breaches import affected, record
from seloste.operations.breaches.model import EXEMPTIONS, RISKS, Breach, BreachError, Query
from seloste.web import responses, security
from seloste.web.frame import frame_of
from seloste.web.parts import Act, Cell, Choice, Column, Field, Head, Item, Link, Row, RowGroup, Table
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.staff.breaches import base, breach_of, called, moment, state, typed


@dataclass(frozen=True, slots=True)
class Form:
    """A form of one step: where it goes, what it says on its button; folded away once the step is taken."""

    act: str
    submit: str
    fields: tuple[Field, ...] = ()
    folded: str = ""
    intro: str = ""
    opened: bool = False
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the page. ``said`` are labels with texts that stand."""

    key: str
    title: str
    said: tuple[tuple[str, str], ...] = ()
    table: Table | None = None
    rows: tuple[Item, ...] = ()
    text: str = ""
    links: tuple[Link, ...] = ()
    forms: tuple[Form, ...] = field(default=())


def page(request: Request) -> Response:
    """``/r/{reg}/privacy/breaches/{id}``."""
    show = Presenter(request)
    return _shown(request, show, breach_of(request, show))


def do(request: Request) -> Response:
    """One act on it."""
    show, form = Presenter(request), request.state.form
    breach = breach_of(request, show)
    act = request.path_params["act"]

    def text(name: str) -> str:
        return str(form.get(name, ""))

    try:
        if act == "assess":
            record.assess(show.store, breach.id, text("risk"), text("risk_why"), actor=show.actor, now=show.now)
        elif act == "count":
            kinds = tuple(each for each in affected.askable(show.store) if each in form.getlist("kinds"))
            query = Query(kinds, _day(text("since"), "since"), _day(text("until"), "until"), text("purpose"))
            affected.count(show.store, breach.id, query, actor=show.actor, now=show.now)
        elif act == "notify":
            at = moment(text("notified"), "notified")
            record.notify(show.store, breach.id, at, text("phase"), text("delay"), actor=show.actor, now=show.now)
        elif act == "decide":
            said = text("tell"), text("exemption"), text("tell_why")
            record.decide(show.store, breach.id, *said, actor=show.actor, now=show.now)
        elif act == "close":
            record.close(show.store, breach.id, actor=show.actor, now=show.now)
        elif act == "reopen":
            record.reopen(show.store, breach.id, actor=show.actor, now=show.now)
        else:
            raise NotFoundError
    except BreachError as problem:
        return _shown(request, show, breach, problem)
    return responses.redirect(f"{base(show)}/{breach.id}", done=f"breach_{act}")


def _day(text: str, name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise BreachError("Kirjoita päivä.", "Write a day.", name) from None


def _shown(request: Request, show: Presenter, breach: Breach, fault: BreachError | None = None) -> Response:
    t, f = show.t, show.f
    view = _View(request, show, breach, fault)
    tone, short, sub = state(show, breach)
    clock = breach_clock(breach.facts.aware)
    info = t("breach.full_hours", when=f.moment(clock.full_hours_end)) if breach.runs else ""
    where = f"{base(show)}/{breach.id}"
    acts = [Act(text=t("breach.sheet"), href=f"{where}/authority")]
    if breach.closed_at is None:
        acts.insert(0, Act(text=t("breach.edit"), href=f"{where}/edit"))
    faults: tuple[Link, ...] = ()
    if fault is not None:
        faults = (Link(text=fault.message(show.lang), href=f"#{fault.field}" if fault.field else ""),)
    return responses.page(
        request,
        "staff/breach.html",
        status=422 if fault else 200,
        frame=frame_of(request, current=base(show)),
        head=Head(
            title=called(show, breach),
            crumbs=(Link(text=t("nav.breaches"), href=base(show)),),
            acts=tuple(acts),
            flash=responses.flash(request),
            errors=bool(fault),
        ),
        hidden=security.hidden(request),
        path=where,
        tone=tone,
        short=short,
        sub=sub,
        info=info,
        steps=view.steps(),
        facts=facts_of(show, breach),
        faults=faults,
    )


def facts_of(show: Presenter, breach: Breach) -> list[tuple[str, str]]:
    """What happened, by label; empty ones left out."""
    t, f, facts = show.t, show.f, breach.facts
    found = [
        ("aware", f.moment(facts.aware)),
        ("detected", f.moment(facts.detected) if facts.detected else ""),
        ("occurred", f.moment(facts.occurred) if facts.occurred else ""),
        ("sorts", f.listed(show.teller.w.low(t(f"breach.sort.{each}")) for each in facts.sorts)),
        ("happened", facts.happened),
        ("noticed_by", facts.noticed_by),
        ("system", facts.system),
        ("effects", facts.effects),
        ("measures", facts.measures),
        ("written", f"{show.worker(breach.written_by)}, {f.moment(breach.written_at)}"),
    ]
    return [(t(f"breach.{name}"), text) for name, text in found if text]


def counted(show: Presenter, breach: Breach) -> Table | None:
    """Rows and people by kind, as they were counted."""
    if breach.affected is None:
        return None
    t, f = show.t, show.f
    rows = tuple(
        Row(cells=(Cell(text=_plural(show, kind)), Cell(text=f.number(rows)), Cell(text=f.number(people))))
        for kind, (rows, people) in breach.affected.counts.items()
    )
    columns = (
        Column(text=t("breach.kind")),
        Column(text=t("breach.rows"), right=True),
        Column(text=t("breach.people"), right=True),
    )
    return Table(caption=t("breach.step.affected"), columns=columns, groups=(RowGroup(rows=rows),))


def _plural(show: Presenter, kind: str) -> str:
    """A kind that the notice no longer has goes by its key."""
    return show.plural(kind) if kind in show.register.tables else kind


def counted_said(show: Presenter, breach: Breach) -> str:
    """The numbers in a sentence, with what was asked."""
    found = breach.affected
    if found is None:
        return ""
    t, f = show.t, show.f
    parts = [t("breach.counted", n=found.people), t("breach.counted_on", date=f.moment(found.at))]
    query = found.query
    if query.since:
        parts.append(t("breach.counted_since", date=f.date(query.since)))
    if query.until:
        parts.append(t("breach.counted_until", date=f.date(query.until)))
    if query.purpose in show.register.purposes:
        parts.append(t("breach.counted_purpose", purpose=show.purpose(query.purpose)))
    return " ".join(parts)


class _View:
    """The steps of one breach; what was typed stays when it was refused."""

    def __init__(self, request: Request, show: Presenter, breach: Breach, fault: BreachError | None) -> None:
        self.show, self.t, self.breach, self.fault = show, show.t, breach, fault
        self.posted = request.state.form if request.method == "POST" else None
        self.act = request.path_params.get("act", "")
        self.open = breach.closed_at is None

    def steps(self) -> tuple[Step, ...]:
        return (self.risk(), self.affected(), self.authority(), self.people(), self.end())

    def field(self, act: str, name: str, known: str = "", **more: object) -> Field:
        shown = str(self.posted.get(name, "")) if self.posted is not None and self.act == act else known
        return Field(name=name, label=self.t(f"breach.{name}"), shown=(shown,), error=self.error(act, name),
                     **more)  # type: ignore[arg-type] # fmt: skip

    def error(self, act: str, name: str) -> str:
        if self.fault is None or self.act != act or self.fault.field != name:
            return ""
        return self.fault.message(self.show.lang)

    def form(self, act: str, submit: str, fields: tuple[Field, ...], folded: str = "", intro: str = "") -> Form:
        return Form(act, submit, fields, folded, intro, opened=self.fault is not None and self.act == act)

    def risk(self) -> Step:
        t, breach = self.t, self.breach
        said = ((t(f"breach.risks.{breach.risk}"), breach.risk_why),) if breach.risk else ()
        fields = (
            self.field("assess", "risk", breach.risk, widget="radio", choices=tuple(
                Choice(value=each, text=t(f"breach.risks.{each}"), hint=t(f"breach.risk_hint.{each}"))
                for each in RISKS)),
            self.field("assess", "risk_why", breach.risk_why, widget="textarea", lines=3,
                       hint=t("breach.risk_why_hint")),
        )  # fmt: skip
        folded = t("breach.assess_again") if breach.risk else ""
        forms = (self.form("assess", t("common.save"), fields, folded),) if self.open else ()
        return Step("risk-step", t("breach.step.risk"), said, forms=forms)

    def affected(self) -> Step:
        t, show, found = self.t, self.show, self.breach.affected
        query = found.query if found is not None else Query(())
        kinds = query.kinds
        if self.posted is not None and self.act == "count":
            kinds = tuple(map(str, self.posted.getlist("kinds")))
        purposes = [(key, each) for key, each in show.register.purposes.items() if not each.built_in]
        fields = (
            Field(name="kinds", label=t("breach.kinds"), widget="checks", shown=kinds,
                  error=self.error("count", "kinds"),
                  choices=tuple(Choice(value=each, text=show.plural(each)) for each in affected.askable(show.store))),
            self.field("count", "since", query.since.isoformat() if query.since else "", widget="date", half=True,
                       optional=True, hint=t("breach.since_hint")),
            self.field("count", "until", query.until.isoformat() if query.until else "", widget="date", half=True,
                       optional=True),
            self.field("count", "purpose", query.purpose, widget="select", choices=(
                Choice(value="", text=t("breach.everybody")),
                *(Choice(value=key, text=show.short(key)) for key, _ in purposes))),
        )  # fmt: skip
        folded = t("breach.count_again") if found is not None else ""
        intro = t("breach.count_intro")
        forms = (self.form("count", t("breach.count"), fields, folded, intro),) if self.open else ()
        return Step("affected-step", t("breach.step.affected"), table=counted(show, self.breach),
                    text=counted_said(show, self.breach), forms=forms)  # fmt: skip

    def authority(self) -> Step:
        t, f, breach = self.t, self.show.f, self.breach
        rows = tuple(
            Item(text=t("breach.phase_first") if number == 0 else t("breach.phase_more"), said=each.text,
                 sub=f"{f.moment(each.at)}, {self.show.worker(each.by)}")
            for number, each in enumerate(breach.phases)
        )  # fmt: skip
        said = ((t("breach.delay"), breach.delay),) if breach.delay else ()
        fields = [
            self.field("notify", "notified", typed(self.show.now), widget="datetime-local", half=True,
                       limits=(("max", typed(self.show.now)),)),
            self.field("notify", "phase", "", widget="textarea", lines=3, optional=True, hint=t("breach.phase_hint")),
        ]  # fmt: skip
        if not breach.phases:
            fields.append(self.field("notify", "delay", "", widget="textarea", lines=2, optional=True,
                                     hint=t("breach.delay_hint")))  # fmt: skip
        text = t("breach.authority_not_needed") if breach.risk == "unlikely" and not rows else ""
        folded = t("breach.notify_more") if rows else t("breach.notify_first") if text else ""
        intro = "" if rows else t("breach.notify_intro")
        forms = (self.form("notify", t("breach.notify"), tuple(fields), folded, intro),) if self.open else ()
        sheet = Link(text=t("breach.sheet_read"), href=f"{base(self.show)}/{breach.id}/authority")
        return Step("authority-step", t("breach.step.authority"), said, rows=rows, text=text, links=(sheet,),
                    forms=forms)  # fmt: skip

    def people(self) -> Step:
        t, breach = self.t, self.breach
        said = []
        if breach.tell:
            reasons = [t(f"breach.exemptions.{breach.exemption}")] if breach.exemption else []
            said.append((t(f"breach.tells.{breach.tell}"), " ".join([*reasons, breach.tell_why]).strip() or "–"))
        if breach.told is not None:
            told = t("breach.told", letters=breach.told.letters, without=breach.told.without,
                     date=self.show.f.moment(breach.told.at))  # fmt: skip
            said.append((t("breach.told_label"), told))
        forms: list[Form] = []
        if self.open and breach.told is None:
            folded = t("breach.decide_again") if breach.tell else ""
            forms.append(self.form("decide", t("common.save"), self._decide(), folded, t("breach.decide_intro")))
        links: tuple[Link, ...] = ()
        if breach.tell == "yes":
            links = (Link(text=t("breach.letters"), href=f"{base(self.show)}/{breach.id}/letters"),)
        return Step("people-step", t("breach.step.people"), tuple(said), forms=tuple(forms), links=links)

    def _decide(self) -> tuple[Field, ...]:
        t, breach = self.t, self.breach
        return (
            self.field("decide", "tell", breach.tell, widget="radio", choices=tuple(
                Choice(value=each, text=t(f"breach.tells.{each}")) for each in ("yes", "no"))),
            self.field("decide", "exemption", breach.exemption, widget="select", hint=t("breach.exemption_hint"),
                       optional=True, choices=(Choice(value="", text="–"), *(
                           Choice(value=each, text=t(f"breach.exemptions.{each}")) for each in EXEMPTIONS))),
            self.field("decide", "tell_why", breach.tell_why, widget="textarea", lines=2, optional=True,
                       hint=t("breach.tell_why_hint")),
        )  # fmt: skip

    def end(self) -> Step:
        t = self.t
        if not self.open:
            assert self.breach.closed_at is not None
            text = t("breach.closed_on", date=self.show.f.moment(self.breach.closed_at))
            return Step("end-step", t("breach.step.end"), text=text, forms=(Form("reopen", t("breach.reopen")),))
        left = record.left_to_do(self.breach)
        rows = tuple(Item(text=each.message(self.show.lang), href=f"#{each.field}" if each.field != "letters" else
                          f"{base(self.show)}/{self.breach.id}/letters") for each in left)  # fmt: skip
        forms = () if left else (Form("close", t("breach.close")),)
        text = t("breach.left_first" if left else "breach.may_close")
        return Step("end-step", t("breach.step.end"), rows=rows, text=text, forms=forms)

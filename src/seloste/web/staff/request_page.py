"""One request: its clock, what was asked and done, what an act would do, and the acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.model import PERSON
from seloste.operations.rights.corrected import corrected, named
from seloste.operations.rights.gather import Own
from seloste.operations.rights.give_access import preview
from seloste.operations.rights.letter import refusal_of
from seloste.operations.rights.model import REQUEST, STEP
from seloste.operations.rights.model import Request as Asked
from seloste.operations.rights.read import request as read_request
from seloste.operations.rights.recipients import notices
from seloste.operations.rights.say import Voice
from seloste.operations.rights.take_along import portable
from seloste.operations.rights.tell import messages
from seloste.web import responses, searched, security
from seloste.web.frame import frame_of
from seloste.web.parts import (
    Act,
    Chip,
    Choice,
    Event,
    Field,
    Head,
    Link,
)
from seloste.web.present import Presenter
from seloste.web.registers import said
from seloste.web.staff.request_gone import Gone
from seloste.web.staff.request_letters import answer_hint, letters
from seloste.web.staff.request_others import ActForm, others, weighing
from seloste.web.staff.request_together import elsewhere
from seloste.web.staff.requests import (
    SOON,
    base,
    due_of,
    evidence_field,
    option,
    person_field,
    right_name,
    state_name,
    who,
)


def page(request: Request) -> Response:
    """The request as it stands."""
    return shown(request)


def shown(request: Request, fault: str = "") -> Response:
    """The page; after an act that was refused, with what is wrong and what was typed."""
    show = Presenter(request)
    number = int(request.path_params["id"])
    found, name = read_request(show.store, number, actor=show.actor, now=show.now)
    parts = _Parts(request, show, found)
    told = messages(show.store, number, now=show.now)
    main = parts.main() if found.open else None
    title = show.t("requests.title", what=right_name(show, found.right), who=who(show, found, name))
    chips = (Chip(text=state_name(show, found.state)), *_when(show, found))
    return responses.page(
        request,
        "staff/request.html",
        status=422 if fault else 200,
        frame=frame_of(request, current=base(show)),
        head=Head(
            title=title,
            crumbs=(Link(text=show.t("nav.requests"), href=base(show)),),
            chips=chips,
            flash=responses.flash(request),
            errors=bool(fault),
            opening=parts.opening,
        ),
        hidden=security.hidden(request),
        path=f"{base(show)}/{number}",
        finding=searched.searching(request, f"{base(show)}/{number}"),
        due=due_of(show, found) if found.open else None,
        counted=found.clock.due.explain(show.lang),
        arrived=show.t("end.arrived", date=show.f.date(found.received_at)),
        asked=found.asked,
        facts=_facts(show, found, name),
        main=main,
        search=parts.search if main is not None and main.act == "identify" and not name else None,
        first=parts.first(),
        goes=parts.goes,
        stays=parts.stays,
        tells=parts.tells,
        ends=parts.ends,
        weigh=weighing(parts, parts.weighable) if parts.weighable else None,
        others=tuple(others(parts, told)),
        there=elsewhere(request, show, found, name),
        letters=tuple(letters(show, found, told)),
        answer_hint=show.t("requests.unasked_hint") if found.unasked else answer_hint(show, told),
        answers=tuple(_answers(show, found)),
        told=(*found.answer.splitlines(), *refusal_of(found)) if not found.open else (),
        tasks=tuple(_tasks(show, found)),
        steps=tuple(_steps(show, found)),
        faults=(Link(text=fault, href=""),) if fault else (),
    )


def _when(show: Presenter, found: Asked) -> Iterator[Chip]:
    """The deadline beside the name: on a phone the clock itself stands far below."""
    if found.open and found.clock.paused:
        yield Chip(text=show.t("requests.clock_stands"))
    elif found.open and found.clock.overdue:
        yield Chip(text=show.t("requests.was_late", n=-found.clock.left), tone="stop")
    elif found.open:
        text = f"{show.t('end.answer_by')} {show.f.date_due(found.clock.day)}"
        yield Chip(text=text, tone="soon" if found.clock.left <= SOON else "")


def _facts(show: Presenter, found: Asked, name: str) -> tuple[tuple[str, str], ...]:
    t = show.t
    pairs = [
        (t("erase.person"), name or found.asked_by or t("requests.unknown" if found.open else "requests.nameless")),
    ]
    if found.identified or not found.unasked:
        how = option(show, STEP, "how", found.identified) if found.identified else t("requests.not_identified")
        pairs.append((t("requests.how_known"), how))
    asked = t("requests.unasked") if found.unasked else option(show, REQUEST, "channel", found.channel)
    pairs.append((t("requests.channel"), asked))
    if name and found.asked_by:
        pairs.append((t("requests.asked_by"), found.asked_by))
    if found.answered_at is not None:
        pairs.append((t("requests.answered_on"), show.f.date(found.answered_at)))
    return tuple(pairs)


class _Parts(Gone):
    """What depends on the right asked for. Making the main form computes what it would do."""

    search = ""
    """What the person is looked for by, while nobody knows whose the request is."""

    def main(self) -> ActForm:
        if not self.found.identified:
            return self._identify()
        makes = {
            "access": self._access,
            "erasure": self.erasure,
            "portability": self._portability,
            "objection": self.objection,
            "restriction": self._restriction,
            "rectification": self._correction,
            "withdrawal": self.withdrawal,
        }
        return makes.get(self.found.right, self._answer)()

    def _identify(self) -> ActForm:
        t = self.show.t
        fields = []
        if not self._name():
            given = searched.opened(self.request, "find") or self.typed("find") or self.found.asked_by.split(",")[0]
            self.search = given.strip()[:100]
            fields.append(person_field(self.show, self.search, self.typed("person")))
        fields.append(evidence_field(self.show, self.typed("evidence"), unknown=False))
        self.opening = t("requests.first_identify")
        hidden = (("find", self.search),) if self.search else ()
        return ActForm(act="identify", title=t("requests.identify"), submit=t("requests.identify_act"),
                       fields=tuple(fields), look="main", hidden=hidden)  # fmt: skip

    def _name(self) -> str:
        """What the register calls the person; empty when nobody knows yet who asks."""
        return read_request(self.show.store, self.found.id, actor=self.show.actor, now=self.show.now)[1]

    def _access(self) -> ActForm:
        show, t = self.show, self.show.t
        own = preview(show.store, self.found.id, actor=show.actor, now=show.now)
        proof = own.proof(show.register.built_in)
        counted = t("requests.access_proof", n=proof) if proof else ""
        self.opening = " ".join(filter(None, (t("requests.access_opening", n=own.cells), counted)))
        fields = []
        if own.contested:
            choices = tuple(self._contested(own))
            shown = self.several("leave_out")
            fields.append(
                Field(name="leave_out", label=t("requests.leave_out"), widget="checks", optional=True, shown=shown,
                      hint=t("requests.leave_out_hint"), choices=choices)
            )  # fmt: skip
            fields.append(self.text("reason", t("requests.leave_out_why")))
        fields.append(self.text("text", t("requests.words_to_them"), hint=t("requests.words_hint")))
        links = (Link(text=t("requests.see_answer"), href=f"{base(show)}/{self.found.id}/answer.pdf"),)
        return ActForm(act="give", title=t("requests.decide_access"), submit=t("requests.give_access"),
                       fields=tuple(fields), look="main", links=links)  # fmt: skip

    def _contested(self, own: Own) -> Iterator[Choice]:
        for row in own.rows:
            for cell in row.cells:
                if cell.shared:
                    kind = self.show.kind(row.kind)
                    label = f"{self.show.label(row.kind)}: {self.show.item_label(kind, cell.item).lower()}"
                    text = self.show.text(kind.items[cell.item], cell.value) if cell.item in kind.items else ""
                    yield Choice(value=f"{row.kind}.{row.id}.{cell.item}", text=label, hint=text)

    def _portability(self) -> ActForm:
        show, t = self.show, self.show.t
        mine = portable(show.register, preview(show.store, self.found.id, actor=show.actor, now=show.now))
        fields = (self.text("text", t("requests.words_to_them"), hint=t("requests.words_hint")),)
        self.opening = t("requests.portable", n=mine.cells) if mine.cells else t("requests.not_portable")
        submit = t("requests.give", n=mine.cells) if mine.cells else t("requests.refuse_act")
        return ActForm(act="portable", title=t("requests.decide_portability"), submit=submit, fields=fields,
                       look="main")  # fmt: skip

    def _restriction(self) -> ActForm:
        show, t = self.show, self.show.t
        options = show.kind("restriction").items["ground"].options
        choices = tuple(Choice(value=each.key, text=said(each.label, show.lang)) for each in options)
        fields = (
            Field(name="ground", label=t("requests.ground"), widget="radio", shown=(self.typed("ground"),),
                  choices=choices),
            self.text("text", t("requests.words_to_them"), hint=t("requests.words_hint")),
        )  # fmt: skip
        return ActForm(act="restrict", title=t("requests.decide_restriction"), submit=t("requests.restrict_act"),
                       fields=fields, look="main", intro=t("requests.restrict_intro"))  # fmt: skip

    def _correction(self) -> ActForm:
        show, t = self.show, self.show.t
        link = Link(text=t("requests.to_person"), href=show.href(PERSON, self.found.person))
        items = corrected(show.store, self.found.id, now=show.now)
        if items:
            fields = (self.text("text", t("requests.words_to_them"), hint=t("requests.words_hint")),)
            intro = t("requests.corrected_intro", items=named(Voice(show.register, show.lang), items))
            return ActForm(act="correct", title=t("requests.decide_correction"), submit=t("requests.correct_act"),
                           fields=fields, look="main", intro=intro, links=(link,))  # fmt: skip
        fields = (self.text("text", t("requests.why_right"), hint=t("requests.why_right_hint"), optional=False),)
        return ActForm(act="correct", title=t("requests.decide_correction"), submit=t("requests.not_corrected_act"),
                       fields=fields, look="main", intro=t("requests.correct_intro"), links=(link,))  # fmt: skip

    def _answer(self) -> ActForm:
        t = self.show.t
        fields = (self.text("text", t("requests.words_to_them"), optional=False),)
        return ActForm(act="answer", title=t("requests.decide_answer"), submit=t("requests.answer_act"), fields=fields,
                       look="main")  # fmt: skip


def _answers(show: Presenter, found: Asked) -> Iterator[Act]:
    """Files of the answer, once it is given."""
    if found.open or found.state == "cancelled" or found.unasked:
        return
    where = f"{base(show)}/{found.id}/answer"
    yield Act(small=True, text=show.t("requests.as_html"), href=f"{where}.html")
    yield Act(small=True, text=show.t("requests.as_pdf"), href=f"{where}.pdf")
    if found.state != "refused" and found.right == "access":
        yield Act(small=True, text=show.t("requests.as_json"), href=f"{where}.json")
    if found.state != "refused" and found.right == "portability":
        yield Act(small=True, text=show.t("requests.as_zip"), href=f"{where}.zip")


def _tasks(show: Presenter, found: Asked) -> Iterator[dict[str, Any]]:
    """Recipients to be told (Art. 19), each with what became of it."""
    for each in notices(show.store, found.id, now=show.now):
        settled = ""
        if each.told_at is not None:
            when = show.f.date(each.told_at)
            key = "requests.not_told_on" if each.why_not else "requests.told_on"
            settled = show.t(key, date=when, why=each.why_not) if each.why_not else show.t(key, date=when)
        yield {"id": each.id, "recipient": each.recipient, "settled": settled}


def _steps(show: Presenter, found: Asked) -> Iterator[Event]:
    """What was done, newest first; its coming is the first."""
    for step in reversed(found.steps):
        what = option(show, STEP, "step", step.step)
        how = option(show, STEP, "how", step.how) if step.how else ""
        # What the answer said stands in the answer.
        text = "" if step.step in ("answered", "refused") else step.text
        yield Event(when=show.f.date(step.at), iso=step.at.isoformat(), what=what[:1].upper() + what[1:], meta=how,
                    text=text, own=step.step == "came")  # fmt: skip
    arrived = show.f.date(found.received_at)
    what = show.t("requests.written_down" if found.unasked else "requests.arrived")
    yield Event(when=arrived, iso=found.received_at.isoformat(), what=what, own=not found.unasked,
                meta=option(show, REQUEST, "channel", found.channel))  # fmt: skip

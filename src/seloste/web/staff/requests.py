"""Requests of the people, for whoever leads privacy: all by urgency, and a new one written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.languages import language_name
from seloste.catalogue.model import PERSON
from seloste.clock import HELSINKI, today
from seloste.errors import SelosteError
from seloste.operations.rights import model
from seloste.operations.rights.model import REQUEST
from seloste.operations.rights.read import Queue, person_name, persons_called, requests
from seloste.operations.rights.receive import receive
from seloste.operations.rights.recipients import untold
from seloste.operations.rights.tell import Told, undelivered
from seloste.store.bans import keeps
from seloste.web import responses, searched, security
from seloste.web.frame import frame_of
from seloste.web.parts import Act, Cell, Choice, Column, Due, Field, Head, Item, Life, Link, Row, RowGroup, Table
from seloste.web.present import Presenter
from seloste.web.registers import said
from seloste.web.staff.form_read import is_number

SOON = 7
"""Days before the last one from which a request shows in colour."""

EVIDENCE = ("in_person", "address_on_file", "strong", "identity_code")


def base(show: Presenter) -> str:
    return f"/r/{show.key}/privacy/requests"


def page(request: Request) -> Response:
    """What waits for an answer, the nearest end first; then the latest answered."""
    show = Presenter(request)
    queue = requests(show.store, actor=show.actor, now=show.now)
    waits = untold(show.store, now=show.now)
    return responses.page(
        request,
        "staff/requests.html",
        frame=frame_of(request),
        head=Head(
            title=show.t("nav.requests"),
            acts=(
                Act(text=show.t("requests.new"), href=f"{base(show)}/new", look="main"),
                Act(text=show.t("calendar.show"), href=f"{base(show)}/calendar"),
                *([Act(text=show.t("ban_mark.link"), href=f"{base(show)}/ban")] if keeps(show.register) else []),
            ),
            opening=opening(show, queue.open, tell=sum(map(len, waits.values()))),
            flash=responses.flash(request),
        ),
        waiting=_table(show, queue.open, queue.names) if queue.open else None,
        answered=_table(show, queue.answered, queue.names) if queue.answered else None,
        tasks=tuple(_tasks(show, queue)),
        tells=tuple(_tells(show, queue, waits)),
    )


def opening(show: Presenter, found: Sequence[model.Request], *, tell: int = 0) -> str:
    """What is late, what is soon and how many recipients are to be told, in one sentence each."""
    late = sum(1 for each in found if each.clock.overdue)
    week = sum(1 for each in found if not each.clock.paused and 0 <= each.clock.left <= SOON)
    parts = [show.t("requests.late", n=late)] if late else []
    parts += [show.t("requests.needs", n=week)] if week else []
    parts += [show.t("home.to_tell", n=tell)] if tell else []
    if not parts:
        parts = [show.t("requests.nothing_soon", n=len(found)) if found else show.t("desk.nothing_waits")]
    return " ".join(parts)


def _tasks(show: Presenter, queue: Queue) -> Iterator[Item]:
    """Messages that somebody must deliver, by request."""
    waiting: dict[int, list[Told]] = {}
    for each in undelivered(show.store, now=show.now):
        waiting.setdefault(each.request, []).append(each)
    known = {each.id: each for each in (*queue.open, *queue.answered)}
    for number, several in waiting.items():
        one = known.get(number)
        who = queue.names.get(one.person, "") or one.asked_by if one is not None else ""
        said = show.f.listed(option(show, model.LETTER, "about", each.about) for each in several)
        failed = any(each.state == "failed" for each in several)
        yield Item(
            text=said[:1].upper() + said[1:], href=f"{base(show)}/{number}", sub=who,
            end=show.t("requests.failed" if failed else "requests.by_hand"),
        )  # fmt: skip


def _tells(show: Presenter, queue: Queue, waits: Mapping[int, tuple[str, ...]]) -> Iterator[Item]:
    """Recipients who wait to be told, by request (Art. 19)."""
    known = {each.id: each for each in (*queue.open, *queue.answered)}
    for number, names in waits.items():
        one = known.get(number)
        parts = [right_name(show, one.right), queue.names.get(one.person, "") or one.asked_by] if one else []
        yield Item(
            text=show.f.listed(names), href=f"{base(show)}/{number}", sub=": ".join(part for part in parts if part)
        )


def _table(show: Presenter, found: tuple[model.Request, ...], names: object) -> Table:
    assert isinstance(names, dict)
    t = show.t
    is_open = found[0].open
    columns = (
        Column(text=t("desk.what")),
        Column(text=t("desk.who")),
        Column(text=t("requests.arrived"), rank=2),
        Column(text=t("desk.time_used" if is_open else "list.state"), rank=3),
        Column(text=t("desk.end" if is_open else "requests.answered_on")),
    )
    rows = tuple(_row(show, each, names.get(each.person, "")) for each in found)
    return Table(
        caption=t("requests.waiting" if is_open else "requests.answered"),
        columns=columns,
        groups=(RowGroup(rows=rows),),
        blocks=True,
    )


def _row(show: Presenter, each: model.Request, name: str) -> Row:
    told = due_of(show, each)
    end = Cell(text=told.date, sub=told.left, strong=True, tone={"past": "stop", "soon": "soon"}.get(told.state, ""))  # type: ignore[arg-type]
    if not each.open:
        assert each.answered_at is not None
        late = show.t("requests.was_late", n=-each.clock.left) if each.clock.overdue else ""
        end = Cell(text=show.f.date(each.answered_at), sub=late, tone="stop" if late else "")
    life = Cell(life=told.life, thick=True) if each.open else Cell(text=state_name(show, each.state))
    return Row(
        cells=(
            Cell(
                text=right_name(show, each.right),
                href=f"{base(show)}/{each.id}",
                sub=show.t("requests.unasked_short") if each.unasked else "",
            ),
            Cell(text=who(show, each, name), sub=_unproved(show, each)),
            Cell(text=show.f.date(each.received_at)),
            life,
            end,
        )
    )


def who(show: Presenter, each: model.Request, name: str) -> str:
    """What whoever asked is called: in the register, or as they said; nobody's name when that is gone."""
    said = each.asked_by.replace("\n", ",").split(",")[0].strip()
    return name or said or show.t("requests.unknown" if each.open else "requests.nameless")


def _unproved(show: Presenter, each: model.Request) -> str:
    """Said only where it stops the answer."""
    return show.t("requests.not_identified") if each.open and not each.identified else ""


def asked_for(show: Presenter, each: model.Request) -> str:
    """What the person was asked last and has not told: who they are, or what they mean."""
    asked = next((step.step for step in reversed(each.steps) if step.step in model.ASKED), "")
    return show.t(f"requests.{asked}") if asked else show.t("end.waits_for_them")


def due_of(show: Presenter, each: model.Request) -> Due:
    """The deadline as a part: what has gone, the last day, what is left; colour from seven days."""
    t, clock = show.t, each.clock
    received = today(each.received_at)
    whole = max((clock.day - received).days, 1)
    elapsed = max(0.0, min(1.0, (show.today - received).days / whole))
    if clock.paused:
        return Due(
            life=Life(end="running"), date=t("requests.clock_stands"), left=asked_for(show, each), state="paused"
        )
    if clock.overdue:
        life = Life(end="past", elapsed=1.0)
        return Due(life=life, date=show.f.date_due(clock.day), left=t("end.days_late", n=-clock.left), state="past")
    soon = clock.left <= SOON
    life = Life(end="soon" if soon else "date", elapsed=elapsed)
    left = t("end.days_left", n=clock.left)
    return Due(life=life, date=show.f.date_due(clock.day), left=left, state="soon" if soon else "")


def option(show: Presenter, kind: str, item: str, value: str) -> str:
    """A choice of a built-in kind in the reader's words; the key when it is not known."""
    options = show.kind(kind).items[item].options
    return next((said(each.label, show.lang) for each in options if each.key == value), value)


def right_name(show: Presenter, right: str) -> str:
    text = option(show, REQUEST, "right", right)
    return text[:1].upper() + text[1:]


def state_name(show: Presenter, state: str) -> str:
    return option(show, REQUEST, "state", state)


# --- a new one --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    id: int
    text: str


def new(request: Request) -> Response:
    """Write a request down: first whose, as far as is known, then what and how."""
    show = Presenter(request)
    if request.method != "POST":
        return _form(request, show, {})
    form = request.state.form
    given = {name: str(form.get(name, "")) for name in ("right", "channel", "asked", "asked_by", "language", "person")}
    received = _moment(show, str(form.get("received", "")))
    evidence = str(form.get("evidence", ""))
    try:
        if received is None:
            return _form(request, show, {"received": show.t("requests.day_missing")})
        done = receive(
            show.store,
            given["right"],
            channel=given["channel"],
            person=int(given["person"]) if is_number(given["person"]) else None,
            evidence=frozenset({evidence}) if evidence else frozenset(),
            asked=given["asked"],
            asked_by=given["asked_by"],
            language=given["language"],
            received_at=received,
            actor=show.actor,
            now=show.now,
        )
    except SelosteError as problem:
        return _form(request, show, {"person": problem.message(show.lang)})
    return responses.redirect(f"{base(show)}/{done.id}", done="request_received")


def _moment(show: Presenter, text: str) -> dt.datetime | None:
    """A day typed; today is now, an earlier day its morning."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return show.now if day == show.today else dt.datetime.combine(day, dt.time(9), HELSINKI)


def candidates(show: Presenter, text: str) -> list[Candidate]:
    """Whom a name, number or address may mean, with where they belong as far as the role sees."""
    found = persons_called(show.store, text, actor=show.actor, now=show.now) if text.strip() else {}
    places = show.places_of(PERSON, list(found)) if show.lens.sees(PERSON) else {}
    return [
        Candidate(number, ", ".join(part for part in (name, places.get(number, "")) if part))
        for number, name in found.items()
    ]


def person_field(show: Presenter, asked: str, chosen: str, error: str = "") -> Field:
    """Whose request it is: those found, or nobody known yet."""
    found = candidates(show, asked)
    if is_number(chosen) and int(chosen) not in {each.id for each in found}:
        name = person_name(show.store, int(chosen), actor=show.actor, now=show.now)
        found.insert(0, Candidate(int(chosen), name or show.t("requests.unknown")))
    choices = [Choice(value=str(each.id), text=each.text) for each in found]
    choices.append(Choice(value="", text=show.t("requests.not_known"), hint=show.t("requests.not_known_hint")))
    # Of several nobody is chosen for whoever reads: a wrong person would be told of another.
    shown = (chosen or (choices[0].value if found else ""),) if chosen or len(found) < 2 else ()
    return Field(name="person", label=show.t("requests.whose"), widget="radio", shown=shown, choices=tuple(choices),
                 error=error)  # fmt: skip


def evidence_field(show: Presenter, chosen: str, *, unknown: bool) -> Field:
    """How they were known. A copy of an identity card is not asked for, and a code does not do."""
    choices = [
        Choice(value=key, text=show.t(f"requests.by_{key}"), hint=show.t(f"requests.by_{key}_hint")) for key in EVIDENCE
    ]
    if unknown:
        choices.append(Choice(value="", text=show.t("requests.by_nothing"), hint=show.t("requests.by_nothing_hint")))
    hint = show.t("requests.no_card")
    return Field(
        name="evidence", label=show.t("requests.how_known"), widget="radio", hint=hint, shown=(chosen,),
        choices=tuple(choices),
    )  # fmt: skip


def _form(request: Request, show: Presenter, faults: dict[str, str]) -> Response:
    t, form = show.t, request.state.form if request.method == "POST" else {}
    asked = searched.opened(request, "find", 100)
    items = show.kind(REQUEST).items

    def typed(name: str, default: str = "") -> str:
        return str(form.get(name, default))

    def choice(name: str, label: str, default: str) -> Field:
        options = tuple(Choice(value=each.key, text=said(each.label, show.lang)) for each in items[name].options)
        return Field(name=name, label=label, widget="select", shown=(typed(name, default),), choices=options,
                     error=faults.get(name, ""), half=True)  # fmt: skip

    languages = tuple(Choice(value=each, text=language_name(each, show.lang))
                      for each in show.register.notice.languages)  # fmt: skip
    fields = (
        person_field(show, asked, typed("person", request.query_params.get("person", "")), faults.get("person", "")),
        Field(name="asked_by", label=t("requests.asked_by"), hint=t("requests.asked_by_hint"), optional=True,
              shown=(typed("asked_by"),)),
        choice("right", t("requests.what"), "access"),
        choice("channel", t("requests.channel"), "email"),
        Field(name="received", label=t("requests.received"), widget="date", half=True, hint=t("requests.received_hint"),
              shown=(typed("received", show.today.isoformat()),), error=faults.get("received", "")),
        Field(name="language", label=t("requests.language"), widget="select", half=True, choices=languages,
              shown=(typed("language"),)),
        Field(name="asked", label=t("requests.asked"), widget="textarea", optional=True, shown=(typed("asked"),)),
        evidence_field(show, typed("evidence"), unknown=True),
    )  # fmt: skip
    return responses.page(
        request,
        "staff/request_new.html",
        status=422 if faults else 200,
        frame=frame_of(request, current=base(show)),
        head=Head(
            title=t("requests.new"), crumbs=(Link(text=t("nav.requests"), href=base(show)),), errors=bool(faults)
        ),
        hidden=security.hidden(request),
        search=asked,
        action=f"{base(show)}/new",
        finding=searched.searching(request, f"{base(show)}/new"),
        fields=fields,
        faults=tuple(Link(text=text, href=f"#{name}") for name, text in faults.items()),
        cancel=base(show),
    )

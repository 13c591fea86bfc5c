"""What happened around a row, newest first, and what comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from seloste.catalogue.model import PERSON, Kind
from seloste.clock import HELSINKI
from seloste.notice.ways import own_date, told_by
from seloste.operations.records.model import Record
from seloste.web import registers
from seloste.web.parts import Act, Chip, Event
from seloste.web.present import Presenter
from seloste.web.staff import todo
from seloste.web.staff.detail_bills import is_billed
from seloste.web.staff.given import given
from seloste.web.staff.sheet import Sheet, link, title_of

LONGEST_NAME = 40
MOST_NEXT = 3


@dataclass(frozen=True, slots=True)
class Next:
    """Something that comes next: when, what, and the act that closes it."""

    when: str
    what: str
    href: str
    late: bool
    act: Act


def next_steps(sheet: Sheet, hidden: tuple[tuple[str, str], ...]) -> tuple[Next, ...]:
    """What is open and due around the row, nearest first."""
    show = sheet.show
    found = sorted((day, each.id, each) for each, day in _waiting(sheet))
    return tuple(
        Next(
            when=show.t("person.next", when=show.f.date_due(day)),
            what=show.name(each),
            href=show.href(each.kind, each.id),
            late=day < show.today,
            act=todo.act_done(show, each, hidden),
        )
        for day, _, each in found[:MOST_NEXT]
    )


def _waiting(sheet: Sheet) -> Iterator[tuple[Record, dt.date]]:
    show = sheet.show
    for each in sheet.around:
        kind = show.kind(each.kind)
        due = todo.due_item(show, kind)
        if not due or due not in each.values or is_work(sheet, kind) or (kind.done and not todo.is_open(kind, each)):
            continue
        day = each.values[due]
        day = day.date() if isinstance(day, dt.datetime) else day
        # What nothing closes is closed by something newer of its kind.
        newer = kind.done is None and day < show.today and each is not sheet.found.rows[each.kind][0]
        if not newer:
            yield each, day


def happened(sheet: Sheet, *, only: str = "") -> list[tuple[str, Event]]:
    """(moment, event) of everything around the row that tells what happened, newest first."""
    show = sheet.show
    waiting = {(each.kind, each.id) for each, _ in _waiting(sheet) if show.kind(each.kind).due == _dated(show, each)}
    found: list[tuple[str, Event]] = []
    below: dict[tuple[str, int], list[Record]] = {}
    rows = told(sheet)
    for each in rows:
        above = sheet.above(each)
        if above is not None and above in rows and (above.kind, above.id) not in waiting:
            below.setdefault((above.kind, above.id), []).append(each)
    nested = {(each.kind, each.id) for rows in below.values() for each in rows}
    for each in rows:
        key = (each.kind, each.id)
        if key in waiting or key in nested or (only and each.kind != only):
            continue
        found.append((_placed(show, each), _event(sheet, each, below.get(key, []))))
    if not only:
        found += [(moment, event) for moment, event in _own(sheet)]
    return sorted(found, key=lambda one: one[0], reverse=True)


def told(sheet: Sheet) -> list[Record]:
    """Rows around that have a day and are neither ties, in a table of bills, nor somebody's standing facts."""
    show = sheet.show
    return [
        each
        for each in sheet.around
        if not show.kind(each.kind).tie
        and own_date(show.kind(each.kind)) is not None
        and not is_fact(sheet, each)
        and not is_billed(sheet, each)
        and not is_work(sheet, show.kind(each.kind))
        and show.kind(each.kind).about != "nobody"
    ]


def is_fact(sheet: Sheet, record: Record) -> bool:
    """Whether a row only says more of this one, and tells of nothing that happened: an address, their dog."""
    return told_by(sheet.show.kind(record.kind)) is None and record.references.get(sheet.row.kind) == sheet.row.id


def is_work(sheet: Sheet, kind: Kind) -> bool:
    """Open work on the page of a place or a company has a list of its own there."""
    return not sheet.kind.subject and bool(todo.done_item(sheet.show, kind)) and kind.done != kind.due


def _dated(show: Presenter, record: Record) -> str | None:
    return told_by(show.kind(record.kind))


def _placed(show: Presenter, record: Record) -> str:
    """Where a row stands among others: one that has a day only, by when it was written down, if that was on its day."""
    moment, recorded = show.moment(record), record.recorded_at
    if isinstance(moment, dt.datetime) or recorded is None:
        return _sorts(moment)
    return _sorts(recorded) if recorded.astimezone(HELSINKI).date() == moment else _sorts(moment)


def _sorts(moment: dt.date | None) -> str:
    if moment is None:
        return ""
    if isinstance(moment, dt.datetime):
        return moment.astimezone(HELSINKI).strftime("%Y-%m-%dT%H:%M:%S")
    return moment.isoformat()


def way_of(kind: Kind) -> str:
    """Of a deed with a text, the item that says how it was done: a call, a meeting."""
    if kind.act is None or kind.items[kind.act].type != "time":
        return ""
    if not any(item.free_text for item in kind.items.values()):
        return ""
    return next((name for name, item in kind.items.items() if item.options and not item.many), "")


def _event(sheet: Sheet, record: Record, below: list[Record]) -> Event:
    show, kind = sheet.show, sheet.show.kind(record.kind)
    moment, name, label = show.moment(record), title_of(show, record), show.label(record.kind)
    way = way_of(kind)
    people = sheet.taking_part.get((record.kind, record.id), ())
    long = len(name) > LONGEST_NAME
    if way and way in record.values:
        word = show.text(kind.items[way], record.values[way])
        what, meta = word[:1].upper() + word[1:], name
    else:
        what = label if long or not name else f"{label} {name}"
        skip = [item for item in (way, kind.done, _state(kind)) if item]
        meta = show.summary(record, sheet.named, most=3, without=skip)
    texts = [name if long and not way else "", show.said_text(record)]
    return Event(
        when=show.f.when(moment, show.now) if moment is not None else "",
        iso=_iso(moment),
        what=what,
        href=show.href(record.kind, record.id),
        chip=state_chip(show, record),
        meta=meta,
        text=" ".join(text for text in texts if text),
        more=_more(sheet, people, below),
        own=kind.built_in or kind.about == "visitor",
    )


def _iso(moment: dt.date | None) -> str:
    return moment.isoformat() if moment is not None else ""


def _state(kind: Kind) -> str:
    """The choice that says how far a row has come, when it is no deed with a text."""
    choices = [name for name, item in kind.items.items() if item.options and not item.many]
    return choices[-1] if choices and not way_of(kind) else ""


def state_chip(show: Presenter, record: Record) -> Chip | None:
    """How far a row has come: done when, or open, or what its choice says."""
    kind = show.kind(record.kind)
    done = todo.done_item(show, kind)
    if done and record.values.get(done) is not None:
        word = show.teller.w.low(show.item_label(kind, done))
        return Chip(text=f"{word} {show.f.date_short(record.values[done])}", tone="ok")
    if done:
        late = (
            kind.due is not None and kind.due in record.values and _sorts(record.values[kind.due]) < _sorts(show.today)
        )
        return Chip(text=show.t("common.late"), tone="stop") if late else Chip(text=show.t("todo.open"), tone="stamp")
    state = _state(kind)
    return Chip(text=show.text(kind.items[state], record.values[state])) if state in record.values else None


def _more(sheet: Sheet, people: tuple[str, ...], below: list[Record]) -> str:
    """Who took part, and what followed from it: an order's deliveries."""
    show = sheet.show
    lines: list[str | Markup] = [show.t("person.with_whom", who=show.f.listed(people))] if people else []
    for each in below:
        kind, moment = show.kind(each.kind), show.moment(each)
        name = link(show.label(each.kind), show.href(each.kind, each.id))
        when = show.f.date_short(moment) if moment is not None else ""
        lines.append(Markup("{} {} {}").format(name, when, show.summary(each, sheet.named, most=2, without=kind.title)))
    return Markup("<br>").join(escape(line) for line in lines) if lines else ""


def _own(sheet: Sheet) -> Iterator[tuple[str, Event]]:
    """What the person said of marketing, and when they came into the register."""
    show, record = sheet.show, sheet.row
    said: dict[tuple[str, str, str, dt.datetime], list[str]] = {}
    for each in sheet.answers:
        if each.since is not None and each.answer != "ask":
            said.setdefault((each.purpose, each.sender, each.answer, each.since), []).append(each.channel)
    for (purpose, sender, answer, since), channels in said.items():
        key = "person.forbade" if answer == "no" else "person.allowed"
        words = show.teller.vocabulary.channels
        how = show.f.listed(registers.said(words[each]["text"], show.lang) for each in channels if each in words)
        name = show.teller.w.low(show.short(purpose))
        what = show.t(key, what=f"{name}: {sender}" if sender else name)
        yield _sorts(since), Event(when=show.f.when(since, show.now), iso=_iso(since), what=what, meta=how, own=True)
    if record.kind == PERSON:
        yield from given(show, record.id)
    if sheet.kind.subject and record.recorded_at is not None:
        source = show.register.notice.sources.get(record.source or "")
        yield (
            _sorts(record.recorded_at),
            Event(
                when=show.f.when(record.recorded_at, show.now),
                iso=_iso(record.recorded_at),
                what=show.t("person.added"),
                meta=registers.said(source.text, show.lang) if source else "",
                own=True,
            ),
        )


def ending(sheet: Sheet) -> str:
    """How long what is told here stays, by the notice: the period of the first kind that has one."""
    show = sheet.show
    for each in told(sheet):
        for key in show.lens.purposes:
            limit = next((one for one in show.register.purposes[key].at_most if one.kind == each.kind), None)
            if limit is not None:
                period = show.teller.w.period(limit.amount, limit.unit)
                rule = show.t("person.kept", what=show.plural(each.kind), period=period)
                return show.t("person.nothing_older", rule=rule)
    return show.t("person.nothing_older", rule="").strip()

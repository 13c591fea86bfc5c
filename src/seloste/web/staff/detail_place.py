"""The page of something that is nobody's: who belongs to it now and did before, what is within it, its work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from seloste.catalogue.types.normal import order
from seloste.operations.records import read
from seloste.operations.records.model import Record
from seloste.operations.records.why import Why
from seloste.web.parts import Item, Life, Link
from seloste.web.present import LINKED
from seloste.web.staff import todo
from seloste.web.staff.detail_events import is_work, state_chip
from seloste.web.staff.sheet import Sheet, title_of

MOST_PEOPLE = 60
MOST_WORK = 10
MOST_BELOW = 60


@dataclass(frozen=True, slots=True)
class Going:
    """What of somebody goes when: labels of items, and their end."""

    what: str
    life: Life


@dataclass(frozen=True, slots=True)
class Belonging:
    """One who belongs or belonged to a place: name, as what, how to reach, until when the data stay."""

    name: str
    href: str
    sub: str
    reach: tuple[Link, ...] = ()
    guarded: str = ""
    life: Life | None = None
    going: tuple[Going, ...] = ()


@dataclass(frozen=True, slots=True)
class People:
    """Those of one kind of tie."""

    title: str
    aside: str
    people: tuple[Belonging, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """Rows of one kind that are done or wait to be."""

    title: str
    aside: str
    items: tuple[Item, ...]


def people(sheet: Sheet) -> tuple[tuple[People, ...], tuple[People, ...]]:
    """Who belongs now, and who did."""
    if sheet.kind.subject:
        return (), ()
    show = sheet.show
    ends = _ends(sheet)
    groups: dict[tuple[str, bool], list[Belonging]] = {}
    told = sheet.whys_of(sheet.positions[:MOST_PEOPLE])
    former = [ends[tie.kind, tie.id] for tie in sheet.positions if sheet.is_over(tie) and (tie.kind, tie.id) in ends]
    leaving = sheet.whys_of(former[:MOST_PEOPLE])
    for tie in sheet.positions[:MOST_PEOPLE]:
        person, over = ends.get((tie.kind, tie.id)), sheet.is_over(tie)
        reasons = told.get((tie.kind, tie.id))
        goes = leaving.get((person.kind, person.id)) if over and person is not None else None
        groups.setdefault((tie.kind, over), []).append(_belonging(sheet, tie, person, reasons, goes))
    now: list[People] = []
    before: list[People] = []
    for (kind, over), found in groups.items():
        title = show.plural(kind) if not over else show.t("person.before", what=show.plural(kind))
        aside = show.t("common.people", n=len(found)) if len(found) > 1 else ""
        (before if over else now).append(People(title, aside, tuple(found)))
    return tuple(now), tuple(before)


def _ends(sheet: Sheet) -> dict[tuple[str, int], Record]:
    """Tie -> whom it ties to the place, as far as the role sees."""
    show = sheet.show
    wanted: dict[str, dict[int, list[Record]]] = {}
    for tie in sheet.positions:
        for end in show.kind(tie.kind).of:
            if end != sheet.row.kind and end in tie.references and show.lens.sees(end):
                wanted.setdefault(end, {}).setdefault(tie.references[end], []).append(tie)
                break
    found: dict[tuple[str, int], Record] = {}
    for kind, ties in wanted.items():
        for record in read.by_ids(show.store, kind, sorted(ties), actor=show.actor, now=show.now):
            found |= {(tie.kind, tie.id): record for tie in ties[record.id]}
    return found


def _belonging(sheet: Sheet, tie: Record, person: Record | None, reasons: Why | None, goes: Why | None) -> Belonging:
    show = sheet.show
    dates = [name for name, item in show.kind(tie.kind).items.items() if item.type in ("date", "time")]
    as_what = [title_of(show, tie), show.summary(tie, sheet.named, most=2, without=dates), sheet.span_text(tie)]
    sub = " · ".join(part for part in as_what if part)
    over = sheet.is_over(tie)
    life = None
    if reasons is not None and not over:
        life = show.life_of(reasons, tie)
    if person is None:
        return Belonging(show.label(tie.kind), show.href(tie.kind, tie.id), sub, life=life)
    guarded = person.guarded
    return Belonging(
        name=show.name(person),
        href=show.href(person.kind, person.id),
        sub=sub,
        reach=() if guarded or over else tuple(_reach(sheet, person)),
        guarded=_guard(sheet, person) if guarded else "",
        life=life,
        going=tuple(_going(sheet, person, goes)) if goes is not None else (),
    )


def _guard(sheet: Sheet, person: Record) -> str:
    kind = sheet.show.kind(person.kind)
    return next(
        (sheet.show.item_label(kind, name) for name in kind.guards if name in person.values),
        sheet.show.t("person.guarded"),
    )


def _reach(sheet: Sheet, person: Record) -> Iterator[Link]:
    show, kind = sheet.show, sheet.show.kind(person.kind)
    for name, item in kind.items.items():
        if item.type in LINKED and name in person.values:
            value = person.values[name][0] if item.many else person.values[name]
            yield Link(text=show.text(item, [value] if item.many else value), href=f"{LINKED[item.type]}{value}")


def _going(sheet: Sheet, person: Record, told: Why) -> Iterator[Going]:
    """What of a former one goes when, items that go together in one line."""
    show, kind = sheet.show, sheet.show.kind(person.kind)
    groups: dict[tuple[str, dt.date | None], list[str]] = {}
    for name, cell in told.cells.items():
        if name in person.values:
            label = show.t("person.name") if name in kind.title else show.item_label(kind, name)
            if label not in groups.setdefault((cell.end, cell.until), []):
                groups[cell.end, cell.until].append(label)
    for (end, until), labels in groups.items():
        words = show.f.listed([labels[0], *(show.teller.w.low(label) for label in labels[1:])])
        yield Going(words, show.life(end, until, person.recorded_at))  # type: ignore[arg-type]


def below(sheet: Sheet) -> Iterator[Work]:
    """Places within this one: the apartments of a company."""
    show = sheet.show
    for key, rows in sheet.found.rows.items():
        if show.kind(key).about == "nobody" and not show.kind(key).tie:
            ordered = sorted(rows, key=lambda each: _natural(show.name(each)))
            items = tuple(
                Item(
                    text=show.name(each),
                    href=show.href(key, each.id),
                    end=show.summary(each, sheet.named, most=2, without=show.kind(key).title),
                )
                for each in ordered[:MOST_BELOW]
            )
            yield Work(show.plural(key), show.f.number(len(rows)), items)


def _natural(text: str) -> list[tuple[int, str]]:
    """``A 2`` before ``A 12``."""
    return [(int(part), "") if part.isdecimal() else (0, order(part)) for part in text.split()]


def work(sheet: Sheet) -> Iterator[Work]:
    """Open and done work of a place or a company, open first."""
    show = sheet.show
    for key, rows in sheet.found.rows.items():
        kind = show.kind(key)
        if kind.tie or todo.is_bill(kind) or not is_work(sheet, kind):
            continue
        ordered = sorted(rows, key=lambda each: not todo.is_open(kind, each))
        count = sum(todo.is_open(kind, each) for each in rows)
        items = tuple(
            Item(
                text=show.name(each),
                href=show.href(key, each.id),
                chip=state_chip(show, each),
                sub=_work_sub(sheet, each),
            )
            for each in ordered[:MOST_WORK]
        )
        yield Work(show.plural(key), show.t("place.open_count", n=count) if count else "", items)


def _work_sub(sheet: Sheet, record: Record) -> str:
    show, kind = sheet.show, sheet.show.kind(record.kind)
    moment = show.moment(record)
    parts = [
        show.f.date(moment) if moment is not None else "",
        show.f.listed(sheet.taking_part.get((record.kind, record.id), ())),
        show.summary(record, sheet.named, most=2, without=[name for name in (kind.done, kind.due) if name]),
    ]
    return " · ".join(part for part in parts if part)

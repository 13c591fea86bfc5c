"""The columns of a list, by what its kind is: who somebody is, where, how to reach them, since when, until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markupsafe import Markup, escape

from seloste.catalogue.model import Item
from seloste.operations.records.find import words_of
from seloste.operations.records.model import Record, Sealed
from seloste.web.parts import Cell, Column, Row, RowGroup, Table
from seloste.web.present import DATES
from seloste.web.staff import todo
from seloste.web.staff.asked import Asked, sortable
from seloste.web.staff.detail_events import state_chip, way_of
from seloste.web.staff.list_rows import Listed
from seloste.web.staff.sheet import joined, title_of

MOST_ITEMS = 4
SHORTEST_TOLD = 3
NOT_IN_A_CELL = frozenset({"lines", "fields", "file", "items", "text_long", "code", "bool"})

Rank = Literal[1, 2, 3]


@dataclass(frozen=True, slots=True)
class Col:
    """A column: its heading, what it sorts by, and how it draws a row's cell."""

    text: str
    cell: Callable[[Record], Cell]
    rank: Rank = 1
    sort: str = ""
    right: bool = False


def table(listed: Listed) -> Table:
    asked = listed.asked
    columns = list(_columns(listed))
    rows = tuple(
        Row(
            cells=tuple(column.cell(record) for column in columns),
            tone="quiet" if _has_left(listed, record) else "",
        )
        for record in listed.rows
    )
    headings = tuple(_heading(asked, column) for column in columns)
    return Table(caption=asked.show.plural(listed.kind), columns=headings, groups=(RowGroup(rows=rows),))


def _heading(asked: Asked, column: Col) -> Column:
    found = Column(text=column.text, rank=column.rank, right=column.right)
    if not column.sort:
        return found
    current = asked.sort == column.sort
    href = asked.address(sort=f"{'-' if current and not asked.descending else ''}{column.sort}")
    order: Literal["", "ascending", "descending"] = "descending" if asked.descending else "ascending"
    return replace(found, href=href, sorted=order if current else "")


def _columns(listed: Listed) -> Iterator[Col]:
    show, kind = listed.show, listed.asked.kind
    can_sort = sortable(show, kind.key)
    named = [name for name in kind.title if name in can_sort]
    first = (named[-1] if kind.subject else named[0]) if named else ""
    yield Col(show.t("person.name") if kind.subject else show.label(kind.key), lambda row: _name(listed, row), 1, first)
    if kind.subject:
        yield from _of_subjects(listed)
    else:
        yield from _of_rows(listed, can_sort)
    if any(end.end != "standing" for end in listed.ends.values()):
        yield Col(show.t("end.leaves"), lambda row: _end(listed, row), 2 if kind.subject else 3)


def _of_subjects(listed: Listed) -> Iterator[Col]:
    show, kind = listed.show, listed.asked.kind
    if listed.places:
        yield Col(show.f.listed(_labels(listed)), lambda row: _place(listed, row), 2)
    phone = next((name for name in show.lens.shows[kind.key] if kind.items[name].type == "phone"), "")
    if phone:
        yield Col(show.item_label(kind, phone), lambda row: Cell(text=show.phone(row)[0], href=show.phone(row)[1]), 2)
    if listed.deeds:
        yield Col(show.t("list.last_deed"), lambda row: _deed(listed, row), 3)
    purpose, channels = _marketing(listed)
    for channel in channels:
        yield Col(show.t(f"list.may_{channel}"), lambda row, channel=channel: _may(listed, row, purpose, channel), 3)  # type: ignore[misc]


def _labels(listed: Listed) -> list[str]:
    labels = [listed.show.label(end) for end in listed.places]
    return [labels[0], *(listed.show.teller.w.low(label) for label in labels[1:])]


def _of_rows(listed: Listed, can_sort: set[str]) -> Iterator[Col]:
    """What a row belongs to, its day, then its short items in the notice's order, money to the right."""
    show, kind, asked = listed.show, listed.asked.kind, listed.asked
    belongs = [
        column for column in _pointing(listed) if any(_reference(listed, row, column).text for row in listed.rows)
    ]
    for place, column in enumerate(belongs[:2]):
        text = show.item_label(kind, column)
        yield Col(text, lambda row, column=column: _reference(listed, row, column), 1 if not place else 2)  # type: ignore[misc]
    if asked.dated and asked.dated not in kind.title:
        yield Col(show.item_label(kind, asked.dated), lambda row: _when(listed, row, asked.dated), 2, asked.dated)
    done = todo.done_item(show, kind)
    if done:
        yield Col(show.t("list.state"), lambda row: Cell(chip=state_chip(show, row)), 2)
    for place, name in enumerate(_short_items(listed)):
        item = kind.items[name]
        yield Col(
            show.item_label(kind, name),
            lambda row, name=name: _value(listed, row, name),  # type: ignore[misc]
            2 if place < 2 else 3,
            name if name in can_sort else "",
            item.type == "money",
        )


def _short_items(listed: Listed) -> list[str]:
    """The short items that have columns of their own: those that some row of the page fills, in the notice's order."""
    show, kind = listed.show, listed.asked.kind
    taken = {*kind.title, listed.asked.dated, todo.done_item(show, kind)}
    shown = [name for name in show.lens.shows[kind.key] if name not in taken and _fits(kind.items[name])]
    return [name for name in shown if any(name in row.values for row in listed.rows)][:MOST_ITEMS]


def _fits(item: Item) -> bool:
    return not (item.free_text or item.sensitive or item.extra or item.type in NOT_IN_A_CELL or item.type == "ref")


def _pointing(listed: Listed) -> list[str]:
    kind = listed.asked.kind
    items = [name for name in listed.show.lens.shows[kind.key] if kind.items[name].type == "ref"]
    return [*kind.of, *items]


def _name(listed: Listed, row: Record) -> Cell:
    show = listed.show
    sub = ""
    if show.kind(row.kind).subject:
        ties = listed.ties.get(row.id, [])
        ended = listed.ended(ties[0]) if ties else None
        sub = show.t("list.left_firm", date=show.f.date(ended)) if isinstance(ended, dt.date) else _titles(listed, ties)
    if row.guarded:
        sub = joined((show.t("person.guarded"), sub), " · ")
    text = marked(show.listed(row), listed.asked.query)
    return Cell(text=text, href=show.href(row.kind, row.id), sub=sub, phone=_narrow(listed, row))


def _narrow(listed: Listed, row: Record) -> str:
    """What a narrow screen shows under the name, where the other columns are hidden: of a subject the place and the
    number, of anything else its day, its state and what stands first in it.
    """
    if listed.asked.kind.subject:
        return joined((_place(listed, row).text, listed.show.phone(row)[0]), " · ")
    asked = listed.asked
    dated = _when(listed, row, asked.dated).text if asked.dated and asked.dated not in asked.kind.title else ""
    chip = state_chip(listed.show, row) if todo.done_item(listed.show, asked.kind) else None
    # Without its heading a day, or a number of a digit or two, says nothing.
    plain = [name for name in _short_items(listed) if asked.kind.items[name].type not in DATES]
    told = [text for name in plain if len(text := _value(listed, row, name).text) >= SHORTEST_TOLD]
    first = told[:2]
    return joined((dated, chip.text if chip else "", *first), " · ")


def _titles(listed: Listed, ties: Sequence[Record]) -> str:
    """What the first tie with a name of its own is called; numbers alone say it only with the tie's own name."""
    for tie in ties:
        if title := title_of(listed.show, tie):
            if any(letter.isalpha() for letter in title):
                return title
            return f"{listed.show.teller.w.low(listed.show.label(tie.kind))} {title}"
    return ""


def _place(listed: Listed, row: Record) -> Cell:
    show = listed.show
    for tie in listed.ties.get(row.id, []):
        for end in show.kind(tie.kind).of:
            number = tie.references.get(end)
            if end != row.kind and number is not None and (end, number) in listed.named:
                text = marked(listed.named[end, number], listed.asked.query)
                return Cell(text=text, href=show.href(end, number))
    return Cell()


def _has_left(listed: Listed, row: Record) -> bool:
    ties = listed.ties.get(row.id, []) if listed.asked.kind.subject else []
    return bool(ties) and all(listed.ended(tie) is not None for tie in ties)


def _deed(listed: Listed, row: Record) -> Cell:
    show, deed = listed.show, listed.deeds.get(row.id)
    if deed is None:
        return Cell()
    kind = show.kind(deed.record.kind)
    way = way_of(kind)
    what = show.text(kind.items[way], deed.record.values[way]) if way in deed.record.values else show.label(kind.key)
    return Cell(text=show.f.when(deed.at, show.now), sub=show.teller.w.low(what))


def _marketing(listed: Listed) -> tuple[str, list[str]]:
    """The first marketing purpose of the role, and by which channels it may ask at all."""
    for answers in listed.answers.values():
        if answers:
            purpose = answers[0].purpose
            offered = [each.channel for each in answers if each.purpose == purpose]
            return purpose, [channel for channel in ("email", "phone") if channel in offered]
    return "", []


def _may(listed: Listed, row: Record, purpose: str, channel: str) -> Cell:
    found = listed.answers.get(row.id, ())
    answer = next((each for each in found if each.purpose == purpose and each.channel == channel), None)
    return Cell(may=answer.answer) if answer else Cell()


def _end(listed: Listed, row: Record) -> Cell:
    end = listed.ends.get(row.id)
    if end is None or end.end == "standing":
        return Cell()
    line = listed.show.life(end.end, end.until, row.recorded_at)
    # A life that runs on says nothing in the row; one line under the table says it for all.
    text = listed.show.f.date(end.until) if end.until is not None else line.text if end.end == "held" else ""
    return Cell(life=replace(line, text=text))


def _reference(listed: Listed, row: Record, column: str) -> Cell:
    show = listed.show
    target, number = show.targets(row).get(column), row.references.get(column)
    if isinstance(row.values.get(column), Sealed):
        return _value(listed, row, column)
    if target is None or number is None or (target, number) not in listed.named:
        return Cell()
    return Cell(text=listed.named[target, number], href=show.href(target, number))


def _when(listed: Listed, row: Record, name: str) -> Cell:
    value = row.values.get(name)
    return Cell(text=listed.show.f.when(value, listed.show.now) if isinstance(value, dt.date) else "")


def _value(listed: Listed, row: Record, name: str) -> Cell:
    shown = listed.show.shown(row, name, listed.named)
    if len(shown) == 1:
        return Cell(text=shown[0].text, href=shown[0].href)
    return Cell(text=", ".join(each.text for each in shown))


def marked(text: str, query: str) -> str:
    """The text with what the words of a query find in it marked."""
    spans: list[tuple[int, int]] = []
    folded = text.casefold()
    for keys in words_of(query) if query else ():
        for key in keys[:1]:
            at = folded.find(key)
            while at >= 0:
                if not (at and folded[at - 1].isalnum()):
                    spans.append((at, at + len(key)))
                at = folded.find(key, at + 1)
    if not spans or len(folded) != len(text):
        return text
    parts, last = [], 0
    for start, stop in sorted(spans):
        if start >= last:
            parts += [escape(text[last:start]), Markup("<mark>{}</mark>").format(text[start:stop])]
            last = stop
    return Markup("").join([*parts, escape(text[last:])])

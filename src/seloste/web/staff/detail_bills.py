"""Money that falls due around a row: what is unpaid, the last twelve months at a glance, the newest bills."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from seloste.catalogue.model import Kind
from seloste.operations.records.model import Record
from seloste.web.parts import Cell, Chip, Column, Link, Month, Row, RowGroup, Table
from seloste.web.staff import todo
from seloste.web.staff.sheet import Sheet, title_of

MOST = 12
MONTHS = 12

Paid = Literal["waits", "paid", "late", "unpaid"]
"""In order from fine to bad: its day is to come; paid in time; paid after its day; its day has gone."""

ORDER: tuple[Paid, ...] = ("waits", "paid", "late", "unpaid")


@dataclass(frozen=True, slots=True)
class Bills:
    """The bills of one kind."""

    title: str
    unpaid: str
    said: str
    months: tuple[Month, ...]
    table: Table
    every: Link | None


@dataclass(frozen=True, slots=True)
class Billing:
    """The items of a kind that make its rows bills: the sum, the day it falls due, the day it was paid."""

    kind: Kind
    money: str
    due: str
    paid: str

    def state(self, bill: Record, today: dt.date) -> Paid:
        due, paid = bill.values[self.due], bill.values.get(self.paid)
        if paid is None:
            return "unpaid" if due < today else "waits"
        return "late" if paid > due else "paid"


def bills(sheet: Sheet) -> Iterator[Bills]:
    """Each kind of bills around the row, newest first."""
    for key, rows in sheet.found.rows.items():
        billing = billing_of(sheet, key)
        known = [each for each in rows if billing is not None and billing.due in each.values]
        if billing is not None and known:
            yield _bills(sheet, billing, sorted(known, key=lambda each: _due(billing, each), reverse=True))


def billing_of(sheet: Sheet, key: str) -> Billing | None:
    """The items of a kind by which its rows are told as bills; None where it is not seen whether they were paid."""
    kind, shown = sheet.show.kind(key), sheet.show.lens.shows[key]
    money = next((name for name in shown if kind.items[name].type == "money"), "")
    if not todo.is_bill(kind) or not money or kind.due not in shown or kind.done not in shown:
        return None
    return Billing(kind, money, str(kind.due), str(kind.done))


def is_billed(sheet: Sheet, record: Record) -> bool:
    """Whether a row stands in a table of bills; an invoice whose payment is a row of its own tells what happened."""
    billing = billing_of(sheet, record.kind)
    return billing is not None and billing.due in record.values


def _due(billing: Billing, bill: Record) -> dt.date:
    day: dt.date = bill.values[billing.due]
    return day


def _bills(sheet: Sheet, billing: Billing, ordered: Sequence[Record]) -> Bills:
    show, kind = sheet.show, billing.kind
    today = show.today
    unpaid = sum(each.values.get(billing.money, 0) for each in ordered if billing.state(each, today) == "unpaid")
    months = _months(billing, ordered, today)
    counted = {
        word: sum(state == each for state in months.values())
        for word, each in (("on_time", "paid"), ("late", "late"), ("unpaid", "unpaid"))
    }
    columns = (
        Column(text=show.item_label(kind, billing.due)),
        Column(text=show.item_label(kind, billing.money), right=True),
        Column(text=show.item_label(kind, billing.paid)),
    )
    rows = tuple(_row(sheet, billing, each) for each in ordered[:MOST])
    every = None
    whole = kind.key not in sheet.found.cut
    if len(ordered) > MOST and sheet.row.kind in kind.of:
        href = f"{show.href(kind.key)}?{sheet.row.kind}={sheet.row.id}"
        all_of = show.t("person.all_of", what=show.teller.w.low(show.plural(kind.key)))
        every = Link(text=show.t("place.all_of", n=len(ordered)) if whole else all_of, href=href)
    return Bills(
        title=show.plural(kind.key),
        unpaid=show.t("place.unpaid_sum", sum=show.text(kind.items[billing.money], unpaid)) if unpaid and whole else "",
        said=show.t("place.last_12", **counted),
        months=tuple(
            Month(letter=show.f.month(dt.date(year, month, 1))[:1], state=state)
            for (year, month), state in months.items()
            if state != "waits"
        ),
        table=Table(caption=show.plural(kind.key), columns=columns, groups=(RowGroup(rows=rows),)),
        every=every,
    )


def _months(billing: Billing, ordered: Sequence[Record], today: dt.date) -> dict[tuple[int, int], Paid]:
    """Month -> how it went, oldest first, over the last twelve; a month is as its worst bill."""
    worst: dict[tuple[int, int], Paid] = {}
    for each in ordered:
        due = _due(billing, each)
        state = billing.state(each, today)
        known = worst.get((due.year, due.month), "waits")
        worst[due.year, due.month] = max(known, state, key=ORDER.index)
    total = today.year * 12 + today.month - MONTHS
    first = (total // 12, total % 12 + 1)
    return {month: worst[month] for month in sorted(worst) if month >= first and worst[month] != "waits"}


def _row(sheet: Sheet, billing: Billing, bill: Record) -> Row:
    show, state = sheet.show, billing.state(bill, sheet.show.today)
    item, sum_of = billing.kind.items[billing.money], bill.values.get(billing.money)
    cells = (
        Cell(text=show.f.date(_due(billing, bill)), href=show.href(bill.kind, bill.id), sub=title_of(show, bill)),
        Cell(text=show.text(item, sum_of) if sum_of is not None else "", strong=state == "unpaid"),
        _paid(sheet, billing, bill, state),
    )
    return Row(cells=cells, tone="stop" if state == "unpaid" else "")


def _paid(sheet: Sheet, billing: Billing, bill: Record, state: Paid) -> Cell:
    show = sheet.show
    if state == "unpaid":
        owing = show.f.listed(sheet.taking_part.get((bill.kind, bill.id), ()))
        about = ". ".join(part for part in (owing, _follows(sheet, bill)) if part)
        return Cell(text=show.t("place.unpaid"), strong=True, tone="stop", sub=about)
    if state == "waits":
        return Cell(chip=Chip(text=show.t("place.waits")))
    day = show.f.date_short(bill.values[billing.paid])
    return Cell(text=show.t("place.paid_late", date=day), tone="soon") if state == "late" else Cell(text=day)


def _follows(sheet: Sheet, bill: Record) -> str:
    """What was done about it: reminders, collection."""
    show = sheet.show
    found = [
        f"{show.label(each.kind)} {show.f.date_short(moment)}"
        for each in sheet.around
        if sheet.above(each) is bill and not show.kind(each.kind).tie
        for moment in [show.moment(each)]
        if moment is not None
    ]
    return ", ".join(found)

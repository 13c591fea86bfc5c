"""The facts of a row, where it belongs, and what belongs to it without a day of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seloste.notice.ways import own_date
from seloste.operations.records.model import Record, Sealed
from seloste.operations.records.why import Why as RowWhy
from seloste.web import registers
from seloste.web.parts import Link, Shown, Value, Why
from seloste.web.present import DATES, LINKED
from seloste.web.staff import ended
from seloste.web.staff.detail_events import is_fact
from seloste.web.staff.detail_top import tie_text
from seloste.web.staff.form_ends import is_asked
from seloste.web.staff.sheet import Key, Sheet, main_cell, title_of

MOST_TIES = 40
MOST_LACKING = 8


def facts(sheet: Sheet) -> Iterator[Value]:
    """Every value of the row but those that reach a subject, in the notice's order; the name of one as one."""
    show, kind, record = sheet.show, sheet.kind, sheet.row
    title = [name for name in kind.title if name in record.values and not isinstance(record.values[name], Sealed)]
    whole = kind.subject and len(title) > 1
    if whole:
        label = show.t("person.name")
        yield Value(label=label, shown=(Shown(text=show.name(record)),), why=_why(sheet, title[0], label))
    for name in (*kind.of, *show.lens.shows[record.kind]):
        item = kind.items.get(name)
        if item is not None and ((whole and name in title) or (kind.subject and _reaches(sheet, name))):
            continue
        value = show.value(record, name, sheet.named, _why(sheet, name, show.item_label(kind, name)))
        if value is not None:
            yield value
    yield from _attached(sheet)


def _reaches(sheet: Sheet, name: str) -> bool:
    """Values of the block on reaching; those of a guarded row are opened with a reason, here."""
    return sheet.kind.items[name].type in LINKED and not sheet.row.guarded


def _why(sheet: Sheet, name: str, about: str) -> Why | None:
    """The reasons of a cell; nobody's data need none."""
    cell = sheet.reasons.cells.get(name)
    if cell is None or cell.end == "standing":
        return None
    edit = f"{sheet.show.href(sheet.row.kind, sheet.row.id)}/edit"
    return sheet.show.why(
        cell,
        about,
        opened=sheet.opened,
        row_end=sheet.rule,
        links=[Link(text=sheet.show.t("why.fix"), href=edit)],
    )


def _attached(sheet: Sheet) -> Iterator[Value]:
    """Rows of this one that tell of nothing that happened: an address, a dog, each as one value."""
    show = sheet.show
    found = [
        each
        for each in sheet.around
        if not show.kind(each.kind).tie and is_fact(sheet, each) and show.kind(each.kind).about != "nobody"
    ]
    told = sheet.whys_of(found)
    for each in found:
        kind = show.kind(each.kind)
        use = next((name for name, item in kind.items.items() if item.options and name in each.values), "")
        label = show.label(each.kind) + (f" ({show.text(kind.items[use], each.values[use])})" if use else "")
        text = show.in_line(each, without=(use,))
        yield Value(
            label=label,
            shown=(Shown(text=text or _unnamed(sheet, each), href=show.href(each.kind, each.id)),),
            why=row_why(sheet, each, told, label),
        )


def _unnamed(sheet: Sheet, record: Record) -> str:
    """What stands for a row of which nothing can be said in a line; its own page opens what a guard closes."""
    return sheet.show.t("person.guarded") if record.guarded else sheet.show.name(record)


def row_why(sheet: Sheet, record: Record, told: Mapping[Key, RowWhy], about: str) -> Why | None:
    """The reasons of a row shown as one value."""
    known = told.get((record.kind, record.id))
    cell = main_cell(sheet.show, record, known) if known else None
    if cell is None or cell.end == "standing":
        return None
    edit = f"{sheet.show.href(record.kind, record.id)}/edit"
    return sheet.show.why(
        cell, about, opened=sheet.opened, row_end=sheet.rule, links=[Link(text=sheet.show.t("why.fix"), href=edit)]
    )


def positions(sheet: Sheet) -> list[tuple[str, tuple[Value, ...]]]:
    """Of a subject: its ties by kind, each with its days, standing ones first, and why it is kept."""
    show = sheet.show
    ties = sheet.positions[:MOST_TIES]
    told = sheet.whys_of(ties)
    groups: dict[str, list[Value]] = {}
    for tie in ties:
        text = tie_text(sheet, tie, own=True)
        dates = [name for name, item in show.kind(tie.kind).items.items() if item.type in DATES]
        more = show.summary(tie, sheet.named, most=3, without=dates)
        about = f"{title_of(show, tie)} {sheet.span_text(tie)}".strip() or show.label(tie.kind)
        groups.setdefault(tie.kind, []).append(
            Value(
                label=sheet.span_text(tie) or show.t("person.no_days"),
                shown=(Shown(text=text, sub=more),),
                why=row_why(sheet, tie, told, about),
                act=ended.act(show, tie, sheet.row.kind, sheet.row.id),
            )
        )
    return [
        (show.label(kind) if len(values) == 1 else registers.said(show.kind(kind).plural, show.lang), tuple(values))
        for kind, values in groups.items()
    ]


def lacking(sheet: Sheet) -> str:
    """The labels of what the role would see of the row and there is nothing to show of; empty when all is there."""
    show, kind, record = sheet.show, sheet.kind, sheet.row
    # A day that has not come (an end, an answer) is nothing that is lacking.
    days = {name for name, item in kind.items.items() if item.type in DATES} - {own_date(kind)}
    passed = {*record.values, *record.references, *kind.guards, *days}
    names = [name for name in show.lens.shows[record.kind] if name not in passed]
    labels = [show.item_label(kind, name) for name in names if is_asked(kind, kind.items[name], record.references)]
    words, more = [show.teller.w.low(label) for label in labels[:MOST_LACKING]], len(labels) - MOST_LACKING
    return show.f.listed(words) if more < 1 else f"{', '.join(words)} {show.t('person.and_more', n=more)}"

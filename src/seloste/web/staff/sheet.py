"""What the page of a row is drawn from: the row, what surrounds it, what all of it is called. Read once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from seloste.catalogue.model import PERSON, Kind
from seloste.lazily import cached_property
from seloste.operations.permissions.contact import ContactAnswer, contact_answers
from seloste.operations.records import read
from seloste.operations.records.model import Record
from seloste.operations.records.why import CellWhy, End, whys
from seloste.operations.records.why import Why as RowWhy
from seloste.web.present import DATES, Presenter

Key = tuple[str, int]


@dataclass
class Sheet:
    """One row with everything around it that the role sees."""

    show: Presenter
    found: read.Around
    reasons: RowWhy
    opened: bool

    @property
    def row(self) -> Record:
        return self.found.row

    @property
    def kind(self) -> Kind:
        return self.show.kind(self.row.kind)

    @cached_property
    def around(self) -> tuple[Record, ...]:
        return tuple(each for rows in self.found.rows.values() for each in rows)

    @cached_property
    def named(self) -> Mapping[Key, str]:
        """What every row that is pointed at is called; a tie by what is at its ends."""
        return self.show.titles([self.row, *self.around]) | self.show.ends_of([self.row, *self.around])

    @cached_property
    def by_key(self) -> Mapping[Key, Record]:
        return {(each.kind, each.id): each for each in (self.row, *self.around)}

    @cached_property
    def positions(self) -> tuple[Record, ...]:
        """Ties of this row that say where it belongs, standing ones first."""
        found = [
            each
            for each in self.around
            if self.show.is_position(each.kind) and each.references.get(self.row.kind) == self.row.id
        ]
        return tuple(sorted(found, key=self.is_over))

    def is_over(self, tie: Record) -> bool:
        ended = self.span(tie)[1]
        return ended is not None and ended <= self.show.today

    def is_named(self, record: Record) -> bool:
        """Whether what names a row is a name, and not only its day."""
        kind = self.show.kind(record.kind)
        return not all(kind.items[name].type in DATES for name in kind.title)

    def span(self, tie: Record) -> tuple[dt.date | None, dt.date | None]:
        """From when and until when a tie holds: its first date, and its last when it has two."""
        names = [name for name, item in self.show.kind(tie.kind).items.items() if item.type in ("date", "time")]
        days = [day_of(tie.values.get(name)) for name in names]
        return (days[0] if days else None), (days[-1] if len(days) > 1 else None)

    def span_text(self, tie: Record) -> str:
        began, ended = self.span(tie)
        f = self.show.f
        return f"{f.date(began) if began else ''}–{f.date(ended) if ended else ''}" if began or ended else ""

    def other_end(self, tie: Record) -> tuple[str, int, str] | None:
        """(kind, id, name) of what a tie leads to from this row, as far as the role sees it."""
        for end in self.show.kind(tie.kind).of:
            if end != self.row.kind and end in tie.references and (end, tie.references[end]) in self.named:
                return end, tie.references[end], self.named[end, tie.references[end]]
        return None

    @cached_property
    def taking_part(self) -> Mapping[Key, tuple[str, ...]]:
        """Row -> the names of those who took part in it or whom it points at, other than this row and whose it is."""
        found: dict[Key, dict[str, None]] = {}
        subjects = self.show.register.subjects
        known = {(self.row.kind, self.row.id)}
        known |= {(target, self.row.references[column]) for column, target in self.show.targets(self.row).items()}
        for each in self.around:
            kind, targets = self.show.kind(each.kind), self.show.targets(each)
            people = [
                (target, each.references[column])
                for column, target in targets.items()
                if target in subjects and (target, each.references[column]) not in known
            ]
            names = dict.fromkeys(self.named[key] for key in people if key in self.named)
            if not kind.tie:
                found.setdefault((each.kind, each.id), {}).update(names)
                continue
            for column, target in targets.items():
                if target not in subjects and (target, each.references[column]) in self.by_key:
                    found.setdefault((target, each.references[column]), {}).update(names)
        return {key: tuple(names) for key, names in found.items()}

    def above(self, record: Record) -> Record | None:
        """The row around that a row belongs to, when that tells what happened too: a delivery's order."""
        for column in self.show.kind(record.kind).of:
            parent = self.by_key.get((column, record.references.get(column, 0)))
            if parent is not None and parent is not self.row and not self.show.kind(parent.kind).tie:
                return parent
        return None

    @cached_property
    def answers(self) -> tuple[ContactAnswer, ...]:
        """Whether and how a person may be reached with marketing."""
        if self.row.kind != PERSON:
            return ()
        return contact_answers(self.show.store, self.row.id, actor=self.show.actor, now=self.show.now)

    @cached_property
    def rule(self) -> tuple[End, dt.date | None]:
        """The end that most values of the row have; only those that differ say theirs in the row."""
        ends = Counter(
            (cell.end, cell.until)
            for name, cell in self.reasons.cells.items()
            if (name in self.row.values or name in self.row.references) and name not in self.kind.title[1:]
        )
        return ends.most_common(1)[0][0] if ends else (self.reasons.end, self.reasons.until)

    def whys_of(self, records: Iterable[Record]) -> dict[Key, RowWhy]:
        """Why rows around are held, by row."""
        wanted: dict[str, list[int]] = {}
        for each in records:
            wanted.setdefault(each.kind, []).append(each.id)
        found: dict[Key, RowWhy] = {}
        for kind, numbers in wanted.items():
            told = whys(self.show.store, kind, numbers, actor=self.show.actor, now=self.show.now)
            found |= {(kind, number): one for number, one in told.items()}
        return found


def with_shared(show: Presenter, found: read.Around) -> read.Around:
    """What a row takes part in through a tie is around it too: a bill that somebody owes, a meeting they were at."""
    wanted: dict[str, set[int]] = {}
    for kind, ties in found.rows.items():
        known = show.kind(kind)
        if not known.tie or show.is_position(kind) or found.row.kind not in known.of:
            continue
        for end in known.of:
            if end != found.row.kind and show.lens.sees(end) and show.kind(end).about in ("person", "owner"):
                wanted.setdefault(end, set()).update(tie.references[end] for tie in ties if end in tie.references)
    rows = dict(found.rows)
    for kind, numbers in wanted.items():
        known_ids = {each.id for each in rows.get(kind, ())}
        more = sorted(numbers - known_ids)
        if more and not show.kind(kind).subject:
            shared = read.by_ids(show.store, kind, more, actor=show.actor, now=show.now)
            rows[kind] = tuple(
                sorted((*rows.get(kind, ()), *shared), key=lambda each: _newest(show, each), reverse=True)
            )
    return read.Around(found.row, rows, found.cut)


def _newest(show: Presenter, record: Record) -> tuple[str, int]:
    moment = show.moment(record)
    return (moment.isoformat() if moment is not None else "", record.id)


def day_of(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else None


def title_of(show: Presenter, record: Record) -> str:
    """The items that name a row; empty when it has none."""
    return show.called(record)


def main_cell(show: Presenter, record: Record, told: RowWhy) -> CellWhy | None:
    """The cell that stands for a whole row shown as one value: what names it, else what it belongs to."""
    kind = show.kind(record.kind)
    for name in (*kind.title, *kind.of, *kind.items):
        if name in told.cells and (name in record.values or name in record.references):
            return told.cells[name]
    return None


def link(text: str, href: str) -> Markup:
    """A link inside a text."""
    return Markup('<a class="in-text" href="{}">{}</a>').format(href, text)


def joined(parts: Iterable[str], by: str = ", ") -> str:
    """Parts that are there; markup stays markup, everything else is escaped with it."""
    known = [part for part in parts if part]
    if any(isinstance(part, Markup) for part in known):
        return Markup(by).join(known)  # noqa: S704  join escapes
    return by.join(known)

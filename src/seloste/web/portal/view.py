"""A person's own data as their page shows them: in the notice's words, said to them, with no link to staff pages."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request

from seloste.catalogue.model import PERSON, Item
from seloste.clock import today
from seloste.compiler.register import CompiledLens
from seloste.lazily import cached_property
from seloste.notice.render.periods import Periods
from seloste.operations.permissions.audience_file import TYPE_OF
from seloste.operations.portal.choices import Stands, stands
from seloste.operations.portal.held import Held
from seloste.operations.records.model import Record, Sealed
from seloste.operations.records.why import CellWhy, End
from seloste.operations.rights.gather import OwnCell, OwnRow, Pointed
from seloste.operations.rights.word import goes_on
from seloste.web import registers
from seloste.web.i18n import formats, translator
from seloste.web.parts import Life, Link, Shown, Value, Why
from seloste.web.portal import session
from seloste.web.present import Presenter

Signature = tuple[Any, ...]

WAYS = {kind: tuple(way for way, of in TYPE_OF.items() if of == kind) for kind in TYPE_OF.values()}
"""The ways of contact that an address or number serves, by its type."""

MOST = 50
"""Rows of each kind on the page, the newest; the copy has them all."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the person: what it is called, its values, and the reason that most of them share."""

    name: str
    values: tuple[Value, ...]
    why: Why | None


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one kind, ``count`` in all; ``more`` says how many there are besides those shown.

    ``proof``: what every register keeps of what was said and asked, and not what the person is dealt with by.
    """

    title: str
    rows: tuple[Row, ...]
    more: str = ""
    proof: bool = False
    count: str = ""


class OwnView(Presenter):
    """One request's way of showing somebody their own data."""

    def __init__(self, request: Request) -> None:
        state = request.state
        self.request, self.actor, self.now, self.lang = request, state.actor, state.now, state.lang
        self.store = registers.store(request)
        self.register = self.store.register
        self.lens = CompiledLens("", {}, (), {})
        self.key: str = state.register_key
        self.t, self.f = translator(self.lang), formats(self.lang)
        self.today = today(self.now)

    @cached_property
    def periods(self) -> Periods:
        """The notice's periods as one tells them to the person."""
        return Periods(self.teller.notice, self.teller.vocabulary, self.teller.w)

    @property
    def person(self) -> int:
        assert self.actor.person is not None
        return int(self.actor.person)

    @property
    def proven(self) -> bool:
        """Whether they were identified strongly; only a link to their address otherwise."""
        return bool(self.request.state.own.strong)

    def life(self, end: End, until: dt.date | None, since: dt.date | None = None) -> Life:
        """As elsewhere, said to them."""
        found = super().life(end, until, since)
        return replace(found, text=self.t("end.withdrawn_you")) if found.end == "person" else found

    def worker(self, code: str) -> str:
        """A role by its name; whoever works there is not named."""
        found = self.register.lenses.get(code)
        return registers.said(found.text, self.lang) if found is not None and found.text else self.t("portal.somebody")

    # --- the data ---------------------------------------------------------------------------------------------------

    def sections(self, held: Held) -> tuple[Section, ...]:
        """What is held, by kind: the person first, then dealings, then what every register keeps as proof."""
        kinds = list(dict.fromkeys(row.kind for row in held.own.rows))
        kinds.sort(key=lambda key: (key != PERSON, self.kind(key).built_in))
        found = []
        for kind in kinds:
            own = sorted((row for row in held.own.rows if row.kind == kind), key=self.age, reverse=True)
            rows = tuple(self._row(row, held) for row in own[:MOST])
            more = self.t("portal.more_in_copy", n=len(own) - MOST) if len(own) > MOST else ""
            title = self.t("portal.you") if kind == PERSON else self.plural(kind)
            found.append(Section(title, rows, more, self.kind(kind).built_in, self.f.number(len(own))))
        return tuple(found)

    def age(self, row: OwnRow) -> tuple[str, int]:
        """When what a row tells happened, to sort by."""
        moment = self.moment(record_of(row))
        return (moment.isoformat() if moment is not None else "", row.id)

    def _row(self, row: OwnRow, held: Held) -> Row:
        kind = self.kind(row.kind)
        common = self._common(row) if row.kind != PERSON else None
        values = []
        for cell in row.cells:
            label = self.item_label(kind, cell.item)
            own = common is None or self._signature(cell.why) != self._signature(common)
            why = self.reason(cell.why, label, kind.items.get(cell.item)) if own else None
            if shown := self.shown_own(row, cell, held):
                values.append(Value(label=label, shown=shown, why=why))
        called = "" if row.kind == PERSON else self.name_own(record_of(row))
        shared = self.reason(common, called) if common is not None else None
        return Row(called, tuple(values), shared)

    @staticmethod
    def _signature(cell: CellWhy) -> Signature:
        reasons = tuple((each.purpose, each.needed, each.usable, each.until, each.end) for each in cell.reasons)
        lent = tuple(each.purpose for each in cell.borrowings)
        return (cell.source, cell.recorded_at, reasons, lent, tuple(each.key for each in cell.recipients))

    def _common(self, row: OwnRow) -> CellWhy:
        """The reason that most cells of a row share."""
        most = Counter(self._signature(cell.why) for cell in row.cells).most_common(1)[0][0]
        return next(cell.why for cell in row.cells if self._signature(cell.why) == most)

    def source_words(self, cell: CellWhy) -> str:
        """Whoever reads it is the person."""
        return self.source_told(cell)

    @cached_property
    def _stands(self) -> Stands:
        return stands(self.store, self.person, now=self.now)

    def _refused(self, cell: CellWhy, item: Item | None) -> tuple[str, ...]:
        """Purposes that would use a value and that the person's word keeps from it, on every way that it serves."""
        users = [each.purpose for each in cell.reasons]
        concerned = dict.fromkeys([*users, *(each.purpose for each in cell.borrowings)])
        ways = WAYS.get(item.type) if item is not None else None
        no = {each.purpose.key for each in self._stands.without if each.state in ("pending", "upheld")}
        no = {key for key in no if not goes_on(self.register.purposes[key])}
        by: dict[str, list[bool]] = {}
        for each in self._stands.choices:
            if ways is None or not each.choice.channel or each.choice.channel in ways:
                by.setdefault(each.choice.purpose, []).append(each.on)
        return tuple(key for key in concerned if key in no or (key in by and not any(by[key])))

    def reason(self, cell: CellWhy, about: str, item: Item | None = None) -> Why:
        """Why a value is held, as one tells it to the person."""
        refused = self._refused(cell, item)
        found = self.why(cell, about, opened=False, refused=refused, not_for=[self.purpose(key) for key in refused])
        needed = any(reason.needed for reason in cell.reasons)
        sentence = found.sentence
        if not needed:
            sentence = self.t({"held": "portal.held_back", "row": "portal.with_row"}.get(cell.end, "portal.leaving"))
        return replace(found, say_it=False, sentence=sentence, own_end=cell.end in ("date", "law", "person") and needed)

    def name_own(self, record: Record) -> str:
        """What a row is called; where it has no name of its own, its kind and its day."""
        called = self.called(record)
        if called:
            return called if not self._is_date(record) else f"{self.label(record.kind)} {called}"
        moment = self.moment(record)
        return f"{self.label(record.kind)} {self.f.date(moment)}" if moment is not None else self.label(record.kind)

    def _is_date(self, record: Record) -> bool:
        items = self.kind(record.kind).items
        return all(items[name].type in ("date", "time") for name in self.kind(record.kind).title)

    def shown_own(self, row: OwnRow, cell: OwnCell, held: Held) -> tuple[Shown, ...]:
        """One cell as text; a sealed one leads to the page where it is opened."""
        if isinstance(cell.value, Sealed):
            if held.guarded or cell.shared:
                return (Shown(text=self.t("portal.shared_value" if cell.shared else "portal.guarded_value")),)
            href = session.path(self.request, f"/data/{row.kind}/{row.id}/{cell.item}")
            return (Shown(text=self.t("portal.sealed_value"), href=href),)
        if isinstance(cell.value, Pointed):
            text = self._pointed(cell.value, held)
            return (Shown(text=text),) if text else ()
        kind = self.kind(row.kind)
        if cell.item == kind.assigned and isinstance(cell.value, str):
            return (Shown(text=self.worker(cell.value)),)
        return tuple(Shown(text=text) for text in self.texts(kind.items[cell.item], cell.value))

    def _pointed(self, pointed: Pointed, held: Held) -> str:
        """What a row that is pointed at is called; one of the person's own in the reader's language."""
        if pointed.kind == PERSON and pointed.id == self.person:
            return self.t("common.you")
        own = next((row for row in held.own.rows if (row.kind, row.id) == (pointed.kind, pointed.id)), None)
        return self.name_own(record_of(own)) if own is not None and not held.guarded else pointed.title

    def texts(self, item: Item, value: Any) -> tuple[str, ...]:
        values: Sequence[Any] = value if item.many else [value]
        return tuple(text for each in values if (text := self._one(item, each)))

    def items_said(self, kind: str, items: Sequence[str]) -> str:
        """Items by their labels, in a line."""
        table = self.register.tables.get(kind)
        if table is None:
            return ""
        known = [name for name in items if name in table.kind.items]
        return ", ".join(self.teller.w.low(self.item_label(table.kind, name)) for name in known)


def record_of(row: OwnRow) -> Record:
    """A row as the presenter's other parts know it."""
    values = {cell.item: cell.value for cell in row.cells if not isinstance(cell.value, Pointed)}
    return Record(row.kind, row.id, values, {}, None, row.recorded_at)


def complaint(lang: str) -> dict[str, Any]:
    """Where one complains: the authority's address as the law's facts have it (Art. 77)."""
    from seloste.law.authority import authority

    found = authority()
    web = registers.said(found.web, lang)
    return {
        "name": registers.said(found.name, lang),
        "lines": (found.street, registers.said(found.postal, lang), found.phone, found.email),
        "web": Link(text=web, href=web if web.startswith("http") else f"https://{web}"),
    }

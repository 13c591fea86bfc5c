"""Records as pages show them: labels, links, values with their reasons. Nothing here knows a kind; the notice does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from starlette.requests import Request

from seloste.catalogue.model import Item, Kind
from seloste.clock import today
from seloste.lazily import cached_property
from seloste.notice.render.periods import Periods
from seloste.notice.render.tell import Teller
from seloste.notice.ways import own_date, references, told_by
from seloste.operations.accounts.roles import account_names
from seloste.operations.permissions.proof import proof_told
from seloste.operations.records import read
from seloste.operations.records.model import Record, Sealed, show
from seloste.operations.records.why import CellWhy, End, Reason, beyond
from seloste.operations.records.why import Why as RowWhy
from seloste.web import registers
from seloste.web.i18n import formats, translator
from seloste.web.lives import elapsed, not_before
from seloste.web.parts import Life, Link, Shown, Stamp, Value, Why

SOON = 30
MOST_STAMPS = 6
DATES = ("date", "time")
NOT_IN_A_LINE = ("lines", "fields", "file", "items", "text_long", "code", "bool")
LINKED = {"phone": "tel:", "email": "mailto:"}


class Presenter:
    """One request's way of showing a register: its lens, its language, its links."""

    def __init__(self, request: Request) -> None:
        state = request.state
        self.request, self.actor, self.now, self.lang = request, state.actor, state.now, state.lang
        self.store = registers.store(request)
        self.register = self.store.register
        self.lens = self.register.lenses[state.lens]
        self.key: str = state.register_key
        self.t, self.f = translator(self.lang), formats(self.lang)
        self.today = today(self.now)

    @cached_property
    def teller(self) -> Teller:
        """The notice in words; in its first language when it is not written in the reader's."""
        notice = self.register.notice
        return Teller(notice, self.lang if self.lang in notice.languages else notice.languages[0])

    @cached_property
    def periods(self) -> Periods:
        """The notice's periods as one tells them to the staff."""
        return Periods(self.teller.notice, self.teller.vocabulary, self.teller.w, staff=True)

    def kind(self, key: str) -> Kind:
        return self.register.tables[key].kind

    def label(self, key: str) -> str:
        return registers.said(self.kind(key).label, self.lang)

    def plural(self, key: str) -> str:
        return registers.said(self.kind(key).plural, self.lang)

    def item_label(self, kind: Kind, name: str) -> str:
        """An item's label; a parent's is that of its kind."""
        item = kind.items.get(name)
        return registers.said(item.label, self.lang) if item else self.label(name)

    def purpose(self, key: str) -> str:
        return registers.said(self.register.purposes[key].text, self.lang)

    def short(self, key: str) -> str:
        """A purpose in a few words: those of its preset, where it has one, for the notice's own may be a sentence."""
        preset = self.teller.vocabulary.presets.get(self.register.purposes[key].preset or "", {})
        return registers.said(preset["text"], self.lang) if preset.get("text") else self.purpose(key)

    def href(self, kind: str, number: int | None = None) -> str:
        return f"/r/{self.key}/{kind}" + (f"/{number}" if number is not None else "")

    def name(self, record: Record) -> str:
        """What a row is called; a row without a name of its own is its kind and its day or number."""
        kind = self.kind(record.kind)
        called = self.called(record)
        if called and not all(kind.items[name].type in DATES for name in kind.title):
            return called
        return f"{self.label(record.kind)} {called or record.id}"

    def called(self, record: Record) -> str:
        """The items that name a row, in the reader's language; empty when none is shown."""
        items = self.kind(record.kind).items
        parts = [
            self.text(items[name], record.values[name])
            for name in self.kind(record.kind).title
            if name in record.values and not isinstance(record.values[name], Sealed)
        ]
        return " ".join(part for part in parts if part)

    def listed(self, record: Record) -> str:
        """A row's name as a list has it: a person's last name first, as one looks for it."""
        kind = self.kind(record.kind)
        parts = [self.text(kind.items[name], record.values[name]) for name in kind.title if name in record.values]
        if not kind.subject or len(parts) < 2:
            return self.name(record)
        return f"{parts[-1]}, {' '.join(parts[:-1])}"

    def text(self, item: Item, value: Any) -> str:
        if item.type == "code" and isinstance(value, str) and value in self.register.purposes:
            return self.purpose(value)
        if item.type == "items" and isinstance(value, Sequence):
            return self.f.listed(self.named_item(str(each)) for each in value)
        return proof_told(self.register, item, value, self.lang, self.f.moment) or show(item, value, self.lang)

    def named_item(self, name: str) -> str:
        """``person.email`` as the notice calls it; one that it no longer names as it was written."""
        kind, _, item = name.partition(".")
        table = self.register.tables.get(kind)
        if table is None or (item and item not in table.kind.items):
            return name
        return self.teller.w.low(self.item_label(table.kind, item) if item else self.label(kind))

    def worker(self, code: str) -> str:
        """Who does something: a role by its name, an account by its holder's; both stand in the same item."""
        found = self.register.lenses.get(code)
        if found is not None:
            return registers.said(found.text, self.lang) or code
        return account_names(registers.deployment(self.request)).get(code, code)

    def titles(self, records: Iterable[Record]) -> dict[tuple[str, int], str]:
        """What the rows that records point at are called, as far as the lens shows them."""
        wanted: dict[str, set[int]] = {}
        for record in records:
            for reference in references(self.kind(record.kind)):
                if reference.column in record.references:
                    wanted.setdefault(reference.target, set()).add(record.references[reference.column])
        found: dict[tuple[str, int], str] = {}
        for kind, numbers in wanted.items():
            found |= {(kind, number): name for number, name in self.titles_of(kind, numbers).items()}
        return found

    def titles_of(self, kind: str, numbers: Collection[int]) -> dict[int, str]:
        """What rows of a kind are called, as far as the lens shows; not journaled apart from the read it serves."""
        if not self.lens.sees(kind) or not numbers:
            return {}
        found = read.by_ids(self.store, kind, sorted(numbers), actor=self.actor, now=self.now, journal=False)
        return {record.id: self.name(record) for record in found}

    def targets_of(self, kind: Kind) -> Mapping[str, str]:
        """Column -> kind of everything that rows of a kind may point at."""
        return {each.column: each.target for each in references(kind)}

    def targets(self, record: Record) -> Mapping[str, str]:
        """Column -> kind of everything a row points at."""
        return {
            reference.column: reference.target
            for reference in references(self.kind(record.kind))
            if reference.column in record.references
        }

    def is_position(self, tie: str) -> bool:
        """Whether a tie says where somebody belongs (a firm, a flat, an event), not that they took part in a deed.

        One whose other ends the notice leaves out, as a private customer's, says that they belong to the controller.
        """
        kind = self.kind(tie)
        ends = [self.kind(end) for end in kind.of if end in self.register.tables]
        return kind.tie and not kind.built_in and (len(ends) == 1 or any(end.about == "nobody" for end in ends))

    def places_of(self, kind: str, numbers: Collection[int]) -> dict[int, str]:
        """For subjects: where their newest standing tie leads, *Havupumppu Oy*."""
        found: dict[int, str] = {}
        for tie in self.lens.shows if self.kind(kind).subject and numbers else ():
            ends = [end for end in self.kind(tie).of if end != kind]
            if kind not in self.kind(tie).of or not self.is_position(tie):
                continue
            tied = read.pointing(self.store, tie, kind, numbers, actor=self.actor, now=self.now)
            named = self.titles(tied)
            for each in sorted(tied, key=lambda one: one.id, reverse=True):
                text = next((named[e, each.references[e]] for e in ends if (e, each.references.get(e, 0)) in named), "")
                if text:
                    found.setdefault(each.references[kind], text)
        return found

    def ends_of(self, records: Iterable[Record]) -> dict[tuple[str, int], str]:
        """For ties that records point at: what is at their ends, ``Sari Havukoski, Havupumppu Oy``."""
        wanted: dict[str, set[int]] = {}
        for record in records:
            for column, target in self.targets(record).items():
                if self.kind(target).tie:
                    wanted.setdefault(target, set()).add(record.references[column])
        found: dict[tuple[str, int], str] = {}
        for tie, numbers in wanted.items():
            if not self.lens.sees(tie):
                continue
            ties = read.beside(self.store, tie, "id", sorted(numbers), actor=self.actor, now=self.now, journal=False)
            named = {(kind, each.id): self.name(each) for kind, rows in ties.pointed.items() for each in rows.values()}
            for each in ties.records():
                ends = [
                    named.get((end, each.references[end]), "") for end in self.kind(tie).of if end in each.references
                ]
                found[tie, each.id] = ", ".join(end for end in ends if end)
        return found

    def moment(self, record: Record) -> dt.date | dt.datetime | None:
        """When what a row tells happened, else when it was recorded."""
        dated = told_by(self.kind(record.kind))
        value = record.values.get(dated) if dated else None
        return value if isinstance(value, dt.date) else record.recorded_at

    def life(self, end: End, until: dt.date | None, since: dt.date | None = None) -> Life:
        """A life line with its words. ``since`` is when it began, for the part that has gone by."""
        if until is not None:
            soon = (until - self.today).days <= SOON
            sort: Any = "law" if end == "law" else "soon" if soon else "date"
            text = self.t("end.until", date=self.f.date(until))
            return Life(end=sort, text=text, elapsed=elapsed(since, until, self.today))
        if end == "person":
            return Life(end="person", text=self.t("end.withdrawn"))
        words = {"running": "end.goes_on", "standing": "end.stays", "held": "end.held", "row": "end.with_row"}
        return Life(end="running", text=self.t(words.get(end, "end.goes_on")))

    def life_of(self, told: RowWhy, record: Record) -> Life:
        """The life line of a whole row; one that runs still says from what its end will be counted."""
        line = self.life(told.end, told.until, record.recorded_at)
        if told.end == "person":
            reasons = (reason for cell in told.cells.values() for reason in cell.reasons)
            return not_before(self.t, self.f, line, beyond(reasons))
        if told.end != "running":
            return line
        for cell in told.cells.values():
            for reason in cell.reasons:
                if reason.needed and reason.end == "running":
                    keeps = self.register.purposes[reason.purpose].keep
                    keep = next((each for each in keeps if each.matter == record.kind), keeps[0] if keeps else None)
                    if keep is not None:
                        return replace(line, text=self.periods.end(keep).text)
        return line

    def stamp(self, reason: Reason, since: dt.date | None) -> Stamp:
        return Stamp(
            basis=reason.basis,
            purpose=registers.said(reason.text, self.lang),
            life=self.life(reason.end, reason.until, since),
            law=self.teller.laws(self.register.purposes[reason.purpose]) if reason.law or reason.end == "law" else "",
        )

    def why(
        self,
        cell: CellWhy,
        about: str,
        *,
        opened: bool,
        row_end: tuple[End, dt.date | None] | None = None,
        not_for: Sequence[str] = (),
        refused: Collection[str] = (),
        links: Sequence[Link] = (),
    ) -> Why:
        """The reasons of one value: where from, what for, what not, to whom.

        ``row_end`` is the end that most values around it have; those say only *why?*. ``refused``: purposes that the
        person's word keeps from this value, though its rows still need it; ``not_for`` says of them what is to be said.
        """
        needed = [reason for reason in cell.reasons if reason.needed]
        used = [reason for reason in needed if reason.usable and reason.purpose not in refused]
        source = self.source_words(cell)
        when = f" {self.f.date(cell.recorded_at)}" if cell.recorded_at else ""
        paused = [reason for reason in needed if not reason.usable and reason.purpose not in refused]
        return Why(
            about=about,
            life=not_before(self.t, self.f, self.life(cell.end, cell.until, cell.recorded_at), cell.beyond),
            own_end=cell.end in ("date", "law", "person") and (cell.end, cell.until) != row_end,
            sentence=self._sentence(cell, used, [reason for reason in needed if reason not in used]),
            say_it=bool(needed),
            sources=(f"{source}{when}",) if source else (),
            stamps=tuple(self.stamp(reason, cell.recorded_at) for reason in used[:MOST_STAMPS]),
            not_for=(*not_for, *(registers.said(each.text, self.lang) for each in paused)),
            to_whom=tuple(registers.said(each.text, self.lang) for each in cell.recipients),
            links=tuple(links),
            opened=opened,
        )

    def source_words(self, cell: CellWhy) -> str:
        """Where a value came from, as one reads it of somebody: *from the person*."""
        return registers.said(cell.source_text, self.lang) if cell.source_text else cell.source

    def source_told(self, cell: CellWhy) -> str:
        """The same as one tells it to the person: *from you*."""
        known = self.register.notice.sources.get(cell.source)
        return self.teller.source(known) if known is not None else cell.source

    def _sentence(self, cell: CellWhy, used: Sequence[Reason], kept: Sequence[Reason]) -> str:
        """What to say to the person who asks: where from, what for, until when. ``kept`` may not use it for now."""
        if not used and not kept:
            return ""
        source = self.source_told(cell)
        when = f" {self.t('why.when', date=self.f.date(cell.recorded_at))}" if cell.recorded_at else ""

        def listed(reasons: Sequence[Reason]) -> str:
            return self.f.listed(self.teller.w.low(registers.said(each.text, self.lang)) for each in reasons)

        sentence = "why.sentence" if used else "why.kept"
        said = self.t(sentence, source=f"{source}{when}", purposes=listed(used or kept))
        if used and kept:
            said = f"{said} {self.t('why.not_used', purposes=listed(kept))}"
        if cell.until is not None:
            return f"{said} {self.t('why.leaves_on', date=self.f.date(cell.until))}"
        if cell.beyond and cell.beyond[0].until is not None:
            day = self.f.date(cell.beyond[0].until)
            return f"{said} {self.t('why.leaves_not_before', date=day, purposes=listed(cell.beyond))}"
        ends = {"person": "why.leaves_withdrawn", "running": "why.leaves_running"}
        return f"{said} {self.t(ends[cell.end])}" if cell.end in ends else said

    def shown(self, record: Record, name: str, named: Mapping[tuple[str, int], str]) -> tuple[Shown, ...]:
        """One cell as text and links; a sealed one leads to the page where it is opened with a reason."""
        target = self.targets(record).get(name)
        if target is not None:
            number = record.references[name]
            text = named.get((target, number), "")
            return (Shown(text=text, href=self.href(target, number)),) if text else ()
        value = record.values.get(name)
        if value is None:
            return ()
        if isinstance(value, Sealed):
            return (Shown(text=self.t("reveal.show"), href=f"{self.href(record.kind, record.id)}/reveal/{name}"),)
        item = self.kind(record.kind).items[name]
        if name == self.kind(record.kind).assigned and isinstance(value, str):
            return (Shown(text=self.worker(value)),)
        values: Sequence[Any] = value if item.many else [value]
        return tuple(
            Shown(
                text=self._one(item, each),
                href=f"{LINKED[item.type]}{each}" if item.type in LINKED else "",
            )
            for each in values
        )

    def _one(self, item: Item, value: Any) -> str:
        text = self.text(item, [value] if item.many else value)
        # A number stays on one line.
        return text.replace(" ", "\u00a0") if item.type == "phone" else text

    def value(self, record: Record, name: str, named: Mapping[tuple[str, int], str], why: Why | None) -> Value | None:
        shown = self.shown(record, name, named)
        return Value(label=self.item_label(self.kind(record.kind), name), shown=shown, why=why) if shown else None

    def phone(self, record: Record) -> tuple[str, str]:
        """The first number of a row and its link, empty when there is none or it is not shown by the way."""
        for name, item in self.kind(record.kind).items.items():
            if item.type == "phone" and name in record.values and not record.guarded:
                first = record.values[name][0] if item.many else record.values[name]
                return self._one(item, first), f"{LINKED['phone']}{first}"
        return "", ""

    def summary(
        self, record: Record, named: Mapping[tuple[str, int], str], *, most: int = 4, without: Collection[str] = ()
    ) -> str:
        """A row in a line: its short items and what it points at, without its name, its date and its free texts.

        A date says which it is.
        """
        kind = self.kind(record.kind)
        skip = {*kind.title, own_date(kind) or "", *without}
        parts = [
            self._short(item, record.values[name])
            for name, item in kind.items.items()
            if name in record.values and name not in skip and self._is_short(item, record.values[name])
        ]
        parts += [
            named[target, record.references[column]]
            for column, target in self.targets(record).items()
            if (target, record.references[column]) in named and not self.kind(target).subject and column in kind.items
        ]
        return " · ".join(part for part in parts[:most] if part)

    def _short(self, item: Item, value: Any) -> str:
        text = self.text(item, value)
        return f"{self.teller.w.low(registers.said(item.label, self.lang))} {text}" if item.type in DATES else text

    def _is_short(self, item: Item, value: Any) -> bool:
        return not (item.free_text or item.type in NOT_IN_A_LINE or isinstance(value, Sealed))

    def in_line(self, record: Record, *, without: Collection[str] = ()) -> str:
        """A row without a name or day of its own as one value: *Pajatie 4, 40320 Jyväskylä*."""
        kind = self.kind(record.kind)
        parts = [
            self.text(item, record.values[name])
            for name, item in kind.items.items()
            if name in record.values and name not in without and self._is_short(item, record.values[name])
        ]
        return ", ".join(part for part in parts if part)

    def said_text(self, record: Record) -> str:
        """The free text of a row."""
        items = self.kind(record.kind).items
        texts = [str(record.values[name]) for name, item in items.items() if item.free_text and name in record.values]
        return " ".join(text for text in texts if text)

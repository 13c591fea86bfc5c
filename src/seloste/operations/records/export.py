"""Export: a list within the role into a file, for one purpose, journaled before anything is given out.

The file holds what that purpose may use and no more: rows and cells that the role sees for its other purposes are left
out, and so is an address by which marketing may not reach the person.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from seloste.catalogue.model import PERSON, Item, Text
from seloste.clock import today
from seloste.errors import SelosteError
from seloste.notice.ways import references, subject_paths
from seloste.operations.actor import Actor
from seloste.operations.permissions.contact import contacts
from seloste.operations.records.model import NoSuchRowError, Record
from seloste.operations.records.model import title as title_of
from seloste.operations.records.read import lens_of, persons_touched
from seloste.operations.records.reading import MOST_PERSONS
from seloste.operations.records.transfer.purpose_read import PurposeReader, lends
from seloste.operations.records.transfer.sheets import Form, cell_of, write
from seloste.operations.records.validate import say
from seloste.store.engine import quote
from seloste.store.journal import Entry, append
from seloste.store.registers import RegisterStore

CHUNK = 500
IN_MEMORY = 4 << 20

_CHANNELS = {"email": ("email",), "phone": ("phone", "sms")}
"""Item types that are addresses, and the channels by which they are used."""


class ExportRefusedError(SelosteError):
    """There is no purpose of the role for which these rows may be exported."""


@dataclass(frozen=True, slots=True)
class Exported:
    """The file, from its start, and what is in it. The name holds no personal data."""

    file: IO[bytes]
    name: str
    form: Form
    count: int
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: an item, or what a reference or a tie leads to."""

    head: Text
    item: Item | None = None
    reference: str = ""
    target: str = ""
    tie: str = ""


def purposes(store: RegisterStore, kind: str, *, actor: Actor) -> tuple[str, ...]:
    """The purposes of the role that use anything of a kind: those a file may be for."""
    lens = lens_of(store, actor, kind)
    known = store.register.purposes
    return tuple(key for key in lens.purposes if key in known and lends(store.register, kind, key))


def sensitive_items(store: RegisterStore, kind: str, *, actor: Actor) -> tuple[Item, ...]:
    """The sensitive items that may be named, one by one."""
    lens = lens_of(store, actor, kind)
    items = store.register.tables[kind].kind.items
    return tuple(items[name] for name in lens.shows[kind] if items[name].sensitive)


def export(
    store: RegisterStore,
    kind: str,
    numbers: Sequence[int],
    *,
    purpose: str,
    form: Form = "csv",
    named: Sequence[str] = (),
    lang: str = "en",
    actor: Actor,
    now: dt.datetime,
) -> Exported:
    """Write the rows of these ids, in their order, as the purpose may use them.

    ``named`` are the sensitive items to be opened. Raises NoSuchRowError for a kind the role does not show,
    ExportRefusedError for a purpose that is not one of the role's for this kind.
    """
    lens_of(store, actor, kind)
    if purpose not in purposes(store, kind, actor=actor):
        raise ExportRefusedError("Valitse, mihin tarvitset tiedoston.", "Choose what you need the file for.")
    sheet = Sheet(store, kind, purpose, tuple(named), lang, actor, now)
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  the caller closes what it is given
    try:
        heads = [say(column.head, lang) for column in sheet.columns]
        title = say(store.register.tables[kind].kind.plural, lang)
        count = write(file, form, heads, sheet.rows(numbers), title)
        _journal(store, sheet, count, actor, now)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    plain = re.sub(r"[^a-z0-9_]", "", f"{store.register.notice.register}_{kind}")
    return Exported(file, f"{plain}_{today(now).isoformat()}.{form}", form, count, tuple(sheet.item_names()))


class Sheet:
    """The columns and rows of one export."""

    def __init__(
        self,
        store: RegisterStore,
        kind: str,
        purpose: str,
        named: tuple[str, ...],
        lang: str,
        actor: Actor,
        now: dt.datetime,
    ) -> None:
        self.store, self.kind, self.purpose, self.lang = store, kind, purpose, lang
        self.actor, self.now = actor, now
        self._readers: dict[str, PurposeReader] = {}
        self.reader = self._reader(kind)
        items = store.register.tables[kind].kind.items
        allowed = {item.key for item in sensitive_items(store, kind, actor=actor)}
        if not set(named) <= allowed:
            raise NoSuchRowError
        self.named = tuple(name for name in named if name in self.reader.items())
        held = [items[name] for name in self.reader.items() if items[name].type not in ("ref", "file")]
        self.columns = (
            *(Column(item.label, item) for item in held if not item.sensitive or item.key in self.named),
            *self._pointing(),
            *self._tied(),
        )
        self.written: list[int] = []

    def item_names(self) -> list[str]:
        return [column.item.key if column.item else column.reference or column.target for column in self.columns]

    def _reader(self, kind: str) -> PurposeReader:
        if kind not in self._readers:
            self._readers[kind] = PurposeReader(self.store, self.actor, kind, self.purpose, self.now)
        return self._readers[kind]

    def _may_name(self, kind: str) -> bool:
        """Whether the purpose may use what rows of a kind are called."""
        role = self.store.register.lenses.get(self.actor.lens)
        if role is not None and not role.sees(kind):
            return False
        register = self.store.register
        return any(
            self.purpose in (*register.users(kind, name), *register.borrowers(kind, name))
            for name in register.tables[kind].kind.title
        )

    def _pointing(self) -> Iterator[Column]:
        kind = self.store.register.tables[self.kind].kind
        for reference in references(kind):
            used = self.purpose in self.store.register.users(self.kind, reference.column)
            if used and reference.target in self.store.register.tables and self._may_name(reference.target):
                item = kind.items.get(reference.column)
                label = item.label if item is not None else self.store.register.tables[reference.target].kind.label
                yield Column(label, reference=reference.column, target=reference.target)

    def _tied(self) -> Iterator[Column]:
        """For subjects, where their ties lead: the company of a contact."""
        tables = self.store.register.tables
        role = self.store.register.lenses.get(self.actor.lens)
        for tie, table in tables.items() if tables[self.kind].kind.subject else ():
            if not table.kind.tie or table.kind.built_in or self.kind not in table.kind.of:
                continue
            if (role is not None and not role.sees(tie)) or not lends(self.store.register, tie, self.purpose):
                continue
            for end in table.kind.of:
                if end in tables and tables[end].kind.about == "nobody" and self._may_name(end):
                    yield Column(tables[end].kind.label, target=end, tie=tie)

    def rows(self, numbers: Sequence[int]) -> Iterator[list[Any]]:
        """Cells row by row; rows of which the purpose may use nothing are left out."""
        for start in range(0, len(numbers), CHUNK):
            part = numbers[start : start + CHUNK]
            records = self.reader.read(part, opened=self.named)
            self._withhold(records)
            names = self._names(records)
            for number in part:
                record = records.get(number)
                if record is not None and record.values:
                    self.written.append(number)
                    yield [self._cell(column, record, names) for column in self.columns]

    def _withhold(self, records: dict[int, Record]) -> None:
        """Addresses by which marketing may not reach somebody are left out, so that no list is made of them."""
        purpose = self.store.register.purposes[self.purpose]
        if purpose.nature != "marketing" or self.kind != PERSON or not records:
            return
        items = self.store.register.tables[self.kind].kind.items
        answers = contacts(self.store, list(records), actor=self.actor, now=self.now)
        # One list may go to each of the senders, so an address is on it when all of them may use it.
        open_to = {
            number: {each.channel for each in found if each.purpose == self.purpose}
            - {each.channel for each in found if each.purpose == self.purpose and each.answer != "yes"}
            for number, found in answers.items()
        }
        for number, record in records.items():
            kept = {
                name: value
                for name, value in record.values.items()
                if items[name].type not in _CHANNELS
                or open_to.get(number, set()).intersection(_CHANNELS[items[name].type])
            }
            records[number] = replace(record, values=kept)

    def _names(self, records: dict[int, Record]) -> dict[tuple[str, str, int], str]:
        """What columns of references and ties show: (tie, target, id of the row) -> text."""
        found: dict[tuple[str, str, int], str] = {}
        for column in self.columns:
            if column.tie:
                found |= self._ends(column, list(records))
            elif column.reference:
                name = column.reference
                wanted = {each.id: each.references[name] for each in records.values() if name in each.references}
                titles = self._titles(column.target, set(wanted.values()))
                found |= {(name, column.target, row): titles.get(to, "") for row, to in wanted.items()}
        return found

    def _ends(self, column: Column, numbers: list[int]) -> dict[tuple[str, str, int], str]:
        names = {f"i{place}": number for place, number in enumerate(numbers)}
        if not names:
            return {}
        marks = ", ".join(":" + name for name in names)
        sql = f"SELECT id FROM {quote(column.tie)} WHERE {quote(self.kind)} IN ({marks}) ORDER BY id"
        with self.store.read(self.now) as conn:
            ties = [int(number) for (number,) in conn.execute(sql, names)]
        several: dict[int, list[int]] = {}
        for start in range(0, len(ties), CHUNK):
            for tie in self._reader(column.tie).read(ties[start : start + CHUNK]).values():
                if self.kind in tie.references and column.target in tie.references:
                    several.setdefault(tie.references[self.kind], []).append(tie.references[column.target])
        titles = self._titles(column.target, {end for ends in several.values() for end in ends})
        return {
            (column.tie, column.target, owner): ", ".join(dict.fromkeys(titles[end] for end in ends if titles.get(end)))
            for owner, ends in several.items()
        }

    def _titles(self, kind: str, numbers: set[int]) -> dict[int, str]:
        found: dict[int, str] = {}
        ordered = sorted(numbers)
        for start in range(0, len(ordered), CHUNK):
            for number, record in self._reader(kind).read(ordered[start : start + CHUNK]).items():
                found[number] = title_of(self.store.register.tables[kind].kind, record.values)
        return found

    def _cell(self, column: Column, record: Record, names: dict[tuple[str, str, int], str]) -> Any:
        if column.item is not None:
            return cell_of(column.item, record.values.get(column.item.key), self.lang)
        return names.get((column.tie or column.reference, column.target, record.id), "")


def _journal(store: RegisterStore, sheet: Sheet, count: int, actor: Actor, now: dt.datetime) -> None:
    """What left, for which purpose; the persons by number when they are few enough."""
    with store.database.transaction() as conn:
        persons: tuple[int, ...] = ()
        if subject_paths(store.register.notice.kinds, sheet.kind) and count <= MOST_PERSONS:
            persons = persons_touched(conn, store.register, sheet.kind, sheet.written)
        append(
            conn,
            Entry(
                at=now,
                actor=actor.account,
                lens=actor.lens,
                verb="export",
                kind=sheet.kind,
                persons=persons,
                items=tuple(sheet.item_names()),
                count=count,
                note=sheet.purpose,
            ),
        )

"""Choosing a row of the register: what is found for a text, and what rows are called in a list of choices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from seloste.catalogue.model import Kind
from seloste.notice.ways import own_date
from seloste.operations.actor import Actor
from seloste.operations.records.find import find
from seloste.operations.records.model import Record, Sealed, show
from seloste.operations.records.model import title as title_of
from seloste.operations.records.read import Filter, by_ids, rows, titles
from seloste.operations.records.reading import columns_of
from seloste.store.registers import RegisterStore
from seloste.web.staff.form_parts import Hit

MOST = 8
MOST_OFFERED = 4
_TELLING = ("phone", "email", "business_id", "code", "reference_number", "postal_code", "choice", "date")
"""Types that tell one row from another beside their titles."""


class Picker:
    """Finds rows that may be chosen, as the role sees them."""

    def __init__(self, store: RegisterStore, lang: str, *, actor: Actor, now: dt.datetime) -> None:
        self.store, self.lang, self.actor, self.now = store, lang, actor, now

    def search(self, kind: Kind, query: str) -> tuple[Hit, ...]:
        """Rows that a text finds; of a tie, the ties of whom or what it finds."""
        if not query.strip():
            return ()
        kinds = list(kind.of) if kind.tie else [kind.key]
        found = find(self.store, query, kinds=kinds, limit=MOST, actor=self.actor, now=self.now).hits
        records = [hit.record for hit in found]
        if kind.tie:
            records = [each for record in records for each in self._ties(kind, record.kind, record.id)][:MOST]
        return self.hits(kind, records)

    def ties_of(self, kind: Kind, end: str, number: int) -> tuple[Hit, ...]:
        """The ties of a row: the relationships of a person."""
        return self.hits(kind, self._ties(kind, end, number))

    def newest_of(self, kind: Kind, end: str, number: int) -> tuple[Hit, ...]:
        """The newest of what belongs to a row."""
        if not self._belongs(kind, end):
            return ()
        dated, lens = own_date(kind), self.store.register.lenses[self.actor.lens]
        shown = dated is not None and dated in columns_of(self.store.register, lens, kind.key)
        page = rows(
            self.store,
            kind.key,
            filters=[Filter(end, "=", number)],
            sort=dated if dated is not None and shown else "id",
            descending=True,
            size=MOST_OFFERED,
            most=0,
            actor=self.actor,
            now=self.now,
        )
        return self.hits(kind, page.rows)

    def by_id(self, kind: Kind, numbers: Iterable[int]) -> tuple[Hit, ...]:
        return self.hits(kind, by_ids(self.store, kind.key, list(numbers), actor=self.actor, now=self.now))

    def record(self, kind: str, number: int) -> Record | None:
        found = by_ids(self.store, kind, [number], actor=self.actor, now=self.now, journal=False)
        return found[0] if found else None

    def _ties(self, kind: Kind, end: str, number: int) -> Sequence[Record]:
        if not self._belongs(kind, end):
            return ()
        asked = [Filter(end, "=", number)]
        return rows(self.store, kind.key, filters=asked, size=MOST, most=0, actor=self.actor, now=self.now).rows

    def _belongs(self, kind: Kind, end: str) -> bool:
        """Whether the role sees that rows of a kind belong to rows of another."""
        lens = self.store.register.lenses[self.actor.lens]
        return end in kind.of and lens.sees(kind.key) and end in columns_of(self.store.register, lens, kind.key)

    def hits(self, kind: Kind, records: Sequence[Record]) -> tuple[Hit, ...]:
        """Records as choices. A row whose own items do not name it is named by what it ties or belongs to."""
        names = self._names(kind, records)
        return tuple(
            Hit(
                value=str(record.id),
                text=self._text(kind, record, names),
                sub=self._sub(kind, record),
            )
            for record in records
        )

    def _names(self, kind: Kind, records: Sequence[Record]) -> dict[tuple[str, int], str]:
        found: dict[tuple[str, int], str] = {}
        for column in kind.of:
            numbers = {record.references[column] for record in records if column in record.references}
            for number, name in titles(self.store, column, numbers, actor=self.actor, now=self.now).items():
                found[column, number] = name
        return found

    def _text(self, kind: Kind, record: Record, names: dict[tuple[str, int], str]) -> str:
        own = title_of(kind, record.values)
        if own and not kind.tie:
            return own
        ends = [names.get((column, number), "") for column, number in record.references.items() if column in kind.of]
        parts = [part for part in (*ends, own) if part]
        return ", ".join(parts) or f"{kind.label.get(self.lang) or kind.key} {record.id}"

    def _sub(self, kind: Kind, record: Record) -> str:
        dated = own_date(kind)
        parts = []
        for name, value in record.values.items():
            item = kind.items.get(name)
            if (
                item is None
                or isinstance(value, Sealed)
                or name in kind.title
                or (item.type == "date" and name != dated)
            ):
                continue
            if item.type in _TELLING:
                parts.append(show(item, value, self.lang))
        return " · ".join(parts[:2])

"""Where a letter on paper reaches somebody: an address of their own, else one of the company they act for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from seloste.catalogue.model import PERSON, Item
from seloste.clock import today
from seloste.compiler.audience import companies
from seloste.operations.actor import Actor
from seloste.operations.records.model import Record
from seloste.operations.records.transfer.purpose_read import PurposeReader, lends
from seloste.store.engine import quote
from seloste.store.registers import RegisterStore


class Postal:
    """The postal addresses that a purpose may use and the role sees, by person."""

    def __init__(self, store: RegisterStore, purpose: str, actor: Actor, now: dt.datetime) -> None:
        self.store, self.now = store, now
        role = store.register.lenses.get(actor.lens)
        self._readers = {
            key: PurposeReader(store, actor, key, purpose, now)
            for key, table in store.register.tables.items()
            if any(item.type == "postal_code" for item in table.kind.items.values())
            and lends(store.register, key, purpose)
            and (role is None or role.sees(key))
        }
        self.items: dict[str, Item] = {}
        for key, reader in self._readers.items():
            known = store.register.tables[key].kind.items
            place = [known[name] for name in reader.items() if known[name].dpv or known[name].type == "postal_code"]
            for item in place:
                if not item.sensitive and item.type not in ("ref", "phone", "email"):
                    self.items.setdefault(item.key, item)

    def of(self, persons: Sequence[int]) -> Mapping[int, Record]:
        """An address of each who has one."""
        found: dict[int, Record] = {}
        for kind, sql in self._ways():
            wanted = [each for each in persons if each not in found]
            names = {f"i{place}": each for place, each in enumerate(wanted)}
            if not names:
                break
            given: dict[str, object] = {**names, **({"day": today(self.now).isoformat()} if ":day" in sql else {})}
            with self.store.read(self.now) as conn:
                at: dict[int, int] = dict(
                    conn.execute(sql.format(marks=", ".join(":" + name for name in names)), given).all()
                )
            records = self._readers[kind].read(sorted(set(at.values())))
            found |= {int(person): records[number] for person, number in at.items() if self._whole(records.get(number))}
        return found

    def _whole(self, record: Record | None) -> bool:
        items = self.store.register.tables[record.kind].kind.items if record is not None else {}
        return record is not None and any(items[name].type == "postal_code" for name in record.values if name in items)

    def _ways(self) -> Iterator[tuple[str, str]]:
        """(kind of the address, statement for person and address), the person's own first."""
        tables = self.store.register.tables
        own = [kind for kind in self._readers if tables[kind].column(PERSON) is not None and not tables[kind].kind.tie]
        for kind in own:
            yield (
                kind,
                f"SELECT {quote(PERSON)}, max(id) FROM {quote(kind)} WHERE {quote(PERSON)} IN ({{marks}})"
                f" GROUP BY {quote(PERSON)}",
            )
        for tie, end, last in companies(self.store.register).ties:
            standing = f" AND (t.{quote(last)} IS NULL OR t.{quote(last)} > :day)" if last else ""
            of = f"t.{quote(PERSON)} IN ({{marks}}){standing} GROUP BY t.{quote(PERSON)}"
            for kind in self._readers:
                if kind == end:
                    yield (
                        kind,
                        f"SELECT t.{quote(PERSON)}, max(t.{quote(end)}) FROM {quote(tie)} t"
                        f" WHERE t.{quote(end)} IS NOT NULL AND {of}",
                    )
                elif tables[kind].column(end) is not None and not tables[kind].kind.tie:
                    yield (
                        kind,
                        f"SELECT t.{quote(PERSON)}, max(k.id) FROM {quote(tie)} t JOIN {quote(kind)} k"
                        f" ON k.{quote(end)} = t.{quote(end)} WHERE {of}",
                    )


__all__ = ["Postal"]

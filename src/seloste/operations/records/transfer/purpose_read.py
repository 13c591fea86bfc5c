"""Rows as one purpose may use them, read in parts: narrower than a role, which acts for several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from seloste.compiler.guard import GUARDED, guard_of
from seloste.compiler.register import CompiledLens, Register
from seloste.compiler.views import view
from seloste.notice.model import Ref
from seloste.operations.actor import Actor
from seloste.operations.records.model import SEALED, Record
from seloste.operations.records.read import visible_ids
from seloste.operations.records.reading import is_guarded, with_sealed
from seloste.store.engine import quote
from seloste.store.registers import RegisterStore
from seloste.store.values import from_cell


def purpose_lens(register: Register, purpose: str) -> CompiledLens:
    """What one purpose alone may use or borrow."""
    shows: dict[str, tuple[str, ...]] = {}
    for key, table in register.tables.items():
        cells = (*register.uses.items(), *register.borrows.items())
        named = {ref.item for ref, keys in cells if ref.kind == key and purpose in keys}
        if named:
            shows[key] = tuple(item for item in table.kind.items if item in named)
    return CompiledLens("", {}, (purpose,), shows)


class PurposeReader:
    """Reads rows of one kind that a role sees and one of its purposes may use; cells it may not use are left out."""

    def __init__(self, store: RegisterStore, actor: Actor, kind: str, purpose: str, now: dt.datetime) -> None:
        self.store, self.role, self.kind, self.now = store, actor.lens, kind, now
        self._acting = actor.person
        self.lens = purpose_lens(store.register, purpose)
        found = view(store.register, self.lens, kind, store.database.dialect)
        self._sql, self._columns = found.sql, found.columns

    def items(self) -> tuple[str, ...]:
        """Items that the role sees and the purpose may use, in the order of the notice."""
        role = self.store.register.lenses.get(self.role)
        return tuple(item for item in self.lens.shows[self.kind] if role is None or role.sees(self.kind, item))

    def read(self, numbers: Sequence[int], *, opened: Sequence[str] = ()) -> dict[int, Record]:
        """Rows by id; sensitive items are sealed unless ``opened`` names them. Not journaled: the caller's deed is."""
        shown = sorted(visible_ids(self.store, self.role, self.kind, set(numbers), self.now, self._acting))
        if not shown:
            return {}
        names = {f"i{place}": number for place, number in enumerate(shown)}
        marks = ", ".join(":" + name for name in names)
        columns = ", ".join(f"v.{quote(name)}" for name in self._columns)
        sql = f"SELECT {columns} FROM ({self._sql}) v WHERE v.id IN ({marks})"
        with self.store.read(self.now) as conn:
            return {int(row[0]): self._record(row, opened) for row in conn.execute(sql, names)}

    def _record(self, row: Sequence[Any], opened: Sequence[str]) -> Record:
        table = self.store.register.tables[self.kind]
        values: dict[str, Any] = {}
        pointing: dict[str, int] = {}
        for name, cell in zip(self._columns[1:], row[1:], strict=True):
            column = table.column(name)
            if cell is None or column is None or column.role not in ("item", "reference"):
                continue
            if column.role == "reference":
                pointing[name] = int(cell)
                continue
            item = table.kind.items[name]
            if item.sensitive:
                values[name] = self._open(name, cell) if name in opened else SEALED
            else:
                values[name] = from_cell(item, cell)
        guard = guard_of(self.store.register, self.kind)
        mark = row[self._columns.index(GUARDED)] if guard is not None else None
        if guard is not None and mark is not None:
            values = with_sealed(values, int(mark), guard, list(table.kind.items))
        return Record(
            self.kind, int(row[0]), values, pointing, None, None, is_guarded(mark, subject=table.kind.subject)
        )

    def _open(self, name: str, cell: bytes) -> Any:
        from seloste.catalogue.types import TYPES

        item = self.store.register.tables[self.kind].kind.items[name]
        text = self.store.keys.decrypt(cell, place=f"{self.kind}.{name}")
        storage = TYPES[item.type].storage
        return from_cell(item, int(text) if storage in ("integer", "bool") else text)


def lends(register: Register, kind: str, purpose: str) -> bool:
    """Whether a purpose uses or borrows anything of a kind."""
    items = register.tables[kind].kind.items
    return any(purpose in (*register.users(kind, item), *register.borrowers(kind, item)) for item in items)


__all__ = ["PurposeReader", "Ref", "lends", "purpose_lens"]

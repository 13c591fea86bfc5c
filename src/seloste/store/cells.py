"""Cells of one row outside any lens, for operations that must know them and show them to nobody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from seloste.compiler.register import Register
from seloste.store.engine import Connection, quote
from seloste.store.keys import Keys
from seloste.store.values import from_cell


def read_cells(
    conn: Connection, keys: Keys, register: Register, kind: str, row: int, items: Sequence[str]
) -> dict[str, list[Any]]:
    """What a row holds by item, each as a list; items that the register has no column for, and empty ones, left out."""
    table = register.tables[kind]
    known = [name for name in items if name in table.kind.items and table.column(name) is not None]
    if not known:
        return {}
    sql = f"SELECT {', '.join(map(quote, known))} FROM {quote(kind)} WHERE id = :id"
    cells = conn.execute(sql, {"id": row}).first()
    found = {}
    for name, cell in zip(known, cells or (), strict=cells is not None):
        item = table.kind.items[name]
        if cell is not None:
            value = from_cell(item, keys.decrypt(cell, place=f"{kind}.{name}") if item.sensitive else cell)
            found[name] = list(value) if item.many else [value]
    return found

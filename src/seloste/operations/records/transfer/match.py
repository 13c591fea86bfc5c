"""Which rows of the register a file's rows mean: by what tells them apart, then by their whole title.

Only rows that the lens shows count, so a file never finds what its reader may not see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from seloste.catalogue.model import Item
from seloste.compiler.register import CompiledLens
from seloste.operations.actor import Actor
from seloste.operations.records.model import Record, Sealed
from seloste.operations.records.read import by_ids
from seloste.operations.records.transfer.target import FOUND_BY, finders
from seloste.store.engine import Connection, quote
from seloste.store.registers import RegisterStore
from seloste.store.values import search_keys, to_cell

CHUNK = 400
AMBIGUOUS = -1
"""Stands for several rows that fit alike."""

Key = tuple[str, ...]
"""What a row is recognised by: the items' names and their values as they are compared."""


def keys_of(items: Sequence[Item], values: Mapping[str, Any]) -> Iterator[Key]:
    """The keys that values give for these items; none when one of them is empty, or sealed: it tells nothing."""
    if any(isinstance(values.get(item.key), Sealed) for item in items):
        return
    if len(items) == 1 and items[0].type in FOUND_BY:
        item = items[0]
        given = values.get(item.key)
        for each in given if isinstance(given, list) else [given]:
            if each is not None:
                yield (item.key, _compared(item, each))
        return
    texts = [_compared(item, values[item.key]) for item in items if values.get(item.key) not in (None, "")]
    if len(texts) == len(items):
        yield ("+".join(item.key for item in items), *texts)


def _compared(item: Item, value: Any) -> str:
    text = str(value)
    return text.split(";", 1)[0] if item.type == "phone" else " ".join(text.casefold().split())


class Matcher:
    """Finds rows of one kind, remembering what was found."""

    def __init__(
        self,
        store: RegisterStore,
        lens: CompiledLens | None,
        kind: str,
        *,
        above: str | None = None,
        actor: Actor,
        now: dt.datetime,
    ) -> None:
        """``above`` is the column of the row that rows of the kind belong to: an apartment's code counts within it."""
        self.store = store
        self.kind = kind
        self.above = above
        self.lens = lens
        self.actor = actor
        self.now = now
        self.by = tuple(finders(store.register, lens, kind))
        self._asked: set[Key] = set()
        self._known: dict[tuple[int | None, Key], int] = {}

    def keys(self, values: Mapping[str, Any]) -> list[Key]:
        """Surest first."""
        return [key for items in self.by for key in keys_of(items, values)]

    def learn(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Look up many rows at once, so that :meth:`find` has no query of its own."""
        wanted: dict[Key, tuple[Item, ...]] = {}
        for values in rows:
            for items in self.by:
                for key in keys_of(items, values):
                    if key not in self._asked:
                        self._asked.add(key)
                        wanted[key] = items
        if not wanted:
            return
        with self.store.read(self.now) as conn:
            candidates = set(self._candidates(conn, wanted))
        for record in self._shown(sorted(candidates)) if candidates else ():
            above = record.references.get(self.above) if self.above else None
            for items in self.by:
                for key in keys_of(items, record.values):
                    if key in wanted:
                        for within in {None, above}:
                            before = self._known.get((within, key), record.id)
                            self._known[within, key] = record.id if before == record.id else AMBIGUOUS

    def sharing(self, values: Mapping[str, Any]) -> Sequence[Record]:
        """Every row the lens shows that may share a key with these values."""
        wanted = {key: items for items in self.by for key in keys_of(items, values)}
        with self.store.read(self.now) as conn:
            candidates = sorted(set(self._candidates(conn, wanted)))
        return self._shown(candidates) if candidates else ()

    def find(self, values: Mapping[str, Any], above: int | None = None) -> int | None:
        """The id of the row that the surest key with an answer names; AMBIGUOUS when several do, None when none."""
        for key in self.keys(values):
            found = self._known.get((above, key))
            if found is not None:
                return found
        return None

    def holds(self, key: Key) -> bool:
        """Whether a row the lens shows has this key."""
        return (None, key) in self._known

    def only(self) -> int | None:
        """The id of the one row of the kind, where there is exactly one to see."""
        with self.store.read(self.now) as conn:
            found = conn.execute(f"SELECT id FROM {quote(self.kind)} ORDER BY id LIMIT 100").all()
        shown = self._shown([int(number) for (number,) in found]) if found else []
        return shown[0].id if len(shown) == 1 else None

    def _candidates(self, conn: Connection, wanted: Mapping[Key, tuple[Item, ...]]) -> Iterator[int]:
        """Rows that share a search key with what is looked for."""
        asked: dict[tuple[str, str], None] = {}
        for key, items in wanted.items():
            # The longest part of a title is its rarest, and its longest word; a number or address is whole.
            text, item = max(zip(key[1:], items, strict=True), key=lambda pair: len(pair[0]))
            found = search_keys(item, [text] if item.many else text)
            if found:
                asked[item.key, found[0] if item.type in FOUND_BY else max(found, key=len)] = None
        pairs = sorted(asked)
        for start in range(0, len(pairs), CHUNK):
            part = pairs[start : start + CHUNK]
            names = {f"k{place}": key for place, (_, key) in enumerate(part)}
            columns = {f"i{place}": name for place, name in enumerate(dict.fromkeys(name for name, _ in part))}
            sql = (
                f"SELECT DISTINCT row FROM sys_find WHERE key IN ({', '.join(':' + name for name in names)})"
                f" AND kind = :kind AND item IN ({', '.join(':' + name for name in columns)})"
            )
            for (number,) in conn.execute(sql, {**names, **columns, "kind": self.kind}):
                yield int(number)

    def _shown(self, numbers: Sequence[int]) -> Sequence[Record]:
        """The rows as the lens shows them; the register itself reads the columns it compares."""
        if self.lens is not None:
            return by_ids(self.store, self.kind, numbers, actor=self.actor, now=self.now, journal=False)
        return list(self._bare(numbers))

    def _bare(self, numbers: Sequence[int]) -> Iterator[Record]:
        from seloste.store.values import from_cell

        items = list({item.key: item for several in self.by for item in several}.values())
        columns = ", ".join(quote(name) for name in [*(item.key for item in items), *filter(None, [self.above])])
        with self.store.read(self.now) as conn:
            for start in range(0, len(numbers), CHUNK):
                names = {f"i{place}": each for place, each in enumerate(numbers[start : start + CHUNK])}
                marks = ", ".join(":" + name for name in names)
                sql = f"SELECT id, {columns} FROM {quote(self.kind)} WHERE id IN ({marks})"
                for number, *cells in conn.execute(sql, names):
                    values = {item.key: from_cell(item, cell) for item, cell in zip(items, cells, strict=False)}
                    pointing = {self.above: int(cells[-1])} if self.above and cells[-1] is not None else {}
                    yield Record(self.kind, int(number), values, pointing, None, None)


def as_cells(items: Mapping[str, Item], values: Mapping[str, Any]) -> dict[str, Any]:
    """Typed values as cells, for a file of JSON."""
    return {name: cell for name, value in values.items() if (cell := to_cell(items[name], value)) is not None}

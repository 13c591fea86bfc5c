"""Find by name, phone, e-mail, number: candidates by index first, then through the lens by key."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from seloste.catalogue.types import TYPES
from seloste.catalogue.types.normal import order
from seloste.compiler.register import Register
from seloste.errors import BadValue
from seloste.operations.actor import Actor
from seloste.operations.records.model import Record, Sealed, title
from seloste.operations.records.read import by_ids, look
from seloste.store.engine import Connection, quote
from seloste.store.registers import RegisterStore
from seloste.store.system import BY_KEY
from seloste.store.values import search_keys

MOST_CANDIDATES = 400
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Hit:
    """A row found: what it is called, and which items matched."""

    record: Record
    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Hits by relevance. ``more`` says that there may be others."""

    hits: tuple[Hit, ...]
    more: bool


def find(
    store: RegisterStore,
    query: str,
    *,
    limit: int = 20,
    kinds: Sequence[str] | None = None,
    journal: bool = True,
    actor: Actor,
    now: dt.datetime,
) -> Found:
    """Rows of which every word of the query begins some key; only what the lens shows counts as a match.

    Whoever shows the rows by another read, which journals them, says ``journal=False``.
    """
    lens = store.register.lenses.get(actor.lens)
    words = words_of(query)
    chosen = [kind for kind in lens.shows if kinds is None or kind in kinds] if lens is not None else []
    if not words or not chosen:
        return Found((), more=False)
    with store.read(now) as conn:
        candidates, more = _candidates(conn, words, chosen)
        exact = _by_lookup(store, conn, query, chosen)
    for kind, number, _ in exact:
        candidates.setdefault(kind, set()).add(number)
    hits: list[Hit] = []
    for kind in chosen:
        if kind not in candidates:
            continue
        for record in by_ids(store, kind, sorted(candidates[kind]), actor=actor, now=now, journal=False):
            sealed = tuple(name for name in record.values if (kind, record.id, name) in exact)
            matched = sealed or _matches(store.register, record, words)
            if matched:
                hits.append(Hit(record, title(store.register.tables[kind].kind, record.values), matched))
    # Who or what is named so comes before what only mentions it: a person before the deliveries to them.
    hits.sort(key=lambda hit: (not _named_so(store.register, hit), order(hit.title), hit.record.id))
    shown = hits[:limit]
    for kind in dict.fromkeys(hit.record.kind for hit in shown) if journal else ():
        look(store, kind, [hit.record for hit in shown if hit.record.kind == kind], actor=actor, now=now)
    return Found(tuple(shown), more or len(hits) > limit)


def _named_so(register: Register, hit: Hit) -> bool:
    """Whether what matched is in the row's own name."""
    return not set(register.tables[hit.record.kind].kind.title).isdisjoint(hit.items)


def words_of(query: str) -> list[list[str]]:
    """The query as words, each with the keys it may stand for: a phone number is one word, however it is spaced."""
    # Neither engine can be asked about a NUL, nor about half of a character; no key holds either.
    text = query.replace("\0", " ").encode("utf-8", "ignore").decode().strip()
    digits = "".join(letter for letter in text if letter.isdigit())
    if len(digits) >= 4 and all(letter.isdigit() or letter in " +-()" for letter in text):
        keys = [digits]
        with contextlib.suppress(BadValue):
            keys += TYPES["phone"].search_keys(TYPES["phone"].parse(text))
        return [list(dict.fromkeys(keys))]
    if "@" in text and " " not in text:
        return [[text.casefold()]]
    found = []
    for word in text.split():
        keys = list(dict.fromkeys([word.casefold(), *TYPES["text"].search_keys(word)]))
        if len(word) >= SHORTEST or word.isdigit():
            found.append([key for key in keys if key])
    return [keys for keys in found if keys]


def _candidates(
    conn: Connection, words: Sequence[Sequence[str]], kinds: Sequence[str]
) -> tuple[dict[str, set[int]], bool]:
    """Rows that have a key beginning with each word; and whether there were too many to take all."""
    together: set[tuple[str, int]] | None = None
    more = False
    # The longest word is the rarest, and only its rows need to be asked about the others.
    for keys in sorted(words, key=lambda each: -len(each[0])):
        rows: set[tuple[str, int]] = set()
        for key in keys:
            rows |= set(_with_prefix(conn, key, kinds, together))
        more = more or len(rows) >= MOST_CANDIDATES
        together = rows if together is None else together & rows
        if not together:
            break
    found: dict[str, set[int]] = {}
    for kind, number in together or ():
        found.setdefault(kind, set()).add(number)
    return found, more


def _with_prefix(
    conn: Connection, key: str, kinds: Sequence[str], among: set[tuple[str, int]] | None
) -> Iterable[tuple[str, int]]:
    names = {f"k{number}": kind for number, kind in enumerate(kinds)}
    wanted = ", ".join(":" + name for name in names)
    params = {**names, "low": key, "high": key + "\U0010ffff", "most": MOST_CANDIDATES}
    limit = " LIMIT :most"
    where = f"key >= :low AND key < :high AND {BY_KEY if among is None else 'kind'} IN ({wanted})"
    if among is not None:
        ids = {f"r{number}": row for number, (_, row) in enumerate(among)}
        where += f" AND row IN ({', '.join(':' + name for name in ids)})"
        params |= ids
    for kind, number in conn.execute(f"SELECT DISTINCT kind, row FROM sys_find WHERE {where}{limit}", params):
        yield str(kind), int(number)


def _matches(register: Register, record: Record, words: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The shown items that match, when every word begins a key of one; else none."""
    items = register.tables[record.kind].kind.items
    keys = [
        (name, key)
        for name, value in record.values.items()
        if not isinstance(value, Sealed)
        for key in search_keys(items[name], value)
    ]
    matched: list[str] = []
    for wanted in words:
        here = [name for name, key in keys if any(key.startswith(each) for each in wanted)]
        if not here:
            return ()
        matched += here
    return tuple(dict.fromkeys(matched))


def _by_lookup(store: RegisterStore, conn: Connection, query: str, kinds: Sequence[str]) -> set[tuple[str, int, str]]:
    """(kind, row, item) whose encrypted item is exactly the query, by its keyed hash."""
    found: set[tuple[str, int, str]] = set()
    for kind, name, value in _lookups(store, kinds, query):
        column = quote(f"sys_key_{name}")
        key = store.keys.lookup(str(value), place=f"{kind}.{name}")
        rows = conn.execute(f"SELECT id FROM {quote(kind)} WHERE {column} = :key", {"key": key})
        found |= {(kind, int(number), name) for (number,) in rows}
    return found


def _lookups(store: RegisterStore, kinds: Sequence[str], query: str) -> Iterable[tuple[str, str, object]]:
    for kind in kinds:
        for column in store.register.tables[kind].of_role("lookup"):
            assert column.item is not None
            try:
                yield (
                    kind,
                    column.item,
                    store.types[store.register.tables[kind].kind.items[column.item].type].parse(query),
                )
            except BadValue:
                continue

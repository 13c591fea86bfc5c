"""Bans that outlive the person: keyed hashes of who forbade marketing, and the ban set anew when an address returns.

A ban stays until it is lifted, while all else of the person goes. Beside it stands a hash of each address the person
had, made with a key of this register alone: nobody reads the address out of it, and whoever brings the address again
is known. GDPR Art. 21(3), 17(3)(b) and 5(1)(c); act 917/2014, sections 200 and 202.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seloste.catalogue.model import PERSON, REACHING, Item
from seloste.catalogue.types import TYPES
from seloste.compiler.register import Register
from seloste.store.engine import Connection, Row, quote
from seloste.store.journal import Entry
from seloste.store.keys import Keys
from seloste.store.values import from_cell

if TYPE_CHECKING:
    from seloste.store.work import Work

BAN, PRINTS = "ban", "fingerprints"
SAME = ("channel", "purpose", "sender")
"""What a ban is on; of all when empty."""
COMES_BACK: Mapping[str, frozenset[str] | None] = {"email": None, "phone": frozenset({"all", "phone", "sms"})}
"""Type of address -> the channels of a ban that comes back with it (None: any).

An e-mail address is one person's. Several may have one number, so it brings back only what would ring there.
"""
CHUNK = 500
NOTE = {
    "fi": "sama osoite oli kielletty aiemmin",
    "en": "the same address was banned before",
    "sv": "samma adress var förbjuden tidigare",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A ban that stands, and whose it is."""

    id: int
    person: int
    on: tuple[str | None, ...]
    """Channel, purpose and sender."""
    prints: frozenset[str] = frozenset()
    """The hashes of addresses that it has, where the register keeps any."""


def keeps(register: Register) -> bool:
    """Whether the register keeps hashes of banned addresses at all."""
    found = register.tables.get(BAN)
    return found is not None and found.column(PRINTS) is not None and found.column(PERSON) is not None


def address_items(register: Register) -> tuple[Item, ...]:
    """The items of a person by which somebody is reached at once."""
    table = register.tables[PERSON]
    return tuple(
        item for name, item in table.kind.items.items() if item.type in REACHING and table.column(name) is not None
    )


def fingerprint(keys: Keys, kind: str, value: str) -> str:
    """The hash of an address, however it is written; ``kind`` is its type."""
    return keys.fingerprint(f"{kind}:{TYPES[kind].first_key(value)}")


def keep_bans(work: Work) -> None:
    """Set banned addresses' bans anew on the persons just written, and keep the hashes of who is banned up to date."""
    if not keeps(work.register):
        return
    persons = set(work.written.get(PERSON, ()))
    for part in _parts(sorted(work.written.get(BAN, set()) - work.kept_bans)):
        names, params = _in(part)
        sql = f"SELECT DISTINCT {PERSON} FROM {BAN} WHERE id IN ({names}) AND {PERSON} IS NOT NULL"
        persons |= {int(person) for (person,) in work.conn.execute(sql, params)}
    for part in _parts(sorted(persons)):
        prints = _prints(work, part)
        _replay(work, prints, banned_by(work.conn, work.register, [each for mine in prints.values() for each in mine]))
        _remember(work, list(_standing(work.conn, work.register, part)), prints)


def ban_all(work: Work, person: int) -> None:
    """A ban on every channel, so that an address that comes back is not marketed to."""
    _ban(work, person, {"channel": "all"}, {("all", None, None)})


def ban_objected(work: Work, person: int, purpose: str) -> None:
    """An objection to marketing is a ban on all of it (Art. 21(3)), and outlives the person as one."""
    _ban(work, person, {"channel": "all", "purpose": purpose}, {("all", purpose, None), ("all", None, None)})


def _ban(work: Work, person: int, on: Mapping[str, str], enough: Collection[tuple[str | None, ...]]) -> None:
    """Write a ban unless one stands that is enough. It has its hashes at once, which :func:`keep_bans` need not add."""
    table, kept = work.register.tables[BAN], keeps(work.register)
    asked = [_standing_asked(work.register, [person])]
    asked += [_addresses_asked(work.register, [person])] if kept and address_items(work.register) else []
    found, *addresses = work.conn.ask(asked)
    standing = list(_standing_of(found))
    if any(ban.on in enough for ban in standing):
        return
    values = {name: value for name, value in {**on, "set_at": work.now}.items() if table.column(name)}
    if not kept:
        work.insert(BAN, {**values, PERSON: person}, source="subject")
        return
    prints = _prints_of(work, addresses[0]) if addresses else {}
    mine = prints.get(person, {})
    known = banned_by(work.conn, work.register, mine)
    number = work.insert(BAN, {**values, PRINTS: sorted(mine), PERSON: person}, source="subject")
    work.kept_bans.add(number)
    _remember(work, standing, prints)
    _replay(work, prints, known)


def remember(work: Work, persons: Sequence[int]) -> None:
    """Keep the hashes of those who are banned, before a sweep empties their addresses."""
    if keeps(work.register):
        for part in _parts(sorted(persons)):
            if standing := list(_standing(work.conn, work.register, part)):
                _remember(work, standing, _prints(work, part))


def marked(conn: Connection, register: Register, person: int) -> bool:
    """Whether a standing ban of the person has hashes of addresses, which stay when all else of them goes."""
    if not keeps(register):
        return False
    sql = f"SELECT {PRINTS} FROM {BAN} WHERE {PERSON} = :person AND lifted_at IS NULL AND {PRINTS} IS NOT NULL"
    return any(json.loads(prints) for (prints,) in conn.execute(sql, {"person": person}))


def banned_by(conn: Connection, register: Register, prints: Iterable[str]) -> dict[str, list[Standing]]:
    """The standing bans by each of the hashes."""
    found: dict[str, list[Standing]] = {}
    for part in _parts(sorted(set(prints))):
        names, params = _in(part)
        sql = f"SELECT key, row FROM sys_find WHERE key IN ({names}) AND kind = '{BAN}' AND item = '{PRINTS}'"
        rows = conn.execute(sql, params).all()
        bans = {ban.id: ban for ban in _standing(conn, register, sorted({int(row) for _, row in rows}), by="id")}
        for key, row in rows:
            if int(row) in bans:
                found.setdefault(str(key), []).append(bans[int(row)])
    return found


def _prints(work: Work, persons: Sequence[int]) -> dict[int, dict[str, str]]:
    """Person -> hash of an address -> its type."""
    if not address_items(work.register):
        return {}
    return _prints_of(work, work.conn.execute(*_addresses_asked(work.register, persons)))


def _addresses_asked(register: Register, persons: Sequence[int]) -> tuple[str, dict[str, Any]]:
    names, params = _in(persons)
    columns = ", ".join(["id", *(quote(item.key) for item in address_items(register))])
    return f"SELECT {columns} FROM {PERSON} WHERE id IN ({names})", params


def _prints_of(work: Work, rows: Iterable[Row]) -> dict[int, dict[str, str]]:
    items = address_items(work.register)
    return {int(number): prints_of(work.keys, items, cells) for number, *cells in rows}


def prints_of(keys: Keys, items: Sequence[Item], cells: Sequence[Any]) -> dict[str, str]:
    """The hash of each address in the cells of address items -> its type."""
    return {
        fingerprint(keys, item.type, value): item.type
        for item, cell in zip(items, cells, strict=True)
        for value in _values(keys, item, cell)
    }


def _values(keys: Keys, item: Item, cell: Any) -> Iterator[str]:
    if cell is None:
        return
    if item.sensitive:
        cell = keys.decrypt(cell, place=f"{PERSON}.{item.key}")
    value = from_cell(item, cell)
    yield from value if item.many else [value]


def _standing(conn: Connection, register: Register, ids: Sequence[int], *, by: str = PERSON) -> Iterator[Standing]:
    if ids:
        yield from _standing_of(conn.execute(*_standing_asked(register, ids, by=by)).all())


def _standing_asked(register: Register, ids: Sequence[int], *, by: str = PERSON) -> tuple[str, dict[str, Any]]:
    table = register.tables[BAN]
    chosen = ", ".join(
        name if table.column(name) is not None else f"NULL AS {name}" for name in (PERSON, PRINTS, *SAME)
    )
    names, params = _in(ids)
    return f"SELECT id, {chosen} FROM {BAN} WHERE {by} IN ({names}) AND lifted_at IS NULL", params


def _standing_of(rows: Iterable[Row]) -> Iterator[Standing]:
    for number, person, prints, *on in rows:
        if person is not None:
            yield Standing(int(number), int(person), tuple(on), frozenset(json.loads(prints) if prints else ()))


def _replay(work: Work, prints: Mapping[int, Mapping[str, str]], known: Mapping[str, Sequence[Standing]]) -> None:
    """Set anew on persons the bans known by their addresses."""
    if not known:
        return
    has: dict[int, set[tuple[str | None, ...]]] = {}
    for ban in _standing(work.conn, work.register, sorted(prints)):
        has.setdefault(ban.person, set()).add(ban.on)
    table = work.register.tables[BAN]
    note = next((NOTE[lang] for lang in work.register.notice.languages if lang in NOTE), NOTE["en"])
    for person, mine in prints.items():
        for mark, kind in mine.items():
            channels = COMES_BACK[kind]
            for ban in known.get(mark, ()):
                if ban.person == person or ban.on in has.get(person, ()):
                    continue
                if channels is not None and ban.on[0] not in channels:
                    continue
                values = {**dict(zip(SAME, ban.on, strict=True)), "set_at": work.now, "source_note": note}
                held = {name: value for name, value in values.items() if value is not None and table.column(name)}
                work.insert(BAN, {**held, PERSON: person}, source="subject")
                has.setdefault(person, set()).add(ban.on)
                work.banned_again.append(person)
                _journal(work, person, ban.on)


def _journal(work: Work, person: int, on: tuple[str | None, ...]) -> None:
    note = f"again:{on[0]}"
    work.journal.add(
        Entry(at=work.now, actor="register", lens="", verb="ban", kind=PERSON, persons=(person,), note=note)
    )


def _remember(work: Work, standing: Sequence[Standing], prints: Mapping[int, Mapping[str, str]]) -> None:
    """Have standing bans keep the hashes of their persons' addresses beside those that they have."""
    for ban in standing:
        if mine := set(prints.get(ban.person, ())) - ban.prints:
            work.update(BAN, ban.id, {PRINTS: sorted(ban.prints | mine)})


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def _in(values: Sequence[Any]) -> tuple[str, dict[str, Any]]:
    params = {f"i{number}": value for number, value in enumerate(values)}
    return ", ".join(":" + name for name in params), params

"""Whom of a register's people somebody is, by what a provider said of them.

The provider proves who they are; the register only has to tell which row is theirs. A way to tell is a set of items
that must all agree, and one of them must single out: a date of birth or an identity code beside or instead of a name.
An identity code is compared only where the notice names a lawful ground to hold it (Data Protection Act 1050/2018,
s. 29(1) and (2)) and the cell is needed today; here it singles out and does not identify, which s. 29(5) forbids.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from seloste.catalogue.model import PERSON, Item
from seloste.catalogue.types import TYPES
from seloste.catalogue.types.normal import one_line
from seloste.clock import today
from seloste.compiler.register import Register
from seloste.errors import BadValue
from seloste.law.identity_code import allowed
from seloste.operations.identification.flow import Proven
from seloste.operations.identification.providers import Provider
from seloste.operations.rights.gather import Pointed, gather
from seloste.store.engine import Connection, quote
from seloste.store.registers import RegisterStore
from seloste.store.system import BY_KEY

MOST = 200
"""People of one name that are compared; of more, nobody is told apart."""
CODE = "hetu"
"""The type of an item that is a personal identity code."""

Way = tuple[str, ...]


def ways(register: Register, provider: Provider, now: datetime) -> tuple[Way, ...]:
    """The provider's ways that this register can tell people by, in order."""
    return tuple(way for way in provider.ways if _usable(register, way, now))


def _usable(register: Register, way: Way, now: datetime) -> bool:
    table = register.tables[PERSON]
    if any(table.column(name) is None or name not in table.kind.items for name in way):
        return False
    items = [table.kind.items[name] for name in way]
    if any(item.type == CODE and not _lawful(register, item.key, now) for item in items):
        return False
    # Names alone tell nobody apart, whoever vouches for them.
    return any(item.sensitive and item.type in (CODE, "date") for item in items)


def _lawful(register: Register, item: str, now: datetime) -> bool:
    grounds = [register.purposes[key].identity_code_ground for key in register.users(PERSON, item)]
    return any(ground is not None and allowed(ground, today(now)) for ground in grounds)


def person_of(store: RegisterStore, proven: Proven, *, now: datetime) -> int | None:
    """The one person whom the claims tell from all others; None when there is none, or more than one."""
    for way in ways(store.register, proven.provider, now):
        said = _said(store, proven, way)
        if said is None:
            continue
        with store.read(now) as conn:
            candidates = _candidates(store, conn, said)
            found = [each for each in candidates if _agrees(store, conn, each, said, now)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def names_of(proven: Proven) -> str:
    """Who somebody is, as the provider says: names, and the date of birth; empty when it says no name."""
    claims, of = proven.claims, proven.provider.claims
    names = [_line(claims.get(of.get(item, ""))) for item in ("first_name", "last_name")]
    born = _line(claims.get(of.get("birth_date", "")))
    with suppress(BadValue):
        born = TYPES["date"].show(TYPES["date"].parse(born), "fi") if born else ""
    name = " ".join(name for name in names if name)
    return ", ".join(part for part in (name, born) if part) if name else ""


def _line(claim: object) -> str:
    """A claim as one line of no great length; empty for one that is none."""
    try:
        return one_line(claim, 100) if isinstance(claim, str) else ""
    except BadValue:
        return ""


def _said(store: RegisterStore, proven: Proven, way: Way) -> dict[str, Any] | None:
    """The values of a way's items as the provider says them; None when one is missing or makes no sense."""
    items = store.register.tables[PERSON].kind.items
    found = {}
    for name in way:
        claim = proven.claims.get(proven.provider.claims[name])
        if not isinstance(claim, str) or not claim.strip():
            return None
        try:
            found[name] = store.types[items[name].type].parse(claim)
        except BadValue:
            return None
    return found


def _candidates(store: RegisterStore, conn: Connection, said: Mapping[str, Any]) -> list[int]:
    """Who may be the one: by the keyed hash of a sealed item, else by the words of the names."""
    table = store.register.tables[PERSON]
    for name, value in said.items():
        if table.column(f"sys_key_{name}") is not None:
            key = store.keys.lookup(str(value), place=f"{PERSON}.{name}")
            sql = f"SELECT id FROM {quote(PERSON)} WHERE {quote(f'sys_key_{name}')} = :key"
            return [int(number) for (number,) in conn.execute(sql, {"key": key})]
    left: set[int] | None = None
    for name, value in said.items():
        item = table.kind.items[name]
        if not item.sensitive:
            left = _named(conn, name, TYPES[item.type].search_keys(value), left)
    return sorted(left) if left is not None and len(left) <= MOST else []


def _named(conn: Connection, item: str, words: Iterable[str], among: set[int] | None) -> set[int]:
    """Rows of which the item has one of the words."""
    keys = {f"k{number}": word for number, word in enumerate(dict.fromkeys(words))}
    if not keys:
        return set()
    names = ", ".join(":" + name for name in keys)
    sql = f"SELECT DISTINCT row FROM sys_find WHERE {BY_KEY} = :kind AND item = :item AND key IN ({names})"
    found = {int(number) for (number,) in conn.execute(sql, {**keys, "kind": PERSON, "item": item})}
    return found if among is None else found & among


def _agrees(store: RegisterStore, conn: Connection, person: int, said: Mapping[str, Any], now: datetime) -> bool:
    """Whether everything of a way is held of the person today, and says the same."""
    items = store.register.tables[PERSON].kind.items
    own = next((row for row in gather(store, conn, person, now=now).rows if row.kind == PERSON), None)
    held = {cell.item: cell.value for cell in own.cells} if own is not None else {}
    return all(name in held and _same(items[name], held[name], value) for name, value in said.items())


def _same(item: Item, held: Any, said: Any) -> bool:
    if isinstance(held, Pointed):
        return False
    if item.many:
        return any(_alike(item, each, said) for each in held)
    return _alike(item, held, said)


def _alike(item: Item, held: Any, said: Any) -> bool:
    if item.type != "text":
        return bool(held == said)
    # A register may know somebody by one given name, and the provider by all of them.
    known, told = _words(str(held)), _words(str(said))
    return bool(known) and known <= told


def _words(text: str) -> set[str]:
    """Words of a name; a hyphen parts them, an accent does not make two of one."""
    plain = unicodedata.normalize("NFC", text).casefold().replace("-", " ").replace("\u2010", " ")
    return set(plain.split())

"""A register built on an engine, written to without being judged, and read back both ways."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.rule.oracle import AGREED, Oracle
from tests.rule.oracle_own import Mine
from tests.rule.strategies import NOW, Step

from seloste.catalogue.model import PERSON
from seloste.clock import today
from seloste.compiler.register import Register
from seloste.settings import Durability
from seloste.store.agreed import agree
from seloste.store.apply import apply
from seloste.store.bans import keep_bans
from seloste.store.engine import Connection, open_database, quote
from seloste.store.journal import ReadJournal
from seloste.store.keys import Keys
from seloste.store.registers import RegisterStore
from seloste.store.work import Work

_NUMBERS = itertools.count(1)
KEYS = Keys(b"k" * 32, "drawn")


LINKS = "SELECT kind, row, permission FROM sys_agreed"


class Unjudged(Work):
    """Writing that keeps what nobody needs, as old rows and restored ones may be."""

    def settle(self) -> None:
        keep_bans(self)
        self._bits()
        self._marks()


def new_place(engine: str, folder: Path, pg_url: str | None) -> tuple[str, str | None]:
    """(url, schema) of an empty register."""
    number = next(_NUMBERS)
    if engine == "sqlite":
        return f"sqlite:///{folder / f'r{number}.db'}", None
    assert pg_url is not None
    return pg_url, f"reg_{number}"


@contextmanager
def built(register: Register, place: tuple[str, str | None], now: dt.datetime = NOW) -> Iterator[RegisterStore]:
    """A register built from nothing; on PostgreSQL everything of it goes afterwards."""
    url, schema = place
    database = open_database(url, schema=schema)
    if schema is not None:
        with database.transaction() as conn:
            conn.execute(f'CREATE SCHEMA "{schema}"')
    apply(database, register, KEYS, now=now, actor="test")
    store = RegisterStore(register, database, KEYS, ReadJournal(database, durability=Durability.GROUP))
    try:
        yield store
    finally:
        drop(store, schema)
        store.close()
        if schema is None:
            for path in Path(url.removeprefix("sqlite:///")).parent.glob(f"{Path(url).stem}.db*"):
                path.unlink()


def drop(store: RegisterStore, schema: str | None) -> None:
    store._made.close()
    if schema is None:
        return
    from seloste.store.dialects.postgresql_lens import drop_lens, place_of

    with store.database.transaction() as conn:
        for lens in store.register.lenses:
            drop_lens(conn, *place_of(conn), lens)
        conn.execute(f'DROP SCHEMA "{schema}" CASCADE')


@contextmanager
def writing(store: RegisterStore, now: dt.datetime, *, judged: bool = False) -> Iterator[Work]:
    """An operation; without ``judged`` it keeps what nobody needs."""
    if judged:
        with store.write(now) as work:
            yield work
        return
    with store.database.transaction() as conn:
        store._keep_day(conn, now)
        work = Unjudged(conn, store.statements, store.keys, now)
        yield work
        work.finish()
    store._day = None


class Names:
    """Which ids the rows of a history got, so that a step can say "the second one"."""

    def __init__(self) -> None:
        self.ids: dict[str, list[int]] = {}

    def copy(self) -> Names:
        made = Names()
        made.ids = {kind: list(ids) for kind, ids in self.ids.items()}
        return made

    def nth(self, kind: str, number: int) -> int | None:
        known = self.ids.get(kind, [])
        return known[number % len(known)] if known else None


def do(
    work: Work, names: Names, step: Step, texts: Mapping[str, str] | None = None
) -> tuple[str, int, set[str]] | None:
    """One step: (kind, row, columns written). What cannot be done (nothing to point at, pointed at) is passed over.

    ``texts`` stand in for values, by ``kind.item``.
    """
    register = work.register
    kind = register.tables[step.kind].kind
    values: dict[str, Any] = dict(step.values)
    values |= {
        item: text for item in values if values[item] is not None and (text := (texts or {}).get(f"{step.kind}.{item}"))
    }
    targets = {column.name: column.target for column in register.tables[step.kind].of_role("reference")}
    for column, number in step.references.items():
        target = names.nth(str(targets[column]), number)
        if target is not None:
            values[column] = target
    if step.verb == "insert":
        ends = [end for end in kind.of if end in register.tables]
        lacking = [end for end in ends if end not in values and end not in kind.optional_of]
        if (kind.tie and lacking) or (ends and not kind.subject and not any(end in values for end in ends)):
            return None
        if step.grant is not None and values.get(PERSON) is not None:
            given = {**step.grant, "purpose": register.agreed[step.kind], PERSON: values[PERSON]}
            number = work.insert("permission", given, source="subject", recorded_at=step.recorded_at)
            names.ids.setdefault("permission", []).append(number)
        row = work.insert(step.kind, values, source="subject", recorded_at=step.recorded_at)
        names.ids.setdefault(step.kind, []).append(row)
        if step.grant is not None:
            agree(work, step.kind, row)
        return step.kind, row, set(values)
    known = names.nth(step.kind, step.nth)
    if known is None:
        return None
    if step.verb == "change":
        if values and not _self_pointing(step.kind, known, targets, values):
            work.update(step.kind, known, values)
            return step.kind, known, set(values)
    elif not pointed_at(work.conn, register, step.kind, known):
        work.delete(step.kind, known)
        names.ids[step.kind].remove(known)
    return None


def _self_pointing(kind: str, row: int, targets: Mapping[str, str | None], values: Mapping[str, Any]) -> bool:
    return any(values.get(column) == row for column, target in targets.items() if target == kind)


def pointed_at(conn: Connection, register: Register, kind: str, row: int) -> bool:
    for other, table in register.tables.items():
        for column in table.of_role("reference"):
            if column.target == kind:
                sql = f"SELECT 1 FROM {quote(other)} WHERE {quote(column.name)} = :row"
                if conn.execute(sql, {"row": row}).first():
                    return True
    return False


def dump(store: RegisterStore) -> dict[str, dict[int, dict[str, Any]]]:
    """Every row of the base tables, by kind and id, without what is derived."""
    with store.database.read() as conn:
        return read_rows(conn, store.register)


def read_rows(conn: Connection, register: Register) -> dict[str, dict[int, dict[str, Any]]]:
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for kind, table in register.tables.items():
        names = [column.name for column in table.of_role("id", "reference", "item", "source", "recorded")]
        rows = conn.execute(f"SELECT {', '.join(map(quote, names))} FROM {quote(kind)}")
        found[kind] = {int(row[0]): dict(zip(names, row, strict=True)) for row in rows}
    for kind, number, permission in conn.execute(LINKS).all() if register.agreed else ():
        if number in found.get(kind, {}):
            found[kind][int(number)][AGREED] = int(permission)
    return found


def seen_through(
    store: RegisterStore, lens: str, kind: str, now: dt.datetime, acting: int | None = None
) -> dict[int, dict[str, Any]]:
    """What a lens shows of a kind, by id: the cells that are not empty."""
    with store.through(lens, now, acting) as conn:
        result = conn.execute(f"SELECT * FROM {quote(kind)}")
        keys = result.keys
        return {
            row[0]: {
                key: _plain(value)
                for key, value in zip(keys, row, strict=True)
                if value is not None and key not in ("id", "sys_source", "sys_recorded_at", "sys_guarded")
            }
            for row in result
        }


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def differences(store: RegisterStore, now: dt.datetime) -> list[str]:
    """Where what a lens shows differs from the oracle's reading of the same rows."""
    oracle = Oracle(store.register.notice, dump(store), today(now))
    found = []
    for lens in store.register.lenses.values():
        for acting in (None,) if lens.only is None else (None, *list(oracle.rows[PERSON])[:4]):
            mine = None if lens.only is None else Mine(oracle, lens.only, acting)
            for kind in store.register.tables:
                expected = oracle.seen(lens.purposes, kind)
                if mine is not None:
                    expected = {row: cells for row, cells in expected.items() if mine.shows((kind, row))}
                shown = seen_through(store, lens.key, kind, now, acting) if lens.sees(kind) else {}
                if shown != expected:
                    where = f"{today(now)} {lens.key}{list(lens.purposes)} only {lens.only} of {acting} {kind}"
                    found += _told(where, shown, expected)
    return found


def _told(where: str, shown: Mapping[int, Any], expected: Mapping[int, Any]) -> Iterable[str]:
    for number in sorted({*shown, *expected}):
        if shown.get(number) != expected.get(number):
            yield f"{where} {number}: shown {shown.get(number)}, by the rule {expected.get(number)}"

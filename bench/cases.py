"""The cases: the product's own call, and beside it what one would write by hand on the same tables."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.measure import Measured, Variant, few, measure, must_agree
from bench.world import NOW, World
from seloste.clock import from_utc_text
from seloste.compiler.register import Register
from seloste.operations.actor import Actor
from seloste.operations.records import read
from seloste.operations.records.model import Record
from seloste.operations.records.reading import reading

SALES = Actor("1", "sales")
SEED = 2026
AGREE = 200
"""Of how many keys the results are compared before anything is measured."""
JOURNALED = {"sqlite": 1.9, "postgresql": 1.35}
"""The target of a read that is journaled, against the same by hand without a journal."""
POINTS, PAGES = 400, 40
"""Operations of a round, at whose end what was read is committed to the journal: some 400 entries either way.

Under such load the product commits ``journal.GROUP`` of them together.
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of the report. ``target`` is None for a case that is printed for comparison only."""

    case: str
    engine: str
    n: int
    ratio: float
    p95_ratio: float
    target: float | None
    raw_us: float
    us: float
    note: str = ""

    @property
    def met(self) -> bool | None:
        return None if self.target is None else self.ratio <= self.target


Raw = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]


def raw_of(world: World) -> Raw:
    """The plain driver: prepared statements, one cursor used again. SQL with ``?``."""
    connection = world.plain()
    if isinstance(connection, sqlite3.Connection):
        return lambda sql, params: connection.execute(sql, params).fetchall()
    cursor = connection.cursor()
    texts: dict[str, str] = {}

    def run(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
        text = texts.get(sql)
        if text is None:
            text = texts[sql] = sql.replace("%", "%%").replace("?", "%s")
        return cursor.execute(text, params, prepare=True).fetchall()

    return run


def moments() -> Iterator[dt.datetime]:
    """Later and later, as requests come; made beforehand, so that making them is not measured."""
    return itertools.cycle([NOW + dt.timedelta(milliseconds=number) for number in range(100_000)])


# --- point read -------------------------------------------------------------------------------------------------------

_PERSON = "first_name, last_name, salutation, phone, email, other_contact, remark, id, sys_source, sys_recorded_at"
_TODAY = NOW.date().isoformat()


def _known(raw: Raw, world: World, count: int) -> list[int]:
    """People of whom every cell may be used and no dealing is past its period, so that raw reads need no condition."""
    bit = world.store.register.bit("customer_care")[1] | world.store.register.bit("orders")[1]
    old, older = ((NOW.date() - dt.timedelta(days=days)).isoformat() for days in (360, 720))
    rows = raw(
        f"SELECT id FROM person p WHERE (sys_use_0 & {bit}) = {bit} AND sys_until_customer_care >= '{_TODAY}' "
        f"AND sys_until_orders >= '{_TODAY}' AND NOT EXISTS "
        f"""(SELECT 1 FROM "order" o WHERE o.contact = p.id AND ordered_on < '{older}') AND NOT EXISTS """
        "(SELECT 1 FROM message m JOIN relationship r ON r.id = m.relationship "
        f"WHERE r.person = p.id AND m.sent_at < '{old}') ORDER BY (id * 7919) % 99991",
        (),
    )
    return [number for (number,) in rows[:count]]


def _person(cells: tuple[Any, ...]) -> Record:
    names = ("first_name", "last_name", "salutation", "phone", "email", "other_contact", "remark")
    values = {name: cell for name, cell in zip(names, cells, strict=False) if cell is not None}
    for name in ("phone", "email", "other_contact"):
        if name in values:
            values[name] = json.loads(values[name])
    return Record("person", cells[7], values, {}, cells[8], from_utc_text(cells[9]))


def point_read(world: World, rounds: int) -> list[Outcome]:
    """One person by id: as the record that every page works with, and as bare cells."""
    raw, times, store = raw_of(world), moments(), world.store
    sql = f"SELECT {_PERSON} FROM person WHERE id = ?"
    keys = _known(raw, world, 4000)
    variants = [
        Variant("raw", lambda key: _person(raw(sql, (key,))[0])),
        Variant("off", lambda key: read.row(store, "person", key, actor=SALES, now=next(times), journal=False)),
        Variant("on", lambda key: read.row(store, "person", key, actor=SALES, now=next(times)), store.reads.flush),
    ]
    must_agree(variants, few(keys[:AGREE], rounds))
    found = measure(variants, keys, rounds=rounds, ops=POINTS, seed=SEED, waits=world.waits)
    journal = JOURNALED[world.engine]
    group = f"journal committed every {POINTS} reads; {world.durability}"
    how = reading(store, "sales", "person")
    cells = [
        Variant("raw", lambda key: raw(sql, (key,))),
        Variant("cells", lambda key: how.cells(key, next(times))),
    ]
    must_agree(cells, few(keys[:AGREE], rounds))
    bare = measure(cells, keys, rounds=rounds, ops=POINTS, seed=SEED, waits=world.waits)
    return [
        outcome("point_read", world, found[0], found[1], 1.15),
        outcome("point_read_journal", world, found[0], found[2], journal, group),
        outcome("point_read_cells", world, bare[0], bare[1], None, "bare cells, no records made on either side"),
    ]


# --- all rows of a person ---------------------------------------------------------------------------------------------

_TIES = "{among}(SELECT id FROM relationship WHERE person = ?){end}"
_ORDERS = '{among}(SELECT id FROM "order" WHERE person = ? OR contact = ?){end}'
_DEEDS = f"{{among}}(SELECT id FROM interaction WHERE person = ? OR relationship {_TIES}){{end}}"
# One SELECT a kind, as one would write them by hand, each over the same indexes. How often the person is named.
# With IN beside an OR, PostgreSQL reads whole tables; an array it looks up by the indexes.
_AMONG = {"sqlite": {"among": "IN ", "end": ""}, "postgresql": {"among": "= ANY (ARRAY", "end": ")"}}
_OF_PERSON: Mapping[str, tuple[str, int]] = {
    "address": ("person = ?", 1),
    "relationship": ("person = ?", 1),
    "interaction": (f"person = ? OR relationship {_TIES}", 2),
    "interaction_participant": (f"person = ? OR interaction {_DEEDS}", 3),
    "task": (f"person = ? OR relationship {_TIES}", 2),
    "message": (f"person = ? OR relationship {_TIES}", 2),
    "survey_response": ("person = ?", 1),
    "agreement": ("person = ? OR signatory = ?", 2),
    "order": ("person = ? OR contact = ?", 2),
    "delivery": (f'recipient = ? OR "order" {_ORDERS}', 3),
}
# Newest first, as the page shows them.
_DATED = {
    "address": "sys_recorded_at",
    "relationship": "began",
    "interaction": "at",
    "interaction_participant": "sys_recorded_at",
    "task": "due_on",
    "message": "sent_at",
    "survey_response": "at",
    "agreement": "signed_on",
    "order": "ordered_on",
    "delivery": "shipped_on",
}


class _ByHand:
    """The same rows by hand: a SELECT for each kind, and the same records made of them."""

    def __init__(self, world: World, raw: Raw) -> None:
        self._raw = raw
        self._how = {kind: reading(world.store, "sales", kind) for kind in _OF_PERSON}
        self._sql = {}
        for kind, (template, times) in _OF_PERSON.items():
            where = template.format(**_AMONG[world.engine])
            names = ", ".join(f'"{name}"' for name in self._how[kind].columns)
            order = f"{_DATED[kind]} DESC, id DESC"
            self._sql[kind] = f'SELECT {names} FROM "{kind}" WHERE {where} ORDER BY {order}', times

    def __call__(self, person: int) -> dict[str, tuple[Record, ...]]:
        found = {}
        for kind, (sql, times) in self._sql.items():
            rows = self._raw(sql, (person,) * times)
            if rows:
                found[kind] = tuple([self._how[kind].record(cells) for cells in rows])
        return found


def rows_of_person(world: World, rounds: int) -> list[Outcome]:
    """A person and everything that is theirs, as the person's page asks for it."""
    raw, times, store = raw_of(world), moments(), world.store
    by_hand = _ByHand(world, raw)
    sql = f"SELECT {_PERSON} FROM person WHERE id = ?"
    keys = _known(raw, world, 4000)

    def plain(key: int) -> object:
        return _person(raw(sql, (key,))[0]), by_hand(key)

    def product(key: int, *, journal: bool) -> object:
        found = read.around(store, "person", key, actor=SALES, now=next(times), journal=journal)
        return found.row, found.rows

    def in_order(found: Any) -> object:
        return found[0], dict(sorted(found[1].items()))

    variants = [
        Variant("raw", plain),
        Variant("off", lambda key: product(key, journal=False)),
        Variant("on", lambda key: product(key, journal=True), store.reads.flush),
    ]
    must_agree([each.giving(in_order) for each in variants], few(keys[:AGREE], rounds))
    found = measure(variants, keys, rounds=rounds * 2, ops=PAGES, seed=SEED, waits=world.waits)
    journal = JOURNALED[world.engine]
    group = f"journal committed every {PAGES} pages; {world.durability}"
    return [
        outcome("rows_of_person", world, found[0], found[1], 1.15),
        outcome("rows_of_person_journal", world, found[0], found[2], journal, group),
    ]


# --- purpose-wide -----------------------------------------------------------------------------------------------------

# Marketing holds nothing itself: it borrows the e-mail of these while one of them needs it, and the name of all.
_LEND_EMAIL = ("customer_care", "orders", "service", "complaints", "feedback")
_LEND_NAME = (*_LEND_EMAIL, "agreements", "transactions", "claims")


def purpose_wide(world: World, rounds: int) -> list[Outcome]:
    """Name and e-mail of all whom a purpose may use."""
    outcomes = []
    for lens, purpose in (("care", "customer_care"), ("mailing", "marketing")):
        outcomes += _wide(world, lens, purpose, max(rounds // 3, 3))
    return outcomes


def _wide(world: World, lens: str, purpose: str, rounds: int) -> list[Outcome]:
    raw, times, store = raw_of(world), moments(), world.store
    register = store.register
    use = f"(sys_use_0 & {register.bit(purpose)[1]}) != 0"
    email = "email"
    if purpose == "marketing":
        where = f"{use} AND ({_any_needs(register, _LEND_NAME)})"
        email = f"CASE WHEN {_any_needs(register, _LEND_EMAIL)} THEN email END"
    else:
        where = f"{use} AND sys_until_{purpose} >= '{_TODAY}'"
    how = reading(store, lens, "person")
    columns = ("id", "first_name", "last_name", "email")
    variants = [
        Variant("raw", lambda _: raw(f"SELECT id, first_name, last_name, {email} FROM person WHERE {where}", ())),
        Variant("off", lambda _: how.all_cells(columns, next(times))),
        Variant("scan", lambda _: raw("SELECT id, first_name, last_name, email FROM person", ())),
    ]
    must_agree([each.giving(sorted) for each in variants[:2]], [0])
    shown = len(variants[0].deed(0))
    found = measure(variants, [0], rounds=rounds, ops=1, seed=SEED, waits=world.waits)
    case = f"purpose_wide_{purpose}"
    return [
        outcome(case, world, found[0], found[1], 1.3, f"{shown} people; by hand: the same predicate"),
        outcome(f"{case}_scan", world, found[2], found[1], None, "by hand: everybody, no predicate"),
    ]


def _any_needs(register: Register, purposes: Sequence[str]) -> str:
    tests = [f"(sys_until_{each} >= '{_TODAY}' AND (sys_need_0 & {register.bit(each)[1]}) != 0)" for each in purposes]
    return " OR ".join([*tests, f"(sys_need_0 & {register.bit('partner_marketing')[1]}) != 0"])


def outcome(case: str, world: World, raw: Measured, found: Measured, target: float | None, note: str = "") -> Outcome:
    return Outcome(
        case, world.engine, world.people, found.ratio_to(raw), found.p95 / raw.p95, target,
        raw.median, found.median, note,
    )  # fmt: skip

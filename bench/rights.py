"""Access and erasure of one person over twenty kinds, against SQL by hand in one transaction."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from typing import Any

from bench.cases import SEED, Outcome, outcome
from bench.measure import Variant, few, measure, must_agree
from bench.world import NOW, World
from bench.writes import Execute, executor
from seloste.catalogue.model import PERSON
from seloste.clock import from_utc_text, to_utc_text
from seloste.compiler.sweep import sweep
from seloste.operations.actor import Actor
from seloste.operations.retention.sweep import taken_back
from seloste.operations.rights.erase import _erase, erase
from seloste.operations.rights.gather import LOOKING, Own, gather
from seloste.operations.rights.receive import receive
from seloste.operations.rights.rows import open_one
from seloste.store.journal_tables import BLOCKS, in_block
from seloste.store.values import from_cell

LEAD = Actor("1", "")
OPS = 10
PLAN = 12
"""How many people are looked at to know what an erasure does."""
# Whose a row is, written out: how each kind leads to the person, and how often the person is named in it.
# Beside OR, PostgreSQL reads a whole table for IN (SELECT ...) and goes by the index for a list made first.
_AMONG = {"sqlite": "IN (SELECT id FROM relationship WHERE person = ?)"}
_AMONG["postgresql"] = "= ANY (ARRAY(SELECT id FROM relationship WHERE person = ?))"
_THEIRS: Mapping[str, tuple[str, int]] = {
    "address": ("person = ?", 1),
    "relationship": ("person = ?", 1),
    "interaction": ("person = ? OR relationship {ties}", 2),
    "interaction_participant": ("person = ?", 1),
    "task": ("person = ? OR relationship {ties}", 2),
    "message": ("person = ? OR relationship {ties}", 2),
    "feedback": ("person = ?", 1),
    "complaint": ("person = ? OR relationship {ties}", 2),
    "survey_response": ("person = ?", 1),
    "agreement": ("person = ?", 1),
    "order": ("person = ?", 1),
    "delivery": ('"order" IN (SELECT id FROM "order" WHERE person = ?)', 1),
    "service_job": ("person = ?", 1),
    "invoice": ("person = ?", 1),
    "payment": ("invoice IN (SELECT id FROM invoice WHERE person = ?)", 1),
    "ledger_entry": ("invoice IN (SELECT id FROM invoice WHERE person = ?)", 1),
    "permission": ("person = ?", 1),
    "objection": ("person = ?", 1),
    "ban": ("person = ?", 1),
    "disclosure": ("person = ?", 1),
}
Copy = dict[tuple[str, int], dict[str, Any]]


def theirs(engine: str) -> dict[str, tuple[str, int]]:
    """By kind the condition that tells the rows of a person, as somebody who knows the engine writes it, and how often
    the person is named in it.
    """
    ties = _AMONG[engine]
    return {PERSON: ("id = ?", 1)} | {
        kind: (where.format(ties=ties), times) for kind, (where, times) in _THEIRS.items()
    }


class AccessByHand:
    """A SELECT for each kind in one transaction, its cells made values."""

    def __init__(self, world: World, execute: Execute, *, lawful: bool = False) -> None:
        """``lawful``: with where each row came from and since when."""
        self._execute = execute
        self._world = world
        self.sources: dict[tuple[str, int], tuple[str, str]] = {}
        register = world.store.register
        self._kinds = []
        for kind, (where, times) in theirs(world.engine).items():
            table = register.tables[kind]
            columns = [column.name for column in table.of_role("reference", "item") if column.target != PERSON]
            more = ["sys_source", "sys_recorded_at"] if lawful else []
            names = ", ".join(f'"{name}"' for name in ["id", *columns, *more])
            sql = f'SELECT {names} FROM "{kind}" WHERE {where} ORDER BY id'
            self._kinds.append((kind, columns, table.kind.items, sql, times))

    def __call__(self, person: int) -> Copy:
        found: Copy = {}
        self._execute("BEGIN", ())
        for kind, columns, items, sql, times in self._kinds:
            for number, *cells in self._execute(sql, (person,) * times):
                values = {
                    name: from_cell(items[name], cell) if name in items and items[name].refers_to is None else cell
                    for name, cell in zip(columns, cells, strict=False)
                    if cell is not None
                }
                if values:
                    found[kind, number] = values
                    if len(cells) > len(columns):
                        self.sources[kind, number] = (cells[-2], cells[-1])
        self.besides(person, found)
        self._execute("COMMIT", ())
        return found

    def besides(self, person: int, found: Copy) -> None:
        """What is read in the same transaction besides the cells."""


class LawfulAccess(AccessByHand):
    """The same with what Art. 15 asks besides the cells: where each row came from and when, the dates and roles of the
    looks, and the names of the companies and carriers that the rows lead to. Not asked: which purpose each cell is for.
    """

    def __init__(self, world: World, execute: Execute) -> None:
        super().__init__(world, execute, lawful=True)
        register = world.store.register
        self._companies = [
            (kind, column.name)
            for kind in (PERSON, *_THEIRS)
            for column in register.tables[kind].of_role("reference", "item")
            if column.target is not None and register.tables[column.target].kind.about == "nobody"
        ]
        entries = "SELECT e.seq, e.at, e.actor, e.lens, e.verb, e.kind, e.items, e.note FROM block CROSS JOIN journal"
        which = f"e.verb IN ({', '.join(repr(verb) for verb in LOOKING)}) AND e.outcome = 'done'"
        self._looks = (
            f"{BLOCKS} {entries} e WHERE {in_block('e')} AND e.person = ? AND {which} UNION ALL {entries}_person p"
            f" CROSS JOIN journal e WHERE {in_block('p')} AND p.person = ? AND e.seq = p.seq AND {which}"
            " ORDER BY 1 DESC"
        )
        self.looks: list[tuple[Any, ...]] = []
        self.names: dict[int, str] = {}

    def besides(self, person: int, found: Copy) -> None:
        read = self._execute(self._looks, (person, person))
        self.looks = [(from_utc_text(row[1]), *row[3:6], json.loads(row[6] or "[]"), row[7]) for row in read]
        carriers = self._execute(
            'SELECT DISTINCT o.carrier FROM delivery d JOIN "order" o ON o.id = d."order" WHERE o.person = ?', (person,)
        )
        pointed = {number for (number,) in carriers if number is not None}
        for kind, name in self._companies:
            pointed |= {cells[name] for (of, _), cells in found.items() if of == kind and name in cells}
        marks = ", ".join("?" * len(pointed))
        sql = f"SELECT id, name FROM organisation WHERE id IN ({marks})"
        self.names = dict(self._execute(sql, tuple(pointed))) if pointed else {}


def as_copy(own: Own) -> Copy:
    """What the product gathered, without its reasons."""
    return {(row.kind, row.id): dict(row.values) for row in own.rows}


def access(world: World, rounds: int) -> list[Outcome]:
    """Everything of a person, as the answer to a request of access is made of it."""
    execute, store = executor(world.plain()), world.store
    by_hand = AccessByHand(world, execute)

    def product(person: int) -> Own:
        with store.read(NOW) as conn:
            return gather(store, conn, person, now=NOW)

    def told(person: int) -> int:
        return sum(len(cell.why.reasons) for row in product(person).rows for cell in row.cells)

    def in_order(found: Copy) -> object:
        return sorted(
            (key, sorted((name, repr(value)) for name, value in cells.items())) for key, cells in found.items()
        )

    sizes = world_sizes(world, execute)
    people, heaviest = sizes[len(sizes) // 10 :], sizes[0]
    lawful = LawfulAccess(world, execute)
    variants = [Variant("raw", by_hand), Variant("ours", product), Variant("told", told), Variant("lawful", lawful)]
    agree = [
        Variant("raw", lambda key: in_order(by_hand(key))),
        Variant("ours", lambda key: in_order(as_copy(product(key)))),
        Variant("lawful", lambda key: in_order(lawful(key))),
    ]
    must_agree(agree, [*few(people[:50], rounds), heaviest])
    found = measure(variants, people, rounds=rounds, ops=OPS, seed=SEED, waits=world.waits)
    apart = measure(variants, [heaviest], rounds=max(rounds // 10, 1), ops=1, seed=SEED, waits=world.waits)
    kinds = len({kind for person in people[:50] for kind, _ in by_hand(person)})
    note = f"{kinds} kinds; ours with looks, and with what every reason is made of"
    return [
        outcome("access", world, found[0], found[1], 1.5, note),
        outcome("access_lawful", world, found[3], found[1], None, "by hand with sources, looks and names too"),
        outcome("access_told", world, found[0], found[2], None, "every reason, last day, source and recipient made"),
        outcome("access_heaviest", world, apart[0], apart[1], None, f"{len(by_hand(heaviest))} rows"),
    ]


def world_sizes(world: World, execute: Execute) -> list[int]:
    """People whom nothing holds and who have asked for nothing yet, the one with the most rows first."""
    rows = execute(
        "SELECT p.id FROM person p LEFT JOIN (SELECT r.person, count(*) AS n FROM interaction i JOIN relationship r"
        " ON r.id = i.relationship GROUP BY r.person) c ON c.person = p.id"
        " WHERE p.sys_held = 0 AND p.sys_restricted = 0 AND c.n > 0"
        " AND NOT EXISTS (SELECT 1 FROM rights_request q WHERE q.person = p.id) ORDER BY c.n DESC, p.id",
        (),
    )
    return [number for (number,) in rows]


# --- erasure ----------------------------------------------------------------------------------------------------------


class ErasureByHand:
    """What goes and what is emptied, kind by kind, as whoever wrote it by hand would know; in one transaction."""

    def __init__(
        self, world: World, execute: Execute, plan: Mapping[str, frozenset[str] | None], said: Sequence[str]
    ) -> None:
        self._execute, self._world = execute, world
        self._said = said
        self._at = to_utc_text(NOW)
        self._steps: list[tuple[str, int]] = []
        # Rows that point go before the rows through which they are found.
        for kind, columns in plan.items():
            where, times = theirs(self._world.engine)[kind]
            which = f'SELECT id FROM "{kind}" WHERE {where}'
            if columns is None:
                self._steps.append((f"DELETE FROM sys_find WHERE kind = '{kind}' AND row IN ({which})", times))
                self._steps.append((f'DELETE FROM "{kind}" WHERE {where}', times))
            elif columns:
                items = ", ".join(f"'{name}'" for name in sorted(columns))
                sets = ", ".join(f'"{name}" = NULL' for name in sorted(columns))
                found = f"kind = '{kind}' AND item IN ({items}) AND row IN ({which})"
                self._steps.append((f"DELETE FROM sys_find WHERE {found}", times))
                self._steps.append((f'UPDATE "{kind}" SET {sets} WHERE {where}', times))

    def within(self, person: int) -> None:
        """The statements, in the caller's transaction."""
        run, at = self._execute, self._at
        run("UPDATE permission SET withdrawn_at = ? WHERE person = ? AND withdrawn_at IS NULL", (at, person))
        for purpose in self._said:
            run(
                "INSERT INTO objection (person, purpose, state, raised_at, decided_at, sys_source, sys_recorded_at)"
                " VALUES (?, ?, 'upheld', ?, ?, 'subject', ?)",
                (person, purpose, at, at, at),
            )
        run(
            "INSERT INTO ban (person, channel, set_at, sys_source, sys_recorded_at) VALUES (?, 'all', ?, 'subject', ?)",
            (person, at, at),
        )
        for sql, times in self._steps:
            run(sql, (person,) * times)
        run("UPDATE rights_request SET state = 'done', answered_at = ? WHERE person = ?", (at, person))

    def __call__(self, person: int) -> None:
        run = self._execute
        run("BEGIN IMMEDIATE" if self._world.engine == "sqlite" else "BEGIN", ())
        self.within(person)
        run("COMMIT", ())
        if self._world.engine == "sqlite":
            run("PRAGMA wal_checkpoint(TRUNCATE)", ())


Plan = dict[str, frozenset[str] | None]


def _plan(world: World, execute: Execute, people: Sequence[int]) -> tuple[Plan, list[str], list[str]]:
    """What an erasure does to each kind (None: rows go; else the columns emptied), the purposes said no to, and the
    recipients to be told.

    Taken from what the product does to some people, as the days are in the case of ``collect``; that it is the same for
    others is then compared.
    """
    plan: Plan = {}
    said: list[str] = []
    told: list[str] = []
    for person in people:
        before, request = _rows(world, execute, person), _request(world, person)
        with taken_back(world.store, NOW) as work:
            done, _ = _erase(world.store, work, open_one(world.store, work, request), {}, ban=True, dry_run=True)
            after = {kind: _cells(world, work.conn, kind, rows) for kind, rows in before.items()}
        said, told = list(done.upheld), list(done.told)
        for kind, rows in before.items():
            if world.store.register.tables[kind].kind.built_in:
                continue
            emptied = {
                name
                for number, cells in rows.items()
                for name, cell in cells.items()
                if cell is not None and number in after[kind] and after[kind][number][name] is None
            }
            known = plan.get(kind) or frozenset()
            plan[kind] = known | emptied if after[kind] else None
    order = sweep(world.store.register, world.store.database.dialect).kinds
    return {kind: plan[kind] for kind in order if kind in plan}, said, told


def _request(world: World, person: int) -> int:
    told = {"channel": "office", "evidence": frozenset({"in_person"}), "person": person}
    return receive(world.store, "erasure", **told, actor=LEAD, now=NOW).id  # type: ignore[arg-type]


Found = dict[int, dict[str, Any]]


def _rows(world: World, execute: Execute, person: int) -> dict[str, Found]:
    """Every row of a person by kind, before anything goes."""
    found: dict[str, Found] = {}
    for kind, (where, times) in theirs(world.engine).items():
        names = _names(world, kind)
        chosen = ", ".join(f'"{name}"' for name in names)
        rows = execute(f'SELECT id, {chosen} FROM "{kind}" WHERE {where}', (person,) * times)
        if rows:
            found[kind] = {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}
    return found


def _names(world: World, kind: str) -> list[str]:
    return [column.name for column in world.store.register.tables[kind].of_role("reference", "item")]


def _cells(world: World, conn: Any, kind: str, rows: Mapping[int, Any]) -> Found:
    names = _names(world, kind)
    chosen, ids = ", ".join(f'"{name}"' for name in names), ", ".join(map(str, rows))
    return {
        row[0]: dict(zip(names, row[1:], strict=True))
        for row in conn.execute(f'SELECT id, {chosen} FROM "{kind}" WHERE id IN ({ids})').all()
    }


class _Plain:
    """The plain driver, asked as the product's connections are."""

    def __init__(self, execute: Execute) -> None:
        self._execute = execute

    def execute(self, sql: str) -> Any:
        rows = self._execute(sql, ())
        return type("Rows", (), {"all": staticmethod(lambda: rows)})


def erasure(world: World, rounds: int) -> list[Outcome]:
    """All that may go of a person goes, by the rule; with objections, ban, journal, answer and recipients' tasks."""
    store, execute = world.store, executor(world.plain())
    sizes = world_sizes(world, execute)
    # Those with much have something of every kind, which tells what happens to it.
    heaviest, many, people = sizes[0], sizes[len(sizes) // 10 :][:PLAN], sizes[len(sizes) // 10 + PLAN :]
    random.Random(SEED).shuffle(people)
    plan, said, told = _plan(world, execute, many)
    by_hand = ErasureByHand(world, execute, plan, said)

    def left(kind_of: Any, before: Mapping[str, Found]) -> str:
        kinds = [kind for kind in before if not store.register.tables[kind].kind.built_in]
        return repr({kind: sorted(_cells(world, kind_of, kind, before[kind]).items()) for kind in kinds})

    def product_taken_back(person: int) -> str:
        before, found = _rows(world, execute, person), []
        with taken_back(store, NOW) as work:
            _erase(store, work, open_one(store, work, requests[person]), {}, ban=True, dry_run=False)
            found.append(left(work.conn, before))
        return found[0]

    def hand_taken_back(person: int) -> str:
        before = _rows(world, execute, person)
        execute("BEGIN", ())
        by_hand.within(person)
        found = left(_Plain(execute), before)
        execute("ROLLBACK", ())
        return found

    same = few(people[:20], rounds)
    requests = {person: _request(world, person) for person in (*same, heaviest)}
    must_agree([Variant("raw", hand_taken_back), Variant("ours", product_taken_back)], same)
    from bench.recorded import ErasureRecorded

    raw, ours, kept = (_Next(world, people[start::3]) for start in range(3))
    recorded = ErasureRecorded(world, plan, said, told)
    variants = [
        Variant("raw", lambda _: by_hand(raw.person), ready=raw.ready),
        Variant("ours", lambda _: erase(store, ours.request, actor=LEAD, now=NOW), ready=ours.ready),
        Variant("recorded", lambda _: recorded(kept.person), ready=kept.ready),
    ]
    most = min(len(people) // (3 * OPS) - 2, rounds)
    found = measure(variants, [0], rounds=max(most, 1), ops=OPS, seed=SEED, waits=world.waits)
    # Nobody else has as much, so both erase this one and take it back.
    taken = [Variant("raw", hand_taken_back), Variant("ours", product_taken_back)]
    apart = measure(taken, [heaviest], rounds=1, ops=1, seed=SEED, waits=world.waits)
    rows = sum(map(len, _rows(world, execute, heaviest).values()))
    return [
        outcome("erasure", world, found[0], found[1], 2.0, f"of different people; {world.durability}"),
        outcome("erasure_recorded", world, found[2], found[1], None, "by hand with the same records; judging nothing"),
        outcome("erasure_heaviest", world, apart[0], apart[1], None, f"{rows} rows, taken back, compared after"),
    ]


class _Next:
    """One person after another, each with a request that is not measured."""

    def __init__(self, world: World, people: Sequence[int]) -> None:
        self._world, self._people = world, iter(people)
        self.person = self.request = 0

    def ready(self, _: Any) -> None:
        self.person = next(self._people)
        self.request = _request(self._world, self.person)

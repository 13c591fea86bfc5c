"""The case: every layout does the same operations day by day and gives the same answers; what it took is compared."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from bench.cases import SEED, Outcome
from bench.gdprbench.hand import ByHand
from bench.gdprbench.lawful import Lawful
from bench.gdprbench.model import (
    A_DAY,
    MIXES,
    RECORDS_A_USER,
    ByHandRecords,
    LawfulRecords,
    Operation,
    Records,
    State,
    Workload,
)
from bench.gdprbench.ours import Ours
from bench.gdprbench.wide import BARE, INDEXES, Wide
from bench.measure import Measured, UnequalError, Variant, in_turns
from bench.world import NOW, World, world
from seloste.store.sweep_due import collect

OURS, HAND, LAWFUL = "ours", "hand", "lawful"
TARGET = 1.5
"""Of the product against SQL by hand on the same layout."""
TARGETS_WIDE = {"controller": 0.1}
"""Of the product against the wide table, 1 for the other roles."""
SPACE = 1.2
OF_A_PURPOSE = ("set_purpose", "set_shared")
WRITES = ("create", "delete", "update", "set")


class Layout(Protocol):
    """One way to hold the records."""

    def __call__(self, operation: Operation) -> Any: ...
    def to_day(self, day: dt.date) -> None: ...
    def end_of_round(self) -> None: ...
    def end_of_day(self) -> None: ...
    def plain(self, asked: Operation, answer: Any) -> Any: ...


class Party:
    """A layout as the clock sees it: the round of a day, its answers kept and made comparable when it is over."""

    def __init__(self, name: str, layout: Layout) -> None:
        self.layout = layout
        self.answers: list[Any] = []
        self.variant = Variant(name, self._deed, self._done)
        self._day, self._ends = NOW.date(), False

    def _deed(self, operation: Operation) -> None:
        self.answers.append(self.layout(operation))

    def _done(self) -> None:
        if self._ends:
            self.layout.to_day(self._day + dt.timedelta(days=1))
            self.layout.end_of_day()
        else:
            self.layout.end_of_round()

    def begin(self, day: dt.date, *, ends: bool) -> None:
        """A round of a day, whether or not the day ends with it."""
        self._day, self._ends = day, ends
        self.layout.to_day(day)

    def said(self, asked: Sequence[Operation]) -> list[Any]:
        """The answers of the round, as all layouts say them; None where nothing was found."""
        found, self.answers = self.answers, []
        return [_comparable(each, self.layout, answer) for each, answer in zip(asked, found, strict=True)]


def _comparable(asked: Operation, layout: Layout, answer: Any) -> Any:
    if asked.verb in OF_A_PURPOSE:
        # A purpose is there without records too; in the wide table it then is not.
        return True
    if not answer:
        return None
    return True if asked.verb.startswith((*WRITES, "logs")) else layout.plain(asked, answer) or None


def gdprbench(
    engine: str, records: int, operations: int, folder: Path, *, url: str | None, mixes: Sequence[tuple[str, str]]
) -> Iterator[Outcome]:
    """Space, then every mix asked for. Raises UnequalError when two layouts answer an operation differently."""
    users = max(records // RECORDS_A_USER, RECORDS_A_USER)
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(world(engine, users, folder, url=url, population=Records))
        by_hand, lawful = (
            stack.enter_context(world(engine, users, folder, url=ours.url, population=each))
            for each in (ByHandRecords, LawfulRecords)
        )
        if ours.people != users:
            raise UnequalError("the register that was kept is of another size")
        count = users * RECORDS_A_USER
        tables = {name: Wide(by_hand, name, folder, users, count) for name in (*INDEXES, BARE)}
        for each in (ours, by_hand, lawful):
            # What is rendered when first asked for is rendered now.
            assert each.store.statements.judgements and each.store.statements.marks
            _ready(each)
        yield space(ours, tables[BARE], count)
        layouts: dict[str, Layout] = {OURS: Ours(ours), HAND: ByHand(by_hand), LAWFUL: Lawful(lawful)}
        parties = {name: Party(name, each) for name, each in (layouts | {n: tables[n] for n in INDEXES}).items()}
        state, day = State(users), NOW.date()
        # The records of the first day go before anything is measured, as GDPRbench waits for them.
        for party in parties.values():
            party.begin(day, ends=True)
            party.variant.done()
        day += dt.timedelta(days=1)
        state.expire(day)
        for mix in mixes:
            yield from _role(mix, Workload(state, mix, SEED), day, operations, parties, ours, count)
            day += dt.timedelta(days=-(-operations // A_DAY))


def _ready(each: World) -> None:
    """Indexes of dates as a register has them after its first sweep."""
    with each.store.write(NOW) as work:
        collect(work, every_row=True)


def _role(
    mix: tuple[str, str],
    work: Workload,
    first: dt.date,
    operations: int,
    parties: Mapping[str, Party],
    world_: World,
    count: int,
) -> Iterator[Outcome]:
    matched = [0, 0]

    def rounds() -> Iterator[Sequence[Operation]]:
        for day, ends, asked in work.rounds(first, operations):
            for party in parties.values():
                party.begin(day, ends=ends)
            yield asked
            said = {name: party.said(asked) for name, party in parties.items()}
            for number, each in enumerate(asked):
                answers = {name: found[number] for name, found in said.items()}
                if any(answer != answers[HAND] for answer in answers.values()):
                    told = {name: repr(answer)[:300] for name, answer in answers.items()}
                    raise UnequalError(f"{each} is answered differently: {told}")
                matched[0] += answers[HAND] is not None
                matched[1] += 1

    found = {
        each.name: each
        for each in in_turns([party.variant for party in parties.values()], rounds(), seed=SEED, waits=world_.waits)
    }
    name = "_".join(("gdpr", *mix))
    told = f"{matched[0]} of {matched[1]} operations matched; {world_.durability}"
    yield _outcome(name, world_.engine, count, found[HAND], found[OURS], TARGET, told)
    note = "by hand: writes leave what they must"
    yield _outcome(f"{name}_lawful", world_.engine, count, found[LAWFUL], found[OURS], None, note)
    for table in INDEXES:
        target = TARGETS_WIDE.get(mix[1], 1.0)
        yield _outcome(f"{name}_{table}", world_.engine, count, found[table], found[OURS], target, "")


def _outcome(
    case: str, engine: str, count: int, other: Measured, ours: Measured, target: float | None, note: str
) -> Outcome:
    """By completion time: of all rounds together, since a day with much work to do at its end counts as it is."""
    ratio = sum(ours.rounds) / sum(other.rounds)
    means = (sum(each.rounds) / len(each.rounds) for each in (other, ours))
    return Outcome(case, engine, count, ratio, ours.p95 / other.p95, target, *means, note)


def space(ours: World, bare: Wide, count: int) -> Outcome:
    """Bytes of the register without its journal, against GDPRbench's table with its key and an index of users."""
    taken, table = register_bytes(ours), bare.bytes()
    note = f"MB: {taken / 1e6:.1f} against {table / 1e6:.1f}; of each record's 100 characters {taken / count / 100:.2f}"
    return Outcome("gdpr_space", ours.engine, count, taken / table, 1.0, SPACE, table / 1.0, taken / 1.0, note)


def register_bytes(ours: World) -> int:
    """What the register takes on the disk, its journal left out."""
    import sqlite3

    raw = ours.plain()
    if isinstance(raw, sqlite3.Connection):
        with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
            raw.backup(copy)
            for table in ("journal", "journal_person"):
                copy.execute(f"DROP TABLE {table}")
            copy.execute("VACUUM")
            return int(copy.execute("PRAGMA page_count").fetchone()[0] * copy.execute("PRAGMA page_size").fetchone()[0])
    sql = (
        "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND c.relkind = 'r' AND c.relname NOT LIKE 'journal%%' AND c.relname NOT LIKE 'wide%%'"
    )
    row = raw.execute(sql, (ours.schema,)).fetchone()
    assert row is not None
    return int(row[0])


MIX_NAMES = {"_".join(mix): mix for mix in MIXES}

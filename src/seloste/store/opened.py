"""One register, open: its compiled notice, its database wherever that lies, its keys, its journal."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Hashable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

from seloste.catalogue.types import TYPES
from seloste.catalogue.types.base import ItemType
from seloste.clock import HELSINKI, today
from seloste.compiler.lower import CLOCK
from seloste.compiler.register import CompiledLens, Register
from seloste.errors import SelosteError
from seloste.store.day import current_day, set_day
from seloste.store.dialects.sqlite import SqliteDatabase
from seloste.store.engine import Connection, Database, Row, StoreError
from seloste.store.fixed import Acting, FixedReads, FixedWrites, fixed_reads, fixed_writes
from seloste.store.functions import define_sqlite
from seloste.store.journal import ReadJournal
from seloste.store.keys import Keys
from seloste.store.lens import LensReader, open_lens
from seloste.store.placed import LET_BE, here, rest
from seloste.store.post import Leave, Post
from seloste.store.statements import Statements
from seloste.store.work import Work

STANDS = f"SELECT (SELECT value FROM sys_meta WHERE key = 'digest'), (SELECT today FROM {CLOCK})"
"""The notice that is in force, and the day the register stands at."""


class NoRegisterError(SelosteError):
    """There is no register of that key, or its notice has not been applied."""


class ChangedError(SelosteError):
    """The register's notice has changed since this one was opened; nothing was done."""


class Made:
    """What is made once for a register where it lies, and made anew when it has been moved."""

    def __init__(self, register: Register, database: Database) -> None:
        self.database = database
        self.statements = Statements(register, database.dialect)
        self.kept: dict[Hashable, Any] = {}
        self.lenses: dict[str, LensReader] = {}
        self.fixed: dict[str | None, FixedReads] = {}
        self.writes: FixedWrites | None = None
        if isinstance(database, SqliteDatabase):
            define_sqlite(database, register)

    def close(self) -> None:
        for reader in self.lenses.values():
            reader.close()
        for reads in self.fixed.values():
            reads.close()
        if self.writes is not None:
            self.writes.close()
        self.lenses.clear()
        self.fixed.clear()
        self.writes = None


class RegisterStore:
    """One register, open: its compiled notice, its database, its keys, its journal."""

    def __init__(
        self,
        register: Register,
        database: Database,
        keys: Keys,
        reads: ReadJournal,
        types: Mapping[str, ItemType[Any]] | None = None,
        ledgers: Path | None = None,
        leave: Leave | None = None,
        post: Post | None = None,
    ) -> None:
        self.register = register
        self.database = database
        self.keys = keys
        self.reads = reads
        self.types: Mapping[str, ItemType[Any]] = TYPES if types is None else types
        self.ledgers = ledgers
        """The folder in which the register's ledger is kept apart, None where it is not."""
        self.leave = leave
        """Leaves a letter to be sent, None where no mail is sent."""
        self.post = post
        """Where word is left that letters wait in this register."""
        self._lock = threading.RLock()
        self._made = Made(register, here(database))
        self._left: list[tuple[float, Made]] = []
        """What was made for where it lay before, until whoever reads there has ended."""
        self._day: tuple[dt.datetime, dt.datetime] | None = None
        """When the day that the register stands at begins, and when the next does."""

    @property
    def statements(self) -> Statements:
        """Those that write, for the engine it lies on."""
        return self._here().statements

    @property
    def kept(self) -> dict[Hashable, Any]:
        """What operations make once for this register and use again, by a key of theirs."""
        return self._here().kept

    def _here(self) -> Made:
        database = here(self.database)
        if (made := self._made).database is database:
            return made
        # Not while the lock is held: making it waits for a writer, and a writer comes here within its turn.
        fresh = Made(self.register, database)
        with self._lock:
            if self._made.database is not database:
                self._left.append((time.monotonic(), self._made))
                self._made = fresh
            made, until = self._made, time.monotonic() - LET_BE
            old = [each for each in self._left if each[0] < until]
            self._left = [each for each in self._left if each not in old]
        for _, each in old:
            each.close()
        return made

    @contextmanager
    def write(self, now: dt.datetime) -> Iterator[Work]:
        """One operation: everything in it is kept and judged at its end, then journaled, or nothing is kept.

        Raises NotNeededError when a written cell is one that no purpose needs.
        """
        with self.database.transaction(asking=STANDS) as conn:
            # Another process may have applied a notice: what it no longer names must not be written by the old one.
            ((digest, day),) = conn.asked
            if digest != self.register.hash:
                raise ChangedError(
                    "Seloste on juuri muuttunut. Mitään ei tallennettu. Lataa sivu uudelleen ja yritä uudestaan.",
                    "The notice has just changed. Nothing was saved. Load the page again and try once more.",
                )
            if day != today(now).isoformat():
                set_day(conn, self.register, now)
            work = Work(conn, self.statements, self.keys, now)
            yield work
            work.finish()
        self.stands_at(now)
        for step in work.after:
            step()

    def read(self, now: dt.datetime) -> AbstractContextManager[Connection]:
        """A read outside any lens, for operations that check for themselves what they may show."""
        self.to_day(now)
        return self.database.read()

    @contextmanager
    def through(self, lens: str, now: dt.datetime, acting: int | None = None) -> Iterator[Connection]:
        """A read through a lens: only what its purposes may use, and of ``only:`` what is ``acting``'s."""
        self.to_day(now)
        with self.lens_reader(lens).read(acting) as conn:
            yield conn

    def lens_reader(self, lens: str) -> LensReader:
        made = self._here()
        with self._lock:
            if lens not in made.lenses:
                made.lenses[lens] = open_lens(made.database, self.register, self._lens(lens), self.keys)
            return made.lenses[lens]

    def fixed(self, lens: str | None = None, acting: int | None = None) -> FixedReads:
        """The fixed reads of a lens, or without one of the register itself; call ``to_day`` before each read."""
        chosen = None if lens is None else self._lens(lens)
        made = self._here()
        with self._lock:
            if lens not in made.fixed:
                made.fixed[lens] = fixed_reads(made.database, self.register, chosen, self.keys)
            found = made.fixed[lens]
        return found if chosen is None or chosen.only is None else Acting(found, acting)

    def write_whole(self, sql: str, params: Mapping[str, int | str]) -> Row | None:
        """Run a fixed statement that writes, as a transaction of its own, on PostgreSQL; its row, None if it gave none.

        It takes the gate itself, by ``:gate``, and need not have been run where the register lies now: it has been
        moved since if None is given though it has written.
        """
        made = self._here()
        with self._lock:
            if made.writes is None:
                made.writes = fixed_writes(made.database)
            writes = made.writes
        found = writes.run(sql, params)
        return found if here(self.database) is made.database else None

    def acted_in(self, lens: str) -> CompiledLens | None:
        """The lens of a role that is acted in; None for the register itself, which acts in none (``""``).

        Raises NoRegisterError for a role that is not, or no longer, in the notice: it sees nothing rather than all.
        """
        return self._lens(lens) if lens else None

    def _lens(self, key: str) -> CompiledLens:
        found = self.register.lenses.get(key)
        if found is None:
            raise NoRegisterError("Tätä roolia ei ole selosteessa.", "The notice has no such role.")
        return found

    def to_day(self, now: dt.datetime) -> None:
        """Have the register stand at the day of ``now`` before anything is read."""
        # The edges of the day and ``now`` mostly carry the same zone; then these are two comparisons of numbers.
        if (day := self._day) is not None and day[0] <= now < day[1]:
            return
        with self.database.transaction() as conn:
            self._keep_day(conn, now)
        self.stands_at(now)

    def stands_at(self, now: dt.datetime) -> None:
        """It is known to stand at the day of ``now``."""
        if (day := self._day) is not None and day[0] <= now < day[1]:
            return
        begins = dt.datetime.combine(today(now), dt.time(), tzinfo=HELSINKI)
        self._day = begins, begins + dt.timedelta(days=1)

    def _keep_day(self, conn: Connection, now: dt.datetime) -> None:
        if current_day(conn) != today(now).isoformat():
            set_day(conn, self.register, now)

    def rest(self) -> None:
        """Close what lies idle and forget what was made: nobody has asked for this register for a while.

        Whoever still uses it goes on, and has opened and made anew what it needs.
        """
        with suppress(StoreError):  # what waits in memory stays there, and is committed when the database takes it
            self.reads.flush()
        fresh = Made(self.register, self._made.database)
        with self._lock:
            made, self._made = self._made, fresh
            every = (made, *(made for _, made in self._left))
            self._left.clear()
        for each in every:
            each.close()
            each.kept.clear()
        rest(self.database)

    def close(self) -> None:
        self.reads.close()
        for made in (self._made, *(made for _, made in self._left)):
            made.close()
        self.database.close()

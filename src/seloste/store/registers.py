"""The registers of an installation: made from a notice, opened by key, each in a file or schema of its own."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from seloste.catalogue.types import TYPES
from seloste.catalogue.types.base import ItemType
from seloste.clock import HELSINKI, today
from seloste.compiler.lower import compile_text
from seloste.compiler.plan import Plan
from seloste.compiler.register import CompiledLens, Register
from seloste.compiler.shape import Shape, compiler_mark, shape
from seloste.errors import SelosteError
from seloste.notice.model import Notice
from seloste.notice.serial import to_json
from seloste.settings import Durability, Settings
from seloste.store import ledger, system
from seloste.store.apply import ApplyReport, apply, plan_for
from seloste.store.day import current_day, set_day
from seloste.store.deployment import (
    key_mark,
    open_deployment,
    put_key_mark,
    put_register,
    register_place,
    register_places,
)
from seloste.store.dialects.sqlite import SqliteDatabase
from seloste.store.engine import Connection, Database, open_database
from seloste.store.fixed import Acting, FixedReads, fixed_reads
from seloste.store.functions import define_sqlite
from seloste.store.journal import ReadJournal
from seloste.store.keys import Keys, mark_of, master_secret, not_that_key
from seloste.store.lens import LensReader, open_lens
from seloste.store.post import Leave, Post, leaver
from seloste.store.work import Statements, Work


class NoRegisterError(SelosteError):
    """There is no register of that key, or its notice has not been applied."""


class ChangedError(SelosteError):
    """The register's notice has changed since this one was opened; nothing was done."""


class OtherVersionError(SelosteError):
    """The register was built by another version of Seloste and is not read before it is applied anew."""


LOOK_AGAIN = 1.0
"""Seconds for which an open register is used before it is asked whether its notice has changed."""

LET_BE = 60.0
"""Seconds for which whoever still uses a register of an earlier notice may do so."""


def sqlite_file(settings: Settings, key: str) -> Path:
    """Where a register lies when there is no server."""
    return settings.data_dir / "registers" / f"{key}.db"


def _missing(key: str) -> NoRegisterError:
    return NoRegisterError(
        f"Rekisteriä {key} ei ole. Vie sen seloste voimaan komennolla seloste apply.",
        f"There is no register {key}. Put its notice into force with seloste apply.",
    )


def _with_ledger(database: Database) -> None:
    """A register that an earlier version made gets its ledger."""
    with database.read() as conn:
        there = ledger.exists(conn)
    if not there:
        with database.transaction() as conn:
            ledger.create(conn)


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
        self.statements = Statements(register, database.dialect)
        self.kept: dict[Hashable, Any] = {}
        """What operations make once for this register and use again, by a key of theirs."""
        self._lenses: dict[str, LensReader] = {}
        self._fixed: dict[str | None, FixedReads] = {}
        self._lock = threading.Lock()
        self._day: tuple[dt.datetime, dt.datetime] | None = None
        """When the day that the register stands at begins, and when the next does."""
        if isinstance(database, SqliteDatabase):
            define_sqlite(database, register)

    @contextmanager
    def write(self, now: dt.datetime) -> Iterator[Work]:
        """One operation: everything in it is kept and judged at its end, or nothing is kept.

        Raises NotNeededError when a written cell is one that no purpose needs.
        """
        with self.database.transaction() as conn:
            # Another process may have applied a notice: what it no longer names must not be written by the old one.
            if system.meta(conn, "digest") != self.register.hash:
                raise ChangedError(
                    "Seloste on juuri muuttunut. Mitään ei tallennettu. Lataa sivu uudelleen ja yritä uudestaan.",
                    "The notice has just changed. Nothing was saved. Load the page again and try once more.",
                )
            self._keep_day(conn, now)
            work = Work(conn, self.statements, self.keys, now)
            yield work
            work.settle()
        self._stands_at(now)
        for step in work.after:
            step()

    @contextmanager
    def read(self, now: dt.datetime) -> Iterator[Connection]:
        """A read outside any lens, for operations that check for themselves what they may show."""
        self.to_day(now)
        with self.database.read() as conn:
            yield conn

    @contextmanager
    def through(self, lens: str, now: dt.datetime, acting: int | None = None) -> Iterator[Connection]:
        """A read through a lens: only what its purposes may use, and of ``only:`` what is ``acting``'s."""
        self.to_day(now)
        with self.lens_reader(lens).read(acting) as conn:
            yield conn

    def lens_reader(self, lens: str) -> LensReader:
        with self._lock:
            if lens not in self._lenses:
                self._lenses[lens] = open_lens(self.database, self.register, self._lens(lens), self.keys)
            return self._lenses[lens]

    def fixed(self, lens: str | None = None, acting: int | None = None) -> FixedReads:
        """The fixed reads of a lens, or without one of the register itself; call ``to_day`` before each read."""
        chosen = None if lens is None else self._lens(lens)
        with self._lock:
            if lens not in self._fixed:
                self._fixed[lens] = fixed_reads(self.database, self.register, chosen, self.keys)
            found = self._fixed[lens]
        return found if chosen is None or chosen.only is None else Acting(found, acting)

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
        self._stands_at(now)

    def _stands_at(self, now: dt.datetime) -> None:
        begins = dt.datetime.combine(today(now), dt.time(), tzinfo=HELSINKI)
        self._day = begins, begins + dt.timedelta(days=1)

    def _keep_day(self, conn: Connection, now: dt.datetime) -> None:
        if current_day(conn) != today(now).isoformat():
            set_day(conn, self.register, now)

    def close(self) -> None:
        self.reads.close()
        for reader in self._lenses.values():
            reader.close()
        for reads in self._fixed.values():
            reads.close()
        self.database.close()


class Registers:
    """All registers of an installation."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.deployment = open_deployment(settings)
        try:
            self._master = self._secret()
        except BaseException:
            self.deployment.close()
            raise
        self._open: dict[str, RegisterStore] = {}
        self._looked: dict[str, float] = {}
        self._retired: list[tuple[float, RegisterStore]] = []
        self._lock = threading.RLock()

    def _secret(self) -> bytes:
        """The secret of the key file, made only while there is no register whose data another one encrypts."""
        with self.deployment.read() as conn:
            filled, noted = bool(register_places(conn)), key_mark(conn)
        if self.settings.database_url is None:
            # A register may be there though the directory of registers was lost.
            filled = filled or any((self.settings.data_dir / "registers").glob("*.db"))
        path = self.settings.key_file
        master = master_secret(path, make=not filled)
        if (mark := mark_of(master)) != noted:
            if filled and noted is not None:
                raise not_that_key(path)
            with self.deployment.transaction() as conn:
                put_key_mark(conn, mark)
        return master

    def keys(self) -> tuple[str, ...]:
        """The keys of the registers, in order."""
        with self.deployment.read() as conn:
            return tuple(place.key for place in register_places(conn))

    def place(self, key: str) -> tuple[str, str]:
        """(database url, schema) of a register, existing or to be made.

        A file lies under the data folder wherever that folder is now, so that it may be moved whole; a server may be
        another for each register, and the directory says which.
        """
        if self.settings.database_url is None:
            return f"sqlite:///{sqlite_file(self.settings, key)}", ""
        with self.deployment.read() as conn:
            found = register_place(conn, key)
        return (found.url, found.schema) if found is not None else (self.settings.database_url, f"reg_{key}")

    def database(self, key: str) -> Database:
        url, schema = self.place(key)
        full_sync = self.settings.journal_durability is Durability.EACH
        database = open_database(url, schema=schema or None, full_sync=full_sync)
        if database.dialect == "postgresql":
            with database.transaction() as conn:
                conn.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        return database

    @property
    def mark(self) -> str:
        """By what the key is known again; nothing of it is learnt from this."""
        return mark_of(self._master)

    def register_keys(self, key: str) -> Keys:
        return Keys(self._master, key)

    @property
    def own_keys(self) -> Keys:
        """The keys of the installation's own data; no register has an empty name."""
        return self.register_keys("")

    def apply(
        self, notice: Notice, *, now: dt.datetime, actor: str, text: str = "", dry_run: bool = False
    ) -> ApplyReport:
        """Build or change the register of a notice. Raises StoreError; then nothing changed."""
        register = compile_text(to_json(notice))
        key = notice.register
        with self._lock:
            database = self.database(key)
            try:
                report = apply(
                    database, register, Keys(self._master, key), now=now, actor=actor, notice_text=text, dry_run=dry_run
                )
            finally:
                database.close()
            if not dry_run:
                url, schema = self.place(key)
                with self.deployment.transaction() as conn:
                    put_register(conn, key=key, url=url, schema=schema, digest=notice.digest, now=now)
                opened = self._open.pop(key, None)
                if opened is not None:
                    opened.close()
        return report

    def plan(self, notice: Notice) -> Plan:
        """The steps that apply would run."""
        database = self.database(notice.register)
        try:
            return plan_for(database, compile_text(to_json(notice)))
        finally:
            database.close()

    def open(self, key: str) -> RegisterStore:
        """The register of a key with the notice it runs, opened once and again when another process changes that.

        Raises NoRegisterError when there is none, OtherVersionError when it must be applied anew.
        """
        with self._lock:
            found = self._open.get(key)
            if found is not None and self._runs_still(key, found):
                return found
            if key not in self.keys():
                raise _missing(key)
            database = self.database(key)
            try:
                register = self._built(key, database)
                _with_ledger(database)
            except BaseException:
                database.close()
                raise
            store = RegisterStore(
                register,
                database,
                Keys(self._master, key),
                ReadJournal(database, durability=self.settings.journal_durability),
                self._types(),
                self.settings.ledgers,
                leaver(self.deployment, self.register_keys(key), key) if self.settings.sends_mail else None,
                Post(self.deployment, self.register_keys(key), key, lambda: self.settings),
            )
            self._open[key] = store
            self._looked[key] = time.monotonic()
            return store

    def opened(self) -> tuple[RegisterStore, ...]:
        """The registers that are open in this process."""
        with self._lock:
            return tuple(self._open.values())

    def _runs_still(self, key: str, store: RegisterStore) -> bool:
        """Whether the notice of an open register is still in force; if not, it is closed when nobody can use it."""
        now = time.monotonic()
        while self._retired and self._retired[0][0] < now - LET_BE:
            self._retired.pop(0)[1].close()
        if now - self._looked[key] < LOOK_AGAIN:
            return True
        with store.database.read() as conn:
            digest = system.meta(conn, "digest")
        self._looked[key] = now
        if digest == store.register.hash:
            return True
        self._retired.append((now, self._open.pop(key)))
        return False

    def _built(self, key: str, database: Database) -> Register:
        """The register as its database has it. Raises NoRegisterError and OtherVersionError."""
        with database.read() as conn:
            there = system.exists(conn)
            asked = ("notice", "shape", "compiler")
            text, built, by = (system.meta(conn, each) for each in asked) if there else (None, None, None)
        if text is None:
            raise _missing(key)
        try:
            register = compile_text(text)
            same = by == compiler_mark() or (built is not None and Shape.from_json(built) == shape(register))
        except (ValueError, LookupError, TypeError, AttributeError):  # what this version does not know
            same = False
        if not same:
            raise OtherVersionError(
                f"Rekisterin {key} on rakentanut Selosteen toinen versio. Aja sen tiedostolla seloste apply.",
                f"Register {key} was built by another version of Seloste. Run seloste apply with its file.",
            )
        return register

    def _types(self) -> Mapping[str, ItemType[Any]]:
        """The item types as this installation has them: identity codes of the test series only where it says so."""
        hetu = TYPES["hetu"].configure(allow_test=self.settings.allow_test_identity_codes)
        return {**TYPES, "hetu": hetu}

    def close(self) -> None:
        with self._lock:
            for store in (*self._open.values(), *(store for _, store in self._retired)):
                store.close()
            self._open.clear()
            self._retired.clear()
            self.deployment.close()

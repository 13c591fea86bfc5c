"""The registers of an installation: made from a notice, opened by key, each in a file or schema of its own."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seloste.catalogue.types import TYPES
from seloste.catalogue.types.base import ItemType
from seloste.compiler.lower import compile_text
from seloste.compiler.plan import Plan
from seloste.compiler.register import Register
from seloste.compiler.shape import Shape, compiler_mark, shape
from seloste.errors import SelosteError
from seloste.notice.model import Notice
from seloste.notice.serial import to_json
from seloste.settings import Durability, Settings
from seloste.store import ledger, system
from seloste.store.apply import ApplyReport, apply, plan_for
from seloste.store.deployment import (
    key_mark,
    open_deployment,
    place_now,
    put_key_mark,
    put_register,
    register_place,
    register_places,
)
from seloste.store.engine import Database, has_schema, open_database, quote
from seloste.store.journal import ReadJournal
from seloste.store.keys import Keys, mark_of, master_secret, not_that_key
from seloste.store.moves import moving
from seloste.store.opened import ChangedError, NoRegisterError, RegisterStore
from seloste.store.placed import LET_BE, PlacedDatabase
from seloste.store.places import HOME, Place, plain, schema_of, sqlite_file, url_of
from seloste.store.post import Post, leaver
from seloste.store.renew import Stored, stored


class OtherVersionError(SelosteError):
    """The register was built by another version of Seloste and is not read before it is brought to this one."""


LOOK_AGAIN = 1.0
"""Seconds for which an open register is used before it is asked whether its notice has changed."""

MOST_OPEN = 64
"""How many registers one process keeps open; beyond them the one asked for longest ago is closed and opened again when
it is wanted. An open one in use takes some 4 MB, and on PostgreSQL a few connections."""


def missing(key: str) -> NoRegisterError:
    return NoRegisterError(
        f"Rekisteriä {key} ei ole. Vie sen seloste voimaan komennolla seloste apply.",
        f"There is no register {key}. Put its notice into force with seloste apply.",
    )


def _with_ledger(database: Database) -> None:
    """A register that an earlier version made gets its ledger."""
    with database.read() as conn:
        there = ledger.up_to_date(conn)
    if not there:
        with database.transaction() as conn:
            ledger.create(conn)


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
        """Those in use, the one asked for last at the end."""
        self._looked: dict[str, float] = {}
        self._retired: list[tuple[float, RegisterStore]] = []
        self._lock = threading.Lock()
        """Held for moments, never while a database is asked: a server that is away stops its own registers alone."""
        self._turns: dict[str, threading.RLock] = {}
        self.first_opened: Callable[[RegisterStore], None] | None = None
        """Called with a register before it is used for the first time; what it raises, whoever opens it gets."""
        self._known: set[str] = set()
        self.other_version: Callable[[str], bool] | None = None
        """Called with the key of a register that another version built: whether it has been brought to this one."""

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

    def has(self, key: str) -> bool:
        """Whether there is a register of that key."""
        with self.deployment.read() as conn:
            return register_place(conn, key) is not None

    def place(self, key: str, new_in: str = HOME) -> Place:
        """Where a register lies, or is to be made: in a cell, by default that of the installation itself."""
        with self.deployment.read() as conn:
            found = place_now(conn, key)
        return found if found is not None else Place(new_in, schema_of(self.settings, new_in, key))

    def database(self, key: str, new_in: str = HOME) -> PlacedDatabase:
        """The database of a register wherever it lies, also when it is moved meanwhile."""
        return PlacedDatabase(lambda: self.place(key, new_in), lambda place: self.database_at(key, place))

    def database_at(self, key: str, place: Place) -> Database:
        """The file or schema of a register at a place, whether or not the directory names that place."""
        url = url_of(self.settings, place.cell)
        full_sync = self.settings.journal_durability is Durability.EACH
        if url is None:
            return open_database(f"sqlite:///{sqlite_file(self.settings, key)}", full_sync=full_sync)
        database = open_database(url, schema=place.schema, full_sync=full_sync, gated=True)
        with database.read() as conn:
            there = has_schema(conn, place.schema)
        if not there:
            with database.transaction() as conn:
                conn.execute(f"CREATE SCHEMA IF NOT EXISTS {quote(place.schema)}")
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
        self,
        notice: Notice,
        *,
        now: dt.datetime,
        actor: str,
        text: str = "",
        dry_run: bool = False,
        cell: str | None = None,
        told: int = 0,
    ) -> ApplyReport:
        """Build or change the register of a notice; a new one in ``cell``, by default the installation's own.

        ``told``: how many people ``actor`` says were told of it before; journaled.

        Raises StoreError and NoCellError; then nothing changed.
        """
        register = compile_text(to_json(notice))
        key, cell = notice.register, plain(self.settings, cell or HOME)
        with self._turn(key):
            if self.place(key).moving:
                raise moving(key)
            database = self.database(key, cell)
            try:
                report = apply(
                    database,
                    register,
                    Keys(self._master, key),
                    now=now,
                    actor=actor,
                    notice_text=text,
                    dry_run=dry_run,
                    told=told,
                )
            finally:
                database.close()
            if not dry_run:
                place = self.place(key, cell)
                with self.deployment.transaction() as conn:
                    put_register(conn, key=key, cell=place.cell, schema=place.schema, digest=notice.digest, now=now)
                with self._lock:
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

    def stored(self, key: str) -> Stored | None:
        """The notice that a register runs, also one that another version built; None where it cannot be read."""
        database = self.database(key)
        try:
            return stored(database)
        finally:
            database.close()

    def renew(self, key: str, *, now: dt.datetime, actor: str) -> ApplyReport | None:
        """Bring a register that another version built to this one, its notice unchanged, where nothing is lost by it.

        None where something would be dropped, or cannot be told: then somebody looks at the plan and applies it.
        """
        found = self.stored(key)
        if found is None or not found.only_adds:
            return None
        return self.apply(found.register.notice, now=now, actor=actor, text=found.text)

    def open(self, key: str) -> RegisterStore:
        """The register of a key with the notice it runs, opened once and again when another process changes that.

        Raises NoRegisterError when there is none, OtherVersionError when it must be applied anew.
        """
        if (store := self._just_used(key)) is not None:
            return store
        with self._turn(key):
            with self._lock:
                found = self._open.get(key)
            if found is None or not self._runs_still(key, found):
                found = self._fit(key)
            with self._lock:
                self._open[key] = found
                self._looked[key] = time.monotonic()
                over = [self._open.pop(each) for each in tuple(self._open)[:-MOST_OPEN]]
        for each in over:
            each.rest()
        return found

    @contextmanager
    def aside(self, key: str) -> Iterator[RegisterStore]:
        """A register for a look that is nobody's work: if it is not in use it is closed again, and none in use is
        closed for it. Raises as :meth:`open`.
        """
        with self._lock:
            in_use = key in self._open
        if in_use:
            yield self.open(key)
            return
        with self._turn(key):
            found = self._fit(key)
        try:
            yield found
        finally:
            found.close()

    def _fit(self, key: str) -> RegisterStore:
        """A register opened, and looked at if it is for the first time; in its turn."""
        found = self._opened(key)
        try:
            if self.first_opened is not None and key not in self._known:
                self.first_opened(found)
        except BaseException:
            found.close()
            raise
        self._known.add(key)
        return found

    def _just_used(self, key: str) -> RegisterStore | None:
        """An open register that was asked a moment ago whether its notice has changed."""
        with self._lock:
            found = self._open.get(key)
            if found is None or time.monotonic() - self._looked[key] >= LOOK_AGAIN:
                return None
            # To the end: those asked for longest ago are closed first.
            self._open[key] = self._open.pop(key)
            return found

    def _turn(self, key: str) -> threading.RLock:
        with self._lock:
            return self._turns.setdefault(key, threading.RLock())

    def _opened(self, key: str) -> RegisterStore:
        with self.deployment.read() as conn:
            if place_now(conn, key) is None:
                raise missing(key)
        database = self.database(key)
        try:
            try:
                register = self._built(key, database)
            except OtherVersionError:
                if self.other_version is None or not self.other_version(key):
                    raise
                register = self._built(key, database)
            _with_ledger(database)
        except BaseException:
            database.close()
            raise
        return RegisterStore(
            register,
            database,
            Keys(self._master, key),
            ReadJournal(database, durability=self.settings.journal_durability),
            self._types(),
            self.settings.ledgers,
            leaver(self.deployment, self.register_keys(key), key) if self.settings.sends_mail else None,
            Post(self.deployment, self.register_keys(key), key, lambda: self.settings),
        )

    def opened(self) -> tuple[RegisterStore, ...]:
        """The registers that are open in this process."""
        with self._lock:
            return tuple(self._open.values())

    def _runs_still(self, key: str, store: RegisterStore) -> bool:
        """Whether the notice of an open register is still in force; if not, it is closed when nobody can use it."""
        now = time.monotonic()
        with self._lock:
            old = [each for each in self._retired if each[0] < now - LET_BE]
            self._retired = [each for each in self._retired if each not in old]
        for _, each in old:
            each.close()
        if now - self._looked[key] < LOOK_AGAIN:
            return True
        with store.database.read() as conn:
            digest = system.meta(conn, "digest")
        if digest == store.register.hash:
            return True
        with self._lock:
            # Meanwhile it may have been put aside for another.
            self._open.pop(key, None)
            self._retired.append((now, store))
        return False

    def _built(self, key: str, database: Database) -> Register:
        """The register as its database has it. Raises NoRegisterError and OtherVersionError."""
        with database.read() as conn:
            there = system.exists(conn)
            asked = ("notice", "shape", "compiler")
            text, built, by = (system.meta(conn, each) for each in asked) if there else (None, None, None)
        if text is None:
            raise missing(key)
        try:
            register = compile_text(text)
            same = by == compiler_mark() or (built is not None and Shape.from_json(built) == shape(register))
        except (ValueError, LookupError, TypeError, AttributeError):  # what this version does not know
            same = False
        if not same:
            raise OtherVersionError(
                f"Rekisterin {key} on rakentanut Selosteen toinen versio. Katso sen tiedostolla, mitä muuttuu: seloste"
                " plan. Tee se sitten: seloste apply. Mistä mitään ei lähde, sen tekee seloste serve itse.",
                f"Register {key} was built by another version of Seloste. See with its file what changes: seloste plan."
                " Then do it: seloste apply. Where nothing goes, seloste serve does it by itself.",
            )
        return register

    def _types(self) -> Mapping[str, ItemType[Any]]:
        """The item types as this installation has them: identity codes of the test series only where it says so."""
        hetu = TYPES["hetu"].configure(allow_test=self.settings.allow_test_identity_codes)
        return {**TYPES, "hetu": hetu}

    def close(self) -> None:
        with self._lock:
            every = (*self._open.values(), *(store for _, store in self._retired))
            self._open.clear()
            self._retired.clear()
        for store in every:
            store.close()
        self.deployment.close()


__all__ = ["ChangedError", "NoRegisterError", "OtherVersionError", "RegisterStore", "Registers", "sqlite_file"]

"""Ways of running a statement as an injection would: through the lens's connection, and on the driver beneath it."""

from __future__ import annotations

import sqlite3
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from tests.attacks.world import NOW, World

from seloste.store.dialects.postgresql import PostgresDatabase
from seloste.store.dialects.postgresql_lens import lens_schema, place_of
from seloste.store.engine import quote
from seloste.store.lens import LensRefusedError
from seloste.store.placed import here
from seloste.store.registers import RegisterStore

DRIVERS = (sqlite3.Error, sqlite3.Warning, psycopg.Error, ValueError)
DATABASE_WORDS = (
    "no such",
    "syntax",
    "permission",
    "denied",
    "prohibited",
    "authorized",
    "relation",
    "column",
    "sqlite",
)


@dataclass
class Lens:
    """One lens under attack, with the names an attacker would know."""

    world: World
    store: RegisterStore
    key: str
    raw: Any

    @property
    def shown(self) -> tuple[str, ...]:
        return tuple(self.store.register.lenses[self.key].shows)

    @property
    def withheld(self) -> tuple[str, ...]:
        """Kinds of the register that the lens does not show."""
        return tuple(kind for kind in self.store.register.tables if kind not in self.shown)

    def base(self, table: str) -> str:
        """The base table by its full name."""
        database = here(self.store.database)
        schema = database.schema if isinstance(database, PostgresDatabase) else "main"
        return f"{quote(schema)}.{quote(table)}"

    def others(self) -> list[str]:
        """The schemas of the other lenses, where they have any."""
        if not isinstance(here(self.store.database), PostgresDatabase):
            return []
        with self.store.database.read() as conn:
            name, schema = place_of(conn)
        return [lens_schema(name, schema, each) for each in self.store.register.lenses if each != self.key]

    def through(self, statement: str, params: dict[str, Any] | None = None) -> list[Any] | None:
        """The rows of a statement through the lens, None when it was refused. Fails when the refusal tells anything."""
        try:
            with self.store.through(self.key, NOW) as conn:
                return conn.execute(statement, params or {}).all()
        except LensRefusedError as error:
            told = "".join(traceback.format_exception(error)).lower()
            said = [error.message("fi"), error.message("en")]
            assert error.__cause__ is None and error.__context__ is None, told
            assert not [word for word in DATABASE_WORDS for text in said if word in text.lower()], said
            return None

    def beneath(self, statement: str) -> list[Any] | None:
        """The rows of a statement on the driver's connection of the lens, None when the database refused it."""
        try:
            if isinstance(self.raw, sqlite3.Connection):
                return self.raw.execute(statement).fetchall()
            with self.raw.cursor() as cursor:
                cursor.execute(statement, prepare=True)
                return cursor.fetchall() if cursor.description else []
        except DRIVERS:
            return None
        finally:
            if isinstance(self.raw, psycopg.Connection):
                self.raw.rollback()


def each_lens(world: World) -> Iterator[Lens]:
    """Every lens of both registers, each with a driver's connection of its own."""
    for store, key in world.lenses():
        reader: Any = store.lens_reader(key)
        raw = reader._open()
        try:
            yield Lens(world, store, key, raw)
        finally:
            raw.close()


def got_through(lens: Lens, statements: list[str]) -> list[str]:
    """The statements that were not refused, on either way."""
    ways = {"through": lens.through, "beneath": lens.beneath}
    return [
        f"{lens.key} {way}: {statement}"
        for statement in statements
        for way, run in ways.items()
        if run(statement) is not None
    ]


def let_out(lens: Lens, statements: list[str]) -> list[str]:
    """The statements whose answer holds a mark that the lens must not show, on either way."""
    hidden = lens.world.hidden(lens.store, lens.key)
    found = []
    for statement in statements:
        for way, run in {"through": lens.through, "beneath": lens.beneath}.items():
            text = repr(run(statement))
            if any(mark in text for mark in hidden):
                found.append(f"{lens.key} {way}: {statement}")
    return found

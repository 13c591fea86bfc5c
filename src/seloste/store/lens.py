"""Reading through a lens: a connection that can read what the lens shows and nothing else, whatever it is asked."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from seloste.compiler.register import CompiledLens, Register
from seloste.errors import SelosteError
from seloste.store.engine import Connection, Database, StoreError
from seloste.store.keys import Keys
from seloste.store.placed import here


class LensRefusedError(SelosteError):
    """The database refused to read that through this lens."""


class LensReader(Protocol):
    """Connections opened for one lens. Each kind the lens shows is a view of the kind's name."""

    @property
    def lens(self) -> CompiledLens: ...
    def read(self, acting: int | None = None) -> AbstractContextManager[Connection]:
        """A connection for one read; ``acting`` is the person whose account reads, where the lens sees its own only."""
        ...

    def close(self) -> None: ...


def refused() -> LensRefusedError:
    return LensRefusedError("Tätä ei näytetä tälle roolille.", "This is not shown to this role.")


def too_long() -> LensRefusedError:
    return LensRefusedError(
        "Haku kesti liian kauan ja keskeytettiin. Rajaa sitä.", "This took too long and was stopped. Narrow it down."
    )


def open_lens(database: Database, register: Register, lens: CompiledLens, keys: Keys) -> LensReader:
    """The reader of one lens of a register."""
    from seloste.store.dialects.sqlite import SqliteDatabase

    database = here(database)
    if isinstance(database, SqliteDatabase):
        from seloste.store.dialects.sqlite_lens import SqliteLens

        return SqliteLens(database.path, register, lens)
    from seloste.store.dialects.postgresql import PostgresDatabase
    from seloste.store.dialects.postgresql_lens import PostgresLens

    assert isinstance(database, PostgresDatabase)
    return PostgresLens(database, register, lens, keys)


def check_lens(database: Database, register: Register, lens: CompiledLens, keys: Keys) -> tuple[str, ...]:
    """What a caller's statement through the lens could do that it must not; nothing when the lens holds.

    Each finding is a sentence for whoever runs the server, and says what to do.
    """
    from seloste.store.dialects.sqlite import SqliteDatabase

    database = here(database)
    if isinstance(database, SqliteDatabase):
        from seloste.store.dialects import sqlite_check

        return tuple(sqlite_check.findings(database.path, register, lens))
    from seloste.store.dialects import postgresql_check
    from seloste.store.dialects.postgresql import PostgresDatabase

    assert isinstance(database, PostgresDatabase)
    return tuple(postgresql_check.findings(database, register, lens, keys))


def hardening(url: str | None, owner: str | None = None) -> str:
    """The SQL that a superuser runs once in the database of ``url``, for the login that Seloste runs as.

    Raises StoreError on SQLite, where there is nothing to run, and when neither ``url`` nor ``owner`` names the login.
    """
    if url is None:
        raise StoreError(
            "SQLitessa ei ole kovennettavaa. Aseta SELOSTE_DATABASE_URL, jos käytät PostgreSQL:ää.",
            "On SQLite there is nothing to harden. Set SELOSTE_DATABASE_URL if you use PostgreSQL.",
        )
    from psycopg import conninfo

    from seloste.store.dialects.postgresql_harden import script

    login = owner or conninfo.conninfo_to_dict(url).get("user")
    if not login:
        raise StoreError(
            "Anna Selosteen käyttäjätunnus valitsimella --owner, koska osoite ei kerro sitä.",
            "Give the login that Seloste runs as with --owner, since the address does not tell it.",
        )
    return f"{script(str(login))};"

"""A lens on PostgreSQL: a login of its own, member of nothing, that may select from its own views and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import conninfo
from psycopg import sql as pgsql

from seloste.compiler.register import CompiledLens, Register
from seloste.compiler.views import lens_views
from seloste.store.dialects.postgresql import PostgresConnection, PostgresDatabase
from seloste.store.engine import Connection, Params, Result, one, quote
from seloste.store.keys import Keys
from seloste.store.lens import refused

LOGIN_LENGTH = 63
TIMEOUT_MS = 15_000
POWERS = ("SUPERUSER", "CREATEDB", "CREATEROLE", "REPLICATION", "BYPASSRLS")


def login_of(schema: str, lens: str) -> str:
    """The name of a lens's login, unlike any other register's or lens's, within PostgreSQL's 63 bytes."""
    mark = hashlib.sha256(f"{schema}\0{lens}".encode()).hexdigest()[:12]
    return f"lens_{mark}_{lens}"[:LOGIN_LENGTH]


def lens_schema(schema: str, lens: str) -> str:
    mark = hashlib.sha256(f"{schema}\0{lens}".encode()).hexdigest()[:12]
    return f"{schema[:30]}__{mark}"


def build_lenses(conn: Connection, register: Register, keys: Keys, *, gone: tuple[str, ...] = ()) -> None:
    """Make every lens's login, schema, views and grants anew, in the caller's transaction."""
    schema = str(one(conn.execute("SELECT current_schema()"))[0])
    database = str(one(conn.execute("SELECT current_database()"))[0])
    conn.execute(f"REVOKE ALL ON DATABASE {quote(database)} FROM PUBLIC")
    conn.execute(f"REVOKE ALL ON SCHEMA {quote(schema)} FROM PUBLIC")
    conn.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    for key in gone:
        drop_lens(conn, schema, key)
    for lens in register.lenses.values():
        _build(conn, register, lens, schema, database, keys)


def drop_lens(conn: Connection, schema: str, lens: str) -> None:
    """Take a lens away: its views, its rights, its login."""
    conn.execute(f"DROP SCHEMA IF EXISTS {quote(lens_schema(schema, lens))} CASCADE")
    login = login_of(schema, lens)
    if conn.execute("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = :login", {"login": login}).first():
        # Beside the schema that is gone, it holds the right to connect. DROP OWNED would take a membership in the role.
        database = str(one(conn.execute("SELECT current_database()"))[0])
        conn.execute(f"REVOKE ALL ON DATABASE {quote(database)} FROM {quote(login)}")
        conn.execute(f"DROP ROLE {quote(login)}")


def _build(conn: Connection, register: Register, lens: CompiledLens, schema: str, database: str, keys: Keys) -> None:
    login, place = login_of(schema, lens.key), lens_schema(schema, lens.key)
    if conn.execute("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = :login", {"login": login}).first() is None:
        conn.execute(f"CREATE ROLE {quote(login)}")
    password = pgsql.Literal(keys.password(login)).as_string(None)
    conn.execute(f"ALTER ROLE {quote(login)} LOGIN NOINHERIT CONNECTION LIMIT 20 PASSWORD {password}")
    # A new role has no powers. PostgreSQL lets nobody without a power speak of it, not even to deny it, so only what
    # somebody has given meanwhile is taken back.
    given = one(
        conn.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_catalog.pg_roles"
            " WHERE rolname = :login",
            {"login": login},
        )
    )
    if powers := [power for power, has in zip(POWERS, given, strict=True) if has]:
        conn.execute(f"ALTER ROLE {quote(login)} {' '.join(f'NO{power}' for power in powers)}")
    for setting, value in (
        ("search_path", quote(place)),
        ("default_transaction_read_only", "on"),
        ("statement_timeout", str(TIMEOUT_MS)),
        ("idle_in_transaction_session_timeout", str(TIMEOUT_MS)),
    ):
        conn.execute(f"ALTER ROLE {quote(login)} SET {setting} TO {value}")
    conn.execute(f"GRANT CONNECT ON DATABASE {quote(database)} TO {quote(login)}")
    conn.execute(f"DROP SCHEMA IF EXISTS {quote(place)} CASCADE")
    conn.execute(f"CREATE SCHEMA {quote(place)}")
    conn.execute(f"GRANT USAGE ON SCHEMA {quote(place)} TO {quote(login)}")
    for kind, view in lens_views(register, lens, "postgresql").items():
        name = f"{quote(place)}.{quote(kind)}"
        # The barrier keeps a failing cast or a costly function in a caller's WHERE from seeing rows the view hides.
        conn.execute(f"CREATE VIEW {name} WITH (security_barrier) AS {view.sql}")
        conn.execute(f"GRANT SELECT ON {name} TO {quote(login)}")


class LensConnection(PostgresConnection):
    """A connection of a lens; errors never carry the database's words."""

    def execute(self, sql: str, params: Params = {}) -> Result:  # noqa: B006 - never written to
        if not sql.lstrip().upper().startswith(("SELECT", "WITH")):
            raise refused()
        try:
            return super().execute(sql, params)
        except psycopg.Error:
            raise refused() from None


class PostgresLens:
    """The small pool of one lens's login."""

    def __init__(self, database: PostgresDatabase, register: Register, lens: CompiledLens, keys: Keys) -> None:
        self.lens = lens
        login = login_of(database.schema, lens.key)
        url = conninfo.make_conninfo(database.url, user=login, password=keys.password(login))
        self._database = PostgresDatabase(url, schema=lens_schema(database.schema, lens.key), size=3)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._database.read() as conn:
            assert isinstance(conn, PostgresConnection)
            yield LensConnection(conn.raw)

    def close(self) -> None:
        self._database.close()

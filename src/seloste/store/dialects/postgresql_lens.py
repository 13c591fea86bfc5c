"""A lens on PostgreSQL: a login of its own, member of nothing, that may select from its own views and nothing else.

What PUBLIC could do beside that is taken away in ``postgresql_harden``. Connections are few and short-lived: one is
opened when none lies idle, and closed when nobody has asked for a while, so that many registers share one server.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager

import psycopg
from psycopg import conninfo
from psycopg import sql as pgsql
from psycopg.pq import ExecStatus, TransactionStatus

from seloste.compiler.narrow import ACTING
from seloste.compiler.register import CompiledLens, Register
from seloste.compiler.views import lens_views
from seloste.store.dialects.postgresql import PostgresConnection, PostgresDatabase
from seloste.store.dialects.postgresql_connection import answers, server_of
from seloste.store.dialects.postgresql_harden import harden
from seloste.store.engine import Connection, Params, Result, Row, StoreError, one, quote
from seloste.store.functions import order_sql
from seloste.store.idle import IdlePool
from seloste.store.keys import Keys
from seloste.store.lens import refused, too_long

LOGIN_LENGTH = 63
CONNECTIONS = 20
"""How many connections a lens's login may have, all processes together."""
POOL = 4
"""How many of them one process opens."""
SETTINGS = {
    "default_transaction_read_only": "on",
    "default_transaction_isolation": "'repeatable read'",
    "statement_timeout": "15000",
    "lock_timeout": "5000",
    "idle_in_transaction_session_timeout": "15000",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
}
ADMINS_SETTINGS = {"temp_file_limit": "262144"}
"""In kilobytes; only a superuser may set it for a login."""
_WHO = "seloste.acting"
POWERS = ("SUPERUSER", "CREATEDB", "CREATEROLE", "REPLICATION", "BYPASSRLS")
_FLAGS = ("rolsuper", "rolcreatedb", "rolcreaterole", "rolreplication", "rolbypassrls")


def _mark(database: str, schema: str, lens: str) -> str:
    return hashlib.sha256(f"{database}\0{schema}\0{lens}".encode()).hexdigest()[:16]


def login_of(database: str, schema: str, lens: str) -> str:
    """The name of a lens's login, unlike that of any other on the server, within PostgreSQL's 63 bytes."""
    return f"lens_{_mark(database, schema, lens)}_{lens}"[:LOGIN_LENGTH]


def lens_schema(database: str, schema: str, lens: str) -> str:
    """The name of the schema that holds a lens's views."""
    return f"{schema[:30]}__{_mark(database, schema, lens)}"


def place_of(conn: Connection) -> tuple[str, str]:
    """(database, schema) that a connection of the registers' owner stands in."""
    database, schema = one(conn.execute("SELECT current_database(), current_schema()"))
    return str(database), str(schema)


def acting_as(person: int | None) -> str:
    """The statement after which a connection of a lens that sees its own only reads for ``person``, or for nobody."""
    return f"SET {_WHO} TO '{'' if person is None else int(person)}'"


def build_lenses(conn: Connection, register: Register, keys: Keys, *, gone: tuple[str, ...] = ()) -> None:
    """Make every lens's login, schema, views and grants anew, in the caller's transaction."""
    database, schema = place_of(conn)
    harden(conn)
    conn.send(f"REVOKE ALL ON DATABASE {quote(database)} FROM PUBLIC")
    conn.send(f"REVOKE ALL ON SCHEMA {quote(schema)} FROM PUBLIC")
    conn.send("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    for key in gone:
        drop_lens(conn, database, schema, key)
    if any(lens.only is not None for lens in register.lenses.values()):
        # A lens may not read settings, nor set one within a SELECT; this tells the one that our own code has set.
        conn.send(
            f"CREATE OR REPLACE FUNCTION {ACTING}() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER"
            f" SET search_path = pg_catalog AS $$ SELECT nullif(current_setting('{_WHO}', true), '')::bigint $$"
        )
        conn.send(f"REVOKE ALL ON FUNCTION {ACTING}() FROM PUBLIC")
    powerful = bool(one(conn.execute("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user"))[0])
    given = _powers(conn, [login_of(database, schema, key) for key in register.lenses])
    assert isinstance(conn, PostgresConnection)
    # Asked for here, since it sends what waits: everything that follows travels together.
    raw = conn.raw
    for lens in register.lenses.values():
        login = login_of(database, schema, lens.key)
        _login(conn, raw, login, given.get(login), keys)
        settings = {**SETTINGS, "search_path": quote(lens_schema(database, schema, lens.key))}
        for setting, value in {**settings, **(ADMINS_SETTINGS if powerful else {})}.items():
            conn.send(f"ALTER ROLE {quote(login)} SET {setting} TO {value}")
        _build(conn, register, lens, schema, database)


def drop_lens(conn: Connection, database: str, schema: str, lens: str) -> None:
    """Take a lens away: its views, its rights, its login."""
    conn.execute(f"DROP SCHEMA IF EXISTS {quote(lens_schema(database, schema, lens))} CASCADE")
    login = login_of(database, schema, lens)
    if _exists(conn, login):
        # Beside the schema that is gone, it holds the right to connect, and maybe to call a function. DROP OWNED would
        # take a membership in the role.
        conn.execute(f"REVOKE ALL ON DATABASE {quote(database)} FROM {quote(login)}")
        conn.execute(f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {quote(schema)} FROM {quote(login)}")
        conn.execute(f"DROP ROLE {quote(login)}")


def _exists(conn: Connection, login: str) -> bool:
    found = conn.execute("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = :login", {"login": login})
    return found.first() is not None


def _build(conn: Connection, register: Register, lens: CompiledLens, schema: str, database: str) -> None:
    login, place = login_of(database, schema, lens.key), lens_schema(database, schema, lens.key)
    conn.send(f"GRANT CONNECT ON DATABASE {quote(database)} TO {quote(login)}")
    conn.send(f"DROP SCHEMA IF EXISTS {quote(place)} CASCADE")
    conn.send(f"CREATE SCHEMA {quote(place)}")
    conn.send(f"GRANT USAGE ON SCHEMA {quote(place)} TO {quote(login)}")
    conn.send(f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {quote(schema)} FROM {quote(login)}")
    if lens.only is not None:
        conn.send(f"GRANT EXECUTE ON FUNCTION {ACTING}() TO {quote(login)}")
    order = f"{quote(place)}.seloste_order"
    conn.send(order_sql(order))
    conn.send(f"REVOKE EXECUTE ON FUNCTION {order}(text) FROM PUBLIC")
    conn.send(f"GRANT EXECUTE ON FUNCTION {order}(text) TO {quote(login)}")
    for kind, view in lens_views(register, lens, "postgresql").items():
        name = f"{quote(place)}.{quote(kind)}"
        # The barrier keeps a failing cast or a costly function in a caller's WHERE from seeing rows the view hides.
        conn.send(f"CREATE VIEW {name} WITH (security_barrier) AS {view.sql}")
        conn.send(f"GRANT SELECT ON {name} TO {quote(login)}")


def _powers(conn: Connection, logins: Sequence[str]) -> dict[str, list[str]]:
    """Those of the logins that are there, with the powers that somebody has given them."""
    asked = f"SELECT rolname, {', '.join(_FLAGS)} FROM pg_catalog.pg_roles WHERE rolname = ANY(:logins)"
    return {
        str(login): [power for power, has in zip(POWERS, flags, strict=True) if has]
        for login, *flags in conn.execute(asked, {"logins": list(logins)})
    }


def _login(conn: Connection, raw: psycopg.Connection[Row], login: str, powers: list[str] | None, keys: Keys) -> None:
    """Make a login, or take from one that is there (``powers`` is not None) what it was given."""
    if powers is None:
        conn.send(f"CREATE ROLE {quote(login)}")
    # The server is told a verifier, not the password, so that no log of its statements holds it.
    verifier = raw.pgconn.encrypt_password(keys.password(login).encode(), login.encode(), b"scram-sha-256")
    secret = pgsql.Literal(verifier.decode()).as_string(None)
    conn.send(f"ALTER ROLE {quote(login)} LOGIN NOINHERIT CONNECTION LIMIT {CONNECTIONS} PASSWORD {secret}")
    # A new role has no powers. PostgreSQL lets nobody without a power speak of it, not even to deny it, so only what
    # somebody has given meanwhile is taken back.
    if powers:
        conn.send(f"ALTER ROLE {quote(login)} {' '.join(f'NO{power}' for power in powers)}")


# What the driver raises for a statement it does not run, or a value it cannot bind.
ERRORS = (psycopg.Error, ValueError, OverflowError, TypeError)
SELECT = re.compile(r"\s*(SELECT|WITH)\b[^\0]*\Z", re.IGNORECASE)
NAMING = re.compile(
    r"\b_*(?:reg(?:class|collation|config|database|dictionary|namespace|oper(?:ator)?|proc(?:edure)?|role|type)|pg_\w+)\b"
    r'|u&\s*"'
)
"""Types that turn any number into what has it: tables, roles and schemas of other registers. No right is asked for to
use a type, so they are refused by name; rows of the catalogs hold such types, and letters written as numbers hide one.
"""


class LensConnection(PostgresConnection):
    """A connection of a lens: one SELECT at a time, and errors that never carry the database's words."""

    def __init__(self, raw: psycopg.Connection[Row], names: Set[str] = frozenset()) -> None:
        super().__init__(raw)
        self._names = names
        """What the lens shows, whatever it is called."""
        self.open = True
        self.spoilt = False

    def execute(self, sql: str, params: Params = {}) -> Result:  # noqa: B006 - never written to
        if not self.open or SELECT.match(sql) is None or self._names_numbers(sql.lower()):
            raise refused()
        try:
            return super().execute(sql, params)
        except ERRORS as problem:
            # The views may have changed beneath what the connection has prepared, so it is not used again.
            self.spoilt = True
            error = too_long() if isinstance(problem, psycopg.errors.QueryCanceled) else refused()
        # Raised here, so that the database's own error does not travel with ours.
        raise error

    def _names_numbers(self, text: str) -> bool:
        # Hardly any statement of ours has such letters at all, and looking for them costs next to nothing.
        if "reg" not in text and "pg_" not in text and "u&" not in text:
            return False
        return any(found[0] not in self._names for found in NAMING.finditer(text))

    def fetch(self, sql: str, params: Mapping[str, int | str | None]) -> list[Row]:
        return self.execute(sql, params).all()


def login_url(database: PostgresDatabase, lens: CompiledLens, keys: Keys) -> str:
    """How to connect as a lens's login."""
    with database.read() as conn:
        name, schema = place_of(conn)
    login = login_of(name, schema, lens.key)
    return conninfo.make_conninfo(database.url, user=login, password=keys.password(login))


class PostgresLens:
    """The connections of one lens's login."""

    def __init__(self, database: PostgresDatabase, register: Register, lens: CompiledLens, keys: Keys) -> None:
        self.lens = lens
        self._names = frozenset(
            name for view in lens_views(register, lens, "postgresql").values() for name in view.columns
        )
        self._names |= lens.shows.keys()
        self._url = login_url(database, lens, keys)
        self._pool = IdlePool(
            self._open, psycopg.Connection.close, most=POOL, fresh=answers, server=server_of(database.url)
        )

    def _open(self) -> psycopg.Connection[Row]:
        try:
            raw = psycopg.connect(self._url, connect_timeout=10, prepare_threshold=2)
        except psycopg.Error:
            raise StoreError(
                "Tietokanta ei päästä roolia sisään. Aja seloste apply uudelleen.",
                "The database does not let the role in. Run seloste apply again.",
            ) from None
        raw.read_only = True
        return raw

    @contextmanager
    def read(self, acting: int | None = None) -> Iterator[Connection]:
        raw = self._pool.take()
        conn = LensConnection(raw, self._names)
        try:
            if self.lens.only is not None:
                # Within the transaction, so that it ends with this read.
                raw.execute(acting_as(acting))
            yield conn
        finally:
            conn.open = False
            conn.spoilt = conn.spoilt or not _rolled_back(raw)
            (self._pool.drop if conn.spoilt else self._pool.give)(raw)

    def close(self) -> None:
        self._pool.close()


def _rolled_back(raw: psycopg.Connection[Row]) -> bool:
    """Take back whatever the read set; False when the connection is not to be used again.

    It is said beneath the driver, which would forget what it prepared, have the server forget it too, by one more way
    there and back, and plan each statement anew for the next read. What a lens's login reads, it cannot have made.
    """
    if raw.closed or raw.pgconn.transaction_status == TransactionStatus.IDLE:
        return not raw.closed
    try:
        return raw.pgconn.exec_(b"ROLLBACK").status == ExecStatus.COMMAND_OK
    except psycopg.Error:
        return False

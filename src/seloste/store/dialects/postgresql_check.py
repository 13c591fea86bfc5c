"""Whether a lens on PostgreSQL holds: what its login may do is asked of the server, and what must be refused is tried.

An administrator may have granted something meanwhile, or an upgrade have brought functions that everybody may call.
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from seloste.compiler.register import CompiledLens, Register
from seloste.compiler.views import lens_views
from seloste.errors import SelosteError
from seloste.store.dialects.postgresql import PostgresDatabase
from seloste.store.dialects.postgresql_harden import ALLOWED
from seloste.store.dialects.postgresql_lens import (
    SETTINGS,
    LensConnection,
    PostgresLens,
    lens_schema,
    login_of,
    place_of,
)
from seloste.store.engine import Connection, quote
from seloste.store.keys import Keys

HARDEN = "Run seloste apply as a superuser, or what seloste harden prints."

_PLACE = "(SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = :place)"


def _near(catalog: str) -> str:
    """The oids of what a lens could reach, by indexes: however many registers the database has, they are as many.

    What came with the server (below 16384, FirstNormalObjectId of its ``transam.h``) or with an extension; what lies
    in the lens's own schema and in the register's; and what somebody granted to the login, wherever it lies. Into any
    other schema a login gets by a right to look into it alone, and that is asked of every schema.
    """
    return f"""oid < 16384 OR oid = ANY(ARRAY(
        SELECT d.objid FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.{catalog}'::regclass
        AND d.refclassid = 'pg_catalog.pg_namespace'::regclass
        AND d.refobjid IN (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname IN (:place, current_schema()))
        UNION ALL SELECT d.objid FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.{catalog}'::regclass
        AND d.refclassid = 'pg_catalog.pg_extension'::regclass
        AND d.refobjid IN (SELECT oid FROM pg_catalog.pg_extension)
        UNION ALL SELECT d.objid FROM pg_catalog.pg_shdepend d WHERE d.classid = 'pg_catalog.{catalog}'::regclass
        AND d.refclassid = 'pg_catalog.pg_authid'::regclass
        AND d.refobjid = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = :login)
        AND d.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())))"""


_RELATIONS = f"(SELECT * FROM pg_catalog.pg_class WHERE {_near('pg_class')})"
_FUNCTIONS = f"(SELECT * FROM pg_catalog.pg_proc WHERE {_near('pg_proc')})"
_VIEWS = f"(SELECT * FROM {_RELATIONS} near WHERE relnamespace = {_PLACE})"

# Each gives a row for everything the login may do and must not; :login and :place say whose lens it is.
QUESTIONS = {
    "has powers of its own": """
        SELECT rolname FROM pg_catalog.pg_roles WHERE rolname = :login AND (rolsuper OR rolcreatedb OR rolcreaterole
        OR rolreplication OR rolbypassrls OR rolinherit OR NOT rolcanlogin)
    """,
    "is a member of another role": """
        SELECT r.rolname FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles r ON r.oid = m.roleid
        WHERE m.member = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = :login)
    """,
    "owns something": """
        SELECT objid FROM pg_catalog.pg_shdepend WHERE deptype = 'o' AND refclassid = 'pg_catalog.pg_authid'::regclass
        AND refobjid = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = :login)
    """,
    "may create something in the database": """
        SELECT 1 WHERE has_database_privilege(:login, current_database(), 'CREATE')
        OR has_database_privilege(:login, current_database(), 'TEMP')
    """,
    "may look into or create in another schema": """
        SELECT nspname FROM pg_catalog.pg_namespace n WHERE has_schema_privilege(:login, n.oid, 'CREATE')
        OR (nspname NOT IN (:place, 'pg_catalog', 'information_schema')
            AND has_schema_privilege(:login, n.oid, 'USAGE'))
    """,
    "may read or write something beside its views": f"""
        SELECT c.oid FROM {_RELATIONS} c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND nspname <> 'pg_toast' AND (
          has_any_column_privilege(:login, c.oid, 'INSERT, UPDATE, REFERENCES')
          OR has_table_privilege(:login, c.oid, 'DELETE, TRUNCATE, TRIGGER')
          OR (NOT (nspname = :place AND relkind = 'v') AND has_any_column_privilege(:login, c.oid, 'SELECT')))
        UNION ALL SELECT c.oid FROM {_RELATIONS} c
        WHERE CASE c.relkind WHEN 'S' THEN has_sequence_privilege(:login, c.oid, 'USAGE, SELECT, UPDATE') END
    """,
    "has a view without a barrier": f"""
        SELECT c.oid FROM {_VIEWS} c WHERE NOT coalesce('security_barrier=true' = ANY(c.reloptions), false)
    """,
    "may call a function that is not on the list": f"""
        SELECT p.oid FROM {_FUNCTIONS} p WHERE has_function_privilege(:login, p.oid, 'EXECUTE')
        AND has_schema_privilege(:login, p.pronamespace, 'USAGE') AND p.oid NOT IN ({ALLOWED})
        AND NOT (p.proname = 'seloste_order' AND oidvectortypes(p.proargtypes) = 'text' AND p.provolatile = 'i'
          AND EXISTS (SELECT 1 FROM pg_catalog.pg_namespace n
            WHERE n.oid = p.pronamespace AND n.nspname = :place AND n.nspowner = p.proowner))
    """,
    "may run code in a language": """
        SELECT lanname FROM pg_catalog.pg_language l
        WHERE lanpltrusted AND has_language_privilege(:login, l.oid, 'USAGE')
    """,
    "may use another server": """
        SELECT srvname FROM pg_catalog.pg_foreign_server s WHERE has_server_privilege(:login, s.oid, 'USAGE')
    """,
    "has no limit of connections": "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = :login AND rolconnlimit < 0",
}

# Tried as the lens: each must be refused.
ATTEMPTS = {
    "change how its connection works": "SELECT set_config('statement_timeout', '0', false)",
    "run a statement within another": "SELECT query_to_xml('EXPLAIN SELECT 1', true, true, '')",
    "name the roles of the server": "SELECT 10::oid::regrole::text",
    "read the catalogs": "SELECT relname, reltuples FROM pg_catalog.pg_class",
    "write a large object": "SELECT lo_create(0)",
    "sleep": "SELECT pg_sleep(0)",
    "stack a second statement on the first": "SELECT 1; SELECT 2",
}


def findings(database: PostgresDatabase, register: Register, lens: CompiledLens, keys: Keys) -> Iterator[str]:
    """What a caller's statement could do that it must not, each in a sentence."""
    with database.read() as conn:
        name, schema = place_of(conn)
        login, place = login_of(name, schema, lens.key), lens_schema(name, schema, lens.key)
        if conn.execute("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = :login", {"login": login}).first() is None:
            yield f"There is no login for {lens.key}. Run seloste apply."
            return
        yield from _may(conn, register, lens, login, place)
    reader = PostgresLens(database, register, lens, keys)
    try:
        yield from _tried(reader, lens)
    finally:
        reader.close()


def _may(conn: Connection, register: Register, lens: CompiledLens, login: str, place: str) -> Iterator[str]:
    for told, question in QUESTIONS.items():
        if conn.execute(question, {"login": login, "place": place}).first() is not None:
            yield f"The login of {lens.key} {told}. {HARDEN}"
    kinds = set(lens_views(register, lens, "postgresql"))
    whose = {"login": login, "place": place}
    views = {str(kind) for (kind,) in conn.execute(f"SELECT relname FROM {_VIEWS} c", whose)}
    if kinds != views:
        yield f"The views of {lens.key} are not those of the notice. Run seloste apply."
    kept = conn.execute(
        "SELECT unnest(s.setconfig) FROM pg_catalog.pg_db_role_setting s"
        " JOIN pg_catalog.pg_roles r ON r.oid = s.setrole WHERE rolname = :login",
        {"login": login},
    )
    told_settings = {str(setting).partition("=")[0] for (setting,) in kept}
    if not set(SETTINGS) <= told_settings:
        yield f"The login of {lens.key} lacks its limits. Run seloste apply."


def _tried(reader: PostgresLens, lens: CompiledLens) -> Iterator[str]:
    for told, statement in ATTEMPTS.items():
        if _runs(reader, statement):
            yield f"Through {lens.key} a statement can {told}. {HARDEN}"
    for kind in lens.shows:
        # By a key, so that it takes no longer where there are a million.
        if not _runs(reader, f"SELECT id FROM {quote(kind)} WHERE id = 0"):
            yield f"Through {lens.key} records of {kind} cannot be read. Run seloste apply."


def _runs(reader: PostgresLens, statement: str) -> bool:
    try:
        with reader.read() as conn:
            try:
                conn.execute(statement)
            except SelosteError:
                # It was to be refused, so the connection is as good as before: another is not opened for each.
                assert isinstance(conn, LensConnection)
                conn.spoilt = False
                raise
    except (SelosteError, psycopg.Error):
        return False
    return True

"""What only PostgreSQL's own words can try: roles, settings, catalogs, functions that run text, files, sessions."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
import pytest
from tests.attacks.tries import Lens, each_lens, got_through, let_out
from tests.attacks.world import NOW, World

from seloste.store.dialects.postgresql import PostgresDatabase
from seloste.store.dialects.postgresql_lens import LensConnection, login_of, place_of
from seloste.store.engine import quote
from seloste.store.lens import LensRefusedError
from seloste.store.placed import here

# Refused however they are sent: the login itself may not.
FUNCTIONS = [
    "SELECT set_config('role', 'postgres', false)",
    "SELECT set_config('role', 'none', true), (SELECT count(*) FROM {base})",
    "SELECT set_config('session_authorization', 'postgres', false)",
    "SELECT set_config('search_path', '{schema}', false)",
    "SELECT set_config('statement_timeout', '0', false)",
    "SELECT set_config('default_transaction_read_only', 'off', false)",
    "SELECT pg_catalog.set_config('transaction_read_only', 'off', true)",
    "SELECT U&\"set\\005fconfig\"('role', 'postgres', false)",
    "SELECT \"set_config\"('role', 'postgres', false)",
    "SELECT current_setting('data_directory')",
    "SELECT current_setting('is_superuser')",
    "SELECT query_to_xml('SELECT * FROM {base}', true, true, '')",
    "SELECT query_to_xml('EXPLAIN SELECT * FROM person', true, true, '')",
    "SELECT query_to_xmlschema('SELECT 1', true, true, '')",
    "SELECT table_to_xml('{base}'::regclass, true, true, '')",
    "SELECT schema_to_xml('{schema}', true, true, '')",
    "SELECT database_to_xml(true, true, '')",
    "SELECT cursor_to_xml('c', 1, true, true, '')",
    "SELECT ts_stat('SELECT 1')",
    "SELECT ts_rewrite('a'::tsquery, 'SELECT 1')",
    "SELECT dblink('dbname=postgres', 'SELECT 1')",
    "SELECT lo_create(990001)",
    "SELECT lo_creat(-1)",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT lo_import('/etc/hostname')",
    "SELECT lo_export(990001, '/tmp/sys_try')",
    "SELECT lo_get(990001)",
    "SELECT lo_open(990001, 131072)",
    "SELECT lo_unlink(990001)",
    "SELECT pg_read_file('/etc/hostname')",
    "SELECT pg_read_binary_file('/etc/hostname')",
    "SELECT pg_ls_dir('/')",
    "SELECT pg_stat_file('/etc/hostname')",
    "SELECT pg_ls_waldir()",
    "SELECT pg_current_logfile()",
    "SELECT pg_sleep(0)",
    "SELECT pg_sleep_for('1 ms')",
    "SELECT pg_advisory_lock(1)",
    "SELECT pg_try_advisory_lock(1)",
    "SELECT pg_advisory_xact_lock(1)",
    "SELECT pg_notify('x', 'y')",
    "SELECT pg_listening_channels()",
    "SELECT pg_terminate_backend(1)",
    "SELECT pg_cancel_backend(1)",
    "SELECT pg_reload_conf()",
    "SELECT pg_logical_emit_message(true, 'x', 'y')",
    "SELECT pg_export_snapshot()",
    "SELECT pg_backend_pid()",
    "SELECT pg_relation_size(1259)",
    "SELECT pg_total_relation_size(1259)",
    "SELECT pg_database_size('postgres')",
    "SELECT pg_stat_get_live_tuples(1259)",
    "SELECT pg_stat_get_numscans(1259)",
    "SELECT pg_get_viewdef('person'::regclass)",
    "SELECT pg_get_functiondef(1)",
    "SELECT pg_get_userbyid(10)",
    "SELECT has_table_privilege('{base}', 'SELECT')",
    "SELECT has_column_privilege('{base}', 'id', 'SELECT')",
    "SELECT to_regclass('{base}')",
    "SELECT obj_description(1)",
    "SELECT col_description(1, 1)",
    "SELECT currval('sys_notice_id_seq')",
    "SELECT nextval('{schema}.sys_notice_id_seq')",
    "SELECT lastval()",
    "SELECT version()",
    "SELECT inet_server_addr()",
    "SELECT pg_postmaster_start_time()",
    "SELECT txid_current()",
    "SELECT generate_series(1, 1000000000)",
    "SELECT repeat('x', 1000000000)",
    "SELECT lpad('x', 1000000000, 'y')",
    "SELECT array_fill(1, ARRAY[100000000])",
    "SELECT string_agg('x', 'y') FROM person",
    "SELECT array_agg(id) FROM person",
    "SELECT json_agg(p) FROM person p",
    "SELECT row_to_json(p) FROM person p",
    "SELECT xmlagg(xmlelement(name x, p)) FROM person p",
    "SELECT 'x' ~ '(a+)+$'",
    "SELECT regexp_replace('x', 'x', 'y')",
    "SELECT random()",
    "SELECT gen_random_uuid()",
    "SELECT seloste_day('2026-11-25')",
    "SELECT {schema}.seloste_day('2026-11-25')",
]

_CATALOGS = """
pg_class pg_attribute pg_proc pg_views pg_tables pg_indexes pg_namespace pg_roles pg_authid pg_shadow pg_user
pg_auth_members pg_database pg_stats pg_stats_ext pg_statistic pg_statistic_ext_data pg_stat_activity
pg_stat_user_tables pg_stat_all_tables pg_statio_user_tables pg_stat_ssl pg_locks pg_settings pg_file_settings
pg_hba_file_rules pg_db_role_setting pg_largeobject pg_largeobject_metadata pg_prepared_statements pg_cursors
pg_description pg_rewrite pg_depend pg_shdepend pg_sequences pg_matviews pg_config pg_timezone_names pg_language
pg_available_extensions pg_foreign_server pg_user_mapping pg_subscription
"""
CATALOGS = _CATALOGS.split()

INFORMATION = ("tables", "columns", "views", "table_privileges", "role_table_grants", "routines", "schemata")

# Statements of their own: refused by the lens's connection, and of no use on the bare one.
COMMANDS = [
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    "ALTER ROLE {login} SUPERUSER",
    "ALTER ROLE {login} SET search_path TO {schema}",
    "ALTER SYSTEM SET log_statement = 'all'",
    "GRANT ALL ON {base} TO {login}",
    "CREATE ROLE sys_try",
    "CREATE SCHEMA sys_try",
    "CREATE FUNCTION sys_try() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TEMP VIEW person AS SELECT * FROM {base}",
    "CREATE EXTENSION dblink",
    "DO $$ BEGIN PERFORM 1; END $$",
    "DO LANGUAGE plpgsql 'BEGIN PERFORM 1; END'",
    "COPY {base} TO STDOUT",
    "COPY {base} TO '/tmp/sys_try'",
    "COPY (SELECT * FROM {base}) TO PROGRAM 'true'",
    "COPY {base} FROM PROGRAM 'true'",
    "COPY person FROM STDIN",
    "LOCK TABLE {base}",
    "TRUNCATE {base}",
    "COMMENT ON TABLE {base} IS 'x'",
    "REFRESH MATERIALIZED VIEW person",
    "ALTER VIEW person RESET (security_barrier)",
    "ALTER VIEW person OWNER TO {login}",
    "DROP SCHEMA {schema} CASCADE",
    "DECLARE c CURSOR FOR SELECT * FROM {base}",
    "PREPARE p AS SELECT * FROM {base}",
    "IMPORT FOREIGN SCHEMA x FROM SERVER y INTO z",
    "SECURITY LABEL ON TABLE {base} IS 'x'",
    "EXPLAIN SELECT * FROM {base}",
    "EXPLAIN (ANALYZE) SELECT * FROM {base}",
]


def _filled(lens: Lens, statements: list[str]) -> list[str]:
    database = here(lens.store.database)
    assert isinstance(database, PostgresDatabase)
    with database.read() as conn:
        login = quote(login_of(*place_of(conn), lens.key))
    base = lens.base("person").replace('"', "")
    return [
        each.replace("{base}", base).replace("{schema}", database.schema).replace("{login}", login)
        for each in statements
    ]


def test_no_function_changes_the_session_or_tells_of_the_server(on_postgresql: World) -> None:
    for lens in each_lens(on_postgresql):
        assert got_through(lens, _filled(lens, FUNCTIONS)) == []


def test_a_refused_function_is_refused_wherever_it_stands(on_postgresql: World) -> None:
    call = "set_config('role', 'postgres', false)"
    statements = [
        f"SELECT id FROM person WHERE {call} IS NOT NULL",
        f"SELECT id FROM person ORDER BY {call}",
        f"SELECT id FROM person GROUP BY id HAVING {call} IS NOT NULL",
        f"SELECT CASE WHEN 1 = 1 THEN {call} END",
        f"SELECT (SELECT {call})",
        f"WITH x AS (SELECT {call}) SELECT * FROM x",
        f"SELECT * FROM {call}",
        f"SELECT * FROM person p, LATERAL {call}",
        f"SELECT coalesce(NULL, {call})",
        f"SELECT id FROM person LIMIT (SELECT length({call}))",
        f"SELECT id FROM person p JOIN LATERAL (SELECT {call} AS x) y ON true",
        "SELECT ('x' OPERATOR(pg_catalog.~) 'y')",
    ]
    for lens in each_lens(on_postgresql):
        assert got_through(lens, statements) == []


def test_no_catalog_is_read(on_postgresql: World) -> None:
    for lens in each_lens(on_postgresql):
        statements = [f"SELECT * FROM {name}" for name in CATALOGS]
        statements += [f"SELECT count(*) FROM pg_catalog.{name}" for name in CATALOGS]
        statements += [f"SELECT * FROM information_schema.{name}" for name in INFORMATION]
        statements += ["SELECT reltuples FROM pg_class WHERE relname = 'person'"]
        assert got_through(lens, statements) == []


NAMING = (
    "SELECT 10::oid::regrole",
    "SELECT CAST(10 AS pg_catalog.regrole)",
    "SELECT '{10}'::_regrole",
    "SELECT '{10}'::regrole[]::text",
    'SELECT 10::oid::"regrole"',
    'SELECT 10::oid::U&"regr\\006fle"',
    "SELECT 10::oid::U&\"regr!006fle\" UESCAPE '!'",
    "SELECT 10::oid::RegRole",
    "SELECT regrole '10'",
    "SELECT 2200::oid::regnamespace::text",
    "SELECT 'pg_toast'::regnamespace::oid",
    "SELECT 1259::oid::regclass::text",
    "SELECT '{base}'::regclass",
    "SELECT 1242::oid::regproc",
    "SELECT 1242::oid::regprocedure",
    "SELECT 91::oid::regoper",
    "SELECT 91::oid::regoperator",
    "SELECT 100::oid::regcollation",
    "SELECT 3748::oid::regconfig",
    "SELECT 3765::oid::regdictionary",
    "SELECT 25::oid::regtype",
    "SELECT '(1242,,,,,,,,,,,,,,,,,,,,,)'::pg_aggregate",
    "SELECT ('(1242,,,,,,,,,,,,,,,,,,,,,)'::pg_catalog.pg_aggregate).aggfnoid",
    "WITH RECURSIVE n(x) AS (SELECT 16384 UNION ALL SELECT x + 1 FROM n WHERE x < 40000)"
    " SELECT x::oid::regnamespace::text FROM n",
)
"""Types whose texts are names of what has a number. Nobody may be kept from a type, so the connection refuses them."""


def test_no_number_is_told_the_name_of(on_postgresql: World) -> None:
    """The schemas are called as the registers are, and one may be called as somebody."""
    for lens in each_lens(on_postgresql):
        statements = _filled(lens, list(NAMING))
        assert [each for each in statements if lens.through(each) is not None] == []


def test_what_is_shown_may_be_called_as_a_type_is(on_postgresql: World) -> None:
    lens = next(each_lens(on_postgresql))
    assert lens.through("SELECT id AS jpg_file FROM person") is not None
    with lens.store.through(lens.key, NOW) as conn:
        assert isinstance(conn, LensConnection)
        called = LensConnection(conn.raw, frozenset({"regtype"}))
        assert called.execute('SELECT id AS "regtype" FROM person').all()
        with pytest.raises(LensRefusedError):
            called.execute('SELECT id AS "regrole" FROM person')


def test_commands_do_nothing_on_either_way(on_postgresql: World) -> None:
    for lens in each_lens(on_postgresql):
        assert got_through(lens, _filled(lens, COMMANDS)) == []


def test_what_a_bare_connection_may_say_shows_nothing_more(on_postgresql: World) -> None:
    """Settings of the session that a login may change are no way to another table; on a lens they are refused."""
    for lens in each_lens(on_postgresql):
        for setting in ("RESET ROLE", "RESET ALL", "SET search_path TO {schema}, public", "SET row_security = off"):
            (command,) = _filled(lens, [setting])
            assert lens.through(command) is None
            lens.raw.execute(command)
            hidden = on_postgresql.hidden(lens.store, lens.key)
            for statement in ("SELECT * FROM person", f"SELECT * FROM {lens.base('person')}"):
                try:
                    rows = repr(lens.raw.execute(statement).fetchall())
                except psycopg.Error:
                    lens.raw.rollback()
                    lens.raw.execute(command)
                else:
                    assert not [mark for mark in hidden if mark in rows]
            lens.raw.rollback()


def test_rows_are_not_locked_and_a_cell_of_any_type_is_refused(on_postgresql: World) -> None:
    for lens in each_lens(on_postgresql):
        statements = [
            f"SELECT id FROM person {lock}"
            for lock in (
                "FOR UPDATE",
                "FOR SHARE",
                "FOR KEY SHARE",
                "FOR NO KEY UPDATE NOWAIT",
                "FOR UPDATE SKIP LOCKED",
            )
        ]
        statements += ["SELECT id FROM person TABLESAMPLE SYSTEM (100)", "SELECT * FROM ONLY {base}"]
        assert got_through(lens, _filled(lens, statements)) == []


def test_whole_rows_and_casts_show_only_what_the_lens_shows(on_postgresql: World) -> None:
    for lens in each_lens(on_postgresql):
        statements = []
        for kind in lens.shown:
            name = quote(kind)
            statements += [f"SELECT p FROM {name} p", f"SELECT p::text FROM {name} p", f"SELECT (p).* FROM {name} p"]
        assert let_out(lens, statements) == []


def test_nothing_is_stacked_when_there_is_nothing_to_bind(on_postgresql: World) -> None:
    """The driver sends such a statement by the simple protocol, which takes several, unless it is told otherwise."""
    store = on_postgresql.store("fluiconnecto_customers")
    for stacked in ("SELECT 1; CREATE TABLE sys_stacked (x int)", "SELECT 1; COMMIT; CREATE TABLE sys_stacked (x int)"):
        with pytest.raises(psycopg.Error), store.database.transaction() as conn:
            conn.execute(stacked)
        with store.database.read() as conn:
            found = conn.execute("SELECT 1 FROM pg_catalog.pg_class WHERE relname = 'sys_stacked'")
            assert found.first() is None


def test_the_password_of_a_lens_stands_nowhere_in_its_creation(on_postgresql: World) -> None:
    """What the server is told, and may log, is a verifier made from it."""
    store = on_postgresql.store("fluiconnecto_customers")
    with store.database.read() as conn:
        for lens in store.register.lenses:
            login = login_of(*place_of(conn), lens)
            kept = conn.execute("SELECT rolpassword FROM pg_authid WHERE rolname = :login", {"login": login}).first()
            assert kept is not None
            assert str(kept[0]).startswith("SCRAM-SHA-256$")
            assert store.keys.password(login) not in str(kept[0])


@pytest.fixture
def short(on_postgresql: World) -> Iterator[Lens]:
    """A lens whose statements may take a fifth of a second."""
    store = on_postgresql.store("fluiconnecto_customers")
    with store.database.transaction() as conn:
        name = login_of(*place_of(conn), "sales")
        before = conn.execute("SELECT rolconfig FROM pg_roles WHERE rolname = :name", {"name": name}).first()
        login = quote(name)
        conn.execute(f"ALTER ROLE {login} SET statement_timeout TO '200ms'")
    assert before is not None
    (limit,) = [each for each in before[0] if each.startswith("statement_timeout=")]
    reader = store.lens_reader("sales")
    reader._pool.sweep(0)  # type: ignore[attr-defined]
    yield Lens(on_postgresql, store, "sales", None)
    reader._pool.sweep(0)  # type: ignore[attr-defined]
    with store.database.transaction() as conn:
        conn.execute(f"ALTER ROLE {login} SET {limit.replace('=', ' TO ')}")


def test_a_statement_without_end_is_stopped(short: Lens) -> None:
    statement = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(x) FROM n"
    began = time.monotonic()
    with short.store.through("sales", NOW) as conn, pytest.raises(LensRefusedError, match="took too long"):
        conn.execute(statement)
    assert time.monotonic() - began < 10
    assert short.through("SELECT count(id) FROM person") is not None


def test_a_read_leaves_what_is_prepared_and_nothing_that_it_set(on_postgresql: World) -> None:
    store = on_postgresql.store("fluiconnecto_customers")
    for number in range(5):
        with store.through("sales", NOW) as conn:
            conn.execute("SELECT id FROM person WHERE id = :id", {"id": number})
            raw = conn.raw  # type: ignore[attr-defined]
            raw.execute("SET statement_timeout = 7")
    assert raw._prepared._names
    assert raw.execute("SHOW statement_timeout").fetchone() != ("7ms",)
    raw.rollback()


def test_a_lens_is_open_again_after_its_sessions_were_ended(on_postgresql: World) -> None:
    store = on_postgresql.store("fluiconnecto_customers")
    with store.through("sales", NOW) as conn:
        before = conn.execute("SELECT id FROM person").all()
    with store.database.transaction() as conn:
        login = login_of(*place_of(conn), "sales")
        conn.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :login", {"login": login})
    reader = store.lens_reader("sales")
    time.sleep(1.1)  # one that lay idle for a second is asked whether it lives
    with store.through("sales", NOW) as conn:
        assert conn.execute("SELECT id FROM person").all() == before
    assert len(reader._pool) == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("params", [{"id": "\0"}, {"id": 2**70}, {"id": "\ud800"}, {"id": object()}, {}])
def test_a_value_that_cannot_be_bound_is_told_in_our_words(on_postgresql: World, params: dict[str, object]) -> None:
    lens = next(each_lens(on_postgresql))
    assert lens.through("SELECT id FROM person WHERE id = :id", params) in (None, [])


def test_connections_that_nobody_asks_for_are_closed(world: World) -> None:
    store = world.store("fluiconnecto_customers")
    with store.through("sales", NOW) as conn:
        assert conn.execute("SELECT count(id) FROM person").all()
    pool = store.lens_reader("sales")._pool  # type: ignore[attr-defined]
    assert len(pool) >= 1
    pool.sweep(3600)
    assert len(pool) >= 1
    pool.sweep(0)
    assert len(pool) == 0

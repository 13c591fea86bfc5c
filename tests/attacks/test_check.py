"""``check_lens`` finds nothing in a register as it was applied, and each thing that would open a lens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg import conninfo, sql
from tests.attacks.world import NOW, ROOT, World

from seloste.notice import load
from seloste.settings import Settings
from seloste.store import backup_rows
from seloste.store.dialects import postgresql_check, sqlite_lens
from seloste.store.dialects.postgresql_harden import beyond, script
from seloste.store.dialects.postgresql_lens import lens_schema, login_of, place_of
from seloste.store.engine import Connection, StoreError, quote
from seloste.store.lens import check_lens, hardening
from seloste.store.registers import Registers, RegisterStore


def found(store: RegisterStore, lens: str = "sales") -> tuple[str, ...]:
    return check_lens(store.database, store.register, store.register.lenses[lens], store.keys)


def test_every_lens_holds_as_it_was_applied(world: World) -> None:
    for store, lens in world.lenses():
        assert found(store, lens) == ()


SABOTAGE = {
    "powers": "ALTER ROLE {login} CREATEDB",
    "inherit": "ALTER ROLE {login} INHERIT",
    "member": "GRANT pg_read_all_data TO {login}",
    "owns": "ALTER VIEW {place}.person OWNER TO {login}",
    "temp": "GRANT TEMP ON DATABASE {database} TO PUBLIC",
    "create": "GRANT CREATE ON DATABASE {database} TO {login}",
    "schema": "GRANT USAGE ON SCHEMA {schema} TO {login}",
    "table": "GRANT SELECT ON {schema}.person TO {login}",
    "elsewhere": "GRANT SELECT ON elsewhere.thing TO {login}",
    "elsewhere a column": "GRANT UPDATE (id) ON elsewhere.thing TO {login}",
    "elsewhere a schema": "GRANT USAGE ON SCHEMA elsewhere TO PUBLIC",
    "column": "GRANT SELECT (last_name) ON {schema}.person TO PUBLIC",
    "write": "GRANT UPDATE ON {place}.person TO {login}",
    "sequence": "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {login}",
    "barrier": "ALTER VIEW {place}.person RESET (security_barrier)",
    "function": "GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO PUBLIC",
    "text": "GRANT EXECUTE ON FUNCTION pg_catalog.query_to_xml(text, boolean, boolean, text) TO {login}",
    "catalog": "GRANT SELECT ON pg_catalog.pg_stats TO PUBLIC",
    "language": "GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC",
    "connections": "ALTER ROLE {login} CONNECTION LIMIT -1",
    "limits": "ALTER ROLE {login} RESET statement_timeout",
    "views": "CREATE VIEW {place}.more WITH (security_barrier) AS SELECT 1 AS id",
    "gone": "DROP VIEW {place}.organisation",
    "closed": "REVOKE SELECT ON {place}.person FROM {login}",
}


@pytest.mark.parametrize("statement", SABOTAGE.values(), ids=SABOTAGE.keys())
def test_it_finds_what_an_administrator_opened_on_postgresql(on_postgresql: World, statement: str) -> None:
    """The notice is applied again after each, which mends what it can; the rest is granted back here."""
    store = on_postgresql.store("fluiconnecto_customers")
    with store.database.transaction() as conn:
        conn.execute("CREATE SCHEMA elsewhere")
        conn.execute("CREATE TABLE elsewhere.thing (id bigint)")
    assert found(store) == ()
    with store.database.transaction() as conn:
        conn.execute(_named(conn, statement))
    try:
        assert found(store)
        assert all("sales" in each for each in found(store))
    finally:
        with store.database.transaction() as conn:
            for mending in MENDING:
                conn.execute(_named(conn, mending))
        on_postgresql.registers.apply(store.register.notice, now=NOW, actor="cli")
    assert found(on_postgresql.store("fluiconnecto_customers")) == ()


MENDING = [
    "DROP SCHEMA elsewhere CASCADE",
    "ALTER ROLE {login} NOINHERIT",
    "REVOKE pg_read_all_data FROM {login}",
    "REVOKE ALL ON DATABASE {database} FROM {login}",
    "REVOKE ALL ON SCHEMA {schema} FROM {login}",
    "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {login}, PUBLIC",
    "REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {login}, PUBLIC",
    "REVOKE EXECUTE ON FUNCTION pg_catalog.query_to_xml(text, boolean, boolean, text) FROM {login}",
]


MANY = """DO $$ BEGIN FOR i IN 1..2000 LOOP
  EXECUTE format('CREATE TABLE others.t%s (id bigint)', i);
  EXECUTE format('CREATE FUNCTION others.f%s() RETURNS int LANGUAGE sql RETURN 1', i);
END LOOP; END $$"""


def test_a_register_among_many_is_looked_at_by_what_is_its_own(on_postgresql: World) -> None:
    """Tables and functions of others are not asked about one by one, nor even passed over."""
    store = on_postgresql.store("fluiconnecto_customers")
    near = (postgresql_check._RELATIONS, postgresql_check._FUNCTIONS)

    def asked_about() -> list[int]:
        with store.database.read() as conn:
            database, schema = place_of(conn)
            whose = {name: of(database, schema, "sales") for name, of in (("login", login_of), ("place", lens_schema))}
            return [conn.execute(f"SELECT count(*) FROM {each} near", whose).all()[0][0] for each in near]

    before = asked_about()
    with store.database.transaction() as conn:
        conn.execute("CREATE SCHEMA others")
        conn.execute(MANY)
        conn.execute("ANALYZE pg_catalog.pg_class")
    try:
        assert asked_about() == before
        assert found(store) == ()
        with store.database.read() as conn:
            text = postgresql_check.QUESTIONS["may read or write something beside its views"]
            plans = [
                str(conn.execute(f"EXPLAIN {text}", {"login": "x", "place": "x"}).all()),
                # What every night asks of every register.
                str(conn.execute(f"EXPLAIN {backup_rows.COLUMNS}").all()),
            ]
        assert all("pg_class_oid_index" in plan and "Seq Scan on pg_class" not in plan for plan in plans)
    finally:
        with store.database.transaction() as conn:
            conn.execute("DROP SCHEMA others CASCADE")


def _named(conn: Connection, statement: str) -> str:
    database, schema = place_of(conn)
    return statement.format(
        login=quote(login_of(database, schema, "sales")),
        place=quote(lens_schema(database, schema, "sales")),
        schema=quote(schema),
        database=quote(database),
    )


@pytest.mark.parametrize(
    "opened",
    [
        lambda patch: patch.setattr(sqlite_lens, "INNER_LENGTH", 10_000),
        lambda patch: patch.setattr(sqlite_lens._Guard, "__call__", lambda *_: 0),
        lambda patch: patch.setattr(sqlite_lens, "LIMITS", {}),
        lambda patch: patch.setattr(sqlite_lens, "lens_views", _unbarred),
    ],
    ids=["names", "guard", "limits", "order"],
)
def test_it_finds_a_lens_that_does_not_hold_on_sqlite(
    on_sqlite: World, monkeypatch: pytest.MonkeyPatch, opened: Callable[[pytest.MonkeyPatch], None]
) -> None:
    opened(monkeypatch)
    assert found(on_sqlite.store("fluiconnecto_customers"))


def _unbarred(register: object, lens: object, dialect: str) -> object:
    from seloste.compiler.views import view

    return {kind: view(register, lens, kind, dialect, barred=False) for kind in lens.shows}  # type: ignore[attr-defined, arg-type]


def test_an_owner_without_power_is_told_to_have_the_database_hardened_and_then_holds(
    pg_url: str, tmp_path: Path
) -> None:
    owner = f"owner_{conninfo.conninfo_to_dict(pg_url)['dbname']}"
    with psycopg.connect(pg_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE").format(sql.Identifier(owner)))
        database = sql.Identifier(str(conninfo.conninfo_to_dict(pg_url)["dbname"]))
        admin.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(database, sql.Identifier(owner)))
    url = pg_url.replace("//postgres:@", f"//{owner}:@", 1)
    registers = Registers(Settings(data_dir=tmp_path, database_url=url, key_file=tmp_path / "key"))
    try:
        registers.apply(load(ROOT / "examples/fluiconnecto/notice.yaml"), now=NOW, actor="cli")
        store = registers.open("fluiconnecto_customers")
        assert any("harden" in each for each in found(store))
        with psycopg.connect(pg_url, autocommit=True) as admin:
            admin.execute(script(owner).encode())
            admin.execute(script(owner).encode())
        with store.database.read() as conn:
            assert beyond(conn) == 0
        for lens in store.register.lenses:
            assert found(store, lens) == ()
        # The owner has kept what it needs: the notice is applied again and rows are read.
        registers.apply(load(ROOT / "examples/fluiconnecto/notice.yaml"), now=NOW, actor="cli")
        with registers.open("fluiconnecto_customers").through("sales", NOW) as conn:
            assert conn.execute("SELECT count(id) FROM person").all() == [(0,)]
    finally:
        registers.close()
        with psycopg.connect(pg_url, autocommit=True) as admin:
            admin.execute(sql.SQL("REASSIGN OWNED BY {} TO postgres").format(sql.Identifier(owner)))
            admin.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(owner)))


@pytest.mark.parametrize("owner", ['with "quotes"', "per%cent", "it's", "plain"])
def test_the_script_names_any_owner(pg_url: str, owner: str) -> None:
    with psycopg.connect(pg_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(owner)))
        admin.execute(script(owner).encode())
        kept = admin.execute("SELECT has_function_privilege(%s, 'pg_sleep(float8)', 'EXECUTE')", (owner,)).fetchone()
        admin.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(owner)))
    assert kept == (True,)


def test_serve_does_not_start_while_a_lens_does_not_hold(on_sqlite: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from seloste.cli.serve import CannotServeError, check

    check(on_sqlite.registers)
    monkeypatch.setattr(sqlite_lens._Guard, "__call__", lambda *_: 0)
    with pytest.raises(CannotServeError, match="does not keep a role within its bounds"):
        check(on_sqlite.registers)


def test_serve_does_not_start_while_postgresql_lets_a_lens_do_more(on_postgresql: World) -> None:
    from seloste.cli.serve import CannotServeError, check

    check(on_postgresql.registers)
    store = on_postgresql.store("fluiconnecto_customers")
    with store.database.transaction() as conn:
        conn.execute("GRANT EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) TO PUBLIC")
    with pytest.raises(CannotServeError, match="does not keep a role within its bounds"):
        check(on_postgresql.registers)
    on_postgresql.registers.apply(store.register.notice, now=NOW, actor="cli")
    check(on_postgresql.registers)


def test_what_an_administrator_runs_is_printed_for_the_login_of_the_address() -> None:
    assert 'GRANT EXECUTE ON ROUTINE %s TO "some one"' in hardening("postgresql://some%20one@localhost/x")
    assert 'TO "other"' in hardening("postgresql://some%20one@localhost/x", "other")
    for url in (None, "postgresql://localhost/x"):
        with pytest.raises(StoreError):
            hardening(url)

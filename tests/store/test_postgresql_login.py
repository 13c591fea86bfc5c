"""Seloste needs no superuser on PostgreSQL: a login that may make logins is enough, also to take a role away again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import conninfo, sql

from seloste import notice
from seloste.settings import Settings
from seloste.store.registers import Registers

EXAMPLE = Path(__file__).parents[2] / "examples" / "fluiconnecto" / "notice.yaml"


def test_a_login_without_power_applies_a_notice_and_takes_a_role_away(
    pg_url: str, tmp_path: Path, fixed_now: datetime
) -> None:
    name = f"owner_{conninfo.conninfo_to_dict(pg_url)['dbname']}"
    with psycopg.connect(pg_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE PASSWORD 'invented'").format(sql.Identifier(name)))
        admin.execute(
            sql.SQL("ALTER DATABASE {} OWNER TO {}").format(
                sql.Identifier(str(conninfo.conninfo_to_dict(pg_url)["dbname"])), sql.Identifier(name)
            )
        )
    url = pg_url.replace("//postgres:@", f"//{name}:invented@", 1)
    assert name in url
    others = set(_logins(pg_url))  # of other tests on the same server
    settings = Settings(data_dir=tmp_path, database_url=url, key_file=tmp_path / "secret.key")
    whole = notice.load(EXAMPLE)
    less = replace(whole, staff={key: lens for key, lens in whole.staff.items() if key != "sales"})
    registers = Registers(settings)
    try:
        registers.apply(whole, now=fixed_now, actor="cli")
        assert _powers(pg_url, others) == {(False, False, False, False, False)}
        assert len(set(_logins(pg_url)) - others) == len(whole.staff)
        registers.apply(less, now=fixed_now, actor="cli")
        assert len(set(_logins(pg_url)) - others) == len(whole.staff) - 1
    finally:
        registers.close()
        # The tests' own clean-up drops roles, and this one owns what the test made.
        with psycopg.connect(pg_url, autocommit=True) as admin:
            admin.execute(sql.SQL("REASSIGN OWNED BY {} TO postgres").format(sql.Identifier(name)))
            admin.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))


def test_a_power_that_somebody_gave_a_role_is_taken_back(pg_url: str, tmp_path: Path, fixed_now: datetime) -> None:
    others = set(_logins(pg_url))
    settings = Settings(data_dir=tmp_path, database_url=pg_url, key_file=tmp_path / "secret.key")
    whole = notice.load(EXAMPLE)
    registers = Registers(settings)
    try:
        registers.apply(whole, now=fixed_now, actor="cli")
        with psycopg.connect(pg_url, autocommit=True) as admin:
            login = min(set(_logins(pg_url)) - others)
            admin.execute(sql.SQL("ALTER ROLE {} SUPERUSER CREATEDB").format(sql.Identifier(login)))
        less = replace(whole, effective=fixed_now.date().replace(year=2027))
        registers.apply(less, now=fixed_now, actor="cli")
        registers.apply(replace(whole, staff=dict(list(whole.staff.items())[:-1])), now=fixed_now, actor="cli")
        assert _powers(pg_url, others) == {(False, False, False, False, False)}
    finally:
        registers.close()


def _logins(url: str) -> list[str]:
    with psycopg.connect(url) as admin:
        found = admin.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'lens\\_%' ORDER BY 1").fetchall()
    return [str(name) for (name,) in found]


def _powers(url: str, others: set[str]) -> set[tuple[bool, ...]]:
    with psycopg.connect(url) as admin:
        return set(
            admin.execute(
                "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles"
                " WHERE rolname LIKE 'lens\\_%%' AND rolname <> ALL(%s)",
                [list(others)],
            ).fetchall()
        )

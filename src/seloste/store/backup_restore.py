"""Rows of a backup into a register built for them, in one transaction; nobody opens it before the directory lists it.

A register that was being restored when the program ended is known by a mark of its own, and makes room for the next
try. The mark holds the number of the journal's last entry, so it is that of no register which has been used since.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from seloste.compiler.lower import compile_text
from seloste.compiler.register import Register
from seloste.compiler.shape import shape
from seloste.settings import Settings
from seloste.store import access_state, aids, backup_rows, journal, ledger, system
from seloste.store.access_state import Shut
from seloste.store.apply import build, rebuild
from seloste.store.backup import LOOSE, NUMBERS, PASSING, BackupError, Manifest, Told, count, is_data, nobody, numbers
from seloste.store.destroy import destroy
from seloste.store.dialects.sqlite import SqliteDatabase
from seloste.store.engine import Connection, Database, one
from seloste.store.journal import ReadJournal
from seloste.store.keys import KeyLostError, mark_of, master_secret
from seloste.store.ledger_file import LedgerError, Read, find
from seloste.store.ledger_file import read as read_ledger
from seloste.store.ledger_replay import Replayed, replay
from seloste.store.masks import refresh_bits
from seloste.store.placed import here
from seloste.store.places import sqlite_file
from seloste.store.registers import Registers, RegisterStore
from seloste.store.sweep_due import SWEPT
from seloste.store.work import Work

RESTORING = "restoring"

_BUILT = ("shape", "compiler", "digest", "notice")
"""What the building of a register notes of itself."""

_OWN = frozenset(("sys_meta", "journal_head", NUMBERS))
"""Tables that are not loaded row by row."""


# --- whether it may be done -------------------------------------------------------------------------------------------


def check_key(settings: Settings, manifest: Manifest) -> None:
    """Raises KeyLostError when the key that the backup's sensitive items need is not where the settings say."""
    path = settings.key_file
    if not path.exists():
        raise KeyLostError(
            f"Avaintiedostoa {path} ei ole. Varmuuskopio ei sisällä avainta. Tuo avain ensin omasta tallestaan tähän "
            "paikkaan, tai kerro asetuksella SELOSTE_KEY_FILE, missä se on.",
            f"There is no key file {path}. A backup does not hold the key. Bring the key there from where it is kept, "
            "or say with SELOSTE_KEY_FILE where it is.",
        )
    if mark_of(master_secret(path, make=False)) != manifest.key_mark:
        raise KeyLostError(
            f"Avaintiedosto {path} ei ole se, jolla tämän varmuuskopion tiedot on salattu. Mitään ei palautettu. "
            "Tuo oikea avain omasta tallestaan.",
            f"The key file {path} is not the one that the data of this backup were encrypted with. Nothing was "
            "restored. Bring the right key from where it is kept.",
        )


def check_deployment_empty(deployment: Database) -> None:
    """Raises BackupError when the installation has accounts or registers already."""
    with deployment.read() as conn:
        filled = any(conn.execute(f"SELECT 1 FROM {table}").first() for table in ("account", "register"))
        filled = filled or journal.head(conn).seq > 0
    if filled:
        raise BackupError(
            "Tässä asennuksessa on jo käyttäjiä tai rekistereitä. Mitään ei palautettu. Palauta tyhjään datakansioon "
            "tai tietokantaan, tai tuo vain yksi puuttuva rekisteri valitsimella --register.",
            "This installation has accounts or registers already. Nothing was restored. Restore into an empty data "
            "folder or database, or bring back one register that is missing with --register.",
        )


def make_room(registers: Registers, key: str) -> None:
    """Take away what a restore that was ended left of a register. Raises BackupError when a register is there."""
    place = registers.place(key)
    file = sqlite_file(registers.settings, key)
    there = key in registers.keys()  # noqa: SIM118  not a mapping
    if not there and not place.schema and not file.exists():
        return
    if not there:
        database = registers.database(key)
        try:
            with database.read() as conn:
                there = system.exists(conn) and system.meta(conn, RESTORING) != str(journal.head(conn).seq)
        finally:
            database.close()
    if there:
        where = place.schema or str(file)
        raise BackupError(
            f"Rekisteri {key} on jo olemassa ({where}). Mitään ei palautettu, eikä sitä korvata. Palauta tyhjään "
            "datakansioon tai tietokantaan, tai siirrä vanha ensin pois.",
            f"The register {key} is there already ({where}). Nothing was restored, and it is not replaced. Restore "
            "into an empty data folder or database, or move the old one away first.",
        )
    drop_unlisted(registers, key)


def drop_unlisted(registers: Registers, key: str) -> None:
    """Remove whole a register that the directory does not list."""
    if key not in registers.keys():  # noqa: SIM118  not a mapping
        destroy(registers, key, registers.place(key))


# --- a register -------------------------------------------------------------------------------------------------------


def after_copy(folder: Path, key: str, copy: Connection, *, without: bool) -> Read | None:
    """What the ledger says of the time after a copy; None when the copy is of a version that kept none.

    Raises LedgerError when it is not in the folder, or is older than the copy, unless it is to be done ``without``.
    """
    found = backup_rows.tables(copy)
    if ledger.TABLE not in found:
        return None
    line = copy.execute("SELECT value FROM sys_meta WHERE key = :key", {"key": ledger.LINE}).first()
    path = find(folder, key, str(line[0]) if line else "")
    position = int(one(copy.execute(f"SELECT coalesce(max(seq), 0) FROM {ledger.TABLE}"))[0])
    read = read_ledger(path, position) if path is not None else None
    if read is not None and read.forgotten > position and not without:
        raise LedgerError(
            f"Varmuuskopio on vanhempi kuin rekisterin {key} poistoluettelo muistaa: kopioita säilytetään "
            "SELOSTE_BACKUP_DAYS päivää. Kopion jälkeen poistetut ihmiset tulisivat takaisin. Mitään ei palautettu. "
            "Palauta uudempi kopio. Jos muuta ei ole, anna --without-ledger ja tee poistot uudelleen itse.",
            f"The backup is older than what the ledger of the register {key} remembers: backups are kept for "
            "SELOSTE_BACKUP_DAYS days. People erased after the backup would come back. Nothing was restored. Restore "
            "a newer one. If there is no other, give --without-ledger and erase again yourself whoever was erased.",
        )
    if read is not None and read.last >= position and not read.forgotten > position:
        return read
    if without:
        return None
    raise LedgerError(
        f"Kansiossa {folder} ei ole rekisterin {key} poistoluetteloa, joka ulottuisi varmuuskopioon asti. Ilman sitä "
        "kopion jälkeen poistetut ihmiset tulisivat takaisin. Mitään ei palautettu. Kerro valitsimella --ledger, "
        "missä poistoluettelo on. Jos se on kadonnut, anna --without-ledger ja tee poistot uudelleen itse.",
        f"In {folder} there is no ledger of the register {key} that reaches to this backup. Without it people erased "
        "after the backup would come back. Nothing was restored. Say with --ledger where it is. If it is lost, give "
        "--without-ledger and erase again yourself whoever was erased.",
    )


def _compiled(text: str, key: str) -> Register:
    try:
        return compile_text(text)
    except (ValueError, LookupError, TypeError, AttributeError) as problem:
        raise _not_of_this_version(key) from problem


@contextmanager
def new_store(registers: Registers, key: str, copy: Connection, read: Read | None) -> Iterator[RegisterStore]:
    """The register to be, by the notice that was in force last; not yet built.

    Raises BackupError when this version cannot build it.
    """
    later = read.notice if read is not None else None
    text = later.notice if later is not None else _notice_of(copy)
    register = _compiled(text, key)
    database = registers.database(key)
    store = RegisterStore(register, database, registers.register_keys(key), ReadJournal(database))
    try:
        yield store
    finally:
        store.close()


def _notice_of(copy: Connection) -> str:
    return str(one(copy.execute("SELECT value FROM sys_meta WHERE key = 'notice'"))[0])


def load(
    store: RegisterStore, conn: Connection, copy: Connection, read: Read | None, now: dt.datetime, told: Told = nobody
) -> tuple[int, Replayed]:
    """Build the register as it was, put every row of the copy into it, and do again what the ledger says.

    In the caller's transaction. Everything derived is as of ``now``, by the notice that was in force last. Returns how
    many rows of data came. Raises BackupError when the copy holds what this version of the program does not.
    """
    key = store.register.notice.register
    before = _compiled(_notice_of(copy), key)
    build(store.database, conn, before, store.keys, now=now)
    aids.create(conn)
    found, made, rows = backup_rows.tables(copy), backup_rows.tables(conn), 0
    for table, columns in found.items():
        if table in _OWN or table in LOOSE:
            continue
        kept = tuple(name for name in columns if name in made.get(table, ()))
        _check_kept(copy, before, key, table, set(columns) - set(kept))
        rows += _load(conn, copy, table, kept, told)
    _head(conn, copy)
    for name, value in copy.execute("SELECT key, value FROM sys_meta"):
        if name not in (*_BUILT, SWEPT, RESTORING):
            system.put_meta(conn, name, value)
    backup_rows.raise_numbers(conn, numbers(copy))
    if read is not None and read.notice is not None and before.hash != store.register.hash:
        rebuild(store.database, conn, store.register, store.keys, now=now, text=read.notice.text, noted=False)
    elif read is None:
        ledger.begin_line(conn)
    _derive(store, conn, copy, before, now)
    work = Work(conn, store.statements, store.keys, now)
    replayed = replay(work, read) if read is not None else Replayed()
    work.finish()
    return rows, replayed


def _load(conn: Connection, copy: Connection, table: str, columns: tuple[str, ...], told: Told) -> int:
    rows = 0
    for page in backup_rows.pages(copy, table, columns) if columns else ():
        conn.append(table, columns, page)
        rows += len(page) if is_data(table) else 0
        told(table, len(page))
    return rows


def _check_kept(copy: Connection, register: Register, key: str, table: str, lost: set[str]) -> None:
    """What is not carried over must be derived, or empty."""
    for name in lost:
        derived = table in register.tables and name.startswith("sys_")
        if not derived and count(copy, table, name):
            raise _not_of_this_version(key)


def _not_of_this_version(key: str) -> BackupError:
    return BackupError(
        f"Rekisterin {key} varmuuskopio on toisen ohjelmaversion tekemä, eikä tämä versio osaa lukea kaikkea siitä. "
        "Mitään ei palautettu. Palauta sillä versiolla, jonka nimi on tiedostossa manifest.json.",
        f"The backup of the register {key} was made by another version of the program, and this one cannot read all of "
        "it. Nothing was restored. Restore with the version that manifest.json names.",
    )


def _head(conn: Connection, copy: Connection) -> None:
    seq, seal = one(copy.execute("SELECT seq, hash FROM journal_head"))
    if seq:
        conn.execute("UPDATE journal_head SET seq = :seq, hash = :hash WHERE id = 1", {"seq": seq, "hash": seal})


def _derive(store: RegisterStore, conn: Connection, copy: Connection, built: Register, now: dt.datetime) -> None:
    register = store.register
    for subject in register.subjects:
        refresh_bits(conn, register, subject, None, now)
    was = copy.execute("SELECT value FROM sys_meta WHERE key = 'shape'").first()
    if was is None or was[0] != shape(built).to_json():
        # Made by another version of the program, which may have counted days otherwise.
        for mark in (*store.statements.marks.matters, *store.statements.marks.held):
            conn.execute(mark.all_sql)


def working(store: RegisterStore, conn: Connection, now: dt.datetime) -> Work:
    """The writing of an operation within the transaction of a restore."""
    return Work(conn, store.statements, store.keys, now)


def mark_unlisted(conn: Connection, last_entry: int) -> None:
    """Mark a register as one that the directory does not list yet."""
    system.put_meta(conn, RESTORING, str(last_entry))


def mark_listed(database: Database) -> None:
    """Take the mark away, and leave no byte in the log of what did not come back."""
    with database.transaction() as conn:
        conn.execute("DELETE FROM sys_meta WHERE key = :key", {"key": RESTORING})
    file = here(database)
    if isinstance(file, SqliteDatabase):
        file.truncate_log()


# --- the deployment ---------------------------------------------------------------------------------------------------


def load_deployment(conn: Connection, copy: Connection, told: Told = nobody) -> int:
    """Accounts, roles, keys of programs and the journal, in the caller's transaction. How many rows."""
    found, made, rows = backup_rows.tables(copy), backup_rows.tables(conn), 0
    for table in _in_order(conn, found):
        if table in _OWN or table in PASSING:
            continue
        if not set(found[table]) <= set(made.get(table, ())):
            raise BackupError(
                "Varmuuskopion on tehnyt uudempi versio ohjelmasta. Asenna se ja palauta sillä.",
                "The backup was made by a newer version of the program. Install that one and restore with it.",
            )
        rows += _load(conn, copy, table, found[table], told)
    _head(conn, copy)
    backup_rows.raise_numbers(conn, numbers(copy))
    return rows


def shut_again(conn: Connection, folder: Path, made_at: str, *, without: bool, now: dt.datetime) -> Shut | None:
    """Shut the accounts, roles and keys of programs that were shut after the backup, in the caller's transaction.

    Raises LedgerError when the file that tells is not in the folder or is older than the backup, unless it is to be
    done ``without``.
    """
    known = [str(row[0]) for row in conn.execute("SELECT id FROM account")]
    if not known:
        return Shut()
    state = access_state.find(folder, known, made_at)
    if state is not None:
        return access_state.shut(conn, state, now)
    if without:
        return None
    raise LedgerError(
        f"Kansiossa {folder} ei ole tiedostoa {access_state.FILE}, joka ulottuisi varmuuskopioon asti. Ilman sitä "
        "kopion jälkeen suljetut tunnukset avautuisivat. Mitään ei palautettu. Kerro valitsimella --ledger, missä se "
        "on. Jos se on kadonnut, anna --without-ledger ja sulje tunnukset uudelleen itse.",
        f"In {folder} there is no {access_state.FILE} that reaches to this backup. Without it accounts closed after "
        "the backup would be open. Nothing was restored. Say with --ledger where it is. If it is lost, give "
        "--without-ledger and close again yourself whoever has left.",
    )


def _in_order(conn: Connection, found: dict[str, tuple[str, ...]]) -> list[str]:
    """Tables, those that others refer to first."""
    if conn.dialect == "sqlite":
        sql = 'SELECT m.name, f."table" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f'
    else:
        sql = (
            "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_catalog.pg_constraint"
            " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        )
    refers: dict[str, set[str]] = {table: set() for table in found}
    for table, target in conn.execute(sql):
        if table in refers and target in refers and table != target:
            refers[table].add(target)
    order: list[str] = []
    while len(order) < len(refers):
        ready = [table for table, targets in refers.items() if table not in order and targets <= set(order)]
        order += ready or [table for table in refers if table not in order]
    return order

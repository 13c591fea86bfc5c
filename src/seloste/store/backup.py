"""A backup: a folder of SQLite files, whichever engine the rows came from, and a list of what is in it.

``manifest.json``: the format, the program that made it, when, a mark of the key (by which the key is known again, and
from which nothing of it is learnt), and each file with its SHA-256. ``deployment.db``: accounts, roles, keys of
programs, the journal of all that. ``registers/KEY.db``: every row of one register as it stood in one moment. The secret
key is never in it. It is written under another name and takes its own when it is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

from seloste.errors import SelosteError
from seloste.store import backup_rows
from seloste.store.dialects.sqlite import SqliteConnection
from seloste.store.engine import Connection, one, quote

FORMAT = 1
MANIFEST = "manifest.json"
DEPLOYMENT = "deployment.db"

NUMBERS = "backup_numbers"
"""In each file, the highest number ever given in each table, so that none is given twice."""

PASSING = frozenset(
    # Sign-ins that may have ended since, counters of failed ones, work under way, and what an installation has of its
    # own: its place on this machine, its random number, the migrations of its own program.
    # Letters that were sent since are not sent again, and no link or look of one's own comes back. Nor does a recovery
    # code: it may have been used since.
    (
        *("session", "attempt", "import_job", "daily", "secret", "register", "key_mark", "migration"),
        *("outbox", "own_link", "own_session", "half_session", "recovery_code", "invitation"),
        *("canary", "mail_trouble"),
    )
)
"""Tables of the deployment that no backup carries; those added later are carried."""

LOOSE = frozenset(
    (
        *("sys_touched", "sys_clock", "sys_due", "sys_unconfirmed", "sys_outbox", "sys_moving", "sys_arriving"),
        *("sys_ahead", "sys_ahead_said"),
    )
)
"""Tables of a register that hold nothing between two operations, or only the day, or what is kept seven days, or what
is there while it is moved to another cell or the months ahead are counted."""

Told = Callable[[str, int], None]
"""Called with a table and how many of its rows were carried since the last call."""


def is_data(table: str) -> bool:
    """Whether a table is one of those that a person would count: no journal, no search keys."""
    return not table.startswith(("sys_", "journal"))


def nobody(table: str, rows: int) -> None:
    """Tell nobody of progress."""


class BackupError(SelosteError):
    """A backup that cannot be made here, or one that cannot be used."""


@dataclass(frozen=True, slots=True)
class CopiedFile:
    """One file of a backup. ``key`` is the register's, empty for the deployment.

    ``ledger`` is the number of the last entry of the register's ledger that the rows already follow.
    """

    key: str
    file: str
    sha256: str
    rows: int
    digest: str = ""
    ledger: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup."""

    made_at: str
    program: str
    key_mark: str
    deployment: CopiedFile | None
    registers: tuple[CopiedFile, ...]
    format: int = FORMAT

    @property
    def files(self) -> tuple[CopiedFile, ...]:
        return (*((self.deployment,) if self.deployment else ()), *self.registers)


# --- writing ----------------------------------------------------------------------------------------------------------


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill, which becomes ``folder`` when the block ends and is not there at all when it raises.

    Raises BackupError when there is something of that name already.
    """
    if folder.exists() or folder.is_symlink():
        raise BackupError(
            f"{folder} on jo olemassa. Anna kansio, jota ei vielä ole.",
            f"{folder} is there already. Name a folder that is not.",
        )
    part = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.part")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part.mkdir(mode=0o700)
    except OSError as problem:
        raise _not_written(folder) from problem
    try:
        yield part
        _sync(part)
        part.rename(folder)
        _sync(folder.parent)
    except OSError as problem:
        rmtree(part, ignore_errors=True)
        raise _not_written(folder) from problem
    except BaseException:
        rmtree(part, ignore_errors=True)
        raise


def _not_written(folder: Path) -> BackupError:
    return BackupError(
        f"Kansioon {folder} ei voi kirjoittaa. Tarkista oikeudet ja vapaa tila. Varmuuskopiota ei tehty.",
        f"{folder} cannot be written. Check its permissions and the free space. No backup was made.",
    )


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_copy(conn: Connection, path: Path, *, without: frozenset[str], told: Told = nobody) -> int:
    """Every row that a consistent read sees, except of the tables ``without``, as a file.

    Returns how many rows of data there were.
    """
    path.parent.mkdir(mode=0o700, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    count = 0
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            raw.execute("PRAGMA journal_mode=OFF")
            raw.execute("PRAGMA synchronous=OFF")
            raw.execute("BEGIN")
            for table, columns in backup_rows.tables(conn).items():
                if table in without:
                    continue
                # Without types a cell keeps its own: what was bytes comes back as bytes.
                raw.execute(f"CREATE TABLE {quote(table)} ({', '.join(map(quote, columns))})")
                marks = f"INSERT INTO {quote(table)} VALUES ({', '.join('?' * len(columns))})"
                for page in backup_rows.pages(conn, table, columns):
                    raw.executemany(marks, page)
                    count += len(page) if is_data(table) else 0
                    told(table, len(page))
            raw.execute(f"CREATE TABLE {NUMBERS} (name, last)")
            raw.executemany(f"INSERT INTO {NUMBERS} VALUES (?, ?)", backup_rows.highest(conn).items())
            raw.execute("COMMIT")
    except sqlite3.Error as problem:
        raise OSError(str(type(problem))) from problem
    _sync(path)
    return count


def seal(folder: Path, manifest: Manifest) -> None:
    """Write the list of what is in a folder."""
    text = json.dumps(asdict(manifest), indent=2, ensure_ascii=False) + "\n"
    path = folder / MANIFEST
    path.write_text(text, "utf-8")
    _sync(path)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- reading ----------------------------------------------------------------------------------------------------------


def read_manifest(folder: Path) -> Manifest:
    """What is in a backup. Raises BackupError when it is none, is damaged, or is of a newer version."""
    try:
        raw: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        made_by = int(raw["format"])
    except OSError as problem:
        raise BackupError(
            f"Kansiossa {folder} ei ole varmuuskopiota ({MANIFEST} puuttuu).",
            f"There is no backup in {folder} ({MANIFEST} is missing).",
        ) from problem
    except (ValueError, KeyError, TypeError) as problem:
        raise damaged(MANIFEST) from problem
    if made_by > FORMAT:
        raise BackupError(
            "Varmuuskopion on tehnyt uudempi versio ohjelmasta. Asenna se ja palauta sillä.",
            "The backup was made by a newer version of the program. Install that one and restore with it.",
        )
    try:
        found = raw["deployment"]
        return Manifest(
            made_at=raw["made_at"],
            program=raw["program"],
            key_mark=raw["key_mark"],
            deployment=CopiedFile(**found) if found else None,
            registers=tuple(CopiedFile(**each) for each in raw["registers"]),
            format=made_by,
        )
    except (KeyError, TypeError) as problem:
        raise damaged(MANIFEST) from problem


def check_file(folder: Path, copied: CopiedFile) -> None:
    """Raises BackupError when a file is missing or is not as it was written."""
    path = folder / copied.file
    if path.resolve().parent not in (folder.resolve(), (folder / "registers").resolve()) or not path.is_file():
        raise damaged(copied.file)
    if sha256_of(path) != copied.sha256:
        raise damaged(copied.file)


def damaged(file: str) -> BackupError:
    return BackupError(
        f"Varmuuskopion tiedosto {file} puuttuu tai on vioittunut. Mitään ei palautettu. Käytä toista kopiota.",
        f"The file {file} of the backup is missing or damaged. Nothing was restored. Use another copy.",
    )


@contextmanager
def opened_copy(path: Path) -> Iterator[Connection]:
    """A file of a backup, to be read; it is not changed, and need not be writable."""
    with closing(
        sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    ) as raw:
        yield SqliteConnection(raw)


def numbers(copy: Connection) -> Mapping[str, int]:
    """The highest number ever given in each table, as :func:`backup_rows.highest` found it."""
    return {str(name): int(last) for name, last in copy.execute(f"SELECT name, last FROM {NUMBERS}")}


def count(copy: Connection, table: str, column: str) -> int:
    """How many rows of a copied table have something in a column."""
    return int(one(copy.execute(f"SELECT count({quote(column)}) FROM {quote(table)}"))[0])

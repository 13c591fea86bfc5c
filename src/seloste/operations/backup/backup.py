"""Backup: a copy of the registers, and of the accounts with them, in one folder. The key is never in it."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from seloste import __version__
from seloste.clock import to_utc_text
from seloste.operations.actor import Actor
from seloste.store import access_state, journal, ledger, ledger_file
from seloste.store.backup import (
    DEPLOYMENT,
    LOOSE,
    PASSING,
    CopiedFile,
    Manifest,
    Told,
    new_folder,
    nobody,
    seal,
    sha256_of,
    write_copy,
)
from seloste.store.engine import Database
from seloste.store.registers import NoRegisterError, OtherVersionError, Registers
from seloste.store.system import meta


@dataclass(frozen=True, slots=True)
class BackupReport:
    """Where the backup is and how many rows it has of each register; ``""`` is the deployment."""

    folder: Path
    rows: dict[str, int]


def backup(
    registers: Registers,
    folder: Path,
    *,
    only: str | None = None,
    now: dt.datetime,
    actor: Actor,
    told: Told = nobody,
) -> BackupReport:
    """Copy every register, each as it stands in one moment, and the accounts; ``only`` one register and nothing else.

    People go on working meanwhile. Raises BackupError when the folder is there already or cannot be written, and
    NoRegisterError.
    """
    keys = registers.keys() if only is None else (only,)
    if only is not None and only not in registers.keys():  # noqa: SIM118  not a mapping
        raise NoRegisterError(f"Rekisteriä {only} ei ole.", f"There is no register {only}.")
    with new_folder(folder) as part:
        deployment = None if only is not None else _deployment(registers, part, told)
        copied = tuple(_register(registers, key, part, told) for key in keys)
        # After the copies, so that it reaches to each of them; a register that waits to be applied anew has it later.
        for key in keys:
            with suppress(OtherVersionError):
                ledger_file.write(registers.open(key), registers.settings.ledgers)
        if deployment is not None:
            with registers.deployment.read() as conn:
                access_state.write(conn, registers.settings.ledgers, now, anew=True)
        seal(part, Manifest(to_utc_text(now), __version__, registers.mark, deployment, copied))
    for key in keys:
        database = registers.database(key)
        try:
            _journal(database, now, actor, "")
        finally:
            database.close()
    _journal(registers.deployment, now, actor, only or "")
    every = (*((deployment,) if deployment else ()), *copied)
    return BackupReport(folder, {each.key: each.rows for each in every})


def _deployment(registers: Registers, part: Path, told: Told) -> CopiedFile:
    with registers.deployment.read() as conn:
        rows = write_copy(conn, part / DEPLOYMENT, without=PASSING, told=told)
    return CopiedFile("", DEPLOYMENT, sha256_of(part / DEPLOYMENT), rows)


def _register(registers: Registers, key: str, part: Path, told: Told) -> CopiedFile:
    file = f"registers/{key}.db"
    database = registers.database(key)
    try:
        with ledger.moment(database) as conn:
            position = ledger.last(conn)
            digest = meta(conn, "digest") or ""
            rows = write_copy(conn, part / file, without=LOOSE, told=told)
    finally:
        database.close()
    return CopiedFile(key, file, sha256_of(part / file), rows, digest, position)


def _journal(database: Database, now: dt.datetime, actor: Actor, note: str) -> None:
    with database.transaction() as conn:
        journal.append(conn, journal.Entry(now, actor.account, actor.lens, "backup", note=note))

"""Restore: a backup into an installation that has none of it, whole or not at all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from seloste.operations.actor import Actor
from seloste.operations.retention.sweep import sweep_every_row
from seloste.settings import Settings
from seloste.store import access_state, journal, ledger_file
from seloste.store import backup_restore as room
from seloste.store.access_state import Shut
from seloste.store.backup import CopiedFile, Manifest, Told, check_file, nobody, opened_copy, read_manifest
from seloste.store.deployment import put_register
from seloste.store.journal import JournalReport
from seloste.store.registers import NoRegisterError, Registers
from seloste.store.verify import DerivedReport, verify_derived


@dataclass(frozen=True, slots=True)
class RestoredRegister:
    """One register that is back.

    ``rows`` came; ``swept`` of them went at once since nobody needs them any more. By the ledger ``gone`` rows went and
    ``events`` were written again; ``left_out`` could not be, for want of a part that the ledger does not keep or of
    somebody who came after the backup. ``by_ledger`` is false when there was none.
    """

    key: str
    rows: int
    swept: int
    gone: int
    events: int
    left_out: int
    by_ledger: bool
    digest: str
    derived: DerivedReport
    journal: JournalReport

    @property
    def ok(self) -> bool:
        return self.derived.ok and self.journal.ok


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What is back. ``accounts``: whether the accounts came too; ``shut``: what had been shut after the backup, None
    when nobody knows."""

    made_at: str
    accounts: bool
    registers: tuple[RestoredRegister, ...]
    shut: Shut | None = None

    @property
    def ok(self) -> bool:
        """Whether all derived and every journal is as it should be."""
        return all(each.ok for each in self.registers)


def restore(
    settings: Settings,
    folder: Path,
    *,
    only: str | None = None,
    ledgers: Path | None = None,
    without_ledger: bool = False,
    now: dt.datetime,
    actor: Actor,
    told: Told = nobody,
) -> RestoreReport:
    """Bring a backup into an empty installation, or ``only`` one register into one that lacks it.

    What happened after the backup is done again from the ledger in the folder ``ledgers`` (that of the settings by
    default): who was erased stays erased, what was said is in force. Raises LedgerError when it is not there, unless
    ``without_ledger``; BackupError for a backup that is damaged or of a newer version and where something is there
    already; KeyLostError when the key is not that of the backup; NoRegisterError. Then nothing is restored.
    """
    manifest = read_manifest(folder)
    room.check_key(settings, manifest)
    accounts = manifest.deployment if only is None else None
    chosen = tuple(each for each in manifest.registers if only in (None, each.key))
    if only is not None and not chosen:
        raise NoRegisterError(f"Varmuuskopiossa ei ole rekisteriä {only}.", f"The backup has no register {only}.")
    for each in (*((accounts,) if accounts else ()), *chosen):
        check_file(folder, each)
    where = (ledgers or settings.ledgers, without_ledger, manifest)
    registers = Registers(settings)
    try:
        if accounts is not None:
            room.check_deployment_empty(registers.deployment)
        for each in chosen:
            room.make_room(registers, each.key)
        try:
            restored = tuple(_register(registers, folder, each, where, now, actor, told) for each in chosen)
            shut = _list(registers, folder, accounts, restored, where, now, actor, told)
        except BaseException:
            for each in chosen:
                room.drop_unlisted(registers, each.key)
            raise
        for found in restored:
            store = registers.open(found.key)
            room.mark_listed(store.database)
            ledger_file.write(store, settings.ledgers)
        if accounts is not None:
            with registers.deployment.read() as conn:
                access_state.write(conn, settings.ledgers, now, anew=True)
    finally:
        registers.close()
    return RestoreReport(manifest.made_at, accounts is not None, restored, shut)


def _register(
    registers: Registers,
    folder: Path,
    copied: CopiedFile,
    where: tuple[Path, bool, Manifest],
    now: dt.datetime,
    actor: Actor,
    told: Told,
) -> RestoredRegister:
    ledgers, without, manifest = where
    with opened_copy(folder / copied.file) as copy:
        read = room.after_copy(ledgers, copied.key, copy, without=without)
        with room.new_store(registers, copied.key, copy, read) as store:
            with store.database.transaction() as conn:
                rows, replayed = room.load(store, conn, copy, read, now, told)
                work = room.working(store, conn, now)
                swept = sweep_every_row(work, now=now, actor=actor)
                work.journal.add(
                    journal.Entry(now, actor.account, actor.lens, "restore", count=rows, note=manifest.made_at)
                )
                room.mark_unlisted(conn, work.journal.write(conn))
            return RestoredRegister(
                key=copied.key,
                rows=rows,
                swept=sum(swept.rows.values()),
                gone=replayed.gone,
                events=replayed.events,
                left_out=replayed.left_out,
                by_ledger=read is not None,
                digest=store.register.notice.digest,
                derived=verify_derived(store, now),
                journal=journal.verify(store.database),
            )


def _list(
    registers: Registers,
    folder: Path,
    accounts: CopiedFile | None,
    restored: tuple[RestoredRegister, ...],
    where: tuple[Path, bool, Manifest],
    now: dt.datetime,
    actor: Actor,
    told: Told,
) -> Shut | None:
    """One transaction by which all that was restored is there at once, and nobody who was shut out is let in again."""
    shut = None
    places = {each.key: registers.place(each.key) for each in restored}
    with registers.deployment.transaction() as conn:
        if accounts is not None:
            with opened_copy(folder / accounts.file) as copy:
                room.load_deployment(conn, copy, told)
            shut = room.shut_again(conn, where[0], where[2].made_at, without=where[1], now=now)
        for each in restored:
            put_register(conn, key=each.key, schema=places[each.key].schema, digest=each.digest, now=now)
            journal.append(conn, journal.Entry(now, actor.account, actor.lens, "restore", note=each.key))
    return shut

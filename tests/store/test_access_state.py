"""Whoever was shut out after a backup is not let in by it, and a ledger does not remember longer than backups last."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.operations.conftest import SALES, contact
from tests.store.test_backup import EMAIL, KEY, PASSWORD, filled, into, nothing_came, plain
from tests.store.test_backup_ledger import Two, seen

from seloste.operations.accounts import change, roles
from seloste.operations.accounts.create import create_account
from seloste.operations.accounts.keys import list_keys, make_key, revoke_key
from seloste.operations.accounts.means import means_of
from seloste.operations.accounts.roles import list_accounts
from seloste.operations.actor import CLI
from seloste.operations.backup.backup import backup
from seloste.operations.backup.restore import restore
from seloste.operations.daily import keep_ledgers, run_due
from seloste.operations.retention.sweep import sweep
from seloste.store import access_state, ledger_file, passkeys, second_step
from seloste.store.access_state import Shut
from seloste.store.ledger_file import LedgerError
from seloste.store.registers import Registers

__all__ = ["into", "plain"]


def test_whoever_was_shut_out_after_the_backup_stays_out(into: Two, fixed_now: dt.datetime, tmp_path: Path) -> None:
    here, there = into
    registers = filled(here, fixed_now)
    deployment, later = registers.deployment, fixed_now + dt.timedelta(days=2)
    made = {}
    for name in ("left", "locked", "password", "role", "lead"):
        email = f"{name}@fluiconnecto.example"
        made[name] = create_account(deployment, email, "Joku", password=PASSWORD, actor=CLI, now=fixed_now).account
        for lens in ("sales", "service"):
            roles.grant(deployment, made[name], KEY, lens, lead=True, actor=CLI, now=fixed_now)
    store = registers.open(KEY)
    kept, ended = (make_key(deployment, store, "sales", name, actor=CLI, now=fixed_now) for name in ("a", "b"))
    backup(registers, tmp_path / "copy", now=fixed_now, actor=CLI)

    change.leave(deployment, made["left"], actor=CLI, now=later)
    change.lock(deployment, made["locked"], actor=CLI, now=later)
    change.set_password(deployment, made["password"], "viisi vihreää kiveä", actor=CLI, now=later)
    roles.revoke(deployment, made["role"], KEY, "service", actor=CLI, now=later)
    roles.grant(deployment, made["lead"], KEY, "sales", lead=False, actor=CLI, now=later)
    revoke_key(deployment, ended.key.id, actor=CLI, now=later)
    keep_ledgers(registers, now=later)
    registers.close()
    kept_file = (here.ledgers / access_state.FILE).read_text("utf-8")
    assert not any(word in kept_file for word in ("Joku", "Sari", ".example", "argon2"))

    report = restore(there, tmp_path / "copy", now=later, actor=CLI)
    assert report.shut == Shut(accounts=2, roles=4, keys=1, passwords=1)
    back = Registers(there)
    found = {each.account.id: each for each in list_accounts(back.deployment)}
    assert not found[made["left"]].account.active and not found[made["locked"]].account.active
    assert [grant.lens for grant in found[made["role"]].grants] == ["sales"]
    assert {grant.lens: grant.lead for grant in found[made["lead"]].grants} == {"sales": False, "service": True}
    with back.deployment.read() as conn:
        hashes = dict(conn.execute("SELECT id, password_hash FROM account").all())
    assert hashes[made["password"]] is None and hashes[made["role"]]
    assert {each.id for each in list_keys(back.deployment) if each.revoked_at is None} == {kept.key.id}
    assert next(each for each in found.values() if each.account.email == EMAIL).account.active
    back.close()


def test_a_phone_that_was_lost_after_the_backup_is_no_second_step(
    plain: Two, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    here, there = plain
    registers, later = filled(here, fixed_now), fixed_now + dt.timedelta(days=2)
    deployment, made = registers.deployment, {}

    def phone(name: str, sealed: str) -> None:
        with deployment.transaction() as conn:
            second_step.begin_totp(conn, made[name], sealed, fixed_now)
            begun = second_step.begun_totp(conn, made[name], fixed_now)
            assert begun is not None
            second_step.turn_on_totp(conn, begun, 1, fixed_now)

    for name in ("same", "new phone", "none now", "key gone", "first now"):
        email = f"{name.replace(' ', '.')}@fluiconnecto.example"
        made[name] = create_account(deployment, email, "Joku", password=PASSWORD, actor=CLI, now=fixed_now).account
    for name in ("same", "new phone", "none now"):
        phone(name, f"sealed {name}")
    with deployment.transaction() as conn:
        for name in ("key gone", "same"):
            passkeys.insert(conn, made[name], f"credential {name}", "00", 0, "Puhelin", fixed_now)
    backup(registers, tmp_path / "copy", now=fixed_now, actor=CLI)

    phone("new phone", "sealed anew")
    phone("first now", "sealed first")
    with deployment.transaction() as conn:
        second_step.drop_totp(conn, made["none now"])
        passkeys.drop(conn, made["key gone"])
    keep_ledgers(registers, now=later)
    registers.close()
    assert restore(there, tmp_path / "copy", now=later, actor=CLI).shut == Shut(passwords=2)
    back = Registers(there)
    found = {name: means_of(back.deployment, account) for name, account in made.items()}
    assert {name: (each.password, each.second_step) for name, each in found.items()} == {
        "same": (True, True),
        "new phone": (False, False),
        "first now": (False, False),
        "none now": (True, False),
        "key gone": (True, False),
    }
    back.close()


def test_without_the_file_of_accounts_nothing_comes_back_unless_it_is_said(
    plain: Two, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    here, there = plain
    registers = filled(here, fixed_now)
    backup(registers, tmp_path / "copy", now=fixed_now, actor=CLI)
    registers.close()
    (here.ledgers / access_state.FILE).rename(tmp_path / "away")
    # An installation that waits for its backup, or another one, does not write over it.
    waiting = Registers(replace(there, data_dir=tmp_path / "waiting"))
    keep_ledgers(waiting, now=fixed_now)
    waiting.close()
    assert not (here.ledgers / access_state.FILE).exists()
    with pytest.raises(LedgerError, match="accounts closed after"):
        restore(there, tmp_path / "copy", now=fixed_now, actor=CLI)
    assert nothing_came(there)
    (tmp_path / "away").rename(here.ledgers / access_state.FILE)
    other = Registers(replace(there, data_dir=tmp_path / "other"))
    create_account(other.deployment, "eri@yritys.example", "Eri", password=PASSWORD, actor=CLI, now=fixed_now)
    keep_ledgers(other, now=fixed_now)
    other.close()
    assert restore(there, tmp_path / "copy", now=fixed_now, actor=CLI).shut == Shut()


def test_the_ledger_forgets_what_no_kept_backup_needs(plain: Two, fixed_now: dt.datetime, tmp_path: Path) -> None:
    here, there = (replace(each, backup_days=30) for each in plain)
    registers = filled(here, fixed_now)
    store = registers.open(KEY)
    backup(registers, tmp_path / "old", now=fixed_now, actor=CLI)
    gone = contact(store, fixed_now - dt.timedelta(days=1200), first="Entinen")
    sweep(store, now=fixed_now, actor=CLI)
    path = ledger_file.path_of(here.ledgers, KEY)
    ledger_file.write(store, here.ledgers)
    whole = ledger_file.read(path, 0)
    assert len(whole.entries) > 2 and gone not in seen(store, SALES, fixed_now)

    soon, late = (fixed_now + dt.timedelta(days=days) for days in (29, 32))
    run_due(registers, now=soon)
    assert ledger_file.read(path, 0).entries[: len(whole.entries)] == whole.entries, "a kept backup needs it"
    run_due(registers, now=late)
    left = ledger_file.read(path, 0)
    assert left.forgotten >= whole.entries[-2].seq and len(left.entries) < len(whole.entries)
    assert json.loads(path.read_text("utf-8").splitlines()[0])["forgotten"] == left.forgotten
    assert path.stat().st_mode & 0o077 == 0
    with store.database.read() as conn:
        assert conn.execute("SELECT min(seq) FROM sys_ledger").all() == [(left.entries[0].seq,)]

    # The line goes on: a new backup comes back with what happened after it, the old one does not come at all.
    backup(registers, tmp_path / "new", now=late, actor=CLI)
    contact(store, late, first="Uusi")
    keep_ledgers(registers, now=late)
    registers.close()
    with pytest.raises(LedgerError, match="older than what the ledger"):
        restore(there, tmp_path / "old", now=late, actor=CLI)
    assert nothing_came(there)
    assert restore(there, tmp_path / "new", now=late, actor=CLI).ok

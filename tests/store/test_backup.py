"""A backup made on either engine brings everything back on either, and nothing half."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from tests import prepared_postgresql
from tests.operations.conftest import SALES, contact
from tests.prepared import applied, example

from seloste.operations.accounts.create import create_account
from seloste.operations.accounts.roles import grant, list_accounts
from seloste.operations.accounts.sign_in import sign_in
from seloste.operations.actor import CLI
from seloste.operations.backup import restore as restoring
from seloste.operations.backup.backup import backup
from seloste.operations.backup.restore import restore
from seloste.operations.permissions import say
from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.settings import Settings
from seloste.store import aids, backup_restore, breaches, planned
from seloste.store.backup import LOOSE, BackupError, opened_copy
from seloste.store.backup_rows import tables
from seloste.store.engine import Connection, quote
from seloste.store.journal import verify
from seloste.store.keys import KeyLostError
from seloste.store.registers import NoRegisterError, Registers
from seloste.store.verify import verify_derived

KEY = "fluiconnecto_customers"
PASSWORD = "kolme pientä kuusta"
EMAIL = "sari@fluiconnecto.example"


@pytest.fixture
def other_pg_url(postgres_url: str, pg_url: str) -> Iterator[str]:
    """A second empty database beside that of ``pg_url``; the roles go with those of the first."""
    import psycopg
    from psycopg import sql

    name = f"t_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield postgres_url.replace("/postgres?", f"/{name}?", 1)
        prepared_postgresql.drop(admin, name)


@pytest.fixture(params=["sqlite-sqlite", "sqlite-postgresql", "postgresql-sqlite", "postgresql-postgresql"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Settings, Settings]:
    """The settings of an installation, and of an empty one to restore into; the key has been brought to both."""
    here, there = request.param.split("-")
    urls = {
        "here": None if here == "sqlite" else request.getfixturevalue("pg_url"),
        "there": None if there == "sqlite" else request.getfixturevalue("other_pg_url"),
    }
    return _settings(tmp_path / "here", urls["here"]), _settings(tmp_path / "there", urls["there"], tmp_path / "here")


@pytest.fixture(params=["sqlite", "postgresql"])
def into(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Settings, Settings]:
    """An installation on SQLite, and an empty one on each engine to restore into."""
    url = None if request.param == "sqlite" else request.getfixturevalue("pg_url")
    return _settings(tmp_path / "here", None), _settings(tmp_path / "there", url, tmp_path / "here")


@pytest.fixture
def plain(tmp_path: Path) -> tuple[Settings, Settings]:
    """Two installations on SQLite, for what does not depend on the engine."""
    return _settings(tmp_path / "here", None), _settings(tmp_path / "there", None, tmp_path / "here")


def _settings(folder: Path, url: str | None, home: Path | None = None) -> Settings:
    """``home``: where the key and the ledger are kept, the folder of the data when there is no other."""
    place = home or folder
    return Settings(data_dir=folder, database_url=url, key_file=place / "secret.key", ledger_dir=place / "ledger")


def filled(settings: Settings, now: dt.datetime) -> Registers:
    """An installation with a register, people in it, and an account."""
    registers = Registers(settings)
    applied(registers, example("fluiconnecto/notice"), now)
    store = registers.open(KEY)
    person = contact(store, now)
    contact(store, now, first="Olli", last="Åkerlund")
    collect(
        store, [NewRow("order", {"number": "T-1", "ordered_on": now.date()}, {"person": person})], actor=SALES, now=now
    )
    say.ban(store, person, "phone", actor=SALES, now=now)
    with store.write(now) as work:
        planned.bring(work.conn, digest="d", source="seloste: 1", expanded="{}", at=now, by="sari")
        breaches.create(work.conn)
        breaches.add(work.conn, "{}")
    made = create_account(registers.deployment, EMAIL, "Sari Virta", password=PASSWORD, actor=CLI, now=now)
    grant(registers.deployment, made.account, KEY, "sales", lead=True, actor=CLI, now=now)
    sign_in(registers.deployment, EMAIL, PASSWORD, source="127.0.0.1", now=now)
    store.reads.flush()
    return registers


def everything(conn: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Every cell of every table that holds any, rows in an order of their own; journal and meta go on by themselves."""
    found = {}
    for table, columns in tables(conn).items():
        rows = conn.execute(f"SELECT {', '.join(map(quote, sorted(columns)))} FROM {quote(table)}")
        found[table] = sorted(map(tuple, rows), key=repr)
    return {
        table: rows for table, rows in found.items() if rows and table not in ("journal", "journal_head", "sys_meta")
    }


def test_every_cell_comes_back_on_either_engine(
    places: tuple[Settings, Settings], fixed_now: dt.datetime, tmp_path: Path
) -> None:
    here, there = places
    registers = filled(here, fixed_now)
    store = registers.open(KEY)
    # The numbers of rows that went are given to nobody else.
    last = contact(store, fixed_now, first="Lähtee")
    with store.write(fixed_now) as work:
        # The number was banned before, so the ban on it came with it.
        for kind in ("relationship", "ban", "person"):
            work.delete(kind, int(work.conn.execute(f"SELECT max(id) FROM {kind}").all()[0][0]))
    made = backup(registers, tmp_path / "copy", now=fixed_now, actor=CLI)
    with store.database.read() as conn:
        before = everything(conn)
    with registers.deployment.read() as conn:
        accounts = everything(conn)
    registers.close()
    report = restore(there, tmp_path / "copy", now=fixed_now, actor=CLI)
    assert report.ok and report.accounts
    (back,) = report.registers
    assert (back.key, back.rows, back.swept) == (KEY, made.rows[KEY], 0)
    restored = Registers(there)
    store = restored.open(KEY)
    with store.database.read() as conn:
        after = everything(conn)
    assert after == before
    with restored.deployment.read() as conn:
        theirs = everything(conn)
    assert [theirs[table] for table in ("account", "granted")] == [accounts[table] for table in ("account", "granted")]
    assert "session" in accounts and "session" not in theirs
    assert verify(store.database).ok and verify(restored.deployment).ok
    assert verify_derived(store, fixed_now).ok
    # It works on: lenses, numbers, accounts.
    names = {row.values["first_name"] for row in read.rows(store, "person", actor=SALES, now=fixed_now).rows}
    assert names == {"Sari", "Olli"}
    assert contact(store, fixed_now, first="Uusi") == last + 1
    with store.write(fixed_now) as work:
        assert planned.bring(work.conn, digest="e", source="", expanded="", at=fixed_now, by="olli") == 2
        assert breaches.add(work.conn, "{}") == 2
    (listed,) = list_accounts(restored.deployment)
    assert [(grant.register, grant.lens, grant.lead) for grant in listed.grants] == [(KEY, "sales", True)]
    assert sign_in(restored.deployment, EMAIL, PASSWORD, source="127.0.0.1", now=fixed_now)
    restored.close()


def test_what_a_backup_holds_and_what_it_does_not(
    plain: tuple[Settings, Settings], fixed_now: dt.datetime, tmp_path: Path
) -> None:
    registers = filled(plain[0], fixed_now)
    secret = plain[0].key_file.read_text().strip()
    folder = tmp_path / "deep" / "copy"
    backup(registers, folder, now=fixed_now, actor=CLI)
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert files == ["deployment.db", "manifest.json", f"registers/{KEY}.db"]
    for path in folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0 or path.name == "manifest.json"
        if path.is_file():
            assert secret.encode() not in path.read_bytes() and bytes.fromhex(secret) not in path.read_bytes()
    with opened_copy(folder / "deployment.db") as copy:
        assert not {"session", "attempt", "secret"} & set(tables(copy))
    with registers.open(KEY).database.read() as conn:
        assert conn.execute("SELECT actor FROM journal WHERE verb = 'backup'").all() == [("cli",)]
    registers.close()


def test_a_folder_that_is_there_is_left_alone(
    plain: tuple[Settings, Settings], fixed_now: dt.datetime, tmp_path: Path
) -> None:
    registers = filled(plain[0], fixed_now)
    (tmp_path / "copy").mkdir()
    with pytest.raises(BackupError, match="is there already"):
        backup(registers, tmp_path / "copy", now=fixed_now, actor=CLI)
    with pytest.raises(NoRegisterError):
        backup(registers, tmp_path / "another", only="nothing", now=fixed_now, actor=CLI)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "here"]
    assert not list((tmp_path / "copy").iterdir())
    registers.close()


def test_one_register_beside_others(plain: tuple[Settings, Settings], fixed_now: dt.datetime, tmp_path: Path) -> None:
    registers = filled(plain[0], fixed_now)
    backup(registers, tmp_path / "whole", now=fixed_now, actor=CLI)
    backup(registers, tmp_path / "one", only=KEY, now=fixed_now, actor=CLI)
    assert not (tmp_path / "one" / "deployment.db").exists()
    registers.close()
    there = replace(plain[1], key_file=plain[0].key_file)
    other = Registers(there)
    applied(other, example("fluxio/customers"), fixed_now)
    other.close()
    with pytest.raises(BackupError, match="accounts or registers already"):
        restore(there, tmp_path / "whole", now=fixed_now, actor=CLI)
    with pytest.raises(NoRegisterError):
        restore(there, tmp_path / "whole", only="nothing", now=fixed_now, actor=CLI)
    assert not restore(there, tmp_path / "whole", only=KEY, now=fixed_now, actor=CLI).accounts
    with pytest.raises(BackupError, match=f"register {KEY} is there already"):
        restore(there, tmp_path / "one", now=fixed_now, actor=CLI)
    after = Registers(there)
    assert len(after.keys()) == 2
    assert read.rows(after.open(KEY), "person", actor=SALES, now=fixed_now).rows
    after.close()


def nothing_came(settings: Settings) -> bool:
    registers = Registers(settings)
    try:
        with registers.deployment.read() as conn:
            accounts = conn.execute("SELECT id FROM account").all()
        files = (
            list((settings.data_dir / "registers").glob("*")) if settings.database_url is None else _schemas(registers)
        )
        return not registers.keys() and not accounts and not files
    finally:
        registers.close()


def _schemas(registers: Registers) -> list[object]:
    with registers.deployment.read() as conn:
        return list(conn.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'reg\\_%'"))


@pytest.mark.parametrize("file", ["manifest.json", "deployment.db", f"registers/{KEY}.db"])
def test_a_damaged_file_is_refused(
    plain: tuple[Settings, Settings], fixed_now: dt.datetime, tmp_path: Path, file: str
) -> None:
    registers = filled(plain[0], fixed_now)
    backup(registers, tmp_path / "copy", now=fixed_now, actor=CLI)
    registers.close()
    path = tmp_path / "copy" / file
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(BackupError, match="damaged"):
        restore(plain[1], tmp_path / "copy", now=fixed_now, actor=CLI)
    path.unlink()
    with pytest.raises(BackupError, match="missing"):
        restore(plain[1], tmp_path / "copy", now=fixed_now, actor=CLI)
    assert nothing_came(plain[1])


def test_a_newer_format_and_a_file_elsewhere_are_refused(
    plain: tuple[Settings, Settings], fixed_now: dt.datetime, tmp_path: Path
) -> None:
    registers = filled(plain[0], fixed_now)
    backup(registers, tmp_path / "copy", now=fixed_now, actor=CLI)
    registers.close()
    path = tmp_path / "copy" / "manifest.json"
    manifest = json.loads(path.read_text())
    for changed, why in (
        ({"format": 2}, "newer version"),
        ({"format": "x"}, "damaged"),
        ({"registers": [{**manifest["registers"][0], "file": "../../here/registers/other.db"}]}, "missing or damaged"),
    ):
        path.write_text(json.dumps(manifest | changed))
        with pytest.raises(BackupError, match=why):
            restore(plain[1], tmp_path / "copy", now=fixed_now, actor=CLI)
    assert nothing_came(plain[1])


def test_without_its_key_nothing_is_restored(
    plain: tuple[Settings, Settings], fixed_now: dt.datetime, tmp_path: Path
) -> None:
    registers = filled(plain[0], fixed_now)
    backup(registers, tmp_path / "copy", now=fixed_now, actor=CLI)
    registers.close()
    missing = replace(plain[1], key_file=tmp_path / "none.key")
    with pytest.raises(KeyLostError, match="Bring the key"):
        restore(missing, tmp_path / "copy", now=fixed_now, actor=CLI)
    assert not missing.key_file.exists() and not plain[1].data_dir.exists()
    missing.key_file.write_text("ab" * 32)
    with pytest.raises(KeyLostError, match="is not the one"):
        restore(missing, tmp_path / "copy", now=fixed_now, actor=CLI)
    assert not plain[1].data_dir.exists()


def test_ended_in_the_middle_nothing_is_left_and_it_may_be_done_again(
    into: tuple[Settings, Settings], fixed_now: dt.datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = into
    registers = filled(here, fixed_now)
    backup(registers, tmp_path / "copy", now=fixed_now, actor=CLI)
    registers.close()

    def ends(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    # Within the rows of a register; when a register is whole; within the one transaction that lists everything.
    for module, name in ((backup_restore, "refresh_bits"), (restoring, "verify_derived"), (restoring, "put_register")):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, ends)
            with pytest.raises(KeyboardInterrupt):
                restore(there, tmp_path / "copy", now=fixed_now, actor=CLI)
            assert nothing_came(there)
            # A program that is killed tidies nothing up after itself.
            patch.setattr(backup_restore, "drop_unlisted", lambda *args: None)
            with pytest.raises(KeyboardInterrupt):
                restore(there, tmp_path / "copy", now=fixed_now, actor=CLI)
        unlisted = Registers(there)
        assert unlisted.keys() == () and list_accounts(unlisted.deployment) == ()
        with pytest.raises(NoRegisterError):
            unlisted.open(KEY)
        unlisted.close()
    # What has expired since goes at once.
    later = fixed_now + dt.timedelta(days=365 * 12)
    report = restore(there, tmp_path / "copy", now=later, actor=CLI)
    assert report.ok and report.registers[0].swept >= 4
    restored = Registers(there)
    with restored.open(KEY).database.read() as conn:
        # Whoever has a ban is kept as a number to which it belongs.
        assert conn.execute("SELECT id, first_name, email FROM person").all() == [(1, None, None)]
        assert not conn.execute("SELECT key FROM sys_find WHERE kind = 'person'").all()
    # A register in use is never replaced, though its directory be lost.
    with restored.deployment.transaction() as conn:
        conn.execute("DELETE FROM register")
        conn.execute("DELETE FROM account")
    restored.close()
    with pytest.raises(BackupError, match="it is not replaced"):
        restore(there, tmp_path / "copy", only=KEY, now=fixed_now, actor=CLI)


def test_killed_at_any_moment_it_is_not_there_or_it_is_whole(
    plain: tuple[Settings, Settings], fixed_now: dt.datetime, tmp_path: Path
) -> None:
    here, there = plain
    registers = filled(here, fixed_now)
    backup(registers, tmp_path / "copy", now=fixed_now, actor=CLI)
    registers.close()
    program = (
        "import sys; from datetime import datetime; from pathlib import Path\n"
        "from seloste.operations.actor import CLI; from seloste.operations.backup import restore\n"
        "from seloste.settings import Settings; from seloste.store import backup_restore\n"
        "steps = {'load': backup_restore.refresh_bits, 'sweep': restore.sweep_every_row}\n"
        "steps['list'] = restore.put_register\n"
        "def told(name):\n"
        "    def step(*args, **kwargs):\n"
        "        print(name, flush=True); sys.stdin.readline(); return steps[name](*args, **kwargs)\n"
        "    return step\n"
        "backup_restore.refresh_bits, restore.sweep_every_row = told('load'), told('sweep')\n"
        "restore.put_register = told('list')\n"
        "data, key, ledger, copy, now = sys.argv[1:]\n"
        "settings = Settings(data_dir=Path(data), key_file=Path(key), ledger_dir=Path(ledger))\n"
        "restore.restore(settings, Path(copy), now=datetime.fromisoformat(now), actor=CLI)\n"
    )
    words = [
        str(there.data_dir),
        str(there.key_file),
        str(there.ledgers),
        str(tmp_path / "copy"),
        fixed_now.isoformat(),
    ]
    for wanted in ("load", "sweep", "list"):
        running = subprocess.Popen(
            [sys.executable, "-c", program, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert running.stdin is not None and running.stdout is not None
        while running.stdout.readline().strip() != wanted:
            running.stdin.write("\n")
            running.stdin.flush()
        running.kill()
        running.communicate()
        unlisted = Registers(there)
        assert unlisted.keys() == () and list_accounts(unlisted.deployment) == ()
        unlisted.close()
    assert restore(there, tmp_path / "copy", now=fixed_now, actor=CLI).ok


def test_every_table_that_the_program_makes_in_a_register_comes_back_or_passes(
    plain: tuple[Settings, Settings], fixed_now: dt.datetime
) -> None:
    """One that is made when it is first needed and that restore does not know has it refuse the whole register."""
    room = Path(backup_restore.__file__).parent
    named = set()
    for file in room.glob("*.py"):
        known = vars(import_module(f"seloste.store.{file.stem}"))
        for name in re.findall(r"CREATE TABLE (?:IF NOT EXISTS )?(\{?\w+\}?)", file.read_text("utf-8")):
            named.add(known.get(name[1:-1], name) if name.startswith("{") else name)
    mine = {name for name in named if isinstance(name, str) and name.startswith("sys_")}
    assert {"sys_due", "sys_planned", "sys_breach", "sys_outbox"} <= mine
    registers = filled(plain[0], fixed_now)
    with registers.open(KEY).write(fixed_now) as work:
        # Those that ``filled`` made already go first, so that it is seen who makes them.
        for name in ("sys_planned", "sys_breach"):
            work.conn.execute(f"DROP TABLE {name}")
        aids.create(work.conn)
        assert mine - LOOSE - set(tables(work.conn)) == set()
    registers.close()

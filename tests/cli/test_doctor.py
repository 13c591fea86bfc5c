"""``seloste doctor``: each thing is broken for real, and told of with what, where and what to do."""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.prepared import applied, example
from tests.smtp_sink import Sink, certificate, sink

from seloste import clock
from seloste.cli import group
from seloste.operations.actor import CLI
from seloste.operations.backup.backup import backup
from seloste.operations.daily import run_due
from seloste.operations.letters import LETTERS, SETTLERS
from seloste.operations.mail.sender import send_due
from seloste.operations.mail.smtp import MailError, server_of
from seloste.operations.running.doctor import versions
from seloste.operations.running.doctor.examine import examine
from seloste.operations.running.doctor.model import Finding
from seloste.settings import Settings
from seloste.store import deployment, mail_trouble
from seloste.store.engine import open_database
from seloste.store.journal import verify_end
from seloste.store.registers import Registers

KEY = "fluiconnecto_customers"
PLACES = (Path("/dev/shm"), Path("/var/tmp"), Path.home())


def another_disk(folder: Path) -> Path | None:
    """A place to write on a device other than that of a folder; None where there is none."""
    there = (each for each in PLACES if each.is_dir() and os.access(each, os.W_OK))
    return next((each for each in there if each.stat().st_dev != folder.stat().st_dev), None)


class House:
    """An installation in which all is well, but for its version of SQLite; settings and databases may be broken."""

    def __init__(self, folder: Path, mail: Sink, now: dt.datetime) -> None:
        self.folder, self.now = folder, now
        (folder / "keys").mkdir()
        self.settings = Settings(
            data_dir=folder / "data",
            key_file=folder / "keys" / "secret.key",
            backups_dir=folder / "backups",
            smtp_url=f"smtp://127.0.0.1:{mail.port}",
            mail_from="Yritys Oy <tietosuoja@yritys.example>",
            public_url="https://rekisteri.yritys.example",
            security_contact=("mailto:turva@yritys.example",),
            security_expires=now.date() + dt.timedelta(days=200),
            language="en",
        )
        registers = Registers(self.settings)
        applied(registers, example("fluiconnecto/notice"), now)
        run_due(registers, now=now)
        send_due(registers, LETTERS, server_of(self.settings), settlers=SETTLERS, now=now)
        backup(registers, folder / "backups" / "night", now=now, actor=CLI)
        registers.close()

    def found(self, *, network: bool = False, now: dt.datetime | None = None) -> dict[str, Finding]:
        """The gravest finding of each check."""
        every = sorted(
            examine(self.settings, now=now or self.now, network=network),
            key=lambda each: -"ok warn bad".find(each.level),
        )
        return {each.check: each for each in reversed(every)}

    def bad(self, **more: object) -> dict[str, str]:
        """What is not well: level by check."""
        found = self.found(**more)  # type: ignore[arg-type]
        for each in found.values():
            assert each.level == "ok" or each.todo[0], each
        return {check: each.level for check, each in found.items() if each.level != "ok"}

    def run(self, sql: str, register: str = "") -> None:
        file = f"registers/{register}.db" if register else "seloste.db"
        database = open_database(f"sqlite:///{self.settings.data_dir / file}")
        with database.transaction() as conn:
            conn.execute(sql)
        database.close()


@pytest.fixture
def mail() -> Iterator[Sink]:
    with sink() as server:
        yield server


@pytest.fixture
def house(tmp_path: Path, mail: Sink, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> House:
    # The version that is installed here, and the one disk of a test machine, are no findings of these tests.
    monkeypatch.setattr(versions, "sqlite", lambda version: ("ok", ("", ""), ("", "")))
    made = House(tmp_path, mail, fixed_now)
    if (apart := another_disk(tmp_path)) is not None:
        monkeypatch.setattr(
            Settings, "ledgers", property(lambda self: apart if self.ledger_dir is None else self.ledger_dir)
        )
    return made


def test_where_all_is_well_nothing_is_found(house: House) -> None:
    assert house.bad(network=True) == {}
    told = {each.check for each in examine(house.settings, now=house.now)}
    assert told == {
        *("key", "database", "migrations", "clock", "journal", "backup", "ledger", "sweep", "road", "mail", "letters"),
        *("disk", "security_txt", "settings"),
    }


def test_each_part_that_is_broken_is_told(house: House, mail: Sink) -> None:
    key = house.settings.key_file
    key.chmod(0o640)
    assert house.bad() == {"key": "bad"}
    assert "0640" in house.found()["key"].what[1]
    key.chmod(0o600)

    whole = key.read_text()
    key.write_text("0" * 64)
    assert house.bad()["key"] == "bad"
    key.unlink()
    assert house.bad()["key"] == "bad"
    assert not key.exists(), "looking makes no key"
    key.write_text(whole)
    key.chmod(0o600)

    house.run("DROP TRIGGER journal_no_update", KEY)
    house.run("UPDATE journal SET verb = 'nothing' WHERE seq = (SELECT max(seq) FROM journal)", KEY)
    assert house.bad() == {"journal": "bad"}
    assert house.found()["journal"].register == KEY
    house.run("UPDATE journal SET verb = 'backup' WHERE seq = (SELECT max(seq) FROM journal)", KEY)
    assert house.bad() == {}

    house.run("UPDATE canary SET failed = 'letter'")
    assert house.bad() == {"road": "bad"}
    house.run("UPDATE canary SET failed = ''")

    house.run("ALTER TABLE sys_meta RENAME TO gone", KEY)
    assert house.bad()["register"] == "bad"
    house.run("ALTER TABLE gone RENAME TO sys_meta", KEY)
    (house.settings.data_dir / "seloste.db").write_bytes(b"no database at all" * 100)
    assert house.bad()["database"] == "bad"


def test_looking_migrates_nothing(house: House) -> None:
    newest = deployment.MIGRATIONS[-1].number
    house.run(f"DELETE FROM migration WHERE number = {newest}")
    assert house.bad() == {"migrations": "warn"}
    assert house.bad() == {"migrations": "warn"}, "nothing was migrated by looking"
    house.run("INSERT INTO migration (number, name) VALUES (99, 'of a newer version')")
    assert house.bad() == {"migrations": "bad"}


def test_time_that_goes_by_is_told(house: House) -> None:
    days = {
        number: house.bad(now=house.now + dt.timedelta(days=number), network=False)
        for number in (-1, 1, 2, 8, 180, 300)
    }
    assert days[-1] == {"clock": "bad"}, "the journal is ahead of the clock"
    assert days[1] == {}
    assert days[2] == {"backup": "warn", "sweep": "bad", "road": "bad"}
    assert days[8]["backup"] == "bad"
    assert days[180]["security_txt"] == "warn", "a month ahead"
    assert days[300]["security_txt"] == "warn"


def test_a_backup_must_open(house: House) -> None:
    folder = house.folder / "backups" / "night"
    file = folder / "registers" / f"{KEY}.db"
    file.write_bytes(file.read_bytes()[:-100])
    assert house.bad() == {"backup": "bad"}
    manifest = folder / "backup.json" if (folder / "backup.json").exists() else next(folder.glob("*.json"))
    manifest.unlink()
    assert house.found()["backup"].what[1] == "There is no backup."
    # Without a folder to look in the journal says when one was made.
    house.settings = replace(house.settings, backups_dir=None)
    assert house.found()["backup"].level == "ok"


def test_a_ledger_beside_the_data_is_told(house: House) -> None:
    house.settings = replace(house.settings, ledger_dir=house.settings.data_dir)
    assert house.bad() == {"ledger": "warn"}


def test_mail_is_tried_as_far_as_a_letter_would_go(house: House, mail: Sink, tmp_path: Path) -> None:
    before = len(mail.letters)
    found = house.found(network=True)["mail"]
    assert (found.level, found.where) == ("ok", f"127.0.0.1:{mail.port}")
    assert len(mail.letters) == before, "no letter is handed on"
    mail.busy = True
    assert house.bad(network=True) == {"mail": "bad"}
    assert house.bad(network=False) == {}
    house.settings = replace(house.settings, smtp_url="smtp://127.0.0.1:1")
    assert "ConnectionRefusedError" in house.found(network=True)["mail"].what[1]
    house.settings = replace(house.settings, smtp_url=None)
    assert house.bad() == {"mail": "warn"}
    registers = Registers(house.settings)
    applied(registers, example("fluent-progress/customers"), house.now)
    registers.close()
    waits = house.found()["mail"]
    assert (waits.level, "newsletter" in waits.what[0], "confirm: email" in waits.todo[0]) == ("bad", True, True)


def test_a_server_must_encrypt_and_let_us_in(tmp_path: Path) -> None:
    ours, theirs = certificate(tmp_path)
    with sink(tls=ours, password="sana") as server:
        found = replace(
            server_of(
                Settings(smtp_url=f"smtp://127.0.0.1:{server.port}", mail_from="a@b.example", public_url="http://c")
            ),
            tls="start",
            user="tunnus",
            password="sana",
        )
        assert found.look(lambda: theirs) is True
        with pytest.raises(MailError):
            found.look()
        with pytest.raises(MailError):
            replace(found, password="toinen").look(lambda: theirs)


def test_letters_that_did_not_leave_are_told(house: House) -> None:
    database = open_database(f"sqlite:///{house.settings.data_dir / 'seloste.db'}")
    with database.transaction() as conn:
        mail_trouble.note(conn, "own_link", "given_up", "SMTPRecipientsRefused", house.now)
    database.close()
    found = house.found()["letters"]
    assert found.level == "bad"
    assert "SMTPRecipientsRefused" in found.what[1]


def test_the_certificate_is_read_from_a_file_or_a_host(house: House, tmp_path: Path) -> None:
    context, _ = certificate(tmp_path)
    real = clock.now()
    house.settings = replace(house.settings, certificate=str(tmp_path / "cert.pem"))
    levels = [
        next(
            each.level
            for each in examine(house.settings, now=real - dt.timedelta(days=days))
            if each.check == "certificate"
        )
        for days in (-5, 0, 20, 40)
    ]
    assert levels == ["bad", "bad", "warn", "ok"]
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            try:
                with context.wrap_socket(listener.accept()[0], server_side=True):
                    pass
            except (ssl.SSLError, OSError):
                return

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        house.settings = replace(house.settings, certificate=f"127.0.0.1:{listener.getsockname()[1]}")
        found = [each for each in examine(house.settings, now=real) if each.check == "certificate"]
        thread.join(5)
    assert [(each.level, "holds until" in each.what[1]) for each in found] == [("bad", True)]
    assert "certificate" not in house.found(network=False), "no host is asked"
    house.settings = replace(house.settings, certificate=str(tmp_path / "key.pem"))
    assert house.found()["certificate"].what[1] == "The certificate cannot be read."


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"demo": True}, "SELOSTE_DEMO"),
        ({"allow_test_identity_codes": True}, "SELOSTE_ALLOW_TEST_IDENTITY_CODES"),
        ({"smtp_url": "smtp://user:password@mail.example"}, "SELOSTE_SMTP_URL"),
        ({"smtp_url": "smtp://mail.example?tls=off"}, "SELOSTE_SMTP_URL"),
        ({"public_url": "http://register.example"}, "SELOSTE_PUBLIC_URL"),
        ({"host": "0.0.0.0"}, "SELOSTE_HOST"),
        ({"key_file": Path("var/secret.key")}, "SELOSTE_KEY_FILE"),
        ({"database_url": "postgresql://seloste:short@db.example/x"}, "SELOSTE_DATABASE_URL"),
        ({"metrics_token_file": Path("nowhere")}, "SELOSTE_METRICS_TOKEN_FILE"),
    ],
)
def test_a_setting_that_weakens_is_named_without_its_value(changes: dict[str, object], where: str) -> None:
    from seloste.operations.running.doctor.house import settings
    from seloste.operations.running.doctor.model import Case

    sound = Settings(key_file=Path("/etc/seloste/secret.key"))
    now = clock.now()
    assert [each.level for each in settings(Case(sound, now, network=False))] == ["ok"]
    found = list(settings(Case(replace(sound, **changes), now, network=False)))  # type: ignore[arg-type]
    assert [(each.level, each.where) for each in found] == [("warn", where)]
    assert "password" not in found[0].what[0]
    assert "short@" not in str(found[0])


def test_a_token_that_others_may_read_or_guess_is_told(tmp_path: Path) -> None:
    from seloste.operations.running.doctor.house import settings
    from seloste.operations.running.doctor.model import Case

    token = tmp_path / "token"
    token.write_text("short")
    token.chmod(0o644)
    chosen = Settings(key_file=Path("/etc/seloste/secret.key"), metrics_token_file=token)
    assert len(list(settings(Case(chosen, clock.now(), network=False)))) == 2
    token.write_text("x" * 40)
    token.chmod(0o600)
    assert [each.level for each in settings(Case(chosen, clock.now(), network=False))] == ["ok"]


def test_versions_that_are_known_to_be_bad() -> None:
    day = dt.date(2026, 11, 30)
    wrong, sound = [(3, 40, 1), (3, 51, 2), (3, 52, 0), (3, 44, 5)], [(3, 51, 3), (3, 53, 1), (3, 50, 7), (3, 44, 6)]
    assert [versions.sqlite(each)[0] for each in wrong] == ["warn"] * 4
    assert [versions.sqlite(each)[0] for each in sound] == ["ok"] * 4
    assert [versions.postgresql(each, day)[0] for each in [(14, 2), (14, 20), (12, 1), (15, 18), (18, 1)]] == [
        *("bad", "warn", "warn", "ok", "ok")
    ]


def test_it_looks_at_both_engines(tmp_path: Path, database_url: str) -> None:
    url = None if database_url.startswith("sqlite") else database_url
    settings = Settings(data_dir=tmp_path / "data", database_url=url, key_file=tmp_path / "key")
    now = clock.now()
    assert [(each.check, each.level) for each in examine(settings, now=now, network=False)] == [("database", "bad")]
    registers = Registers(settings)
    applied(registers, example("fluiconnecto/notice"), now)
    registers.close()
    found = {each.check: each for each in examine(settings, now=clock.now(), network=False)}
    assert {check for check, each in found.items() if each.level == "bad"} == {"backup"}
    assert found["clock"].level == found["journal"].level == "ok"
    assert ("server" in found["clock"].what[1]) is (url is not None)


def test_the_end_of_a_journal_is_verified_from_what_stands_before_it(house: House) -> None:
    database = open_database(f"sqlite:///{house.settings.data_dir / 'registers' / f'{KEY}.db'}")
    whole = verify_end(database, 2)
    assert (whole.ok, whole.count) == (True, 2)
    with database.transaction() as conn:
        conn.execute("DROP TRIGGER journal_no_delete")
        conn.execute("DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)")
    assert not verify_end(database, 2).ok
    database.close()


# --- the command ----------------------------------------------------------------------------------------


def test_the_command_tells_by_its_exit_code(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: house.now)
    monkeypatch.setenv("SELOSTE_KEY_FILE", str(house.settings.key_file))
    monkeypatch.setenv("SELOSTE_BACKUPS_DIR", str(house.settings.backups_dir))
    apart = another_disk(house.folder)
    monkeypatch.setenv("SELOSTE_LEDGER_DIR", str(apart or house.folder))
    words = ["doctor", "--offline", "--data-dir", str(house.settings.data_dir)]

    def run(*more: str) -> tuple[int, str]:
        answer = CliRunner().invoke(group, [*words, *more])
        assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
        return answer.exit_code, answer.output

    code, text = run("--lang", "en")
    assert code == 1
    assert "warn   mail         No mail is sent: nobody gets a link to their own data.  (SELOSTE_SMTP_URL)\n" in text
    assert "-> Give SELOSTE_SMTP_URL, SELOSTE_MAIL_FROM and SELOSTE_PUBLIC_URL." in text
    code, text = run("--lang", "fi")
    assert "huomio mail         Sähköpostia ei lähetetä" in text
    for name in ("smtp_url", "mail_from", "public_url"):
        monkeypatch.setenv(f"SELOSTE_{name.upper()}", str(getattr(house.settings, name)))
    monkeypatch.setenv("SELOSTE_SECURITY_CONTACT", "mailto:turva@yritys.example")
    monkeypatch.setenv("SELOSTE_SECURITY_EXPIRES", str(house.settings.security_expires))
    code, text = run("--lang", "en")
    assert code == (1 if apart is None else 0), text
    house.settings.key_file.chmod(0o644)
    code, text = run("--json")
    lines = [json.loads(line) for line in text.splitlines()]
    assert code == 2
    (bad,) = [line for line in lines if line["level"] == "bad"]
    assert (bad["check"], bad["where"], set(bad)) == (
        "key",
        str(house.settings.key_file),
        {"check", "level", "register", "what", "where", "do"},
    )

"""Four programs on one installation at the same moment: what is due is done once, and every letter leaves once."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from tests.operations.conftest import contact
from tests.operations.test_notices import REMINDERS, with_
from tests.prepared import applied, example
from tests.scale.conftest import KEY
from tests.smtp_sink import Sink, sink

from seloste.operations.accounts import roles
from seloste.operations.accounts.create import create_account
from seloste.operations.actor import CLI
from seloste.operations.daily import JOBS, TELLING
from seloste.operations.notices.publish import bring, decide
from seloste.operations.notices.trial import trial
from seloste.operations.rights.receive import receive
from seloste.settings import Settings
from seloste.store import daily
from seloste.store.engine import one
from seloste.store.registers import Registers

# The threads that serve and work run beside the pages, at the moment of the test.
WORKER = """
import datetime as dt, sys, time
from pathlib import Path
from seloste.operations import daily
from seloste.operations.letters import LETTERS, SETTLERS
from seloste.operations.mail import sender
from seloste.settings import Settings
from seloste.store.registers import Registers

folder, moment, begin = Path(sys.argv[1]), dt.datetime.fromisoformat(sys.argv[2]), sys.argv[3]
daily.FIRST_SECONDS, daily.WAKE_SECONDS, sender.WAKE_SECONDS = 0, 0.2, 0.1
ran = daily._run

def noted(registers, register, job, day, now):
    with (folder / "ran").open("a") as file:
        file.write(f"{job}\\n")
    return ran(registers, register, job, day, now)

daily._run = noted
registers = Registers(Settings.from_environment())
(folder / f"ready-{begin}").touch()
while not (folder / "go").exists():
    time.sleep(0.005)
threads = [
    daily.Daily(registers, now=lambda: moment),
    sender.Sender(registers, LETTERS, now=lambda: moment, settlers=SETTLERS),
]
for each in threads:
    each.start()
while not (folder / "enough").exists():
    time.sleep(0.05)
for each in threads:
    each.stop()
registers.close()
"""
PROGRAMS, MOST_SECONDS = 4, 100


def test_nothing_is_done_twice(tmp_path: Path, database_url: str, fixed_now: dt.datetime) -> None:
    url = None if database_url.startswith("sqlite") else database_url
    with sink() as server:
        environment = {
            "SELOSTE_DATA_DIR": str(tmp_path),
            "SELOSTE_DATABASE_URL": url or "",
            "SELOSTE_LANGUAGE": "fi",
            "SELOSTE_SMTP_URL": f"smtp://127.0.0.1:{server.port}",
            "SELOSTE_MAIL_FROM": "tietosuoja@yritys.example",
            "SELOSTE_PUBLIC_URL": "https://rekisteri.example",
        }
        registers = Registers(Settings.from_environment(environment))
        expected = due_at(registers, fixed_now)
        store = registers.open(KEY)
        store.reads.flush()
        programs = [
            subprocess.Popen(
                [sys.executable, "-c", WORKER, str(tmp_path), fixed_now.isoformat(), str(number)],
                env={"PYTHONPATH": ":".join(sys.path), **environment},
            )
            for number in range(PROGRAMS)
        ]
        while len(list(tmp_path.glob("ready-*"))) < PROGRAMS:
            assert all(each.poll() is None for each in programs)
            time.sleep(0.02)
        (tmp_path / "go").touch()
        until_quiet(registers, server)
        (tmp_path / "enough").touch()
        assert [each.wait(60) for each in programs] == [0] * PROGRAMS
        sent = Counter((str(letter["To"]), str(letter["Subject"]).split(" ")[0]) for letter in server.letters)
    with registers.deployment.read() as conn:
        runs = daily.runs(conn, KEY)
    assert sorted(run.job for run in runs) == sorted((*JOBS, *TELLING))
    assert Counter((tmp_path / "ran").read_text().split()) == dict.fromkeys((*JOBS, *TELLING), 1)
    # On a very busy machine a turn may not come in time, and a program may just have opened the register by the notice
    # before the one that another puts into force: that job is done later, not twice.
    assert {run.failed for run in runs} <= {None, "BusyError", "ChangedError"}
    store = registers.open(KEY)
    with store.read(fixed_now) as conn:
        sweeps = one(conn.execute("SELECT count(*) FROM sys_sweep"))[0]
        states = conn.execute("SELECT state FROM sys_planned").all()
        verbs = Counter(row[0] for row in conn.execute("SELECT verb FROM journal"))
        versions = one(conn.execute("SELECT count(*) FROM sys_notice"))[0]
    assert (sweeps, states, versions, verbs["apply"]) == (1, [("in_force",)], 2, 2), verbs
    # The letter of a job that is done later comes later; none comes twice.
    assert not sent - expected, sent
    assert sent == expected or any(run.failed for run in runs), (sent, runs)
    registers.close()


def until_quiet(registers: Registers, server: Sink) -> None:
    """Wait until each job was begun and ended, and no letter came for a while."""
    until, count, since = time.monotonic() + MOST_SECONDS, 0, time.monotonic()
    while time.monotonic() < until:
        with registers.deployment.read() as conn:
            ended = [run for run in daily.runs(conn, KEY) if run.ended_at is not None or run.failed]
        if len(server.letters) != count:
            count, since = len(server.letters), time.monotonic()
        if len(ended) == len(JOBS) + len(TELLING) and time.monotonic() - since > 3:
            return
        time.sleep(0.1)


def due_at(registers: Registers, now: dt.datetime) -> Counter[tuple[str, str]]:
    """An installation in which each kind of work is due; to whom a letter goes, by the first word of its subject."""
    applied(registers, example("fluiconnecto/notice"), now - dt.timedelta(days=40))
    store = registers.open(KEY)
    lead = create_account(
        registers.deployment, "ritva@y.example", "Ritva", language="fi", password="kolme pientä kuusta", actor=CLI,
        now=now,
    ).account  # fmt: skip
    roles.grant(registers.deployment, lead, KEY, "management", lead=True, actor=CLI, now=now)
    person = contact(store, now)
    # Half of its time has gone: whoever leads is reminded.
    old = now - dt.timedelta(days=17)
    receive(store, "access", channel="post", person=person, actor=CLI, now=old)
    # And one that has just come: the person is told that it arrived.
    receive(store, "access", channel="email", language="fi", person=person, evidence=frozenset({"strong"}), actor=CLI,
            now=now)  # fmt: skip
    brought = bring(store, with_(REMINDERS), now=old, actor=CLI)
    shown = trial(registers, brought.notice, "fi", now=old)
    decide(store, brought.number, now.date(), shown, now=old, actor=CLI, by_mail=True)
    # The reminder, the word that it arrived, and the trial of the road.
    return Counter(
        {
            ("ritva@y.example", "Tietopyynnöt:"): 1,
            ("sari@havupumppu.example", "Olemme"): 1,
            ("tietosuoja@yritys.example", "Selosteen"): 1,
        }
    )

"""``seloste user``, ``seloste journal`` and ``seloste serve``, run as a person runs them."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from seloste.cli import group
from seloste.cli.common import who_may_enter
from seloste.clock import now
from seloste.notice import load
from seloste.operations.accounts.invite import accept
from seloste.operations.accounts.sign_in import sign_in
from seloste.settings import Settings
from seloste.store.registers import Registers

EXAMPLE = Path(__file__).parents[2] / "examples" / "fluiconnecto" / "notice.yaml"
EMAIL, PASSWORD = "mikael.tuuri@fluiconnecto.example", "kolme pientä kuusta"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with one register, named by the environment."""
    monkeypatch.setenv("SELOSTE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SELOSTE_LANGUAGE", "en")
    registers = Registers(Settings.from_environment())
    registers.apply(load(EXAMPLE), now=now(), actor="cli")
    registers.close()
    return tmp_path


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(group, arguments, input=typed)


def add(*more: str) -> Result:
    return run("user", "add", EMAIL, "--name", "Mikael Tuuri", "--password-stdin", *more, typed=PASSWORD + "\n")


def enters(password: str) -> bool:
    from seloste.errors import SelosteError

    registers = Registers(Settings.from_environment())
    try:
        sign_in(registers.deployment, EMAIL, password, source="test", now=now())
    except SelosteError:
        return False
    finally:
        registers.close()
    return True


# --- user -------------------------------------------------------------------------------------------------------------


def test_an_account_is_added_with_a_role_and_signs_in(folder: Path) -> None:
    result = add("--register", "fluiconnecto_customers", "--role", "sales", "--lead")
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    assert enters(PASSWORD)
    listed = run("user", "list").output
    assert listed == f"{EMAIL}\tMikael Tuuri\topen\tfluiconnecto_customers:sales+lead\n"


def test_an_account_is_added_with_several_roles(folder: Path) -> None:
    result = add("--register", "fluiconnecto_customers", "--role", "sales", "--role", "service", "--role", "sales")
    assert result.exit_code == 0, result.output
    roles = run("user", "list").output.rstrip().split("\t")[-1].split()
    assert roles == ["fluiconnecto_customers:sales", "fluiconnecto_customers:service"]


def test_no_account_is_added_when_one_of_its_roles_is_not_there(folder: Path) -> None:
    result = add("--register", "fluiconnecto_customers", "--role", "sales", "--role", "king")
    assert result.exit_code == 2
    assert run("user", "list").output == ""


def test_a_password_is_made_when_none_is_given(folder: Path) -> None:
    result = run("user", "add", EMAIL, "--name", "Mikael Tuuri")
    made = re.search(r"Password: (\S+)", result.output)
    assert made, result.output
    assert enters(made[1])
    changed = re.search(r"Password: (\S+)", run("user", "password", EMAIL).output)
    assert changed
    again = changed[1]
    assert not enters(made[1])
    assert enters(again)


def test_what_is_wrong_is_said_and_nothing_is_added(folder: Path) -> None:
    for more, says in (
        (("--register", "nothing", "--role", "sales"), "Registers: fluiconnecto_customers"),
        (("--register", "fluiconnecto_customers", "--role", "boss"), "Roles: sales, service, accountant"),
        (("--role", "sales"), "belong together"),
    ):
        result = add(*more)
        assert result.exit_code == 2
        assert says in result.output
    assert run("user", "list").output == ""
    short = run("user", "add", EMAIL, "--name", "Mikael", "--password-stdin", typed="short\n")
    assert (short.exit_code, "too short" in short.output) == (2, True)


def test_roles_are_given_and_taken_and_accounts_locked(folder: Path) -> None:
    add()
    assert run("user", "grant", EMAIL, "fluiconnecto_customers", "service").exit_code == 0
    assert "fluiconnecto_customers:service\n" in run("user", "list").output
    assert run("user", "grant", EMAIL, "fluiconnecto_customers", "service", "--revoke").exit_code == 0
    assert run("user", "grant", EMAIL, "fluiconnecto_customers", "service", "--revoke").exit_code == 2
    run("user", "lock", EMAIL)
    assert "\tlocked\t" in run("user", "list").output
    assert not enters(PASSWORD)
    run("user", "lock", EMAIL, "--unlock")
    assert enters(PASSWORD)
    run("user", "leave", EMAIL)
    assert "-\tMikael Tuuri\tleft\t-" in run("user", "list").output
    assert not enters(PASSWORD)
    assert "no account" in run("user", "lock", "nobody@fluiconnecto.example").output


def test_somebody_is_invited_and_a_lost_phone_is_helped_over(folder: Path) -> None:
    place = ("--register", "fluiconnecto_customers", "--role", "sales")
    assert run("user", "invite", EMAIL, "--name", "Mikael Tuuri", *place, "--lead").exit_code == 0
    again = run("user", "link", EMAIL)
    link = re.search(r"http://127\.0\.0\.1:8000/welcome/(\S+)\n", again.output)
    assert link, again.output
    registers = Registers(Settings.from_environment())
    accept(registers.deployment, link[1], PASSWORD, now=now())
    registers.close()
    assert enters(PASSWORD)
    known = run("user", "invite", EMAIL, "--name", "Mikael Tuuri", *place)
    assert "They have an account" in known.output
    assert run("user", "reset", EMAIL).output == "The second step is dropped.\n"
    alone = run("user", "leave", EMAIL)
    assert (alone.exit_code, "Nobody would be left who leads" in alone.output) == (2, True)
    assert run("user", "invite", EMAIL, "--name", "M", "--register", "nothing", "--role", "sales").exit_code == 2


# --- journal ----------------------------------------------------------------------------------------------------------


def test_every_journal_is_verified_and_a_broken_one_is_named(folder: Path) -> None:
    add()
    whole = run("journal", "verify")
    assert whole.exit_code == 0
    assert re.match(
        r"installation: whole, 1 entries, seal \w{64}\nfluiconnecto_customers: whole, 1 entries", whole.output
    )
    seal = whole.output.splitlines()[0].rpartition(" ")[2]
    assert run("journal", "verify", "installation", "--seal", seal).exit_code == 0
    forged = run("journal", "verify", "installation", "--seal", "f" * 64)
    assert (forged.exit_code, "does not hold the seal" in forged.output) == (1, True)

    import sqlite3

    with sqlite3.connect(folder / "registers" / "fluiconnecto_customers.db") as raw:
        raw.execute("DROP TRIGGER journal_no_update")
        raw.execute("UPDATE journal SET actor = 'somebody'")
    raw.close()
    broken = run("journal", "verify")
    assert broken.exit_code == 1
    assert "fluiconnecto_customers: broken from entry 1" in broken.output
    assert run("journal", "verify", "nothing").exit_code == 2


def test_entries_are_shown_so_that_an_auditor_can_compute_their_hashes(folder: Path) -> None:
    add("--register", "fluiconnecto_customers", "--role", "sales")
    enters(PASSWORD)
    lines = run("journal", "show", "installation", "--json").output.splitlines()
    entries = [json.loads(line) for line in lines]
    assert [entry["verb"] for entry in entries] == ["sign_in", "grant_role", "create_account"]
    for entry in entries:
        given = entry.pop("hash")
        text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        assert sha256(text.encode()).hexdigest() == given
    assert entries[0]["previous"] != entries[1]["previous"]
    shown = run("journal", "show", "installation", "--verb", "sign_in").output
    assert "sign_in" in shown
    assert "grant" not in shown
    assert "read_journal" in run("journal", "show", "installation", "--limit", "1").output, "reading is journaled"


# --- serve ------------------------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def start(port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "seloste", "serve", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONWARNINGS": "error"},
    )


def first_page(port: int, seconds: float = 20) -> tuple[Any, float]:
    import http.client

    began = time.monotonic()
    while time.monotonic() - began < seconds:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
        try:
            connection.request("GET", "/sign-in", headers={"Accept-Language": "fi"})
            answer = connection.getresponse()
            return (answer, answer.read().decode()), time.monotonic() - began
        except ConnectionError:
            time.sleep(0.02)
        finally:
            connection.close()
    pytest.fail("no page came")


def test_it_serves_its_first_page_soon_and_stops_when_told(folder: Path) -> None:
    add()
    port = free_port()
    program = start(port)
    try:
        (answer, text), _ = first_page(port)
        assert answer.status == 200
        assert "Kirjaudu sisään" in text
        assert answer.getheader("server") is None
        memory = resident(program.pid)
        assert memory < 120, f"{memory} MB"
        if (maps := Path(f"/proc/{program.pid}/maps")).exists():
            assert "/PIL/" not in maps.read_text(), "what makes PDFs is loaded before anybody wants one"
    finally:
        program.terminate()
        output, errors = program.communicate(timeout=20)
    assert output == f"http://127.0.0.1:{port}\n"
    assert "GET /sign-in 200" in errors
    assert "Traceback" not in errors
    assert program.returncode in (0, -15)


def resident(pid: int) -> float:
    import psutil

    return float(psutil.Process(pid).memory_info().rss / 2**20)


def test_it_says_how_to_let_somebody_in_while_nobody_may_sign_in_and_stops_well_at_an_interrupt(folder: Path) -> None:
    for wanted in (True, False):
        port = free_port()
        program = start(port)
        try:
            first_page(port)
        finally:
            program.send_signal(signal.SIGINT)
            _, errors = program.communicate(timeout=20)
        command = 'seloste user add EMAIL --name "NAME" --register fluiconnecto_customers --role sales --lead'
        assert (command in errors) == wanted, errors
        assert "Stop it with Ctrl+C." in errors
        assert "Abort" not in errors
        assert program.returncode == 0
        add("--register", "fluiconnecto_customers", "--role", "sales")


def test_accounts_of_no_register_and_locked_ones_let_nobody_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELOSTE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SELOSTE_LANGUAGE", "en")
    add()
    registers = Registers(Settings.from_environment())
    try:
        assert who_may_enter(registers) == ["There is no register yet. Make one: seloste apply notice.yaml"]
        registers.apply(load(EXAMPLE), now=now(), actor="cli")
        assert "Nobody can sign in to the register fluiconnecto_customers yet." in who_may_enter(registers)[0]
        run("user", "grant", EMAIL, "fluiconnecto_customers", "sales")
        assert who_may_enter(registers) == []
        run("user", "lock", EMAIL)
        assert len(who_may_enter(registers)) == 1
    finally:
        registers.close()


def test_it_refuses_a_port_that_is_taken(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("serve", "--port", str(taken.getsockname()[1]))
    assert result.exit_code == 2
    assert "Choose another port" in result.output


@pytest.mark.parametrize("harm", ["cut the journal", "not a database", "newer"])
def test_it_refuses_to_start_when_something_is_wrong(folder: Path, harm: str) -> None:
    import sqlite3

    register = folder / "registers" / "fluiconnecto_customers.db"
    if harm == "cut the journal":
        with sqlite3.connect(register) as raw:
            raw.execute("DROP TRIGGER journal_no_delete")
            raw.execute("DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)")
        raw.close()
        says = "seloste journal verify fluiconnecto_customers"
    elif harm == "not a database":
        for path in register.parent.glob(register.name + "*"):
            path.unlink()
        register.write_bytes(b"nonsense" * 1000)
        says = "Register fluiconnecto_customers does not open"
    else:
        with sqlite3.connect(folder / "seloste.db") as raw:
            raw.execute("INSERT INTO migration VALUES (999, 'new')")
        raw.close()
        says = "newer version"
    result = run("serve", "--port", str(free_port()))
    assert result.exit_code == 2, result.output
    assert says in result.output

"""``seloste demo`` on one of the examples: filled once, in the language of the system, and then opened as it is."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from seloste.cli import group
from seloste.cli.demo import PASSWORD
from seloste.cli.demo_letters import tell_own_pages, with_letters
from seloste.clock import now
from seloste.operations.accounts.create import create_account
from seloste.operations.accounts.roles import list_accounts
from seloste.operations.accounts.sign_in import sign_in
from seloste.operations.actor import CLI, Actor
from seloste.operations.letters import LETTERS
from seloste.operations.mail.letter import Letter
from seloste.operations.mail.sender import send_due
from seloste.operations.portal.ask import ask_link
from seloste.operations.records import read
from seloste.operations.running.canary import TRIAL
from seloste.settings import Settings
from seloste.store import portal, system
from seloste.store.registers import Registers

EXAMPLE = Path(__file__).parents[2] / "examples" / "fluiconnecto"


def _asks_for_a_link(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """As whom the demo names when it starts: the letter comes to the terminal, its link opens, trial letters do not."""
    made, transport = with_letters(settings, 8123)
    assert transport is not None and with_letters(made, 8123) == (made, None)
    registers = Registers(made)
    try:
        tell_own_pages(registers, made)
        told = re.search(r"http://localhost:8123/own/(\w+)\n.* (\S+@\S+)\. ", capsys.readouterr().out)
        assert told is not None
        ask_link(registers, told[1], told[2], lang="en", source="test", now=now())
        assert [each.outcome for each in send_due(registers, LETTERS, transport, now=now())] == ["sent"]
        letter = capsys.readouterr().out
        token = re.search(rf"http://localhost:8123/own/{told[1]}/open/(\S+)\?lang=en", letter)
        assert told[2] in letter and token is not None
        with registers.deployment.read() as conn:
            assert portal.link_stands(conn, told[1], token[1], now())
        transport.send(Letter(told[2], "Trial", "-", {TRIAL: "1"}), now())
        assert capsys.readouterr().out == ""
    finally:
        registers.close()


def test_the_demo_is_filled_once_and_speaks_the_language_of_the_system_and_of_each_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "examples" / "fluiconnecto")
    words = ["demo", "--fill-only", "--examples", str(tmp_path / "examples"), "--data-dir", str(tmp_path / "var")]
    settings = Settings(data_dir=tmp_path / "var", key_file=tmp_path / "var" / "secret.key")

    def languages_and_people() -> tuple[set[str], int]:
        registers = Registers(settings)
        try:
            store = registers.open("fluiconnecto_customers")
            sign_in(registers.deployment, "sales@fluiconnecto.example", PASSWORD, source="test", now=now())
            people = list(read.ids(store, "person", filters=[], actor=Actor("x", "sales"), now=now()))
            return {each.account.language for each in list_accounts(registers.deployment)}, len(people)
        finally:
            registers.close()

    monkeypatch.setenv("SELOSTE_LANGUAGE", "en")
    first = CliRunner().invoke(group, words)
    assert first.exit_code == 0, first.output
    assert "Invented people only." in first.output
    assert "sales@fluiconnecto.example       Fluiconnecto Oy: Sales\n" in first.output
    languages, people = languages_and_people()
    assert (languages, people > 10) == ({""}, True)
    assert CliRunner().invoke(group, words).stdout == first.stdout
    _asks_for_a_link(settings, capsys)
    monkeypatch.setenv("SELOSTE_LANGUAGE", "fi")
    assert "Kaikki ihmiset ovat keksittyjä." in CliRunner().invoke(group, words).output
    assert languages_and_people() == ({""}, people)
    registers = Registers(settings)
    with registers.database("fluiconnecto_customers").transaction() as conn:
        built = json.loads(system.meta(conn, "shape") or "")
        system.put_meta(conn, "shape", json.dumps({**built, "digest": "another"}))
        system.put_meta(conn, "compiler", "another")
    registers.close()
    assert CliRunner().invoke(group, words).exit_code == 0
    assert languages_and_people() == ({""}, people), "what another version made is applied anew"


def test_the_demo_whose_password_everybody_knows_stays_out_of_what_it_did_not_make(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "examples" / "fluiconnecto")
    words = ["demo", "--fill-only", "--examples", str(tmp_path / "examples"), "--data-dir", str(tmp_path / "var")]
    registers = Registers(Settings(data_dir=tmp_path / "var", key_file=tmp_path / "var" / "secret.key"))
    create_account(registers.deployment, "ritva@fluiconnecto.example", "Ritva Kaleva", actor=CLI, now=now())
    for _ in range(2):
        done = CliRunner().invoke(group, words)
        assert done.exit_code != 0
        assert "no demo made" in done.output + str(done.exception)
    assert [each.account.name for each in list_accounts(registers.deployment)] == ["Ritva Kaleva"]
    assert registers.keys() == ()
    registers.close()

"""``seloste demo`` on one of the examples: filled once, in the language of the system, and then opened as it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from seloste.cli import group
from seloste.cli.demo import PASSWORD
from seloste.clock import now
from seloste.operations.accounts.create import create_account
from seloste.operations.accounts.roles import list_accounts
from seloste.operations.accounts.sign_in import sign_in
from seloste.operations.actor import CLI, Actor
from seloste.operations.records import read
from seloste.settings import Settings
from seloste.store.registers import Registers

EXAMPLE = Path(__file__).parents[2] / "examples" / "fluiconnecto"


def test_the_demo_is_filled_once_and_speaks_the_language_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
    assert (languages, people > 10) == ({"en"}, True)
    assert CliRunner().invoke(group, words).stdout == first.stdout
    monkeypatch.setenv("SELOSTE_LANGUAGE", "fi")
    assert "Kaikki ihmiset ovat keksittyjä." in CliRunner().invoke(group, words).output
    assert languages_and_people() == ({"fi"}, people)


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

"""What people type wrong: each answer says what is wrong, where, and what to do; none is a fault of the program."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from seloste.cli import COMMANDS, group
from seloste.clock import now
from seloste.notice import load
from seloste.settings import Settings
from seloste.store.registers import Registers

SHOP = Path(__file__).parents[1] / "corpus" / "bicycle_shop" / "notice.yaml"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a register of a shop, its notice, and files that are something else than they are called."""
    folder = tmp_path_factory.mktemp("shop")
    registers = Registers(Settings(data_dir=folder / "var", key_file=folder / "var" / "secret.key"))
    registers.apply(load(SHOP), now=now(), actor="cli")
    registers.close()
    text = SHOP.read_text("utf-8")
    (folder / "notice.yaml").write_text(text, "utf-8")
    (folder / "faulty.yaml").write_text(text.replace("basis: contract", "basis: contrakt"), "utf-8")
    (folder / "list.yaml").write_text("- a\n", "utf-8")
    (folder / "noise.yaml").write_bytes(bytes(range(128, 256)) * 8)
    (folder / "noise.xlsx").write_bytes(bytes(range(256)) * 8)
    (folder / "people.csv").write_text("Name\nAino\n", "utf-8")
    (folder / "folder.yaml").mkdir()
    return folder


def run(shop: Path, line: str) -> Result:
    return CliRunner().invoke(group, shlex.split(line))


WRONG = {
    "cheque notice.yaml": "There is no command cheque. Did you mean check?",
    "check": "Missing argument 'FILE'",
    "check nothing.yaml": "it is not there",
    "check folder.yaml": "it is a folder",
    "check noise.yaml": "not UTF-8 text",
    "check list.yaml": "`seloste new` writes a first one",
    "show nothing.yaml": "it is not there",
    "render faulty.yaml": "seloste check faulty.yaml",
    "render notice.yaml --lang fi": "The notice is not written in `fi`. It is written in: en, sv.",
    "render notice.yaml --out nowhere/notice.html": "nowhere/notice.html: there is no such folder or file",
    "explain notice.yaml phone": "The register has no phone",
    "explain notice.yaml person.shoe_size": "It has: person.first_name",
    "explain nothing.yaml person": "it is not there",
    "plan folder.yaml": "it is a folder",
    "plan faulty.yaml": "`contrakt` is not known under `purposes.repairs.basis`",
    "apply notice.yaml --data-dir /proc/nowhere": "/proc/nowhere: there is no such folder or file",
    "apply nothing.yaml": "Check the path",
    "serve --port 99999": "Write a number from 0 to 65535",
    "serve --port http": "Write a number from 0 to 65535",
    "user add notmail --name 'A B'": "Write for example first.last@company.example",
    "user add a@shop.example --name 'A B' --register shop --role boss": "Roles: counter, books",
    "user add a@shop.example --name 'A B' --register market --role counter": "Registers: shop",
    "user add a@shop.example --name 'A B' --lead": "belong together",
    "user lock a@shop.example": "seloste user list",
    "key add shop boss --name web": "Its roles are: counter, books",
    "key add market counter --name web": "seloste apply",
    "import shop people.csv --kind person --source moon": "The notice has no source moon. It has: subject, web_form",
    "import shop people.csv --kind planet --source subject": "These can: person",
    "import shop noise.xlsx --kind person --source subject": "is called XLSX and is none",
    "export shop person --role boss --purpose repairs": "It has: counter, books",
    "export shop person --role counter --purpose flying": "It has: customer_care, repairs",
    "export shop person --role counter --purpose repairs --with shoe": "the sensitive items of person are: none",
    "export shop person --role counter --purpose repairs --filter shoe=38": "write ITEM=VALUE",
    "export shop person --role counter --purpose repairs --out nowhere/x.csv": "there is no such folder or file",
    "retain market": "There is no register market",
    "retain --forecast --dry-run": "it only counts",
    "journal show shop --since yesterday": "Write year, month and day",
    "verify derived market": "There is no register market",
    "law due tomorrow": "for example 2026-01-30",
    "law keep nothing 2026-01-01": "The rules are: ",
    "new --answers nothing.yaml --out x.yaml": "cannot be read as YAML",
    "new --out notice.yaml": "Give another name with --out",
    "demo --examples . --fill-only --data-dir demo": "folder.yaml: it is a folder and no file",
}


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_usage_is_answered_in_a_sentence(shop: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.chdir(shop)
    monkeypatch.setenv("SELOSTE_LANGUAGE", "en")
    done = run(shop, line)
    assert isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code == 2, done.output
    assert WRONG[line] in done.output


def test_a_server_that_does_not_answer_is_no_fault_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    import psycopg

    monkeypatch.setenv("SELOSTE_LANGUAGE", "en")

    def refuse(*_: object) -> None:
        raise psycopg.OperationalError("connection refused")

    monkeypatch.setattr("seloste.store.registers.open_deployment", refuse)
    done = CliRunner().invoke(group, ["user", "list"])
    assert done.exit_code == 2
    assert "Check that it runs, and that SELOSTE_DATABASE_URL is right." in done.output


def test_messages_are_in_the_language_of_the_installation(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop)
    monkeypatch.setenv("SELOSTE_LANGUAGE", "fi")
    for line, says in {
        "new --out notice.yaml": "Tiedosto notice.yaml on jo olemassa.",
        "new --answers nothing.yaml --out x.yaml": "ei voi lukea YAMLina",
        "render notice.yaml --lang fi": "Seloste ei ole kielellä `fi`.",
        "check list.yaml": "Komento `seloste new` kirjoittaa ensimmäisen.",
        "render notice.yaml --lang en --out nowhere/notice.html": "kansiota tai tiedostoa ei ole",
    }.items():
        assert says in run(shop, line).output, line


IN_FINNISH = {
    "cheque notice.yaml": "Komentoa cheque ei ole. Tarkoititko check?",
    "check": "Puuttuu: 'FILE'.",
    "check notice.yaml other.yaml": "Liikaa sanoja: other.yaml.",
    "check notice.yaml --lang sv": "Jokin näistä: fi, en.",
    "check notice.yaml --formt json": "Valitsinta --formt ei ole. Tarkoititko --format?",
    "check notice.yaml --format": "Valitsin --format tarvitsee arvon.",
    "import shop nothing.csv --kind person --source subject": "'nothing.csv': sellaista ei ole.",
    "retain --data-dir notice.yaml": "'notice.yaml' on tiedosto, ei kansio.",
    "retain --dry-run=yes": "Valitsimelle --dry-run ei anneta arvoa.",
    "retain --months 25": "25 ei ole välillä 1<=x<=24.",
    "retain --months many": "'many' ei ole kokonaisluku.",
    "--formt": "Valitsinta --formt ei ole.",
    "user ad": "Komentoa ad ei ole.",
    "serve --port http": "Kirjoita luku 0–65535",
    "export shop person --role boss --purpose repairs": "Selosteessa ei ole tehtävää boss. Siinä on: counter, books.",
    "import shop people.csv --kind planet --source subject": "ei voi tuoda tähän rekisteriin",
    "law due tomorrow": "Kirjoita vuosi, kuukausi ja päivä",
}


@pytest.mark.parametrize("line", [*WRONG, *(line for line in IN_FINNISH if line not in WRONG)])
def test_a_wrong_usage_is_answered_in_finnish_where_the_system_is(
    shop: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.chdir(shop)
    monkeypatch.delenv("SELOSTE_LANGUAGE", raising=False)
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "fi_FI.UTF-8")
    done = run(shop, line)
    assert done.exit_code == 2, done.output
    assert "irhe" in done.output
    assert IN_FINNISH.get(line, "") in done.output
    english = {"Error", "Usage", "Write", "There", "Check", "The", "the", "It", "has", "These", "with", "none"}
    assert not english & set(done.output.replace(".", " ").replace(":", " ").split()), done.output


def every(command: click.Command, name: str) -> list[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        return [(name, command)]
    context = click.Context(command)
    return [
        each
        for sub in command.list_commands(context)
        if (found := command.get_command(context, sub)) is not None
        for each in every(found, f"{name} {sub}")
    ]


def test_every_command_has_help_with_an_example_that_begins_as_it_does() -> None:
    lacking = []
    for name, command in every(group, "seloste"):
        assert command.help, name
        if not command.params or name.endswith(" list"):
            continue
        if f"For example: {name}" not in (command.epilog or ""):
            lacking.append(name)
        for each in command.params:
            assert not isinstance(each, click.Option) or each.help, f"{name} {each.name}"
    assert lacking == []
    assert len(COMMANDS) > 15

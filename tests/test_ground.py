"""The ground floor: clock, settings, errors and the lazy command line."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from seloste import cli, clock
from seloste.errors import SelosteError
from seloste.settings import PREFIX, Durability, SettingError, Settings

# --- clock ---


def test_it_counts_finnish_days() -> None:
    assert clock.today(datetime(2026, 6, 30, 21, 30, tzinfo=UTC)) == date(2026, 7, 1)
    assert clock.today(datetime(2026, 12, 31, 21, 59, tzinfo=UTC)) == date(2026, 12, 31)


def test_it_refuses_a_moment_without_a_zone() -> None:
    naive = datetime(2026, 1, 1)
    with pytest.raises(ValueError, match="no time zone"):
        clock.today(naive)
    with pytest.raises(ValueError, match="no time zone"):
        clock.to_utc_text(naive)
    with pytest.raises(ValueError, match="no time zone"):
        clock.from_utc_text("2026-01-01T00:00:00")


@given(st.lists(st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)), min_size=2, max_size=5))
def test_its_texts_keep_the_moment_and_sort_as_moments_do(moments: list[datetime]) -> None:
    texts = [clock.to_utc_text(moment) for moment in moments]
    seconds = [moment.replace(microsecond=0) for moment in moments]
    # Compared as UTC: two zones never call an hour that clocks repeat the same.
    assert [clock.from_utc_text(text).astimezone(UTC) for text in texts] == seconds
    assert {len(text) for text in texts} == {20}
    assert [clock.from_utc_text(text).astimezone(UTC) for text in sorted(texts)] == sorted(seconds)


def test_now_is_in_helsinki() -> None:
    assert clock.now().tzinfo is clock.HELSINKI
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


# --- settings ---


def test_settings_have_defaults_that_work_on_a_desk() -> None:
    assert Settings.from_environment({}) == Settings()


def test_settings_are_read_from_the_environment() -> None:
    settings = Settings.from_environment(
        {
            "SELOSTE_DATA_DIR": "/data",
            "SELOSTE_DATABASE_URL": "postgresql://db.example/registers",
            "SELOSTE_HOST": "::1",
            "SELOSTE_PORT": "8080",
            "SELOSTE_DEMO": "1",
            "SELOSTE_JOURNAL_DURABILITY": "each",
            "SELOSTE_ALLOW_TEST_IDENTITY_CODES": "1",
            "LANG": "fi_FI.UTF-8",
            "HOME": "/elsewhere",
        }
    )
    assert settings == Settings(
        data_dir=Path("/data"),
        database_url="postgresql://db.example/registers",
        host="::1",
        port=8080,
        key_file=Path("/data/secret.key"),
        demo=True,
        journal_durability=Durability.EACH,
        allow_test_identity_codes=True,
        language="fi",
    )


def test_settings_of_whoever_runs_it_are_read() -> None:
    found = Settings.from_environment(
        {
            "SELOSTE_LOG_FORMAT": "json",
            "SELOSTE_METRICS_TOKEN_FILE": "/etc/token",
            "SELOSTE_METRICS_REGISTERS": "1",
            "SELOSTE_SECURITY_CONTACT": "mailto:a@b.example  tel:+358-29-1700860",
            "SELOSTE_SECURITY_EXPIRES": "2027-06-30",
            "SELOSTE_CANARY_TO": "Koe <koe@b.example>",
            "SELOSTE_BACKUPS_DIR": "/backups",
            "SELOSTE_CERTIFICATE": "register.b.example:443",
        }
    )
    assert (found.log_format, found.metrics_token_file, found.metrics_registers) == ("json", Path("/etc/token"), True)
    assert found.security_contact == ("mailto:a@b.example", "tel:+358-29-1700860")
    assert found.security_expires == date(2027, 6, 30)
    assert (found.canary_to, found.backups_dir) == ("Koe <koe@b.example>", Path("/backups"))
    assert found.certificate == "register.b.example:443"
    assert Settings.from_environment({}).log_format is None


def test_every_setting_is_in_the_reference() -> None:
    told = (Path(__file__).parents[1] / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.__slots__ if f"`{PREFIX}{name.upper()}`" not in told]
    assert missing == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SELOSTE_PORT", "0"),
        ("SELOSTE_PORT", "http"),
        ("SELOSTE_DEMO", "maybe"),
        ("SELOSTE_DATABASE_URL", "mysql://user:hunter2@db.example/x"),
        ("SELOSTE_JOURNAL_DURABILITY", "never"),
        ("SELOSTE_LANGUAGE", "sv"),
        ("SELOSTE_PROT", "8000"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError) as caught:
        Settings.from_environment({name: value})
    for lang in ("en", "fi"):
        assert name in caught.value.message(lang)
        assert "hunter2" not in caught.value.message(lang)
    assert caught.value.message("fi") != caught.value.message("en")


# --- the command line ---


def test_help_lists_only_commands_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cli.COMMANDS, "gone", ("no_such_module:gone", "Not there."))
    runner = CliRunner()
    shown = runner.invoke(cli.group, ["--help"])
    assert shown.exit_code == 0
    assert "gone" not in shown.output
    refused = runner.invoke(cli.group, ["gone"])
    assert refused.exit_code == 2
    assert "There is no command gone." in refused.output


def test_every_command_that_is_listed_can_be_imported() -> None:
    context = click.Context(cli.group)
    for name in cli.group.list_commands(context):
        command = cli.group.get_command(context, name)
        assert command is not None
        assert command.help, f"{name} has no help text"


def test_our_errors_are_shown_as_a_sentence_and_exit_2(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: click.Group, ctx: click.Context) -> None:
        raise SelosteError("Tiedostoa ei ole. Anna toinen.", "The file is not there. Give another.")

    monkeypatch.setattr(click.Group, "invoke", fail)
    english = CliRunner().invoke(cli.group, ["law"], env={"SELOSTE_LANGUAGE": "en"})
    assert english.exit_code == 2
    assert english.output == "Error: The file is not there. Give another.\n"
    finnish = CliRunner().invoke(cli.group, ["law"], env={"SELOSTE_LANGUAGE": "fi"})
    assert finnish.output == "Virhe: Tiedostoa ei ole. Anna toinen.\n"


def test_the_command_line_starts_without_heavy_libraries() -> None:
    heavy = {
        "sqlalchemy",
        "fastapi",
        "starlette",
        "holidays",
        "phonenumbers",
        "fpdf",
        "openpyxl",
        "psycopg",
        "pydantic",
    }
    program = "import sys, seloste.cli; print(*(name for name in sys.modules if '.' not in name))"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    assert heavy.isdisjoint(loaded), heavy.intersection(loaded)


def test_the_module_runs_as_the_command_does() -> None:
    shown = subprocess.run([sys.executable, "-m", "seloste", "--version"], check=True, capture_output=True, text=True)
    assert shown.stdout.startswith("seloste ")

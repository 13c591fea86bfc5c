"""The key file: made once, before there are data, and never again."""

from __future__ import annotations

import dataclasses
import secrets
from pathlib import Path

import pytest

from seloste.clock import now
from seloste.notice import load
from seloste.settings import Settings
from seloste.store.keys import KeyLostError
from seloste.store.registers import Registers

GYM = Path(__file__).parents[1] / "corpus" / "gym" / "notice.yaml"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    made = Settings(data_dir=tmp_path, key_file=tmp_path / "secret.key")
    return made if database_url.startswith("sqlite") else dataclasses.replace(made, database_url=database_url)


def fill(settings: Settings) -> None:
    registers = Registers(settings)
    registers.apply(load(GYM), now=now(), actor="cli")
    registers.close()


def test_it_is_made_with_the_installation_and_opens_it_again(settings: Settings) -> None:
    fill(settings)
    assert settings.key_file.stat().st_mode & 0o777 == 0o600
    Registers(settings).close()
    assert [path.name for path in settings.data_dir.glob("*secret*")] == ["secret.key"]


def test_a_lost_one_is_not_made_anew_while_there_are_registers(settings: Settings) -> None:
    fill(settings)
    text = settings.key_file.read_text()
    settings.key_file.unlink()
    for _ in range(2):
        with pytest.raises(KeyLostError, match=r"secret\.key.* Restore it") as told:
            Registers(settings)
        assert "Palauta" in told.value.message("fi")
        assert not settings.key_file.exists()
    settings.key_file.write_text(text)
    Registers(settings).close()


def test_that_of_another_installation_is_refused(settings: Settings) -> None:
    fill(settings)
    settings.key_file.write_text(secrets.token_hex(32))
    with pytest.raises(KeyLostError, match="not the one"):
        Registers(settings)


def test_a_register_whose_directory_is_lost_keeps_its_key_too(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, key_file=tmp_path / "secret.key")
    fill(settings)
    settings.key_file.unlink()
    for path in tmp_path.glob("seloste.db*"):
        path.unlink()
    with pytest.raises(KeyLostError):
        Registers(settings)


def test_before_the_first_register_another_may_take_its_place(settings: Settings) -> None:
    Registers(settings).close()
    settings.key_file.unlink()
    fill(settings)

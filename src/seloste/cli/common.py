"""What commands share: the folder of data, the language, the opened registers, the next thing to do."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from seloste.cli.wrong import say, wrong
from seloste.settings import Settings

if TYPE_CHECKING:
    from seloste.store.registers import Registers

data_dir = click.option(
    "--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Folder of the data; var by default."
)
"""The option of every command that opens registers."""


def lang_option(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--lang fi|en``: without it the language is that of the system, or of ``SELOSTE_LANGUAGE``."""
    return click.option(
        "--lang",
        type=click.Choice(["fi", "en"]),
        default=lambda: Settings.from_environment().language,
        help=f"Language of {what}; that of your system by default.",
    )


def check_place(out: Path) -> None:
    """Raises UsageError where no file can be written, before it is written down that data left."""
    folder = out if out.is_dir() else out.parent
    if not os.access(folder, os.W_OK | os.X_OK) or (out.is_file() and not os.access(out, os.W_OK)):
        raise wrong(
            f"--out {out}: kansiota tai tiedostoa ei ole, tai sinne ei voi kirjoittaa.",
            f"--out {out}: there is no such folder or file, or nothing can be written there.",
        )


def for_oneself(target: Path) -> IO[bytes]:
    """A file to write data of people into: made new, nobody else on the machine reads it."""
    return os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


class Port(click.ParamType):  # type: ignore[type-arg]
    """A port, 0 for any that is free."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if not isinstance(value, int) and (not str(value).isdecimal() or int(value) > 65535):
            said = say(
                f"'{value}' ei ole portti. Kirjoita luku 0–65535, esimerkiksi 8000.",
                f"'{value}' is not a port. Write a number from 0 to 65535, for example 8000.",
            )
            self.fail(said, param, ctx)
        return int(value)


class Day(click.ParamType):  # type: ignore[type-arg]
    """A day as 2026-01-30."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            if len(value) != len("2026-01-30"):
                raise ValueError(value)
            return dt.date.fromisoformat(value)
        except ValueError:
            said = say(
                f"'{value}' ei ole päivä. Kirjoita vuosi, kuukausi ja päivä, esimerkiksi 2026-01-30.",
                f"'{value}' is not a date. Write year, month and day, for example 2026-01-30.",
            )
            self.fail(said, param, ctx)


MOST_TOLD = 5
"""Registers that are told of one by one when nobody can sign in to them."""


@contextmanager
def opened(folder: Path | None) -> Iterator[Registers]:
    """The registers and accounts of an installation."""
    from seloste.cli.serve import chosen
    from seloste.store.registers import Registers

    registers = Registers(chosen(None, None, folder))
    try:
        yield registers
    finally:
        registers.close()


def who_may_enter(registers: Registers) -> list[str]:
    """What is still to be done before somebody can sign in to every register; empty when nothing is.

    One sentence in the language of the installation for each register without an open account, with the command.
    """
    from seloste.operations.accounts.roles import list_accounts

    finnish = registers.settings.language == "fi"
    keys = tuple(registers.keys())
    if not keys:
        return [
            "Yhtään rekisteriä ei vielä ole. Tee sellainen: seloste apply notice.yaml"
            if finnish
            else "There is no register yet. Make one: seloste apply notice.yaml"
        ]
    entered = {
        given.register
        for one in list_accounts(registers.deployment)
        if not one.account.locked and not one.account.left_at
        for given in one.grants
    }
    closed = [key for key in keys if key not in entered]
    lines = [
        (
            f"Rekisteriin {key} ei vielä pääse kukaan. Lisää käyttäjä: {add_user(registers, key)}"
            if finnish
            else f"Nobody can sign in to the register {key} yet. Add somebody: {add_user(registers, key)}"
        )
        for key in closed[:MOST_TOLD]
    ]
    if more := len(closed) - len(lines):
        lines.append(f"Samoin {more} muuta rekisteriä." if finnish else f"And {more} more registers likewise.")
    return lines


def add_user(registers: Registers, key: str) -> str:
    """The command that adds the first account of a register, with a role that its notice has."""
    role = next(iter(registers.open(key).register.lenses), "ROLE")
    email, name = ("SÄHKÖPOSTI", "NIMI") if registers.settings.language == "fi" else ("EMAIL", "NAME")
    return f'seloste user add {email} --name "{name}" --register {key} --role {role} --lead'

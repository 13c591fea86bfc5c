"""``seloste key``: the keys of programs that use the API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from seloste.settings import Settings

if TYPE_CHECKING:
    from seloste.store.registers import Registers


@contextmanager
def _registers() -> Iterator[Registers]:
    from seloste.store.registers import Registers

    registers = Registers(Settings.from_environment())
    try:
        yield registers
    finally:
        registers.close()


@click.group()
def key() -> None:
    """Make, list and end the keys of programs that use the API."""


@key.command()
@click.argument("register")
@click.argument("lens")
@click.option("--name", required=True, help="What the key is for.")
def add(register: str, lens: str, name: str) -> None:
    """Make a key to REGISTER through the role LENS. It is shown once."""
    from seloste.clock import now
    from seloste.operations.accounts.keys import make_key
    from seloste.operations.actor import CLI

    with _registers() as registers:
        made = make_key(registers.deployment, registers.open(register), lens, name, actor=CLI, now=now())
    click.echo(made.token)


@key.command("list")
def list_() -> None:
    """List the keys; revoked ones are marked."""
    from seloste.operations.accounts.keys import list_keys

    with _registers() as registers:
        for each in list_keys(registers.deployment):
            click.echo(f"{each.id}  {each.register}  {each.lens}  {each.name}{'  revoked' if each.revoked_at else ''}")


@key.command()
@click.argument("id_")
def revoke(id_: str) -> None:
    """End the key of this id at once."""
    from seloste.clock import now
    from seloste.operations.accounts.keys import revoke_key
    from seloste.operations.actor import CLI

    with _registers() as registers:
        revoke_key(registers.deployment, id_, actor=CLI, now=now())

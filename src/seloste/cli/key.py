"""``seloste key``: the keys of programs that use the API."""

from __future__ import annotations

from pathlib import Path

import click

from seloste.cli.common import data_dir, opened


@click.group()
def key() -> None:
    """Make, list and end the keys of programs that use the API."""


@key.command(epilog="For example: seloste key add ketju_bicycles sales --name website")
@click.argument("register")
@click.argument("role")
@click.option("--name", required=True, help="What the key is for.")
@data_dir
def add(register: str, role: str, name: str, data_dir: Path | None) -> None:
    """Make a key to REGISTER that sees what ROLE sees. It is shown once."""
    from seloste.clock import now
    from seloste.operations.accounts.keys import make_key
    from seloste.operations.actor import CLI

    with opened(data_dir) as registers:
        made = make_key(registers.deployment, registers.open(register), role, name, actor=CLI, now=now())
    click.echo(made.token)


@key.command("list")
@data_dir
def list_(data_dir: Path | None) -> None:
    """List the keys; revoked ones are marked."""
    from seloste.operations.accounts.keys import list_keys

    with opened(data_dir) as registers:
        for each in list_keys(registers.deployment):
            click.echo(f"{each.id}  {each.register}  {each.lens}  {each.name}{'  revoked' if each.revoked_at else ''}")


@key.command(epilog="For example: seloste key revoke k1a2b3c4, with an id that seloste key list shows")
@click.argument("id_", metavar="ID")
@data_dir
def revoke(id_: str, data_dir: Path | None) -> None:
    """End a key at once. seloste key list shows its ID."""
    from seloste.clock import now
    from seloste.operations.accounts.keys import revoke_key
    from seloste.operations.actor import CLI

    with opened(data_dir) as registers:
        revoke_key(registers.deployment, id_, actor=CLI, now=now())
        click.echo("Avain on päättynyt." if registers.settings.language == "fi" else "The key has ended.")

"""``seloste user invite`` and ``seloste user link``: somebody gets in by a link and chooses the password alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from seloste.cli.common import data_dir, opened
from seloste.cli.user_roles import check_role, whom

if TYPE_CHECKING:
    from seloste.operations.accounts.invite import Invited
    from seloste.store.registers import Registers


@click.command(
    epilog='For example: seloste user invite liisa@ketju.example --name "Liisa Laine" '
    "--register ketju_bicycles --role everyone"
)
@click.argument("email")
@click.option("--name", required=True, help="First and last name.")
@click.option(
    "--language",
    type=click.Choice(["fi", "en"]),
    default=None,
    help="Language of the letter and of the person's pages; by default your system's, and their browser's.",
)
@click.option("--register", required=True, help="The register, the name on the line `register:` of its notice.")
@click.option(
    "--role", "roles", multiple=True, required=True, help="A name under `staff:` of the notice; again for another."
)
@click.option("--lead", is_flag=True, help="Open the journal and the privacy pages of the register too.")
@data_dir
def invite(
    email: str,
    name: str,
    language: str | None,
    register: str,
    roles: tuple[str, ...],
    lead: bool,
    data_dir: Path | None,
) -> None:
    """Invite somebody: a link sets the password, once, within seven days. It is mailed, or printed without mail."""
    from seloste.clock import now
    from seloste.operations.accounts import invite as op
    from seloste.operations.accounts.roles import Given
    from seloste.operations.actor import CLI

    with opened(data_dir) as registers:
        for role in roles:
            check_role(registers, register, role)
        given = [Given(role, lead, whom(registers, register, role, email, None)) for role in dict.fromkeys(roles)]
        done = op.invite(registers, email, name, register, given, language=language or "", actor=CLI, now=now())
        _say(registers, done)


@click.command(epilog="For example: seloste user link liisa@ketju.example")
@click.argument("email")
@data_dir
def link(email: str, data_dir: Path | None) -> None:
    """Make a new link by which somebody sets a password, in place of any earlier one; their second step stays."""
    from seloste.clock import now
    from seloste.operations.accounts import invite as op
    from seloste.operations.accounts.roles import find_account
    from seloste.operations.actor import CLI

    with opened(data_dir) as registers:
        account = find_account(registers.deployment, email).id
        _say(registers, op.send_link(registers, account, actor=CLI, now=now()))


def _say(registers: Registers, done: Invited) -> None:
    from seloste.operations.accounts.invite import address

    finnish = registers.settings.language == "fi"
    if done.known:
        click.echo(
            "Hänellä on jo tunnus. Roolit on annettu." if finnish else "They have an account. The roles are given."
        )
    elif done.token is None:
        click.echo("Linkki lähtee sähköpostilla." if finnish else "The link is sent by e-mail.")
    else:
        said = (
            "Anna linkki hänelle. Se toimii kerran, seitsemän päivää:"
            if finnish
            else "Give them this link. It works once, for seven days:"
        )
        click.echo(f"{said}\n{address(registers.settings, done.token)}")

"""``seloste user``: the accounts of the staff. Who may run commands on this machine may do all of this."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from seloste.store.registers import Registers


@click.group()
def user() -> None:
    """Add, list and lock the accounts of the staff."""


data_dir = click.option(
    "--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Folder of the data; var by default."
)
"""The option of every command here."""


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


def asked_password(from_stdin: bool) -> str | None:
    """A password typed twice, or the first line of standard input; None to have one made."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        return None
    typed = click.prompt(
        "Password (empty to have one made)", hide_input=True, default="", show_default=False, confirmation_prompt=True
    )
    return str(typed) or None


def made_password() -> str:
    """80 random bits that can be read aloud: four groups of four letters and digits that do not look alike."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))


STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="First and last name.")
@click.option("--language", type=click.Choice(["fi", "en"]), default="fi", show_default=True)
@click.option("--register", help="Give a role in this register ...")
@click.option("--lens", help="... as this role of its notice.")
@click.option("--lead", is_flag=True, help="Open the privacy pages of the register too.")
@STDIN
@data_dir
def add(
    email: str,
    name: str,
    language: str,
    register: str | None,
    lens: str | None,
    lead: bool,
    password_stdin: bool,
    data_dir: Path | None,
) -> None:
    """Add an account, and with it a role. Prints the password if it was made here."""
    from seloste.clock import now
    from seloste.operations.accounts.create import create_account
    from seloste.operations.accounts.roles import grant
    from seloste.operations.actor import CLI

    if (register is None) != (lens is None) or (lead and register is None):
        raise click.UsageError("--register and --lens belong together, and --lead to them.")
    with opened(data_dir) as registers:
        if register is not None and lens is not None:
            check_lens(registers, register, lens)
        password = asked_password(password_stdin)
        chosen = password or made_password()
        created = create_account(
            registers.deployment, email, name, language=language, password=chosen, actor=CLI, now=now()
        )
        if register is not None and lens is not None:
            grant(registers.deployment, created.account, register, lens, lead=lead, actor=CLI, now=now())
    click.echo(f"Added {created.account}." + ("" if password else f" Password: {chosen}"))


@user.command("list")
@data_dir
def list_(data_dir: Path | None) -> None:
    """List the accounts: e-mail, name, state, roles."""
    from seloste.operations.accounts.roles import list_accounts

    with opened(data_dir) as registers:
        for one in list_accounts(registers.deployment):
            account = one.account
            state = "left" if account.left_at else "locked" if account.locked else "open"
            given = " ".join(f"{g.register}:{g.lens}{'+lead' if g.lead else ''}" for g in one.grants) or "-"
            click.echo(f"{account.email}\t{account.name}\t{state}\t{given}")


@user.command()
@click.argument("email")
@click.argument("register")
@click.argument("lens")
@click.option("--lead/--no-lead", default=False, help="Whether the privacy pages open too.")
@click.option("--revoke", is_flag=True, help="Take the role away instead.")
@data_dir
def grant(email: str, register: str, lens: str, lead: bool, revoke: bool, data_dir: Path | None) -> None:
    """Give an account the role LENS in REGISTER, or take it away."""
    from seloste.clock import now
    from seloste.operations.accounts import roles
    from seloste.operations.actor import CLI

    with opened(data_dir) as registers:
        account = roles.find_account(registers.deployment, email).id
        if revoke:
            roles.revoke(registers.deployment, account, register, lens, actor=CLI, now=now())
        else:
            check_lens(registers, register, lens)
            roles.grant(registers.deployment, account, register, lens, lead=lead, actor=CLI, now=now())


@user.command()
@click.argument("email")
@STDIN
@data_dir
def password(email: str, password_stdin: bool, data_dir: Path | None) -> None:
    """Give an account a new password; all its sessions end."""
    from seloste.clock import now
    from seloste.operations.accounts.change import set_password
    from seloste.operations.accounts.roles import find_account
    from seloste.operations.actor import CLI

    with opened(data_dir) as registers:
        account = find_account(registers.deployment, email).id
        typed = asked_password(password_stdin)
        chosen = typed or made_password()
        set_password(registers.deployment, account, chosen, actor=CLI, now=now())
    if not typed:
        click.echo(f"Password: {chosen}")


@user.command()
@click.argument("email")
@click.option("--unlock", is_flag=True, help="Let it in again.")
@click.option("--left", is_flag=True, help="For good: the person no longer works here.")
@data_dir
def lock(email: str, unlock: bool, left: bool, data_dir: Path | None) -> None:
    """Keep an account out at once; all its sessions end."""
    from seloste.clock import now
    from seloste.operations.accounts import change
    from seloste.operations.accounts.roles import find_account
    from seloste.operations.actor import CLI

    if unlock and left:
        raise click.UsageError("Choose --unlock or --left.")
    deed = change.unlock if unlock else change.leave if left else change.lock
    with opened(data_dir) as registers:
        deed(registers.deployment, find_account(registers.deployment, email).id, actor=CLI, now=now())


def check_lens(registers: Registers, register: str, lens: str) -> None:
    """Raises AccountError for a register that is not there, or a role that its notice does not have."""
    from seloste.operations.accounts.errors import AccountError
    from seloste.store.registers import NoRegisterError

    try:
        known = registers.open(register).register.lenses
    except NoRegisterError as problem:
        keys = ", ".join(registers.keys()) or "-"
        raise AccountError(
            f"Rekisteriä ei ole. Rekisterit: {keys}.", f"There is no such register. Registers: {keys}."
        ) from problem
    if lens not in known:
        roles = ", ".join(known) or "-"
        raise AccountError(
            f"Selosteessa ei ole tätä roolia. Roolit: {roles}.", f"The notice has no such role. Roles: {roles}."
        )

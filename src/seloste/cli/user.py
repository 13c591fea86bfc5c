"""``seloste user``: the accounts of the staff. Who may run commands on this machine may do all of this."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from seloste.cli.common import data_dir, opened
from seloste.cli.user_invite import invite, link
from seloste.cli.user_roles import check_role, whom
from seloste.cli.wrong import wrong


@click.group()
def user() -> None:
    """Add, invite, list, lock and end the accounts of the staff."""


user.add_command(invite)
user.add_command(link)


def asked_password(from_stdin: bool, *, finnish: bool) -> str | None:
    """A password typed twice, or the first line of standard input; None to have one made."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        return None
    first, again, differ = (
        ("Salasana (tyhjä: ohjelma tekee sen)", "Sama uudelleen", "Ne eivät ole samat. Kirjoita uudelleen.")
        if finnish
        else ("Password (empty to have one made)", "The same again", "They differ. Write it again.")
    )
    while typed := str(click.prompt(first, hide_input=True, default="", show_default=False)):
        if typed == click.prompt(again, hide_input=True, default="", show_default=False):
            return typed
        click.echo(differ, err=True)
    return None


STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")


@user.command(
    epilog='For example: seloste user add liisa@ketju.example --name "Liisa Laine" '
    "--register ketju_bicycles --role everyone --lead"
)
@click.argument("email")
@click.option("--name", required=True, help="First and last name.")
@click.option(
    "--language",
    type=click.Choice(["fi", "en"]),
    default=None,
    help="Language of the person's pages; that of their browser until they choose one.",
)
@click.option("--register", help="Give a role in this register, the name on the line `register:` ...")
@click.option(
    "--role", "roles", multiple=True, help="... this one, a name under `staff:` of its notice; again for another."
)
@click.option("--lead", is_flag=True, help="Open the journal and the privacy pages of the register too.")
@STDIN
@data_dir
def add(
    email: str,
    name: str,
    language: str | None,
    register: str | None,
    roles: tuple[str, ...],
    lead: bool,
    password_stdin: bool,
    data_dir: Path | None,
) -> None:
    """Add an account, and with it a role. Prints the password if it was made here."""
    from seloste.clock import now
    from seloste.operations.accounts import passwords
    from seloste.operations.accounts.create import create_account
    from seloste.operations.accounts.roles import grant
    from seloste.operations.actor import CLI

    if (register is None) != (not roles) or (lead and register is None):
        raise wrong(
            "--register ja --role kuuluvat yhteen, ja --lead niihin.",
            "--register and --role belong together, and --lead to them.",
        )
    with opened(data_dir) as registers:
        for role in roles:
            check_role(registers, str(register), role)
        finnish = registers.settings.language == "fi"
        password = asked_password(password_stdin, finnish=finnish)
        chosen = password or passwords.readable_secret()
        created = create_account(
            registers.deployment, email, name, language=language or "", password=chosen, actor=CLI, now=now()
        )
        for role in dict.fromkeys(roles):
            key, person = str(register), whom(registers, str(register), role, email, None)
            grant(registers.deployment, created.account, key, role, lead=lead, person=person, actor=CLI, now=now())
    click.echo(f"Tunnus lisätty: {name}." if finnish else f"Account added: {name}.")
    if not password:
        click.echo(_made(chosen, finnish=finnish))


def _made(password: str, *, finnish: bool) -> str:
    """A password that was made here: where it is kept is for whoever reads it."""
    if finnish:
        return f"Salasana: {password}\nSitä ei näytetä toiste. Anna se sille, jonka tunnus on."
    return f"Password: {password}\nIt is not shown again. Give it to the person whose account it is."


_STATES = {
    "fi": {"left": "poistunut", "locked": "lukittu", "open": "käytössä"},
    "en": {"left": "left", "locked": "locked", "open": "open"},
}


@user.command("list")
@data_dir
def list_(data_dir: Path | None) -> None:
    """List the accounts: e-mail, name, state, roles."""
    from seloste.operations.accounts.roles import list_accounts

    with opened(data_dir) as registers:
        states = _STATES["fi" if registers.settings.language == "fi" else "en"]
        for one in list_accounts(registers.deployment):
            account = one.account
            state = states["left" if account.left_at else "locked" if account.locked else "open"]
            given = " ".join(f"{g.register}:{g.lens}{'+lead' if g.lead else ''}" for g in one.grants) or "-"
            click.echo(f"{'-' if account.left_at else account.email}\t{account.name}\t{state}\t{given}")


@user.command(epilog="For example: seloste user grant liisa@ketju.example ketju_bicycles accountant")
@click.argument("email")
@click.argument("register")
@click.argument("role")
@click.option("--lead/--no-lead", default=False, help="Whether the journal and the privacy pages open too.")
@click.option(
    "--person",
    help="Who of the register's people the account is, by e-mail or by the number in the address of their page; for a "
    "role that sees its own only. Without it whoever has the account's e-mail.",
)
@click.option("--revoke", is_flag=True, help="Take the role away instead.")
@data_dir
def grant(
    email: str, register: str, role: str, lead: bool, person: str | None, revoke: bool, data_dir: Path | None
) -> None:
    """Give an account the role ROLE in REGISTER, or take it away."""
    from seloste.clock import now
    from seloste.operations.accounts import roles
    from seloste.operations.actor import CLI

    with opened(data_dir) as registers:
        finnish = registers.settings.language == "fi"
        account = roles.find_account(registers.deployment, email).id
        if revoke:
            roles.revoke(registers.deployment, account, register, role, actor=CLI, now=now())
            click.echo(f"Rooli {role} on poistettu." if finnish else f"The role {role} is taken away.")
        else:
            check_role(registers, register, role)
            acting = whom(registers, register, role, email, person)
            roles.grant(registers.deployment, account, register, role, lead=lead, person=acting, actor=CLI, now=now())
            click.echo(f"Rooli {role} on annettu." if finnish else f"The role {role} is given.")


@user.command(epilog="For example: seloste user password liisa@ketju.example")
@click.argument("email")
@STDIN
@data_dir
def password(email: str, password_stdin: bool, data_dir: Path | None) -> None:
    """Give an account a new password; all its sessions end."""
    from seloste.clock import now
    from seloste.operations.accounts import passwords
    from seloste.operations.accounts.change import set_password
    from seloste.operations.accounts.roles import find_account
    from seloste.operations.accounts.tell import tell
    from seloste.operations.actor import CLI

    with opened(data_dir) as registers:
        finnish = registers.settings.language == "fi"
        account = find_account(registers.deployment, email).id
        typed = asked_password(password_stdin, finnish=finnish)
        chosen = typed or passwords.readable_secret()
        set_password(registers.deployment, account, chosen, actor=CLI, now=now())
        tell(registers, account, "password", now=now())
    click.echo("Salasana vaihdettu." if finnish else "Password changed.")
    if not typed:
        click.echo(_made(chosen, finnish=finnish))


@user.command(epilog="For example: seloste user lock liisa@ketju.example")
@click.argument("email")
@click.option("--unlock", is_flag=True, help="Let it in again.")
@data_dir
def lock(email: str, unlock: bool, data_dir: Path | None) -> None:
    """Keep an account out at once; all its sessions end."""
    from seloste.operations.accounts import change

    said = ("Tunnus on auki.", "The account is open.") if unlock else ("Tunnus on lukittu.", "The account is locked.")
    _changed(email, change.unlock if unlock else change.lock, said, data_dir)


@user.command(epilog="For example: seloste user leave liisa@ketju.example")
@click.argument("email")
@data_dir
def leave(email: str, data_dir: Path | None) -> None:
    """End an account for good: its roles, its address and all it signed in by go, and all its sessions end.

    Whoever leads a register alone cannot leave before somebody else does.
    """
    from seloste.operations.accounts import change

    _changed(email, change.leave, ("Tunnus on päättynyt.", "The account has ended."), data_dir)


@user.command(epilog="For example: seloste user reset liisa@ketju.example")
@click.argument("email")
@data_dir
def reset(email: str, data_dir: Path | None) -> None:
    """Drop the second step of an account whose phone is lost; all its sessions end. First make sure who asks."""
    from seloste.operations.accounts import change

    said = ("Toinen vaihe on poistettu.", "The second step is dropped.")
    _changed(email, change.reset_second_step, said, data_dir)


def _changed(email: str, deed: Callable[..., object], said: tuple[str, str], data_dir: Path | None) -> None:
    """Do a deed to the account of an e-mail, and say it in the installation's language."""
    from seloste.clock import now
    from seloste.operations.accounts import change
    from seloste.operations.accounts.roles import find_account
    from seloste.operations.accounts.tell import tell
    from seloste.operations.actor import CLI

    with opened(data_dir) as registers:
        account = find_account(registers.deployment, email).id
        deed(registers.deployment, account, actor=CLI, now=now())
        if deed is change.reset_second_step:
            tell(registers, account, "reset", now=now())
        click.echo(said[0] if registers.settings.language == "fi" else said[1])

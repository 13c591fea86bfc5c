"""What ``seloste user`` checks of roles before it gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from seloste.store.registers import Registers


def whom(registers: Registers, register: str, role: str, email: str, person: str | None) -> int | None:
    """Who of a register's people an account is, where its role sees its own only; says so when that is nobody yet.

    Raises AccountError when ``person`` is given and nobody is found by it.
    """
    from seloste.clock import now
    from seloste.operations.accounts.errors import AccountError
    from seloste.operations.accounts.whom import person_of

    store = registers.open(register)
    if store.register.lenses[role].only is None:
        return None
    try:
        return person_of(store, person or email, now=now())
    except AccountError:
        if person is not None:
            raise
    if registers.settings.language == "fi":
        click.echo(
            f"Rooli {role} näkee vain omansa, eikä rekisterissä ole ketään tällä sähköpostilla, joten tunnus ei näe "
            "vielä mitään. Kerro, kuka hän on: seloste user grant ... --person."
        )
    else:
        click.echo(
            f"The role {role} sees its own only, and nobody in the register has this e-mail, so the account sees "
            "nothing yet. Say who it is: seloste user grant ... --person."
        )
    return None


def check_role(registers: Registers, register: str, role: str) -> None:
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
    if role not in known:
        roles = ", ".join(known) or "-"
        raise AccountError(
            f"Selosteessa ei ole tätä roolia. Roolit: {roles}.", f"The notice has no such role. Roles: {roles}."
        )

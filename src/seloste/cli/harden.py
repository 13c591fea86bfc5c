"""``seloste harden``: what an administrator of PostgreSQL runs once, so that roles are kept to what they may see."""

from __future__ import annotations

import click

from seloste.settings import Settings


@click.command(epilog="For example: seloste harden | psql -U postgres -d seloste")
@click.option("--owner", help="The login that Seloste runs as; by default that of SELOSTE_DATABASE_URL.")
def harden(owner: str | None) -> None:
    """Print the SQL that takes from everybody what would lead past a role's views.

    Nothing is changed. An administrator runs it in the database of the registers:

        seloste harden | psql -U postgres -d seloste

    Where Seloste itself runs as a superuser, seloste apply does the same. On SQLite there is nothing to run.
    """
    from seloste.store.lens import hardening

    click.echo(hardening(Settings.from_environment().database_url, owner))

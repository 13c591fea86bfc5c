"""``seloste backup FOLDER``: a copy of registers and accounts; people go on working meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from seloste.cli.common import data_dir, opened

WIDTH = 40
"""Letters of a table's name that are shown while it is carried."""


@contextmanager
def progress() -> Iterator[Callable[[str, int], None]]:
    """Rows as they are carried, on a terminal alone."""
    if not sys.stderr.isatty():
        yield lambda table, rows: None
        return
    carried = 0

    def told(table: str, rows: int) -> None:
        nonlocal carried
        carried += rows
        click.echo(f"\r{carried:>12,}  {table:<{WIDTH}.{WIDTH}}", nl=False, err=True)

    try:
        yield told
    finally:
        click.echo(f"\r{'':{12 + 2 + WIDTH}}\r", nl=False, err=True)


@click.command(epilog="For example: seloste backup /backups/2026-11-29")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--register", "only", metavar="KEY", help="Only this register, without the accounts.")
@data_dir
def backup(folder: Path, only: str | None, data_dir: Path | None) -> None:
    """Copy every register and the accounts into FOLDER, which must not be there yet.

    The copy is of one moment and may be made while people work. The key is not in it: keep it elsewhere.
    """
    from seloste.clock import now
    from seloste.operations.actor import CLI
    from seloste.operations.backup.backup import backup as make

    with opened(data_dir) as registers, progress() as told:
        report = make(registers, folder, only=only, now=now(), actor=CLI, told=told)
        finnish, key_file = registers.settings.language == "fi", registers.settings.key_file
    for key, rows in report.rows.items():
        if finnish:
            click.echo(f"{key or 'käyttäjät ja roolit'}: {rows} riviä")
        else:
            click.echo(f"{key or 'accounts and roles'}: {rows} rows")
    click.echo(
        f"Varmuuskopio on kansiossa {folder}. Avain {key_file} ei ole siinä: säilytä sitä muualla."
        if finnish
        else f"The backup is in {folder}. The key {key_file} is not in it: keep it elsewhere."
    )

"""``seloste plan FILE``: the steps between what is built and what the notice says."""

from __future__ import annotations

from pathlib import Path

import click

from seloste.settings import Settings


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sql", is_flag=True, help="Print the SQL of each step too.")
def plan(file: Path, *, sql: bool) -> None:
    """Print the steps that apply would carry out. Changes nothing."""
    from seloste.clock import now
    from seloste.notice import load
    from seloste.store.registers import Registers

    settings = Settings.from_environment()
    registers = Registers(settings)
    try:
        report = registers.apply(load(file), now=now(), actor="cli", dry_run=True)
    finally:
        registers.close()
    if not report.steps:
        click.echo("Mikään ei muutu." if settings.language == "fi" else "Nothing changes.")
    for number, done in enumerate(report.steps, 1):
        erased = ""
        if done.erased:
            erased = f" ({done.erased} arvoa)" if settings.language == "fi" else f" ({done.erased} values)"
        click.echo(f"{number:>3}. {done.step.text(settings.language)}{erased}")
        for line in done.step.sql if sql else ():
            click.echo(f"     {line}")

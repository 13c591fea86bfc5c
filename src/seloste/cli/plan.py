"""``seloste plan FILE``: the steps between what is built and what the notice says."""

from __future__ import annotations

from pathlib import Path

import click

from seloste.cli.common import data_dir, opened


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sql", is_flag=True, help="Print the SQL of each step too.")
@data_dir
def plan(file: Path, data_dir: Path | None, *, sql: bool) -> None:
    """Print the steps that apply would carry out. Changes nothing."""
    from seloste.clock import now
    from seloste.notice import load

    with opened(data_dir) as registers:
        language = registers.settings.language
        report = registers.apply(load(file), now=now(), actor="cli", dry_run=True)
    if not report.steps:
        click.echo("Mikään ei muutu." if language == "fi" else "Nothing changes.")
    for number, done in enumerate(report.steps, 1):
        erased = ""
        if done.erased:
            erased = f" ({done.erased} arvoa)" if language == "fi" else f" ({done.erased} values)"
        click.echo(f"{number:>3}. {done.step.text(language)}{erased}")
        for line in done.step.sql if sql else ():
            click.echo(f"     {line}")

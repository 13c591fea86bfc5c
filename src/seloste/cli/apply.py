"""``seloste apply FILE``: bring the register to its notice, in one transaction."""

from __future__ import annotations

from pathlib import Path

import click

from seloste.settings import Settings


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--erase", is_flag=True, help="Allow steps that erase values which the notice no longer names.")
def apply(file: Path, *, erase: bool) -> None:
    """Carry out the plan, whole or not at all; the same notice twice changes nothing."""
    from seloste.clock import now
    from seloste.errors import SelosteError
    from seloste.notice import load
    from seloste.store.registers import Registers

    settings = Settings.from_environment()
    finnish = settings.language == "fi"
    registers = Registers(settings)
    moment = now()
    try:
        notice = load(file)
        before = registers.apply(notice, now=moment, actor="cli", dry_run=True)
        if before.erased and not erase:
            raise SelosteError(
                f"Tämä poistaisi {before.erased} arvoa, joita seloste ei enää nimeä."
                " Katso ne komennolla seloste plan ja anna sitten valitsin --erase.",
                f"This would erase {before.erased} values that the notice no longer names."
                " See them with seloste plan, then give --erase.",
            )
        report = registers.apply(notice, now=moment, actor="cli", text=file.read_text("utf-8"))
    finally:
        registers.close()
    if not report.steps:
        click.echo("Mikään ei muuttunut." if finnish else "Nothing changed.")
        return
    done, erased = len(report.steps), report.erased
    click.echo(
        f"{done} vaihetta tehty, {erased} arvoa poistettu."
        if finnish
        else f"{done} steps done, {erased} values erased."
    )

"""``seloste move REGISTER CELL``: a register to another server, or between a file and a server, under load."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seloste.cli.common import data_dir, opened

if TYPE_CHECKING:
    from seloste.operations.register.move import MoveReport

STEPS = {
    "watched": ("muutoksia seurataan", "changes are watched"),
    "copied": ("rivit on kopioitu", "rows are copied"),
    "compared": ("kopiot on verrattu", "both copies are compared"),
    "closed": ("kirjoittajat odottavat", "writers wait"),
    "opened": ("rekisteri on uudessa solussa", "the register is in its new cell"),
    "gone": ("vanha kopio on hävitetty", "the old copy is gone"),
}


@click.command(epilog="For example: seloste move customers north. Exit codes: 0 done, 1 journal broken, 2 not moved.")
@click.argument("register")
@click.argument("cell")
@data_dir
@click.pass_context
def move(ctx: click.Context, register: str, cell: str, data_dir: Path | None) -> None:
    """Move the register REGISTER to CELL: home, files, or a name in the file of SELOSTE_CELLS_FILE.

    People go on working: writers wait for a moment while the last changes go over, and nothing that they wrote is lost.
    Both copies are compared before the switch, and the old one is destroyed after it. If the command is ended, the
    register lies where it lay or where it goes, whole; the same command ends what was begun.
    """
    from seloste.clock import now
    from seloste.operations.actor import CLI
    from seloste.operations.register.move import move as carry

    with opened(data_dir) as registers:
        finnish = registers.settings.language == "fi"

        def reached(point: str) -> None:
            if point in STEPS and sys.stderr.isatty():
                click.echo(f"  {STEPS[point][0 if finnish else 1]}", err=True)

        report = carry(registers, register, cell, now=now(), actor=CLI, reached=reached)
    for line in _lines(report, finnish=finnish):
        click.echo(line)
    if not report.journal.ok:
        ctx.exit(1)


def _lines(found: MoveReport, *, finnish: bool) -> list[str]:
    if found.finished:
        lines = [
            f"{found.register} oli jo solussa {found.goes_to}; kesken jäänyt siirto on viety loppuun ja vanha kopio "
            "hävitetty."
            if finnish
            else f"{found.register} was in {found.goes_to} already; the move that was ended is finished and the old "
            "copy destroyed."
        ]
    else:
        waited = f"{found.waited:.2f}"
        lines = [
            f"{found.register}: {found.came_from} -> {found.goes_to}, {found.rows} riviä ja {found.changes} niiden "
            f"jälkeistä muutosta. Kirjoittajat odottivat {waited.replace('.', ',')} s."
            if finnish
            else f"{found.register}: {found.came_from} -> {found.goes_to}, {found.rows} rows and {found.changes} "
            f"changes after them. Writers waited {waited} s."
        ]
    if found.journal.ok:
        lines.append(
            f"  loki on ehjä: {found.journal.count} merkintää"
            if finnish
            else f"  the journal is whole: {found.journal.count} entries"
        )
    else:
        lines.append(
            f"  loki ei ole ehjä kohdasta {found.journal.first_bad}; katso seloste journal verify"
            if finnish
            else f"  the journal is not whole from entry {found.journal.first_bad}; see seloste journal verify"
        )
    return lines

"""``seloste apply FILE``: bring the register to its notice, in one transaction."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seloste.cli.common import add_user, data_dir, opened
from seloste.errors import SelosteError

if TYPE_CHECKING:
    from seloste.notice.model import Notice
    from seloste.store.apply import ApplyReport


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--erase", is_flag=True, help="Allow steps that erase values which the notice no longer names.")
@click.option("--early", is_flag=True, help="Apply a notice before the day it takes effect.")
@data_dir
def apply(file: Path, data_dir: Path | None, *, erase: bool, early: bool) -> None:
    """Carry out the plan, whole or not at all; the same notice twice changes nothing."""
    from seloste.clock import now, today
    from seloste.notice import load

    moment = now()
    with opened(data_dir) as registers:
        finnish = registers.settings.language == "fi"
        notice = load(file)
        first = notice.register not in registers.keys()  # noqa: SIM118  not a mapping
        if not first and not early:
            refuse_early(notice, today(moment))
        before = registers.apply(notice, now=moment, actor="cli", dry_run=True)
        if before.erased and not erase:
            raise SelosteError(
                f"Tämä poistaisi {before.erased} arvoa, joita seloste ei enää nimeä."
                " Katso ne komennolla seloste plan ja anna sitten valitsin --erase.",
                f"This would erase {before.erased} values that the notice no longer names."
                " See them with seloste plan, then give --erase.",
            )
        report = registers.apply(notice, now=moment, actor="cli", text=file.read_text("utf-8"))
        told(report, finnish=finnish)
        if first:
            # What a new register needs before somebody works in it.
            click.echo(f"{'Seuraavaksi' if finnish else 'Next'}: {add_user(registers, notice.register)}")
            click.echo("sitten: seloste serve" if finnish else "then: seloste serve")


def refuse_early(notice: Notice, day: dt.date) -> None:
    """People are told of a change before it begins (Art. 13(3)). Raises SelosteError while the day is to come."""
    if notice.effective is not None and notice.effective > day:
        when = notice.effective
        raise SelosteError(
            f"Seloste tulee voimaan {when.day}.{when.month}.{when.year}. Aja apply silloin,"
            " tai anna valitsin --early, jos rekisterin on muututtava jo nyt.",
            f"This notice takes effect on {when.isoformat()}. Apply it then,"
            " or give --early if the register must change now.",
        )


def told(report: ApplyReport, *, finnish: bool) -> None:
    if not report.steps:
        click.echo("Mikään ei muuttunut." if finnish else "Nothing changed.")
        return
    done, erased = len(report.steps), report.erased
    click.echo(
        f"{done} vaihetta tehty, {erased} arvoa poistettu."
        if finnish
        else f"{done} steps done, {erased} values erased."
    )

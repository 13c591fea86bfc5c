"""``seloste apply FILE``: bring the register to its notice, in one transaction."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seloste.cli import OurError
from seloste.cli.common import add_user, data_dir, opened
from seloste.cli.plan import change_line, standing
from seloste.errors import SelosteError

if TYPE_CHECKING:
    from seloste.catalogue.model import Text
    from seloste.cli.plan import Standing
    from seloste.notice.model import Notice
    from seloste.operations.notices.untold import Untold
    from seloste.store.apply import ApplyReport
    from seloste.store.registers import Registers


class TellFirstError(OurError):
    """The answer is no until people are told."""

    exit_code = 1


@click.command(
    epilog="For example: seloste apply notice.yaml. Exit codes: 0 done, 1 people must be told first and nothing was"
    " done, 2 nothing was done."
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--erase", is_flag=True, help="Go on although values that the notice no longer names are erased.")
@click.option("--early", is_flag=True, help="Go on although the day on the line `effective:` is still to come.")
@click.option("--told", is_flag=True, help="Go on: whom the change concerns have been told of it. Goes in the journal.")
@click.option("--cell", metavar="CELL", help="Where a new register is made; home by default.")
@data_dir
def apply(file: Path, data_dir: Path | None, cell: str | None, *, erase: bool, early: bool, told: bool) -> None:
    """Make the register what the notice FILE says: a new one, or a change of the one there is.

    All of it is done or nothing. What it would do, seloste plan tells first. The same notice twice changes nothing. A
    change that people are told of before it begins waits until they are (GDPR Art. 13(3), 14(4)).
    """
    from seloste.clock import now, today
    from seloste.notice import load
    from seloste.operations.notices.untold import untold

    moment = now()
    with opened(data_dir) as registers:
        finnish = registers.settings.language == "fi"
        notice = load(file)
        first = notice.register not in registers.keys()  # noqa: SIM118  not a mapping
        if not first and not early:
            refuse_early(notice, today(moment))
        before = standing(registers, notice.register)
        check_cell(registers, notice, cell)
        would = registers.apply(notice, now=moment, actor="cli", dry_run=True, cell=cell)
        if would.erased and not erase:
            raise SelosteError(
                f"Tämä poistaisi lopullisesti arvoja, joita seloste ei enää nimeä: {would.erased}. Mitään ei tehty."
                f" Katso, mitä lähtisi: seloste plan {file}. Jos niin on hyvä: seloste apply --erase {file}.",
                f"This would erase for good values that the notice no longer names: {would.erased}. Nothing was done."
                f" See what would go: seloste plan {file}. If that is right: seloste apply --erase {file}.",
            )
        whom = untold(registers, notice, registers.settings.language, now=moment)
        if not told:
            check_told(whom, file, moment, erase=erase)
        text = file.read_text("utf-8")
        report = registers.apply(notice, now=moment, actor="cli", text=text, cell=cell, told=whom.people)
        click.echo(done(report, before, notice.register, first=first, finnish=finnish))
        if first:
            # What a new register needs before somebody works in it.
            click.echo(f"{'Seuraavaksi' if finnish else 'Next'}: {add_user(registers, notice.register)}")
            click.echo("sitten: seloste serve" if finnish else "then: seloste serve")


def check_cell(registers: Registers, notice: Notice, cell: str | None) -> None:
    """Raises SelosteError when a cell is named and the register lies in another."""
    if cell is None:
        return
    from seloste.store.places import plain

    key, wanted = notice.register, plain(registers.settings, cell)
    lies = registers.place(key, wanted).cell
    if lies != wanted:
        raise SelosteError(
            f"Rekisteri {key} on solussa {lies}. Mitään ei tehty. Siirrä se: seloste move {key} {cell}.",
            f"The register {key} is in the cell {lies}. Nothing was done. Move it: seloste move {key} {cell}.",
        )


def check_told(whom: Untold, file: Path, moment: dt.datetime, *, erase: bool) -> None:
    """What is applied begins today. Ends the command with 1, the answer no, while people are to be told first."""
    from seloste.clock import today
    from seloste.operations.notices.untold import UntoldError, refuse_untold

    try:
        refuse_untold(whom.people, today(moment), mend(whom, file, erase=erase), now=moment)
    except UntoldError as error:
        raise TellFirstError(error) from error


def mend(whom: Untold, file: Path, *, erase: bool) -> Text:
    """What is to be told, and the two ways on."""
    words = f"seloste apply{' --erase' if erase else ''} --told {file}"
    fi, en = ("; ".join(change_line(each, lang) for each in whom.changes) for lang in ("fi", "en"))
    return {
        "fi": f"Mitään ei tehty. Kerrottavaa: {fi}. Kirjoita riville `effective:` myöhempi päivä ja julkaise seloste"
        f" sivulla Seloste. Jos heille on jo kerrottu: {words}.",
        "en": f"Nothing was done. To tell: {en}. Write a later day on the line `effective:` and publish the notice on"
        f" the page Notice. If they have been told: {words}.",
    }


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


def done(report: ApplyReport, before: Standing | None, key: str, *, first: bool, finnish: bool) -> str:
    """What was done, in a sentence."""
    if not report.steps:
        if before is not None and before.runs.hash == report.digest:
            return "Mikään ei muuttunut." if finnish else "Nothing changed."
        return (
            "Julkaistava seloste muuttui, tiedot eivät."
            if finnish
            else "The published notice changed, the data did not."
        )
    if first:
        return f"Rekisteri {key} on tehty." if finnish else f"The register {key} is made."
    if finnish:
        return f"Rekisteri {key} on selosteen mukainen. Poistettuja arvoja: {report.erased}."
    return f"The register {key} is as its notice says. Values erased: {report.erased}."

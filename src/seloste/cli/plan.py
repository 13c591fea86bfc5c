"""``seloste plan FILE``: what ``seloste apply`` would make, change and erase; with ``--sql`` its steps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seloste.cli.common import data_dir, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seloste.compiler.register import Register
    from seloste.compiler.told import Part
    from seloste.notice.model import Notice
    from seloste.operations.notices.untold import Concerned, Untold
    from seloste.settings import Settings
    from seloste.store.apply import ApplyReport
    from seloste.store.registers import Registers


@click.command(
    epilog="For example: seloste plan notice.yaml. Exit codes: 0 told, 2 the notice or the database cannot be used."
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--sql", is_flag=True, help="The steps as the database takes them, each with its SQL.")
@data_dir
def plan(file: Path, data_dir: Path | None, *, sql: bool) -> None:
    """Say what applying FILE would make, change and erase. Changes nothing.

    What would be erased comes with the number of rows that lose it, counted in the register now.
    """
    from seloste.cli.serve import chosen
    from seloste.compiler.lower import compile_notice
    from seloste.notice import load

    settings = chosen(None, None, data_dir)
    after = compile_notice(load(file))
    before, report, whom = _tried(settings, after, data_dir)
    language = settings.language
    for line in steps(report, language) if sql else in_words(before, after, report, whom, file, language):
        click.echo(line)


@dataclass(frozen=True, slots=True)
class Standing:
    """A register as it stands: the notice that it runs, and the same text as this version of the program reads it.

    ``renewed`` is what it runs where that text is not kept, or rests on frames, which are not kept with it.
    """

    runs: Register
    renewed: Register


def _tried(settings: Settings, after: Register, folder: Path | None) -> tuple[Standing | None, ApplyReport, Untold]:
    """The register as it stands, what would be done to it, and whom to tell. Where nothing is yet, nothing is made."""
    from seloste.clock import now
    from seloste.compiler.plan import plan as steps_to
    from seloste.operations.notices.untold import Untold, untold
    from seloste.store.apply import ApplyReport, Done
    from seloste.store.registers import sqlite_file

    key = after.notice.register
    if settings.database_url is None and not sqlite_file(settings, key).exists():
        done = tuple(Done(step) for step in steps_to(None, after, "sqlite").steps)
        return None, ApplyReport(after.hash, done, dry_run=True), Untold()
    with opened(folder) as registers:
        moment, before = now(), standing(registers, key)
        report = registers.apply(after.notice, now=moment, actor="cli", dry_run=True)
        return before, report, untold(registers, after.notice, settings.language, now=moment)


def standing(registers: Registers, key: str) -> Standing | None:
    """The register as it stands; None when there is none, or this version of the program cannot read what it runs."""
    from seloste.compiler.lower import CannotCompileError, compile_notice
    from seloste.notice import load_text
    from seloste.notice.findings import NoticeFaulty, NoticeUnreadable

    found = registers.stored(key) if key in registers.keys() else None  # noqa: SIM118  not a mapping
    if found is None:
        return None
    try:
        return Standing(found.register, compile_notice(load_text(found.text)) if found.text else found.register)
    except (NoticeFaulty, NoticeUnreadable, CannotCompileError):
        return Standing(found.register, found.register)


def steps(report: ApplyReport, language: str) -> Iterator[str]:
    """The steps by number, with their SQL."""
    if not report.steps:
        yield "Yhtään vaihetta ei ole." if language == "fi" else "There are no steps."
    for number, done in enumerate(report.steps, 1):
        erased = ""
        if done.erased:
            erased = f" ({done.erased} arvoa)" if language == "fi" else f" ({done.erased} values)"
        yield f"{number:>3}. {done.step.text(language)}{erased}"
        yield from (f"     {line}" for line in done.step.sql)


def in_words(
    before: Standing | None, after: Register, report: ApplyReport, whom: Untold, file: Path, language: str
) -> Iterator[str]:
    """What the steps mean to whoever answers for the register, and the command that carries them out."""
    finnish = language == "fi"
    yield _head(after.notice, language, new=before is None and any(done.step.verb == "create" for done in report.steps))
    parts = _parts(before, after, report, language)
    for part in parts:
        yield ""
        yield f"{part.title}:"
        yield from (f"  {line}" for line in part.lines)
    if whom.people:
        yield from _to_tell(whom, language)
    yield ""
    if before is not None and before.runs.hash == report.digest and not report.steps:
        yield (
            "Rekisteri on jo selosteen mukainen: mikään ei muutu."
            if finnish
            else ("The register is as its notice says already: nothing changes.")
        )
        return
    if not parts:
        yield (
            "Tiedot pysyvät ennallaan. Julkaistava seloste muuttuu."
            if finnish
            else ("The data stay as they are. The notice that is published changes.")
        )
    elif before is not None and before.renewed.hash == after.hash:
        yield "Selosteeseesi ei ole tehty muutoksia." if finnish else "Your notice itself is unchanged."
    if not report.erased:
        yield "Mitään talletettua ei poisteta." if finnish else "Nothing that is stored is erased."
    flags = (" --erase" if report.erased else "") + (" --told" if whom.people else "")
    yield f"{_when(before, after.notice, whom, finnish=finnish)}: seloste apply{flags} {file}"


def _parts(before: Standing | None, after: Register, report: ApplyReport, language: str) -> tuple[Part, ...]:
    """What the notice's own changes ask for, and apart from it what comes of a new version of the program alone."""
    from seloste.compiler.plan import plan as steps_to
    from seloste.compiler.shape import shape
    from seloste.compiler.told import tell, tell_program

    steps = [(done.step, done.erased) for done in report.steps]
    if before is None:
        return tell(None, after, steps, language)
    # Every dialect has the same steps; only their SQL differs.
    asked = {(step.verb, step.target) for step in steps_to(shape(before.renewed), after, "sqlite").steps}
    own = [each for each in steps if (each[0].verb, each[0].target) in asked]
    rest = [each for each in steps if each not in own]
    return (
        *tell(before.renewed, after, own, language),
        *tell_program(before.runs, before.renewed, rest, language),
    )


def _to_tell(whom: Untold, language: str) -> Iterator[str]:
    """The changes that apply waits with, and how many people each concerns."""
    from seloste.notice.diff.said import EFFECT_LAW, EFFECT_NAMES

    law = "tietosuoja-asetus" if language == "fi" else "GDPR"
    yield ""
    yield f"{EFFECT_NAMES['inform'][language]} ({law} {EFFECT_LAW['inform']}):"
    yield from (f"  {change_line(each, language)}" for each in whom.changes)


def change_line(each: Concerned, language: str) -> str:
    """A change and how many people it concerns."""
    from seloste.notice.diff.said import AREA_NAMES, VERB_NAMES

    change, people = each.change, each.people
    said = f"{VERB_NAMES[change.verb][language]}: {AREA_NAMES[change.area][language]}, {change.title.rstrip('.')}"
    if language == "fi":
        return f"{said} ({'yksi ihminen' if people == 1 else f'{people} ihmistä'})"
    return f"{said} ({'one person' if people == 1 else f'{people} people'})"


def _when(before: Standing | None, notice: Notice, whom: Untold, *, finnish: bool) -> str:
    """A register that runs is not changed before its notice's day; what a page published comes into force on it."""
    from seloste.clock import now, today

    day = notice.effective
    if whom.people and (day is None or day <= today(now())):
        if finnish:
            return "Kirjoita riville `effective:` myöhempi päivä ja julkaise sivulla Seloste. Jos heille on jo kerrottu"
        return "Write a later day on the line `effective:` and publish it on the page Notice. If they have been told"
    if before is None or day is None or day <= today(now()):
        return "Toteuta" if finnish else "Carry it out"
    if finnish:
        when = f"Seloste tulee voimaan {day.day}.{day.month}.{day.year}. Julkaise se sivulla Seloste, tai"
        return f"{when}, jos heille on jo kerrottu, toteuta silloin" if whom.people else f"{when} toteuta silloin"
    when = f"It takes effect on {day.isoformat()}. Publish it on the page Notice, or"
    return f"{when}, if they have been told, carry it out then" if whom.people else f"{when} carry it out then"


def _head(notice: Notice, language: str, *, new: bool) -> str:
    from seloste.compiler.explain import say

    what = f"{say(notice.title, language)}, {notice.controller.name} ({notice.register})"
    if not new:
        return what
    return f"Uusi rekisteri: {what}" if language == "fi" else f"A new register: {what}"

"""``seloste import REGISTER FILE --kind person --source subject``: rows of a file into a register, all or none."""

from __future__ import annotations

import itertools
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seloste.cli.common import data_dir, opened
from seloste.cli.wrong import wrong
from seloste.settings import Settings

if TYPE_CHECKING:
    from seloste.operations.records.transfer.mapping import Proposal
    from seloste.operations.records.transfer.plan import CheckReport, Fault, ImportPlan, ImportReport
    from seloste.operations.records.transfer.target import Target
    from seloste.store.registers import RegisterStore

SHOWN = 20
"""Faults printed; all of them go to --faults."""

SAMPLE = 200


@click.command(
    "import",
    epilog="For example: seloste import ketju_bicycles people.csv --kind person --source subject --dry-run. "
    "Exit codes: 0 stored (or all in order, with --dry-run), 1 rows are faulty, 2 it could not be tried.",
)
@click.argument("register")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", required=True, help="What the rows are, for example person.")
@click.option("--tie", default="", help="What ties a person to the register, when there are several: residency.")
@click.option("--map", "maps", multiple=True, metavar="COLUMN=ITEM", help="Where a column leads; empty leaves it out.")
@click.option("--source", required=True, help="Where the data came from, a source of the notice.")
@click.option("--role", default="", help="Import as a role of the notice, which sees less.")
@click.option("--no-header", is_flag=True, help="The first row holds data; columns are named A, B, C.")
@click.option("--dry-run", is_flag=True, help="Try every row and store nothing.")
@click.option("--skip-faulty", is_flag=True, help="Leave faulty rows out and store the others.")
@click.option("--with-doubles", is_flag=True, help="Store persons whose e-mail or phone is in the register already.")
@data_dir
@click.option("--faults", type=click.Path(dir_okay=False, path_type=Path), help="Write every fault to this CSV file.")
def import_(
    register: str,
    file: Path,
    *,
    kind: str,
    tie: str,
    maps: tuple[str, ...],
    source: str,
    role: str,
    no_header: bool,
    dry_run: bool,
    skip_faulty: bool,
    with_doubles: bool,
    faults: Path | None,
    data_dir: Path | None,
) -> None:
    """Bring the rows of FILE (CSV or XLSX) into REGISTER: all of them, or none.

    Each column is led to an item by its name; --map says where another one goes. Try it first with --dry-run.
    """
    from seloste.clock import now
    from seloste.operations.actor import CLI, Actor
    from seloste.operations.records import import_ as op

    lang = Settings.from_environment().language
    with opened(data_dir) as registers:
        store = registers.open(register)
        target = _target(store, kind, tie, role)
        _check_file(store, file, source)
        proposal, names = _proposal(store, target, file, headed=not no_header)
        plan = op.ImportPlan(target, _mapped(proposal.fields, names, maps), source, headed=not no_header)
        _say_columns(plan, names, lang)
        found: list[Fault] = []
        report, done = op.run(
            store,
            file,
            plan,
            dry=dry_run,
            skip_faulty=skip_faulty,
            doubles="store" if with_doubles else "skip",
            sink=found.append,
            step=_step,
            actor=Actor(CLI.account, role),
            now=now(),
        )
    _say_faults(found, names, faults, lang)
    _say_end(report, done, lang)
    if report.doubles and not with_doubles:
        _say_doubles(report.doubles, lang)
    if report.faulty and done is None:
        raise SystemExit(1)


def _target(store: RegisterStore, kind: str, tie: str, role: str) -> Target:
    from seloste.operations.records.transfer.target import targets

    lens = None
    if role:
        if role not in store.register.lenses:
            roles = ", ".join(store.register.lenses)
            raise wrong(
                f"Selosteessa ei ole tehtävää {role}. Siinä on: {roles}.",
                f"The notice has no role {role}. It has: {roles}.",
            )
        lens = store.register.lenses[role]
    known = targets(store.register, lens)
    found = [each for each in known if each.kind == kind and tie in ("", each.tie)]
    if not found:
        names = ", ".join(dict.fromkeys(each.kind for each in known))
        raise wrong(
            f"Lajin {kind} rivejä ei voi tuoda tähän rekisteriin. Näitä voi: {names}.",
            f"Rows of {kind} cannot be imported into this register. These can: {names}.",
        )
    if len(found) > 1:
        ties = ", ".join(each.tie for each in found)
        raise wrong(f"Anna --tie, jokin näistä: {ties}.", f"Say --tie, one of: {ties}.")
    return found[0]


def _check_file(store: RegisterStore, file: Path, source: str) -> None:
    """Raises UsageError for a source that the notice has not, and for a file that is not what it is called."""
    if source not in store.register.notice.sources:
        known = ", ".join(store.register.notice.sources)
        raise wrong(
            f"Selosteessa ei ole lähdettä {source}. Siinä on: {known}.",
            f"The notice has no source {source}. It has: {known}.",
        )
    if file.suffix.lower() == ".xlsx" and not zipfile.is_zipfile(file):
        raise wrong(
            f"{file} on nimeltään XLSX mutta ei ole sellainen. Tallenna se uudelleen XLSX- tai CSV-tiedostona.",
            f"{file} is called XLSX and is none. Save it again, as XLSX or as CSV.",
        )


def _proposal(store: RegisterStore, target: Target, file: Path, *, headed: bool) -> tuple[Proposal, list[str]]:
    """The mapping by the first rows, and what the columns are called."""
    from seloste.operations.records.transfer.mapping import propose
    from seloste.operations.records.transfer.tables import open_table

    rows = [cells for _, cells in itertools.islice(open_table(file).rows(), SAMPLE)]
    if not rows:
        raise wrong("Tiedostossa ei ole rivejä.", "The file has no rows.")
    proposal = propose(store.register, target, rows)
    width = max(len(row) for row in rows)
    named = rows[0] if headed else []
    return proposal, [(named[place].strip() if place < len(named) else "") or _letter(place) for place in range(width)]


def _letter(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _mapped(proposed: Sequence[str], names: Sequence[str], maps: Sequence[str]) -> tuple[str, ...]:
    fields = list(proposed) + [""] * (len(names) - len(proposed))
    for each in maps:
        name, equals, field = each.rpartition("=")
        if not equals or name not in names:
            there = ", ".join(names)
            raise wrong(
                f"--map {each}: kirjoita SARAKE=TIETO, sarakkeena jokin tiedoston sarakkeista: {there}.",
                f"--map {each}: write COLUMN=ITEM with a column of the file: {there}.",
            )
        fields[names.index(name)] = field
    return tuple(fields)


def _say_columns(plan: ImportPlan, names: Sequence[str], lang: str) -> None:
    out = "jätetään pois" if lang == "fi" else "left out"
    for name, field in zip(names, plan.fields, strict=True):
        click.echo(f"{name} -> {field or out}", err=True)


def _step(done: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done}", nl=False, err=True)


def _say_faults(found: Sequence[Fault], names: Sequence[str], to: Path | None, lang: str) -> None:
    """On the screen the first of them, in the file all; rows and columns, never what stood there."""
    import csv

    from seloste.operations.records.transfer.sheets import harmless

    def where(fault: Fault) -> str:
        return names[fault.column] if fault.column is not None else ""

    for fault in found[:SHOWN]:
        place = f"{fault.row}, {where(fault)}" if fault.column is not None else str(fault.row)
        click.echo(f"{place}: {fault.message(lang)}", err=True)
    if len(found) > SHOWN:
        more = f"... ja {len(found) - SHOWN} muuta" if lang == "fi" else f"... and {len(found) - SHOWN} more"
        click.echo(more, err=True)
    if to is not None:
        with to.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(["row", "column", "problem"])
            writer.writerows([fault.row, harmless(where(fault)), fault.message(lang)] for fault in found)


def _say_doubles(doubles: int, lang: str) -> None:
    """Rows in order of which none comes: whoever counts the persons afterwards would miss them."""
    if lang == "fi":
        click.echo(
            f"Rivejä, joiden henkilö on jo rekisterissä: {doubles}. Ne jäävät pois ilman valitsinta --with-doubles."
        )
    else:
        click.echo(
            f"Rows whose person is in the register already: {doubles}. They are left out without --with-doubles."
        )


def _say_end(report: CheckReport, done: ImportReport | None, lang: str) -> None:
    if done is not None:
        left = f", {done.left_out} jäi pois" if lang == "fi" else f", {done.left_out} left out"
        word = "riviä tuotiin" if lang == "fi" else "rows imported"
        click.echo(f"{done.taken} {word}{left if done.left_out else ''}.")
        if done.banned:
            again = "Markkinoinnin on aiemmin kieltänyt" if lang == "fi" else "Have forbidden marketing before"
            click.echo(f"{again}: {done.banned}. {'Kielto on voimassa.' if lang == 'fi' else 'The bans stand.'}")
        return
    if lang == "fi":
        click.echo(f"{report.good}/{report.rows} riviä on kunnossa. Mitään ei talletettu.")
    else:
        click.echo(f"{report.good} of {report.rows} rows are in order. Nothing was stored.")

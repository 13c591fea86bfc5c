"""``seloste restore FOLDER``: a backup into an empty installation, on either engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from seloste.cli.backup import progress
from seloste.cli.common import data_dir

if TYPE_CHECKING:
    from seloste.operations.backup.restore import RestoredRegister
    from seloste.store.access_state import Shut


@click.command(epilog="For example: seloste restore /backups/2026-11-29 --data-dir var")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--register", "only", metavar="KEY", help="Only this register, beside what is there already.")
@click.option(
    "--ledger",
    "ledgers",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder of the ledgers; SELOSTE_LEDGER_DIR by default.",
)
@click.option("--without-ledger", is_flag=True, help="Restore though the ledger is lost: the erased come back.")
@data_dir
@click.pass_context
def restore(
    ctx: click.Context,
    folder: Path,
    only: str | None,
    ledgers: Path | None,
    data_dir: Path | None,
    *,
    without_ledger: bool,
) -> None:
    """Bring the backup in FOLDER into an empty installation, whole or not at all.

    Bring the key first: it is not in a backup. The engine may be another than that of the backup. The ledger tells what
    happened after the backup: whoever was erased stays erased, and a no stays a no. What nobody needs any more is
    removed at once. The exit code is 1 when the journal or something derived is not as it should be.
    """
    from seloste.cli.serve import chosen
    from seloste.clock import now
    from seloste.operations.actor import CLI
    from seloste.operations.backup.restore import restore as bring

    settings = chosen(None, None, data_dir)
    finnish = settings.language == "fi"
    with progress() as told:
        report = bring(
            settings,
            folder,
            only=only,
            ledgers=ledgers,
            without_ledger=without_ledger,
            now=now(),
            actor=CLI,
            told=told,
        )
    for each in report.registers:
        for line in _lines(each, finnish=finnish):
            click.echo(line)
    if report.accounts:
        click.echo(
            "Käyttäjät ja roolit ovat tallella; jokainen kirjautuu uudelleen."
            if finnish
            else "Accounts and roles are back; everybody signs in again."
        )
    for line in _shut(report.shut, finnish=finnish) if report.accounts else ():
        click.echo(line)
    if not report.ok:
        ctx.exit(1)


def _shut(shut: Shut | None, *, finnish: bool) -> list[str]:
    """What stays shut though the backup had it open."""
    if shut is None:
        return [
            "  ilman tietoa siitä, ketkä on suljettu kopion jälkeen: katso seloste user list"
            if finnish
            else "  without knowing who was shut out after the backup: see seloste user list"
        ]
    if shut == type(shut)():
        return []
    return [
        f"  kopion jälkeen suljettu: {shut.accounts} tunnusta, {shut.roles} roolia, {shut.keys} ohjelman avainta; "
        f"{shut.passwords} salasanaa on asetettava uudelleen"
        if finnish
        else f"  shut after the backup: accounts {shut.accounts}, roles {shut.roles}, keys of programs {shut.keys}; "
        f"passwords to be set anew: {shut.passwords}"
    ]


def _lines(found: RestoredRegister, *, finnish: bool) -> list[str]:
    lines = [
        f"{found.key}: {found.rows} riviä palautettu, {found.swept} niistä poistettu heti tarpeettomina"
        if finnish
        else f"{found.key}: {found.rows} rows restored, {found.swept} of them removed at once as no longer needed"
    ]
    if found.by_ledger:
        lines.append(
            f"  poistoluettelosta: {found.gone} riviä poistettu, {found.events} suostumusta, kieltoa tai muuta "
            "ilmoitusta voimaan"
            if finnish
            else f"  by the ledger: {found.gone} rows removed, {found.events} consents, bans and the like put in force"
        )
    else:
        lines.append(
            "  ilman poistoluetteloa: poista uudelleen ne, jotka poistettiin kopion jälkeen"
            if finnish
            else "  without a ledger: erase again whoever was erased after the backup"
        )
    if found.left_out:
        lines.append(
            f"  {found.left_out} ilmoitusta jäi pois: henkilö tai näyttö tuli vasta kopion jälkeen"
            if finnish
            else f"  {found.left_out} left out: the person or the proof came after the backup"
        )
    if not found.journal.ok:
        lines.append(
            f"  loki ei ole ehjä kohdasta {found.journal.first_bad}; katso seloste journal verify"
            if finnish
            else f"  the journal is not whole from entry {found.journal.first_bad}; see seloste journal verify"
        )
    lines += [
        f"  {each.kind}.{each.column}: {each.count} {'eroaa' if finnish else 'differ'}"
        for each in found.derived.differences
    ]
    return lines

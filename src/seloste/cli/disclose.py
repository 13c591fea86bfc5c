"""``seloste disclose REGISTER [RECIPIENT]``: who may be given what, and a file for one of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seloste.cli.common import check_place, data_dir, for_oneself, opened
from seloste.cli.wrong import wrong
from seloste.settings import Settings

if TYPE_CHECKING:
    from seloste.operations.disclosures.model import Target


@click.command(
    epilog="For example: seloste disclose fluiconnecto_customers partners --to 'Letkuset Oy' --out letkuset.csv"
)
@click.argument("register")
@click.argument("recipient", required=False)
@click.option("--to", "party", default="", help="Who of several receives the data, by name.")
@click.option("--purpose", default="", help="What for, when the recipient has several purposes.")
@click.option("--evidence", default="", help="What a condition rests on: the agreement or decision and its day.")
@click.option("--country", default="FI", show_default=True, help="Where the recipient is, when nothing else says it.")
@click.option("--person", "persons", multiple=True, type=int, help="Only this person, by number; may be repeated.")
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help="A file, or a folder (default: this one).")
@click.option("--format", "form", type=click.Choice(["csv", "xlsx", "json"]), default="csv", help="Form of the file.")
@click.option("--dry-run", is_flag=True, help="Say how many people it would be, and give nothing.")
@data_dir
def disclose(
    register: str,
    recipient: str | None,
    *,
    party: str,
    purpose: str,
    evidence: str,
    country: str,
    persons: tuple[int, ...],
    out: Path,
    form: str,
    dry_run: bool,
    data_dir: Path | None,
) -> None:
    """Give a RECIPIENT of the notice what it gets, as a file; each disclosure is recorded for each person.

    Without RECIPIENT: everybody the notice names, and what stands in the way of giving them anything.
    """
    from seloste.clock import now
    from seloste.operations.actor import CLI
    from seloste.operations.disclosures import disclose as op
    from seloste.operations.disclosures.files import FORMS
    from seloste.operations.disclosures.targets import targets

    lang, moment = Settings.from_environment().language, now()
    with opened(data_dir) as registers:
        store = registers.open(register)
        known = {each.key: each for each in targets(store, now=moment)}
        if recipient is None:
            _list(known.values(), lang)
            return
        purposes = _purposes(known, recipient, purpose)
        chosen, only = purpose or next(iter(purposes), ""), persons or None
        if dry_run:
            plan = op.preview(store, recipient, chosen, party=party, persons=only, actor=CLI, now=moment)
            left = [f"{why} {n}" for why, n in plan.left_out.items()]
            click.echo(_people(plan.count, lang) + (f" ({', '.join(left)})" if left else ""))
            return
        check_place(out)
        done = op.disclose(
            store,
            recipient,
            chosen,
            party=party,
            persons=only,
            evidence=evidence,
            country=country,
            form=next(each for each in FORMS if each == form),
            lang=lang,
            actor=CLI,
            now=moment,
        )
    target = out / done.name if out.is_dir() else out
    with done.file, for_oneself(target) as file:
        shutil.copyfileobj(done.file, file)
    click.echo(f"{target}: {_people(done.count, lang)}")


def _purposes(known: Mapping[str, Target], recipient: str, purpose: str) -> tuple[str, ...]:
    """What the recipient gets data for. Raises UsageError for one unknown, and where it must be said which."""
    if recipient not in known:
        names = ", ".join(known)
        raise wrong(
            f"Seloste ei nimeä vastaanottajaa {recipient}. Se nimeää: {names}.",
            f"The notice names no {recipient}. It names: {names}.",
        )
    purposes = known[recipient].purposes
    if not purpose and len(purposes) > 1 and not known[recipient].by_request:
        those = ", ".join(purposes)
        raise wrong(
            f"Sano, mihin tarkoitukseen: --purpose ja jokin näistä: {those}.",
            f"Say which purpose: --purpose with one of: {those}.",
        )
    return purposes


def _people(count: int, lang: str) -> str:
    one, many = ("ihminen", "ihmistä") if lang == "fi" else ("person", "people")
    return f"{count} {one if count == 1 else many}"


def _list(found: Iterable[Target], lang: str) -> None:
    """A line for each: key, role, names, purposes, and what stands in the way."""
    for each in found:
        names = ", ".join(one.name for one in each.parties)
        told = "; ".join(block.message(lang) for block in each.blocks) or "ok"
        click.echo("\t".join((each.key, each.role, names or "-", ",".join(each.purposes) or "-", told)))

"""``seloste export REGISTER KIND --role sales --purpose orders``: a list within a role into a file, for one purpose."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seloste.cli.common import check_place, data_dir, for_oneself, opened
from seloste.cli.wrong import wrong
from seloste.settings import Settings

if TYPE_CHECKING:
    import datetime as dt

    from seloste.catalogue.model import Kind
    from seloste.catalogue.types import ItemType
    from seloste.operations.actor import Actor
    from seloste.operations.records.read import Filter
    from seloste.store.registers import RegisterStore

PERSON = "person"


@click.command(
    epilog="For example: seloste export ketju_bicycles person --role everyone --purpose orders --out people.csv"
)
@click.argument("register")
@click.argument("kind")
@click.option("--role", required=True, help="The role whose list it is.")
@click.option("--purpose", required=True, help="What the file is for, a purpose of the role.")
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help="A file, or a folder (default: this one).")
@click.option("--filter", "filters", multiple=True, metavar="ITEM=VALUE", help="Only rows with this value.")
@click.option("--with", "named", multiple=True, metavar="ITEM", help="A sensitive item to open; none are otherwise.")
@data_dir
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "xlsx", "receipts"]),
    default="csv",
    help="Form of the file; receipts: the consents of one person as ISO/IEC TS 27560 has them, with --person.",
)
@click.option("--person", type=int, help="The number of the person whose receipts they are.")
def export(
    register: str,
    kind: str,
    *,
    role: str,
    purpose: str,
    out: Path,
    filters: tuple[str, ...],
    named: tuple[str, ...],
    form: str,
    person: int | None,
    data_dir: Path | None,
) -> None:
    """Write a list of KIND from REGISTER to a file, as a role sees it and one purpose may use it. Journaled."""
    from seloste.clock import now
    from seloste.operations.actor import CLI
    from seloste.operations.actor import Actor as Acting
    from seloste.operations.records import export as op
    from seloste.operations.records import read

    lang = Settings.from_environment().language
    with opened(data_dir) as registers:
        store = registers.open(register)
        actor, moment = Acting(CLI.account, role), now()
        _check_role(store, role, kind, purpose)
        if form == "receipts" or person is not None:
            _receipts(store, actor, person, purpose, out, moment, of_person=kind == PERSON and form == "receipts")
            return
        _check_opened(store.register.tables[kind].kind, named)
        asked = [_filter(each, store.register.tables[kind].kind, store.types) for each in filters]
        numbers = read.ids(store, kind, filters=asked, actor=actor, now=moment)
        check_place(out)
        done = op.export(
            store,
            kind,
            numbers,
            purpose=purpose,
            form="xlsx" if form == "xlsx" else "csv",
            named=named,
            lang=lang,
            actor=actor,
            now=moment,
        )
    target = out / done.name if out.is_dir() else out
    with done.file, for_oneself(target) as file:
        shutil.copyfileobj(done.file, file)
    word = "riviä" if lang == "fi" else "rows"
    click.echo(f"{target}: {done.count} {word}")


def _check_role(store: RegisterStore, role: str, kind: str, purpose: str) -> None:
    """Raises UsageError unless the notice has the role, and it sees the kind and acts for the purpose."""
    if role not in store.register.lenses:
        roles = ", ".join(store.register.lenses)
        raise wrong(
            f"Selosteessa ei ole tehtävää {role}. Siinä on: {roles}.",
            f"The notice has no role {role}. It has: {roles}.",
        )
    lens = store.register.lenses[role]
    if kind not in store.register.tables or not lens.sees(kind):
        seen = ", ".join(lens.shows)
        raise wrong(
            f"Tehtävä {role} ei näe lajia {kind}. Se näkee: {seen}.",
            f"The role {role} does not see {kind}. It sees: {seen}.",
        )
    if purpose not in lens.purposes:
        its = ", ".join(lens.purposes)
        raise wrong(
            f"Tehtävällä {role} ei ole tarkoitusta {purpose}. Sillä on: {its}.",
            f"The role {role} has no purpose {purpose}. It has: {its}.",
        )


def _check_opened(kind: Kind, named: Sequence[str]) -> None:
    """Raises UsageError for an item to open that is no sensitive one of the kind."""
    sealed = [item.key for item in kind.items.values() if item.sensitive]
    if unknown := [each for each in named if each not in sealed]:
        known = ", ".join(sealed)
        raise wrong(
            f"--with {unknown[0]}: lajin {kind.key} arkaluonteiset tiedot ovat: {known or 'ei mitään'}.",
            f"--with {unknown[0]}: the sensitive items of {kind.key} are: {known or 'none'}.",
        )


def _receipts(
    store: RegisterStore,
    actor: Actor,
    person: int | None,
    purpose: str,
    out: Path,
    moment: dt.datetime,
    *,
    of_person: bool,
) -> None:
    """The consents of one person to the purpose, as receipts."""
    from seloste.operations.permissions.receipt import consents

    if person is None or not of_person:
        raise wrong(
            "Kuitit ovat yhden ihmisen: seloste export REGISTER person --format receipts --person N.",
            "Receipts are of one person: seloste export REGISTER person --format receipts --person N.",
        )
    check_place(out)
    found = consents(store, person, purposes=(purpose,), actor=actor, now=moment)
    target = out / f"{store.register.notice.register}-consents-{person}.json" if out.is_dir() else out
    with for_oneself(target) as file:
        file.write(found.receipts(moment))
    click.echo(f"{target}: {len(found.records)}")


def _filter(text: str, kind: Kind, types: Mapping[str, ItemType[Any]]) -> Filter:
    from seloste.errors import BadValue
    from seloste.operations.records.read import Filter

    name, equals, value = text.partition("=")
    if not equals or name not in kind.items or kind.items[name].type == "ref":
        known = ", ".join(kind.items)
        raise wrong(
            f"--filter {text}: kirjoita TIETO=ARVO, tietona jokin lajin {kind.key} tiedoista: {known}.",
            f"--filter {text}: write ITEM=VALUE with an item of {kind.key}: {known}.",
        )
    item = kind.items[name]
    for option in item.options:
        if value.casefold() in {option.key, *(label.casefold() for label in option.label.values())}:
            return Filter(name, "=", option.key)
    try:
        return Filter(name, "=", types[item.type].parse(value))
    except BadValue as problem:
        raise wrong(f"--filter {name}: {problem.message('fi')}", f"--filter {name}: {problem.message('en')}") from None

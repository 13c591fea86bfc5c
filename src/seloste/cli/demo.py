"""``seloste demo``: the examples, filled with invented people and opened; a second start opens them as they are."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seloste.cli.common import Port
from seloste.errors import SelosteError
from seloste.settings import Settings

if TYPE_CHECKING:
    from seloste.compiler.register import Register
    from seloste.store.registers import Registers

PASSWORD = "neljä metsäpolkua suolla"  # noqa: S105  shown to whoever starts the demo, on data of nobody
"""Every account of the demo has it."""

NAMES = (
    "Mikael Tuuri",
    "Hanna Ojala",
    "Teemu Vainio",
    "Raili Korpela",
    "Oskari Niemelä",
    "Päivi Lehtoranta",
    "Jussi Salomaa",
    "Kerttu Aalto",
    "Ville Haapaniemi",
    "Saija Koskela",
    "Antero Rinne",
    "Liisa Mäkelä",
)


class NoExamplesError(SelosteError):
    """The folder of examples is not where the demo looks for it."""


class NotADemoError(SelosteError):
    """There are registers or accounts that no demo made: the demo's, whose password everybody knows, stay out."""


@click.command(epilog="For example: seloste demo")
@click.option("--host", help="Address to listen at; 127.0.0.1 by default.")
@click.option("--port", type=Port(), help="Port to listen at; 8000 by default, 0 for a free one.")
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var/demo"),
    show_default=True,
    help="Folder of the data.",
)
@click.option(
    "--examples",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder of the examples; by default the one beside the program.",
)
@click.option("--fill-only", is_flag=True, help="Fill the registers and do not serve.")
def demo(host: str | None, port: int | None, data_dir: Path, examples: Path | None, *, fill_only: bool) -> None:
    """Fill the four examples with invented people and serve them. Nobody in them exists."""
    from seloste.cli.demo_letters import tell_own_pages, with_letters
    from seloste.cli.serve import check, chosen, listen, run

    settings = dataclasses.replace(chosen(host, port, data_dir), demo=True, allow_test_identity_codes=True)
    folder = examples or _examples()
    listener = None if fill_only else listen(settings.host, settings.port)
    transport = None
    if listener is not None:
        settings, transport = with_letters(settings, listener.getsockname()[1])
    try:
        from seloste.store.registers import Registers

        registers = Registers(settings)
        try:
            accounts = fill(registers, folder, settings)
            _tell(accounts, settings.language)
            if transport is not None:
                tell_own_pages(registers, settings)
            if listener is not None:
                check(registers)
                run(settings, registers, listener, transport=transport)
        finally:
            registers.close()
    finally:
        if listener is not None:
            listener.close()


def _examples() -> Path:
    """The examples beside the program's own checkout, or in the folder the command is run in."""
    for folder in (Path("examples"), Path(__file__).parents[3] / "examples"):
        if folder.is_dir():
            return folder
    raise NoExamplesError(
        "Esimerkkien kansiota ei löydy: se ei kuulu asennettuun ohjelmaan. Aja komento kansiossa, johon Seloste on"
        " kloonattu, tai anna esimerkkien kansio: seloste demo --examples KANSIO.",
        "The folder of the examples is not here: it is no part of the installed program. Run the command in a clone of"
        " Seloste, or give the folder: seloste demo --examples FOLDER.",
    )


@dataclasses.dataclass(frozen=True, slots=True)
class DemoAccount:
    """Who may sign in as what."""

    email: str
    name: str
    roles: tuple[str, ...]
    lead: bool


def notices(folder: Path) -> Iterator[tuple[str, Path]]:
    """(example, file) of every notice: the files that name a register; frames do not."""
    for file in sorted(folder.glob("*/*.yaml")):
        if any(line.startswith("register:") for line in file.read_text("utf-8").splitlines()):
            yield file.parent.name, file


def fill(registers: Registers, folder: Path, settings: Settings) -> tuple[DemoAccount, ...]:
    """Apply the notices, store the people, make the accounts; nothing is done when all of it is as it was.

    Raises NotADemoError where there are registers or accounts and the stamp does not say that a demo made them.
    """
    from seloste.operations.accounts.roles import list_accounts

    stamp, database = settings.data_dir / "demo.json", _digest(str(settings.database_url))
    state = _state(folder, settings)
    kept = json.loads(stamp.read_text("utf-8")) if stamp.exists() else {}
    # A stamp of before has no database in it, and is of files beside it.
    ours = bool(kept) and kept.get("database", _digest("None")) == database
    if not ours and (registers.keys() or list_accounts(registers.deployment)):
        raise NotADemoError(
            "Tietokannassa on rekistereitä tai tunnuksia, joita demo ei ole tehnyt. Mitään ei muutettu. Poista asetus "
            "SELOSTE_DATABASE_URL, tai anna demolle oma kansio: seloste demo --data-dir KANSIO.",
            "The database holds registers or accounts that no demo made. Nothing was changed. Remove the setting "
            "SELOSTE_DATABASE_URL, or give the demo a folder of its own: seloste demo --data-dir FOLDER.",
        )
    if ours and kept["state"] == state and _open(registers):
        return tuple(DemoAccount(**{**each, "roles": tuple(each["roles"])}) for each in kept["accounts"])
    from seloste.clock import now

    # Written before as well, so that a demo which was ended in the middle knows its own.
    stamp.write_text(json.dumps({"database": database, "state": "", "accounts": []}), "utf-8")
    accounts = _fill(registers, folder, settings.language, now())
    kept = {"database": database, "state": state, "accounts": [dataclasses.asdict(each) for each in accounts]}
    stamp.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
    return accounts


def _open(registers: Registers) -> bool:
    """Whether every register is as this version builds it; those of another version are applied anew."""
    from seloste.store.registers import OtherVersionError

    known = registers.keys()
    try:
        for key in known:
            registers.open(key)
    except OtherVersionError:
        return False
    return True


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _state(folder: Path, settings: Settings) -> str:
    """What the demo was made from: the files and the database."""
    digest = hashlib.sha256(f"{settings.database_url} {settings.language}".encode())
    for file in sorted(folder.rglob("*.yaml")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _fill(registers: Registers, folder: Path, lang: str, now: dt.datetime) -> tuple[DemoAccount, ...]:
    from seloste.cli.people import read_people
    from seloste.notice import load
    from seloste.operations.actor import CLI
    from seloste.operations.records.collect import collect

    known = set(registers.keys())
    made: dict[str, list[Register]] = {}
    files = list(notices(folder))
    with click.progressbar(files, label="Seloste demo", file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:
        for example, file in shown:
            notice = load(file)
            registers.apply(notice, now=now, actor="demo", text=file.read_text("utf-8"))
            store = registers.open(notice.register)
            made.setdefault(example, []).append(store.register)
            people = file.parent / "people" / f"{notice.register}.yaml"
            if notice.register not in known and people.exists():
                collect(store, read_people(people, now).rows, actor=CLI, now=now)
    return tuple(_accounts(registers, made, lang, now))


def _accounts(
    registers: Registers, made: dict[str, list[Register]], lang: str, now: dt.datetime
) -> Iterator[DemoAccount]:
    """One account for each role of an example, in every register that has it; one for the privacy lead."""
    names = iter(NAMES * 3)
    for example, registered in made.items():
        lenses = dict.fromkeys(lens for register in registered for lens in register.lenses)
        for lens in lenses:
            with_it = [(register, lens) for register in registered if lens in register.lenses]
            yield _account(registers, f"{lens}@{example}.example", next(names), with_it, lang, now, lead=False)
        # The lead sees most: of each register, every role, the widest first.
        wide = [
            (register, lens.key)
            for register in registered
            for lens in sorted(register.lenses.values(), key=lambda each: -len(each.shows))
        ]
        yield _account(registers, f"privacy@{example}.example", next(names), wide, lang, now, lead=True)


def _account(
    registers: Registers,
    email: str,
    name: str,
    roles: list[tuple[Register, str]],
    lang: str,
    now: dt.datetime,
    *,
    lead: bool,
) -> DemoAccount:
    from seloste.operations.accounts.create import create_account
    from seloste.operations.accounts.roles import grant, list_accounts
    from seloste.operations.accounts.whom import busiest
    from seloste.operations.actor import CLI

    listed = {each.account.email: each for each in list_accounts(registers.deployment)}
    email = email.replace("_", "-")
    if email in listed:
        account = listed[email].account.id
    else:
        # No language is chosen for them: each browser is answered in its own.
        account = create_account(
            registers.deployment, email, name, language="", password=PASSWORD, actor=CLI, now=now
        ).account
    held = {(given.register, given.lens) for given in listed[email].grants} if email in listed else set()
    for register, lens in roles:
        if (register.notice.register, lens) not in held:
            key = register.notice.register
            person = busiest(registers.open(key), lens, now=now)
            grant(registers.deployment, account, key, lens, lead=lead, person=person, actor=CLI, now=now)
    titles = dict.fromkeys(
        f"{register.notice.controller.name}: {_say(register.lenses[lens].text, lang)}" for register, lens in roles
    )
    return DemoAccount(email, name, tuple(titles), lead)


def _say(text: object, lang: str) -> str:
    assert hasattr(text, "get")
    return str(text.get(lang) or text.get("en") or text.get("fi"))


def _tell(accounts: tuple[DemoAccount, ...], lang: str) -> None:
    finnish = lang == "fi"
    click.echo(
        "Kaikki ihmiset ovat keksittyjä. Kirjaudu kenenä tahansa näistä; kaikkien salasana on:"
        if finnish
        else "Invented people only. Sign in as any of these; the password of all is:"
    )
    click.echo(f"\n    {PASSWORD}\n")
    width = max(len(account.email) for account in accounts)
    for account in accounts:
        first, *more = account.roles
        others = (f" ja {len(more)} muuta" if finnish else f" and {len(more)} more") if more else ""
        lead = (", tietosuojasta vastaava" if finnish else ", privacy lead") if account.lead else ""
        click.echo(f"  {account.email:<{width}}  {first}{others}{lead}")
    click.echo("")

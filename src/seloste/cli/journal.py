"""``seloste journal``: read the journal of a register, and see that it is whole."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seloste.cli.common import Day, data_dir, opened
from seloste.cli.wrong import wrong

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seloste.store.engine import Database
    from seloste.store.journal import JournalReport
    from seloste.store.journal_pages import Written
    from seloste.store.registers import Registers

INSTALLATION = "installation"
"""Stands for the journal of accounts and sign-ins, where a register's key would stand."""


@click.group()
def journal() -> None:
    """Read and verify the journal.

    REGISTER is the key of a register, or the word installation for the journal of accounts and sign-ins.
    """


@journal.command(epilog="For example: seloste journal verify. Exit codes: 0 whole, 1 one is broken.")
@click.argument("register", required=False)
@click.option("--seal", help="A hash noted earlier; the chain must still hold it. Needs REGISTER.")
@data_dir
@click.pass_context
def verify(ctx: click.Context, register: str | None, seal: str | None, data_dir: Path | None) -> None:
    """Compute every hash of a journal anew, or of all of them without REGISTER.

    One line each: whole or broken, entries, seal. Exits with 1 when one is broken. Write a seal down elsewhere now
    and then: whoever can write the database could forge a whole chain, but not one that holds the seal you noted.
    """
    from seloste.store.journal import verify as verify_one

    if seal is not None and register is None:
        raise wrong(
            "--seal tarvitsee REKISTERIN, josta se merkittiin muistiin.",
            "--seal needs the REGISTER it was noted of.",
        )
    with opened(data_dir) as registers:
        names = [register] if register is not None else [INSTALLATION, *registers.keys()]
        reports = {name: verify_one(_database(registers, name), seal=seal) for name in names}
        finnish = registers.settings.language == "fi"
    for name, report in reports.items():
        click.echo(_line(name, report, finnish=finnish))
    if not all(report.ok for report in reports.values()):
        ctx.exit(1)


def _line(name: str, report: JournalReport, *, finnish: bool) -> str:
    if finnish:
        if report.ok:
            return f"{name}: ehjä, {report.count} merkintää, sinetti {report.head.hash}"
        if report.first_bad is None:
            return f"{name}: ei ehjä, sinetti ei ole ketjussa"
        return f"{name}: ei ehjä merkinnästä {report.first_bad} alkaen, {report.count} merkintää"
    if report.ok:
        return f"{name}: whole, {report.count} entries, seal {report.head.hash}"
    if report.first_bad is None:
        return f"{name}: broken, the chain does not hold the seal"
    return f"{name}: broken from entry {report.first_bad}, {report.count} entries"


def _database(registers: Registers, name: str) -> Database:
    if name == INSTALLATION:
        return registers.deployment
    store = registers.open(name)
    store.reads.flush()
    return store.database


@journal.command(epilog="For example: seloste journal show ketju_bicycles --since 2026-11-01 --person 12")
@click.argument("register")
@click.option("--actor", help="Only what this account did: its id.")
@click.option("--person", type=int, help="Only what was about this person: their number.")
@click.option("--verb", help="Only this deed, for example look.")
@click.option("--since", type=Day(), help="Only from this day on.")
@click.option("--until", type=Day(), help="Only before this day.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many, newest first.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with the hashes.")
@data_dir
def show(
    register: str,
    actor: str | None,
    person: int | None,
    verb: str | None,
    since: dt.date | None,
    until: dt.date | None,
    limit: int,
    as_json: bool,
    data_dir: Path | None,
) -> None:
    """Print entries of a journal, newest first: number, time, who in which role, deed, kind, whom, items, note.

    People of the register are told by number, never by value. Reading is journaled too.
    """
    from seloste.clock import HELSINKI, now
    from seloste.operations.accounts.keys import list_keys
    from seloste.operations.accounts.roles import account_names
    from seloste.operations.actor import CLI
    from seloste.store.journal import Entry, append
    from seloste.store.journal_pages import Query, page

    query = Query(
        actor=actor,
        persons=None if person is None else (person,),
        verb=verb,
        since=None if since is None else dt.datetime.combine(since, dt.time(), HELSINKI),
        until=None if until is None else dt.datetime.combine(until, dt.time(), HELSINKI),
        limit=limit,
    )
    with opened(data_dir) as registers:
        database = _database(registers, register)
        with database.transaction() as conn:
            found = page(conn, query)
            persons = (person,) if person is not None else ()
            append(conn, Entry(now(), CLI.account, "", "read_journal", persons=persons, count=len(found.entries)))
        keys = {each.id: f"{each.name} ({each.id})" for each in list_keys(registers.deployment)}
        names = {**account_names(registers.deployment), **keys}
    for one in found.entries:
        click.echo(json.dumps(_document(one), ensure_ascii=False) if as_json else _text(one, names))


def _document(one: Written) -> dict[str, Any]:
    """An entry as the hash is computed over it, with the hash beside: an auditor can compute it again."""
    from seloste.clock import to_utc_text

    entry = one.entry
    return {
        "seq": one.seq,
        "at": to_utc_text(entry.at),
        "actor": entry.actor,
        "lens": entry.lens,
        "verb": entry.verb,
        "kind": entry.kind,
        "persons": entry.persons,
        "items": entry.items,
        "count": entry.count,
        "outcome": entry.outcome,
        "note": entry.note,
        "previous": one.previous,
        "hash": one.hash,
    }


def _text(one: Written, names: Mapping[str, str]) -> str:
    entry = one.entry
    actor = names.get(entry.actor, entry.actor)
    who = f"{actor} as {entry.lens}" if entry.lens else actor
    whom = f"{len(entry.persons)} persons" if len(entry.persons) > 3 else " ".join(f"#{p}" for p in entry.persons)
    parts = (
        f"{one.seq}",
        f"{entry.at:%Y-%m-%d %H:%M}",
        who,
        entry.verb + (" (refused)" if entry.outcome == "refused" else ""),
        entry.kind,
        whom,
        ",".join(entry.items),
        entry.note,
    )
    return "\t".join(parts).rstrip()

"""Numbers of a whole register, for evidence: how much is held and since when, what was said, given, looked at.

Counts and days alone; whoever shows them hides the small ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from seloste.catalogue.model import PERSON
from seloste.clock import from_utc_text, to_utc_text
from seloste.compiler.register import Register
from seloste.compiler.sweep import sweep
from seloste.notice.ways import own_date
from seloste.store import due
from seloste.store.engine import Connection, one, quote

LOOKS = ("look", "reveal", "export", "open_page")
"""Verbs of the journal by which data of people are seen."""


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of a kind: how many, and the day of the oldest by its own date, else by when it was recorded."""

    rows: int
    oldest: dt.date | None


@dataclass(frozen=True, slots=True)
class GivenTo:
    """Disclosures to one recipient in a time: rows of them, each of one person, and when the last was."""

    rows: int
    last: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Deed:
    """The last entry of a verb in the journal."""

    at: dt.datetime
    count: int
    note: str


def held(conn: Connection, register: Register) -> dict[str, Held]:
    """By kind, without bare rows, of which only a key is left; kinds without rows are left out."""
    bare, found = _but_bare(conn, "t.id"), {}
    for kind, table in register.tables.items():
        # A subject's first date may be a birth date: one is there since it was recorded.
        dated = None if table.kind.subject else own_date(table.kind)
        day = f"t.{quote(dated)}" if dated is not None and table.column(dated) is not None else "NULL"
        oldest = f"min(substr(coalesce({day}, t.sys_recorded_at), 1, 10))"
        row = one(conn.execute(f"SELECT count(*), {oldest} FROM {quote(kind)} t{bare}", {"kind": kind} if bare else {}))
        if row[0]:
            found[kind] = Held(int(row[0]), dt.date.fromisoformat(row[1]) if row[1] else None)
    return found


def unneeded(conn: Connection, register: Register) -> dict[str, int]:
    """Rows by kind of which something is needed by no purpose, by the sweep's own statement; zeros too. Bare rows,
    which stay as a key since something needed points at them, are not counted.
    """
    bare, found = _but_bare(conn, "q.id"), {}
    for kind, statements in sweep(register, conn.dialect).kinds.items():
        sql = f"SELECT count(*) FROM ({statements.all_sql}) AS q{bare}"
        found[kind] = int(one(conn.execute(sql, {"kind": kind} if bare else {}))[0])
    return found


def _but_bare(conn: Connection, row: str) -> str:
    """The condition that leaves out rows which the sweep keeps as a key; empty where nothing was ever swept."""
    if not due.exists(conn):
        return ""
    return (
        f" WHERE NOT EXISTS (SELECT 1 FROM {due.DUE} d WHERE d.run = {due.BARE} AND d.kind = :kind AND d.row = {row})"
    )


def consents(conn: Connection, day: dt.date) -> dict[str, tuple[int, int]]:
    """By purpose: consents in force on a day, and withdrawn ones that are still shown to have been."""
    rows = conn.execute(
        "SELECT purpose,"
        " sum(CASE WHEN withdrawn_at IS NULL AND (ends_on IS NULL OR ends_on >= :day) THEN 1 ELSE 0 END),"
        " sum(CASE WHEN withdrawn_at IS NOT NULL THEN 1 ELSE 0 END) FROM permission"
        " WHERE purpose IS NOT NULL GROUP BY purpose",
        {"day": day.isoformat()},
    )
    return {str(purpose): (int(standing or 0), int(withdrawn or 0)) for purpose, standing, withdrawn in rows}


def objections(conn: Connection) -> dict[str, dict[str, int]]:
    """By purpose and state, those not taken back."""
    found: dict[str, dict[str, int]] = {}
    for purpose, state, count in conn.execute(
        "SELECT purpose, state, count(*) FROM objection WHERE withdrawn_at IS NULL AND purpose IS NOT NULL"
        " GROUP BY purpose, state"
    ):
        found.setdefault(str(purpose), {})[str(state)] = int(count)
    return found


def standing(conn: Connection, kind: str, ended: str) -> int:
    """Rows of a built-in kind that have not ended: bans, holds, restrictions."""
    return int(one(conn.execute(f"SELECT count(*) FROM {quote(kind)} WHERE {quote(ended)} IS NULL"))[0])


def given(conn: Connection, since: dt.datetime) -> dict[tuple[str, str], GivenTo]:
    """Disclosures since a moment by the recipient's key in the notice, empty for one without, and its name."""
    rows = conn.execute(
        "SELECT coalesce(recipient_key, ''), coalesce(recipient, ''), count(*), max(at) FROM disclosure"
        f" WHERE at >= :since AND {quote(PERSON)} IS NOT NULL"
        " GROUP BY coalesce(recipient_key, ''), coalesce(recipient, '')",
        {"since": to_utc_text(since)},
    )
    return {
        (str(key), str(name)): GivenTo(int(count), from_utc_text(at) if at else None) for key, name, count, at in rows
    }


def sources(conn: Connection, kinds: Iterable[str]) -> dict[str, int]:
    """Rows by the source they came from, over all kinds; empty for rows that have none."""
    found: dict[str, int] = {}
    for kind in kinds:
        for source, count in conn.execute(
            f"SELECT coalesce(sys_source, ''), count(*) FROM {quote(kind)} GROUP BY coalesce(sys_source, '')"
        ):
            found[str(source)] = found.get(str(source), 0) + int(count)
    return found


def looks(conn: Connection, since: dt.datetime) -> Mapping[tuple[str, str], int]:
    """Entries of the journal since a moment in which data of people were seen or refused, by role and outcome."""
    names = {f"v{number}": verb for number, verb in enumerate(LOOKS)}
    rows = conn.execute(
        "SELECT lens, outcome, count(*) FROM journal WHERE at >= :since"
        f" AND verb IN ({', '.join(':' + name for name in names)}) GROUP BY lens, outcome",
        {"since": to_utc_text(since), **names},
    )
    return {(str(lens), str(outcome)): int(count) for lens, outcome, count in rows}


def last_deed(conn: Connection, verb: str) -> Deed | None:
    """The last entry of a verb, None when there is none."""
    row = conn.execute(
        "SELECT at, count, note FROM journal WHERE verb = :verb ORDER BY seq DESC LIMIT 1", {"verb": verb}
    ).first()
    return None if row is None else Deed(from_utc_text(row[0]), int(row[1]), str(row[2]))

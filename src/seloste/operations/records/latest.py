"""The newest deed around each of several rows: when one was last in touch with a person, a company, an apartment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from seloste.clock import to_utc_text, today
from seloste.compiler.guard import homes
from seloste.compiler.register import Register
from seloste.notice.ways import Path, references
from seloste.operations.actor import Actor
from seloste.operations.records.model import Record
from seloste.operations.records.read import by_ids, lens_of
from seloste.store.engine import Connection, quote
from seloste.store.registers import RegisterStore

CHUNK = 500
DEEPEST = 2
"""References between a deed and the row it is around: a call, its customer relationship, the person."""


@dataclass(frozen=True, slots=True)
class Deed:
    """The row, and the moment it tells of."""

    record: Record
    at: dt.date


def latest_deeds(
    store: RegisterStore, kind: str, numbers: Sequence[int], *, actor: Actor, now: dt.datetime
) -> dict[int, Deed]:
    """Row id -> its newest deed that the lens shows, of the kinds whose rows are deeds (``act``).

    The newest of each kind is looked for by index and then read through the lens; not journaled apart from the list it
    stands in. Raises NoSuchRowError for a kind the lens does not show.
    """
    lens = lens_of(store, actor, kind)
    lived_in = kind in homes(store.register)
    found: dict[int, Deed] = {}
    for key, shown in lens.shows.items():
        of = store.register.tables[key].kind
        act = of.act
        if act is None or act not in shown or key == kind:
            continue
        # A visit that is booked has not been: what is to come is no last contact.
        until = today(now).isoformat() if of.items[act].type == "date" else to_utc_text(now)
        newest: dict[int, tuple[str, int, Path]] = {}
        with store.read(now) as conn:
            for path in _paths(store.register, key, kind):
                for owner, number, moment in _newest(conn, store.register, (key, act), path, numbers, until):
                    if moment > newest.get(owner, ("",))[0]:
                        newest[owner] = (moment, number, path)
        ids = sorted({number for _, number, _ in newest.values()})
        rows = {row.id: row for row in by_ids(store, key, ids, actor=actor, now=now, journal=False)} if ids else {}
        for owner, (_, number, path) in newest.items():
            shown_so = number in rows and (not lived_in or _leads(store, rows[number], path, owner, actor, now))
            at = rows[number].values.get(act) if shown_so else None
            if at is not None and (owner not in found or _day(at) > _day(found[owner].at)):
                found[owner] = Deed(rows[number], at)
    return found


def _leads(store: RegisterStore, deed: Record, path: Path, owner: int, actor: Actor, now: dt.datetime) -> bool:
    """Whether the lens shows that a deed leads to a home: of somebody guarded it may not."""
    at = deed
    for column in path[:-1]:
        target = next(r.target for r in references(store.register.tables[at.kind].kind) if r.column == column)
        numbers = [at.references[column]] if column in at.references else []
        above = by_ids(store, target, numbers, actor=actor, now=now, journal=False)
        if not above:
            return False
        at = above[0]
    return at.references.get(path[-1]) == owner


def _day(moment: dt.date) -> str:
    return moment.isoformat()


def _paths(register: Register, start: str, end: str) -> list[Path]:
    """Ways of at most DEEPEST references from a kind to another; through parents only, but for the last step."""
    found: list[Path] = []
    frontier: list[tuple[str, Path]] = [(start, ())]
    for _ in range(DEEPEST):
        following = []
        for key, path in frontier:
            for reference in references(register.tables[key].kind):
                if reference.target not in register.tables:
                    continue
                if reference.target == end:
                    found.append((*path, reference.column))
                elif reference.parent and register.tables[reference.target].kind.about != "nobody":
                    following.append((reference.target, (*path, reference.column)))
        frontier = following
    return found


def _newest(
    conn: Connection, register: Register, deed: tuple[str, str], path: Path, numbers: Sequence[int], until: str
) -> list[tuple[int, int, str]]:
    """(row at the end of the path, deed, moment) of every deed until then along one path, newest of each row."""
    kind, act = deed
    at, joins, last = kind, "", f"t0.{quote(path[0])}"
    for step, column in enumerate(path):
        last = f"t{step}.{quote(column)}"
        if step < len(path) - 1:
            at = next(r.target for r in references(register.tables[at].kind) if r.column == column)
            joins += f" JOIN {quote(at)} t{step + 1} ON t{step + 1}.id = {last}"
    newest: dict[int, tuple[int, int, str]] = {}
    for start in range(0, len(numbers), CHUNK):
        params = {f"i{place}": each for place, each in enumerate(numbers[start : start + CHUNK])}
        names = ", ".join(":" + name for name in params)
        sql = f"SELECT {last}, t0.id, t0.{quote(act)} FROM {quote(kind)} t0{joins} WHERE {last} IN ({names})"
        for owner, number, moment in conn.execute(f"{sql} AND t0.{quote(act)} <= :until", params | {"until": until}):
            if int(owner) not in newest or str(moment) > newest[int(owner)][2]:
                newest[int(owner)] = (int(owner), int(number), str(moment))
    return list(newest.values())

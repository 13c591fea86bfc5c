"""Runs a plan: one transaction, whole or not at all; the same plan twice is the plan once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from seloste.clock import to_utc_text
from seloste.compiler.marks import marks
from seloste.compiler.plan import Plan, Step, plan
from seloste.compiler.register import Register
from seloste.compiler.shape import Shape, compiler_mark, shape
from seloste.notice.serial import to_json
from seloste.store import agreed, journal, ledger, system
from seloste.store.day import set_day
from seloste.store.dialects.sqlite import SqliteDatabase
from seloste.store.engine import Connection, Database, StoreError, one, quote
from seloste.store.functions import define_postgresql, define_sqlite
from seloste.store.keys import Keys
from seloste.store.masks import EVENTS, refresh_bits
from seloste.store.placed import here


@dataclass(frozen=True, slots=True)
class Done:
    """One step that was run; ``erased`` values went with it."""

    step: Step
    erased: int = 0


@dataclass(frozen=True, slots=True)
class ApplyReport:
    """What was done. ``steps`` is empty when the register already was as the notice says."""

    digest: str
    steps: tuple[Done, ...]
    dry_run: bool

    @property
    def erased(self) -> int:
        return sum(done.erased for done in self.steps)


def built_shape(conn: Connection) -> Shape | None:
    """What is built now, None when nothing is. Raises StoreError when what is stored of it cannot be read."""
    text = system.meta(conn, "shape") if system.exists(conn) else None
    try:
        return None if text is None else Shape.from_json(text)
    except (ValueError, LookupError, TypeError, AttributeError) as unreadable:
        raise StoreError(
            "Rekisterin omaa tietoa siitä, mitä tietokantaan on tehty, ei voi lukea. Mitään ei tehty. Sen on"
            " kirjoittanut Selosteen uudempi versio, tai se on vahingoittunut. Ota käyttöön uudempi versio, tai palauta"
            " varmuuskopio: seloste restore.",
            "What the register notes of how it is built cannot be read. Nothing was done. A newer version of Seloste"
            " wrote it, or it is damaged. Take the newer version, or bring back a backup: seloste restore.",
        ) from unreadable


def plan_for(database: Database, register: Register) -> Plan:
    """The steps that apply would run."""
    with database.read() as conn:
        return plan(built_shape(conn), register, database.dialect)


def apply(
    database: Database,
    register: Register,
    keys: Keys,
    *,
    now: dt.datetime,
    actor: str,
    notice_text: str = "",
    dry_run: bool = False,
    told: int = 0,
) -> ApplyReport:
    """Build or change a register to what its notice says. Raises StoreError; then nothing changed.

    ``told``: how many people ``actor`` says were told of it before; journaled.
    """
    _define(database, register)
    with database.transaction() as conn:
        if not system.exists(conn):
            system.create(conn)
        ledger.create(conn)
        old = built_shape(conn)
        steps = plan(old, register, database.dialect)
        if dry_run:
            done = tuple(Done(step, _count(conn, step)) for step in steps.steps)
            return ApplyReport(register.hash, done, dry_run=True)
        done = _take(conn, register, keys, steps, old, now)
        _record(conn, register, now, notice_text)
        if steps.steps or old is None or old.digest != register.hash:
            note = register.hash[:16]
            said = [journal.Entry(at=now, actor=actor, lens="", verb="tell_change", count=told, note=note)]
            entry = journal.Entry(at=now, actor=actor, lens="", verb="apply", count=len(done), note=note)
            journal.append_all(conn, [*(said if told else ()), entry])
    file = here(database)
    if isinstance(file, SqliteDatabase) and any(step.erased for step in done):
        file.truncate_log()
    return ApplyReport(register.hash, done, dry_run=False)


def _define(database: Database, register: Register) -> None:
    file = here(database)
    if isinstance(file, SqliteDatabase):
        define_sqlite(file, register)


def build(database: Database, conn: Connection, register: Register, keys: Keys, *, now: dt.datetime) -> None:
    """Build a register where there is none, for rows that come from a backup, with no version of its text noted.

    In the caller's transaction. Raises StoreError.
    """
    _define(database, register)
    system.create(conn)
    ledger.create(conn)
    _take(conn, register, keys, plan(None, register, database.dialect), None, now)
    _note_built(conn, register)


def rebuild(
    database: Database, conn: Connection, register: Register, keys: Keys, *, now: dt.datetime, text: str, noted: bool
) -> tuple[Done, ...]:
    """Change a register to what another notice says, erasing what it does not name, in the caller's transaction.

    What was done, with the number of values that each step erased.

    ``noted``: whether the ledger is told; at a restore it was it that told.
    """
    _define(database, register)
    old = built_shape(conn)
    done = _take(conn, register, keys, plan(old, register, database.dialect), old, now)
    _record(conn, register, now, text, noted=noted)
    return done


def _take(
    conn: Connection, register: Register, keys: Keys, steps: Plan, old: Shape | None, now: dt.datetime
) -> tuple[Done, ...]:
    if conn.dialect == "postgresql":
        _loosen(conn, old)
        define_postgresql(conn, register)
    if register.agreed:
        agreed.create(conn)  # derived days are computed from it
    done = tuple(_run(conn, step) for step in steps.steps)
    _follow(conn, register, keys, steps, old, now)
    return done


def _loosen(conn: Connection, old: Shape | None) -> None:
    """Take the views of the lenses away, since PostgreSQL changes no column that a view reads."""
    from seloste.store.dialects.postgresql_lens import lens_schema, place_of

    if old is None:
        return
    place = place_of(conn)
    for lens in old.lenses:
        conn.send(f"DROP SCHEMA IF EXISTS {quote(lens_schema(*place, lens))} CASCADE")


def _count(conn: Connection, step: Step) -> int:
    return int(one(conn.execute(step.count_sql))[0]) if step.count_sql else 0


def _run(conn: Connection, step: Step) -> Done:
    erased = _count(conn, step)
    for sql in step.sql:
        conn.send(sql)
    if step.verb == "erase":
        kind, _, item = step.target.partition(".")
        where = " AND item = :item" if item else ""
        for table in ("sys_find", "sys_cell_source"):
            conn.execute(f"DELETE FROM {table} WHERE kind = :kind{where}", {"kind": kind, "item": item})
    return Done(step, erased)


def _follow(conn: Connection, register: Register, keys: Keys, steps: Plan, old: Shape | None, now: dt.datetime) -> None:
    """What follows from the steps and is not said in SQL by the plan: the day, bits, derived days, views."""
    set_day(conn, register, now)
    if old is not None and any(map(_says, steps.steps)):
        for subject in register.subjects:
            refresh_bits(conn, register, subject, None, now)
    again = {step.target for step in steps.steps if step.verb == "recompute"}
    if again:
        found = marks(register, conn.dialect)
        for mark in (*found.matters, *found.held):
            if f"{mark.kind}.{mark.column}" in again:
                conn.execute(mark.all_sql)
    if conn.dialect == "postgresql":
        from seloste.store.dialects.postgresql_lens import build_lenses

        build_lenses(conn, register, keys, gone=_gone(old, register))


def _says(step: Step) -> bool:
    """Whether what people said is to be read again after a step.

    Where the day is made anew, what turned with days since then is in no row of it any more.
    """
    touches = step.verb not in ("index", "lens") and step.target.partition(".")[0] in EVENTS
    return touches or step.verb in ("clock", "masks")


def _gone(old: Shape | None, register: Register) -> tuple[str, ...]:
    return () if old is None else tuple(key for key in old.lenses if key not in register.lenses)


def _record(conn: Connection, register: Register, now: dt.datetime, text: str, *, noted: bool = True) -> None:
    before = system.meta(conn, "digest")
    _note_built(conn, register)
    if before != register.hash:
        effective = register.notice.effective
        conn.execute(
            "INSERT INTO sys_notice (digest, applied_at, effective, text) VALUES (:digest, :at, :effective, :text)",
            {
                "digest": register.hash,
                "at": to_utc_text(now),
                "effective": effective.isoformat() if effective else None,
                "text": text,
            },
        )
        if noted:
            version = int(one(conn.execute("SELECT max(id) FROM sys_notice"))[0])
            ledger.note(conn, ledger.NOTICE, (version,), gone=False, at=now)


def _note_built(conn: Connection, register: Register) -> None:
    system.put_meta(conn, "shape", shape(register).to_json())
    system.put_meta(conn, "compiler", compiler_mark())
    system.put_meta(conn, "digest", register.hash)
    system.put_meta(conn, "notice", to_json(register.notice))

"""A withdrawal in as few statements as an engine takes, where all that follows from it is known before it is said.

Every standing consent to a purpose ends; so the purpose loses its yes, and no other bit changes. That is arithmetic on
the person's own row. Whether something must go with it is asked by the same statements as ever (``compiler.judge`` and
``compiler.word``), and if so nothing is written here: then the operation runs whole, as all others do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from seloste.catalogue.model import PERSON
from seloste.compiler.functions import Sql
from seloste.compiler.judge import judgements
from seloste.compiler.lower import CLOCK, purpose_always_says_yes
from seloste.compiler.marks import marks, own_days, reads
from seloste.compiler.register import Register, is_cell
from seloste.compiler.views import render
from seloste.compiler.word import probes, reached

KIND, END = "permission", "withdrawn_at"
AT = "CAST(:at AS text)"
SUBJECT = "CAST(:subject AS bigint)"
BEFORE = "CAST(:before AS text)"
Bits = Mapping[str, tuple[str, int]]
"""Columns of the subject that change: what they are then, and the bit that goes."""
FACTS = f"(SELECT value FROM sys_meta WHERE key = 'digest') AS digest, (SELECT today FROM {CLOCK}) AS today"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Fixed texts with ``:subject``, ``:at`` (a moment) and ``:day``.

    ``whole`` is all of it in one statement, on PostgreSQL; it takes the cells of the journal's entry besides, and gives
    the number of consents that ended, or no row when it wrote nothing. On SQLite it is empty and there are: ``facts``
    (digest, day, and the subject's id if there is such), ``end`` (the ids of the consents that ended), ``bits`` (empty
    when none change), and ``follows``, which is 1 when more follows for ``:ids``.
    """

    whole: str = ""
    facts: str = ""
    end: str = ""
    bits: str = ""
    follows: str = ""


def withdrawal(register: Register, subject: str, purpose: str, dialect: str) -> Withdrawal | None:
    """The texts for a kind of subject and a purpose; None where more may follow than they do."""
    return register.once(("withdrawal", subject, purpose, dialect), lambda: _made(register, subject, purpose, dialect))


def _made(register: Register, subject: str, purpose: str, dialect: str) -> Withdrawal | None:
    table = register.tables.get(KIND)
    wanted = (subject, "purpose", "ends_on", END)
    if table is None or any(table.column(name) is None for name in wanted) or subject not in register.subjects:
        return None
    if register.agreed:
        return None  # Days of rows hang on what is said; the operation that runs whole computes them anew.
    sets = _sets(register, dialect)
    if sets is None:
        return None
    bits = _bits(register, purpose)
    found = probes(register, subject, dialect)
    asked = [each.sql for each in reached(found, lost(register, purpose)).values()] if bits else []
    if any(re.search(rf"\b{KIND}\b", sql) for sql in asked):
        return None
    judged = judgements(register, dialect)[KIND].sql
    which = (
        f'"{subject}" = {SUBJECT} AND purpose = {as_text(purpose)} AND {END} IS NULL'
        " AND (ends_on IS NULL OR ends_on >= CAST(:day AS text))"
    )
    if dialect == "sqlite":
        return _steps(subject, which, sets, bits, judged, asked)
    return Withdrawal(whole=_whole(register, subject, which, sets, bits, judged, asked))


def _sets(register: Register, dialect: str) -> Mapping[str, str] | None:
    """The columns of a consent that change with its end, as they are then; None where days of other rows change too."""
    spread = marks(register, dialect)
    if KIND in spread.spreading or any(each.kind == KIND for each in spread.held):
        return None
    row = register.sa(KIND)
    sets = {END: AT}
    for column, value in own_days(register, KIND).items():
        if any(kind != KIND for kind, _ in reads(value)):
            return None
        sets[column] = render(with_cells(value, row, {END: AT}), dialect)
    return sets


def with_cells(value: Sql, row: sa.TableClause, cells: Mapping[str, str]) -> Sql:
    """A value computed from a row, as it will be once it has these cells, each a text of SQL."""
    then = {row.c[name]: sa.literal_column(text, row.c[name].type) for name, text in cells.items()}

    def swap(element: Any, **_: Any) -> Any:
        return then.get(element) if is_cell(element) else None

    replaced: Sql = visitors.replacement_traverse(value, {}, swap)
    return replaced


def lost(register: Register, purpose: str) -> tuple[int, ...]:
    number, bit = register.bit(purpose)
    return tuple(bit if number == each else 0 for each in range(register.mask_count))


def _bits(register: Register, purpose: str) -> Bits:
    """The columns of the subject that change, as (what they are then, the bit that goes); none where its word is not
    what the purpose rests on."""
    found = register.purposes[purpose]
    if found.basis != "consent" or purpose_always_says_yes(found):
        return {}
    number, bit = register.bit(purpose)
    return {name: (f'"{name}" & {~bit}', bit) for name in (f"sys_need_{number}", f"sys_use_{number}")}


def differ(bits: Bits) -> str:
    return " OR ".join(f'"{name}" & {bit} <> 0' for name, (_, bit) in bits.items())


def _steps(
    subject: str,
    which: str,
    sets: Mapping[str, str],
    bits: Bits,
    judged: str,
    asked: list[str],
) -> Withdrawal:
    changed = ", ".join(f'"{name}" = {value}' for name, value in sets.items())
    parts = [judged.replace("/*ids*/", "SELECT value FROM json_each(:ids)"), *asked]
    return Withdrawal(
        facts=f'SELECT {FACTS}, (SELECT id FROM "{subject}" WHERE id = :subject)',
        end=f"UPDATE {KIND} SET {changed} WHERE {which} RETURNING id",
        bits=clearing(subject, bits),
        follows=f"SELECT {' OR '.join(f'EXISTS ({part})' for part in parts)}",
    )


def _whole(
    register: Register,
    subject: str,
    which: str,
    sets: Mapping[str, str],
    bits: Bits,
    judged: str,
    asked: list[str],
) -> str:
    """One statement sees what was there when it began, also where it waits. So it writes only if the journal has not
    gone on since; the head of the journal, once held, lets nobody else write before it ends.

    Rows as they are to be stand in front of those there are, under their names, for whatever is asked of them.
    """
    names = [column.name for column in register.sa(KIND).c]
    said = ", ".join(f'{sets[name]} AS "{name}"' if name in sets else f'"{name}"' for name in names)
    then = as_then(register, subject, bits)
    stays = [
        f"NOT EXISTS (WITH {KIND} AS (SELECT * FROM said), {then} {judged.replace('/*ids*/', 'SELECT id FROM said')})",
        *nothing_goes(subject, then, bits, asked),
    ]
    changed = ", ".join(f'"{name}" = said."{name}"' for name in sets)
    return f"""WITH {held(subject, which)},
 said AS MATERIALIZED (SELECT {said} FROM {KIND} WHERE {which}),
 {going(subject, stays)},
 ended AS (UPDATE {KIND} SET {changed} FROM said, go WHERE {KIND}.id = said.id RETURNING {KIND}.id){
        cleared(subject, bits)
    },
 noted AS (INSERT INTO sys_ledger (kind, row, gone, at) SELECT '{KIND}', id, 0, {AT} FROM ended ORDER BY id),
 {entered(subject)}
 SELECT (SELECT count(*) FROM ended) FROM entry"""


def held(subject: str, which: str = "") -> str:
    """The gate, the rows that change and the head of the journal, held; and what is known when the statement begins.

    ``which``: the consents that end. Whoever writes otherwise has the head and may come to these rows. So the head is
    not waited for while rows are held: whoever finds it taken gives no row, and the operation runs whole.
    """
    row = f'SELECT id FROM "{subject}" WHERE id = {SUBJECT}'
    taken = [row, *([f"SELECT id FROM {KIND} WHERE {which} ORDER BY id"] if which else [])]
    rows = "".join(f", r{n} AS MATERIALIZED ({sql} FOR NO KEY UPDATE)" for n, sql in enumerate(taken))
    all_rows = " + ".join(f"(SELECT count(*) FROM r{n})" for n in range(len(taken)))
    return f"""gate AS MATERIALIZED (SELECT pg_try_advisory_xact_lock_shared(CAST(:gate AS bigint)) AS open){rows},
 taken AS MATERIALIZED (SELECT gate.open, {all_rows} AS rows FROM gate),
 head AS MATERIALIZED (SELECT h.seq, h.hash FROM taken, journal_head h
  WHERE taken.open AND taken.rows >= 0 AND h.id = 1 FOR UPDATE OF h SKIP LOCKED),
 facts AS MATERIALIZED (SELECT {FACTS}, (SELECT seq FROM journal_head WHERE id = 1) AS seq)"""


def going(subject: str, conditions: Sequence[str], *, beside: str = "", before: str = BEFORE) -> str:
    """Number and hash of the entry of the journal, or no row where nothing is to be written.

    ``before``: the text that is hashed up to the hash of the entry before; ``beside``: what else is read for it.
    """
    return f"""go AS MATERIALIZED (SELECT head.seq + 1 AS seq, encode(sha256(convert_to({before}
  || head.hash || CAST(:between AS text) || (head.seq + 1) || CAST(:after AS text), 'UTF8')), 'hex') AS hash
  FROM head, facts{beside} WHERE head.seq = facts.seq
  AND facts.digest = CAST(:digest AS text) AND facts.today = CAST(:day AS text)
  AND EXISTS (SELECT 1 FROM "{subject}" WHERE id = {SUBJECT}) AND {" AND ".join(conditions)})"""


def entered(subject: str) -> str:
    """The entry of the journal about a subject, written, and its head."""
    return entry_of(SUBJECT if subject == PERSON else "NULL", "CAST(:persons AS text)")


def entry_of(person: str, persons: str) -> str:
    """The entry of the journal, written, and its head; about a person or nobody, and that as the list it is kept as."""
    return f"""entry AS (INSERT INTO journal (seq, at, actor, lens, verb, kind, person, persons, items, count, outcome,
  note, hash) SELECT seq, {AT}, CAST(:actor AS text), CAST(:lens AS text), CAST(:verb AS text), CAST(:kind AS text),
  {person}, {persons}, CAST(:items AS text), CAST(:count AS bigint), CAST(:outcome AS text),
  CAST(:note AS text), hash FROM go RETURNING seq, hash),
 ahead AS (UPDATE journal_head SET seq = entry.seq, hash = entry.hash FROM entry WHERE id = 1)"""


def as_then(register: Register, subject: str, bits: Bits) -> str:
    """The subject's row with its bits as they are to be, in front of the table, with all others."""
    own = [f'"{column.name}"' for column in register.sa(subject).c if column.name not in bits]
    own += [f'CASE WHEN id = {SUBJECT} THEN {then} ELSE "{name}" END AS "{name}"' for name, (then, _) in bits.items()]
    return f'"{subject}" AS NOT MATERIALIZED (SELECT {", ".join(own)} FROM "{subject}")'


def nothing_goes(subject: str, then: str, bits: Bits, asked: Sequence[str]) -> list[str]:
    """That nothing is held by the bits alone which go, if they were there."""
    if not asked:
        return []
    nothing = " AND ".join(f"NOT EXISTS (WITH {then} {sql})" for sql in asked)
    return [f'(NOT (SELECT {differ(bits)} FROM "{subject}" WHERE id = {SUBJECT}) OR {nothing})']


def cleared(subject: str, bits: Bits) -> str:
    """The bits, written where they differ."""
    if not bits:
        return ""
    values = ", ".join(f'"{name}" = {value}' for name, (value, _) in bits.items())
    return f', cleared AS (UPDATE "{subject}" SET {values} FROM go WHERE id = {SUBJECT} AND ({differ(bits)}))'


def clearing(subject: str, bits: Bits) -> str:
    """The same as a statement of its own."""
    if not bits:
        return ""
    values = ", ".join(f'"{name}" = {value}' for name, (value, _) in bits.items())
    return f'UPDATE "{subject}" SET {values} WHERE id = :subject AND ({differ(bits)})'


def as_text(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"

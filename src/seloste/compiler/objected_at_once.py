"""An objection to marketing in as few statements as an engine takes, as ``compiler.at_once`` has a withdrawal.

It is upheld as it is raised, and is a ban on that marketing by every channel. So the purpose loses its yes, or at least
its use, and no other bit changes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from seloste.catalogue.model import PERSON
from seloste.compiler.at_once import (
    AT,
    FACTS,
    SUBJECT,
    Bits,
    as_text,
    as_then,
    cleared,
    clearing,
    entered,
    going,
    held,
    lost,
    nothing_goes,
    with_cells,
)
from seloste.compiler.judge import judgements
from seloste.compiler.lower import purpose_always_says_yes
from seloste.compiler.marks import marks, own_days, reads
from seloste.compiler.register import Register
from seloste.compiler.views import render
from seloste.compiler.word import probes, reached

RAISED, BAN, PRINTS = "objection", "ban", "fingerprints"
KEYS = "jsonb_to_recordset(CAST(:keys AS jsonb)) AS k (key text, kind text, item text)"
"""The search keys of what is written, as JSON."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Fixed texts with ``:subject``, ``:at``, ``:day`` and ``:prints``, the hashes of the addresses as JSON or empty.

    ``cells`` gives the person's addresses. ``whole`` is all of it in one statement, on PostgreSQL; it takes the
    addresses as ``:address0`` and so on (empty where there is none), ``:keys`` and the cells of the journal's entry
    besides, and gives the id of the objection, or no row when it wrote nothing. On SQLite it is empty and there are:
    ``facts`` (digest, day, id, whether somebody's words stand in the way, then the addresses), ``known`` (whether any
    of the hashes in ``:keys`` is one of a ban), ``insert`` of objection and ban, ``bits``, and ``follows`` for
    ``:raised`` and ``:banned``.
    """

    cells: str
    whole: str = ""
    facts: str = ""
    known: str = ""
    insert: tuple[str, str] = ("", "")
    bits: str = ""
    follows: str = ""


def objection(register: Register, purpose: str, addresses: tuple[str, ...], dialect: str) -> Objection | None:
    """The texts for a purpose; None where more may follow than they do. ``addresses``: those that a ban remembers."""
    return register.once(
        ("objection at once", purpose, addresses, dialect), lambda: _made(register, purpose, addresses, dialect)
    )


def _made(register: Register, purpose: str, addresses: tuple[str, ...], dialect: str) -> Objection | None:
    if register.agreed:
        return None  # As of a withdrawal: a row that is agreed to apart also ends by an objection.
    given: Mapping[str, Mapping[str, str]] = {
        RAISED: {"purpose": as_text(purpose), "state": "'upheld'", "raised_at": AT, "decided_at": AT},
        BAN: {"channel": "'all'", "purpose": as_text(purpose), "set_at": AT},
    }
    prints = {PRINTS: "nullif(CAST(:prints AS text), '')"} if addresses else {}
    rows = {}
    for kind, cells in given.items():
        always = {PERSON: SUBJECT, "sys_source": "'subject'", "sys_recorded_at": AT}
        found = _row(register, kind, {**cells, **always, **(prints if kind == BAN else {})}, dialect)
        if found is None:
            return None
        rows[kind] = found
    bits = _bits(register, purpose)
    asked = [each.sql for each in reached(probes(register, PERSON, dialect), lost(register, purpose)).values()]
    if any(re.search(rf"\b({RAISED}|{BAN})\b", sql) for sql in asked):
        return None
    asked = asked if f"sys_need_{register.bit(purpose)[0]}" in bits else []
    chosen = "".join(f', "{name}"' for name in addresses)
    cells_ = f'SELECT id{chosen} FROM "{PERSON}" WHERE id = {SUBJECT}'
    spoken = f"EXISTS (SELECT 1 FROM {BAN} WHERE {PERSON} = {SUBJECT} AND lifted_at IS NULL)"
    if register.purposes[purpose].basis == "consent":
        # A yes that is given after the no is a yes.
        spoken += (
            f" OR EXISTS (SELECT 1 FROM permission WHERE {PERSON} = {SUBJECT} AND purpose = {as_text(purpose)}"
            f" AND withdrawn_at IS NULL AND given_at > {AT})"
        )
    judged = {kind: judgements(register, dialect)[kind].sql for kind in rows}
    if dialect == "sqlite":
        parts = [
            judged[RAISED].replace("/*ids*/", ":raised"), judged[BAN].replace("/*ids*/", ":banned"), *asked
        ]  # fmt: skip
        return Objection(
            cells=cells_,
            facts=f'SELECT {FACTS}, p.id, {spoken}{chosen} FROM "{PERSON}" AS p WHERE p.id = :subject',
            known=f"SELECT EXISTS (SELECT 1 FROM sys_find WHERE kind = '{BAN}' AND item = '{PRINTS}'"
            " AND key IN (SELECT value FROM json_each(:keys)))",
            insert=(_insert(RAISED, rows[RAISED]), _insert(BAN, rows[BAN])),
            bits=clearing(PERSON, bits),
            follows=f"SELECT {' OR '.join(f'EXISTS ({part})' for part in parts)}",
        )
    return Objection(cells=cells_, whole=_whole(register, rows, bits, judged, asked, addresses, spoken))


def _row(register: Register, kind: str, cells: Mapping[str, str], dialect: str) -> Mapping[str, str] | None:
    """All cells of a new row, as texts of SQL; None where days of other rows change with it, or a column is not there.

    Its id is none that there is.
    """
    table, spread = register.tables.get(kind), marks(register, dialect)
    if table is None or kind in spread.spreading or any(each.kind == kind for each in spread.held):
        return None
    row = register.sa(kind)
    if any(name not in row.c for name in cells):
        return None
    every = {**dict.fromkeys(row.c.keys(), "NULL"), **cells, "id": "-1"}
    for column, value in own_days(register, kind).items():
        if any(of != kind for of, _ in reads(value)):
            return None
        every[column] = render(with_cells(value, row, every), dialect)
    return {name: render(sa.cast(sa.literal_column(text), row.c[name].type), dialect) for name, text in every.items()}


def _bits(register: Register, purpose: str) -> Bits:
    """The ban ends the use; need ends where it rests on a word."""
    number, bit = register.bit(purpose)
    ends = ["need", "use"] if not purpose_always_says_yes(register.purposes[purpose]) else ["use"]
    return {f"sys_{each}_{number}": (f'"sys_{each}_{number}" & {~bit}', bit) for each in ends}


def _insert(kind: str, row: Mapping[str, str], of: str = "") -> str:
    names = [name for name in row if name != "id"]
    listed = ", ".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{kind}" ({listed}) SELECT {", ".join(row[name] for name in names)}{of} RETURNING id'


def _whole(
    register: Register,
    rows: Mapping[str, Mapping[str, str]],
    bits: Bits,
    judged: Mapping[str, str],
    asked: Sequence[str],
    addresses: Sequence[str],
    spoken: str,
) -> str:
    then = as_then(register, PERSON, bits)
    stays = [f"NOT ({spoken})"]
    for kind, row in rows.items():
        there = ", ".join(f'{cell} AS "{name}"' for name, cell in row.items())
        sql = judged[kind].replace("/*ids*/", "-1")
        stays.append(f'NOT EXISTS (WITH "{kind}" AS (SELECT {there}), {then} {sql})')
    if addresses:
        same = " AND ".join(
            f"coalesce(\"{name}\", '') = CAST(:address{number} AS text)" for number, name in enumerate(addresses)
        )
        stays.append(f'(SELECT {same} FROM "{PERSON}" WHERE id = {SUBJECT})')
        stays.append(
            f"NOT EXISTS (SELECT 1 FROM sys_find f WHERE f.kind = '{BAN}' AND f.item = '{PRINTS}'"
            f" AND f.key IN (SELECT k.key FROM {KEYS} WHERE k.item = '{PRINTS}'))"
        )
    stays += nothing_goes(PERSON, then, bits, asked)
    return f"""WITH {held(PERSON)},
 {going(PERSON, stays)},
 raised AS ({_insert(RAISED, rows[RAISED], " FROM go")}),
 banned AS ({_insert(BAN, rows[BAN], " FROM go")}),
 found AS (INSERT INTO sys_find (key, kind, row, item)
  SELECT k.key, k.kind, CASE k.kind WHEN '{BAN}' THEN banned.id ELSE raised.id END, k.item FROM raised, banned, {KEYS}),
 noted AS (INSERT INTO sys_ledger (kind, row, gone, at)
  SELECT '{RAISED}', id, 0, {AT} FROM raised UNION ALL SELECT '{BAN}', id, 0, {AT} FROM banned){cleared(PERSON, bits)},
 {entered(PERSON)}
 SELECT raised.id FROM raised, entry"""

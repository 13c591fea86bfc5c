"""Changed cells on which nothing else rests, in as few statements as an engine takes, as ``compiler.at_once`` has a no.

A cell from which nothing is derived changes alone: the row, by what it is found, where the change came from, journal.
Whether it may be changed is asked by the very statement that says so otherwise (``compiler.judge``): it may where
somebody needs it as it is. Of all else the operation that runs whole decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seloste.compiler.at_once import AT, BEFORE, FACTS, SUBJECT, as_text, entry_of, going, held
from seloste.compiler.judge import judgements
from seloste.compiler.register import Register
from seloste.compiler.whose import whose

MOST_GROUPS = 60
"""Groups of columns ruled alike that one number holds a bit for."""
TYPES = {"text": "text", "integer": "bigint", "real": "double precision"}
OWN_NAMES = frozenset(
    (
        "gate",
        "r0",
        "taken",
        "head",
        "facts",
        "given",
        "needed",
        "whose",
        "about",
        "go",
        "source",
        "changed",
        "entry",
        "ahead",
    )
)
"""What the parts of the statements are called; a kind of such a name is changed as ever."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Fixed texts of one kind with ``:subject``, the row's id. ``bits``: by item that of its group, ruled alike.

    ``whole`` is all of it in one statement, on PostgreSQL, with ``:cells`` (new cells by item, as JSON), ``:keys``
    (item and key of all by which they are found), ``:groups`` (the bits of their groups), ``:source`` and ``:at``. It
    takes the cells of the journal's entry besides, and gives its number, or no row when it wrote nothing. On SQLite it
    is empty and there is ``facts``: digest, day, the bits of groups that nobody needs, how many persons the row is
    about and one of them; no row when there is no such row.
    """

    bits: Mapping[str, int]
    whole: str = ""
    facts: str = ""


def correction(register: Register, kind: str, names: tuple[str, ...], dialect: str) -> Correction | None:
    """The texts for a kind, of which only cells of ``names`` are changed so; None where that cannot be."""
    return register.once(("correction", kind, names, dialect), lambda: _made(register, kind, names, dialect))


def _made(register: Register, kind: str, names: tuple[str, ...], dialect: str) -> Correction | None:
    judgement = judgements(register, dialect)[kind]
    if not names or len(judgement.groups) > MOST_GROUPS or OWN_NAMES & set(register.tables):
        return None
    bits = {name: 1 << number for number, group in enumerate(judgement.groups) for name in group if name in names}
    flags = [f"g{number}" for number in range(len(judgement.groups))]
    answers = ["id", *flags, *(f"p{number}" for number in range(len(judgement.pointers)))]
    unneeded = " + ".join(f"{1 << number} * {flag}" for number, flag in enumerate(flags))
    parts = [f"{sql} WHERE t0.id = {SUBJECT}" for sql in whose(register, kind)] or ["SELECT NULL WHERE 1 = 0"]
    asked = f"needed ({', '.join(answers)}) AS MATERIALIZED ({judgement.needs.replace('/*ids*/', SUBJECT)})"
    theirs = f"whose (person) AS MATERIALIZED ({' UNION '.join(parts)})"
    if dialect == "sqlite":
        about = "(SELECT count(person) FROM whose), (SELECT max(person) FROM whose)"
        return Correction(bits, facts=f"WITH {asked}, {theirs} SELECT {FACTS}, {unneeded}, {about} FROM needed")
    return Correction(bits, whole=_whole(register, kind, names, asked, theirs, unneeded))


def _whole(register: Register, kind: str, names: Sequence[str], asked: str, theirs: str, unneeded: str) -> str:
    """As of a withdrawal: it writes only if nobody has written since it began to look."""
    sets = []
    for name in names:
        column = register.tables[kind].column(name)
        assert column is not None, name
        cell = f"CAST(given.cells ->> {as_text(name)} AS {TYPES[column.storage]})"
        sets.append(f'"{name}" = CASE WHEN given.cells ? {as_text(name)} THEN {cell} ELSE "{kind}"."{name}" END')
    listed = "'[' || coalesce(about.person::text, '') || ']'"
    needed = f"EXISTS (SELECT 1 FROM needed WHERE ({unneeded}) & CAST(:groups AS bigint) = 0)"
    decided = going(
        kind,
        ["about.persons <= 1", needed],
        beside=", about",
        before=f"""{BEFORE} || {listed} || ',"previous":"'""",
    )
    return f"""WITH {held(kind)},
 given AS MATERIALIZED (SELECT CAST(:cells AS jsonb) AS cells),
 {asked}, {theirs},
 about AS MATERIALIZED (SELECT count(person) AS persons, max(person)::bigint AS person FROM whose),
 {decided},
 changed AS (UPDATE "{kind}" SET {", ".join(sets)} FROM go, given WHERE "{kind}".id = {SUBJECT}),
 k AS MATERIALIZED (SELECT k.item, k.key FROM jsonb_to_recordset(CAST(:keys AS jsonb)) AS k (item text, key text)),
 lost AS (DELETE FROM sys_find f USING go, given WHERE f.kind = {as_text(kind)} AND f.row = {SUBJECT}
  AND given.cells ? f.item AND NOT EXISTS (SELECT 1 FROM k WHERE k.item = f.item AND k.key = f.key)),
 found AS (INSERT INTO sys_find (key, kind, row, item) SELECT k.key, {as_text(kind)}, {SUBJECT}, k.item FROM go, k
  WHERE NOT EXISTS (SELECT 1 FROM sys_find f WHERE f.kind = {as_text(kind)} AND f.row = {SUBJECT}
   AND f.item = k.item AND f.key = k.key)),
 source AS (INSERT INTO sys_cell_source (kind, row, item, source, at)
  SELECT {as_text(kind)}, {SUBJECT}, item, CAST(:source AS text), {AT}
  FROM go, given, jsonb_object_keys(given.cells) AS item
  ON CONFLICT (row, kind, item) DO UPDATE SET source = excluded.source, at = excluded.at),
 {entry_of("(SELECT person FROM about)", f"(SELECT {listed} FROM about)")}
 SELECT seq FROM entry"""

"""The sweep of some subjects within an operation: all of theirs is judged together, and goes together.

Rounds as of the sweep that looks at rows of one kind (``store.sweep``): whatever nobody needs goes, what hangs on it is
brought up to date, and all is judged again until nothing goes. The last round says of what stays why it does.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from seloste.catalogue.model import PERSON
from seloste.compiler.register import BITS, Register
from seloste.compiler.sweep import among_ids, sweep
from seloste.compiler.sweep_whole import HEAD, whole
from seloste.store import due, ledger
from seloste.store.bans import remember
from seloste.store.due import AtOnce, ids_value
from seloste.store.engine import Connection, quote
from seloste.store.sweep import Found, Judged, Swept, chunk, empty, lets_go, settle
from seloste.store.values import is_searched
from seloste.store.work import Work


@dataclass(frozen=True, slots=True)
class _Changed:
    """What else may be answered of other rows now: kinds of which rows went, and cells, (kind, column)."""

    kinds: frozenset[str]
    cells: frozenset[tuple[str, str]]

    def leaves(self, judged: Mapping[str, Judged]) -> dict[str, Judged]:
        """Those that hang on nothing of it."""
        return {
            kind: each
            for kind, each in judged.items()
            if self.kinds.isdisjoint(each.of.kinds) and self.cells.isdisjoint(each.of.reads)
        }


@dataclass(slots=True)
class _Round:
    """What goes in a round, by kind."""

    deleted: dict[str, set[int]] = field(default_factory=dict)
    bare: dict[str, set[int]] = field(default_factory=dict)
    went: bool = False
    changed: _Changed | None = None
    """None: more than is told apart."""


def sweep_whole(work: Work, begin: Mapping[str, set[int]]) -> Swept:
    """Sweep rows and everything that refers to them. Bits and derived days are up to date before and after."""
    conn = work.conn
    rows = referring(conn, work.register, begin)
    swept, outside = Swept(), AtOnce()
    for kind, ids in rows.items():
        swept.stayed[kind] |= ids
    bare = _rounds(work, rows, swept, outside)
    while _look_outside(work, outside, swept):
        # What went there may have let go something of theirs.
        bare = _rounds(work, rows, swept, outside)
    if bare:
        due.create(conn)
        due.put(conn, due.BARE, bare, due.ALONE)
        for kind, ids in bare.items():
            swept.bare[kind] |= ids
    return swept


def referring(conn: Connection, register: Register, begin: Mapping[str, set[int]]) -> dict[str, set[int]]:
    """Rows with all that refers to them, and all that refers to that."""
    found: dict[str, set[int]] = {}
    new = {kind: set(ids) for kind, ids in begin.items()}
    while new:
        for kind, ids in new.items():
            found.setdefault(kind, set()).update(ids)
        pointing = due.pointing_rows(conn, register, new)
        new = {kind: more for kind, ids in pointing.items() if (more := ids - found.get(kind, set()))}
    return found


def _rounds(work: Work, rows: dict[str, set[int]], swept: Swept, outside: AtOnce) -> Mapping[str, set[int]]:
    """Judge and remove until nothing goes; by kind the rows that stay though nobody needs them."""
    known: Mapping[str, Judged] = {}
    while True:
        judged = swept.judged = _judged(work.conn, work.register, rows, known)
        swept.looked += sum(len(each.rows) for each in judged.values())
        found = _remove(work, judged, swept, outside)
        if not found.went:
            return found.bare
        for kind, ids in found.deleted.items():
            rows[kind].difference_update(ids)
        # What hangs on nothing that has changed would be answered as before.
        known = found.changed.leaves(judged) if found.changed is not None else {}


def _look_outside(work: Work, outside: AtOnce, swept: Swept) -> bool:
    """Look at what they pointed at that is not theirs; whether anything of it went."""
    went = False
    while (found := chunk(work, outside)) is not None:
        swept.add(found)
        went |= bool(found.rows or found.emptied)
    return went


# --- judging ----------------------------------------------------------------------------------------------------------


def _judged(
    conn: Connection, register: Register, rows: Mapping[str, set[int]], known: Mapping[str, Judged]
) -> dict[str, Judged]:
    """What is said of each row, kinds that point before those pointed at; of ``known`` kinds it is what was said."""
    order = [kind for kind in sweep(register, conn.dialect).kinds if rows.get(kind)]
    kinds = [whole(register, kind, conn.dialect) for kind in order if kind not in known]
    asked = [(of.sql, {"ids": ids_value(conn, sorted(rows[of.of.kind]))}) for of in kinds]
    answers = dict(zip((of.of.kind for of in kinds), zip(kinds, conn.ask(asked), strict=True), strict=True))
    found = {}
    for kind in order:
        if kind in known:
            found[kind] = known[kind]
            continue
        of, answered = answers[kind]
        judged = found[kind] = Judged(of)
        if of.flags == 1:
            judged.rows.update([(row[0], (row, row[HEAD])) for row in answered])
            continue
        several = range(1, of.flags)
        for row in answered:
            flags = row[HEAD]
            for place in several:
                flags |= row[HEAD + place] << (BITS * place)
            judged.rows[row[0]] = row, flags
    return found


def _remove(work: Work, judged: Mapping[str, Judged], swept: Swept, outside: AtOnce) -> _Round:
    """Remove what nobody needs, kinds that point before those pointed at, and bring up to date what hangs on it: a row
    stays while one that stays points at it, or a running matter counts from it."""
    conn, register = work.conn, work.register
    found, made, pointed = _Round(), Found(), _circles(judged)
    for kind, each in judged.items():
        going = _going(conn, each, pointed[kind])
        parts = _parts(each, going, found, pointed)
        if kind == PERSON and (losing := sorted(going.union(*parts.values()))):
            # Before addresses go, the hashes of those who are banned are kept.
            remember(work, losing)
        if going:
            made.deleted[kind] = found.deleted[kind] = going
            made.rows[kind] += len(going)
            _gone(register, each, sorted(going), None, made)
            _delete(conn, kind, sorted(going))
        for columns, ids in parts.items():
            made.emptied[kind] += len(ids)
            _gone(register, each, ids, columns, made)
            empty(conn, register, kind, columns, ids)
    found.went = bool(made.rows or made.emptied)
    if found.went:
        found.changed = _follow(work, made, judged, swept, outside)
    return found


def _delete(conn: Connection, kind: str, ids: Sequence[int]) -> None:
    if len(ids) == 1:
        conn.send(f"DELETE FROM {quote(kind)} WHERE id = :id", {"id": ids[0]})
        return
    conn.send(f"DELETE FROM {quote(kind)} WHERE {among_ids('id', conn.dialect)}", {"ids": ids_value(conn, ids)})


def _going(conn: Connection, judged: Judged, pointed: Collection[int]) -> set[int]:
    """The rows of a kind that go whole."""
    of = judged.of
    going = {number for number, (_, flags) in judged.rows.items() if of.verdict(flags).whole and number not in pointed}
    if of.counts and (counted := sorted(each for each in going if judged.rows[each][1] & of.counts)):
        # What a matter counts from may be another row now that those before are gone.
        free = {int(row[0]) for row in conn.execute(of.of.free, {"ids": ids_value(conn, counted)})}
        going -= set(counted) - free
    return going


def _parts(
    judged: Judged, going: Collection[int], found: _Round, pointed: Mapping[str, set[int]]
) -> dict[tuple[str, ...], list[int]]:
    """By the columns that are emptied the rows of a kind that stay; and what those that stay point at."""
    parts: dict[tuple[str, ...], list[int]] = {}
    of = judged.of
    for number, (row, flags) in judged.rows.items():
        if number in going:
            continue
        told = of.verdict(flags)
        if told.whole:
            found.bare.setdefault(of.of.kind, set()).add(number)
        if told.goes:
            parts.setdefault(told.goes, []).append(number)
        for column, place in of.pointers:
            if row[place] is not None and column.name not in told.goes:
                pointed[str(column.target)].add(row[place])
    return parts


def _circles(judged: Mapping[str, Judged]) -> dict[str, set[int]]:
    """Rows that others point at which are decided later, or in the same moment: another round will see of them."""
    found: dict[str, set[int]] = defaultdict(set)
    order = {kind: place for place, kind in enumerate(judged)}
    for kind, each in judged.items():
        for column, place in each.of.pointers:
            if order.get(str(column.target), len(order)) <= order[kind]:
                found[str(column.target)].update(row[place] for row, _ in each.rows.values())
    return found


def _gone(register: Register, judged: Judged, ids: Sequence[int], columns: Sequence[str] | None, found: Found) -> None:
    """Count the filled cells that go of rows, all or some, and note what they point at no more."""
    of, rows = judged.of, [judged.rows[number] for number in ids]
    for _, flags in rows:
        for name in of.verdict(flags).filled:
            if columns is None or name in columns:
                found.gone[of.of.kind, name] += 1
    pointers = of.pointers
    if columns is not None:
        # What one pointer holds may hang on where another leads, so both are looked at.
        some = any(column.name in columns for column, _ in pointers)
        pointers = tuple(
            each for each in pointers if some and (each[0].name in columns or each[0].name in of.of.settles)
        )
    for column, place in pointers:
        if targets := {row[place] for row, _ in rows} - {None}:
            lets_go(register, of.of, column, targets, found)


def _follow(work: Work, found: Found, judged: Mapping[str, Judged], swept: Swept, outside: AtOnce) -> _Changed | None:
    """Write down what went, and bring derived days up to date. What refers to the same is judged again anyway; what it
    pointed at beside is put among what is to be looked at."""
    conn, register = work.conn, work.register
    searched = register.once(("searched",), lambda: _searched(register))
    _forget(conn, "sys_find", {kind: ids for kind, ids in found.deleted.items() if kind in searched})
    _forget(conn, "sys_cell_source", found.deleted)
    ledger.note_gone_of(conn, found.deleted, work.now)
    swept.add(found)
    inside = {kind: each.rows.keys() for kind, each in judged.items()}
    nothing: set[int] = set()
    for kind, ids in found.deleted.items():
        swept.stayed[kind] -= ids
    for subject, owners in found.said.items():
        # Their event went, so what they say is computed again without it.
        work.touch_bits(subject, owners)
    for rows in (found.loosened, found.freed):
        outside.put({kind: ids - inside.get(kind, nothing) for kind, ids in rows.items()}, due.FOLLOWS)
    others = {}
    for kind, ids in found.settles.items():
        if theirs := (ids & inside.get(kind, nothing)) - found.deleted.get(kind, nothing):
            work.touch(kind, theirs)
        if beside := ids - inside.get(kind, nothing):
            others[kind] = beside
    if found.settles or found.said:
        for kind, days in settle(work, others).items():
            outside.put_fallen(conn, register, kind, days)
    if found.said or work.written:
        return None
    return _Changed(frozenset(found.deleted), frozenset(_cells(work, found)))


def _cells(work: Work, found: Found) -> Iterator[tuple[str, str]]:
    """Cells that may be others now: those emptied, and days that hang on what went."""
    for kind, name in found.gone:
        yield kind, name
    touched, marks = set(found.settles), work.statements.marks
    for each in (*marks.to_matters, *marks.to_pointing, *marks.to_held):
        if each.kind in touched:
            touched.add(each.adds)
    for kind in touched:
        for column in work.register.tables[kind].of_role("until"):
            yield kind, column.name


def _searched(register: Register) -> frozenset[str]:
    """The kinds of which rows are found by anything."""
    return frozenset(
        kind for kind, table in register.tables.items() if any(map(is_searched, table.kind.items.values()))
    )


def _forget(conn: Connection, table: str, rows: Mapping[str, set[int]]) -> None:
    """Remove what stands beside rows that go, of all kinds at once."""
    if not rows:
        return
    if conn.dialect == "sqlite":
        # The rows are named first, so that each is looked up by index.
        named = "json_each(:rows) AS k CROSS JOIN json_each(k.value) AS r"
        beside = f"SELECT b.rowid FROM {named} CROSS JOIN {table} AS b ON b.kind = k.key AND b.row = r.value"
        params = {"rows": json.dumps({kind: sorted(ids) for kind, ids in rows.items()})}
        conn.send(f"DELETE FROM {table} WHERE rowid IN ({beside})", params)
        return
    pairs = [(kind, row) for kind, ids in rows.items() for row in sorted(ids)]
    conn.send(
        f"DELETE FROM {table} AS b USING unnest(:kinds::text[], :rows::bigint[]) AS r (kind, row)"
        " WHERE b.kind = r.kind AND b.row = r.row",
        {"kinds": [kind for kind, _ in pairs], "rows": [row for _, row in pairs]},
    )

"""Rows that are due to be looked at by the sweep, kept in the register so that a sweep that was ended goes on.

``run`` is that of the register's own sweep (DAILY). Under BARE stand rows that nobody needs and that stay because
something needed points at them: they are due when that goes. What a sweep inside an operation's transaction still has
to look at ends with it, whatever happens, and is kept in memory (:class:`AtOnce`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from seloste.compiler.register import Register
from seloste.compiler.sweep import among_ids
from seloste.compiler.sweep_hangs import NOTHING, hanging
from seloste.notice.ways import references
from seloste.store import bulk
from seloste.store.engine import Connection, has_table, one, quote

DUE = "sys_due"
DAILY, BARE = 0, 2

FOLLOWS = -1
"""It was pointed at by what went: it may go too, and nothing is said of it when it stays."""
ALONE = 0
WITH_ALL = 1
"""Everything that refers to it is due too."""
_NOW, _DONE = 2, 3

PART = 1000


def create(conn: Connection) -> None:
    """Make the tables when they are not there, in the caller's transaction."""
    if exists(conn):
        return
    if conn.dialect == "postgresql":
        # Two that sweep for the first time at once take turns; the second finds the tables there.
        conn.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.sys_due'))")
        if exists(conn):
            return
    number = "INTEGER" if conn.dialect == "sqlite" else "BIGINT"
    own = "INTEGER PRIMARY KEY" if conn.dialect == "sqlite" else "BIGSERIAL PRIMARY KEY"
    for statement in (
        f"CREATE TABLE {DUE} (run INTEGER NOT NULL, kind TEXT NOT NULL, row {number} NOT NULL,"
        " reach INTEGER NOT NULL, PRIMARY KEY (run, kind, row))",
        f"CREATE TABLE sys_sweep (id {own}, at TEXT NOT NULL, report TEXT NOT NULL)",
        "CREATE INDEX sys_cell_source_at ON sys_cell_source (at)",
    ):
        conn.execute(statement)


def exists(conn: Connection) -> bool:
    """Whether the tables of the sweep are there."""
    return has_table(conn, DUE)


def ids_value(conn: Connection, ids: Iterable[int]) -> str:
    """Ids as the statements of the compiler take them."""
    # As one text: PostgreSQL reads it far quicker than the driver makes an array of it.
    text = ",".join(map(str, ids))
    return f"[{text}]" if conn.dialect == "sqlite" else f"{{{text}}}"


def put(conn: Connection, run: int, rows: Mapping[str, Iterable[int]], reach: int) -> None:
    """Have rows looked at; one that is there already may only reach further."""
    named = [
        {"run": run, "kind": kind, "row": row, "reach": reach} for kind, found in rows.items() for row in sorted(found)
    ]
    columns = {"run": "integer", "kind": "text", "row": "integer", "reach": "integer"}
    for start in range(0, len(named), PART):
        bulk.insert(conn, DUE, columns, named[start : start + PART], skip_known=True)  # type: ignore[arg-type]
    if named and reach == WITH_ALL:
        conn.executemany(
            f"UPDATE {DUE} SET reach = :reach WHERE run = :run AND kind = :kind AND row = :row AND reach < :reach",
            named,
        )


def put_select(conn: Connection, run: int, kind: str, sql: str, reach: int, params: Mapping[str, Any]) -> int:
    """Have looked at whatever a SELECT of one column of ids gives. How many were new."""
    # SQLite takes the ON of ON CONFLICT for a join's unless the SELECT ends with a WHERE.
    text = (
        f"INSERT INTO {DUE} (run, kind, row, reach) SELECT {int(run)}, {as_text(kind)}, q.id, {int(reach)}"
        f" FROM (SELECT DISTINCT id FROM ({sql}) AS p) AS q WHERE q.id IS NOT NULL ON CONFLICT DO NOTHING"
    )
    return conn.execute(text, params).rowcount


def put_windows(conn: Connection, run: int, sql: str, reach: int, params: Mapping[str, Any]) -> None:
    """The same of a SELECT of (kind, id)."""
    conn.execute(
        f"INSERT INTO {DUE} (run, kind, row, reach) SELECT DISTINCT {int(run)}, q.kind, q.id, {int(reach)}"
        f" FROM ({sql}) AS q WHERE q.id IS NOT NULL ON CONFLICT DO NOTHING",
        params,
    )


def drop_gone(conn: Connection, run: int, kind: str) -> None:
    """Have rows that are not there any more looked at no more."""
    # Asked row by row: as a join PostgreSQL would read the whole kind where it last saw an empty one.
    there = f"SELECT x.id FROM {quote(kind)} x WHERE x.id = {DUE}.row"
    conn.execute(
        f"DELETE FROM {DUE} WHERE run = :run AND kind = :kind AND ({there}) IS NULL", {"run": run, "kind": kind}
    )


def counts(conn: Connection, run: int) -> dict[str, int]:
    """How many rows are due, by kind."""
    sql = f"SELECT kind, count(*) FROM {DUE} WHERE run = {int(run)} GROUP BY kind"
    return {str(kind): int(count) for kind, count in conn.execute(sql)}


def as_text(name: str) -> str:
    """A name the compiler made, as a constant of SQL."""
    return "'" + name.replace("'", "''") + "'"


def take(conn: Connection, run: int, kinds: Sequence[str], most: int) -> tuple[str, list[tuple[int, int]]] | None:
    """The next rows of one kind, (id, reach), kinds in the order given; None when nothing is due."""
    first = " ".join(
        f"WHEN EXISTS (SELECT 1 FROM {DUE} WHERE run = {int(run)} AND kind = {as_text(kind)}) THEN {place}"
        for place, kind in enumerate(kinds)
    )
    place = one(conn.execute(f"SELECT CASE {first} END"))[0] if kinds else None
    if place is None:
        return None
    kind = kinds[int(place)]
    rows = conn.execute(
        f"SELECT row, reach FROM {DUE} WHERE run = :run AND kind = :kind ORDER BY row LIMIT :most",
        {"run": run, "kind": kind, "most": most},
    ).all()
    conn.execute(
        f"DELETE FROM {DUE} WHERE run = :run AND kind = :kind AND row <= :top",
        {"run": run, "kind": kind, "top": rows[-1][0]},
    )
    return kind, [(int(row), int(reach)) for row, reach in rows]


def put_bare(conn: Connection, run: int, rows: Mapping[str, Iterable[int]]) -> None:
    """Have those rows looked at that nobody needed when they last were."""
    for kind, ids in rows.items():
        conn.execute(
            f"INSERT INTO {DUE} (run, kind, row, reach) SELECT {int(run)}, kind, row, {FOLLOWS} FROM {DUE}"
            f" WHERE run = {BARE} AND kind = :kind AND {among_ids('row', conn.dialect)} ON CONFLICT DO NOTHING",
            {"kind": kind, "ids": ids_value(conn, ids)},
        )


def left(conn: Connection, run: int) -> bool:
    """Whether anything is due."""
    return bool(one(conn.execute(f"SELECT count(*) FROM (SELECT 1 FROM {DUE} WHERE run = {int(run)} LIMIT 1) q"))[0])


def spread(conn: Connection, register: Register, run: int) -> None:
    """Make due whatever refers to rows that reach further, and what refers to that."""
    while conn.execute(
        f"UPDATE {DUE} SET reach = {_NOW} WHERE run = :run AND reach = {WITH_ALL}", {"run": run}
    ).rowcount:
        kinds = {
            str(kind)
            for (kind,) in conn.execute(
                f"SELECT DISTINCT kind FROM {DUE} WHERE run = :run AND reach = {_NOW}", {"run": run}
            )
        }
        for other, column, target in _pointing(register):
            if target in kinds:
                conn.execute(_spread_sql(other, column, target), {"run": run})
        conn.execute(f"UPDATE {DUE} SET reach = {_DONE} WHERE run = :run AND reach = {_NOW}", {"run": run})


class AtOnce:
    """What a sweep inside an operation's transaction still has to look at, beside what it judged together."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[int, int]] = {}
        self.settles: dict[str, set[int]] | None = None
        """By kind the rows of which derived days hang on what went since everything was up to date; None: nothing."""

    def put(self, rows: Mapping[str, Iterable[int]], reach: int) -> None:
        """Have rows looked at; one that is there already may only reach further."""
        for kind, ids in rows.items():
            known = self._rows.setdefault(kind, {})
            for row in ids:
                known[row] = max(reach, known.get(row, reach))

    def settle_later(self, follows: Mapping[str, set[int]]) -> None:
        """Rows went on which derived days of others hang."""
        self.settles = {} if self.settles is None else self.settles
        for kind, ids in follows.items():
            self.settles.setdefault(kind, set()).update(ids)

    def put_fallen(self, conn: Connection, register: Register, kind: str, days: Mapping[int, frozenset[str]]) -> None:
        """Have rows looked at of which derived days have passed, and whatever is judged by those days."""
        self.put({kind: days}, ALONE)
        found = [hanging(register).get((kind, day), NOTHING) for day in frozenset().union(*days.values())]
        wanted = {each for one in found for each in one.kinds}
        between = {each for one in found for each in one.between}
        at: dict[str, set[int]] = {kind: set(days)} if wanted else {}
        while at:
            pointing: dict[str, set[int]] = {}
            for target, ids in at.items():
                for other, rows in _pointing_rows(conn, register, target, ids).items():
                    pointing.setdefault(other, set()).update(rows)
            self.put({other: rows for other, rows in pointing.items() if other in wanted}, ALONE)
            at = {other: rows for other, rows in pointing.items() if other in between}
            between -= set(at)

    def take(self, kinds: Sequence[str], most: int) -> tuple[str, list[tuple[int, int]]] | None:
        """The next rows of one kind, as :func:`take` gives them."""
        for kind in kinds:
            if known := self._rows.get(kind):
                rows = sorted(known.items())[:most]
                for row, _ in rows:
                    del known[row]
                return kind, rows
        return None


def _pointing_rows(conn: Connection, register: Register, kind: str, ids: Iterable[int]) -> dict[str, set[int]]:
    """By kind all that points at some rows of a kind."""
    return pointing_rows(conn, register, {kind: ids})


def pointing_rows(conn: Connection, register: Register, rows: Mapping[str, Iterable[int]]) -> dict[str, set[int]]:
    """By kind all that points at some rows."""
    texts = register.once(("pointing at", conn.dialect), lambda: _pointing_at(register, conn.dialect))
    asked = []
    for kind in rows.keys() & texts.keys():
        ordered = sorted(rows[kind])
        parts = (ordered[start : start + PART] for start in range(0, len(ordered), PART))
        asked += [(texts[kind], {"ids": ids_value(conn, part)}) for part in parts]
    found: dict[str, set[int]] = {}
    for each in conn.ask(asked):
        for other, row in each:
            found.setdefault(other, set()).add(row)
    return found


def _pointing_at(register: Register, dialect: str) -> Mapping[str, str]:
    """For each kind that is pointed at, the SELECT of (kind, id) of all that points at some rows of it."""
    found: dict[str, list[str]] = {}
    for other, column, target in _pointing(register):
        # The list is read once, and each kind looked up in by what stands in it.
        which = f"FROM {quote(other)} AS t WHERE {among_ids('t.' + quote(column), dialect)}"
        if dialect == "sqlite":
            which = f"FROM given AS j CROSS JOIN {quote(other)} AS t ON t.{quote(column)} = j.value"
        found.setdefault(target, []).append(f"SELECT {as_text(other)} AS kind, t.id {which}")
    head = "WITH given AS MATERIALIZED (SELECT value FROM json_each(:ids)) " if dialect == "sqlite" else ""
    return {target: head + " UNION ALL ".join(parts) for target, parts in found.items()}


def _pointing(register: Register) -> Iterator[tuple[str, str, str]]:
    for other, table in register.tables.items():
        for reference in references(table.kind):
            if table.column(reference.column) is not None:
                yield other, reference.column, reference.target


def _spread_sql(other: str, column: str, target: str) -> str:
    return (
        f"INSERT INTO {DUE} (run, kind, row, reach) SELECT DISTINCT d.run, {as_text(other)}, x.id, {WITH_ALL}"
        f" FROM {DUE} d JOIN {quote(other)} x ON x.{quote(column)} = d.row"
        f" WHERE d.run = :run AND d.kind = {as_text(target)} AND d.reach = {_NOW}"
        f" ON CONFLICT (run, kind, row) DO UPDATE SET reach = {WITH_ALL} WHERE {DUE}.reach < {WITH_ALL}"
    )

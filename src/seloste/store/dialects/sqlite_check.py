"""Whether a lens on SQLite holds here: what must be refused is tried, since SQLite differs by its version."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from seloste.compiler.register import CompiledLens, Register
from seloste.store.dialects import sqlite_lens
from seloste.store.dialects.sqlite_lens import SqliteLens
from seloste.store.engine import quote


def findings(path: str, register: Register, lens: CompiledLens) -> Iterator[str]:
    """What a caller's statement could do that it must not, each in a sentence."""
    reader = SqliteLens(path, register, lens)
    raw = reader._open()
    try:
        for statement, told in attempts(register, lens):
            if _runs(raw, statement):
                yield f"Through {lens.key} a statement can {told}."
        for kind in lens.shows:
            name = quote(kind)
            if not _runs(raw, f"SELECT id FROM {name} WHERE id = 0"):
                yield f"Through {lens.key} records of {kind} cannot be read."
            if error := order_fault(raw, kind):
                yield f"Through {lens.key} {kind}: {error}"
        if any(raw.getlimit(limit) > most for limit, most in sqlite_lens.LIMITS.items()):
            yield "This SQLite does not take the limits of a lens."
        if raw.getlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH) >= sqlite_lens.INNER_LENGTH:
            yield "This SQLite takes statements that are longer than the names of the inner views."
    finally:
        raw.close()


def attempts(register: Register, lens: CompiledLens) -> Iterator[tuple[str, str]]:
    """Statements that must be refused, and what they would do."""
    for name in ("sqlite_master", "temp.sqlite_master", "sqlite_temp_master", "pragma_table_info('sys_meta')"):
        yield f"SELECT * FROM {name}", "read what tables there are"
    yield "SELECT * FROM sys_find", "read the search table"
    yield "PRAGMA query_only=OFF", "change how the connection works"
    yield "ATTACH ':memory:' AS other", "open another database"
    yield "CREATE TEMP TABLE sys_try (x)", "make a table"
    yield "SELECT load_extension('none')", "load code"
    for kind in register.tables:
        table = f"main.{quote(kind)}"
        yield f"SELECT * FROM {table}", f"read the table of {kind}"
        yield f"SELECT count(*) FROM {table}", f"count the table of {kind}"
        # Of no row: where the guard is gone, what tries it must not be what empties the table.
        yield f"DELETE FROM {table} WHERE 0", f"delete from the table of {kind}"
    for kind in lens.shows:
        name = quote(kind)
        yield f"WITH {name} AS (SELECT * FROM main.{name}) SELECT * FROM {name}", f"pass for the view of {kind}"


def order_fault(raw: sqlite3.Connection, kind: str) -> str | None:
    """Whether SQLite would read a row that is shown before it is judged, or not find one by its id."""
    plan = [str(row[3]) for row in raw.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {quote(kind)} WHERE id = 1")]
    places = {step.split()[1]: place for place, step in enumerate(plan) if step.startswith(("SCAN ", "SEARCH "))}
    first, last = min(places, key=places.__getitem__), max(places, key=places.__getitem__)
    if (first, last) != ("c", "shown") or any("BLOOM" in step or "AUTOMATIC" in step for step in plan):
        return "this SQLite reads rows in another order than the lens needs."
    if not all(step.startswith("SEARCH ") for step in plan[1:]):
        return "a record is not found by its id but by reading them all."
    return None


def _runs(raw: sqlite3.Connection, statement: str) -> bool:
    try:
        raw.execute(statement).fetchall()
    except (sqlite3.Error, sqlite3.Warning):
        return False
    return True

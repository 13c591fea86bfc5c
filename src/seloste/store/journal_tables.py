"""The tables of a register's journal and what guards them: the database itself refuses to change or remove an entry."""

from __future__ import annotations

from seloste.store.engine import Connection

FIRST_SEAL = "0" * 64
"""What stands before the first entry."""

BLOCK = 12
"""Entries of a person are found by blocks of 2 ** BLOCK numbers, see ``_TABLES``."""

_TABLES = (
    # The person of an entry about one person stands on the entry; longer lists have their rows in journal_person.
    # By person alone, each entry of a group would fall on another page of the index, and the pages are what a commit
    # costs. Within blocks of numbers the group falls on a few, and who asks about a person looks into each block.
    """CREATE TABLE journal (
      seq INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, lens TEXT NOT NULL, verb TEXT NOT NULL,
      kind TEXT NOT NULL, person INTEGER, persons TEXT NOT NULL, items TEXT NOT NULL, count INTEGER NOT NULL,
      outcome TEXT NOT NULL, note TEXT NOT NULL, hash TEXT NOT NULL)""",
    f"CREATE INDEX journal_of_person ON journal ((seq >> {BLOCK}), person) WHERE person IS NOT NULL",
    "CREATE INDEX journal_of_actor ON journal (actor, seq)",
    "CREATE INDEX journal_at ON journal (at)",
    "CREATE TABLE journal_person (person INTEGER NOT NULL, seq INTEGER NOT NULL)",
    f"CREATE UNIQUE INDEX journal_person_once ON journal_person ((seq >> {BLOCK}), person, seq)",
    "CREATE TABLE journal_head (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL)",
)

_REFUSED = "the journal is only added to"

_SQLITE_GUARDS = (
    *(
        f"""CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table}
        BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"""
        for table in ("journal", "journal_person")
        for deed in ("UPDATE", "DELETE")
    ),
    # INSERT OR REPLACE removes the old row without telling the DELETE trigger, so a number already sealed is refused.
    *(
        f"""CREATE TRIGGER {table}_only_new BEFORE INSERT ON {table}
        WHEN NEW.seq <= (SELECT seq FROM journal_head) BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"""
        for table in ("journal", "journal_person")
    ),
    f"""CREATE TRIGGER journal_head_stays BEFORE DELETE ON journal_head
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
    f"""CREATE TRIGGER journal_head_forward BEFORE UPDATE ON journal_head
    WHEN NEW.seq <= OLD.seq OR NEW.id <> OLD.id BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
    f"""CREATE TRIGGER journal_head_once BEFORE INSERT ON journal_head
    WHEN EXISTS (SELECT 1 FROM journal_head) BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
)

_POSTGRES_GUARDS = (
    f"CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$",
    "REVOKE ALL ON FUNCTION journal_refuse() FROM PUBLIC",
    *(
        f"CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()"
        for table in ("journal", "journal_person")
    ),
    "CREATE TRIGGER journal_head_stays BEFORE DELETE OR TRUNCATE ON journal_head "
    "FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()",
    "CREATE TRIGGER journal_head_forward BEFORE UPDATE ON journal_head FOR EACH ROW "
    "WHEN (NEW.seq <= OLD.seq OR NEW.id <> OLD.id) EXECUTE FUNCTION journal_refuse()",
    "REVOKE ALL ON journal, journal_person, journal_head FROM PUBLIC",
    # The owner of a table may give the right back to itself, but not by mistake.
    "REVOKE UPDATE, DELETE, TRUNCATE ON journal, journal_person FROM CURRENT_USER",
)


BLOCKS = (
    "WITH RECURSIVE block (number) AS (SELECT 0 UNION ALL"
    f" SELECT number + 1 FROM block WHERE number < (SELECT seq >> {BLOCK} FROM journal_head))"
)
"""Every block of numbers, before a SELECT that joins ``block`` by :func:`in_block`."""


def in_block(table: str) -> str:
    """The condition that an entry of a table, or of its alias, is of ``block``."""
    return f"({table}.seq >> {BLOCK}) = block.number"


def create(conn: Connection) -> None:
    """Make the journal's tables and their guards, in the caller's transaction."""
    for statement in _TABLES:
        conn.send(statement)
    conn.send("INSERT INTO journal_head (id, seq, hash) VALUES (1, 0, :hash)", {"hash": FIRST_SEAL})
    for statement in _SQLITE_GUARDS if conn.dialect == "sqlite" else _POSTGRES_GUARDS:
        conn.send(statement)

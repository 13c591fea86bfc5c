"""What a login may do on PostgreSQL that nobody granted it, and the script that takes it away.

PUBLIC, which is everybody, may call nearly every function and read nearly every catalog. Some of that tells what a lens
hides (row counts, planner's estimates through ``query_to_xml('EXPLAIN ...')``, names of other registers), some changes
the session (``set_config``), some only costs (``pg_sleep``, ``lo_create``). So in the database of a register PUBLIC
keeps an explicit list: operators and casts between plain values, what compares and hashes them, and a few functions.
Whoever needs more is granted it by name; the owner of the registers is.

Only a superuser may change this. When Seloste is none, its administrator runs :func:`script` once.
"""

from __future__ import annotations

from psycopg import sql as pgsql

from seloste.store.engine import Connection, one

# Types of cells and of what is compared with them.
PLAIN = "bool bytea float4 float8 int2 int4 int8 numeric text"
# Functions of one row's values, and aggregates. None makes something large out of something small.
NAMED = """
abs avg bool_and bool_or btrim ceil char_length count floor left length like_escape lower ltrim max min octet_length
position right round rtrim starts_with strpos substr substring sum trunc upper
"""


def _names(words: str) -> str:
    return ", ".join(f"'{word}'" for word in words.split())


# Regular expressions may take exponential time, so they stay out.
ALLOWED = f"""
SELECT p.oid FROM pg_catalog.pg_proc p,
  (SELECT array_agg(oid) AS types FROM pg_catalog.pg_type
    WHERE typnamespace = 'pg_catalog'::regnamespace AND typname IN ({_names(PLAIN)})) plain
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.provolatile = 'i' AND p.prokind IN ('f', 'a')
  AND p.prosrc NOT LIKE '%regex%'
  AND (p.proargtypes::oid[] <@ plain.types OR p.proname = 'count')
  AND (p.proname IN ({_names(NAMED)})
    OR (p.prorettype = ANY(plain.types) AND p.oid IN (SELECT oprcode FROM pg_catalog.pg_operator
      UNION ALL SELECT amproc FROM pg_catalog.pg_amproc))
    OR p.oid IN (SELECT castfunc FROM pg_catalog.pg_cast))
"""

# What everybody may call or read beyond that list.
BEYOND = f"""
SELECT count(*) FROM (
  SELECT 1 FROM pg_catalog.pg_proc p
  WHERE p.pronamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    AND has_function_privilege('public', p.oid, 'EXECUTE') AND p.oid NOT IN ({ALLOWED})
  UNION ALL
  SELECT 1 FROM pg_catalog.pg_class c
  WHERE c.relnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) AND c.relkind IN ('r', 'v')
    AND has_any_column_privilege('public', c.oid, 'SELECT')
  UNION ALL
  SELECT 1 FROM pg_catalog.pg_language l WHERE l.lanpltrusted AND has_language_privilege('public', l.oid, 'USAGE')
  UNION ALL
  SELECT 1 FROM pg_catalog.pg_proc p
  WHERE p.oid IN ({ALLOWED}) AND NOT has_function_privilege('public', p.oid, 'EXECUTE')
) found
"""

_GRANT_OWNER = """
  FOR r IN SELECT p.oid::regprocedure AS name FROM pg_catalog.pg_proc p
    WHERE p.pronamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
      AND has_function_privilege('public', p.oid, 'EXECUTE') LOOP
    EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO {owner}', r.name);
  END LOOP;
  FOR r IN SELECT c.oid::regclass AS name FROM pg_catalog.pg_class c
    WHERE c.relnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
      AND c.relkind IN ('r', 'v') AND has_table_privilege('public', c.oid, 'SELECT') LOOP
    EXECUTE format('GRANT SELECT ON %s TO {owner}', r.name);
  END LOOP;
  FOR r IN SELECT lanname AS name FROM pg_catalog.pg_language
    WHERE lanpltrusted AND has_language_privilege('public', oid, 'USAGE') LOOP
    EXECUTE format('GRANT USAGE ON LANGUAGE %I TO {owner}', r.name);
  END LOOP;
"""

_TAKE = f"""
  REVOKE EXECUTE ON ALL ROUTINES IN SCHEMA pg_catalog, information_schema FROM PUBLIC;
  REVOKE ALL ON ALL TABLES IN SCHEMA pg_catalog, information_schema FROM PUBLIC;
  FOR r IN SELECT p.oid::regprocedure AS name FROM pg_catalog.pg_proc p WHERE p.oid IN ({ALLOWED}) LOOP
    EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO PUBLIC', r.name);
  END LOOP;
  FOR r IN SELECT lanname AS name FROM pg_catalog.pg_language WHERE lanpltrusted LOOP
    EXECUTE format('REVOKE USAGE ON LANGUAGE %I FROM PUBLIC', r.name);
  END LOOP;
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
"""


def script(owner: str | None = None) -> str:
    """One statement for a superuser to run in the database of the registers; run again, it changes nothing.

    ``owner`` is the login that Seloste runs as and keeps what PUBLIC loses; None when that is the superuser.
    """
    # Within the quotes of format() a quote and a percent sign are written twice.
    name = "" if owner is None else pgsql.Identifier(owner).as_string(None).replace("'", "''").replace("%", "%%")
    granted = "" if owner is None else _GRANT_OWNER.replace("{owner}", name)
    mark = "$harden$"
    if mark in name:
        raise ValueError("not the name of a login")
    return f"DO {mark}\nDECLARE r record;\nBEGIN{granted}{_TAKE}END {mark}"


def beyond(conn: Connection) -> int:
    """How many functions, catalogs and languages everybody may use beyond the list."""
    return int(one(conn.execute(BEYOND))[0])


def harden(conn: Connection) -> None:
    """Take away what PUBLIC may do, when this login can and it has not been done."""
    able = one(conn.execute("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user"))[0]
    if able and beyond(conn):
        conn.execute(script())

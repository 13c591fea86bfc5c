"""Takes away one copy of a register whole: its file, or its schema with the logins and views of its lenses."""

from __future__ import annotations

from seloste.store.apply import built_shape
from seloste.store.engine import has_schema, open_database, quote
from seloste.store.places import Place, sqlite_file, url_of
from seloste.store.registers import Registers

WAIT_MS = 5000
"""How long whoever still reads in it is waited for."""


def destroy(registers: Registers, key: str, place: Place) -> None:
    """Take away what lies at a place; nothing when nothing does. The caller knows that it is not in use.

    Raises StoreError.
    """
    url = url_of(registers.settings, place.cell)
    if url is None:
        file = sqlite_file(registers.settings, key)
        for each in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
            each.unlink(missing_ok=True)
        return
    from seloste.store.dialects.postgresql_lens import drop_lens, place_of

    database = open_database(url, schema=place.schema)
    try:
        with database.transaction() as conn:
            if not has_schema(conn, place.schema):
                return
            conn.execute(f"SET LOCAL lock_timeout = {WAIT_MS}")
            built = built_shape(conn)
            for lens in built.lenses if built is not None else ():
                drop_lens(conn, *place_of(conn), lens)
            conn.execute(f"DROP SCHEMA {quote(place.schema)} CASCADE")
    finally:
        database.close()

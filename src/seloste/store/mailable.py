"""Who has an e-mail address, and where a letter to somebody goes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from seloste.catalogue.model import PERSON
from seloste.compiler.register import Register
from seloste.store.cells import read_cells
from seloste.store.engine import Connection
from seloste.store.work import Work


def with_mail(conn: Connection, register: Register, people: Collection[int]) -> frozenset[int]:
    """Those of ``people`` who have an e-mail address, by the keys under which it is found; no address is read."""
    items = [name for name, item in register.tables[PERSON].kind.items.items() if item.type == "email"]
    if not items or not people:
        return frozenset()
    named = {f"n{number}": name for number, name in enumerate(items)}
    among = ", ".join(f":{key}" for key in named)
    sql = f"SELECT DISTINCT row FROM sys_find WHERE kind = :kind AND item IN ({among})"
    found = frozenset(int(number) for (number,) in conn.execute(sql, {"kind": PERSON, **named}))
    return found & frozenset(people)


def letter_to(work: Work, person: int, languages: Sequence[str]) -> dict[str, str] | None:
    """``to`` and ``lang`` of a letter to somebody's first address; None for somebody without one.

    In their own language where it is among ``languages``, else in the first of these.
    """
    items = [name for name, item in work.register.tables[PERSON].kind.items.items() if item.type == "email"]
    cells = read_cells(work.conn, work.keys, work.register, PERSON, person, [*items, "language"])
    address = next((str(each) for name in items for each in cells.get(name, [])), "")
    lang = str(next(iter(cells.get("language", [])), ""))
    return {"to": address, "lang": lang if lang in languages else languages[0]} if address else None

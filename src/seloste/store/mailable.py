"""Which of some people have an e-mail address."""

from __future__ import annotations

from collections.abc import Collection

from seloste.catalogue.model import PERSON
from seloste.compiler.register import Register
from seloste.store.engine import Connection


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

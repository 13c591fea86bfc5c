"""Which rows leave soon, as far as a lens shows them."""

from __future__ import annotations

import datetime as dt

from seloste.clock import today
from seloste.compiler.forecast import leaving_rows
from seloste.operations.actor import Actor
from seloste.operations.records.read import lens_of, visible_ids
from seloste.store.day import clock_row
from seloste.store.registers import RegisterStore

MOST = 1000
"""So many are named at once; whoever needs more reads the holdings' count."""


def leaving_ids(store: RegisterStore, kind: str, *, days: int = 30, actor: Actor, now: dt.datetime) -> list[int]:
    """The ids of rows that somebody needs today and nobody will in so many days, if nothing else happens; at most MOST.

    Raises NoSuchRowError for a kind the lens does not show. Not journaled: whoever reads the rows journals that.
    """
    lens = lens_of(store, actor, kind)
    sql = leaving_rows(store.register, kind, store.database.dialect)
    then = {f"then_{name}": value for name, value in clock_row(store.register, today(now) + dt.timedelta(days)).items()}
    with store.read(now) as conn:
        asked = {name: value for name, value in then.items() if f":{name}" in sql}
        found = conn.execute(f"{sql} LIMIT {MOST}", asked).all()
    numbers = {int(number) for (number,) in found}
    return sorted(visible_ids(store, lens.key, kind, numbers, now, actor.person)) if numbers else []
